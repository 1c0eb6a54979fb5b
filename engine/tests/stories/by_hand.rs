//! Stories of paths that a person puts at joins, and of instances that a person ends one by one.

use expect_test::expect;

use super::check::check;

fn joined(kind: &str) -> String {
    format!(
        r#"
  - {{ parallel: [a, b], id: split }}
  - {{ id: a, activity: ask, then: j }}
  - {{ id: b, activity: ask, then: j }}
  - {{ id: j, {kind} }}
  - {{ id: c, activity: ask }}
"#
    )
}

#[test]
fn a_path_that_is_moved_to_a_join_leaves_the_flow_of_who_is_on_the_way_free() {
    check(
        &joined("parallel: [c]"),
        "start\n modify -1 +j\n done a",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 split
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > modify -1 +j
          withdrawn 1 b
          entered 2 j
          arrived 2 j flow="b.flow1"
        > done a
          completed 0 a
          entered 3 j
          arrived 3 j flow="a.flow1"
          joined 3 j with=[2]
          entered 3 c
          began 3 c
          + runActivity 3 c activity="ask" attempt=1 parameters={}
        = active
        = 3 c {"running":{"attempt":1}}
    "#]],
    );
    check(
        &joined("include: [c]"),
        "start\n modify -1 +j\n done a",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 split
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > modify -1 +j
          withdrawn 1 b
          entered 2 j
          arrived 2 j flow="b.flow1"
        > done a
          completed 0 a
          entered 3 j
          arrived 3 j flow="a.flow1"
          joined 2 j with=[3]
          entered 2 c
          began 2 c
          + runActivity 2 c activity="ask" attempt=1 parameters={}
        = active
        = 2 c {"running":{"attempt":1}}
    "#]],
    );
    let complex = joined("complex: [c], when: activationCount >= 2");
    check(
        &complex,
        "start\n modify -1 +j\n done a",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 split
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > modify -1 +j
          withdrawn 1 b
          entered 2 j
          arrived 2 j flow="b.flow1"
        > done a
          completed 0 a
          entered 3 j
          arrived 3 j flow="a.flow1"
          joined 2 j with=[3]
          entered 2 c
          began 2 c
          + runActivity 2 c activity="ask" attempt=1 parameters={}
        = active
        = 2 c {"running":{"attempt":1}}
    "#]],
    );
    // Whoever begins on the way comes along the flow too.
    check(
        &joined("parallel: [c]"),
        "start\n modify -0 -1 +a +j\n done a",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 split
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > modify -0 -1 +a +j
          withdrawn 0 a
          withdrawn 1 b
          entered 2 a
          began 2 a
          entered 3 j
          arrived 3 j flow="b.flow1"
          + runActivity 2 a activity="ask" attempt=1 parameters={}
        > done a
          completed 2 a
          entered 4 j
          arrived 4 j flow="a.flow1"
          joined 4 j with=[3]
          entered 4 c
          began 4 c
          + runActivity 4 c activity="ask" attempt=1 parameters={}
        = active
        = 4 c {"running":{"attempt":1}}
    "#]],
    );
    check(
        &joined("parallel: [c]"),
        "start\n modify -0 -1 +j +j",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 split
          entered 0 a
          began 0 a
          entered 1 b
          began 1 b
          + runActivity 0 a activity="ask" attempt=1 parameters={}
          + runActivity 1 b activity="ask" attempt=1 parameters={}
        > modify -0 -1 +j +j
          withdrawn 0 a
          withdrawn 1 b
          entered 2 j
          arrived 2 j flow="a.flow1"
          entered 3 j
          arrived 3 j flow="b.flow1"
          joined 3 j with=[2]
          entered 3 c
          began 3 c
          + runActivity 3 c activity="ask" attempt=1 parameters={}
        = active
        = 3 c {"running":{"attempt":1}}
    "#]],
    );
}

const DEEP: &str = r#"
  - { parallel: [a, b], id: split }
  - { id: a, choose: [{ when: back, then: again }, { otherwise: asked }] }
  - { id: asked, activity: ask, on: [{ error: Lost, then: linked }], then: j }
  - { id: linked, throw: Over, link: over }
  - { id: over, catch: Over, link: over, then: j }
  - { id: b, steps: [{ id: inner, activity: ask }], then: j }
  - { id: j, parallel: [c] }
  - { id: c, activity: ask, then: end }
  - { id: again, activity: ask, then: a }
"#;

#[test]
fn a_path_that_ends_with_its_sub_process_is_not_on_its_way() {
    check(
        DEEP,
        "start back=false\n modify -2 +j",
        expect![[r#"
            > start back=false
              started variables={"back":false}
              entered 0 start
              entered 0 split
              entered 0 a
              entered 1 b
              began 1 b
              opened 1 b of="subProcess" scope=0
              entered 0 asked
              began 0 asked
              entered 2 b.start scope=0
              entered 2 inner
              began 2 inner
              + runActivity 0 asked activity="ask" attempt=1 parameters={}
              + runActivity 2 inner activity="ask" attempt=1 parameters={}
            > modify -2 +j
              withdrawn 2 inner
              closed b scope=0
              withdrawn 1 b
              entered 3 j
              arrived 3 j flow="b.flow1"
            = active
            = {"back":false}
            = 0 asked {"running":{"attempt":1}}
            = 3 j "joining"
        "#]],
    );
}

const QUEUE: &str = r#"
  - id: each
    activity: ask
    each: { in: items, as: it, sequential: true, collect: { into: got, value: "${it}" } }
    with: { a: "${it}" }
  - { id: last, activity: ask }
"#;

#[test]
fn the_next_of_instances_that_follow_each_other_begins_when_a_person_has_ended_one() {
    check(
        QUEUE,
        "start items=[1,2,3]\n modify -1\n modify -2 +last\n done each",
        expect![[r#"
        > start items=[1,2,3]
          started variables={"items":[1,2,3]}
          entered 0 start
          entered 0 each
          opened 0 each of="body" pending=[2,3] scope=0 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":3,"nrOfTerminatedInstances":0}
          entered 1 each scope=0
          given 1 each locals={"it":1,"loopCounter":0}
          began 1 each locals={"a":1}
          + runActivity 1 each activity="ask" attempt=1 parameters={"a":1}
        > modify -1
          withdrawn 1 each
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfTerminatedInstances"],"value":1}]
          tookNext scope=0
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1}]
          entered 2 each scope=0
          given 2 each locals={"it":2,"loopCounter":1}
          began 2 each locals={"a":2}
          + runActivity 2 each activity="ask" attempt=1 parameters={"a":2}
        > modify -2 +last
          withdrawn 2 each
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfTerminatedInstances"],"value":2}]
          tookNext scope=0
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1}]
          entered 3 last
          began 3 last
          entered 4 each scope=0
          given 4 each locals={"it":3,"loopCounter":2}
          began 4 each locals={"a":3}
          + runActivity 3 last activity="ask" attempt=1 parameters={}
          + runActivity 4 each activity="ask" attempt=1 parameters={"a":3}
        > done each
          gathered number=2 scope=0 value=3
          completed 4 each
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":1}]
          wrote 0 each writes=[{"at":["got"],"value":[3]}]
          closed each scope=0
          completed 0 each
          entered 5 last
          began 5 last
          + runActivity 5 last activity="ask" attempt=1 parameters={}
        = active
        = {"got":[3],"items":[1,2,3]}
        = 3 last {"running":{"attempt":1}}
        = 5 last {"running":{"attempt":1}}
    "#]],
    );
    check(
        QUEUE,
        "start items=[1,2]\n modify -1\n modify -2",
        expect![[r#"
        > start items=[1,2]
          started variables={"items":[1,2]}
          entered 0 start
          entered 0 each
          opened 0 each of="body" pending=[2] scope=0 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
          entered 1 each scope=0
          given 1 each locals={"it":1,"loopCounter":0}
          began 1 each locals={"a":1}
          + runActivity 1 each activity="ask" attempt=1 parameters={"a":1}
        > modify -1
          withdrawn 1 each
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfTerminatedInstances"],"value":1}]
          tookNext scope=0
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1}]
          entered 2 each scope=0
          given 2 each locals={"it":2,"loopCounter":1}
          began 2 each locals={"a":2}
          + runActivity 2 each activity="ask" attempt=1 parameters={"a":2}
        > modify -2
          withdrawn 2 each
          closed each scope=0
          withdrawn 0 each
          cancelled reason="its last path was ended by hand"
        = cancelled
        = {"items":[1,2]}
    "#]],
    );
    check(
        QUEUE,
        "start items=[1,2]\n modify -0 -1 +last",
        expect![[r#"
        > start items=[1,2]
          started variables={"items":[1,2]}
          entered 0 start
          entered 0 each
          opened 0 each of="body" pending=[2] scope=0 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
          entered 1 each scope=0
          given 1 each locals={"it":1,"loopCounter":0}
          began 1 each locals={"a":1}
          + runActivity 1 each activity="ask" attempt=1 parameters={"a":1}
        > modify -0 -1 +last
          withdrawn 1 each
          closed each scope=0
          withdrawn 0 each
          entered 2 last
          began 2 last
          + runActivity 2 last activity="ask" attempt=1 parameters={}
        = active
        = {"items":[1,2]}
        = 2 last {"running":{"attempt":1}}
    "#]],
    );
    let inside =
        QUEUE.replace("activity: ask\n    each", "steps: [{ id: ask, activity: ask }]\n    each");
    let inside = inside.replace("\n    with: { a: \"${it}\" }", "");
    check(
        &inside,
        "start items=[1,2]\n modify -2\n done ask",
        expect![[r#"
        > start items=[1,2]
          started variables={"items":[1,2]}
          entered 0 start
          entered 0 each
          opened 0 each of="body" pending=[2] scope=0 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
          entered 1 each scope=0
          given 1 each locals={"it":1,"loopCounter":0}
          began 1 each
          opened 1 each of="subProcess" scope=1 variables={"it":1,"loopCounter":0}
          entered 2 each.start scope=1
          entered 2 ask
          began 2 ask
          + runActivity 2 ask activity="ask" attempt=1 parameters={}
        > modify -2
          withdrawn 2 ask
          closed each scope=1
          withdrawn 1 each
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfTerminatedInstances"],"value":1}]
          tookNext scope=0
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1}]
          entered 3 each scope=0
          given 3 each locals={"it":2,"loopCounter":1}
          began 3 each
          opened 3 each of="subProcess" scope=2 variables={"it":2,"loopCounter":1}
          entered 4 each.start scope=2
          entered 4 ask
          began 4 ask
          + runActivity 4 ask activity="ask" attempt=1 parameters={}
        > done ask
          completed 4 ask
          entered 5 each.end scope=2
          ended 5 each.end
          gathered number=1 scope=0 value=2
          closed each scope=2
          completed 3 each
          set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":1}]
          wrote 0 each writes=[{"at":["got"],"value":[2]}]
          closed each scope=0
          completed 0 each
          entered 6 last
          began 6 last
          + runActivity 6 last activity="ask" attempt=1 parameters={}
        = active each.end
        = {"got":[2],"items":[1,2]}
        = 6 last {"running":{"attempt":1}}
    "#]],
    );
}
