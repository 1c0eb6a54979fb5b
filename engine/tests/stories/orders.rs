//! Any order of everything that an instance may be told, over definitions with every gateway and
//! event: nothing breaks, nothing is left waiting for nothing, and all can be told again.

use std::collections::BTreeSet;

use definitions::{EventDefinition, Kind, NodeId, Place, Process};
use engine::{CatchId, Command, Moment, PathId, PathState, ScopeId, Status, TimerId, Write};
use expect_test::expect;
use serde_json::{Map, Value};

use crate::check::{Story, process_of};
use crate::schedules::Numbers;

const GATEWAYS: &str = r#"
  - { start: Start, then: [again, fork] }
  - { id: again, choose: [pace] }
  - { id: pace, activity: ask, then: split }
  - { id: split, include: [{ when: n < 3, then: one }, { when: m < 3, then: two }, { when: n > 1, then: join }, { otherwise: three }] }
  - { id: one, activity: ask, out: { n: "${n + 1}" }, then: join, on: [{ timer: PT5M, then: two, interrupting: false }, { message: news, then: join }] }
  - { id: two, activity: ask, then: [{ to: join, when: n > 0 }, { to: other, when: m > 1 }, { otherwise: jump }] }
  - { throw: Jump, link: over }
  - { catch: Over, link: over, then: other }
  - { id: three, do: nothing, then: enough }
  - { id: join, include: [{ when: n < 4, then: enough }, { when: m < 4, then: other }, { otherwise: wait }] }
  - { id: other, include: [{ when: m > 2, then: two }, { when: n > 2, then: wait }, { otherwise: enough }] }
  - { id: fork, parallel: [enough, both, wait] }
  - { id: enough, complex: [{ when: "waitingForStart && n < 5", then: both }, { when: m > 3, then: one }, { otherwise: wait }], when: activationCount >= m }
  - { id: both, parallel: [again, wait] }
  - id: wait
    await:
      - { message: answer, key: "${n}", out: { m: "${x}" }, then: both }
      - { signal: alarm, then: enough }
      - { timer: PT10M, then: again }
      - { condition: m > n, then: end }
  - { end: }
"#;

const EVENTS: &str = r#"
  - { start: Start, then: [sub, any-of, all-of, full] }
  - { start: Ordered, id: ordered, message: order, then: sub }
  - id: sub
    variables: { n: 0 }
    steps:
      - { id: fork, parallel: [ask, inner, pause] }
      - { id: ask, activity: ask, out: { n: "${n + 1}" }, then: join, on: [{ cycle: R3/PT5M, then: tell, interrupting: false }, { condition: n > 2, then: over, interrupting: false }, { error: any, then: join }] }
      - { throw: Tell, id: tell, all: [{ message: news, key: "${m}" }, { signal: alarm }, { escalation: Up }], with: { a: "${n}" } }
      - { end: Told, id: told, signal: told }
      - { id: inner, each: { times: 2 }, then: join, steps: [{ catch: Note, id: note, message: note, then: done }, { id: done, activity: ask }] }
      - { catch: Pause, id: pause, timer: "PT${n + 1}M", then: join }
      - { id: join, include: [{ when: n < 3, then: fork }, { when: n > 3, then: over }, { otherwise: end }] }
      - { end: Over, id: over, terminate: true }
    events:
      - { signal: alarm, id: help, interrupting: false, steps: [{ id: helped, activity: ask }] }
      - { condition: n > 1, id: watch, interrupting: false, steps: [{ script: "${m + 1}", result: m }] }
      - { timer: PT30M, id: late, steps: [{ id: give-up, activity: ask }] }
    on:
      - { escalation: any, then: note-up, interrupting: false }
      - { any: [{ message: stop }, { condition: m > 8 }], then: end }
      - { all: [{ message: one }, { message: two }], then: note-up, interrupting: false }
    then: end
  - { id: note-up, receive: noted, then: end }
  - { catch: Any, id: any-of, any: [{ message: news }, { signal: alarm }, { cycle: R/PT7M }], then: [sub, end] }
  - { catch: All, id: all-of, all: [{ message: news }, { signal: alarm }, { timer: PT7M }, { condition: n > 0 }], out: { n: "${n}" }, then: end }
  - { catch: Full, id: full, condition: m > 4, then: end }
  - { end: }
events:
  - { message: stop, id: stopping, steps: [{ id: stopped, activity: ask }] }
  - { all: [{ signal: alarm }, { cycle: R/PT20M }], id: drill, interrupting: false, steps: [{ id: drilled, activity: ask }] }
"#;

const STARTS: &str = r#"
  - { id: which, starts: all, await: [one, two, three] }
  - { catch: One, id: one, message: one, then: join }
  - { catch: Two, id: two, message: two, out: { n: "${n}" }, then: join }
  - { catch: Three, id: three, message: three, then: join }
  - { id: order, receive: order, starts: true, then: enough }
  - { id: join, parallel: [enough, ask] }
  - { id: enough, complex: [{ when: n > 3, then: end }, { otherwise: ask }], when: "activationCount >= 2 && n >= 0" }
  - { id: ask, activity: ask, then: enough }
"#;

fn known(newest: Option<u32>) -> u32 {
    newest.map_or(0, |newest| newest + 1)
}

/// Some command or other, most of them about what is there.
fn command(numbers: &mut Numbers, story: &Story<'_>, nodes: &[NodeId]) -> Command {
    let instance = &story.instance;
    let (paths, timers): (Vec<_>, Vec<_>) = (
        instance.paths().map(|(id, _)| id).collect(),
        instance.timers().map(|(id, _)| id).collect(),
    );
    let mut pick = |from: &[u32]| match from.len() {
        0 => numbers.below(3),
        many => match numbers.below(20) {
            0 => known(from.last().copied()),
            _ => from[numbers.below(many as u32) as usize],
        },
    };
    let path = PathId::from(pick(&paths.iter().map(|id| id.number()).collect::<Vec<_>>()));
    let timer = TimerId::from(pick(&timers.iter().map(|id| id.number()).collect::<Vec<_>>()));
    let catches: Vec<_> = instance.catches().map(|(id, _)| id.number()).collect();
    let catch = CatchId::from(pick(&catches));
    let scopes: Vec<_> = instance.scopes().map(|(id, _)| id.number()).collect();
    let scope = ScopeId::from(pick(&scopes));
    let name = ["n", "m", "x", "a"][numbers.below(4) as usize].to_owned();
    let value = match numbers.below(8) {
        0 => Value::from("odd"),
        _ => numbers.below(7).into(),
    };
    let payload: Map<String, Value> = match numbers.below(3) {
        0 => Map::new(),
        _ => [(name.clone(), value.clone())].into_iter().collect(),
    };
    let writes = match numbers.below(3) {
        0 => vec![Write { at: vec![name], value }],
        _ => vec![],
    };
    let node = nodes[numbers.below(nodes.len() as u32) as usize].clone();
    match numbers.below(40) {
        0..10 => Command::Complete { path, locals: payload, writes },
        10 => Command::Wait { path, writes },
        11 => Command::RaiseError { path, code: "Lost".into(), message: "lost".into(), writes },
        12 => Command::Fault { path, message: "down".into(), lasts: false },
        13..18 => Command::Fire { timer },
        18..24 => Command::Deliver { catch, payload },
        24..27 => Command::Signal { name: "alarm".into(), payload },
        27..30 => Command::Set { scope: None, writes },
        30 => Command::Set { scope: Some(scope), writes },
        31..34 => Command::Retry { path },
        34..37 => Command::Resolve { path, writes },
        37 => Command::Escalate { path, code: "Up".into() },
        38 => match numbers.below(4) {
            0 => Command::Modify { end: vec![path], begin: vec![(node, None)] },
            1 => Command::Modify { end: vec![], begin: vec![(node, Some(scope))] },
            _ => Command::Modify { end: vec![path], begin: vec![] },
        },
        _ if numbers.below(20) == 0 => Command::Cancel { reason: String::new() },
        _ => Command::start(payload),
    }
}

fn start(numbers: &mut Numbers, at: &[&str]) -> Command {
    let number = |name: &str, value: u32| (name.to_owned(), Value::from(value));
    let variables =
        [number("n", numbers.below(5)), number("m", numbers.below(5))].into_iter().collect();
    let at = at[numbers.below(at.len() as u32) as usize];
    let at = Some(at).filter(|at| !at.is_empty()).map(NodeId::from);
    Command::Start { variables, at, trigger: 0, called: numbers.below(3) == 0 }
}

#[test]
fn no_order_of_commands_breaks_what_has_all_gateways_and_events() {
    let mut happened = BTreeSet::new();
    let all: [(&str, &[&str]); 3] = [
        (GATEWAYS, &[""]),
        (EVENTS, &["", "", "ordered"]),
        (STARTS, &["one", "two", "three", "order"]),
    ];
    for (definition, at) in all {
        let process = process_of(definition);
        let nodes: Vec<NodeId> = process.nodes().map(|(_, node)| node.id.clone()).collect();
        for seed in 0..20 {
            let mut numbers = Numbers(seed);
            let mut story = Story::begin(&process);
            story.tell(start(&mut numbers, at));
            for _ in 0..120 {
                let next = command(&mut numbers, &story, &nodes);
                story.tell(next);
                check_joins(&process, &story);
                check_scopes(&story);
                if story.instance.paths().count() > 60 {
                    break;
                }
            }
            if seed % 10 == 0 {
                story.crash();
            }
            for line in story.trace.lines().filter_map(|line| line.strip_prefix("  ")) {
                let words = if line.starts_with('+') { 2 } else { 1 };
                happened.insert(line.split(' ').take(words).collect::<Vec<_>>().join(" "));
            }
        }
    }
    let happened: String = happened.iter().map(|kind| format!("{kind}\n")).collect();
    expect![[r#"
        + armTimer
        + disarmTimer
        + runActivity
        + subscribe
        + unsubscribe
        answered
        armed
        arrived
        began
        cancelled
        caught
        closed
        completed
        disarmed
        ended
        entered
        errorRaised
        escalated
        failed
        faulted
        finished
        fired
        given
        incidentRaised
        incidentTakenUp
        interrupted
        joined
        opened
        reset
        rested
        retried
        set
        started
        subscribed
        turned
        unsubscribed
        waited
        withdrawn
        wrote
    "#]]
    .assert_eq(&happened);
}

/// An open scope has somebody in it, unless its host is stopped.
fn check_scopes(story: &Story<'_>) {
    let instance = &story.instance;
    let inhabited: BTreeSet<ScopeId> =
        instance.paths().filter_map(|(_, path)| path.scope()).collect();
    for (id, scope) in instance.scopes() {
        let host = instance.path(scope.host()).unwrap();
        let stopped = matches!(host.state(), PathState::Incident { .. });
        assert!(stopped || inhabited.contains(&id), "scope {id} is not empty");
    }
}

/// An inclusive join that waits has a reason to (§13.4.3, looked for from where the paths are).
fn check_joins(process: &Process, story: &Story<'_>) {
    let instance = &story.instance;
    let waits = |path: &engine::Path| *path.state() == PathState::Joining;
    let joins: BTreeSet<(Option<ScopeId>, &NodeId)> = instance
        .paths()
        .filter(|(_, path)| waits(path))
        .map(|(_, path)| (path.scope(), path.node()))
        .collect();
    if instance.status() != Status::Active {
        return;
    }
    for (scope, node) in joins {
        let place = process.place(node).unwrap();
        if !matches!(process.node(place).kind, Kind::InclusiveGateway) {
            continue;
        }
        let taken = story.arrived(scope, node);
        let reason = instance.paths().filter(|(_, path)| path.scope() == scope).any(|(_, path)| {
            let at = process.place(path.node()).unwrap();
            let parting = |state: &PathState| {
                matches!(state, PathState::Incident { moment: Moment::Parting, .. })
            };
            let from: Vec<Place> = match at == place {
                true if parting(path.state()) => {
                    process.outgoing(place).map(|(_, to)| to).collect()
                }
                true => vec![],
                false => vec![at],
            };
            from.into_iter().any(|from| {
                let reached = reached(process, from, place);
                !reached.is_empty() && reached.is_disjoint(&taken)
            })
        });
        assert!(reason, "the join {node} waits for something");
    }
}

/// The flows into a gateway to which a way leads from a node, not through the gateway.
fn reached(process: &Process, from: Place, to: Place) -> BTreeSet<String> {
    let (mut seen, mut flows, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![from]);
    while let Some(place) = open.pop() {
        if place == to || !seen.insert(place) {
            continue;
        }
        for (flow, next) in process.outgoing(place) {
            if next == to {
                flows.insert(flow.id.to_string());
            }
            open.push(next);
        }
        let node = process.node(place);
        match &node.kind {
            Kind::Activity(activity) => open.extend(&activity.boundaries),
            Kind::ThrowEvent(event) => {
                if let Some(EventDefinition::Link { name }) = event.only() {
                    open.extend(process.contents(node.parent).links.get(name));
                }
            }
            _ => {}
        }
    }
    flows
}
