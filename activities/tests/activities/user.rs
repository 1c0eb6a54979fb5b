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
        _identityStore.user1 = {"attributes":{"age":"42","team":"red"},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[]},"timezone":"US/Eastern"}
        store: UserAdded ann -"#]].assert_eq(&scene.run("addUser", ann).await);
    let bob = json!({ "storeName": "demo", "userExternalId": "bob", "userKey": "second" });
    expect![[r#"
        done {"userId":"ID"}
        _identityStore.second = {"attributes":{},"externalId":"bob","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[]},"timezone":"US/Eastern"}
        store: UserAdded bob -"#]].assert_eq(&scene.run("addUser", bob).await);
    assert_eq!(scene.user("ann").await.attributes["age"], "42");
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
        _identityStore.user1 = {"attributes":{},"id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[]},"timezone":"US/Eastern"}
        store: UserAdded somebody -"#]].assert_eq(&scene.run("addUser", nameless).await);
}

#[tokio::test]
async fn what_cannot_be_added_is_an_event() {
    let mut scene = Scene::new().await;
    let nowhere = json!({ "storeName": "gone", "userExternalId": "ann" });
    expect!["event FailedToAddUser: The user could not be added: there is no such store, or what was given is not usable."].assert_eq(&scene.run("addUser", nowhere).await);
    let unusable = json!({ "storeName": "demo", "userExternalId": "an\u{7}n" });
    expect!["event FailedToAddUser: The user could not be added: there is no such store, or what was given is not usable."].assert_eq(&scene.run("addUser", unusable).await);
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
        _identityStore.user1 = {"attributes":{},"externalId":"ann","id":"ID","locale":"en_US","status":"ACTIVE","storeName":"demo","summaryInfo":{"passcodes":[]},"timezone":"US/Eastern"}"#]].assert_eq(&scene.run("getUser", by_external_id).await);
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
