//! Stories of link, terminate and multiple throwing events, and of conditional flows out of activities.

use expect_test::expect;

use super::check::check;

#[test]
fn links_lead_on_where_the_other_half_stands() {
    let steps = r#"
  - { id: which, choose: [{ when: left, then: to-here }, { otherwise: also-here }] }
  - { throw: To here, link: here }
  - { throw: Also here, link: here }
  - { catch: Here, link: here, then: end }
"#;
    check(
        steps,
        "start left=true",
        expect![[r#"
        > start left=true
          started variables={"left":true}
          entered 0 start
          entered 0 which
          entered 0 to-here
          entered 0 here
          entered 0 end
          ended 0 end
          finished
        = completed end
        = {"left":true}
    "#]],
    );
    check(
        steps,
        "start left=false",
        expect![[r#"
        > start left=false
          started variables={"left":false}
          entered 0 start
          entered 0 which
          entered 0 also-here
          entered 0 here
          entered 0 end
          ended 0 end
          finished
        = completed end
        = {"left":false}
    "#]],
    );
}

#[test]
fn links_are_found_in_their_own_scope() {
    check(
        r#"
  - id: sub
    steps:
      - { throw: Jump, link: here }
      - { catch: Here, id: inner, link: here, then: last }
      - { id: last, do: nothing }
  - { throw: Jump on, link: here }
  - { catch: Here, id: outer, link: here, then: end }
"#,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0
              entered 1 sub.start scope=0
              entered 1 jump
              entered 1 inner
              entered 1 last
              began 1 last
              completed 1 last
              entered 2 sub.end scope=0
              ended 2 sub.end
              closed sub scope=0
              completed 0 sub
              entered 3 jump-on
              entered 3 outer
              entered 3 end
              ended 3 end
              finished
            = completed sub.end end
        "#]],
    );
}

#[test]
fn a_terminating_end_ends_all_of_the_process() {
    check(
        r#"
  - { id: fork, parallel: [one, two, sub] }
  - { id: one, activity: ask, on: [{ timer: PT1H, then: end }], then: end }
  - { id: two, activity: ask, then: over }
  - { id: sub, then: end, steps: [{ catch: Wait, message: news, then: end }] }
  - { end: Over, terminate: true }
events:
  - { signal: alarm, id: help, interrupting: false, steps: [{ id: note, activity: ask }] }
"#,
        "start
         signal alarm
         done 1
         done 0",
        expect![[r#"
            > start
              started variables={}
              subscribed help.start awaited={"signal":{"name":"alarm"}} catch=0
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              armed 0 timer 0 one.timer due 1h
              entered 1 two
              began 1 two
              entered 2 sub
              began 2 sub
              opened 2 sub of="subProcess" scope=0
              entered 3 sub.start scope=0
              entered 3 wait
              rested 3 wait
              subscribed 3 wait awaited={"message":{"name":"news"}} catch=1
              + subscribe awaited={"signal":{"name":"alarm"}} catch=0
              + armTimer timer 0 due 1h
              + runActivity 0 one activity="ask" attempt=1 parameters={}
              + runActivity 1 two activity="ask" attempt=1 parameters={}
              + subscribe awaited={"message":{"name":"news"}} catch=1
            > signal alarm
              caught help.start again=true catch=0
              entered 4 help
              opened 4 help of="eventSubProcess" scope=1
              entered 5 help.start scope=1
              entered 5 note
              began 5 note
              + runActivity 5 note activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 two
              entered 6 over
              ended 6 over
              disarmed timer 0 one.timer
              withdrawn 0 one
              unsubscribed wait catch=1
              withdrawn 3 wait
              closed sub scope=0
              withdrawn 2 sub
              withdrawn 5 note
              closed help scope=1
              withdrawn 4 help
              unsubscribed help.start catch=0
              finished
              + disarmTimer timer 0 due 1h
              + unsubscribe awaited={"message":{"name":"news"}} catch=1
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=0
            > done 0
            ! the instance has ended
            = completed over
        "#]],
    );
}

#[test]
fn a_terminating_end_in_a_sub_process_ends_that_alone() {
    check(
        r#"
  - { id: fork, parallel: [beside, sub] }
  - { id: beside, activity: ask, then: end }
  - id: sub
    steps:
      - { id: split, parallel: [one, two, inner] }
      - { id: one, activity: ask, then: end }
      - { id: two, activity: ask, then: over }
      - { id: inner, then: end, steps: [{ id: deep, activity: ask }] }
      - { end: Over, terminate: true }
    events:
      - { message: news, id: news, interrupting: false, steps: [{ id: note, activity: ask }] }
    on: [{ timer: PT1H, then: end }]
    then: after
  - { id: after, do: nothing, then: end }
"#,
        "start
         deliver 0
         done 3
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 beside
              began 0 beside
              entered 1 sub
              began 1 sub
              armed 1 timer 0 sub.timer due 1h
              opened 1 sub of="subProcess" scope=0
              subscribed news.start awaited={"message":{"name":"news"}} catch=0 scope=0
              entered 2 sub.start scope=0
              entered 2 split
              entered 2 one
              began 2 one
              entered 3 two scope=0
              began 3 two
              entered 4 inner scope=0
              began 4 inner
              opened 4 inner of="subProcess" scope=1
              entered 5 inner.start scope=1
              entered 5 deep
              began 5 deep
              + runActivity 0 beside activity="ask" attempt=1 parameters={}
              + armTimer timer 0 due 1h
              + subscribe awaited={"message":{"name":"news"}} catch=0
              + runActivity 2 one activity="ask" attempt=1 parameters={}
              + runActivity 3 two activity="ask" attempt=1 parameters={}
              + runActivity 5 deep activity="ask" attempt=1 parameters={}
            > deliver 0
              caught news.start again=true catch=0
              entered 6 news scope=0
              opened 6 news of="eventSubProcess" scope=2
              entered 7 news.start scope=2
              entered 7 note
              began 7 note
              + runActivity 7 note activity="ask" attempt=1 parameters={}
            > done 3
              completed 3 two
              entered 8 over scope=0
              ended 8 over
              withdrawn 2 one
              withdrawn 5 deep
              closed inner scope=1
              withdrawn 4 inner
              withdrawn 7 note
              closed news scope=2
              withdrawn 6 news
              unsubscribed news.start catch=0
              disarmed timer 0 sub.timer
              closed sub scope=0
              completed 1 sub
              entered 9 after
              began 9 after
              completed 9 after
              entered 10 end
              ended 10 end
              + unsubscribe awaited={"message":{"name":"news"}} catch=0
              + disarmTimer timer 0 due 1h
            > done 0
              completed 0 beside
              entered 11 end
              ended 11 end
              finished
            = completed over end end
        "#]],
    );
}

#[test]
fn a_terminating_end_reached_in_the_first_step_takes_back_what_was_asked() {
    check(
        r#"
  - { id: fork, parallel: [one, over] }
  - { id: one, activity: ask, on: [{ message: news, then: end }], then: end }
  - { end: Over, terminate: true }
"#,
        "start",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 fork
              entered 0 one
              began 0 one
              subscribed 0 one.news awaited={"message":{"name":"news"}} catch=0
              entered 1 over
              ended 1 over
              unsubscribed one.news catch=0
              withdrawn 0 one
              finished
              + subscribe awaited={"message":{"name":"news"}} catch=0
              + unsubscribe awaited={"message":{"name":"news"}} catch=0
            = completed over
        "#]],
    );
}

#[test]
fn several_results_of_one_end_all_happen() {
    let steps = r#"
  - id: sub
    steps:
      - { id: fork, parallel: [ask, all] }
      - { id: ask, activity: ask, then: end }
      - { end: All, id: all, all: [{ message: "to-${who}" }, { signal: over }, { escalation: Up }, { terminate: true }], with: { a: 1 } }
    on: [{ escalation: Up, interrupting: false, then: note }]
  - { end: }
  - { id: note, activity: ask, then: end }
"#;
    check(
        steps,
        "start who=me
         done 3",
        expect![[r#"
            > start who=me
              started variables={"who":"me"}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0
              entered 1 sub.start scope=0
              entered 1 fork
              entered 1 ask
              began 1 ask
              entered 2 all scope=0
              sent 2 all name="to-me"
              signalled 2 all name="over"
              escalated 2 all code="Up"
              ended 2 all
              withdrawn 1 ask
              entered 3 sub.Up
              entered 3 note
              began 3 note
              closed sub scope=0
              completed 0 sub
              entered 4 end
              ended 4 end
              + sendMessage all name="to-me" payload={"a":1}
              + sendSignal all name="over" payload={"a":1}
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > done 3
              completed 3 note
              entered 5 end
              ended 5 end
              finished
            = completed all end end
            = {"who":"me"}
        "#]],
    );
    check(
        steps,
        "start
         resolve 2 !who=me
         done 3",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0
              entered 1 sub.start scope=0
              entered 1 fork
              entered 1 ask
              began 1 ask
              entered 2 all scope=0
              incidentRaised 2 all message="the name of the message: there is no variable who; if it may be missing, ask execution.hasVariable(\"who\") first (at character 6 of ${who})" moment="entering"
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > resolve 2 !who=me
              incidentTakenUp 2 all resolved=true
              wrote 2 all writes=[{"at":["who"],"value":"me"}]
              sent 2 all name="to-me"
              signalled 2 all name="over"
              escalated 2 all code="Up"
              ended 2 all
              withdrawn 1 ask
              entered 3 sub.Up
              entered 3 note
              began 3 note
              closed sub scope=0
              completed 0 sub
              entered 4 end
              ended 4 end
              + sendMessage all name="to-me" payload={"a":1}
              + sendSignal all name="over" payload={"a":1}
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > done 3
              completed 3 note
              entered 5 end
              ended 5 end
              finished
            = completed all end end
            = {"who":"me"}
        "#]],
    );
}

#[test]
fn one_throwing_event_may_do_several_things() {
    let steps = r#"
  - { throw: All, id: all, all: [{ message: news }, { signal: "${name}" }, { escalation: Up }], with: { a: 1 } }
  - { id: after, activity: ask }
events:
  - { escalation: Up, id: up, code: what, interrupting: false, steps: [{ id: note, activity: ask }] }
"#;
    check(
        steps,
        "start name=n
         done 2
         done 0",
        expect![[r#"
            > start name=n
              started variables={"name":"n"}
              entered 0 start
              entered 0 all
              sent 0 all name="news"
              signalled 0 all name="n"
              escalated 0 all code="Up"
              entered 1 up
              opened 1 up of="eventSubProcess" scope=0
              entered 2 up.start scope=0
              given 2 up.start locals={"what":"Up"}
              wrote 2 up.start writes=[{"at":["what"],"value":"Up"}]
              entered 0 after
              began 0 after
              entered 2 note
              began 2 note
              + sendMessage all name="news" payload={"a":1}
              + sendSignal all name="n" payload={"a":1}
              + runActivity 0 after activity="ask" attempt=1 parameters={}
              + runActivity 2 note activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 note
              entered 3 up.end scope=0
              ended 3 up.end
              closed up scope=0
              completed 1 up
            > done 0
              completed 0 after
              entered 4 end
              ended 4 end
              finished
            = completed up.end end
            = {"name":"n","what":"Up"}
        "#]],
    );
    check(
        steps,
        "start
         resolve 0 !name=n",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 all
              incidentRaised 0 all message="the name of the signal: there is no variable name; if it may be missing, ask execution.hasVariable(\"name\") first (at character 3 of ${name})" moment="entering"
            > resolve 0 !name=n
              incidentTakenUp 0 all resolved=true
              wrote 0 all writes=[{"at":["name"],"value":"n"}]
              sent 0 all name="news"
              signalled 0 all name="n"
              escalated 0 all code="Up"
              entered 1 up
              opened 1 up of="eventSubProcess" scope=0
              entered 2 up.start scope=0
              given 2 up.start locals={"what":"Up"}
              wrote 2 up.start writes=[{"at":["what"],"value":"Up"}]
              entered 0 after
              began 0 after
              entered 2 note
              began 2 note
              + sendMessage all name="news" payload={"a":1}
              + sendSignal all name="n" payload={"a":1}
              + runActivity 0 after activity="ask" attempt=1 parameters={}
              + runActivity 2 note activity="ask" attempt=1 parameters={}
            = active
            = {"name":"n","what":"Up"}
            = 0 after {"running":{"attempt":1}}
            = 1 up "inside"
            = 2 note {"running":{"attempt":1}}
        "#]],
    );
}

#[test]
fn flows_out_of_an_activity_have_conditions_and_a_default() {
    let steps = r#"
  - id: ask
    activity: ask
    then: [{ to: one, when: "n > 1" }, { to: two, when: "n > 2" }, { otherwise: none }]
  - { end: One }
  - { end: Two }
  - { end: None }
"#;
    check(
        steps,
        "start
         done 0 !n=3",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0 !n=3
              wrote 0 ask writes=[{"at":["n"],"value":3}]
              completed 0 ask
              entered 1 one
              ended 1 one
              entered 2 two
              ended 2 two
              finished
            = completed one two
            = {"n":3}
        "#]],
    );
    check(
        steps,
        "start
         done 0 !n=0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0 !n=0
              wrote 0 ask writes=[{"at":["n"],"value":0}]
              completed 0 ask
              entered 1 none
              ended 1 none
              finished
            = completed none
            = {"n":0}
        "#]],
    );
    check(
        steps,
        "start
         done 0
         retry 0
         resolve 0 !n=2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              incidentRaised 0 ask message="the condition of flow `ask.flow1` has no value: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 3 of ${n > 1})" moment="parting"
            > retry 0
              incidentTakenUp 0 ask
              incidentRaised 0 ask message="the condition of flow `ask.flow1` has no value: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 3 of ${n > 1})" moment="parting"
            > resolve 0 !n=2
              incidentTakenUp 0 ask resolved=true
              wrote 0 ask writes=[{"at":["n"],"value":2}]
              completed 0 ask
              entered 1 one
              ended 1 one
              finished
            = completed one
            = {"n":2}
        "#]],
    );
    check(
        steps,
        "start
         done 0
         error 0 Lost
         cancel enough",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              incidentRaised 0 ask message="the condition of flow `ask.flow1` has no value: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 3 of ${n > 1})" moment="parting"
            > error 0 Lost
            ! path 0 at `ask` does not wait for an answer
            > cancel enough
              withdrawn 0 ask
              cancelled reason="enough"
            = cancelled
        "#]],
    );
}

#[test]
fn a_flow_without_a_condition_is_taken_beside_those_whose_condition_holds() {
    let steps = r#"
  - { id: ask, activity: ask, then: [{ to: one, when: "n > 1" }, two] }
  - { id: one, activity: ask, then: [{ to: two, when: "n > 5" }, { to: three, when: "n > 6" }] }
  - { end: Two }
  - { end: Three }
"#;
    check(
        steps,
        "start n=6
         done 0
         done 1",
        expect![[r#"
            > start n=6
              started variables={"n":6}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 1 one
              began 1 one
              entered 2 two
              ended 2 two
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 one
              entered 3 two
              ended 3 two
              finished
            = completed two two
            = {"n":6}
        "#]],
    );
    check(
        steps,
        "start n=2
         done 0
         done 1
         resolve 1 !n=7",
        expect![[r#"
            > start n=2
              started variables={"n":2}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 1 one
              began 1 one
              entered 2 two
              ended 2 two
              + runActivity 1 one activity="ask" attempt=1 parameters={}
            > done 1
              incidentRaised 1 one message="no condition is true and there is no default flow" moment="parting"
            > resolve 1 !n=7
              incidentTakenUp 1 one resolved=true
              wrote 1 one writes=[{"at":["n"],"value":7}]
              completed 1 one
              entered 3 two
              ended 3 two
              entered 4 three
              ended 4 three
              finished
            = completed two two three
            = {"n":7}
        "#]],
    );
    check(
        steps,
        "start n=0
         done 0",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 1 two
              ended 1 two
              finished
            = completed two
            = {"n":0}
        "#]],
    );
}
