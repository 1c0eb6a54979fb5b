//! Migration in the middle of compensation, and of sub-processes and activities that are repeated.

use expect_test::expect;

use super::{Move, check};

const TRIP: &str = r#"
  - { id: hotel, activity: work, on: [{ compensate: true, id: off-hotel, then: no-hotel }] }
  - { id: no-hotel, activity: ask }
  - { id: flight, activity: work, on: [{ compensate: true, id: off-flight, then: no-flight }] }
  - { id: no-flight, activity: ask }
  - { id: ask, activity: ask }
  - { throw: Undo, id: undo, compensate: true }
"#;

const HOTEL_PLAN: &str = "hotel=room no-hotel=no-room off-hotel=off-room";

fn room() -> String {
    TRIP.replace("hotel", "room") + "  - { id: after, activity: ask }\n"
}

#[test]
fn what_was_done_is_undone_in_the_new_version() {
    let done = "start; done hotel; done flight";
    let then = "done ask; done no-flight; done no-room; done after";
    check(
        &Move { from: TRIP, told: done, to: &room(), plan: HOTEL_PLAN, then },
        expect![[r#"
        2:ask
        2:ask
        = completed end {}
    "#]],
    );
    // What undoes it need not have the same name, where nothing undoes yet.
    let plan = "hotel=room";
    check(
        &Move { from: TRIP, told: done, to: &room(), plan, then },
        expect![[r#"
        2:ask
        2:ask
        = completed end {}
    "#]],
    );
    check(
        &Move { from: TRIP, told: done, to: &room(), plan: "", then },
        expect![[r#"
        2:ask
        ! the new version has no element `hotel`; map `hotel` to one that it has
    "#]],
    );
    let kept = TRIP.replace(", on: [{ compensate: true, id: off-hotel, then: no-hotel }]", "");
    let kept = kept.replace("  - { id: no-hotel, activity: ask }\n", "");
    check(
        &Move { from: TRIP, told: done, to: &kept, plan: "", then },
        expect![[r#"
        2:ask
        ! `hotel` was done and can be undone, but nothing undoes `hotel`
    "#]],
    );
    let then = "done flight; done ask; done no-flight";
    check(
        &Move {
            from: TRIP,
            told: "start",
            to: &TRIP.replace("hotel", "room"),
            plan: "hotel=room",
            then: "done room; done flight; done ask; done no-flight; done no-room",
        },
        expect![[r#"
            0:hotel
            0:room
            = completed end {}
        "#]],
    );
    check(
        &Move { from: &kept, told: "start; done hotel", to: TRIP, plan: "", then },
        expect![[r#"
            1:flight
            1:flight
            = completed end {}
        "#]],
    );
}

#[test]
fn a_compensation_goes_on_in_the_new_version() {
    let undoing = "start; done hotel; done flight; done ask";
    let then = "done no-flight; done no-room; done after";
    check(
        &Move { from: TRIP, told: undoing, to: &room(), plan: HOTEL_PLAN, then },
        expect![[r#"
        3:undo 4/0:no-flight
        3:undo 4/0:no-flight
        = completed end {}
    "#]],
    );
    check(
        &Move { from: TRIP, told: undoing, to: &room(), plan: "hotel=room", then },
        expect![[r#"
            3:undo 4/0:no-flight
            3:undo 4/0:no-flight
            = completed end {}
        "#]],
    );
    let plan = "no-flight=no-plane flight=plane";
    check(
        &Move {
            from: TRIP,
            told: undoing,
            to: &TRIP.replace("flight", "plane"),
            plan,
            then: "done no-plane; done no-hotel",
        },
        expect![[r#"
            3:undo 4/0:no-flight
            3:undo 4/0:no-plane
            = completed end {}
        "#]],
    );
    let plan = "flight=plane";
    check(
        &Move { from: TRIP, told: undoing, to: &TRIP.replace("flight", "plane"), plan, then: "" },
        expect![[r#"
            3:undo 4/0:no-flight
            ! the new version has no element `no-flight`; map `no-flight` to one that it has
        "#]],
    );
    let elsewhere = TRIP
        .replace("throw: Undo, id: undo, compensate: true", "throw: Undo, id: undo, signal: alarm");
    check(
        &Move { from: TRIP, told: undoing, to: &elsewhere, plan: "", then: "" },
        expect![[r#"
        3:undo 4/0:no-flight
        ! `undo` and `undo` are not the same kind of element
    "#]],
    );
}

const UNDOING: &str = r#"
  - id: trip
    with: { n: 1 }
    steps:
      - { id: hotel, activity: work, on: [{ compensate: true, then: no-hotel }] }
      - { id: no-hotel, activity: ask }
    events:
      - { id: undoing, compensate: true, steps: [{ id: call-off, activity: ask, with: { a: "${n}" } }, { throw: Only hotel, compensate: hotel }] }
  - { id: ask, activity: ask }
  - { throw: Undo, id: undo, compensate: trip }
"#;

#[test]
fn an_event_sub_process_that_undoes_is_kept_or_missed() {
    let to = UNDOING
        .replace("trip", "tour")
        .replace("call-off", "tell-off")
        .replace("undoing", "offing");
    let plan = "trip=tour call-off=tell-off undoing=offing undoing.start=offing.start";
    let then = "done ask; done tell-off; done no-hotel";
    check(
        &Move { from: UNDOING, told: "start; done hotel", to: &to, plan, then },
        expect![[r#"
        3:ask
        3:ask
        = completed trip.end offing.end end {}
    "#]],
    );
    let then = "done tell-off; done no-hotel";
    check(
        &Move { from: UNDOING, told: "start; done hotel; done ask", to: &to, plan, then },
        expect![[r#"
            4:undo 5/1:trip 6/2:undoing 7/3:call-off
            4:undo 5/1:tour 6/2:offing 7/3:tell-off
            = completed trip.end offing.end end {}
        "#]],
    );
    check(
        &Move {
            from: UNDOING,
            told: "start; done hotel; done ask",
            to: &to,
            plan: "trip=tour",
            then,
        },
        expect![[r#"
            4:undo 5/1:trip 6/2:undoing 7/3:call-off
            ! the new version has no element `call-off`; map `call-off` to one that it has
            ! the new version has no element `undoing`; map `undoing` to one that it has
        "#]],
    );
    let without: String = UNDOING
        .lines()
        .filter(|line| !line.contains("events:") && !line.contains("id: undoing"))
        .map(|line| format!("{line}\n"))
        .collect();
    check(
        &Move { from: UNDOING, told: "start; done hotel", to: &without, plan: "", then },
        expect![[r#"
            3:ask
            ! `trip` was done and can be undone, but nothing undoes `trip`
        "#]],
    );
}

fn ad_hoc(order: &str, names: [&str; 3]) -> String {
    let [it, one, two] = names;
    format!(
        r#"
  - id: {it}
    adhoc: {{ order: {order} }}
    steps:
      - {{ id: {one}, activity: ask }}
      - {{ id: {two}, activity: ask }}
      - {{ id: three, activity: ask }}
"#
    )
}

#[test]
fn an_ad_hoc_sub_process_goes_on_with_what_is_still_to_begin() {
    let plan = "it=that one=first two=second";
    let (old, new) = (["it", "one", "two"], ["that", "first", "second"]);
    let (together, in_order) = (ad_hoc("parallel", old), ad_hoc("sequential", old));
    let to = ad_hoc("sequential", new);
    let then = "done first; done second; done three";
    check(
        &Move { from: &in_order, told: "start", to: &to, plan, then },
        expect![[r#"
        0:it 1/0:one
        0:that 1/0:first
        = completed first second three end {}
    "#]],
    );
    check(
        &Move { from: &in_order, told: "start", to: &to, plan: "it=that one=first", then },
        expect![[r#"
            0:it 1/0:one
            ! the new version has no element `two`; map `two` to one that it has
        "#]],
    );
    let to = ad_hoc("parallel", new);
    check(
        &Move { from: &in_order, told: "start", to: &to, plan, then },
        expect![[r#"
        0:it 1/0:one
        0:that 1/0:first
        = completed first second three end {}
    "#]],
    );
    check(
        &Move {
            from: &together,
            told: "start; done two",
            to: &to,
            plan: "it=that one=first",
            then: "done three; done first",
        },
        expect![[r#"
            0:it 1/0:one 3/0:three
            0:that 1/0:first 3/0:three
            = completed two three first end {}
        "#]],
    );
    let embedded = together.replace("    adhoc: { order: parallel }\n", "");
    check(
        &Move { from: &together, told: "start", to: &embedded, plan: "", then: "" },
        expect![[r#"
            0:it 1/0:one 2/0:two 3/0:three
            ! `it` and `it` are not the same kind of element
        "#]],
    );
}

fn beside(id: &str, events: &str) -> String {
    format!(
        "\n  - {{ id: ask, activity: ask, then: end }}\nevents:\n  - {{ id: {id}, {events} }}\n"
    )
}

#[test]
fn an_event_sub_process_is_awaited_on_or_goes_on() {
    let note = "message: note, interrupting: false, steps: [{ id: read, activity: ask }]";
    let stop = "message: note, steps: [{ id: read, activity: ask }]";
    let (from, to) = (beside("noted", note), beside("heard", note));
    let plan = "noted=heard noted.start=heard.start";
    let then = "deliver heard.start a=1; done read; done ask";
    check(
        &Move { from: &from, told: "start", to: &to, plan, then },
        expect![[r#"
        0:ask catch:noted.start
        0:ask catch:heard.start
        = completed heard.end end {"a":1}
    "#]],
    );
    // Without a word about it, the old is not awaited any more and the new is.
    check(
        &Move { from: &from, told: "start", to: &to, plan: "", then },
        expect![[r#"
        0:ask catch:noted.start
        0:ask catch:heard.start
        + unsubscribe
        + subscribe
        = completed heard.end end {"a":1}
    "#]],
    );
    let started = "start; deliver noted.start a=1";
    check(
        &Move { from: &from, told: started, to: &to, plan, then: "done read; done ask" },
        expect![[r#"
            0:ask 1:noted 2/0:read catch:noted.start
            0:ask 1:heard 2/0:read catch:heard.start
            = completed heard.end end {"a":1}
        "#]],
    );
    check(
        &Move { from: &from, told: started, to: &to, plan: "", then: "" },
        expect![[r#"
        0:ask 1:noted 2/0:read catch:noted.start
        ! the new version has no element `noted`; map `noted` to one that it has
        ! `read` is not in, or not on, what that of `read` becomes
    "#]],
    );
    let none = "\n  - { id: ask, activity: ask, then: end }\n";
    check(
        &Move { from: &from, told: "start", to: none, plan: "", then: "done ask" },
        expect![[r#"
            0:ask catch:noted.start
            0:ask
            + unsubscribe
            = completed end {}
        "#]],
    );
    check(
        &Move { from: &from, told: started, to: none, plan: "", then: "" },
        expect![[r#"
        0:ask 1:noted 2/0:read catch:noted.start
        ! the new version has no element `noted`; map `noted` to one that it has
        ! the new version has no element `read`; map `read` to one that it has
    "#]],
    );
    // One that has interrupted its scope is the only one in it, and none is awaited beside it.
    let (from, to) = (
        beside("noted", stop),
        beside("noted", stop)
            + "  - { id: late, timer: PT1H, steps: [{ do: nothing, id: tick }] }\n",
    );
    check(
        &Move { from: &from, told: started, to: &to, plan: "", then: "done read" },
        expect![[r#"
            1:noted 2/0:read
            1:noted 2/0:read
            = completed noted.end {"a":1}
        "#]],
    );
    check(
        &Move { from: &from, told: "start", to: &to, plan: "", then: "fire late.start" },
        expect![[r#"
            0:ask catch:noted.start
            0:ask timer:late.start catch:noted.start
            + armTimer
            = completed late.end {}
        "#]],
    );
    let interrupting = beside("noted", stop);
    let from = beside("noted", note);
    check(
        &Move {
            from: &from,
            told: started,
            to: &interrupting,
            plan: "",
            then: "deliver noted.start; done read",
        },
        expect![[r#"
            0:ask 1:noted 2/0:read catch:noted.start
            0:ask 1:noted 2/0:read catch:noted.start
            = completed noted.end {"a":1}
        "#]],
    );
}

fn each(id: &str, how: &str) -> String {
    format!(
        r#"
  - {{ id: {id}, activity: ask, each: {{ {how}, collect: {{ into: all, value: "${{item + answer}}" }} }}, on: [{{ timer: PT1H, id: late, then: end }}] }}
  - {{ id: after, activity: ask, then: end }}
"#
    )
}

#[test]
fn a_repeated_activity_goes_on_with_the_items_that_are_left() {
    let start = r#"start list=[10,20,30]; done it answer=1"#;
    let together = each("it", "in: list, as: item");
    let to = each("that", "in: list, as: item");
    let then = "done that answer=2; done that answer=3; done after";
    check(
        &Move { from: &together, told: start, to: &to, plan: "it=that", then },
        expect![[r#"
        0:it 2/0:it 3/0:it timer:late
        0:that 2/0:that 3/0:that timer:late
        = completed end {"all":[11,22,33],"list":[10,20,30]}
    "#]],
    );
    let until = each("that", "in: list, as: item, until: nrOfCompletedInstances >= 2");
    let then = "done that answer=2; done after";
    check(
        &Move { from: &together, told: start, to: &until, plan: "it=that", then },
        expect![[r#"
        0:it 2/0:it 3/0:it timer:late
        0:that 2/0:that 3/0:that timer:late
        = completed end {"all":[11,22],"list":[10,20,30]}
    "#]],
    );
    let in_order = each("it", "in: list, as: item, sequential: true");
    let to = each("that", "in: list, as: item, sequential: true");
    let then = "done that answer=2; done that answer=3; done after";
    check(
        &Move { from: &in_order, told: start, to: &to, plan: "it=that", then },
        expect![[r#"
        0:it 2/0:it timer:late
        0:that 2/0:that timer:late
        = completed end {"all":[11,22,33],"list":[10,20,30]}
    "#]],
    );
    check(
        &Move { from: &in_order, told: start, to: &together, plan: "", then: "" },
        expect![[r#"
            0:it 2/0:it timer:late
            ! `it` and `it` are not repeated in the same way
        "#]],
    );
    let once = "\n  - { id: it, activity: ask }\n";
    check(
        &Move { from: &in_order, told: start, to: once, plan: "", then: "" },
        expect![[r#"
            0:it 2/0:it timer:late
            ! `it` and `it` are not repeated in the same way
        "#]],
    );
    check(
        &Move { from: once, told: "start", to: &together, plan: "", then: "" },
        expect![[r#"
            0:it
            ! `it` and `it` are not repeated in the same way
        "#]],
    );
    let without = to.replace(", on: [{ timer: PT1H, id: late, then: end }]", "");
    check(
        &Move { from: &in_order, told: start, to: &without, plan: "it=that", then },
        expect![[r#"
            0:it 2/0:it timer:late
            0:that 2/0:that
            + disarmTimer
            = completed end {"all":[11,22,33],"list":[10,20,30]}
        "#]],
    );
}

#[test]
fn sub_processes_are_repeated_on() {
    let from = r#"
  - id: it
    each: { in: list, as: item, sequential: true }
    steps: [{ id: one, activity: ask }, { id: two, activity: ask }]
"#;
    let to = from.replace("id: one", "id: first");
    let told = "start list=[1,2]; done one";
    check(
        &Move { from, told, to: &to, plan: "", then: "done two; done first; done two" },
        expect![[r#"
            0:it 1/0:it 3/1:two
            0:it 1/0:it 3/1:two
            = completed it.end it.end end {"list":[1,2]}
        "#]],
    );
    let told = "start list=[1,2]";
    check(
        &Move { from, told, to: &to, plan: "", then: "" },
        expect![[r#"
        0:it 1/0:it 2/1:one
        ! the new version has no element `one`; map `one` to one that it has
    "#]],
    );
    let then = "done first; done two; done first; done two";
    check(
        &Move { from, told, to: &to, plan: "one=first", then },
        expect![[r#"
        0:it 1/0:it 2/1:one
        0:it 1/0:it 2/1:first
        = completed it.end it.end end {"list":[1,2]}
    "#]],
    );
}

#[test]
fn a_loop_goes_on_by_its_new_condition() {
    let from = "\n  - { id: it, activity: ask, loop: { while: loopCounter < 5 } }\n";
    let to = "\n  - { id: it, activity: ask, loop: { while: loopCounter < 2 } }\n";
    check(
        &Move { from, told: "start; done it", to, plan: "", then: "done it" },
        expect![[r#"
        0:it 2/0:it
        0:it 2/0:it
        = completed end {}
    "#]],
    );
    let once = "\n  - { id: it, activity: ask }\n";
    check(
        &Move { from, told: "start; done it", to: once, plan: "", then: "" },
        expect![[r#"
            0:it 2/0:it
            ! `it` and `it` are not repeated in the same way
        "#]],
    );
}

#[test]
fn a_transaction_is_cancelled_as_the_new_version_has_it() {
    let from = r#"
  - id: it
    transaction: true
    steps:
      - { id: one, activity: ask, on: [{ compensate: true, then: undo }] }
      - { id: undo, activity: ask }
      - { id: two, activity: ask }
      - { end: Off, id: off, cancel: true }
    on: [{ cancel: true, id: called-off, then: end }]
"#;
    let to = from.replace("id: one", "id: first") + "  - { end: Off, id: over }\n";
    let to = to.replace("id: called-off, then: end", "id: called-off, then: over");
    check(
        &Move {
            from,
            told: "start; done one",
            to: &to,
            plan: "one=first",
            then: "done two; done undo",
        },
        expect![[r#"
            0:it 2/0:two
            0:it 2/0:two
            = completed off over {}
        "#]],
    );
    check(
        &Move {
            from,
            told: "start; done one; done two",
            to: &to,
            plan: "one=first",
            then: "done undo",
        },
        expect![[r#"
            0:it 3/0:off 4/1:undo
            0:it 3/0:off 4/1:undo
            = completed off over {}
        "#]],
    );
    let embedded = r#"
  - id: it
    steps: [{ id: one, activity: ask }, { id: two, activity: ask }]
"#;
    check(
        &Move { from, told: "start; done one", to: embedded, plan: "", then: "" },
        expect![[r#"
        0:it 2/0:two
        ! `it` and `it` are not the same kind of element
        ! `one` was done and can be undone, but nothing undoes `one`
    "#]],
    );
}

#[test]
fn what_is_undone_is_awaited_in_the_new_version_as_it_was() {
    let waits = r#"
  - { id: a, activity: work, on: [{ compensate: true, then: undo }] }
  - { id: undo, activity: ask }
  - { throw: th, compensate: true, wait: true }
  - { id: after, activity: ask }
"#;
    let goes_on = waits.replace("wait: true", "wait: false");
    let told = "start; done a";
    check(
        &Move { from: waits, told, to: &goes_on, plan: "", then: "done undo; done after" },
        expect![[r#"
            1:th 2/0:undo
            ! of `th` and `th`, one awaits what it undoes and the other does not, and that is under way
        "#]],
    );
    check(
        &Move { from: &goes_on, told, to: waits, plan: "", then: "done undo; done after" },
        expect![[r#"
            1:after 2:th 3/0:undo
            ! of `th` and `th`, one awaits what it undoes and the other does not, and that is under way
        "#]],
    );
    // Where nothing is being undone, the new version has its way.
    let told = "start";
    check(
        &Move { from: waits, told, to: &goes_on, plan: "", then: "done a; done after; done undo" },
        expect![[r#"
            0:a
            0:a
            = completed end {}
        "#]],
    );
}

#[test]
fn new_events_are_not_awaited_on_what_is_being_undone() {
    let from = r#"
  - id: sub
    steps:
      - { id: a, activity: work, on: [{ compensate: true, then: undo }] }
      - { id: undo, activity: ask }
  - { throw: th, compensate: true }
"#;
    let to =
        from.replace("  - { throw", "    on: [{ timer: PT1H, id: late, then: end }]\n  - { throw");
    check(
        &Move { from, told: "start; done a", to: &to, plan: "", then: "done undo" },
        expect![[r#"
            3:th 4/1:sub 5/2:undo
            3:th 4/1:sub 5/2:undo
            = completed sub.end end {}
        "#]],
    );
    let from = r#"
  - id: it
    transaction: true
    steps:
      - { id: a, activity: work, on: [{ compensate: true, then: undo }] }
      - { id: undo, activity: ask }
      - { id: ask, activity: ask }
      - { end: Off, id: off, cancel: true }
    on: [{ cancel: true, id: called-off, then: out }]
  - { end: Done }
  - { end: out }
"#;
    let to = from.replace(
        "    on: [",
        "    events: [{ message: note, id: noted, steps: [{ do: nothing, id: n }] }]\n    on: [{ timer: PT1H, id: late, then: out }, ",
    );
    check(
        &Move { from, told: "start; done a; done ask", to: &to, plan: "", then: "done undo" },
        expect![[r#"
            0:it 3/0:off 4/1:undo
            0:it 3/0:off 4/1:undo
            = completed off out {}
        "#]],
    );
    check(
        &Move { from, told: "start; done a", to: &to, plan: "", then: "done ask; done undo" },
        expect![[r#"
            0:it 2/0:ask
            0:it 2/0:ask timer:late catch:noted.start
            + armTimer
            + subscribe
            = completed off out {}
        "#]],
    );
    let repeated =
        |text: &str| text.replace("transaction: true", "transaction: true\n    each: { times: 2 }");
    let told = "start; done a; done a; done ask";
    check(
        &Move {
            from: &repeated(from),
            told,
            to: &repeated(&to),
            plan: "",
            then: "done undo; done undo",
        },
        expect![[r#"
            0:it 1/0:it 7/1:off 8/3:undo
            0:it 1/0:it 7/1:off 8/3:undo
            = completed off out {}
        "#]],
    );
}
