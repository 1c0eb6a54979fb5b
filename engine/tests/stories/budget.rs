//! Stories of loops that never rest: a step ends all the same, in an incident that a person can
//! look at.

use engine::{
    Command, Event, Instance, Moment, PathId, PathState, STEP_BUDGET, Status, Step, Write, step,
};

use crate::check::{beginning, process_of, stepped};

fn entered(step: &Step) -> u32 {
    let entered = step.events.iter().filter(|event| matches!(event, Event::Entered { .. }));
    u32::try_from(entered.count()).unwrap()
}

fn endless() -> Command {
    Command::start([("on".to_owned(), true.into())].into_iter().collect())
}

#[test]
fn a_loop_that_never_rests_ends_in_an_incident() {
    let process = process_of(
        r#"
  - { id: again, choose: }
  - { id: on, choose: [{ when: on, then: again }, { otherwise: end }] }
"#,
    );
    let (mut instance, now) = (Instance::default(), beginning());
    let path = PathId::from(0);
    let start = stepped(&process, &mut instance, endless(), now).unwrap();
    let nodes = entered(&start);
    assert!((STEP_BUDGET * 9 / 10..=STEP_BUDGET + 1).contains(&nodes));
    let message = format!(
        "the process does not come to rest; it was stopped after {nodes} nodes of this step"
    );
    let state = PathState::Incident { message, moment: Moment::Entering };
    assert_eq!(instance.path(path).unwrap().state(), &state);
    let retry = stepped(&process, &mut instance, Command::Retry { path }, now).unwrap();
    // The condition costs a little too.
    assert!((STEP_BUDGET * 9 / 10..=STEP_BUDGET + 1).contains(&entered(&retry)));
    assert!(matches!(
        instance.path(path).unwrap().state(),
        PathState::Incident { moment: Moment::Entering, .. }
    ));
}

#[test]
fn an_exhausted_step_still_counts_who_arrives_at_a_join() {
    let process = process_of(
        r#"
  - { start: Start, then: [again, slow] }
  - { id: again, choose: }
  - { id: fork, parallel: [on, join] }
  - { id: on, choose: [{ when: on, then: again }, { otherwise: end }] }
  - { id: slow, activity: ask }
  - { id: join, parallel: }
"#,
    );
    let mut instance = Instance::default();
    stepped(&process, &mut instance, endless(), beginning()).unwrap();
    assert_eq!(instance.incidents().count(), 1);
    for (_, path) in instance.paths().filter(|(_, path)| path.node().as_str() == "join") {
        assert!(matches!(path.state(), PathState::Joining), "{:?}", path.state());
    }
}

#[test]
fn loops_of_nothing_but_joins_end_in_an_incident_too_and_go_on_when_it_is_mended() {
    let inclusive = r#"
  - { id: join, include: [{ when: on, then: other }, { otherwise: end }] }
  - { id: other, include: [{ when: on, then: join }, { otherwise: end }] }
"#;
    let complex = r#"
  - { id: join, complex: [{ when: on, then: again }, { otherwise: end }], when: activationCount >= 1 }
  - { id: again, choose: [{ when: on, then: join }, { otherwise: end }] }
"#;
    let two = r#"
  - { start: Start, then: [join, other] }
  - { id: join, include: [{ when: on, then: other }, { otherwise: end }] }
  - { id: other, include: [{ when: on, then: join }, { otherwise: end }] }
"#;
    for steps in [inclusive, complex, two] {
        let process = process_of(steps);
        let (mut instance, now) = (Instance::default(), beginning());
        let start = stepped(&process, &mut instance, endless(), now).unwrap();
        assert!(entered(&start) <= STEP_BUDGET + 3);
        if steps == two {
            // These two await each other.
            assert_eq!(instance.incidents().count(), 0);
            let path = instance.paths().next().unwrap().0;
            let end = Command::Modify { end: vec![path], begin: vec![] };
            stepped(&process, &mut instance, end, now).unwrap();
        }
        assert_eq!(instance.incidents().count(), 1, "{steps}");
        let off = Write { at: vec!["on".to_owned()], value: false.into() };
        stepped(&process, &mut instance, Command::Set { scope: None, writes: vec![off] }, now)
            .unwrap();
        let path = instance.incidents().next().unwrap().path;
        stepped(&process, &mut instance, Command::Retry { path }, now).unwrap();
        assert_eq!(instance.status(), Status::Completed, "{steps}");
    }
}

#[test]
fn an_exhausted_step_still_ends_the_scopes_that_are_empty() {
    let process = process_of(
        r#"
  - { start: Start, then: [sub, again] }
  - { id: sub, then: end, steps: [{ id: nothing, do: nothing }] }
  - { id: again, choose: [on] }
  - { id: on, choose: [{ when: on, then: again }, { otherwise: end }] }
"#,
    );
    let mut instance = Instance::default();
    stepped(&process, &mut instance, endless(), beginning()).unwrap();
    assert_eq!(instance.scopes().count(), 0);
    assert!(instance.incidents().count() > 0);
}

#[test]
fn an_exhausted_step_still_counts_who_comes_to_an_activity_that_awaits_several() {
    let process = process_of(
        r#"
  - { id: first, do: nothing, makes: 8 }
  - { id: second, do: nothing, makes: 1000 }
  - { id: x, do: nothing }
  - { id: q, do: nothing, needs: 5 }
  - { end: Fin }
"#,
    );
    let now = beginning();
    let mut started = Instance::default();
    stepped(&process, &mut started, endless(), now).unwrap();
    let came = started.paths().filter(|(_, path)| path.node().as_str() == "q").count();
    let stopped = |instance: &Instance| {
        let at_q = instance.incidents().filter(|one| one.node.as_str() == "q");
        at_q.map(|one| one.path).collect::<Vec<_>>()
    };
    let all = stopped(&started);
    assert!(all.len() > 100 && came - all.len() < 5, "{came} wait, {} of them joined", all.len());
    for command in
        [Command::Retry { path: all[0] }, Command::Resolve { path: all[0], writes: Vec::new() }]
    {
        let mut instance = started.clone();
        stepped(&process, &mut instance, command, now).unwrap();
        assert_eq!(instance.ended_at().len(), started.ended_at().len() + 1);
        assert_eq!(stopped(&instance), all[1..], "one of them stands for five");
    }
    // Whatever is taken up in whatever order, five come to one.
    let mut instance = started;
    let first = |instance: &Instance| instance.incidents().next().map(|one| one.path);
    while let Some(path) = first(&instance) {
        step(&process, &mut instance, Command::Retry { path }, now).unwrap();
    }
    assert_eq!((instance.status(), instance.ended_at().len()), (Status::Completed, 8000 / 5));
}
