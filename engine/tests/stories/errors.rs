//! Stories of foreseen errors: which boundary event catches them, what it leaves behind, and what
//! none catches.

use expect_test::expect;

use super::check::check;

const CAUGHT: &str = r#"
  - id: one
    activity: work
    on:
      - { error: any, then: other, code: errorCode, message: errorMessage }
      - { error: Lost, then: lost, message: lostMessage }
      - { timer: PT5M, then: end }
  - { end: Done }
  - { end: Lost }
  - { end: Other }
  - { end: }
"#;

#[test]
fn the_boundary_event_of_an_errors_code_goes_before_one_that_catches_all() {
    check(
        CAUGHT,
        "start\n error 0 Lost it is gone",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 one
          began 0 one
          armed 0 timer 0 one.timer due 5m
          + armTimer timer 0 due 5m
          + runActivity 0 one activity="work" attempt=1 parameters={}
        > error 0 Lost it is gone
          errorRaised 0 one code="Lost" message="it is gone"
          wrote 0 one writes=[{"at":["lostMessage"],"value":"it is gone"}]
          disarmed timer 0 one.timer
          interrupted 0 one by="one.Lost"
          entered 1 one.Lost
          entered 1 lost
          ended 1 lost
          finished
          + disarmTimer timer 0 due 5m
        = completed lost
        = {"lostMessage":"it is gone"}
    "#]],
    );
}

#[test]
fn a_boundary_event_without_a_code_catches_what_no_other_does() {
    check(
        CAUGHT,
        "start\n waits 0\n error 0 Odd how strange !seen.how=strange",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 one
          began 0 one
          armed 0 timer 0 one.timer due 5m
          + armTimer timer 0 due 5m
          + runActivity 0 one activity="work" attempt=1 parameters={}
        > waits 0
          waited 0 one
        > error 0 Odd how strange !seen.how=strange
          wrote 0 one writes=[{"at":["seen","how"],"value":"strange"}]
          errorRaised 0 one code="Odd" message="how strange"
          wrote 0 one writes=[{"at":["errorCode"],"value":"Odd"},{"at":["errorMessage"],"value":"how strange"}]
          disarmed timer 0 one.timer
          interrupted 0 one by="one.any"
          entered 1 one.any
          entered 1 other
          ended 1 other
          finished
          + disarmTimer timer 0 due 5m
        = completed other
        = {"errorCode":"Odd","errorMessage":"how strange","seen":{"how":"strange"}}
    "#]],
    );
}

#[test]
fn an_error_that_nothing_catches_is_an_incident() {
    check(
        r#"
  - { id: one, activity: work, with: { a: "${n}" }, on: [{ error: Lost, then: end }] }
  - { id: two, activity: work }
"#,
        "start n=1
         error 0 Odd how strange !n=2
         error 0 Lost too late
         done 0
         retry 0
         done 0
         done 1",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":1}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":1}
            > error 0 Odd how strange !n=2
              wrote 0 one writes=[{"at":["n"],"value":2}]
              errorRaised 0 one code="Odd" message="how strange"
              incidentRaised 0 one message="no boundary event catches the error `Odd`: how strange" moment="running"
            > error 0 Lost too late
            ! path 0 at `one` does not wait for an answer
            > done 0
            ! path 0 at `one` does not wait for an answer
            > retry 0
              incidentTakenUp 0 one
              began 0 one locals={"a":2}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":2}
            > done 0
              completed 0 one
              entered 1 two
              began 1 two
              + runActivity 1 two activity="work" attempt=1 parameters={}
            > done 1
              completed 1 two
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"n":2}
        "#]],
    );
}

#[test]
fn after_an_error_the_task_can_be_visited_again() {
    check(
        r#"
  - { id: again, choose: }
  - { id: one, activity: ask, on: [{ error: Lost, then: again }, { timer: PT5M, then: end }] }
"#,
        "start
         waits 0
         error 0 Lost at first
         done 0
         wait 299
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 again
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 5m
              + armTimer timer 0 due 5m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > waits 0
              waited 0 one
            > error 0 Lost at first
              errorRaised 0 one code="Lost" message="at first"
              disarmed timer 0 one.timer
              interrupted 0 one by="one.Lost"
              entered 1 one.Lost
              entered 1 again
              entered 1 one
              began 1 one
              armed 1 timer 1 one.timer due 5m
              + disarmTimer timer 0 due 5m
              + armTimer timer 1 due 5m
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > done 0
            ! path 0 has moved on
            > wait 299
            > done 2
            ! there is no path 2
            = active
            = 1 one {"running":{"attempt":1}}
        "#]],
    );
}
