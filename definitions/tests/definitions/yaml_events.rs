//! Events in YAML: one case for each construct, and the process it makes.

use crate::yaml_constructs::{check, whole};
use expect_test::expect;

#[test]
fn messages() {
    check(
        r#"
  - send: order
    key: ${orderId}
    with: { items: [1, 2], total: 3 }
  - receive: invoice
    key: ${orderId}
    out: { invoice: "${number}" }
  - throw: Told
    message: told
    with: { what: all }
  - catch: Paid
    message: paid ${orderId}
    out: { amount: "${sum}" }
  - catch: Called
    signal: called
  - end: Over
    message: over
    key: ${orderId}
"#,
        expect![[r#"
            start: startEvent "Start" -> order
            order: sendTask "Order" {"inputs":{"items":{"list":[{"value":1},{"value":2}]},"total":{"value":3}},"message":{"key":{"expression":"${orderId}"},"name":{"value":"order"}}} -> invoice
            invoice: receiveTask "Invoice" {"message":{"key":{"expression":"${orderId}"},"name":{"value":"invoice"}},"outputs":[["invoice",{"expression":"${number}"}]]} -> told
            told: throwEvent "Told" {"inputs":{"what":{"value":"all"}},"trigger":{"message":{"key":null,"name":{"value":"told"}}}} -> paid
            paid: catchEvent "Paid" {"outputs":[["amount",{"expression":"${sum}"}]],"trigger":{"message":{"key":null,"name":{"expression":"paid ${orderId}"}}}} -> called
            called: catchEvent "Called" {"trigger":{"signal":{"value":"called"}}} -> over
            over: endEvent "Over" {"trigger":{"message":{"key":{"expression":"${orderId}"},"name":{"value":"over"}}}}
            ---
            name: x
            steps:
              - send: order
                key: ${orderId}
                with: { items: [1, 2], total: 3 }
              - receive: invoice
                key: ${orderId}
                out: { invoice: "${number}" }
              - throw: Told
                message: told
                with: { what: all }
              - catch: Paid
                message: paid ${orderId}
                out: { amount: "${sum}" }
              - catch: Called
                signal: called
              - end: Over
                message: over
                key: ${orderId}
        "#]],
    );
}

#[test]
fn an_instance_begins_in_several_ways() {
    check(
        r#"
  - start: By hand
  - start: Order came
    message: order
    out: { id: "${orderId}" }
  - start: Each morning
    cycle: 0 0 9 * * *
  - start: Alarm
    any: [{ signal: alarm }, { condition: temperature > 90 }]
  - receive: call
    starts: true
  - await:
      - { message: a }
      - { message: b }
    starts: all
    id: both
  - do: nothing
"#,
        expect![[r#"
            starts ["start","order-came","each-morning","alarm"]
            start: startEvent "By hand" -> step-7
            order-came: startEvent "Order came" {"outputs":[["id",{"expression":"${orderId}"}]],"trigger":{"message":{"key":null,"name":{"value":"order"}}}} -> step-7
            each-morning: startEvent "Each morning" {"trigger":{"cycle":{"value":"0 0 9 * * *"}}} -> step-7
            alarm: startEvent "Alarm" {"trigger":{"any":[{"signal":{"value":"alarm"}},{"condition":"${temperature > 90}"}]}} -> step-7
            call: receiveTask "Call" {"instantiate":true,"message":{"key":null,"name":{"value":"call"}}} -> step-7
            both: eventGateway {"instantiate":true,"parallel":true} -> both.a -> both.b
            both.a: catchEvent "A" {"trigger":{"message":{"key":null,"name":{"value":"a"}}}} -> step-7
            both.b: catchEvent "B" {"trigger":{"message":{"key":null,"name":{"value":"b"}}}} -> step-7
            step-7: task "Step 7" -> end
            end: endEvent "End"
            ---
            name: x
            steps:
              - start: By hand
              - start: Order came
                message: order
                out: { id: "${orderId}" }
              - start: Each morning
                cycle: "0 0 9 * * *"
              - start: Alarm
                any:
                  - { signal: alarm }
                  - { condition: temperature > 90 }
              - receive: call
                starts: true
              - id: both
                starts: all
                await:
                  - { message: a }
                  - { message: b }
              - do: nothing
        "#]],
    );
}

#[test]
fn what_happens_first() {
    check(
        r#"
  - await:
      - { message: paid, name: Paid, then: second }
      - { timer: P3D }
      - { timer: P4D, id: later }
      - { to: noise, name: heard }
    id: first
  - { catch: Noise, signal: noise }
  - await: [answer, other]
    id: second
  - { receive: answer }
  - { receive: other }
  - { do: nothing, id: remind }
  - { do: nothing, id: ship }
"#,
        expect![[r#"
            start: startEvent "Start" -> first
            first: eventGateway -> first.paid -> first.timer -> later -> noise
            first.paid: catchEvent "Paid" {"trigger":{"message":{"key":null,"name":{"value":"paid"}}}} -> second
            first.timer: catchEvent "P3D" {"trigger":{"duration":{"value":"P3D"}}} -> second
            later: catchEvent "P4D" {"trigger":{"duration":{"value":"P4D"}}} -> second
            noise: catchEvent "Noise" {"trigger":{"signal":{"value":"noise"}}} -> second
            second: eventGateway -> answer -> other
            answer: receiveTask "Answer" {"message":{"key":null,"name":{"value":"answer"}}} -> remind
            other: receiveTask "Other" {"message":{"key":null,"name":{"value":"other"}}} -> remind
            remind: task "Remind" -> ship
            ship: task "Ship" -> end
            end: endEvent "End"
            ---
            name: x
            steps:
              - id: first
                await:
                  - { message: paid }
                  - { timer: P3D }
                  - { timer: P4D, id: later }
                  - { name: heard, to: noise }
              - catch: Noise
                signal: noise
              - id: second
                await: [answer, other]
              - receive: answer
              - receive: other
              - do: nothing
                id: remind
              - do: nothing
                id: ship
        "#]],
    );
}

#[test]
fn events_on_the_boundary() {
    check(
        r#"
  - id: scope
    name: The scope
    steps:
      - activity: addUser
        with: { storeName: demo }
        on:
          - { error: ExtIdNotUnique, code: c, message: m, then: end }
          - { error: any, then: end, name: Anything }
          - { message: stop, key: "${id}", out: { why: "${reason}" }, then: end }
          - { signal: stop, interrupting: false, then: end }
          - { signal: go ahead, then: end }
          - { timer: PT1M, then: end }
          - { date: "2030-01-01T00:00:00Z", then: end }
          - { cycle: R3/PT1M, interrupting: false, then: [end, { to: end, name: twice }] }
          - { condition: a > 1, then: end }
          - { any: [{ message: a }, { timer: PT2M }], interrupting: false, then: end }
          - { all: [{ message: b }, { signal: b }], then: end }
      - { throw: Is late, escalation: Late }
      - { end: Failed, error: any }
    on:
      - { escalation: Late, code: c, interrupting: false, then: end }
      - { escalation: any, then: end }
      - { error: { code: any }, then: end }
"#,
        expect![[r#"
            start: startEvent "Start" -> scope
            scope: subProcess "The scope" {"boundaries":["scope.Late","scope.escalation","scope.any"]} -> end
            scope.Late: boundaryEvent "Late" {"host":"scope","interrupting":false,"trigger":{"codeVariable":"c","escalation":"Late"}} -> end
            scope.escalation: boundaryEvent {"host":"scope","interrupting":true,"trigger":{"codeVariable":null,"escalation":null}} -> end
            scope.any: boundaryEvent "Any" {"host":"scope","interrupting":true,"trigger":{"codeVariable":null,"error":"any","messageVariable":null}} -> end
            scope/scope.start: startEvent "Start" -> addUser
            scope/addUser: serviceTask "Add user" {"activity":"addUser","boundaries":["addUser.ExtIdNotUnique","addUser.any","addUser.stop","addUser.stop2","addUser.signal","addUser.timer","addUser.timer2","addUser.timer3","addUser.condition","addUser.events","addUser.events2"],"inputs":{"storeName":{"value":"demo"}}} -> is-late
            scope/addUser.ExtIdNotUnique: boundaryEvent "Ext id not unique" {"host":"addUser","interrupting":true,"trigger":{"codeVariable":"c","error":"ExtIdNotUnique","messageVariable":"m"}} -> scope.end
            scope/addUser.any: boundaryEvent "Anything" {"host":"addUser","interrupting":true,"trigger":{"codeVariable":null,"error":null,"messageVariable":null}} -> scope.end
            scope/addUser.stop: boundaryEvent "Stop" {"host":"addUser","interrupting":true,"outputs":[["why",{"expression":"${reason}"}]],"trigger":{"message":{"key":{"expression":"${id}"},"name":{"value":"stop"}}}} -> scope.end
            scope/addUser.stop2: boundaryEvent "Stop" {"host":"addUser","interrupting":false,"trigger":{"signal":{"value":"stop"}}} -> scope.end
            scope/addUser.signal: boundaryEvent "go ahead" {"host":"addUser","interrupting":true,"trigger":{"signal":{"value":"go ahead"}}} -> scope.end
            scope/addUser.timer: boundaryEvent "PT1M" {"host":"addUser","interrupting":true,"trigger":{"duration":{"value":"PT1M"}}} -> scope.end
            scope/addUser.timer2: boundaryEvent "2030-01-01T00:00:00Z" {"host":"addUser","interrupting":true,"trigger":{"date":{"value":"2030-01-01T00:00:00Z"}}} -> scope.end
            scope/addUser.timer3: boundaryEvent "R3/PT1M" {"host":"addUser","interrupting":false,"trigger":{"cycle":{"value":"R3/PT1M"}}} -> scope.end -> scope.end
            scope/addUser.condition: boundaryEvent "a > 1" {"host":"addUser","interrupting":true,"trigger":{"condition":"${a > 1}"}} -> scope.end
            scope/addUser.events: boundaryEvent {"host":"addUser","interrupting":false,"trigger":{"any":[{"message":{"key":null,"name":{"value":"a"}}},{"duration":{"value":"PT2M"}}]}} -> scope.end
            scope/addUser.events2: boundaryEvent {"host":"addUser","interrupting":true,"trigger":{"all":[{"message":{"key":null,"name":{"value":"b"}}},{"signal":{"value":"b"}}]}} -> scope.end
            scope/is-late: throwEvent "Is late" {"trigger":{"codeVariable":null,"escalation":"Late"}} -> failed
            scope/failed: endEvent "Failed" {"trigger":{"error":"any","message":null}}
            scope/scope.end: endEvent "End"
            end: endEvent "End"
            ---
            name: x
            steps:
              - id: scope
                name: The scope
                steps:
                  - activity: addUser
                    with: { storeName: demo }
                    on:
                      - { error: ExtIdNotUnique, code: c, message: m, then: end }
                      - { error: any, name: Anything, then: end }
                      - { message: stop, key: "${id}", out: { why: "${reason}" }, then: end }
                      - { signal: stop, interrupting: false, then: end }
                      - { signal: go ahead, then: end }
                      - { timer: PT1M, then: end }
                      - { date: "2030-01-01T00:00:00Z", then: end }
                      - { cycle: R3/PT1M, interrupting: false, then: [end, { name: twice, to: end }] }
                      - { condition: a > 1, then: end }
                      - { any: [{ message: a }, { timer: PT2M }], interrupting: false, then: end }
                      - { all: [{ message: b }, { signal: b }], then: end }
                  - throw: Is late
                    escalation: Late
                  - end: Failed
                    error: any
                on:
                  - { escalation: Late, code: c, interrupting: false, then: end }
                  - { escalation: any, then: end }
                  - { error: { code: any }, then: end }
        "#]],
    );
}

#[test]
fn events_that_are_thrown() {
    check(
        r#"
  - id: a
    parallel: [b, c, d, nothing-special, raised, f]
  - { do: nothing, id: b, on: [{ compensate: true, then: unb }] }
  - { do: nothing, id: unb }
  - { throw: Nothing special, then: e }
  - throw: Raised
    escalation: Late
  - throw: Undone
    compensate: b
    wait: false
  - throw: All undone
    compensate: true
  - throw: Both
    all: [{ signal: s }, { message: m }]
  - throw: To the other side
    link: side
  - catch: Here
    link: side
  - { end: Failed, id: c, error: NoMoney, message: "there is only ${rest}" }
  - { end: Stopped, id: d, terminate: true }
  - { end: Done, id: e }
  - { end: Escalated, id: f, escalation: any }
"#,
        expect![[r#"
            start: startEvent "Start" -> a
            a: parallelGateway -> b -> c -> d -> nothing-special -> raised -> f
            b: task "B" {"undoneBy":"unb"} -> nothing-special
            b.compensate: boundaryEvent {"host":"b","interrupting":true,"trigger":{"compensation":true}}
            unb: task "Unb" {"forCompensation":true}
            nothing-special: throwEvent "Nothing special" -> e
            raised: throwEvent "Raised" {"trigger":{"codeVariable":null,"escalation":"Late"}} -> undone
            undone: throwEvent "Undone" {"trigger":{"compensation":"b","wait":false}} -> all-undone
            all-undone: throwEvent "All undone" {"trigger":{"compensation":null,"wait":true}} -> both
            both: throwEvent "Both" {"trigger":{"all":[{"signal":{"value":"s"}},{"message":{"key":null,"name":{"value":"m"}}}]}} -> to-the-other-side
            to-the-other-side: throwEvent "To the other side" {"trigger":{"link":"side"}}
            here: catchEvent "Here" {"trigger":{"link":"side"}} -> c
            c: endEvent "Failed" {"trigger":{"error":"NoMoney","message":{"expression":"there is only ${rest}"}}}
            d: endEvent "Stopped" {"trigger":{"terminate":true}}
            e: endEvent "Done"
            f: endEvent "Escalated" {"trigger":{"codeVariable":null,"escalation":"any"}}
            ---
            name: x
            steps:
              - id: a
                parallel: [b, c, d, nothing-special, raised, f]
              - do: nothing
                id: b
                on:
                  - { compensate: true, then: unb }
                then: nothing-special
              - do: nothing
                id: unb
              - end: Stopped
                id: d
                terminate: true
              - throw: Nothing special
              - end: Done
                id: e
              - throw: Raised
                escalation: Late
              - throw: Undone
                compensate: b
                wait: false
              - throw: All undone
                compensate: true
              - throw: Both
                all:
                  - { signal: s }
                  - { message: m }
              - throw: To the other side
                link: side
              - catch: Here
                link: side
              - end: Failed
                id: c
                error: NoMoney
                message: there is only ${rest}
              - end: Escalated
                id: f
                escalation: any
        "#]],
    );
}

#[test]
fn event_sub_processes() {
    whole(
        r#"
name: x
versionTag: v1
variables: { n: 3, none: }
steps: [{ do: nothing, id: a }]
events:
  - error: any
    code: c
    message: m
    name: Whatever fails
    with: { a: 1 }
    steps: [{ do: nothing, id: tell }, { end: Told, error: Told }]
  - timer: P1D
    interrupting: false
    id: daily
    steps: [{ do: nothing, id: remind }]
  - id: long
    variables: { k: 1 }
    steps:
      - { start: Something happened, id: happened, signal: s, interrupting: false }
      - { do: nothing, id: note, then: [{ when: k > 1, to: end }, { otherwise: more }] }
      - { do: nothing, id: more }
    out: { z: 1 }
"#,
        expect![[r#"
            eventSubProcesses ["event-1","daily","long"] variables [["n",{"value":3}],["none",null]] versionTag "v1"
            start: startEvent "Start" -> a
            a: task "A" -> end
            end: endEvent "End"
            event-1: eventSubProcess "Whatever fails" {"inputs":{"a":{"value":1}}}
            event-1/event-1.start: startEvent "Start" {"interrupting":true,"trigger":{"codeVariable":"c","error":null,"messageVariable":"m"}} -> tell
            event-1/tell: task "Tell" -> told
            event-1/told: endEvent "Told" {"trigger":{"error":"Told","message":null}}
            daily: eventSubProcess
            daily/daily.start: startEvent "Start" {"interrupting":false,"trigger":{"duration":{"value":"P1D"}}} -> remind
            daily/remind: task "Remind" -> daily.end
            daily/daily.end: endEvent "End"
            long: eventSubProcess {"outputs":[["z",{"value":1}]],"variables":[["k",{"value":1}]]}
            long/happened: startEvent "Something happened" {"interrupting":false,"trigger":{"signal":{"value":"s"}}} -> note
            long/note: task "Note" -> long.end if ${k > 1} -> more else
            long/more: task "More" -> long.end
            long/long.end: endEvent "End"
            ---
            name: x
            versionTag: v1
            variables:
              n: 3
              none:
            steps:
              - do: nothing
                id: a
            events:
              - error: any
                code: c
                message: m
                name: Whatever fails
                with: { a: 1 }
                steps:
                  - do: nothing
                    id: tell
                  - end: Told
                    error: Told
              - timer: P1D
                interrupting: false
                id: daily
                steps:
                  - do: nothing
                    id: remind
              - id: long
                variables: { k: 1 }
                steps:
                  - start: Something happened
                    id: happened
                    signal: s
                    interrupting: false
                  - do: nothing
                    id: note
                    then:
                      - { when: k > 1, to: end }
                      - { otherwise: more }
                  - do: nothing
                    id: more
                out: { z: 1 }
        "#]],
    );
}
