//! Stories of errors and escalations on their way out of scopes.

use expect_test::expect;

use super::check::check;

const NESTED: &str = r#"
  - id: outer
    steps:
      - id: inner
        steps: [{ id: ask, activity: ask }, { id: fail, choose: [{ when: bad, then: broken }, { otherwise: end }] }, { end: Broken, error: Lost, message: "it is ${word}" }]
        on: [{ error: Odd, then: odd }]
      - { end: Odd }
    on: [{ error: any, code: c, message: m, then: any }, { error: Lost, message: m, then: lost }]
  - { end: Done }
  - { end: Any }
  - { end: Lost }
"#;

#[test]
fn an_error_goes_outwards_to_the_first_scope_that_catches_it() {
    check(
        NESTED,
        "start bad=true word=gone\n done ask",
        expect![[r#"
        > start bad=true word=gone
          started variables={"bad":true,"word":"gone"}
          entered 0 start
          entered 0 outer
          began 0 outer
          opened 0 outer of="subProcess" scope=0
          entered 1 outer.start scope=0
          entered 1 inner
          began 1 inner
          opened 1 inner of="subProcess" scope=1
          entered 2 inner.start scope=1
          entered 2 ask
          began 2 ask
          + runActivity 2 ask activity="ask" attempt=1 parameters={}
        > done ask
          completed 2 ask
          entered 3 fail scope=1
          entered 3 broken
          errorRaised 3 broken code="Lost" message="it is gone"
          wrote 0 outer writes=[{"at":["m"],"value":"it is gone"}]
          withdrawn 3 broken
          closed inner scope=1
          withdrawn 1 inner
          closed outer scope=0
          interrupted 0 outer by="outer.Lost"
          entered 4 outer.Lost
          entered 4 lost
          ended 4 lost
          finished
        = completed lost
        = {"bad":true,"m":"it is gone","word":"gone"}
    "#]],
    );
    check(
        NESTED,
        "start bad=true word=gone\n error ask Late too late",
        expect![[r#"
        > start bad=true word=gone
          started variables={"bad":true,"word":"gone"}
          entered 0 start
          entered 0 outer
          began 0 outer
          opened 0 outer of="subProcess" scope=0
          entered 1 outer.start scope=0
          entered 1 inner
          began 1 inner
          opened 1 inner of="subProcess" scope=1
          entered 2 inner.start scope=1
          entered 2 ask
          began 2 ask
          + runActivity 2 ask activity="ask" attempt=1 parameters={}
        > error ask Late too late
          errorRaised 2 ask code="Late" message="too late"
          wrote 0 outer writes=[{"at":["c"],"value":"Late"},{"at":["m"],"value":"too late"}]
          withdrawn 2 ask
          closed inner scope=1
          withdrawn 1 inner
          closed outer scope=0
          interrupted 0 outer by="outer.any"
          entered 3 outer.any
          entered 3 any
          ended 3 any
          finished
        = completed any
        = {"bad":true,"c":"Late","m":"too late","word":"gone"}
    "#]],
    );
    check(
        NESTED,
        "start bad=true word=gone\n error ask Odd",
        expect![[r#"
        > start bad=true word=gone
          started variables={"bad":true,"word":"gone"}
          entered 0 start
          entered 0 outer
          began 0 outer
          opened 0 outer of="subProcess" scope=0
          entered 1 outer.start scope=0
          entered 1 inner
          began 1 inner
          opened 1 inner of="subProcess" scope=1
          entered 2 inner.start scope=1
          entered 2 ask
          began 2 ask
          + runActivity 2 ask activity="ask" attempt=1 parameters={}
        > error ask Odd
          errorRaised 2 ask code="Odd" message=""
          withdrawn 2 ask
          closed inner scope=1
          interrupted 1 inner by="inner.Odd"
          entered 3 inner.Odd scope=0
          entered 3 odd
          ended 3 odd
          closed outer scope=0
          completed 0 outer
          entered 4 done
          ended 4 done
          finished
        = completed odd done
        = {"bad":true,"word":"gone"}
    "#]],
    );
}

#[test]
fn an_error_whose_message_has_no_value_is_an_incident_until_it_has() {
    check(
        NESTED,
        "start bad=true\n done ask\n retry broken\n resolve broken !word=away",
        expect![[r#"
            > start bad=true
              started variables={"bad":true}
              entered 0 start
              entered 0 outer
              began 0 outer
              opened 0 outer of="subProcess" scope=0
              entered 1 outer.start scope=0
              entered 1 inner
              began 1 inner
              opened 1 inner of="subProcess" scope=1
              entered 2 inner.start scope=1
              entered 2 ask
              began 2 ask
              + runActivity 2 ask activity="ask" attempt=1 parameters={}
            > done ask
              completed 2 ask
              entered 3 fail scope=1
              entered 3 broken
              incidentRaised 3 broken message="the message of the error: there is no variable word; if it may be missing, ask execution.hasVariable(\"word\") first (at character 9 of ${word})" moment="entering"
            > retry broken
              incidentTakenUp 3 broken
              incidentRaised 3 broken message="the message of the error: there is no variable word; if it may be missing, ask execution.hasVariable(\"word\") first (at character 9 of ${word})" moment="entering"
            > resolve broken !word=away
              incidentTakenUp 3 broken resolved=true
              wrote 3 broken writes=[{"at":["word"],"value":"away"}]
              errorRaised 3 broken code="Lost" message="it is away"
              wrote 0 outer writes=[{"at":["m"],"value":"it is away"}]
              withdrawn 3 broken
              closed inner scope=1
              withdrawn 1 inner
              closed outer scope=0
              interrupted 0 outer by="outer.Lost"
              entered 4 outer.Lost
              entered 4 lost
              ended 4 lost
              finished
            = completed lost
            = {"bad":true,"m":"it is away","word":"away"}
        "#]],
    );
}

#[test]
fn an_error_end_event_that_nothing_catches_ends_the_instance_as_failed() {
    const ALONE: &str = r#"
  - { id: fork, parallel: [ask, inside] }
  - { id: ask, activity: ask, on: [{ timer: PT1H, then: end }], then: end }
  - { id: inside, steps: [{ id: work, activity: work }, { end: Broken, error: Lost }] }
"#;
    check(
        ALONE,
        "start\n done work",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 fork
          entered 0 ask
          began 0 ask
          armed 0 timer 0 ask.timer due 1h
          entered 1 inside
          began 1 inside
          opened 1 inside of="subProcess" scope=0
          entered 2 inside.start scope=0
          entered 2 work
          began 2 work
          + armTimer timer 0 due 1h
          + runActivity 0 ask activity="ask" attempt=1 parameters={}
          + runActivity 2 work activity="work" attempt=1 parameters={}
        > done work
          completed 2 work
          entered 3 broken scope=0
          errorRaised 3 broken code="Lost" message=""
          disarmed timer 0 ask.timer
          withdrawn 0 ask
          withdrawn 3 broken
          closed inside scope=0
          withdrawn 1 inside
          failed code="Lost" message=""
          + disarmTimer timer 0 due 1h
        = failed
    "#]],
    );
    check(
        ALONE,
        "start called\n done work\n done ask",
        expect![[r#"
        > start called
          started called=true variables={}
          entered 0 start
          entered 0 fork
          entered 0 ask
          began 0 ask
          armed 0 timer 0 ask.timer due 1h
          entered 1 inside
          began 1 inside
          opened 1 inside of="subProcess" scope=0
          entered 2 inside.start scope=0
          entered 2 work
          began 2 work
          + armTimer timer 0 due 1h
          + runActivity 0 ask activity="ask" attempt=1 parameters={}
          + runActivity 2 work activity="work" attempt=1 parameters={}
        > done work
          completed 2 work
          entered 3 broken scope=0
          errorRaised 3 broken code="Lost" message=""
          disarmed timer 0 ask.timer
          withdrawn 0 ask
          withdrawn 3 broken
          closed inside scope=0
          withdrawn 1 inside
          failed code="Lost" message=""
          + disarmTimer timer 0 due 1h
        > done ask
        ! the instance has ended
        = failed
    "#]],
    );
    check(
        ALONE,
        "start called\n error work Odd how strange",
        expect![[r#"
        > start called
          started called=true variables={}
          entered 0 start
          entered 0 fork
          entered 0 ask
          began 0 ask
          armed 0 timer 0 ask.timer due 1h
          entered 1 inside
          began 1 inside
          opened 1 inside of="subProcess" scope=0
          entered 2 inside.start scope=0
          entered 2 work
          began 2 work
          + armTimer timer 0 due 1h
          + runActivity 0 ask activity="ask" attempt=1 parameters={}
          + runActivity 2 work activity="work" attempt=1 parameters={}
        > error work Odd how strange
          errorRaised 2 work code="Odd" message="how strange"
          disarmed timer 0 ask.timer
          withdrawn 0 ask
          withdrawn 2 work
          closed inside scope=0
          withdrawn 1 inside
          failed code="Odd" message="how strange"
          + disarmTimer timer 0 due 1h
        = failed
    "#]],
    );
    check(
        ALONE,
        "start\n error work Odd how strange\n retry work\n done work",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 fork
          entered 0 ask
          began 0 ask
          armed 0 timer 0 ask.timer due 1h
          entered 1 inside
          began 1 inside
          opened 1 inside of="subProcess" scope=0
          entered 2 inside.start scope=0
          entered 2 work
          began 2 work
          + armTimer timer 0 due 1h
          + runActivity 0 ask activity="ask" attempt=1 parameters={}
          + runActivity 2 work activity="work" attempt=1 parameters={}
        > error work Odd how strange
          errorRaised 2 work code="Odd" message="how strange"
          incidentRaised 2 work message="no boundary event catches the error `Odd`: how strange" moment="running"
        > retry work
          incidentTakenUp 2 work
          began 2 work
          + runActivity 2 work activity="work" attempt=1 parameters={}
        > done work
          completed 2 work
          entered 3 broken scope=0
          errorRaised 3 broken code="Lost" message=""
          disarmed timer 0 ask.timer
          withdrawn 0 ask
          withdrawn 3 broken
          closed inside scope=0
          withdrawn 1 inside
          failed code="Lost" message=""
          + disarmTimer timer 0 due 1h
        = failed
    "#]],
    );
}

#[test]
fn an_error_of_one_instance_of_a_repeated_activity_leaves_all_of_it() {
    check(
        r#"
  - id: each
    each: { in: users, as: user }
    steps:
      - { id: ask, activity: ask, on: [{ error: Late, then: end }] }
    on: [{ error: any, code: c, then: caught }]
  - { end: Done }
  - { end: Caught }
"#,
        "start users=[1,2,3]
         error 5 Late
         error 4 Lost
         done 6",
        expect![[r#"
            > start users=[1,2,3]
              started variables={"users":[1,2,3]}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":3,"nrOfCompletedInstances":0,"nrOfInstances":3,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0,"user":1}
              began 1 each
              opened 1 each of="subProcess" scope=1 variables={"loopCounter":0,"user":1}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1,"user":2}
              began 2 each
              opened 2 each of="subProcess" scope=2 variables={"loopCounter":1,"user":2}
              entered 3 each scope=0
              given 3 each locals={"loopCounter":2,"user":3}
              began 3 each
              opened 3 each of="subProcess" scope=3 variables={"loopCounter":2,"user":3}
              entered 4 each.start scope=1
              entered 5 each.start scope=2
              entered 6 each.start scope=3
              entered 4 ask
              began 4 ask
              entered 5 ask
              began 5 ask
              entered 6 ask
              began 6 ask
              + runActivity 4 ask activity="ask" attempt=1 parameters={}
              + runActivity 5 ask activity="ask" attempt=1 parameters={}
              + runActivity 6 ask activity="ask" attempt=1 parameters={}
            > error 5 Late
              errorRaised 5 ask code="Late" message=""
              interrupted 5 ask by="ask.Late"
              entered 7 ask.Late scope=2
              entered 7 each.end
              ended 7 each.end
              closed each scope=2
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":2},{"at":["nrOfCompletedInstances"],"value":1}]
            > error 4 Lost
              errorRaised 4 ask code="Lost" message=""
              wrote 0 each writes=[{"at":["c"],"value":"Lost"}]
              withdrawn 4 ask
              closed each scope=1
              withdrawn 1 each
              withdrawn 6 ask
              closed each scope=3
              withdrawn 3 each
              closed each scope=0
              interrupted 0 each by="each.any"
              entered 8 each.any
              entered 8 caught
              ended 8 caught
              finished
            > done 6
            ! the instance has ended
            = completed each.end caught
            = {"c":"Lost","users":[1,2,3]}
        "#]],
    );
}

const ESCALATING: &str = r#"
  - id: inside
    steps:
      - { throw: Tell, escalation: Slow }
      - { id: ask, activity: ask }
      - { end: Told, escalation: Over }
    on:
      - { escalation: Over, code: what, then: over }
      - { escalation: any, code: what, interrupting: false, then: noted }
  - { end: Done }
  - { end: Over }
  - { end: Noted }
"#;

#[test]
fn an_escalation_interrupts_its_scope_only_if_who_catches_it_says_so() {
    check(
        ESCALATING,
        "start\n done ask",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          began 0 inside
          opened 0 inside of="subProcess" scope=0
          entered 1 inside.start scope=0
          entered 1 tell
          escalated 1 tell code="Slow"
          entered 2 inside.escalation
          given 2 inside.escalation locals={"what":"Slow"}
          wrote 2 inside.escalation writes=[{"at":["what"],"value":"Slow"}]
          entered 1 ask
          began 1 ask
          entered 2 noted
          ended 2 noted
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > done ask
          completed 1 ask
          entered 3 told scope=0
          escalated 3 told code="Over"
          withdrawn 3 told
          closed inside scope=0
          interrupted 0 inside by="inside.Over"
          entered 4 inside.Over
          given 4 inside.Over locals={"what":"Over"}
          wrote 4 inside.Over writes=[{"at":["what"],"value":"Over"}]
          entered 4 over
          ended 4 over
          finished
        = completed noted over
        = {"what":"Over"}
    "#]],
    );
}

#[test]
fn an_activity_may_escalate_and_go_on() {
    const CALLING: &str = r#"
  - call: other
    on:
      - { escalation: Slow, interrupting: false, then: end }
      - { escalation: Over, then: over }
  - { end: }
  - { end: Over }
"#;
    check(
        CALLING,
        "start\n escalate other Slow\n waits other\n escalate other Slow\n escalate other Odd\n done other",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 other
              began 0 other
              + call 0 other process="other" variables={} version="latest"
            > escalate other Slow
              escalated 0 other code="Slow"
              entered 1 other.Slow
              entered 1 end
              ended 1 end
            > waits other
              waited 0 other
            > escalate other Slow
              escalated 0 other code="Slow"
              entered 2 other.Slow
              entered 2 end
              ended 2 end
            > escalate other Odd
              escalated 0 other code="Odd"
            > done other
              completed 0 other
              entered 3 end
              ended 3 end
              finished
            = completed end end end
        "#]],
    );
    check(
        CALLING,
        "start\n waits other\n escalate other Over\n escalate 0 Over",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 other
          began 0 other
          + call 0 other process="other" variables={} version="latest"
        > waits other
          waited 0 other
        > escalate other Over
          escalated 0 other code="Over"
          interrupted 0 other by="other.Over"
          entered 1 other.Over
          entered 1 over
          ended 1 over
          finished
          + endCall 0
        > escalate 0 Over
        ! the instance has ended
        = completed over
    "#]],
    );
}

#[test]
fn an_escalation_that_nothing_catches_is_told_to_the_caller_only() {
    const ALONE: &str = "
  - { throw: Tell, escalation: Slow }
  - { end: Told, escalation: Over }
";
    check(
        ALONE,
        "start",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 tell
          escalated 0 tell code="Slow"
          entered 0 told
          escalated 0 told code="Over"
          ended 0 told
          finished
        = completed told
    "#]],
    );
    check(
        ALONE,
        "start called\n heard 0\n heard 0\n heard 0",
        expect![[r#"
            > start called
              started called=true variables={}
              entered 0 start
              entered 0 tell
              escalated 0 tell code="Slow"
              rested 0 tell
              + escalateToCaller 0 code="Slow"
            > heard 0
              entered 0 told
              escalated 0 told code="Over"
              rested 0 told
              + escalateToCaller 0 code="Over"
            > heard 0
              ended 0 told
              finished
            > heard 0
            ! the instance has ended
            = completed told
        "#]],
    );
}

#[test]
fn what_is_behind_an_escalation_waits_until_the_caller_has_heard() {
    // All of an event's escalations are told, and the last lets the path go on.
    let several = r#"
  - { throw: Tell, all: [{ escalation: Slow }, { escalation: Over }, { message: news, key: k }], then: act }
  - { id: act, activity: work }
"#;
    check(
        several,
        "start called\n wait 1\n heard tell\n cancel not needed",
        expect![[r#"
        > start called
          started called=true variables={}
          entered 0 start
          entered 0 tell
          sent 0 tell key="k" name="news"
          escalated 0 tell code="Slow"
          escalated 0 tell code="Over"
          rested 0 tell
          + sendMessage tell key="k" name="news" payload={}
          + escalateToCaller code="Slow"
          + escalateToCaller 0 code="Over"
        > wait 1
        > heard tell
          entered 0 act
          began 0 act
          + runActivity 0 act activity="work" attempt=1 parameters={}
        > cancel not needed
          withdrawn 0 act
          cancelled reason="not needed"
        = cancelled
    "#]],
    );
    check(
        several,
        "start called\n cancel not needed\n heard 0",
        expect![[r#"
        > start called
          started called=true variables={}
          entered 0 start
          entered 0 tell
          sent 0 tell key="k" name="news"
          escalated 0 tell code="Slow"
          escalated 0 tell code="Over"
          rested 0 tell
          + sendMessage tell key="k" name="news" payload={}
          + escalateToCaller code="Slow"
          + escalateToCaller 0 code="Over"
        > cancel not needed
          withdrawn 0 tell
          cancelled reason="not needed"
        > heard 0
        ! the instance has ended
        = cancelled
    "#]],
    );
    // What is caught inside does not wait, and what runs beside goes on.
    let beside = r#"
  - parallel: [scope, aside]
  - id: scope
    steps: [{ throw: Tell, escalation: Slow }, { throw: More, escalation: Over }]
    on: [{ escalation: Slow, interrupting: false, then: end }]
  - { end: Done }
  - { id: aside, activity: work }
"#;
    check(
        beside,
        "start called\n done aside\n heard 2\n heard work",
        expect![[r#"
        > start called
          started called=true variables={}
          entered 0 start
          entered 0 step-1
          entered 0 scope
          began 0 scope
          opened 0 scope of="subProcess" scope=0
          entered 1 aside
          began 1 aside
          entered 2 scope.start scope=0
          entered 2 tell
          escalated 2 tell code="Slow"
          entered 3 scope.Slow
          entered 2 more
          escalated 2 more code="Over"
          rested 2 more
          entered 3 end
          ended 3 end
          + runActivity 1 aside activity="work" attempt=1 parameters={}
          + escalateToCaller 2 code="Over"
        > done aside
          completed 1 aside
          entered 4 end
          ended 4 end
        > heard 2
          entered 2 scope.end
          ended 2 scope.end
          closed scope scope=0
          completed 0 scope
          entered 5 done
          ended 5 done
          finished
        > heard work
        ! the instance has ended
        = completed end end scope.end done
    "#]],
    );
}

#[test]
fn a_call_takes_what_there_is_before_an_error_or_an_escalation_comes() {
    check(
        r#"
  - call: other
    take: { y: "${x}", z: "${x + w}" }
    on: [{ escalation: Slow, interrupting: false, then: end }, { error: Lost, then: end }]
  - { end: Done }
"#,
        "start\n waits other\n take other x=5 n=1\n escalate other Slow\n take other x=6 w=1\n error other Lost\n take other x=1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 other
              began 0 other
              + call 0 other process="other" variables={} version="latest"
            > waits other
              waited 0 other
            > take other x=5 n=1
              wrote 0 other writes=[{"at":["y"],"value":5}]
            > escalate other Slow
              escalated 0 other code="Slow"
              entered 1 other.Slow
              entered 1 end
              ended 1 end
            > take other x=6 w=1
              wrote 0 other writes=[{"at":["y"],"value":6},{"at":["z"],"value":7}]
            > error other Lost
              errorRaised 0 other code="Lost" message=""
              interrupted 0 other by="other.Lost"
              entered 2 other.Lost
              entered 2 end
              ended 2 end
              finished
            > take other x=1
            ! the instance has ended
            = completed end end
            = {"y":6,"z":7}
        "#]],
    );
    check(
        "
  - { call: other, take: all }
  - { id: work, activity: work }
",
        "start\n take other x=5\n done other\n take work x=1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 other
              began 0 other
              + call 0 other process="other" variables={} version="latest"
            > take other x=5
              wrote 0 other writes=[{"at":["x"],"value":5}]
            > done other
              completed 0 other
              entered 1 work
              began 1 work
              + runActivity 1 work activity="work" attempt=1 parameters={}
            > take work x=1
            ! path 1 at `work` does not wait for an answer
            = active
            = {"x":5}
            = 1 work {"running":{"attempt":1}}
        "#]],
    );
}
