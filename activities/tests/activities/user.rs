//! Adding a user, getting a user.

use expect_test::expect;
use serde_json::json;

use crate::scene::Scene;

#[tokio::test]
async fn a_user_is_added_and_kept_under_the_key() {
    let mut scene = Scene::new().await;
    let ann = json!({ "storeName": "demo", "userExternalId": "ann", "userAttributes": { "team": "red", "age": 42 } });
    expect![[r#"
        done {"userId":"ID"}
        _identityStore.user1 = {"attributes":{"age":"42","team":"red"},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: UserAdded ann -"#]].assert_eq(&scene.run("addUser", ann).await);
    let bob = json!({ "storeName": "demo", "userExternalId": "bob", "userKey": "second" });
    expect![[r#"
        done {"userId":"ID"}
        _identityStore.second = {"attributes":{},"externalId":"bob","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: UserAdded bob -"#]].assert_eq(&scene.run("addUser", bob).await);
    assert_eq!(scene.user("ann").await.attributes["age"], "42");
}

#[tokio::test]
async fn a_user_is_added_with_a_status_a_locale_and_a_time_zone_of_their_own() {
    let mut scene = Scene::new().await;
    let ann = json!({
        "storeName": "demo", "userExternalId": "ann", "status": "PENDING_ACTIVE", "locale": "de_DE",
        "timezone": "Europe/Berlin",
    });
    assert!(scene.run("addUser", ann).await.starts_with("done"));
    let user = scene.user("ann").await;
    let told = (user.status.as_str(), &*user.locale, &*user.timezone);
    assert_eq!(told, ("PENDING_ACTIVE", "de_DE", "Europe/Berlin"));
    for status in ["LOCKED", "DISABLED", "ACTIVE"] {
        let other = json!({ "storeName": "demo", "userExternalId": status, "status": status });
        assert!(scene.run("addUser", other).await.starts_with("done"));
        assert_eq!(scene.user(status).await.status.as_str(), status);
    }
    let bob = json!({ "storeName": "demo", "userExternalId": "bob", "locale": "english please" });
    assert!(scene.run("addUser", bob).await.starts_with("event FailedToAddUser"));
    let carl = json!({ "storeName": "demo", "userExternalId": "carl", "status": "TEMP_LOCKED" });
    assert!(scene.run("addUser", carl).await.starts_with("fault: the parameter `status`"));
}

#[tokio::test]
async fn an_external_id_belongs_to_one_user() {
    let mut scene = Scene::new().await;
    let ann = json!({ "storeName": "demo", "userExternalId": "ann" });
    scene.run("addUser", ann.clone()).await;
    expect!["event ExtIdNotUnique: The external ID belongs to another user of the store."]
        .assert_eq(&scene.run("addUser", ann).await);
    let nameless = json!({ "storeName": "demo", "userExternalId": "  " });
    expect![[r#"
        done {"userId":"ID"}
        _identityStore.user1 = {"attributes":{},"id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: UserAdded somebody -"#]].assert_eq(&scene.run("addUser", nameless).await);
}

#[tokio::test]
async fn what_cannot_be_added_is_an_event() {
    let mut scene = Scene::new().await;
    let nowhere = json!({ "storeName": "gone", "userExternalId": "ann" });
    expect!["event FailedToAddUser: The user could not be added: there is no such store, what was given is not usable, or no more may be added."].assert_eq(&scene.run("addUser", nowhere).await);
    let unusable = json!({ "storeName": "demo", "userExternalId": "an\u{7}n" });
    expect!["event FailedToAddUser: The user could not be added: there is no such store, what was given is not usable, or no more may be added."].assert_eq(&scene.run("addUser", unusable).await);
    expect!["fault: addUser needs the parameter `storeName` (Store Name)"]
        .assert_eq(&scene.run("addUser", json!({ "userExternalId": "ann" })).await);
}

#[tokio::test]
async fn a_user_is_found_by_either_identifier_and_read_anew_by_the_key() {
    let mut scene = Scene::new().await;
    scene
        .run("addUser", json!({ "storeName": "demo", "userExternalId": "ann", "userKey": "other" }))
        .await;
    let id = scene.user("ann").await.id.to_string();
    let by_external_id = json!({ "storeName": "demo", "userExternalId": "ann" });
    expect![[r#"
        done {"userId":"ID"}
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}"#]].assert_eq(&scene.run("getUser", by_external_id).await);
    assert_eq!(scene.variables["_identityStore"]["user1"]["id"], id);

    scene.variables.clear();
    scene
        .run("getUser", json!({ "storeName": "demo", "userId": id, "userExternalId": "ignored" }))
        .await;
    assert_eq!(scene.variables["_identityStore"]["user1"]["externalId"], "ann");

    scene.set_status("ann", "DISABLED").await;
    scene.run("getUser", json!({ "storeName": "demo" })).await;
    assert_eq!(scene.variables["_identityStore"]["user1"]["status"], "DISABLED");
}

#[tokio::test]
async fn nobody_is_kept_when_nobody_is_found() {
    let mut scene = Scene::new().await;
    scene.run("addUser", json!({ "storeName": "demo", "userExternalId": "ann" })).await;
    let unknown = json!({ "storeName": "demo", "userExternalId": "nobody" });
    expect![[r#"
        event UserNotFound: The store has no such user, or no user was named.
        _identityStore.user1 = null"#]]
    .assert_eq(&scene.run("getUser", unknown).await);
    expect![[r#"
        event UserNotFound: The store has no such user, or no user was named.
        _identityStore.user1 = null"#]]
    .assert_eq(&scene.run("getUser", json!({ "storeName": "demo" })).await);
    expect!["fault: identity store gone does not exist"]
        .assert_eq(&scene.run("getUser", json!({ "storeName": "gone", "userId": "x" })).await);
}

#[tokio::test]
async fn a_user_is_changed_and_kept_as_they_are_now() {
    let mut scene = Scene::new().await;
    let ann = json!({ "storeName": "demo", "userExternalId": "ann", "userAttributes": { "team": "red", "age": "42" } });
    scene.run("addUser", ann).await;
    let change = json!({
        "storeName": "demo", "newExternalId": "anna", "status": "DISABLED", "locale": "de_DE",
        "userAttributes": { "team": "blue" }, "removeAttributes": ["age"]
    });
    expect![[r#"
        done
        _identityStore.user1 = {"attributes":{"team":"blue"},"externalId":"anna","id":"ID","locale":"de_DE","status":"DISABLED","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: UserUpdated anna -"#]].assert_eq(&scene.run("updateUser", change).await);
    scene
        .run("addUser", json!({ "storeName": "demo", "userExternalId": "bob", "userKey": "b" }))
        .await;
    let cases = [
        json!({ "storeName": "demo", "newExternalId": "bob" }),
        json!({ "storeName": "demo", "locale": "english please" }),
        json!({ "storeName": "demo", "userKey": "nobody" }),
        json!({ "storeName": "demo", "userKey": "nobody", "userExternalId": "carl" }),
        json!({ "storeName": "demo", "status": "TEMP_LOCKED" }),
    ];
    let mut told = String::new();
    for case in cases {
        told += &format!("{}\n", scene.run("updateUser", case).await);
    }
    expect![[r#"
        event ExtIdNotUnique: The new external ID belongs to another user of the store.
        event FailedToUpdateUser: The user could not be changed: what was given is not usable, or the status cannot become that one.
        event UserNotFound: The store has no such user, or no user was named.
        event UserNotFound: The store has no such user, or no user was named.
        fault: the parameter `status` (Status) of updateUser must be one of ACTIVE, LOCKED, DISABLED, PENDING_ACTIVE
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn a_user_and_their_forms_of_authentication_are_locked_and_unlocked() {
    let mut scene = Scene::new().await;
    scene.run("addUser", json!({ "storeName": "demo", "userExternalId": "ann" })).await;
    let mut told = String::new();
    for (name, more) in [
        ("lockUser", json!({})),
        ("unlockUser", json!({})),
        ("lockUserModality", json!({ "modality": "PASSCODE" })),
        ("unlockUserModality", json!({ "modality": "PASSCODE" })),
        ("lockUserModality", json!({ "modality": "SMELL" })),
    ] {
        let mut parameters = json!({ "storeName": "demo" });
        parameters.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        told += &format!("{name} {}\n", scene.run(name, parameters).await);
    }
    let nobody = json!({ "storeName": "demo", "userKey": "other", "userId": "NOBODY" });
    told += &format!("{}\n", scene.run("lockUser", nobody).await);
    expect![[r#"
        lockUser done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"LOCKED","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: UserLocked ann -
        unlockUser done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: UserUnlocked ann -
        lockUserModality done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: ModalityLocked ann -
        unlockUserModality done
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[],"passkeys":[],"recoveryCodes":[],"totps":[]},"timezone":"US/Eastern"}
        store: ModalityUnlocked ann -
        lockUserModality fault: the parameter `modality` (Modality) of lockUserModality must be one of PASSCODE, TOTP, PASSKEY, RECOVERY_CODE
        event UserNotFound: The store has no such user, or no user was named.
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn a_deleted_user_is_kept_under_no_key() {
    let mut scene = Scene::new().await;
    scene.run("addUser", json!({ "storeName": "demo", "userExternalId": "ann" })).await;
    let ann = json!({ "storeName": "demo" });
    expect![[r#"
        done
        _identityStore.user1 = null
        store: UserRemoved somebody -"#]]
    .assert_eq(&scene.run("deleteUser", ann.clone()).await);
    expect!["event UserNotFound: The store has no such user, or no user was named."]
        .assert_eq(&scene.run("deleteUser", ann).await);
}
