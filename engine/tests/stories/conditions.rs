//! Stories of conditional events: at rest, on boundaries, and before event sub-processes.

use expect_test::expect;

use super::check::check;

#[test]
fn a_conditional_event_happens_when_its_condition_becomes_true() {
    let steps = r#"
  - { start: Start, then: [full, ask] }
  - { catch: Full, id: full, condition: "n >= 2", then: end }
  - { id: ask, activity: ask, then: end }
"#;
    check(
        steps,
        "start n=0
         set !n=1
         set !n=2
         done 1",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              entered 0 start
              entered 0 full
              rested 0 full
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              entered 1 ask
              began 1 ask
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > set !n=1
              set writes=[{"at":["n"],"value":1}]
            > set !n=2
              set writes=[{"at":["n"],"value":2}]
              turned full catch=0 held=true
              caught full catch=0
              entered 0 end
              ended 0 end
            > done 1
              completed 1 ask
              entered 2 end
              ended 2 end
              finished
            = completed end end
            = {"n":2}
        "#]],
    );
    check(
        steps,
        "start n=5
         done 1",
        expect![[r#"
            > start n=5
              started variables={"n":5}
              entered 0 start
              entered 0 full
              rested 0 full
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              entered 1 ask
              began 1 ask
              turned full catch=0 held=true
              caught full catch=0
              entered 0 end
              ended 0 end
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 ask
              entered 2 end
              ended 2 end
              finished
            = completed end end
            = {"n":5}
        "#]],
    );
    check(
        steps,
        "start
         set !m=1
         set !n=many
         done 1 !n=3",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 full
              rested 0 full
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              entered 1 ask
              began 1 ask
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > set !m=1
              set writes=[{"at":["m"],"value":1}]
            > set !n=many
              set writes=[{"at":["n"],"value":"many"}]
            > done 1 !n=3
              wrote 1 ask writes=[{"at":["n"],"value":3}]
              completed 1 ask
              entered 2 end
              ended 2 end
              turned full catch=0 held=true
              caught full catch=0
              entered 0 end
              ended 0 end
              finished
            = completed end end
            = {"m":1,"n":3}
        "#]],
    );
    check(
        steps,
        "start n=0
         modify -0
         set !n=9",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              entered 0 start
              entered 0 full
              rested 0 full
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              entered 1 ask
              began 1 ask
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > modify -0
              unsubscribed full catch=0
              withdrawn 0 full
            > set !n=9
              set writes=[{"at":["n"],"value":9}]
            = active
            = {"n":9}
            = 1 ask {"running":{"attempt":1}}
        "#]],
    );
}

#[test]
fn a_conditional_boundary_event_that_interrupts_ends_its_task() {
    let steps = r#"
  - { id: ask, activity: ask, with: { a: 3 }, on: [{ condition: "n >= a", id: full, then: after }] }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start n=2
         set !n=3
         done 0",
        expect![[r#"
            > start n=2
              started variables={"n":2}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":3}
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":3}
            > set !n=3
              set writes=[{"at":["n"],"value":3}]
              turned full catch=0 held=true
              caught full catch=0
              interrupted 0 ask by="full"
              entered 1 full
              entered 1 after
              began 1 after
              completed 1 after
              entered 2 end
              ended 2 end
              finished
            > done 0
            ! the instance has ended
            = completed end
            = {"n":3}
        "#]],
    );
    check(
        steps,
        "start n=3",
        expect![[r#"
        > start n=3
          started variables={"n":3}
          entered 0 start
          entered 0 ask
          began 0 ask locals={"a":3}
          subscribed 0 full awaited={"condition":{"held":false}} catch=0
          turned full catch=0 held=true
          caught full catch=0
          interrupted 0 ask by="full"
          entered 1 full
          entered 1 after
          began 1 after
          completed 1 after
          entered 2 end
          ended 2 end
          finished
        = completed end
        = {"n":3}
    "#]],
    );
    check(
        steps,
        "start n=0
         done 0
         set !n=9",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":3}
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":3}
            > done 0
              unsubscribed full catch=0
              completed 0 ask
              entered 1 after
              began 1 after
              completed 1 after
              entered 2 end
              ended 2 end
              finished
            > set !n=9
            ! the instance has ended
            = completed end
            = {"n":0}
        "#]],
    );
}

#[test]
fn one_that_does_not_interrupt_happens_each_time_its_condition_turns_true() {
    let steps = r#"
  - { id: ask, activity: ask, on: [{ condition: full, id: full, interrupting: false, then: note }] }
  - { end: }
  - { id: note, do: nothing, then: end }
"#;
    check(
        steps,
        "start full=true
         set !full=true
         set !full=false
         set !full=true !other=1
         set !other=2
         done 0",
        expect![[r#"
            > start full=true
              started variables={"full":true}
              entered 0 start
              entered 0 ask
              began 0 ask
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              turned full catch=0 held=true
              caught full again=true catch=0
              entered 1 full
              entered 1 note
              began 1 note
              completed 1 note
              entered 2 end
              ended 2 end
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > set !full=true
              set writes=[{"at":["full"],"value":true}]
            > set !full=false
              set writes=[{"at":["full"],"value":false}]
              turned full catch=0 held=false
            > set !full=true !other=1
              set writes=[{"at":["full"],"value":true},{"at":["other"],"value":1}]
              turned full catch=0 held=true
              caught full again=true catch=0
              entered 3 full
              entered 3 note
              began 3 note
              completed 3 note
              entered 4 end
              ended 4 end
            > set !other=2
              set writes=[{"at":["other"],"value":2}]
            > done 0
              unsubscribed full catch=0
              completed 0 ask
              entered 5 end
              ended 5 end
              finished
            = completed end end end
            = {"full":true,"other":2}
        "#]],
    );
    check(
        steps,
        "start full=false
         done 0 !full=true",
        expect![[r#"
            > start full=false
              started variables={"full":false}
              entered 0 start
              entered 0 ask
              began 0 ask
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0 !full=true
              wrote 0 ask writes=[{"at":["full"],"value":true}]
              unsubscribed full catch=0
              completed 0 ask
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"full":true}
        "#]],
    );
}

#[test]
fn a_condition_starts_an_event_sub_process_each_time_it_turns_true() {
    let steps = r#"
  - { id: ask, activity: ask }
events:
  - { condition: "n > 1", id: watch, interrupting: false, steps: [{ id: note, activity: ask }] }
"#;
    check(
        steps,
        "start n=2
         done 2
         set !n=0
         set !n=3
         set !n=4
         done 0
         done 5",
        expect![[r#"
            > start n=2
              started variables={"n":2}
              subscribed watch.start awaited={"condition":{"held":false}} catch=0
              entered 0 start
              entered 0 ask
              began 0 ask
              turned watch.start catch=0 held=true
              caught watch.start again=true catch=0
              entered 1 watch
              opened 1 watch of="eventSubProcess" scope=0
              entered 2 watch.start scope=0
              entered 2 note
              began 2 note
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
              + runActivity 2 note activity="ask" attempt=1 parameters={}
            > done 2
              completed 2 note
              entered 3 watch.end scope=0
              ended 3 watch.end
              closed watch scope=0
              completed 1 watch
            > set !n=0
              set writes=[{"at":["n"],"value":0}]
              turned watch.start catch=0 held=false
            > set !n=3
              set writes=[{"at":["n"],"value":3}]
              turned watch.start catch=0 held=true
              caught watch.start again=true catch=0
              entered 4 watch
              opened 4 watch of="eventSubProcess" scope=1
              entered 5 watch.start scope=1
              entered 5 note
              began 5 note
              + runActivity 5 note activity="ask" attempt=1 parameters={}
            > set !n=4
              set writes=[{"at":["n"],"value":4}]
            > done 0
              completed 0 ask
              entered 6 end
              ended 6 end
            > done 5
              completed 5 note
              entered 7 watch.end scope=1
              ended 7 watch.end
              closed watch scope=1
              completed 4 watch
              unsubscribed watch.start catch=0
              finished
            = completed watch.end end watch.end
            = {"n":4}
        "#]],
    );
    check(
        steps,
        "start n=0
         done 0",
        expect![[r#"
            > start n=0
              started variables={"n":0}
              subscribed watch.start awaited={"condition":{"held":false}} catch=0
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 1 end
              ended 1 end
              unsubscribed watch.start catch=0
              finished
            = completed end
            = {"n":0}
        "#]],
    );
}

#[test]
fn a_condition_that_starts_an_interrupting_event_sub_process_ends_what_is_around_it() {
    let steps = r#"
  - id: sub
    variables: { n: 0 }
    steps: [{ id: ask, activity: ask, out: { n: "${n + 1}" } }, { id: more, activity: ask }]
    events:
      - { condition: "n > 0", id: watch, steps: [{ id: note, activity: ask }] }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start
         set !n=1
         done 1
         done 4",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0 variables={"n":0}
              subscribed watch.start awaited={"condition":{"held":false}} catch=0 scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > set !n=1
              set writes=[{"at":["n"],"value":1}]
            > done 1
              wrote 1 ask writes=[{"at":["n"],"value":1}]
              completed 1 ask
              entered 2 more scope=0
              began 2 more
              turned watch.start catch=0 held=true
              caught watch.start catch=0
              withdrawn 2 more
              entered 3 watch scope=0
              opened 3 watch of="eventSubProcess" scope=1
              entered 4 watch.start scope=1
              entered 4 note
              began 4 note
              + runActivity 4 note activity="ask" attempt=1 parameters={}
            > done 4
              completed 4 note
              entered 5 watch.end scope=1
              ended 5 watch.end
              closed watch scope=1
              completed 3 watch
              closed sub scope=0
              completed 0 sub
              entered 6 after
              began 6 after
              completed 6 after
              entered 7 end
              ended 7 end
              finished
            = completed watch.end end
            = {"n":1}
        "#]],
    );
    check(
        steps,
        "start
         set-in 0 !n=1
         error 3 Lost
         retry 3
         cancel enough",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0 variables={"n":0}
              subscribed watch.start awaited={"condition":{"held":false}} catch=0 scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > set-in 0 !n=1
              set scope=0 writes=[{"at":["n"],"value":1}]
              turned watch.start catch=0 held=true
              caught watch.start catch=0
              withdrawn 1 ask
              entered 2 watch scope=0
              opened 2 watch of="eventSubProcess" scope=1
              entered 3 watch.start scope=1
              entered 3 note
              began 3 note
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > error 3 Lost
              errorRaised 3 note code="Lost" message=""
              incidentRaised 3 note message="no boundary event catches the error `Lost`" moment="running"
            > retry 3
              incidentTakenUp 3 note
              began 3 note
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > cancel enough
              withdrawn 3 note
              closed watch scope=1
              withdrawn 2 watch
              closed sub scope=0
              withdrawn 0 sub
              cancelled reason="enough"
            = cancelled
        "#]],
    );
}

#[test]
fn what_a_condition_brings_about_may_make_another_true() {
    check(
        r#"
  - { start: Start, then: [first, second] }
  - { catch: First, id: first, condition: "n > 0", out: { m: "${n + 1}" }, then: end }
  - { catch: Second, id: second, condition: "m > 1", then: end }
"#,
        "start n=0 m=0
         set !n=1",
        expect![[r#"
            > start n=0 m=0
              started variables={"m":0,"n":0}
              entered 0 start
              entered 0 first
              rested 0 first
              subscribed 0 first awaited={"condition":{"held":false}} catch=0
              entered 1 second
              rested 1 second
              subscribed 1 second awaited={"condition":{"held":false}} catch=1
            > set !n=1
              set writes=[{"at":["n"],"value":1}]
              turned first catch=0 held=true
              caught first catch=0
              wrote 0 first writes=[{"at":["m"],"value":2}]
              turned second catch=1 held=true
              caught second catch=1
              entered 0 end
              ended 0 end
              entered 1 end
              ended 1 end
              finished
            = completed end end
            = {"m":2,"n":1}
        "#]],
    );
}

#[test]
fn a_condition_that_names_a_variable_is_asked_when_it_is_awaited_and_when_that_is_written() {
    check(
        r#"
  - { start: Start, then: [full, ask] }
  - { catch: Full, id: full, condition: "n >= limit", variable: limit, then: end }
  - { id: ask, activity: ask, then: end }
"#,
        "start n=1 limit=5
         set !n=9
         set !limit=7
         done 1",
        expect![[r#"
            > start n=1 limit=5
              started variables={"limit":5,"n":1}
              entered 0 start
              entered 0 full
              rested 0 full
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              entered 1 ask
              began 1 ask
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > set !n=9
              set writes=[{"at":["n"],"value":9}]
            > set !limit=7
              set writes=[{"at":["limit"],"value":7}]
              turned full catch=0 held=true
              caught full catch=0
              entered 0 end
              ended 0 end
            > done 1
              completed 1 ask
              entered 2 end
              ended 2 end
              finished
            = completed end end
            = {"limit":7,"n":9}
        "#]],
    );
    check(
        r#"
  - { catch: Full, id: full, condition: "n >= limit", variable: limit, then: end }
"#,
        "start n=9 limit=5",
        expect![[r#"
            > start n=9 limit=5
              started variables={"limit":5,"n":9}
              entered 0 start
              entered 0 full
              rested 0 full
              subscribed 0 full awaited={"condition":{"held":false}} catch=0
              turned full catch=0 held=true
              caught full catch=0
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"limit":5,"n":9}
        "#]],
    );
}

#[test]
fn a_condition_is_asked_after_the_change_that_it_names_alone() {
    check(
        r#"
  - { start: Start, then: [made, changed, ask] }
  - { catch: Made, id: made, condition: "n > 0", change: created, then: end }
  - { catch: Changed, id: changed, condition: "n > 0", variable: n, change: updated, then: end }
  - { id: ask, activity: ask, then: end }
"#,
        "start
         set !n=1
         set !m=1
         set !n=2
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 made
              rested 0 made
              subscribed 0 made awaited={"condition":{"held":false}} catch=0
              entered 1 changed
              rested 1 changed
              subscribed 1 changed awaited={"condition":{"held":false}} catch=1
              entered 2 ask
              began 2 ask
              + runActivity 2 ask activity="ask" attempt=1 parameters={}
            > set !n=1
              set writes=[{"at":["n"],"value":1}]
              turned made catch=0 held=true
              caught made catch=0
              entered 0 end
              ended 0 end
            > set !m=1
              set writes=[{"at":["m"],"value":1}]
            > set !n=2
              set writes=[{"at":["n"],"value":2}]
              turned changed catch=1 held=true
              caught changed catch=1
              entered 1 end
              ended 1 end
            > done 2
              completed 2 ask
              entered 3 end
              ended 3 end
              finished
            = completed end end end
            = {"m":1,"n":2}
        "#]],
    );
}

#[test]
fn what_was_set_while_the_instance_was_held_turns_its_conditions_afterwards() {
    check(
        r#"
  - { start: Start, then: [some, full, both, ask] }
  - { catch: Some, id: some, condition: "n >= 2", variable: m, then: end }
  - { catch: Full, id: full, condition: "n >= 2", variable: n, then: end }
  - { id: ask, activity: ask, then: both }
  - { id: both, complex: [end], when: "n >= 3" }
"#,
        "start n=0 m=0
         note !n=3
         ask m
         ask n",
        expect![[r#"
            > start n=0 m=0
              started variables={"m":0,"n":0}
              entered 0 start
              entered 0 some
              rested 0 some
              subscribed 0 some awaited={"condition":{"held":false}} catch=0
              entered 1 full
              rested 1 full
              subscribed 1 full awaited={"condition":{"held":false}} catch=1
              entered 2 both
              arrived 2 both flow="start.flow3"
              entered 3 ask
              began 3 ask
              + runActivity 3 ask activity="ask" attempt=1 parameters={}
            > note !n=3
              set writes=[{"at":["n"],"value":3}]
            > ask m
              turned some catch=0 held=true
              caught some catch=0
              entered 0 end
              ended 0 end
              joined 2 both with=[]
              reset both counted=["start.flow3"]
              entered 2 end
              ended 2 end
            > ask n
              turned full catch=1 held=true
              caught full catch=1
              entered 1 end
              ended 1 end
            = active end end end
            = {"m":0,"n":3}
            = 3 ask {"running":{"attempt":1}}
        "#]],
    );
}
