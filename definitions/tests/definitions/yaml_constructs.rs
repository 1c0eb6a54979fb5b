//! Everything that can be said in YAML: one case for each construct, and the process it makes.

use crate::yaml_writing::written;
use crate::{catalog, process};
use definitions::{Format, Process, read, write_bpmn};
use expect_test::{Expect, expect};
use serde_json::Value;

/// The nodes of a process in the order of the text, a line for each, and where they lead.
fn picture(process: &Process) -> String {
    let meaning = process.meaning();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = String::new();
    let whole: Vec<String> = ["starts", "entries", "eventSubProcesses", "variables", "versionTag"]
        .iter()
        .filter_map(|key| Some(format!("{key} {}", meaning.get(key)?)))
        .collect();
    if !whole.is_empty() {
        lines.push_str(&format!("{}\n", whole.join(" ")));
    }
    for (_, node) in process.nodes() {
        let mut said = meaning["nodes"][node.id.as_str()].as_object().expect("a node").clone();
        let mut take = |key: &str| said.remove(key).unwrap_or_default();
        let (kind, name, parent, flows) =
            (take("kind"), take("name"), take("parent"), take("flows"));
        said.retain(|_, value| {
            value.as_array().is_none_or(|list| !list.is_empty())
                && value.as_object().is_none_or(|map| !map.is_empty())
        });
        let parent = parent.as_str().map(|parent| format!("{parent}/")).unwrap_or_default();
        lines.push_str(&format!("{parent}{}: {}", node.id, text(&kind)));
        if name != "" {
            lines.push_str(&format!(" {name}"));
        }
        if !said.is_empty() {
            lines.push_str(&format!(" {}", Value::Object(said)));
        }
        for flow in flows.as_array().into_iter().flatten() {
            lines.push_str(&format!(" -> {}", text(&flow["to"])));
            if let Some(condition) = flow["condition"].as_str() {
                lines.push_str(&format!(" if {condition}"));
            }
            if flow["default"] == true {
                lines.push_str(" else");
            }
        }
        lines.push('\n');
    }
    lines
}

/// What some steps make, and how they are written again; in BPMN they mean the same.
pub(crate) fn check(steps: &str, expected: Expect) {
    whole(&format!("name: x\nsteps:\n{steps}"), expected);
}

pub(crate) fn whole(text: &str, expected: Expect) {
    let process = process(Format::Yaml, text);
    let bpmn = write_bpmn(&process, None);
    match read(Format::Bpmn, &bpmn, &catalog::catalog()) {
        Ok(again) => assert_eq!(again.meaning(), process.meaning(), "{bpmn}"),
        Err(flaws) => panic!("{flaws:#?}\n{bpmn}"),
    }
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
            step-2: manualTask "Step 2" -> step-3
            step-3: scriptTask "Set b" {"result":"b","script":{"expression":"${a + 1}"}} -> step-4
            step-4: scriptTask "Step 4" {"outputs":[["c",{"expression":"${result}"}]],"script":{"expression":"${a} and ${b}"}} -> rule
            rule: businessRuleTask "Rule" {"activity":"simpleDecider"} -> sending
            sending: sendTask "Sending" {"activity":"simpleDecider"} -> several
            several: serviceTask "Several" {"activity":"simpleDecider","completionQuantity":3,"startQuantity":2} -> end
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
  - { decide: risk, shape: resultList, result: all, id: listed }
  - { decide: risk, tenant: "${t}", tag: a, id: theirs }
  - call: enrolment
  - call: ${next}
    id: other
    version: ${n}
    businessKey: "${key}-1"
    give: [all, { user: "${u}", list: [1, 2] }]
    take: { result: "${outcome}" }
  - { call: enrolment, id: third-call, give: all, take: all, binding: latest }
  - { call: enrolment, id: twice, give: [{ a: 1 }, { a: 2 }] }
  - { call: enrolment, id: here, tenant: demo, businessKey: k }
  - { call: enrolment, id: nowhere, tenant: "" }
"#,
        expect![[r#"
            start: startEvent "Start" -> risk
            risk: businessRuleTask "Risk" {"decision":{"value":"risk"},"result":"level"} -> third
            third: businessRuleTask "Third" {"binding":{"version":{"value":"3"}},"decision":{"expression":"${table}"}} -> stable
            stable: businessRuleTask "Stable" {"binding":{"tag":{"value":"stable"}},"decision":{"value":"risk"}} -> same
            same: businessRuleTask "Same" {"binding":"deployment","decision":{"value":"risk"}} -> listed
            listed: businessRuleTask "Listed" {"decision":{"value":"risk"},"result":"all","shape":"resultList"} -> theirs
            theirs: businessRuleTask "Theirs" {"binding":{"tag":{"value":"a"}},"decision":{"value":"risk"},"tenant":{"expression":"${t}"}} -> enrolment
            enrolment: callActivity "Enrolment" {"process":{"value":"enrolment"}} -> other
            other: callActivity "Other" {"binding":{"version":{"expression":"${n}"}},"businessKey":{"expression":"${key}-1"},"given":{"all":true,"entries":[["user",{"expression":"${u}"}],["list",{"list":[{"value":1},{"value":2}]}]]},"process":{"expression":"${next}"},"taken":{"all":false,"entries":[["result",{"expression":"${outcome}"}]]}} -> third-call
            third-call: callActivity "Third call" {"given":{"all":true,"entries":[]},"process":{"value":"enrolment"},"taken":{"all":true,"entries":[]}} -> twice
            twice: callActivity "Twice" {"given":{"all":false,"entries":[["a",{"value":1}],["a",{"value":2}]]},"process":{"value":"enrolment"}} -> here
            here: callActivity "Here" {"businessKey":{"value":"k"},"process":{"value":"enrolment"},"tenant":{"value":"demo"}} -> nowhere
            nowhere: callActivity "Nowhere" {"process":{"value":"enrolment"},"tenant":{"value":""}} -> end
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
              - decide: risk
                id: listed
                result: all
                shape: resultList
              - decide: risk
                id: theirs
                tag: a
                tenant: ${t}
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
              - call: enrolment
                id: here
                tenant: demo
                businessKey: k
              - call: enrolment
                id: nowhere
                tenant: ""
        "#]],
    );
}

#[test]
fn a_process_without_a_start_event() {
    whole(
        "name: x\nstartless: true\nsteps:\n  - { do: manual, id: a, then: c }\n  - { do: manual, id: b }\n  - { do: manual, id: c }\n",
        expect![[r#"
            entries ["a","b"]
            a: manualTask "A" -> c
            b: manualTask "B" -> c
            c: manualTask "C" -> end
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
            left: task "Left" -> joined
            right: task "Right" -> joined
            joined: parallelGateway -> some
            some: inclusiveGateway -> one if ${a} -> two if ${b} -> two else
            one: task "One" -> met
            two: task "Two" -> met
            met: inclusiveGateway -> count
            count: parallelGateway -> enough -> enough
            enough: complexGateway {"activation":"${activationCount >= 2 && first == 1}","counted":[["first","count"]]} -> end if ${activationCount == 2} -> last else
            last: task "Last" -> end
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
            book-a-trip/hotel: callActivity "Hotel" {"process":{"value":"hotel"},"undoneBy":"cancel-hotel"} -> book-a-trip.step-3
            book-a-trip/hotel.compensate: boundaryEvent {"host":"hotel","interrupting":true,"trigger":{"compensation":true}}
            book-a-trip/cancel-hotel: callActivity "Cancel hotel" {"forCompensation":true,"process":{"value":"cancellation"}}
            book-a-trip/book-a-trip.step-3: exclusiveGateway -> full if ${full} -> book-a-trip.end else
            book-a-trip/full: endEvent "Full" {"trigger":{"cancel":true}}
            book-a-trip/book-a-trip.end: endEvent "End"
            book-a-trip/book-a-trip.event-1: eventSubProcess
            book-a-trip.event-1/book-a-trip.event-1.start: startEvent "Start" {"interrupting":false,"trigger":{"message":{"key":null,"name":{"value":"news"}}}} -> read
            book-a-trip.event-1/read: task "Read" -> book-a-trip.event-1.end
            book-a-trip.event-1/book-a-trip.event-1.end: endEvent "End"
            book-a-trip/book-a-trip.event-2: eventSubProcess
            book-a-trip.event-2/book-a-trip.event-2.start: startEvent "Start" {"interrupting":true,"trigger":{"compensation":true}} -> undo
            book-a-trip.event-2/undo: task "Undo" -> book-a-trip.event-2.end
            book-a-trip.event-2/book-a-trip.event-2.end: endEvent "End"
            inner: subProcess {"entries":["left","right"]} -> end
            inner/left: manualTask "Left"
            inner/right: manualTask "Right"
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
            any-order/a: manualTask "A"
            any-order/b: manualTask "B" -> c
            any-order/c: manualTask "C"
            in-order: adHocSubProcess {"active":{"expression":"${ids}"},"completion":"${done}","entries":["d","e"],"keepRemaining":true,"sequential":true} -> end
            in-order/d: manualTask "D"
            in-order/e: manualTask "E"
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
            a: task "A" {"repeat":{"cardinality":null,"collection":{"expression":"${users}"},"completion":"${enough}","element":"user","gathered":["names",{"expression":"${user.name}"}],"sequential":false}} -> b
            b: task "B" {"repeat":{"cardinality":{"value":"3"},"collection":null,"completion":null,"element":null,"gathered":null,"sequential":true}} -> c
            c: task "C" {"repeat":{"cardinality":{"expression":"${n}"},"collection":null,"completion":null,"element":null,"gathered":null,"sequential":false}} -> d
            d: task "D" {"repeat":{"before":true,"maximum":null,"while":"${tries < 3}"}} -> e
            e: task "E" {"repeat":{"before":false,"maximum":{"value":"10"},"while":"${tries < 3}"}} -> f
            f: task "F" {"repeat":{"before":true,"maximum":{"expression":"${n}"},"while":null}} -> end
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
            a: task "A" -> b if ${x} -> c if ${y} -> end else
            b: task "B" -> c else
            c: task "C" -> end
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

#[test]
fn what_is_set_on_the_way_and_raised_by_a_condition() {
    check(
        r#"
  - { start: Start, leave: { n: 1, t: "a\"b" }, then: [{ to: ask, set: { m: "${n + 1}" } }] }
  - id: ask
    activity: simpleDecider
    raise:
      - { error: Low, message: "only ${score}", when: score < 5 }
      - { error: Down, when: 'externalTask.errorMessage == "down"' }
    enter: { asked: true }
    on:
      - { error: any, enter: { caught: yes }, leave: [{ n: 1 }, { n: "${n + 1}" }], then: end }
  - id: which
    enter: { large: "${n > 2}" }
    leave: { chosen: "${null}" }
    choose: [{ when: large, then: all, set: { list: "${[1, 2]}" } }, { otherwise: end, set: { x: 1.5 } }]
  - { throw: All, signal: news, with: [all, { more: "${n}" }], enter: { said: 1 }, leave: { said: 2 } }
  - { call: child, take: { a: "${b}" }, keep: { own: "${c}" }, out: { d: "${own}" } }
  - await:
      - { message: answer, key: "1", leave: { told: "${text}" } }
      - { timer: PT1M, then: end }
  - { end: Done, enter: { last: "${n}" } }
"#,
        expect![[r#"
            start: startEvent "Start" {"leave":[["n",{"value":1}],["t",{"value":"a\"b"}]]} -> ask
            ask: serviceTask "Ask" {"activity":"simpleDecider","enter":[["asked",{"value":true}]],"raises":[{"error":"Low","message":{"expression":"only ${score}"},"when":"${score < 5}"},{"error":"Down","message":null,"when":"${externalTask.errorMessage == \"down\"}"}]} -> which
            ask.any: boundaryEvent {"enter":[["caught",{"value":"yes"}]],"host":"ask","interrupting":true,"leave":[["n",{"value":1}],["n",{"expression":"${n + 1}"}]],"trigger":{"codeVariable":null,"error":null,"messageVariable":null}} -> end
            which: exclusiveGateway {"enter":[["large",{"expression":"${n > 2}"}]],"leave":[["chosen",{"value":null}]]} -> all if ${large} -> end else
            all: throwEvent "All" {"enter":[["said",{"value":1}]],"inputs":{"more":{"expression":"${n}"}},"leave":[["said",{"value":2}]],"sendsAll":true,"trigger":{"signal":{"value":"news"}}} -> child
            child: callActivity "Child" {"kept":[["own",{"expression":"${c}"}]],"outputs":[["d",{"expression":"${own}"}]],"process":{"value":"child"},"taken":{"all":false,"entries":[["a",{"expression":"${b}"}]]}} -> step-6
            step-6: eventGateway -> step-6.answer -> step-6.timer
            step-6.answer: catchEvent "Answer" {"leave":[["told",{"expression":"${text}"}]],"trigger":{"message":{"key":{"value":"1"},"name":{"value":"answer"}}}} -> done
            step-6.timer: catchEvent "PT1M" {"trigger":{"duration":{"value":"PT1M"}}} -> end
            done: endEvent "Done" {"enter":[["last",{"expression":"${n}"}]]}
            end: endEvent "End"
            ---
            name: x
            steps:
              - start: Start
                then: { to: ask, set: { m: "${n + 1}" } }
                leave: { n: 1, t: a"b }
              - activity: simpleDecider
                id: ask
                raise:
                  - { error: Low, message: "only ${score}", when: score < 5 }
                  - { error: Down, when: externalTask.errorMessage == "down" }
                on:
                  - error: any
                    enter: { caught: "yes" }
                    leave:
                      - { n: 1 }
                      - { n: "${n + 1}" }
                    then: end
                enter: { asked: true }
              - id: which
                choose:
                  - { when: large, then: all, set: { list: "${[1, 2]}" } }
                  - { otherwise: end, set: { x: 1.5 } }
                enter: { large: "${n > 2}" }
                leave: { chosen: "${null}" }
              - throw: All
                signal: news
                with:
                  - all
                  - { more: "${n}" }
                enter: { said: 1 }
                leave: { said: 2 }
              - call: child
                take: { a: "${b}" }
                keep: { own: "${c}" }
                out: { d: "${own}" }
              - await:
                  - { message: answer, key: "1", leave: { told: "${text}" } }
                  - { timer: PT1M, then: end }
              - end: Done
                enter: { last: "${n}" }
        "#]],
    );
}
