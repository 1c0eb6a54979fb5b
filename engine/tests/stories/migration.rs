//! Migration: what is under way goes on in another version, or nothing of it moves.

use std::collections::BTreeMap;

use definitions::NodeId;
use engine::{
    Command, Effect, Event, Fate, Instance, Renewal, Status, added, fates, flaws, migrate, step,
};
use serde_json::json;

use crate::check::{beginning, process_of};
use crate::script::{self, Line};

pub(crate) fn nodes(pairs: &[(&str, &str)]) -> BTreeMap<NodeId, NodeId> {
    pairs.iter().map(|(old, new)| (NodeId::from(*old), NodeId::from(*new))).collect()
}

/// Moved to the version that it runs already, an instance is as it was.
pub(crate) fn stays(process: &definitions::Process, instance: &Instance) {
    if instance.status() != Status::Active {
        return;
    }
    let mut moved = instance.clone();
    let step = migrate(
        process,
        process,
        &mut moved,
        &BTreeMap::new(),
        beginning(),
        false,
        Renewal::default(),
    )
    .unwrap();
    assert_eq!(
        step.events,
        [Event::Migrated(engine::Move {
            nodes: BTreeMap::new(),
            versions: Renewal::default(),
            gone: Vec::new()
        })]
    );
    assert_eq!(step.effects, []);
    let stored = |instance: &Instance| {
        let mut stored = serde_json::to_value(instance).unwrap();
        stored["sequence"] = 0.into();
        stored
    };
    assert_eq!(stored(&moved), stored(instance));
}

fn tell(process: &definitions::Process, instance: &mut Instance, script: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Line::Tell(command) = script::read(line) else { panic!("no time passes here") };
        effects.extend(step(process, instance, command, beginning()).unwrap().effects);
    }
    effects
}

/// Where paths are and what is awaited, in one line.
pub(crate) fn stand(instance: &Instance) -> String {
    let paths = instance.paths().map(|(number, path)| {
        let scope = path.scope().map(|scope| format!("/{scope}")).unwrap_or_default();
        format!("{number}{scope}:{}", path.node())
    });
    let timers = instance.timers().map(|(_, timer)| format!("timer:{}", timer.node()));
    let catches = instance.catches().map(|(_, catch)| format!("catch:{}", catch.node()));
    paths.chain(timers).chain(catches).collect::<Vec<_>>().join(" ")
}

/// Moves an instance that has been told a script; gives where it stands, or why it cannot move.
fn moved(from: &str, script: &str, to: &str, pairs: &[(&str, &str)]) -> String {
    let (from, to) = (process_of(from), process_of(to));
    let mut instance = Instance::default();
    tell(&from, &mut instance, script);
    let before = instance.clone();
    match migrate(&from, &to, &mut instance, &nodes(pairs), beginning(), false, Renewal::default())
    {
        Ok(step) => {
            let mut replayed = before;
            step.events.iter().for_each(|event| replayed.apply(event));
            assert_eq!(replayed, instance, "events make the instance what it is");
            let stored = serde_json::to_string(&instance).unwrap();
            assert_eq!(serde_json::from_str::<Instance>(&stored).unwrap(), instance);
            stand(&instance)
        }
        Err(misfits) => {
            assert_eq!(before, instance, "nothing has moved");
            let words: Vec<String> = misfits.iter().map(ToString::to_string).collect();
            words.join("\n")
        }
    }
}

/// The old version, the new one, renamed elements, and what comes of it.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

const ONE: &str = "
- { id: ask, activity: ask }
- { end: Done }";

#[test]
fn tasks_keep_their_state_under_their_new_ids() {
    let to = "
- { id: question, activity: ask, with: { a: 1 } }
- { id: more, activity: work }
- { end: Done }";
    let (from, to) = (process_of(ONE), process_of(to));
    let mut instance = Instance::default();
    tell(&from, &mut instance, "start n=1\nwaits 0");
    let names = nodes(&[("ask", "question")]);
    migrate(&from, &to, &mut instance, &names, beginning(), false, Renewal::default()).unwrap();
    assert_eq!(stand(&instance), "0:question");
    let effects = tell(&to, &mut instance, "done 0 x=2");
    assert!(matches!(&effects[..], [Effect::RunActivity { node, .. }] if node.as_str() == "more"));
    assert_eq!(instance.variables()["n"], json!(1));
    tell(&to, &mut instance, "done 1");
    assert_eq!(instance.status(), Status::Completed);
}

const INSIDE: &str = "
- id: part
  steps:
    - { id: ask, activity: ask, on: [{ timer: PT5M, id: late, then: over }] }
    - { end: PartDone }
    - { id: over, end: Over }
- { end: Done }";

#[test]
fn what_is_under_way_has_to_fit() {
    let renamed = INSIDE.replace("part", "piece");
    let without_timer = INSIDE
        .replace(", on: [{ timer: PT5M, id: late, then: over }]", "")
        .replace("    - { id: over, end: Over }\n", "");
    let with_timer = "
- { id: ask, activity: ask, on: [{ timer: PT5M, id: late, then: over }] }
- { end: Done }
- { id: over, end: Over }";
    let worse = "
- { id: ask, activity: ask, on: [{ timer: \"${missing}\", id: late, then: over }] }
- { end: Done }
- { id: over, end: Over }";
    let other = "\n- { id: ask, activity: work }\n- { end: Done }";
    let started = "start";
    let inside = "0:part 1/0:ask timer:late";
    #[rustfmt::skip]
    let cases: [Case; 12] = [
        (INSIDE, INSIDE,         &[],                                   inside),
        (INSIDE, &renamed,       &[("part", "piece")],                  "0:piece 1/0:ask timer:late"),
        (INSIDE, &renamed,       &[],                                   "the new version has no element `part`; map `part` to one that it has\n`ask` is not in, or not on, what that of `ask` becomes"),
        (INSIDE, &without_timer, &[],                                   "0:part 1/0:ask"),
        (INSIDE, ONE,            &[],                                   "`ask` is not in, or not on, what that of `ask` becomes\nthe new version has no element `part`; map `part` to one that it has"),
        (ONE,    with_timer,     &[],                                   "0:ask timer:late"),
        (ONE,    worse,          &[],                                   "`late` cannot be armed: "),
        (ONE,    other,          &[],                                   "`ask` and `ask` are not the same kind of element"),
        (ONE,    INSIDE,         &[("ask", "part")],                    "`ask` and `part` are not the same kind of element"),
        (ONE,    ONE,            &[("ask", "nowhere")],                 "the new version has no element `nowhere`; map `ask` to one that it has"),
        (with_timer, ONE,        &[],                                   "0:ask"),
        (with_timer, with_timer, &[("late", "over")],                   "0:ask timer:late"),
    ];
    for (from, to, pairs, expected) in cases {
        let found = moved(from, started, to, pairs);
        let mut found: Vec<&str> = found.lines().collect();
        let mut expected: Vec<&str> = expected.lines().collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found.len(), expected.len(), "{found:?} {pairs:?}");
        for (found, expected) in found.iter().zip(&expected) {
            assert!(found.starts_with(expected), "{found}\n{expected}\n{pairs:?}");
        }
    }
}

#[test]
fn only_what_is_under_way_is_moved() {
    let (from, mut instance) = (process_of(ONE), Instance::default());
    let nothing = BTreeMap::new();
    let created =
        migrate(&from, &from, &mut instance, &nothing, beginning(), false, Renewal::default())
            .unwrap_err();
    assert_eq!(created[0].to_string(), "the instance is not under way");
    tell(&from, &mut instance, "start\ncancel enough");
    assert!(
        migrate(&from, &from, &mut instance, &nothing, beginning(), false, Renewal::default())
            .is_err()
    );
}

#[test]
fn joins_need_the_flows_along_which_paths_came() {
    let fork = |ways: &str| {
        format!(
            "
- {{ id: fork, parallel: [{ways}] }}
- {{ id: one, activity: work, then: join }}
- {{ id: two, activity: work, then: join }}
- {{ id: three, activity: work, then: join }}
- {{ id: join, parallel: [after] }}
- {{ id: after, activity: work }}
- {{ end: Done }}"
        )
    };
    let both = fork("one, two, three");
    let more =
        both.replace("id: two, activity: work, then: join", "id: two, activity: work, then: after");
    let waiting = "start\ndone 1";
    let found = moved(&both, waiting, &both, &[]);
    assert!(found.contains(":join"), "{found}");
    let found = moved(&both, waiting, &more, &[]);
    assert!(found.starts_with("other flows lead to `join` than to `join`"), "{found}");
    let found = moved(&both, "start", &more, &[]);
    assert!(!found.contains("join"), "nobody waits there yet: {found}");
}

#[test]
fn messages_behind_a_gateway_are_awaited_on() {
    let gateway = |events: &str| {
        format!(
            "
- {{ id: choice, await: [{events}] }}
- {{ id: news, catch: News, message: news, then: done }}
- {{ id: late, catch: Late, timer: PT1H, then: done }}
- {{ id: soon, catch: Soon, timer: PT1M, then: done }}
- {{ id: done, end: Done }}"
        )
    };
    let two = gateway("news, late, soon");
    let to = two.replace("id: news", "id: letter").replace("[news", "[letter");
    let found = moved(&two, "start", &to, &[("news", "letter")]);
    assert!(found.contains("catch:letter"), "{found}");
    let found = moved(&two, "start", &to, &[]);
    assert!(found.contains("other events stand behind `choice`"), "{found}");
}

#[test]
fn a_plan_says_what_happens_to_each_element() {
    let from = process_of(
        "
- { id: ask, activity: ask, on: [{ timer: PT5M, id: late, then: over }] }
- { id: old, activity: work }
- { id: done, end: Done }
- { id: over, end: Over }",
    );
    let to = process_of(
        "
- { id: question, activity: ask, on: [{ timer: PT5M, id: soon, then: over }] }
- { id: done, end: Done }
- { id: over, end: Over }",
    );
    let names = nodes(&[("ask", "question")]);
    let told = |(node, fate): (NodeId, Fate)| match fate {
        Fate::Kept => format!("{node} kept"),
        Fate::Mapped(to) => format!("{node} -> {to}"),
        Fate::Dropped => format!("{node} dropped"),
        Fate::Cannot(misfit) => format!("{node}: {misfit}"),
    };
    let fates: Vec<String> = fates(&from, &to, &names).into_iter().map(told).collect();
    for expected in [
        "ask -> question",
        "late dropped",
        "done kept",
        "over kept",
        "old: the new version has no element `old`; map `old` to one that it has",
    ] {
        assert!(fates.iter().any(|fate| fate == expected), "{expected}: {fates:?}");
    }
    assert_eq!(added(&from, &to, &names), [NodeId::from("soon")]);
    assert_eq!(flaws(&from, &to, &names), []);
    #[rustfmt::skip]
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[("nowhere", "done")],                "the old version has no element `nowhere`"),
        (&[("ask", "nowhere")],                 "the new version has no element `nowhere`; map `ask` to one that it has"),
        (&[("ask", "done")],                    "`ask` and `done` are not the same kind of element"),
        (&[("done", "over"), ("over", "over")], "`done` and `over` would both become `over`"),
    ];
    for (pairs, expected) in cases {
        let found = flaws(&from, &to, &nodes(pairs));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].to_string(), expected);
    }
}

#[test]
fn a_migrated_instance_can_be_cancelled() {
    let (from, to) = (process_of(INSIDE), process_of(INSIDE));
    let mut instance = Instance::default();
    tell(&from, &mut instance, "start");
    migrate(&from, &to, &mut instance, &BTreeMap::new(), beginning(), false, Renewal::default())
        .unwrap();
    let cancel = Command::Cancel { reason: "enough".to_owned() };
    step(&to, &mut instance, cancel, beginning()).unwrap();
    assert_eq!(instance.status(), Status::Cancelled);
}

#[test]
fn data_objects_that_the_new_version_adds_become_variables_of_open_scopes() {
    let inner = |outer: &str, inner: &str| {
        format!(
            "
- id: part
  variables: {{ a: 1{inner} }}
  steps:
    - {{ id: deep, variables: {{ d: 0 }}, steps: [{{ id: ask, activity: ask }}, {{ end: DeepDone }}] }}
    - {{ end: PartDone }}
- {{ end: Done }}
variables: {{ {outer} }}"
        )
    };
    let from = process_of(&inner("", ""));
    let to = process_of(&inner("p: 5, a: 7", ", b: \"${a + p}\", none: null, p: \"${b}\""));
    let mut instance = Instance::default();
    tell(&from, &mut instance, "start a=9");
    let step = migrate(
        &from,
        &to,
        &mut instance,
        &BTreeMap::new(),
        beginning(),
        false,
        Renewal::default(),
    )
    .unwrap();
    let scopes: Vec<_> =
        instance.scopes().map(|(_, scope)| json!(scope.variables()).to_string()).collect();
    assert_eq!(json!(instance.variables()), json!({"a": 9, "p": 5}), "what is there stays");
    assert_eq!(scopes, [r#"{"a":1,"b":6,"none":null,"p":6}"#, r#"{"d":0}"#]);
    assert_eq!(step.events.len(), 3, "{:?}", step.events);
    let wrong = process_of(&inner("", ", b: \"${1 / nobody}\""));
    let mut other = Instance::default();
    tell(&from, &mut other, "start");
    let misfits = migrate(
        &from,
        &wrong,
        &mut other,
        &BTreeMap::new(),
        beginning(),
        false,
        Renewal::default(),
    )
    .unwrap_err();
    assert!(
        misfits[0].to_string().starts_with("the new variable `b` has no value: "),
        "{misfits:?}"
    );
}

#[test]
fn properties_that_the_new_version_adds_become_variables_of_the_nodes_where_paths_are() {
    let version = |outer: &str, task: &str, event: &str| {
        format!(
            "
- {{ start: Start, then: [ask, each, hear, late] }}
- {{ id: ask, activity: ask, variables: {{ a: 1{task} }}, out: {{ sum: \"${{a}}\" }} }}
- {{ id: each, activity: ask, each: {{ times: 1 }}, variables: {{ a: 1{task} }} }}
- {{ id: late, do: nothing, variables: {{ c: \"${{missing}}\"{task} }} }}
- {{ catch: Hear, id: hear, signal: news, variables: {{ a: 1{event} }}, then: end }}
variables: {{ {outer} }}"
        )
    };
    let from = process_of(&version("", "", ""));
    let to = process_of(&version("p: 5", ", b: \"${p + a}\"", ", b: \"${b1}\", p: , q: \"${p}\""));
    let mut instance = Instance::default();
    tell(&from, &mut instance, "start b1=1\nwaits 0 !a=3");
    migrate(&from, &to, &mut instance, &BTreeMap::new(), beginning(), false, Renewal::default())
        .unwrap();
    let own: Vec<String> = instance
        .paths()
        .map(|(number, path)| format!("{number} {} {}", path.node(), json!(path.own())))
        .collect();
    assert_eq!(
        own,
        [
            r#"0 ask {"a":3,"b":8}"#,
            "1 each {}",
            r#"2 hear {"a":1,"b":1,"p":null,"q":null}"#,
            "3 late {}",
            r#"4 each {"a":1,"b":6}"#
        ]
    );
    tell(&to, &mut instance, "done 0");
    assert_eq!(instance.variables()["sum"], json!(3));
    let flawed = process_of(&version("", ", b: \"${none}\"", ""));
    let mut instance = Instance::default();
    tell(&from, &mut instance, "start");
    let nodes = BTreeMap::new();
    let misfits =
        migrate(&from, &flawed, &mut instance, &nodes, beginning(), false, Renewal::default())
            .unwrap_err();
    assert!(
        misfits[0].to_string().starts_with("the new variable `b` has no value: "),
        "{misfits:?}"
    );
}

#[test]
fn properties_that_the_new_version_lacks_are_gone() {
    let from = process_of(
        "
- { id: ask, activity: ask, variables: { x: 1, kept: 2 } }",
    );
    let to = process_of(
        r#"
- { id: question, activity: ask, variables: { kept: , new: "${x}" }, out: { x: 42, sum: "${kept + new}", kept: 0 } }"#,
    );
    let mut instance = Instance::default();
    tell(&from, &mut instance, "start x=0\nwaits 0 !x=3");
    let mut replayed = instance.clone();
    let names = nodes(&[("ask", "question")]);
    let step =
        migrate(&from, &to, &mut instance, &names, beginning(), false, Renewal::default()).unwrap();
    let told = serde_json::to_string(&step.events).unwrap();
    for event in serde_json::from_str::<Vec<Event>>(&told).unwrap() {
        replayed.apply(&event);
    }
    assert_eq!(replayed, instance, "events make the instance what it is");
    let path = instance.paths().next().unwrap().1;
    assert_eq!(json!(path.own()), json!({ "kept": 2, "new": 3 }), "seen before it goes");
    tell(&to, &mut instance, "done 0");
    assert_eq!(json!(instance.variables()), json!({ "x": 42, "sum": 5 }));
    let before = r#"{"kind":"migrated","nodes":{}}"#;
    assert_eq!(
        serde_json::to_string(&serde_json::from_str::<Event>(before).unwrap()).unwrap(),
        before
    );
}

#[test]
fn what_begins_by_itself_in_an_ad_hoc_sub_process_does_not_begin_twice() {
    let ad_hoc = |order: &str, then: &str| {
        format!(
            "
- id: part
  adhoc: {{ order: {order} }}
  steps:
    - {{ id: a, activity: work{then} }}
    - {{ id: b, activity: work }}
- {{ end: Done }}"
        )
    };
    for order in ["sequential", "parallel"] {
        let found = moved(&ad_hoc(order, ""), "start", &ad_hoc(order, ", then: b"), &[]);
        assert_eq!(
            found,
            "`b` begins by itself and `b` behind another element, so that it could begin twice"
        );
        let found = moved(&ad_hoc(order, ", then: b"), "start", &ad_hoc(order, ", then: b"), &[]);
        assert!(found.starts_with("0:part 1/0:a"), "{found}");
    }
}
