//! Stories of compensation: what was done is undone, in reverse order, by what undoes it.

use expect_test::expect;

use super::check::{check, play};

const TRIP: &str = r#"
  - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
  - { id: no-hotel, activity: ask, with: { a: "${nights}" } }
  - { id: flight, activity: work, on: [{ compensate: true, then: no-flight }] }
  - { id: no-flight, activity: ask }
  - { id: which, choose: [{ when: all, then: undo }, { otherwise: undo-one }] }
  - { throw: Undo, compensate: true, then: after }
  - { throw: Undo one, compensate: hotel, then: after }
  - { id: after, activity: ask }
  - { throw: Undo again, compensate: true }
"#;

#[test]
fn what_was_done_is_undone_in_reverse_order_one_after_the_other_and_once() {
    check(
        TRIP,
        "start all=true nights=2\n done hotel\n done flight\n done no-flight\n done no-hotel\n done after",
        expect![[r#"
        > start all=true nights=2
          started variables={"all":true,"nights":2}
          entered 0 start
          entered 0 hotel
          began 0 hotel
          + runActivity 0 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"}
          completed 0 hotel
          entered 1 flight
          began 1 flight
          + runActivity 1 flight activity="work" attempt=1 parameters={}
        > done flight
          remembered done={"node":"flight"}
          completed 1 flight
          entered 2 which
          entered 2 undo
          recalled
          opened 2 undo of="compensation" scope=0 undo=[{"node":"hotel"},{"node":"flight"}]
          undoing flight scope=0
          entered 3 no-flight scope=0
          began 3 no-flight
          + runActivity 3 no-flight activity="ask" attempt=1 parameters={}
        > done no-flight
          completed 3 no-flight
          undoing hotel scope=0
          entered 4 no-hotel scope=0
          began 4 no-hotel locals={"a":2}
          + runActivity 4 no-hotel activity="ask" attempt=1 parameters={"a":2}
        > done no-hotel
          completed 4 no-hotel
          closed undo scope=0
          entered 2 after
          began 2 after
          + runActivity 2 after activity="ask" attempt=1 parameters={}
        > done after
          completed 2 after
          entered 5 undo-again
          entered 5 end
          ended 5 end
          finished
        = completed end
        = {"all":true,"nights":2}
    "#]],
    );
}

#[test]
fn one_activity_is_undone_by_name_and_the_rest_later() {
    check(
        TRIP,
        "start all=false nights=2\n done hotel\n done flight\n done no-hotel\n done after\n done no-flight",
        expect![[r#"
        > start all=false nights=2
          started variables={"all":false,"nights":2}
          entered 0 start
          entered 0 hotel
          began 0 hotel
          + runActivity 0 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"}
          completed 0 hotel
          entered 1 flight
          began 1 flight
          + runActivity 1 flight activity="work" attempt=1 parameters={}
        > done flight
          remembered done={"node":"flight"}
          completed 1 flight
          entered 2 which
          entered 2 undo-one
          recalled activity="hotel"
          opened 2 undo-one of="compensation" scope=0 undo=[{"node":"hotel"}]
          undoing hotel scope=0
          entered 3 no-hotel scope=0
          began 3 no-hotel locals={"a":2}
          + runActivity 3 no-hotel activity="ask" attempt=1 parameters={"a":2}
        > done no-hotel
          completed 3 no-hotel
          closed undo-one scope=0
          entered 2 after
          began 2 after
          + runActivity 2 after activity="ask" attempt=1 parameters={}
        > done after
          completed 2 after
          entered 4 undo-again
          recalled
          opened 4 undo-again of="compensation" scope=1 undo=[{"node":"flight"}]
          undoing flight scope=1
          entered 5 no-flight scope=1
          began 5 no-flight
          + runActivity 5 no-flight activity="ask" attempt=1 parameters={}
        > done no-flight
          completed 5 no-flight
          closed undo-again scope=1
          entered 4 end
          ended 4 end
          finished
        = completed end
        = {"all":false,"nights":2}
    "#]],
    );
}

#[test]
fn a_handler_that_fails_is_an_incident_and_undoing_goes_on_when_it_is_resolved() {
    check(
        TRIP,
        "start all=true
         done hotel
         done flight
         error no-flight Lost
         resolve no-flight
         retry no-hotel
         set !nights=1
         retry no-hotel
         done no-hotel
         cancel enough",
        expect![[r#"
            > start all=true
              started variables={"all":true}
              entered 0 start
              entered 0 hotel
              began 0 hotel
              + runActivity 0 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"}
              completed 0 hotel
              entered 1 flight
              began 1 flight
              + runActivity 1 flight activity="work" attempt=1 parameters={}
            > done flight
              remembered done={"node":"flight"}
              completed 1 flight
              entered 2 which
              entered 2 undo
              recalled
              opened 2 undo of="compensation" scope=0 undo=[{"node":"hotel"},{"node":"flight"}]
              undoing flight scope=0
              entered 3 no-flight scope=0
              began 3 no-flight
              + runActivity 3 no-flight activity="ask" attempt=1 parameters={}
            > error no-flight Lost
              errorRaised 3 no-flight code="Lost" message=""
              incidentRaised 3 no-flight message="no boundary event catches the error `Lost`" moment="running"
            > resolve no-flight
              incidentTakenUp 3 no-flight resolved=true
              completed 3 no-flight
              undoing hotel scope=0
              entered 4 no-hotel scope=0
              incidentRaised 4 no-hotel message="input `a`: there is no variable nights; if it may be missing, ask execution.hasVariable(\"nights\") first (at character 3 of ${nights})" moment="entering"
            > retry no-hotel
              incidentTakenUp 4 no-hotel
              incidentRaised 4 no-hotel message="input `a`: there is no variable nights; if it may be missing, ask execution.hasVariable(\"nights\") first (at character 3 of ${nights})" moment="entering"
            > set !nights=1
              set writes=[{"at":["nights"],"value":1}]
            > retry no-hotel
              incidentTakenUp 4 no-hotel
              began 4 no-hotel locals={"a":1}
              + runActivity 4 no-hotel activity="ask" attempt=1 parameters={"a":1}
            > done no-hotel
              completed 4 no-hotel
              closed undo scope=0
              entered 2 after
              began 2 after
              + runActivity 2 after activity="ask" attempt=1 parameters={}
            > cancel enough
              withdrawn 2 after
              cancelled reason="enough"
            = cancelled
            = {"all":true,"nights":1}
        "#]],
    );
}

#[test]
fn what_was_never_done_is_not_undone() {
    check(
        r#"
  - { id: fork, parallel: [hotel, undo] }
  - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }], then: end }
  - { id: no-hotel, activity: ask }
  - { throw: Undo, compensate: hotel, then: end }
"#,
        "start\n done hotel",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 hotel
              began 0 hotel
              entered 1 undo
              entered 1 end
              ended 1 end
              + runActivity 0 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"}
              completed 0 hotel
              entered 2 end
              ended 2 end
              finished
            = completed end end
        "#]],
    );
}

#[test]
fn a_throw_that_does_not_wait_goes_on_at_once_and_the_scope_ends_when_all_is_undone() {
    check(
        r#"
  - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
  - { id: no-hotel, activity: ask }
  - { throw: Undo, compensate: true, wait: false }
  - { id: after, activity: work }
"#,
        "start\n done hotel\n done after\n done no-hotel",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 hotel
              began 0 hotel
              + runActivity 0 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"}
              completed 0 hotel
              entered 1 undo
              entered 2 undo
              recalled
              opened 2 undo of="compensation" scope=0 undo=[{"node":"hotel"}]
              undoing hotel scope=0
              entered 3 no-hotel scope=0
              began 3 no-hotel
              entered 1 after
              began 1 after
              + runActivity 3 no-hotel activity="ask" attempt=1 parameters={}
              + runActivity 1 after activity="work" attempt=1 parameters={}
            > done after
              completed 1 after
              entered 4 end
              ended 4 end
            > done no-hotel
              completed 3 no-hotel
              closed undo scope=0
              completed 2 undo
              finished
            = completed end
        "#]],
    );
}

const NESTED: &str = r#"
  - id: trip
    with: { n: 1 }
    steps:
      - { script: n + 1, result: n }
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - { id: no-hotel, activity: ask, with: { a: "${n}" }, out: { n: "${n + 1}", seen: "${n}" } }
      - id: leg
        with: { m: 5 }
        steps:
          - { id: flight, activity: work, on: [{ compensate: true, then: no-flight }] }
          - { id: no-flight, activity: ask, with: { a: "${n}", b: "${m}" }, out: { n: "${n + 10}" } }
  - { throw: Undo, compensate: true }
  - { end: Over, compensate: true }
"#;

#[test]
fn a_sub_process_is_undone_from_inside_with_the_variables_that_it_ended_with() {
    check(
        NESTED,
        "start n=0\n done hotel\n done flight\n done no-flight\n done no-hotel",
        expect![[r#"
        > start n=0
          started variables={"n":0}
          entered 0 start
          entered 0 trip
          began 0 trip locals={"n":1}
          opened 0 trip of="subProcess" scope=0 variables={"n":1}
          entered 1 trip.start scope=0
          entered 1 trip.step-1
          began 1 trip.step-1
          wrote 1 trip.step-1 writes=[{"at":["n"],"value":2}]
          completed 1 trip.step-1
          entered 2 hotel scope=0
          began 2 hotel
          + runActivity 2 hotel activity="work" attempt=1 parameters={}
        > done hotel
          remembered done={"node":"hotel"} scope=0
          completed 2 hotel
          entered 3 leg scope=0
          began 3 leg locals={"m":5}
          opened 3 leg of="subProcess" scope=1 variables={"m":5}
          entered 4 leg.start scope=1
          entered 4 flight
          began 4 flight
          + runActivity 4 flight activity="work" attempt=1 parameters={}
        > done flight
          remembered done={"node":"flight"} scope=1
          completed 4 flight
          entered 5 leg.end scope=1
          ended 5 leg.end
          remembered done={"inner":[{"node":"flight"}],"node":"leg","variables":{"m":5}} scope=0
          closed leg scope=1
          completed 3 leg
          entered 6 trip.end scope=0
          ended 6 trip.end
          remembered done={"inner":[{"node":"hotel"},{"inner":[{"node":"flight"}],"node":"leg","variables":{"m":5}}],"node":"trip","variables":{"n":2}}
          closed trip scope=0
          completed 0 trip
          entered 7 undo
          recalled
          opened 7 undo of="compensation" scope=2 undo=[{"inner":[{"node":"hotel"},{"inner":[{"node":"flight"}],"node":"leg","variables":{"m":5}}],"node":"trip","variables":{"n":2}}]
          undoing trip scope=2
          entered 8 trip scope=2
          opened 8 trip of="compensation" scope=3 undo=[{"node":"hotel"},{"inner":[{"node":"flight"}],"node":"leg","variables":{"m":5}}] variables={"n":2}
          undoing leg scope=3
          entered 9 leg scope=3
          opened 9 leg of="compensation" scope=4 undo=[{"node":"flight"}] variables={"m":5}
          undoing flight scope=4
          entered 10 no-flight scope=4
          began 10 no-flight locals={"a":2,"b":5}
          + runActivity 10 no-flight activity="ask" attempt=1 parameters={"a":2,"b":5}
        > done no-flight
          wrote 10 no-flight writes=[{"at":["n"],"value":12}]
          completed 10 no-flight
          closed leg scope=4
          completed 9 leg
          undoing hotel scope=3
          entered 11 no-hotel scope=3
          began 11 no-hotel locals={"a":12}
          + runActivity 11 no-hotel activity="ask" attempt=1 parameters={"a":12}
        > done no-hotel
          wrote 11 no-hotel writes=[{"at":["n"],"value":13},{"at":["seen"],"value":13}]
          completed 11 no-hotel
          closed trip scope=3
          completed 8 trip
          closed undo scope=2
          entered 7 over
          ended 7 over
          finished
        = completed leg.end trip.end over
        = {"n":0,"seen":13}
    "#]],
    );
}

#[test]
fn undoing_ends_with_the_scope_that_asked_for_it() {
    check(
        r#"
  - id: inside
    steps:
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - { id: no-hotel, activity: ask }
      - { end: Undo, compensate: true }
    on: [{ timer: PT1M, then: late }]
  - { end: Done }
  - { end: Late }
"#,
        "start\n done hotel\n wait 60\n done no-hotel",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 inside
              began 0 inside
              armed 0 timer 0 inside.timer due 1m
              opened 0 inside of="subProcess" scope=0
              entered 1 inside.start scope=0
              entered 1 hotel
              began 1 hotel
              + armTimer timer 0 due 1m
              + runActivity 1 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"} scope=0
              completed 1 hotel
              entered 2 undo scope=0
              recalled scope=0
              opened 2 undo of="compensation" scope=1 undo=[{"node":"hotel"}]
              undoing hotel scope=1
              entered 3 no-hotel scope=1
              began 3 no-hotel
              + runActivity 3 no-hotel activity="ask" attempt=1 parameters={}
            > wait 60
              1m timer 0 is due
              fired timer 0 inside.timer
              wrote 0 inside writes=[{"at":["_timedOut"],"value":true}]
              withdrawn 3 no-hotel
              closed undo scope=1
              withdrawn 2 undo
              closed inside scope=0
              interrupted 0 inside by="inside.timer"
              entered 4 inside.timer
              entered 4 late
              ended 4 late
              finished
            > done no-hotel
            ! the instance has ended
            = completed late
            = {"_timedOut":true}
        "#]],
    );
}

#[test]
fn what_is_done_while_others_are_undone_is_left_for_the_next_to_undo() {
    check(
        r#"
  - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
  - { id: no-hotel, activity: ask }
  - { id: split, parallel: [first-undo, flight] }
  - { throw: First undo, compensate: true, then: join }
  - { id: flight, activity: work, on: [{ compensate: true, then: no-flight }], then: second-undo }
  - { id: no-flight, activity: ask }
  - { throw: Second undo, compensate: true, then: join }
  - { id: join, parallel: }
"#,
        "start\n done hotel\n done flight\n done no-flight\n done no-hotel",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 hotel
              began 0 hotel
              + runActivity 0 hotel activity="work" attempt=1 parameters={}
            > done hotel
              remembered done={"node":"hotel"}
              completed 0 hotel
              entered 1 split
              entered 1 first-undo
              recalled
              opened 1 first-undo of="compensation" scope=0 undo=[{"node":"hotel"}]
              undoing hotel scope=0
              entered 2 flight
              began 2 flight
              entered 3 no-hotel scope=0
              began 3 no-hotel
              + runActivity 2 flight activity="work" attempt=1 parameters={}
              + runActivity 3 no-hotel activity="ask" attempt=1 parameters={}
            > done flight
              remembered done={"node":"flight"}
              completed 2 flight
              entered 4 second-undo
              recalled
              opened 4 second-undo of="compensation" scope=1 undo=[{"node":"flight"}]
              undoing flight scope=1
              entered 5 no-flight scope=1
              began 5 no-flight
              + runActivity 5 no-flight activity="ask" attempt=1 parameters={}
            > done no-flight
              completed 5 no-flight
              closed second-undo scope=1
              entered 4 join
              arrived 4 join flow="second-undo.flow1"
            > done no-hotel
              completed 3 no-hotel
              closed first-undo scope=0
              entered 1 join
              arrived 1 join flow="first-undo.flow1"
              joined 1 join with=[4]
              entered 1 end
              ended 1 end
              finished
            = completed end
        "#]],
    );
}

/// The handlers, in the order in which they began.
fn undone(steps: &str, script: &str) -> String {
    let trace = play(steps, script);
    assert!(trace.contains("\n= completed"), "{trace}");
    let began = trace.lines().filter_map(|line| line.trim().strip_prefix("began "));
    let began = began.filter_map(|line| line.split_whitespace().nth(1));
    began.filter(|node| node.starts_with("undo-")).collect::<Vec<_>>().join(" ")
}

const BESIDE: &str = r#"
  - { id: fork, parallel: [sub, x, y, t] }
  - id: sub
    steps:
      - { id: ra, activity: ask }
      - { id: loud, choose: [{ when: loud, then: tell }, { otherwise: a }] }
      - { throw: tell, escalation: Ping, then: a }
      - { id: a, activity: work, on: [{ compensate: true, then: undo-a }] }
      - { id: undo-a, do: nothing }
      - { id: last, activity: ask }
    on:
      - { message: ping, id: ping, interrupting: false, then: b }
      - { escalation: Ping, id: pong, interrupting: false, then: b }
    then: join
  - { id: b, activity: ask, on: [{ compensate: true, then: undo-b }], then: end }
  - { id: undo-b, do: nothing }
  - { id: x, activity: ask, on: [{ compensate: true, then: undo-x }], then: join }
  - { id: undo-x, do: nothing }
  - { id: y, activity: ask, on: [{ compensate: true, then: undo-y }], then: join }
  - { id: undo-y, do: nothing }
  - { id: t, activity: ask, then: only }
  - { throw: only, compensate: x, then: join }
  - { id: join, parallel: [c] }
  - { throw: c, compensate: true }
"#;

#[test]
fn what_was_reached_from_a_boundary_event_is_undone_before_its_activity() {
    for (told, order) in [
        // Without the event, and as it was done later, the order is that of their completion.
        ("done x; done y; done ra; done a; done last; done t", "undo-x undo-a undo-y"),
        (
            "done x; deliver ping; done ra; done a; done last; done b; done y; done t",
            "undo-x undo-y undo-b undo-a",
        ),
        (
            "done x; deliver ping; done b; done ra; done a; done last; done y; done t",
            "undo-x undo-y undo-b undo-a",
        ),
        (
            "done x; deliver ping; done b; deliver ping; done b; done ra; done a; done last; done y; done t",
            "undo-x undo-y undo-b undo-b undo-a",
        ),
        (
            "set !loud=true; done x; done ra; done b; done a; done last; done y; done t",
            "undo-x undo-y undo-b undo-a",
        ),
        // What is undone meanwhile is not counted any more.
        (
            "done x; done y; deliver ping; done t; done b; done ra; done a; done last",
            "undo-x undo-b undo-a undo-y",
        ),
    ] {
        let script = format!("start loud=false; {told}").replace("; ", "\n");
        assert_eq!(undone(BESIDE, &script), order, "{told}");
    }
}

#[test]
fn what_was_reached_from_boundary_events_is_undone_before_repeated_and_cut_activities() {
    let repeated = r#"
  - { id: a, activity: ask, each: { times: 2 }, on: [{ compensate: true, then: undo-a }, { message: ping, id: ping, interrupting: false, then: b }] }
  - { throw: c, compensate: true, then: end }
  - { id: undo-a, do: nothing }
  - { id: b, activity: ask, on: [{ compensate: true, then: undo-b }], then: end }
  - { id: undo-b, do: nothing }
"#;
    let told = "start\n done a\n deliver ping\n done b\n done a";
    assert_eq!(undone(repeated, told), "undo-b undo-a undo-a");
    let cut = r#"
  - id: tx
    transaction: true
    steps:
      - { id: fork, parallel: [sub, off] }
      - id: sub
        steps:
          - { id: fork2, parallel: [one, two] }
          - id: one
            steps: [{ id: a, activity: work, on: [{ compensate: true, then: undo-a }] }, { id: undo-a, do: nothing }, { id: wait, activity: ask }]
            on: [{ message: ping, id: ping, interrupting: false, then: b }]
            then: end
          - id: two
            steps: [{ id: d, activity: work, on: [{ compensate: true, then: undo-d }] }, { id: undo-d, do: nothing }, { id: wait2, activity: ask }]
            on: [{ message: pong, id: pong, interrupting: false, then: e }]
            then: end
          - { id: b, activity: ask, on: [{ compensate: true, then: undo-b }], then: end }
          - { id: undo-b, do: nothing }
          - { id: e, activity: ask, on: [{ compensate: true, then: undo-e }], then: end }
          - { id: undo-e, do: nothing }
        on: [{ message: pang, id: pang, interrupting: false, then: f }]
        then: end
      - { id: f, activity: ask, on: [{ compensate: true, then: undo-f }], then: end }
      - { id: undo-f, do: nothing }
      - { id: off, activity: ask, then: no }
      - { end: no, cancel: true }
    on: [{ cancel: true, then: out }]
  - { end: out }
"#;
    let told = "start
        done a
        done d
        deliver pang
        done f
        deliver ping
        done b
        deliver pong
        done e
        done off";
    assert_eq!(undone(cut, told), "undo-f undo-e undo-d undo-b undo-a");
}

#[test]
fn an_event_and_what_it_led_to_are_told_in_the_history() {
    check(
        r#"
  - { id: a, activity: ask, on: [{ compensate: true, then: undo-a }, { message: ping, id: ping, interrupting: false, then: b }] }
  - { throw: c, compensate: true, then: end }
  - { id: undo-a, do: nothing }
  - { id: b, do: nothing, on: [{ compensate: true, then: undo-b }], then: end }
  - { id: undo-b, do: nothing }
"#,
        "start\n deliver ping\n done a",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 a
              began 0 a
              subscribed 0 ping awaited={"message":{"name":"ping"}} catch=0
              + subscribe awaited={"message":{"name":"ping"}} catch=0
              + runActivity 0 a activity="ask" attempt=1 parameters={}
            > deliver ping
              caught ping again=true catch=0
              entered 1 ping host=0
              entered 1 b
              began 1 b
              remembered done={"node":"b"}
              completed 1 b
              entered 2 end
              ended 2 end
            > done a
              remembered 0 done={"node":"a"}
              unsubscribed ping catch=0
              completed 0 a
              entered 3 c
              recalled
              opened 3 c of="compensation" scope=0 undo=[{"node":"a"},{"node":"b"}]
              undoing b scope=0
              entered 4 undo-b scope=0
              began 4 undo-b
              completed 4 undo-b
              undoing a scope=0
              entered 5 undo-a scope=0
              began 5 undo-a
              completed 5 undo-a
              closed c scope=0
              entered 3 end
              ended 3 end
              finished
              + unsubscribe awaited={"message":{"name":"ping"}} catch=0
            = completed end end
        "#]],
    );
}
