//! Instances that are held: what came meanwhile comes in the order of its time when they are
//! resumed, and nothing follows before.

use super::*;

/// Waits for a message for ten minutes, and notes what comes.
const WAITS: &str = r#"
name: waits
variables: { heard: "" }
steps:
  - id: news
    receive: news
    out: { heard: "${heard += text}" }
    on:
      - signal: alarm
        interrupting: false
        out: { heard: "${heard += '!'}" }
        then: end
      - timer: PT10M
        then: late
  - id: inTime
    script: "heard += ' in time'"
    result: heard
    then: end
  - id: late
    script: "heard += ' late'"
    result: heard
    then: end
"#;

impl House {
    async fn waiting(&self) -> String {
        self.deploy("waits", WAITS).await;
        self.create(&self.token("waits", json!({})).await).await.unwrap()
    }

    async fn say(&self, id: &str, text: &str) {
        let message = NewMessage {
            name: "news".to_owned(),
            business_key: Some(id.to_owned()),
            correlation_key: None,
            correlation_keys: Map::new(),
            variables: json!({ "text": text }).as_object().unwrap().clone(),
            time_to_live: Some("PT1H".to_owned()),
        };
        self.rooms.correlate_message(&message).await.unwrap();
    }

    async fn value(&self, id: &str, name: &str) -> Value {
        self.rooms.instance_variables(id).await.unwrap()[name].clone()
    }
}

#[tokio::test]
async fn what_came_to_a_held_instance_and_fell_due_there_comes_in_the_order_of_its_time() {
    // Minutes after which a message comes, and when a signal does; the timer is due after ten.
    for (message, signal, heard) in
        [(3, 5, "hello in time"), (5, 3, "!hello in time"), (12, 5, "! late"), (12, 14, " late")]
    {
        let house = house().await;
        let id = house.waiting().await;
        house.rooms.suspend_instance(&id, None).await.unwrap();
        for minute in 1..=15 {
            house.pass(1).await;
            if minute == message {
                house.say(&id, "hello").await;
            }
            if minute == signal {
                house.rooms.broadcast_signal("alarm", &Map::new()).await.unwrap();
            }
        }
        assert_eq!(house.status(&id).await, "Paused");
        house.rooms.resume_instance(&id).await.unwrap();
        house.runtime.fire_due().await.unwrap();
        assert_eq!(house.value(&id, "heard").await, heard, "{message} {signal}");
    }
}

#[tokio::test]
async fn what_is_set_in_a_held_instance_turns_its_conditions_when_it_is_resumed() {
    let house = house().await;
    let text = r#"
name: condition
variables: { n: 0 }
steps:
  - id: rest
    receive: never
    on:
      - condition: "${n > 2}"
        variable: n
        then: high
      - condition: "${n > 2}"
        variable: other
        then: wrong
  - id: high
    script: "'high'"
    result: way
    then: end
  - id: wrong
    script: "'wrong'"
    result: way
    then: end
"#;
    house.deploy("condition", text).await;
    let id = house.create(&house.token("condition", json!({})).await).await.unwrap();
    house.rooms.suspend_instance(&id, None).await.unwrap();
    for n in [9, 1, 7] {
        let set = json!({ "n": n }).as_object().unwrap().clone();
        house.rooms.set_variables(&id, None, &set).await.unwrap();
        assert_eq!(house.value(&id, "n").await, n);
        assert_eq!(house.status(&id).await, "Paused", "nothing follows from it yet");
    }
    house.rooms.resume_instance(&id).await.unwrap();
    assert_eq!(house.value(&id, "way").await, "high");
}

#[tokio::test]
async fn a_held_instance_that_moves_to_another_version_has_its_conditions_asked_when_it_is_resumed()
{
    let house = house().await;
    let version = |limit: u32| {
        format!(
            "
name: limited
variables: {{ n: 5 }}
steps:
  - id: rest
    receive: never
    on: [{{ condition: n > {limit}, then: high }}]
  - id: high
    script: \"'high'\"
    result: way
    then: end
"
        )
    };
    let from = house.deploy("limited", &version(9)).await.process_definition_id;
    let id = house.create(&house.token("limited", json!({})).await).await.unwrap();
    let to = house.deploy("limited", &version(3)).await.process_definition_id;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    let plan = Migration { from, to, elements: Default::default() };
    let moved = house.rooms.migrate_instances(&plan, None, None).await.unwrap();
    assert_eq!(moved.done, 1);
    assert_eq!(house.status(&id).await, "Paused", "nothing follows from it yet");
    house.rooms.resume_instance(&id).await.unwrap();
    assert_eq!(house.value(&id, "way").await, "high");
}

#[tokio::test]
async fn the_history_tells_who_held_an_instance_why_and_between_which_versions_it_moved() {
    let house = house().await;
    let id = house.waiting().await;
    let from = house.rooms.read_instance(&id).await.unwrap().process_defn_id;
    let longer = WAITS.replace("PT10M", "PT20M");
    let to = house.deploy("waits", &longer).await.process_definition_id;
    house.rooms.suspend_instance(&id, Some("a closer look")).await.unwrap();
    house.rooms.suspend_instance(&id, Some("it is held already")).await.unwrap();
    let plan = Migration { from: from.clone(), to: to.clone(), elements: Default::default() };
    house.rooms.migrate_instances(&plan, None, None).await.unwrap();
    house.rooms.resume_instance(&id).await.unwrap();
    house.rooms.resume_instance(&id).await.unwrap();
    let kinds = ["suspended", "migrated", "resumed"].map(str::to_owned).to_vec();
    // Nothing of this is the value of a variable.
    let query = HistoryQuery { kinds, element: None, after: 0, limit: 10, values: false };
    let told = house.rooms.instance_history(&id, &query).await.unwrap().events;
    let told: Vec<(&str, Value)> =
        told.iter().map(|one| (one.kind.as_str(), one.data.clone().into())).collect();
    let version = |id: &str, version: u32| json!({ "id": id, "version": version });
    let moved = json!({ "nodes": {}, "from": version(&from, 1), "to": version(&to, 2) });
    let by = house.rooms.by();
    assert_eq!(
        told,
        [
            ("suspended", json!({ "by": by, "reason": "a closer look" })),
            ("migrated", moved),
            ("resumed", json!({ "by": by })),
        ]
    );
}

#[tokio::test]
async fn a_migration_from_before_versions_were_recorded_is_still_read() {
    let old = r#"{"kind":"migrated","nodes":{"a":"b"}}"#;
    let event: engine::Event = serde_json::from_str(old).unwrap();
    assert_eq!(serde_json::to_string(&event).unwrap(), old);
}

const COUNTS: &str = r#"
name: counts
variables: { n: 0 }
steps:
  - receive: never
    id: rest
    on:
      - { signal: alarm, interrupting: false, out: { n: "${n + 1}" }, then: end }
      - { cycle: R/PT1S, interrupting: false, out: { n: "${n + 1}" }, then: end }
"#;

#[tokio::test]
async fn an_endless_cycle_of_a_held_instance_comes_once_for_all_that_it_missed() {
    let house = house().await;
    let id = house.create(&house.prepared(COUNTS).await).await.unwrap();
    house.rooms.suspend_instance(&id, None).await.unwrap();
    house.pass(60 * 24).await;
    house.rooms.resume_instance(&id).await.unwrap();
    house.runtime.fire_due().await.unwrap();
    assert_eq!(house.value(&id, "n").await, 1);
    for count in 2..=3 {
        house.clock.advance(SignedDuration::from_secs(1));
        house.runtime.fire_due().await.unwrap();
        assert_eq!(house.value(&id, "n").await, count, "it goes on in its rhythm");
    }
}

#[tokio::test]
async fn however_much_a_held_instance_hears_others_hear_it_too() {
    let house = house().await;
    let token = house.prepared(&COUNTS.replace("R/PT1S", "R/P1D")).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(house.create(&token).await.unwrap());
    }
    house.rooms.suspend_instance(&ids[0], None).await.unwrap();
    let megabyte = json!({ "text": "x".repeat(1 << 20).split_off(16) });
    for count in 1..=6 {
        let told = house.rooms.broadcast_signal("alarm", megabyte.as_object().unwrap()).await;
        assert_eq!(told.unwrap(), Broadcast { awaiting: 3, starts: 0, told: 3 });
        for id in &ids[1..] {
            assert_eq!(house.value(id, "n").await, count);
        }
    }
    house.rooms.resume_instance(&ids[0]).await.unwrap();
    assert_eq!(house.value(&ids[0], "n").await, 4, "the newest 4 MiB are kept for it");
}
