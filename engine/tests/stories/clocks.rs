//! Stories of timer events: catching ones, cycles on boundaries, and before event sub-processes.

use expect_test::expect;

use super::check::check;

#[test]
fn a_path_rests_at_a_timer_until_its_time_has_come() {
    let steps = r#"
  - { catch: Pause, id: pause, timer: "${span}", then: end }
"#;
    check(
        steps,
        "start span=PT5M
         wait 299
         wait 1
         fire 0",
        expect![[r#"
            > start span=PT5M
              started variables={"span":"PT5M"}
              entered 0 start
              entered 0 pause
              rested 0 pause
              armed 0 timer 0 pause due 5m
              + armTimer timer 0 due 5m
            > wait 299
            > wait 1
              5m timer 0 is due
              fired timer 0 pause
              entered 0 end
              ended 0 end
              finished
            > fire 0
            ! the instance has ended
            = completed end
            = {"span":"PT5M"}
        "#]],
    );
    check(
        steps,
        "start span=soon
         set !span=PT1M
         retry 0
         wait 60",
        expect![[r#"
            > start span=soon
              started variables={"span":"soon"}
              entered 0 start
              entered 0 pause
              incidentRaised 0 pause message="timer `pause`: \"soon\" is not a duration; write one such as PT15M or P5D (at character 1 of ${span})" moment="entering"
            > set !span=PT1M
              set writes=[{"at":["span"],"value":"PT1M"}]
            > retry 0
              incidentTakenUp 0 pause
              rested 0 pause
              armed 0 timer 0 pause due 1m
              + armTimer timer 0 due 1m
            > wait 60
              1m timer 0 is due
              fired timer 0 pause
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"span":"PT1M"}
        "#]],
    );
    check(
        steps,
        "start span=PT5M
         cancel enough",
        expect![[r#"
            > start span=PT5M
              started variables={"span":"PT5M"}
              entered 0 start
              entered 0 pause
              rested 0 pause
              armed 0 timer 0 pause due 5m
              + armTimer timer 0 due 5m
            > cancel enough
              disarmed timer 0 pause
              withdrawn 0 pause
              cancelled reason="enough"
              + disarmTimer timer 0 due 5m
            = cancelled
            = {"span":"PT5M"}
        "#]],
    );
}

#[test]
fn a_timer_may_name_its_moment() {
    let steps = r#"
  - { catch: Pause, id: pause, date: "${at}", then: end }
"#;
    check(
        steps,
        "start at=2026-01-01T01:00:00Z
         wait 3600",
        expect![[r#"
            > start at=2026-01-01T01:00:00Z
              started variables={"at":"2026-01-01T01:00:00Z"}
              entered 0 start
              entered 0 pause
              rested 0 pause
              armed 0 timer 0 pause due 1h
              + armTimer timer 0 due 1h
            > wait 3600
              1h timer 0 is due
              fired timer 0 pause
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"at":"2026-01-01T01:00:00Z"}
        "#]],
    );
    check(
        steps,
        "start at=2025-01-01T01:00:00Z
         wait 0",
        expect![[r#"
            > start at=2025-01-01T01:00:00Z
              started variables={"at":"2025-01-01T01:00:00Z"}
              entered 0 start
              entered 0 pause
              rested 0 pause
              armed 0 timer 0 pause due 8759h ago
              + armTimer timer 0 due 8759h ago
            > wait 0
              8759h ago timer 0 is due
              fired timer 0 pause
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"at":"2025-01-01T01:00:00Z"}
        "#]],
    );
}

#[test]
fn a_cycle_that_a_path_awaits_comes_once() {
    check(
        r#"
  - { catch: Pause, id: pause, cycle: R3/PT10M, then: end }
"#,
        "start
         wait 3600",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 pause
              rested 0 pause
              armed 0 timer 0 pause due 10m then={"cycle":"R2/PT10M"}
              + armTimer timer 0 due 10m
            > wait 3600
              10m timer 0 is due
              fired timer 0 pause
              entered 0 end
              ended 0 end
              finished
            = completed end
        "#]],
    );
}

#[test]
fn a_boundary_cycle_that_does_not_interrupt_fires_as_often_as_it_says() {
    let steps = r#"
  - { id: ask, activity: ask, on: [{ cycle: R3/PT10M, id: remind, interrupting: false, then: note }] }
  - { end: }
  - { id: note, do: nothing, then: end }
"#;
    check(
        steps,
        "start
         wait 1200
         wait 7200
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              armed 0 timer 0 remind due 10m then={"cycle":"R2/PT10M"}
              + armTimer timer 0 due 10m
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > wait 1200
              10m timer 0 is due
              fired timer 0 remind
              armed 0 timer 1 remind due 20m then={"cycle":"R1/PT10M"}
              entered 1 remind
              entered 1 note
              began 1 note
              completed 1 note
              entered 2 end
              ended 2 end
              + armTimer timer 1 due 20m
              20m timer 1 is due
              fired timer 1 remind
              armed 0 timer 2 remind due 30m
              entered 3 remind
              entered 3 note
              began 3 note
              completed 3 note
              entered 4 end
              ended 4 end
              + armTimer timer 2 due 30m
            > wait 7200
              30m timer 2 is due
              fired timer 2 remind
              entered 5 remind
              entered 5 note
              began 5 note
              completed 5 note
              entered 6 end
              ended 6 end
            > done 0
              completed 0 ask
              entered 7 end
              ended 7 end
              finished
            = completed end end end end
        "#]],
    );
    check(
        steps,
        "start
         wait 600
         done 0
         wait 3600",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              armed 0 timer 0 remind due 10m then={"cycle":"R2/PT10M"}
              + armTimer timer 0 due 10m
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > wait 600
              10m timer 0 is due
              fired timer 0 remind
              armed 0 timer 1 remind due 20m then={"cycle":"R1/PT10M"}
              entered 1 remind
              entered 1 note
              began 1 note
              completed 1 note
              entered 2 end
              ended 2 end
              + armTimer timer 1 due 20m
            > done 0
              disarmed timer 1 remind
              completed 0 ask
              entered 3 end
              ended 3 end
              finished
              + disarmTimer timer 1 due 20m
            > wait 3600
            = completed end end
        "#]],
    );
    check(
        steps,
        "start
         wait 600
         fire 0
         cancel enough",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              armed 0 timer 0 remind due 10m then={"cycle":"R2/PT10M"}
              + armTimer timer 0 due 10m
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > wait 600
              10m timer 0 is due
              fired timer 0 remind
              armed 0 timer 1 remind due 20m then={"cycle":"R1/PT10M"}
              entered 1 remind
              entered 1 note
              began 1 note
              completed 1 note
              entered 2 end
              ended 2 end
              + armTimer timer 1 due 20m
            > fire 0
            ! timer 0 is not armed
            > cancel enough
              disarmed timer 1 remind
              withdrawn 0 ask
              cancelled reason="enough"
              + disarmTimer timer 1 due 20m
            = cancelled end
        "#]],
    );
}

#[test]
fn a_boundary_cycle_that_interrupts_fires_once() {
    check(
        r#"
  - { id: ask, activity: ask, on: [{ cycle: R3/PT10M, id: late, then: end }] }
"#,
        "start
         wait 7200",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              armed 0 timer 0 late due 10m then={"cycle":"R2/PT10M"}
              + armTimer timer 0 due 10m
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > wait 7200
              10m timer 0 is due
              fired timer 0 late
              wrote 0 ask writes=[{"at":["_timedOut"],"value":true}]
              interrupted 0 ask by="late"
              entered 1 late
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"_timedOut":true}
        "#]],
    );
}

#[test]
fn a_timer_starts_an_event_sub_process_beside_what_is_under_way() {
    let steps = r#"
  - id: sub
    steps: [{ id: ask, activity: ask }]
    events:
      - { cycle: R2/PT10M, id: remind, interrupting: false, steps: [{ id: note, activity: ask }] }
      - { timer: PT1H, id: late, steps: [{ id: give-up, do: nothing }] }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start
         wait 600
         wait 600
         done 1
         done 3
         done 5",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0
              armed timer 0 remind.start due 10m scope=0 then={"cycle":"R1/PT10M"}
              armed timer 1 late.start due 1h scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + armTimer timer 0 due 10m
              + armTimer timer 1 due 1h
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > wait 600
              10m timer 0 is due
              fired timer 0 remind.start
              armed timer 2 remind.start due 20m scope=0
              entered 2 remind scope=0
              opened 2 remind of="eventSubProcess" scope=1
              entered 3 remind.start scope=1
              entered 3 note
              began 3 note
              + armTimer timer 2 due 20m
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > wait 600
              20m timer 2 is due
              fired timer 2 remind.start
              entered 4 remind scope=0
              opened 4 remind of="eventSubProcess" scope=2
              entered 5 remind.start scope=2
              entered 5 note
              began 5 note
              + runActivity 5 note activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 ask
              entered 6 sub.end scope=0
              ended 6 sub.end
            > done 3
              completed 3 note
              entered 7 remind.end scope=1
              ended 7 remind.end
              closed remind scope=1
              completed 2 remind
            > done 5
              completed 5 note
              entered 8 remind.end scope=2
              ended 8 remind.end
              closed remind scope=2
              completed 4 remind
              disarmed timer 1 late.start
              closed sub scope=0
              completed 0 sub
              entered 9 after
              began 9 after
              completed 9 after
              entered 10 end
              ended 10 end
              finished
              + disarmTimer timer 1 due 1h
            = completed sub.end remind.end remind.end end
        "#]],
    );
    check(
        steps,
        "start
         wait 600
         wait 3000",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0
              armed timer 0 remind.start due 10m scope=0 then={"cycle":"R1/PT10M"}
              armed timer 1 late.start due 1h scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + armTimer timer 0 due 10m
              + armTimer timer 1 due 1h
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > wait 600
              10m timer 0 is due
              fired timer 0 remind.start
              armed timer 2 remind.start due 20m scope=0
              entered 2 remind scope=0
              opened 2 remind of="eventSubProcess" scope=1
              entered 3 remind.start scope=1
              entered 3 note
              began 3 note
              + armTimer timer 2 due 20m
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > wait 3000
              20m timer 2 is due
              fired timer 2 remind.start
              entered 4 remind scope=0
              opened 4 remind of="eventSubProcess" scope=2
              entered 5 remind.start scope=2
              entered 5 note
              began 5 note
              + runActivity 5 note activity="ask" attempt=1 parameters={}
              1h timer 1 is due
              fired timer 1 late.start
              withdrawn 1 ask
              withdrawn 3 note
              closed remind scope=1
              withdrawn 2 remind
              withdrawn 5 note
              closed remind scope=2
              withdrawn 4 remind
              entered 6 late scope=0
              opened 6 late of="eventSubProcess" scope=3
              entered 7 late.start scope=3
              entered 7 give-up
              began 7 give-up
              completed 7 give-up
              entered 8 late.end scope=3
              ended 8 late.end
              closed late scope=3
              completed 6 late
              closed sub scope=0
              completed 0 sub
              entered 9 after
              began 9 after
              completed 9 after
              entered 10 end
              ended 10 end
              finished
            = completed late.end end
        "#]],
    );
    check(
        steps,
        "start
         done 1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0
              armed timer 0 remind.start due 10m scope=0 then={"cycle":"R1/PT10M"}
              armed timer 1 late.start due 1h scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + armTimer timer 0 due 10m
              + armTimer timer 1 due 1h
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 ask
              entered 2 sub.end scope=0
              ended 2 sub.end
              disarmed timer 0 remind.start
              disarmed timer 1 late.start
              closed sub scope=0
              completed 0 sub
              entered 3 after
              began 3 after
              completed 3 after
              entered 4 end
              ended 4 end
              finished
              + disarmTimer timer 0 due 10m
              + disarmTimer timer 1 due 1h
            = completed sub.end end
        "#]],
    );
}

#[test]
fn a_timer_of_the_process_starts_its_event_sub_process() {
    let steps = r#"
  - { id: ask, activity: ask }
events:
  - { timer: "${span}", id: late, steps: [{ id: give-up, do: nothing }] }
"#;
    check(
        steps,
        "start span=PT1H
         wait 3600",
        expect![[r#"
            > start span=PT1H
              started variables={"span":"PT1H"}
              armed timer 0 late.start due 1h
              entered 0 start
              entered 0 ask
              began 0 ask
              + armTimer timer 0 due 1h
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > wait 3600
              1h timer 0 is due
              fired timer 0 late.start
              withdrawn 0 ask
              entered 1 late
              opened 1 late of="eventSubProcess" scope=0
              entered 2 late.start scope=0
              entered 2 give-up
              began 2 give-up
              completed 2 give-up
              entered 3 late.end scope=0
              ended 3 late.end
              closed late scope=0
              completed 1 late
              finished
            = completed late.end
            = {"span":"PT1H"}
        "#]],
    );
    check(
        steps,
        "start span=PT1H
         done 0",
        expect![[r#"
            > start span=PT1H
              started variables={"span":"PT1H"}
              armed timer 0 late.start due 1h
              entered 0 start
              entered 0 ask
              began 0 ask
              + armTimer timer 0 due 1h
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 1 end
              ended 1 end
              disarmed timer 0 late.start
              finished
              + disarmTimer timer 0 due 1h
            = completed end
            = {"span":"PT1H"}
        "#]],
    );
    check(
        steps,
        "start
         retry 0
         set !span=PT1M
         retry 0
         wait 60",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              incidentRaised 0 start message="timer `late.start`: there is no variable span; if it may be missing, ask execution.hasVariable(\"span\") first (at character 3 of ${span})" moment="starting"
            > retry 0
              incidentTakenUp 0 start
              incidentRaised 0 start message="timer `late.start`: there is no variable span; if it may be missing, ask execution.hasVariable(\"span\") first (at character 3 of ${span})" moment="starting"
            > set !span=PT1M
              set writes=[{"at":["span"],"value":"PT1M"}]
            > retry 0
              incidentTakenUp 0 start
              armed timer 0 late.start due 1m
              entered 0 ask
              began 0 ask
              + armTimer timer 0 due 1m
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > wait 60
              1m timer 0 is due
              fired timer 0 late.start
              withdrawn 0 ask
              entered 1 late
              opened 1 late of="eventSubProcess" scope=0
              entered 2 late.start scope=0
              entered 2 give-up
              began 2 give-up
              completed 2 give-up
              entered 3 late.end scope=0
              ended 3 late.end
              closed late scope=0
              completed 1 late
              finished
            = completed late.end
            = {"span":"PT1M"}
        "#]],
    );
}
