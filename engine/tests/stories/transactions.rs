//! Stories of transactions: what is cancelled is undone, and left by its cancel boundary event.

use expect_test::expect;

use super::check::check;

const BOOKING: &str = r#"
  - id: trip
    transaction: true
    steps:
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - { id: no-hotel, activity: ask }
      - { id: split, parallel: [ask, beside] }
      - { id: beside, activity: ask, then: end }
      - { id: ask, activity: ask }
      - { id: full, choose: [{ when: full, then: cancelled }, { otherwise: end }] }
      - { end: Cancelled, cancel: true }
    events:
      - { message: note, id: noted, interrupting: false, steps: [{ id: read, activity: work }] }
    on:
      - { cancel: true, then: cancelled-trip }
      - { error: Lost, then: lost }
      - { timer: PT1H, then: late }
  - { end: Done }
  - { end: Cancelled trip }
  - { end: Lost }
  - { end: Late }
"#;

#[test]
fn a_cancelled_transaction_ends_is_undone_and_is_left_by_its_cancel_event() {
    check(
        BOOKING,
        "start full=true\n done hotel\n deliver noted.start\n done ask\n done no-hotel",
        expect![[r#"
        > start full=true
          started variables={"full":true}
          entered 0 start
          entered 0 trip
          began 0 trip
          armed 0 timer 0 trip.timer due 1h
          opened 0 trip of="subProcess" scope=0
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=0
          entered 1 trip.start scope=0
          entered 1 hotel
          began 1 hotel
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 1 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 1 hotel
          entered 2 split scope=0
          entered 2 ask
          began 2 ask
          entered 3 beside scope=0
          began 3 beside
          + runActivity 2 ask activity="ask" attempt=1 parameters={}
          + runActivity 3 beside activity="ask" attempt=1 parameters={}
        > deliver noted.start
          caught noted.start again=true catch=0
          entered 4 noted scope=0
          opened 4 noted of="eventSubProcess" scope=1
          entered 5 noted.start scope=1
          entered 5 read
          began 5 read
          + runActivity 5 read activity="work" attempt=1 parameters={}
        > done ask
          completed 2 ask
          entered 6 full scope=0
          entered 6 cancelled
          withdrawn 3 beside
          withdrawn 5 read
          closed noted scope=1
          withdrawn 4 noted
          unsubscribed noted.start catch=0
          recalled scope=0
          opened 6 cancelled of="compensation" scope=2 undo=[{"node":"hotel"}]
          undoing hotel scope=2
          entered 7 no-hotel scope=2
          began 7 no-hotel
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 7 no-hotel activity="ask" attempt=1 parameters={}
        > done no-hotel
          completed 7 no-hotel
          closed cancelled scope=2
          ended 6 cancelled
          disarmed timer 0 trip.timer
          closed trip scope=0
          interrupted 0 trip by="trip.cancel"
          entered 8 trip.cancel
          entered 8 cancelled-trip
          ended 8 cancelled-trip
          finished
          + disarmTimer timer 0 due 1h
        = completed cancelled cancelled-trip
        = {"full":true}
    "#]],
    );
}

#[test]
fn a_transaction_that_is_not_cancelled_ends_as_any_sub_process() {
    check(
        BOOKING,
        "start full=false\n done hotel\n done beside\n done ask",
        expect![[r#"
        > start full=false
          started variables={"full":false}
          entered 0 start
          entered 0 trip
          began 0 trip
          armed 0 timer 0 trip.timer due 1h
          opened 0 trip of="subProcess" scope=0
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=0
          entered 1 trip.start scope=0
          entered 1 hotel
          began 1 hotel
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 1 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 1 hotel
          entered 2 split scope=0
          entered 2 ask
          began 2 ask
          entered 3 beside scope=0
          began 3 beside
          + runActivity 2 ask activity="ask" attempt=1 parameters={}
          + runActivity 3 beside activity="ask" attempt=1 parameters={}
        > done beside
          completed 3 beside
          entered 4 trip.end scope=0
          ended 4 trip.end
        > done ask
          completed 2 ask
          entered 5 full scope=0
          entered 5 trip.end
          ended 5 trip.end
          remembered done={"inner":[{"node":"hotel"}],"node":"trip"}
          disarmed timer 0 trip.timer
          unsubscribed noted.start catch=0
          closed trip scope=0
          completed 0 trip
          entered 6 done
          ended 6 done
          finished
          + disarmTimer timer 0 due 1h
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
        = completed trip.end trip.end done
        = {"full":false}
    "#]],
    );
}

#[test]
fn an_error_is_a_hazard_that_undoes_nothing() {
    check(
        BOOKING,
        "start full=true\n done hotel\n error ask Lost",
        expect![[r#"
        > start full=true
          started variables={"full":true}
          entered 0 start
          entered 0 trip
          began 0 trip
          armed 0 timer 0 trip.timer due 1h
          opened 0 trip of="subProcess" scope=0
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=0
          entered 1 trip.start scope=0
          entered 1 hotel
          began 1 hotel
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 1 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 1 hotel
          entered 2 split scope=0
          entered 2 ask
          began 2 ask
          entered 3 beside scope=0
          began 3 beside
          + runActivity 2 ask activity="ask" attempt=1 parameters={}
          + runActivity 3 beside activity="ask" attempt=1 parameters={}
        > error ask Lost
          errorRaised 2 ask code="Lost" message=""
          disarmed timer 0 trip.timer
          withdrawn 2 ask
          withdrawn 3 beside
          unsubscribed noted.start catch=0
          closed trip scope=0
          interrupted 0 trip by="trip.Lost"
          entered 4 trip.Lost
          entered 4 lost
          ended 4 lost
          finished
          + disarmTimer timer 0 due 1h
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
        = completed lost
        = {"full":true}
    "#]],
    );
    check(
        BOOKING,
        "start full=true\n done hotel\n done ask\n wait 3600",
        expect![[r#"
        > start full=true
          started variables={"full":true}
          entered 0 start
          entered 0 trip
          began 0 trip
          armed 0 timer 0 trip.timer due 1h
          opened 0 trip of="subProcess" scope=0
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=0
          entered 1 trip.start scope=0
          entered 1 hotel
          began 1 hotel
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 1 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 1 hotel
          entered 2 split scope=0
          entered 2 ask
          began 2 ask
          entered 3 beside scope=0
          began 3 beside
          + runActivity 2 ask activity="ask" attempt=1 parameters={}
          + runActivity 3 beside activity="ask" attempt=1 parameters={}
        > done ask
          completed 2 ask
          entered 4 full scope=0
          entered 4 cancelled
          withdrawn 3 beside
          unsubscribed noted.start catch=0
          recalled scope=0
          opened 4 cancelled of="compensation" scope=1 undo=[{"node":"hotel"}]
          undoing hotel scope=1
          entered 5 no-hotel scope=1
          began 5 no-hotel
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 5 no-hotel activity="ask" attempt=1 parameters={}
        > wait 3600
          1h timer 0 is due
          fired timer 0 trip.timer
          wrote 0 trip writes=[{"at":["_timedOut"],"value":true}]
          withdrawn 5 no-hotel
          closed cancelled scope=1
          withdrawn 4 cancelled
          closed trip scope=0
          interrupted 0 trip by="trip.timer"
          entered 6 trip.timer
          entered 6 late
          ended 6 late
          finished
        = completed late
        = {"_timedOut":true,"full":true}
    "#]],
    );
}

#[test]
fn without_a_cancel_event_and_with_nothing_to_undo_a_cancelled_transaction_just_ends() {
    check(
        r#"
  - id: trip
    transaction: true
    steps:
      - { id: split, parallel: [ask, cancelled] }
      - { id: ask, activity: ask }
      - { end: Cancelled, cancel: true }
  - { end: Done }
"#,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 trip
              began 0 trip
              opened 0 trip of="subProcess" scope=0
              entered 1 trip.start scope=0
              entered 1 split
              entered 1 ask
              began 1 ask
              entered 2 cancelled scope=0
              withdrawn 1 ask
              ended 2 cancelled
              closed trip scope=0
              completed 0 trip
              entered 3 done
              ended 3 done
              finished
            = completed cancelled done
        "#]],
    );
}

#[test]
fn a_cancelled_instance_of_a_repeated_transaction_leaves_all_of_it() {
    check(
        r#"
  - id: trip
    each: { in: trips, as: trip }
    transaction: true
    steps:
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - { id: no-hotel, activity: ask }
      - { end: Cancelled, cancel: true }
    on: [{ cancel: true, then: off }]
  - { end: Done }
  - { end: Off }
"#,
        "start trips=[1,2]\n done hotel\n done no-hotel",
        expect![[r#"
            > start trips=[1,2]
              started variables={"trips":[1,2]}
              entered 0 start
              entered 0 trip
              opened 0 trip of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 trip scope=0
              given 1 trip locals={"loopCounter":0,"trip":1}
              began 1 trip
              opened 1 trip of="subProcess" scope=1 variables={"loopCounter":0,"trip":1}
              entered 2 trip scope=0
              given 2 trip locals={"loopCounter":1,"trip":2}
              began 2 trip
              opened 2 trip of="subProcess" scope=2 variables={"loopCounter":1,"trip":2}
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
              entered 5 cancelled scope=1
              recalled scope=1
              opened 5 cancelled of="compensation" scope=3 undo=[{"node":"hotel"}]
              undoing hotel scope=3
              entered 6 no-hotel scope=3
              began 6 no-hotel
              + runActivity 6 no-hotel activity="ask" attempt=1 parameters={}
            > done no-hotel
              completed 6 no-hotel
              closed cancelled scope=3
              ended 5 cancelled
              closed trip scope=1
              withdrawn 1 trip
              withdrawn 4 hotel
              closed trip scope=2
              withdrawn 2 trip
              closed trip scope=0
              interrupted 0 trip by="trip.cancel"
              entered 7 trip.cancel
              entered 7 off
              ended 7 off
              finished
            = completed cancelled off
            = {"trips":[1,2]}
        "#]],
    );
}

#[test]
fn what_a_cancelled_transaction_has_undone_is_not_undone_again() {
    check(
        r#"
  - id: trip
    transaction: true
    steps:
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - { id: no-hotel, activity: ask }
      - { end: Cancelled, cancel: true }
    on: [{ compensate: true, then: no-trip }]
  - { id: no-trip, activity: ask }
  - { throw: Undo, compensate: true }
"#,
        "start\n done hotel\n done no-hotel",
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
              entered 2 cancelled scope=0
              recalled scope=0
              opened 2 cancelled of="compensation" scope=1 undo=[{"node":"hotel"}]
              undoing hotel scope=1
              entered 3 no-hotel scope=1
              began 3 no-hotel
              + runActivity 3 no-hotel activity="ask" attempt=1 parameters={}
            > done no-hotel
              completed 3 no-hotel
              closed cancelled scope=1
              ended 2 cancelled
              closed trip scope=0
              completed 0 trip
              entered 4 undo
              entered 4 end
              ended 4 end
              finished
            = completed cancelled end
        "#]],
    );
}
