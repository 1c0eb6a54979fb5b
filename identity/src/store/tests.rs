//! Identity stores, from their first row to their last.

use expect_test::expect;
use serde_json::json;

use super::*;
use crate::NewUser;
use crate::scene::Scene;

fn new(name: &str) -> NewStore {
    NewStore { name: name.to_owned(), ..NewStore::default() }
}

fn change(configuration: Value) -> StoreChange {
    let Value::Object(map) = configuration else { unreachable!() };
    StoreChange { configuration: Some(map), ..StoreChange::default() }
}

async fn names(scene: &Scene, filter: Option<&str>, page: Page) -> (u64, String) {
    let Listing { total, items } =
        scene.work().list_stores(filter, page, StoreOrder::default()).await.unwrap();
    (total, items.into_iter().map(|store| store.name).collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_new_store_has_the_documented_shape_and_its_rows() {
    let mut scene = Scene::empty();
    let mut work = scene.work();
    let description = Some("Example store".to_owned());
    let store = work.add_store(NewStore { description, ..new("store1") }).await.unwrap();
    work.commit().await.unwrap();
    expect![[r##"
        + identity-stores #1 {"configuration":{"defaultUserLocale":"en_US","defaultUserStatus":"ACTIVE","defaultUserTimezone":"US/Eastern","faceAuthenticationConfig":{"auditDuration":"PT720H","storeAudit":true},"userLockConfig":{"externalLockManagement":false,"invalidCountsBeforeTempLock":[3,6,9],"mode":"USER_ONLY","tempLockDurations":["PT5M","PT5M"]}},"createdBy":"tester","createdDtm":"2025-02-05T13:58:35.626Z","description":"Example store","id":"#1","lastUpdatedBy":"tester","lastUpdatedDtm":"2025-02-05T13:58:35.626Z","name":"store1"}
        + identity-store-names store1 "#1"
        + audit 1738763915626/1/#2 {"action":"STORE_ADDED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","storeId":"#1","storeName":"store1"}
    "##]].assert_eq(&scene.changes().await);
    let json = serde_json::to_string_pretty(&store).unwrap();
    expect![[r##"
        {
          "id": "#1",
          "name": "store1",
          "description": "Example store",
          "configuration": {
            "defaultUserLocale": "en_US",
            "defaultUserTimezone": "US/Eastern",
            "defaultUserStatus": "ACTIVE",
            "faceAuthenticationConfig": {
              "storeAudit": true,
              "auditDuration": "PT720H"
            },
            "userLockConfig": {
              "mode": "USER_ONLY",
              "externalLockManagement": false,
              "invalidCountsBeforeTempLock": [
                3,
                6,
                9
              ],
              "tempLockDurations": [
                "PT5M",
                "PT5M"
              ]
            }
          },
          "createdDtm": "2025-02-05T13:58:35.626Z",
          "lastUpdatedDtm": "2025-02-05T13:58:35.626Z",
          "createdBy": "tester",
          "lastUpdatedBy": "tester"
        }"##]]
    .assert_eq(&scene.named(&json));
    assert_eq!(scene.work().read_store("store1").await.unwrap(), store);
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let mut scene = Scene::empty();
    let mut work = scene.work();
    let before = work.add_store(new("a")).await.unwrap();
    work.commit().await.unwrap();
    scene.pass("PT1H");
    let mut work = scene.work();
    let locks = json!({ "userLockConfig": { "externalLockManagement": true } });
    let update = StoreChange { description: Some("now".to_owned()), ..change(locks) };
    let after = work.update_store("a", update).await.unwrap();
    work.commit().await.unwrap();
    let mut expected = IdentityStore {
        description: Some("now".to_owned()),
        last_updated_dtm: scene.now,
        ..before.clone()
    };
    expected.configuration.user_lock_config.external_lock_management = true;
    assert_eq!(after, expected);
    let mut work = scene.work();
    let update = StoreChange { description: Some(String::new()), ..StoreChange::default() };
    assert_eq!(work.update_store("a", update).await.unwrap().description, None);
}

#[tokio::test]
async fn a_name_belongs_to_one_store_and_moves_with_it() {
    let mut scene = Scene::empty();
    let mut work = scene.work();
    let a = work.add_store(new("a")).await.unwrap();
    work.add_store(new("b")).await.unwrap();
    assert_eq!(work.add_store(new("a")).await.unwrap_err().code(), 101);
    let rename = |name: &str| StoreChange { name: Some(name.to_owned()), ..StoreChange::default() };
    assert_eq!(work.update_store("a", rename("b")).await.unwrap_err().code(), 101);
    work.update_store("a", rename("c")).await.unwrap();
    work.update_store("c", rename("c")).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    assert_eq!(work.read_store("a").await.unwrap_err().code(), 100);
    assert_eq!(work.read_store("c").await.unwrap().id, a.id);
    work.add_store(new("a")).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(scene.changes().await.matches("+ identity-store-names").count(), 3);
}

#[tokio::test]
async fn two_stores_of_one_name_added_at_the_same_time_conflict() {
    let scene = Scene::empty();
    let (mut one, mut other) = (scene.work(), scene.work());
    one.add_store(new("a")).await.unwrap();
    other.add_store(new("a")).await.unwrap();
    one.commit().await.unwrap();
    let error = other.commit().await.unwrap_err();
    assert!(error.is_conflict());
    assert_eq!(error.kind(), crate::Kind::Conflict);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_its_path() {
    let scene = Scene::empty();
    let mut work = scene.work();
    let long = NewStore { description: Some("d".repeat(1001)), ..new("a/b") };
    let error = work.add_store(long).await.unwrap_err();
    let paths: Vec<_> = error.flaws().iter().map(|flaw| flaw.path.as_str()).collect();
    assert_eq!((error.code(), paths), (102, vec!["name", "description"]));
    work.add_store(new("a")).await.unwrap();
    let cases = [
        (json!({ "passcodePolicies": { "p": 1 } }), "configuration.passcodePolicies.p"),
        (json!({ "defaultUserLocale": "?" }), "configuration.defaultUserLocale"),
        (json!({ "nobody": null, "knows": 1 }), "configuration.knows"),
    ];
    for (configuration, path) in cases {
        let error = work.update_store("a", change(configuration)).await.unwrap_err();
        assert_eq!((error.code(), error.flaws()[0].path.as_str()), (102, path));
    }
    assert_eq!(work.update_store("b", StoreChange::default()).await.unwrap_err().code(), 100);
    assert_eq!(work.remove_store("b").await.unwrap_err().code(), 100);
}

#[tokio::test]
async fn stores_are_listed_by_name_in_pages() {
    let scene = Scene::empty();
    let mut work = scene.work();
    for name in ["b1", "a2", "b2", "a1", "c"] {
        work.add_store(new(name)).await.unwrap();
    }
    work.commit().await.unwrap();
    let page = Page::new;
    assert_eq!(names(&scene, None, Page::default()).await, (5, "a1 a2 b1 b2 c".to_owned()));
    assert_eq!(names(&scene, None, page(1, 2)).await, (5, "b1 b2".to_owned()));
    assert_eq!(names(&scene, None, page(3, 2)).await, (5, String::new()));
    assert_eq!(names(&scene, Some("b%"), page(0, 1)).await, (2, "b1".to_owned()));
    assert_eq!(names(&scene, Some("%2"), Page::default()).await, (2, "a2 b2".to_owned()));
    assert_eq!(names(&scene, Some("c"), Page::default()).await, (1, "c".to_owned()));
    assert_eq!(names(&scene, Some("d"), Page::default()).await, (0, String::new()));
    assert_eq!(names(&scene, None, page(u32::MAX, u32::MAX)).await, (5, String::new()));
    let elsewhere = scene.store.space("u").unit();
    let mut elsewhere = Work::new(elsewhere, scene.now, "tester");
    assert_eq!(
        elsewhere.list_stores(None, Page::default(), StoreOrder::default()).await.unwrap().total,
        0
    );
}

#[tokio::test]
async fn stores_are_listed_by_name_or_age_from_either_end() {
    let mut scene = Scene::empty();
    for name in ["b", "c", "a"] {
        let mut work = scene.work();
        work.add_store(new(name)).await.unwrap();
        work.commit().await.unwrap();
        scene.pass("PT1S");
    }
    for (by_creation, descending, expected) in [
        (false, false, ["a b", "c"]),
        (false, true, ["c b", "a"]),
        (true, false, ["b c", "a"]),
        (true, true, ["a c", "b"]),
    ] {
        let order = StoreOrder { by_creation, descending };
        for (number, expected) in expected.into_iter().enumerate() {
            let page = Page::new(number as u32, 2);
            let found = scene.work().list_stores(None, page, order).await.unwrap();
            let names: Vec<_> = found.items.into_iter().map(|store| store.name).collect();
            assert_eq!((found.total, names.join(" ")), (3, expected.to_owned()), "{order:?}");
        }
    }
}

#[tokio::test]
async fn a_removed_store_is_gone_at_once_and_swept_little_by_little() {
    let mut scene = Scene::with_alice().await;
    scene.register(&crate::scene::external("alice"), "p", "secret").await;
    let mut work = scene.work();
    for _ in 0..4 {
        work.add_user("s", NewUser::default()).await.unwrap();
    }
    work.remove_store("s").await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    assert_eq!(work.read_store("s").await.unwrap_err().code(), 100);
    let anew = work.add_store(new("s")).await.unwrap();
    assert_eq!(work.list_users("s", Page::default(), false).await.unwrap().total, 0);
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.sequence_audit(100).await.unwrap();
    work.commit().await.unwrap();
    let mut swept = Vec::new();
    for _ in 0..4 {
        let mut work = scene.work();
        swept.push(work.sweep_removed_stores(2).await.unwrap());
        work.commit().await.unwrap();
    }
    assert_eq!(swept, [2, 2, 1, 0]);
    let rows = scene.rows().await;
    let rows: Vec<_> = rows.iter().filter(|row| !row.starts_with("audit")).collect();
    // The secret behind what strangers are shown is the tenant's.
    assert_eq!(rows.len(), 3, "{rows:#?}");
    assert!(scene.work().read_store("s").await.unwrap() == anew);
}
