//! Stories of inclusive gateways: every way whose condition holds, and a join of what can still come.

use expect_test::expect;

use super::check::{check, play};

#[test]
fn an_inclusive_gateway_goes_every_way_whose_condition_holds_and_its_join_awaits_just_those() {
    let steps = r#"
  - id: split
    include:
      - { when: a, then: one }
      - { when: b, then: two }
      - { when: c, then: three }
      - { otherwise: none }
  - { id: one, activity: ask, then: join }
  - { id: two, activity: ask, then: join }
  - { id: three, activity: ask, then: join }
  - { id: none, activity: ask, then: join }
  - { id: join, include: [after] }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start a=true b=false c=false
         done 0",
        expect![[r#"
            > start a=true b=false c=false
              started variables={"a":true,"b":false,"c":false}
              entered 0 start
              entered 0 split
              entered 0 one
              began 0 one
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 1 join
              arrived 1 join flow="one.flow1"
              joined 1 join with=[]
              entered 1 after
              began 1 after
              completed 1 after
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"a":true,"b":false,"c":false}
        "#]],
    );
    check(
        steps,
        "start a=false b=true c=true
         done 1
         done 0",
        expect![[r#"
            > start a=false b=true c=true
              started variables={"a":false,"b":true,"c":true}
              entered 0 start
              entered 0 split
              entered 0 two
              began 0 two
              entered 1 three
              began 1 three
              + runActivity 0 two activity="ask" attempt=1 parameters={}
              + runActivity 1 three activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 three
              entered 2 join
              arrived 2 join flow="three.flow1"
            > done 0
              completed 0 two
              entered 3 join
              arrived 3 join flow="two.flow1"
              joined 2 join with=[3]
              entered 2 after
              began 2 after
              completed 2 after
              entered 4 end
              ended 4 end
              finished
            = completed end
            = {"a":false,"b":true,"c":true}
        "#]],
    );
    check(
        steps,
        "start a=false b=false c=false
         done 0",
        expect![[r#"
            > start a=false b=false c=false
              started variables={"a":false,"b":false,"c":false}
              entered 0 start
              entered 0 split
              entered 0 none
              began 0 none
              + runActivity 0 none activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 none
              entered 1 join
              arrived 1 join flow="none.flow1"
              joined 1 join with=[]
              entered 1 after
              began 1 after
              completed 1 after
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"a":false,"b":false,"c":false}
        "#]],
    );
    check(
        steps,
        "start a=true b=1 c=false
         retry 0
         resolve 0 !b=true
         done 1
         done 0",
        expect![[r#"
            > start a=true b=1 c=false
              started variables={"a":true,"b":1,"c":false}
              entered 0 start
              entered 0 split
              incidentRaised 0 split message="the condition of flow `split.flow2` has no value: a condition is true or false, but this is a number (at character 3 of ${b})" moment="parting"
            > retry 0
              incidentTakenUp 0 split
              incidentRaised 0 split message="the condition of flow `split.flow2` has no value: a condition is true or false, but this is a number (at character 3 of ${b})" moment="parting"
            > resolve 0 !b=true
              incidentTakenUp 0 split resolved=true
              wrote 0 split writes=[{"at":["b"],"value":true}]
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 two
              entered 2 join
              arrived 2 join flow="two.flow1"
            > done 0
              completed 0 one
              entered 3 join
              arrived 3 join flow="one.flow1"
              joined 2 join with=[3]
              entered 2 after
              began 2 after
              completed 2 after
              entered 4 end
              ended 4 end
              finished
            = completed end
            = {"a":true,"b":true,"c":false}
        "#]],
    );
}

#[test]
fn a_path_that_ends_on_its_way_is_not_awaited_any_more() {
    let steps = r#"
  - { id: split, include: [{ when: true, then: one }, { when: true, then: two }] }
  - { id: one, activity: ask, then: join }
  - { id: two, activity: ask, then: other, on: [{ error: Lost, then: lost }] }
  - { id: other, choose: [{ when: good, then: join }, { otherwise: lost }] }
  - { id: join, include: [after] }
  - { id: after, do: nothing }
  - { end: Lost }
"#;
    check(
        steps,
        "start good=false
         done 0
         done 1",
        expect![[r#"
            > start good=false
              started variables={"good":false}
              entered 0 start
              entered 0 split
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 2 join
              arrived 2 join flow="one.flow1"
            > done 1
              completed 1 two
              entered 3 other
              entered 3 lost
              ended 3 lost
              joined 2 join with=[]
              entered 2 after
              began 2 after
              completed 2 after
              entered 4 lost
              ended 4 lost
              finished
            = completed lost lost
            = {"good":false}
        "#]],
    );
    check(
        steps,
        "start good=false
         done 0
         error 1 Lost",
        expect![[r#"
            > start good=false
              started variables={"good":false}
              entered 0 start
              entered 0 split
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 2 join
              arrived 2 join flow="one.flow1"
            > error 1 Lost
              errorRaised 1 two code="Lost" message=""
              interrupted 1 two by="two.Lost"
              entered 3 two.Lost
              entered 3 lost
              ended 3 lost
              joined 2 join with=[]
              entered 2 after
              began 2 after
              completed 2 after
              entered 4 lost
              ended 4 lost
              finished
            = completed lost lost
            = {"good":false}
        "#]],
    );
    check(
        steps,
        "start good=true
         done 0
         modify -1",
        expect![[r#"
            > start good=true
              started variables={"good":true}
              entered 0 start
              entered 0 split
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 2 join
              arrived 2 join flow="one.flow1"
            > modify -1
              withdrawn 1 two
              joined 2 join with=[]
              entered 2 after
              began 2 after
              completed 2 after
              entered 3 lost
              ended 3 lost
              finished
            = completed lost
            = {"good":true}
        "#]],
    );
    check(
        steps,
        "start good=true
         done 0
         cancel enough",
        expect![[r#"
            > start good=true
              started variables={"good":true}
              entered 0 start
              entered 0 split
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 2 join
              arrived 2 join flow="one.flow1"
            > cancel enough
              withdrawn 1 two
              withdrawn 2 join
              cancelled reason="enough"
            = cancelled
            = {"good":true}
        "#]],
    );
}

#[test]
fn a_boundary_event_that_does_not_interrupt_feeds_the_join_too() {
    let steps = r#"
  - { id: split, include: [{ when: true, then: one }, { when: true, then: two }] }
  - { id: one, activity: ask, then: join, on: [{ timer: PT1M, then: remind, interrupting: false }] }
  - { id: remind, activity: ask, then: join }
  - { id: two, do: nothing, then: join }
  - { id: join, include: [after] }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start
         wait 60
         done 0
         done 3",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 split
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 1m
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 join
              arrived 2 join flow="two.flow1"
              + armTimer timer 0 due 1m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > wait 60
              1m timer 0 is due
              fired timer 0 one.timer
              entered 3 one.timer
              entered 3 remind
              began 3 remind
              + runActivity 3 remind activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 4 join
              arrived 4 join flow="one.flow1"
            > done 3
              completed 3 remind
              entered 5 join
              arrived 5 join flow="remind.flow1"
              joined 2 join with=[4,5]
              entered 2 after
              began 2 after
              completed 2 after
              entered 6 end
              ended 6 end
              finished
            = completed end
        "#]],
    );
    check(
        steps,
        "start
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 split
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 1m
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 join
              arrived 2 join flow="two.flow1"
              + armTimer timer 0 due 1m
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > done 0
              disarmed timer 0 one.timer
              completed 0 one
              entered 3 join
              arrived 3 join flow="one.flow1"
              joined 2 join with=[3]
              entered 2 after
              began 2 after
              completed 2 after
              entered 4 end
              ended 4 end
              finished
              + disarmTimer timer 0 due 1m
            = completed end
        "#]],
    );
}

#[test]
fn who_can_come_along_a_flow_where_somebody_waits_already_is_not_awaited() {
    let steps = r#"
  - { start: Start, then: [slow, quick, other] }
  - { id: quick, do: nothing, then: join }
  - { id: other, activity: ask, then: join }
  - { id: slow, activity: ask, then: which }
  - { id: which, choose: [{ when: back, then: quick }, { otherwise: other }] }
  - { id: join, include: [end] }
"#;
    check(
        steps,
        "start back=false
         done 2
         done 0
         done 5",
        expect![[r#"
            > start back=false
              started variables={"back":false}
              entered 0 start
              entered 0 slow
              began 0 slow
              entered 1 quick
              began 1 quick
              completed 1 quick
              entered 2 other
              began 2 other
              entered 3 join
              arrived 3 join flow="quick.flow1"
              + runActivity 0 slow activity="ask" attempt=1 parameters={}
              + runActivity 2 other activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 other
              entered 4 join
              arrived 4 join flow="other.flow1"
              joined 3 join with=[4]
              entered 3 end
              ended 3 end
            > done 0
              completed 0 slow
              entered 5 which
              entered 5 other
              began 5 other
              + runActivity 5 other activity="ask" attempt=1 parameters={}
            > done 5
              completed 5 other
              entered 6 join
              arrived 6 join flow="other.flow1"
              joined 6 join with=[]
              entered 6 end
              ended 6 end
              finished
            = completed end end
            = {"back":false}
        "#]],
    );
    check(
        steps,
        "start back=true
         done 2
         done 0",
        expect![[r#"
            > start back=true
              started variables={"back":true}
              entered 0 start
              entered 0 slow
              began 0 slow
              entered 1 quick
              began 1 quick
              completed 1 quick
              entered 2 other
              began 2 other
              entered 3 join
              arrived 3 join flow="quick.flow1"
              + runActivity 0 slow activity="ask" attempt=1 parameters={}
              + runActivity 2 other activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 other
              entered 4 join
              arrived 4 join flow="other.flow1"
              joined 3 join with=[4]
              entered 3 end
              ended 3 end
            > done 0
              completed 0 slow
              entered 5 which
              entered 5 quick
              began 5 quick
              completed 5 quick
              entered 6 join
              arrived 6 join flow="quick.flow1"
              joined 6 join with=[]
              entered 6 end
              ended 6 end
              finished
            = completed end end
            = {"back":true}
        "#]],
    );
}

#[test]
fn whatever_ways_were_taken_and_in_whatever_order_they_come_the_join_is_made_once() {
    let steps = r#"
  - { id: split, include: [{ when: a, then: one }, { when: b, then: two }, { when: c, then: three }, { otherwise: none }] }
  - { id: one, activity: ask, then: join }
  - { id: two, activity: ask, then: join }
  - { id: three, activity: ask, then: join }
  - { id: none, activity: ask, then: join }
  - { id: join, include: [end] }
"#;
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for ways in 0..8_u32 {
        let taken = ways.count_ones().max(1);
        for order in orders {
            let (a, b, c) = (ways & 1 != 0, ways & 2 != 0, ways & 4 != 0);
            let order = order.into_iter().filter(|path| *path < taken);
            let done: String = order.map(|path| format!("done {path}\n")).collect();
            let trace = play(steps, &format!("start a={a} b={b} c={c}\n{done}"));
            let last = trace.rsplit("\n> ").next().unwrap();
            assert_eq!(trace.matches("  joined").count(), 1, "{trace}");
            assert_eq!(trace.matches("  arrived").count(), taken as usize, "{trace}");
            assert!(last.contains("joined") && last.contains("= completed end\n"), "{trace}");
        }
    }
}

#[test]
fn what_is_undone_behind_a_path_that_has_gone_on_is_not_awaited() {
    let steps = r#"
  - { id: a, activity: work, on: [{ compensate: true, then: undo }] }
  - { id: undo, activity: ask }
  - { id: fork, parallel: [th, r2] }
  - { throw: th, compensate: true, wait: false }
  - { id: which, choose: [{ when: back, then: join }, { otherwise: other }] }
  - { end: other }
  - { id: r2, activity: ask, then: join }
  - { id: join, JOIN }
  - { id: after, activity: ask }
"#;
    let inclusive = steps.replace("JOIN", "include: [after]");
    check(
        &inclusive,
        "start back=false
         done a
         done r2
         done undo
         done after",
        expect![[r#"
            > start back=false
              started variables={"back":false}
              entered 0 start
              entered 0 a
              began 0 a
              + runActivity 0 a activity="work" attempt=1 parameters={}
            > done a
              remembered done={"node":"a"}
              completed 0 a
              entered 1 fork
              entered 1 th
              entered 2 th
              recalled
              opened 2 th of="compensation" scope=0 undo=[{"node":"a"}]
              undoing a scope=0
              entered 3 r2
              began 3 r2
              entered 4 undo scope=0
              began 4 undo
              entered 1 which
              entered 1 other
              ended 1 other
              + runActivity 3 r2 activity="ask" attempt=1 parameters={}
              + runActivity 4 undo activity="ask" attempt=1 parameters={}
            > done r2
              completed 3 r2
              entered 5 join
              arrived 5 join flow="r2.flow1"
              joined 5 join with=[]
              entered 5 after
              began 5 after
              + runActivity 5 after activity="ask" attempt=1 parameters={}
            > done undo
              completed 4 undo
              closed th scope=0
              completed 2 th
            > done after
              completed 5 after
              entered 6 end
              ended 6 end
              finished
            = completed other end
            = {"back":false}
        "#]],
    );
    // One that awaits what is undone is on its way.
    let waits = inclusive.replace(", wait: false", "");
    check(
        &waits,
        "start back=false
         done a
         done r2
         done undo
         done after",
        expect![[r#"
            > start back=false
              started variables={"back":false}
              entered 0 start
              entered 0 a
              began 0 a
              + runActivity 0 a activity="work" attempt=1 parameters={}
            > done a
              remembered done={"node":"a"}
              completed 0 a
              entered 1 fork
              entered 1 th
              recalled
              opened 1 th of="compensation" scope=0 undo=[{"node":"a"}]
              undoing a scope=0
              entered 2 r2
              began 2 r2
              entered 3 undo scope=0
              began 3 undo
              + runActivity 2 r2 activity="ask" attempt=1 parameters={}
              + runActivity 3 undo activity="ask" attempt=1 parameters={}
            > done r2
              completed 2 r2
              entered 4 join
              arrived 4 join flow="r2.flow1"
            > done undo
              completed 3 undo
              closed th scope=0
              entered 1 which
              entered 1 other
              ended 1 other
              joined 4 join with=[]
              entered 4 after
              began 4 after
              + runActivity 4 after activity="ask" attempt=1 parameters={}
            > done after
              completed 4 after
              entered 5 end
              ended 5 end
              finished
            = completed other end
            = {"back":false}
        "#]],
    );
    let complex = steps.replace("JOIN", "complex: [after], when: activationCount >= 1");
    check(
        &complex,
        "start back=false
         done a
         done r2
         done undo
         done after",
        expect![[r#"
            > start back=false
              started variables={"back":false}
              entered 0 start
              entered 0 a
              began 0 a
              + runActivity 0 a activity="work" attempt=1 parameters={}
            > done a
              remembered done={"node":"a"}
              completed 0 a
              entered 1 fork
              entered 1 th
              entered 2 th
              recalled
              opened 2 th of="compensation" scope=0 undo=[{"node":"a"}]
              undoing a scope=0
              entered 3 r2
              began 3 r2
              entered 4 undo scope=0
              began 4 undo
              entered 1 which
              entered 1 other
              ended 1 other
              + runActivity 3 r2 activity="ask" attempt=1 parameters={}
              + runActivity 4 undo activity="ask" attempt=1 parameters={}
            > done r2
              completed 3 r2
              entered 5 join
              arrived 5 join flow="r2.flow1"
              joined 5 join with=[]
              reset join counted=["r2.flow1"]
              entered 5 after
              began 5 after
              reset join counted=[]
              + runActivity 5 after activity="ask" attempt=1 parameters={}
            > done undo
              completed 4 undo
              closed th scope=0
              completed 2 th
            > done after
              completed 5 after
              entered 6 end
              ended 6 end
              finished
            = completed other end
            = {"back":false}
        "#]],
    );
}
