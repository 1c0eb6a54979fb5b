//! Stories of undoing sub-processes, repeated activities and event sub-processes.

use expect_test::expect;

use super::check::check;

#[test]
fn a_compensation_event_sub_process_undoes_in_place_of_the_inner_order() {
    check(
        r#"
  - id: trip
    with: { n: 1 }
    steps:
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - { id: no-hotel, activity: ask }
      - { id: flight, activity: work, on: [{ compensate: true, then: no-flight }] }
      - { id: no-flight, activity: ask }
    events:
      - id: undoing
        compensate: true
        steps:
          - { id: call-off, activity: ask, with: { a: "${n}" } }
          - { throw: Only hotel, compensate: hotel }
          - { id: report, activity: ask }
  - { throw: Undo, compensate: trip }
"#,
        "start\n done hotel\n done flight !n=2\n done call-off\n done no-hotel\n done report",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 trip
              began 0 trip locals={"n":1}
              opened 0 trip of="subProcess" scope=0 variables={"n":1}
              entered 1 trip.start scope=0
              entered 1 hotel
              began 1 hotel
              + runActivity 1 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"} scope=0
              completed 1 hotel
              entered 2 flight scope=0
              began 2 flight
              + runActivity 2 flight activity="work" attempt=1 parameters={}
            > done flight !n=2
              wrote 2 flight writes=[{"at":["n"],"value":2}]
              remembered done={"node":"flight"} scope=0
              completed 2 flight
              entered 3 trip.end scope=0
              ended 3 trip.end
              remembered done={"inner":[{"node":"hotel"},{"node":"flight"}],"node":"trip","variables":{"n":2}}
              closed trip scope=0
              completed 0 trip
              entered 4 undo
              recalled activity="trip"
              opened 4 undo of="compensation" scope=1 undo=[{"inner":[{"node":"hotel"},{"node":"flight"}],"node":"trip","variables":{"n":2}}]
              undoing trip scope=1
              entered 5 trip scope=1
              opened 5 trip of="compensation" pending=[true] scope=2 undo=[{"node":"hotel"},{"node":"flight"}] variables={"n":2}
              entered 6 undoing scope=2
              opened 6 undoing of="eventSubProcess" scope=3
              entered 7 undoing.start scope=3
              entered 7 call-off
              began 7 call-off locals={"a":2}
              + runActivity 7 call-off activity="ask" attempt=1 parameters={"a":2}
            > done call-off
              completed 7 call-off
              entered 8 only-hotel scope=3
              recalled activity="hotel" scope=2
              opened 8 only-hotel of="compensation" scope=4 undo=[{"node":"hotel"}]
              undoing hotel scope=4
              entered 9 no-hotel scope=4
              began 9 no-hotel
              + runActivity 9 no-hotel activity="ask" attempt=1 parameters={}
            > done no-hotel
              completed 9 no-hotel
              closed only-hotel scope=4
              entered 8 report
              began 8 report
              + runActivity 8 report activity="ask" attempt=1 parameters={}
            > done report
              completed 8 report
              entered 10 undoing.end scope=3
              ended 10 undoing.end
              closed undoing scope=3
              completed 6 undoing
              closed trip scope=2
              completed 5 trip
              closed undo scope=1
              entered 4 end
              ended 4 end
              finished
            = completed trip.end undoing.end end
        "#]],
    );
}

#[test]
fn a_handler_may_be_a_sub_process_and_stands_for_all_that_is_inside() {
    check(
        r#"
  - id: trip
    steps: [{ id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }, { id: no-hotel, activity: ask }]
    on: [{ compensate: true, then: no-trip }, { error: Lost, then: lost }]
  - id: no-trip
    steps:
      - { id: one, activity: work, on: [{ compensate: true, then: undo-one }] }
      - { id: undo-one, activity: ask }
      - { id: well, choose: [{ when: bad, then: broken }, { otherwise: end }] }
      - { end: Broken, error: Lost }
  - { throw: Undo, compensate: true }
  - { end: Done }
  - { end: Lost }
events:
  - { error: Lost, id: failed, steps: [{ id: mend, activity: ask }] }
"#,
        "start bad=false\n done hotel\n done one",
        expect![[r#"
            > start bad=false
              started variables={"bad":false}
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
              entered 2 trip.end scope=0
              ended 2 trip.end
              remembered done={"node":"trip"}
              closed trip scope=0
              completed 0 trip
              entered 3 undo
              recalled
              opened 3 undo of="compensation" scope=1 undo=[{"node":"trip"}]
              undoing trip scope=1
              entered 4 no-trip scope=1
              began 4 no-trip
              opened 4 no-trip of="subProcess" scope=2
              entered 5 no-trip.start scope=2
              entered 5 one
              began 5 one
              + runActivity 5 one activity="work" attempt=1 parameters={}
            > done one
              remembered done={"node":"one"} scope=2
              completed 5 one
              entered 6 well scope=2
              entered 6 no-trip.end
              ended 6 no-trip.end
              closed no-trip scope=2
              completed 4 no-trip
              closed undo scope=1
              entered 3 done
              ended 3 done
              finished
            = completed trip.end no-trip.end done
            = {"bad":false}
        "#]],
    );
}

#[test]
fn an_error_while_undoing_goes_to_the_scope_that_asked_and_not_to_what_is_undone() {
    check(
        r#"
  - id: trip
    steps: [{ id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }, { id: no-hotel, activity: ask }]
    on: [{ error: Lost, then: lost }]
  - { throw: Undo, compensate: true }
  - { end: Done }
  - { end: Lost }
events:
  - { error: Lost, id: failed, steps: [{ id: mend, activity: ask }] }
"#,
        "start\n done hotel\n error no-hotel Lost\n done mend",
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
              entered 2 trip.end scope=0
              ended 2 trip.end
              remembered done={"inner":[{"node":"hotel"}],"node":"trip"}
              closed trip scope=0
              completed 0 trip
              entered 3 undo
              recalled
              opened 3 undo of="compensation" scope=1 undo=[{"inner":[{"node":"hotel"}],"node":"trip"}]
              undoing trip scope=1
              entered 4 trip scope=1
              opened 4 trip of="compensation" scope=2 undo=[{"node":"hotel"}]
              undoing hotel scope=2
              entered 5 no-hotel scope=2
              began 5 no-hotel
              + runActivity 5 no-hotel activity="ask" attempt=1 parameters={}
            > error no-hotel Lost
              errorRaised 5 no-hotel code="Lost" message=""
              withdrawn 5 no-hotel
              closed trip scope=2
              withdrawn 4 trip
              closed undo scope=1
              withdrawn 3 undo
              entered 6 failed
              opened 6 failed of="eventSubProcess" scope=3
              entered 7 failed.start scope=3
              entered 7 mend
              began 7 mend
              + runActivity 7 mend activity="ask" attempt=1 parameters={}
            > done mend
              completed 7 mend
              entered 8 failed.end scope=3
              ended 8 failed.end
              closed failed scope=3
              completed 6 failed
              finished
            = completed trip.end failed.end
        "#]],
    );
}

#[test]
fn each_instance_and_each_turn_is_undone_with_its_own_number_and_item() {
    check(
        r#"
  - { id: book, activity: work, each: { in: rooms, as: room }, on: [{ compensate: true, then: release }] }
  - { id: release, activity: ask, with: { a: "${room}", b: "${loopCounter}" } }
  - { id: pay, activity: work, loop: { while: loopCounter < 2 }, on: [{ compensate: true, then: refund }] }
  - { id: refund, activity: ask, with: { a: "${loopCounter}" } }
  - { throw: Undo, compensate: true }
"#,
        r#"start rooms=["a","b"]
         done 2
         done 1
         done pay
         done pay
         done refund
         done refund
         done release
         done release"#,
        expect![[r#"
            > start rooms=["a","b"]
              started variables={"rooms":["a","b"]}
              entered 0 start
              entered 0 book
              opened 0 book of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 book scope=0
              given 1 book locals={"loopCounter":0,"room":"a"}
              began 1 book
              entered 2 book scope=0
              given 2 book locals={"loopCounter":1,"room":"b"}
              began 2 book
              + runActivity 1 book activity="work" attempt=1 parameters={}
              + runActivity 2 book activity="work" attempt=1 parameters={}
            > done 2
              remembered done={"node":"book","variables":{"loopCounter":1,"room":"b"}} scope=0
              completed 2 book
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done 1
              remembered done={"node":"book","variables":{"loopCounter":0,"room":"a"}} scope=0
              completed 1 book
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              remembered done={"inner":[{"node":"book","variables":{"loopCounter":1,"room":"b"}},{"node":"book","variables":{"loopCounter":0,"room":"a"}}],"node":"book"}
              closed book scope=0
              completed 0 book
              entered 3 pay
              opened 3 pay of="body" scope=1 variables={"loopCounter":0}
              entered 4 pay scope=1
              given 4 pay locals={"loopCounter":0}
              began 4 pay
              + runActivity 4 pay activity="work" attempt=1 parameters={}
            > done pay
              remembered done={"node":"pay","variables":{"loopCounter":0}} scope=1
              completed 4 pay
              set scope=1 writes=[{"at":["loopCounter"],"value":1}]
              entered 5 pay scope=1
              given 5 pay locals={"loopCounter":1}
              began 5 pay
              + runActivity 5 pay activity="work" attempt=1 parameters={}
            > done pay
              remembered done={"node":"pay","variables":{"loopCounter":1}} scope=1
              completed 5 pay
              set scope=1 writes=[{"at":["loopCounter"],"value":2}]
              remembered done={"inner":[{"node":"pay","variables":{"loopCounter":0}},{"node":"pay","variables":{"loopCounter":1}}],"node":"pay"}
              closed pay scope=1
              completed 3 pay
              entered 6 undo
              recalled
              opened 6 undo of="compensation" scope=2 undo=[{"inner":[{"node":"book","variables":{"loopCounter":1,"room":"b"}},{"node":"book","variables":{"loopCounter":0,"room":"a"}}],"node":"book"},{"inner":[{"node":"pay","variables":{"loopCounter":0}},{"node":"pay","variables":{"loopCounter":1}}],"node":"pay"}]
              undoing pay scope=2
              entered 7 pay scope=2
              opened 7 pay of="compensation" scope=3 undo=[{"node":"pay","variables":{"loopCounter":0}},{"node":"pay","variables":{"loopCounter":1}}]
              undoing pay scope=3
              entered 8 pay scope=3
              opened 8 pay of="compensation" pending=[true] scope=4 variables={"loopCounter":1}
              entered 9 refund scope=4
              began 9 refund locals={"a":1}
              + runActivity 9 refund activity="ask" attempt=1 parameters={"a":1}
            > done refund
              completed 9 refund
              closed pay scope=4
              completed 8 pay
              undoing pay scope=3
              entered 10 pay scope=3
              opened 10 pay of="compensation" pending=[true] scope=5 variables={"loopCounter":0}
              entered 11 refund scope=5
              began 11 refund locals={"a":0}
              + runActivity 11 refund activity="ask" attempt=1 parameters={"a":0}
            > done refund
              completed 11 refund
              closed pay scope=5
              completed 10 pay
              closed pay scope=3
              completed 7 pay
              undoing book scope=2
              entered 12 book scope=2
              opened 12 book of="compensation" scope=6 undo=[{"node":"book","variables":{"loopCounter":1,"room":"b"}},{"node":"book","variables":{"loopCounter":0,"room":"a"}}]
              undoing book scope=6
              entered 13 book scope=6
              opened 13 book of="compensation" pending=[true] scope=7 variables={"loopCounter":0,"room":"a"}
              entered 14 release scope=7
              began 14 release locals={"a":"a","b":0}
              + runActivity 14 release activity="ask" attempt=1 parameters={"a":"a","b":0}
            > done release
              completed 14 release
              closed book scope=7
              completed 13 book
              undoing book scope=6
              entered 15 book scope=6
              opened 15 book of="compensation" pending=[true] scope=8 variables={"loopCounter":1,"room":"b"}
              entered 16 release scope=8
              began 16 release locals={"a":"b","b":1}
              + runActivity 16 release activity="ask" attempt=1 parameters={"a":"b","b":1}
            > done release
              completed 16 release
              closed book scope=8
              completed 15 book
              closed book scope=6
              completed 12 book
              closed undo scope=2
              entered 6 end
              ended 6 end
              finished
            = completed end
            = {"rooms":["a","b"]}
        "#]],
    );
}

#[test]
fn the_instances_of_a_repeated_sub_process_are_undone_each_with_its_own_variables() {
    check(
        r#"
  - id: book
    each: { in: rooms, as: room, sequential: true }
    steps:
      - { id: one, activity: work, on: [{ compensate: true, then: release }] }
      - { id: release, activity: ask, with: { a: "${room}" } }
  - { throw: Undo, compensate: book }
"#,
        r#"start rooms=["a","b"]
         done one
         done one
         done release
         done release"#,
        expect![[r#"
            > start rooms=["a","b"]
              started variables={"rooms":["a","b"]}
              entered 0 start
              entered 0 book
              opened 0 book of="body" pending=["b"] scope=0 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 book scope=0
              given 1 book locals={"loopCounter":0,"room":"a"}
              began 1 book
              opened 1 book of="subProcess" scope=1 variables={"loopCounter":0,"room":"a"}
              entered 2 book.start scope=1
              entered 2 one
              began 2 one
              + runActivity 2 one activity="work" attempt=1 parameters={}
            > done one
              remembered done={"node":"one"} scope=1
              completed 2 one
              entered 3 book.end scope=1
              ended 3 book.end
              remembered done={"inner":[{"node":"one"}],"node":"book","variables":{"loopCounter":0,"room":"a"}} scope=0
              closed book scope=1
              completed 1 book
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":1}]
              tookNext scope=0
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1}]
              entered 4 book scope=0
              given 4 book locals={"loopCounter":1,"room":"b"}
              began 4 book
              opened 4 book of="subProcess" scope=2 variables={"loopCounter":1,"room":"b"}
              entered 5 book.start scope=2
              entered 5 one
              began 5 one
              + runActivity 5 one activity="work" attempt=1 parameters={}
            > done one
              remembered done={"node":"one"} scope=2
              completed 5 one
              entered 6 book.end scope=2
              ended 6 book.end
              remembered done={"inner":[{"node":"one"}],"node":"book","variables":{"loopCounter":1,"room":"b"}} scope=0
              closed book scope=2
              completed 4 book
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              remembered done={"inner":[{"inner":[{"node":"one"}],"node":"book","variables":{"loopCounter":0,"room":"a"}},{"inner":[{"node":"one"}],"node":"book","variables":{"loopCounter":1,"room":"b"}}],"node":"book"}
              closed book scope=0
              completed 0 book
              entered 7 undo
              recalled activity="book"
              opened 7 undo of="compensation" scope=3 undo=[{"inner":[{"inner":[{"node":"one"}],"node":"book","variables":{"loopCounter":0,"room":"a"}},{"inner":[{"node":"one"}],"node":"book","variables":{"loopCounter":1,"room":"b"}}],"node":"book"}]
              undoing book scope=3
              entered 8 book scope=3
              opened 8 book of="compensation" scope=4 undo=[{"inner":[{"node":"one"}],"node":"book","variables":{"loopCounter":0,"room":"a"}},{"inner":[{"node":"one"}],"node":"book","variables":{"loopCounter":1,"room":"b"}}]
              undoing book scope=4
              entered 9 book scope=4
              opened 9 book of="compensation" scope=5 undo=[{"node":"one"}] variables={"loopCounter":1,"room":"b"}
              undoing one scope=5
              entered 10 release scope=5
              began 10 release locals={"a":"b"}
              + runActivity 10 release activity="ask" attempt=1 parameters={"a":"b"}
            > done release
              completed 10 release
              closed book scope=5
              completed 9 book
              undoing book scope=4
              entered 11 book scope=4
              opened 11 book of="compensation" scope=6 undo=[{"node":"one"}] variables={"loopCounter":0,"room":"a"}
              undoing one scope=6
              entered 12 release scope=6
              began 12 release locals={"a":"a"}
              + runActivity 12 release activity="ask" attempt=1 parameters={"a":"a"}
            > done release
              completed 12 release
              closed book scope=6
              completed 11 book
              closed book scope=4
              completed 8 book
              closed undo scope=3
              entered 7 end
              ended 7 end
              finished
            = completed book.end book.end end
            = {"rooms":["a","b"]}
        "#]],
    );
}

#[test]
fn an_event_sub_process_undoes_what_its_scope_and_what_it_has_done_itself() {
    check(
        r#"
  - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
  - { id: no-hotel, activity: ask }
  - { id: ask, activity: ask }
events:
  - message: stop
    id: stopped
    steps:
      - { id: tell, activity: work, on: [{ compensate: true, then: untell }] }
      - { id: untell, activity: ask }
      - { throw: Undo, compensate: true }
"#,
        "start\n done hotel\n deliver stopped.start\n done tell\n done untell\n done no-hotel",
        expect![[r#"
            > start
              started variables={}
              subscribed stopped.start awaited={"message":{"name":"stop"}} catch=0
              entered 0 start
              entered 0 hotel
              began 0 hotel
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + runActivity 0 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"}
              completed 0 hotel
              entered 1 ask
              began 1 ask
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > deliver stopped.start
              caught stopped.start catch=0
              withdrawn 1 ask
              entered 2 stopped
              opened 2 stopped of="eventSubProcess" scope=0
              entered 3 stopped.start scope=0
              entered 3 tell
              began 3 tell
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
              + runActivity 3 tell activity="work" attempt=1 parameters={}
            > done tell
              remembered done={"node":"tell"} scope=0
              completed 3 tell
              entered 4 undo scope=0
              recalled
              recalled scope=0
              opened 4 undo of="compensation" scope=1 undo=[{"node":"hotel"},{"node":"tell"}]
              undoing tell scope=1
              entered 5 untell scope=1
              began 5 untell
              + runActivity 5 untell activity="ask" attempt=1 parameters={}
            > done untell
              completed 5 untell
              undoing hotel scope=1
              entered 6 no-hotel scope=1
              began 6 no-hotel
              + runActivity 6 no-hotel activity="ask" attempt=1 parameters={}
            > done no-hotel
              completed 6 no-hotel
              closed undo scope=1
              entered 4 stopped.end
              ended 4 stopped.end
              closed stopped scope=0
              completed 2 stopped
              finished
            = completed stopped.end
        "#]],
    );
}

#[test]
fn what_was_being_undone_when_a_transaction_is_cancelled_is_undone() {
    check(
        r#"
  - id: tx
    transaction: true
    steps:
      - { id: trip, activity: work, on: [{ compensate: true, then: no-trip }] }
      - { id: no-trip, activity: ask }
      - id: leg
        with: { n: 1 }
        steps:
          - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
          - { id: no-hotel, activity: ask }
          - { id: flight, activity: work, each: { times: 1 }, on: [{ compensate: true, then: no-flight }] }
          - { id: no-flight, activity: ask, with: { a: "${loopCounter + n}" } }
      - { id: split, parallel: [undo, ask] }
      - { throw: Undo, compensate: true, then: end }
      - { id: ask, activity: ask, then: off }
      - { end: Off, cancel: true }
    on: [{ cancel: true, then: out }]
  - { end: Done }
  - { end: Out }
"#,
        "start
         done trip
         done hotel
         done flight
         done ask
         done no-flight
         done no-hotel
         done no-trip",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 tx
              began 0 tx
              opened 0 tx of="subProcess" scope=0
              entered 1 tx.start scope=0
              entered 1 trip
              began 1 trip
              + runActivity 1 trip activity="work" attempt=1 parameters={}
            > done trip
              remembered done={"node":"trip"} scope=0
              completed 1 trip
              entered 2 leg scope=0
              began 2 leg locals={"n":1}
              opened 2 leg of="subProcess" scope=1 variables={"n":1}
              entered 3 leg.start scope=1
              entered 3 hotel
              began 3 hotel
              + runActivity 3 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"} scope=1
              completed 3 hotel
              entered 4 flight scope=1
              opened 4 flight of="body" scope=2 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":1,"nrOfTerminatedInstances":0}
              entered 5 flight scope=2
              given 5 flight locals={"loopCounter":0}
              began 5 flight
              + runActivity 5 flight activity="work" attempt=1 parameters={}
            > done flight
              remembered done={"node":"flight","variables":{"loopCounter":0}} scope=2
              completed 5 flight
              set scope=2 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":1}]
              remembered done={"inner":[{"node":"flight","variables":{"loopCounter":0}}],"node":"flight"} scope=1
              closed flight scope=2
              completed 4 flight
              entered 6 leg.end scope=1
              ended 6 leg.end
              remembered done={"inner":[{"node":"hotel"},{"inner":[{"node":"flight","variables":{"loopCounter":0}}],"node":"flight"}],"node":"leg","variables":{"n":1}} scope=0
              closed leg scope=1
              completed 2 leg
              entered 7 split scope=0
              entered 7 undo
              recalled scope=0
              opened 7 undo of="compensation" scope=3 undo=[{"node":"trip"},{"inner":[{"node":"hotel"},{"inner":[{"node":"flight","variables":{"loopCounter":0}}],"node":"flight"}],"node":"leg","variables":{"n":1}}]
              undoing leg scope=3
              entered 8 leg scope=3
              opened 8 leg of="compensation" scope=4 undo=[{"node":"hotel"},{"inner":[{"node":"flight","variables":{"loopCounter":0}}],"node":"flight"}] variables={"n":1}
              undoing flight scope=4
              entered 9 flight scope=4
              opened 9 flight of="compensation" scope=5 undo=[{"node":"flight","variables":{"loopCounter":0}}]
              undoing flight scope=5
              entered 10 flight scope=5
              opened 10 flight of="compensation" pending=[true] scope=6 variables={"loopCounter":0}
              entered 11 ask scope=0
              began 11 ask
              entered 12 no-flight scope=6
              began 12 no-flight locals={"a":1}
              + runActivity 11 ask activity="ask" attempt=1 parameters={}
              + runActivity 12 no-flight activity="ask" attempt=1 parameters={"a":1}
            > done ask
              completed 11 ask
              entered 13 off scope=0
              remembered done={"node":"trip"} scope=0
              remembered done={"inner":[{"node":"hotel"},{"inner":[{"node":"flight","variables":{"loopCounter":0}}],"node":"flight","partly":true}],"node":"leg","partly":true,"variables":{"n":1}} scope=0
              withdrawn 12 no-flight
              closed flight scope=6
              withdrawn 10 flight
              closed flight scope=5
              withdrawn 9 flight
              closed leg scope=4
              withdrawn 8 leg
              closed undo scope=3
              withdrawn 7 undo
              recalled scope=0
              opened 13 off of="compensation" scope=7 undo=[{"node":"trip"},{"inner":[{"node":"hotel"},{"inner":[{"node":"flight","variables":{"loopCounter":0}}],"node":"flight","partly":true}],"node":"leg","partly":true,"variables":{"n":1}}]
              undoing leg scope=7
              entered 14 leg scope=7
              opened 14 leg of="compensation" scope=8 undo=[{"node":"hotel"},{"inner":[{"node":"flight","variables":{"loopCounter":0}}],"node":"flight","partly":true}] variables={"n":1}
              undoing flight scope=8
              entered 15 flight scope=8
              opened 15 flight of="compensation" scope=9 undo=[{"node":"flight","variables":{"loopCounter":0}}]
              undoing flight scope=9
              entered 16 flight scope=9
              opened 16 flight of="compensation" pending=[true] scope=10 variables={"loopCounter":0}
              entered 17 no-flight scope=10
              began 17 no-flight locals={"a":1}
              + runActivity 17 no-flight activity="ask" attempt=1 parameters={"a":1}
            > done no-flight
              completed 17 no-flight
              closed flight scope=10
              completed 16 flight
              closed flight scope=9
              completed 15 flight
              undoing hotel scope=8
              entered 18 no-hotel scope=8
              began 18 no-hotel
              + runActivity 18 no-hotel activity="ask" attempt=1 parameters={}
            > done no-hotel
              completed 18 no-hotel
              closed leg scope=8
              completed 14 leg
              undoing trip scope=7
              entered 19 no-trip scope=7
              began 19 no-trip
              + runActivity 19 no-trip activity="ask" attempt=1 parameters={}
            > done no-trip
              completed 19 no-trip
              closed off scope=7
              ended 13 off
              closed tx scope=0
              interrupted 0 tx by="tx.cancel"
              entered 20 tx.cancel
              entered 20 out
              ended 20 out
              finished
            = completed leg.end off out
        "#]],
    );
}

#[test]
fn what_is_undone_of_one_of_several_at_once_sees_that_the_others_have_ended() {
    check(
        r#"
  - id: deal
    transaction: true
    each: { times: 3 }
    on: [{ cancel: true, then: end }]
    steps:
      - { id: one, activity: ask, then: choice, on: [{ compensate: true, then: undo }] }
      - { id: undo, script: "[nrOfActiveInstances, nrOfTerminatedInstances, nrOfCompletedInstances]", result: seen }
      - { id: choice, choose: [{ when: n > 2, then: off }, { otherwise: end }] }
      - { end: Off, id: off, cancel: true }
"#,
        "
            start n=4
            done 4
        ",
        expect![[r#"
            > start n=4
              started variables={"n":4}
              entered 0 start
              entered 0 deal
              opened 0 deal of="body" scope=0 variables={"nrOfActiveInstances":3,"nrOfCompletedInstances":0,"nrOfInstances":3,"nrOfTerminatedInstances":0}
              entered 1 deal scope=0
              given 1 deal locals={"loopCounter":0}
              began 1 deal
              opened 1 deal of="subProcess" scope=1 variables={"loopCounter":0}
              entered 2 deal scope=0
              given 2 deal locals={"loopCounter":1}
              began 2 deal
              opened 2 deal of="subProcess" scope=2 variables={"loopCounter":1}
              entered 3 deal scope=0
              given 3 deal locals={"loopCounter":2}
              began 3 deal
              opened 3 deal of="subProcess" scope=3 variables={"loopCounter":2}
              entered 4 deal.start scope=1
              entered 5 deal.start scope=2
              entered 6 deal.start scope=3
              entered 4 one
              began 4 one
              entered 5 one
              began 5 one
              entered 6 one
              began 6 one
              + runActivity 4 one activity="ask" attempt=1 parameters={}
              + runActivity 5 one activity="ask" attempt=1 parameters={}
              + runActivity 6 one activity="ask" attempt=1 parameters={}
            > done 4
              remembered done={"node":"one"} scope=1
              completed 4 one
              entered 7 choice scope=1
              entered 7 off
              withdrawn 5 one
              closed deal scope=2
              withdrawn 2 deal
              withdrawn 6 one
              closed deal scope=3
              withdrawn 3 deal
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfTerminatedInstances"],"value":2}]
              recalled scope=1
              opened 7 off of="compensation" scope=4 undo=[{"node":"one"}]
              undoing one scope=4
              entered 8 undo scope=4
              began 8 undo
              wrote 8 undo writes=[{"at":["seen"],"value":[1,2,0]}]
              completed 8 undo
              closed off scope=4
              ended 7 off
              closed deal scope=1
              withdrawn 1 deal
              closed deal scope=0
              interrupted 0 deal by="deal.cancel"
              entered 9 deal.cancel
              entered 9 end
              ended 9 end
              finished
            = completed off end
            = {"n":4,"seen":[1,2,0]}
        "#]],
    );
}
