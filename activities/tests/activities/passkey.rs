//! Passkeys in a journey, with a vector of Web Authentication Level 3 for an authenticator.

use activities::Submission;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};

use crate::page::with;
use crate::scene::Scene;

/// A part of the vector `none-es256`, base64url.
fn part(half: &str, member: &str) -> String {
    let all = include_str!("../../../identity/src/credential/passkey/tests/w3c-level-3.json");
    let all: Value = serde_json::from_str(all).unwrap();
    let hex = all["vectors"]["none-es256"][half][member].as_str().unwrap();
    BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap())
}

pub(crate) fn credential(half: &str, members: &[&str]) -> String {
    let response: Value = members.iter().map(|m| (m.to_string(), json!(part(half, m)))).collect();
    let id = part("registration", "credential_id");
    json!({ "credential": { "rawId": id, "type": "public-key", "response": response } }).to_string()
}

pub(crate) async fn scene() -> Scene {
    let scene = Scene::new().await;
    let policies = json!({ "p": { "allowExternalChallenge": true } });
    let config = json!({
        "relyingPartyId": "example.org",
        "registrationPolicies": policies.clone(),
        "authenticationPolicies": policies,
    });
    let mut work = scene.work();
    work.add_passkey_config("demo", serde_json::from_value(config).unwrap()).await.unwrap();
    work.commit().await.unwrap();
    scene
}

pub(crate) fn registration(more: Value) -> Value {
    let mut parameters = json!({
        "passkeyUserDisplayName": "Ann", "passkeyUserName": "ann", "registrationPolicy": "p",
        "relyingPartyId": "example.org", "storeName": "demo", "userExternalId": "ann",
        "challenge": part("registration", "challenge"),
    });
    parameters.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    parameters
}

fn authentication(more: Value) -> Value {
    let mut parameters = json!({
        "authenticationPolicy": "p", "relyingPartyId": "example.org", "storeName": "demo",
        "challenge": part("authentication", "challenge"),
    });
    parameters.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    parameters
}

#[tokio::test]
async fn somebody_is_added_with_a_passkey_and_signs_in_with_it() {
    let mut scene = scene().await;
    let starts = |told: String, what: &str| assert!(told.starts_with(what), "{told}");
    let create = registration(json!({ "createUser": true }));
    starts(scene.run("startPasskeyRegistration", create.clone()).await, "done");
    let made = credential("registration", &["clientDataJSON", "attestationObject"]);
    let made = json!({ "passkeyRegistrationBrowserResponse": made });
    starts(scene.run("completePasskeyRegistration", made).await, "done");
    assert_eq!(scene.variables["_checks"]["passkeyReg1"]["status"], "PASS");
    assert_eq!(scene.variables["_identityStore"]["user1"]["externalId"], "ann");
    starts(scene.run("startPasskeyRegistration", create).await, "event ExtIdNotUnique");

    starts(scene.run("startPasskeyAuthentication", authentication(json!({}))).await, "done");
    let members = ["clientDataJSON", "authenticatorData", "signature"];
    let used =
        json!({ "passkeyAuthenticationBrowserResponse": credential("authentication", &members) });
    // What the browser reports leaves the session as it is: the same one is tried again.
    let reported = json!({ "failure": { "outcome": "CANCELLED" } }).to_string();
    let reported =
        json!({ "passkeyAuthenticationBrowserResponse": reported, "failCheckOnCancel": false });
    let told = scene.run("completePasskeyAuthentication", reported).await;
    starts(told, "event PasskeyAuthenticationCancelled");
    starts(scene.run("completePasskeyAuthentication", used.clone()).await, "done");
    assert_eq!(scene.variables["_checks"]["passkeyAuth1"]["status"], "PASS");
    // The session is used up.
    let again = scene.run("completePasskeyAuthentication", used).await;
    starts(again, "event PasskeyAuthenticationFailed");
    let passkeys = json!({ "relyingPartyId": "example.org", "storeName": "demo" });
    starts(scene.run("deregisterPasskey", passkeys.clone()).await, "done");
    starts(scene.run("deregisterPasskey", passkeys).await, "event PasskeyNotFound");
}

#[tokio::test]
async fn what_people_give_for_a_passkey_and_cannot_be_used_is_an_event() {
    let mut scene = scene().await;
    let starts = |told: String, what: &str| assert!(told.starts_with(what), "{told}");
    let create = registration(json!({ "createUser": true, "passkeyUserHandle": "AQIE" }));
    starts(scene.run("startPasskeyRegistration", create).await, "done");
    let made = credential("registration", &MADE);
    let made = json!({ "passkeyRegistrationBrowserResponse": made });
    starts(scene.run("completePasskeyRegistration", made).await, "done");
    let bob = json!({ "storeName": "demo", "userExternalId": "bob", "userKey": "user2" });
    scene.run("addUser", bob).await;
    for (more, event) in [
        (json!({ "passkeyUserHandle": "AQIE", "userKey": "user2" }), "UserHandleNotUnique"),
        (json!({ "passkeyUserHandle": "AQIF" }), "UserHandleNotUnique"),
        (json!({ "passkeyUserHandle": "not base64!" }), "UserHandleNotUsable"),
        (json!({ "passkeyUserName": "n".repeat(256) }), "UserNameNotUsable"),
        (json!({ "passkeyUserDisplayName": "an\u{7}n" }), "UserNameNotUsable"),
        (json!({ "challenge": "AAAA" }), "ChallengeNotUsable"),
    ] {
        let told = scene.run("startPasskeyRegistration", registration(more.clone())).await;
        assert!(told.starts_with(&format!("event {event}:")), "{more}: {told}");
    }
    let short = authentication(json!({ "challenge": "AAAA" }));
    starts(scene.run("startPasskeyAuthentication", short).await, "event ChallengeNotUsable:");
}

#[tokio::test]
async fn whoever_cancels_or_has_no_passkeys_goes_on_another_way() {
    let mut scene = scene().await;
    let starts = |told: String, what: &str| assert!(told.starts_with(what), "{told}");
    let unknown = authentication(json!({ "userExternalId": "nobody" }));
    starts(scene.run("startPasskeyAuthentication", unknown.clone()).await, "done");
    let failure = |outcome: &str, message: &str| {
        let failure = json!({ "outcome": outcome, "message": message });
        let text = json!({ "failure": failure }).to_string();
        json!({ "passkeyAuthenticationBrowserResponse": text, "failCheckOnCancel": false })
    };
    let told = scene.run("completePasskeyAuthentication", failure("CANCELLED", "")).await;
    starts(told, "event PasskeyAuthenticationCancelled");
    assert!(scene.variables.get("_checks").is_none());
    starts(scene.run("startPasskeyAuthentication", unknown).await, "done");
    let unsupported = failure("FAILED", "NotSupportedError");
    let told = scene.run("completePasskeyAuthentication", unsupported).await;
    starts(told, "event PasskeysNotSupported");
    let told = scene.run("completePasskeyAuthentication", json!({})).await;
    starts(told, "event PasskeyAuthenticationFailed");
    let wrong = authentication(json!({ "relyingPartyId": "example.net" }));
    starts(scene.run("startPasskeyAuthentication", wrong).await, "event PolicyNotFound");
    let nobody = registration(json!({}));
    starts(scene.run("startPasskeyRegistration", nobody).await, "event UserNotFound");
}

/// An answer of a page: what the browser gave, or `{"anotherWay": true}`.
fn answer(page: Value) -> Submission {
    serde_json::from_value(page).unwrap()
}

fn response(half: &str, members: &[&str]) -> Submission {
    let given: Value = serde_json::from_str(&credential(half, members)).unwrap();
    answer(json!({ "passkeyResponse": given }))
}

pub(crate) const MADE: [&str; 2] = ["clientDataJSON", "attestationObject"];
const USED: [&str; 3] = ["clientDataJSON", "authenticatorData", "signature"];

async fn scene_with_forms() -> Scene {
    let name = ("userName", "text", json!({ "validate": { "required": true } }));
    scene().await.form("new", &[]).form("sign-in", &[name])
}

#[tokio::test]
async fn pages_collect_what_the_browser_gives() {
    let mut scene = scene_with_forms().await;
    scene.run("startPasskeyRegistration", registration(json!({ "createUser": true }))).await;
    let form = json!({ "dataFormName": "new" });
    let mut wait = scene.open("passkeyRegistrationForm", form.clone()).await.unwrap();
    let part = wait.passkey.clone().unwrap();
    assert_eq!(part.public_key["user"]["displayName"], "Ann");
    assert!(!part.autofill && part.another_way);
    // Neither a passkey nor another way: asked again.
    let told = scene.submit(&mut wait, form.clone(), answer(json!({}))).await;
    assert_eq!(told, "again: - passkey");
    let told = scene.submit(&mut wait, form, response("registration", &MADE)).await;
    assert!(told.starts_with("done {}"), "{told}");
    let told = scene.run("completePasskeyRegistration", json!({})).await;
    assert!(told.starts_with("done"), "{told}");
    assert!(scene.variables["_identityStore"]["passkeyReg1"]["browserResponse"].is_null());

    scene.run("startPasskeyAuthentication", authentication(json!({}))).await;
    let form = json!({ "dataFormName": "sign-in" });
    let mut wait = scene.open("passkeyAuthenticationForm", form.clone()).await.unwrap();
    assert!(wait.passkey.clone().unwrap().autofill);
    // The passkey tells who it is: the name that the form asks for may stay empty.
    let used = with(response("authentication", &USED), json!({ "userName": "" }));
    let told = scene.submit(&mut wait, form.clone(), used).await;
    assert!(told.starts_with("done {}"), "{told}");
    assert_eq!(scene.variables["_customFormData"]["passkeyAuthForm1"], json!({}));
    let told = scene.run("completePasskeyAuthentication", json!({})).await;
    assert!(told.starts_with("done"), "{told}");
    // Once more with what was used up: it fails, and the next page says so, and not why.
    scene.run("startPasskeyAuthentication", authentication(json!({}))).await;
    let mut wait = scene.open("passkeyAuthenticationForm", form.clone()).await.unwrap();
    assert!(wait.errors.is_empty());
    let forged = response("authentication", &["clientDataJSON", "authenticatorData"]);
    scene.submit(&mut wait, form.clone(), forged).await;
    let told = scene.run("completePasskeyAuthentication", json!({})).await;
    assert!(told.starts_with("event PasskeyAuthenticationFailed"), "{told}");
    let wait = scene.open("passkeyAuthenticationForm", form).await.unwrap();
    assert_eq!(wait.errors[0].rule, "passkeyNotAccepted");
}

#[tokio::test]
async fn another_way_is_an_event_of_its_own_where_the_page_offers_it() {
    let mut scene = scene_with_forms().await;
    scene.run("startPasskeyRegistration", registration(json!({ "createUser": true }))).await;
    scene.run("startPasskeyAuthentication", authentication(json!({}))).await;
    let another_way = || answer(json!({ "anotherWay": true }));
    let form = json!({ "dataFormName": "new" });
    let mut wait = scene.open("passkeyRegistrationForm", form.clone()).await.unwrap();
    let told = scene.submit(&mut wait, form, another_way()).await;
    assert_eq!(told, "event AnotherWayChosen: The end user goes on without a passkey.");

    let form = json!({ "dataFormName": "sign-in" });
    let mut wait = scene.open("passkeyAuthenticationForm", form.clone()).await.unwrap();
    let told = scene.submit(&mut wait, form.clone(), another_way()).await;
    assert_eq!(told, "again: userName missing");
    let named = with(another_way(), json!({ "userName": "ann" }));
    let told = scene.submit(&mut wait, form, named).await;
    assert!(told.starts_with("event AnotherWayChosen"), "{told}");
    assert_eq!(scene.variables["_customFormData"]["passkeyAuthForm1"]["userName"], "ann");

    let form = json!({ "dataFormName": "sign-in", "anotherWay": false, "autofill": false });
    let mut wait = scene.open("passkeyAuthenticationForm", form.clone()).await.unwrap();
    assert!(!wait.passkey.clone().unwrap().autofill);
    let told = scene.submit(&mut wait, form.clone(), another_way()).await;
    assert_eq!(told, "again: - passkey");
    // Then a browser that gives nothing ends the form, and the completion says how it was.
    let failure = json!({ "failure": { "outcome": "TIMED_OUT" } });
    let told = scene.submit(&mut wait, form, answer(json!({ "passkeyResponse": failure }))).await;
    assert!(told.starts_with("done"), "{told}");
    let told = scene.run("completePasskeyAuthentication", json!({})).await;
    assert!(told.starts_with("event PasskeyAuthenticationCancelled"), "{told}");
}
