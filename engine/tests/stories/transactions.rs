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
              disarmed timer 0 trip.timer
              recalled scope=0
              opened 6 cancelled of="compensation" scope=2 undo=[{"node":"hotel"}]
              undoing hotel scope=2
              entered 7 no-hotel scope=2
              began 7 no-hotel
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
              + disarmTimer timer 0 due 1h
              + runActivity 7 no-hotel activity="ask" attempt=1 parameters={}
            > done no-hotel
              completed 7 no-hotel
              closed cancelled scope=2
              ended 6 cancelled
              closed trip scope=0
              interrupted 0 trip by="trip.cancel"
              entered 8 trip.cancel
              entered 8 cancelled-trip
              ended 8 cancelled-trip
              finished
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
        "start full=true\n done hotel\n wait 3600",
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
            > wait 3600
              1h timer 0 is due
              fired timer 0 trip.timer
              wrote 0 trip writes=[{"at":["_timedOut"],"value":true}]
              withdrawn 2 ask
              withdrawn 3 beside
              unsubscribed noted.start catch=0
              closed trip scope=0
              interrupted 0 trip by="trip.timer"
              entered 4 trip.timer
              entered 4 late
              ended 4 late
              finished
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            = completed late
            = {"_timedOut":true,"full":true}
        "#]],
    );
}

#[test]
fn with_nothing_to_undo_a_cancelled_transaction_is_left_at_once() {
    check(
        r#"
  - id: trip
    transaction: true
    steps:
      - { id: split, parallel: [ask, cancelled] }
      - { id: ask, activity: ask }
      - { end: Cancelled, cancel: true }
    on: [{ cancel: true, then: done }]
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
              interrupted 0 trip by="trip.cancel"
              entered 3 trip.cancel
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
              withdrawn 4 hotel
              closed trip scope=2
              withdrawn 2 trip
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfTerminatedInstances"],"value":1}]
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
    on: [{ compensate: true, then: no-trip }, { cancel: true, then: undo }]
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
              interrupted 0 trip by="trip.cancel"
              entered 4 trip.cancel
              entered 4 undo
              entered 4 end
              ended 4 end
              finished
            = completed cancelled end
        "#]],
    );
}

#[test]
fn what_was_done_in_parts_that_still_run_is_undone_too() {
    check(
        r#"
  - id: tx
    transaction: true
    steps:
      - { id: split, parallel: [books, sub, ask] }
      - { id: books, activity: work, each: { times: 2 }, on: [{ compensate: true, then: undo }], then: end }
      - { id: undo, activity: ask, with: { a: "${loopCounter}" } }
      - id: sub
        with: { n: 1 }
        steps:
          - { id: pay, activity: work, out: { n: "${n + 1}" }, on: [{ compensate: true, then: unpay }] }
          - { id: unpay, activity: ask, with: { a: "${n}" } }
          - { receive: never }
        on: [{ compensate: true, then: unsub }]
        then: end
      - { id: unsub, activity: ask }
      - { id: ask, activity: ask, then: off }
      - { end: Off, cancel: true }
    on: [{ cancel: true, then: out }]
  - { end: Done }
  - { end: Out }
"#,
        "start
         done books
         done pay
         done ask
         done unpay
         done undo",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 tx
              began 0 tx
              opened 0 tx of="subProcess" scope=0
              entered 1 tx.start scope=0
              entered 1 split
              entered 1 books
              opened 1 books of="body" scope=1 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 2 sub scope=0
              began 2 sub locals={"n":1}
              opened 2 sub of="subProcess" scope=2 variables={"n":1}
              entered 3 ask scope=0
              began 3 ask
              entered 4 books scope=1
              given 4 books locals={"loopCounter":0}
              began 4 books
              entered 5 books scope=1
              given 5 books locals={"loopCounter":1}
              began 5 books
              entered 6 sub.start scope=2
              entered 6 pay
              began 6 pay
              + runActivity 3 ask activity="ask" attempt=1 parameters={}
              + runActivity 4 books activity="work" attempt=1 parameters={}
              + runActivity 5 books activity="work" attempt=1 parameters={}
              + runActivity 6 pay activity="work" attempt=1 parameters={}
            > done books
              remembered done={"node":"books","variables":{"loopCounter":0}} scope=1
              completed 4 books
              set scope=1 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done pay
              wrote 6 pay writes=[{"at":["n"],"value":2}]
              remembered done={"node":"pay"} scope=2
              completed 6 pay
              entered 7 never scope=2
              began 7 never
              subscribed 7 never awaited={"message":{"name":"never"}} catch=0
              rested 7 never
              + subscribe awaited={"message":{"name":"never"}} catch=0
            > done ask
              completed 3 ask
              entered 8 off scope=0
              remembered done={"inner":[{"node":"books","variables":{"loopCounter":0}}],"node":"books","partly":true} scope=0
              withdrawn 5 books
              closed books scope=1
              withdrawn 1 books
              remembered done={"inner":[{"node":"pay"}],"node":"sub","partly":true,"variables":{"n":2}} scope=0
              unsubscribed never catch=0
              withdrawn 7 never
              closed sub scope=2
              withdrawn 2 sub
              recalled scope=0
              opened 8 off of="compensation" scope=3 undo=[{"inner":[{"node":"books","variables":{"loopCounter":0}}],"node":"books","partly":true},{"inner":[{"node":"pay"}],"node":"sub","partly":true,"variables":{"n":2}}]
              undoing sub scope=3
              entered 9 sub scope=3
              opened 9 sub of="compensation" scope=4 undo=[{"node":"pay"}] variables={"n":2}
              undoing pay scope=4
              entered 10 unpay scope=4
              began 10 unpay locals={"a":2}
              + unsubscribe awaited={"message":{"name":"never"}} catch=0
              + runActivity 10 unpay activity="ask" attempt=1 parameters={"a":2}
            > done unpay
              completed 10 unpay
              closed sub scope=4
              completed 9 sub
              undoing books scope=3
              entered 11 books scope=3
              opened 11 books of="compensation" scope=5 undo=[{"node":"books","variables":{"loopCounter":0}}]
              undoing books scope=5
              entered 12 books scope=5
              opened 12 books of="compensation" pending=[true] scope=6 variables={"loopCounter":0}
              entered 13 undo scope=6
              began 13 undo locals={"a":0}
              + runActivity 13 undo activity="ask" attempt=1 parameters={"a":0}
            > done undo
              completed 13 undo
              closed books scope=6
              completed 12 books
              closed books scope=5
              completed 11 books
              closed off scope=3
              ended 8 off
              closed tx scope=0
              interrupted 0 tx by="tx.cancel"
              entered 14 tx.cancel
              entered 14 out
              ended 14 out
              finished
            = completed off out
        "#]],
    );
}

const THREE: &str = r#"
  - id: tx
    each: { times: 3 }
    transaction: true
    steps:
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - { id: no-hotel, activity: ask, with: { a: "${loopCounter}" } }
      - { id: well, activity: ask }
      - { choose: [{ when: well, then: end }, { otherwise: off }] }
      - { end: Off, cancel: true }
    events:
      - { error: Lost, steps: [{ id: inner, activity: ask }] }
    on:
      - { cancel: true, then: out }
      - { error: Lost, then: lost }
      - { timer: PT1H, then: late }
      - { message: stop, then: stopped }
  - { end: Done }
  - { end: Out }
  - { end: Lost }
  - { end: Late }
  - { end: Stopped }
"#;

#[test]
fn all_instances_of_a_repeated_transaction_are_undone_when_one_is_cancelled() {
    check(
        THREE,
        "start well=true
         done hotel
         done hotel
         done hotel
         done well
         set !well=false
         done well
         wait 3600
         error no-hotel Odd
         resolve no-hotel
         done no-hotel
         error no-hotel Odd
         resolve no-hotel",
        expect![[r#"
            > start well=true
              started variables={"well":true}
              entered 0 start
              entered 0 tx
              armed 0 timer 0 tx.timer due 1h
              subscribed 0 tx.stop awaited={"message":{"name":"stop"}} catch=0
              opened 0 tx of="body" scope=0 variables={"nrOfActiveInstances":3,"nrOfCompletedInstances":0,"nrOfInstances":3,"nrOfTerminatedInstances":0}
              entered 1 tx scope=0
              given 1 tx locals={"loopCounter":0}
              began 1 tx
              opened 1 tx of="subProcess" scope=1 variables={"loopCounter":0}
              entered 2 tx scope=0
              given 2 tx locals={"loopCounter":1}
              began 2 tx
              opened 2 tx of="subProcess" scope=2 variables={"loopCounter":1}
              entered 3 tx scope=0
              given 3 tx locals={"loopCounter":2}
              began 3 tx
              opened 3 tx of="subProcess" scope=3 variables={"loopCounter":2}
              entered 4 tx.start scope=1
              entered 5 tx.start scope=2
              entered 6 tx.start scope=3
              entered 4 hotel
              began 4 hotel
              entered 5 hotel
              began 5 hotel
              entered 6 hotel
              began 6 hotel
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + runActivity 4 hotel activity="work" attempt=1 parameters={}
              + runActivity 5 hotel activity="work" attempt=1 parameters={}
              + runActivity 6 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"} scope=1
              completed 4 hotel
              entered 7 well scope=1
              began 7 well
              + runActivity 7 well activity="ask" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"} scope=2
              completed 5 hotel
              entered 8 well scope=2
              began 8 well
              + runActivity 8 well activity="ask" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"} scope=3
              completed 6 hotel
              entered 9 well scope=3
              began 9 well
              + runActivity 9 well activity="ask" attempt=1 parameters={}
            > done well
              completed 7 well
              entered 10 tx.step-4 scope=1
              entered 10 tx.end
              ended 10 tx.end
              remembered done={"inner":[{"node":"hotel"}],"node":"tx","variables":{"loopCounter":0}} scope=0
              closed tx scope=1
              completed 1 tx
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":2},{"at":["nrOfCompletedInstances"],"value":1}]
            > set !well=false
              set writes=[{"at":["well"],"value":false}]
            > done well
              completed 8 well
              entered 11 tx.step-4 scope=2
              entered 11 off
              disarmed timer 0 tx.timer
              unsubscribed tx.stop catch=0
              remembered done={"inner":[{"node":"hotel"}],"node":"tx","partly":true,"variables":{"loopCounter":2}} scope=0
              withdrawn 9 well
              closed tx scope=3
              withdrawn 3 tx
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfTerminatedInstances"],"value":1}]
              recalled scope=2
              opened 11 off of="compensation" scope=4 undo=[{"node":"hotel"}]
              undoing hotel scope=4
              entered 12 no-hotel scope=4
              began 12 no-hotel locals={"a":1}
              + disarmTimer timer 0 due 1h
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
              + runActivity 12 no-hotel activity="ask" attempt=1 parameters={"a":1}
            > wait 3600
            > error no-hotel Odd
              errorRaised 12 no-hotel code="Odd" message=""
              incidentRaised 12 no-hotel message="no boundary event catches the error `Odd`" moment="running"
            > resolve no-hotel
              incidentTakenUp 12 no-hotel resolved=true
              completed 12 no-hotel
              closed off scope=4
              ended 11 off
              closed tx scope=2
              recalled scope=0
              opened 2 tx of="compensation" scope=5 undo=[{"inner":[{"node":"hotel"}],"node":"tx","variables":{"loopCounter":0}},{"inner":[{"node":"hotel"}],"node":"tx","partly":true,"variables":{"loopCounter":2}}]
              undoing tx scope=5
              entered 13 tx scope=5
              opened 13 tx of="compensation" scope=6 undo=[{"node":"hotel"}] variables={"loopCounter":2}
              undoing hotel scope=6
              entered 14 no-hotel scope=6
              began 14 no-hotel locals={"a":2}
              + runActivity 14 no-hotel activity="ask" attempt=1 parameters={"a":2}
            > done no-hotel
              completed 14 no-hotel
              closed tx scope=6
              completed 13 tx
              undoing tx scope=5
              entered 15 tx scope=5
              opened 15 tx of="compensation" scope=7 undo=[{"node":"hotel"}] variables={"loopCounter":0}
              undoing hotel scope=7
              entered 16 no-hotel scope=7
              began 16 no-hotel locals={"a":0}
              + runActivity 16 no-hotel activity="ask" attempt=1 parameters={"a":0}
            > error no-hotel Odd
              errorRaised 16 no-hotel code="Odd" message=""
              incidentRaised 16 no-hotel message="no boundary event catches the error `Odd`" moment="running"
            > resolve no-hotel
              incidentTakenUp 16 no-hotel resolved=true
              completed 16 no-hotel
              closed tx scope=7
              completed 15 tx
              closed tx scope=5
              withdrawn 2 tx
              closed tx scope=0
              interrupted 0 tx by="tx.cancel"
              entered 17 tx.cancel
              entered 17 out
              ended 17 out
              finished
            = completed tx.end off out
            = {"well":false}
        "#]],
    );
}

#[test]
fn no_boundary_event_interrupts_the_undoing_of_a_cancelled_transaction() {
    check(
        BOOKING,
        "start full=true
         done hotel
         done ask
         wait 3600
         error no-hotel Odd
         resolve no-hotel",
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
              disarmed timer 0 trip.timer
              recalled scope=0
              opened 4 cancelled of="compensation" scope=1 undo=[{"node":"hotel"}]
              undoing hotel scope=1
              entered 5 no-hotel scope=1
              began 5 no-hotel
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
              + disarmTimer timer 0 due 1h
              + runActivity 5 no-hotel activity="ask" attempt=1 parameters={}
            > wait 3600
            > error no-hotel Odd
              errorRaised 5 no-hotel code="Odd" message=""
              incidentRaised 5 no-hotel message="no boundary event catches the error `Odd`" moment="running"
            > resolve no-hotel
              incidentTakenUp 5 no-hotel resolved=true
              completed 5 no-hotel
              closed cancelled scope=1
              ended 4 cancelled
              closed trip scope=0
              interrupted 0 trip by="trip.cancel"
              entered 6 trip.cancel
              entered 6 cancelled-trip
              ended 6 cancelled-trip
              finished
            = completed cancelled cancelled-trip
            = {"full":true}
        "#]],
    );
}
