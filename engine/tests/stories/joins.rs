//! Stories of joins in loops, in each other, in scopes, behind links and of surplus paths.

use expect_test::expect;

use super::check::{check, play};

#[test]
fn an_inclusive_join_in_a_loop_joins_each_time_round() {
    check(
        r#"
  - { id: again, choose: [split] }
  - { id: split, include: [{ when: "n >= 0", then: one }, { when: "n < 1", then: two }] }
  - { id: one, activity: ask, out: { n: "${n + 1}" }, then: join }
  - { id: two, activity: ask, then: join }
  - { id: join, include: [enough] }
  - { id: enough, choose: [{ when: n < 2, then: again }, { otherwise: end }] }
"#,
        "start n=0
         done 0
         done 1
         done 2",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              entered 0 start
              entered 0 again
              entered 0 split
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 0
              wrote 0 one writes=[{"at":["n"],"value":1}]
              completed 0 one
              entered 2 join
              arrived 2 join flow="one.flow1"
            > done 1
              completed 1 two
              entered 3 join
              arrived 3 join flow="two.flow1"
              joined 2 join with=[3]
              entered 2 enough
              entered 2 again
              entered 2 split
              entered 2 one
              began 2 one
              + runActivity 2 one activity="ask" attempt=1 parameters={}
            > done 2
              wrote 2 one writes=[{"at":["n"],"value":2}]
              completed 2 one
              entered 4 join
              arrived 4 join flow="one.flow1"
              joined 4 join with=[]
              entered 4 enough
              entered 4 end
              ended 4 end
              finished
            = completed end
            = {"n":2}
        "#]],
    );
}

#[test]
fn a_path_that_comes_round_through_the_join_itself_is_not_awaited() {
    check(
        r#"
  - { start: Start, then: [join, work] }
  - { id: work, do: nothing, then: join }
  - { id: join, include: [ask] }
  - { id: ask, activity: ask, then: more }
  - { id: more, choose: [{ when: again, then: join }, { otherwise: end }] }
"#,
        "start again=true
         done 0
         done 3 !again=false",
        expect![[r#"
            > start again=true
              started variables={"again":true}
              entered 0 start
              entered 0 join
              arrived 0 join flow="start.flow1"
              entered 1 work
              began 1 work
              completed 1 work
              entered 2 join
              arrived 2 join flow="work.flow1"
              joined 0 join with=[2]
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 3 more
              entered 3 join
              arrived 3 join flow="more.flow1"
              joined 3 join with=[]
              entered 3 ask
              began 3 ask
              + runActivity 3 ask activity="ask" attempt=1 parameters={}
            > done 3 !again=false
              wrote 3 ask writes=[{"at":["again"],"value":false}]
              completed 3 ask
              entered 4 more
              entered 4 end
              ended 4 end
              finished
            = completed end
            = {"again":false}
        "#]],
    );
}

#[test]
fn inclusive_gateways_nest() {
    let steps = r#"
  - { id: outer, include: [{ when: true, then: inner }, { when: x, then: three }] }
  - { id: inner, include: [{ when: true, then: one }, { when: y, then: two }] }
  - { id: one, activity: ask, then: inner-join }
  - { id: two, activity: ask, then: inner-join }
  - { id: inner-join, include: [outer-join] }
  - { id: three, activity: ask, then: outer-join }
  - { id: outer-join, include: [end] }
"#;
    check(
        steps,
        "start x=true y=true
         done 0
         done 1
         done 2",
        expect![[r#"
            > start x=true y=true
              started variables={"x":true,"y":true}
              entered 0 start
              entered 0 outer
              entered 0 inner
              entered 1 three
              began 1 three
              entered 0 one
              began 0 one
              entered 2 two
              began 2 two
              + runActivity 1 three activity="ask" attempt=1 parameters={}
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 2 two activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 3 inner-join
              arrived 3 inner-join flow="one.flow1"
            > done 1
              completed 1 three
              entered 4 outer-join
              arrived 4 outer-join flow="three.flow1"
            > done 2
              completed 2 two
              entered 5 inner-join
              arrived 5 inner-join flow="two.flow1"
              joined 3 inner-join with=[5]
              entered 3 outer-join
              arrived 3 outer-join flow="inner-join.flow1"
              joined 3 outer-join with=[4]
              entered 3 end
              ended 3 end
              finished
            = completed end
            = {"x":true,"y":true}
        "#]],
    );
    check(
        steps,
        "start x=true y=false
         done 1
         done 0",
        expect![[r#"
            > start x=true y=false
              started variables={"x":true,"y":false}
              entered 0 start
              entered 0 outer
              entered 0 inner
              entered 1 three
              began 1 three
              entered 0 one
              began 0 one
              + runActivity 1 three activity="ask" attempt=1 parameters={}
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 three
              entered 2 outer-join
              arrived 2 outer-join flow="three.flow1"
            > done 0
              completed 0 one
              entered 3 inner-join
              arrived 3 inner-join flow="one.flow1"
              joined 3 inner-join with=[]
              entered 3 outer-join
              arrived 3 outer-join flow="inner-join.flow1"
              joined 2 outer-join with=[3]
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"x":true,"y":false}
        "#]],
    );
}

#[test]
fn two_joins_that_await_each_other_are_stuck_as_the_standard_has_it() {
    check(
        r#"
  - { start: Start, then: [left, right] }
  - { id: left, include: [{ when: never, then: right }, { otherwise: out }] }
  - { id: right, include: [{ when: never, then: left }, { otherwise: out }] }
  - { id: out, choose: [end] }
"#,
        "start never=false
         modify -1",
        expect![[r#"
            > start never=false
              started variables={"never":false}
              entered 0 start
              entered 0 left
              arrived 0 left flow="start.flow1"
              entered 1 right
              arrived 1 right flow="start.flow2"
            > modify -1
              withdrawn 1 right
              joined 0 left with=[]
              entered 0 out
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"never":false}
        "#]],
    );
}

#[test]
fn an_inclusive_join_in_a_sub_process_awaits_what_is_in_it_alone() {
    let steps = r#"
  - { start: Start, then: [sub, beside] }
  - { id: beside, activity: ask, then: end }
  - id: sub
    steps:
      - { id: split, include: [{ when: true, then: one }, { when: true, then: two }, { when: deep, then: inner }] }
      - { id: one, do: nothing, then: join }
      - { id: two, activity: ask, then: join }
      - { id: inner, then: join, steps: [{ id: ask, activity: ask }] }
      - { id: join, include: [last] }
      - { id: last, do: nothing }
    on: [{ timer: PT1H, then: end }]
    then: end
"#;
    check(
        steps,
        "start deep=true
         done 3
         done 6
         done 1",
        expect![[r#"
            > start deep=true
              started variables={"deep":true}
              entered 0 start
              entered 0 sub
              began 0 sub
              armed 0 timer 0 sub.timer due 1h
              opened 0 sub of="subProcess" scope=0
              entered 1 beside
              began 1 beside
              entered 2 sub.start scope=0
              entered 2 split
              entered 2 one
              began 2 one
              completed 2 one
              entered 3 two scope=0
              began 3 two
              entered 4 inner scope=0
              began 4 inner
              opened 4 inner of="subProcess" scope=1
              entered 5 join scope=0
              arrived 5 join flow="one.flow1"
              entered 6 inner.start scope=1
              entered 6 ask
              began 6 ask
              + armTimer timer 0 due 1h
              + runActivity 1 beside activity="ask" attempt=1 parameters={}
              + runActivity 3 two activity="ask" attempt=1 parameters={}
              + runActivity 6 ask activity="ask" attempt=1 parameters={}
            > done 3
              completed 3 two
              entered 7 join scope=0
              arrived 7 join flow="two.flow1"
            > done 6
              completed 6 ask
              entered 8 inner.end scope=1
              ended 8 inner.end
              closed inner scope=1
              completed 4 inner
              entered 9 join scope=0
              arrived 9 join flow="inner.flow1"
              joined 5 join with=[7,9]
              entered 5 last
              began 5 last
              completed 5 last
              entered 10 sub.end scope=0
              ended 10 sub.end
              disarmed timer 0 sub.timer
              closed sub scope=0
              completed 0 sub
              entered 11 end
              ended 11 end
              + disarmTimer timer 0 due 1h
            > done 1
              completed 1 beside
              entered 12 end
              ended 12 end
              finished
            = completed inner.end sub.end end end
            = {"deep":true}
        "#]],
    );
    check(
        steps,
        "start deep=false
         wait 3600",
        expect![[r#"
            > start deep=false
              started variables={"deep":false}
              entered 0 start
              entered 0 sub
              began 0 sub
              armed 0 timer 0 sub.timer due 1h
              opened 0 sub of="subProcess" scope=0
              entered 1 beside
              began 1 beside
              entered 2 sub.start scope=0
              entered 2 split
              entered 2 one
              began 2 one
              completed 2 one
              entered 3 two scope=0
              began 3 two
              entered 4 join scope=0
              arrived 4 join flow="one.flow1"
              + armTimer timer 0 due 1h
              + runActivity 1 beside activity="ask" attempt=1 parameters={}
              + runActivity 3 two activity="ask" attempt=1 parameters={}
            > wait 3600
              1h timer 0 is due
              fired timer 0 sub.timer
              wrote 0 sub writes=[{"at":["_timedOut"],"value":true}]
              withdrawn 3 two
              withdrawn 4 join
              closed sub scope=0
              interrupted 0 sub by="sub.timer"
              entered 5 sub.timer
              entered 5 end
              ended 5 end
            = active end
            = {"_timedOut":true,"deep":false}
            = 1 beside {"running":{"attempt":1}}
        "#]],
    );
}

#[test]
fn links_are_ways_to_the_join() {
    check(
        r#"
  - { start: Start, then: [one, two] }
  - { id: one, do: nothing, then: join }
  - { id: two, activity: ask, then: jump }
  - { throw: Jump, link: over }
  - { catch: Over, link: over, then: join }
  - { id: join, include: [end] }
"#,
        "start
         done 1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              entered 2 join
              arrived 2 join flow="one.flow1"
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 two
              entered 3 jump
              entered 3 over
              entered 3 join
              arrived 3 join flow="over.flow1"
              joined 2 join with=[3]
              entered 2 end
              ended 2 end
              finished
            = completed end
        "#]],
    );
}

#[test]
fn surplus_arrivals_wait_for_the_next_time() {
    check(
        r#"
  - { start: Start, then: [one, two, three] }
  - { id: one, do: nothing, then: merge }
  - { id: two, do: nothing, then: merge }
  - { id: merge, choose: [join] }
  - { id: three, activity: ask, then: join }
  - { id: join, include: [end] }
"#,
        "start
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 three
              began 2 three
              entered 3 merge
              entered 4 merge
              entered 3 join
              arrived 3 join flow="merge.flow1"
              entered 4 join
              arrived 4 join flow="merge.flow1"
              + runActivity 2 three activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 three
              entered 5 join
              arrived 5 join flow="three.flow1"
              joined 3 join with=[5]
              entered 3 end
              ended 3 end
              joined 4 join with=[]
              entered 4 end
              ended 4 end
              finished
            = completed end end
        "#]],
    );
}

#[test]
fn a_condition_without_a_value_behind_a_join_is_retried_without_joining_again() {
    check(
        r#"
  - { start: Start, then: [one, two] }
  - { id: one, do: nothing, then: join }
  - { id: two, activity: ask, then: join }
  - { id: join, include: [{ when: ready, then: end }, { otherwise: more }] }
  - { id: more, activity: ask, then: end }
"#,
        "start
         done 1
         retry 2
         set !ready=false
         retry 2
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              entered 2 join
              arrived 2 join flow="one.flow1"
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 two
              entered 3 join
              arrived 3 join flow="two.flow1"
              joined 2 join with=[3]
              incidentRaised 2 join message="the condition of flow `join.flow1` has no value: there is no variable ready; if it may be missing, ask execution.hasVariable(\"ready\") first (at character 3 of ${ready})" moment="parting"
            > retry 2
              incidentTakenUp 2 join
              incidentRaised 2 join message="the condition of flow `join.flow1` has no value: there is no variable ready; if it may be missing, ask execution.hasVariable(\"ready\") first (at character 3 of ${ready})" moment="parting"
            > set !ready=false
              set writes=[{"at":["ready"],"value":false}]
            > retry 2
              incidentTakenUp 2 join
              entered 2 more
              began 2 more
              + runActivity 2 more activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 more
              entered 4 end
              ended 4 end
              finished
            = completed end
            = {"ready":false}
        "#]],
    );
}

#[test]
fn parallel_joins_stand_in_scopes_of_their_own() {
    check(
        r#"
  - id: sub
    each: { times: 2 }
    steps:
      - { id: fork, parallel: [one, two] }
      - { id: one, do: nothing, then: join }
      - { id: two, activity: ask, then: join }
      - { id: join, parallel: [last] }
      - { id: last, do: nothing }
  - { id: after, do: nothing }
"#,
        "start
         done 6
         done 5",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              opened 0 sub of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 sub scope=0
              given 1 sub locals={"loopCounter":0}
              began 1 sub
              opened 1 sub of="subProcess" scope=1 variables={"loopCounter":0}
              entered 2 sub scope=0
              given 2 sub locals={"loopCounter":1}
              began 2 sub
              opened 2 sub of="subProcess" scope=2 variables={"loopCounter":1}
              entered 3 sub.start scope=1
              entered 4 sub.start scope=2
              entered 3 fork
              entered 4 fork
              entered 3 one
              began 3 one
              completed 3 one
              entered 5 two scope=1
              began 5 two
              entered 4 one
              began 4 one
              completed 4 one
              entered 6 two scope=2
              began 6 two
              entered 7 join scope=1
              arrived 7 join flow="one.flow1"
              entered 8 join scope=2
              arrived 8 join flow="one.flow1"
              + runActivity 5 two activity="ask" attempt=1 parameters={}
              + runActivity 6 two activity="ask" attempt=1 parameters={}
            > done 6
              completed 6 two
              entered 9 join scope=2
              arrived 9 join flow="two.flow1"
              joined 9 join with=[8]
              entered 9 last
              began 9 last
              completed 9 last
              entered 10 sub.end scope=2
              ended 10 sub.end
              closed sub scope=2
              completed 2 sub
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done 5
              completed 5 two
              entered 11 join scope=1
              arrived 11 join flow="two.flow1"
              joined 11 join with=[7]
              entered 11 last
              began 11 last
              completed 11 last
              entered 12 sub.end scope=1
              ended 12 sub.end
              closed sub scope=1
              completed 1 sub
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              closed sub scope=0
              completed 0 sub
              entered 13 after
              began 13 after
              completed 13 after
              entered 14 end
              ended 14 end
              finished
            = completed sub.end sub.end end
        "#]],
    );
}

/// Two activities and a join of a kind.
fn joined(join: &str) -> String {
    format!(
        r#"
  - {{ id: fork, parallel: [a, b] }}
  - {{ id: a, activity: ask, then: j }}
  - {{ id: b, activity: ask, then: j }}
  - {{ id: j, {join} }}
  - {{ end: Done }}
"#
    )
}

const KINDS: [&str; 3] =
    ["parallel: [done]", "include: [done]", "complex: [done], when: activationCount >= 2"];

#[test]
fn a_path_that_a_person_begins_at_a_join_counts_as_one_that_was_missing() {
    check(
        &joined(KINDS[0]),
        "start\n done a\n modify -1 +j",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 fork
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > done a
          completed 0 a
          entered 2 j
          arrived 2 j flow="a.flow1"
        > modify -1 +j
          withdrawn 1 b
          entered 3 j
          arrived 3 j flow="b.flow1"
          joined 3 j with=[2]
          entered 3 done
          ended 3 done
          finished
        = completed done
    "#]],
    );
    // The first flow is taken, and then the second; the path of the other stays to join with.
    check(
        &joined(KINDS[0]),
        "start\n modify +j\n modify -0 -1 +j",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 fork
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > modify +j
          entered 2 j
          arrived 2 j flow="a.flow1"
        > modify -0 -1 +j
          withdrawn 0 a
          withdrawn 1 b
          entered 3 j
          arrived 3 j flow="b.flow1"
          joined 3 j with=[2]
          entered 3 done
          ended 3 done
          finished
        = completed done
    "#]],
    );
    for kind in KINDS {
        let joins = joined(kind);
        for script in [
            "start\n done a\n modify -1 +j",
            "start\n done b\n modify -0 +j",
            "start\n modify -0 -1 +j +j",
            "start\n modify -0 +j\n done b",
            "start\n done a\n modify -1 -2 +j +j",
        ] {
            let trace = play(&joins, script);
            assert!(trace.ends_with("= completed done\n"), "{kind}: {trace}");
        }
    }
}

#[test]
fn where_each_way_to_a_join_has_its_path_one_more_is_surplus_on_the_first() {
    let three = r#"
  - { id: fork, parallel: [a, b, c] }
  - { id: a, activity: ask, then: j }
  - { id: b, activity: ask, then: j }
  - { id: c, activity: ask, then: j }
  - { id: j, complex: [x], when: activationCount >= 5 }
  - { id: x, activity: ask }
"#;
    check(
        three,
        "start\n done a\n done b\n done c\n modify +j +j",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 fork
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          entered 2 c
          began 2 c
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
          + runActivity 2 c activity="ask" attempt=1 parameters={}
        > done a
          completed 0 a
          entered 3 j
          arrived 3 j flow="a.flow1"
        > done b
          completed 1 b
          entered 4 j
          arrived 4 j flow="b.flow1"
        > done c
          completed 2 c
          entered 5 j
          arrived 5 j flow="c.flow1"
        > modify +j +j
          entered 6 j
          arrived 6 j flow="a.flow1"
          entered 7 j
          arrived 7 j flow="a.flow1"
          joined 3 j with=[4,5]
          entered 3 x
          began 3 x
          + runActivity 3 x activity="ask" attempt=1 parameters={}
        = active
        = 3 x {"running":{"attempt":1}}
        = 6 j "joining"
        = 7 j "joining"
    "#]],
    );
    // Nobody is awaited on a flow that was counted already: what a person begins is the late one.
    let two = three.replace(">= 5", ">= 2");
    check(
        &two,
        "start\n done a\n done b\n modify -2 +j\n done x",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 fork
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          entered 2 c
          began 2 c
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
          + runActivity 2 c activity="ask" attempt=1 parameters={}
        > done a
          completed 0 a
          entered 3 j
          arrived 3 j flow="a.flow1"
        > done b
          completed 1 b
          entered 4 j
          arrived 4 j flow="b.flow1"
          joined 3 j with=[4]
          reset j counted=["a.flow1","b.flow1"]
          entered 3 x
          began 3 x
          + runActivity 3 x activity="ask" attempt=1 parameters={}
        > modify -2 +j
          withdrawn 2 c
          entered 5 j
          arrived 5 j flow="c.flow1"
          reset j counted=[]
          joined 5 j with=[]
          completed 5 j
        > done x
          completed 3 x
          entered 6 end
          ended 6 end
          finished
        = completed end
    "#]],
    );
}
