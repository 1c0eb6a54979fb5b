//! Stories of the normal course: start, tasks one after another, waiting, several ends, and being
//! cancelled.

use expect_test::expect;

use super::check::check;

#[test]
fn an_instance_goes_from_task_to_task_to_its_end() {
    check(
        r#"
  - { id: one, activity: work, with: { a: "${n}", b: text }, out: { sum: "${result}" } }
  - { id: two, activity: ask, with: { a: "${sum + 1}" } }
"#,
        "start n=1
         done 0 result=41
         waits 1
         done 1",
        expect![[r#"
            > start n=1
              started variables={"n":1}
              entered 0 start
              entered 0 one
              began 0 one locals={"a":1,"b":"text"}
              + runActivity 0 one activity="work" attempt=1 parameters={"a":1,"b":"text"}
            > done 0 result=41
              wrote 0 one writes=[{"at":["sum"],"value":41}]
              completed 0 one
              entered 1 two
              began 1 two locals={"a":42}
              + runActivity 1 two activity="ask" attempt=1 parameters={"a":42}
            > waits 1
              waited 1 two
            > done 1
              completed 1 two
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"n":1,"sum":41}
        "#]],
    );
}

#[test]
fn a_task_leads_along_all_its_flows_and_takes_whoever_comes() {
    check(
        r#"
  - { id: one, activity: work, then: [left, right] }
  - { id: left, activity: ask, then: both }
  - { id: right, activity: ask, then: both }
  - { id: both, activity: work }
"#,
        "start
         done 0
         done 2
         done 3
         done 4
         done 1
         done 5",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 1 left
              began 1 left
              entered 2 right
              began 2 right
              + runActivity 1 left activity="ask" attempt=1 parameters={}
              + runActivity 2 right activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 right
              entered 3 both
              began 3 both
              + runActivity 3 both activity="work" attempt=1 parameters={}
            > done 3
              completed 3 both
              entered 4 end
              ended 4 end
            > done 4
            ! path 4 has moved on
            > done 1
              completed 1 left
              entered 5 both
              began 5 both
              + runActivity 5 both activity="work" attempt=1 parameters={}
            > done 5
              completed 5 both
              entered 6 end
              ended 6 end
              finished
            = completed end end
        "#]],
    );
}

#[test]
fn an_instance_is_complete_when_its_last_path_ends() {
    check(
        r#"
  - { start: Start, then: [left, right] }
  - { id: left, activity: ask, then: near }
  - { id: right, activity: ask, then: far }
  - { end: Near }
  - { end: Far }
"#,
        "start
         done 1
         done 0
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 left
              began 0 left
              entered 1 right
              began 1 right
              + runActivity 0 left activity="ask" attempt=1 parameters={}
              + runActivity 1 right activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 right
              entered 2 far
              ended 2 far
            > done 0
              completed 0 left
              entered 3 near
              ended 3 near
              finished
            > done 0
            ! the instance has ended
            = completed far near
        "#]],
    );
}

#[test]
fn a_cancelled_instance_has_no_path_and_no_timer_left() {
    check(
        r#"
  - { start: Start, then: [left, right, meet] }
  - { id: left, activity: ask, then: meet, on: [{ timer: PT5M, then: end }, { timer: PT9M, then: end }] }
  - { id: right, activity: work, then: meet }
  - { id: meet, parallel: }
"#,
        "start
         waits 0
         fault 1 the line is down
         cancel nobody needs it any more
         done 0
         wait 3600
         cancel twice",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 left
              began 0 left
              armed 0 timer 0 left.timer due 5m
              armed 0 timer 1 left.timer2 due 9m
              entered 1 right
              began 1 right
              entered 2 meet
              arrived 2 meet flow="start.flow3"
              + armTimer timer 0 due 5m
              + armTimer timer 1 due 9m
              + runActivity 0 left activity="ask" attempt=1 parameters={}
              + runActivity 1 right activity="work" attempt=1 parameters={}
            > waits 0
              waited 0 left
            > fault 1 the line is down
              faulted 1 timer 2 right attempt=2 due 10s message="the line is down"
              + armTimer timer 2 due 10s
            > cancel nobody needs it any more
              disarmed timer 0 left.timer
              disarmed timer 1 left.timer2
              withdrawn 0 left
              disarmed timer 2 right
              withdrawn 1 right
              withdrawn 2 meet
              cancelled reason="nobody needs it any more"
              + disarmTimer timer 0 due 5m
              + disarmTimer timer 1 due 9m
              + disarmTimer timer 2 due 10s
            > done 0
            ! the instance has ended
            > wait 3600
            > cancel twice
            ! the instance has ended
            = cancelled
        "#]],
    );
}
