//! Stories of the events on the boundary of an activity and the properties that they see.

use expect_test::expect;

use super::check::check;

#[test]
fn the_outputs_of_an_event_see_the_properties_of_its_activity_and_set_what_is_around() {
    check(
        r#"
  - id: one
    activity: work
    variables: { limit: 7, other: 1 }
    on:
      - { message: note, key: "1", interrupting: false, out: { seen: "${limit}", limit: "${limit + 1}", after: "${limit}" }, then: two }
      - { error: Lost, variables: { other: "${limit + 2}" }, out: { lost: "${limit} ${other}" }, then: two }
      - { message: stop, key: "1", enter: { entered: "${limit + 1}" }, out: { all: "${missing}" }, leave: { left: "${limit + entered}" }, then: two }
  - { id: two, activity: work, with: { a: "${execution.hasVariable('other')}" } }
"#,
        "start
         deliver 0
         done two
         deliver 1
         set !missing=1
         retry one.stop
         done two",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              set 0 writes=[{"at":["limit"],"value":7},{"at":["other"],"value":1}]
              began 0 one
              subscribed 0 one.note awaited={"message":{"key":"1","name":"note"}} catch=0
              subscribed 0 one.stop awaited={"message":{"key":"1","name":"stop"}} catch=1
              + subscribe awaited={"message":{"key":"1","name":"note"}} catch=0
              + subscribe awaited={"message":{"key":"1","name":"stop"}} catch=1
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > deliver 0
              caught one.note again=true catch=0
              entered 1 one.note
              given 1 one.note beside={"limit":7,"other":1} locals={}
              wrote 1 one.note writes=[{"at":["seen"],"value":7},{"at":["limit"],"value":8},{"at":["after"],"value":8}]
              entered 1 two
              began 1 two locals={"a":false}
              + runActivity 1 two activity="work" attempt=1 parameters={"a":false}
            > done two
              completed 1 two
              entered 2 end
              ended 2 end
            > deliver 1
              caught one.stop catch=1
              unsubscribed one.note catch=0
              interrupted 0 one by="one.stop"
              entered 3 one.stop
              given 3 one.stop beside={"limit":7,"other":1} locals={}
              wrote 3 one.stop writes=[{"at":["entered"],"value":8}]
              incidentRaised 3 one.stop message="output `all`: there is no variable missing; if it may be missing, ask execution.hasVariable(\"missing\") first (at character 3 of ${missing})" moment="leaving"
              + unsubscribe awaited={"message":{"key":"1","name":"stop"}} catch=1
              + unsubscribe awaited={"message":{"key":"1","name":"note"}} catch=0
            > set !missing=1
              set writes=[{"at":["missing"],"value":1}]
            > retry one.stop
              incidentTakenUp 3 one.stop
              wrote 3 one.stop writes=[{"at":["all"],"value":1}]
              wrote 3 one.stop writes=[{"at":["left"],"value":15}]
              entered 3 two
              began 3 two locals={"a":false}
              + runActivity 3 two activity="work" attempt=1 parameters={"a":false}
            > done two
              completed 3 two
              entered 4 end
              ended 4 end
              finished
            = completed end end
            = {"after":8,"all":1,"entered":8,"left":15,"limit":8,"missing":1,"seen":7}
        "#]],
    );
}

#[test]
fn the_outputs_of_an_event_that_catches_an_error_or_an_escalation_see_the_properties() {
    check(
        r#"
  - id: one
    call: other
    variables: { p: 0 }
    take: { p: "${x}" }
    on:
      - { escalation: Odd, id: told, interrupting: false, out: { seen: "${p}" }, then: end }
      - { error: Lost, id: lost, out: { last: "${p}" }, then: end }
"#,
        "start
         take 0 x=5
         escalate 0 Odd
         take 0 x=6
         error 0 Lost words",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              set 0 writes=[{"at":["p"],"value":0}]
              began 0 one
              + call 0 one process="other" variables={} version="latest"
            > take 0 x=5
              wrote 0 one writes=[{"at":["p"],"value":5}]
            > escalate 0 Odd
              escalated 0 one code="Odd"
              entered 1 told
              given 1 told beside={"p":5} locals={}
              wrote 1 told writes=[{"at":["seen"],"value":5}]
              entered 1 end
              ended 1 end
            > take 0 x=6
              wrote 0 one writes=[{"at":["p"],"value":6}]
            > error 0 Lost words
              errorRaised 0 one code="Lost" message="words"
              interrupted 0 one by="lost"
              entered 2 lost
              given 2 lost beside={"p":6} locals={}
              wrote 2 lost writes=[{"at":["last"],"value":6}]
              entered 2 end
              ended 2 end
              finished
            = completed end end
            = {"last":6,"seen":5}
        "#]],
    );
}

#[test]
fn the_events_of_a_repeated_activity_see_what_its_properties_are_declared_with() {
    check(
        r#"
  - id: each
    activity: ask
    variables: { pause: "PT${minutes}M", mine: "${item}", limit: 3 }
    each: { in: items, as: item }
    out: { limit: "${limit + 9}" }
    on:
      - { timer: "${pause}", id: late, interrupting: false, out: { limits: "${limit}" }, then: end }
      - { condition: much > limit, id: over, out: { over: "${much - limit}" }, then: loop }
  - id: loop
    activity: ask
    variables: { name: "m${minutes}" }
    loop: { while: "loopCounter < 5" }
    on: [{ message: "${name}", key: "1", id: stopped, then: end }]
"#,
        r#"start items=["a","b"] minutes=2 much=0
         wait 120
         done each
         set !much=4
         deliver stopped"#,
        expect![[r#"
            > start items=["a","b"] minutes=2 much=0
              started variables={"items":["a","b"],"minutes":2,"much":0}
              entered 0 start
              entered 0 each
              armed 0 timer 0 late due 2m
              subscribed 0 over awaited={"condition":{"held":false}} catch=0
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"item":"a","loopCounter":0}
              set 1 writes=[{"at":["pause"],"value":"PT2M"},{"at":["mine"],"value":"a"},{"at":["limit"],"value":3}]
              began 1 each
              entered 2 each scope=0
              given 2 each locals={"item":"b","loopCounter":1}
              set 2 writes=[{"at":["pause"],"value":"PT2M"},{"at":["mine"],"value":"b"},{"at":["limit"],"value":3}]
              began 2 each
              + armTimer timer 0 due 2m
              + runActivity 1 each activity="ask" attempt=1 parameters={}
              + runActivity 2 each activity="ask" attempt=1 parameters={}
            > wait 120
              2m timer 0 is due
              fired timer 0 late
              entered 3 late
              given 3 late beside={"limit":3,"pause":"PT2M"} locals={}
              wrote 3 late writes=[{"at":["limits"],"value":3}]
              entered 3 end
              ended 3 end
            > done each
              wrote 1 each writes=[{"at":["limit"],"value":12}]
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > set !much=4
              set writes=[{"at":["much"],"value":4}]
              turned over catch=0 held=true
              caught over catch=0
              withdrawn 2 each
              closed each scope=0
              interrupted 0 each by="over"
              entered 4 over
              given 4 over beside={"limit":3,"pause":"PT2M"} locals={}
              wrote 4 over writes=[{"at":["over"],"value":1}]
              entered 4 loop
              subscribed 4 stopped awaited={"message":{"key":"1","name":"m2"}} catch=1
              opened 4 loop of="body" scope=1 variables={"loopCounter":0}
              entered 5 loop scope=1
              given 5 loop locals={"loopCounter":0}
              set 5 writes=[{"at":["name"],"value":"m2"}]
              began 5 loop
              + subscribe awaited={"message":{"key":"1","name":"m2"}} catch=1
              + runActivity 5 loop activity="ask" attempt=1 parameters={}
            > deliver stopped
              caught stopped catch=1
              withdrawn 5 loop
              closed loop scope=1
              interrupted 4 loop by="stopped"
              entered 6 stopped
              entered 6 end
              ended 6 end
              finished
              + unsubscribe awaited={"message":{"key":"1","name":"m2"}} catch=1
            = completed end end
            = {"items":["a","b"],"limits":3,"minutes":2,"much":4,"over":1}
        "#]],
    );
}
