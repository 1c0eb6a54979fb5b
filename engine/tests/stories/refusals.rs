//! Stories of commands that do not fit: each is rejected with its reason and changes nothing.

use definitions::NodeId;
use engine::{Command, Instance, PathId, Rejection, TimerId, step};
use expect_test::expect;

use super::check::{beginning, check, process_of};

#[test]
fn a_second_completion_is_rejected_even_when_the_same_task_is_visited_again() {
    check(
        r#"
  - { id: one, activity: ask, then: one, on: [{ timer: PT1H, then: end }] }
"#,
        "start
         done 0
         done 0
         waits 1
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 1h
              + armTimer timer 0 due 1h
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > done 0
              disarmed timer 0 one.timer
              completed 0 one
              entered 1 one
              began 1 one
              armed 1 timer 1 one.timer due 1h
              + disarmTimer timer 0 due 1h
              + armTimer timer 1 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > done 0
            ! path 0 has moved on
            > waits 1
              waited 1 one
            > done 0
            ! path 0 has moved on
            = active
            = 1 one "waiting"
        "#]],
    );
}

#[test]
fn an_instance_that_is_cancelled_before_it_begins_never_begins() {
    check(
        r#"
  - { id: one, activity: work }
"#,
        "cancel not needed
         start
         cancel again",
        expect![[r#"
            > cancel not needed
              cancelled reason="not needed"
            > start
            ! the instance has ended
            > cancel again
            ! the instance has ended
            = cancelled
        "#]],
    );
}

#[test]
fn an_instance_starts_once_first_and_goes_on_until_it_has_ended() {
    check(
        r#"
  - { id: one, activity: work }
"#,
        "done 0
         fire 0
         start
         start
         done 0
         start
         done 0
         cancel too late",
        expect![[r#"
            > done 0
            ! the instance has not been started
            > fire 0
            ! the instance has not been started
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > start
            ! the instance has been started already
            > done 0
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            > start
            ! the instance has ended
            > done 0
            ! the instance has ended
            > cancel too late
            ! the instance has ended
            = completed end
        "#]],
    );
}

#[test]
fn each_command_has_its_state() {
    check(
        r#"
  - { start: Start, then: [one, join] }
  - { id: one, activity: ask, then: join }
  - { id: join, parallel: }
"#,
        "start
         done 7
         retry 0
         waits 0
         waits 0
         done 1
         waits 1
         retry 1
         fire 0
         done 0 !=1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              entered 1 join
              arrived 1 join flow="start.flow2"
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > done 7
            ! there is no path 7
            > retry 0
            ! path 0 at `one` has no incident
            > waits 0
              waited 0 one
            > waits 0
            ! path 0 at `one` is not running
            > done 1
            ! path 1 at `join` does not wait for an answer
            > waits 1
            ! path 1 at `join` does not wait for an answer
            > retry 1
            ! path 1 at `join` has no incident
            > fire 0
            ! timer 0 is not armed
            > done 0 !=1
            ! a write names no variable
            = active
            = 0 one "waiting"
            = 1 join "joining"
        "#]],
    );
}

#[test]
fn a_process_that_is_not_the_instances_own_is_noticed() {
    let own = process_of("  - { id: one, activity: ask, on: [{ timer: PT1M, then: end }] }\n");
    let other = process_of("  - { id: two, activity: ask }\n");
    let gateway = process_of("  - { id: one, choose: }\n");
    let mut instance = Instance::default();
    let variables = Default::default();
    step(&own, &mut instance, Command::start(variables), beginning()).unwrap();
    let (path, node) = (PathId::from(0), NodeId::from("one"));
    for (process, command, rejection) in [
        (
            &other,
            Command::Wait { path, writes: vec![] },
            Rejection::UnknownNode { node: node.clone() },
        ),
        (
            &gateway,
            Command::Wait { path, writes: vec![] },
            Rejection::NotWaiting { path, node: node.clone() },
        ),
        (
            &gateway,
            Command::Fire { timer: TimerId::from(0) },
            Rejection::UnknownNode { node: "one.timer".into() },
        ),
    ] {
        let before = instance.clone();
        assert_eq!(step(process, &mut instance, command, beginning()), Err(rejection));
        assert_eq!(instance, before);
    }
    step(&other, &mut instance, Command::Cancel { reason: "broken".into() }, beginning()).unwrap();
}
