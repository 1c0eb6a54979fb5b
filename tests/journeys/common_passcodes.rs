//! Passcodes that everybody tries first, in a real browser against the real binary: told on the next page.

use serde_json::json;

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};

const STORE: &str = "/api/identity-store/stores/demo";
const GOOD: &str = "Sonne+7unten";
const COMMON: &str = "password";
const PERSON: &str = "demo-user";
const PRESENT: &str = "[data-current]";

/// A server whose policy asks for nothing but eight characters.
async fn house() -> House {
    let mut house = House::open().await;
    let any = json!({"passcodeRequirements": {
        "minimumLength": 8, "digitCount": 0, "symbolCount": 0, "lowerCaseCount": 0,
        "upperCaseCount": 0, "characterVariety": 0, "requiredRegExes": [],
    }});
    house.api.post(&format!("{STORE}/passcodePolicy/default"), &any).await;
    house
}

/// Somebody who reads a language registers a common passcode, then what the words of their account are, then another.
async fn registers(language: &'static str, told: &str) {
    let house = house().await;
    let visitor = Visitor::photographer(language).await;
    visitor.open(&house.server.link("registration")).await;
    let heading = visitor.heading().await;
    for guessed in [COMMON, PERSON] {
        visitor.type_passcode(guessed).await;
        visitor.submit().await;
        let summary = visitor.text(SUMMARY).await;
        assert!(summary.contains(told), "{guessed}: {summary}");
        assert_eq!(visitor.heading().await, heading, "the same form");
    }
    visitor.look("registration-too-common").await;
    visitor.type_passcode(GOOD).await;
    visitor.submit().await;
    visitor.open(&house.server.link("authentication")).await;
    visitor.type_passcode(GOOD).await;
    visitor.submit().await;
    visitor.look("signed-in-after-too-common").await;
    assert_eq!(visitor.text(SUMMARY).await, "");
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_a_common_passcode_chooses_another_on_the_next_page() {
    registers("en", "everybody tries first").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_german() {
    registers("de", "zuerst ausprobiert").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_arabic() {
    registers("ar", "يجرّبها الجميع").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_renews_to_a_common_passcode_keeps_the_present_one_and_chooses_again() {
    let mut house = house().await;
    house.form("passcode-renewal").await;
    let renewal = house.journey("passcode-renewal").await;
    let visitor = Visitor::photographer("en").await;
    visitor.open(&house.server.link("registration")).await;
    visitor.type_passcode(GOOD).await;
    visitor.submit().await;
    let user = house.user(PERSON).await;
    let id = user["summaryInfo"]["passcodes"][0]["id"].as_str().expect("a passcode").to_owned();
    let path = format!("{STORE}/users/{PERSON}/passcodes/{id}/ext");
    let past = json!({"status": "ACTIVE", "expirationDtm": "2026-01-01T00:00:00Z"});
    house.api.post(&path, &past).await;

    let address = house.invite(&renewal, PERSON).await;
    visitor.open(&address).await;
    visitor.type_passcode(GOOD).await;
    visitor.submit().await;
    visitor.until(PRESENT).await;
    visitor.type_into(PRESENT, GOOD).await;
    visitor.type_passcode(COMMON).await;
    visitor.submit().await;
    let summary = visitor.text(SUMMARY).await;
    assert!(summary.contains("everybody tries first"), "{summary}");
    visitor.look("renewal-too-common").await;
    let user = house.user(PERSON).await;
    let passcode = &user["summaryInfo"]["passcodes"][0];
    assert_eq!((&passcode["id"], &passcode["status"]), (&json!(id), &json!("EXPIRED")), "{user}");
    visitor.type_into(PRESENT, GOOD).await;
    visitor.type_passcode("Mond-8droben").await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, "All done");
    visitor.leave().await;
}
