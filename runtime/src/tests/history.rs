//! The history of an instance: every event in order, in parts, filtered, without values.

use expect_test::expect;
use storage::{Key, Table};

use super::*;

fn all() -> HistoryQuery {
    HistoryQuery { kinds: Vec::new(), element: None, after: 0, limit: 1000, values: true }
}

impl House {
    async fn told(&self, id: &str, query: &HistoryQuery) -> String {
        let history = self.rooms.instance_history(id, query).await.unwrap();
        let line = |event: &HistoryEvent| {
            let time = event.time.map_or("-".to_owned(), |time| time.strftime("%H:%M").to_string());
            let at = event.element_id.as_deref().unwrap_or("-");
            let data = Value::Object(event.data.clone());
            format!("{} {time} {} {at} {data}\n", event.sequence, event.kind)
        };
        let lines: String = history.events.iter().map(line).collect();
        lines + &history.next.map_or("the end".to_owned(), |next| format!("next {next}"))
    }

    /// An instance that was answered two minutes after it began.
    async fn answered(&self) -> String {
        let (id, secret, presented) = self.opened(ASK, json!({})).await;
        self.pass(2).await;
        self.rooms.submit(&id, Some(&secret), answer(&presented, "yes")).await.unwrap();
        id
    }
}

#[tokio::test]
async fn every_event_is_told_in_order_with_its_time() {
    let house = house().await;
    let id = house.answered().await;
    expect![[r#"
        1 12:00 started - {"variables":{"_initVars":{},"_initial":{}}}
        2 12:00 entered start {"path":0}
        3 12:00 entered customDataForm {"path":0}
        4 12:00 began customDataForm {"locals":{"dataFormName":"question","dataFormVersion":1,"formDataKey":"form1"},"path":0}
        5 12:00 armed customDataForm.timer {"due":"2026-03-01T12:05:00Z","path":0,"timer":0}
        6 12:00 waited customDataForm {"path":0}
        7 12:02 wrote customDataForm {"path":0,"writes":[{"at":["_customFormAttempts","form1"],"value":1},{"at":["_customFormData","form1"],"value":{"answer":"yes"}}]}
        8 12:02 disarmed customDataForm.timer {"timer":0}
        9 12:02 completed customDataForm {"path":0}
        10 12:02 entered done {"path":1}
        11 12:02 ended done {"path":1}
        12 12:02 finished - {}
        the end"#]].assert_eq(&house.told(&id, &all()).await);
}

#[tokio::test]
async fn a_kind_that_no_event_has_is_refused_with_those_that_there_are() {
    let house = house().await;
    let id = house.answered().await;
    for (kind, is_one) in [("entered", true), ("finished", true), ("nope", false), ("", false)] {
        let query = HistoryQuery { kinds: vec![kind.to_owned()], ..all() };
        match house.rooms.instance_history(&id, &query).await {
            Ok(history) => assert!(is_one && history.events.iter().all(|event| event.kind == kind)),
            Err(refused) => {
                let said =
                    format!("kind unknown kind of event `{kind}`, expected one of `started`");
                let refused = refused.to_string().replace(": ", " ");
                assert!(!is_one && refused.contains(&said), "{refused}");
            }
        }
    }
}

#[tokio::test]
async fn of_one_that_nobody_opened_it_tells_why_it_ended() {
    let house = house().await;
    house.deploy("ask", ASK).await;
    let token = house.token("ask", json!({"maxProcessDuration": "PT3M"})).await;
    let (by_hand, in_time) =
        (house.create(&token).await.unwrap(), house.create(&token).await.unwrap());
    house.rooms.cancel_instance(&by_hand, "not needed").await.unwrap();
    house.pass(3).await;
    let told = [house.told(&by_hand, &all()).await, house.told(&in_time, &all()).await].join("\n");
    expect![[r#"
        1 12:00 cancelled - {"reason":"not needed"}
        the end
        1 12:03 cancelled - {"reason":"the time for this instance is over"}
        the end"#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn without_the_permission_values_are_left_out() {
    let house = house().await;
    let id = house.answered().await;
    let told = house.told(&id, &HistoryQuery { values: false, ..all() }).await;
    assert!(!told.contains("yes"), "{told}");
    expect![[r#"
        1 12:00 started - {}
        2 12:00 entered start {"path":0}
        3 12:00 entered customDataForm {"path":0}
        4 12:00 began customDataForm {"path":0}
        5 12:00 armed customDataForm.timer {"due":"2026-03-01T12:05:00Z","path":0,"timer":0}
        6 12:00 waited customDataForm {"path":0}
        7 12:02 wrote customDataForm {"path":0,"writes":[{"at":["_customFormAttempts","form1"]},{"at":["_customFormData","form1"]}]}
        8 12:02 disarmed customDataForm.timer {"timer":0}
        9 12:02 completed customDataForm {"path":0}
        10 12:02 entered done {"path":1}
        11 12:02 ended done {"path":1}
        12 12:02 finished - {}
        the end"#]].assert_eq(&told);
}

#[tokio::test]
async fn a_history_is_read_in_parts_that_miss_nothing() {
    let house = house().await;
    let id = house.answered().await;
    let whole = house.rooms.instance_history(&id, &all()).await.unwrap();
    assert_eq!(whole.next, None);
    for limit in 1..=whole.events.len() as u32 + 1 {
        let (mut events, mut after) = (Vec::new(), Some(0));
        while let Some(from) = after {
            let query = HistoryQuery { after: from, limit, ..all() };
            let part = house.rooms.instance_history(&id, &query).await.unwrap();
            assert!(part.events.len() <= limit as usize);
            assert_ne!(part.next, Some(from), "it does not stand still");
            events.extend(part.events);
            after = part.next;
        }
        assert_eq!(events, whole.events, "in parts of {limit}");
    }
    for after in [whole.events.len() as u64, 1_000_000, u64::MAX] {
        let part = house.told(&id, &HistoryQuery { after, ..all() }).await;
        assert_eq!(part, "the end");
    }
    for limit in [0, 1001] {
        let refused = house.rooms.instance_history(&id, &HistoryQuery { limit, ..all() }).await;
        assert!(matches!(refused, Err(Error::Invalid { path, .. }) if path == "limit"));
    }
    let unknown = house.rooms.instance_history("X", &all()).await;
    assert!(matches!(unknown, Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn kinds_and_an_element_narrow_it() {
    let house = house().await;
    let id = house.answered().await;
    let kinds = vec!["entered".to_owned(), "ended".to_owned()];
    let told = house.told(&id, &HistoryQuery { kinds, ..all() }).await;
    expect![[r#"
        2 12:00 entered start {"path":0}
        3 12:00 entered customDataForm {"path":0}
        10 12:02 entered done {"path":1}
        11 12:02 ended done {"path":1}
        the end"#]]
    .assert_eq(&told);
    let element = Some("customDataForm".to_owned());
    let query = HistoryQuery { element, values: false, ..all() };
    expect![[r#"
        3 12:00 entered customDataForm {"path":0}
        4 12:00 began customDataForm {"path":0}
        6 12:00 waited customDataForm {"path":0}
        7 12:02 wrote customDataForm {"path":0,"writes":[{"at":["_customFormAttempts","form1"]},{"at":["_customFormData","form1"]}]}
        9 12:02 completed customDataForm {"path":0}
        the end"#]].assert_eq(&house.told(&id, &query).await);
}

#[tokio::test]
async fn a_history_from_before_times_were_kept_is_still_read() {
    let house = house().await;
    let id = house.answered().await;
    let old: Table<Vec<engine::Event>> = Table::new("process-instance-events");
    let events = vec![
        engine::Event::Started { variables: Map::new(), called: false },
        engine::Event::Finished,
    ];
    let mut unit = house.rooms.unit();
    unit.put(&old, Key::new().text(&id).number(0), &events).unwrap();
    unit.commit().await.unwrap();
    let told = house.told(&id, &HistoryQuery { limit: 2, ..all() }).await;
    expect![[r#"
        1 - started - {"variables":{}}
        2 - finished - {}
        next 2"#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn the_history_goes_with_its_instance() {
    let house = house().await;
    let id = house.answered().await;
    house.rooms.remove_instance(&id).await.unwrap();
    let rows: Table<Value> = Table::new("process-instance-events").shape(2);
    let left = house.rooms.unit().list(&rows, storage::Range::all(), 10).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_long_history_is_read_in_bounded_parts() {
    let house = house().await;
    house.deploy("endless", ENDLESS).await;
    let token = house.token("endless", json!({})).await;
    let id = house.create(&token).await.unwrap();
    let mut query = HistoryQuery { kinds: vec!["incidentRaised".to_owned()], ..all() };
    let first = house.rooms.instance_history(&id, &query).await.unwrap();
    assert!(first.events.is_empty(), "it is not among the first");
    query.after = first.next.unwrap();
    assert_eq!(query.after, 2500);
    let mut found = Vec::new();
    while let Some(next) = house
        .rooms
        .instance_history(&id, &query)
        .await
        .map(|part| {
            found.extend(part.events);
            part.next
        })
        .unwrap()
    {
        assert_eq!(next, query.after + 2500);
        query.after = next;
    }
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn a_part_ends_early_where_its_values_are_large() {
    let house = house().await;
    let source = "\nname: flooding\nsteps:\n  - activity: flood\n    \
                  with: { variables: 5, bytes: 1000000 }\n  - end: Done\n";
    house.deploy("flood", source).await;
    let token = house.token("flood", json!({})).await;
    let id = house.create(&token).await.unwrap();
    let first = house.rooms.instance_history(&id, &all()).await.unwrap();
    assert_eq!(first.events.last().unwrap().kind, "wrote");
    let rest = HistoryQuery { after: first.next.unwrap(), ..all() };
    let rest = house.rooms.instance_history(&id, &rest).await.unwrap();
    assert_eq!((rest.events.last().unwrap().kind.as_str(), rest.next), ("finished", None));
    let veiled = HistoryQuery { values: false, ..all() };
    let veiled = house.rooms.instance_history(&id, &veiled).await.unwrap();
    assert_eq!(veiled.events.len(), first.events.len() + rest.events.len());
}
