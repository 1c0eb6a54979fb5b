//! Stories of embedded sub-processes: what they see and hand out, and how they end.

use expect_test::expect;

use super::check::check;

const IN_AND_OUT: &str = r#"
  - id: inside
    with: { n: "${n + 1}" }
    out: { seen: "${n}" }
    variables: { note: }
    steps:
      - { script: n * 10, result: n }
      - { script: n, result: note }
      - { script: n, result: total }
      - { id: ask, activity: ask, with: { a: "${n}" } }
    on: [{ timer: PT1H, then: late }]
  - { end: Done }
  - { end: Late }
"#;

#[test]
fn a_sub_process_has_variables_of_its_own_and_hands_out_its_outputs() {
    check(
        IN_AND_OUT,
        "start n=1\n done ask !n=7 !total=8",
        expect![[r#"
        > start n=1
          started variables={"n":1}
          entered 0 start
          entered 0 inside
          began 0 inside locals={"n":2}
          armed 0 timer 0 inside.timer due 1h
          opened 0 inside of="subProcess" scope=0 variables={"n":2,"note":null}
          entered 1 inside.start scope=0
          entered 1 inside.step-1
          began 1 inside.step-1
          wrote 1 inside.step-1 writes=[{"at":["n"],"value":20}]
          completed 1 inside.step-1
          entered 2 inside.step-2 scope=0
          began 2 inside.step-2
          wrote 2 inside.step-2 writes=[{"at":["note"],"value":20}]
          completed 2 inside.step-2
          entered 3 inside.step-3 scope=0
          began 3 inside.step-3
          wrote 3 inside.step-3 writes=[{"at":["total"],"value":20}]
          completed 3 inside.step-3
          entered 4 ask scope=0
          began 4 ask locals={"a":20}
          + armTimer timer 0 due 1h
          + runActivity 4 ask activity="ask" attempt=1 parameters={"a":20}
        > done ask !n=7 !total=8
          wrote 4 ask writes=[{"at":["n"],"value":7},{"at":["total"],"value":8}]
          completed 4 ask
          entered 5 inside.end scope=0
          ended 5 inside.end
          wrote 0 inside writes=[{"at":["seen"],"value":7}]
          disarmed timer 0 inside.timer
          closed inside scope=0
          completed 0 inside
          entered 6 done
          ended 6 done
          finished
          + disarmTimer timer 0 due 1h
        = completed inside.end done
        = {"n":1,"seen":7,"total":8}
    "#]],
    );
}

#[test]
fn the_boundary_event_of_a_sub_process_ends_all_that_is_in_it() {
    check(
        IN_AND_OUT,
        "start n=1\n wait 3600",
        expect![[r#"
        > start n=1
          started variables={"n":1}
          entered 0 start
          entered 0 inside
          began 0 inside locals={"n":2}
          armed 0 timer 0 inside.timer due 1h
          opened 0 inside of="subProcess" scope=0 variables={"n":2,"note":null}
          entered 1 inside.start scope=0
          entered 1 inside.step-1
          began 1 inside.step-1
          wrote 1 inside.step-1 writes=[{"at":["n"],"value":20}]
          completed 1 inside.step-1
          entered 2 inside.step-2 scope=0
          began 2 inside.step-2
          wrote 2 inside.step-2 writes=[{"at":["note"],"value":20}]
          completed 2 inside.step-2
          entered 3 inside.step-3 scope=0
          began 3 inside.step-3
          wrote 3 inside.step-3 writes=[{"at":["total"],"value":20}]
          completed 3 inside.step-3
          entered 4 ask scope=0
          began 4 ask locals={"a":20}
          + armTimer timer 0 due 1h
          + runActivity 4 ask activity="ask" attempt=1 parameters={"a":20}
        > wait 3600
          1h timer 0 is due
          fired timer 0 inside.timer
          wrote 0 inside writes=[{"at":["_timedOut"],"value":true}]
          withdrawn 4 ask
          closed inside scope=0
          interrupted 0 inside by="inside.timer"
          entered 5 inside.timer
          entered 5 late
          ended 5 late
          finished
        = completed late
        = {"_timedOut":true,"n":1,"total":20}
    "#]],
    );
    check(
        IN_AND_OUT,
        "start n=1\n cancel enough",
        expect![[r#"
        > start n=1
          started variables={"n":1}
          entered 0 start
          entered 0 inside
          began 0 inside locals={"n":2}
          armed 0 timer 0 inside.timer due 1h
          opened 0 inside of="subProcess" scope=0 variables={"n":2,"note":null}
          entered 1 inside.start scope=0
          entered 1 inside.step-1
          began 1 inside.step-1
          wrote 1 inside.step-1 writes=[{"at":["n"],"value":20}]
          completed 1 inside.step-1
          entered 2 inside.step-2 scope=0
          began 2 inside.step-2
          wrote 2 inside.step-2 writes=[{"at":["note"],"value":20}]
          completed 2 inside.step-2
          entered 3 inside.step-3 scope=0
          began 3 inside.step-3
          wrote 3 inside.step-3 writes=[{"at":["total"],"value":20}]
          completed 3 inside.step-3
          entered 4 ask scope=0
          began 4 ask locals={"a":20}
          + armTimer timer 0 due 1h
          + runActivity 4 ask activity="ask" attempt=1 parameters={"a":20}
        > cancel enough
          disarmed timer 0 inside.timer
          withdrawn 4 ask
          closed inside scope=0
          withdrawn 0 inside
          cancelled reason="enough"
          + disarmTimer timer 0 due 1h
        = cancelled
        = {"n":1,"total":20}
    "#]],
    );
}

#[test]
fn an_input_or_an_output_without_a_value_is_an_incident_that_a_retry_or_a_resolve_mends() {
    const DARK: &str = r#"
  - id: inside
    with: { n: "${given}" }
    out: { seen: "${found}" }
    steps: [{ id: ask, activity: ask }]
    on: [{ timer: PT1H, then: end }]
"#;
    check(
        DARK,
        "start
         retry 0
         set !given=1
         retry inside
         done ask
         done 0
         retry 0
         set !found=2
         retry 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 inside
              incidentRaised 0 inside message="input `n`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="entering"
            > retry 0
              incidentTakenUp 0 inside
              incidentRaised 0 inside message="input `n`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="entering"
            > set !given=1
              set writes=[{"at":["given"],"value":1}]
            > retry inside
              incidentTakenUp 0 inside
              began 0 inside locals={"n":1}
              armed 0 timer 0 inside.timer due 1h
              opened 0 inside of="subProcess" scope=0 variables={"n":1}
              entered 1 inside.start scope=0
              entered 1 ask
              began 1 ask
              + armTimer timer 0 due 1h
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > done ask
              completed 1 ask
              entered 2 inside.end scope=0
              ended 2 inside.end
              incidentRaised 0 inside message="output `seen`: there is no variable found; if it may be missing, ask execution.hasVariable(\"found\") first (at character 3 of ${found})" moment="leaving"
            > done 0
            ! path 0 at `inside` does not wait for an answer
            > retry 0
              incidentTakenUp 0 inside
              rested 0 inside
              incidentRaised 0 inside message="output `seen`: there is no variable found; if it may be missing, ask execution.hasVariable(\"found\") first (at character 3 of ${found})" moment="leaving"
            > set !found=2
              set writes=[{"at":["found"],"value":2}]
            > retry 0
              incidentTakenUp 0 inside
              rested 0 inside
              wrote 0 inside writes=[{"at":["seen"],"value":2}]
              disarmed timer 0 inside.timer
              closed inside scope=0
              completed 0 inside
              entered 3 end
              ended 3 end
              finished
              + disarmTimer timer 0 due 1h
            = completed inside.end end
            = {"found":2,"given":1,"seen":2}
        "#]],
    );
    check(
        DARK,
        "start\n resolve 0 !given=1",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 inside
          incidentRaised 0 inside message="input `n`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="entering"
        > resolve 0 !given=1
          incidentTakenUp 0 inside resolved=true
          wrote 0 inside writes=[{"at":["given"],"value":1}]
          completed 0 inside
          entered 1 end
          ended 1 end
          finished
        = completed end
        = {"given":1}
    "#]],
    );
    check(
        DARK,
        "start given=1\n done 1\n resolve 0 !seen=3",
        expect![[r#"
        > start given=1
          started variables={"given":1}
          entered 0 start
          entered 0 inside
          began 0 inside locals={"n":1}
          armed 0 timer 0 inside.timer due 1h
          opened 0 inside of="subProcess" scope=0 variables={"n":1}
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + armTimer timer 0 due 1h
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > done 1
          completed 1 ask
          entered 2 inside.end scope=0
          ended 2 inside.end
          incidentRaised 0 inside message="output `seen`: there is no variable found; if it may be missing, ask execution.hasVariable(\"found\") first (at character 3 of ${found})" moment="leaving"
        > resolve 0 !seen=3
          incidentTakenUp 0 inside resolved=true
          wrote 0 inside writes=[{"at":["seen"],"value":3}]
          disarmed timer 0 inside.timer
          closed inside scope=0
          completed 0 inside
          entered 3 end
          ended 3 end
          finished
          + disarmTimer timer 0 due 1h
        = completed inside.end end
        = {"given":1,"seen":3}
    "#]],
    );
    check(
        DARK,
        "start given=1\n done 1\n wait 3600",
        expect![[r#"
        > start given=1
          started variables={"given":1}
          entered 0 start
          entered 0 inside
          began 0 inside locals={"n":1}
          armed 0 timer 0 inside.timer due 1h
          opened 0 inside of="subProcess" scope=0 variables={"n":1}
          entered 1 inside.start scope=0
          entered 1 ask
          began 1 ask
          + armTimer timer 0 due 1h
          + runActivity 1 ask activity="ask" attempt=1 parameters={}
        > done 1
          completed 1 ask
          entered 2 inside.end scope=0
          ended 2 inside.end
          incidentRaised 0 inside message="output `seen`: there is no variable found; if it may be missing, ask execution.hasVariable(\"found\") first (at character 3 of ${found})" moment="leaving"
        > wait 3600
          1h timer 0 is due
          fired timer 0 inside.timer
          wrote 0 inside writes=[{"at":["_timedOut"],"value":true}]
          closed inside scope=0
          interrupted 0 inside by="inside.timer"
          entered 3 inside.timer
          entered 3 end
          ended 3 end
          finished
        = completed inside.end end
        = {"_timedOut":true,"given":1}
    "#]],
    );
}

#[test]
fn a_variable_of_a_sub_process_without_a_value_is_an_incident_and_the_boundary_events_stay() {
    check(
        r#"
  - id: inside
    variables: { n: "${given}" }
    steps: [{ id: ask, activity: ask, with: { a: "${n}" } }]
    on: [{ timer: PT1H, interrupting: false, then: remind }]
  - { end: Done }
  - { do: nothing, id: remind, then: done }
"#,
        "start
         set !given=1
         retry 0
         wait 3600
         done 1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 inside
              began 0 inside
              armed 0 timer 0 inside.timer due 1h
              incidentRaised 0 inside message="variable `n`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="running"
              + armTimer timer 0 due 1h
            > set !given=1
              set writes=[{"at":["given"],"value":1}]
            > retry 0
              incidentTakenUp 0 inside
              began 0 inside
              opened 0 inside of="subProcess" scope=0 variables={"n":1}
              entered 1 inside.start scope=0
              entered 1 ask
              began 1 ask locals={"a":1}
              + runActivity 1 ask activity="ask" attempt=1 parameters={"a":1}
            > wait 3600
              1h timer 0 is due
              fired timer 0 inside.timer
              entered 2 inside.timer
              entered 2 remind
              began 2 remind
              completed 2 remind
              entered 3 done
              ended 3 done
            > done 1
              completed 1 ask
              entered 4 inside.end scope=0
              ended 4 inside.end
              closed inside scope=0
              completed 0 inside
              entered 5 done
              ended 5 done
              finished
            = completed done inside.end done
            = {"given":1}
        "#]],
    );
}

#[test]
fn sub_processes_nest_and_a_write_goes_to_the_innermost_that_has_the_variable() {
    check(
        r#"
  - id: outer
    with: { n: 1 }
    steps:
      - id: inner
        with: { m: 2 }
        steps:
          - { script: 10, result: n }
          - { script: 20, result: m }
          - { script: 30, result: o }
          - { id: ask, activity: ask }
      - { id: after, activity: ask, with: { a: "${n}", b: "${o}" } }
"#,
        "start n=0
         set-in 1 !m=21
         set !n=5
         done ask
         done after",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              entered 0 start
              entered 0 outer
              began 0 outer locals={"n":1}
              opened 0 outer of="subProcess" scope=0 variables={"n":1}
              entered 1 outer.start scope=0
              entered 1 inner
              began 1 inner locals={"m":2}
              opened 1 inner of="subProcess" scope=1 variables={"m":2}
              entered 2 inner.start scope=1
              entered 2 inner.step-1
              began 2 inner.step-1
              wrote 2 inner.step-1 writes=[{"at":["n"],"value":10}]
              completed 2 inner.step-1
              entered 3 inner.step-2 scope=1
              began 3 inner.step-2
              wrote 3 inner.step-2 writes=[{"at":["m"],"value":20}]
              completed 3 inner.step-2
              entered 4 inner.step-3 scope=1
              began 4 inner.step-3
              wrote 4 inner.step-3 writes=[{"at":["o"],"value":30}]
              completed 4 inner.step-3
              entered 5 ask scope=1
              began 5 ask
              + runActivity 5 ask activity="ask" attempt=1 parameters={}
            > set-in 1 !m=21
              set scope=1 writes=[{"at":["m"],"value":21}]
            > set !n=5
              set writes=[{"at":["n"],"value":5}]
            > done ask
              completed 5 ask
              entered 6 inner.end scope=1
              ended 6 inner.end
              closed inner scope=1
              completed 1 inner
              entered 7 after scope=0
              began 7 after locals={"a":10,"b":30}
              + runActivity 7 after activity="ask" attempt=1 parameters={"a":10,"b":30}
            > done after
              completed 7 after
              entered 8 outer.end scope=0
              ended 8 outer.end
              closed outer scope=0
              completed 0 outer
              entered 9 end
              ended 9 end
              finished
            = completed inner.end outer.end end
            = {"n":5,"o":30}
        "#]],
    );
}

#[test]
fn a_sub_process_without_a_start_event_begins_at_all_that_nothing_leads_to() {
    check(
        r#"
  - id: both
    startless: true
    steps:
      - { id: left, activity: ask, then: [] }
      - { id: right, activity: ask, then: [] }
"#,
        "start\n done 2\n done 1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 both
              began 0 both
              opened 0 both of="subProcess" scope=0
              entered 1 left scope=0
              began 1 left
              entered 2 right scope=0
              began 2 right
              + runActivity 1 left activity="ask" attempt=1 parameters={}
              + runActivity 2 right activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 right
              ended 2 right
            > done 1
              completed 1 left
              ended 1 left
              closed both scope=0
              completed 0 both
              entered 3 end
              ended 3 end
              finished
            = completed right left end
        "#]],
    );
}

#[test]
fn a_terminate_end_event_ends_its_sub_process_and_nothing_around_it() {
    check(
        r#"
  - { id: fork, parallel: [inside, beside] }
  - id: inside
    steps:
      - { id: split, parallel: [ask, stop] }
      - { id: ask, activity: ask }
      - { id: stop, activity: ask, then: halt }
      - { end: Halt, terminate: true }
    then: end
  - { id: beside, activity: ask }
"#,
        "start\n done stop\n done beside",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 inside
              began 0 inside
              opened 0 inside of="subProcess" scope=0
              entered 1 beside
              began 1 beside
              entered 2 inside.start scope=0
              entered 2 split
              entered 2 ask
              began 2 ask
              entered 3 stop scope=0
              began 3 stop
              + runActivity 1 beside activity="ask" attempt=1 parameters={}
              + runActivity 2 ask activity="ask" attempt=1 parameters={}
              + runActivity 3 stop activity="ask" attempt=1 parameters={}
            > done stop
              completed 3 stop
              entered 4 halt scope=0
              ended 4 halt
              withdrawn 2 ask
              closed inside scope=0
              completed 0 inside
              entered 5 end
              ended 5 end
            > done beside
              completed 1 beside
              entered 6 end
              ended 6 end
              finished
            = completed halt end end
        "#]],
    );
}

#[test]
fn the_outputs_of_a_sub_process_see_its_variables_as_they_are_now() {
    check(
        r#"
  - id: inside
    with: { n: 1 }
    out: { result: "${n}" }
    steps: [{ script: n + 1, result: n }]
    on: [{ condition: "n == 5", interrupting: false, then: noted }]
  - { end: Done }
  - { end: Noted }
"#,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 inside
              began 0 inside locals={"n":1}
              subscribed 0 inside.condition awaited={"condition":{"held":false}} catch=0
              opened 0 inside of="subProcess" scope=0 variables={"n":1}
              entered 1 inside.start scope=0
              entered 1 inside.step-1
              began 1 inside.step-1
              wrote 1 inside.step-1 writes=[{"at":["n"],"value":2}]
              completed 1 inside.step-1
              entered 2 inside.end scope=0
              ended 2 inside.end
              wrote 0 inside writes=[{"at":["result"],"value":2}]
              unsubscribed inside.condition catch=0
              closed inside scope=0
              completed 0 inside
              entered 3 done
              ended 3 done
              finished
            = completed inside.end done
            = {"result":2}
        "#]],
    );
}

#[test]
fn a_sub_process_that_is_left_lets_no_join_around_it_go_on() {
    check(
        r#"
  - { start: Start, then: [one, two, inside] }
  - { id: one, activity: ask, then: join }
  - { id: two, activity: ask, then: join }
  - { id: inside, steps: [{ id: work, activity: work }], on: [{ error: Lost, then: end }], then: end }
  - { id: join, include: [end] }
"#,
        "start\n done one\n error work Lost\n done two",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              entered 2 inside
              began 2 inside
              opened 2 inside of="subProcess" scope=0
              entered 3 inside.start scope=0
              entered 3 work
              began 3 work
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
              + runActivity 3 work activity="work" attempt=1 parameters={}
            > done one
              completed 0 one
              entered 4 join
              arrived 4 join flow="one.flow1"
            > error work Lost
              errorRaised 3 work code="Lost" message=""
              withdrawn 3 work
              closed inside scope=0
              interrupted 2 inside by="inside.Lost"
              entered 5 inside.Lost
              entered 5 end
              ended 5 end
            > done two
              completed 1 two
              entered 6 join
              arrived 6 join flow="two.flow1"
              joined 4 join with=[6]
              entered 4 end
              ended 4 end
              finished
            = completed end end
        "#]],
    );
}
