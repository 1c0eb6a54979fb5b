//! What begins an instance: messages, signals, timers and conditions at start events, receive tasks
//! and event gateways, and what the rest of several triggers do then.

use super::*;

const ORDERED: &str = r#"
name: ordered
steps:
  - { id: order, receive: order, starts: true, out: { got: "${item}" } }
  - { catch: Paid, message: paid }
  - end: Done
"#;

const FIRST: &str = r#"
name: first
steps:
  - { id: which, starts: true, await: [one, two] }
  - { catch: One, id: one, message: one, then: after }
  - { catch: Two, id: two, message: two, out: { got: "${item}" }, then: after }
  - { id: after, catch: Paid, message: paid }
  - end: Done
"#;

const RACE: &str = r#"
name: race
steps:
  - { id: which, starts: true, await: [one, two, three, four] }
  - { catch: One, id: one, message: one, out: { got: "one" }, then: after }
  - { catch: Two, id: two, signal: two, out: { got: "${item}" }, then: after }
  - { catch: Three, id: three, timer: PT10M, out: { got: "three" }, then: after }
  - { catch: Four, id: four, condition: degrees > 38, variable: degrees, out: { got: "four" }, then: after }
  - { id: after, catch: Paid, message: paid }
  - end: Done
"#;

const ANY: &str = r#"
name: any
steps:
  - { start: Begin, id: begin, any: [{ message: order }, { signal: alarm }, { cycle: R2/PT10M }, { condition: degrees > 38 }], out: { got: "${execution.hasVariable('item') ? item : 'nothing'}" } }
  - { catch: Paid, message: paid }
  - end: Done
"#;

const ALL: &str = r#"
name: all
steps:
  - { start: Begin, id: begin, all: [{ message: order }, { message: payment }, { signal: alarm }], then: after }
  - { id: after, script: "${item + sum}", result: got }
  - end: Done
"#;

impl House {
    pub(super) async fn tell(
        &self,
        name: &str,
        key: &str,
        payload: Value,
    ) -> Result<Correlated, Error> {
        let message = NewMessage {
            name: name.to_owned(),
            business_key: Some(key.to_owned()),
            correlation_key: None,
            correlation_keys: Map::new(),
            variables: payload.as_object().unwrap().clone(),
            time_to_live: None,
        };
        self.rooms.correlate_message(&message).await
    }

    async fn begins(&self, name: &str, key: &str, payload: Value) -> String {
        match self.tell(name, key, payload).await.unwrap() {
            Correlated::Started { process_instance_id } => process_instance_id,
            other => panic!("{name} {key}: {other:?}"),
        }
    }

    async fn reaches(&self, id: &str, name: &str, key: &str, payload: Value) {
        let told = self.tell(name, key, payload).await.unwrap();
        assert_eq!(told, Correlated::Delivered { process_instance_id: id.to_owned() });
    }
}

#[tokio::test]
async fn a_receive_task_begins_an_instance_with_each_message() {
    let house = house().await;
    house.deploy("ordered", ORDERED).await;
    let one = house.begins("order", "A", json!({"item": "pen"})).await;
    let other = house.begins("order", "B", json!({"item": "ink"})).await;
    assert_eq!(house.got(&one).await, (json!("pen"), "In Progress"));
    house.reaches(&other, "paid", "B", json!({})).await;
    assert_eq!(house.got(&other).await, (json!("ink"), "Accepted"));
    assert_eq!(house.got(&one).await.1, "In Progress");
    // Nothing else begins it: it has no plain start.
    let token = house.token("ordered", json!({})).await;
    let refused = house.create(&token).await.unwrap_err().to_string();
    assert!(refused.contains("no plain start"), "{refused}");
}

#[tokio::test]
async fn a_message_that_an_instance_sends_begins_another() {
    let house = house().await;
    house.deploy("ordered", ORDERED).await;
    let sender = "\nname: sender\nsteps:\n  - { send: order, with: { item: \"${'pen'}\" } }";
    house.deploy("sender", sender).await;
    let token = house.token("sender", json!({})).await;
    house.create(&token).await.unwrap();
    assert_eq!(house.all_of("ordered").await.len(), 0, "it is delivered after the commit");
    house.pass(0).await;
    let begun = house.all_of("ordered").await;
    assert_eq!((begun.len(), house.got(&begun[0].id).await.0), (1, json!("pen")));
}

#[tokio::test]
async fn an_event_gateway_begins_an_instance_with_the_first_of_its_messages() {
    let house = house().await;
    house.deploy("first", FIRST).await;
    let one = house.begins("two", "A", json!({"item": "pen"})).await;
    assert_eq!(house.got(&one).await, (json!("pen"), "In Progress"));
    // The other one is not awaited by that instance; it begins its own.
    let other = house.begins("one", "A", json!({})).await;
    assert_ne!(one, other);
    house.rooms.remove_instance(&other).await.unwrap();
    house.reaches(&one, "paid", "A", json!({})).await;
    assert_eq!(house.status(&one).await, "Accepted");
}

#[tokio::test]
async fn an_event_gateway_may_need_all_its_messages_in_any_order_also_after_a_restart() {
    let folder = Folder::new();
    let clock = noon();
    let house = open(Some(&folder.0), &clock).await;
    house.deploy("first", &FIRST.replace("starts: true", "starts: all")).await;
    let id = house.begins("two", "A", json!({"item": "pen"})).await;
    house.reaches(&id, "paid", "A", json!({})).await;
    assert_eq!(house.got(&id).await, (json!("pen"), "In Progress"), "the other is missing");
    let other = house.begins("two", "B", json!({"item": "ink"})).await;
    house.runtime.close().await;
    drop(house);
    let house = open(Some(&folder.0), &clock).await;
    house.reaches(&id, "one", "A", json!({})).await;
    assert_eq!(house.status(&id).await, "In Progress", "paid is awaited once more");
    house.reaches(&id, "paid", "A", json!({})).await;
    assert_eq!((house.status(&id).await, house.status(&other).await), ("Accepted", "In Progress"));
}

#[tokio::test]
async fn a_start_event_with_several_triggers_begins_an_instance_with_each_of_them() {
    let house = house().await;
    house.deploy("any", ANY).await;
    let by_message = house.begins("order", "A", json!({"item": "pen"})).await;
    assert_eq!(house.got(&by_message).await.0, json!("pen"));
    let payload = json!({"item": "ink"});
    let told = house.rooms.broadcast_signal("alarm", payload.as_object().unwrap()).await.unwrap();
    assert_eq!((told.starts, told.told), (1, 1));
    house.pass(10).await;
    house.pass(10).await;
    house.pass(10).await;
    let hot = json!({"degrees": 39, "item": "ice"});
    let asked = house.rooms.evaluate_conditions(hot.as_object().unwrap(), None).await.unwrap();
    assert!(asked[0].process_instance_id.is_some(), "{asked:?}");
    let mut got = Vec::new();
    for one in house.all_of("any").await {
        got.push(house.got(&one.id).await.0.as_str().unwrap().to_owned());
    }
    got.sort_unstable();
    assert_eq!(got, ["ice", "ink", "nothing", "nothing", "pen"]);
    house.reaches(&by_message, "paid", "A", json!({})).await;
    assert_eq!(house.status(&by_message).await, "Accepted");
}

#[tokio::test]
async fn a_start_event_that_needs_all_its_triggers_goes_on_with_the_last_also_after_a_restart() {
    let folder = Folder::new();
    let clock = noon();
    let house = open(Some(&folder.0), &clock).await;
    house.deploy("all", ALL).await;
    let id = house.begins("order", "A", json!({"item": 1})).await;
    assert_eq!(house.got(&id).await, (json!(null), "In Progress"));
    let none = Map::new();
    // The instance awaits the signal, and the signal begins one of its own too.
    house.rooms.broadcast_signal("alarm", &none).await.unwrap();
    house.pass(0).await;
    assert_eq!(house.status(&id).await, "In Progress");
    assert_eq!(house.all_of("all").await.len(), 2);
    house.runtime.close().await;
    drop(house);
    let house = open(Some(&folder.0), &clock).await;
    house.reaches(&id, "payment", "A", json!({"sum": 2})).await;
    assert_eq!(house.got(&id).await, (json!(3), "Accepted"));
    // Whichever comes first begins it.
    let other = house.begins("payment", "B", json!({"sum": 5})).await;
    house.reaches(&other, "order", "B", json!({"item": 4})).await;
    assert_eq!(house.status(&other).await, "In Progress");
    house.rooms.broadcast_signal("alarm", &none).await.unwrap();
    house.pass(0).await;
    assert_eq!(house.got(&other).await, (json!(9), "Accepted"));
}

#[tokio::test]
async fn an_event_gateway_begins_an_instance_with_whatever_comes_first() {
    let house = house().await;
    house.deploy("race", RACE).await;
    let by_message = house.begins("one", "A", json!({})).await;
    let payload = json!({"item": "two"});
    house.rooms.broadcast_signal("two", payload.as_object().unwrap()).await.unwrap();
    house.pass(10).await;
    let cold = json!({"item": 1});
    let asked = house.rooms.evaluate_conditions(cold.as_object().unwrap(), None).await.unwrap();
    assert!(asked.iter().all(|one| one.process_instance_id.is_none()), "{asked:?}");
    let hot = json!({"degrees": 39});
    let asked = house.rooms.evaluate_conditions(hot.as_object().unwrap(), None).await.unwrap();
    assert!(asked[0].process_instance_id.is_some(), "{asked:?}");
    let mut got = Vec::new();
    for one in house.all_of("race").await {
        let (value, status) = house.got(&one.id).await;
        assert_eq!(status, "In Progress", "{value}");
        got.push(value.as_str().unwrap().to_owned());
    }
    got.sort_unstable();
    assert_eq!(got, ["four", "one", "three", "two"]);
    house.reaches(&by_message, "paid", "A", json!({})).await;
    assert_eq!(house.status(&by_message).await, "Accepted");
}

#[tokio::test]
async fn a_start_event_tells_who_created_the_instance() {
    let house = house().await;
    let text = r#"
name: told
steps:
  - { start: Begin, initiator: got, then: wait }
  - { id: wait, catch: Paid, message: paid }
"#;
    house.deploy("told", text).await;
    let token = house.token("told", json!({})).await;
    let id = house.create(&token).await.unwrap();
    assert_eq!(house.got(&id).await, (json!("Test"), "In Progress"));
}
