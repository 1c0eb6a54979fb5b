//! Stories of event sub-processes: what starts them, what they end, and what they throw themselves.

use expect_test::expect;

use super::check::check;

const BESIDE: &str = r#"
  - { id: ask, activity: ask }
  - { end: Done }
events:
  - message: note
    id: noted
    interrupting: false
    out: { word: "${text}" }
    steps: [{ id: read, activity: work, with: { a: "${word}" } }]
  - signal: alarm
    id: alarmed
    steps: [{ id: flee, activity: work }]
  - cycle: R2/PT1M
    id: timed
    interrupting: false
    steps: [{ do: nothing, id: tick }]
  - condition: n > 3
    id: grown
    interrupting: false
    variables: { own: "${n}" }
    steps: [{ script: own + 1, result: n }]
"#;

#[test]
fn an_event_sub_process_runs_beside_its_scope_as_often_as_it_is_triggered() {
    check(
        BESIDE,
        "start n=0
         deliver noted.start text=a
         deliver noted.start text=b
         wait 120
         set !n=4
         done ask
         done read
         done read",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              subscribed noted.start awaited={"message":{"name":"note"}} catch=0
              subscribed alarmed.start awaited={"signal":{"name":"alarm"}} catch=1
              armed timer 0 timed.start due 1m then={"cycle":"R1/PT1M"}
              subscribed grown.start awaited={"condition":{"held":false}} catch=2
              entered 0 start
              entered 0 ask
              began 0 ask
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + armTimer timer 0 due 1m
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > deliver noted.start text=a
              caught noted.start again=true catch=0
              entered 1 noted
              opened 1 noted of="eventSubProcess" scope=0
              entered 2 noted.start scope=0
              given 2 noted.start locals={"text":"a"}
              wrote 2 noted.start writes=[{"at":["word"],"value":"a"}]
              entered 2 read
              began 2 read locals={"a":"a"}
              + runActivity 2 read activity="work" attempt=1 parameters={"a":"a"}
            > deliver noted.start text=b
              caught noted.start again=true catch=0
              entered 3 noted
              opened 3 noted of="eventSubProcess" scope=1
              entered 4 noted.start scope=1
              given 4 noted.start locals={"text":"b"}
              wrote 4 noted.start writes=[{"at":["word"],"value":"b"}]
              entered 4 read
              began 4 read locals={"a":"b"}
              + runActivity 4 read activity="work" attempt=1 parameters={"a":"b"}
            > wait 120
              1m timer 0 is due
              fired timer 0 timed.start
              armed timer 1 timed.start due 2m
              entered 5 timed
              opened 5 timed of="eventSubProcess" scope=2
              entered 6 timed.start scope=2
              entered 6 tick
              began 6 tick
              completed 6 tick
              entered 7 timed.end scope=2
              ended 7 timed.end
              closed timed scope=2
              completed 5 timed
              + armTimer timer 1 due 2m
              2m timer 1 is due
              fired timer 1 timed.start
              entered 8 timed
              opened 8 timed of="eventSubProcess" scope=3
              entered 9 timed.start scope=3
              entered 9 tick
              began 9 tick
              completed 9 tick
              entered 10 timed.end scope=3
              ended 10 timed.end
              closed timed scope=3
              completed 8 timed
            > set !n=4
              set writes=[{"at":["n"],"value":4}]
              turned grown.start catch=2 held=true
              caught grown.start again=true catch=2
              entered 11 grown
              opened 11 grown of="eventSubProcess" scope=4 variables={"own":4}
              entered 12 grown.start scope=4
              entered 12 grown.step-1
              began 12 grown.step-1
              wrote 12 grown.step-1 writes=[{"at":["n"],"value":5}]
              completed 12 grown.step-1
              entered 13 grown.end scope=4
              ended 13 grown.end
              closed grown scope=4
              completed 11 grown
            > done ask
              completed 0 ask
              entered 14 done
              ended 14 done
            > done read
              completed 2 read
              entered 15 noted.end scope=0
              ended 15 noted.end
              closed noted scope=0
              completed 1 noted
            > done read
              completed 4 read
              entered 16 noted.end scope=1
              ended 16 noted.end
              closed noted scope=1
              completed 3 noted
              unsubscribed noted.start catch=0
              unsubscribed alarmed.start catch=1
              unsubscribed grown.start catch=2
              finished
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
            = completed timed.end timed.end grown.end done noted.end noted.end
            = {"n":5,"word":"b"}
        "#]],
    );
}

#[test]
fn an_interrupting_event_sub_process_ends_all_else_in_its_scope() {
    check(
        BESIDE,
        "start n=0
         deliver noted.start text=a
         signal alarm
         signal alarm
         set !n=9
         done flee",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              subscribed noted.start awaited={"message":{"name":"note"}} catch=0
              subscribed alarmed.start awaited={"signal":{"name":"alarm"}} catch=1
              armed timer 0 timed.start due 1m then={"cycle":"R1/PT1M"}
              subscribed grown.start awaited={"condition":{"held":false}} catch=2
              entered 0 start
              entered 0 ask
              began 0 ask
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + armTimer timer 0 due 1m
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > deliver noted.start text=a
              caught noted.start again=true catch=0
              entered 1 noted
              opened 1 noted of="eventSubProcess" scope=0
              entered 2 noted.start scope=0
              given 2 noted.start locals={"text":"a"}
              wrote 2 noted.start writes=[{"at":["word"],"value":"a"}]
              entered 2 read
              began 2 read locals={"a":"a"}
              + runActivity 2 read activity="work" attempt=1 parameters={"a":"a"}
            > signal alarm
              caught alarmed.start catch=1
              withdrawn 0 ask
              withdrawn 2 read
              closed noted scope=0
              withdrawn 1 noted
              disarmed timer 0 timed.start
              unsubscribed noted.start catch=0
              unsubscribed grown.start catch=2
              entered 3 alarmed
              opened 3 alarmed of="eventSubProcess" scope=1
              entered 4 alarmed.start scope=1
              entered 4 flee
              began 4 flee
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
              + disarmTimer timer 0 due 1m
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 4 flee activity="work" attempt=1 parameters={}
            > signal alarm
            > set !n=9
              set writes=[{"at":["n"],"value":9}]
            > done flee
              completed 4 flee
              entered 5 alarmed.end scope=1
              ended 5 alarmed.end
              closed alarmed scope=1
              completed 3 alarmed
              finished
            = completed alarmed.end
            = {"n":9,"word":"a"}
        "#]],
    );
    check(
        BESIDE,
        "start n=9\n cancel enough",
        expect![[r#"
        > start n=9
          started variables={"n":9}
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0
          subscribed alarmed.start awaited={"signal":{"name":"alarm"}} catch=1
          armed timer 0 timed.start due 1m then={"cycle":"R1/PT1M"}
          subscribed grown.start awaited={"condition":{"held":false}} catch=2
          entered 0 start
          entered 0 ask
          began 0 ask
          turned grown.start catch=2 held=true
          caught grown.start again=true catch=2
          entered 1 grown
          opened 1 grown of="eventSubProcess" scope=0 variables={"own":9}
          entered 2 grown.start scope=0
          entered 2 grown.step-1
          began 2 grown.step-1
          wrote 2 grown.step-1 writes=[{"at":["n"],"value":10}]
          completed 2 grown.step-1
          entered 3 grown.end scope=0
          ended 3 grown.end
          closed grown scope=0
          completed 1 grown
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + subscribe awaited={"signal":{"name":"alarm"}} catch=1
          + armTimer timer 0 due 1m
          + runActivity 0 ask activity="ask" attempt=1 parameters={}
        > cancel enough
          withdrawn 0 ask
          disarmed timer 0 timed.start
          unsubscribed noted.start catch=0
          unsubscribed alarmed.start catch=1
          unsubscribed grown.start catch=2
          cancelled reason="enough"
          + disarmTimer timer 0 due 1m
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
          + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
        = cancelled grown.end
        = {"n":10}
    "#]],
    );
}

#[test]
fn an_event_sub_process_of_a_sub_process_sees_its_variables_and_ends_with_it() {
    const INSIDE: &str = r#"
  - id: inside
    with: { n: 1 }
    out: { seen: "${n}" }
    steps: [{ id: ask, activity: ask }]
    events:
      - timer: PT1H
        id: late
        steps: [{ script: n + 1, result: n }, { id: remind, activity: work }]
      - message: note
        id: noted
        interrupting: false
        steps: [{ id: read, activity: work }]
"#;
    check(
        INSIDE,
        "start\n deliver noted.start\n done ask\n wait 3600\n done remind",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside locals={"n":1}
          opened 0 inside of="subProcess" scope=0 variables={"n":1}
          armed timer 0 late.start due 1h scope=0
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver noted.start
          caught noted.start again=true catch=0
          entered 2 noted scope=0
          opened 2 noted of="eventSubProcess" scope=1
          entered 3 noted.start scope=1
          entered 3 read
          began 3 read
          + runActivity 3 read activity="work" attempt=1 parameters={}
        > done ask
          completed 1 ask
          entered 4 inside.end scope=0
          ended 4 inside.end
        > wait 3600
          1h timer 0 is due
          fired timer 0 late.start
          withdrawn 3 read
          closed noted scope=1
          withdrawn 2 noted
          unsubscribed noted.start catch=0
          entered 5 late scope=0
          opened 5 late of="eventSubProcess" scope=2
          entered 6 late.start scope=2
          entered 6 late.step-1
          began 6 late.step-1
          wrote 6 late.step-1 writes=[{"at":["n"],"value":2}]
          completed 6 late.step-1
          entered 7 remind scope=2
          began 7 remind
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 7 remind activity="work" attempt=1 parameters={}
        > done remind
          completed 7 remind
          entered 8 late.end scope=2
          ended 8 late.end
          closed late scope=2
          completed 5 late
          wrote 0 inside writes=[{"at":["seen"],"value":2}]
          closed inside scope=0
          completed 0 inside
          entered 9 end
          ended 9 end
          finished
        = completed inside.end late.end end
        = {"seen":2}
    "#]],
    );
    check(
        INSIDE,
        "start\n deliver noted.start\n done ask\n done read",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside locals={"n":1}
          opened 0 inside of="subProcess" scope=0 variables={"n":1}
          armed timer 0 late.start due 1h scope=0
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=0
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > deliver noted.start
          caught noted.start again=true catch=0
          entered 2 noted scope=0
          opened 2 noted of="eventSubProcess" scope=1
          entered 3 noted.start scope=1
          entered 3 read
          began 3 read
          + runActivity 3 read activity="work" attempt=1 parameters={}
        > done ask
          completed 1 ask
          entered 4 inside.end scope=0
          ended 4 inside.end
        > done read
          completed 3 read
          entered 5 noted.end scope=1
          ended 5 noted.end
          closed noted scope=1
          completed 2 noted
          wrote 0 inside writes=[{"at":["seen"],"value":1}]
          disarmed timer 0 late.start
          unsubscribed noted.start catch=0
          closed inside scope=0
          completed 0 inside
          entered 6 end
          ended 6 end
          finished
          + disarmTimer timer 0 due 1h
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
        = completed inside.end noted.end end
        = {"seen":1}
    "#]],
    );
}

const FAILING: &str = r#"
  - id: inside
    steps:
      - { id: split, parallel: [ask, tell] }
      - { id: ask, activity: ask, then: end }
      - { throw: Tell, escalation: Slow, then: work }
      - { id: work, activity: work, then: over }
      - { end: Over, error: Lost }
    events:
      - { error: Lost, id: lost, code: c, message: m, steps: [{ id: mend, activity: work }, { id: again, choose: [{ when: worse, then: worst }, { otherwise: end }] }, { end: Worst, error: Lost }] }
      - { error: any, id: other, steps: [{ do: nothing, id: shrug }] }
      - { escalation: Slow, id: slow, interrupting: false, steps: [{ id: hurry, activity: work }] }
    on: [{ error: Lost, then: caught }]
  - { end: Done }
  - { end: Caught }
"#;

#[test]
fn an_error_event_sub_process_catches_what_its_scope_throws_and_not_what_it_throws_itself() {
    check(
        FAILING,
        "start worse=false\n done hurry\n done work\n done mend",
        expect![[r#"
        > start worse=false
          started variables={"worse":false}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          entered 1 inside.start scope=0
          entered 1 split
          entered 1 ask
          began 1 ask
          entered 2 tell scope=0
          escalated 2 tell code="Slow"
          entered 3 slow scope=0
          opened 3 slow of="eventSubProcess" scope=1
          entered 4 slow.start scope=1
          entered 2 work
          began 2 work
          entered 4 hurry
          began 4 hurry
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
          + runActivity 2 work activity="work" attempt=1 parameters={}
          + runActivity 4 hurry activity="work" attempt=1 parameters={}
        > done hurry
          completed 4 hurry
          entered 5 slow.end scope=1
          ended 5 slow.end
          closed slow scope=1
          completed 3 slow
        > done work
          completed 2 work
          entered 6 over scope=0
          errorRaised 6 over code="Lost" message=""
          withdrawn 1 ask
          withdrawn 6 over
          entered 7 lost scope=0
          opened 7 lost of="eventSubProcess" scope=2
          entered 8 lost.start scope=2
          given 8 lost.start locals={"c":"Lost","m":""}
          wrote 8 lost.start writes=[{"at":["c"],"value":"Lost"},{"at":["m"],"value":""}]
          entered 8 mend
          began 8 mend
          + runActivity 8 mend activity="work" attempt=1 parameters={}
        > done mend
          completed 8 mend
          entered 9 again scope=2
          entered 9 lost.end
          ended 9 lost.end
          closed lost scope=2
          completed 7 lost
          closed inside scope=0
          completed 0 inside
          entered 10 done
          ended 10 done
          finished
        = completed slow.end lost.end done
        = {"c":"Lost","m":"","worse":false}
    "#]],
    );
    check(
        FAILING,
        "start worse=true\n error work Lost oh\n error mend Odd\n resolve mend",
        expect![[r#"
        > start worse=true
          started variables={"worse":true}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          entered 1 inside.start scope=0
          entered 1 split
          entered 1 ask
          began 1 ask
          entered 2 tell scope=0
          escalated 2 tell code="Slow"
          entered 3 slow scope=0
          opened 3 slow of="eventSubProcess" scope=1
          entered 4 slow.start scope=1
          entered 2 work
          began 2 work
          entered 4 hurry
          began 4 hurry
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
          + runActivity 2 work activity="work" attempt=1 parameters={}
          + runActivity 4 hurry activity="work" attempt=1 parameters={}
        > error work Lost oh
          errorRaised 2 work code="Lost" message="oh"
          withdrawn 1 ask
          withdrawn 2 work
          withdrawn 4 hurry
          closed slow scope=1
          withdrawn 3 slow
          entered 5 lost scope=0
          opened 5 lost of="eventSubProcess" scope=2
          entered 6 lost.start scope=2
          given 6 lost.start locals={"c":"Lost","m":"oh"}
          wrote 6 lost.start writes=[{"at":["c"],"value":"Lost"},{"at":["m"],"value":"oh"}]
          entered 6 mend
          began 6 mend
          + runActivity 6 mend activity="work" attempt=1 parameters={}
        > error mend Odd
          errorRaised 6 mend code="Odd" message=""
          incidentRaised 6 mend message="no boundary event catches the error `Odd`" moment="running"
        > resolve mend
          incidentTakenUp 6 mend resolved=true
          completed 6 mend
          entered 7 again scope=2
          entered 7 worst
          errorRaised 7 worst code="Lost" message=""
          withdrawn 7 worst
          closed lost scope=2
          withdrawn 5 lost
          closed inside scope=0
          interrupted 0 inside by="inside.Lost"
          entered 8 inside.Lost
          entered 8 caught
          ended 8 caught
          finished
        = completed caught
        = {"c":"Lost","m":"oh","worse":true}
    "#]],
    );
    check(
        FAILING,
        "start worse=true\n error ask Odd",
        expect![[r#"
        > start worse=true
          started variables={"worse":true}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          entered 1 inside.start scope=0
          entered 1 split
          entered 1 ask
          began 1 ask
          entered 2 tell scope=0
          escalated 2 tell code="Slow"
          entered 3 slow scope=0
          opened 3 slow of="eventSubProcess" scope=1
          entered 4 slow.start scope=1
          entered 2 work
          began 2 work
          entered 4 hurry
          began 4 hurry
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
          + runActivity 2 work activity="work" attempt=1 parameters={}
          + runActivity 4 hurry activity="work" attempt=1 parameters={}
        > error ask Odd
          errorRaised 1 ask code="Odd" message=""
          withdrawn 1 ask
          withdrawn 2 work
          withdrawn 4 hurry
          closed slow scope=1
          withdrawn 3 slow
          entered 5 other scope=0
          opened 5 other of="eventSubProcess" scope=2
          entered 6 other.start scope=2
          entered 6 shrug
          began 6 shrug
          completed 6 shrug
          entered 7 other.end scope=2
          ended 7 other.end
          closed other scope=2
          completed 5 other
          closed inside scope=0
          completed 0 inside
          entered 8 done
          ended 8 done
          finished
        = completed other.end done
        = {"worse":true}
    "#]],
    );
}

#[test]
fn event_sub_processes_nest() {
    check(
        r#"
  - { id: ask, activity: ask }
events:
  - message: first
    id: outer
    steps: [{ id: work, activity: work }]
    events:
      - { message: second, id: inner, interrupting: false, steps: [{ id: note, activity: work }] }
      - { error: Lost, id: lost, steps: [{ id: mend, activity: work }] }
"#,
        "start
         deliver outer.start
         deliver inner.start
         error note Lost
         done mend",
        expect![[r#"
            > start
              started variables={}
              subscribed outer.start awaited={"message":{"name":"first"}} catch=0
              entered 0 start
              entered 0 ask
              began 0 ask
              + subscribe awaited={"message":{"name":"first"}} catch=0
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > deliver outer.start
              caught outer.start catch=0
              withdrawn 0 ask
              entered 1 outer
              opened 1 outer of="eventSubProcess" scope=0
              subscribed inner.start awaited={"message":{"name":"second"}} catch=1 scope=0
              entered 2 outer.start scope=0
              entered 2 work
              began 2 work
              + unsubscribe awaited={"message":{"name":"first"}} catch=0
              + subscribe awaited={"message":{"name":"second"}} catch=1
              + runActivity 2 work activity="work" attempt=1 parameters={}
            > deliver inner.start
              caught inner.start again=true catch=1
              entered 3 inner scope=0
              opened 3 inner of="eventSubProcess" scope=1
              entered 4 inner.start scope=1
              entered 4 note
              began 4 note
              + runActivity 4 note activity="work" attempt=1 parameters={}
            > error note Lost
              errorRaised 4 note code="Lost" message=""
              withdrawn 2 work
              withdrawn 4 note
              closed inner scope=1
              withdrawn 3 inner
              unsubscribed inner.start catch=1
              entered 5 lost scope=0
              opened 5 lost of="eventSubProcess" scope=2
              entered 6 lost.start scope=2
              entered 6 mend
              began 6 mend
              + unsubscribe awaited={"message":{"name":"second"}} catch=1
              + runActivity 6 mend activity="work" attempt=1 parameters={}
            > done mend
              completed 6 mend
              entered 7 lost.end scope=2
              ended 7 lost.end
              closed lost scope=2
              completed 5 lost
              closed outer scope=0
              completed 1 outer
              finished
            = completed lost.end
        "#]],
    );
}

#[test]
fn what_is_left_of_an_interrupted_scope_is_not_triggered_any_more() {
    check(
        r#"
  - id: inside
    steps: [{ id: ask, activity: ask }]
    events:
      - { signal: stop, id: stopped, steps: [{ throw: Tell, escalation: Slow }, { id: work, activity: work }] }
      - { escalation: Slow, id: slow, interrupting: false, steps: [{ do: nothing, id: hurry }] }
      - { timer: PT1M, id: late, steps: [{ do: nothing, id: tick }] }
    on: [{ escalation: Slow, interrupting: false, then: end }, { timer: PT1H, then: end }]
"#,
        "start\n signal stop\n wait 3600",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 inside
              began 0 inside
              armed 0 timer 0 inside.timer due 1h
              opened 0 inside of="subProcess" scope=0
              subscribed stopped.start awaited={"signal":{"name":"stop"}} catch=0 scope=0
              armed timer 1 late.start due 1m scope=0
              entered 1 inside.start scope=0
              entered 1 ask
              began 1 ask
              + armTimer timer 0 due 1h
              + subscribe awaited={"signal":{"name":"stop"}} catch=0
              + armTimer timer 1 due 1m
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > signal stop
              caught stopped.start catch=0
              withdrawn 1 ask
              disarmed timer 1 late.start
              entered 2 stopped scope=0
              opened 2 stopped of="eventSubProcess" scope=1
              entered 3 stopped.start scope=1
              entered 3 tell
              escalated 3 tell code="Slow"
              entered 4 inside.Slow
              entered 3 work
              began 3 work
              entered 4 end
              ended 4 end
              + unsubscribe awaited={"signal":{"name":"stop"}} catch=0
              + disarmTimer timer 1 due 1m
              + runActivity 3 work activity="work" attempt=1 parameters={}
            > wait 3600
              1h timer 0 is due
              fired timer 0 inside.timer
              wrote 0 inside writes=[{"at":["_timedOut"],"value":true}]
              withdrawn 3 work
              closed stopped scope=1
              withdrawn 2 stopped
              closed inside scope=0
              interrupted 0 inside by="inside.timer"
              entered 5 inside.timer
              entered 5 end
              ended 5 end
              finished
            = completed end end
            = {"_timedOut":true}
        "#]],
    );
}
