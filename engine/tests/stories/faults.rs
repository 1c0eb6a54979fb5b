//! Stories of unforeseen failures: further attempts, the incident after the last, and a person who
//! takes it up.

use expect_test::expect;

use super::check::check;

#[test]
fn a_fault_that_lasts_is_an_incident_at_once_and_may_be_retried() {
    check(
        r#"
  - { id: one, activity: work }
"#,
        "start
         fault-for-good 0 no such form
         retry 0
         fault 0 down
         wait 10
         fault-for-good 0 no such form
         retry 0
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault-for-good 0 no such form
              incidentRaised 0 one message="no such form" moment="running"
            > retry 0
              incidentTakenUp 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault 0 down
              faulted 0 timer 0 one attempt=2 due 10s message="down"
              + armTimer timer 0 due 10s
            > wait 10
              10s timer 0 is due
              fired timer 0 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={}
            > fault-for-good 0 no such form
              incidentRaised 0 one message="no such form" moment="running"
            > retry 0
              incidentTakenUp 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
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

#[test]
fn what_a_start_or_boundary_event_cannot_take_over_can_be_skipped() {
    let process = r#"
  - { id: begun, start: Begun, message: begin, out: { first: "${lost}" } }
  - id: asked
    activity: ask
    on: [{ message: note, id: noted, out: { second: "${lost}" }, then: over }]
  - { end: Done }
  - { id: over, end: Over }
"#;
    check(
        process,
        "start @begun word=one
         retry begun
         resolve begun first=1
         waits asked
         deliver noted word=two
         retry noted
         resolve noted second=2",
        expect![[r#"
            > start @begun word=one
              started variables={"word":"one"}
              entered 0 begun
              incidentRaised 0 begun message="output `first`: there is no variable lost; if it may be missing, ask execution.hasVariable(\"lost\") first (at character 3 of ${lost})" moment="leaving"
            > retry begun
              incidentTakenUp 0 begun
              answered 0 begun locals={}
              incidentRaised 0 begun message="output `first`: there is no variable lost; if it may be missing, ask execution.hasVariable(\"lost\") first (at character 3 of ${lost})" moment="leaving"
            > resolve begun first=1
              incidentTakenUp 0 begun resolved=true
              wrote 0 begun writes=[{"at":["first"],"value":1}]
              entered 0 asked
              began 0 asked
              subscribed 0 noted awaited={"message":{"name":"note"}} catch=0
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 0 asked activity="ask" attempt=1 parameters={}
            > waits asked
              waited 0 asked
            > deliver noted word=two
              caught noted catch=0
              interrupted 0 asked by="noted"
              entered 1 noted
              given 1 noted locals={"word":"two"}
              incidentRaised 1 noted message="output `second`: there is no variable lost; if it may be missing, ask execution.hasVariable(\"lost\") first (at character 3 of ${lost})" moment="leaving"
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            > retry noted
              incidentTakenUp 1 noted
              answered 1 noted locals={"word":"two"}
              incidentRaised 1 noted message="output `second`: there is no variable lost; if it may be missing, ask execution.hasVariable(\"lost\") first (at character 3 of ${lost})" moment="leaving"
            > resolve noted second=2
              incidentTakenUp 1 noted resolved=true
              wrote 1 noted writes=[{"at":["second"],"value":2}]
              entered 1 over
              ended 1 over
              finished
            = completed over
            = {"first":1,"second":2,"word":"one"}
        "#]],
    );
}

#[test]
fn a_task_says_itself_when_it_is_tried_again() {
    check(
        r#"
  - { id: one, activity: work, retry: ["PT5S", "${pause}"] }
"#,
        "start pause=PT1M
         fault 0 down
         wait 5
         fault 0 still down
         wait 60
         fault 0 down for good
         retry 0
         fault 0 down again
         wait 5
         done 0",
        expect![[r#"
            > start pause=PT1M
              started variables={"pause":"PT1M"}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault 0 down
              faulted 0 timer 0 one attempt=2 due 5s message="down"
              + armTimer timer 0 due 5s
            > wait 5
              5s timer 0 is due
              fired timer 0 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={}
            > fault 0 still down
              faulted 0 timer 1 one attempt=3 due 1m 5s message="still down"
              + armTimer timer 1 due 1m 5s
            > wait 60
              1m 5s timer 1 is due
              fired timer 1 one
              retried 0 one attempt=3
              + runActivity 0 one activity="work" attempt=3 parameters={}
            > fault 0 down for good
              incidentRaised 0 one message="down for good" moment="running"
            > retry 0
              incidentTakenUp 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault 0 down again
              faulted 0 timer 2 one attempt=2 due 1m 10s message="down again"
              + armTimer timer 2 due 1m 10s
            > wait 5
              1m 10s timer 2 is due
              fired timer 2 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={}
            > done 0
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"pause":"PT1M"}
        "#]],
    );
}

#[test]
fn a_task_that_is_not_tried_again_is_an_incident_at_once() {
    check(
        r#"
  - { id: one, activity: work, retry: R0/PT1S }
"#,
        "start
         fault 0 down
         retry 0
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault 0 down
              incidentRaised 0 one message="down" moment="running"
            > retry 0
              incidentTakenUp 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
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
fn pauses_that_cannot_be_told_are_an_incident_that_says_so() {
    check(
        r#"
  - { id: one, activity: work, retry: "${pauses}" }
"#,
        "start
         fault 0 down
         set !pauses=R1/PT1S
         retry 0
         fault 0 down
         wait 1
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault 0 down
              incidentRaised 0 one message="down; when it is tried again cannot be told: there is no variable pauses; if it may be missing, ask execution.hasVariable(\"pauses\") first (at character 3 of ${pauses})" moment="running"
            > set !pauses=R1/PT1S
              set writes=[{"at":["pauses"],"value":"R1/PT1S"}]
            > retry 0
              incidentTakenUp 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > fault 0 down
              faulted 0 timer 0 one attempt=2 due 1s message="down"
              + armTimer timer 0 due 1s
            > wait 1
              1s timer 0 is due
              fired timer 0 one
              retried 0 one attempt=2
              + runActivity 0 one activity="work" attempt=2 parameters={}
            > done 0
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"pauses":"R1/PT1S"}
        "#]],
    );
}
