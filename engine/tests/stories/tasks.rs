//! Stories of tasks that are not activities of the catalogue: scripts, decisions, calls, messages.

use expect_test::expect;

use super::check::check;

#[test]
fn a_script_gives_its_value_to_a_variable_and_to_its_outputs() {
    const SCRIPT: &str = r#"
  - { id: add, script: a + m, result: sum, with: { m: 2 }, out: { twice: "${result * k}" } }
"#;
    check(
        SCRIPT,
        "start a=1 k=2",
        expect![[r#"
            > start a=1 k=2
              started variables={"a":1,"k":2}
              entered 0 start
              entered 0 add
              began 0 add locals={"m":2}
              wrote 0 add writes=[{"at":["sum"],"value":3},{"at":["twice"],"value":6}]
              completed 0 add
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"a":1,"k":2,"sum":3,"twice":6}
        "#]],
    );
    check(
        SCRIPT,
        "start k=2\n set !a=3\n retry add",
        expect![[r#"
            > start k=2
              started variables={"k":2}
              entered 0 start
              entered 0 add
              began 0 add locals={"m":2}
              incidentRaised 0 add message="script: there is no variable a; if it may be missing, ask execution.hasVariable(\"a\") first (at character 3 of ${a + m})" moment="running"
            > set !a=3
              set writes=[{"at":["a"],"value":3}]
            > retry add
              incidentTakenUp 0 add
              began 0 add locals={"m":2}
              wrote 0 add writes=[{"at":["sum"],"value":5},{"at":["twice"],"value":10}]
              completed 0 add
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"a":3,"k":2,"sum":5,"twice":10}
        "#]],
    );
    check(
        SCRIPT,
        "start a=1\n set !k=3\n retry add",
        expect![[r#"
            > start a=1
              started variables={"a":1}
              entered 0 start
              entered 0 add
              began 0 add locals={"m":2}
              answered 0 add locals={"m":2,"result":3}
              incidentRaised 0 add message="output `twice`: there is no variable k; if it may be missing, ask execution.hasVariable(\"k\") first (at character 12 of ${result * k})" moment="leaving"
            > set !k=3
              set writes=[{"at":["k"],"value":3}]
            > retry add
              incidentTakenUp 0 add
              wrote 0 add writes=[{"at":["sum"],"value":3},{"at":["twice"],"value":9}]
              completed 0 add
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"a":1,"k":3,"sum":3,"twice":9}
        "#]],
    );
    check(
        SCRIPT,
        "start\n resolve add !sum=0",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 add
          began 0 add locals={"m":2}
          incidentRaised 0 add message="script: there is no variable a; if it may be missing, ask execution.hasVariable(\"a\") first (at character 3 of ${a + m})" moment="running"
        > resolve add !sum=0
          incidentTakenUp 0 add resolved=true
          wrote 0 add writes=[{"at":["sum"],"value":0}]
          completed 0 add
          entered 1 end
          ended 1 end
          finished
        = completed end
        = {"sum":0}
    "#]],
    );
}

#[test]
fn a_decision_is_asked_for_with_all_variables_that_are_visible() {
    const RULE: &str = r#"
  - id: inside
    variables: { own: 1 }
    steps:
      - { id: decide, decide: dish, tag: "v${version}", result: dish, with: { season: "${s}" }, out: { first: "${decisionResult.name}" } }
"#;
    check(
        RULE,
        r#"start version=2 s=winter
         done decide decisionResult={"name":"stew"}"#,
        expect![[r#"
            > start version=2 s=winter
              started variables={"s":"winter","version":2}
              entered 0 start
              entered 0 inside
              began 0 inside
              opened 0 inside of="subProcess" scope=0 variables={"own":1}
              entered 1 inside.start scope=0
              entered 1 decide
              began 1 decide locals={"season":"winter"}
              + decide 1 decide decision="dish" variables={"own":1,"s":"winter","season":"winter","version":2} version={"tag":"v2"}
            > done decide decisionResult={"name":"stew"}
              wrote 1 decide writes=[{"at":["dish"],"value":{"name":"stew"}},{"at":["first"],"value":"stew"}]
              completed 1 decide
              entered 2 inside.end scope=0
              ended 2 inside.end
              closed inside scope=0
              completed 0 inside
              entered 3 end
              ended 3 end
              finished
            = completed inside.end end
            = {"dish":{"name":"stew"},"first":"stew","s":"winter","version":2}
        "#]],
    );
    check(
        RULE,
        "start s=winter
         set !version=1
         retry decide
         fault decide no such table
         wait 10
         done decide decisionResult=3
         set !x=1
         retry 2
         resolve decide",
        expect![[r#"
            > start s=winter
              started variables={"s":"winter"}
              entered 0 start
              entered 0 inside
              began 0 inside
              opened 0 inside of="subProcess" scope=0 variables={"own":1}
              entered 1 inside.start scope=0
              entered 1 decide
              began 1 decide locals={"season":"winter"}
              incidentRaised 1 decide message="the version tag: there is no variable version; if it may be missing, ask execution.hasVariable(\"version\") first (at character 4 of ${version})" moment="running"
            > set !version=1
              set writes=[{"at":["version"],"value":1}]
            > retry decide
              incidentTakenUp 1 decide
              began 1 decide locals={"season":"winter"}
              + decide 1 decide decision="dish" variables={"own":1,"s":"winter","season":"winter","version":1} version={"tag":"v1"}
            > fault decide no such table
              faulted 1 timer 0 decide attempt=2 due 10s message="no such table"
              + armTimer timer 0 due 10s
            > wait 10
              10s timer 0 is due
              fired timer 0 decide
              retried 1 decide attempt=2
              + decide 1 decide decision="dish" variables={"own":1,"s":"winter","season":"winter","version":1} version={"tag":"v1"}
            > done decide decisionResult=3
              answered 1 decide locals={"decisionResult":3,"season":"winter"}
              incidentRaised 1 decide message="output `first`: a number has no property \"name\" (at character 18 of ${decisionResult.name})" moment="leaving"
            > set !x=1
              set writes=[{"at":["x"],"value":1}]
            > retry 2
            ! there is no path 2
            > resolve decide
              incidentTakenUp 1 decide resolved=true
              completed 1 decide
              entered 2 inside.end scope=0
              ended 2 inside.end
              closed inside scope=0
              completed 0 inside
              entered 3 end
              ended 3 end
              finished
            = completed inside.end end
            = {"s":"winter","version":1,"x":1}
        "#]],
    );
}

const CALL: &str = r#"
  - id: call
    call: "order-${kind}"
    version: "${v}"
    businessKey: "key-${kind}"
    with: { local: 1 }
    give: [all, { given: "${local + 1}" }]
    take: { total: "${sum}" }
    out: { seen: "${total}" }
    on: [{ error: Lost, code: c, then: lost }, { timer: PT1H, then: late }]
  - { end: Done }
  - { end: Lost }
  - { end: Late }
"#;

#[test]
fn a_call_gives_variables_awaits_the_called_and_takes_variables_over() {
    check(
        CALL,
        "start kind=a v=3\n waits call\n done call sum=7 other=8",
        expect![[r#"
        > start kind=a v=3
          started variables={"kind":"a","v":3}
          entered 0 start
          entered 0 call
          began 0 call locals={"local":1}
          armed 0 timer 0 call.timer due 1h
          + armTimer timer 0 due 1h
          + call 0 call businessKey="key-a" process="order-a" variables={"given":2,"kind":"a","local":1,"v":3} version={"number":3}
        > waits call
          waited 0 call
        > done call sum=7 other=8
          wrote 0 call writes=[{"at":["total"],"value":7},{"at":["seen"],"value":7}]
          disarmed timer 0 call.timer
          completed 0 call
          entered 1 done
          ended 1 done
          finished
          + disarmTimer timer 0 due 1h
        = completed done
        = {"kind":"a","seen":7,"total":7,"v":3}
    "#]],
    );
    check(
        CALL,
        "start kind=a v=x\n set !v=1\n retry call",
        expect![[r#"
        > start kind=a v=x
          started variables={"kind":"a","v":"x"}
          entered 0 start
          entered 0 call
          began 0 call locals={"local":1}
          armed 0 timer 0 call.timer due 1h
          incidentRaised 0 call message="the version x is no number" moment="running"
          + armTimer timer 0 due 1h
        > set !v=1
          set writes=[{"at":["v"],"value":1}]
        > retry call
          incidentTakenUp 0 call
          began 0 call locals={"local":1}
          + call 0 call businessKey="key-a" process="order-a" variables={"given":2,"kind":"a","local":1,"v":1} version={"number":1}
        = active
        = {"kind":"a","v":1}
        = 0 call {"running":{"attempt":1}}
    "#]],
    );
}

#[test]
fn what_a_call_takes_over_without_a_value_is_an_incident_and_nothing_is_called_again() {
    check(
        CALL,
        "start kind=a v=3\n waits call\n done call\n set !sum=5\n retry call",
        expect![[r#"
        > start kind=a v=3
          started variables={"kind":"a","v":3}
          entered 0 start
          entered 0 call
          began 0 call locals={"local":1}
          armed 0 timer 0 call.timer due 1h
          + armTimer timer 0 due 1h
          + call 0 call businessKey="key-a" process="order-a" variables={"given":2,"kind":"a","local":1,"v":3} version={"number":3}
        > waits call
          waited 0 call
        > done call
          incidentRaised 0 call message="`total`: there is no variable sum; if it may be missing, ask execution.hasVariable(\"sum\") first (at character 3 of ${sum})" moment="leaving"
        > set !sum=5
          set writes=[{"at":["sum"],"value":5}]
        > retry call
          incidentTakenUp 0 call
          wrote 0 call writes=[{"at":["total"],"value":5},{"at":["seen"],"value":5}]
          disarmed timer 0 call.timer
          completed 0 call
          entered 1 done
          ended 1 done
          finished
          + disarmTimer timer 0 due 1h
        = completed done
        = {"kind":"a","seen":5,"sum":5,"total":5,"v":3}
    "#]],
    );
}

#[test]
fn the_error_of_the_called_is_the_callers_and_a_call_that_is_left_is_ended() {
    check(
        CALL,
        "start kind=a v=3\n waits call\n error call Lost gone",
        expect![[r#"
        > start kind=a v=3
          started variables={"kind":"a","v":3}
          entered 0 start
          entered 0 call
          began 0 call locals={"local":1}
          armed 0 timer 0 call.timer due 1h
          + armTimer timer 0 due 1h
          + call 0 call businessKey="key-a" process="order-a" variables={"given":2,"kind":"a","local":1,"v":3} version={"number":3}
        > waits call
          waited 0 call
        > error call Lost gone
          errorRaised 0 call code="Lost" message="gone"
          wrote 0 call writes=[{"at":["c"],"value":"Lost"}]
          disarmed timer 0 call.timer
          interrupted 0 call by="call.Lost"
          entered 1 call.Lost
          entered 1 lost
          ended 1 lost
          finished
          + disarmTimer timer 0 due 1h
        = completed lost
        = {"c":"Lost","kind":"a","v":3}
    "#]],
    );
    check(
        CALL,
        "start kind=a v=3\n error call Odd gone\n resolve call",
        expect![[r#"
        > start kind=a v=3
          started variables={"kind":"a","v":3}
          entered 0 start
          entered 0 call
          began 0 call locals={"local":1}
          armed 0 timer 0 call.timer due 1h
          + armTimer timer 0 due 1h
          + call 0 call businessKey="key-a" process="order-a" variables={"given":2,"kind":"a","local":1,"v":3} version={"number":3}
        > error call Odd gone
          errorRaised 0 call code="Odd" message="gone"
          incidentRaised 0 call message="no boundary event catches the error `Odd`: gone" moment="running"
        > resolve call
          incidentTakenUp 0 call resolved=true
          disarmed timer 0 call.timer
          completed 0 call
          entered 1 done
          ended 1 done
          finished
          + disarmTimer timer 0 due 1h
        = completed done
        = {"kind":"a","v":3}
    "#]],
    );
    check(
        CALL,
        "start kind=a v=3\n waits call\n wait 3600",
        expect![[r#"
        > start kind=a v=3
          started variables={"kind":"a","v":3}
          entered 0 start
          entered 0 call
          began 0 call locals={"local":1}
          armed 0 timer 0 call.timer due 1h
          + armTimer timer 0 due 1h
          + call 0 call businessKey="key-a" process="order-a" variables={"given":2,"kind":"a","local":1,"v":3} version={"number":3}
        > waits call
          waited 0 call
        > wait 3600
          1h timer 0 is due
          fired timer 0 call.timer
          wrote 0 call writes=[{"at":["_timedOut"],"value":true}]
          interrupted 0 call by="call.timer"
          entered 1 call.timer
          entered 1 late
          ended 1 late
          finished
          + endCall 0
        = completed late
        = {"_timedOut":true,"kind":"a","v":3}
    "#]],
    );
    check(
        CALL,
        "start kind=a v=3\n cancel enough",
        expect![[r#"
        > start kind=a v=3
          started variables={"kind":"a","v":3}
          entered 0 start
          entered 0 call
          began 0 call locals={"local":1}
          armed 0 timer 0 call.timer due 1h
          + armTimer timer 0 due 1h
          + call 0 call businessKey="key-a" process="order-a" variables={"given":2,"kind":"a","local":1,"v":3} version={"number":3}
        > cancel enough
          disarmed timer 0 call.timer
          withdrawn 0 call
          cancelled reason="enough"
          + disarmTimer timer 0 due 1h
          + endCall 0
        = cancelled
        = {"kind":"a","v":3}
    "#]],
    );
    check(
        CALL,
        "start kind=a v=3\n fault call no such process\n cancel enough",
        expect![[r#"
        > start kind=a v=3
          started variables={"kind":"a","v":3}
          entered 0 start
          entered 0 call
          began 0 call locals={"local":1}
          armed 0 timer 0 call.timer due 1h
          + armTimer timer 0 due 1h
          + call 0 call businessKey="key-a" process="order-a" variables={"given":2,"kind":"a","local":1,"v":3} version={"number":3}
        > fault call no such process
          faulted 0 timer 1 call attempt=2 due 10s message="no such process"
          + armTimer timer 1 due 10s
        > cancel enough
          disarmed timer 0 call.timer
          disarmed timer 1 call
          withdrawn 0 call
          cancelled reason="enough"
          + disarmTimer timer 0 due 1h
          + disarmTimer timer 1 due 10s
        = cancelled
        = {"kind":"a","v":3}
    "#]],
    );
}

#[test]
fn called_instances_of_a_repeated_call_are_ended_when_enough_are_done() {
    check(
        r#"
  - { id: call, call: other, each: { times: 3, until: nrOfCompletedInstances >= 1 }, take: all }
"#,
        "start\n waits 1\n waits 2\n done 1 x=1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 call
              opened 0 call of="body" scope=0 variables={"nrOfActiveInstances":3,"nrOfCompletedInstances":0,"nrOfInstances":3,"nrOfTerminatedInstances":0}
              entered 1 call scope=0
              given 1 call locals={"loopCounter":0}
              began 1 call
              entered 2 call scope=0
              given 2 call locals={"loopCounter":1}
              began 2 call
              entered 3 call scope=0
              given 3 call locals={"loopCounter":2}
              began 3 call
              + call 1 call process="other" variables={} version="latest"
              + call 2 call process="other" variables={} version="latest"
              + call 3 call process="other" variables={} version="latest"
            > waits 1
              waited 1 call
            > waits 2
              waited 2 call
            > done 1 x=1
              wrote 1 call writes=[{"at":["x"],"value":1}]
              completed 1 call
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":2},{"at":["nrOfCompletedInstances"],"value":1}]
              withdrawn 2 call
              withdrawn 3 call
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfTerminatedInstances"],"value":2}]
              closed call scope=0
              completed 0 call
              entered 4 end
              ended 4 end
              finished
              + endCall 2
              + endCall 3
            = completed end
            = {"x":1}
        "#]],
    );
}

#[test]
fn a_send_task_sends_its_inputs_and_goes_on() {
    const SEND: &str = r#"
  - { id: tell, send: "note-${n}", key: "${k}", with: { text: "${n}" } }
"#;
    check(
        SEND,
        "start n=1 k=me",
        expect![[r#"
        > start n=1 k=me
          started variables={"k":"me","n":1}
          entered 0 start
          entered 0 tell
          began 0 tell locals={"text":1}
          sent 0 tell key="me" name="note-1"
          completed 0 tell
          entered 1 end
          ended 1 end
          finished
          + sendMessage tell key="me" name="note-1" payload={"text":1}
        = completed end
        = {"k":"me","n":1}
    "#]],
    );
    check(
        SEND,
        "start n=1\n set !k=me\n retry tell",
        expect![[r#"
        > start n=1
          started variables={"n":1}
          entered 0 start
          entered 0 tell
          began 0 tell locals={"text":1}
          incidentRaised 0 tell message="the correlation key: there is no variable k; if it may be missing, ask execution.hasVariable(\"k\") first (at character 3 of ${k})" moment="running"
        > set !k=me
          set writes=[{"at":["k"],"value":"me"}]
        > retry tell
          incidentTakenUp 0 tell
          began 0 tell locals={"text":1}
          sent 0 tell key="me" name="note-1"
          completed 0 tell
          entered 1 end
          ended 1 end
          finished
          + sendMessage tell key="me" name="note-1" payload={"text":1}
        = completed end
        = {"k":"me","n":1}
    "#]],
    );
}

#[test]
fn a_receive_task_awaits_its_message() {
    const RECEIVE: &str = r#"
  - { id: hear, receive: note, key: "${k}", with: { own: 1 }, out: { word: "${text + own}" }, on: [{ timer: PT1H, then: late }] }
  - { id: all, receive: rest }
  - { end: Done }
  - { end: Late }
"#;
    check(
        RECEIVE,
        "start k=me\n done 0\n deliver hear text=1\n deliver all a=1 b=2",
        expect![[r#"
        > start k=me
          started variables={"k":"me"}
          entered 0 start
          entered 0 hear
          began 0 hear locals={"own":1}
          armed 0 timer 0 hear.timer due 1h
          subscribed 0 hear awaited={"message":{"key":"me","name":"note"}} catch=0
          rested 0 hear
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"key":"me","name":"note"}} catch=0
        > done 0
        ! path 0 at `hear` does not wait for an answer
        > deliver hear text=1
          caught hear catch=0
          wrote 0 hear writes=[{"at":["word"],"value":2}]
          disarmed timer 0 hear.timer
          completed 0 hear
          entered 1 all
          began 1 all
          subscribed 1 all awaited={"message":{"name":"rest"}} catch=1
          rested 1 all
          + unsubscribe awaited={"message":{"key":"me","name":"note"}} catch=0
          + disarmTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"rest"}} catch=1
        > deliver all a=1 b=2
          caught all catch=1
          wrote 1 all writes=[{"at":["a"],"value":1},{"at":["b"],"value":2}]
          completed 1 all
          entered 2 done
          ended 2 done
          finished
          + unsubscribe awaited={"message":{"name":"rest"}} catch=1
        = completed done
        = {"a":1,"b":2,"k":"me","word":2}
    "#]],
    );
    check(
        RECEIVE,
        "start\n set !k=me\n retry hear\n deliver hear\n set !text=5\n retry hear",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 hear
          began 0 hear locals={"own":1}
          armed 0 timer 0 hear.timer due 1h
          incidentRaised 0 hear message="the correlation key: there is no variable k; if it may be missing, ask execution.hasVariable(\"k\") first (at character 3 of ${k})" moment="running"
          + armTimer timer 0 due 1h
        > set !k=me
          set writes=[{"at":["k"],"value":"me"}]
        > retry hear
          incidentTakenUp 0 hear
          began 0 hear locals={"own":1}
          subscribed 0 hear awaited={"message":{"key":"me","name":"note"}} catch=0
          rested 0 hear
          + subscribe awaited={"message":{"key":"me","name":"note"}} catch=0
        > deliver hear
          caught hear catch=0
          incidentRaised 0 hear message="output `word`: there is no variable text; if it may be missing, ask execution.hasVariable(\"text\") first (at character 3 of ${text + own})" moment="leaving"
          + unsubscribe awaited={"message":{"key":"me","name":"note"}} catch=0
        > set !text=5
          set writes=[{"at":["text"],"value":5}]
        > retry hear
          incidentTakenUp 0 hear
          wrote 0 hear writes=[{"at":["word"],"value":6}]
          disarmed timer 0 hear.timer
          completed 0 hear
          entered 1 all
          began 1 all
          subscribed 1 all awaited={"message":{"name":"rest"}} catch=1
          rested 1 all
          + disarmTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"rest"}} catch=1
        = active
        = {"k":"me","text":5,"word":6}
        = 1 all "catching"
    "#]],
    );
    check(
        RECEIVE,
        "start k=me\n wait 3600",
        expect![[r#"
        > start k=me
          started variables={"k":"me"}
          entered 0 start
          entered 0 hear
          began 0 hear locals={"own":1}
          armed 0 timer 0 hear.timer due 1h
          subscribed 0 hear awaited={"message":{"key":"me","name":"note"}} catch=0
          rested 0 hear
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"key":"me","name":"note"}} catch=0
        > wait 3600
          1h timer 0 is due
          fired timer 0 hear.timer
          wrote 0 hear writes=[{"at":["_timedOut"],"value":true}]
          unsubscribed hear catch=0
          interrupted 0 hear by="hear.timer"
          entered 1 hear.timer
          entered 1 late
          ended 1 late
          finished
          + unsubscribe awaited={"message":{"key":"me","name":"note"}} catch=0
        = completed late
        = {"_timedOut":true,"k":"me"}
    "#]],
    );
}

#[test]
fn a_task_that_does_nothing_is_passed() {
    check(
        r#"
  - { id: plain, do: nothing, with: { a: 1 }, out: { b: "${a}" } }
  - { id: hand, do: manual }
"#,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 plain
              began 0 plain locals={"a":1}
              wrote 0 plain writes=[{"at":["b"],"value":1}]
              completed 0 plain
              entered 1 hand
              began 1 hand
              completed 1 hand
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"b":1}
        "#]],
    );
}

#[test]
fn a_message_event_with_an_activity_is_a_task_that_sends() {
    check(
        r#"
  - { id: tell, activity: work, task: throw, with: { a: 1 } }
  - { id: told, activity: work, task: end }
"#,
        "start\n done tell b=1\n done told",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 tell
              began 0 tell locals={"a":1}
              + runActivity 0 tell activity="work" attempt=1 parameters={"a":1}
            > done tell b=1
              completed 0 tell
              entered 1 told
              began 1 told
              + runActivity 1 told activity="work" attempt=1 parameters={}
            > done told
              completed 1 told
              ended 1 told
              finished
            = completed told
        "#]],
    );
}
