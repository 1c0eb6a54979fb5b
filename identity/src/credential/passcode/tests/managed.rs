//! Policies as resources, and passcodes in the hands of whoever manages users.

use super::*;

fn policy(json: Value) -> NamedPasscodePolicy {
    serde_json::from_value(json).unwrap()
}

fn map(json: Value) -> serde_json::Map<String, Value> {
    let Value::Object(map) = json else { panic!("an object") };
    map
}

#[tokio::test]
async fn a_policy_is_added_read_changed_and_removed() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let new =
        policy(json!({ "policyName": "pin", "passcodeRequirements": { "minimumLength": 4 } }));
    let added = work.add_passcode_policy("s", new.clone()).await.unwrap();
    assert_eq!(
        (added.policy_name.as_str(), added.passcode_requirements.minimum_length),
        ("pin", 4)
    );
    assert_eq!(work.add_passcode_policy("s", new).await.unwrap_err().code(), 2607);
    let change =
        map(json!({ "expirationDuration": "P90D", "passcodeRequirements": { "digitCount": 4 } }));
    let changed = work.update_passcode_policy("s", "pin", change).await.unwrap();
    let rules = &changed.passcode_requirements;
    assert_eq!((rules.minimum_length, rules.digit_count), (4, 4));
    assert!(changed.expiration_duration.is_some());
    let back = map(json!({ "expirationDuration": null }));
    let changed = work.update_passcode_policy("s", "pin", back).await.unwrap();
    assert_eq!(work.read_passcode_policy("s", "pin").await.unwrap(), changed);
    assert_eq!(changed.expiration_duration, None);
    work.remove_passcode_policy("s", "pin").await.unwrap();
    for code in [
        work.read_passcode_policy("s", "pin").await.unwrap_err().code(),
        work.remove_passcode_policy("s", "pin").await.unwrap_err().code(),
        work.update_passcode_policy("s", "pin", map(json!({}))).await.unwrap_err().code(),
    ] {
        assert_eq!(code, 2600);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_policy_is_said_from_the_policy_on() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let history = json!({ "passcodeRequirements": { "passcodeHistory": 25 } });
    let mut told = String::new();
    for error in [
        work.add_passcode_policy("s", policy(json!({ "policyName": "a/b" }))).await.unwrap_err(),
        work.update_passcode_policy("s", "p", map(history)).await.unwrap_err(),
        work.update_passcode_policy("s", "p", map(json!({ "name": "r" }))).await.unwrap_err(),
    ] {
        for flaw in error.flaws() {
            told += &format!("{} {}: {}\n", error.code(), flaw.path, flaw.message);
        }
    }
    expect_test::expect![[r#"
        102 policyName: a name has only letters and digits of ASCII, `.`, `_`, `-` and spaces
        102 passcodeRequirements.passcodeHistory: at most 24 former passcodes are compared
        102 name: unknown field `name`, expected one of `description`, `passcodeRequirements`, `expirationDuration`
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn a_passcode_is_listed_read_switched_off_dated_and_removed() {
    let mut scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "right").await;
    let mut work = scene.work();
    let listed = work.list_passcodes("s", &alice()).await.unwrap();
    assert_eq!(listed.len(), 1);
    let id = listed[0].id.clone();
    assert_eq!(work.read_passcode("s", &alice(), &id).await.unwrap(), listed[0]);
    assert_eq!(work.read_passcode("s", &alice(), "none").await.unwrap_err().code(), 2602);
    let none = PasscodeChange::default();
    assert_eq!(work.update_passcode("s", &alice(), &id, &none).await.unwrap_err().code(), 2608);

    let off: PasscodeChange = serde_json::from_value(json!({ "status": "DISABLED" })).unwrap();
    let passcode = work.update_passcode("s", &alice(), &id, &off).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(passcode.status, PasscodeStatus::Disabled);
    assert!(!scene.guess(&alice(), "p", "right").await);
    assert!(!scene.guess(&alice(), "p", "wrong").await);
    assert_eq!(state(&scene).await.1, 2, "whatever the proof, it failed");
    let start = scene.work().start_passcode_registration("s", &alice(), "p").await;
    assert_eq!(start.unwrap_err().code(), 2601, "a new one would get around it");

    let on = json!({ "status": "ACTIVE", "expirationDtm": "2025-02-05T15:00:00Z" });
    let on: PasscodeChange = serde_json::from_value(on).unwrap();
    let mut work = scene.work();
    let passcode = work.update_passcode("s", &alice(), &id, &on).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(passcode.status, PasscodeStatus::Active);
    assert!(scene.guess(&alice(), "p", "right").await);
    scene.pass("PT2H");
    assert!(!scene.guess(&alice(), "p", "right").await);
    // What is shown may be sent back; nothing else than these two can be given.
    for (status, code) in [("EXPIRED", None), ("TOO_COMMON", Some(2616)), ("IMPORTED", Some(2616))]
    {
        let change = serde_json::from_value(json!({ "status": status })).unwrap();
        let changed = scene.work().update_passcode("s", &alice(), &id, &change).await;
        assert_eq!(changed.err().map(|error| error.code()), code, "{status}");
    }
    let never: PasscodeChange = serde_json::from_value(json!({ "expirationDtm": null })).unwrap();
    let mut work = scene.work();
    work.update_passcode("s", &alice(), &id, &never).await.unwrap();
    work.commit().await.unwrap();
    assert!(scene.guess(&alice(), "p", "right").await);

    let mut work = scene.work();
    work.remove_passcode_by_id("s", &alice(), &id).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    assert_eq!(work.remove_passcode_by_id("s", &alice(), &id).await.unwrap_err().code(), 2602);
}
