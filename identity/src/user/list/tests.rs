//! Lists of users: every page at both ends and between, with all that the users have, at a cost that is counted.

use super::*;
use crate::scene::{Scene, external};
use crate::{NewUser, UserProperty, UserSearch, Who};

async fn add(scene: &Scene, users: usize) {
    let mut work = scene.work();
    for number in 0..users {
        let external_id = Some(format!("u{number:04}"));
        work.add_user("s", NewUser { external_id, ..NewUser::default() }).await.unwrap();
    }
    work.commit().await.unwrap();
}

async fn listed(scene: &Scene, number: u32, size: u32) -> Listing<User> {
    scene.work().list_users("s", Page::new(number, size), false).await.unwrap()
}

async fn newest(scene: &Scene, number: u32, size: u32) -> Listing<User> {
    scene.work().list_users("s", Page::new(number, size), true).await.unwrap()
}

async fn found(scene: &Scene, size: u32) -> Listing<User> {
    let search =
        UserSearch { by: UserProperty::ExternalId, beginning: "u".to_owned(), descending: false };
    scene.work().search_users("s", Page::new(0, size), &search).await.unwrap()
}

#[tokio::test]
async fn the_pages_of_a_list_are_the_list_whatever_their_size() {
    let scene = Scene::with_alice().await;
    add(&scene, 16).await;
    let all: Vec<UserId> = listed(&scene, 0, 100).await.items.into_iter().map(|u| u.id).collect();
    assert_eq!(all.len(), 17);
    let mut backwards = all.clone();
    backwards.reverse();
    for size in 1..20 {
        let (mut pages, mut newest_pages) = (Vec::new(), Vec::new());
        for number in 0..20 {
            let (page, newest) =
                (listed(&scene, number, size).await, newest(&scene, number, size).await);
            assert_eq!((page.total, newest.total), (17, 17));
            pages.extend(page.items.into_iter().map(|user| user.id));
            newest_pages.extend(newest.items.into_iter().map(|user| user.id));
        }
        assert_eq!(pages, all, "pages of {size}");
        assert_eq!(newest_pages, backwards, "pages of {size}, the newest first");
    }
    let last = listed(&scene, u32::MAX, 1000).await;
    assert_eq!((last.total, last.items.len()), (17, 0));
    let last = newest(&scene, u32::MAX, 1000).await;
    assert_eq!((last.total, last.items.len()), (17, 0));
}

#[tokio::test]
async fn a_list_shows_of_each_user_what_the_user_shows_alone() {
    let scene = Scene::with_alice().await;
    add(&scene, 8).await;
    for (name, policies) in [("u0001", "p"), ("u0003", "pq"), ("alice", "q"), ("u0007", "p")] {
        for policy in policies.chars() {
            scene.register(&external(name), &policy.to_string(), "secret").await;
        }
    }
    let users = listed(&scene, 0, 100).await.items;
    assert_eq!(users.len(), 9);
    let passcodes = users.iter().map(|user| user.summary_info.passcodes.len());
    assert_eq!(passcodes.sum::<usize>(), 5);
    for user in users {
        let alone = scene.work().read_user("s", &Who::from(&user.id)).await.unwrap();
        assert_eq!(user, alone);
    }
}

#[tokio::test]
async fn a_found_user_costs_a_look_and_another_for_the_credentials_there_are() {
    let scene = Scene::with_alice().await;
    add(&scene, 200).await;
    let looks = async |size: u32| {
        let before = scene.store.looks();
        let found = found(&scene, size).await;
        assert_eq!(found.items.len() as u32, size);
        scene.store.looks() - before
    };
    // The store and its name, the index, four sorts of credentials, and who comes after the last user.
    let few = 8;
    for size in [1, 10, 100] {
        let looks = looks(size).await;
        assert!(looks <= u64::from(size) + few, "{looks} looks for {size} users");
    }
    for number in [3, 5, 8] {
        scene.register(&external(&format!("u{number:04}")), "p", "secret").await;
    }
    let with_passcodes = looks(10).await;
    assert!(with_passcodes <= 10 + 3 + few, "{with_passcodes} looks");
}

#[tokio::test]
async fn a_page_at_either_end_of_a_list_reads_no_more_than_the_first_in_either_direction() {
    let scene = Scene::with_alice().await;
    add(&scene, 2999).await;
    let read = async |number: u32, newest_first: bool| {
        let before = scene.store.bytes_read();
        let page = Page::new(number, 10);
        let found = scene.work().list_users("s", page, newest_first).await.unwrap();
        assert_eq!(found.items.len(), 10);
        scene.store.bytes_read() - before
    };
    let first = read(0, false).await;
    for newest_first in [false, true] {
        for number in [0, 299] {
            let end = read(number, newest_first).await;
            assert!(end <= first * 5 / 4, "{end} bytes for page {number}, {first} for the first");
        }
        let middle = read(149, newest_first).await;
        assert!(middle > 2 * first, "what is passed over counts: {middle}");
    }
}

#[tokio::test]
async fn whoever_comes_and_goes_in_the_same_work_is_counted_on_every_page() {
    let scene = Scene::with_alice().await;
    add(&scene, 20).await;
    let mut work = scene.work();
    work.remove_user("s", &external("u0002")).await.unwrap();
    work.add_user("s", NewUser::default()).await.unwrap();
    work.add_user("s", NewUser::default()).await.unwrap();
    // What this work did itself counts as well.
    let mut seen = BTreeSet::new();
    for number in 0..3 {
        let page = work.list_users("s", Page::new(number, 8), false).await.unwrap();
        assert_eq!((page.total, page.items.len()), (22, if number < 2 { 8 } else { 6 }));
        seen.extend(page.items.into_iter().map(|user| user.id));
    }
    assert_eq!(seen.len(), 22);
}
