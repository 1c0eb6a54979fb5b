//! Stories of the boundary events of sub-processes.

use expect_test::expect;

use super::check::check;

const EVERY_KIND: &str = r#"
  - id: inside
    steps:
      - { id: ask, activity: ask }
      - { throw: Up, escalation: Up }
      - { id: then, activity: ask }
    on:
      - { message: stop, key: "${key}", out: { word: "${text}" }, then: stopped }
      - { message: note, interrupting: false, then: noted }
      - { signal: alarm, interrupting: false, then: noted }
      - { condition: n > 3, interrupting: false, then: noted }
      - { cycle: R2/PT1M, interrupting: false, then: noted }
      - { error: Lost, then: lost }
      - { escalation: Up, interrupting: false, code: what, then: noted }
  - { end: Done }
  - { end: Stopped }
  - { end: Noted }
  - { end: Lost }
"#;

#[test]
fn boundary_events_that_do_not_interrupt_leave_the_sub_process_alone() {
    check(
        EVERY_KIND,
        "start key=k n=1
         deliver 1 x=1
         signal alarm y=2
         set !n=4
         set !n=1
         set !n=5
         wait 180
         done 1
         done 8",
        expect![[r#"
            > start key=k n=1
              started variables={"key":"k","n":1}
              entered 0 start
              entered 0 inside
              began 0 inside
              subscribed 0 inside.stop awaited={"message":{"key":"k","name":"stop"}} catch=0
              subscribed 0 inside.note awaited={"message":{"name":"note"}} catch=1
              subscribed 0 inside.alarm awaited={"signal":{"name":"alarm"}} catch=2
              subscribed 0 inside.condition awaited={"condition":{"held":false}} catch=3
              armed 0 timer 0 inside.timer due 1m then={"cycle":"R1/PT1M"}
              opened 0 inside of="subProcess" scope=0
              entered 1 inside.start scope=0
              entered 1 ask
              began 1 ask
              + subscribe awaited={"message":{"key":"k","name":"stop"}} catch=0
              + subscribe awaited={"message":{"name":"note"}} catch=1
              + subscribe awaited={"signal":{"name":"alarm"}} catch=2
              + armTimer timer 0 due 1m
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > deliver 1 x=1
              caught inside.note again=true catch=1
              entered 2 inside.note
              given 2 inside.note locals={"x":1}
              wrote 2 inside.note writes=[{"at":["x"],"value":1}]
              entered 2 noted
              ended 2 noted
            > signal alarm y=2
              caught inside.alarm again=true catch=2
              entered 3 inside.alarm
              given 3 inside.alarm locals={"y":2}
              wrote 3 inside.alarm writes=[{"at":["y"],"value":2}]
              entered 3 noted
              ended 3 noted
            > set !n=4
              set writes=[{"at":["n"],"value":4}]
              turned inside.condition catch=3 held=true
              caught inside.condition again=true catch=3
              entered 4 inside.condition
              entered 4 noted
              ended 4 noted
            > set !n=1
              set writes=[{"at":["n"],"value":1}]
              turned inside.condition catch=3 held=false
            > set !n=5
              set writes=[{"at":["n"],"value":5}]
              turned inside.condition catch=3 held=true
              caught inside.condition again=true catch=3
              entered 5 inside.condition
              entered 5 noted
              ended 5 noted
            > wait 180
              1m timer 0 is due
              fired timer 0 inside.timer
              armed 0 timer 1 inside.timer due 2m
              entered 6 inside.timer
              entered 6 noted
              ended 6 noted
              + armTimer timer 1 due 2m
              2m timer 1 is due
              fired timer 1 inside.timer
              entered 7 inside.timer
              entered 7 noted
              ended 7 noted
            > done 1
              completed 1 ask
              entered 8 up scope=0
              escalated 8 up code="Up"
              entered 9 inside.Up
              given 9 inside.Up locals={"what":"Up"}
              wrote 9 inside.Up writes=[{"at":["what"],"value":"Up"}]
              entered 8 then
              began 8 then
              entered 9 noted
              ended 9 noted
              + runActivity 8 then activity="ask" attempt=1 parameters={}
            > done 8
              completed 8 then
              entered 10 inside.end scope=0
              ended 10 inside.end
              unsubscribed inside.stop catch=0
              unsubscribed inside.note catch=1
              unsubscribed inside.alarm catch=2
              unsubscribed inside.condition catch=3
              closed inside scope=0
              completed 0 inside
              entered 11 done
              ended 11 done
              finished
              + unsubscribe awaited={"message":{"key":"k","name":"stop"}} catch=0
              + unsubscribe awaited={"message":{"name":"note"}} catch=1
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
            = completed noted noted noted noted noted noted noted inside.end done
            = {"key":"k","n":5,"what":"Up","x":1,"y":2}
        "#]],
    );
}

#[test]
fn boundary_events_that_interrupt_end_the_sub_process() {
    check(
        EVERY_KIND,
        "start key=k n=1\n deliver 0 text=stop",
        expect![[r#"
        > start key=k n=1
          started variables={"key":"k","n":1}
          entered 0 start
          entered 0 inside
          began 0 inside
          subscribed 0 inside.stop awaited={"message":{"key":"k","name":"stop"}} catch=0
          subscribed 0 inside.note awaited={"message":{"name":"note"}} catch=1
          subscribed 0 inside.alarm awaited={"signal":{"name":"alarm"}} catch=2
          subscribed 0 inside.condition awaited={"condition":{"held":false}} catch=3
          armed 0 timer 0 inside.timer due 1m then={"cycle":"R1/PT1M"}
          opened 0 inside of="subProcess" scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + subscribe awaited={"message":{"key":"k","name":"stop"}} catch=0
          + subscribe awaited={"message":{"name":"note"}} catch=1
          + subscribe awaited={"signal":{"name":"alarm"}} catch=2
          + armTimer timer 0 due 1m
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver 0 text=stop
          caught inside.stop catch=0
          disarmed timer 0 inside.timer
          unsubscribed inside.note catch=1
          unsubscribed inside.alarm catch=2
          unsubscribed inside.condition catch=3
          withdrawn 1 ask
          closed inside scope=0
          interrupted 0 inside by="inside.stop"
          entered 2 inside.stop
          given 2 inside.stop locals={"text":"stop"}
          wrote 2 inside.stop writes=[{"at":["word"],"value":"stop"}]
          entered 2 stopped
          ended 2 stopped
          finished
          + unsubscribe awaited={"message":{"key":"k","name":"stop"}} catch=0
          + disarmTimer timer 0 due 1m
          + unsubscribe awaited={"message":{"name":"note"}} catch=1
          + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
        = completed stopped
        = {"key":"k","n":1,"word":"stop"}
    "#]],
    );
    check(
        EVERY_KIND,
        "start key=k n=1\n error 1 Lost it is gone",
        expect![[r#"
        > start key=k n=1
          started variables={"key":"k","n":1}
          entered 0 start
          entered 0 inside
          began 0 inside
          subscribed 0 inside.stop awaited={"message":{"key":"k","name":"stop"}} catch=0
          subscribed 0 inside.note awaited={"message":{"name":"note"}} catch=1
          subscribed 0 inside.alarm awaited={"signal":{"name":"alarm"}} catch=2
          subscribed 0 inside.condition awaited={"condition":{"held":false}} catch=3
          armed 0 timer 0 inside.timer due 1m then={"cycle":"R1/PT1M"}
          opened 0 inside of="subProcess" scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + subscribe awaited={"message":{"key":"k","name":"stop"}} catch=0
          + subscribe awaited={"message":{"name":"note"}} catch=1
          + subscribe awaited={"signal":{"name":"alarm"}} catch=2
          + armTimer timer 0 due 1m
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > error 1 Lost it is gone
          errorRaised 1 ask code="Lost" message="it is gone"
          disarmed timer 0 inside.timer
          unsubscribed inside.stop catch=0
          unsubscribed inside.note catch=1
          unsubscribed inside.alarm catch=2
          unsubscribed inside.condition catch=3
          withdrawn 1 ask
          closed inside scope=0
          interrupted 0 inside by="inside.Lost"
          entered 2 inside.Lost
          entered 2 lost
          ended 2 lost
          finished
          + disarmTimer timer 0 due 1m
          + unsubscribe awaited={"message":{"key":"k","name":"stop"}} catch=0
          + unsubscribe awaited={"message":{"name":"note"}} catch=1
          + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
        = completed lost
        = {"key":"k","n":1}
    "#]],
    );
}
