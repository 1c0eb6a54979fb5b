//! Stories of starts: by triggers, by receive tasks, behind event gateways, and without a start event.

use expect_test::expect;

use super::check::check;

#[test]
fn an_instance_begins_at_the_start_event_that_was_triggered() {
    let steps = r#"
  - { start: Plain, then: plain }
  - { start: Order, message: order, key: "${id}", then: ordered }
  - { start: Alarm, signal: alarm, out: { level: "${how + 1}" }, then: ordered }
  - { start: Daily, cycle: "R/P1D", then: ordered }
  - { start: Full, condition: "n > 5", then: ordered }
  - { id: plain, do: nothing, then: end }
  - { id: ordered, do: nothing, then: end }
"#;
    check(
        steps,
        "start a=1",
        expect![[r#"
        > start a=1
          started variables={"a":1}
          entered 0 start
          entered 0 plain
          began 0 plain
          completed 0 plain
          entered 1 end
          ended 1 end
          finished
        = completed end
        = {"a":1}
    "#]],
    );
    check(
        steps,
        "start @order id=7",
        expect![[r#"
        > start @order id=7
          started variables={"id":7}
          entered 0 order
          entered 0 ordered
          began 0 ordered
          completed 0 ordered
          entered 1 end
          ended 1 end
          finished
        = completed end
        = {"id":7}
    "#]],
    );
    check(
        steps,
        "start @alarm how=1",
        expect![[r#"
        > start @alarm how=1
          started variables={"how":1}
          entered 0 alarm
          wrote 0 alarm writes=[{"at":["level"],"value":2}]
          entered 0 ordered
          began 0 ordered
          completed 0 ordered
          entered 1 end
          ended 1 end
          finished
        = completed end
        = {"how":1,"level":2}
    "#]],
    );
    check(
        steps,
        "start @alarm
         retry 0
         set !how=2
         retry 0",
        expect![[r#"
            > start @alarm
              started variables={}
              entered 0 alarm
              incidentRaised 0 alarm message="output `level`: there is no variable how; if it may be missing, ask execution.hasVariable(\"how\") first (at character 3 of ${how + 1})" moment="leaving"
            > retry 0
              incidentTakenUp 0 alarm
              answered 0 alarm locals={}
              incidentRaised 0 alarm message="output `level`: there is no variable how; if it may be missing, ask execution.hasVariable(\"how\") first (at character 3 of ${how + 1})" moment="leaving"
            > set !how=2
              set writes=[{"at":["how"],"value":2}]
            > retry 0
              incidentTakenUp 0 alarm
              wrote 0 alarm writes=[{"at":["level"],"value":3}]
              entered 0 ordered
              began 0 ordered
              completed 0 ordered
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"how":2,"level":3}
        "#]],
    );
    check(
        steps,
        "start @daily",
        expect![[r#"
        > start @daily
          started variables={}
          entered 0 daily
          entered 0 ordered
          began 0 ordered
          completed 0 ordered
          entered 1 end
          ended 1 end
          finished
        = completed end
    "#]],
    );
    check(
        steps,
        "start @full n=6",
        expect![[r#"
        > start @full n=6
          started variables={"n":6}
          entered 0 full
          entered 0 ordered
          began 0 ordered
          completed 0 ordered
          entered 1 end
          ended 1 end
          finished
        = completed end
        = {"n":6}
    "#]],
    );
    check(
        steps,
        "start @ordered
         start @nowhere",
        expect![[r#"
            > start @ordered
            ! the process cannot begin at `ordered`
            > start @nowhere
            ! the process cannot begin at `nowhere`
            = created
        "#]],
    );
}

#[test]
fn an_instance_that_only_triggers_begin_has_no_plain_start() {
    check(
        r#"
  - { start: Order, message: order, then: end }
"#,
        "start
         start @order",
        expect![[r#"
            > start
            ! the process has no plain start; it begins by a message, a signal or a timer
            > start @order
              started variables={}
              entered 0 order
              entered 0 end
              ended 0 end
              finished
            = completed end
        "#]],
    );
}

#[test]
fn a_receive_task_begins_an_instance() {
    let steps = r#"
  - { id: order, receive: order, starts: true, out: { what: "${item}" } }
  - { id: after, activity: ask }
"#;
    check(
        steps,
        "start @order item=pen
         done 1",
        expect![[r#"
            > start @order item=pen
              started variables={"item":"pen"}
              entered 0 order
              began 0 order
              wrote 0 order writes=[{"at":["what"],"value":"pen"}]
              completed 0 order
              entered 1 after
              began 1 after
              + runActivity 1 after activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 after
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"item":"pen","what":"pen"}
        "#]],
    );
    check(
        steps,
        "start",
        expect![[r#"
        > start
        ! the process has no plain start; it begins by a message, a signal or a timer
        = created
    "#]],
    );
}

#[test]
fn an_instance_begins_behind_an_event_gateway_with_the_first_of_its_events() {
    let steps = r#"
  - { id: which, starts: true, await: [one, two] }
  - { catch: One, id: one, message: one, then: after }
  - { catch: Two, id: two, message: two, out: { got: "${b}" }, then: after }
  - { id: after, activity: ask }
"#;
    check(
        steps,
        "start @two b=2
         done 0",
        expect![[r#"
            > start @two b=2
              started variables={"b":2}
              entered 0 two
              wrote 0 two writes=[{"at":["got"],"value":2}]
              entered 0 after
              began 0 after
              + runActivity 0 after activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 after
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"b":2,"got":2}
        "#]],
    );
    check(
        steps,
        "start @one a=1",
        expect![[r#"
        > start @one a=1
          started variables={"a":1}
          entered 0 one
          entered 0 after
          began 0 after
          + runActivity 0 after activity="ask" attempt=1 parameters={}
        = active
        = {"a":1}
        = 0 after {"running":{"attempt":1}}
    "#]],
    );
    check(
        steps,
        "start @which",
        expect![[r#"
        > start @which
        ! the process cannot begin at `which`
        = created
    "#]],
    );
    check(
        steps,
        "start",
        expect![[r#"
        > start
        ! the process has no plain start; it begins by a message, a signal or a timer
        = created
    "#]],
    );
}

#[test]
fn an_instance_may_need_all_events_behind_its_event_gateway() {
    let steps = r#"
  - { id: which, starts: all, await: [one, two, three] }
  - { catch: One, id: one, message: one, then: after }
  - { catch: Two, id: two, message: two, then: after }
  - { catch: Three, id: three, message: three, then: after }
  - { id: after, do: nothing, then: end }
"#;
    check(
        steps,
        "start @two b=2
         deliver 0 a=1
         deliver 1 c=3",
        expect![[r#"
            > start @two b=2
              started variables={"b":2}
              entered 0 two
              entered 1 one
              rested 1 one
              subscribed 1 one awaited={"message":{"name":"one"}} catch=0
              entered 2 three
              rested 2 three
              subscribed 2 three awaited={"message":{"name":"three"}} catch=1
              entered 0 after
              began 0 after
              completed 0 after
              entered 3 end
              ended 3 end
              + subscribe awaited={"message":{"name":"one"}} catch=0
              + subscribe awaited={"message":{"name":"three"}} catch=1
            > deliver 0 a=1
              caught one catch=0
              wrote 1 one writes=[{"at":["a"],"value":1}]
              entered 1 after
              began 1 after
              completed 1 after
              entered 4 end
              ended 4 end
              + unsubscribe awaited={"message":{"name":"one"}} catch=0
            > deliver 1 c=3
              caught three catch=1
              wrote 2 three writes=[{"at":["c"],"value":3}]
              entered 2 after
              began 2 after
              completed 2 after
              entered 5 end
              ended 5 end
              finished
              + unsubscribe awaited={"message":{"name":"three"}} catch=1
            = completed end end end
            = {"a":1,"b":2,"c":3}
        "#]],
    );
    check(
        steps,
        "start @one
         cancel enough",
        expect![[r#"
            > start @one
              started variables={}
              entered 0 one
              entered 1 two
              rested 1 two
              subscribed 1 two awaited={"message":{"name":"two"}} catch=0
              entered 2 three
              rested 2 three
              subscribed 2 three awaited={"message":{"name":"three"}} catch=1
              entered 0 after
              began 0 after
              completed 0 after
              entered 3 end
              ended 3 end
              + subscribe awaited={"message":{"name":"two"}} catch=0
              + subscribe awaited={"message":{"name":"three"}} catch=1
            > cancel enough
              unsubscribed two catch=0
              withdrawn 1 two
              unsubscribed three catch=1
              withdrawn 2 three
              cancelled reason="enough"
              + unsubscribe awaited={"message":{"name":"two"}} catch=0
              + unsubscribe awaited={"message":{"name":"three"}} catch=1
            = cancelled end
        "#]],
    );
}

#[test]
fn an_instance_without_a_start_event_begins_everywhere_at_once() {
    check(
        r#"
  - { id: one, activity: ask, then: join }
  - { id: two, do: nothing, then: join }
  - { id: join, parallel: [end] }
startless: true
"#,
        "start
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 one
              began 0 one
              entered 1 two
              began 1 two
              completed 1 two
              entered 2 join
              arrived 2 join flow="two.flow1"
              + runActivity 0 one activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 one
              entered 3 join
              arrived 3 join flow="one.flow1"
              joined 3 join with=[2]
              entered 3 end
              ended 3 end
              finished
            = completed end
        "#]],
    );
}
