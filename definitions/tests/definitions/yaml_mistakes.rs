//! Mistakes in YAML: each is told with its line, the key, and what is allowed.

use crate::meaning;
use definitions::Format;
use expect_test::{Expect, expect};

/// What is said of some steps, each case on its own.
fn check(cases: &[&str], expected: Expect) {
    let mut actual = String::new();
    for case in cases {
        let text = format!("name: whole\nsteps:\n{case}\n");
        let flaws = meaning(Format::Yaml, &text);
        let flaws = flaws.lines().map(|flaw| format!("  {flaw}\n"));
        actual.push_str(&format!("{}\n{}", case.trim_start(), flaws.collect::<String>()));
    }
    expected.assert_eq(&actual);
}

#[test]
fn what_a_step_is() {
    check(
        &[
            "  - { name: Nothing }",
            "  - { actvity: addUser }",
            "  - { do: nothing, end: x }",
            "  - { do: something }",
            "  - { do: nothing, resul: x }",
            "  - { activity: simpleDecider, task: usr }",
            "  - { steps: [] }",
            "  - { id: s, steps: [{ do: nothing }], transaction: yes }",
            "  - { id: s, steps: [{ do: nothing }], transaction: true, adhoc: true }",
            "  - { id: s, steps: [{ do: nothing }], adhoc: { order: random } }",
            "  - { id: s, steps: [{ do: nothing }], adhoc: { orders: parallel } }",
            "  - { id: s, steps: [{ do: nothing }], variables: [a] }",
            "  - { script: a + }",
            "  - { script: }",
            "  - { decide: risk, version: 1, tag: a }",
            "  - { decide: risk, binding: newest }",
            "  - { decide: risk, shape: list }",
            "  - { call: other, give: some }",
            "  - { call: other, take: [all, none] }",
            "  - { send: [a] }",
            "  - { receive: \"${a\" }",
            "  - { do: nothing, needs: none }",
            "  - { do: nothing, makes: -1 }",
            "  - { do: nothing, undoes: perhaps }",
        ],
        expect![[r#"
            - { name: Nothing }
              line 3: step-1: a step has one of the keys activity, do, script, decide, send, receive, call, steps, choose, parallel, include, complex, await, start, catch, throw, end [wrong-shape]
            - { actvity: addUser }
              line 3: a step has no key actvity; did you mean activity? [unknown-key]
              line 3: step-1: a step has one of the keys activity, do, script, decide, send, receive, call, steps, choose, parallel, include, complex, await, start, catch, throw, end [wrong-shape]
            - { do: nothing, end: x }
              line 3: step-1: a step has one of the keys activity, do, script, decide, send, receive, call, steps, choose, parallel, include, complex, await, start, catch, throw, end, not do and end [wrong-shape]
            - { do: something }
              line 3: do takes one of nothing, manual [wrong-shape]
            - { do: nothing, resul: x }
              line 3: a step with do has no key resul; it knows do, id, name, description, enter, leave, variables, with, out, on, then, each, loop, while, needs, makes, retry, undoes [unknown-key]
            - { activity: simpleDecider, task: usr }
              line 3: task takes one of service, user, send, rule, throw, end; did you mean user? [wrong-shape]
            - { steps: [] }
              line 3: step-1: a sub-process needs steps, at least one [missing-key]
              line 3: step-1: the sub-process is empty; put something into it [one-start]
            - { id: s, steps: [{ do: nothing }], transaction: yes }
              line 3: transaction takes true or false [wrong-shape]
            - { id: s, steps: [{ do: nothing }], transaction: true, adhoc: true }
              line 3: s: a sub-process is either a transaction or ad hoc [wrong-shape]
            - { id: s, steps: [{ do: nothing }], adhoc: { order: random } }
              line 3: s: order takes parallel or sequential [wrong-shape]
            - { id: s, steps: [{ do: nothing }], adhoc: { orders: parallel } }
              line 3: adhoc has no key orders; it knows order, until, keep, active; did you mean order? [unknown-key]
            - { id: s, steps: [{ do: nothing }], variables: [a] }
              line 3: variables takes a map from names to values [wrong-shape]
            - { script: a + }
              line 3: step-1: in script: a value is expected here, not the end (at character 6) [invalid-expression]
            - { script: }
              line 3: script takes a text [wrong-shape]
            - { decide: risk, version: 1, tag: a }
              line 3: risk: one of version, tag and binding says which version is meant [wrong-shape]
            - { decide: risk, binding: newest }
              line 3: binding takes latest or deployment [wrong-shape]
            - { decide: risk, shape: list }
              line 3: shape takes one of singleEntry, singleResult, collectEntries, resultList [wrong-shape]
            - { call: other, give: some }
              line 3: give takes all, a map from names to values, or a list of both [wrong-shape]
            - { call: other, take: [all, none] }
              line 3: take takes all, a map from names to values, or a list of both [wrong-shape]
            - { send: [a] }
              line 3: send takes a text [wrong-shape]
            - { receive: "${a" }
              line 3: step-1: in receive: the expression that begins here has no closing } (at character 1) [invalid-expression]
            - { do: nothing, needs: none }
              line 3: needs takes a whole number [wrong-shape]
            - { do: nothing, makes: -1 }
              line 3: makes takes a whole number [wrong-shape]
            - { do: nothing, undoes: perhaps }
              line 3: undoes takes true or false [wrong-shape]
              line 3: step-1: nothing is undone by this activity; join a compensation boundary event to it by an association [compensation-activity]
        "#]],
    );
}

#[test]
fn what_an_event_says() {
    check(
        &[
            "  - { catch: x }",
            "  - { catch: x, message: a, signal: b }",
            "  - { catch: x, timer: soon }",
            "  - { catch: x, timer: PT1M, key: a }",
            "  - { catch: x, date: tomorrow }",
            "  - { catch: x, cycle: often }",
            "  - { catch: x, mesage: a }",
            "  - { catch: x, any: { message: a } }",
            "  - { catch: x, any: [{ message: a, signal: b }] }",
            "  - { catch: x, all: [{ any: [] }] }",
            "  - { catch: x, condition: a = b }",
            "  - { throw: x, any: [{ message: a }, { signal: b }] }",
            "  - { throw: x, message: a, code: b }",
            "  - { throw: x, compensate: [a] }",
            "  - { throw: x, compensate: nobody }",
            "  - { end: x, terminate: false }",
            "  - { end: x, error: }",
            "  - { end: x, error: Bad, code: c }",
            "  - { end: x, error: \"${kind}\" }",
            "  - { throw: x, escalation: \"late-#{kind}\" }",
            "  - { id: s, steps: [{ do: nothing }], on: [{ error: { code: =kind }, then: end }, { escalation: \"${kind}\", then: end }] }",
            "  - { start: x, interrupting: 1 }",
            "  - { do: nothing, id: a, on: [{ then: end }] }",
            "  - { do: nothing, id: a, on: [{ timer: PT1M }] }",
            "  - { do: nothing, id: a, on: [{ compensate: b, then: b }] }\n  - { do: nothing, id: b }",
            "  - { do: nothing, id: a, on: [{ compensate: true, then: [b] }] }\n  - { do: nothing, id: b }",
            "  - { do: nothing, id: a, on: [{ compensate: true, then: c }] }\n  - { do: nothing, id: b }",
            "  - { do: nothing }\nevents:\n  - { steps: [{ do: nothing }] }",
            "  - { do: nothing }\nevents:\n  - { message: a }",
            "  - { do: nothing }\nevents:\n  - { interrupting: false, steps: [{ start: a, message: b }] }",
            "  - { do: nothing }\nevents: [a]",
        ],
        expect![[r#"
            - { catch: x }
              line 3: x: an event that is caught says what it awaits: message, signal, timer, date, cycle, condition or link [missing-key]
            - { catch: x, message: a, signal: b }
              line 3: x: an event has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all; several stand in a list under any or all [wrong-shape]
            - { catch: x, timer: soon }
              line 3: x: "soon" is not a duration; write one such as PT15M or P5D (at character 1) [invalid-timer]
            - { catch: x, timer: PT1M, key: a }
              line 3: x: timer takes no key [wrong-shape]
            - { catch: x, date: tomorrow }
              line 3: x: "tomorrow" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1) [invalid-timer]
            - { catch: x, cycle: often }
              line 3: x: "often" is not a cycle; write an interval such as R3/PT10M, or five or six fields of cron such as 0 0 9 * * MON-FRI (at character 1) [invalid-timer]
            - { catch: x, mesage: a }
              line 3: a step with catch has no key mesage; it knows catch, id, name, description, enter, leave, message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all, key, code, wait, variable, change, variables, out, then; did you mean message? [unknown-key]
              line 3: x: an event that is caught says what it awaits: message, signal, timer, date, cycle, condition or link [missing-key]
            - { catch: x, any: { message: a } }
              line 3: any takes a list [wrong-shape]
              line 3: x: an event that is caught says what it awaits: message, signal, timer, date, cycle, condition or link [missing-key]
            - { catch: x, any: [{ message: a, signal: b }] }
              line 3: x: an event has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all; several stand in a list under any or all [wrong-shape]
            - { catch: x, all: [{ any: [] }] }
              line 3: x: an event has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all; several stand in a list under any or all [wrong-shape]
            - { catch: x, condition: a = b }
              line 3: x: in condition: a single = compares nothing; write == (at character 5) [invalid-condition]
            - { throw: x, any: [{ message: a }, { signal: b }] }
              line 3: x: a thrown event makes all happen; write all in place of any [wrong-shape]
            - { throw: x, message: a, code: b }
              line 3: x: message takes no code [wrong-shape]
            - { throw: x, compensate: [a] }
              line 3: compensate takes the id of the step to undo, or true for all that was done [wrong-shape]
            - { throw: x, compensate: nobody }
              line 3: x: there is no activity nobody to undo [compensation-target]
            - { end: x, terminate: false }
              line 3: x: terminate takes true, or stands alone [wrong-shape]
            - { end: x, error: }
              line 3: error takes a text [wrong-shape]
            - { end: x, error: Bad, code: c }
              line 3: x: error takes no code [wrong-shape]
            - { end: x, error: "${kind}" }
              line 3: x: the code of an error is a text, the same at each throw, not an expression; write the code itself, and choose between several with a gateway [unsupported-value]
            - { throw: x, escalation: "late-#{kind}" }
              line 3: x: the code of an escalation is a text, the same at each throw, not an expression; write the code itself, and choose between several with a gateway [unsupported-value]
            - { id: s, steps: [{ do: nothing }], on: [{ error: { code: =kind }, then: end }, { escalation: "${kind}", then: end }] }
              line 3: s: the code of an error is a text, the same at each throw, not an expression; write the code itself, and choose between several with a gateway [unsupported-value]
              line 3: s: the code of an escalation is a text, the same at each throw, not an expression; write the code itself, and choose between several with a gateway [unsupported-value]
            - { start: x, interrupting: 1 }
              line 3: interrupting takes true or false [wrong-shape]
            - { do: nothing, id: a, on: [{ then: end }] }
              line 3: a: an event has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all; several stand in a list under any or all [wrong-shape]
            - { do: nothing, id: a, on: [{ timer: PT1M }] }
              line 3: a.timer: an event says with then where it leads [missing-key]
            - { do: nothing, id: a, on: [{ compensate: b, then: b }] }
              - { do: nothing, id: b }
              line 3: compensate takes true; which step undoes is said with then [wrong-shape]
              line 3: a.event.flow1: nothing leads to an activity that undoes another; its association does [flow-into-compensation]
              line 4: b: nothing is undone by this activity; join a compensation boundary event to it by an association [compensation-activity]
            - { do: nothing, id: a, on: [{ compensate: true, then: [b] }] }
              - { do: nothing, id: b }
              line 3: then takes the id of the step that undoes [wrong-shape]
              line 3: a.compensate: nothing says what undoes the activity; join the event by an association to the activity that does [compensation-association]
            - { do: nothing, id: a, on: [{ compensate: true, then: c }] }
              - { do: nothing, id: b }
              line 3: a.compensate: nothing says what undoes the activity; join the event by an association to the activity that does [compensation-association]
            - { do: nothing }
            events:
              - { steps: [{ do: nothing }] }
              line 5: event-1: an event sub-process has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all, or a step with start [missing-key]
            - { do: nothing }
            events:
              - { message: a }
              line 5: event-1: an event sub-process needs steps, at least one [missing-key]
            - { do: nothing }
            events:
              - { interrupting: false, steps: [{ start: a, message: b }] }
              line 5: event-1: interrupting stands where the trigger stands, at the step with start [wrong-shape]
            - { do: nothing }
            events: [a]
              line 4: an event sub-process is a map with keys such as message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all, key, code, wait, variable, change, id, name, description, interrupting, with, out, variables, steps, events [wrong-shape]
        "#]],
    );
}

#[test]
fn where_steps_lead() {
    check(
        &[
            "  - { do: nothing, id: a, then: }",
            "  - { do: nothing, id: a, then: { when: x } }",
            "  - { do: nothing, id: a, then: { when: x, otherwise: a } }",
            "  - { do: nothing, id: a, then: [{ otherwise: a }, { otherwise: end }] }",
            "  - { do: nothing, id: a, then: { to: end, if: x } }",
            "  - { do: nothing, id: a, then: [[end]] }",
            "  - { id: a, await: }",
            "  - { id: a, await: b }",
            "  - { id: a, await: [{ then: end }, { message: b }] }",
            "  - { id: a, starts: maybe, await: [{ message: a }, { message: b }] }",
            "  - { id: a, parallel: [{ when: x, to: end }, end] }",
            "  - { do: nothing, id: a, then: inside }\n  - { id: b, steps: [{ do: nothing, id: inside }] }",
        ],
        expect![[r#"
            - { do: nothing, id: a, then: }
              line 3: a branch is a map with keys such as when, then, otherwise, to, name, id, description, set [wrong-shape]
            - { do: nothing, id: a, then: { when: x } }
              line 3: a: a branch has when and then, or otherwise, or to alone [wrong-shape]
            - { do: nothing, id: a, then: { when: x, otherwise: a } }
              line 3: a: a branch has when and then, or otherwise, or to alone [wrong-shape]
            - { do: nothing, id: a, then: [{ otherwise: a }, { otherwise: end }] }
              line 3: a: a choice has one otherwise; take this one away [wrong-shape]
            - { do: nothing, id: a, then: { to: end, if: x } }
              line 3: a branch has no key if; it knows when, then, otherwise, to, name, id, description, set; did you mean when? [unknown-key]
            - { do: nothing, id: a, then: [[end]] }
              line 3: a branch is a map with keys such as when, then, otherwise, to, name, id, description, set [wrong-shape]
            - { id: a, await: }
              line 3: await takes a list of events such as { message: paid }, or of the ids of steps [wrong-shape]
              line 3: a: an event gateway waits for one of several events; lead it to at least two [event-gateway-flows]
            - { id: a, await: b }
              line 3: await takes a list of events such as { message: paid }, or of the ids of steps [wrong-shape]
              line 3: a: an event gateway waits for one of several events; lead it to at least two [event-gateway-flows]
            - { id: a, await: [{ then: end }, { message: b }] }
              line 3: a: an event has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all; several stand in a list under any or all [wrong-shape]
            - { id: a, starts: maybe, await: [{ message: a }, { message: b }] }
              line 3: starts takes true, or all when all of its events must happen [wrong-shape]
            - { id: a, parallel: [{ when: x, to: end }, end] }
              line 3: a.flow1: only flows that leave an activity or an exclusive, inclusive or complex gateway have a condition; put one before it [condition-place]
            - { do: nothing, id: a, then: inside }
              - { id: b, steps: [{ do: nothing, id: inside }] }
              line 3: a.flow1: the flow leads from a to inside, and only one of them is in that sub-process; end the path inside, and lead on from the sub-process itself [flow-crosses-scope]
        "#]],
    );
}

#[test]
fn how_often() {
    check(
        &[
            "  - { do: nothing, each: users }",
            "  - { do: nothing, each: { as: user } }",
            "  - { do: nothing, each: { in: users, of: user } }",
            "  - { do: nothing, each: { in: users, collect: { into: a } } }",
            "  - { do: nothing, each: { in: users, until: \"${\" } }",
            "  - { do: nothing, loop: { most: 3 }, while: a }",
            "  - { do: nothing, loop: { until: a } }",
            "  - { do: nothing, while: [a] }",
        ],
        expect![[r#"
            - { do: nothing, each: users }
              line 3: each is a map with keys such as in, as, times, sequential, until, collect [wrong-shape]
            - { do: nothing, each: { as: user } }
              line 3: step-1: each says with in for which list, or with times how often [missing-key]
            - { do: nothing, each: { in: users, of: user } }
              line 3: each has no key of; it knows in, as, times, sequential, until, collect [unknown-key]
            - { do: nothing, each: { in: users, collect: { into: a } } }
              line 3: step-1: collect says a value, and into which variable [missing-key]
            - { do: nothing, each: { in: users, until: "${" } }
              line 3: step-1: in until: the expression that begins here has no closing } (at character 1) [invalid-condition]
            - { do: nothing, loop: { most: 3 }, while: a }
              line 3: step-1: one of each, loop and while says how often a step is done [wrong-shape]
            - { do: nothing, loop: { until: a } }
              line 3: loop has no key until; it knows while, before, most [unknown-key]
              line 3: step-1: the loop would never end; give it a condition or a maximum [endless-loop]
            - { do: nothing, while: [a] }
              line 3: while takes a text [wrong-shape]
              line 3: step-1: the loop would never end; give it a condition or a maximum [endless-loop]
        "#]],
    );
}

#[test]
fn what_is_set_on_the_way() {
    check(
        &[
            "  - { do: nothing, enter: [a] }",
            "  - { do: nothing, enter: { a: \"${b\" } }",
            "  - { do: nothing, enter: { \"a b\": 1 } }",
            "  - { do: nothing, enter: { a: [1, \"${b}\"] } }",
            "  - { do: nothing, enter: { a: \"b ${c}\" } }",
            "  - { do: nothing, leave: { a: 1 } }",
            "  - { start: Start, enter: { a: 1 } }",
            "  - { end: End, leave: { a: 1 } }",
            "  - { await: [{ message: a, key: \"1\", enter: { a: 1 } }, { timer: PT1M }] }",
            "  - { await: [{ message: a, key: \"1\", id: a }, { timer: PT1M, id: b, then: end }], leave: { a: 1 } }",
            "  - { await: [{ to: a, set: { a: 1 } }, { timer: PT1M, then: end }] }\n  - { receive: a, id: a, key: \"1\", enter: { a: 1 } }",
            "  - { id: fork, parallel: [a, join] }\n  - { id: a, do: nothing }\n  - { id: join, parallel: , enter: { a: 1 } }",
            "  - { throw: x, link: a, leave: { a: 1 } }\n  - { catch: y, link: a }",
            "  - { activity: simpleDecider, raise: [{ error: a }] }",
            "  - { activity: simpleDecider, raise: [{ error: \" \", when: a }] }",
            "  - { activity: simpleDecider, raise: [{ error: \"${kind}\", when: a }] }",
            "  - { activity: simpleDecider, raise: a }",
            "  - { throw: x, message: a, key: \"1\", with: all }",
        ],
        expect![[r#"
            - { do: nothing, enter: [a] }
              line 3: enter takes a map from names to values [wrong-shape]
            - { do: nothing, enter: { a: "${b" } }
              line 3: step-1: in a: the expression that begins here has no closing } (at character 1) [invalid-expression]
            - { do: nothing, enter: { "a b": 1 } }
              line 3: step-1: "a b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
            - { do: nothing, enter: { a: [1, "${b}"] } }
              line 3: step-1: a is set to a constant or to one expression [unsupported-value]
            - { do: nothing, enter: { a: "b ${c}" } }
              line 3: step-1: a is set to a constant or to one expression; join texts in it with += [unsupported-value]
            - { do: nothing, leave: { a: 1 } }
              line 3: step-1: what an activity sets at its end is its outputs [set-place]
            - { start: Start, enter: { a: 1 } }
              line 3: start: nothing comes to a start event; set variables when it leaves [set-place]
            - { end: End, leave: { a: 1 } }
              line 3: end: no path goes on from an end event; set variables where it comes (enter) [set-place]
            - { await: [{ message: a, key: "1", enter: { a: 1 } }, { timer: PT1M }] }
              line 3: an awaited event has no key enter; it knows message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all, key, code, wait, variable, change, out, then, id, name, description, variables, leave [unknown-key]
              line 3: step-1.a: what is awaited here comes before the path; set variables when it leaves [set-place]
            - { await: [{ message: a, key: "1", id: a }, { timer: PT1M, id: b, then: end }], leave: { a: 1 } }
              line 3: step-1: the path goes on at an event; set variables when it leaves that [set-place]
            - { await: [{ to: a, set: { a: 1 } }, { timer: PT1M, then: end }] }
              - { receive: a, id: a, key: "1", enter: { a: 1 } }
              line 3: step-1.flow1: the event behind an event gateway has happened when the path goes on; set variables where it leaves the event [set-place]
              line 4: a: what is awaited here comes before the path; set variables when it leaves [set-place]
            - { id: fork, parallel: [a, join] }
              - { id: a, do: nothing }
              - { id: join, parallel: , enter: { a: 1 } }
              line 5: join: several paths come together here; set variables when the joined path leaves [set-place]
            - { throw: x, link: a, leave: { a: 1 } }
              - { catch: y, link: a }
              line 3: x: the path goes on at the other end of the link; set variables where it comes [set-place]
            - { activity: simpleDecider, raise: [{ error: a }] }
              line 3: simpleDecider: an error that is raised has error, its code, and when [missing-key]
            - { activity: simpleDecider, raise: [{ error: " ", when: a }] }
              line 3: simpleDecider: the error has no code; give it one [missing-name]
            - { activity: simpleDecider, raise: [{ error: "${kind}", when: a }] }
              line 3: simpleDecider: the code of an error is a text, the same at each throw, not an expression; write the code itself, and choose between several with a gateway [unsupported-value]
            - { activity: simpleDecider, raise: a }
              line 3: raise takes a list [wrong-shape]
            - { throw: x, message: a, key: "1", with: all }
              line 3: x: only a signal takes all variables along; name those that are sent [unsupported-value]
        "#]],
    );
}

#[test]
fn what_people_write_is_told_what_they_mean() {
    check(
        &[
            "  - { do: nothing, retry: 3 }",
            "  - { do: nothing, retry: 3 x PT10S }",
            "  - { do: nothing, with: { x: ${_initVars[\"a\"]} } }",
            "  - { script: \"a ? 'b' : 'c\", result: x }",
            "  - { do: nothing, with: { x: \"a ${b + 'c}\" } }",
            "  - { do: nothing, input: { x: 1 }, next: end }",
            "  - { do: nothing, id: a, then: b }\n  - { do: nothing, id: b, then: nowhere }\n  - { do: nothing, id: b }",
        ],
        expect![[r#"
            - { do: nothing, retry: 3 }
              line 3: step-1: in retry: "3" does not say how long the pauses are; write R3/PT1M (at character 1) [invalid-retries]
            - { do: nothing, retry: 3 x PT10S }
              line 3: step-1: in retry: "3 x PT10S" is not a duration; write one such as PT15M or P5D (at character 1) [invalid-retries]
            - { do: nothing, with: { x: ${_initVars["a"]} } }
              line 3: while parsing a flow mapping, did not find expected ',' or '}'; put what has ${…} in it in quotes [not-yaml]
            - { script: "a ? 'b' : 'c", result: x }
              line 3: step-1: in script: a text in the expression that begins here has no closing quote (at character 1) [invalid-expression]
            - { do: nothing, with: { x: "a ${b + 'c}" } }
              line 3: step-1: in x: a text in the expression that begins here has no closing quote (at character 3) [invalid-expression]
            - { do: nothing, input: { x: 1 }, next: end }
              line 3: a step with do has no key input; it knows do, id, name, description, enter, leave, variables, with, out, on, then, each, loop, while, needs, makes, retry, undoes; did you mean with? [unknown-key]
              line 3: a step with do has no key next; it knows do, id, name, description, enter, leave, variables, with, out, on, then, each, loop, while, needs, makes, retry, undoes; did you mean then? [unknown-key]
            - { do: nothing, id: a, then: b }
              - { do: nothing, id: b, then: nowhere }
              - { do: nothing, id: b }
              line 5: b: the id is already taken on line 4; give this one another [duplicate-id]
              line 4: b.flow1: the flow leads to nowhere, which does not exist [dangling-reference]
        "#]],
    );
}
