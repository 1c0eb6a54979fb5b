//! Stories of timers at tasks: interrupting ones, others, and what comes too late.

use expect_test::expect;

use super::check::check;

const EITHER: &str = r#"
  - id: one
    activity: ask
    on:
      - { timer: PT2M, id: remind, then: reminder, interrupting: false }
      - { timer: PT10M, id: expire, then: expired }
  - { end: Done }
  - { id: reminder, activity: work }
  - { end: Reminded }
  - { end: Expired }
"#;

#[test]
fn an_answer_in_time_disarms_the_timers_of_its_task() {
    check(
        EITHER,
        "start
         waits 0
         wait 60
         done 0
         wait 3600
         fire 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              armed 0 timer 0 remind due 2m
              armed 0 timer 1 expire due 10m
              + armTimer timer 0 due 2m
              + armTimer timer 1 due 10m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > waits 0
              waited 0 one
            > wait 60
            > done 0
              disarmed timer 0 remind
              disarmed timer 1 expire
              completed 0 one
              entered 1 done
              ended 1 done
              finished
              + disarmTimer timer 0 due 2m
              + disarmTimer timer 1 due 10m
            > wait 3600
            > fire 0
            ! the instance has ended
            = completed done
        "#]],
    );
}

#[test]
fn a_timer_that_does_not_interrupt_begins_a_path_and_leaves_the_task_alone() {
    check(
        EITHER,
        "start
         waits 0
         wait 300
         done 0
         done 1
         wait 3600",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              armed 0 timer 0 remind due 2m
              armed 0 timer 1 expire due 10m
              + armTimer timer 0 due 2m
              + armTimer timer 1 due 10m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > waits 0
              waited 0 one
            > wait 300
              2m timer 0 is due
              fired timer 0 remind
              entered 1 remind
              entered 1 reminder
              began 1 reminder
              + runActivity 1 reminder activity="work" attempt=1 parameters={}
            > done 0
              disarmed timer 1 expire
              completed 0 one
              entered 2 done
              ended 2 done
              + disarmTimer timer 1 due 10m
            > done 1
              completed 1 reminder
              entered 3 reminded
              ended 3 reminded
              finished
            > wait 3600
            = completed done reminded
        "#]],
    );
}

#[test]
fn a_late_answer_finds_the_door_closed() {
    check(
        r#"
  - { id: one, activity: ask, on: [{ timer: PT10M, then: one-more }] }
  - { end: Done }
  - { id: one-more, activity: ask }
"#,
        "start
         waits 0
         wait 600
         done 0
         waits 1
         done 0
         error 0 Lost
         fault 0 no
         fire 0
         done 1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 10m
              + armTimer timer 0 due 10m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > waits 0
              waited 0 one
            > wait 600
              10m timer 0 is due
              fired timer 0 one.timer
              wrote 0 one writes=[{"at":["_timedOut"],"value":true}]
              interrupted 0 one by="one.timer"
              entered 1 one.timer
              entered 1 one-more
              began 1 one-more
              + runActivity 1 one-more activity="ask" attempt=1 parameters={}
            > done 0
            ! path 0 has moved on
            > waits 1
              waited 1 one-more
            > done 0
            ! path 0 has moved on
            > error 0 Lost
            ! path 0 has moved on
            > fault 0 no
            ! path 0 has moved on
            > fire 0
            ! timer 0 is not armed
            > done 1
              completed 1 one-more
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"_timedOut":true}
        "#]],
    );
}

#[test]
fn a_timer_takes_its_duration_from_the_inputs_of_its_task() {
    check(
        r#"
  - { id: one, activity: ask, with: { a: "PT${minutes}M" }, on: [{ timer: "${a}", then: end }] }
  - { end: }
"#,
        "start minutes=3
         wait 179
         wait 1",
        expect![[r#"
            > start minutes=3
              started variables={"minutes":3}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":"PT3M"}
              armed 0 timer 0 one.timer due 3m
              + armTimer timer 0 due 3m
              + runActivity 0 one activity="ask" attempt=1 parameters={"a":"PT3M"}
            > wait 179
            > wait 1
              3m timer 0 is due
              fired timer 0 one.timer
              wrote 0 one writes=[{"at":["_timedOut"],"value":true}]
              interrupted 0 one by="one.timer"
              entered 1 one.timer
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"_timedOut":true,"minutes":3}
        "#]],
    );
}

#[test]
fn a_timer_without_a_duration_stops_the_path_before_anything_is_asked_for() {
    check(
        r#"
  - { start: Start, then: [one, mend] }
  - { id: one, activity: ask, then: end, on: [{ timer: PT1H, id: hour, then: end }, { timer: "${limit}", id: limited, then: end }] }
  - { id: mend, activity: work }
"#,
        "start limit=soon
         done 1 !limit=PT1M
         retry 0
         done 0",
        expect![[r#"
            > start limit=soon
              started variables={"limit":"soon"}
              entered 0 start
              entered 0 one
              incidentRaised 0 one message="timer `limited`: \"soon\" is not a duration; write one such as PT15M or P5D (at character 1 of ${limit})" moment="entering"
              entered 1 mend
              began 1 mend
              + runActivity 1 mend activity="work" attempt=1 parameters={}
            > done 1 !limit=PT1M
              wrote 1 mend writes=[{"at":["limit"],"value":"PT1M"}]
              completed 1 mend
              entered 2 end
              ended 2 end
            > retry 0
              incidentTakenUp 0 one
              began 0 one
              armed 0 timer 0 hour due 1h
              armed 0 timer 1 limited due 1m
              + armTimer timer 0 due 1h
              + armTimer timer 1 due 1m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > done 0
              disarmed timer 0 hour
              disarmed timer 1 limited
              completed 0 one
              entered 3 end
              ended 3 end
              finished
              + disarmTimer timer 0 due 1h
              + disarmTimer timer 1 due 1m
            = completed end end
            = {"limit":"PT1M"}
        "#]],
    );
}

#[test]
fn each_visit_of_a_task_has_its_own_timers() {
    check(
        r#"
  - { id: one, activity: ask, then: one, on: [{ timer: PT10M, then: end }] }
"#,
        "start
         wait 500
         done 0
         wait 500
         fire 0
         wait 100",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 10m
              + armTimer timer 0 due 10m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > wait 500
            > done 0
              disarmed timer 0 one.timer
              completed 0 one
              entered 1 one
              began 1 one
              armed 1 timer 1 one.timer due 18m 20s
              + disarmTimer timer 0 due 10m
              + armTimer timer 1 due 18m 20s
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > wait 500
            > fire 0
            ! timer 0 is not armed
            > wait 100
              18m 20s timer 1 is due
              fired timer 1 one.timer
              wrote 1 one writes=[{"at":["_timedOut"],"value":true}]
              interrupted 1 one by="one.timer"
              entered 2 one.timer
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"_timedOut":true}
        "#]],
    );
}

#[test]
fn time_runs_on_for_a_task_that_is_being_retried_or_has_an_incident() {
    let steps = r#"
  - { id: one, activity: work, on: [{ timer: PT30S, then: end }] }
  - { end: Done }
  - { end: }
"#;
    check(
        steps,
        "start
         fault 0 once
         wait 10
         fault 0 twice
         wait 20
         fire 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 30s
              + armTimer timer 0 due 30s
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault 0 once
              faulted 0 timer 1 one attempt=2 due 10s message="once"
              + armTimer timer 1 due 10s
            > wait 10
              10s timer 1 is due
              fired timer 1 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={}
            > fault 0 twice
              faulted 0 timer 2 one attempt=3 due 1m 10s message="twice"
              + armTimer timer 2 due 1m 10s
            > wait 20
              30s timer 0 is due
              fired timer 0 one.timer
              wrote 0 one writes=[{"at":["_timedOut"],"value":true}]
              disarmed timer 2 one
              interrupted 0 one by="one.timer"
              entered 1 one.timer
              entered 1 end
              ended 1 end
              finished
              + disarmTimer timer 2 due 1m 10s
            > fire 2
            ! the instance has ended
            = completed end
            = {"_timedOut":true}
        "#]],
    );
    check(
        steps,
        "start
         error 0 Odd
         wait 30
         retry 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 30s
              + armTimer timer 0 due 30s
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > error 0 Odd
              errorRaised 0 one code="Odd" message=""
              incidentRaised 0 one message="no boundary event catches the error `Odd`" moment="running"
            > wait 30
              30s timer 0 is due
              fired timer 0 one.timer
              wrote 0 one writes=[{"at":["_timedOut"],"value":true}]
              interrupted 0 one by="one.timer"
              entered 1 one.timer
              entered 1 end
              ended 1 end
              finished
            > retry 0
            ! the instance has ended
            = completed end
            = {"_timedOut":true}
        "#]],
    );
}
