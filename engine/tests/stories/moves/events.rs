//! Migration while conditions, timers, calls, events behind a gateway or further paths are awaited.

use expect_test::expect;

use super::{Move, check};

#[test]
fn a_condition_that_names_a_variable_is_not_asked_by_a_move_unless_it_is_another() {
    let from = r#"
  - { id: fork, parallel: [full, ask] }
  - { catch: Full, id: full, condition: n > 5, variable: m, then: end }
  - { id: ask, activity: ask, then: end }
"#;
    let told = "start n=0 m=0; set !n=6";
    check(
        &Move { from, told, to: from, plan: "", then: "set !m=1; done ask" },
        expect![[r#"
            0:full 1:ask catch:full
            0:full 1:ask catch:full
            = completed end end {"m":1,"n":6}
        "#]],
    );
    let lower = from.replace("n > 5", "n > 4");
    check(
        &Move { from, told, to: &lower, plan: "", then: "done ask" },
        expect![[r#"
            0:full 1:ask catch:full
            1:ask
            = completed end end {"m":0,"n":6}
        "#]],
    );
}

#[test]
fn conditions_are_asked_as_the_new_version_has_them() {
    let from = r#"
  - { id: fork, parallel: [full, ask] }
  - { catch: Full, id: full, condition: n > 5, then: after }
  - { id: ask, activity: ask, on: [{ condition: n > 7, id: over, then: end }], then: end }
  - { id: after, activity: ask, then: end }
events:
  - { condition: n > 9, id: noted, interrupting: false, steps: [{ id: note, activity: ask }] }
"#;
    let told = "start n=3";
    check(
        &Move { from, told, to: from, plan: "", then: "set !n=10" },
        expect![[r#"
        0:full 1:ask catch:noted.start catch:full catch:over
        0:full 1:ask catch:noted.start catch:full catch:over
        = active end {"n":10}
    "#]],
    );
    let lower = from.replace("n > 5", "n > 2");
    check(
        &Move { from, told, to: &lower, plan: "", then: "done after; done ask" },
        expect![[r#"
        0:full 1:ask catch:noted.start catch:full catch:over
        0:after 1:ask catch:noted.start catch:over
        + runActivity
        = completed end end {"n":3}
    "#]],
    );
    let lower = from.replace("n > 7", "n > 1");
    check(
        &Move { from, told, to: &lower, plan: "", then: "set !n=6; done after" },
        expect![[r#"
        0:full 1:ask catch:noted.start catch:full catch:over
        0:full catch:noted.start catch:full
        = completed end end {"n":6}
    "#]],
    );
    let lower = from.replace("n > 9", "n > 0").replace("noted", "seen");
    let plan = "noted=seen noted.start=seen.start";
    check(
        &Move { from, told, to: &lower, plan, then: "done note; set !n=6; done ask; done after" },
        expect![[r#"
            0:full 1:ask catch:noted.start catch:full catch:over
            0:full 1:ask 2:seen 3/0:note catch:seen.start catch:full catch:over
            + runActivity
            = completed seen.end end end {"n":6}
        "#]],
    );
    check(
        &Move {
            from,
            told,
            to: &lower,
            plan: "",
            then: "done note; set !n=6; done ask; done after",
        },
        expect![[r#"
            0:full 1:ask catch:noted.start catch:full catch:over
            0:full 1:ask 2:seen 3/0:note catch:full catch:over catch:seen.start
            + runActivity
            = completed seen.end end end {"n":6}
        "#]],
    );
    let other = from
        .replace("catch: Full, id: full, condition: n > 5", "catch: Full, id: full, message: full");
    check(
        &Move { from, told, to: &other, plan: "", then: "" },
        expect![[r#"
        0:full 1:ask catch:noted.start catch:full catch:over
        ! `full` and `full` are not the same kind of element
    "#]],
    );
}

#[test]
fn boundary_timers_keep_their_time() {
    let from = r#"
  - { id: ask, activity: ask, on: [{ cycle: R3/PT1M, id: tick, interrupting: false, then: note }, { timer: PT1H, id: late, then: end }] }
  - { end: }
  - { id: note, activity: ask, then: end }
"#;
    let to = from
        .replace("id: tick", "id: tock")
        .replace("id: late", "id: soon")
        .replace("PT1H", "PT2M");
    let told = "start; fire tick; done note";
    let then = "fire tock; done note; fire soon";
    check(
        &Move { from, told, to: &to, plan: "tick=tock", then },
        expect![[r#"
        0:ask timer:late timer:tick
        0:ask timer:tock timer:soon
        + disarmTimer
        + armTimer
        = completed end end end {"_timedOut":true}
    "#]],
    );
    check(
        &Move { from, told, to: &to, plan: "tick=tock late=soon", then },
        expect![[r#"
        0:ask timer:late timer:tick
        0:ask timer:soon timer:tock
        = completed end end end {"_timedOut":true}
    "#]],
    );
    let other = from.replace("timer: PT1H, id: late", "message: late, id: late");
    check(
        &Move { from, told, to: &other, plan: "", then: "deliver late" },
        expect![[r#"
        0:ask timer:late timer:tick
        0:ask timer:tick catch:late
        + disarmTimer
        + subscribe
        = completed end end {}
    "#]],
    );
}

#[test]
fn a_call_stays_with_its_called_instance() {
    let from = "\n  - { id: it, call: other, take: { m: \"${sum}\" }, on: [{ error: Lost, id: lost, then: end }] }\n";
    let to = from.replace("id: it", "id: that").replace("sum", "total");
    let told = "start; waits it";
    check(
        &Move { from, told, to: &to, plan: "it=that", then: "done that total=7" },
        expect![[r#"
        0:it
        0:that
        = completed end {"m":7}
    "#]],
    );
    check(
        &Move { from, told, to: &to, plan: "it=that", then: "error that Lost" },
        expect![[r#"
        0:it
        0:that
        = completed end {}
    "#]],
    );
    check(
        &Move { from, told, to: "\n  - { id: it, activity: ask }\n", plan: "", then: "" },
        expect![[r#"
            0:it
            ! `it` and `it` are not the same kind of element
        "#]],
    );
}

#[test]
fn events_behind_a_gateway_are_awaited_on() {
    let from = r#"
  - { id: it, await: [news, late] }
  - { catch: News, id: news, message: news, then: after }
  - { catch: Late, id: late, timer: PT1H, then: end }
  - { id: after, activity: ask, then: end }
"#;
    let to = from.replace("news,", "letter,");
    check(
        &Move {
            from,
            told: "start",
            to: &to,
            plan: "news=letter",
            then: "deliver letter; done after",
        },
        expect![[r#"
            0:it timer:late catch:news
            0:it timer:late catch:letter
            = completed end {}
        "#]],
    );
    check(
        &Move { from, told: "start", to: &to, plan: "news=letter", then: "fire late" },
        expect![[r#"
            0:it timer:late catch:news
            0:it timer:late catch:letter
            = completed end {}
        "#]],
    );
    let other = from.replace("message: news", "signal: news");
    check(
        &Move { from, told: "start", to: &other, plan: "", then: "" },
        expect![[r#"
        0:it timer:late catch:news
        ! `news` and `news` are not the same kind of element
        ! other events stand behind `it` than behind `it`, and a path awaits them
    "#]],
    );
    check(
        &Move { from, told: "start; deliver news", to: &other, plan: "", then: "done after" },
        expect![[r#"
            0:after
            0:after
            = completed end {}
        "#]],
    );
}

#[test]
fn paths_that_wait_for_others_need_as_many_of_them() {
    let from = r#"
  - { id: fork, parallel: [one, two] }
  - { id: one, activity: ask, then: it }
  - { id: two, activity: ask, then: it }
  - { id: it, activity: ask, needs: 2, then: end }
"#;
    let told = "start; done one";
    let to = from.replace("id: two", "id: other").replace("one, two", "one, other");
    check(
        &Move { from, told, to: from, plan: "", then: "done two; done it" },
        expect![[r#"
        1:two 2:it
        1:two 2:it
        = completed end {}
    "#]],
    );
    check(
        &Move { from, told, to: &to, plan: "two=other", then: "" },
        expect![[r#"
        1:two 2:it
        ! other flows lead to `it` than to `it`, so paths that wait there cannot be joined
    "#]],
    );
    let fewer = from.replace(", needs: 2", "");
    check(
        &Move { from, told, to: &fewer, plan: "", then: "" },
        expect![[r#"
        1:two 2:it
        ! `it` takes another number of paths to begin than `it`, so those that wait there cannot go on
    "#]],
    );
    check(
        &Move {
            from,
            told: "start",
            to: &fewer,
            plan: "",
            then: "done one; done two; done it; done it",
        },
        expect![[r#"
            0:one 1:two
            0:one 1:two
            = completed end end {}
        "#]],
    );
}
