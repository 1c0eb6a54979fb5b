//! Crowds: ten thousand instances of an activity cost ten thousand times one, in events and in bytes.

use engine::{Command, Event, Instance, PathState, Status, Step, step};
use serde_json::{Map, Value, json};

use crate::check::{beginning, process_of, stepped};

const ASKED: &str = r#"
  - id: each
    activity: ask
    each: { in: users, as: user, collect: { into: names, value: "${name}" } }
    with: { a: "${user}" }
"#;

fn started(steps: &str, users: usize) -> (Step, Instance) {
    let process = process_of(steps);
    let mut instance = Instance::default();
    let users: Vec<Value> = (0..users).map(Value::from).collect();
    let variables: Map<String, Value> = [("users".to_owned(), json!(users))].into_iter().collect();
    let step = stepped(&process, &mut instance, Command::start(variables), beginning()).unwrap();
    (step, instance)
}

fn bytes(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).unwrap().len()
}

#[test]
fn a_crowd_is_begun_in_so_many_events_for_each() {
    for (steps, each) in [
        (ASKED, 3),
        ("  - { id: each, script: user + 1, result: n, each: { in: users, as: user } }\n", 6),
        (
            "  - { id: each, script: user, result: n, each: { in: users, as: user, sequential: true } }\n",
            8,
        ),
        ("  - { id: each, each: { in: users, as: user }, steps: [{ do: nothing }] }\n", 13),
    ] {
        let (small, _) = started(steps, 1_000);
        let (large, instance) = started(steps, 10_000);
        assert_eq!(large.events.len() - small.events.len(), each * 9_000, "{steps}");
        assert!(instance.incidents().next().is_none());
        let sizes = (bytes(&small.events), bytes(&large.events));
        assert!(sizes.1 < sizes.0 * 11, "the record grows with the crowd: {sizes:?}");
    }
    let snapshots = [1_000, 10_000].map(|users| bytes(&started(ASKED, users).1));
    assert!(snapshots[1] < snapshots[0] * 11, "the snapshot grows with the crowd: {snapshots:?}");
}

#[test]
fn each_of_a_crowd_is_done_in_a_step_of_its_own_size() {
    let process = process_of(ASKED);
    let (_, mut instance) = started(ASKED, 10_000);
    let paths: Vec<_> = instance
        .paths()
        .filter(|(_, path)| matches!(path.state(), PathState::Running { .. }))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(paths.len(), 10_000);
    let (last, others) = paths.split_last().unwrap();
    let done = |instance: &mut Instance, path| {
        let locals = [("name".to_owned(), json!("N"))].into_iter().collect();
        let command = Command::Complete { path, locals, writes: Vec::new() };
        step(&process, instance, command, beginning()).unwrap()
    };
    for path in others {
        let step = done(&mut instance, *path);
        assert_eq!(step.events.len(), 3);
        assert!(step.effects.is_empty());
        assert!(bytes(&step.events) < 500);
    }
    let end = done(&mut instance, *last);
    assert!(matches!(end.events.last(), Some(Event::Finished)));
    assert_eq!(instance.status(), Status::Completed);
    assert_eq!(instance.variables()["names"].as_array().unwrap().len(), 10_000);
}

#[test]
fn crowds_in_crowds_are_refused_before_they_are_too_many() {
    let steps = r#"
  - id: outer
    each: { in: users }
    steps: [{ id: inner, each: { in: users }, steps: [{ id: ask, activity: ask }] }]
"#;
    let (_, instance) = started(steps, 400);
    assert!(instance.paths().count() <= 210_000);
    let message = instance.incidents().next().unwrap().message.to_owned();
    assert!(message.ends_with("100000 may run"), "{message}");
}

#[test]
fn a_crowd_is_undone_as_one_after_the_other() {
    let steps = "
  - { id: each, script: user, result: n, each: { in: users, as: user }, on: [{ compensate: true, then: undo }] }
  - { id: undo, script: n - 1, result: n }
  - { throw: All, compensate: true }
";
    let (_, instance) = started(steps, 10_000);
    assert_eq!(instance.status(), Status::Completed, "{:?}", instance.incidents().next());
    // The last one left 9999 there, and each has taken one away.
    assert_eq!(instance.variables()["n"], json!(-1));
}
