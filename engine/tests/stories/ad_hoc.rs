//! Stories of ad-hoc sub-processes: what begins in them, and when they are complete.

use expect_test::expect;

use super::check::{check, play};

fn sub_process(ad_hoc: &str) -> String {
    format!(
        r#"
  - id: any
    adhoc: {{ {ad_hoc} }}
    steps:
      - {{ id: one, activity: ask, then: three }}
      - {{ id: two, activity: ask }}
      - {{ id: three, activity: ask }}
    on: [{{ timer: PT1H, then: late }}]
  - {{ end: Done }}
  - {{ end: Late }}
"#
    )
}

#[test]
fn its_activities_begin_together_and_it_ends_with_the_last_of_them() {
    check(
        &sub_process("order: parallel"),
        "start\n done two\n done one\n done three",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 any
          began 0 any
          armed 0 timer 0 any.timer due 1h
          opened 0 any of="subProcess" scope=0
          entered 1 one scope=0
          began 1 one
          entered 2 two scope=0
          began 2 two
          + armTimer timer 0 due 1h
          + runActivity 1 one activity="ask" attempt=1 parameters={}
          + runActivity 2 two activity="ask" attempt=1 parameters={}
        > done two
          completed 2 two
          ended 2 two
        > done one
          completed 1 one
          entered 3 three scope=0
          began 3 three
          + runActivity 3 three activity="ask" attempt=1 parameters={}
        > done three
          completed 3 three
          ended 3 three
          disarmed timer 0 any.timer
          closed any scope=0
          completed 0 any
          entered 4 done
          ended 4 done
          finished
          + disarmTimer timer 0 due 1h
        = completed two three done
    "#]],
    );
    check(
        &sub_process("order: parallel"),
        "start\n done two\n wait 3600",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 any
          began 0 any
          armed 0 timer 0 any.timer due 1h
          opened 0 any of="subProcess" scope=0
          entered 1 one scope=0
          began 1 one
          entered 2 two scope=0
          began 2 two
          + armTimer timer 0 due 1h
          + runActivity 1 one activity="ask" attempt=1 parameters={}
          + runActivity 2 two activity="ask" attempt=1 parameters={}
        > done two
          completed 2 two
          ended 2 two
        > wait 3600
          1h timer 0 is due
          fired timer 0 any.timer
          wrote 0 any writes=[{"at":["_timedOut"],"value":true}]
          withdrawn 1 one
          closed any scope=0
          interrupted 0 any by="any.timer"
          entered 3 any.timer
          entered 3 late
          ended 3 late
          finished
        = completed two late
        = {"_timedOut":true}
    "#]],
    );
}

#[test]
fn its_activities_begin_one_after_the_other() {
    check(
        &sub_process("order: sequential"),
        "start\n done one\n done three\n done two",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 any
          began 0 any
          armed 0 timer 0 any.timer due 1h
          opened 0 any of="subProcess" pending=["one","two"] scope=0
          tookNext scope=0
          entered 1 one scope=0
          began 1 one
          + armTimer timer 0 due 1h
          + runActivity 1 one activity="ask" attempt=1 parameters={}
        > done one
          completed 1 one
          entered 2 three scope=0
          began 2 three
          + runActivity 2 three activity="ask" attempt=1 parameters={}
        > done three
          completed 2 three
          ended 2 three
          tookNext scope=0
          entered 3 two scope=0
          began 3 two
          + runActivity 3 two activity="ask" attempt=1 parameters={}
        > done two
          completed 3 two
          ended 3 two
          disarmed timer 0 any.timer
          closed any scope=0
          completed 0 any
          entered 4 done
          ended 4 done
          finished
          + disarmTimer timer 0 due 1h
        = completed three two done
    "#]],
    );
}

#[test]
fn when_it_is_complete_what_still_runs_is_ended_and_nothing_new_begins() {
    check(
        &sub_process("until: enough"),
        "start enough=false\n done one !enough=true",
        expect![[r#"
            > start enough=false
              started variables={"enough":false}
              entered 0 start
              entered 0 any
              began 0 any
              armed 0 timer 0 any.timer due 1h
              opened 0 any of="subProcess" scope=0
              entered 1 one scope=0
              began 1 one
              entered 2 two scope=0
              began 2 two
              + armTimer timer 0 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
              + runActivity 2 two activity="ask" attempt=1 parameters={}
            > done one !enough=true
              wrote 1 one writes=[{"at":["enough"],"value":true}]
              completed 1 one
              droppedRest scope=0
              withdrawn 2 two
              disarmed timer 0 any.timer
              closed any scope=0
              completed 0 any
              entered 3 done
              ended 3 done
              finished
              + disarmTimer timer 0 due 1h
            = completed done
            = {"enough":true}
        "#]],
    );
    check(
        &sub_process("until: enough, order: sequential"),
        "start enough=false\n done one !enough=true",
        expect![[r#"
            > start enough=false
              started variables={"enough":false}
              entered 0 start
              entered 0 any
              began 0 any
              armed 0 timer 0 any.timer due 1h
              opened 0 any of="subProcess" pending=["one","two"] scope=0
              tookNext scope=0
              entered 1 one scope=0
              began 1 one
              + armTimer timer 0 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > done one !enough=true
              wrote 1 one writes=[{"at":["enough"],"value":true}]
              completed 1 one
              droppedRest scope=0
              disarmed timer 0 any.timer
              closed any scope=0
              completed 0 any
              entered 2 done
              ended 2 done
              finished
              + disarmTimer timer 0 due 1h
            = completed done
            = {"enough":true}
        "#]],
    );
}

#[test]
fn what_still_runs_may_be_kept_to_its_end() {
    check(
        &sub_process("until: enough, keep: true"),
        "start enough=false\n done one !enough=true\n done two",
        expect![[r#"
            > start enough=false
              started variables={"enough":false}
              entered 0 start
              entered 0 any
              began 0 any
              armed 0 timer 0 any.timer due 1h
              opened 0 any of="subProcess" scope=0
              entered 1 one scope=0
              began 1 one
              entered 2 two scope=0
              began 2 two
              + armTimer timer 0 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
              + runActivity 2 two activity="ask" attempt=1 parameters={}
            > done one !enough=true
              wrote 1 one writes=[{"at":["enough"],"value":true}]
              completed 1 one
              droppedRest scope=0
            > done two
              completed 2 two
              disarmed timer 0 any.timer
              closed any scope=0
              completed 0 any
              entered 3 done
              ended 3 done
              finished
              + disarmTimer timer 0 due 1h
            = completed done
            = {"enough":true}
        "#]],
    );
}

#[test]
fn what_was_complete_once_stays_so_whatever_becomes_of_the_condition() {
    check(
        &sub_process("until: enough, keep: true"),
        "start enough=false\n done two !enough=true\n set !enough=false\n done one",
        expect![[r#"
            > start enough=false
              started variables={"enough":false}
              entered 0 start
              entered 0 any
              began 0 any
              armed 0 timer 0 any.timer due 1h
              opened 0 any of="subProcess" scope=0
              entered 1 one scope=0
              began 1 one
              entered 2 two scope=0
              began 2 two
              + armTimer timer 0 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
              + runActivity 2 two activity="ask" attempt=1 parameters={}
            > done two !enough=true
              wrote 2 two writes=[{"at":["enough"],"value":true}]
              completed 2 two
              droppedRest scope=0
            > set !enough=false
              set writes=[{"at":["enough"],"value":false}]
            > done one
              completed 1 one
              disarmed timer 0 any.timer
              closed any scope=0
              completed 0 any
              entered 3 done
              ended 3 done
              finished
              + disarmTimer timer 0 due 1h
            = completed done
            = {"enough":false}
        "#]],
    );
}

#[test]
fn it_is_an_incident_when_nothing_is_left_and_it_is_not_complete() {
    check(
        &sub_process("until: enough"),
        "start enough=false
         done two
         done one
         done three
         retry any
         set !enough=true
         retry any",
        expect![[r#"
            > start enough=false
              started variables={"enough":false}
              entered 0 start
              entered 0 any
              began 0 any
              armed 0 timer 0 any.timer due 1h
              opened 0 any of="subProcess" scope=0
              entered 1 one scope=0
              began 1 one
              entered 2 two scope=0
              began 2 two
              + armTimer timer 0 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
              + runActivity 2 two activity="ask" attempt=1 parameters={}
            > done two
              completed 2 two
              ended 2 two
            > done one
              completed 1 one
              entered 3 three scope=0
              began 3 three
              + runActivity 3 three activity="ask" attempt=1 parameters={}
            > done three
              completed 3 three
              ended 3 three
              incidentRaised 0 any message="nothing is left to do, but the completion condition does not hold" moment="leaving"
            > retry any
              incidentTakenUp 0 any
              rested 0 any
              incidentRaised 0 any message="nothing is left to do, but the completion condition does not hold" moment="leaving"
            > set !enough=true
              set writes=[{"at":["enough"],"value":true}]
            > retry any
              incidentTakenUp 0 any
              rested 0 any
              disarmed timer 0 any.timer
              closed any scope=0
              completed 0 any
              entered 4 done
              ended 4 done
              finished
              + disarmTimer timer 0 due 1h
            = completed two three done
            = {"enough":true}
        "#]],
    );
}

#[test]
fn a_condition_without_a_value_is_an_incident_and_the_other_activities_go_on() {
    check(
        &sub_process("until: enough"),
        "start
         done two
         done one
         set !enough=false
         retry any
         done three !enough=true",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 any
              began 0 any
              armed 0 timer 0 any.timer due 1h
              opened 0 any of="subProcess" scope=0
              entered 1 one scope=0
              began 1 one
              entered 2 two scope=0
              began 2 two
              + armTimer timer 0 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
              + runActivity 2 two activity="ask" attempt=1 parameters={}
            > done two
              completed 2 two
              incidentRaised 0 any message="the completion condition has no value: there is no variable enough; if it may be missing, ask execution.hasVariable(\"enough\") first (at character 3 of ${enough})" moment="leaving"
              ended 2 two
            > done one
              completed 1 one
              entered 3 three scope=0
              began 3 three
              + runActivity 3 three activity="ask" attempt=1 parameters={}
            > set !enough=false
              set writes=[{"at":["enough"],"value":false}]
            > retry any
              incidentTakenUp 0 any
              rested 0 any
            > done three !enough=true
              wrote 3 three writes=[{"at":["enough"],"value":true}]
              completed 3 three
              droppedRest scope=0
              disarmed timer 0 any.timer
              closed any scope=0
              completed 0 any
              entered 4 done
              ended 4 done
              finished
              + disarmTimer timer 0 due 1h
            = completed two done
            = {"enough":true}
        "#]],
    );
    check(
        &sub_process("until: enough"),
        "start
         done two
         done one
         set !enough=true
         retry any",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 any
              began 0 any
              armed 0 timer 0 any.timer due 1h
              opened 0 any of="subProcess" scope=0
              entered 1 one scope=0
              began 1 one
              entered 2 two scope=0
              began 2 two
              + armTimer timer 0 due 1h
              + runActivity 1 one activity="ask" attempt=1 parameters={}
              + runActivity 2 two activity="ask" attempt=1 parameters={}
            > done two
              completed 2 two
              incidentRaised 0 any message="the completion condition has no value: there is no variable enough; if it may be missing, ask execution.hasVariable(\"enough\") first (at character 3 of ${enough})" moment="leaving"
              ended 2 two
            > done one
              completed 1 one
              entered 3 three scope=0
              began 3 three
              + runActivity 3 three activity="ask" attempt=1 parameters={}
            > set !enough=true
              set writes=[{"at":["enough"],"value":true}]
            > retry any
              incidentTakenUp 0 any
              rested 0 any
              droppedRest scope=0
              withdrawn 3 three
              disarmed timer 0 any.timer
              closed any scope=0
              completed 0 any
              entered 4 done
              ended 4 done
              finished
              + disarmTimer timer 0 due 1h
            = completed two done
            = {"enough":true}
        "#]],
    );
}

#[test]
fn a_list_names_the_activities_that_begin_with_it() {
    check(
        &sub_process("active: which"),
        r#"start which=["three","two"]
         done two
         done three"#,
        expect![[r#"
             > start which=["three","two"]
               started variables={"which":["three","two"]}
               entered 0 start
               entered 0 any
               began 0 any
               armed 0 timer 0 any.timer due 1h
               opened 0 any of="subProcess" scope=0
               entered 1 three scope=0
               began 1 three
               entered 2 two scope=0
               began 2 two
               + armTimer timer 0 due 1h
               + runActivity 1 three activity="ask" attempt=1 parameters={}
               + runActivity 2 two activity="ask" attempt=1 parameters={}
             > done two
               completed 2 two
               ended 2 two
             > done three
               completed 1 three
               ended 1 three
               disarmed timer 0 any.timer
               closed any scope=0
               completed 0 any
               entered 3 done
               ended 3 done
               finished
               + disarmTimer timer 0 due 1h
             = completed two three done
             = {"which":["three","two"]}
         "#]],
    );
    check(
        &sub_process("active: which"),
        r#"start which=["four"]
         set !which=3
         retry any
         set !which=[]
         retry any"#,
        expect![[r#"
             > start which=["four"]
               started variables={"which":["four"]}
               entered 0 start
               entered 0 any
               began 0 any
               armed 0 timer 0 any.timer due 1h
               incidentRaised 0 any message="there is no activity \"four\" inside" moment="running"
               + armTimer timer 0 due 1h
             > set !which=3
               set writes=[{"at":["which"],"value":3}]
             > retry any
               incidentTakenUp 0 any
               began 0 any
               incidentRaised 0 any message="the activities to begin with are a list of their ids" moment="running"
             > set !which=[]
               set writes=[{"at":["which"],"value":[]}]
             > retry any
               incidentTakenUp 0 any
               began 0 any
               opened 0 any of="subProcess" scope=0
               disarmed timer 0 any.timer
               closed any scope=0
               completed 0 any
               entered 1 done
               ended 1 done
               finished
               + disarmTimer timer 0 due 1h
             = completed done
             = {"which":[]}
         "#]],
    );
}

#[test]
fn an_interrupting_event_sub_process_ends_the_order() {
    check(
        r#"
  - id: any
    adhoc: { order: sequential }
    steps: [{ id: one, activity: ask }, { id: two, activity: ask }]
    events: [{ message: stop, id: stopped, steps: [{ id: tidy, activity: ask }] }]
"#,
        "start\n deliver stopped.start\n done tidy",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 any
              began 0 any
              opened 0 any of="subProcess" pending=["one","two"] scope=0
              subscribed stopped.start awaited={"message":{"name":"stop"}} catch=0 scope=0
              tookNext scope=0
              entered 1 one scope=0
              began 1 one
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > deliver stopped.start
              caught stopped.start catch=0
              withdrawn 1 one
              droppedRest scope=0
              entered 2 stopped scope=0
              opened 2 stopped of="eventSubProcess" scope=1
              entered 3 stopped.start scope=1
              entered 3 tidy
              began 3 tidy
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
              + runActivity 3 tidy activity="ask" attempt=1 parameters={}
            > done tidy
              completed 3 tidy
              entered 4 stopped.end scope=1
              ended 4 stopped.end
              closed stopped scope=1
              completed 2 stopped
              closed any scope=0
              completed 0 any
              entered 5 end
              ended 5 end
              finished
            = completed stopped.end end
        "#]],
    );
}

/// A condition that never holds, and an event sub-process that ends all else.
fn interrupted(order: &str, trigger: &str) -> String {
    format!(
        r#"
  - id: any
    adhoc: {{ order: {order}, until: ok }}
    steps:
      - {{ id: one, activity: ask, then: up }}
      - {{ id: two, activity: ask, then: [] }}
      - {{ throw: Up, escalation: Up, id: up, then: [] }}
    events: [{{ {trigger}, id: stopped, steps: [{{ id: tidy, activity: ask }}] }}]
  - {{ end: Done }}
variables: {{ ok: false, n: 0 }}
"#
    )
}

#[test]
fn one_that_its_event_sub_process_interrupts_is_complete_when_that_has_ended() {
    check(
        &interrupted("parallel", "message: stop"),
        "start\n deliver stopped.start\n done tidy",
        expect![[r#"
            > start
              started variables={"n":0,"ok":false}
              entered 0 start
              entered 0 any
              began 0 any
              opened 0 any of="subProcess" scope=0
              subscribed stopped.start awaited={"message":{"name":"stop"}} catch=0 scope=0
              entered 1 one scope=0
              began 1 one
              entered 2 two scope=0
              began 2 two
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + runActivity 1 one activity="ask" attempt=1 parameters={}
              + runActivity 2 two activity="ask" attempt=1 parameters={}
            > deliver stopped.start
              caught stopped.start catch=0
              withdrawn 1 one
              withdrawn 2 two
              droppedRest scope=0
              entered 3 stopped scope=0
              opened 3 stopped of="eventSubProcess" scope=1
              entered 4 stopped.start scope=1
              entered 4 tidy
              began 4 tidy
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
              + runActivity 4 tidy activity="ask" attempt=1 parameters={}
            > done tidy
              completed 4 tidy
              entered 5 stopped.end scope=1
              ended 5 stopped.end
              closed stopped scope=1
              completed 3 stopped
              closed any scope=0
              completed 0 any
              entered 6 done
              ended 6 done
              finished
            = completed stopped.end done
            = {"n":0,"ok":false}
        "#]],
    );
    let triggers = [
        ("message: stop", "deliver stopped.start"),
        ("signal: stop", "signal stop"),
        ("timer: PT1M", "wait 60"),
        ("condition: n > 0", "set !n=1"),
        ("error: Lost", "error one Lost"),
        ("escalation: Up", "done one"),
    ];
    for (trigger, told) in triggers {
        // One after the other: while there is more to do, and while the last of them is done.
        for (order, before) in [("parallel", ""), ("sequential", ""), ("sequential", "done one\n")]
        {
            let told = if before.is_empty() {
                told.to_owned()
            } else {
                told.replace("error one", "error two")
            };
            let script = format!("start\n{before}{told}\n done tidy");
            let trace = play(&interrupted(order, trigger), &script);
            assert!(trace.contains("stopped.end done\n= {"), "{trace}");
            assert!(!trace.contains("incident"), "{trace}");
        }
    }
    // It may be stuck already.
    let script = "start\n done one\n done two\n deliver stopped.start\n done tidy";
    let trace = play(&interrupted("parallel", "message: stop"), script);
    assert!(trace.contains("the completion condition does not hold"), "{trace}");
    assert!(trace.contains("stopped.end done\n= {"), "{trace}");
}

/// What may go on beside the first: another way into something new, and a join.
const KEPT: &str = r#"
  - id: any
    adhoc: { until: ok, keep: true }
    steps:
      - { id: a, activity: ask }
      - id: b
        activity: ask
        on:
          - { message: more, interrupting: false, id: more, then: x }
          - { message: other, id: other, then: x }
      - { id: c, activity: ask, then: both }
      - { catch: Came, message: come, id: came, then: x }
      - { id: two, activity: ask, then: both }
      - { id: both, parallel: x }
      - { id: x, activity: ask }
  - { end: Done }
variables: { ok: false }
"#;

#[test]
fn nothing_new_begins_once_it_is_complete_though_what_runs_is_kept() {
    check(
        KEPT,
        "start\n done c\n done a !ok=true\n deliver more\n deliver came\n done two\n deliver other",
        expect![[r#"
            > start
              started variables={"ok":false}
              entered 0 start
              entered 0 any
              began 0 any
              opened 0 any of="subProcess" scope=0
              entered 1 a scope=0
              began 1 a
              entered 2 b scope=0
              began 2 b
              subscribed 2 more awaited={"message":{"name":"more"}} catch=0
              subscribed 2 other awaited={"message":{"name":"other"}} catch=1
              entered 3 c scope=0
              began 3 c
              entered 4 came scope=0
              rested 4 came
              subscribed 4 came awaited={"message":{"name":"come"}} catch=2
              entered 5 two scope=0
              began 5 two
              + runActivity 1 a activity="ask" attempt=1 parameters={}
              + subscribe awaited={"message":{"name":"more"}} catch=0
              + subscribe awaited={"message":{"name":"other"}} catch=1
              + runActivity 2 b activity="ask" attempt=1 parameters={}
              + runActivity 3 c activity="ask" attempt=1 parameters={}
              + subscribe awaited={"message":{"name":"come"}} catch=2
              + runActivity 5 two activity="ask" attempt=1 parameters={}
            > done c
              completed 3 c
              entered 6 both scope=0
              arrived 6 both flow="c.flow1"
            > done a !ok=true
              wrote 1 a writes=[{"at":["ok"],"value":true}]
              completed 1 a
              droppedRest scope=0
              withdrawn 6 both
            > deliver more
              caught more again=true catch=0
              entered 7 more scope=0
              withdrawn 7 more
            > deliver came
              caught came catch=2
              withdrawn 4 came
              + unsubscribe awaited={"message":{"name":"come"}} catch=2
            > done two
              completed 5 two
            > deliver other
              caught other catch=1
              unsubscribed more catch=0
              interrupted 2 b by="other"
              entered 8 other scope=0
              withdrawn 8 other
              closed any scope=0
              completed 0 any
              entered 9 done
              ended 9 done
              finished
              + unsubscribe awaited={"message":{"name":"other"}} catch=1
              + unsubscribe awaited={"message":{"name":"more"}} catch=0
            = completed done
            = {"ok":true}
        "#]],
    );
}
