//! Operations on running instances: incidents, variables, suspension, paths moved by hand, each with
//! what is refused and what a restart keeps.

use super::*;

const CHOOSE: &str = r#"
name: choose
steps:
  - activity: simpleDecider
  - choose:
      - when: ${ok == "yes"}
        then: good
      - otherwise: bad
  - id: good
    end: Good
  - id: bad
    end: Bad
"#;

const INSIDE: &str = r#"
name: inside
steps:
  - id: part
    steps:
      - activity: customDataForm
        id: first
        with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }
      - activity: customDataForm
        id: second
        with: { dataFormName: question, dataFormVersion: 1, formDataKey: form2 }
      - end: PartDone
  - end: Done
"#;

fn page() -> Page {
    Page { number: 0, size: 100 }
}

fn variables(json: Value) -> Map<String, Value> {
    json.as_object().unwrap().clone()
}

impl House {
    pub(super) async fn open_incidents(&self, filter: &IncidentFilter) -> Vec<IncidentView> {
        self.rooms.list_incidents(filter, true, page()).await.unwrap().items
    }

    /// Instances of the process that cannot choose a way, as `ok` is not known.
    pub(super) async fn stuck(&self, many: usize) -> Vec<String> {
        self.deploy("choose", CHOOSE).await;
        let token = self.token("choose", json!({})).await;
        let mut ids = Vec::new();
        for _ in 0..many {
            ids.push(self.create(&token).await.unwrap());
            self.clock.advance(SignedDuration::from_secs(1));
        }
        ids
    }

    async fn elements(&self, id: &str) -> Vec<String> {
        let state = self.rooms.instance_state(id, true).await.unwrap();
        let at = |path: &PathView| format!("{} {} {}", path.path, path.element_id, path.state);
        state.paths.iter().map(at).collect()
    }
}

#[tokio::test]
async fn incidents_are_listed_by_time_and_found_by_what_they_concern() {
    let house = house().await;
    let ids = house.stuck(3).await;
    let all = house.open_incidents(&IncidentFilter::default()).await;
    let listed: Vec<_> = all.iter().map(|one| one.process_instance_id.as_str()).collect();
    assert_eq!(listed, ids);
    assert_eq!(all[0].raised_at.to_string(), "2026-03-01T12:00:00Z");
    assert_eq!((all[0].moment, all[0].process_defn_name.as_str()), ("entering", "choose"));
    let definition = all[0].process_defn_id.clone();
    let text = |text: &str| Some(text.to_owned());
    let none = IncidentFilter::default();
    #[rustfmt::skip]
    let cases = [
        (IncidentFilter { definition: Some(definition), ..none.clone() },          3),
        (IncidentFilter { definition: text("other"), ..none.clone() },             0),
        (IncidentFilter { definition_name: text("choose"), ..none.clone() },       3),
        (IncidentFilter { element: Some(all[0].element_id.clone()), ..none.clone() }, 3),
        (IncidentFilter { element: text("good"), ..none.clone() },                 0),
        (IncidentFilter { instance: Some(ids[1].clone()), ..none.clone() },        1),
    ];
    for (filter, expected) in cases {
        assert_eq!(house.open_incidents(&filter).await.len(), expected, "{filter:?}");
    }
    let second = Page { number: 1, size: 2 };
    let page = house.rooms.list_incidents(&none, false, second).await.unwrap();
    assert_eq!((page.total, &page.items[0].process_instance_id), (3, &ids[0]));
}

#[tokio::test]
async fn an_incident_is_retried_resolved_and_gone() {
    let house = house().await;
    let ids = house.stuck(1).await;
    let incident = house.open_incidents(&IncidentFilter::default()).await.remove(0);
    house.clock.advance(SignedDuration::from_mins(5));
    let dealt = house.rooms.retry_incident(&incident.id).await.unwrap();
    let again = house.open_incidents(&IncidentFilter::default()).await.remove(0);
    assert_eq!(dealt, Dealt { done: false, incident: Some(again.clone()) });
    assert_eq!(again.raised_at.to_string(), "2026-03-01T12:05:01Z", "it was raised anew");
    assert_eq!(again.id, incident.id);
    let known = variables(json!({"ok": "yes"}));
    let dealt = house.rooms.resolve_incident(&incident.id, &known).await.unwrap();
    assert_eq!(dealt, Dealt { done: true, incident: None });
    assert_eq!(house.open_incidents(&IncidentFilter::default()).await, []);
    assert_eq!(house.status(&ids[0]).await, "Accepted");
    let id = &ids[0];
    let (never, unknown) = (format!("{id}-99"), format!("X{id}-1"));
    #[rustfmt::skip]
    let cases = [
        (incident.id.as_str(), "the instance has ended".to_owned()),
        (&never,               "the instance has ended".to_owned()),
        (&unknown,             format!("incident \"{unknown}\" does not exist")),
        ("nonsense",           "incident \"nonsense\" does not exist".to_owned()),
    ];
    for (incident, expected) in cases {
        let error = house.rooms.retry_incident(incident).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn many_incidents_are_dealt_with_and_counted() {
    let house = house().await;
    let ids = house.stuck(4).await;
    house.rooms.suspend_instance(&ids[2], None).await.unwrap();
    let filter = IncidentFilter::default();
    let retried = house.rooms.retry_incidents(&filter, None).await.unwrap();
    assert_eq!((retried.matched, retried.done, retried.next), (4, 0, None));
    let again: Vec<_> = retried.failed_again.iter().map(|one| &one.id[..26]).collect();
    assert_eq!(again, [&ids[0], &ids[1], &ids[3]]);
    assert!(
        retried.failed_again[0].reason.contains("there is no variable ok"),
        "{:?}",
        retried.failed_again
    );
    assert_eq!(retried.failed[0].reason, "the process instance is suspended; resume it first");
    let known = variables(json!({"ok": "no"}));
    let resolved = house.rooms.resolve_incidents(&filter, &known, None).await.unwrap();
    assert_eq!((resolved.matched, resolved.done, resolved.failed.len()), (4, 3, 1));
    assert!(resolved.failed[0].id.starts_with(&ids[2]));
    assert_eq!(house.open_incidents(&filter).await.len(), 1);
    let wrong = house.rooms.retry_incidents(&filter, Some("x")).await.unwrap_err();
    assert_eq!(wrong.to_string(), "after: has to be the `next` of the part before");
}

#[tokio::test]
async fn incidents_that_stay_wrong_are_each_retried_once_and_counted_as_such() {
    let house = house().await;
    house.stuck(501).await;
    let filter = IncidentFilter::default();
    let (mut matched, mut again, mut next) = (0, 0, None);
    for part in 0.. {
        house.clock.advance(SignedDuration::from_secs(1));
        let tally = house.rooms.retry_incidents(&filter, next.as_deref()).await.unwrap();
        assert_eq!((tally.done, tally.failed.len()), (0, 0));
        matched += tally.matched;
        again += tally.failed_again.len();
        next = tally.next;
        if next.is_none() {
            break;
        }
        assert!(part < 3, "it does not end");
    }
    assert_eq!((matched, again), (501, 501));
    assert_eq!(house.rooms.list_incidents(&filter, true, page()).await.unwrap().total, 501);
}

#[tokio::test]
async fn a_part_of_many_ends_and_the_next_goes_on_behind_it() {
    let house = house().await;
    house.stuck(502).await;
    let filter = IncidentFilter::default();
    let known = variables(json!({"ok": "yes"}));
    let first = house.rooms.resolve_incidents(&filter, &known, None).await.unwrap();
    assert_eq!((first.matched, first.done), (500, 500));
    let next = first.next.as_deref();
    let rest = house.rooms.resolve_incidents(&filter, &known, next).await.unwrap();
    assert_eq!((rest.matched, rest.done, rest.next), (2, 2, None));
}

#[tokio::test]
async fn incidents_go_with_their_instance() {
    let house = house().await;
    let ids = house.stuck(2).await;
    house.rooms.cancel_instance(&ids[0], "not needed").await.unwrap();
    house.rooms.remove_instance(&ids[1]).await.unwrap();
    assert_eq!(house.open_incidents(&IncidentFilter::default()).await, []);
    assert_eq!(house.status(&ids[0]).await, "Abandoned");
}

#[tokio::test]
async fn variables_are_set_and_read_scope_by_scope() {
    let house = house().await;
    let (id, _, _) = house.opened(INSIDE, json!({})).await;
    house
        .rooms
        .set_variables(&id, None, &variables(json!({"n": 7, "m": [1, null]})))
        .await
        .unwrap();
    house.rooms.set_variables(&id, Some(0), &variables(json!({"n": 8}))).await.unwrap();
    let read = house.rooms.read_variables(&id).await.unwrap();
    assert_eq!((&read.variables["n"], &read.variables["m"]), (&json!(7), &json!([1, null])));
    let scope = &read.scopes[0];
    assert_eq!((scope.scope, scope.element_id.as_str(), scope.kind), (0, "part", "subProcess"));
    assert_eq!(scope.variables["n"], json!(8));
    let deep = (1..100).fold(json!([]), |value, _| json!([value]));
    let large = "x".repeat(1_100_000);
    #[rustfmt::skip]
    let cases = [
        (None,    json!({}),                 "variables: name at least one variable"),
        (None,    json!({"": 1}),            "variables: a variable has to have a name"),
        (Some(7), json!({"a": 1}),           "scope 7 is not open"),
        (None,    json!({"a": large}),       "a has 1100002 bytes"),
        (Some(0), json!({"a": [large]}),     "a has 1100005 bytes"),
        (None,    json!({"a": deep}),        "in a lists and objects lie in each other more than"),
    ];
    for (scope, given, expected) in cases {
        let error = house.rooms.set_variables(&id, scope, &variables(given)).await.unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    let many: Map<_, _> = (0..9).map(|n| (format!("v{n}"), json!("x".repeat(1_000_000)))).collect();
    let error = house.rooms.set_variables(&id, None, &many).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge(activities::TooLarge::Instance { .. })), "{error}");
    assert!(!house.rooms.read_variables(&id).await.unwrap().variables.contains_key("v0"));
}

#[tokio::test]
async fn a_suspended_instance_takes_nothing_and_goes_on_where_it_stood() {
    let house = house().await;
    let (id, secret, asked) = house.opened(ASK, json!({})).await;
    let held = house.rooms.suspend_instance(&id, Some("a closer look")).await.unwrap();
    assert_eq!(held.status, InstanceStatus::Paused);
    let shown = house.rooms.submit(&id, Some(&secret), answer(&asked, "yes")).await.unwrap();
    assert!(matches!(shown.screen, Screen::Paused) && !shown.stale);
    assert!(matches!(
        house.rooms.submit(&id, Some("stranger"), answer(&asked, "yes")).await,
        Err(Error::BoundElsewhere)
    ));
    house.rooms.set_variables(&id, None, &variables(json!({"n": 7}))).await.unwrap();
    assert_eq!(house.status(&id).await, "Paused", "it stays suspended");
    let state = house.rooms.instance_state(&id, true).await.unwrap();
    let by = state.suspension.unwrap();
    assert_eq!((by.by.as_str(), by.reason.as_deref()), ("Test", Some("a closer look")));
    house.rooms.resume_instance(&id).await.unwrap();
    let done = house.rooms.submit(&id, Some(&secret), answer(&asked, "yes")).await.unwrap();
    assert!(matches!(done.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
}

#[tokio::test]
async fn the_end_user_is_told_apart_who_ended_it_by_hand_and_what_ended_by_itself() {
    let house = house().await;
    let (by_hand, secret, _) = house.opened(ASK, json!({})).await;
    house.rooms.cancel_instance(&by_hand, "asked to").await.unwrap();
    let shown = house.rooms.present(&by_hand, Some(&secret)).await.unwrap();
    assert!(matches!(shown.screen, Screen::Stopped), "{:?}", shown.screen);
    let house = super::house().await;
    let (late, secret, _) = house.opened(ASK, json!({})).await;
    house.pass(60 * 49).await;
    house.runtime.fire_due().await.unwrap();
    let shown = house.rooms.present(&late, Some(&secret)).await.unwrap();
    assert!(matches!(shown.screen, Screen::Expired { .. }), "{:?}", shown.screen);
}

#[tokio::test]
async fn timers_of_a_suspended_instance_wait_and_fire_when_it_is_resumed() {
    for (minutes, expected) in [(10, "Abandoned"), (3, "In Progress"), (60 * 49, "Abandoned")] {
        let house = house().await;
        let (id, _, _) = house.opened(ASK, json!({})).await;
        house.rooms.suspend_instance(&id, None).await.unwrap();
        house.pass(minutes).await;
        assert_eq!(house.runtime.fire_due().await.unwrap().is_some(), minutes < 60 * 48);
        assert_eq!(house.status(&id).await, "Paused", "after {minutes} minutes");
        house.rooms.resume_instance(&id).await.unwrap();
        house.runtime.fire_due().await.unwrap();
        assert_eq!(house.status(&id).await, expected, "after {minutes} minutes");
        house.pass(5).await;
        assert_eq!(house.status(&id).await, "Abandoned", "its timer is armed again");
    }
}

#[tokio::test]
async fn suspension_and_incidents_survive_a_restart() {
    let folder = std::env::temp_dir().join(format!("gatewright-operation-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let clock = noon();
    let house = open(Some(&folder), &clock).await;
    let (id, _, _) = house.opened(ASK, json!({})).await;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    let stuck = house.stuck(1).await.remove(0);
    house.runtime.close().await;
    drop(house);
    let house = open(Some(&folder), &clock).await;
    house.pass(10).await;
    assert_eq!(house.status(&id).await, "Paused");
    house.rooms.resume_instance(&id).await.unwrap();
    house.runtime.fire_due().await.unwrap();
    assert_eq!(house.status(&id).await, "Abandoned");
    let known = variables(json!({"ok": "yes"}));
    let tally = house.rooms.resolve_incidents(&IncidentFilter::default(), &known, None).await;
    assert_eq!((tally.unwrap().done, house.status(&stuck).await), (1, "Accepted"));
    house.runtime.close().await;
    let _ = std::fs::remove_dir_all(&folder);
}

#[tokio::test]
async fn the_instances_of_a_version_are_suspended_and_resumed_together() {
    let house = house().await;
    let (one, _, _) = house.opened(ASK, json!({})).await;
    let definition = house.rooms.read_instance(&one).await.unwrap().process_defn_id;
    let token = house.token("ask", json!({"name": "other"})).await;
    let two = house.create(&token).await.unwrap();
    house.rooms.start(&two, None).await.unwrap();
    let pending = house.create(&token).await.unwrap();
    let (other, _, _) = house.opened(KNOWN, json!({})).await;
    let held = house.rooms.suspend_instances(&definition, None, None).await.unwrap();
    assert_eq!((held.matched, held.done, held.next), (2, 2, None));
    let mut statuses = Vec::new();
    for id in [&one, &two, &pending, &other] {
        statuses.push(house.status(id).await);
    }
    assert_eq!(statuses, ["Paused", "Paused", "Pending", "In Progress"]);
    let resumed = house.rooms.resume_instances(&definition, None).await.unwrap();
    assert_eq!((resumed.matched, resumed.done), (2, 2));
    assert!(house.rooms.suspend_instances("nothing", None, None).await.is_err());
}

#[tokio::test]
async fn what_has_not_begun_or_has_ended_is_refused() {
    let house = house().await;
    house.deploy("ask", ASK).await;
    let token = house.token("ask", json!({})).await;
    let pending = house.create(&token).await.unwrap();
    let error = |error: Error| error.to_string();
    let rooms = &house.rooms;
    let suspended = rooms.suspend_instance(&pending, None).await.map(|_| ()).map_err(error);
    assert_eq!(suspended, Err("the instance has not been started".to_owned()));
    let cancelled = rooms.cancel_instance(&pending, "over").await.unwrap();
    assert_eq!(cancelled.status, InstanceStatus::CompletedTerminated);
    assert!(cancelled.ended_at.is_some());
    let ended = Err("the instance has ended".to_owned());
    let known = variables(json!({"a": 1}));
    assert_eq!(rooms.cancel_instance(&pending, "").await.map(|_| ()).map_err(error), ended);
    assert_eq!(rooms.suspend_instance(&pending, None).await.map(|_| ()).map_err(error), ended);
    assert_eq!(rooms.resume_instance(&pending).await.map(|_| ()).map_err(error), ended);
    house.rooms.set_variables(&pending, None, &known).await.unwrap_err();
    let missing = rooms.cancel_instance("nothing", "").await.map(|_| ()).map_err(error);
    assert_eq!(missing, Err("process instance \"nothing\" does not exist".to_owned()));
}

#[tokio::test]
async fn paths_are_moved_with_the_variables_they_need_or_nothing_changes() {
    let house = house().await;
    let (id, secret, asked) = house.opened(INSIDE, json!({})).await;
    let before = house.elements(&id).await;
    assert_eq!(before, ["0 part inside", "1 first waiting"]);
    let set = variables(json!({"moved": true}));
    let change = |end: &[u32], begin: &[(&str, Option<u32>)]| Modification {
        end: end.to_vec(),
        begin: begin.iter().map(|(at, scope)| ((*at).to_owned(), *scope)).collect(),
        variables: set.clone(),
    };
    #[rustfmt::skip]
    let cases = [
        (change(&[99], &[]),                  "there is no path 99"),
        (change(&[], &[("nowhere", None)]),   "the process has no fitting node `nowhere`"),
        (change(&[], &[("second", Some(9))]), "`second` cannot begin there; name the scope that is to hold it"),
        (change(&[], &[]),                    "begin: name an element to begin at, or a path to end"),
    ];
    for (change, expected) in cases {
        let error = house.rooms.modify_instance(&id, &change).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(!house.rooms.instance_variables(&id).await.unwrap().contains_key("moved"));
    }
    house.rooms.suspend_instance(&id, None).await.unwrap();
    house.rooms.modify_instance(&id, &change(&[1], &[("second", None)])).await.unwrap();
    assert_eq!(house.elements(&id).await, ["0 part inside", "2 second waiting"]);
    assert_eq!(house.rooms.instance_variables(&id).await.unwrap()["moved"], json!(true));
    house.rooms.resume_instance(&id).await.unwrap();
    let late = house.rooms.submit(&id, Some(&secret), answer(&asked, "yes")).await.unwrap();
    assert!(late.stale);
    let done = house.rooms.submit(&id, Some(&secret), answer(&late, "yes")).await.unwrap();
    assert!(matches!(done.screen, Screen::Ended { .. }));
}

#[tokio::test]
async fn the_state_says_what_is_awaited() {
    let house = house().await;
    let (id, _, _) = house.opened(ASK, json!({})).await;
    let state = house.rooms.instance_state(&id, false).await.unwrap();
    let timer = &state.timers[0];
    assert_eq!((timer.due.to_string().as_str(), timer.path), ("2026-03-01T12:05:00Z", Some(0)));
    assert_eq!((state.paths[0].state, state.scopes.len()), ("waiting", 0));
}

const RECEIVER: &str = r#"
name: receiver
steps:
  - { receive: news, out: { got: "${text}" } }
  - end: Done
"#;

#[tokio::test]
async fn a_message_for_a_suspended_instance_is_kept_until_it_is_resumed() {
    let house = house().await;
    house.deploy("receiver", RECEIVER).await;
    let token = house.token("receiver", json!({})).await;
    let id = house.create(&token).await.unwrap();
    house.rooms.suspend_instance(&id, None).await.unwrap();
    let message = NewMessage {
        name: "news".to_owned(),
        business_key: Some(id.clone()),
        correlation_key: None,
        correlation_keys: Map::new(),
        variables: variables(json!({"text": "hello"})),
        time_to_live: Some("PT1H".to_owned()),
    };
    let came = house.rooms.correlate_message(&message).await.unwrap();
    assert!(matches!(came, Correlated::Kept { .. }), "{came:?}");
    assert_eq!(house.status(&id).await, "Paused");
    let at_once = NewMessage { time_to_live: Some("PT0S".to_owned()), ..message };
    let refused = house.rooms.correlate_message(&at_once).await;
    assert!(matches!(refused, Err(Error::Suspended)), "{refused:?}");
    house.rooms.resume_instance(&id).await.unwrap();
    assert_eq!(house.status(&id).await, "Accepted");
    assert_eq!(house.rooms.instance_variables(&id).await.unwrap()["got"], "hello");
    assert_eq!(house.rooms.list_messages(page()).await.unwrap().total, 0);
}

#[tokio::test]
async fn signals_for_a_suspended_instance_come_when_it_is_resumed() {
    let house = house().await;
    let text = "
name: patient
variables: { heard: \"\" }
steps:
  - receive: stop
    on:
      - signal: news
        interrupting: false
        out: { heard: \"${heard += text}\" }
        then: end
";
    house.deploy("patient", text).await;
    let id = house.create(&house.token("patient", json!({})).await).await.unwrap();
    house.rooms.suspend_instance(&id, None).await.unwrap();
    for number in 0..40 {
        let said = json!({"text": format!("{number} ")});
        let said = said.as_object().unwrap();
        assert_eq!(house.rooms.broadcast_signal("news", said).await.unwrap().awaiting, 1);
    }
    assert_eq!(house.rooms.instance_variables(&id).await.unwrap()["heard"], "");
    house.rooms.resume_instance(&id).await.unwrap();
    let newest: String = (8..40).map(|number| format!("{number} ")).collect();
    assert_eq!(house.rooms.instance_variables(&id).await.unwrap()["heard"], newest);
    house.rooms.suspend_instance(&id, None).await.unwrap();
    house.rooms.resume_instance(&id).await.unwrap();
    assert_eq!(house.rooms.instance_variables(&id).await.unwrap()["heard"], newest);
}

#[tokio::test]
async fn one_signal_comes_to_all_paths_of_a_suspended_instance_that_await_it() {
    let house = house().await;
    let ways: Vec<String> = (0..40).map(|number| format!("way{number}")).collect();
    let catch = |way: &String| {
        format!(
            "  - {{ catch: It, id: {way}, signal: news, out: {{ {way}: \"${{text}}\" }}, then: end }}\n"
        )
    };
    let text = format!(
        "\nname: many\nsteps:\n  - {{ id: split, parallel: [{}] }}\n{}",
        ways.join(", "),
        ways.iter().map(catch).collect::<String>()
    );
    house.deploy("many", &text).await;
    let id = house.create(&house.token("many", json!({})).await).await.unwrap();
    house.rooms.suspend_instance(&id, None).await.unwrap();
    for said in ["first", "second"] {
        let said = variables(json!({"text": said}));
        assert_eq!(house.rooms.broadcast_signal("news", &said).await.unwrap().told, 40);
    }
    house.rooms.resume_instance(&id).await.unwrap();
    assert_eq!(house.status(&id).await, "Accepted");
    let heard = house.rooms.instance_variables(&id).await.unwrap();
    assert!(ways.iter().all(|way| heard[way] == "first"), "{heard:?}");
}

#[tokio::test]
async fn what_an_instance_has_called_is_suspended_with_it() {
    let house = house().await;
    house.deploy("ask", ASK).await;
    let caller = "\nname: caller\nsteps:\n  - call: ask\n  - end: Done\n";
    let (id, secret, asked) = house.opened(caller, json!({})).await;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    let search = Search { oldest_first: true, ..Search::default() };
    let all = house.rooms.search_instances(&search, page()).await.unwrap().items;
    let called = all.iter().find(|one| one.process_defn_name == "ask").unwrap();
    assert_eq!(called.status, InstanceStatus::Paused);
    let kinds = vec!["suspended".to_owned()];
    let query = HistoryQuery { kinds, element: None, after: 0, limit: 10, values: false };
    let held = house.rooms.instance_history(&called.id, &query).await.unwrap().events;
    assert_eq!(held.len(), 1, "what it has called tells it too");
    let refused = house.rooms.resume_instance(&called.id).await.unwrap_err().to_string();
    assert!(refused.contains(&format!("is called by the process instance {id}")), "{refused}");
    house.pass(10).await;
    assert_eq!(house.status(&called.id).await, "Paused", "its timer waits too");
    let shown = house.rooms.submit(&id, Some(&secret), answer(&asked, "yes")).await.unwrap();
    assert!(matches!(shown.screen, Screen::Paused));
    let incidents = house.rooms.suspend_instances(&called.process_defn_id, None, None).await;
    assert_eq!(incidents.unwrap().matched, 0, "called instances follow their callers");
    house.rooms.resume_instance(&id).await.unwrap();
    house.runtime.fire_due().await.unwrap();
    assert_eq!(
        (house.status(&called.id).await, house.status(&id).await),
        ("Abandoned", "Accepted")
    );
}
