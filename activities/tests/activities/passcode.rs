//! Passcodes: registered in a page, proven in a page, refused without a reason.

use activities::{Submission, Wait};
use expect_test::expect;
use serde_json::{Value, json};

use crate::page::{authentication, filled, registration, text, with};
use crate::scene::{Scene, masked};

const PASSCODE: &str = "correct horse";

/// A scene with Ann, and with forms that ask for a passcode and more.
async fn ann() -> Scene {
    let scene = Scene::new().await;
    let passcode = ("passcode", "password", json!({ "validate": { "required": true } }));
    let again = ("again", "password", json!({}));
    let device = ("device", "text", json!({}));
    let hint = ("hint", "text", json!({ "transient": true }));
    let mut scene = scene
        .form("new-passcode", &[passcode.clone(), again, device, hint])
        .form("passcode", &[passcode]);
    scene.run("addUser", json!({ "storeName": "demo", "userExternalId": "ann" })).await;
    scene
}

fn registering() -> Value {
    json!({ "storeName": "demo", "passcodeKey": "default" })
}

fn signing_in(external_id: &str) -> Value {
    json!({ "storeName": "demo", "passcodeKey": "default", "userExternalId": external_id })
}

fn new_form() -> Value {
    json!({ "dataFormName": "new-passcode" })
}

fn form() -> Value {
    json!({ "dataFormName": "passcode" })
}

/// A scene in which Ann has a passcode and nothing else is known to the process.
async fn ann_with_a_passcode() -> Scene {
    let mut scene = ann().await;
    register(&mut scene).await;
    scene.variables.clear();
    scene
}

async fn register(scene: &mut Scene) -> String {
    scene.run("startPasscodeRegistration", registering()).await;
    let mut wait = scene.open("passcodeRegistrationForm", new_form()).await.unwrap();
    let answer = registration(&wait, PASSCODE);
    scene.submit(&mut wait, new_form(), answer).await;
    scene.run("completePasscodeRegistration", json!({})).await
}

/// Starts an authentication and shows its form.
async fn ask(scene: &mut Scene, external_id: &str) -> Wait {
    let told = scene.run("startPasscodeAuthentication", signing_in(external_id)).await;
    assert!(told.starts_with("done\n"), "{told}");
    scene.open("passcodeAuthenticationForm", form()).await.unwrap()
}

/// Answers with a passcode and completes the authentication.
async fn prove(scene: &mut Scene, mut wait: Wait, passcode: &str) -> String {
    let answer = authentication(&wait, passcode);
    let told = scene.submit(&mut wait, form(), answer).await;
    assert_eq!(told, "done {}\n_customFormData.passcodeAuthForm1 = {}");
    scene.run("completePasscodeAuthentication", json!({})).await
}

#[tokio::test]
async fn a_registration_begins_for_the_user_under_the_key() {
    let mut scene = ann().await;
    expect![[r#"
        done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        _identityStore.passcodeReg1 = {"algorithmInfo":{"parameters":{"g":2,"hashAlgorithm":"SHA-256","i":"…","n":"…","salt":"…"},"type":"SRP"},"policyName":"default","requirements":{"allowedRegExes":[],"characterVariety":0,"digitCount":0,"disallowedRegExes":[],"lowerCaseCount":0,"maximumLength":64,"minimumLength":8,"passcodeHistory":0,"requiredRegExes":[],"symbolCount":0,"upperCaseCount":0},"sessionId":"ID","storeName":"demo","userKey":"user1"}"#]].assert_eq(&scene.run("startPasscodeRegistration", registering()).await);
}

#[tokio::test]
async fn a_registration_begins_for_whom_the_parameters_name() {
    let mut scene = ann().await;
    let id = scene.user("ann").await.id.to_string();
    for who in [json!({ "userExternalId": "ann" }), json!({ "userId": id })] {
        scene.variables.clear();
        let mut parameters = registering();
        parameters.as_object_mut().unwrap().extend(who.as_object().cloned().unwrap());
        let told = scene.run("startPasscodeRegistration", parameters).await;
        assert!(told.starts_with("done\n"), "{told}");
        assert_eq!(scene.variables["_identityStore"]["user1"]["externalId"], "ann");
    }
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_registration_is_an_event() {
    let mut scene = ann().await;
    let with = |name: &str, value: &str| {
        let mut parameters = registering();
        parameters[name] = value.into();
        parameters
    };
    let mut told = Vec::new();
    told.push(scene.run("startPasscodeRegistration", with("passcodeKey", "none")).await);
    told.push(scene.run("startPasscodeRegistration", with("storeName", "gone")).await);
    told.push(scene.run("startPasscodeRegistration", with("userKey", "nobody")).await);
    scene.set_status("ann", "DISABLED").await;
    told.push(scene.run("startPasscodeRegistration", registering()).await);
    scene.set_status("ann", "ACTIVE").await;
    register(&mut scene).await;
    told.push(scene.run("startPasscodeRegistration", registering()).await);
    scene.variables.clear();
    told.push(scene.run("startPasscodeRegistration", with("userExternalId", "eve")).await);
    told.push(scene.run("startPasscodeRegistration", with("userId", "X")).await);
    expect![[r#"
        event PolicyNotFound: The store has no passcode policy of this name.
        event UserNotFound: The store has no such user, or no user was named.
        event UserNotFound: The store has no such user, or no user was named.
        event UserNotActive: The user is locked or disabled.
        event PasscodeAlreadyRegistered: The user has a passcode under this policy already.
        event UserNotFound: The store has no such user, or no user was named.
        event UserNotFound: The store has no such user, or no user was named."#]]
    .assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn the_registration_form_shows_form_algorithm_and_rules() {
    let mut scene = ann().await;
    scene.run("startPasscodeRegistration", registering()).await;
    scene.variables.insert("name".to_owned(), json!("Ann"));
    let wait = scene.open("passcodeRegistrationForm", new_form()).await.unwrap();
    assert_eq!(wait.form.as_ref().unwrap().form.title().pick(&["en"]), Some(("en", "For Ann")));
    let mut shown = masked(&json!(wait));
    shown["form"]["form"] = json!("…");
    expect![[r#"
        {
          "activity": "passcodeRegistrationForm",
          "attempts": 0,
          "form": {
            "dataKey": "passcodeRegForm1",
            "form": "…",
            "hideButtons": false,
            "name": "new-passcode",
            "readOnly": false,
            "version": 1
          },
          "passcode": {
            "algorithmInfo": {
              "parameters": {
                "g": 2,
                "hashAlgorithm": "SHA-256",
                "i": "…",
                "n": "…",
                "salt": "…"
              },
              "type": "SRP"
            },
            "ceremony": "registration",
            "requirements": {
              "allowedRegExes": [],
              "characterVariety": 0,
              "digitCount": 0,
              "disallowedRegExes": [],
              "lowerCaseCount": 0,
              "maximumLength": 64,
              "minimumLength": 8,
              "passcodeHistory": 0,
              "requiredRegExes": [],
              "symbolCount": 0,
              "upperCaseCount": 0
            },
            "sessionId": "ID"
          },
          "screenId": "passcode-registration",
          "screens": [
            "passcode-registration"
          ],
          "stepId": "passcode-registration"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&shown).unwrap());
}

#[tokio::test]
async fn a_form_needs_a_ceremony_and_a_deployed_form() {
    let mut scene = ann().await;
    let mut told = Vec::new();
    told.push(scene.open("passcodeRegistrationForm", new_form()).await.unwrap_err());
    told.push(scene.open("passcodeAuthenticationForm", form()).await.unwrap_err());
    scene.run("startPasscodeRegistration", registering()).await;
    told.push(
        scene
            .open("passcodeRegistrationForm", json!({ "dataFormName": "none" }))
            .await
            .unwrap_err(),
    );
    let second = json!({ "dataFormName": "new-passcode", "dataFormVersion": "2" });
    told.push(scene.open("passcodeRegistrationForm", second).await.unwrap_err());
    told.push(scene.run("completePasscodeAuthentication", json!({})).await);
    expect![[r#"
        fault: no passcode ceremony was started under the key `passcodeReg1`
        fault: no passcode ceremony was started under the key `passcodeAuth1`
        fault: there is no deployed form `none` of version 1; deploy it, then retry
        fault: there is no deployed form `new-passcode` of version 2; deploy it, then retry
        fault: no passcode ceremony was started under the key `passcodeAuth1`"#]]
    .assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn a_passcode_is_registered_and_nothing_of_it_is_in_the_variables() {
    let mut scene = ann().await;
    scene.run("startPasscodeRegistration", registering()).await;
    let mut wait = scene.open("passcodeRegistrationForm", new_form()).await.unwrap();
    let answer = registration(&wait, PASSCODE);
    let verifier = answer.srp_registration_data.clone().unwrap().verifier;
    let answer =
        with(answer, json!({ "device": "phone", "hint": "a horse", "passcode": "", "again": "" }));
    expect![[r#"
        done {}
        _customFormData.passcodeRegForm1 = {"device":"phone"}"#]]
    .assert_eq(&scene.submit(&mut wait, new_form(), answer).await);
    expect![[r#"
        done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[{"createdDtm":"2026-01-02T03:05:08Z","id":"ID","lastUpdatedDtm":"2026-01-02T03:05:08Z","policyName":"default","status":"ACTIVE"}],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        _checks.passcodeReg1 = {"activity":"completePasscodeRegistration","at":"2026-01-02T03:05:08Z","attempts":1,"status":"PASS"}
        store: PasscodeRegistered ann default"#]].assert_eq(&scene.run("completePasscodeRegistration", json!({})).await);
    let variables = Value::Object(scene.variables.clone()).to_string();
    for secret in [PASSCODE, verifier.as_str(), "a horse"] {
        assert!(!variables.contains(secret), "{secret} is in {variables}");
    }
    let wait = ask(&mut scene, "ann").await;
    let told = prove(&mut scene, wait, PASSCODE).await;
    assert!(told.starts_with("done\n"), "{told}");
}

#[tokio::test]
async fn an_answer_without_a_usable_response_is_asked_for_again() {
    let mut scene = ann().await;
    scene.run("startPasscodeRegistration", registering()).await;
    let mut wait = scene.open("passcodeRegistrationForm", new_form()).await.unwrap();
    let good = registration(&wait, PASSCODE);
    let both = Submission {
        srp_verification_data: serde_json::from_value(
            json!({ "clientPublicKey": "AA==", "m1": "AA==" }),
        )
        .unwrap(),
        ..good.clone()
    };
    let verifier = |text: &str| Submission {
        srp_registration_data: serde_json::from_value(json!({ "verifier": text })).unwrap(),
        ..Submission::default()
    };
    let proof_only = Submission { srp_registration_data: None, ..both.clone() };
    let cases = [
        ("nothing", Submission::default()),
        ("no base64", verifier("%%%")),
        ("empty", verifier("")),
        ("too long", verifier(&"A".repeat(4000))),
        ("the other ceremony's", proof_only),
        ("both", both),
        ("the passcode itself", with(good.clone(), json!({ "passcode": PASSCODE }))),
        ("the passcode repeated", with(good.clone(), json!({ "again": PASSCODE }))),
        ("an unknown field", with(good.clone(), json!({ "colour": "red" }))),
        ("a wrong field and the passcode", filled(json!({ "device": ["phone"], "passcode": "x" }))),
    ];
    let mut told = Vec::new();
    for (name, answer) in cases {
        told.push(format!("{name}: {}", scene.submit(&mut wait, new_form(), answer).await));
    }
    expect![[r#"
        nothing: again: passcode passcode
        no base64: again: passcode passcode
        empty: again: passcode passcode
        too long: again: passcode passcode
        the other ceremony's: again: passcode passcode
        both: again: passcode passcode
        the passcode itself: again: passcode passcode
        the passcode repeated: again: again passcode
        an unknown field: again: colour unknown
        a wrong field and the passcode: again: passcode passcode, device invalid"#]]
    .assert_eq(&told.join("\n"));
    expect![[r#"
        event PasscodeRegistrationFailed: The passcode could not be registered: the ceremony is over, or the page sent nothing usable.
        _checks.passcodeReg1 = {"activity":"completePasscodeRegistration","at":"2026-01-02T03:05:17Z","attempts":1,"code":2604,"status":"FAIL"}"#]].assert_eq(&scene.run("completePasscodeRegistration", json!({})).await);
    assert!(scene.submit(&mut wait, new_form(), good).await.starts_with("done"));
}

#[tokio::test]
async fn a_custom_page_hands_its_response_over_as_text() {
    let mut scene = ann().await;
    scene.run("startPasscodeRegistration", registering()).await;
    let wait = scene.open("passcodeRegistrationForm", new_form()).await.unwrap();
    let response = text(&registration(&wait, PASSCODE));
    let given = json!({ "passcodeRegistrationBrowserResponse": response });
    expect![[r#"
        done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[{"createdDtm":"2026-01-02T03:05:07Z","id":"ID","lastUpdatedDtm":"2026-01-02T03:05:07Z","policyName":"default","status":"ACTIVE"}],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        _checks.passcodeReg1 = {"activity":"completePasscodeRegistration","at":"2026-01-02T03:05:07Z","attempts":1,"status":"PASS"}
        store: PasscodeRegistered ann default"#]].assert_eq(&scene.run("completePasscodeRegistration", given).await);

    let wait = ask(&mut scene, "ann").await;
    let response: Value = serde_json::from_str(&text(&authentication(&wait, PASSCODE))).unwrap();
    let bare = json!({ "passcodeAuthenticationBrowserResponse": response["srpVerificationData"].to_string() });
    let told = scene.run("completePasscodeAuthentication", bare).await;
    assert!(told.starts_with("done\n"), "{told}");
}

#[tokio::test]
async fn a_response_that_cannot_be_read_is_a_failure_that_quotes_nothing() {
    let mut scene = ann().await;
    for text in [
        "secret",
        "{\"verifier\":\"secret\"}",
        "{\"verifier\":\"AA==\",\"x\":1}",
        "{\"verifier\":\"AA==\"}",
    ] {
        scene.run("startPasscodeRegistration", registering()).await;
        let given = json!({ "passcodeRegistrationBrowserResponse": text });
        let told = scene.run("completePasscodeRegistration", given).await;
        assert!(told.starts_with("event PasscodeRegistrationFailed"), "{text}: {told}");
        assert!(!told.contains("secret"), "{told}");
    }
    register(&mut scene).await;
    for text in ["secret", "{}", "{\"clientPublicKey\":\"AA==\",\"m1\":\"AA==\"}"] {
        ask(&mut scene, "ann").await;
        let given = json!({ "passcodeAuthenticationBrowserResponse": text });
        let told = scene.run("completePasscodeAuthentication", given).await;
        assert!(told.starts_with("event PasscodeAuthenticationFailed"), "{text}: {told}");
        assert!(told.contains("store: PasscodeRefused ann default WrongPasscode"), "{told}");
    }
}

#[tokio::test]
async fn a_right_passcode_authenticates_and_keeps_the_user() {
    let mut scene = ann_with_a_passcode().await;
    let wait = ask(&mut scene, "ann").await;
    assert_eq!(
        scene.variables["_identityStore"].get("user1"),
        None,
        "nobody is kept before the end"
    );
    expect![[r#"
        done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[{"createdDtm":"2026-01-02T03:05:08Z","id":"ID","lastAuthenticatedWithDtm":"2026-01-02T03:05:11Z","lastUpdatedDtm":"2026-01-02T03:05:08Z","policyName":"default","status":"ACTIVE"}],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        _checks.passcodeAuth1 = {"activity":"completePasscodeAuthentication","at":"2026-01-02T03:05:11Z","attempts":1,"status":"PASS"}
        store: PasscodeAccepted ann default"#]].assert_eq(&prove(&mut scene, wait, PASSCODE).await);
    assert_eq!(scene.authenticated, Some(scene.user("ann").await.id.to_string()));
}

#[tokio::test]
async fn a_wrong_passcode_is_refused_counted_and_said_in_the_next_form() {
    let mut scene = ann_with_a_passcode().await;
    let wait = ask(&mut scene, "ann").await;
    assert_eq!(wait.errors, []);
    expect![[r#"
        event PasscodeAuthenticationFailed: The passcode was not accepted; nobody is told why.
        _checks.passcodeAuth1 = {"activity":"completePasscodeAuthentication","at":"2026-01-02T03:05:11Z","attempts":1,"code":2615,"status":"FAIL"}
        store: PasscodeRefused ann default WrongPasscode"#]].assert_eq(&prove(&mut scene, wait, "wrong").await);
    assert_eq!(scene.authenticated, None);
    let wait = ask(&mut scene, "ann").await;
    expect![[r#"[{"field":"passcode","rule":"passcodeNotAccepted"}]"#]]
        .assert_eq(&json!(wait.errors).to_string());
    let told = prove(&mut scene, wait, "wrong again").await;
    assert!(told.contains("\"attempts\":2"), "{told}");
    let wait = ask(&mut scene, "ann").await;
    let told = prove(&mut scene, wait, PASSCODE).await;
    assert!(
        told.contains("\"attempts\":3,\"status\":\"PASS\"") && told.starts_with("done\n"),
        "{told}"
    );
}

#[tokio::test]
async fn the_refusal_is_the_same_for_everybody() {
    let mut scene = ann_with_a_passcode().await;
    let mut ben = json!({ "storeName": "demo", "userExternalId": "ben" });
    scene.run("addUser", ben.take()).await;
    scene.run("addUser", json!({ "storeName": "demo", "userExternalId": "off" })).await;
    scene.set_status("off", "DISABLED").await;
    let mut seen = Vec::new();
    for name in ["ann", "ben", "off", "nobody", "  "] {
        scene.variables.clear();
        scene.at("2026-01-02T04:00:00Z");
        let started = scene.run("startPasscodeAuthentication", signing_in(name)).await;
        let wait = scene.open("passcodeAuthenticationForm", form()).await.unwrap();
        let lengths = |part: &str| wait_text(&wait, part).len();
        let lengths: Vec<usize> =
            ["i", "salt", "serverPublicKey"].into_iter().map(lengths).collect();
        let shown = masked(&json!(wait)).to_string();
        let told = prove(&mut scene, wait, "wrong").await;
        let told: Vec<&str> = told.lines().filter(|line| !line.starts_with("store: ")).collect();
        seen.push(format!("{started}\n{lengths:?}\n{shown}\n{}", told.join("\n")));
    }
    expect![[r#"
        done
        _identityStore.passcodeAuth1 = {"algorithmInfo":{"parameters":{"g":2,"hashAlgorithm":"SHA-256","i":"…","n":"…","salt":"…","serverPublicKey":"…"},"type":"SRP"},"policyName":"default","sessionId":"ID","storeName":"demo","userKey":"user1"}
        [26, 43, 344]
        {"activity":"passcodeAuthenticationForm","attempts":0,"form":{"dataKey":"passcodeAuthForm1","form":{"components":[{"default":"","id":"passcode","isValid":true,"label":{"values":{"en":"passcode"}},"readOnly":false,"transient":false,"type":"password","validate":{"invalidLengthMessage":{"values":{}},"invalidMessage":{"values":{}},"maxLength":"","minLength":"","missingMessage":{"values":{}},"required":true}}],"title":{"isValid":true,"type":"title","values":{"en":"For "}},"version":"1"},"hideButtons":false,"name":"passcode","readOnly":false,"version":1},"passcode":{"algorithmInfo":{"parameters":{"g":2,"hashAlgorithm":"SHA-256","i":"…","n":"…","salt":"…","serverPublicKey":"…"},"type":"SRP"},"ceremony":"authentication","sessionId":"ID"},"screenId":"passcode-authentication","screens":["passcode-authentication"],"stepId":"passcode-authentication"}
        event PasscodeAuthenticationFailed: The passcode was not accepted; nobody is told why.
        _checks.passcodeAuth1 = {"activity":"completePasscodeAuthentication","at":"2026-01-02T04:00:02Z","attempts":1,"code":2615,"status":"FAIL"}"#]].assert_eq(&seen[0]);
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:#?}");
}

#[tokio::test]
async fn a_stranger_is_shown_the_same_salt_again_and_others_another_one() {
    let mut scene = ann_with_a_passcode().await;
    let mut salts = Vec::new();
    for name in ["ann", "ann", "nobody", "nobody", "somebody"] {
        scene.variables.clear();
        salts.push(wait_text(&ask(&mut scene, name).await, "salt"));
    }
    let same = |a: usize, b: usize| salts[a] == salts[b];
    assert_eq!((same(0, 1), same(2, 3), same(0, 2), same(2, 4)), (true, true, false, false));
}

fn wait_text(wait: &Wait, parameter: &str) -> String {
    json!(wait)["passcode"]["algorithmInfo"]["parameters"][parameter].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn three_failures_lock_the_user_for_five_minutes() {
    let mut scene = ann_with_a_passcode().await;
    for _ in 0..3 {
        let wait = ask(&mut scene, "ann").await;
        prove(&mut scene, wait, "wrong").await;
    }
    let wait = ask(&mut scene, "ann").await;
    let told = prove(&mut scene, wait, PASSCODE).await;
    assert!(told.ends_with("store: PasscodeRefused ann default UserLocked"), "{told}");
    scene.later(5);
    let wait = ask(&mut scene, "ann").await;
    let told = prove(&mut scene, wait, PASSCODE).await;
    assert!(told.starts_with("done\n"), "{told}");
}

#[tokio::test]
async fn a_ceremony_completes_once_and_in_its_time() {
    let mut scene = ann_with_a_passcode().await;
    let wait = ask(&mut scene, "ann").await;
    prove(&mut scene, wait, PASSCODE).await;
    let told = scene.run("completePasscodeAuthentication", json!({})).await;
    assert!(told.starts_with("event PasscodeAuthenticationFailed"), "{told}");

    let late = ask(&mut scene, "ann").await;
    scene.later(60);
    let told = prove(&mut scene, late, PASSCODE).await;
    assert!(told.starts_with("event PasscodeAuthenticationFailed"), "{told}");

    scene.run("startPasscodeAuthentication", signing_in("ann")).await;
    let told = scene.run("completePasscodeAuthentication", json!({})).await;
    assert!(told.starts_with("event PasscodeAuthenticationFailed"), "{told}");
}

#[tokio::test]
async fn a_page_holds_the_name_ready_that_the_end_user_typed_and_no_other() {
    let mut scene = ann_with_a_passcode().await;
    let typed = |name: &str| json!({ "signInForm1": { "device": "phone", "userName": name } });
    #[rustfmt::skip]
    let cases = [
        ("typed",                   typed("ann"), "ann", Some("ann")),
        ("typed, and nobody's",     typed("eve"), "eve", Some("eve")),
        ("from the link",           typed("eve"), "ann", None),
        ("a part of what is typed", typed("anna"), "ann", None),
        ("nothing typed",           Value::Null,  "ann", None),
        ("nobody named",            typed(""),    "",    None),
    ];
    for (case, forms, named, expected) in cases {
        scene.variables.clear();
        scene.variables.insert("_customFormData".to_owned(), forms);
        let wait = ask(&mut scene, named).await;
        assert_eq!(wait.passcode.unwrap().username.as_deref(), expected, "{case}");
    }
}

#[tokio::test]
async fn an_authentication_needs_a_policy() {
    let mut scene = ann_with_a_passcode().await;
    let mut parameters = signing_in("ann");
    parameters["passcodeKey"] = "none".into();
    expect!["event PolicyNotFound: The store has no passcode policy of this name."]
        .assert_eq(&scene.run("startPasscodeAuthentication", parameters).await);
}

#[tokio::test]
async fn a_passcode_is_deregistered_once() {
    let mut scene = ann_with_a_passcode().await;
    let with = |policy: &str, who: &str| json!({ "storeName": "demo", "passcodePolicy": policy, "userExternalId": who, "userKey": who });
    expect![[r#"
        done
        _identityStore.ann = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: PasscodeRemoved ann default"#]].assert_eq(&scene.run("deregisterPasscode", with("default", "ann")).await);
    let mut told = Vec::new();
    told.push(scene.run("deregisterPasscode", with("default", "ann")).await);
    told.push(scene.run("deregisterPasscode", with("none", "ann")).await);
    told.push(scene.run("deregisterPasscode", with("default", "eve")).await);
    told.push(scene.run("deregisterPasscode", json!({ "storeName": "demo" })).await);
    expect![[r#"
        event PasscodeNotFound: The user has no passcode under this policy, or the store has no such policy.
        event PasscodeNotFound: The user has no passcode under this policy, or the store has no such policy.
        event UserNotFound: The store has no such user, or no user was named.
        event UserNotFound: The store has no such user, or no user was named."#]].assert_eq(&told.join("\n"));
}
