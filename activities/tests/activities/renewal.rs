//! Renewals of passcodes: the present one is proven in a page, and a new one takes its place.

use activities::Wait;
use expect_test::expect;
use serde_json::{Value, json};

use crate::page::{registration, renewal, text};
use crate::scene::Scene;

/// A scene with Ann and her passcode, where the policy does not allow the last two again.
async fn ann() -> Scene {
    let passcode = ("passcode", "password", json!({ "validate": { "required": true } }));
    let current = ("currentPasscode", "password", json!({ "validate": { "required": true } }));
    let scene = Scene::new().await.form("new", std::slice::from_ref(&passcode));
    let mut scene = scene.form("renew", &[current, passcode]);
    let mut work = scene.work();
    let change = json!({ "passcodeRequirements": { "passcodeHistory": 2 } });
    let change = change.as_object().cloned().unwrap();
    work.update_passcode_policy("demo", "default", change).await.unwrap();
    work.commit().await.unwrap();
    scene.run("addUser", json!({ "storeName": "demo", "userExternalId": "ann" })).await;
    let start = json!({ "storeName": "demo", "passcodeKey": "default" });
    scene.run("startPasscodeRegistration", start).await;
    let form = json!({ "dataFormName": "new" });
    let mut wait = scene.open("passcodeRegistrationForm", form.clone()).await.unwrap();
    let answer = registration(&wait, "first");
    scene.submit(&mut wait, form, answer).await;
    scene.run("completePasscodeRegistration", json!({})).await;
    scene.variables.clear();
    scene
}

fn form() -> Value {
    json!({ "dataFormName": "renew" })
}

async fn ask(scene: &mut Scene, external_id: &str) -> Wait {
    let start =
        json!({ "storeName": "demo", "passcodePolicy": "default", "userExternalId": external_id });
    let told = scene.run("startPasscodeRenewal", start).await;
    assert!(told.starts_with("done\n"), "{told}");
    scene.open("passcodeRenewalForm", form()).await.unwrap()
}

async fn renew(scene: &mut Scene, who: &str, present: &str, new: &str) -> String {
    let mut wait = ask(scene, who).await;
    let answer = renewal(&wait, present, new);
    let told = scene.submit(&mut wait, form(), answer).await;
    assert_eq!(told, "done {}\n_customFormData.passcodeRenewalForm1 = {}");
    scene.run("completePasscodeRenewal", json!({})).await
}

#[tokio::test]
async fn a_passcode_is_renewed_in_a_page() {
    let mut scene = ann().await;
    expect![[r#"
        done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[{"createdDtm":"2026-01-02T03:05:11Z","id":"ID","lastUpdatedDtm":"2026-01-02T03:05:11Z","policyName":"default","status":"ACTIVE"}],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        _checks.passcodeRenewal1 = {"activity":"completePasscodeRenewal","at":"2026-01-02T03:05:11Z","attempts":1,"status":"PASS"}
        store: PasscodeAccepted ann default
        store: PasscodeRenewed ann default"#]].assert_eq(&renew(&mut scene, "ann", "first", "second").await);
    assert!(renew(&mut scene, "ann", "first", "third").await.starts_with("event"));
    assert!(renew(&mut scene, "ann", "second", "third").await.starts_with("done"));
}

#[tokio::test]
async fn a_passcode_used_before_is_an_event_of_its_own_and_the_form_says_so() {
    let mut scene = ann().await;
    expect![[r#"
        event PasscodeUsedBefore: The new passcode is one of those that the policy does not allow again.
        _checks.passcodeRenewal1 = {"activity":"completePasscodeRenewal","at":"2026-01-02T03:05:11Z","attempts":1,"code":2609,"status":"FAIL"}
        store: PasscodeRefused ann default NewPasscodeUnfit"#]].assert_eq(&renew(&mut scene, "ann", "first", "first").await);
    let wait = ask(&mut scene, "ann").await;
    expect![[r#"[{"field":"passcode","rule":"passcodeUsedBefore"}]"#]]
        .assert_eq(&json!(wait.errors).to_string());
    assert!(renew(&mut scene, "ann", "first", "second").await.starts_with("done"));
}

#[tokio::test]
async fn a_wrong_passcode_and_nobody_fail_alike() {
    let mut scene = ann().await;
    let mut told = Vec::new();
    for who in ["ann", "nobody"] {
        scene.variables.clear();
        told.push(renew(&mut scene, who, "wrong", "second").await);
        let wait = ask(&mut scene, who).await;
        told.push(json!(wait.errors).to_string());
        assert_eq!(wait.passcode.unwrap().passcode_history.len(), 2);
    }
    expect![[r#"
        event PasscodeRenewalFailed: The present passcode was not accepted; nobody is told why.
        _checks.passcodeRenewal1 = {"activity":"completePasscodeRenewal","at":"2026-01-02T03:05:11Z","attempts":1,"code":2615,"status":"FAIL"}
        store: PasscodeRefused ann default WrongPasscode
        [{"field":"currentPasscode","rule":"passcodeNotAccepted"}]
        event PasscodeRenewalFailed: The present passcode was not accepted; nobody is told why.
        _checks.passcodeRenewal1 = {"activity":"completePasscodeRenewal","at":"2026-01-02T03:05:15Z","attempts":1,"code":2615,"status":"FAIL"}
        store: PasscodeRefused - default UserUnknown
        [{"field":"currentPasscode","rule":"passcodeNotAccepted"}]"#]].assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn a_custom_page_hands_its_response_over_as_text() {
    let mut scene = ann().await;
    let wait = ask(&mut scene, "ann").await;
    let response = text(&renewal(&wait, "first", "second"));
    let unreadable = json!({ "passcodeRenewalBrowserResponse": "{}" });
    assert!(scene.run("completePasscodeRenewal", unreadable).await.starts_with("event"));
    let wait = ask(&mut scene, "ann").await;
    assert_ne!(response, text(&renewal(&wait, "first", "second")));
    let response =
        json!({ "passcodeRenewalBrowserResponse": text(&renewal(&wait, "first", "second")) });
    assert!(scene.run("completePasscodeRenewal", response).await.starts_with("done"));
}

#[tokio::test]
async fn half_a_response_is_asked_for_again() {
    let mut scene = ann().await;
    let mut wait = ask(&mut scene, "ann").await;
    let whole = renewal(&wait, "first", "second");
    let mut half = whole.clone();
    half.srp_registration_data = None;
    let told = scene.submit(&mut wait, form(), half).await;
    expect!["again: passcode passcode"].assert_eq(&told);
}
