//! Passkeys in a journey, with a vector of Web Authentication Level 3 for an authenticator.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};

use crate::scene::Scene;

/// A part of the vector `none-es256`, base64url.
fn part(half: &str, member: &str) -> String {
    let all = include_str!("../../../identity/src/credential/passkey/tests/w3c-level-3.json");
    let all: Value = serde_json::from_str(all).unwrap();
    let hex = all["vectors"]["none-es256"][half][member].as_str().unwrap();
    BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap())
}

fn credential(half: &str, members: &[&str]) -> String {
    let response: Value = members.iter().map(|m| (m.to_string(), json!(part(half, m)))).collect();
    let id = part("registration", "credential_id");
    json!({ "credential": { "rawId": id, "type": "public-key", "response": response } }).to_string()
}

async fn scene() -> Scene {
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

fn registration(more: Value) -> Value {
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
    // The event has used the session up.
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
