//! Queries of events: filters, orders, sets, bounds.

use serde_json::json;

use super::*;
use crate::NewUser;
use crate::scene::{Scene, external};

async fn walk(scene: &Scene, slice: usize) -> usize {
    let mut slices = 0;
    loop {
        let mut work = scene.work();
        let open = work.walk_events(slice).await.unwrap();
        work.commit().await.unwrap();
        if !open {
            return slices;
        }
        slices += 1;
    }
}

/// Alice registers, guesses wrong and right; a minute lies between.
async fn story() -> Scene {
    let mut scene = Scene::with_alice().await;
    let alice = external("alice");
    scene.pass("PT1M");
    scene.register(&alice, "p", "right").await;
    scene.pass("PT1M");
    scene.guess(&alice, "p", "wrong").await;
    scene.pass("PT1M");
    scene.guess(&alice, "p", "right").await;
    scene.pass("PT1M");
    scene.guess(&external("nobody"), "p", "wrong").await;
    let mut work = scene.work();
    work.sequence_audit(100).await.unwrap();
    work.commit().await.unwrap();
    scene
}

async fn start(scene: &Scene, query: serde_json::Value) -> Result<String, Error> {
    let mut work = scene.work();
    let id = work.start_event_query(serde_json::from_value(query).unwrap()).await?;
    work.commit().await.unwrap();
    Ok(id)
}

async fn read(scene: &Scene, id: &str, size: usize) -> String {
    let mut told = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let set = scene.work().read_events(id, token.as_deref(), size).await.unwrap();
        told.extend(set.events.iter().map(|event| event.event_type.name()));
        match set.next_token {
            None => return told.join(" ").to_lowercase(),
            next => token = next,
        }
    }
}

#[tokio::test]
async fn filters_choose_events_and_a_column_orders_them() {
    let scene = story().await;
    let alice = scene.work().read_user("s", &external("alice")).await.unwrap().id;
    let all = "store_added store_updated user_added passcode_registered passcode_refused \
               passcode_accepted passcode_refused";
    let cases = [
        (json!({}), all),
        (json!({ "storeName": "s" }), all),
        (json!({ "storeName": "x" }), ""),
        (json!({ "eventType": "PASSCODE_REFUSED" }), "passcode_refused passcode_refused"),
        (json!({ "reason": "USER_UNKNOWN" }), "passcode_refused"),
        (
            json!({ "userId": alice, "sort": "createDtm,desc" }),
            "passcode_accepted passcode_refused passcode_registered user_added",
        ),
        (
            json!({ "fromTime": "2025-02-05T13:59:35.626Z", "toTime": "2025-02-05T14:01:35.626Z" }),
            "passcode_registered passcode_refused",
        ),
        (
            json!({ "sort": "eventType" }),
            "passcode_accepted passcode_refused passcode_refused passcode_registered store_added \
             store_updated user_added",
        ),
        (
            json!({ "sort": "reason,DESC", "userId": alice }),
            "passcode_refused passcode_accepted passcode_registered user_added",
        ),
    ];
    for (query, expected) in cases {
        for (slice, size) in [(2, 3), (100, 1), (7, 100)] {
            let id = start(&scene, query.clone()).await.unwrap();
            walk(&scene, slice).await;
            assert_eq!(read(&scene, &id, size).await, expected, "{query} {slice} {size}");
        }
    }
}

#[tokio::test]
async fn an_execution_is_walked_in_slices_read_when_it_is_over_and_forgotten() {
    let mut scene = story().await;
    let id = start(&scene, json!({})).await.unwrap();
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(scene.work().read_event_query(&id).await.unwrap());
        let early = scene.work().read_events(&id, None, 10).await;
        assert_eq!(early.unwrap_err().code(), 824);
        let mut work = scene.work();
        assert!(work.walk_events(2).await.unwrap());
        work.commit().await.unwrap();
    }
    told.push(scene.work().read_event_query(&id).await.unwrap());
    use QueryStatus::{Queued, Running, Succeeded};
    assert_eq!(told, [Queued, Running, Running, Running, Succeeded]);
    assert_eq!(walk(&scene, 2).await, 0);
    scene.pass("PT1H");
    let mut swept = Vec::new();
    for _ in 0..4 {
        let mut work = scene.work();
        swept.push(work.sweep_event_queries(3).await.unwrap());
        work.commit().await.unwrap();
    }
    assert_eq!(swept, [3, 3, 2, 0]);
    assert_eq!(scene.work().read_event_query(&id).await.unwrap_err().code(), 823);
}

#[tokio::test]
async fn a_query_waits_for_what_happened_before_it() {
    let scene = Scene::with_alice().await;
    let id = start(&scene, json!({})).await.unwrap();
    assert_eq!(walk(&scene, 100).await, 0);
    assert_eq!(scene.work().read_event_query(&id).await.unwrap(), QueryStatus::Running);
    let mut work = scene.work();
    work.sequence_audit(100).await.unwrap();
    work.commit().await.unwrap();
    walk(&scene, 100).await;
    assert_eq!(read(&scene, &id, 100).await, "store_added store_updated user_added");
}

#[tokio::test]
async fn what_cannot_be_answered_has_its_code() {
    let scene = story().await;
    let [colour, up] = [json!({ "sort": "colour" }), json!({ "sort": "createDtm,up" })];
    let (colour, up) = (start(&scene, colour).await.unwrap(), start(&scene, up).await.unwrap());
    assert_eq!(walk(&scene, 100).await, 0, "what cannot be sorted is not walked");
    let codes = [
        scene.work().read_event_query(&colour).await.unwrap_err().code(),
        scene.work().read_event_query(&up).await.unwrap_err().code(),
        scene.work().read_events(&up, None, 1).await.unwrap_err().code(),
        scene.work().read_event_query("x").await.unwrap_err().code(),
        scene.work().read_events("x", None, 1).await.unwrap_err().code(),
    ];
    assert_eq!(codes, [825, 825, 824, 823, 824]);
    let id = start(&scene, json!({})).await.unwrap();
    walk(&scene, 100).await;
    for token in ["!", "", "AAAA"] {
        let read = scene.work().read_events(&id, Some(token), 1).await;
        assert_eq!(read.unwrap_err().code(), 824, "{token}");
    }
    for _ in 0..MOST_OPEN {
        start(&scene, json!({})).await.unwrap();
    }
    assert_eq!(start(&scene, json!({})).await.unwrap_err().code(), 822);
}

#[tokio::test]
async fn what_finds_more_than_a_million_events_fails_and_gives_none() {
    let scene = story().await;
    let (full, next) =
        (start(&scene, json!({})).await.unwrap(), start(&scene, json!({})).await.unwrap());
    let mut work = scene.work();
    let mut row = work.unit().find(&QUERIES, &full).await.unwrap().unwrap();
    row.found = MOST_FOUND;
    work.unit().put(&QUERIES, &full, &row).unwrap();
    work.commit().await.unwrap();
    walk(&scene, 100).await;
    let told = scene.work().read_event_query(&full).await.unwrap();
    assert_eq!(told, QueryStatus::Failed);
    let refused = scene.work().read_events(&full, None, 1).await.unwrap_err();
    assert_eq!(refused.code(), 824);
    assert!(refused.to_string().contains("more than a million"), "{refused}");
    // The next one in line is not held up.
    let told = scene.work().read_event_query(&next).await.unwrap();
    assert_eq!(told, QueryStatus::Succeeded);
}

#[tokio::test]
async fn results_do_not_name_a_user_who_was_erased_since() {
    let scene = story().await;
    let alice = scene.work().read_user("s", &external("alice")).await.unwrap().id;
    let mut ids = Vec::new();
    for query in [json!({}), json!({ "userId": alice }), json!({ "reason": "WRONG_PASSCODE" })] {
        ids.push(start(&scene, query).await.unwrap());
        walk(&scene, 100).await;
    }
    let rows = scene.store.space("t").unit();
    let table = Table::<serde_json::Value>::new("event-query-results");
    let kept = rows.list(&table, Range::all(), 100).await.unwrap();
    assert!(!format!("{kept:?}").contains(alice.as_str()), "only where they are is kept");
    let mut work = scene.work();
    work.remove_user("s", &external("alice")).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    let all = scene.work().read_events(&ids[0], None, 100).await.unwrap().events;
    assert_eq!(all.len(), 7);
    assert!(all.iter().all(|event| event.user_id.is_none()));
    assert_eq!(read(&scene, &ids[1], 1).await, "");
    assert_eq!(read(&scene, &ids[2], 1).await, "");
}

#[tokio::test]
async fn sets_go_on_behind_results_that_are_gone() {
    let scene = story().await;
    let mut work = scene.work();
    let bob = NewUser { external_id: Some("bob".to_owned()), ..NewUser::default() };
    work.add_user("s", bob).await.unwrap();
    work.commit().await.unwrap();
    scene.register(&external("bob"), "p", "right").await;
    scene.guess(&external("bob"), "p", "wrong").await;
    let mut work = scene.work();
    work.sequence_audit(100).await.unwrap();
    work.commit().await.unwrap();
    let id = start(&scene, json!({ "reason": "WRONG_PASSCODE" })).await.unwrap();
    walk(&scene, 100).await;
    assert_eq!(read(&scene, &id, 1).await, "passcode_refused passcode_refused");
    let mut work = scene.work();
    work.remove_user("s", &external("alice")).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(read(&scene, &id, 1).await, "passcode_refused");
}
