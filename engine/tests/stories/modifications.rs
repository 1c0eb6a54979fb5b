//! Stories of moving paths by hand.

use expect_test::expect;

use super::check::check;

const TWO: &str = r#"
  - { id: first, activity: ask }
  - id: outer
    with: { n: "${given}" }
    steps:
      - id: inner
        variables: { own: "${n + 1}" }
        steps: [{ id: ask, activity: ask, with: { a: "${own}" } }, { id: more, activity: ask }]
        events: [{ message: note, id: noted, steps: [{ id: read, activity: ask }] }]
      - { id: between, activity: ask }
    on: [{ timer: PT1H, then: late }]
  - { id: last, activity: ask }
  - { end: Done }
  - { end: Late }
"#;

#[test]
fn a_path_is_moved_to_another_node() {
    check(
        TWO,
        "start given=1\n modify -0 +last\n done last",
        expect![[r#"
        > start given=1
          started variables={"given":1}
          entered 0 start
          entered 0 first
          began 0 first
          + runActivity 0 first activity="ask" attempt=1 parameters={}
        > modify -0 +last
          withdrawn 0 first
          entered 1 last
          began 1 last
          + runActivity 1 last activity="ask" attempt=1 parameters={}
        > done last
          completed 1 last
          entered 2 done
          ended 2 done
          finished
        = completed done
        = {"given":1}
    "#]],
    );
}

#[test]
fn a_path_that_is_moved_into_a_closed_sub_process_opens_it_with_inputs_and_events() {
    check(
        TWO,
        "start given=1\n modify -0 +more\n deliver noted.start\n done read\n wait 3600",
        expect![[r#"
        > start given=1
          started variables={"given":1}
          entered 0 start
          entered 0 first
          began 0 first
          + runActivity 0 first activity="ask" attempt=1 parameters={}
        > modify -0 +more
          entered 1 outer
          began 1 outer locals={"n":1}
          armed 1 timer 0 outer.timer due 1h
          opened 1 outer of="subProcess" scope=0 variables={"n":1}
          entered 2 inner scope=0
          began 2 inner
          opened 2 inner of="subProcess" scope=1 variables={"own":2}
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=1
          withdrawn 0 first
          entered 3 more scope=1
          began 3 more
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 3 more activity="ask" attempt=1 parameters={}
        > deliver noted.start
          caught noted.start catch=0
          withdrawn 3 more
          entered 4 noted scope=1
          opened 4 noted of="eventSubProcess" scope=2
          entered 5 noted.start scope=2
          entered 5 read
          began 5 read
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 5 read activity="ask" attempt=1 parameters={}
        > done read
          completed 5 read
          entered 6 noted.end scope=2
          ended 6 noted.end
          closed noted scope=2
          completed 4 noted
          closed inner scope=1
          completed 2 inner
          entered 7 between scope=0
          began 7 between
          + runActivity 7 between activity="ask" attempt=1 parameters={}
        > wait 3600
          1h timer 0 is due
          fired timer 0 outer.timer
          wrote 1 outer writes=[{"at":["_timedOut"],"value":true}]
          withdrawn 7 between
          closed outer scope=0
          interrupted 1 outer by="outer.timer"
          entered 8 outer.timer
          entered 8 late
          ended 8 late
          finished
        = completed noted.end late
        = {"_timedOut":true,"given":1}
    "#]],
    );
    check(
        TWO,
        "start\n modify -0 +more\n done first",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 first
          began 0 first
          + runActivity 0 first activity="ask" attempt=1 parameters={}
        > modify -0 +more
        ! `outer` cannot be opened: input `n`: there is no variable given; if it may be missing, ask execution.hasVariable("given") first (at character 3 of ${given})
        > done first
          completed 0 first
          entered 1 outer
          incidentRaised 1 outer message="input `n`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})" moment="entering"
        = active
        = 1 outer {"incident":{"message":"input `n`: there is no variable given; if it may be missing, ask execution.hasVariable(\"given\") first (at character 3 of ${given})","moment":"entering"}}
    "#]],
    );
}

#[test]
fn a_sub_process_whose_last_path_is_moved_out_ends_and_is_not_left() {
    check(
        TWO,
        "start given=1\n done first\n modify -3 +last\n done last",
        expect![[r#"
        > start given=1
          started variables={"given":1}
          entered 0 start
          entered 0 first
          began 0 first
          + runActivity 0 first activity="ask" attempt=1 parameters={}
        > done first
          completed 0 first
          entered 1 outer
          began 1 outer locals={"n":1}
          armed 1 timer 0 outer.timer due 1h
          opened 1 outer of="subProcess" scope=0 variables={"n":1}
          entered 2 outer.start scope=0
          entered 2 inner
          began 2 inner
          opened 2 inner of="subProcess" scope=1 variables={"own":2}
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=1
          entered 3 inner.start scope=1
          entered 3 ask
          began 3 ask locals={"a":2}
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 3 ask activity="ask" attempt=1 parameters={"a":2}
        > modify -3 +last
          withdrawn 3 ask
          unsubscribed noted.start catch=0
          closed inner scope=1
          withdrawn 2 inner
          disarmed timer 0 outer.timer
          closed outer scope=0
          withdrawn 1 outer
          entered 4 last
          began 4 last
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
          + disarmTimer timer 0 due 1h
          + runActivity 4 last activity="ask" attempt=1 parameters={}
        > done last
          completed 4 last
          entered 5 done
          ended 5 done
          finished
        = completed done
        = {"given":1}
    "#]],
    );
    check(
        TWO,
        "start given=1\n done first\n modify -3 +between\n done between",
        expect![[r#"
        > start given=1
          started variables={"given":1}
          entered 0 start
          entered 0 first
          began 0 first
          + runActivity 0 first activity="ask" attempt=1 parameters={}
        > done first
          completed 0 first
          entered 1 outer
          began 1 outer locals={"n":1}
          armed 1 timer 0 outer.timer due 1h
          opened 1 outer of="subProcess" scope=0 variables={"n":1}
          entered 2 outer.start scope=0
          entered 2 inner
          began 2 inner
          opened 2 inner of="subProcess" scope=1 variables={"own":2}
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=1
          entered 3 inner.start scope=1
          entered 3 ask
          began 3 ask locals={"a":2}
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 3 ask activity="ask" attempt=1 parameters={"a":2}
        > modify -3 +between
          withdrawn 3 ask
          unsubscribed noted.start catch=0
          closed inner scope=1
          withdrawn 2 inner
          entered 4 between scope=0
          began 4 between
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 4 between activity="ask" attempt=1 parameters={}
        > done between
          completed 4 between
          entered 5 outer.end scope=0
          ended 5 outer.end
          disarmed timer 0 outer.timer
          closed outer scope=0
          completed 1 outer
          entered 6 last
          began 6 last
          + disarmTimer timer 0 due 1h
          + runActivity 6 last activity="ask" attempt=1 parameters={}
        = active outer.end
        = {"given":1}
        = 6 last {"running":{"attempt":1}}
    "#]],
    );
    check(
        TWO,
        "start given=1\n done first\n modify -3 +more\n done more",
        expect![[r#"
        > start given=1
          started variables={"given":1}
          entered 0 start
          entered 0 first
          began 0 first
          + runActivity 0 first activity="ask" attempt=1 parameters={}
        > done first
          completed 0 first
          entered 1 outer
          began 1 outer locals={"n":1}
          armed 1 timer 0 outer.timer due 1h
          opened 1 outer of="subProcess" scope=0 variables={"n":1}
          entered 2 outer.start scope=0
          entered 2 inner
          began 2 inner
          opened 2 inner of="subProcess" scope=1 variables={"own":2}
          subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=1
          entered 3 inner.start scope=1
          entered 3 ask
          began 3 ask locals={"a":2}
          + armTimer timer 0 due 1h
          + subscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 3 ask activity="ask" attempt=1 parameters={"a":2}
        > modify -3 +more
          withdrawn 3 ask
          entered 4 more scope=1
          began 4 more
          + runActivity 4 more activity="ask" attempt=1 parameters={}
        > done more
          completed 4 more
          entered 5 inner.end scope=1
          ended 5 inner.end
          unsubscribed noted.start catch=0
          closed inner scope=1
          completed 2 inner
          entered 6 between scope=0
          began 6 between
          + unsubscribe awaited={"message":{"name":"note"}} catch=0
          + runActivity 6 between activity="ask" attempt=1 parameters={}
        = active inner.end
        = {"given":1}
        = 1 outer "inside"
        = 6 between {"running":{"attempt":1}}
    "#]],
    );
    check(
        TWO,
        "start given=1\n done first\n modify -3",
        expect![[r#"
            > start given=1
              started variables={"given":1}
              entered 0 start
              entered 0 first
              began 0 first
              + runActivity 0 first activity="ask" attempt=1 parameters={}
            > done first
              completed 0 first
              entered 1 outer
              began 1 outer locals={"n":1}
              armed 1 timer 0 outer.timer due 1h
              opened 1 outer of="subProcess" scope=0 variables={"n":1}
              entered 2 outer.start scope=0
              entered 2 inner
              began 2 inner
              opened 2 inner of="subProcess" scope=1 variables={"own":2}
              subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=1
              entered 3 inner.start scope=1
              entered 3 ask
              began 3 ask locals={"a":2}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 3 ask activity="ask" attempt=1 parameters={"a":2}
            > modify -3
              withdrawn 3 ask
              unsubscribed noted.start catch=0
              closed inner scope=1
              withdrawn 2 inner
              disarmed timer 0 outer.timer
              closed outer scope=0
              withdrawn 1 outer
              cancelled reason="its last path was ended by hand"
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
              + disarmTimer timer 0 due 1h
            = cancelled
            = {"given":1}
        "#]],
    );
}

#[test]
fn a_modification_that_does_not_fit_changes_nothing() {
    check(
        TWO,
        "start given=1
         modify -7 +last
         modify +nowhere
         modify +outer.timer
         modify +more/3
         modify +read
         done first
         modify -1 +more
         modify +last/0
         modify +more/0
         modify +more/1",
        expect![[r#"
            > start given=1
              started variables={"given":1}
              entered 0 start
              entered 0 first
              began 0 first
              + runActivity 0 first activity="ask" attempt=1 parameters={}
            > modify -7 +last
            ! there is no path 7
            > modify +nowhere
            ! the process has no fitting node `nowhere`
            > modify +outer.timer
            ! the process has no fitting node `outer.timer`
            > modify +more/3
            ! `more` cannot begin there; name the scope that is to hold it
            > modify +read
            ! `read` cannot begin there; name the scope that is to hold it
            > done first
              completed 0 first
              entered 1 outer
              began 1 outer locals={"n":1}
              armed 1 timer 0 outer.timer due 1h
              opened 1 outer of="subProcess" scope=0 variables={"n":1}
              entered 2 outer.start scope=0
              entered 2 inner
              began 2 inner
              opened 2 inner of="subProcess" scope=1 variables={"own":2}
              subscribed noted.start awaited={"message":{"name":"note"}} catch=0 scope=1
              entered 3 inner.start scope=1
              entered 3 ask
              began 3 ask locals={"a":2}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 3 ask activity="ask" attempt=1 parameters={"a":2}
            > modify -1 +more
            ! `more` cannot begin there; name the scope that is to hold it
            > modify +last/0
            ! `last` cannot begin there; name the scope that is to hold it
            > modify +more/0
            ! `more` cannot begin there; name the scope that is to hold it
            > modify +more/1
              entered 4 more scope=1
              began 4 more
              + runActivity 4 more activity="ask" attempt=1 parameters={}
            = active
            = {"given":1}
            = 1 outer "inside"
            = 2 inner "inside"
            = 3 ask {"running":{"attempt":1}}
            = 4 more {"running":{"attempt":1}}
        "#]],
    );
}

const SEVERAL: &str = r#"
  - id: each
    each: { in: users, as: user }
    steps: [{ id: ask, activity: ask, with: { a: "${user}" } }, { id: more, activity: ask, with: { a: "${user}" } }]
  - { id: last, activity: ask }
"#;

#[test]
fn of_several_open_scopes_one_is_named() {
    check(
        SEVERAL,
        "start users=[1,2]\n modify +more\n modify -4 +more/2\n done more\n done ask\n done more",
        expect![[r#"
            > start users=[1,2]
              started variables={"users":[1,2]}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0,"user":1}
              began 1 each
              opened 1 each of="subProcess" scope=1 variables={"loopCounter":0,"user":1}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1,"user":2}
              began 2 each
              opened 2 each of="subProcess" scope=2 variables={"loopCounter":1,"user":2}
              entered 3 each.start scope=1
              entered 4 each.start scope=2
              entered 3 ask
              began 3 ask locals={"a":1}
              entered 4 ask
              began 4 ask locals={"a":2}
              + runActivity 3 ask activity="ask" attempt=1 parameters={"a":1}
              + runActivity 4 ask activity="ask" attempt=1 parameters={"a":2}
            > modify +more
            ! `more` cannot begin there; name the scope that is to hold it
            > modify -4 +more/2
              withdrawn 4 ask
              entered 5 more scope=2
              began 5 more locals={"a":2}
              + runActivity 5 more activity="ask" attempt=1 parameters={"a":2}
            > done more
              completed 5 more
              entered 6 each.end scope=2
              ended 6 each.end
              closed each scope=2
              completed 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > done ask
              completed 3 ask
              entered 7 more scope=1
              began 7 more locals={"a":1}
              + runActivity 7 more activity="ask" attempt=1 parameters={"a":1}
            > done more
              completed 7 more
              entered 8 each.end scope=1
              ended 8 each.end
              closed each scope=1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":0},{"at":["nrOfCompletedInstances"],"value":2}]
              closed each scope=0
              completed 0 each
              entered 9 last
              began 9 last
              + runActivity 9 last activity="ask" attempt=1 parameters={}
            = active each.end each.end
            = {"users":[1,2]}
            = 9 last {"running":{"attempt":1}}
        "#]],
    );
}

#[test]
fn an_instance_that_a_person_ends_is_counted_and_the_last_ends_the_activity() {
    check(
        SEVERAL,
        "start users=[1,2,3]\n modify -5\n done ask\n done more\n modify -6 +last",
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
              began 4 ask locals={"a":1}
              entered 5 ask
              began 5 ask locals={"a":2}
              entered 6 ask
              began 6 ask locals={"a":3}
              + runActivity 4 ask activity="ask" attempt=1 parameters={"a":1}
              + runActivity 5 ask activity="ask" attempt=1 parameters={"a":2}
              + runActivity 6 ask activity="ask" attempt=1 parameters={"a":3}
            > modify -5
              withdrawn 5 ask
              closed each scope=2
              withdrawn 2 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":2},{"at":["nrOfTerminatedInstances"],"value":1}]
            > done ask
              completed 4 ask
              entered 7 more scope=1
              began 7 more locals={"a":1}
              + runActivity 7 more activity="ask" attempt=1 parameters={"a":1}
            > done more
              completed 7 more
              entered 8 each.end scope=1
              ended 8 each.end
              closed each scope=1
              completed 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfCompletedInstances"],"value":1}]
            > modify -6 +last
              withdrawn 6 ask
              closed each scope=3
              withdrawn 3 each
              closed each scope=0
              withdrawn 0 each
              entered 9 last
              began 9 last
              + runActivity 9 last activity="ask" attempt=1 parameters={}
            = active each.end
            = {"users":[1,2,3]}
            = 9 last {"running":{"attempt":1}}
        "#]],
    );
    check(
        SEVERAL,
        "start users=[1,2]\n modify -1 -2 +last\n done last",
        expect![[r#"
            > start users=[1,2]
              started variables={"users":[1,2]}
              entered 0 start
              entered 0 each
              opened 0 each of="body" scope=0 variables={"nrOfActiveInstances":2,"nrOfCompletedInstances":0,"nrOfInstances":2,"nrOfTerminatedInstances":0}
              entered 1 each scope=0
              given 1 each locals={"loopCounter":0,"user":1}
              began 1 each
              opened 1 each of="subProcess" scope=1 variables={"loopCounter":0,"user":1}
              entered 2 each scope=0
              given 2 each locals={"loopCounter":1,"user":2}
              began 2 each
              opened 2 each of="subProcess" scope=2 variables={"loopCounter":1,"user":2}
              entered 3 each.start scope=1
              entered 4 each.start scope=2
              entered 3 ask
              began 3 ask locals={"a":1}
              entered 4 ask
              began 4 ask locals={"a":2}
              + runActivity 3 ask activity="ask" attempt=1 parameters={"a":1}
              + runActivity 4 ask activity="ask" attempt=1 parameters={"a":2}
            > modify -1 -2 +last
              withdrawn 3 ask
              closed each scope=1
              withdrawn 1 each
              set scope=0 writes=[{"at":["nrOfActiveInstances"],"value":1},{"at":["nrOfTerminatedInstances"],"value":1}]
              withdrawn 4 ask
              closed each scope=2
              withdrawn 2 each
              closed each scope=0
              withdrawn 0 each
              entered 5 last
              began 5 last
              + runActivity 5 last activity="ask" attempt=1 parameters={}
            > done last
              completed 5 last
              entered 6 end
              ended 6 end
              finished
            = completed end
            = {"users":[1,2]}
        "#]],
    );
}

#[test]
fn an_event_sub_process_may_be_begun_by_hand() {
    check(
        r#"
  - { id: ask, activity: ask }
events:
  - { message: note, id: noted, steps: [{ id: read, activity: ask }] }
"#,
        "start\n modify +noted\n done read\n done ask",
        expect![[r#"
            > start
              started variables={}
              subscribed noted.start awaited={"message":{"name":"note"}} catch=0
              entered 0 start
              entered 0 ask
              began 0 ask
              + subscribe awaited={"message":{"name":"note"}} catch=0
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > modify +noted
              entered 1 noted
              opened 1 noted of="eventSubProcess" scope=0
              entered 2 noted.start scope=0
              entered 2 read
              began 2 read
              + runActivity 2 read activity="ask" attempt=1 parameters={}
            > done read
              completed 2 read
              entered 3 noted.end scope=0
              ended 3 noted.end
              closed noted scope=0
              completed 1 noted
            > done ask
              completed 0 ask
              entered 4 end
              ended 4 end
              unsubscribed noted.start catch=0
              finished
              + unsubscribe awaited={"message":{"name":"note"}} catch=0
            = completed noted.end end
        "#]],
    );
}

#[test]
fn a_handler_that_a_person_ends_is_passed_over() {
    check(
        r#"
  - { id: one, activity: work, on: [{ compensate: true, then: undo-one }] }
  - { id: undo-one, activity: ask }
  - { id: two, activity: work, on: [{ compensate: true, then: undo-two }] }
  - { id: undo-two, activity: ask }
  - { throw: Undo, compensate: true }
"#,
        "start\n done one\n done two\n modify -3\n done undo-one",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 one
              began 0 one
              + runActivity 0 one activity="work" attempt=1 parameters={}
            > done one
              remembered done={"node":"one"}
              completed 0 one
              entered 1 two
              began 1 two
              + runActivity 1 two activity="work" attempt=1 parameters={}
            > done two
              remembered done={"node":"two"}
              completed 1 two
              entered 2 undo
              recalled
              opened 2 undo of="compensation" scope=0 undo=[{"node":"one"},{"node":"two"}]
              undoing two scope=0
              entered 3 undo-two scope=0
              began 3 undo-two
              + runActivity 3 undo-two activity="ask" attempt=1 parameters={}
            > modify -3
              withdrawn 3 undo-two
              undoing one scope=0
              entered 4 undo-one scope=0
              began 4 undo-one
              + runActivity 4 undo-one activity="ask" attempt=1 parameters={}
            > done undo-one
              completed 4 undo-one
              closed undo scope=0
              entered 2 end
              ended 2 end
              finished
            = completed end
        "#]],
    );
}

#[test]
fn an_instance_whose_last_path_a_person_ends_is_cancelled() {
    let steps = r#"
  - { id: part, steps: [{ id: first, activity: ask }] }
  - { id: last, activity: ask }
"#;
    check(
        steps,
        "start\n modify -1",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 part
          began 0 part
          opened 0 part of="subProcess" scope=0
          entered 1 part.start scope=0
          entered 1 first
          began 1 first
          + runActivity 1 first activity="ask" attempt=1 parameters={}
        > modify -1
          withdrawn 1 first
          closed part scope=0
          withdrawn 0 part
          cancelled reason="its last path was ended by hand"
        = cancelled
    "#]],
    );
    check(
        steps,
        "start\n modify -1 +last\n done last",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 part
          began 0 part
          opened 0 part of="subProcess" scope=0
          entered 1 part.start scope=0
          entered 1 first
          began 1 first
          + runActivity 1 first activity="ask" attempt=1 parameters={}
        > modify -1 +last
          withdrawn 1 first
          closed part scope=0
          withdrawn 0 part
          entered 2 last
          began 2 last
          + runActivity 2 last activity="ask" attempt=1 parameters={}
        > done last
          completed 2 last
          entered 3 end
          ended 3 end
          finished
        = completed end
    "#]],
    );
}
