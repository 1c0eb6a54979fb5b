//! Users, from their first row to their last.

use expect_test::expect;

use super::*;
use crate::scene::{Scene, external};
use crate::{Listing, Page, Work};

fn named(external_id: &str) -> NewUser {
    NewUser { external_id: Some(external_id.to_owned()), ..NewUser::default() }
}

fn renamed(external_id: &str) -> UserChange {
    UserChange { external_id: Some(external_id.to_owned()), ..UserChange::default() }
}

fn status(status: UserStatus) -> UserChange {
    UserChange { status: Some(status), ..UserChange::default() }
}

async fn listed(work: &mut Work, page: Page, filter: Option<&str>) -> (u64, String) {
    let search = |beginning: &str| UserSearch {
        by: UserProperty::ExternalId,
        beginning: beginning.to_owned(),
        descending: false,
    };
    let Listing { total, items } = match filter.filter(|beginning| !beginning.is_empty()) {
        Some(beginning) => work.search_users("s", page, &search(beginning)).await.unwrap(),
        None => work.list_users("s", page, false).await.unwrap(),
    };
    let names = items.into_iter().map(|user| user.external_id.unwrap_or_else(|| "-".to_owned()));
    (total, names.collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_new_user_has_the_defaults_of_the_store_and_its_rows() {
    let mut scene = Scene::with_alice().await;
    let mut work = scene.work();
    let user = work
        .add_user(
            "s",
            NewUser {
                attributes: BTreeMap::from([("email".to_owned(), "bob@example.org".to_owned())]),
                status: Some(UserStatus::PendingActive),
                ..named("bob")
            },
        )
        .await
        .unwrap();
    work.commit().await.unwrap();
    expect![[r##"
        + users #1/#6 {"attributes":{"email":"bob@example.org"},"createdBy":"tester","createdDtm":"2025-02-05T13:58:35.626Z","externalId":"bob","id":"#6","lastAuthenticatedDtm":null,"lastUpdatedBy":"tester","lastUpdatedDtm":"2025-02-05T13:58:35.626Z","locale":"en_US","locks":{"failures":0,"lock":null},"standing":"PENDING_ACTIVE","timezone":"US/Eastern"}
        + users-by-external-id #1/bob "#6"
        + users-by-creation #1/1738763915626/#6 "#6"
        + users-by-property #1/email/bob@example.org/#6 null
        + users-by-property #1/externalId/bob/#6 null
        + audit 1738763915626/1/#7 {"action":"USER_ADDED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","storeId":"#1","storeName":"s","userId":"#6"}
    "##]].assert_eq(&scene.changes().await);
    let json = serde_json::to_string_pretty(&user).unwrap();
    expect![[r##"
        {
          "id": "#6",
          "externalId": "bob",
          "status": "PENDING_ACTIVE",
          "locale": "en_US",
          "timezone": "US/Eastern",
          "attributes": {
            "email": "bob@example.org"
          },
          "lockInfo": {
            "invalidCount": 0
          },
          "summaryInfo": {
            "passcodes": [],
            "passkeys": [],
            "totps": [],
            "recoveryCodes": []
          },
          "createdDtm": "2025-02-05T13:58:35.626Z",
          "lastUpdatedDtm": "2025-02-05T13:58:35.626Z",
          "createdBy": "tester",
          "lastUpdatedBy": "tester"
        }"##]]
    .assert_eq(&scene.named(&json));
    let mut work = scene.work();
    assert_eq!(work.read_user("s", &Who::from(&user.id)).await.unwrap(), user);
    assert_eq!(work.read_user("s", &external("bob")).await.unwrap(), user);
}

#[tokio::test]
async fn an_external_identifier_belongs_to_one_user_of_a_store() {
    let mut scene = Scene::with_alice().await;
    let mut work = scene.work();
    assert_eq!(work.add_user("s", named("alice")).await.unwrap_err().code(), 504);
    let bob = work.add_user("s", named("bob")).await.unwrap();
    let bob = Who::from(&bob.id);
    assert_eq!(work.update_user("s", &bob, renamed("alice")).await.unwrap_err().code(), 504);
    work.update_user("s", &bob, renamed("bob")).await.unwrap();
    work.update_user("s", &external("alice"), renamed("carol")).await.unwrap();
    work.update_user("s", &bob, renamed("alice")).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    assert_eq!(work.read_user("s", &external("bob")).await.unwrap_err().code(), 503);
    assert_eq!(Who::from(&work.read_user("s", &external("alice")).await.unwrap().id), bob);
    work.update_user("s", &bob, renamed("")).await.unwrap();
    work.add_user("s", named("alice")).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(scene.work().read_user("s", &bob).await.unwrap().external_id, None);
    let lines = scene.changes().await;
    assert_eq!(lines.matches("users-by-external-id").count(), 3, "{lines}");
}

#[tokio::test]
async fn two_users_of_one_external_identifier_added_at_the_same_time_conflict() {
    let scene = Scene::with_alice().await;
    let (mut one, mut other) = (scene.work(), scene.work());
    one.add_user("s", named("bob")).await.unwrap();
    other.add_user("s", named("bob")).await.unwrap();
    one.commit().await.unwrap();
    assert!(other.commit().await.unwrap_err().is_conflict());
    let mut again = scene.work();
    assert_eq!(again.add_user("s", named("bob")).await.unwrap_err().code(), 504);
}

#[tokio::test]
async fn a_change_of_a_user_writes_one_row_and_one_entry() {
    let mut scene = Scene::with_alice().await;
    scene.pass("PT1M");
    let mut work = scene.work();
    let change = UserChange {
        attributes: BTreeMap::from([
            ("a".to_owned(), Some("1".to_owned())),
            ("b".to_owned(), None),
        ]),
        locale: Some("de_DE".to_owned()),
        timezone: Some("Europe/Berlin".to_owned()),
        ..status(UserStatus::Locked)
    };
    let user = work.update_user("s", &external("alice"), change).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(user.status, UserStatus::Locked);
    expect![[r##"
        - users #1/#2 {"attributes":{},"createdBy":"tester","createdDtm":"2025-02-05T13:58:35.626Z","externalId":"alice","id":"#2","lastAuthenticatedDtm":null,"lastUpdatedBy":"tester","lastUpdatedDtm":"2025-02-05T13:58:35.626Z","locale":"en_US","locks":{"failures":0,"lock":null},"standing":"ACTIVE","timezone":"US/Eastern"}
        + users #1/#2 {"attributes":{"a":"1"},"createdBy":"tester","createdDtm":"2025-02-05T13:58:35.626Z","externalId":"alice","id":"#2","lastAuthenticatedDtm":null,"lastUpdatedBy":"tester","lastUpdatedDtm":"2025-02-05T13:59:35.626Z","locale":"de_DE","locks":{"failures":0,"lock":"permanent"},"standing":"ACTIVE","timezone":"Europe/Berlin"}
        + audit 1738763975626/1/#6 {"action":"USER_UPDATED","by":"tester","dtm":"2025-02-05T13:59:35.626Z","storeId":"#1","storeName":"s","userId":"#2"}
    "##]].assert_eq(&scene.changes().await);
}

#[tokio::test]
async fn a_change_of_status_takes_no_lock_off() {
    use UserStatus::{Active, Disabled, Locked, PendingActive, TempLocked};
    let scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    for _ in 0..3 {
        scene.guess(&external("alice"), "p", "wrong").await;
    }
    let mut work = scene.work();
    let shown = work.read_user("s", &external("alice")).await.unwrap();
    assert_eq!(shown.status, TempLocked);
    let refused = |from: UserStatus, to: UserStatus| {
        Some(format!("506: a user who is {} cannot be made {}", from.as_str(), to.as_str()))
    };
    for (to, told) in [
        (Active, refused(TempLocked, Active)),
        (PendingActive, refused(TempLocked, PendingActive)),
        (Locked, None),
        (Active, refused(Locked, Active)),
        (Disabled, None),
        (Active, refused(Locked, Active)),
        (TempLocked, refused(Locked, TempLocked)),
    ] {
        let changed = work.update_user("s", &external("alice"), status(to)).await;
        let error = changed.as_ref().err().map(|error| format!("{}: {error}", error.code()));
        assert_eq!(error, told, "{to:?}");
        assert!(changed.is_err() || changed.unwrap().status == to);
    }
    let unlocked = work.unlock_user("s", &external("alice")).await.unwrap();
    assert_eq!((unlocked.status, unlocked.lock_info.invalid_count), (Disabled, 0));
    let enabled = work.update_user("s", &external("alice"), status(Active)).await.unwrap();
    assert_eq!(enabled.status, Active);
}

#[tokio::test]
async fn a_removed_user_leaves_only_the_audit() {
    let mut scene = Scene::with_alice().await;
    let mut work = scene.work();
    work.add_user("s", named("bob")).await.unwrap();
    work.commit().await.unwrap();
    scene.register(&external("bob"), "p", "secret").await;
    scene.register(&external("bob"), "q", "secret").await;
    let mut work = scene.work();
    work.remove_user("s", &external("bob")).await.unwrap();
    assert_eq!(work.remove_user("s", &external("bob")).await.unwrap_err().code(), 503);
    work.commit().await.unwrap();
    let lines = scene.changes().await;
    // The secret behind what strangers are shown is the tenant's.
    let of_user = |line: &&str| !line.starts_with("+ passcode-decoys secret");
    assert!(lines.lines().filter(of_user).all(|line| line.starts_with("+ audit")), "{lines}");
    assert_eq!(listed(&mut scene.work(), Page::default(), None).await, (1, "alice".to_owned()));
}

#[tokio::test]
async fn a_passcode_registered_while_its_user_is_removed_conflicts() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let start = work.start_passcode_registration("s", &external("alice"), "p").await.unwrap();
    work.commit().await.unwrap();
    let (mut one, mut other) = (scene.work(), scene.work());
    let session = &start.session_id;
    one.complete_passcode_registration("s", session, Some(&vec![9; 256].into())).await.unwrap();
    other.remove_user("s", &external("alice")).await.unwrap();
    one.commit().await.unwrap();
    assert!(other.commit().await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn users_are_listed_oldest_first_or_by_the_beginning_of_their_external_identifier() {
    let mut scene = Scene::with_alice().await;
    for name in ["zoe", "al", "bob", "alba", "b\u{10FFFF}"] {
        scene.pass("PT1S");
        let mut work = scene.work();
        work.add_user("s", named(name)).await.unwrap();
        work.commit().await.unwrap();
    }
    scene.pass("PT1S");
    let mut work = scene.work();
    work.add_user("s", NewUser::default()).await.unwrap();
    let all = "alice zoe al bob alba b\u{10FFFF} -".to_owned();
    let page = Page::new;
    assert_eq!(listed(&mut work, Page::default(), None).await, (7, all.clone()));
    assert_eq!(listed(&mut work, Page::default(), Some("")).await, (7, all));
    assert_eq!(listed(&mut work, page(1, 2), None).await, (7, "al bob".to_owned()));
    assert_eq!(listed(&mut work, page(9, 2), None).await, (7, String::new()));
    let cases = [
        ("al", "al alba alice"),
        ("ali", "alice"),
        ("alice", "alice"),
        ("alicea", ""),
        ("b", "bob b\u{10FFFF}"),
        ("z", "zoe"),
        ("AL", "al alba alice"),
    ];
    for (filter, names) in cases {
        let total = names.split_whitespace().count() as u64;
        let found = listed(&mut work, Page::default(), Some(filter)).await;
        assert_eq!(found, (total, names.to_owned()), "{filter}");
    }
    assert_eq!(listed(&mut work, page(1, 2), Some("al")).await, (3, "alice".to_owned()));
}

#[tokio::test]
async fn a_page_far_into_a_long_list_is_found() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    for number in 0..2100 {
        work.add_user("s", named(&format!("u{number:04}"))).await.unwrap();
    }
    work.commit().await.unwrap();
    let mut work = scene.work();
    let (total, names) = listed(&mut work, Page::new(209, 10), None).await;
    assert_eq!((total, names.split(' ').count()), (2101, 10));
    assert_eq!(listed(&mut work, Page::new(210, 10), None).await.1.split(' ').count(), 1);
    let found = listed(&mut work, Page::new(2050, 1), Some("u")).await;
    assert_eq!(found, (2100, "u2050".to_owned()));
}

#[tokio::test]
async fn what_is_not_usable_in_a_user_is_said_all_at_once() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let new = NewUser {
        external_id: Some("a\nb".to_owned()),
        locale: Some("?".to_owned()),
        timezone: Some("?".to_owned()),
        attributes: BTreeMap::from([
            (String::new(), String::new()),
            ("long".to_owned(), "l".repeat(8193)),
        ]),
        status: None,
    };
    let error = work.add_user("s", new).await.unwrap_err();
    expect!["the user is not usable: externalId: it has 1 to 255 bytes and no control characters; locale: a locale is a language and perhaps a region, such as `en_US`; timezone: a time zone is a name such as `US/Eastern`; attributes.: it has 1 to 255 bytes and no control characters; attributes.long: a value has at most 8192 bytes"].assert_eq(&error.to_string());
    let many = (0..101).map(|n| (n.to_string(), String::new())).collect();
    let error = work.add_user("s", NewUser { attributes: many, ..NewUser::default() }).await;
    assert_eq!(error.unwrap_err().flaws()[0].path, "attributes");
    let long = work.add_user("s", named(&"n".repeat(256))).await.unwrap_err();
    assert_eq!(long.flaws()[0].path, "externalId");
    let locked = NewUser { status: Some(UserStatus::TempLocked), ..NewUser::default() };
    assert_eq!(work.add_user("s", locked).await.unwrap_err().code(), 506);
    assert!(work.into_unit().is_clean());
}

#[tokio::test]
async fn whoever_is_missing_is_told_by_the_kind_of_name() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let id = Who::Id("AAAAAAAAAAAAAAAAAAAAAAAAAA".into());
    assert_eq!(work.read_user("s", &id).await.unwrap_err().code(), 500);
    assert_eq!(work.read_user("s", &external("bob")).await.unwrap_err().code(), 503);
    assert_eq!(work.read_user("nowhere", &id).await.unwrap_err().code(), 100);
    assert_eq!(Who::from_parts(None, Some("")).unwrap_err().code(), 501);
    assert_eq!(Who::from_parts(Some(""), Some("bob")).unwrap(), external("bob"));
    assert_eq!(Who::from_parts(Some("X"), Some("bob")).unwrap(), Who::Id("X".into()));
}

#[test]
fn a_change_may_take_an_attribute_away_and_knows_no_other_members() {
    let change: UserChange = serde_json::from_str(r#"{"attributes":{"a":null,"b":"1"}}"#).unwrap();
    assert_eq!(change.attributes["a"], None);
    assert_eq!(change.attributes["b"].as_deref(), Some("1"));
    assert!(serde_json::from_str::<UserChange>(r#"{"attribute":{}}"#).is_err());
    assert!(serde_json::from_str::<NewUser>(r#"{"externalID":"x"}"#).is_err());
}
