//! Calls: called instances are carried with their caller, ask its end user, and end with it.

use super::*;

const FORM: &str = "{ dataFormName: question, dataFormVersion: 1, formDataKey: form1 }";

/// A process with its name, from steps in which FORM stands for a form.
fn process(name: &str, steps: &str) -> String {
    format!("\nname: {name}\nsteps:\n{steps}")
        .replace("FORM", &format!("customDataForm, with: {FORM}"))
}

impl House {
    /// Deploys processes; of the last an instance is made and opened.
    async fn called(&self, processes: &[(&str, &str)]) -> (String, String, Presented) {
        let (last, before) = processes.split_last().unwrap();
        for (name, steps) in before {
            self.deploy(name, &process(name, steps)).await;
        }
        self.opened(&process(last.0, last.1), json!({})).await
    }

    /// All instances, the oldest first: definition, status and depth.
    async fn instances(&self) -> Vec<(String, &'static str)> {
        let search = Search { oldest_first: true, ..Search::default() };
        let page = Page { number: 0, size: 100 };
        let found = self.rooms.search_instances(&search, page).await.unwrap().items;
        let mut all: Vec<_> =
            found.into_iter().map(|one| (one.process_defn_name, one.status.mapped())).collect();
        all.sort();
        all
    }

    async fn id_of(&self, definition: &str) -> String {
        let search = Search { definition_name: Some(definition.to_owned()), ..Search::default() };
        let page = Page { number: 0, size: 1 };
        self.rooms.search_instances(&search, page).await.unwrap().items.remove(0).id
    }

    async fn incidents(&self, id: &str) -> Vec<String> {
        let incidents = self.rooms.read_instance(id).await.unwrap().incidents;
        incidents.into_iter().map(|incident| incident.message).collect()
    }

    async fn variable(&self, id: &str, name: &str) -> Value {
        self.rooms.instance_variables(id).await.unwrap().get(name).cloned().unwrap_or_default()
    }
}

fn names(all: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    all.iter().map(|(name, status)| ((*name).to_owned(), *status)).collect()
}

#[tokio::test]
async fn a_called_process_that_asks_nobody_ends_in_the_commit_of_its_caller() {
    let house = house().await;
    house.deploy("double", &process("double", "  - { script: n * 2, result: m }")).await;
    let steps = "  - { call: double, give: { n: \"${21}\" }, take: { answer: \"${m}\" } }";
    house.deploy("caller", &process("caller", steps)).await;
    let token = house.token("caller", json!({})).await;
    let before = house.runtime.store_figures().commits;
    let id = house.create(&token).await.unwrap();
    assert_eq!(house.runtime.store_figures().commits - before, 1);
    assert_eq!(house.instances().await, names(&[("caller", "Accepted"), ("double", "Accepted")]));
    assert_eq!(house.variable(&id, "answer").await, json!(42));
    let called = house.rooms.read_instance(&house.id_of("double").await).await.unwrap();
    assert_eq!(called.parent_instance_id.as_deref(), Some(id.as_str()));
}

#[tokio::test]
async fn a_called_form_is_asked_and_answered_through_the_callers_session_also_after_a_restart() {
    let folder = Folder::new();
    let clock = noon();
    let house = open(Some(&folder.0), &clock).await;
    let (id, secret, first) = house
        .called(&[
            ("inner", "  - { activity: FORM }\n  - { activity: FORM, id: second }"),
            ("middle", "  - { call: inner, take: all }"),
            ("outer", "  - { call: middle, take: all }"),
        ])
        .await;
    let second = house.rooms.submit(&id, Some(&secret), answer(&first, "one")).await.unwrap();
    house.runtime.close().await;
    drop(house);
    let house = open(Some(&folder.0), &clock).await;
    let inner = house.id_of("inner").await;
    let elsewhere = house.rooms.start(&inner, None).await;
    assert!(matches!(elsewhere, Err(Error::BoundElsewhere)), "the inner one is the same journey");
    let stale = house.rooms.submit(&id, Some(&secret), answer(&first, "old")).await.unwrap();
    assert!(stale.stale);
    let before = house.runtime.store_figures().commits;
    let done = house.rooms.submit(&id, Some(&secret), answer(&second, "two")).await.unwrap();
    assert_eq!(house.runtime.store_figures().commits - before, 1);
    assert!(matches!(done.screen, Screen::Ended { outcome: Outcome::Accepted, .. }));
    assert_eq!(house.variable(&id, "_customFormData").await["form1"]["answer"], "two");
    let all = [("inner", "Accepted"), ("middle", "Accepted"), ("outer", "Accepted")];
    assert_eq!(house.instances().await, names(&all));
}

#[tokio::test]
async fn an_error_of_a_called_process_is_caught_on_the_call_and_otherwise_an_incident() {
    for (caught, expected) in [("declined", "Accepted"), ("other", "In Progress")] {
        let house = house().await;
        let steps = format!(
            "  - call: inner\n    on: [{{ error: {caught}, message: why, then: caught }}]\n  - end: Done\n  - {{ id: caught, end: Caught }}"
        );
        let throws = "  - { activity: FORM }\n  - { end: No, error: declined, message: too young }";
        let (id, secret, first) = house.called(&[("inner", throws), ("outer", &steps)]).await;
        house.rooms.submit(&id, Some(&secret), answer(&first, "x")).await.unwrap();
        assert_eq!(house.instances().await, names(&[("inner", "Error"), ("outer", expected)]));
        let incidents = house.incidents(&id).await;
        match caught {
            "declined" => assert_eq!(house.variable(&id, "why").await, json!("too young")),
            _ => {
                assert_eq!(incidents, ["no boundary event catches the error `declined`: too young"])
            }
        }
    }
}

#[tokio::test]
async fn an_escalation_reaches_the_caller_and_ends_the_call_if_it_interrupts() {
    for (interrupting, inner) in [(false, "In Progress"), (true, "Abandoned")] {
        let house = house().await;
        let steps = format!(
            "  - call: inner\n    on: [{{ escalation: late, interrupting: {interrupting}, then: told }}]\n  - end: Done\n  - {{ id: told, script: 1, result: told }}"
        );
        let escalates = "  - { throw: Late, escalation: late }\n  - { activity: FORM }";
        let (id, ..) = house.called(&[("inner", escalates), ("outer", &steps)]).await;
        let outer = if interrupting { "Accepted" } else { "In Progress" };
        assert_eq!(house.instances().await, names(&[("inner", inner), ("outer", outer)]));
        assert_eq!(house.variable(&id, "told").await, json!(1));
    }
}

#[tokio::test]
async fn what_is_cancelled_takes_all_that_it_has_called_with_it() {
    let house = house().await;
    let inner = ("inner", "  - { activity: FORM }");
    let middle = ("middle", "  - { call: inner }");
    let timed = "  - { call: middle, on: [{ timer: PT5M, then: late }] }\n  - end: Done\n  - { id: late, activity: FORM }";
    let (id, secret, first) = house.called(&[inner, middle, ("outer", timed)]).await;
    house.pass(6).await;
    let all = [("inner", "Abandoned"), ("middle", "Abandoned"), ("outer", "In Progress")];
    assert_eq!(house.instances().await, names(&all));
    let late = house.rooms.submit(&id, Some(&secret), answer(&first, "x")).await.unwrap();
    assert!(late.stale && matches!(late.screen, Screen::Ask { .. }), "the outer one asks now");
    let (id, ..) = house.called(&[inner, middle, ("again", "  - { call: middle }")]).await;
    house.pass(60 * 49).await;
    assert_eq!(house.status(&id).await, "Abandoned");
    let left =
        house.instances().await.iter().filter(|(_, status)| *status == "In Progress").count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_caller_that_arms_a_timer_when_its_call_is_cancelled_wakes_the_timers() {
    let house = house().await;
    let steps = "  - { call: inner, on: [{ error: any, then: later }] }\n  - end: Done\n  - { id: later, catch: Later, timer: PT1M }";
    let (id, ..) = house.called(&[("inner", "  - { activity: FORM }"), ("outer", steps)]).await;
    house.rang();
    house.rooms.cancel_instance(&house.id_of("inner").await, "not needed").await.unwrap();
    assert!(house.rang());
    house.pass(1).await;
    assert_eq!(house.status(&id).await, "Accepted");
}

#[tokio::test]
async fn a_held_caller_hears_of_its_calls_when_it_is_resumed() {
    let house = house().await;
    let inner = "  - { receive: never }\n  - { throw: Up, escalation: Up, id: up }";
    let steps = "  - call: inner\n    on: [{ error: any, then: lost }, { escalation: Up, interrupting: false, then: up }]\n  - end: Done\n  - { id: lost, script: 1, result: lost, then: end }\n  - { id: up, script: 1, result: up, then: end }";
    house.deploy("inner", &process("inner", inner)).await;
    house.deploy("outer", &process("outer", steps)).await;
    let token = house.token("outer", json!({})).await;
    for (by_hand, expected) in [("cancelled", ["lost"]), ("moved", ["up"])] {
        house.pass(1).await;
        let id = house.create(&token).await.unwrap();
        house.rooms.suspend_instance(&id, None).await.unwrap();
        let called = house.id_of("inner").await;
        match by_hand {
            "cancelled" => drop(house.rooms.cancel_instance(&called, "enough").await.unwrap()),
            _ => {
                let begin = vec![("up".to_owned(), None)];
                let change = Modification { end: vec![0], begin, variables: Map::new() };
                house.rooms.modify_instance(&called, &change).await.unwrap();
            }
        }
        let ended = if by_hand == "cancelled" { "Abandoned" } else { "Accepted" };
        assert_eq!((house.status(&id).await, house.status(&called).await), ("Paused", ended));
        let variables = house.rooms.instance_variables(&id).await.unwrap();
        assert_eq!(variables.get("lost").or(variables.get("up")), None, "{by_hand}");
        let state = house.rooms.instance_state(&id, false).await.unwrap();
        assert_eq!((state.paths.len(), state.paths[0].state), (1, "waiting"));
        let refused = house.rooms.remove_instance(&called).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "its end is not heard of yet");
        house.rooms.resume_instance(&id).await.unwrap();
        let variables = house.rooms.instance_variables(&id).await.unwrap();
        let come: Vec<&str> =
            ["lost", "up"].into_iter().filter(|name| variables.contains_key(*name)).collect();
        assert_eq!((house.status(&id).await, &come[..]), ("Accepted", &expected[..]));
        assert_eq!(house.status(&called).await, ended, "it stays ended");
    }
}

#[tokio::test]
async fn a_held_instance_that_is_moved_by_hand_into_a_call_goes_on_when_that_has_ended() {
    let house = house().await;
    let steps = "  - { activity: FORM, id: form, then: [{ to: call, when: \"1 > 2\" }, { otherwise: end }] }\n  - { id: call, call: inner, take: all, then: after }\n  - { id: after, activity: FORM, then: end }";
    let (id, ..) =
        house.called(&[("inner", "  - { script: 1, result: m }"), ("outer", steps)]).await;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    let begin = vec![("call".to_owned(), None)];
    let change = Modification { end: vec![0], begin, variables: Map::new() };
    house.rooms.modify_instance(&id, &change).await.unwrap();
    assert_eq!(house.variable(&id, "m").await, json!(1));
    let state = house.rooms.instance_state(&id, false).await.unwrap();
    assert_eq!((state.paths.len(), state.paths[0].element_id.as_str()), (1, "after"));
    assert_eq!(house.status(&id).await, "Paused");
}

#[tokio::test]
async fn an_unknown_process_is_an_incident_at_once_and_calls_in_a_circle_name_it() {
    let house = house().await;
    let (id, ..) = house.called(&[("outer", "  - { call: inner }\n  - { activity: FORM }")]).await;
    assert_eq!(house.incidents(&id).await, ["no process `inner` is deployed"]);
    house.deploy("ping", &process("ping", "  - { call: pong }")).await;
    house.deploy("pong", &process("pong", "  - { call: ping }")).await;
    house.create(&house.token("ping", json!({})).await).await.unwrap();
    let page = Page { number: 0, size: 100 };
    let found = house.rooms.search_instances(&Search::default(), page).await.unwrap();
    let mut incidents = Vec::new();
    for one in found.items.iter().filter(|one| one.id != id) {
        incidents.extend(house.incidents(&one.id).await);
    }
    assert_eq!(incidents, ["calls go in a circle, 32 of them: ping calls pong calls ping"]);
}

#[tokio::test]
async fn every_call_of_a_repeated_activity_asks_under_a_topic_of_its_own() {
    let house = house().await;
    let steps = "  - call: inner\n    give: { n: \"${loopCounter}\" }\n    each: { times: 3, collect: { into: all, value: \"${n}\" } }";
    let (id, secret, mut asked) =
        house.called(&[("inner", "  - { activity: FORM }"), ("outer", steps)]).await;
    let mut topics = std::collections::BTreeSet::new();
    while let Screen::Ask { topic, .. } = &asked.screen {
        assert!(topics.insert(topic.clone()), "{topic} twice");
        asked = house.rooms.submit(&id, Some(&secret), answer(&asked, "x")).await.unwrap();
    }
    assert_eq!((topics.len(), house.status(&id).await), (3, "Accepted"));
    assert_eq!(house.variable(&id, "all").await, json!([0, 1, 2]));
}

#[tokio::test]
async fn a_call_means_the_version_that_its_binding_says() {
    let house = house().await;
    for (number, tag) in [(1, "a"), (2, "b"), (3, "a"), (4, "c")] {
        let text = format!(
            "\nname: inner\nversionTag: {tag}\nsteps:\n  - {{ script: {number}, result: v }}"
        );
        house.deploy("inner", &text).await;
    }
    let together = "---\nname: alone\nsteps:\n  - { call: inner, binding: deployment, take: all }\n---\nname: inner\nsteps:\n  - { script: 5, result: v }";
    house.deploy("alone", together).await;
    house.deploy("inner", &process("inner", "  - { script: 6, result: v }")).await;
    for (binding, expected) in
        [("", json!(6)), (", version: 2", json!(2)), (", tag: a", json!(3)), ("", json!(6))]
    {
        let name = format!("outer{}", binding.len());
        house
            .deploy(&name, &process(&name, &format!("  - {{ call: inner, take: all{binding} }}")))
            .await;
        let token = json!({"name": format!("{name}{}", house.instances().await.len())});
        let token = house.token(&name, token).await;
        let id = house.create(&token).await.unwrap();
        assert_eq!(house.variable(&id, "v").await, expected, "{binding}");
    }
    let id = house.create(&house.token("alone", json!({})).await).await.unwrap();
    assert_eq!(house.variable(&id, "v").await, json!(5), "deployed together");
}

#[tokio::test]
async fn a_called_instance_is_deleted_with_its_caller_and_not_alone() {
    let house = house().await;
    let (id, ..) = house
        .called(&[("inner", "  - { activity: FORM }"), ("outer", "  - { call: inner }")])
        .await;
    let refused = house.rooms.remove_instance(&house.id_of("inner").await).await.unwrap_err();
    assert!(refused.to_string().contains(&id), "{refused}");
    house.rooms.remove_instance(&id).await.unwrap();
    assert_eq!(house.instances().await, []);
}

#[tokio::test]
async fn what_an_instance_has_called_is_deleted_with_it_also_what_has_ended() {
    let house = house().await;
    let texts: &[(&str, &str)] = &[
        ("inmost", "  - end: Done\n"),
        ("inner", "  - { call: inmost, give: all }\n"),
        ("outer", "  - { call: inner, give: all }\n  - { activity: FORM }\n"),
    ];
    let (id, ..) = house.called(texts).await;
    let other = house.create(&house.token("inner", json!({"name": "other"})).await).await.unwrap();
    assert_eq!(house.instances().await.len(), 5);
    house.rooms.remove_instance(&id).await.unwrap();
    let left = [("inmost", "Accepted"), ("inner", "Accepted")];
    assert_eq!(house.instances().await, names(&left), "those of the other instance");
    house.rooms.remove_instance(&other).await.unwrap();
    assert_eq!(house.instances().await, []);
}

#[tokio::test]
async fn what_a_held_caller_has_not_heard_of_yet_is_kept_for_it() {
    let house = house().await;
    let texts: &[(&str, &str)] = &[
        ("inner", "  - { receive: go }\n  - { script: 42, id: script, result: answer }\n"),
        ("outer", "  - { call: inner, take: all }\n  - { activity: FORM }\n"),
    ];
    let lives = json!({"maxProcessDuration": "P100D"});
    for (name, steps) in texts {
        house.deploy(name, &process(name, steps)).await;
    }
    let id = house.create(&house.token("outer", lives).await).await.unwrap();
    house.rooms.start(&id, None).await.unwrap();
    let inner = house.id_of("inner").await;
    house.rooms.suspend_instance(&id, None).await.unwrap();
    let state = house.rooms.instance_state(&inner, false).await.unwrap();
    let change = Modification {
        end: vec![state.paths[0].path],
        begin: vec![("script".to_owned(), None)],
        ..Modification::default()
    };
    house.rooms.modify_instance(&inner, &change).await.unwrap();
    assert_eq!(house.status(&inner).await, "Accepted");
    for _ in 0..2 {
        house.pass(60 * 24 * 31).await;
        while house.runtime.remove_ended().await {}
        assert_eq!(house.status(&inner).await, "Accepted");
    }
    house.rooms.resume_instance(&id).await.unwrap();
    assert_eq!(house.variable(&id, "answer").await, 42);
    house.pass(60 * 24 * 2).await;
    while house.runtime.remove_ended().await {}
    assert_eq!(house.status(&id).await, "In Progress");
    assert!(house.rooms.read_instance(&inner).await.is_err(), "it is of no use any more");
}

#[tokio::test]
async fn calls_that_the_outcome_of_the_first_ends_never_begin() {
    let repeated = |rest: &str| {
        format!(
            "  - call: inner\n    give: {{ n: \"${{it}}\" }}\n    each: {{ in: \"[1, 2, 3]\", as: it{rest}"
        )
    };
    let two = |first: &str| {
        format!(
            "      - parallel: [one, two]\n      - {{ id: one, call: inner, give: {{ n: 1 }}, then: {first} }}\n      - {{ id: two, call: inner, give: {{ n: 2 }}, then: end }}\n"
        )
    };
    let within = |kind: &str, first: &str, rest: &str| {
        format!("  - id: scope\n{kind}    steps:\n{}{rest}", two(first))
    };
    let declined = "{ end: No, error: declined }";
    let escalates = "{ end: Late, escalation: late }";
    let done = "{ end: Done }";
    let cases = [
        (repeated(", until: nrOfCompletedInstances >= 1 }"), done, "Accepted", 2),
        (repeated(" }\n    on: [{ error: declined, then: end }]"), declined, "Error", 2),
        (repeated(" }\n    on: [{ escalation: late, then: end }]"), escalates, "Abandoned", 2),
        (within("", "end", "    on: [{ error: declined, then: end }]"), declined, "Error", 1),
        (within("", "end", "    on: [{ escalation: late, then: end }]"), escalates, "Abandoned", 1),
        (
            within("", "stop", "      - { id: stop, end: Stop, terminate: true }"),
            done,
            "Accepted",
            1,
        ),
        (
            within(
                "    transaction: true\n",
                "undo",
                "      - { id: undo, end: Undo, cancel: true }\n    on: [{ cancel: true, then: end }]",
            ),
            done,
            "Accepted",
            1,
        ),
    ];
    for (outer, first, status, others) in cases {
        let house = house().await;
        let inner = format!(
            "  - choose: [{{ when: n == 1, then: first }}, {{ otherwise: other }}]\n  - {{ id: first, script: 1, result: ran, then: last }}\n  - {{ id: other, script: 1, result: ran }}\n  - {{ receive: news, key: \"${{n}}\", then: end }}\n  - {}",
            first.replacen("{ ", "{ id: last, ", 1)
        );
        house.deploy("inner", &process("inner", &inner)).await;
        house.deploy("outer", &process("outer", &outer)).await;
        let id = house.create(&house.token("outer", json!({})).await).await.unwrap();
        let mut expected = vec![("inner", status)];
        expected.extend((0..others).map(|_| ("inner", "Abandoned")));
        expected.push(("outer", "Accepted"));
        let (mut expected, found) = (names(&expected), house.instances().await);
        expected.sort();
        assert_eq!(found, expected, "{outer}");
        let search = Search { definition_name: Some("inner".to_owned()), ..Search::default() };
        let page = Page { number: 0, size: 10 };
        let mut ran = 0;
        for inner in house.rooms.search_instances(&search, page).await.unwrap().items {
            assert_eq!(inner.parent_instance_id.as_deref(), Some(id.as_str()));
            ran += usize::from(house.variable(&inner.id, "ran").await == json!(1));
        }
        assert_eq!(ran, 1, "{outer}");
        assert_eq!(call::all_called(&house.rooms.unit(), &id).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_is_behind_an_escalation_is_done_only_if_no_caller_ends_the_call_for_it() {
    for (catches, inner, outer, ran) in [
        ("on: [{ escalation: late, then: end }]", "Abandoned", "Accepted", json!(null)),
        (
            "on: [{ escalation: late, interrupting: false, then: end }]",
            "Accepted",
            "Accepted",
            json!(1),
        ),
        ("id: outer-call", "Accepted", "Accepted", json!(1)),
    ] {
        let house = house().await;
        let escalates = "  - { script: 5, result: x }\n  - { throw: Late, escalation: late }\n  - { send: told, key: k }\n  - { script: 1, result: ran }\n  - { end: Over, escalation: over }";
        house.deploy("inner", &process("inner", escalates)).await;
        // Also through a call between, which takes it over as well.
        house.deploy("middle", &process("middle", "  - { call: inner, take: all }")).await;
        let steps = format!(
            "  - call: middle\n    take: {{ seen: \"${{x}}\" }}\n    {catches}\n  - end: Done"
        );
        house.deploy("outer", &process("outer", &steps)).await;
        let id = house.create(&house.token("outer", json!({})).await).await.unwrap();
        let all = [("inner", inner), ("middle", inner), ("outer", outer)];
        assert_eq!(house.instances().await, names(&all), "{catches}");
        assert_eq!(house.variable(&house.id_of("inner").await, "ran").await, ran, "{catches}");
        assert_eq!(house.variable(&id, "seen").await, json!(5), "{catches}");
        let kept = house.rooms.list_messages(Page { number: 0, size: 10 }).await.unwrap();
        assert_eq!(kept.items.len(), usize::from(ran == json!(1)), "{catches}");
    }
}

#[tokio::test]
async fn what_a_call_takes_is_there_also_when_it_ends_with_an_error() {
    let house = house().await;
    let throws = "  - { script: 5, result: x }\n  - { end: No, error: declined }";
    let steps = "  - call: inner\n    take: { y: \"${x}\", z: \"${x + missing}\" }\n    on: [{ error: declined, then: end }]\n  - end: Done";
    house.deploy("inner", &process("inner", throws)).await;
    house.deploy("outer", &process("outer", steps)).await;
    let id = house.create(&house.token("outer", json!({})).await).await.unwrap();
    assert_eq!(house.status(&id).await, "Accepted");
    let variables = house.rooms.instance_variables(&id).await.unwrap();
    assert_eq!((variables.get("y"), variables.get("z")), (Some(&json!(5)), None));
}
