//! Searches by the beginning of a property, in both directions, while users come, change and go.

use super::*;
use crate::scene::{Scene, external};
use crate::{NewUser, UserChange};

async fn add(work: &mut Work, name: &str, email: &str, last: &str) {
    let attributes = [("email", email), ("lastName", last)].into_iter();
    let attributes = attributes.filter(|(_, value)| !value.is_empty());
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let new = NewUser { external_id: Some(name.to_owned()), attributes, ..NewUser::default() };
    work.add_user("s", new).await.unwrap();
}

/// The external identifiers of the users found, after how many there are.
async fn found(scene: &Scene, by: UserProperty, beginning: &str, descending: bool) -> String {
    let search = UserSearch { by, beginning: beginning.to_owned(), descending };
    let listing = scene.work().search_users("s", Page::default(), &search).await.unwrap();
    let names = listing.items.into_iter().map(|user| user.external_id.unwrap());
    format!("{}: {}", listing.total, names.collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn users_are_found_by_the_beginning_of_what_is_known_of_them() {
    use UserProperty::{Email, ExternalId, LastName};
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    add(&mut work, "Bob", "bob@example.org", "Zuse").await;
    add(&mut work, "bea", "Bea@example.org", "Ünal").await;
    add(&mut work, "carl", "", "zimmer").await;
    add(&mut work, "dora", "BOB@example.com", "Zim").await;
    work.commit().await.unwrap();
    #[rustfmt::skip]
    let cases = [
        (ExternalId, "",      false, "5: alice bea Bob carl dora"),
        (ExternalId, "",      true,  "5: dora carl Bob bea alice"),
        (ExternalId, "b",     false, "2: bea Bob"),
        (ExternalId, "B",     true,  "2: Bob bea"),
        (ExternalId, "bob",   false, "1: Bob"),
        (ExternalId, "bobby", false, "0: "),
        (ExternalId, "aa",    true,  "0: "),
        (Email,      "",      false, "3: bea dora Bob"),
        (Email,      "bob@",  false, "2: dora Bob"),
        (Email,      "bob@",  true,  "2: Bob dora"),
        (LastName,   "zim",   false, "2: dora carl"),
        (LastName,   "ZIM",   true,  "2: carl dora"),
        (LastName,   "ü",     false, "1: bea"),
    ];
    for (by, beginning, descending, expected) in cases {
        assert_eq!(found(&scene, by, beginning, descending).await, expected, "{by:?} {beginning}");
    }
}

#[tokio::test]
async fn the_index_follows_its_users() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    add(&mut work, "bob", "bob@example.org", "Zuse").await;
    work.commit().await.unwrap();
    let change = |json| serde_json::from_value::<UserChange>(json).unwrap();
    let mut work = scene.work();
    let new = serde_json::json!({ "externalId": "rob", "attributes": { "email": "rob@example.org", "lastName": null } });
    work.update_user("s", &external("bob"), change(new)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(found(&scene, UserProperty::Email, "bob", false).await, "0: ");
    assert_eq!(found(&scene, UserProperty::Email, "rob", false).await, "1: rob");
    assert_eq!(found(&scene, UserProperty::LastName, "", false).await, "0: ");
    assert_eq!(found(&scene, UserProperty::ExternalId, "bob", false).await, "0: ");
    let mut work = scene.work();
    work.remove_user("s", &external("rob")).await.unwrap();
    work.commit().await.unwrap();
    let rows = scene.store.space("t").unit().list(&BY_PROPERTY, Range::all(), 10).await.unwrap();
    assert_eq!(rows.len(), 1, "alice alone");
}

#[tokio::test]
async fn long_lists_are_paged_in_both_directions_and_counted_a_hundred_beyond_the_page() {
    let scene = Scene::with_alice().await;
    for hundred in 0..13 {
        let mut work = scene.work();
        for one in 0..100 {
            let name = format!("u{:04}", hundred * 100 + one);
            add(&mut work, &name, "same@example.org", "").await;
        }
        work.commit().await.unwrap();
    }
    for (descending, first) in [(false, "u0120"), (true, "u1179")] {
        let search =
            UserSearch { by: UserProperty::ExternalId, beginning: "u".to_owned(), descending };
        let page = Page::new(12, 10);
        let listing = scene.work().search_users("s", page, &search).await.unwrap();
        assert_eq!(listing.total, 130 + 100);
        assert_eq!(listing.items[0].external_id.as_deref(), Some(first));
        let listing = scene.work().search_users("s", Page::new(1, 1000), &search).await.unwrap();
        assert_eq!((listing.total, listing.items.len()), (1300, 300));
    }
    let search =
        UserSearch { by: UserProperty::Email, beginning: "same".to_owned(), descending: false };
    let listing = scene.work().search_users("s", Page::new(1, 1000), &search).await.unwrap();
    assert_eq!(listing.items.len(), 300);
}

#[test]
fn a_long_value_is_cut_where_a_character_ends() {
    assert_eq!(folded(&"İÜ".repeat(200)).chars().count(), LONGEST);
}

#[tokio::test]
async fn rows_of_earlier_versions_which_hold_the_identifier_as_well_are_found() {
    let scene = Scene::with_alice().await;
    let mut unit = scene.store.space("t").unit();
    let [key] = &unit.list_keys(&BY_PROPERTY, Range::all(), 10).await.unwrap()[..] else {
        panic!()
    };
    let former = Table::<UserId>::new("users-by-property");
    unit.put(&former, key, &user_of(key).unwrap()).unwrap();
    unit.commit().await.unwrap();
    assert_eq!(found(&scene, UserProperty::ExternalId, "al", false).await, "1: alice");
}

#[tokio::test]
async fn a_long_beginning_is_compared_as_a_whole() {
    let scene = Scene::with_alice().await;
    let mut work = scene.work();
    let (long, other) = (format!("{}YA", "z".repeat(100)), format!("{}xa", "z".repeat(100)));
    add(&mut work, "one", &long, "").await;
    add(&mut work, "two", &other, "").await;
    add(&mut work, "three", &"z".repeat(100), "").await;
    add(&mut work, "four", &format!("{}YB", "z".repeat(100)), "").await;
    work.commit().await.unwrap();
    for (beginning, expected) in [
        ("z".repeat(100), 4),
        (format!("{}y", "Z".repeat(100)), 2),
        (format!("{}x", "z".repeat(100)), 1),
        (format!("{}q", "z".repeat(100)), 0),
        ("z".repeat(101), 0),
    ] {
        for descending in [false, true] {
            let told = found(&scene, UserProperty::Email, &beginning, descending).await;
            assert!(told.starts_with(&format!("{expected}: ")), "{beginning}: {told}");
        }
    }
    let (by, beginning) = (UserProperty::Email, format!("{}y", "z".repeat(100)));
    let search = UserSearch { by, beginning, descending: false };
    let second = scene.work().search_users("s", Page::new(1, 1), &search).await.unwrap();
    assert_eq!((second.total, second.items.len()), (2, 1));
}
