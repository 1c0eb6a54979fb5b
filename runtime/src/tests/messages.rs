//! Messages and signals: who gets them, how often, and what becomes of those that nobody awaits.

use super::*;

const RECEIVER: &str = "
name: receiver
steps:
  - { receive: news, out: { got: \"${text}\" } }
  - end: Done
";

const THRICE: &str = "
name: thrice
variables: { got: '' }
steps:
  - { receive: news, id: one, out: { got: \"${got += text}\" } }
  - { receive: news, id: two, out: { got: \"${got += text}\" } }
  - { receive: news, id: three, out: { got: \"${got += text}\" } }
  - end: Done
";

const KEYED: &str = "
name: keyed
steps:
  - { receive: news, key: \"${_initVars.order}\", out: { got: \"${text}\" } }
  - end: Done
";

const SENDER: &str = "
name: sender
steps:
  - { send: news, with: { text: \"${_initVars.text}\" } }
  - end: Done
";

const BEGUN: &str = "
name: begun
steps:
  - { start: Told, message: news, out: { got: \"${text}\" }, then: [wait] }
  - { catch: Wait, id: wait, timer: PT1H }
";

const LISTENER: &str = "
name: listener
steps:
  - { catch: Heard, signal: alarm, out: { got: \"${text}\" } }
  - end: Done
";

const ROOTED: &str = "
name: rooted
steps:
  - { start: Alarmed, signal: alarm, out: { got: \"${text}\" } }
  - end: Done
";

impl House {
    /// A token for a definition that is deployed for it.
    pub(super) async fn prepared(&self, source: &str) -> Token {
        let name = source.lines().nth(1).unwrap().trim_start_matches("name: ");
        self.deploy(name, source).await;
        self.token(name, json!({})).await
    }

    pub(super) async fn with(&self, token: &Token, parameters: &[(&str, &str)]) -> String {
        let parameters =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.rooms.create_instance(&token.id, parameters.collect()).await.unwrap().instance_id
    }

    async fn send(&self, key: Option<&str>, text: &str, lives: &str) -> Result<Correlated, Error> {
        let message = NewMessage {
            name: "news".to_owned(),
            business_key: key.map(str::to_owned),
            correlation_key: None,
            correlation_keys: Map::new(),
            variables: json!({"text": text}).as_object().unwrap().clone(),
            time_to_live: Some(lives.to_owned()),
        };
        self.rooms.correlate_message(&message).await
    }

    pub(super) async fn got(&self, id: &str) -> (Value, &'static str) {
        let variables = self.rooms.instance_variables(id).await.unwrap();
        (variables.get("got").cloned().unwrap_or_default(), self.status(id).await)
    }

    async fn undelivered(&self) -> Vec<MessageView> {
        self.rooms.list_messages(Page { number: 0, size: 100 }).await.unwrap().items
    }

    pub(super) async fn all_of(&self, definition: &str) -> Vec<InstanceView> {
        let search = Search { definition_name: Some(definition.to_owned()), ..Search::default() };
        let page = Page { number: 0, size: 1000 };
        self.rooms.search_instances(&search, page).await.unwrap().items
    }
}

fn delivered(id: &str) -> Correlated {
    Correlated::Delivered { process_instance_id: id.to_owned() }
}

#[tokio::test]
async fn a_message_reaches_the_one_that_awaits_it_by_business_key_and_only_once() {
    let house = house().await;
    let token = house.prepared(RECEIVER).await;
    let one = house.with(&token, &[("businessKey", "A")]).await;
    let other = house.with(&token, &[("businessKey", "B")]).await;
    let own = house.with(&token, &[]).await;
    assert_eq!(house.send(Some("B"), "hello", "PT0S").await.unwrap(), delivered(&other));
    let again = house.send(Some("B"), "hello", "PT0S").await;
    assert!(matches!(again, Err(Error::NoReceiver { .. })), "{again:?}");
    assert_eq!(house.send(Some(&own), "mine", "PT0S").await.unwrap(), delivered(&own));
    assert_eq!(house.got(&other).await, (json!("hello"), "Accepted"));
    assert_eq!(house.got(&one).await, (json!(null), "In Progress"));
    assert_eq!(house.send(None, "last", "PT0S").await.unwrap(), delivered(&one));
}

#[tokio::test]
async fn messages_that_are_kept_come_in_the_order_in_which_they_were_sent_also_at_the_same_time() {
    let house = house().await;
    let token = house.prepared(THRICE).await;
    for number in 0..10 {
        let key = format!("k{number}");
        for text in ["one ", "two ", "three "] {
            house.send(Some(&key), text, "PT1H").await.unwrap();
        }
        let id = house.with(&token, &[("businessKey", &key)]).await;
        assert_eq!(house.got(&id).await, (json!("one two three "), "Accepted"));
    }
}

#[tokio::test]
async fn a_message_for_one_who_is_held_is_kept_or_says_so() {
    let house = house().await;
    let token = house.prepared(RECEIVER).await;
    let id = house.with(&token, &[("businessKey", "A")]).await;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    for at_once in ["PT0S", "P0D", "PT0.0S"] {
        let refused = house.send(Some("A"), "lost", at_once).await;
        assert!(matches!(refused, Err(Error::Suspended)), "{at_once}: {refused:?}");
    }
    let kept = house.send(Some("A"), "hello", "PT1H").await.unwrap();
    assert!(matches!(kept, Correlated::Kept { .. }));
    house.rooms.resume_instance(&id).await.unwrap();
    assert_eq!(house.got(&id).await, (json!("hello"), "Accepted"));
}

#[tokio::test]
async fn a_key_of_several_values_is_found_by_their_names() {
    let house = house().await;
    let keyed = KEYED.replace("${_initVars.order}", "${[_initVars.customer, _initVars.order]}");
    let token = house.prepared(&keyed).await;
    let one = house.with(&token, &[("order", "7"), ("customer", "c")]).await;
    house.with(&token, &[("order", "8"), ("customer", "c")]).await;
    let message = |keys: Value| NewMessage {
        name: "news".to_owned(),
        business_key: None,
        correlation_key: None,
        correlation_keys: keys.as_object().unwrap().clone(),
        variables: Map::new(),
        time_to_live: Some("PT0S".to_owned()),
    };
    let found = house.rooms.correlate_message(&message(json!({"order": 7, "customer": "c"}))).await;
    assert_eq!(found.unwrap(), delivered(&one));
    for keys in [json!({"order": 7}), json!({"order": 9, "customer": "c"})] {
        let refused = house.rooms.correlate_message(&message(keys)).await;
        assert!(matches!(refused, Err(Error::NoReceiver { .. })), "{refused:?}");
    }
    let nested = message(json!({"order": [1], "customer": "c"}));
    let both = NewMessage { correlation_key: Some("c".to_owned()), ..message(json!({"a": 1})) };
    for wrong in [nested, both] {
        let refused = house.rooms.correlate_message(&wrong).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn several_who_await_the_same_are_never_chosen_from() {
    let house = house().await;
    let token = house.prepared(KEYED).await;
    let one = house.with(&token, &[("order", "7")]).await;
    house.with(&token, &[("order", "7")]).await;
    let refused = house.send(Some("7"), "x", "P1D").await;
    assert!(matches!(refused, Err(Error::SeveralReceivers { .. })), "{refused:?}");
    let sender = house.prepared(SENDER).await;
    house.with(&sender, &[("businessKey", "7"), ("text", "sent")]).await;
    house.pass(0).await;
    let undelivered = house.undelivered().await;
    let problem = "several await it, and it cannot be told whom it is for";
    assert_eq!(undelivered[0].problem.as_deref(), Some(problem));
    house.rooms.remove_instance(&one).await.unwrap();
    house.pass(1).await;
    assert_eq!((house.undelivered().await.len(), house.all_of("keyed").await.len()), (0, 1));
    assert_eq!(house.got(&house.all_of("keyed").await[0].id).await.0, json!("sent"));
}

#[tokio::test]
async fn a_thrown_message_is_delivered_after_the_commit_also_after_a_restart_and_once() {
    let folder = Folder::new();
    let clock = noon();
    let house = open(Some(&folder.0), &clock).await;
    let token = house.prepared(RECEIVER).await;
    let receiver = house.with(&token, &[("businessKey", "A")]).await;
    let sender = house.prepared(SENDER).await;
    house.with(&sender, &[("businessKey", "A"), ("text", "sent")]).await;
    assert_eq!(house.got(&receiver).await.1, "In Progress");
    house.runtime.close().await;
    drop(house);
    let house = open(Some(&folder.0), &clock).await;
    let (one, other) = tokio::join!(house.runtime.fire_due(), house.runtime.fire_due());
    one.unwrap();
    other.unwrap();
    assert_eq!(house.got(&receiver).await, (json!("sent"), "Accepted"));
    assert_eq!(house.undelivered().await.len(), 0);
}

#[tokio::test]
async fn what_nobody_awaits_is_kept_for_the_first_that_will_and_expires() {
    let house = house().await;
    let token = house.prepared(RECEIVER).await;
    for text in ["first", "second"] {
        let kept = house.send(Some("A"), text, "PT1H").await.unwrap();
        assert!(matches!(kept, Correlated::Kept { .. }), "{kept:?}");
        house.pass(10).await;
    }
    let before = house.runtime.store_figures().commits;
    let one = house.with(&token, &[("businessKey", "A")]).await;
    assert_eq!(house.runtime.store_figures().commits - before, 1);
    assert_eq!(house.got(&one).await, (json!("first"), "Accepted"));
    house.pass(60).await;
    assert_eq!(house.undelivered().await.len(), 0, "it has expired");
    let late = house.with(&token, &[("businessKey", "A")]).await;
    assert_eq!(house.got(&late).await, (json!(null), "In Progress"));
    assert_eq!(house.send(Some("A"), "third", "PT1H").await.unwrap(), delivered(&late));
}

#[tokio::test]
async fn of_the_one_who_sends_and_the_one_who_begins_to_await_neither_misses_the_other() {
    let house = house().await;
    let token = house.prepared(RECEIVER).await;
    for number in 0..20 {
        let key = number.to_string();
        let parameters = BTreeMap::from([("businessKey".to_owned(), key.clone())]);
        let (rooms, id) = (house.rooms.clone(), token.id.clone());
        let created = tokio::spawn(async move { rooms.create_instance(&id, parameters).await });
        house.send(Some(&key), "hello", "P1D").await.unwrap();
        let id = created.await.unwrap().unwrap().instance_id;
        assert_eq!(house.got(&id).await, (json!("hello"), "Accepted"), "{number}");
    }
    assert_eq!(house.undelivered().await.len(), 0);
}

#[tokio::test]
async fn a_message_starts_the_newest_version_and_none_when_it_is_taken_out_of_use() {
    let house = house().await;
    let first = house.deploy("begun", BEGUN).await;
    let second = house.deploy("begun", &BEGUN.replacen("name: ", "name: again ", 1)).await;
    let Correlated::Started { process_instance_id } =
        house.send(Some("K"), "go", "PT0S").await.unwrap()
    else {
        panic!("not started")
    };
    let begun = house.rooms.read_instance(&process_instance_id).await.unwrap();
    assert_eq!(begun.process_defn_version, 2);
    assert_eq!(house.got(&begun.id).await, (json!("go"), "In Progress"));
    let out = VersionStatus::DeployedInactive;
    house.rooms.set_definition_status(&second.process_definition_id, out, false).await.unwrap();
    house.send(Some("K"), "go", "PT0S").await.unwrap();
    assert_eq!(
        house.all_of("begun").await.iter().filter(|one| one.process_defn_version == 1).count(),
        1
    );
    house.rooms.remove_definition(&first.process_definition_id).await.unwrap();
    let refused = house.send(Some("K"), "go", "PT0S").await;
    assert!(matches!(refused, Err(Error::NoReceiver { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_signal_reaches_all_who_await_it_then_and_nobody_twice() {
    let folder = Folder::new();
    let clock = noon();
    let house = open(Some(&folder.0), &clock).await;
    let token = house.prepared(LISTENER).await;
    house.deploy("rooted", ROOTED).await;
    for _ in 0..70 {
        house.with(&token, &[]).await;
    }
    let throws = "\nname: thrower\nsteps:\n  - { throw: Cry, signal: alarm, with: { text: \"${'fire'}\" } }\n  - { catch: Echo, signal: alarm }";
    let thrower = house.prepared(throws).await;
    let thrower = house.with(&thrower, &[]).await;
    let late = house.with(&token, &[]).await;
    house.runtime.close().await;
    drop(house);
    let house = open(Some(&folder.0), &clock).await;
    let (one, other) = tokio::join!(house.runtime.fire_due(), house.runtime.fire_due());
    one.unwrap();
    other.unwrap();
    let listeners = house.all_of("listener").await;
    let heard = listeners.iter().filter(|one| one.status_mapped == "Accepted").count();
    assert_eq!(heard, 70);
    assert_eq!(house.got(&late).await, (json!(null), "In Progress"), "it came after the cry");
    assert_eq!(house.status(&thrower).await, "In Progress", "nor does the thrower hear its own");
    let begun = house.all_of("rooted").await;
    assert_eq!(begun.len(), 1);
    assert_eq!(house.got(&begun[0].id).await.0, json!("fire"));
    let told = house.rooms.broadcast_signal("alarm", &Map::new()).await.unwrap();
    assert_eq!(told, Broadcast { awaiting: 2, starts: 1, told: 3 });
    let none = house.rooms.broadcast_signal("nothing", &Map::new()).await.unwrap();
    assert_eq!(none, Broadcast::default());
}

#[tokio::test]
async fn what_a_message_started_lasts_as_long_as_its_definition_says() {
    let house = house().await;
    house.deploy("begun", &BEGUN.replace("PT1H", "P14D")).await;
    let started = house.send(Some("K"), "go", "PT0S").await.unwrap();
    let Correlated::Started { process_instance_id: id } = started else { panic!("not started") };
    for (days, expected) in [(13, "In Progress"), (1, "Accepted")] {
        house.pass(60 * 24 * days).await;
        house.runtime.fire_due().await.unwrap();
        assert_eq!(house.status(&id).await, expected);
    }
}

#[tokio::test]
async fn timers_start_instances_of_the_newest_version_only() {
    let house = house().await;
    let timed = |when: &str| {
        format!("\nname: timed\nsteps:\n  - {{ start: Due, {when} }}\n  - {{ do: nothing }}")
    };
    house.deploy("timed", &timed("cycle: R3/PT10M")).await;
    house.pass(11).await;
    assert_eq!(house.all_of("timed").await.len(), 1);
    let cron = house.deploy("timed", &timed("cycle: 0 0 * * * *")).await;
    for _ in 0..3 {
        house.pass(60).await;
    }
    let begun = house.all_of("timed").await;
    assert_eq!(begun.iter().filter(|one| one.process_defn_version == 2).count(), 3);
    assert_eq!(begun.len(), 4, "the older version starts no more");
    house.rooms.remove_definition(&cron.process_definition_id).await.unwrap();
    house.pass(60).await;
    assert_eq!(house.all_of("timed").await.len(), 7, "the cycle of the older one counts anew");
}

#[tokio::test]
async fn conditions_start_instances_when_somebody_asks_them() {
    let house = house().await;
    let text = "\nname: fever\nsteps:\n  - { start: Hot, condition: degrees > 38 }\n  - { script: degrees, result: got }";
    house.deploy("fever", text).await;
    for (variables, begun, problem) in [
        (json!({"degrees": 37}), false, false),
        (json!({"degrees": 39}), true, false),
        (json!({}), false, true),
    ] {
        let asked = house.rooms.evaluate_conditions(variables.as_object().unwrap(), None).await;
        let asked = asked.unwrap().remove(0);
        assert_eq!(asked.process_instance_id.is_some(), begun, "{variables}");
        assert_eq!(asked.problem.is_some(), problem, "{variables}");
    }
    let begun = house.all_of("fever").await;
    assert_eq!(house.got(&begun[0].id).await, (json!(39), "Accepted"));
}

#[tokio::test]
async fn a_message_with_which_several_definitions_start_says_so() {
    let house = house().await;
    for name in ["one", "other"] {
        let steps = "steps:\n  - { start: Begin, message: begin }\n  - end: Done\n";
        house.deploy(name, &format!("name: {name}\n{steps}")).await;
    }
    let refused = house.send(Some("7"), "x", "PT0S").await;
    assert!(!matches!(refused, Err(Error::SeveralStarts { .. })), "another message");
    let message = NewMessage {
        name: "begin".to_owned(),
        business_key: Some("7".to_owned()),
        correlation_key: None,
        correlation_keys: Map::new(),
        variables: Map::new(),
        time_to_live: None,
    };
    let refused = house.rooms.correlate_message(&message).await.unwrap_err();
    let said = "several process definitions start with the message \"begin\"";
    assert!(refused.to_string().starts_with(said), "{refused}");
}
