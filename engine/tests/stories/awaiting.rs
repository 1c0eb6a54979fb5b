//! Stories of event gateways: what happens first decides, and the rest is forgotten.

use expect_test::expect;

use super::check::check;

#[test]
fn an_event_gateway_goes_the_way_of_what_happens_first_and_forgets_the_rest() {
    let steps = r#"
  - id: which
    await:
      - { message: answer, id: answered, key: "${id}", out: { said: "${text}" }, then: after }
      - { signal: Stop, id: stopped, then: after }
      - { timer: PT10M, id: late, then: after }
      - { condition: enough, id: plenty, then: after }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start id=7 enough=false
         deliver 0 text=yes
         deliver 0 text=yes",
        expect![[r#"
            > start id=7 enough=false
              started variables={"enough":false,"id":7}
              entered 0 start
              entered 0 which
              rested 0 which
              subscribed 0 answered awaited={"message":{"key":"7","name":"answer"}} catch=0
              subscribed 0 stopped awaited={"signal":{"name":"Stop"}} catch=1
              armed 0 timer 0 late due 10m
              subscribed 0 plenty awaited={"condition":{"held":false}} catch=2
              + subscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + subscribe awaited={"signal":{"name":"Stop"}} catch=1
              + armTimer timer 0 due 10m
            > deliver 0 text=yes
              caught answered catch=0
              disarmed timer 0 late
              unsubscribed stopped catch=1
              unsubscribed plenty catch=2
              entered 0 answered
              wrote 0 answered writes=[{"at":["said"],"value":"yes"}]
              entered 0 after
              began 0 after
              completed 0 after
              entered 1 end
              ended 1 end
              finished
              + unsubscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=1
            > deliver 0 text=yes
            ! the instance has ended
            = completed end
            = {"enough":false,"id":7,"said":"yes"}
        "#]],
    );
    check(
        steps,
        "start id=7 enough=false
         signal Stop why=tired",
        expect![[r#"
            > start id=7 enough=false
              started variables={"enough":false,"id":7}
              entered 0 start
              entered 0 which
              rested 0 which
              subscribed 0 answered awaited={"message":{"key":"7","name":"answer"}} catch=0
              subscribed 0 stopped awaited={"signal":{"name":"Stop"}} catch=1
              armed 0 timer 0 late due 10m
              subscribed 0 plenty awaited={"condition":{"held":false}} catch=2
              + subscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + subscribe awaited={"signal":{"name":"Stop"}} catch=1
              + armTimer timer 0 due 10m
            > signal Stop why=tired
              caught stopped catch=1
              disarmed timer 0 late
              unsubscribed answered catch=0
              unsubscribed plenty catch=2
              entered 0 stopped
              wrote 0 stopped writes=[{"at":["why"],"value":"tired"}]
              entered 0 after
              began 0 after
              completed 0 after
              entered 1 end
              ended 1 end
              finished
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=1
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
            = completed end
            = {"enough":false,"id":7,"why":"tired"}
        "#]],
    );
    check(
        steps,
        "start id=7 enough=false
         wait 600
         fire 0",
        expect![[r#"
            > start id=7 enough=false
              started variables={"enough":false,"id":7}
              entered 0 start
              entered 0 which
              rested 0 which
              subscribed 0 answered awaited={"message":{"key":"7","name":"answer"}} catch=0
              subscribed 0 stopped awaited={"signal":{"name":"Stop"}} catch=1
              armed 0 timer 0 late due 10m
              subscribed 0 plenty awaited={"condition":{"held":false}} catch=2
              + subscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + subscribe awaited={"signal":{"name":"Stop"}} catch=1
              + armTimer timer 0 due 10m
            > wait 600
              10m timer 0 is due
              fired timer 0 late
              unsubscribed answered catch=0
              unsubscribed stopped catch=1
              unsubscribed plenty catch=2
              entered 0 late
              entered 0 after
              began 0 after
              completed 0 after
              entered 1 end
              ended 1 end
              finished
              + unsubscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=1
            > fire 0
            ! the instance has ended
            = completed end
            = {"enough":false,"id":7}
        "#]],
    );
    check(
        steps,
        "start id=7 enough=false
         deliver 2
         set !enough=true",
        expect![[r#"
            > start id=7 enough=false
              started variables={"enough":false,"id":7}
              entered 0 start
              entered 0 which
              rested 0 which
              subscribed 0 answered awaited={"message":{"key":"7","name":"answer"}} catch=0
              subscribed 0 stopped awaited={"signal":{"name":"Stop"}} catch=1
              armed 0 timer 0 late due 10m
              subscribed 0 plenty awaited={"condition":{"held":false}} catch=2
              + subscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + subscribe awaited={"signal":{"name":"Stop"}} catch=1
              + armTimer timer 0 due 10m
            > deliver 2
            ! nothing awaits this at catch 2
            > set !enough=true
              set writes=[{"at":["enough"],"value":true}]
              turned plenty catch=2 held=true
              caught plenty catch=2
              disarmed timer 0 late
              unsubscribed answered catch=0
              unsubscribed stopped catch=1
              entered 0 plenty
              entered 0 after
              began 0 after
              completed 0 after
              entered 1 end
              ended 1 end
              finished
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=1
            = completed end
            = {"enough":true,"id":7}
        "#]],
    );
    check(
        steps,
        "start id=7 enough=true",
        expect![[r#"
        > start id=7 enough=true
          started variables={"enough":true,"id":7}
          entered 0 start
          entered 0 which
          rested 0 which
          subscribed 0 answered awaited={"message":{"key":"7","name":"answer"}} catch=0
          subscribed 0 stopped awaited={"signal":{"name":"Stop"}} catch=1
          armed 0 timer 0 late due 10m
          subscribed 0 plenty awaited={"condition":{"held":false}} catch=2
          turned plenty catch=2 held=true
          caught plenty catch=2
          disarmed timer 0 late
          unsubscribed answered catch=0
          unsubscribed stopped catch=1
          entered 0 plenty
          entered 0 after
          began 0 after
          completed 0 after
          entered 1 end
          ended 1 end
          finished
          + subscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
          + subscribe awaited={"signal":{"name":"Stop"}} catch=1
          + armTimer timer 0 due 10m
          + disarmTimer timer 0 due 10m
          + unsubscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
          + unsubscribe awaited={"signal":{"name":"Stop"}} catch=1
        = completed end
        = {"enough":true,"id":7}
    "#]],
    );
    check(
        steps,
        "start id=7 enough=false
         cancel enough",
        expect![[r#"
            > start id=7 enough=false
              started variables={"enough":false,"id":7}
              entered 0 start
              entered 0 which
              rested 0 which
              subscribed 0 answered awaited={"message":{"key":"7","name":"answer"}} catch=0
              subscribed 0 stopped awaited={"signal":{"name":"Stop"}} catch=1
              armed 0 timer 0 late due 10m
              subscribed 0 plenty awaited={"condition":{"held":false}} catch=2
              + subscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + subscribe awaited={"signal":{"name":"Stop"}} catch=1
              + armTimer timer 0 due 10m
            > cancel enough
              disarmed timer 0 late
              unsubscribed answered catch=0
              unsubscribed stopped catch=1
              unsubscribed plenty catch=2
              withdrawn 0 which
              cancelled reason="enough"
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"key":"7","name":"answer"}} catch=0
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=1
            = cancelled
            = {"enough":false,"id":7}
        "#]],
    );
}

#[test]
fn what_an_event_gateway_awaits_may_lack_a_value_at_first() {
    let steps = r#"
  - id: which
    await:
      - { message: answer, id: answered, key: "${id}", out: { said: "${text}" }, then: after }
      - { signal: Stop, id: stopped, then: after }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start
         set !id=1
         retry 0
         deliver 0 other=1
         retry 0
         resolve 0 !text=mended",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 which
              incidentRaised 0 which message="event `answered`: the correlation key: there is no variable id; if it may be missing, ask execution.hasVariable(\"id\") first (at character 3 of ${id})" moment="entering"
            > set !id=1
              set writes=[{"at":["id"],"value":1}]
            > retry 0
              incidentTakenUp 0 which
              rested 0 which
              subscribed 0 answered awaited={"message":{"key":"1","name":"answer"}} catch=0
              subscribed 0 stopped awaited={"signal":{"name":"Stop"}} catch=1
              + subscribe awaited={"message":{"key":"1","name":"answer"}} catch=0
              + subscribe awaited={"signal":{"name":"Stop"}} catch=1
            > deliver 0 other=1
              caught answered catch=0
              unsubscribed stopped catch=1
              entered 0 answered
              answered 0 answered locals={"other":1}
              incidentRaised 0 answered message="output `said`: there is no variable text; if it may be missing, ask execution.hasVariable(\"text\") first (at character 3 of ${text})" moment="leaving"
              + unsubscribe awaited={"message":{"key":"1","name":"answer"}} catch=0
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=1
            > retry 0
              incidentTakenUp 0 answered
              answered 0 answered locals={"other":1}
              incidentRaised 0 answered message="output `said`: there is no variable text; if it may be missing, ask execution.hasVariable(\"text\") first (at character 3 of ${text})" moment="leaving"
            > resolve 0 !text=mended
              incidentTakenUp 0 answered resolved=true
              wrote 0 answered writes=[{"at":["text"],"value":"mended"}]
              entered 0 after
              began 0 after
              completed 0 after
              entered 1 end
              ended 1 end
              finished
            = completed end
            = {"id":1,"text":"mended"}
        "#]],
    );
    check(
        steps,
        "start
         cancel no",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 which
              incidentRaised 0 which message="event `answered`: the correlation key: there is no variable id; if it may be missing, ask execution.hasVariable(\"id\") first (at character 3 of ${id})" moment="entering"
            > cancel no
              withdrawn 0 which
              cancelled reason="no"
            = cancelled
        "#]],
    );
}

#[test]
fn an_event_gateway_may_await_receive_tasks() {
    let steps = r#"
  - id: which
    await: [first, second]
  - { id: first, receive: yes, key: "${a}", with: { a: "${n}" }, out: { b: "${a}", c: "${text}" }, then: after }
  - { id: second, receive: no, then: after }
  - { id: after, do: nothing }
"#;
    check(
        steps,
        "start n=5
         deliver 0 text=good",
        expect![[r#"
            > start n=5
              started variables={"n":5}
              entered 0 start
              entered 0 which
              rested 0 which
              subscribed 0 first awaited={"message":{"key":"5","name":"yes"}} catch=0
              subscribed 0 second awaited={"message":{"name":"no"}} catch=1
              + subscribe awaited={"message":{"key":"5","name":"yes"}} catch=0
              + subscribe awaited={"message":{"name":"no"}} catch=1
            > deliver 0 text=good
              caught first catch=0
              unsubscribed second catch=1
              entered 0 first
              began 0 first locals={"a":5}
              wrote 0 first writes=[{"at":["b"],"value":5},{"at":["c"],"value":"good"}]
              completed 0 first
              entered 1 after
              began 1 after
              completed 1 after
              entered 2 end
              ended 2 end
              finished
              + unsubscribe awaited={"message":{"key":"5","name":"yes"}} catch=0
              + unsubscribe awaited={"message":{"name":"no"}} catch=1
            = completed end
            = {"b":5,"c":"good","n":5}
        "#]],
    );
    check(
        steps,
        "start n=5
         deliver 1 text=bad",
        expect![[r#"
            > start n=5
              started variables={"n":5}
              entered 0 start
              entered 0 which
              rested 0 which
              subscribed 0 first awaited={"message":{"key":"5","name":"yes"}} catch=0
              subscribed 0 second awaited={"message":{"name":"no"}} catch=1
              + subscribe awaited={"message":{"key":"5","name":"yes"}} catch=0
              + subscribe awaited={"message":{"name":"no"}} catch=1
            > deliver 1 text=bad
              caught second catch=1
              unsubscribed first catch=0
              entered 0 second
              began 0 second
              wrote 0 second writes=[{"at":["text"],"value":"bad"}]
              completed 0 second
              entered 1 after
              began 1 after
              completed 1 after
              entered 2 end
              ended 2 end
              finished
              + unsubscribe awaited={"message":{"name":"no"}} catch=1
              + unsubscribe awaited={"message":{"key":"5","name":"yes"}} catch=0
            = completed end
            = {"n":5,"text":"bad"}
        "#]],
    );
    check(
        steps,
        "start
         set !n=1
         retry 0
         deliver 0
         retry 0
         set !text=now
         retry 0",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 which
              incidentRaised 0 which message="input `a`: there is no variable n; if it may be missing, ask execution.hasVariable(\"n\") first (at character 3 of ${n})" moment="entering"
            > set !n=1
              set writes=[{"at":["n"],"value":1}]
            > retry 0
              incidentTakenUp 0 which
              rested 0 which
              subscribed 0 first awaited={"message":{"key":"1","name":"yes"}} catch=0
              subscribed 0 second awaited={"message":{"name":"no"}} catch=1
              + subscribe awaited={"message":{"key":"1","name":"yes"}} catch=0
              + subscribe awaited={"message":{"name":"no"}} catch=1
            > deliver 0
              caught first catch=0
              unsubscribed second catch=1
              entered 0 first
              began 0 first locals={"a":1}
              incidentRaised 0 first message="output `c`: there is no variable text; if it may be missing, ask execution.hasVariable(\"text\") first (at character 3 of ${text})" moment="leaving"
              + unsubscribe awaited={"message":{"key":"1","name":"yes"}} catch=0
              + unsubscribe awaited={"message":{"name":"no"}} catch=1
            > retry 0
              incidentTakenUp 0 first
              incidentRaised 0 first message="output `c`: there is no variable text; if it may be missing, ask execution.hasVariable(\"text\") first (at character 3 of ${text})" moment="leaving"
            > set !text=now
              set writes=[{"at":["text"],"value":"now"}]
            > retry 0
              incidentTakenUp 0 first
              wrote 0 first writes=[{"at":["b"],"value":1},{"at":["c"],"value":"now"}]
              completed 0 first
              entered 1 after
              began 1 after
              completed 1 after
              entered 2 end
              ended 2 end
              finished
            = completed end
            = {"b":1,"c":"now","n":1,"text":"now"}
        "#]],
    );
}

#[test]
fn an_event_gateway_in_a_sub_process_ends_with_it() {
    let steps = r#"
  - id: sub
    steps:
      - id: which
        await:
          - { message: answer, id: answered, then: end }
          - { timer: PT10M, id: late, then: end }
    on: [{ signal: Stop, id: stop, then: end }]
"#;
    check(
        steps,
        "start
         signal Stop",
        expect![[r#"
            > start
              started variables={}
              entered 0 start
              entered 0 sub
              began 0 sub
              subscribed 0 stop awaited={"signal":{"name":"Stop"}} catch=0
              opened 0 sub of="subProcess" scope=0
              entered 1 sub.start scope=0
              entered 1 which
              rested 1 which
              subscribed 1 answered awaited={"message":{"name":"answer"}} catch=1
              armed 1 timer 0 late due 10m
              + subscribe awaited={"signal":{"name":"Stop"}} catch=0
              + subscribe awaited={"message":{"name":"answer"}} catch=1
              + armTimer timer 0 due 10m
            > signal Stop
              caught stop catch=0
              disarmed timer 0 late
              unsubscribed answered catch=1
              withdrawn 1 which
              closed sub scope=0
              interrupted 0 sub by="stop"
              entered 2 stop
              entered 2 end
              ended 2 end
              finished
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=0
              + disarmTimer timer 0 due 10m
              + unsubscribe awaited={"message":{"name":"answer"}} catch=1
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
              entered 0 sub
              began 0 sub
              subscribed 0 stop awaited={"signal":{"name":"Stop"}} catch=0
              opened 0 sub of="subProcess" scope=0
              entered 1 sub.start scope=0
              entered 1 which
              rested 1 which
              subscribed 1 answered awaited={"message":{"name":"answer"}} catch=1
              armed 1 timer 0 late due 10m
              + subscribe awaited={"signal":{"name":"Stop"}} catch=0
              + subscribe awaited={"message":{"name":"answer"}} catch=1
              + armTimer timer 0 due 10m
            > wait 600
              10m timer 0 is due
              fired timer 0 late
              unsubscribed answered catch=1
              entered 1 late
              entered 1 sub.end
              ended 1 sub.end
              unsubscribed stop catch=0
              closed sub scope=0
              completed 0 sub
              entered 2 end
              ended 2 end
              finished
              + unsubscribe awaited={"message":{"name":"answer"}} catch=1
              + unsubscribe awaited={"signal":{"name":"Stop"}} catch=0
            = completed sub.end end
        "#]],
    );
}
