//! Stories of messages and signals: awaited with keys, mapped, on boundaries, before event sub-processes, and thrown.

use expect_test::expect;

use super::check::check;

#[test]
fn a_message_is_awaited_by_its_name_and_key_and_brings_variables() {
    let steps = r#"
  - { catch: Paid, id: paid, message: "paid-${shop}", key: "${order}", then: end }
"#;
    check(
        steps,
        "start shop=7 order=o-1
         deliver 0 amount=5 by=card
         deliver 0",
        expect![[r#"
            > start shop=7 order=o-1
              started variables={"order":"o-1","shop":7}
              entered 0 start
              entered 0 paid
              rested 0 paid
              subscribed 0 paid awaited={"message":{"key":"o-1","name":"paid-7"}} catch=0
              + subscribe awaited={"message":{"key":"o-1","name":"paid-7"}} catch=0
            > deliver 0 amount=5 by=card
              caught paid catch=0
              wrote 0 paid writes=[{"at":["amount"],"value":5},{"at":["by"],"value":"card"}]
              entered 0 end
              ended 0 end
              finished
              + unsubscribe awaited={"message":{"key":"o-1","name":"paid-7"}} catch=0
            > deliver 0
            ! the instance has ended
            = completed end
            = {"amount":5,"by":"card","order":"o-1","shop":7}
        "#]],
    );
    check(
        steps,
        "start shop=7
         set !order=x
         retry 0
         cancel enough",
        expect![[r#"
            > start shop=7
              started variables={"shop":7}
              entered 0 start
              entered 0 paid
              incidentRaised 0 paid message="event `paid`: the correlation key: there is no variable order; if it may be missing, ask execution.hasVariable(\"order\") first (at character 3 of ${order})" moment="entering"
            > set !order=x
              set writes=[{"at":["order"],"value":"x"}]
            > retry 0
              incidentTakenUp 0 paid
              rested 0 paid
              subscribed 0 paid awaited={"message":{"key":"x","name":"paid-7"}} catch=0
              + subscribe awaited={"message":{"key":"x","name":"paid-7"}} catch=0
            > cancel enough
              unsubscribed paid catch=0
              withdrawn 0 paid
              cancelled reason="enough"
              + unsubscribe awaited={"message":{"key":"x","name":"paid-7"}} catch=0
            = cancelled
            = {"order":"x","shop":7}
        "#]],
    );
}

#[test]
fn what_a_message_brings_may_be_mapped() {
    let steps = r#"
  - { catch: Paid, id: paid, message: paid, out: { sum: "${amount + 1}", twice: "${sum * 2}" }, then: end }
"#;
    check(
        steps,
        "start amount=100
         deliver 0 amount=5",
        expect![[r#"
            > start amount=100
              started variables={"amount":100}
              entered 0 start
              entered 0 paid
              rested 0 paid
              subscribed 0 paid awaited={"message":{"name":"paid"}} catch=0
              + subscribe awaited={"message":{"name":"paid"}} catch=0
            > deliver 0 amount=5
              caught paid catch=0
              wrote 0 paid writes=[{"at":["sum"],"value":6},{"at":["twice"],"value":12}]
              entered 0 end
              ended 0 end
              finished
              + unsubscribe awaited={"message":{"name":"paid"}} catch=0
            = completed end
            = {"amount":100,"sum":6,"twice":12}
        "#]],
    );
    check(
        steps,
        "start
         deliver 0 amount=many
         retry 0
         resolve 0 !amount=1",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 paid
              rested 0 paid
              subscribed 0 paid awaited={"message":{"name":"paid"}} catch=0
              + subscribe awaited={"message":{"name":"paid"}} catch=0
            > deliver 0 amount=many
              caught paid catch=0
              answered 0 paid locals={"amount":"many"}
              incidentRaised 0 paid message="output `sum`: the text \"many\" is not a number; + adds numbers, += joins texts (at character 10 of ${amount + 1})" moment="leaving"
              + unsubscribe awaited={"message":{"name":"paid"}} catch=0
            > retry 0
              incidentTakenUp 0 paid
              answered 0 paid locals={"amount":"many"}
              incidentRaised 0 paid message="output `sum`: the text \"many\" is not a number; + adds numbers, += joins texts (at character 10 of ${amount + 1})" moment="leaving"
            > resolve 0 !amount=1
              incidentTakenUp 0 paid resolved=true
              wrote 0 paid writes=[{"at":["amount"],"value":1}]
              entered 0 end
              ended 0 end
              finished
            = completed end
            = {"amount":1}
        "#]],
    );
}

#[test]
fn a_message_on_the_boundary_interrupts_or_does_not() {
    let steps = r#"
  - id: ask
    activity: ask
    with: { a: key-1 }
    on:
      - { message: news, key: "${a}", id: news, interrupting: false, out: { heard: "${text}" }, then: note }
      - { message: stop, id: stop, then: after }
  - { end: }
  - { id: note, activity: ask, then: end }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start
         deliver 0 text=one
         deliver 0 text=two
         deliver 1 why=now
         done 1
         done 2",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"key-1"}
              subscribed 0 news awaited={"message":{"key":"key-1","name":"news"}} catch=0
              subscribed 0 stop awaited={"message":{"name":"stop"}} catch=1
              + subscribe awaited={"message":{"key":"key-1","name":"news"}} catch=0
              + subscribe awaited={"message":{"name":"stop"}} catch=1
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"key-1"}
            > deliver 0 text=one
              caught news again=true catch=0
              entered 1 news
              given 1 news locals={"text":"one"}
              wrote 1 news writes=[{"at":["heard"],"value":"one"}]
              entered 1 note
              began 1 note
              + runActivity 1 note activity="ask" attempt=1 parameters={}
            > deliver 0 text=two
              caught news again=true catch=0
              entered 2 news
              given 2 news locals={"text":"two"}
              wrote 2 news writes=[{"at":["heard"],"value":"two"}]
              entered 2 note
              began 2 note
              + runActivity 2 note activity="ask" attempt=1 parameters={}
            > deliver 1 why=now
              caught stop catch=1
              unsubscribed news catch=0
              interrupted 0 ask by="stop"
              entered 3 stop
              given 3 stop locals={"why":"now"}
              wrote 3 stop writes=[{"at":["why"],"value":"now"}]
              entered 3 after
              began 3 after
              completed 3 after
              entered 4 end
              ended 4 end
              + unsubscribe awaited={"message":{"name":"stop"}} catch=1
              + unsubscribe awaited={"message":{"key":"key-1","name":"news"}} catch=0
            > done 1
              completed 1 note
              entered 5 end
              ended 5 end
            > done 2
              completed 2 note
              entered 6 end
              ended 6 end
              finished
            = completed end end end
            = {"heard":"two","why":"now"}
        "#]],
    );
    check(
        steps,
        "start
         deliver 0 other=1
         set !text=late
         retry 1
         done 0
         done 1
         deliver 0 text=three",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"key-1"}
              subscribed 0 news awaited={"message":{"key":"key-1","name":"news"}} catch=0
              subscribed 0 stop awaited={"message":{"name":"stop"}} catch=1
              + subscribe awaited={"message":{"key":"key-1","name":"news"}} catch=0
              + subscribe awaited={"message":{"name":"stop"}} catch=1
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"key-1"}
            > deliver 0 other=1
              caught news again=true catch=0
              entered 1 news
              given 1 news locals={"other":1}
              incidentRaised 1 news message="output `heard`: there is no variable text; if it may be missing, ask execution.hasVariable(\"text\") first (at character 3 of ${text})" moment="leaving"
            > set !text=late
              set writes=[{"at":["text"],"value":"late"}]
            > retry 1
              incidentTakenUp 1 news
              wrote 1 news writes=[{"at":["heard"],"value":"late"}]
              entered 1 note
              began 1 note
              + runActivity 1 note activity="ask" attempt=1 parameters={}
            > done 0
              unsubscribed news catch=0
              unsubscribed stop catch=1
              completed 0 ask
              entered 2 end
              ended 2 end
              + unsubscribe awaited={"message":{"key":"key-1","name":"news"}} catch=0
              + unsubscribe awaited={"message":{"name":"stop"}} catch=1
            > done 1
              completed 1 note
              entered 3 end
              ended 3 end
              finished
            > deliver 0 text=three
            ! the instance has ended
            = completed end end
            = {"heard":"late","text":"late"}
        "#]],
    );
    check(
        steps,
        "start
         cancel enough",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask locals={"a":"key-1"}
              subscribed 0 news awaited={"message":{"key":"key-1","name":"news"}} catch=0
              subscribed 0 stop awaited={"message":{"name":"stop"}} catch=1
              + subscribe awaited={"message":{"key":"key-1","name":"news"}} catch=0
              + subscribe awaited={"message":{"name":"stop"}} catch=1
              + runActivity 0 ask activity="ask" attempt=1 parameters={"a":"key-1"}
            > cancel enough
              unsubscribed news catch=0
              unsubscribed stop catch=1
              withdrawn 0 ask
              cancelled reason="enough"
              + unsubscribe awaited={"message":{"key":"key-1","name":"news"}} catch=0
              + unsubscribe awaited={"message":{"name":"stop"}} catch=1
            = cancelled
        "#]],
    );
}

#[test]
fn a_message_starts_an_event_sub_process() {
    let steps = r#"
  - id: sub
    variables: { text: null }
    steps: [{ id: ask, activity: ask }]
    events:
      - { message: news, key: "${k}", id: news, interrupting: false, steps: [{ id: note, activity: ask }] }
      - { message: stop, id: stop, out: { why: "${text}" }, steps: [{ id: undo, activity: ask }] }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start k=1
         deliver 0 text=one
         deliver 0 text=two
         done 1
         done 3
         done 5",
        expect![[r#"
            > start k=1
              started variables={"k":1}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0 variables={"text":null}
              subscribed news.start awaited={"message":{"key":"1","name":"news"}} catch=0 scope=0
              subscribed stop.start awaited={"message":{"name":"stop"}} catch=1 scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + subscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + subscribe awaited={"message":{"name":"stop"}} catch=1
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > deliver 0 text=one
              caught news.start again=true catch=0
              entered 2 news scope=0
              opened 2 news of="eventSubProcess" scope=1
              entered 3 news.start scope=1
              given 3 news.start locals={"text":"one"}
              wrote 3 news.start writes=[{"at":["text"],"value":"one"}]
              entered 3 note
              began 3 note
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > deliver 0 text=two
              caught news.start again=true catch=0
              entered 4 news scope=0
              opened 4 news of="eventSubProcess" scope=2
              entered 5 news.start scope=2
              given 5 news.start locals={"text":"two"}
              wrote 5 news.start writes=[{"at":["text"],"value":"two"}]
              entered 5 note
              began 5 note
              + runActivity 5 note activity="ask" attempt=1 parameters={}
            > done 1
              completed 1 ask
              entered 6 sub.end scope=0
              ended 6 sub.end
            > done 3
              completed 3 note
              entered 7 news.end scope=1
              ended 7 news.end
              closed news scope=1
              completed 2 news
            > done 5
              completed 5 note
              entered 8 news.end scope=2
              ended 8 news.end
              closed news scope=2
              completed 4 news
              unsubscribed news.start catch=0
              unsubscribed stop.start catch=1
              closed sub scope=0
              completed 0 sub
              entered 9 after
              began 9 after
              completed 9 after
              entered 10 end
              ended 10 end
              finished
              + unsubscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + unsubscribe awaited={"message":{"name":"stop"}} catch=1
            = completed sub.end news.end news.end end
            = {"k":1}
        "#]],
    );
    check(
        steps,
        "start k=1
         deliver 0 text=one
         deliver 1 text=out
         done 5",
        expect![[r#"
            > start k=1
              started variables={"k":1}
              entered 0 start
              entered 0 sub
              began 0 sub
              opened 0 sub of="subProcess" scope=0 variables={"text":null}
              subscribed news.start awaited={"message":{"key":"1","name":"news"}} catch=0 scope=0
              subscribed stop.start awaited={"message":{"name":"stop"}} catch=1 scope=0
              entered 1 sub.start scope=0
              entered 1 ask
              began 1 ask
              + subscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + subscribe awaited={"message":{"name":"stop"}} catch=1
              + runActivity 1 ask activity="ask" attempt=1 parameters={}
            > deliver 0 text=one
              caught news.start again=true catch=0
              entered 2 news scope=0
              opened 2 news of="eventSubProcess" scope=1
              entered 3 news.start scope=1
              given 3 news.start locals={"text":"one"}
              wrote 3 news.start writes=[{"at":["text"],"value":"one"}]
              entered 3 note
              began 3 note
              + runActivity 3 note activity="ask" attempt=1 parameters={}
            > deliver 1 text=out
              caught stop.start catch=1
              withdrawn 1 ask
              withdrawn 3 note
              closed news scope=1
              withdrawn 2 news
              unsubscribed news.start catch=0
              entered 4 stop scope=0
              opened 4 stop of="eventSubProcess" scope=2
              entered 5 stop.start scope=2
              given 5 stop.start locals={"text":"out"}
              wrote 5 stop.start writes=[{"at":["why"],"value":"out"}]
              entered 5 undo
              began 5 undo
              + unsubscribe awaited={"message":{"name":"stop"}} catch=1
              + unsubscribe awaited={"message":{"key":"1","name":"news"}} catch=0
              + runActivity 5 undo activity="ask" attempt=1 parameters={}
            > done 5
              completed 5 undo
              entered 6 stop.end scope=2
              ended 6 stop.end
              closed stop scope=2
              completed 4 stop
              closed sub scope=0
              completed 0 sub
              entered 7 after
              began 7 after
              completed 7 after
              entered 8 end
              ended 8 end
              finished
            = completed stop.end end
            = {"k":1,"why":"out"}
        "#]],
    );
    check(
        steps,
        "start",
        expect![[r#"
        > start
          started variables={}
          entered 0 start
          entered 0 sub
          began 0 sub
          opened 0 sub of="subProcess" scope=0 variables={"text":null}
          closed sub scope=0
          incidentRaised 0 sub message="event `news.start`: the correlation key: there is no variable k; if it may be missing, ask execution.hasVariable(\"k\") first (at character 3 of ${k})" moment="running"
        = active
        = 0 sub {"incident":{"message":"event `news.start`: the correlation key: there is no variable k; if it may be missing, ask execution.hasVariable(\"k\") first (at character 3 of ${k})","moment":"running"}}
    "#]],
    );
}

#[test]
fn a_signal_reaches_all_that_await_it_at_that_moment() {
    check(
        r#"
  - { start: Start, then: [one, two, three] }
  - { catch: One, id: one, signal: alarm, then: two }
  - { catch: Two, id: two, signal: "${name}", then: end }
  - { id: three, activity: ask, on: [{ signal: alarm, id: ring, interrupting: false, then: end }], then: end }
events:
  - { signal: alarm, id: help, interrupting: false, steps: [{ id: note, do: nothing }] }
"#,
        "start name=alarm
         signal other
         signal alarm loud=true
         signal alarm
         done 2",
        expect![[r#"
            > start name=alarm
              started variables={"name":"alarm"}
              subscribed help.start awaited={"signal":{"name":"alarm"}} catch=0
              entered 0 start
              entered 0 one
              rested 0 one
              subscribed 0 one awaited={"signal":{"name":"alarm"}} catch=1
              entered 1 two
              rested 1 two
              subscribed 1 two awaited={"signal":{"name":"alarm"}} catch=2
              entered 2 three
              began 2 three
              subscribed 2 ring awaited={"signal":{"name":"alarm"}} catch=3
              + subscribe awaited={"signal":{"name":"alarm"}} catch=0
              + subscribe awaited={"signal":{"name":"alarm"}} catch=1
              + subscribe awaited={"signal":{"name":"alarm"}} catch=2
              + subscribe awaited={"signal":{"name":"alarm"}} catch=3
              + runActivity 2 three activity="ask" attempt=1 parameters={}
            > signal other
            > signal alarm loud=true
              caught help.start again=true catch=0
              entered 3 help
              opened 3 help of="eventSubProcess" scope=0
              caught one catch=1
              wrote 0 one writes=[{"at":["loud"],"value":true}]
              caught two catch=2
              wrote 1 two writes=[{"at":["loud"],"value":true}]
              caught ring again=true catch=3
              entered 4 help.start scope=0
              given 4 help.start locals={"loud":true}
              wrote 4 help.start writes=[{"at":["loud"],"value":true}]
              entered 0 two
              rested 0 two
              subscribed 0 two awaited={"signal":{"name":"alarm"}} catch=4
              entered 1 end
              ended 1 end
              entered 5 ring
              given 5 ring locals={"loud":true}
              wrote 5 ring writes=[{"at":["loud"],"value":true}]
              entered 4 note
              began 4 note
              completed 4 note
              entered 5 end
              ended 5 end
              entered 6 help.end scope=0
              ended 6 help.end
              closed help scope=0
              completed 3 help
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=1
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=2
              + subscribe awaited={"signal":{"name":"alarm"}} catch=4
            > signal alarm
              caught help.start again=true catch=0
              entered 7 help
              opened 7 help of="eventSubProcess" scope=1
              caught ring again=true catch=3
              caught two catch=4
              entered 8 help.start scope=1
              entered 9 ring
              entered 0 end
              ended 0 end
              entered 8 note
              began 8 note
              completed 8 note
              entered 9 end
              ended 9 end
              entered 10 help.end scope=1
              ended 10 help.end
              closed help scope=1
              completed 7 help
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=4
            > done 2
              unsubscribed ring catch=3
              completed 2 three
              entered 11 end
              ended 11 end
              unsubscribed help.start catch=0
              finished
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=3
              + unsubscribe awaited={"signal":{"name":"alarm"}} catch=0
            = completed end end help.end end end help.end end
            = {"loud":true,"name":"alarm"}
        "#]],
    );
}

#[test]
fn messages_and_signals_are_thrown_with_what_they_carry() {
    let steps = r#"
  - { throw: Tell, id: tell, message: news, key: "${to}", with: { text: "${word}", long: "${text}!" } }
  - { throw: Shout, id: shout, signal: "all-${to}", with: { text: "${word}" } }
  - { id: send, send: letter, key: "${to}", with: { a: "${word}" } }
  - { end: Told, message: done, with: { text: over } }
"#;
    check(
        steps,
        "start to=7 word=hi",
        expect![[r#"
        > start to=7 word=hi
          started variables={"to":7,"word":"hi"}
          entered 0 start
          entered 0 tell
          sent 0 tell key="7" name="news"
          entered 0 shout
          signalled 0 shout name="all-7"
          entered 0 send
          began 0 send locals={"a":"hi"}
          sent 0 send key="7" name="letter"
          completed 0 send
          entered 1 told
          sent 1 told name="done"
          ended 1 told
          finished
          + sendMessage tell key="7" name="news" payload={"long":"hi!","text":"hi"}
          + sendSignal shout name="all-7" payload={"text":"hi"}
          + sendMessage send key="7" name="letter" payload={"a":"hi"}
          + sendMessage told name="done" payload={"text":"over"}
        = completed told
        = {"to":7,"word":"hi"}
    "#]],
    );
    check(
        steps,
        "start word=hi
         set !to=8
         retry 0",
        expect![[r#"
            > start word=hi
              started variables={"word":"hi"}
              entered 0 start
              entered 0 tell
              incidentRaised 0 tell message="the correlation key: there is no variable to; if it may be missing, ask execution.hasVariable(\"to\") first (at character 3 of ${to})" moment="entering"
            > set !to=8
              set writes=[{"at":["to"],"value":8}]
            > retry 0
              incidentTakenUp 0 tell
              sent 0 tell key="8" name="news"
              entered 0 shout
              signalled 0 shout name="all-8"
              entered 0 send
              began 0 send locals={"a":"hi"}
              sent 0 send key="8" name="letter"
              completed 0 send
              entered 1 told
              sent 1 told name="done"
              ended 1 told
              finished
              + sendMessage tell key="8" name="news" payload={"long":"hi!","text":"hi"}
              + sendSignal shout name="all-8" payload={"text":"hi"}
              + sendMessage send key="8" name="letter" payload={"a":"hi"}
              + sendMessage told name="done" payload={"text":"over"}
            = completed told
            = {"to":8,"word":"hi"}
        "#]],
    );
    check(
        steps,
        "start to=7
         resolve 0 !word=hey",
        expect![[r#"
            > start to=7
              started variables={"to":7}
              entered 0 start
              entered 0 tell
              incidentRaised 0 tell message="input `text`: there is no variable word; if it may be missing, ask execution.hasVariable(\"word\") first (at character 3 of ${word})" moment="entering"
            > resolve 0 !word=hey
              incidentTakenUp 0 tell resolved=true
              wrote 0 tell writes=[{"at":["word"],"value":"hey"}]
              sent 0 tell key="7" name="news"
              entered 0 shout
              signalled 0 shout name="all-7"
              entered 0 send
              began 0 send locals={"a":"hey"}
              sent 0 send key="7" name="letter"
              completed 0 send
              entered 1 told
              sent 1 told name="done"
              ended 1 told
              finished
              + sendMessage tell key="7" name="news" payload={"long":"hey!","text":"hey"}
              + sendSignal shout name="all-7" payload={"text":"hey"}
              + sendMessage send key="7" name="letter" payload={"a":"hey"}
              + sendMessage told name="done" payload={"text":"over"}
            = completed told
            = {"to":7,"word":"hey"}
        "#]],
    );
}

#[test]
fn a_signal_at_the_end_is_thrown_and_the_path_ends() {
    check(
        r#"
  - { id: ask, activity: ask, then: over }
  - { end: Over, signal: over }
"#,
        "start
         done 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 ask
              began 0 ask
              + runActivity 0 ask activity="ask" attempt=1 parameters={}
            > done 0
              completed 0 ask
              entered 1 over
              signalled 1 over name="over"
              ended 1 over
              finished
              + sendSignal over name="over" payload={}
            = completed over
        "#]],
    );
}

#[test]
fn a_key_of_several_values_is_a_list_of_their_texts() {
    check(
        r#"
  - { id: first, receive: news, key: "${[customer, order]}" }
  - { id: second, receive: news, key: "${[customer, nobody]}" }
"#,
        "start customer=\"a\" order=7 nobody=null\n deliver 0",
        expect![[r#"
            > start customer="a" order=7 nobody=null
              started variables={"customer":"a","nobody":null,"order":7}
              entered 0 start
              entered 0 first
              began 0 first
              subscribed 0 first awaited={"message":{"key":"[\"a\",\"7\"]","name":"news"}} catch=0
              rested 0 first
              + subscribe awaited={"message":{"key":"[\"a\",\"7\"]","name":"news"}} catch=0
            > deliver 0
              caught first catch=0
              completed 0 first
              entered 1 second
              began 1 second
              incidentRaised 1 second message="the correlation key is a text, or a list of up to 16 texts, not a list" moment="running"
              + unsubscribe awaited={"message":{"key":"[\"a\",\"7\"]","name":"news"}} catch=0
            = active
            = {"customer":"a","nobody":null,"order":7}
            = 1 second {"incident":{"message":"the correlation key is a text, or a list of up to 16 texts, not a list","moment":"running"}}
        "#]],
    );
}
