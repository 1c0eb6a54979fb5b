//! Stories of what comes to an event and goes to its properties.

use expect_test::expect;

use super::check::check;

#[test]
fn what_is_told_of_an_error_goes_to_the_properties_of_the_event_that_catches_it() {
    check(
        r#"
  - id: one
    steps: [{ end: Bad, error: Lost, message: oops }]
    on:
      - { error: Lost, id: lost, code: c, message: m, variables: { c: , m: }, out: { seen: "${c} ${m}" }, then: two }
  - id: two
    steps: [{ end: Worse, error: Late, message: oops }]
    on:
      - { error: Late, id: late, code: c, message: m, variables: { c: }, leave: { left: "${c}" }, then: end }
"#,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              opened 0 one of="subProcess" scope=0
              entered 1 one.start scope=0
              entered 1 bad
              errorRaised 1 bad code="Lost" message="oops"
              withdrawn 1 bad
              closed one scope=0
              interrupted 0 one by="lost"
              entered 2 lost
              given 2 lost locals={"c":"Lost","m":"oops"}
              set 2 writes=[{"at":["c"],"value":null},{"at":["m"],"value":null}]
              wrote 2 lost writes=[{"at":["seen"],"value":"Lost oops"}]
              entered 2 two
              began 2 two
              opened 2 two of="subProcess" scope=1
              entered 3 two.start scope=1
              entered 3 worse
              errorRaised 3 worse code="Late" message="oops"
              wrote 2 two writes=[{"at":["m"],"value":"oops"}]
              withdrawn 3 worse
              closed two scope=1
              interrupted 2 two by="late"
              entered 4 late
              given 4 late locals={"c":"Late"}
              set 4 writes=[{"at":["c"],"value":null}]
              wrote 4 late writes=[{"at":["c"],"value":"Late"}]
              set writes=[{"at":["left"],"value":"Late"}]
              entered 4 end
              ended 4 end
              finished
            = completed end
            = {"left":"Late","m":"oops","seen":"Lost oops"}
        "#]],
    );
}

#[test]
fn what_comes_early_to_the_boundary_goes_to_the_properties_of_the_event_when_the_rest_has_come() {
    check(
        r#"
  - id: one
    activity: ask
    on:
      - { all: [{ message: a, key: "1" }, { timer: PT1M }, { message: b, key: "1" }, { condition: "go" }], id: all, interrupting: false, variables: { x: , y: 5, z: , n: 3 }, out: { seen: "${x} ${y} ${z} ${n}" }, then: end }
      - { all: [{ message: c, key: "1" }, { signal: d }], id: both, variables: { x: , y: }, leave: { left: "${x += ' ' += y}" }, then: end }
"#,
        "start x=0
         deliver 0 x=1 w=1
         deliver 1 x=2 z=3
         wait 60
         set !go=true
         deliver 3 x=8 z=4
         deliver 2 x=6
         set !go=false
         signal d y=7",
        expect![[r#"
            > start x=0
              started variables={"x":0}
              entered 0 start
              entered 0 one
              began 0 one
              subscribed 0 all awaited={"message":{"key":"1","name":"a"}} catch=0
              armed 0 timer 0 all definition=1 due 1m
              subscribed 0 all awaited={"message":{"key":"1","name":"b"}} catch=1 definition=2
              subscribed 0 all awaited={"condition":{"held":false}} catch=2 definition=3
              subscribed 0 both awaited={"message":{"key":"1","name":"c"}} catch=3
              subscribed 0 both awaited={"signal":{"name":"d"}} catch=4 definition=1
              + subscribe awaited={"message":{"key":"1","name":"a"}} catch=0
              + armTimer timer 0 due 1m
              + subscribe awaited={"message":{"key":"1","name":"b"}} catch=1
              + subscribe awaited={"message":{"key":"1","name":"c"}} catch=3
              + subscribe awaited={"signal":{"name":"d"}} catch=4
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > deliver 0 x=1 w=1
              caught all catch=0 early={"x":1}
              wrote 0 one writes=[{"at":["w"],"value":1}]
              + unsubscribe awaited={"message":{"key":"1","name":"a"}} catch=0
            > deliver 1 x=2 z=3
              caught all catch=1 early={"x":2,"z":3}
              + unsubscribe awaited={"message":{"key":"1","name":"b"}} catch=1
            > wait 60
              1m timer 0 is due
              fired timer 0 all
            > set !go=true
              set writes=[{"at":["go"],"value":true}]
              turned all catch=2 held=true
              caught all catch=2
              entered 1 all
              given 1 all locals={"x":2,"z":3}
              set 1 writes=[{"at":["x"],"value":null},{"at":["y"],"value":5},{"at":["z"],"value":null},{"at":["n"],"value":3}]
              subscribed 0 all awaited={"message":{"key":"1","name":"a"}} catch=5
              armed 0 timer 1 all definition=1 due 2m
              subscribed 0 all awaited={"message":{"key":"1","name":"b"}} catch=6 definition=2
              subscribed 0 all awaited={"condition":{"held":false}} catch=7 definition=3
              wrote 1 all writes=[{"at":["seen"],"value":"2 5 3 3"}]
              entered 1 end
              ended 1 end
              turned all catch=7 held=true
              caught all catch=7
              + subscribe awaited={"message":{"key":"1","name":"a"}} catch=5
              + armTimer timer 1 due 2m
              + subscribe awaited={"message":{"key":"1","name":"b"}} catch=6
            > deliver 3 x=8 z=4
              caught both catch=3 early={"x":8}
              wrote 0 one writes=[{"at":["z"],"value":4}]
              + unsubscribe awaited={"message":{"key":"1","name":"c"}} catch=3
            > deliver 2 x=6
            ! nothing awaits this at catch 2
            > set !go=false
              set writes=[{"at":["go"],"value":false}]
            > signal d y=7
              caught both catch=4
              disarmed timer 1 all
              unsubscribed all catch=5
              unsubscribed all catch=6
              interrupted 0 one by="both"
              entered 2 both
              given 2 both locals={"x":8,"y":7}
              set 2 writes=[{"at":["x"],"value":null},{"at":["y"],"value":null}]
              wrote 2 both writes=[{"at":["x"],"value":8},{"at":["y"],"value":7}]
              set writes=[{"at":["left"],"value":"8 7"}]
              entered 2 end
              ended 2 end
              finished
              + unsubscribe awaited={"signal":{"name":"d"}} catch=4
              + disarmTimer timer 1 due 2m
              + unsubscribe awaited={"message":{"key":"1","name":"a"}} catch=5
              + unsubscribe awaited={"message":{"key":"1","name":"b"}} catch=6
            = completed end end
            = {"go":false,"left":"8 7","seen":"2 5 3 3","w":1,"x":0,"z":4}
        "#]],
    );
}

#[test]
fn what_comes_early_goes_to_the_properties_of_the_start_event_of_an_event_sub_process() {
    check(
        r#"
  - { id: one, activity: ask }
events:
  - id: note
    steps:
      - { start: S, id: note-start, interrupting: false, all: [{ message: a, key: "1" }, { message: b, key: "1" }], variables: { x: , y: }, out: { seen: "${x} ${y}" } }
"#,
        "start
         deliver 0 x=1 w=1
         deliver 1 y=2",
        expect![[r#"
            > start
              started variables={}
              subscribed note-start awaited={"message":{"key":"1","name":"a"}} catch=0
              subscribed note-start awaited={"message":{"key":"1","name":"b"}} catch=1 definition=1
              entered 0 start
              entered 0 one
              began 0 one
              + subscribe awaited={"message":{"key":"1","name":"a"}} catch=0
              + subscribe awaited={"message":{"key":"1","name":"b"}} catch=1
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > deliver 0 x=1 w=1
              caught note-start catch=0 early={"x":1}
              set writes=[{"at":["w"],"value":1}]
              + unsubscribe awaited={"message":{"key":"1","name":"a"}} catch=0
            > deliver 1 y=2
              caught note-start catch=1
              entered 1 note
              subscribed note-start awaited={"message":{"key":"1","name":"a"}} catch=2
              subscribed note-start awaited={"message":{"key":"1","name":"b"}} catch=3 definition=1
              opened 1 note of="eventSubProcess" scope=0
              entered 2 note-start scope=0
              given 2 note-start locals={"x":1,"y":2}
              set 2 writes=[{"at":["x"],"value":null},{"at":["y"],"value":null}]
              wrote 2 note-start writes=[{"at":["seen"],"value":"1 2"}]
              entered 2 note.end
              ended 2 note.end
              closed note scope=0
              completed 1 note
              + unsubscribe awaited={"message":{"key":"1","name":"b"}} catch=1
              + subscribe awaited={"message":{"key":"1","name":"a"}} catch=2
              + subscribe awaited={"message":{"key":"1","name":"b"}} catch=3
            = active note.end
            = {"seen":"1 2","w":1}
            = 0 one {"running":{"attempt":1}}
        "#]],
    );
}

#[test]
fn what_begins_an_instance_goes_to_the_properties_of_its_start_event() {
    for (steps, script, trace) in [
        (
            r#"
  - { start: S, id: begun, message: begun, variables: { x: , y: 2 }, out: { seen: "${x} ${y} ${z}" } }
  - { id: one, activity: ask }
"#,
            "start @begun x=1 z=3",
            expect![[r#"
                > start @begun x=1 z=3
                  started variables={"z":3}
                  entered 0 begun
                  given 0 begun locals={"x":1}
                  set 0 writes=[{"at":["x"],"value":null},{"at":["y"],"value":2}]
                  wrote 0 begun writes=[{"at":["seen"],"value":"1 2 3"}]
                  entered 0 one
                  began 0 one
                  + runActivity 0 one activity="ask" attempt=1 parameters={}
                = active
                = {"seen":"1 2 3","z":3}
                = 0 one {"running":{"attempt":1}}
            "#]],
        ),
        (
            r#"
  - { start: S, id: begun, message: begun, variables: { x: , y: 2 } }
  - { id: one, activity: ask }
"#,
            "start @begun x=1 z=3",
            expect![[r#"
                > start @begun x=1 z=3
                  started variables={"z":3}
                  entered 0 begun
                  given 0 begun locals={"x":1}
                  set 0 writes=[{"at":["x"],"value":null},{"at":["y"],"value":2}]
                  wrote 0 begun writes=[{"at":["x"],"value":1}]
                  entered 0 one
                  began 0 one
                  + runActivity 0 one activity="ask" attempt=1 parameters={}
                = active
                = {"z":3}
                = 0 one {"running":{"attempt":1}}
            "#]],
        ),
        (
            r#"
  - { start: S, id: begun, all: [{ message: begun }, { message: more, key: "1" }], variables: { x: , y: }, out: { seen: "${x} ${y}" } }
  - { id: one, activity: ask }
"#,
            "start @begun x=1 z=3
             deliver 0 y=2",
            expect![[r#"
                > start @begun x=1 z=3
                  started variables={"z":3}
                  entered 0 begun
                  given 0 begun locals={"trigger":0,"x":1}
                  set 0 writes=[{"at":["x"],"value":null},{"at":["y"],"value":null}]
                  wrote 0 begun writes=[{"at":["x"],"value":1}]
                  rested 0 begun
                  subscribed 0 begun awaited={"message":{"key":"1","name":"more"}} catch=0 definition=1
                  + subscribe awaited={"message":{"key":"1","name":"more"}} catch=0
                > deliver 0 y=2
                  caught begun catch=0
                  wrote 0 begun writes=[{"at":["seen"],"value":"1 2"}]
                  entered 0 one
                  began 0 one
                  + unsubscribe awaited={"message":{"key":"1","name":"more"}} catch=0
                  + runActivity 0 one activity="ask" attempt=1 parameters={}
                = active
                = {"seen":"1 2","z":3}
                = 0 one {"running":{"attempt":1}}
            "#]],
        ),
        (
            r#"
  - { receive: begun, id: begun, starts: true, variables: { x: }, out: { seen: "${x}" } }
  - { id: one, activity: ask }
"#,
            "start @begun x=1 z=3",
            expect![[r#"
                > start @begun x=1 z=3
                  started variables={"z":3}
                  entered 0 begun
                  set 0 writes=[{"at":["x"],"value":null}]
                  began 0 begun
                  wrote 0 begun writes=[{"at":["seen"],"value":1}]
                  completed 0 begun
                  entered 1 one
                  began 1 one
                  + runActivity 1 one activity="ask" attempt=1 parameters={}
                = active
                = {"seen":1,"z":3}
                = 1 one {"running":{"attempt":1}}
            "#]],
        ),
        (
            r#"
  - starts: true
    await:
      - { message: begun, id: begun, variables: { x: }, out: { seen: "${x}" }, then: one }
      - { message: other, then: one }
  - { id: one, activity: ask }
"#,
            "start @begun x=1 z=3",
            expect![[r#"
                > start @begun x=1 z=3
                  started variables={"z":3}
                  entered 0 begun
                  set 0 writes=[{"at":["x"],"value":null}]
                  wrote 0 begun writes=[{"at":["seen"],"value":1}]
                  entered 0 one
                  began 0 one
                  + runActivity 0 one activity="ask" attempt=1 parameters={}
                = active
                = {"seen":1,"z":3}
                = 0 one {"running":{"attempt":1}}
            "#]],
        ),
        (
            r#"
  - { start: S, id: plain, variables: { x: } }
  - { id: one, activity: ask }
"#,
            "start x=1",
            expect![[r#"
                > start x=1
                  started variables={"x":1}
                  entered 0 plain
                  set 0 writes=[{"at":["x"],"value":null}]
                  entered 0 one
                  began 0 one
                  + runActivity 0 one activity="ask" attempt=1 parameters={}
                = active
                = {"x":1}
                = 0 one {"running":{"attempt":1}}
            "#]],
        ),
    ] {
        check(steps, script, trace);
    }
}

#[test]
fn what_begins_an_instance_is_kept_for_the_properties_until_the_process_can_begin() {
    check(
        r#"
  - { receive: begun, id: begun, starts: true, variables: { x: }, out: { seen: "${x}" } }
events:
  - { cycle: "${pause}", id: late, interrupting: false, steps: [{ do: nothing }] }
"#,
        "start @begun x=1
         set !pause=R/PT1M
         retry begun",
        expect![[r#"
            > start @begun x=1
              started variables={}
              entered 0 begun
              given 0 begun locals={"x":1}
              incidentRaised 0 begun message="timer `late.start`: there is no variable pause; if it may be missing, ask execution.hasVariable(\"pause\") first (at character 3 of ${pause})" moment="starting"
            > set !pause=R/PT1M
              set writes=[{"at":["pause"],"value":"R/PT1M"}]
            > retry begun
              incidentTakenUp 0 begun
              armed timer 0 late.start due 1m then={"cycle":"R/PT1M"}
              entered 0 begun
              set 0 writes=[{"at":["x"],"value":null}]
              began 0 begun
              wrote 0 begun writes=[{"at":["seen"],"value":1}]
              completed 0 begun
              entered 1 end
              ended 1 end
              disarmed timer 0 late.start
              finished
              + armTimer timer 0 due 1m
              + disarmTimer timer 0 due 1m
            = completed end
            = {"pause":"R/PT1M","seen":1}
        "#]],
    );
}
