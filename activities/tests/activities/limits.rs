//! At a limit or a conflict an activity ends with an event, and the identity stores are as they were.

use identity::{Limits, LimitsChange, Page, StoreChange, UserProperty, UserSearch};
use serde_json::{Value, json};

use crate::passkey::{MADE, credential, registration, scene};
use crate::scene::Scene;

/// What everybody can see of the tenant: its statistics, its users, and who is found by what.
async fn seen(scene: &Scene) -> Value {
    let mut work = scene.work();
    let page = Page { number: 0, size: 100 };
    let users = work.list_users("demo", page, false).await.unwrap();
    let mut seen =
        vec![json!(work.read_statistics().await.unwrap()), json!(users.items), json!(users.total)];
    for by in [UserProperty::ExternalId, UserProperty::Email, UserProperty::LastName] {
        let search = UserSearch { by, beginning: String::new(), descending: false };
        let found = work.search_users("demo", page, &search).await.unwrap();
        seen.push(json!([found.total, found.items]));
    }
    json!(seen)
}

async fn limit(scene: &Scene, change: LimitsChange) {
    let mut work = scene.work();
    work.change_limits(change).await.unwrap();
    work.commit().await.unwrap();
}

async fn configure(scene: &Scene, configuration: Value) {
    let configuration = configuration.as_object().cloned();
    let mut work = scene.work();
    let change = StoreChange { configuration, ..StoreChange::default() };
    work.update_store("demo", change).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn nobody_is_added_or_changed_by_what_ends_with_an_event() {
    let mut scene = scene().await;
    let user = |more: Value| {
        let mut user = json!({ "storeName": "demo" });
        user.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        user
    };
    let ann = json!({
        "userExternalId": "ann", "userAttributes": { "email": "ann@example.org", "lastName": "A" },
    });
    let bob = json!({ "userExternalId": "bob", "userKey": "user2" });
    scene.run("addUser", user(ann)).await;
    scene.run("addUser", user(bob)).await;
    let two = LimitsChange { maximum_users: Some(2), ..LimitsChange::default() };
    limit(&scene, two).await;
    let taken = json!({
        "userKey": "user2", "newExternalId": "ann",
        "userAttributes": { "email": "bob@example.org", "lastName": "B" },
    });
    let mut cases = vec![
        ("addUser", user(json!({ "userExternalId": "carla", "userKey": "user3" }))),
        ("addUser", user(json!({ "userKey": "user3" }))),
        ("updateUser", user(taken)),
    ];
    let plenty = Limits::default().maximum_users;
    let plenty = LimitsChange { maximum_users: Some(plenty), ..LimitsChange::default() };
    for (name, parameters) in cases.drain(..) {
        let before = seen(&scene).await;
        let told = scene.run(name, parameters).await;
        assert!(told.starts_with("event ") && !told.contains("store: User"), "{told}");
        assert_eq!(seen(&scene).await, before, "{name}");
    }
    limit(&scene, plenty).await;
    let carla = user(json!({ "userExternalId": "carla", "userKey": "user3" }));
    let told = scene.run("addUser", carla).await;
    assert!(told.starts_with("done"), "her name is still nobody's: {told}");
    let before = seen(&scene).await;
    let again = user(json!({ "userExternalId": "ann", "userKey": "user3" }));
    let told = scene.run("addUser", again).await;
    assert!(told.starts_with("event ExtIdNotUnique"), "{told}");
    assert_eq!(seen(&scene).await, before);
}

#[tokio::test]
async fn no_user_is_added_to_whom_the_passkey_cannot_be_given() {
    let made = json!({ "passkeyRegistrationBrowserResponse": credential("registration", &MADE) });
    let nobody = LimitsChange { maximum_users: Some(0), ..LimitsChange::default() };
    let none = LimitsChange { maximum_passkeys_per_user: Some(0), ..LimitsChange::default() };
    let locked = json!({ "defaultUserStatus": "LOCKED" });
    for (change, configuration, code) in
        [(nobody, json!({}), 507), (none, json!({}), 389), (LimitsChange::default(), locked, 1120)]
    {
        let mut scene = scene().await;
        let create = registration(json!({ "createUser": true }));
        let told = scene.run("startPasskeyRegistration", create).await;
        assert!(told.starts_with("done"), "{told}");
        limit(&scene, change).await;
        configure(&scene, configuration).await;
        let before = seen(&scene).await;
        let told = scene.run("completePasskeyRegistration", made.clone()).await;
        assert!(told.starts_with("event PasskeyRegistrationFailed"), "{told}");
        assert!(!told.contains("UserAdded"), "{told}");
        assert_eq!(scene.variables["_checks"]["passkeyReg1"]["code"], code);
        assert_eq!(seen(&scene).await, before, "{code}");
    }
}
