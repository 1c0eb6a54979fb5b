//! Stories of repeated activities: for each item, so many times, and while a condition holds.

use expect_test::expect;

use super::check::check;

#[test]
fn an_activity_is_done_for_each_item_together_and_what_it_came_to_is_gathered_in_order() {
    check(
        r#"
  - id: each
    activity: ask
    each: { in: users, as: user, collect: { into: names, value: "${name}" } }
    with: { a: "${user}", b: "${nrOfInstances}" }
    out: { last: "${name}", count: "${nrOfCompletedInstances}" }
"#,
        r#"start users=["x","y","z"]
         done 3 name=Z
         waits 1
         done 2 name=Y
         fault 1 oh
         wait 10
         done 1 name=X"#,
        expect![[r#"
            > start users=["x","y","z"]
              started variables={"users":["x","y","z"]}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":3,"nrOfCompletedInstances":0,"nrOfInstances":3,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0,"user":"x"}
              began 1 each locals={"a":"x","b":3}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1,"user":"y"}
              began 2 each locals={"a":"y","b":3}
              entered 3 each scope=0
              given 3 each locals={"loopCounter":2,"user":"z"}
              began 3 each locals={"a":"z","b":3}
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":"x","b":3}
              + runActivity 2 each activity="ask" attempt=1 parameters={"a":"y","b":3}
              + runActivity 3 each activity="ask" attempt=1 parameters={"a":"z","b":3}
            > done 3 name=Z
              gathered number=2 scope=0 value="Z"
              wrote 3 each writes=[{"at":["last"],"value":"Z"},{"at":["count"],"value":0}]
              completed 3 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":2},{"at":["nrOfCompletedInstances"],"value":1}]
            > waits 1
              waited 1 each
            > done 2 name=Y
              gathered number=1 scope=0 value="Y"
              wrote 2 each writes=[{"at":["last"],"value":"Y"},{"at":["count"],"value":1}]
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":2}]
            > fault 1 oh
              faulted 1 timer 0 each attempt=2 due 10s message="oh"
              + armTimer timer 0 due 10s
            > wait 10
              10s timer 0 is due
              fired timer 0 each
              retried 1 each attempt=2
              + runActivity 1 each activity="ask" attempt=2 parameters={"a":"x","b":3}
            > done 1 name=X
              gathered number=0 scope=0 value="X"
              wrote 1 each writes=[{"at":["last"],"value":"X"},{"at":["count"],"value":2}]
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":3}]
              wrote 0 each writes=[{"at":["names"],"value":["X","Y","Z"]}]
              closed each scope=0
              completed 0 each
              entered 4 end
              ended 4 end
              finished
            = completed end
            = {"count":2,"last":"X","names":["X","Y","Z"],"users":["x","y","z"]}
        "#]],
    );
}

#[test]
fn an_activity_is_done_for_each_item_one_after_the_other() {
    check(
        r#"
  - id: each
    activity: ask
    each: { in: users, as: user, sequential: true, until: "enough", collect: { into: names, value: "${name}" } }
    with: { a: "${user}", b: "${loopCounter}" }
    on: [{ timer: PT1H, then: late }, { error: Lost, then: late }]
  - { end: Done }
  - { end: Late }
"#,
        r#"start users=["x","y","z"] enough=false
         done each name=X
         done each name=Y !enough=true"#,
        expect![[r#"
            > start users=["x","y","z"] enough=false
              started variables={"enough":false,"users":["x","y","z"]}
              entered 0 start
              entered 0 each
              armed 0 timer 0 each.timer due 1h
              opened 0 each of="body" pending=["y","z"] scope=0 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":3,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0,"user":"x"}
              began 1 each locals={"a":"x","b":0}
              + armTimer timer 0 due 1h
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":"x","b":0}
            > done each name=X
              gathered number=0 scope=0 value="X"
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":1}]
              tookNext scope=0
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1}]
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1,"user":"y"}
              began 2 each locals={"a":"y","b":1}
              + runActivity 2 each activity="ask" attempt=1 parameters={"a":"y","b":1}
            > done each name=Y !enough=true
              wrote 2 each writes=[{"at":["enough"],"value":true}]
              gathered number=1 scope=0 value="Y"
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              droppedRest scope=0
              wrote 0 each writes=[{"at":["names"],"value":["X","Y"]}]
              disarmed timer 0 each.timer
              closed each scope=0
              completed 0 each
              entered 3 done
              ended 3 done
              finished
              + disarmTimer timer 0 due 1h
            = completed done
            = {"enough":true,"names":["X","Y"],"users":["x","y","z"]}
        "#]],
    );
}

const COUNTED: &str = r#"
  - id: each
    activity: ask
    each: { times: "${n}", until: nrOfCompletedInstances >= 2 }
    with: { a: "${loopCounter}" }
    on: [{ timer: PT1H, then: late }, { error: Lost, then: lost }, { message: note, interrupting: false, then: noted }]
  - { end: Done }
  - { end: Late }
  - { end: Lost }
  - { end: Noted }
"#;

#[test]
fn when_enough_are_done_the_others_are_ended() {
    check(
        COUNTED,
        "start n=4\n done 3\n deliver each.note\n done 1\n done 2",
        expect![[r#"
            > start n=4
              started variables={"n":4}
              entered 0 start
              entered 0 each
              armed 0 timer 0 each.timer due 1h
              subscribed 0 each.note awaited={"message":{"name":"note"}} catch=0
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":4,"nrOfCompletedInstances":0,"nrOfInstances":4,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each locals={"a":0}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each locals={"a":1}
              entered 3 each scope=0
              given 3 each locals={"loopCounter":2}
              began 3 each locals={"a":2}
              entered 4 each scope=0
              given 4 each locals={"loopCounter":3}
              began 4 each locals={"a":3}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":0}
              + runActivity 2 each activity="ask" attempt=1 parameters={"a":1}
              + runActivity 3 each activity="ask" attempt=1 parameters={"a":2}
              + runActivity 4 each activity="ask" attempt=1 parameters={"a":3}
            > done 3
              completed 3 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":3},{"at":["nrOfCompletedInstances"],"value":1}]
            > deliver each.note
              caught each.note again=true catch=0
              entered 5 each.note
              entered 5 noted
              ended 5 noted
            > done 1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":2},{"at":["nrOfCompletedInstances"],"value":2}]
              withdrawn 2 each
              withdrawn 4 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfTerminatedInstances"],"value":2}]
              disarmed timer 0 each.timer
              unsubscribed each.note catch=0
              closed each scope=0
              completed 0 each
              entered 6 done
              ended 6 done
              finished
              + disarmTimer timer 0 due 1h
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            > done 2
            ! the instance has ended
            = completed noted done
            = {"n":4}
        "#]],
    );
}

#[test]
fn boundary_events_sit_on_the_whole_of_a_repeated_activity() {
    check(
        COUNTED,
        "start n=2\n done 1\n wait 3600",
        expect![[r#"
            > start n=2
              started variables={"n":2}
              entered 0 start
              entered 0 each
              armed 0 timer 0 each.timer due 1h
              subscribed 0 each.note awaited={"message":{"name":"note"}} catch=0
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each locals={"a":0}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each locals={"a":1}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":0}
              + runActivity 2 each activity="ask" attempt=1 parameters={"a":1}
            > done 1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > wait 3600
              1h timer 0 is due
              fired timer 0 each.timer
              wrote 0 each writes=[{"at":["_timedOut"],"value":true}]
              unsubscribed each.note catch=0
              withdrawn 2 each
              closed each scope=0
              interrupted 0 each by="each.timer"
              entered 3 each.timer
              entered 3 late
              ended 3 late
              finished
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            = completed late
            = {"_timedOut":true,"n":2}
        "#]],
    );
    check(
        COUNTED,
        "start n=2\n error 2 Lost",
        expect![[r#"
            > start n=2
              started variables={"n":2}
              entered 0 start
              entered 0 each
              armed 0 timer 0 each.timer due 1h
              subscribed 0 each.note awaited={"message":{"name":"note"}} catch=0
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each locals={"a":0}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each locals={"a":1}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":0}
              + runActivity 2 each activity="ask" attempt=1 parameters={"a":1}
            > error 2 Lost
              errorRaised 2 each code="Lost" message=""
              disarmed timer 0 each.timer
              unsubscribed each.note catch=0
              withdrawn 1 each
              withdrawn 2 each
              closed each scope=0
              interrupted 0 each by="each.Lost"
              entered 3 each.Lost
              entered 3 lost
              ended 3 lost
              finished
              + disarmTimer timer 0 due 1h
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            = completed lost
            = {"n":2}
        "#]],
    );
    check(
        COUNTED,
        "start n=2\n error 2 Odd\n done 1\n resolve each",
        expect![[r#"
            > start n=2
              started variables={"n":2}
              entered 0 start
              entered 0 each
              armed 0 timer 0 each.timer due 1h
              subscribed 0 each.note awaited={"message":{"name":"note"}} catch=0
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each locals={"a":0}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each locals={"a":1}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":0}
              + runActivity 2 each activity="ask" attempt=1 parameters={"a":1}
            > error 2 Odd
              errorRaised 2 each code="Odd" message=""
              incidentRaised 2 each message="no boundary event catches the error `Odd`" moment="running"
            > done 1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > resolve each
              incidentTakenUp 2 each resolved=true
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              disarmed timer 0 each.timer
              unsubscribed each.note catch=0
              closed each scope=0
              completed 0 each
              entered 3 done
              ended 3 done
              finished
              + disarmTimer timer 0 due 1h
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            = completed done
            = {"n":2}
        "#]],
    );
    check(
        COUNTED,
        "start n=2\n cancel enough",
        expect![[r#"
            > start n=2
              started variables={"n":2}
              entered 0 start
              entered 0 each
              armed 0 timer 0 each.timer due 1h
              subscribed 0 each.note awaited={"message":{"name":"note"}} catch=0
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each locals={"a":0}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each locals={"a":1}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":0}
              + runActivity 2 each activity="ask" attempt=1 parameters={"a":1}
            > cancel enough
              disarmed timer 0 each.timer
              unsubscribed each.note catch=0
              withdrawn 1 each
              withdrawn 2 each
              closed each scope=0
              withdrawn 0 each
              cancelled reason="enough"
              + disarmTimer timer 0 due 1h
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            = cancelled
            = {"n":2}
        "#]],
    );
}

#[test]
fn without_items_a_repeated_activity_is_done_at_once() {
    check(
        r#"
  - { id: each, activity: ask, each: { in: users, collect: { into: names, value: "x" } } }
  - { id: again, activity: ask, each: { times: 0, sequential: true } }
"#,
        "start users=[]",
        expect![[r#"
            > start users=[]
              started variables={"users":[]}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":0,"nrOfCompletedInstances":0,"nrOfInstances":0,"nrOfTerminatedInstances":0}
              wrote 0 each writes=[{"at":["names"],"value":[]}]
              closed each scope=0
              completed 0 each
              entered 1 again
              opened 1 again of="body" scope=1 variables={"nrOfActiveInstances":0,"nrOfCompletedInstances":0,"nrOfInstances":0,"nrOfTerminatedInstances":0}
              closed again scope=1
              completed 1 again
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"names":[],"users":[]}
        "#]],
    );
}

#[test]
fn what_says_how_often_must_have_a_fitting_value() {
    check(
        COUNTED,
        r#"start
         set !n=-1
         retry each
         set !n=many
         retry each
         set !n="2"
         retry each
         done 1
         done 2"#,
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 each
              incidentRaised 0 each message="the cardinality: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 3 of ${n})" moment="entering"
            > set !n=-1
              set writes=[{"at":["n"],"value":-1}]
            > retry each
              incidentTakenUp 0 each
              incidentRaised 0 each message="-1 is no number of instances" moment="entering"
            > set !n=many
              set writes=[{"at":["n"],"value":"many"}]
            > retry each
              incidentTakenUp 0 each
              incidentRaised 0 each message="\"many\" is no number of instances" moment="entering"
            > set !n="2"
              set writes=[{"at":["n"],"value":"2"}]
            > retry each
              incidentTakenUp 0 each
              armed 0 timer 0 each.timer due 1h
              subscribed 0 each.note awaited={"message":{"name":"note"}} catch=0
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each locals={"a":0}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each locals={"a":1}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":0}
              + runActivity 2 each activity="ask" attempt=1 parameters={"a":1}
            > done 1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done 2
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              disarmed timer 0 each.timer
              unsubscribed each.note catch=0
              closed each scope=0
              completed 0 each
              entered 3 done
              ended 3 done
              finished
              + disarmTimer timer 0 due 1h
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            = completed done
            = {"n":"2"}
        "#]],
    );
    check(
        "
  - { id: each, activity: ask, each: { in: users } }
",
        r#"start users=3
         set !users={}
         retry each
         set !users=null
         retry each
         resolve each"#,
        expect![[r#"
             > start users=3
               started variables={"users":3}
               entered 0 start
               entered 0 each
               incidentRaised 0 each message="the items of a multi-instance activity are a list" moment="entering"
             > set !users={}
               set writes=[{"at":["users"],"value":{}}]
             > retry each
               incidentTakenUp 0 each
               incidentRaised 0 each message="the items of a multi-instance activity are a list" moment="entering"
             > set !users=null
               set writes=[{"at":["users"],"value":null}]
             > retry each
               incidentTakenUp 0 each
               incidentRaised 0 each message="the items of a multi-instance activity are a list" moment="entering"
             > resolve each
               incidentTakenUp 0 each resolved=true
               completed 0 each
               entered 1 end
               ended 1 end
               finished
             = completed end
             = {"users":null}
         "#]],
    );
    check(
        COUNTED,
        "start n=100001\n set !n=1.5\n retry each",
        expect![[r#"
            > start n=100001
              started variables={"n":100001}
              entered 0 start
              entered 0 each
              incidentRaised 0 each message="100001 instances are too many; with 1 other paths, 100000 may run" moment="entering"
            > set !n=1.5
              set writes=[{"at":["n"],"value":1.5}]
            > retry each
              incidentTakenUp 0 each
              incidentRaised 0 each message="1.5 is no number of instances" moment="entering"
            = active
            = {"n":1.5}
            = 0 each {"incident":{"message":"1.5 is no number of instances","moment":"entering"}}
        "#]],
    );
}

#[test]
fn a_condition_or_a_gathered_value_without_a_value_is_an_incident() {
    check(
        r#"
  - id: each
    activity: ask
    each: { times: 3, sequential: true, until: enough, collect: { into: all, value: "${v}" } }
"#,
        "start
         done each
         set !v=1
         retry each
         set !enough=false
         retry each
         done each v=2 !enough=true",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 each
              opened 0 each of="body" pending=[null,null] scope=0 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":3,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each
              + runActivity 1 each activity="ask" attempt=1 parameters={}
            > done each
              incidentRaised 1 each message="the gathered value: there is no variable v; if it may be missing, ask execution.hasVariable(\"v\") first (at character 3 of ${v})" moment="leaving"
            > set !v=1
              set writes=[{"at":["v"],"value":1}]
            > retry each
              incidentTakenUp 1 each
              gathered number=0 scope=0 value=1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":1}]
              incidentRaised 0 each message="the completion condition has no value: there is no variable enough; if it may be missing, ask execution.hasVariable(\"enough\") first (at character 3 of ${enough})" moment="leaving"
            > set !enough=false
              set writes=[{"at":["enough"],"value":false}]
            > retry each
              incidentTakenUp 0 each
              rested 0 each
              tookNext scope=0
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1}]
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each
              + runActivity 2 each activity="ask" attempt=1 parameters={}
            > done each v=2 !enough=true
              wrote 2 each writes=[{"at":["enough"],"value":true}]
              gathered number=1 scope=0 value=2
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              droppedRest scope=0
              wrote 0 each writes=[{"at":["all"],"value":[1,2]}]
              closed each scope=0
              completed 0 each
              entered 3 end
              ended 3 end
              finished
            = completed end
            = {"all":[1,2],"enough":true,"v":1}
        "#]],
    );
    check(
        r#"
  - { id: each, activity: ask, each: { times: 2, until: enough } }
"#,
        "start\n done 1\n done 2\n set !enough=true\n retry each",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each
              + runActivity 1 each activity="ask" attempt=1 parameters={}
              + runActivity 2 each activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
              incidentRaised 0 each message="the completion condition has no value: there is no variable enough; if it may be missing, ask execution.hasVariable(\"enough\") first (at character 3 of ${enough})" moment="leaving"
            > done 2
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              incidentRaised 0 each message="the completion condition has no value: there is no variable enough; if it may be missing, ask execution.hasVariable(\"enough\") first (at character 3 of ${enough})" moment="leaving"
            > set !enough=true
              set writes=[{"at":["enough"],"value":true}]
            > retry each
              incidentTakenUp 0 each
              rested 0 each
              closed each scope=0
              completed 0 each
              entered 3 end
              ended 3 end
              finished
            = completed end
            = {"enough":true}
        "#]],
    );
    check(
        r#"
  - { id: each, activity: ask, each: { times: 2, until: enough } }
"#,
        "start\n done 1\n resolve each",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0}
              began 1 each
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1}
              began 2 each
              + runActivity 1 each activity="ask" attempt=1 parameters={}
              + runActivity 2 each activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
              incidentRaised 0 each message="the completion condition has no value: there is no variable enough; if it may be missing, ask execution.hasVariable(\"enough\") first (at character 3 of ${enough})" moment="leaving"
            > resolve each
              incidentTakenUp 0 each resolved=true
              withdrawn 2 each
              closed each scope=0
              completed 0 each
              entered 3 end
              ended 3 end
              finished
            = completed end
        "#]],
    );
}

#[test]
fn repeated_sub_processes_nest() {
    check(
        r#"
  - id: rows
    each: { in: table, as: row, collect: { into: sums, value: "${cells}" } }
    variables: { cells: }
    steps:
      - id: columns
        activity: ask
        each: { in: row, as: cell, collect: { into: cells, value: "${v}" } }
        with: { a: "${cell}", b: "${loopCounter}" }
"#,
        "start table=[[1,2],[3]]
         done 6 v=1
         done 5 v=2
         done 7 v=3",
        expect![[r#"
            > start table=[[1,2],[3]]
              started variables={"table":[[1,2],[3]]}
              entered 0 start
              entered 0 rows
              opened 0 rows of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 rows scope=0
              given 1 rows locals={"loopCounter":0,"row":[1,2]}
              began 1 rows
              opened 1 rows of="subProcess" scope=1 variables={"cells":null,"loopCounter":0,"row":[1,2]}
              entered 2 rows scope=0
              given 2 rows locals={"loopCounter":1,"row":[3]}
              began 2 rows
              opened 2 rows of="subProcess" scope=2 variables={"cells":null,"loopCounter":1,"row":[3]}
              entered 3 rows.start scope=1
              entered 4 rows.start scope=2
              entered 3 columns
              opened 3 columns of="body" scope=3 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 4 columns
              opened 4 columns of="body" scope=4 variables={"nrOfActiveInstances":1,"nrOfCompletedInstances":0,"nrOfInstances":1,"nrOfTerminatedInstances":0}
              entered 5 columns scope=3
              given 5 columns locals={"cell":1,"loopCounter":0}
              began 5 columns locals={"a":1,"b":0}
              entered 6 columns scope=3
              given 6 columns locals={"cell":2,"loopCounter":1}
              began 6 columns locals={"a":2,"b":1}
              entered 7 columns scope=4
              given 7 columns locals={"cell":3,"loopCounter":0}
              began 7 columns locals={"a":3,"b":0}
              + runActivity 5 columns activity="ask" attempt=1 parameters={"a":1,"b":0}
              + runActivity 6 columns activity="ask" attempt=1 parameters={"a":2,"b":1}
              + runActivity 7 columns activity="ask" attempt=1 parameters={"a":3,"b":0}
            > done 6 v=1
              gathered number=1 scope=3 value=1
              completed 6 columns
              set scope=3 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done 5 v=2
              gathered number=0 scope=3 value=2
              completed 5 columns
              set scope=3 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              wrote 3 columns writes=[{"at":["cells"],"value":[2,1]}]
              closed columns scope=3
              completed 3 columns
              entered 8 rows.end scope=1
              ended 8 rows.end
              gathered number=0 scope=0 value=[2,1]
              closed rows scope=1
              completed 1 rows
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done 7 v=3
              gathered number=0 scope=4 value=3
              completed 7 columns
              set scope=4 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":1}]
              wrote 4 columns writes=[{"at":["cells"],"value":[3]}]
              closed columns scope=4
              completed 4 columns
              entered 9 rows.end scope=2
              ended 9 rows.end
              gathered number=1 scope=0 value=[3]
              closed rows scope=2
              completed 2 rows
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              wrote 0 rows writes=[{"at":["sums"],"value":[[2,1],[3]]}]
              closed rows scope=0
              completed 0 rows
              entered 10 end
              ended 10 end
              finished
            = completed rows.end rows.end end
            = {"sums":[[2,1],[3]],"table":[[1,2],[3]]}
        "#]],
    );
}

#[test]
fn an_input_of_one_instance_without_a_value_stops_it_alone() {
    check(
        r#"
  - { id: each, activity: ask, each: { in: users, as: user }, with: { a: "${user + 1}" } }
"#,
        r#"start users=[1,"x"]
         done 1
         resolve each"#,
        expect![[r#"
            > start users=[1,"x"]
              started variables={"users":[1,"x"]}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0,"user":1}
              began 1 each locals={"a":2}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1,"user":"x"}
              incidentRaised 2 each message="input `a`: the text \"x\" is not a number; + adds numbers, += joins texts (at character 8 of ${user + 1})" moment="entering"
              + runActivity 1 each activity="ask" attempt=1 parameters={"a":2}
            > done 1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > resolve each
              incidentTakenUp 2 each resolved=true
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              closed each scope=0
              completed 0 each
              entered 3 end
              ended 3 end
              finished
            = completed end
            = {"users":[1,"x"]}
        "#]],
    );
}
