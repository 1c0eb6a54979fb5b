//! Stories of multiple and parallel multiple events.

use expect_test::expect;

use super::check::check;

#[test]
fn an_event_with_several_triggers_happens_with_the_first() {
    let steps = r#"
  - { catch: Any, id: any-of, any: [{ message: news, key: "${k}" }, { signal: alarm }, { timer: PT10M }, { condition: full }], then: end }
"#;
    check(
        steps,
        "start k=1 full=false
         deliver 0 text=a",
        expect![[r#"
            > start k=1 full=false
              started variables={"full":false,"k":1}
              entered 0 start
              entered 0 any-of
              rested 0 any-of
              subscribed 0 any-of awaited={"message":{"key":"1","name":"news"}} catch=0
              subscribed 0 any-of awaited={"signal":{"name":"alarm"}} catch=1 definition=1
              armed 0 timer 0 any-of definition=2 due 10m
              subscribed 0 any-of awaited={"condition":{"held":false}} catch=2 definition=3
              + subscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + armTimer timer 0 due 10m
            > deliver 0 text=a
              caught any-of catch=0
              disarmed timer 0 any-of
              unsubscribed any-of catch=1
              unsubscribed any-of catch=2
              wrote 0 any-of writes=[{"at":["text"],"value":"a"}]
              entered 0 end
              ended 0 end
              finished
              + unsubscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
            = completed end
            = {"full":false,"k":1,"text":"a"}
        "#]],
    );
    check(
        steps,
        "start k=1 full=false
         signal alarm",
        expect![[r#"
            > start k=1 full=false
              started variables={"full":false,"k":1}
              entered 0 start
              entered 0 any-of
              rested 0 any-of
              subscribed 0 any-of awaited={"message":{"key":"1","name":"news"}} catch=0
              subscribed 0 any-of awaited={"signal":{"name":"alarm"}} catch=1 definition=1
              armed 0 timer 0 any-of definition=2 due 10m
              subscribed 0 any-of awaited={"condition":{"held":false}} catch=2 definition=3
              + subscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + armTimer timer 0 due 10m
            > signal alarm
              caught any-of catch=1
              disarmed timer 0 any-of
              unsubscribed any-of catch=0
              unsubscribed any-of catch=2
              entered 0 end
              ended 0 end
              finished
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"key":"1","name":"news"}} catch=0
            = completed end
            = {"full":false,"k":1}
        "#]],
    );
    check(
        steps,
        "start k=1 full=false
         wait 600",
        expect![[r#"
            > start k=1 full=false
              started variables={"full":false,"k":1}
              entered 0 start
              entered 0 any-of
              rested 0 any-of
              subscribed 0 any-of awaited={"message":{"key":"1","name":"news"}} catch=0
              subscribed 0 any-of awaited={"signal":{"name":"alarm"}} catch=1 definition=1
              armed 0 timer 0 any-of definition=2 due 10m
              subscribed 0 any-of awaited={"condition":{"held":false}} catch=2 definition=3
              + subscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + armTimer timer 0 due 10m
            > wait 600
              10m timer 0 is due
              fired timer 0 any-of
              unsubscribed any-of catch=0
              unsubscribed any-of catch=1
              unsubscribed any-of catch=2
              entered 0 end
              ended 0 end
              finished
              + unsubscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
            = completed end
            = {"full":false,"k":1}
        "#]],
    );
    check(
        steps,
        "start k=1 full=false
         set !full=true",
        expect![[r#"
            > start k=1 full=false
              started variables={"full":false,"k":1}
              entered 0 start
              entered 0 any-of
              rested 0 any-of
              subscribed 0 any-of awaited={"message":{"key":"1","name":"news"}} catch=0
              subscribed 0 any-of awaited={"signal":{"name":"alarm"}} catch=1 definition=1
              armed 0 timer 0 any-of definition=2 due 10m
              subscribed 0 any-of awaited={"condition":{"held":false}} catch=2 definition=3
              + subscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + armTimer timer 0 due 10m
            > set !full=true
              set writes=[{"at":["full"],"value":true}]
              turned any-of catch=2 held=true
              caught any-of catch=2
              disarmed timer 0 any-of
              unsubscribed any-of catch=0
              unsubscribed any-of catch=1
              entered 0 end
              ended 0 end
              finished
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
            = completed end
            = {"full":true,"k":1}
        "#]],
    );
}

#[test]
fn an_event_that_awaits_all_its_triggers_happens_with_the_last() {
    let steps = r#"
  - { catch: All, id: all-of, all: [{ message: news }, { signal: alarm }, { timer: PT10M }, { condition: full }], then: end }
"#;
    check(
        steps,
        "start full=false
         deliver 0 text=a
         deliver 0 text=b
         signal alarm how=loud
         set !full=true
         set !full=false
         wait 600",
        expect![[r#"
            > start full=false
              started variables={"full":false}
              entered 0 start
              entered 0 all-of
              rested 0 all-of
              subscribed 0 all-of awaited={"message":{"name":"news"}} catch=0
              subscribed 0 all-of awaited={"signal":{"name":"alarm"}} catch=1 definition=1
              armed 0 timer 0 all-of definition=2 due 10m
              subscribed 0 all-of awaited={"condition":{"held":false}} catch=2 definition=3
              + subscribe awaited={"message":{"name":"news"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + armTimer timer 0 due 10m
            > deliver 0 text=a
              caught all-of catch=0
              wrote 0 all-of writes=[{"at":["text"],"value":"a"}]
              + unsubscribe awaited={"message":{"name":"news"}} catch=0
            > deliver 0 text=b
            ! nothing awaits this at catch 0
            > signal alarm how=loud
              caught all-of catch=1
              wrote 0 all-of writes=[{"at":["how"],"value":"loud"}]
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
            > set !full=true
              set writes=[{"at":["full"],"value":true}]
              turned all-of catch=2 held=true
              caught all-of catch=2
            > set !full=false
              set writes=[{"at":["full"],"value":false}]
            > wait 600
              10m timer 0 is due
              fired timer 0 all-of
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"full":false,"how":"loud","text":"a"}
        "#]],
    );
    check(
        steps,
        "start full=true
         wait 600
         signal alarm
         cancel enough",
        expect![[r#"
            > start full=true
              started variables={"full":true}
              entered 0 start
              entered 0 all-of
              rested 0 all-of
              subscribed 0 all-of awaited={"message":{"name":"news"}} catch=0
              subscribed 0 all-of awaited={"signal":{"name":"alarm"}} catch=1 definition=1
              armed 0 timer 0 all-of definition=2 due 10m
              subscribed 0 all-of awaited={"condition":{"held":false}} catch=2 definition=3
              turned all-of catch=2 held=true
              caught all-of catch=2
              + subscribe awaited={"message":{"name":"news"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + armTimer timer 0 due 10m
            > wait 600
              10m timer 0 is due
              fired timer 0 all-of
            > signal alarm
              caught all-of catch=1
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
            > cancel enough
              unsubscribed all-of catch=0
              withdrawn 0 all-of
              cancelled reason="enough"
              + unsubscribe awaited={"message":{"name":"news"}} catch=0
            = cancelled
            = {"full":true}
        "#]],
    );
}

#[test]
fn on_a_boundary_they_interrupt_with_the_first_or_the_last() {
    let steps = r#"
  - id: ask
    activity: ask
    with: { a: k }
    on:
      - { any: [{ message: stop }, { timer: PT10M }, { error: Lost }], id: first, then: end }
      - { all: [{ message: news, key: "${a}" }, { signal: alarm }], id: last, then: end }
"#;
    check(
        steps,
        "start
         deliver 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"k"}
              subscribed 0 first awaited={"message":{"name":"stop"}} catch=0
              armed 0 timer 0 first definition=1 due 10m
              subscribed 0 last awaited={"message":{"key":"k","name":"news"}} catch=1
              subscribed 0 last awaited={"signal":{"name":"alarm"}} catch=2 definition=1
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + armTimer timer 0 due 10m
              + subscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + subscribe awaited={"signal":{"name":"alarm"}} catch=2
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"k"}
            > deliver 0
              caught first catch=0
              disarmed timer 0 first
              unsubscribed last catch=1
              unsubscribed last catch=2
              interrupted 0 ask by="first"
              entered 1 first
              entered 1 end
              ended 1 end
              finished
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
            = completed end
        "#]],
    );
    check(
        steps,
        "start
         wait 600",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"k"}
              subscribed 0 first awaited={"message":{"name":"stop"}} catch=0
              armed 0 timer 0 first definition=1 due 10m
              subscribed 0 last awaited={"message":{"key":"k","name":"news"}} catch=1
              subscribed 0 last awaited={"signal":{"name":"alarm"}} catch=2 definition=1
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + armTimer timer 0 due 10m
              + subscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + subscribe awaited={"signal":{"name":"alarm"}} catch=2
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"k"}
            > wait 600
              10m timer 0 is due
              fired timer 0 first
              wrote 0 ask writes=[{"at":["_timedOut"],"value":true}]
              unsubscribed first catch=0
              unsubscribed last catch=1
              unsubscribed last catch=2
              interrupted 0 ask by="first"
              entered 1 first
              entered 1 end
              ended 1 end
              finished
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
              + unsubscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
            = completed end
            = {"_timedOut":true}
        "#]],
    );
    check(
        steps,
        "start
         error 0 Lost",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"k"}
              subscribed 0 first awaited={"message":{"name":"stop"}} catch=0
              armed 0 timer 0 first definition=1 due 10m
              subscribed 0 last awaited={"message":{"key":"k","name":"news"}} catch=1
              subscribed 0 last awaited={"signal":{"name":"alarm"}} catch=2 definition=1
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + armTimer timer 0 due 10m
              + subscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + subscribe awaited={"signal":{"name":"alarm"}} catch=2
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"k"}
            > error 0 Lost
              errorRaised 0 ask code="Lost" message=""
              disarmed timer 0 first
              unsubscribed first catch=0
              unsubscribed last catch=1
              unsubscribed last catch=2
              interrupted 0 ask by="first"
              entered 1 first
              entered 1 end
              ended 1 end
              finished
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
              + unsubscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
            = completed end
        "#]],
    );
    check(
        steps,
        "start
         signal alarm
         deliver 1 text=a",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"k"}
              subscribed 0 first awaited={"message":{"name":"stop"}} catch=0
              armed 0 timer 0 first definition=1 due 10m
              subscribed 0 last awaited={"message":{"key":"k","name":"news"}} catch=1
              subscribed 0 last awaited={"signal":{"name":"alarm"}} catch=2 definition=1
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + armTimer timer 0 due 10m
              + subscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + subscribe awaited={"signal":{"name":"alarm"}} catch=2
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"k"}
            > signal alarm
              caught last catch=2
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
            > deliver 1 text=a
              caught last catch=1
              disarmed timer 0 first
              unsubscribed first catch=0
              interrupted 0 ask by="last"
              entered 1 last
              given 1 last locals={"text":"a"}
              wrote 1 last writes=[{"at":["text"],"value":"a"}]
              entered 1 end
              ended 1 end
              finished
              + unsubscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
            = completed end
            = {"text":"a"}
        "#]],
    );
    check(
        steps,
        "start
         signal alarm
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"k"}
              subscribed 0 first awaited={"message":{"name":"stop"}} catch=0
              armed 0 timer 0 first definition=1 due 10m
              subscribed 0 last awaited={"message":{"key":"k","name":"news"}} catch=1
              subscribed 0 last awaited={"signal":{"name":"alarm"}} catch=2 definition=1
              + subscribe awaited={"message":{"name":"stop"}} catch=0
              + armTimer timer 0 due 10m
              + subscribe awaited={"message":{"key":"k","name":"news"}} catch=1
              + subscribe awaited={"signal":{"name":"alarm"}} catch=2
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"k"}
            > signal alarm
              caught last catch=2
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
            > done 0
              disarmed timer 0 first
              unsubscribed first catch=0
              unsubscribed last catch=1
              completed 0 ask
              entered 1 end
              ended 1 end
              finished
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"name":"stop"}} catch=0
              + unsubscribe awaited={"message":{"key":"k","name":"news"}} catch=1
            = completed end
        "#]],
    );
}

#[test]
fn on_a_boundary_that_does_not_interrupt_they_come_again() {
    check(
        r#"
  - id: ask
    activity: ask
    with: { a: k }
    on:
      - { any: [{ message: news }, { cycle: R2/PT10M }], id: each, interrupting: false, then: end }
      - { all: [{ message: both, key: "${a}" }, { cycle: R5/PT7M }], id: pairs, interrupting: false, then: end }
"#,
        "start
         deliver 0
         wait 600
         deliver 0
         deliver 1
         wait 420
         deliver 2
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"k"}
              subscribed 0 each awaited={"message":{"name":"news"}} catch=0
              armed 0 timer 0 each definition=1 due 10m then={"cycle":"R1/PT10M"}
              subscribed 0 pairs awaited={"message":{"key":"k","name":"both"}} catch=1
              armed 0 timer 1 pairs definition=1 due 7m then={"cycle":"R4/PT7M"}
              + subscribe awaited={"message":{"name":"news"}} catch=0
              + armTimer timer 0 due 10m
              + subscribe awaited={"message":{"key":"k","name":"both"}} catch=1
              + armTimer timer 1 due 7m
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"k"}
            > deliver 0
              caught each again=true catch=0
              entered 1 each
              entered 1 end
              ended 1 end
            > wait 600
              7m timer 1 is due
              fired timer 1 pairs
              10m timer 0 is due
              fired timer 0 each
              armed 0 timer 2 each definition=1 due 20m
              entered 2 each
              entered 2 end
              ended 2 end
              + armTimer timer 2 due 20m
            > deliver 0
              caught each again=true catch=0
              entered 3 each
              entered 3 end
              ended 3 end
            > deliver 1
              caught pairs catch=1
              entered 4 pairs
              subscribed 0 pairs awaited={"message":{"key":"k","name":"both"}} catch=2
              armed 0 timer 3 pairs definition=1 due 17m then={"cycle":"R4/PT7M"}
              entered 4 end
              ended 4 end
              + unsubscribe awaited={"message":{"key":"k","name":"both"}} catch=1
              + subscribe awaited={"message":{"key":"k","name":"both"}} catch=2
              + armTimer timer 3 due 17m
            > wait 420
              17m timer 3 is due
              fired timer 3 pairs
            > deliver 2
              caught pairs catch=2
              entered 5 pairs
              subscribed 0 pairs awaited={"message":{"key":"k","name":"both"}} catch=3
              armed 0 timer 4 pairs definition=1 due 24m then={"cycle":"R4/PT7M"}
              entered 5 end
              ended 5 end
              + unsubscribe awaited={"message":{"key":"k","name":"both"}} catch=2
              + subscribe awaited={"message":{"key":"k","name":"both"}} catch=3
              + armTimer timer 4 due 24m
            > done 0
              disarmed timer 2 each
              disarmed timer 4 pairs
              unsubscribed each catch=0
              unsubscribed pairs catch=3
              completed 0 ask
              entered 6 end
              ended 6 end
              finished
              + disarmTimer timer 2 due 20m
              + disarmTimer timer 4 due 24m
              + unsubscribe awaited={"message":{"name":"news"}} catch=0
              + unsubscribe awaited={"message":{"key":"k","name":"both"}} catch=3
            = completed end end end end end end
        "#]],
    );
}

#[test]
fn they_start_event_sub_processes_too() {
    let steps = r#"
  - id: sub
    variables: { text: null }
    steps: [{ id: ask, activity: ask }]
    events:
      - { all: [{ message: one }, { message: two }], id: both, interrupting: false, steps: [{ id: note, activity: ask }] }
      - { any: [{ message: stop }, { timer: PT10M }], id: either, steps: [{ id: undo, activity: ask }] }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start
         deliver 0 text=a other=b
         deliver 1 text=c
         deliver 3
         wait 600
         done 5",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0 variables={"text":null}
              subscribed both.start awaited={"message":{"name":"one"}} catch=0 scope=0
              subscribed both.start awaited={"message":{"name":"two"}} catch=1 definition=1 scope=0
              subscribed either.start awaited={"message":{"name":"stop"}} catch=2 scope=0
              armed timer 0 either.start definition=1 due 10m scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + subscribe awaited={"message":{"name":"one"}} catch=0
              + subscribe awaited={"message":{"name":"two"}} catch=1
              + subscribe awaited={"message":{"name":"stop"}} catch=2
              + armTimer timer 0 due 10m
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > deliver 0 text=a other=b
              caught both.start catch=0
              set writes=[{"at":["other"],"value":"b"}]
              set scope=0 writes=[{"at":["text"],"value":"a"}]
              + unsubscribe awaited={"message":{"name":"one"}} catch=0
            > deliver 1 text=c
              caught both.start catch=1
              entered 2 both scope=0
              subscribed both.start awaited={"message":{"name":"one"}} catch=3 scope=0
              subscribed both.start awaited={"message":{"name":"two"}} catch=4 definition=1 scope=0
              opened 2 both of="eventSubProcess" scope=1
              entered 3 both.start scope=1
              given 3 both.start locals={"text":"c"}
              wrote 3 both.start writes=[{"at":["text"],"value":"c"}]
              entered 3 note
              began 3 note
              + unsubscribe awaited={"message":{"name":"two"}} catch=1
              + subscribe awaited={"message":{"name":"one"}} catch=3
              + subscribe awaited={"message":{"name":"two"}} catch=4
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > deliver 3
              caught both.start catch=3
              + unsubscribe awaited={"message":{"name":"one"}} catch=3
            > wait 600
              10m timer 0 is due
              fired timer 0 either.start
              withdrawn 1 ask
              withdrawn 3 note
              closed both scope=1
              withdrawn 2 both
              unsubscribed either.start catch=2
              unsubscribed both.start catch=4
              entered 4 either scope=0
              opened 4 either of="eventSubProcess" scope=2
              entered 5 either.start scope=2
              entered 5 undo
              began 5 undo
              + unsubscribe awaited={"message":{"name":"stop"}} catch=2
              + unsubscribe awaited={"message":{"name":"two"}} catch=4
              + runActivity 5 undo activity="ask" attempt=1 parameters={}
            > done 5
              completed 5 undo
              entered 6 either.end scope=2
              ended 6 either.end
              closed either scope=2
              completed 4 either
              closed sub scope=0
              completed 0 sub
              entered 7 after
              began 7 after
              completed 7 after
              entered 8 end
              ended 8 end
              finished
            = completed either.end end
            = {"other":"b"}
        "#]],
    );
    check(
        steps,
        "start
         deliver 1
         deliver 0
         done 1
         done 3",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0 variables={"text":null}
              subscribed both.start awaited={"message":{"name":"one"}} catch=0 scope=0
              subscribed both.start awaited={"message":{"name":"two"}} catch=1 definition=1 scope=0
              subscribed either.start awaited={"message":{"name":"stop"}} catch=2 scope=0
              armed timer 0 either.start definition=1 due 10m scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + subscribe awaited={"message":{"name":"one"}} catch=0
              + subscribe awaited={"message":{"name":"two"}} catch=1
              + subscribe awaited={"message":{"name":"stop"}} catch=2
              + armTimer timer 0 due 10m
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > deliver 1
              caught both.start catch=1
              + unsubscribe awaited={"message":{"name":"two"}} catch=1
            > deliver 0
              caught both.start catch=0
              entered 2 both scope=0
              subscribed both.start awaited={"message":{"name":"one"}} catch=3 scope=0
              subscribed both.start awaited={"message":{"name":"two"}} catch=4 definition=1 scope=0
              opened 2 both of="eventSubProcess" scope=1
              entered 3 both.start scope=1
              entered 3 note
              began 3 note
              + unsubscribe awaited={"message":{"name":"one"}} catch=0
              + subscribe awaited={"message":{"name":"one"}} catch=3
              + subscribe awaited={"message":{"name":"two"}} catch=4
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 ask
              entered 4 sub.end scope=0
              ended 4 sub.end
            > done 3
              completed 3 note
              entered 5 both.end scope=1
              ended 5 both.end
              closed both scope=1
              completed 2 both
              disarmed timer 0 either.start
              unsubscribed either.start catch=2
              unsubscribed both.start catch=3
              unsubscribed both.start catch=4
              closed sub scope=0
              completed 0 sub
              entered 6 after
              began 6 after
              completed 6 after
              entered 7 end
              ended 7 end
              finished
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"name":"stop"}} catch=2
              + unsubscribe awaited={"message":{"name":"one"}} catch=3
              + unsubscribe awaited={"message":{"name":"two"}} catch=4
            = completed sub.end both.end end
        "#]],
    );
}
