//! Stories of unforeseen failures: further attempts, the incident after the last, and a person who
//! takes it up.

use expect_test::expect;

use crate::check::check;

#[test]
fn a_fault_is_tried_again_three_times_then_a_person_is_needed() {
    check(
        r#"
  - { id: one, activity: work, with: { a: 1 } }
"#,
        "start
         fault 0 down
         wait 9
         wait 1
         fault 0 still down
         wait 60
         fault 0 still down
         wait 300
         fault 0 down for good
         wait 3600
         fault 0 nobody asked
         retry 0
         fault 0 down again
         wait 10
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":1}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":1}
            > fault 0 down
              faulted 0 timer 0 one attempt=2 due 10s message="down"
              + armTimer timer 0 due 10s
            > wait 9
            > wait 1
              10s timer 0 is due
              fired timer 0 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={"a":1}
            > fault 0 still down
              faulted 0 timer 1 one attempt=3 due 1m 10s message="still down"
              + armTimer timer 1 due 1m 10s
            > wait 60
              1m 10s timer 1 is due
              fired timer 1 one
              retried 0 one attempt=3
              + runActivity 0 one activity="work" attempt=3 parameters={"a":1}
            > fault 0 still down
              faulted 0 timer 2 one attempt=4 due 6m 10s message="still down"
              + armTimer timer 2 due 6m 10s
            > wait 300
              6m 10s timer 2 is due
              fired timer 2 one
              retried 0 one attempt=4
              + runActivity 0 one activity="work" attempt=4 parameters={"a":1}
            > fault 0 down for good
              incidentRaised 0 one message="down for good" moment="running"
            > wait 3600
            > fault 0 nobody asked
            ! path 0 at `one` does not wait for an answer
            > retry 0
              incidentTakenUp 0 one
              began 0 one locals={"a":1}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":1}
            > fault 0 down again
              faulted 0 timer 3 one attempt=2 due 1h 6m 20s message="down again"
              + armTimer timer 3 due 1h 6m 20s
            > wait 10
              1h 6m 20s timer 3 is due
              fired timer 3 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={"a":1}
            > done 0
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
        "#]],
    );
}

#[test]
fn between_two_attempts_no_answer_fits() {
    check(
        r#"
  - { id: one, activity: work }
"#,
        "start
         fault 0 down
         done 0
         waits 0
         error 0 Lost
         fault 0 down
         retry 0
         fire 0
         fire 0
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault 0 down
              faulted 0 timer 0 one attempt=2 due 10s message="down"
              + armTimer timer 0 due 10s
            > done 0
            ! path 0 at `one` does not wait for an answer
            > waits 0
            ! path 0 at `one` is not running
            > error 0 Lost
            ! path 0 at `one` does not wait for an answer
            > fault 0 down
            ! path 0 at `one` does not wait for an answer
            > retry 0
            ! path 0 at `one` has no incident
            > fire 0
              fired timer 0 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={}
            > fire 0
            ! timer 0 is not armed
            > done 0
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
        "#]],
    );
}

#[test]
fn a_waiting_activity_that_fails_is_asked_for_again_from_its_first_attempt() {
    check(
        r#"
  - { id: one, activity: ask, on: [{ timer: PT1H, then: end }] }
"#,
        "start
         fault 0 down
         wait 10
         waits 0
         fault 0 down again
         wait 10
         waits 0
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
            > fault 0 down
              faulted 0 timer 1 one attempt=2 due 10s message="down"
              + armTimer timer 1 due 10s
            > wait 10
              10s timer 1 is due
              fired timer 1 one
              retried 0 one attempt=2
              + runActivity 0 one activity="ask" attempt=2 parameters={}
            > waits 0
              waited 0 one
            > fault 0 down again
              faulted 0 timer 2 one attempt=2 due 20s message="down again"
              + armTimer timer 2 due 20s
            > wait 10
              20s timer 2 is due
              fired timer 2 one
              retried 0 one attempt=2
              + runActivity 0 one activity="ask" attempt=2 parameters={}
            > waits 0
              waited 0 one
            > done 0
              disarmed timer 0 one.timer
              completed 0 one
              entered 1 end
              ended 1 end
              finished
              + disarmTimer timer 0 due 1h
            = completed end
        "#]],
    );
}
