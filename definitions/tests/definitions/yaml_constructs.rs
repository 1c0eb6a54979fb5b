//! Everything that can be said in YAML: one case for each construct, and the process it makes.

use crate::process;
use crate::yaml_writing::written;
use definitions::{Format, Process};
use expect_test::{Expect, expect};
use serde_json::Value;
use std::fmt::Write;

/// The nodes of a process in the order of the text, a line for each, and where they lead.
fn picture(process: &Process) -> String {
    let meaning = process.meaning();
    let mut lines = String::new();
    let whole: Vec<String> = ["starts", "entries", "eventSubProcesses", "variables", "versionTag"]
        .iter()
        .filter_map(|key| Some(format!("{key} {}", meaning.get(key)?)))
        .collect();
    if !whole.is_empty() {
        writeln!(lines, "{}", whole.join(" ")).unwrap();
    }
    for (_, node) in process.nodes() {
        let mut said = meaning["nodes"][node.id.as_str()].as_object().unwrap().clone();
        let mut take = |key: &str| said.remove(key).unwrap_or_default();
        let (kind, name, parent, flows) =
            (take("kind"), take("name"), take("parent"), take("flows"));
        said.retain(|_, value| !matches!(value, Value::Array(a) if a.is_empty()));
        said.retain(|_, value| !matches!(value, Value::Object(o) if o.is_empty()));
        let parent = parent.as_str().map(|parent| format!("{parent}/")).unwrap_or_default();
        write!(lines, "{parent}{}: {}", node.id, kind.as_str().unwrap()).unwrap();
        if !name.as_str().unwrap().is_empty() {
            write!(lines, " {name}").unwrap();
        }
        if !said.is_empty() {
            write!(lines, " {}", Value::Object(said)).unwrap();
        }
        for flow in flows.as_array().unwrap() {
            write!(lines, " -> {}", flow["to"].as_str().unwrap()).unwrap();
            if let Some(condition) = flow["condition"].as_str() {
                write!(lines, " if {condition}").unwrap();
            }
            if flow["default"] == true {
                write!(lines, " else").unwrap();
            }
        }
        lines.push('\n');
    }
    lines
}

/// What some steps make, and how they are written again.
fn check(steps: &str, expected: Expect) {
    whole(&format!("name: x\nsteps:\n{steps}"), expected);
}

fn whole(text: &str, expected: Expect) {
    let process = process(Format::Yaml, text);
    expected.assert_eq(&format!("{}---\n{}", picture(&process), written(&process)));
}

#[test]
fn tasks() {
    check(
        r#"
  - do: nothing
    name: Think
  - do: manual
  - script: a + 1
    result: b
  - script: "${a} and ${b}"
    out: { c: "${result}" }
  - { activity: simpleDecider, task: rule, id: rule }
  - { activity: simpleDecider, task: send, id: sending }
  - { activity: simpleDecider, id: several, needs: 2, makes: 3 }
"#,
        expect![[r#"
            start: startEvent "Start" -> step-1
            step-1: task "Think" -> step-2
            step-2: manualTask -> step-3
            step-3: scriptTask {"result":"b","script":{"expression":"${a + 1}"}} -> step-4
            step-4: scriptTask {"outputs":[["c",{"expression":"${result}"}]],"script":{"expression":"${a} and ${b}"}} -> rule
            rule: businessRuleTask {"activity":"simpleDecider"} -> sending
            sending: sendTask {"activity":"simpleDecider"} -> several
            several: serviceTask {"activity":"simpleDecider","completionQuantity":3,"startQuantity":2} -> end
            end: endEvent "End"
            ---
            name: x
            steps:
              - do: nothing
                name: Think
              - do: manual
              - script: a + 1
                result: b
              - script: ${a} and ${b}
                out: { c: "${result}" }
              - activity: simpleDecider
                id: rule
                task: rule
              - activity: simpleDecider
                id: sending
                task: send
              - activity: simpleDecider
                id: several
                needs: 2
                makes: 3
        "#]],
    );
}

#[test]
fn decisions_and_calls() {
    check(
        r#"
  - decide: risk
    result: level
  - { decide: "${table}", version: 3, id: third }
  - { decide: risk, tag: stable, id: stable }
  - { decide: risk, binding: deployment, id: same }
  - call: enrolment
  - call: ${next}
    id: other
    version: ${n}
    businessKey: "${key}-1"
    give: [all, { user: "${u}", list: [1, 2] }]
    take: { result: "${outcome}" }
  - { call: enrolment, id: third-call, give: all, take: all, binding: latest }
  - { call: enrolment, id: twice, give: [{ a: 1 }, { a: 2 }] }
"#,
        expect![[r#"
            start: startEvent "Start" -> risk
            risk: businessRuleTask {"decision":{"value":"risk"},"result":"level"} -> third
            third: businessRuleTask {"binding":{"version":{"value":"3"}},"decision":{"expression":"${table}"}} -> stable
            stable: businessRuleTask {"binding":{"tag":{"value":"stable"}},"decision":{"value":"risk"}} -> same
            same: businessRuleTask {"binding":"deployment","decision":{"value":"risk"}} -> enrolment
            enrolment: callActivity {"process":{"value":"enrolment"}} -> other
            other: callActivity {"binding":{"version":{"expression":"${n}"}},"businessKey":{"expression":"${key}-1"},"given":{"all":true,"entries":[["user",{"expression":"${u}"}],["list",{"list":[{"value":1},{"value":2}]}]]},"process":{"expression":"${next}"},"taken":{"all":false,"entries":[["result",{"expression":"${outcome}"}]]}} -> third-call
            third-call: callActivity {"given":{"all":true,"entries":[]},"process":{"value":"enrolment"},"taken":{"all":true,"entries":[]}} -> twice
            twice: callActivity {"given":{"all":false,"entries":[["a",{"value":1}],["a",{"value":2}]]},"process":{"value":"enrolment"}} -> end
            end: endEvent "End"
            ---
            name: x
            steps:
              - decide: risk
                result: level
              - decide: ${table}
                id: third
                version: 3
              - decide: risk
                id: stable
                tag: stable
              - decide: risk
                id: same
                binding: deployment
              - call: enrolment
              - call: ${next}
                id: other
                version: ${n}
                businessKey: ${key}-1
                give:
                  - all
                  - { user: "${u}", list: [1, 2] }
                take: { result: "${outcome}" }
              - call: enrolment
                id: third-call
                give: all
                take: all
              - call: enrolment
                id: twice
                give:
                  - { a: 1 }
                  - { a: 2 }
        "#]],
    );
}

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
            order: sendTask {"inputs":{"items":{"list":[{"value":1},{"value":2}]},"total":{"value":3}},"message":{"key":{"expression":"${orderId}"},"name":{"value":"order"}}} -> invoice
            invoice: receiveTask {"message":{"key":{"expression":"${orderId}"},"name":{"value":"invoice"}},"outputs":[["invoice",{"expression":"${number}"}]]} -> told
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
            call: receiveTask {"instantiate":true,"message":{"key":null,"name":{"value":"call"}}} -> step-7
            both: eventGateway {"instantiate":true,"parallel":true} -> both.a -> both.b
            both.a: catchEvent {"trigger":{"message":{"key":null,"name":{"value":"a"}}}} -> step-7
            both.b: catchEvent {"trigger":{"message":{"key":null,"name":{"value":"b"}}}} -> step-7
            step-7: task -> end
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
fn a_process_without_a_start_event() {
    whole(
        "name: x\nstartless: true\nsteps:\n  - { do: manual, id: a, then: c }\n  - { do: manual, id: b }\n  - { do: manual, id: c }\n",
        expect![[r#"
            entries ["a","b"]
            a: manualTask -> c
            b: manualTask -> c
            c: manualTask -> end
            end: endEvent "End"
            ---
            name: x
            startless: true
            steps:
              - do: manual
                id: a
                then: c
              - do: manual
                id: b
              - do: manual
                id: c
        "#]],
    );
}

#[test]
fn gateways() {
    check(
        r#"
  - id: which
    choose:
      - { when: a > 1, then: all, name: More }
      - { otherwise: some }
  - id: all
    parallel: [left, { to: right, name: there }]
  - { do: nothing, id: left, then: joined }
  - { do: nothing, id: right, then: joined }
  - { id: joined, parallel: some }
  - id: some
    include:
      - { when: a, then: one }
      - { when: b, then: two }
      - { otherwise: two }
  - { do: nothing, id: one, then: met }
  - { do: nothing, id: two }
  - id: met
    include:
  - id: count
    parallel:
      - { to: enough, id: first }
      - { to: enough, id: second }
  - id: enough
    complex:
      - { when: activationCount == 2, then: end }
      - { otherwise: last }
    when: activationCount >= 2 && first == 1
  - { do: nothing, id: last }
"#,
        expect![[r#"
            start: startEvent "Start" -> which
            which: exclusiveGateway -> all if ${a > 1} -> some else
            all: parallelGateway -> left -> right
            left: task -> joined
            right: task -> joined
            joined: parallelGateway -> some
            some: inclusiveGateway -> one if ${a} -> two if ${b} -> two else
            one: task -> met
            two: task -> met
            met: inclusiveGateway -> count
            count: parallelGateway -> enough -> enough
            enough: complexGateway {"activation":"${activationCount >= 2 && first == 1}","counted":[["first","count"]]} -> end if ${activationCount == 2} -> last else
            last: task -> end
            end: endEvent "End"
            ---
            name: x
            steps:
              - id: which
                choose:
                  - { name: More, when: a > 1, then: all }
                  - { otherwise: some }
              - id: all
                parallel:
                  - left
                  - { name: there, to: right }
              - do: nothing
                id: left
                then: joined
              - do: nothing
                id: right
              - id: joined
                parallel:
              - id: some
                include:
                  - { when: a, then: one }
                  - { when: b, then: two }
                  - { otherwise: two }
              - do: nothing
                id: one
                then: met
              - do: nothing
                id: two
              - id: met
                include:
              - id: count
                parallel:
                  - { id: first, to: enough }
                  - enough
              - id: enough
                when: activationCount >= 2 && first == 1
                complex:
                  - { when: activationCount == 2, then: end }
                  - { otherwise: last }
              - do: nothing
                id: last
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
            first.timer: catchEvent {"trigger":{"duration":{"value":"P3D"}}} -> second
            later: catchEvent {"trigger":{"duration":{"value":"P4D"}}} -> second
            noise: catchEvent "Noise" {"trigger":{"signal":{"value":"noise"}}} -> second
            second: eventGateway -> answer -> other
            answer: receiveTask {"message":{"key":null,"name":{"value":"answer"}}} -> remind
            other: receiveTask {"message":{"key":null,"name":{"value":"other"}}} -> remind
            remind: task -> ship
            ship: task -> end
            end: endEvent "End"
            ---
            name: x
            steps:
              - id: first
                await:
                  - { message: paid, name: Paid }
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
            scope.Late: boundaryEvent {"host":"scope","interrupting":false,"trigger":{"codeVariable":"c","escalation":"Late"}} -> end
            scope.escalation: boundaryEvent {"host":"scope","interrupting":true,"trigger":{"codeVariable":null,"escalation":null}} -> end
            scope.any: boundaryEvent {"host":"scope","interrupting":true,"trigger":{"codeVariable":null,"error":"any","messageVariable":null}} -> end
            scope/scope.start: startEvent "Start" -> addUser
            scope/addUser: serviceTask {"activity":"addUser","boundaries":["addUser.ExtIdNotUnique","addUser.any","addUser.stop","addUser.stop2","addUser.signal","addUser.timer","addUser.timer2","addUser.timer3","addUser.condition","addUser.events","addUser.events2"],"inputs":{"storeName":{"value":"demo"}}} -> is-late
            scope/addUser.ExtIdNotUnique: boundaryEvent {"host":"addUser","interrupting":true,"trigger":{"codeVariable":"c","error":"ExtIdNotUnique","messageVariable":"m"}} -> scope.end
            scope/addUser.any: boundaryEvent "Anything" {"host":"addUser","interrupting":true,"trigger":{"codeVariable":null,"error":null,"messageVariable":null}} -> scope.end
            scope/addUser.stop: boundaryEvent {"host":"addUser","interrupting":true,"outputs":[["why",{"expression":"${reason}"}]],"trigger":{"message":{"key":{"expression":"${id}"},"name":{"value":"stop"}}}} -> scope.end
            scope/addUser.stop2: boundaryEvent {"host":"addUser","interrupting":false,"trigger":{"signal":{"value":"stop"}}} -> scope.end
            scope/addUser.signal: boundaryEvent {"host":"addUser","interrupting":true,"trigger":{"signal":{"value":"go ahead"}}} -> scope.end
            scope/addUser.timer: boundaryEvent {"host":"addUser","interrupting":true,"trigger":{"duration":{"value":"PT1M"}}} -> scope.end
            scope/addUser.timer2: boundaryEvent {"host":"addUser","interrupting":true,"trigger":{"date":{"value":"2030-01-01T00:00:00Z"}}} -> scope.end
            scope/addUser.timer3: boundaryEvent {"host":"addUser","interrupting":false,"trigger":{"cycle":{"value":"R3/PT1M"}}} -> scope.end -> scope.end
            scope/addUser.condition: boundaryEvent {"host":"addUser","interrupting":true,"trigger":{"condition":"${a > 1}"}} -> scope.end
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
            b: task {"undoneBy":"unb"} -> nothing-special
            b.compensate: boundaryEvent {"host":"b","interrupting":true,"trigger":{"compensation":true}}
            unb: task {"forCompensation":true}
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
fn sub_processes() {
    check(
        r#"
  - name: Book a trip
    transaction: true
    with: { city: "${where}" }
    variables: { attempts: 0, seats: , all: ["${a}"] }
    steps:
      - { call: hotel, on: [{ compensate: , then: cancel-hotel }] }
      - { call: cancellation, id: cancel-hotel }
      - choose:
          - { when: full, then: full }
          - { otherwise: end }
      - { end: Full, cancel: true }
    out: { seat: "${seats[0]}" }
    on:
      - { cancel: true, then: end }
    events:
      - { message: news, interrupting: false, steps: [{ do: nothing, id: read }] }
      - { compensate: true, steps: [{ do: nothing, id: undo }] }
  - id: inner
    startless: true
    steps:
      - { do: manual, id: left, then: [] }
      - { do: manual, id: right, then: [] }
"#,
        expect![[r#"
            start: startEvent "Start" -> book-a-trip
            book-a-trip: transaction "Book a trip" {"eventSubProcesses":["book-a-trip.event-1","book-a-trip.event-2"],"inputs":{"city":{"expression":"${where}"}},"outputs":[["seat",{"expression":"${seats[0]}"}]],"variables":[["attempts",{"value":0}],["seats",null],["all",{"list":[{"expression":"${a}"}]}]]} -> inner
            book-a-trip.cancel: boundaryEvent {"host":"book-a-trip","interrupting":true,"trigger":{"cancel":true}} -> end
            book-a-trip/book-a-trip.start: startEvent "Start" -> hotel
            book-a-trip/hotel: callActivity {"process":{"value":"hotel"},"undoneBy":"cancel-hotel"} -> book-a-trip.step-3
            book-a-trip/hotel.compensate: boundaryEvent {"host":"hotel","interrupting":true,"trigger":{"compensation":true}}
            book-a-trip/cancel-hotel: callActivity {"forCompensation":true,"process":{"value":"cancellation"}}
            book-a-trip/book-a-trip.step-3: exclusiveGateway -> full if ${full} -> book-a-trip.end else
            book-a-trip/full: endEvent "Full" {"trigger":{"cancel":true}}
            book-a-trip/book-a-trip.end: endEvent "End"
            book-a-trip/book-a-trip.event-1: eventSubProcess
            book-a-trip.event-1/book-a-trip.event-1.start: startEvent "Start" {"interrupting":false,"trigger":{"message":{"key":null,"name":{"value":"news"}}}} -> read
            book-a-trip.event-1/read: task -> book-a-trip.event-1.end
            book-a-trip.event-1/book-a-trip.event-1.end: endEvent "End"
            book-a-trip/book-a-trip.event-2: eventSubProcess
            book-a-trip.event-2/book-a-trip.event-2.start: startEvent "Start" {"interrupting":true,"trigger":{"compensation":true}} -> undo
            book-a-trip.event-2/undo: task -> book-a-trip.event-2.end
            book-a-trip.event-2/book-a-trip.event-2.end: endEvent "End"
            inner: subProcess {"entries":["left","right"]} -> end
            inner/left: manualTask
            inner/right: manualTask
            end: endEvent "End"
            ---
            name: x
            steps:
              - name: Book a trip
                transaction: true
                with: { city: "${where}" }
                variables:
                  attempts: 0
                  seats:
                  all: ["${a}"]
                steps:
                  - call: hotel
                    on:
                      - { compensate: true, then: cancel-hotel }
                  - call: cancellation
                    id: cancel-hotel
                  - choose:
                      - { when: full, then: full }
                      - { otherwise: end }
                  - end: Full
                    cancel: true
                events:
                  - message: news
                    interrupting: false
                    steps:
                      - do: nothing
                        id: read
                  - compensate: true
                    steps:
                      - do: nothing
                        id: undo
                out: { seat: "${seats[0]}" }
                on:
                  - { cancel: true, then: end }
              - id: inner
                startless: true
                steps:
                  - do: manual
                    id: left
                    then: []
                  - do: manual
                    id: right
                    then: []
        "#]],
    );
}

#[test]
fn ad_hoc_sub_processes() {
    check(
        r#"
  - id: any-order
    adhoc: true
    steps: [{ do: manual, id: a }, { do: manual, id: b, then: c }, { do: manual, id: c }]
  - id: in-order
    adhoc: { order: sequential, until: done, keep: true, active: ids }
    steps: [{ do: manual, id: d }, { do: manual, id: e }]
"#,
        expect![[r#"
            start: startEvent "Start" -> any-order
            any-order: adHocSubProcess {"entries":["a","b"]} -> in-order
            any-order/a: manualTask
            any-order/b: manualTask -> c
            any-order/c: manualTask
            in-order: adHocSubProcess {"active":{"expression":"${ids}"},"completion":"${done}","entries":["d","e"],"keepRemaining":true,"sequential":true} -> end
            in-order/d: manualTask
            in-order/e: manualTask
            end: endEvent "End"
            ---
            name: x
            steps:
              - id: any-order
                adhoc: true
                steps:
                  - do: manual
                    id: a
                  - do: manual
                    id: b
                    then: c
                  - do: manual
                    id: c
              - id: in-order
                adhoc: { order: sequential, until: done, keep: true, active: ids }
                steps:
                  - do: manual
                    id: d
                  - do: manual
                    id: e
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
            a: task -> end
            end: endEvent "End"
            event-1: eventSubProcess "Whatever fails" {"inputs":{"a":{"value":1}}}
            event-1/event-1.start: startEvent "Start" {"interrupting":true,"trigger":{"codeVariable":"c","error":null,"messageVariable":"m"}} -> tell
            event-1/tell: task -> told
            event-1/told: endEvent "Told" {"trigger":{"error":"Told","message":null}}
            daily: eventSubProcess
            daily/daily.start: startEvent "Start" {"interrupting":false,"trigger":{"duration":{"value":"P1D"}}} -> remind
            daily/remind: task -> daily.end
            daily/daily.end: endEvent "End"
            long: eventSubProcess {"outputs":[["z",{"value":1}]],"variables":[["k",{"value":1}]]}
            long/happened: startEvent "Something happened" {"interrupting":false,"trigger":{"signal":{"value":"s"}}} -> note
            long/note: task -> long.end if ${k > 1} -> more else
            long/more: task -> long.end
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

#[test]
fn repetition() {
    check(
        r#"
  - { do: nothing, id: a, each: { in: users, as: user, until: enough, collect: { into: names, value: "${user.name}" } } }
  - { do: nothing, id: b, each: { times: 3, sequential: true } }
  - { do: nothing, id: c, each: { times: "${n}" } }
  - { do: nothing, id: d, while: tries < 3 }
  - { do: nothing, id: e, loop: { while: tries < 3, most: 10 } }
  - { do: nothing, id: f, loop: { most: "${n}", before: true } }
"#,
        expect![[r#"
            start: startEvent "Start" -> a
            a: task {"repeat":{"cardinality":null,"collection":{"expression":"${users}"},"completion":"${enough}","element":"user","gathered":["names",{"expression":"${user.name}"}],"sequential":false}} -> b
            b: task {"repeat":{"cardinality":{"value":"3"},"collection":null,"completion":null,"element":null,"gathered":null,"sequential":true}} -> c
            c: task {"repeat":{"cardinality":{"expression":"${n}"},"collection":null,"completion":null,"element":null,"gathered":null,"sequential":false}} -> d
            d: task {"repeat":{"before":true,"maximum":null,"while":"${tries < 3}"}} -> e
            e: task {"repeat":{"before":false,"maximum":{"value":"10"},"while":"${tries < 3}"}} -> f
            f: task {"repeat":{"before":true,"maximum":{"expression":"${n}"},"while":null}} -> end
            end: endEvent "End"
            ---
            name: x
            steps:
              - do: nothing
                id: a
                each:
                  in: users
                  as: user
                  until: enough
                  collect: { into: names, value: "${user.name}" }
              - do: nothing
                id: b
                each: { times: 3, sequential: true }
              - do: nothing
                id: c
                each: { times: "${n}" }
              - do: nothing
                id: d
                while: tries < 3
              - do: nothing
                id: e
                loop: { while: tries < 3, most: 10 }
              - do: nothing
                id: f
                loop: { before: true, most: "${n}" }
        "#]],
    );
}

#[test]
fn steps_lead_where_they_say() {
    check(
        r#"
  - do: nothing
    id: a
    then: [{ when: x, to: b, name: X }, { when: y, then: c }, { otherwise: end }]
  - { do: nothing, id: b, then: { otherwise: c } }
  - { do: nothing, id: c, then: [{ to: end, name: done }] }
"#,
        expect![[r#"
            start: startEvent "Start" -> a
            a: task -> b if ${x} -> c if ${y} -> end else
            b: task -> c else
            c: task -> end
            end: endEvent "End"
            ---
            name: x
            steps:
              - do: nothing
                id: a
                then:
                  - { name: X, when: x, to: b }
                  - { when: y, to: c }
                  - { otherwise: end }
              - do: nothing
                id: b
                then: { otherwise: c }
              - do: nothing
                id: c
                then: { name: done, to: end }
        "#]],
    );
}
