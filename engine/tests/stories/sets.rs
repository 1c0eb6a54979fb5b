//! Stories of variables that are set on the way: when a path comes, goes on, and takes a flow.

use expect_test::expect;

use super::check::check;

#[test]
fn a_path_sets_variables_where_it_comes_goes_on_and_takes_a_flow() {
    check(
        r#"
  - { start: Start, leave: { n: 1 }, then: [{ to: one, set: { n: "${n + 1}", way: one } }] }
  - id: one
    activity: ask
    with: { a: "${n * 10}" }
    enter: { m: "${a + n}" }
    out: { n: "${n + m}" }
    then: [{ to: choice, set: { n: "${n + 1}" } }]
  - id: choice
    enter: { large: "${n > 20}" }
    leave: { n: "${n + 1}", before: "${n}" }
    choose:
      - { when: large, then: thrown, set: { chosen: "${way += \"-large\"}" } }
      - { otherwise: end, set: { chosen: small } }
  - { throw: Thrown, signal: news, enter: { c: 1 }, leave: { d: "${c + 1}" } }
  - { end: Done, enter: { last: "${d}" } }
"#,
        "start\n done one",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              wrote 0 start writes=[{"at":["n"],"value":1},{"at":["n"],"value":2},{"at":["way"],"value":"one"}]
              entered 0 one
              began 0 one locals={"a":20}
              wrote 0 one writes=[{"at":["m"],"value":22}]
              + runActivity 0 one activity="ask" attempt=1 parameters={"a":20}
            > done one
              wrote 0 one writes=[{"at":["n"],"value":24}]
              wrote 0 one writes=[{"at":["n"],"value":25}]
              completed 0 one
              entered 1 choice
              wrote 1 choice writes=[{"at":["large"],"value":true}]
              wrote 1 choice writes=[{"at":["n"],"value":26},{"at":["before"],"value":26},{"at":["chosen"],"value":"one-large"}]
              entered 1 thrown
              wrote 1 thrown writes=[{"at":["c"],"value":1}]
              signalled 1 thrown name="news"
              wrote 1 thrown writes=[{"at":["d"],"value":2}]
              entered 1 done
              wrote 1 done writes=[{"at":["last"],"value":2}]
              ended 1 done
              finished
              + sendSignal thrown name="news" payload={}
            = completed done
            = {"before":26,"c":1,"chosen":"one-large","d":2,"large":true,"last":2,"m":22,"n":26,"way":"one"}
        "#]],
    );
}

#[test]
fn what_several_ways_set_is_set_for_each() {
    check(
        r#"
  - parallel: [{ to: one, set: { a: 1 } }, { to: two, set: { b: "${a + 1}" } }]
    id: fork
  - { id: one, do: nothing, then: join }
  - { id: two, do: nothing, enter: { c: "${b + 1}" }, then: join }
  - { id: join, leave: { d: "${c + 1}" }, parallel: [last] }
  - { end: Last }
"#,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              wrote 0 fork writes=[{"at":["a"],"value":1},{"at":["b"],"value":2}]
              entered 0 one
              began 0 one
              completed 0 one
              entered 1 two
              began 1 two
              wrote 1 two writes=[{"at":["c"],"value":3}]
              completed 1 two
              entered 2 join
              arrived 2 join flow="one.flow1"
              entered 3 join
              arrived 3 join flow="two.flow1"
              joined 3 join with=[2]
              wrote 3 join writes=[{"at":["d"],"value":4}]
              entered 3 last
              ended 3 last
              finished
            = completed last
            = {"a":1,"b":2,"c":3,"d":4}
        "#]],
    );
}

#[test]
fn instances_loops_and_events_set_them_too() {
    check(
        r#"
  - { start: Start, leave: { sum: 0, items: "${[1, 2]}" } }
  - id: each
    activity: work
    each: { in: items, as: item, sequential: true }
    enter: { sum: "${sum + item}" }
    on: [{ timer: PT1H, enter: { late: true }, leave: { later: "${late}" }, then: end }]
  - await:
      - { message: news, key: "1", leave: { told: "${text}" } }
      - { timer: PT1M, leave: { told: nothing }, then: end }
"#,
        "start\n done 1\n done 2\n deliver 0 text=hi",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              wrote 0 start writes=[{"at":["sum"],"value":0},{"at":["items"],"value":[1,2]}]
              entered 0 each
              armed 0 timer 0 each.timer due 1h
              opened 0 each of="body" pending=[2] scope=0 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"item":1,"loopCounter":0}
              began 1 each
              wrote 1 each writes=[{"at":["sum"],"value":1}]
              + armTimer timer 0 due 1h
              + runActivity 1 each activity="work" attempt=1 parameters={}
            > done 1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":1}]
              tookNext scope=0
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1}]
              entered 2 each scope=0
              given 2 each locals={"item":2,"loopCounter":1}
              began 2 each
              wrote 2 each writes=[{"at":["sum"],"value":3}]
              + runActivity 2 each activity="work" attempt=1 parameters={}
            > done 2
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              disarmed timer 0 each.timer
              closed each scope=0
              completed 0 each
              entered 3 step-3
              rested 3 step-3
              subscribed 3 step-3.news awaited={"message":{"key":"1","name":"news"}} catch=0
              armed 3 timer 1 step-3.timer due 1m
              + disarmTimer timer 0 due 1h
              + subscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + armTimer timer 1 due 1m
            > deliver 0 text=hi
              caught step-3.news catch=0
              disarmed timer 1 step-3.timer
              entered 3 step-3.news
              wrote 3 step-3.news writes=[{"at":["text"],"value":"hi"}]
              wrote 3 step-3.news writes=[{"at":["told"],"value":"hi"}]
              entered 3 end
              ended 3 end
              finished
              + unsubscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + disarmTimer timer 1 due 1m
            = completed end
            = {"items":[1,2],"sum":3,"text":"hi","told":"hi"}
        "#]],
    );
}

#[test]
fn a_boundary_event_and_a_sub_process_set_them_too() {
    check(
        r#"
  - id: sub
    enter: { a: "${given}" }
    with: { given: 1 }
    steps: [{ id: one, activity: ask }]
    on: [{ timer: PT1H, enter: { late: "${a}" }, leave: { later: "${late + 1}" }, then: end }]
"#,
        "start\n fire sub.timer",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub locals={"given":1}
              wrote 0 sub writes=[{"at":["a"],"value":1}]
              armed 0 timer 0 sub.timer due 1h
              opened 0 sub of="subProcess" scope=0 variables={"given":1}
              entered 1 sub.start scope=0
              entered 1 one
              began 1 one
              + armTimer timer 0 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > fire sub.timer
              fired timer 0 sub.timer
              wrote 0 sub writes=[{"at":["_timedOut"],"value":true}]
              withdrawn 1 one
              closed sub scope=0
              interrupted 0 sub by="sub.timer"
              entered 2 sub.timer
              wrote 2 sub.timer writes=[{"at":["late"],"value":1}]
              wrote 2 sub.timer writes=[{"at":["later"],"value":2}]
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"_timedOut":true,"a":1,"late":1,"later":2}
        "#]],
    );
}

#[test]
fn what_has_no_value_stops_the_path_and_is_set_once_when_there_is_one() {
    // Where a path comes: nothing else has happened yet.
    check(
        r#"
  - { id: choice, enter: { a: "${n + 1}", b: "${missing}" }, choose: [end] }
"#,
        "start n=1\n retry choice\n set !missing=2\n retry choice",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 choice
              incidentRaised 0 choice message="set `b`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 3 of ${missing})" moment="arriving"
            > retry choice
              incidentTakenUp 0 choice
              incidentRaised 0 choice message="set `b`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 3 of ${missing})" moment="arriving"
            > set !missing=2
              set writes=[{"at":["missing"],"value":2}]
            > retry choice
              incidentTakenUp 0 choice
              wrote 0 choice writes=[{"at":["a"],"value":2},{"at":["b"],"value":2}]
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"a":2,"b":2,"missing":2,"n":1}
        "#]],
    );
    // Where it goes on: the choice is made anew, and nothing was set before.
    check(
        r#"
  - id: choice
    leave: { n: "${n + 1}" }
    choose:
      - { when: n < 2, then: end, set: { b: "${missing}" } }
      - { otherwise: other }
  - { end: Other }
"#,
        "start n=1\n set !missing=2\n retry choice",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 choice
              incidentRaised 0 choice message="set `b`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 3 of ${missing})" moment="parting"
            > set !missing=2
              set writes=[{"at":["missing"],"value":2}]
            > retry choice
              incidentTakenUp 0 choice
              wrote 0 choice writes=[{"at":["n"],"value":2},{"at":["b"],"value":2}]
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"b":2,"missing":2,"n":2}
        "#]],
    );
    // Of an activity its work is done, and only the way is missing.
    check(
        r#"
  - { id: one, activity: ask, then: [{ to: end, set: { b: "${missing}" } }] }
"#,
        "start\n done one !n=1\n set !missing=2\n retry one",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > done one !n=1
              wrote 0 one writes=[{"at":["n"],"value":1}]
              incidentRaised 0 one message="set `b`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 3 of ${missing})" moment="parting"
            > set !missing=2
              set writes=[{"at":["missing"],"value":2}]
            > retry one
              incidentTakenUp 0 one
              wrote 0 one writes=[{"at":["b"],"value":2}]
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"b":2,"missing":2,"n":1}
        "#]],
    );
    check(
        r#"
  - { id: one, activity: ask, with: { a: 1 }, enter: { b: "${missing}" } }
"#,
        "start\n set !missing=2\n retry one\n done one",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              incidentRaised 0 one message="set `b`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 3 of ${missing})" moment="entering"
            > set !missing=2
              set writes=[{"at":["missing"],"value":2}]
            > retry one
              incidentTakenUp 0 one
              began 0 one locals={"a":1}
              wrote 0 one writes=[{"at":["b"],"value":2}]
              + runActivity 0 one activity="ask" attempt=1 parameters={"a":1}
            > done one
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"b":2,"missing":2}
        "#]],
    );
}
