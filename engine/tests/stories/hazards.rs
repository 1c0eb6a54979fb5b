//! Stories of hazards: errors while a cancelled transaction is being undone.

use expect_test::expect;

use super::check::check;

const HAZARD: &str = r#"
  - id: trip
    transaction: true
    steps:
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - id: no-hotel
        undoes: true
        steps: [{ id: call, activity: ask }, { end: Closed, error: Lost }]
      - { end: Off, cancel: true }
    events:
      - { error: any, id: inner, steps: [{ id: mend, activity: ask }] }
    on:
      - { cancel: true, then: out }
      - { error: Lost, then: lost }
  - { end: Done }
  - { end: Out }
  - { end: Lost }
"#;

#[test]
fn an_error_of_what_undoes_a_cancelled_transaction_leaves_it_by_its_error_event() {
    check(
        HAZARD,
        "start\n done hotel\n done call",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 trip
          began 0 trip
          opened 0 trip of="subProcess" scope=0
          entered 1 trip.start scope=0
          entered 1 hotel
          began 1 hotel
          + runActivity 1 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 1 hotel
          entered 2 off scope=0
          recalled scope=0
          opened 2 off of="compensation" scope=1 undo=[{"node":"hotel"}]
          undoing hotel scope=1
          entered 3 no-hotel scope=1
          began 3 no-hotel
          opened 3 no-hotel of="subProcess" scope=2
          entered 4 no-hotel.start scope=2
          entered 4 call
          began 4 call
          + runActivity 4 call activity="ask" attempt=1 parameters={}
        > done call
          completed 4 call
          entered 5 closed scope=2
          errorRaised 5 closed code="Lost" message=""
          withdrawn 5 closed
          closed no-hotel scope=2
          withdrawn 3 no-hotel
          closed off scope=1
          withdrawn 2 off
          closed trip scope=0
          interrupted 0 trip by="trip.Lost"
          entered 6 trip.Lost
          entered 6 lost
          ended 6 lost
          finished
        = completed lost
    "#]],
    );
    check(
        HAZARD,
        "start\n done hotel\n error call Lost",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 trip
          began 0 trip
          opened 0 trip of="subProcess" scope=0
          entered 1 trip.start scope=0
          entered 1 hotel
          began 1 hotel
          + runActivity 1 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 1 hotel
          entered 2 off scope=0
          recalled scope=0
          opened 2 off of="compensation" scope=1 undo=[{"node":"hotel"}]
          undoing hotel scope=1
          entered 3 no-hotel scope=1
          began 3 no-hotel
          opened 3 no-hotel of="subProcess" scope=2
          entered 4 no-hotel.start scope=2
          entered 4 call
          began 4 call
          + runActivity 4 call activity="ask" attempt=1 parameters={}
        > error call Lost
          errorRaised 4 call code="Lost" message=""
          withdrawn 4 call
          closed no-hotel scope=2
          withdrawn 3 no-hotel
          closed off scope=1
          withdrawn 2 off
          closed trip scope=0
          interrupted 0 trip by="trip.Lost"
          entered 5 trip.Lost
          entered 5 lost
          ended 5 lost
          finished
        = completed lost
    "#]],
    );
}

#[test]
fn what_the_transaction_does_not_catch_goes_further_out_and_not_to_its_event_sub_process() {
    let around = HAZARD.replace("error: Lost, then: lost", "timer: PT1H, then: lost");
    check(
        &around,
        "start\n done hotel\n done call",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 trip
          began 0 trip
          armed 0 timer 0 trip.timer due 1h
          opened 0 trip of="subProcess" scope=0
          entered 1 trip.start scope=0
          entered 1 hotel
          began 1 hotel
          + armTimer timer 0 due 1h
          + runActivity 1 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 1 hotel
          entered 2 off scope=0
          disarmed timer 0 trip.timer
          recalled scope=0
          opened 2 off of="compensation" scope=1 undo=[{"node":"hotel"}]
          undoing hotel scope=1
          entered 3 no-hotel scope=1
          began 3 no-hotel
          opened 3 no-hotel of="subProcess" scope=2
          entered 4 no-hotel.start scope=2
          entered 4 call
          began 4 call
          + disarmTimer timer 0 due 1h
          + runActivity 4 call activity="ask" attempt=1 parameters={}
        > done call
          completed 4 call
          entered 5 closed scope=2
          errorRaised 5 closed code="Lost" message=""
          withdrawn 5 closed
          closed no-hotel scope=2
          withdrawn 3 no-hotel
          closed off scope=1
          withdrawn 2 off
          closed trip scope=0
          withdrawn 0 trip
          failed code="Lost" message=""
        = failed
    "#]],
    );
    let steps = around.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let outer = format!(
        "\n  - id: outer\n    steps:{steps}    on: [{{ error: any, then: far }}]\n  - {{ end: Far }}\n"
    );
    check(
        &outer,
        "start\n done hotel\n done call",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 outer
          began 0 outer
          opened 0 outer of="subProcess" scope=0
          entered 1 outer.start scope=0
          entered 1 trip
          began 1 trip
          armed 1 timer 0 trip.timer due 1h
          opened 1 trip of="subProcess" scope=1
          entered 2 trip.start scope=1
          entered 2 hotel
          began 2 hotel
          + armTimer timer 0 due 1h
          + runActivity 2 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=1
          completed 2 hotel
          entered 3 off scope=1
          disarmed timer 0 trip.timer
          recalled scope=1
          opened 3 off of="compensation" scope=2 undo=[{"node":"hotel"}]
          undoing hotel scope=2
          entered 4 no-hotel scope=2
          began 4 no-hotel
          opened 4 no-hotel of="subProcess" scope=3
          entered 5 no-hotel.start scope=3
          entered 5 call
          began 5 call
          + disarmTimer timer 0 due 1h
          + runActivity 5 call activity="ask" attempt=1 parameters={}
        > done call
          completed 5 call
          entered 6 closed scope=3
          errorRaised 6 closed code="Lost" message=""
          withdrawn 6 closed
          closed no-hotel scope=3
          withdrawn 4 no-hotel
          closed off scope=2
          withdrawn 3 off
          closed trip scope=1
          withdrawn 1 trip
          closed outer scope=0
          interrupted 0 outer by="outer.any"
          entered 7 outer.any
          entered 7 far
          ended 7 far
          finished
        = completed far
    "#]],
    );
}

#[test]
fn one_error_event_leaves_all_instances_of_a_repeated_transaction() {
    let several = HAZARD.replace("transaction: true", "transaction: true\n    each: { times: 2 }");
    check(
        &several,
        "start\n done hotel\n done call",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 trip
              opened 0 trip of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 trip scope=0
              given 1 trip locals={"loopCounter":0}
              began 1 trip
              opened 1 trip of="subProcess" scope=1 variables={"loopCounter":0}
              entered 2 trip scope=0
              given 2 trip locals={"loopCounter":1}
              began 2 trip
              opened 2 trip of="subProcess" scope=2 variables={"loopCounter":1}
              entered 3 trip.start scope=1
              entered 4 trip.start scope=2
              entered 3 hotel
              began 3 hotel
              entered 4 hotel
              began 4 hotel
              + runActivity 3 hotel activity="work" attempt=1 parameters={}
              + runActivity 4 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"} scope=1
              completed 3 hotel
              entered 5 off scope=1
              withdrawn 4 hotel
              closed trip scope=2
              withdrawn 2 trip
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfTerminatedInstances"],"value":1}]
              recalled scope=1
              opened 5 off of="compensation" scope=3 undo=[{"node":"hotel"}]
              undoing hotel scope=3
              entered 6 no-hotel scope=3
              began 6 no-hotel
              opened 6 no-hotel of="subProcess" scope=4
              entered 7 no-hotel.start scope=4
              entered 7 call
              began 7 call
              + runActivity 7 call activity="ask" attempt=1 parameters={}
            > done call
              completed 7 call
              entered 8 closed scope=4
              errorRaised 8 closed code="Lost" message=""
              withdrawn 8 closed
              closed no-hotel scope=4
              withdrawn 6 no-hotel
              closed off scope=3
              withdrawn 5 off
              closed trip scope=1
              withdrawn 1 trip
              closed trip scope=0
              interrupted 0 trip by="trip.Lost"
              entered 9 trip.Lost
              entered 9 lost
              ended 9 lost
              finished
            = completed lost
        "#]],
    );
}

#[test]
fn an_escalation_of_what_undoes_a_cancelled_transaction_is_not_caught_on_its_boundary() {
    let tells = HAZARD
        .replace("{ end: Closed, error: Lost }", "{ end: Closed, escalation: Slow }")
        .replace("error: Lost, then", "escalation: Slow, then");
    check(
        &tells,
        "start\n done hotel\n done call",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 trip
          began 0 trip
          opened 0 trip of="subProcess" scope=0
          entered 1 trip.start scope=0
          entered 1 hotel
          began 1 hotel
          + runActivity 1 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 1 hotel
          entered 2 off scope=0
          recalled scope=0
          opened 2 off of="compensation" scope=1 undo=[{"node":"hotel"}]
          undoing hotel scope=1
          entered 3 no-hotel scope=1
          began 3 no-hotel
          opened 3 no-hotel of="subProcess" scope=2
          entered 4 no-hotel.start scope=2
          entered 4 call
          began 4 call
          + runActivity 4 call activity="ask" attempt=1 parameters={}
        > done call
          completed 4 call
          entered 5 closed scope=2
          escalated 5 closed code="Slow"
          ended 5 closed
          closed no-hotel scope=2
          completed 3 no-hotel
          closed off scope=1
          ended 2 off
          closed trip scope=0
          interrupted 0 trip by="trip.cancel"
          entered 6 trip.cancel
          entered 6 out
          ended 6 out
          finished
        = completed closed off out
    "#]],
    );
}
