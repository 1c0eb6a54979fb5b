//! Stories of variables that grow: what finds no room beside the others stops its path, and goes on
//! when there is room again.

use engine::{
    CatchId, Command, Incident, Instance, LARGEST_INSTANCE, Moment, PathId, PathState, Status,
    Write, step,
};
use serde_json::{Map, Value, json};

use crate::check::{beginning, process_of};

const MEGABYTE: usize = 1_000_000;

/// Variables of a megabyte each.
fn heavy(count: usize) -> Map<String, Value> {
    (0..count).map(|number| (format!("v{number}"), "x".repeat(MEGABYTE).into())).collect()
}

/// With eight megabytes there, what is told adds one more as `more`: it finds no room, and does when
/// one of the others was emptied.
fn adding(steps: &str, told: Command) {
    let process = process_of(steps);
    let mut instance = Instance::default();
    step(&process, &mut instance, Command::start(heavy(8)), beginning()).unwrap();
    step(&process, &mut instance, told, beginning()).unwrap();
    let stopped: Vec<_> = instance.incidents().collect();
    let [Incident { path, message, .. }] = stopped[..] else { panic!("{stopped:?} in {steps}") };
    let limit = format!("those of an instance may have {LARGEST_INSTANCE}");
    assert!(message.starts_with("with ") && message.contains(&limit), "{message}");
    assert!(!instance.variables().contains_key("more"), "nothing is written in part");

    // After a restart nothing has changed, and with room it goes on without asking again.
    let kept = serde_json::to_string(&instance).unwrap();
    let mut instance: Instance = serde_json::from_str(&kept).unwrap();
    let retried = Command::Retry { path };
    step(&process, &mut instance, retried.clone(), beginning()).unwrap();
    assert_eq!(instance.incidents().count(), 1);
    let emptied = Command::Set { scope: None, writes: vec![Write::variable("v0", json!(null))] };
    step(&process, &mut instance, emptied, beginning()).unwrap();
    step(&process, &mut instance, retried, beginning()).unwrap();
    assert_eq!(instance.status(), Status::Completed);
    assert_eq!(instance.variables()["more"].as_str().map(str::len), Some(MEGABYTE));
}

fn megabyte(name: &str) -> Map<String, Value> {
    [(name.to_owned(), "y".repeat(MEGABYTE).into())].into_iter().collect()
}

#[test]
fn what_finds_no_room_is_an_incident_and_goes_on_when_there_is_some() {
    let path = PathId::from(0);
    let deliver = |payload| Command::Deliver { catch: CatchId::from(0), payload };
    let done = || Command::Complete { path, locals: megabyte("answer"), writes: Vec::new() };
    // An output of an activity, the result of a decision, a script, and messages in all ways.
    adding("  - { activity: work, out: { more: '${answer}' } }\n", done());
    adding(
        "  - { decide: d, result: more }\n",
        Command::Complete { path, locals: megabyte("decisionResult"), writes: Vec::new() },
    );
    adding("  - { activity: work }\n  - { script: 'v1', result: more }\n", {
        Command::Complete { path, locals: Map::new(), writes: Vec::new() }
    });
    adding("  - { receive: news, key: '${v1.length()}' }\n", deliver(megabyte("more")));
    adding(
        "  - { receive: news, key: '1', out: { more: '${answer}' } }\n",
        deliver(megabyte("answer")),
    );
    adding("  - { catch: News, message: news, key: '1' }\n", deliver(megabyte("more")));
    adding(
        "  - { catch: News, message: news, key: '1', out: { more: '${answer}' } }\n",
        deliver(megabyte("answer")),
    );
    adding("  - { catch: News, signal: news }\n", deliver(megabyte("more")));
}

#[test]
fn what_is_gathered_has_to_find_room_too() {
    let process = process_of(
        "  - { activity: work, each: { times: 12, collect: { into: all, value: '${answer}' } } }\n",
    );
    let mut instance = Instance::default();
    step(&process, &mut instance, Command::start(Map::new()), beginning()).unwrap();
    let paths: Vec<PathId> = (1..13).map(PathId::from).collect();
    for path in &paths {
        let done =
            Command::Complete { path: *path, locals: megabyte("answer"), writes: Vec::new() };
        step(&process, &mut instance, done, beginning()).unwrap();
    }
    let stopped: Vec<PathId> = instance.incidents().map(|incident| incident.path).collect();
    assert_eq!(stopped, paths[8..]);
    let moments = stopped.iter().map(|path| instance.path(*path).unwrap().state());
    for state in moments {
        assert!(matches!(state, PathState::Incident { moment: Moment::Leaving, .. }), "{state:?}");
    }
}

#[test]
fn properties_have_to_find_room_too() {
    let process =
        process_of("  - { activity: work, each: { times: 12 }, variables: { mine: '${text}' } }\n");
    let mut instance = Instance::default();
    step(&process, &mut instance, Command::start(megabyte("text")), beginning()).unwrap();
    let stopped: Vec<PathId> = instance.incidents().map(|incident| incident.path).collect();
    assert_eq!(stopped, (8..13).map(PathId::from).collect::<Vec<_>>());
    let done = Command::Complete { path: PathId::from(1), locals: Map::new(), writes: Vec::new() };
    step(&process, &mut instance, done, beginning()).unwrap();
    let retried = |path: u32| Command::Retry { path: PathId::from(path) };
    step(&process, &mut instance, retried(8), beginning()).unwrap();
    step(&process, &mut instance, retried(9), beginning()).unwrap();
    let stopped: Vec<PathId> = instance.incidents().map(|incident| incident.path).collect();
    assert_eq!(stopped, (9..13).map(PathId::from).collect::<Vec<_>>(), "there is room for one");
}

#[test]
fn what_is_replaced_needs_no_room_afterwards() {
    let process = process_of(
        r#"
  - { id: again, script: '"x"', result: n }
  - { catch: News, message: news, key: '1' }
  - { id: back, choose: [{ when: last, then: end }, { otherwise: again }] }
"#,
    );
    let mut instance = Instance::default();
    let variables = [("last".to_owned(), json!(false))].into_iter().collect();
    step(&process, &mut instance, Command::start(variables), beginning()).unwrap();
    for round in 0..40 {
        let mut payload = megabyte("more");
        payload.insert("last".to_owned(), json!(round == 39));
        let deliver = Command::Deliver { catch: CatchId::from(round), payload };
        step(&process, &mut instance, deliver, beginning()).unwrap();
        assert_eq!(instance.incidents().count(), 0);
    }
    assert_eq!(instance.status(), Status::Completed);
}
