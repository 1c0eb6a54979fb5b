//! Lost passcodes and new devices in a real browser against the real binary, whose clock is moved.

use crate::house::House;
use crate::visitor::{SUMMARY, Visitor};
use serde_json::{Value, json};

const PASSCODE: &str = "Sonne+7unten";
const OTHER: &str = "Mond-8droben";
const STORE: &str = "/api/identity-store/stores/demo";
const PERSON: &str = "demo-user";
const CODE: &str = "#field-code";
const PASSCODE_FIELD: &str = "#field-passcode";
const WRONG: &str = "AAAA-BBBB-CCCC-DDDD";
const WAITING: &str = "Nothing to do for now";
const ENTER: &str = "Enter the code";
const DONE: &str = "All done";
const DECLINED: &str = "This could not be completed";

/// A server on which a recovery can be asked for, somebody with a passcode, and a token for it.
async fn house(visitor: &Visitor) -> (House, String) {
    let mut house = House::with_moved_clock().await;
    register(&house, visitor).await;
    house.form("sent-code").await;
    let policy = json!({"policyName": "account-recovery", "count": 1});
    house.api.post(&format!("{STORE}/recoveryCodePolicy"), &policy).await;
    house.journey("account-recovery").await;
    let lasting = json!({"maxProcessDuration": "P30D"});
    let token = house.api.token("recoveries", "account-recovery", lasting).await;
    assert_eq!(token["warnings"], Value::Null, "no timer comes too late");
    (house, token["id"].as_str().expect("a token").to_owned())
}

async fn register(house: &House, visitor: &Visitor) {
    visitor.open(&house.server.link("registration")).await;
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, DONE);
}

impl House {
    /// The names of the messages that wait to be fetched and are about somebody.
    async fn messages_about(&mut self, person: &str) -> Vec<String> {
        let told = self.api.get("/api/process-manager/messages").await;
        let about = told["content"].as_array().into_iter().flatten();
        let about = about.filter(|message| message["key"] == person);
        about.map(|message| message["name"].as_str().expect("a name").to_owned()).collect()
    }

    /// Makes the code that whoever sends the messages sends to the owner.
    async fn code_for(&mut self, person: &str) -> String {
        let path =
            format!("{STORE}/users/{person}/recoveryCodes/registrations/account-recovery/ext");
        let made = self.api.post(&path, &Value::Null).await;
        made["codes"][0].as_str().expect("a code").to_owned()
    }

    /// Signs in at the printed link; says what the page is headed with then.
    async fn comes_in(&self, visitor: &Visitor, passcode: &str) -> String {
        visitor.open(&self.server.link("authentication")).await;
        visitor.type_passcode(passcode).await;
        visitor.submit().await;
        visitor.heading().await
    }
}

impl Visitor {
    async fn enter_code(&self, code: &str) {
        self.type_into(CODE, code).await;
        self.submit().await;
    }

    async fn reload(&self) -> String {
        self.browser.page.refresh().await.expect("the page again");
        self.until("h1").await;
        self.heading().await
    }

    async fn back(&self) {
        self.browser.page.back().await.expect("back");
        self.until("h1").await;
    }

    /// All that a page shows and how it is made, but for what is random.
    async fn whole_page(&self) -> Value {
        let script = "return [document.title, document.body.innerText,
            [...document.querySelectorAll('*')].map((one) =>
                one.tagName + [...one.attributes].map((attribute) => ' ' + attribute.name).join(''))]";
        self.browser.run(script).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_passcode_is_replaced_after_a_day_by_whoever_has_the_code_that_the_owner_was_sent() {
    let visitor = Visitor::photographer("en").await;
    let (mut house, token) = house(&visitor).await;
    let address = house.invite(&token, PERSON).await;
    visitor.open(&address).await;
    assert_eq!(visitor.heading().await, WAITING);
    visitor.look("recovery-cools-down").await;
    assert_eq!(visitor.reload().await, WAITING);
    assert_eq!(house.messages_about(PERSON).await, ["recovery announced"]);
    house.pass("PT23H").await;
    assert_eq!(visitor.reload().await, WAITING);
    house.pass("PT1H").await;
    assert_eq!(visitor.reload().await, ENTER);
    visitor.look("recovery-code-wanted").await;
    assert_eq!(house.messages_about(PERSON).await, ["recovery ready"]);
    let code = house.code_for(PERSON).await;

    // A wrong code is said at the field, and the page is read from there.
    visitor.enter_code(WRONG).await;
    assert!(visitor.text(SUMMARY).await.contains("was not accepted"));
    visitor.look("recovery-code-wrong").await;
    let read = "return [document.activeElement.matches('[data-error-summary]'),
        document.querySelector('#field-code').value]";
    assert_eq!(visitor.browser.run(read).await, json!([true, ""]), "and forgotten");
    visitor.back().await;
    assert_eq!(visitor.reload().await, ENTER, "back and again is the same question");

    // The code is entered in a second tab. The first one then goes on where the second stands.
    let page = &visitor.browser.page;
    let first_tab = page.window().await.expect("a tab");
    let here = visitor.address().await;
    let second_tab = page.new_tab().await.expect("a tab");
    page.switch_to_window(second_tab).await.expect("the tab");
    visitor.open(&here).await;
    // People type codes in small letters and with blanks.
    visitor.enter_code(&code.to_lowercase().replace('-', " ")).await;
    visitor.until(PASSCODE_FIELD).await;
    visitor.look("recovery-new-passcode").await;
    page.switch_to_window(first_tab).await.expect("the tab");
    assert_eq!(visitor.heading().await, ENTER);
    visitor.enter_code(&code).await;
    visitor.until(PASSCODE_FIELD).await;
    visitor.look("recovery-stale-tab").await;
    assert_eq!(house.comes_in(&visitor, PASSCODE).await, DONE, "the old one is still good");

    visitor.open(&here).await;
    visitor.type_passcode("sonne").await;
    visitor.press().await;
    visitor.until(SUMMARY).await;
    visitor.browser.page.refresh().await.expect("the page again");
    visitor.until(PASSCODE_FIELD).await;
    visitor.type_passcode(OTHER).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, DONE);
    visitor.look("recovered").await;
    visitor.back().await;
    assert_eq!(visitor.reload().await, DONE, "there is no way back to the form");
    assert_ne!(house.comes_in(&visitor, PASSCODE).await, DONE);
    assert_eq!(house.comes_in(&visitor, OTHER).await, DONE);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_tells_nobody_whether_there_is_an_account() {
    let visitor = Visitor::new("en").await;
    let (mut house, token) = house(&visitor).await;
    let people = [PERSON, "nobody"];
    let (mut places, mut seen) = (Vec::new(), Vec::new());
    for person in people {
        let address = house.invite(&token, person).await;
        visitor.open(&address).await;
        places.push(visitor.address().await);
        seen.push(vec![visitor.whole_page().await]);
    }
    house.pass("P1D").await;
    for person in people {
        let told = house.messages_about(person).await;
        assert_eq!(told, ["recovery ready"], "{person}: others are told the same");
    }
    house.code_for(PERSON).await;
    for (place, seen) in places.iter().zip(&mut seen) {
        visitor.open(place).await;
        seen.push(visitor.whole_page().await);
        for _ in 0..3 {
            visitor.enter_code(WRONG).await;
            seen.push(visitor.whole_page().await);
        }
        assert_eq!(visitor.heading().await, DECLINED);
    }
    assert_eq!(seen[0].len(), 5);
    assert_eq!(seen[0], seen[1]);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_stops_a_recovery_and_who_asked_for_it_is_told_no_more_than_that() {
    let visitor = Visitor::new("en").await;
    let (mut house, token) = house(&visitor).await;
    let address = house.invite(&token, PERSON).await;
    visitor.open(&address).await;
    let stop = json!({"name": "recovery cancelled", "correlationKey": PERSON});
    house.api.post("/api/process-manager/messages", &stop).await;
    assert_eq!(visitor.reload().await, DECLINED);
    assert_eq!(house.comes_in(&visitor, PASSCODE).await, DONE);
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_in_the_middle_of_a_device_switch_still_has_the_old_passcode() {
    let visitor = Visitor::photographer("en").await;
    let mut house = House::with_moved_clock().await;
    register(&house, &visitor).await;
    house.journey("step-up").await;
    let token = house.journey("device-switch").await;
    let address = house.invite(&token, PERSON).await;
    visitor.open(&address).await;
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    visitor.look("device-switch").await;
    assert_eq!(house.messages_about(PERSON).await, ["device switch begun"]);
    let here = visitor.address().await;
    assert_eq!(house.comes_in(&visitor, PASSCODE).await, DONE);
    house.pass("PT15M").await;
    visitor.open(&here).await;
    assert_eq!(visitor.heading().await, "Session expired");
    let told = house.messages_about(PERSON).await;
    assert!(told.contains(&"device switch undone".to_owned()), "{told:?}");
    assert_eq!(house.comes_in(&visitor, PASSCODE).await, DONE);

    let address = house.invite(&token, PERSON).await;
    visitor.open(&address).await;
    visitor.type_passcode(PASSCODE).await;
    visitor.submit().await;
    visitor.type_passcode(OTHER).await;
    visitor.submit().await;
    assert_eq!(visitor.heading().await, DONE);
    assert_ne!(house.comes_in(&visitor, PASSCODE).await, DONE);
    assert_eq!(house.comes_in(&visitor, OTHER).await, DONE);
    visitor.leave().await;
}
