//! Stories of definitions that were made to hurt: however the paths, conditions and values grow, a
//! step ends in an incident that names the element, and the instance can be looked at and cancelled.

use std::fmt::Write as _;

use definitions::{Format, Process};
use engine::{Command, Instance, MOST_PATHS, PathState, STEP_BUDGET, Status};
use serde_json::{Map, Value, json};

use crate::check::{beginning, catalog, stepped};

/// Something hostile: its name, its text, and the elements at which its incidents may stand.
struct Hostile {
    name: &'static str,
    steps: String,
    stops_at: &'static [&'static str],
}

fn hostile(
    name: &'static str,
    steps: impl Into<String>,
    stops_at: &'static [&'static str],
) -> Hostile {
    Hostile { name, steps: steps.into(), stops_at }
}

/// So many steps, numbered.
fn many(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| format!("  - {}\n", line(number))).collect()
}

/// The numbered names of so many steps, in a list.
fn names(name: &str, count: usize) -> String {
    (0..count).map(|number| format!("{name}{number}")).collect::<Vec<_>>().join(", ")
}

fn all() -> Vec<Hostile> {
    let mut all = Vec::new();
    for (name, steps, stops_at) in PLAIN {
        all.push(hostile(name, *steps, stops_at));
    }
    let sum = vec![format!("({})", vec!["n"; 20].join("+")); 20].join("+");
    let steps = format!(
        "  - {{ id: sum, script: \"${{{sum}}}\", result: m }}\n  - {{ id: back, choose: [{{ when: n < 0, then: end }}, {{ otherwise: sum }}] }}\n"
    );
    all.push(hostile("a long expression in a loop", steps, &["sum", "back"]));
    let mut steps = format!(
        "  - {{ id: again, choose: [fork] }}\n  - {{ id: fork, parallel: [{}] }}\n",
        names("b", 3_000)
    );
    steps += &many(3_000, |n| format!("{{ id: b{n}, choose: [join] }}"));
    steps += "  - { id: join, parallel: [back] }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: again }] }\n";
    all.push(hostile(
        "a join of three thousand flows in a loop",
        steps,
        &["fork", "b", "join", "back", "again"],
    ));
    let mut steps = String::from(
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [back, sub] }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: again }] }\n",
    );
    steps += "  - id: sub\n    adhoc: { order: parallel }\n    steps:\n";
    for n in 0..3_000 {
        let _ = writeln!(steps, "      - {{ id: t{n}, activity: ask }}");
    }
    all.push(hostile(
        "a sub-process that begins with three thousand paths",
        steps,
        &["sub", "t", "fork", "back", "again"],
    ));
    let mut steps = format!("  - {{ start: Start, then: [{}, one] }}\n", names("c", 800));
    steps += &many(800, |n| {
        format!(
            "{{ catch: C{n}, id: c{n}, condition: n > {}, out: {{ n: \"${{n + 1}}\" }}, then: end }}",
            800 - n
        )
    });
    steps += "  - { id: one, script: n + 2, result: n, then: end }\n";
    steps += "  - { end: }\n";
    all.push(hostile("conditions that make each other true", steps, &["end", "c"]));
    let mut steps = format!(
        "  - {{ id: again, choose: [fork] }}\n  - {{ id: fork, parallel: [{}, join] }}\n",
        names("l", 1_500)
    );
    steps += &many(1_500, |n| format!("{{ throw: L{n}, id: l{n}, link: over{n} }}"));
    steps += &many(1_500, |n| format!("{{ catch: O{n}, id: o{n}, link: over{n}, then: join }}"));
    steps += "  - { id: join, include: [{ when: n >= 0, then: back }, { otherwise: end }] }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: again }] }\n  - { end: }\n";
    all.push(hostile(
        "an inclusive join behind links, in a loop",
        steps,
        &["l", "o", "fork", "join", "back", "again"],
    ));
    all
}

/// Name, steps and where it stops.
const PLAIN: &[(&str, &str, &[&str])] = &[
    (
        "a split whose branch comes back",
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [again, ask] }\n  - { id: ask, activity: ask, then: end }\n  - { end: }\n",
        &["again", "fork"],
    ),
    (
        "a split both of whose branches come back",
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [again, other] }\n  - { id: other, choose: [{ when: n < 0, then: end }, { otherwise: again }] }\n",
        &["again", "fork", "other"],
    ),
    (
        "a task after which a thousand paths leave, to itself",
        "  - { id: more, do: nothing, makes: 1000, then: back }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: more }] }\n",
        &["more", "back"],
    ),
    (
        "a task that takes a thousand paths and makes as many",
        "  - { id: more, do: nothing, makes: 1000, then: take }\n  - { id: take, do: nothing, needs: 1000, makes: 1000, then: back }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: take }] }\n",
        &["take", "back"],
    ),
    (
        "inclusive joins that wait among ever more paths",
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [again, one, two, ask] }\n  - { id: ask, activity: ask, then: join }\n  - { id: one, choose: [join] }\n  - { id: two, choose: [join] }\n  - { id: join, include: [{ when: n >= 0, then: again }, { otherwise: end }] }\n  - { end: }\n",
        &["again", "fork", "one", "two", "join"],
    ),
    (
        "an inclusive loop beside a crowd",
        "  - { start: Start, then: [each, join] }\n  - { id: each, activity: ask, each: { times: 5000 }, then: end }\n  - { id: join, include: [{ when: n >= 0, then: back }, { otherwise: end }] }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: join }] }\n  - { end: }\n",
        &["join", "back"],
    ),
    (
        "ever more conditions while a variable changes",
        "  - { id: again, script: n + 1, result: n, then: fork }\n  - { id: fork, parallel: [full, turn] }\n  - { catch: Full, id: full, condition: n < 0, then: end }\n  - { catch: Turn, id: turn, condition: n > 0, then: again }\n  - { end: }\n",
        &["again", "fork", "turn"],
    ),
    (
        "a complex gateway that waits for what never comes",
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [again, gate, other] }\n  - { id: other, activity: ask, then: gate }\n  - { id: gate, complex: [end], when: activationCount > 100000 }\n  - { end: }\n",
        &["again", "fork"],
    ),
    (
        "complex gateways whose conditions are asked at each write",
        "  - { id: again, script: n + 1, result: n, then: fork }\n  - { id: fork, parallel: [turn, sub] }\n  - { catch: Turn, id: turn, condition: n > 0, then: again }\n  - id: sub\n    then: end\n    steps:\n      - { id: in, parallel: [one, two] }\n      - { id: one, choose: [gate] }\n      - { id: two, activity: ask, then: gate }\n      - { id: gate, complex: [end], when: n < 0 }\n      - { end: }\n  - { end: }\n",
        &["again", "fork", "turn", "sub", "in", "one", "two", "gate"],
    ),
    (
        "a crowd again and again",
        "  - { id: each, do: nothing, each: { times: 5000 }, then: back }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: each }] }\n",
        &["each", "back"],
    ),
    (
        "a crowd each of which runs for ever",
        "  - id: each\n    each: { times: 5000 }\n    steps:\n      - { id: in, choose: [on] }\n      - { id: on, choose: [{ when: n < 0, then: end }, { otherwise: in }] }\n",
        &["in", "on"],
    ),
    (
        "a large value copied by ever more activities",
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [again, ask] }\n  - { id: ask, activity: ask, with: { a: \"${big}\" }, then: end }\n  - { end: }\n",
        &["again", "fork", "ask"],
    ),
    (
        "all variables given to ever more decisions",
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [again, ask] }\n  - { id: ask, decide: table, result: m, then: end }\n  - { end: }\n",
        &["again", "fork", "ask"],
    ),
    (
        "scopes that end all while much is on its way",
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [again, sub, back] }\n  - { id: back, choose: [again] }\n  - id: sub\n    then: end\n    steps:\n      - { id: in, parallel: [ask, stop] }\n      - { id: ask, activity: ask, then: end }\n      - { end: Stop, id: stop, terminate: true }\n      - { end: }\n  - { end: }\n",
        &["again", "fork", "back", "sub", "in", "stop", "ask"],
    ),
    (
        "things done and undone for ever",
        "  - { id: work, do: nothing, on: [{ compensate: true, then: undo }] }\n  - { throw: Undo, id: all, compensate: work }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: work }] }\n  - { id: undo, do: nothing }\n",
        &["work", "all", "back", "undo"],
    ),
    (
        "things done for ever that nothing undoes",
        "  - { id: work, do: nothing, on: [{ compensate: true, then: undo }] }\n  - { id: more, choose: [{ when: n >= 0, then: all }, { otherwise: other }] }\n  - { throw: Undo, id: all, compensate: other, then: back }\n  - { id: other, do: nothing, on: [{ compensate: true, then: undone }], then: back }\n  - { id: back, choose: [{ when: n < 0, then: end }, { otherwise: work }] }\n  - { id: undo, do: nothing }\n  - { id: undone, do: nothing }\n",
        &["work", "more", "all", "back"],
    ),
    (
        "escalations that begin a path each",
        "  - id: sub\n    on: [{ escalation: Up, interrupting: false, then: ask }]\n    steps:\n      - { id: in, choose: [up] }\n      - { throw: Up, id: up, escalation: Up, then: on }\n      - { id: on, choose: [{ when: n < 0, then: end }, { otherwise: in }] }\n  - { id: ask, activity: ask, then: end }\n  - { end: }\n",
        &["in", "up", "ask"],
    ),
    (
        "scopes whose ends write what conditions ask",
        "  - { id: again, choose: [fork] }\n  - { id: fork, parallel: [again, sub, full] }\n  - { catch: Full, id: full, condition: n < 0, then: end }\n  - { id: sub, out: { n: \"${n + 1}\" }, then: end, steps: [{ id: in, do: nothing }] }\n  - { end: }\n",
        &["again", "fork", "sub", "in", "full", "end"],
    ),
];

fn read(hostile: &Hostile) -> Process {
    let text = format!("name: Hostile\nsteps:\n{}", hostile.steps);
    match definitions::read(Format::Yaml, &text, &catalog()) {
        Ok(process) => process,
        Err(flaws) => panic!("{}: {}", hostile.name, flaws[0]),
    }
}

fn variables() -> Map<String, Value> {
    let members = [("n", json!(0)), ("big", json!("x".repeat(500_000)))];
    members.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

#[test]
fn whatever_never_rests_ends_in_an_incident_that_names_the_element() {
    for hostile in all() {
        let Hostile { name, stops_at, .. } = &hostile;
        let process = read(&hostile);
        let mut instance = Instance::default();
        let start = Command::start(variables());
        stepped(&process, &mut instance, start, beginning()).unwrap();
        assert_eq!(instance.status(), Status::Active, "{name}");
        let incidents: Vec<_> = instance.incidents().collect();
        let named = |node: &str| {
            stops_at.iter().any(|at| {
                let number = node.strip_prefix(at);
                number.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
            })
        };
        assert!(incidents.iter().any(|one| named(one.node.as_str())), "{name}: {incidents:?}");
        for incident in &incidents {
            let said =
                ["does not come to rest", "too many"].iter().any(|w| incident.message.contains(w));
            assert!(said, "{name}: {incident:?}");
        }
        assert!(instance.paths().all(|(_, path)| *path.state() != PathState::Moving), "{name}");
        assert!(instance.paths().count() <= MOST_PATHS + STEP_BUDGET as usize, "{name}");
        // What stopped may be told to go on.
        let path = incidents[0].path;
        stepped(&process, &mut instance, Command::Retry { path }, beginning()).unwrap();
        assert_eq!(instance.status(), Status::Active, "{name}");
        let paths = instance.paths().count();
        let cancel = Command::Cancel { reason: "enough".to_owned() };
        let cancelled = stepped(&process, &mut instance, cancel, beginning()).unwrap();
        assert_eq!(instance.status(), Status::Cancelled, "{name}");
        assert!(cancelled.events.len() <= 4 * paths + 10, "{name}: {}", cancelled.events.len());
    }
}

#[test]
fn ten_thousand_that_split_have_room() {
    let split = "  - id: each
    each: { times: 10000 }
    steps:
      - { id: fork, parallel: [one, two] }
      - { id: one, activity: ask, then: end }
      - { id: two, activity: ask, then: end }
";
    let process = read(&hostile("a crowd", split, &[]));
    let mut instance = Instance::default();
    stepped(&process, &mut instance, Command::start(variables()), beginning()).unwrap();
    assert_eq!(instance.incidents().next(), None);
    assert_eq!(instance.paths().count(), 30_001);
}
