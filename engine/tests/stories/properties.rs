//! Stories of properties: the variables of a task, a call or an event while a path is there.

use expect_test::expect;

use super::check::check;

#[test]
fn a_property_hides_what_is_around_takes_what_is_set_there_and_is_no_parameter() {
    check(
        r#"
  - id: one
    activity: work
    variables: { n: "${n + 1}", none: , next: "${n + 1}" }
    with: { a: "${n}", b: "${none == null}" }
    enter: { none: "${a}", entered: "${none}" }
    out: { n: "${n + a}", seen: "${n} ${next} ${none.deep}", local: "${execution.getVariableLocal('n')}", x: 1 }
    then: [{ when: "n == 1", to: two, set: { next: "${n}" } }, { otherwise: end }]
  - { id: two, activity: work, with: { a: "${n}", b: "${execution.hasVariable('none')}" } }
"#,
        "start n=1
         waits 0 !none.deep=1 !other=2
         done 0 !next=7
         done 1",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 one
              set 0 writes=[{"at":["n"],"value":2},{"at":["none"],"value":null},{"at":["next"],"value":3}]
              began 0 one locals={"a":2,"b":true}
              wrote 0 one writes=[{"at":["none"],"value":2},{"at":["entered"],"value":2}]
              + runActivity 0 one activity="work" attempt=1 parameters={"a":2,"b":true}
            > waits 0 !none.deep=1 !other=2
              wrote 0 one writes=[{"at":["none","deep"],"value":1},{"at":["other"],"value":2}]
              waited 0 one
            > done 0 !next=7
              wrote 0 one writes=[{"at":["next"],"value":7}]
              wrote 0 one writes=[{"at":["n"],"value":4},{"at":["seen"],"value":"4 7 1"},{"at":["local"],"value":4},{"at":["x"],"value":1}]
              set writes=[{"at":["next"],"value":1}]
              completed 0 one
              entered 1 two
              began 1 two locals={"a":1,"b":false}
              + runActivity 1 two activity="work" attempt=1 parameters={"a":1,"b":false}
            > done 1
              completed 1 two
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"entered":2,"local":4,"n":1,"next":1,"other":2,"seen":"4 7 1","x":1}
        "#]],
    );
}

#[test]
fn what_a_script_and_a_decision_come_to_goes_to_the_property() {
    check(
        r#"
  - { id: sum, script: "n + 1", result: n, variables: { n: 5 }, out: { six: "${n}" } }
  - { id: table, decide: dish, result: dish, variables: { season: summer, dish: }, out: { name: "${dish.name}" } }
  - { id: call, call: other, give: all, take: { a: "${b}" }, variables: { a: 1 }, out: { taken: "${a}" } }
"#,
        r#"start n=1
         done 1 decisionResult={"name":"salad"}
         done 2 b=2"#,
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 sum
              set 0 writes=[{"at":["n"],"value":5}]
              began 0 sum
              wrote 0 sum writes=[{"at":["n"],"value":6},{"at":["six"],"value":6}]
              completed 0 sum
              entered 1 table
              set 1 writes=[{"at":["season"],"value":"summer"},{"at":["dish"],"value":null}]
              began 1 table
              + decide 1 table decision="dish" variables={"dish":null,"n":1,"season":"summer","six":6} version="latest"
            > done 1 decisionResult={"name":"salad"}
              wrote 1 table writes=[{"at":["dish"],"value":{"name":"salad"}},{"at":["name"],"value":"salad"}]
              completed 1 table
              entered 2 call
              set 2 writes=[{"at":["a"],"value":1}]
              began 2 call
              + call 2 call process="other" variables={"a":1,"n":1,"name":"salad","six":6} version="latest"
            > done 2 b=2
              wrote 2 call writes=[{"at":["a"],"value":2},{"at":["taken"],"value":2}]
              completed 2 call
              entered 3 end
              ended 3 end
              finished
            = completed end
            = {"n":1,"name":"salad","six":6,"taken":2}
        "#]],
    );
}

#[test]
fn each_instance_of_a_repeated_activity_has_its_own() {
    check(
        r#"
  - id: each
    activity: work
    variables: { mine: "${item}", n: 0 }
    each: { in: items, as: item, collect: { into: all, value: "${mine} ${n}" } }
    out: { mine: "${mine += got}", n: "${loopCounter + 1}" }
  - { id: loop, script: "m + 1", result: m, variables: { m: 0 }, loop: { while: "loopCounter < 2" }, out: { last: "${m}" } }
"#,
        r#"start items=["a","b"] n=9
         done 2 got=2
         done 1 got=1"#,
        expect![[r#"
            > start items=["a","b"] n=9
              started variables={"items":["a","b"],"n":9}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"item":"a","loopCounter":0}
              set 1 writes=[{"at":["mine"],"value":"a"},{"at":["n"],"value":0}]
              began 1 each
              entered 2 each scope=0
              given 2 each locals={"item":"b","loopCounter":1}
              set 2 writes=[{"at":["mine"],"value":"b"},{"at":["n"],"value":0}]
              began 2 each
              + runActivity 1 each activity="work" attempt=1 parameters={}
              + runActivity 2 each activity="work" attempt=1 parameters={}
            > done 2 got=2
              gathered number=1 scope=0 value="b2 2"
              wrote 2 each writes=[{"at":["mine"],"value":"b2"},{"at":["n"],"value":2}]
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done 1 got=1
              gathered number=0 scope=0 value="a1 1"
              wrote 1 each writes=[{"at":["mine"],"value":"a1"},{"at":["n"],"value":1}]
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              wrote 0 each writes=[{"at":["all"],"value":["a1 1","b2 2"]}]
              closed each scope=0
              completed 0 each
              entered 3 loop
              opened 3 loop of="body" scope=1 variables={"loopCounter":0}
              entered 4 loop scope=1
              given 4 loop locals={"loopCounter":0}
              set 4 writes=[{"at":["m"],"value":0}]
              began 4 loop
              wrote 4 loop writes=[{"at":["m"],"value":1},{"at":["last"],"value":1}]
              completed 4 loop
              set scope=1 writes=[{"at":["loopCounter"],"value":1}]
              entered 5 loop scope=1
              given 5 loop locals={"loopCounter":1}
              set 5 writes=[{"at":["m"],"value":0}]
              began 5 loop
              wrote 5 loop writes=[{"at":["m"],"value":1},{"at":["last"],"value":1}]
              completed 5 loop
              set scope=1 writes=[{"at":["loopCounter"],"value":2}]
              closed loop scope=1
              completed 3 loop
              entered 6 end
              ended 6 end
              finished
            = completed end
            = {"all":["a1 1","b2 2"],"items":["a","b"],"last":1,"n":9}
        "#]],
    );
}

#[test]
fn the_properties_of_events_take_what_comes_and_give_what_is_sent() {
    check(
        r#"
  - { start: Begun, id: begin, message: begun, key: "1", variables: { way: , sure: "${!empty by}" }, out: { way: "${by}", told: "${way} ${sure}" }, leave: { way: gone, later: "${way}" } }
  - { catch: Answered, id: answered, message: answer, key: "${wanted}", variables: { wanted: "${later}", text: none }, enter: { text: "${text += '?'}" }, out: { said: "${text} ${text2}", text: "${text2}", both: "${said}, ${text}" }, then: [{ to: part, set: { text: outside } }] }
  - id: part
    activity: work
    on:
      - { signal: news, interrupting: false, variables: { n: 3 }, out: { n: "${n + x}", sum: "${n}" }, then: told }
    then: end
  - { throw: Told, id: told, signal: told, variables: { word: "${sum}" }, with: [all, { said: "${word + 1}" }] }
  - { throw: Sent, id: sent, message: "m${kind}", key: "${kind}", variables: { kind: 1 }, with: { a: "${kind}" } }
  - { end: Failed, id: failed, error: Broken, variables: { why: because }, message: "${why}" }
"#,
        "start @begin by=me
         deliver 0 text2=hello
         signal news x=4
         done 1",
        expect![[r#"
            > start @begin by=me
              started variables={"by":"me"}
              entered 0 begin
              set 0 writes=[{"at":["way"],"value":null},{"at":["sure"],"value":true}]
              wrote 0 begin writes=[{"at":["way"],"value":"me"},{"at":["told"],"value":"me true"}]
              set writes=[{"at":["later"],"value":"gone"}]
              entered 0 answered
              set 0 writes=[{"at":["wanted"],"value":"gone"},{"at":["text"],"value":"none"}]
              wrote 0 answered writes=[{"at":["text"],"value":"none?"}]
              rested 0 answered
              subscribed 0 answered awaited={"message":{"key":"gone","name":"answer"}} catch=0
              + subscribe awaited={"message":{"key":"gone","name":"answer"}} catch=0
            > deliver 0 text2=hello
              caught answered catch=0
              wrote 0 answered writes=[{"at":["said"],"value":"none? hello"},{"at":["text"],"value":"hello"},{"at":["both"],"value":"none? hello, hello"}]
              set writes=[{"at":["text"],"value":"outside"}]
              entered 0 part
              began 0 part
              subscribed 0 part.news awaited={"signal":{"name":"news"}} catch=1
              + unsubscribe awaited={"message":{"key":"gone","name":"answer"}} catch=0
              + subscribe awaited={"signal":{"name":"news"}} catch=1
              + runActivity 0 part activity="work" attempt=1 parameters={}
            > signal news x=4
              caught part.news again=true catch=1
              entered 1 part.news
              given 1 part.news locals={"x":4}
              set 1 writes=[{"at":["n"],"value":3}]
              wrote 1 part.news writes=[{"at":["n"],"value":7},{"at":["sum"],"value":7}]
              entered 1 told
              set 1 writes=[{"at":["word"],"value":7}]
              signalled 1 told name="told"
              entered 1 sent
              set 1 writes=[{"at":["kind"],"value":1}]
              sent 1 sent key="1" name="m1"
              entered 1 failed
              set 1 writes=[{"at":["why"],"value":"because"}]
              errorRaised 1 failed code="Broken" message="because"
              unsubscribed part.news catch=1
              withdrawn 0 part
              withdrawn 1 failed
              failed code="Broken" message="because"
              + sendSignal told name="told" payload={"both":"none? hello, hello","by":"me","later":"gone","said":8,"sum":7,"text":"outside","told":"me true","word":7}
              + sendMessage sent key="1" name="m1" payload={"a":1}
              + unsubscribe awaited={"signal":{"name":"news"}} catch=1
            > done 1
            ! the instance has ended
            = failed
            = {"both":"none? hello, hello","by":"me","later":"gone","said":"none? hello","sum":7,"text":"outside","told":"me true"}
        "#]],
    );
}

#[test]
fn what_an_event_gateway_awaits_sees_the_properties_of_the_events_behind_it() {
    check(
        r#"
  - await:
      - { message: answer, key: "${to}", variables: { to: me, text: }, out: { text: "${said}", got: "${text} ${to}" } }
      - { timer: PT1H, then: end }
  - await: [receipt, refusal]
  - { receive: paid, id: receipt, key: "${sum}", variables: { sum: "${amount * 2}" }, with: { half: "${sum / 2}" }, out: { sum: "${half + paid}", total: "${sum}" }, then: end }
  - { receive: refused, id: refusal, key: "1" }
"#,
        "start amount=2
         deliver 0 said=yes
         deliver 1 paid=1",
        expect![[r#"
            > start amount=2
              started variables={"amount":2}
              entered 0 start
              entered 0 step-1
              rested 0 step-1
              subscribed 0 step-1.answer awaited={"message":{"key":"me","name":"answer"}} catch=0
              armed 0 timer 0 step-1.timer due 1h
              + subscribe awaited={"message":{"key":"me","name":"answer"}} catch=0
              + armTimer timer 0 due 1h
            > deliver 0 said=yes
              caught step-1.answer catch=0
              disarmed timer 0 step-1.timer
              entered 0 step-1.answer
              set 0 writes=[{"at":["to"],"value":"me"},{"at":["text"],"value":null}]
              wrote 0 step-1.answer writes=[{"at":["text"],"value":"yes"},{"at":["got"],"value":"yes me"}]
              entered 0 step-2
              rested 0 step-2
              subscribed 0 receipt awaited={"message":{"key":"4","name":"paid"}} catch=1
              subscribed 0 refusal awaited={"message":{"key":"1","name":"refused"}} catch=2
              + unsubscribe awaited={"message":{"key":"me","name":"answer"}} catch=0
              + disarmTimer timer 0 due 1h
              + subscribe awaited={"message":{"key":"4","name":"paid"}} catch=1
              + subscribe awaited={"message":{"key":"1","name":"refused"}} catch=2
            > deliver 1 paid=1
              caught receipt catch=1
              unsubscribed refusal catch=2
              entered 0 receipt
              set 0 writes=[{"at":["sum"],"value":4}]
              began 0 receipt locals={"half":2.0}
              wrote 0 receipt writes=[{"at":["sum"],"value":3.0},{"at":["total"],"value":3.0}]
              completed 0 receipt
              entered 1 end
              ended 1 end
              finished
              + unsubscribe awaited={"message":{"key":"4","name":"paid"}} catch=1
              + unsubscribe awaited={"message":{"key":"1","name":"refused"}} catch=2
            = completed end
            = {"amount":2,"got":"yes me","total":3.0}
        "#]],
    );
}

#[test]
fn a_property_has_its_value_anew_when_a_person_has_the_work_tried_again() {
    check(
        r#"
  - { id: one, activity: work, variables: { n: "${x.y}" }, with: { a: "${n + z}" }, out: { all: "${n + got}" } }
"#,
        r#"start x=1
         set !x.y=1
         retry 0
         set !x.y=2 !z=1
         retry 0
         set !x.y=9
         fault-for-good 0 broken
         retry 0
         done 0 b=1
         resolve 0 !n=5 !x=6"#,
        expect![[r#"
            > start x=1
              started variables={"x":1}
              entered 0 start
              entered 0 one
              incidentRaised 0 one message="variable `n`: a number has no property \"y\" (at character 5 of ${x.y})" moment="entering"
            > set !x.y=1
              set writes=[{"at":["x","y"],"value":1}]
            > retry 0
              incidentTakenUp 0 one
              set 0 writes=[{"at":["n"],"value":1}]
              incidentRaised 0 one message="input `a`: there is no variable z; if it may be missing, ask execution.hasVariable(\"z\") first (at character 7 of ${n + z})" moment="entering"
            > set !x.y=2 !z=1
              set writes=[{"at":["x","y"],"value":2},{"at":["z"],"value":1}]
            > retry 0
              incidentTakenUp 0 one
              set 0 writes=[{"at":["n"],"value":2}]
              began 0 one locals={"a":3}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":3}
            > set !x.y=9
              set writes=[{"at":["x","y"],"value":9}]
            > fault-for-good 0 broken
              incidentRaised 0 one message="broken" moment="running"
            > retry 0
              incidentTakenUp 0 one
              set 0 writes=[{"at":["n"],"value":9}]
              began 0 one locals={"a":10}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":10}
            > done 0 b=1
              answered 0 one locals={"a":10,"b":1}
              incidentRaised 0 one message="output `all`: there is no variable got; if it may be missing, ask execution.hasVariable(\"got\") first (at character 7 of ${n + got})" moment="leaving"
            > resolve 0 !n=5 !x=6
              incidentTakenUp 0 one resolved=true
              wrote 0 one writes=[{"at":["n"],"value":5},{"at":["x"],"value":6}]
              completed 0 one
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"x":6,"z":1}
        "#]],
    );
}

#[test]
fn an_event_whose_property_has_no_value_awaits_it() {
    check(
        r#"
  - await:
      - { message: answer, key: "1", variables: { n: "${x}" }, out: { got: "${n + a}" } }
      - { timer: PT1H }
  - { throw: Told, id: told, signal: "news${n}", enter: { m: 1 }, variables: { n: "${y}" } }
"#,
        "start
         set !x=1
         retry 0
         deliver 0 b=1
         retry 0
         resolve 0 !n=4 !got=4
         set !y=2
         retry 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 step-1
              incidentRaised 0 step-1 message="variable `n`: there is no variable x; if it may be missing, ask execution.hasVariable(\"x\") first (at character 3 of ${x})" moment="entering"
            > set !x=1
              set writes=[{"at":["x"],"value":1}]
            > retry 0
              incidentTakenUp 0 step-1
              rested 0 step-1
              subscribed 0 step-1.answer awaited={"message":{"key":"1","name":"answer"}} catch=0
              armed 0 timer 0 step-1.timer due 1h
              + subscribe awaited={"message":{"key":"1","name":"answer"}} catch=0
              + armTimer timer 0 due 1h
            > deliver 0 b=1
              caught step-1.answer catch=0
              disarmed timer 0 step-1.timer
              entered 0 step-1.answer
              set 0 writes=[{"at":["n"],"value":1}]
              answered 0 step-1.answer locals={"b":1}
              incidentRaised 0 step-1.answer message="output `got`: there is no variable a; if it may be missing, ask execution.hasVariable(\"a\") first (at character 7 of ${n + a})" moment="leaving"
              + unsubscribe awaited={"message":{"key":"1","name":"answer"}} catch=0
              + disarmTimer timer 0 due 1h
            > retry 0
              incidentTakenUp 0 step-1.answer
              answered 0 step-1.answer locals={"b":1}
              incidentRaised 0 step-1.answer message="output `got`: there is no variable a; if it may be missing, ask execution.hasVariable(\"a\") first (at character 7 of ${n + a})" moment="leaving"
            > resolve 0 !n=4 !got=4
              incidentTakenUp 0 step-1.answer resolved=true
              wrote 0 step-1.answer writes=[{"at":["n"],"value":4},{"at":["got"],"value":4}]
              entered 0 told
              incidentRaised 0 told message="variable `n`: there is no variable y; if it may be missing, ask execution.hasVariable(\"y\") first (at character 3 of ${y})" moment="arriving"
            > set !y=2
              set writes=[{"at":["y"],"value":2}]
            > retry 0
              incidentTakenUp 0 told
              set 0 writes=[{"at":["n"],"value":2}]
              wrote 0 told writes=[{"at":["m"],"value":1}]
              signalled 0 told name="news2"
              entered 0 end
              ended 0 end
              finished
              + sendSignal told name="news2" payload={}
            = completed end
            = {"got":4,"m":1,"x":1,"y":2}
        "#]],
    );
}

#[test]
fn what_came_is_kept_until_the_properties_behind_an_event_gateway_have_a_value() {
    check(
        r#"
  - await:
      - { message: answer, key: "1", variables: { n: "${x.y}" }, out: { got: "${n + a}" } }
      - { timer: PT1H, then: end }
  - await: [receipt, refusal]
  - { receive: paid, id: receipt, key: "1", variables: { sum: "${x.y}" }, out: { sum: "${sum + paid}", total: "${sum}" }, then: end }
  - { receive: refused, id: refusal, key: "1" }
"#,
        r#"start x={"y":1}
         set !x=1
         deliver 0 a=1
         set !x.y=2
         retry 0
         set !x=1
         deliver 1 paid=1
         retry 0
         set !x.y=3
         retry 0"#,
        expect![[r#"
            > start x={"y":1}
              started variables={"x":{"y":1}}
              entered 0 start
              entered 0 step-1
              rested 0 step-1
              subscribed 0 step-1.answer awaited={"message":{"key":"1","name":"answer"}} catch=0
              armed 0 timer 0 step-1.timer due 1h
              + subscribe awaited={"message":{"key":"1","name":"answer"}} catch=0
              + armTimer timer 0 due 1h
            > set !x=1
              set writes=[{"at":["x"],"value":1}]
            > deliver 0 a=1
              caught step-1.answer catch=0
              disarmed timer 0 step-1.timer
              entered 0 step-1.answer
              answered 0 step-1.answer locals={"a":1}
              incidentRaised 0 step-1.answer message="variable `n`: a number has no property \"y\" (at character 5 of ${x.y})" moment="leaving"
              + unsubscribe awaited={"message":{"key":"1","name":"answer"}} catch=0
              + disarmTimer timer 0 due 1h
            > set !x.y=2
              set writes=[{"at":["x","y"],"value":2}]
            > retry 0
              incidentTakenUp 0 step-1.answer
              set 0 writes=[{"at":["n"],"value":2}]
              wrote 0 step-1.answer writes=[{"at":["got"],"value":3}]
              entered 0 step-2
              rested 0 step-2
              subscribed 0 receipt awaited={"message":{"key":"1","name":"paid"}} catch=1
              subscribed 0 refusal awaited={"message":{"key":"1","name":"refused"}} catch=2
              + subscribe awaited={"message":{"key":"1","name":"paid"}} catch=1
              + subscribe awaited={"message":{"key":"1","name":"refused"}} catch=2
            > set !x=1
              set writes=[{"at":["x"],"value":1}]
            > deliver 1 paid=1
              caught receipt catch=1
              unsubscribed refusal catch=2
              entered 0 receipt
              answered 0 receipt locals={"paid":1}
              incidentRaised 0 receipt message="variable `sum`: a number has no property \"y\" (at character 5 of ${x.y})" moment="leaving"
              + unsubscribe awaited={"message":{"key":"1","name":"paid"}} catch=1
              + unsubscribe awaited={"message":{"key":"1","name":"refused"}} catch=2
            > retry 0
              incidentTakenUp 0 receipt
              incidentRaised 0 receipt message="variable `sum`: a number has no property \"y\" (at character 5 of ${x.y})" moment="leaving"
            > set !x.y=3
              set writes=[{"at":["x","y"],"value":3}]
            > retry 0
              incidentTakenUp 0 receipt
              set 0 writes=[{"at":["sum"],"value":3}]
              wrote 0 receipt writes=[{"at":["sum"],"value":4},{"at":["total"],"value":4}]
              completed 0 receipt
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"got":3,"total":4,"x":{"y":3}}
        "#]],
    );
}

#[test]
fn an_event_on_the_boundary_asks_the_property_and_sets_what_is_around() {
    check(
        r#"
  - id: one
    activity: work
    variables: { n: 0, code: , timedOut: , pause: PT5M }
    on:
      - { timer: "${pause}", interrupting: false, then: two }
      - { condition: "n > 1", interrupting: false, then: two }
      - { error: any, code: code, then: two }
  - { id: two, script: "n", result: seen }
"#,
        "start n=7
         waits 0 !n=1
         waits 0 !n=2
         error 0 Bad words",
        expect![[r#"
            > start n=7
              started variables={"n":7}
              entered 0 start
              entered 0 one
              set 0 writes=[{"at":["n"],"value":0},{"at":["code"],"value":null},{"at":["timedOut"],"value":null},{"at":["pause"],"value":"PT5M"}]
              began 0 one
              armed 0 timer 0 one.timer due 5m
              subscribed 0 one.condition awaited={"condition":{"held":false}} catch=0
              + armTimer timer 0 due 5m
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > waits 0 !n=1
              wrote 0 one writes=[{"at":["n"],"value":1}]
              waited 0 one
            > waits 0 !n=2
            ! path 0 at `one` is not running
            > error 0 Bad words
              errorRaised 0 one code="Bad" message="words"
              set writes=[{"at":["code"],"value":"Bad"}]
              disarmed timer 0 one.timer
              unsubscribed one.condition catch=0
              interrupted 0 one by="one.any"
              entered 1 one.any
              entered 1 two
              began 1 two
              wrote 1 two writes=[{"at":["seen"],"value":7}]
              completed 1 two
              entered 2 end
              ended 2 end
              finished
              + disarmTimer timer 0 due 5m
            = completed end
            = {"code":"Bad","n":7,"seen":7}
        "#]],
    );
}
