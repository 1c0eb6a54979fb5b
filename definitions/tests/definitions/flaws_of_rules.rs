//! Every rule about the parts of BPMN has a definition that breaks it and a near one that does not.

use crate::meaning;
use definitions::Format;
use expect_test::{Expect, expect};

/// Each case is a definition that breaks a rule, and one like it that does not.
fn check(cases: &[(&str, &str)], expected: Expect) {
    let (mut actual, mut wrong) = (String::new(), String::new());
    for (broken, whole) in cases {
        let read = |text: &str| meaning(Format::Yaml, &format!("{{name: P, {text}}}\n"));
        let near = read(whole);
        if !near.starts_with('{') {
            wrong.push_str(&format!("{whole}\n{near}"));
        }
        let flaws: String = read(broken).lines().map(|flaw| format!("  {flaw}\n")).collect();
        actual.push_str(&format!("{broken}\n{flaws}"));
    }
    assert!(wrong.is_empty(), "{wrong}");
    expected.assert_eq(&actual);
}

#[test]
fn a_scope_begins_somewhere() {
    let cases = [
        (
            "steps: [{start: A, id: a, then: end}, {start: B, id: b, then: end}]",
            "steps: [{start: A, id: a, then: end}, {start: B, id: b, message: m, then: end}]",
        ),
        (
            "startless: true, steps: [{do: nothing, id: a}, {do: nothing, id: b, then: a}]",
            "startless: true, steps: [{do: nothing, id: a}, {do: nothing, id: b}]",
        ),
        (
            "steps: [{id: s, steps: [{start: A, message: m}, {do: nothing, id: b}]}]",
            "steps: [{id: s, steps: [{start: A}, {do: nothing, id: a}]}]",
        ),
        (
            "steps: [{id: s, steps: [{start: A, id: a}, {start: B, id: b}, {do: nothing, id: c}]}]",
            "steps: [{id: s, steps: [{start: A, id: a}, {do: nothing, id: c}]}]",
        ),
        (
            "steps: [{do: nothing}], events: [{id: e, steps: [{do: nothing, id: a}]}]",
            "steps: [{do: nothing}], events: [{id: e, signal: s, steps: [{do: nothing, id: a}]}]",
        ),
        (
            "steps: [{do: nothing}], events: [{id: e, steps: [{start: A, id: a, signal: s, then: e.end}, {start: B, id: b, signal: t}, {end: E, id: e.end}]}]",
            "steps: [{do: nothing}], events: [{id: e, steps: [{start: A, id: a, signal: s, then: e.end}, {end: E, id: e.end}]}]",
        ),
        (
            "steps: [{id: s, steps: [{receive: m, starts: true}]}]",
            "steps: [{receive: m, starts: true}]",
        ),
        (
            "steps: [{start: A, signal: \"${s}\"}, {do: nothing}]",
            "steps: [{start: A, signal: s}, {do: nothing}]",
        ),
        (
            "steps: [{start: A, timer: \"${s}\"}, {do: nothing}]",
            "steps: [{start: A, cycle: R/PT1H}, {do: nothing}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
            steps: [{start: A, id: a, then: end}, {start: B, id: b, then: end}]
              line 1: b: a process has one plain start event; take this one away [one-start]
            startless: true, steps: [{do: nothing, id: a}, {do: nothing, id: b, then: a}]
              line 1: p: the process has no start event; add one [one-start]
              line 1: a: no end event can be reached from here; lead it to one [no-way-to-end]
            steps: [{id: s, steps: [{start: A, message: m}, {do: nothing, id: b}]}]
              line 1: a: a sub-process begins when a path comes to it; take the trigger away, or make it an event sub-process [start-trigger]
            steps: [{id: s, steps: [{start: A, id: a}, {start: B, id: b}, {do: nothing, id: c}]}]
              line 1: b: a sub-process has one plain start event; take this one away [one-start]
            steps: [{do: nothing}], events: [{id: e, steps: [{do: nothing, id: a}]}]
              line 1: e: an event sub-process has one of the keys message, signal, timer, date, cycle, error, escalation, compensate, condition, link, terminate, cancel, any, all, or a step with start [missing-key]
            steps: [{do: nothing}], events: [{id: e, steps: [{start: A, id: a, signal: s, then: e.end}, {start: B, id: b, signal: t}, {end: E, id: e.end}]}]
              line 1: b: an event sub-process has one start event; take this one away, or give it an event sub-process of its own [event-sub-process-start]
            steps: [{id: s, steps: [{receive: m, starts: true}]}]
              line 1: m: an instance begins in the process itself and not in a sub-process; take instantiate away [instantiate-place]
            steps: [{start: A, signal: "${s}"}, {do: nothing}]
              line 1: a: a process that has not begun has no variables; write this without an expression [start-variables]
            steps: [{start: A, timer: "${s}"}, {do: nothing}]
              line 1: a: a process that has not begun has no variables; write this without an expression [start-variables]
        "#]],
    );
}

#[test]
fn an_ad_hoc_sub_process_holds_activities() {
    let cases = [
        (
            "steps: [{id: s, adhoc: true, steps: [{start: A, id: a, then: b}, {do: nothing, id: b}]}]",
            "steps: [{id: s, adhoc: true, steps: [{do: nothing, id: b}]}]",
        ),
        (
            "steps: [{id: s, adhoc: true, steps: [{do: nothing, id: b, then: e}, {end: E, id: e}]}]",
            "steps: [{id: s, adhoc: true, steps: [{do: nothing, id: b, then: c}, {do: nothing, id: c}]}]",
        ),
        (
            "steps: [{id: s, adhoc: true, steps: [{catch: C, signal: c}]}]",
            "steps: [{id: s, adhoc: true, steps: [{catch: C, signal: c, then: a}, {do: nothing, id: a}]}]",
        ),
        (
            "steps: [{id: s, adhoc: {active: \"'b'\"}, steps: [{do: nothing, id: a, then: b}, {do: nothing, id: b}]}]",
            "steps: [{id: s, adhoc: {active: ids}, steps: [{do: nothing, id: a, then: b}, {do: nothing, id: b}]}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
        steps: [{id: s, adhoc: true, steps: [{start: A, id: a, then: b}, {do: nothing, id: b}]}]
          line 1: a: an ad-hoc sub-process has no start events; take this one away, as its activities begin and end by themselves [ad-hoc-contents]
        steps: [{id: s, adhoc: true, steps: [{do: nothing, id: b, then: e}, {end: E, id: e}]}]
          line 1: e: an ad-hoc sub-process has no end events; take this one away, as its activities begin and end by themselves [ad-hoc-contents]
        steps: [{id: s, adhoc: true, steps: [{catch: C, signal: c}]}]
          line 1: s: an ad-hoc sub-process holds at least one activity; add one [ad-hoc-contents]
        steps: [{id: s, adhoc: {active: "'b'"}, steps: [{do: nothing, id: a, then: b}, {do: nothing, id: b}]}]
          line 1: s: what an ad-hoc sub-process begins with is a list of ids of its activities; write an expression for one [wrong-type]
    "#]],
    );
}

#[test]
fn flows_stay_in_their_scope() {
    let cases = [
        (
            "steps: [{do: nothing, id: a, then: b}, {id: s, steps: [{do: nothing, id: b}]}]",
            "steps: [{do: nothing, id: a, then: s}, {id: s, steps: [{do: nothing, id: b}]}]",
        ),
        (
            "steps: [{do: nothing, id: a, then: e}], events: [{id: e, signal: s, steps: [{do: nothing, id: b}]}]",
            "steps: [{do: nothing, id: a}], events: [{id: e, signal: s, steps: [{do: nothing, id: b}]}]",
        ),
        (
            "steps: [{do: nothing, id: a, then: r}, {receive: m, id: r, starts: true}]",
            "steps: [{do: nothing, id: a, then: r}, {receive: m, id: r}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: u}, {do: nothing, id: u}]",
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u, then: end}]",
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u}]",
        ),
        (
            "steps: [{do: nothing, id: a, then: c}, {throw: T, link: x}, {catch: C, id: c, link: x, then: end}]",
            "steps: [{do: nothing, id: a, then: t}, {throw: T, id: t, link: x}, {catch: C, id: c, link: x, then: end}]",
        ),
        (
            "steps: [{throw: T, id: t, link: x, then: end}, {catch: C, id: c, link: x, then: end}]",
            "steps: [{throw: T, id: t, link: x}, {catch: C, id: c, link: x, then: end}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
            steps: [{do: nothing, id: a, then: b}, {id: s, steps: [{do: nothing, id: b}]}]
              line 1: a.flow1: the flow leads from a to b, and only one of them is in that sub-process; end the path inside, and lead on from the sub-process itself [flow-crosses-scope]
            steps: [{do: nothing, id: a, then: e}], events: [{id: e, signal: s, steps: [{do: nothing, id: b}]}]
              line 1: a.flow1: nothing leads to an event sub-process; its start event begins it [flow-into-event-sub-process]
            steps: [{do: nothing, id: a, then: r}, {receive: m, id: r, starts: true}]
              line 1: a.flow1: an instance begins here, so nothing leads here; take the flow or instantiate away [flow-into-start]
            steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: u}, {do: nothing, id: u}]
              line 1: a.flow1: nothing leads to an activity that undoes another; its association does [flow-into-compensation]
            steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u, then: end}]
              line 1: u.flow1: nothing leads on from an activity that undoes another; take the flow away [flow-from-compensation]
            steps: [{do: nothing, id: a, then: c}, {throw: T, link: x}, {catch: C, id: c, link: x, then: end}]
              line 1: a.flow1: only throwing links of its name lead to a catching link; take the flow away [flow-into-link]
              line 1: t: nothing leads here from the start; connect it or take it away [unreachable]
            steps: [{throw: T, id: t, link: x, then: end}, {catch: C, id: c, link: x, then: end}]
              line 1: t.flow1: a throwing link goes on at the catching link of its name; take the flow away [flow-from-link]
        "#]],
    );
}

#[test]
fn links_are_paired() {
    let cases = [
        (
            "steps: [{throw: T, id: t, link: x}]",
            "steps: [{throw: T, id: t, link: x}, {catch: C, id: c, link: x, then: end}]",
        ),
        (
            "steps: [{throw: T, id: t, link: Send}, {catch: C, id: c, link: Sent, then: end}]",
            "steps: [{throw: T, id: t, link: Sent}, {catch: C, id: c, link: Sent, then: end}]",
        ),
        (
            "steps: [{throw: T, id: t, link: x}, {catch: C, id: c, link: x, then: end}, {catch: D, id: d, link: x, then: end}]",
            "steps: [{parallel: [t, u]}, {throw: T, id: t, link: x}, {throw: U, id: u, link: x}, {catch: C, id: c, link: x, then: end}]",
        ),
        (
            "steps: [{throw: T, id: t, link: x}, {id: s, steps: [{catch: C, id: c, link: x, then: s.end}, {end: E, id: s.end}]}]",
            "steps: [{id: s, steps: [{throw: T, id: t, link: x}, {catch: C, id: c, link: x, then: s.end}, {end: E, id: s.end}]}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
            steps: [{throw: T, id: t, link: x}]
              line 1: t: no link event catches x in the same scope; add one [link-pair]
            steps: [{throw: T, id: t, link: Send}, {catch: C, id: c, link: Sent, then: end}]
              line 1: t: no link event catches Send in the same scope; add one; did you mean Sent? [link-pair]
              line 1: c: no link event throws Sent in the same scope; add one [link-pair]
            steps: [{throw: T, id: t, link: x}, {catch: C, id: c, link: x, then: end}, {catch: D, id: d, link: x, then: end}]
              line 1: d: the link x is caught by c already; give this one another name [link-pair]
            steps: [{throw: T, id: t, link: x}, {id: s, steps: [{catch: C, id: c, link: x, then: s.end}, {end: E, id: s.end}]}]
              line 1: t: no link event catches x in the same scope; add one [link-pair]
              line 1: c: no link event throws x in the same scope; add one [link-pair]
              line 1: s: nothing leads here from the start; connect it or take it away [unreachable]
        "#]],
    );
}

#[test]
fn event_definitions_stand_where_they_mean_something() {
    let cases = [
        (
            "steps: [{start: A, error: X}, {do: nothing}]",
            "steps: [{start: A, date: '2030-01-01T00:00:00Z'}, {do: nothing}]",
        ),
        ("steps: [{catch: A, error: X}]", "steps: [{catch: A, condition: x > 1}]"),
        ("steps: [{catch: A, escalation: X}]", "steps: [{throw: A, escalation: X}]"),
        ("steps: [{throw: A, error: X}]", "steps: [{end: A, error: X}]"),
        ("steps: [{throw: A, timer: PT1M}]", "steps: [{catch: A, timer: PT1M}]"),
        ("steps: [{throw: A, terminate: true}]", "steps: [{end: A, terminate: true}]"),
        (
            "steps: [{end: A, cancel: true}]",
            "steps: [{id: t, transaction: true, steps: [{end: A, cancel: true}], on: [{cancel: true, then: end}]}]",
        ),
        (
            "steps: [{id: t, transaction: true, steps: [{end: A, cancel: true}], on: [{error: any, then: end}]}]",
            "steps: [{id: t, transaction: true, steps: [{end: A, cancel: true}], on: [{cancel: true, then: end}]}]",
        ),
        (
            "steps: [{id: t, transaction: true, steps: [{id: s, steps: [{end: A, cancel: true}]}]}]",
            "steps: [{id: t, transaction: true, steps: [{id: s, steps: [{do: nothing}]}, {end: A, cancel: true}], on: [{cancel: true, then: end}]}]",
        ),
        (
            "steps: [{id: t, steps: [{do: nothing}], on: [{cancel: true, then: end}]}]",
            "steps: [{id: t, transaction: true, steps: [{do: nothing}], on: [{cancel: true, then: end}]}]",
        ),
        (
            "steps: [{id: t, transaction: true, steps: [{do: nothing}], on: [{cancel: true, interrupting: false, then: end}]}]",
            "steps: [{id: t, transaction: true, steps: [{do: nothing}], on: [{signal: s, interrupting: false, then: end}]}]",
        ),
        (
            "steps: [{end: A, error: X}], events: [{error: X, interrupting: false, steps: [{do: nothing}]}]",
            "steps: [{end: A, error: X}], events: [{error: X, steps: [{do: nothing}]}]",
        ),
        (
            "steps: [{do: nothing}], events: [{compensate: true, steps: [{do: nothing, id: a}]}]",
            "steps: [{id: s, steps: [{do: nothing}], events: [{compensate: true, steps: [{do: nothing, id: a}]}]}]",
        ),
        (
            "steps: [{id: s, steps: [{do: nothing}], events: [{compensate: true, interrupting: false, steps: [{do: nothing, id: a}]}]}]",
            "steps: [{id: s, steps: [{do: nothing}], events: [{condition: x, interrupting: false, steps: [{do: nothing, id: a}]}]}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{link: x, then: end}]}]",
            "steps: [{do: nothing, id: a, on: [{condition: x, then: end}]}]",
        ),
        (
            "steps: [{catch: A, any: [{message: m}, {link: x}]}]",
            "steps: [{catch: A, any: [{message: m}, {signal: x}, {timer: PT1H}]}]",
        ),
        (
            "steps: [{id: s, steps: [{end: E, error: X}], on: [{all: [{message: m}, {error: X}], then: end}]}]",
            "steps: [{id: s, steps: [{end: E, error: X}], on: [{any: [{message: m}, {error: X}], then: end}]}]",
        ),
        (
            "steps: [{end: E, all: [{terminate: true}, {escalation: e}]}]",
            "steps: [{end: E, all: [{escalation: e}, {terminate: true}, {message: m}]}]",
        ),
        ("steps: [{catch: A, message: ' '}]", "steps: [{catch: A, message: m}]"),
        ("steps: [{throw: A, signal: ''}]", "steps: [{throw: A, signal: '${s}'}]"),
        (
            "steps: [{catch: A, signal: s, out: {a.b: 1}}]",
            "steps: [{catch: A, signal: s, out: {a_b: 1}}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
            steps: [{start: A, error: X}, {do: nothing}]
              line 1: a: an error cannot stand at the start of a process; end events throw it, boundary events and event sub-processes catch it [event-place]
            steps: [{catch: A, error: X}]
              line 1: a: an error cannot stand at an intermediate catching event; end events throw it, boundary events and event sub-processes catch it [event-place]
            steps: [{catch: A, escalation: X}]
              line 1: a: an escalation cannot stand at an intermediate catching event; throwing and end events throw it, boundary events and event sub-processes catch it [event-place]
            steps: [{throw: A, error: X}]
              line 1: a: an error cannot stand at an intermediate throwing event; end events throw it, boundary events and event sub-processes catch it [event-place]
            steps: [{throw: A, timer: PT1M}]
              line 1: a: a timer cannot stand at an intermediate throwing event; await it with a catching event [event-place]
            steps: [{throw: A, terminate: true}]
              line 1: a: terminate cannot stand at an intermediate throwing event; make it an end event [event-place]
            steps: [{end: A, cancel: true}]
              line 1: a: only a transaction is cancelled; put the event into one, not into another sub-process of it [cancel-place]
            steps: [{id: t, transaction: true, steps: [{end: A, cancel: true}], on: [{error: any, then: end}]}]
              line 1: a: nothing says how to go on when the transaction is cancelled; put a boundary event with cancel on it [cancel-uncaught]
            steps: [{id: t, transaction: true, steps: [{id: s, steps: [{end: A, cancel: true}]}]}]
              line 1: a: only a transaction is cancelled; put the event into one, not into another sub-process of it [cancel-place]
            steps: [{id: t, steps: [{do: nothing}], on: [{cancel: true, then: end}]}]
              line 1: t.cancel: only a transaction is cancelled; put the event on one [cancel-place]
            steps: [{id: t, transaction: true, steps: [{do: nothing}], on: [{cancel: true, interrupting: false, then: end}]}]
              line 1: t.cancel: what is cancelled does not go on; let the event interrupt [cancel-interrupts]
            steps: [{end: A, error: X}], events: [{error: X, interrupting: false, steps: [{do: nothing}]}]
              line 1: event-1.start: an error always leaves the scope around; let the event interrupt [error-interrupts]
            steps: [{do: nothing}], events: [{compensate: true, steps: [{do: nothing, id: a}]}]
              line 1: event-1.start: a process as a whole is never undone; put the event sub-process into a sub-process [compensation-place]
            steps: [{id: s, steps: [{do: nothing}], events: [{compensate: true, interrupting: false, steps: [{do: nothing, id: a}]}]}]
              line 1: s.event-1.start: undoing has nothing to go on beside; let the event interrupt [compensation-interrupts]
            steps: [{do: nothing, id: a, on: [{link: x, then: end}]}]
              line 1: a.link: a link cannot stand at a boundary event; a throwing event goes on at a catching event by it [event-place]
            steps: [{catch: A, any: [{message: m}, {link: x}]}]
              line 1: a: a link does not go together with others; give it its own event [multiple-event]
            steps: [{id: s, steps: [{end: E, error: X}], on: [{all: [{message: m}, {error: X}], then: end}]}]
              line 1: s.events: an error does not go together with others; give it its own event [multiple-event]
            steps: [{end: E, all: [{terminate: true}, {escalation: e}]}]
              line 1: e: nothing of the event happens after this; put an escalation before it [multiple-event]
            steps: [{catch: A, message: ' '}]
              line 1: a: the message has no name; give it one [missing-name]
            steps: [{throw: A, signal: ''}]
              line 1: a: the signal has no name; give it one [missing-name]
            steps: [{catch: A, signal: s, out: {a.b: 1}}]
              line 1: a: "a.b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        "#]],
    );
}

#[test]
fn boundary_events_fit_their_activities() {
    let cases = [
        (
            "steps: [{do: nothing, id: a, on: [{signal: s, then: []}]}]",
            "steps: [{do: nothing, id: a, on: [{signal: s, then: end}]}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{signal: s, then: end}, {signal: s, then: end}]}]",
            "steps: [{do: nothing, id: a, on: [{signal: s, then: end}, {signal: t, then: end}]}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{message: m, key: \"${k}\", then: end}, {message: m, key: \"${k}\", then: end}]}]",
            "steps: [{do: nothing, id: a, on: [{message: m, key: \"${k}\", then: end}, {message: m, key: \"${l}\", then: end}]}]",
        ),
        (
            "steps: [{call: c, id: a, on: [{error: any, then: end}, {error: any, then: end}]}]",
            "steps: [{call: c, id: a, on: [{error: any, then: end}, {error: X, then: end}]}]",
        ),
        (
            "steps: [{call: c, id: a, on: [{escalation: E, then: end}, {escalation: E, interrupting: false, then: end}]}]",
            "steps: [{call: c, id: a, on: [{escalation: E, then: end}, {escalation: any, interrupting: false, then: end}]}]",
        ),
        (
            "steps: [{do: nothing}], events: [{signal: s, steps: [{do: nothing, id: a}]}, {signal: s, steps: [{do: nothing, id: b}]}]",
            "steps: [{do: nothing}], events: [{signal: s, steps: [{do: nothing, id: a}]}, {signal: t, steps: [{do: nothing, id: b}]}]",
        ),
        (
            "steps: [{start: A, message: m, then: r}, {receive: m, id: q, starts: true, then: r}, {do: nothing, id: r}]",
            "steps: [{start: A, message: m, then: r}, {receive: n, id: q, starts: true, then: r}, {do: nothing, id: r}]",
        ),
        (
            "steps: [{catch: A, any: [{message: m}, {message: m}]}]",
            "steps: [{catch: A, any: [{message: m}, {message: n}]}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
        steps: [{do: nothing, id: a, on: [{signal: s, then: []}]}]
          line 1: a.s: nothing follows this boundary event; lead it somewhere [boundary-flow]
        steps: [{do: nothing, id: a, on: [{signal: s, then: end}, {signal: s, then: end}]}]
          line 1: a.s2: a.s awaits the signal s already; take one of the two away [duplicate-catch]
        steps: [{do: nothing, id: a, on: [{message: m, key: "${k}", then: end}, {message: m, key: "${k}", then: end}]}]
          line 1: a.m2: a.m awaits the message m already; take one of the two away [duplicate-catch]
        steps: [{call: c, id: a, on: [{error: any, then: end}, {error: any, then: end}]}]
          line 1: a.any2: a.any awaits all errors already; take one of the two away [duplicate-catch]
        steps: [{call: c, id: a, on: [{escalation: E, then: end}, {escalation: E, interrupting: false, then: end}]}]
          line 1: a.E2: a.E awaits the escalation E already; take one of the two away [duplicate-catch]
        steps: [{do: nothing}], events: [{signal: s, steps: [{do: nothing, id: a}]}, {signal: s, steps: [{do: nothing, id: b}]}]
          line 1: event-2.start: event-1.start awaits the signal s already; take one of the two away [duplicate-catch]
        steps: [{start: A, message: m, then: r}, {receive: m, id: q, starts: true, then: r}, {do: nothing, id: r}]
          line 1: q: a awaits the message m already; take one of the two away [duplicate-catch]
        steps: [{catch: A, any: [{message: m}, {message: m}]}]
          line 1: a: the event awaits the message m twice; take one away [duplicate-catch]
    "#]],
    );
}

#[test]
fn errors_and_escalations_are_caught_where_they_can_come() {
    let cases = [
        (
            "steps: [{do: nothing, id: a, on: [{error: X, then: end}]}]",
            "steps: [{call: c, id: a, on: [{error: X, then: end}]}]",
        ),
        (
            "steps: [{id: s, steps: [{end: E, error: Full}], on: [{error: Fell, then: end}]}]",
            "steps: [{id: s, steps: [{end: E, error: Full}], on: [{error: Full, then: end}]}]",
        ),
        (
            "steps: [{id: s, steps: [{id: t, steps: [{end: E, error: X}], on: [{error: X, then: s.end}]}, {end: E, id: s.end}], on: [{error: X, then: end}]}]",
            "steps: [{id: s, steps: [{id: t, steps: [{end: E, error: X}], on: [{error: X, then: s.bad}]}, {end: E, id: s.bad, error: X}], on: [{error: X, then: end}]}]",
        ),
        (
            "steps: [{id: s, steps: [{end: E, error: X}], events: [{error: any, steps: [{do: nothing}]}], on: [{error: X, then: end}]}]",
            "steps: [{id: s, steps: [{end: E, error: X}], events: [{error: any, steps: [{end: F, error: X}]}], on: [{error: X, then: end}]}]",
        ),
        (
            "steps: [{end: E, error: X}], events: [{error: Y, steps: [{do: nothing}]}]",
            "steps: [{end: E, error: X}], events: [{error: X, steps: [{do: nothing}]}]",
        ),
        (
            "steps: [{id: s, steps: [{activity: addUser, with: {storeName: a}}], on: [{error: Gone, then: end}]}]",
            "steps: [{id: s, steps: [{activity: addUser, with: {storeName: a}}], on: [{error: ExtIdNotUnique, then: end}]}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{escalation: X, then: end}]}]",
            "steps: [{id: s, steps: [{throw: E, escalation: X}], on: [{escalation: X, then: end}]}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
        steps: [{do: nothing, id: a, on: [{error: X, then: end}]}]
          line 1: a.X: a raises no errors; take the event away [unknown-error]
        steps: [{id: s, steps: [{end: E, error: Full}], on: [{error: Fell, then: end}]}]
          line 1: s.Fell: what is in s raises Full, but never Fell; did you mean Full? [unknown-error]
        steps: [{id: s, steps: [{id: t, steps: [{end: E, error: X}], on: [{error: X, then: s.end}]}, {end: E, id: s.end}], on: [{error: X, then: end}]}]
          line 1: s.X: what is in s raises no errors; take the event away [unknown-error]
        steps: [{id: s, steps: [{end: E, error: X}], events: [{error: any, steps: [{do: nothing}]}], on: [{error: X, then: end}]}]
          line 1: s.X: what is in s raises no errors; take the event away [unknown-error]
        steps: [{end: E, error: X}], events: [{error: Y, steps: [{do: nothing}]}]
          line 1: event-1.start: the scope around raises X, but never Y; did you mean X? [unknown-error]
        steps: [{id: s, steps: [{activity: addUser, with: {storeName: a}}], on: [{error: Gone, then: end}]}]
          line 1: s.Gone: what is in s raises ExtIdNotUnique, FailedToAddUser, but never Gone [unknown-error]
        steps: [{do: nothing, id: a, on: [{escalation: X, then: end}]}]
          line 1: a.X: a raises no escalations; take the event away [unknown-escalation]
    "#]],
    );
}

#[test]
fn compensation_knows_what_undoes() {
    let cases = [
        (
            "steps: [{do: nothing, id: a}, {do: nothing, id: u, undoes: true}]",
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u, undoes: true}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: end}]}]",
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: s}, {id: s, steps: [{do: nothing, id: b}, {do: nothing, id: u}]}]",
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: s}, {do: nothing, id: u}, {id: s, steps: [{do: nothing, id: b}]}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}, {compensate: true, then: u}], then: end}, {do: nothing, id: u}]",
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u}]",
        ),
        (
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u, on: [{signal: s, then: end}]}]",
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}, {signal: s, then: end}], then: end}, {do: nothing, id: u}]",
        ),
        (
            "steps: [{do: nothing, id: a}, {throw: T, compensate: a}]",
            "steps: [{do: nothing, id: a, on: [{compensate: true, then: u}]}, {throw: T, compensate: a}, {end: E, id: end}, {do: nothing, id: u}]",
        ),
        (
            "steps: [{do: nothing, id: a}, {throw: T, compensate: aa}]",
            "steps: [{do: nothing, id: a}, {throw: T, compensate: true}]",
        ),
        (
            "steps: [{parallel: [b, t], id: a}, {do: nothing, id: b}, {throw: T, id: t, compensate: a}]",
            "steps: [{parallel: [b, t], id: a}, {do: nothing, id: b}, {throw: T, id: t, compensate: true}]",
        ),
        (
            "steps: [{id: s, steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: s.end}, {do: nothing, id: u}, {end: E, id: s.end}]}, {throw: T, compensate: a}]",
            "steps: [{id: s, steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: s.end}, {do: nothing, id: u}, {end: E, id: s.end}]}, {throw: T, compensate: s}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
            steps: [{do: nothing, id: a}, {do: nothing, id: u, undoes: true}]
              line 1: u: nothing is undone by this activity; join a compensation boundary event to it by an association [compensation-activity]
            steps: [{do: nothing, id: a, on: [{compensate: true, then: end}]}]
              line 1: a.compensate: end is no activity; join the event to the one that undoes [compensation-association]
            steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: s}, {id: s, steps: [{do: nothing, id: b}, {do: nothing, id: u}]}]
              line 1: a.compensate: u is not there to undo; mark it as being for compensation [compensation-association]
            steps: [{do: nothing, id: a, on: [{compensate: true, then: u}, {compensate: true, then: u}], then: end}, {do: nothing, id: u}]
              line 1: a.compensate2: a.compensate awaits compensation already; take one of the two away [duplicate-catch]
            steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: end}, {do: nothing, id: u, on: [{signal: s, then: end}]}]
              line 1: u.s: an activity that undoes another has no boundary events; take this one away [compensation-activity]
            steps: [{do: nothing, id: a}, {throw: T, compensate: a}]
              line 1: t: nothing undoes a; put a compensation boundary event on it [compensation-target]
            steps: [{do: nothing, id: a}, {throw: T, compensate: aa}]
              line 1: t: there is no activity aa to undo; did you mean a? [compensation-target]
            steps: [{parallel: [b, t], id: a}, {do: nothing, id: b}, {throw: T, id: t, compensate: a}]
              line 1: t: a is no activity; name one, or none to undo all of the scope [compensation-target]
            steps: [{id: s, steps: [{do: nothing, id: a, on: [{compensate: true, then: u}], then: s.end}, {do: nothing, id: u}, {end: E, id: s.end}]}, {throw: T, compensate: a}]
              line 1: t: a is in another scope; throw compensation from within that scope [compensation-target]
        "#]],
    );
}

#[test]
fn gateways_know_their_ways() {
    let cases = [
        ("steps: [{await: [{signal: s}]}]", "steps: [{await: [{signal: s}, {timer: PT1M}]}]"),
        (
            "steps: [{await: [a, b]}, {do: nothing, id: a}, {receive: m, id: b}]",
            "steps: [{await: [a, b]}, {receive: n, id: a, then: end}, {receive: m, id: b}]",
        ),
        (
            "steps: [{await: [a, b]}, {receive: n, id: a, on: [{signal: s, then: end}], then: end}, {receive: m, id: b}]",
            "steps: [{await: [a, b]}, {receive: n, id: a, then: end}, {receive: m, id: b, with: {}}]",
        ),
        (
            "steps: [{await: [a, {message: m}]}, {receive: n, id: a, then: end}]",
            "steps: [{await: [a, {signal: m}]}, {receive: n, id: a, then: end}]",
        ),
        (
            "steps: [{await: [a, {signal: m, then: a}]}, {receive: n, id: a, then: end}]",
            "steps: [{await: [a, {signal: m, then: end}]}, {receive: n, id: a, then: end}]",
        ),
        (
            "steps: [{await: [{all: [{signal: m}, {message: m}], then: end}, {timer: PT1M, then: end}]}]",
            "steps: [{await: [{any: [{signal: m}, {message: m}], then: end}, {timer: PT1M, then: end}]}]",
        ),
        (
            "steps: [{await: [{message: m, then: end}, {timer: PT1M, then: end}], starts: all}]",
            "steps: [{await: [{message: m, then: end}, {message: n, then: end}], starts: all}]",
        ),
        (
            "steps: [{await: [{message: m, then: end}, {message: m, then: end}]}]",
            "steps: [{await: [{message: m, then: end}, {message: m, key: a, then: end}]}]",
        ),
        (
            "steps: [{parallel: [a, b]}, {do: nothing, id: a, then: c}, {do: nothing, id: b}, {complex: [end], id: c}]",
            "steps: [{parallel: [a, b]}, {do: nothing, id: a, then: c}, {do: nothing, id: b}, {complex: [end], id: c, when: activationCount > 1}]",
        ),
        (
            "steps: [{include: [{when: x, then: a}]}, {do: nothing, id: a}]",
            "steps: [{include: [{when: x, then: a}, {otherwise: end}]}, {do: nothing, id: a}]",
        ),
        (
            "steps: [{do: nothing, id: a, then: [{when: x, to: b}, {otherwise: c}]}, {do: nothing, id: b}]",
            "steps: [{do: nothing, id: a, then: [{when: x, to: b}, {otherwise: end}]}, {do: nothing, id: b}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
            steps: [{await: [{signal: s}]}]
              line 1: step-1: an event gateway waits for one of several events; lead it to at least two [event-gateway-flows]
            steps: [{await: [a, b]}, {do: nothing, id: a}, {receive: m, id: b}]
              line 1: step-1.flow1: an event gateway leads to catching events and receive tasks, not to a; put one before it [event-gateway-target]
            steps: [{await: [a, b]}, {receive: n, id: a, on: [{signal: s, then: end}], then: end}, {receive: m, id: b}]
              line 1: step-1.flow1: a has boundary events, and a receive task after an event gateway has none; take them away [event-gateway-target]
            steps: [{await: [a, {message: m}]}, {receive: n, id: a, then: end}]
              line 1: step-1.flow1: an event gateway leads either to message events or to receive tasks; make this a catching event [event-gateway-target]
            steps: [{await: [a, {signal: m, then: a}]}, {receive: n, id: a, then: end}]
              line 1: step-1.flow1: other flows lead to a too; only that of the event gateway may [event-gateway-target]
            steps: [{await: [{all: [{signal: m}, {message: m}], then: end}, {timer: PT1M, then: end}]}]
              line 1: step-1.flow1: step-1.events awaits several events together; an event gateway awaits one of them [event-gateway-target]
            steps: [{await: [{message: m, then: end}, {timer: PT1M, then: end}], starts: all}]
              line 1: step-1.flow2: all of these events must come to one instance, and only messages find it; step-1.timer awaits something else [event-gateway-target]
            steps: [{await: [{message: m, then: end}, {message: m, then: end}]}]
              line 1: step-1.m2: step-1.m awaits the message m already; take one of the two away [duplicate-catch]
            steps: [{parallel: [a, b]}, {do: nothing, id: a, then: c}, {do: nothing, id: b}, {complex: [end], id: c}]
              line 1: c: several flows come together here; say with an activation condition when enough paths have come [activation-condition]
            steps: [{include: [{when: x, then: a}]}, {do: nothing, id: a}]
              line 1: step-1.flow1: the only flow of a gateway has a condition; take it away or add another flow [lone-condition]
            steps: [{do: nothing, id: a, then: [{when: x, to: b}, {otherwise: c}]}, {do: nothing, id: b}]
              line 1: a.flow2: the flow leads to c, which does not exist; did you mean a? [dangling-reference]
        "#]],
    );
}

#[test]
fn activities_say_what_they_need() {
    let cases = [
        ("steps: [{script: '', id: a}]", "steps: [{script: 1 + 1, id: a}]"),
        ("steps: [{script: 1, result: a b}]", "steps: [{script: 1, result: a_b}]"),
        ("steps: [{decide: ' ', id: a}]", "steps: [{decide: \"${d}\", id: a}]"),
        ("steps: [{call: '', id: a}]", "steps: [{call: c, id: a}]"),
        ("steps: [{call: c, version: 0}]", "steps: [{call: c, version: 1}]"),
        ("steps: [{call: c, tag: ''}]", "steps: [{call: c, tag: t}]"),
        ("steps: [{call: c, give: {a-b: 1}}]", "steps: [{call: c, give: {ab: 1}}]"),
        ("steps: [{send: '', id: a}]", "steps: [{send: m, id: a}]"),
        (
            "steps: [{receive: m, starts: true, each: {times: 2}}]",
            "steps: [{receive: m, each: {times: 2}}]",
        ),
        (
            "steps: [{do: nothing, id: a, loop: {before: true}}]",
            "steps: [{do: nothing, id: a, loop: {most: 3}}]",
        ),
        (
            "steps: [{do: nothing, id: a, loop: {most: 0}}]",
            "steps: [{do: nothing, id: a, loop: {most: 1}}]",
        ),
        (
            "steps: [{do: nothing, id: a, each: {sequential: true}}]",
            "steps: [{do: nothing, id: a, each: {in: users, sequential: true}}]",
        ),
        (
            "steps: [{do: nothing, id: a, each: {times: 2, in: users}}]",
            "steps: [{do: nothing, id: a, each: {times: 2}}]",
        ),
        (
            "steps: [{do: nothing, id: a, each: {times: 2, as: user}}]",
            "steps: [{do: nothing, id: a, each: {in: users, as: user}}]",
        ),
        (
            "steps: [{do: nothing, id: a, each: {times: -1}}]",
            "steps: [{do: nothing, id: a, each: {times: 0}}]",
        ),
        (
            "steps: [{do: nothing, id: a, each: {in: \"'users'\"}}]",
            "steps: [{do: nothing, id: a, each: {in: \"a.users\"}}]",
        ),
        (
            "steps: [{do: nothing, id: a, each: {in: users, as: 1st}}]",
            "steps: [{do: nothing, id: a, each: {in: users, as: first}}]",
        ),
        (
            "steps: [{do: nothing, id: a, each: {in: users, collect: {into: a b, value: 1}}}]",
            "steps: [{do: nothing, id: a, each: {in: users, collect: {into: ab, value: 1}}}]",
        ),
        ("steps: [{do: nothing, id: a, needs: 0}]", "steps: [{do: nothing, id: a, needs: 1}]"),
        (
            "steps: [{do: nothing, id: a, makes: 1001}]",
            "steps: [{do: nothing, id: a, makes: 1000}]",
        ),
        (
            "variables: {a.b: 1}, steps: [{do: nothing}]",
            "variables: {ab: 1}, steps: [{do: nothing}]",
        ),
        ("steps: [{send: m, with: {a b: 1}}]", "steps: [{send: m, with: {ab: 1}}]"),
    ];
    check(
        &cases,
        expect![[r#"
        steps: [{script: '', id: a}]
          line 1: a: in script: the expression is empty (at character 3) [invalid-expression]
        steps: [{script: 1, result: a b}]
          line 1: step-1: "a b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        steps: [{decide: ' ', id: a}]
          line 1: a: the task does not say which decision it takes; name one [missing-decision]
        steps: [{call: '', id: a}]
          line 1: a: the call names no process; name one [missing-process]
        steps: [{call: c, version: 0}]
          line 1: c: a version is a whole number from 1; write one [wrong-version]
        steps: [{call: c, tag: ''}]
          line 1: c: the version tag is empty; write one [wrong-version]
        steps: [{call: c, give: {a-b: 1}}]
          line 1: c: "a-b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        steps: [{send: '', id: a}]
          line 1: a: the message has no name; give it one [missing-name]
        steps: [{receive: m, starts: true, each: {times: 2}}]
          line 1: m: an instance begins with one message; take the loop or quantity away [repeat-place]
        steps: [{do: nothing, id: a, loop: {before: true}}]
          line 1: a: the loop would never end; give it a condition or a maximum [endless-loop]
        steps: [{do: nothing, id: a, loop: {most: 0}}]
          line 1: a: the most turns of a loop are a whole number from 1 [wrong-number]
        steps: [{do: nothing, id: a, each: {sequential: true}}]
          line 1: a: each says with in for which list, or with times how often [missing-key]
        steps: [{do: nothing, id: a, each: {times: 2, in: users}}]
          line 1: a: a number and a list both say how many instances there are; take one of them away [missing-items]
        steps: [{do: nothing, id: a, each: {times: 2, as: user}}]
          line 1: a: an instance gets an item of a list, and there is none; give the list, or take the element variable away [missing-items]
        steps: [{do: nothing, id: a, each: {times: -1}}]
          line 1: a: how many instances there are is a whole number [wrong-number]
        steps: [{do: nothing, id: a, each: {in: "'users'"}}]
          line 1: a: what the instances are made of is a list; write an expression for one [wrong-type]
        steps: [{do: nothing, id: a, each: {in: users, as: 1st}}]
          line 1: a: "1st" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        steps: [{do: nothing, id: a, each: {in: users, collect: {into: a b, value: 1}}}]
          line 1: a: "a b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        steps: [{do: nothing, id: a, needs: 0}]
          line 1: a: how many paths it takes to begin is a number from 1 to 1000 [wrong-quantity]
        steps: [{do: nothing, id: a, makes: 1001}]
          line 1: a: how many paths leave when it ends is a number from 1 to 1000 [wrong-quantity]
        variables: {a.b: 1}, steps: [{do: nothing}]
          line 1: p: "a.b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        steps: [{send: m, with: {a b: 1}}]
          line 1: m: "a b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
    "#]],
    );
}

#[test]
fn every_node_is_reached_and_gets_to_an_end() {
    let cases = [
        (
            "steps: [{do: nothing, id: a, then: end}, {do: nothing, id: b}, {do: nothing, id: c}]",
            "steps: [{do: nothing, id: a}, {do: nothing, id: b}, {do: nothing, id: c}]",
        ),
        (
            "steps: [{do: nothing, id: a, then: end}, {do: nothing, id: b}, {do: nothing, id: c, then: b}]",
            "steps: [{do: nothing, id: d, on: [{compensate: true, then: s}]}, {id: s, steps: [{do: nothing, id: b}], undoes: true}]",
        ),
        (
            "steps: [{do: nothing, id: a}, {do: nothing, id: b, then: a}]",
            "steps: [{do: nothing, id: a}, {do: nothing, id: b, then: a}], events: [{signal: s, steps: [{do: nothing, id: c}]}]",
        ),
        (
            "steps: [{do: nothing, id: a}, {do: nothing, id: b, then: a}], events: [{signal: s, interrupting: false, steps: [{do: nothing, id: c}]}]",
            "steps: [{do: nothing, id: a, on: [{signal: s, then: end}]}, {do: nothing, id: b, then: a}]",
        ),
        (
            "steps: [{parallel: [a, c]}, {do: nothing, id: a}, {do: nothing, id: b, then: a}, {end: E, id: c}]",
            "steps: [{parallel: [a, c]}, {do: nothing, id: a}, {do: nothing, id: b, then: a}, {end: E, id: c, terminate: true}]",
        ),
        (
            "steps: [{id: s, steps: [{do: nothing, id: a, then: a}]}]",
            "steps: [{id: s, steps: [{do: nothing, id: a, then: a}], on: [{timer: PT1H, then: end}]}]",
        ),
        (
            "steps: [{parallel: [a, b]}, {do: nothing, id: a, then: []}, {do: nothing, id: b}]",
            "steps: [{parallel: [a, b]}, {do: nothing, id: a, then: []}, {do: nothing, id: b, then: []}]",
        ),
        (
            "steps: [{catch: A, signal: s, then: []}, {end: E}]",
            "steps: [{catch: A, signal: s, then: []}]",
        ),
    ];
    check(
        &cases,
        expect![[r#"
            steps: [{do: nothing, id: a, then: end}, {do: nothing, id: b}, {do: nothing, id: c}]
              line 1: b: nothing leads here from the start; connect it or take it away [unreachable]
            steps: [{do: nothing, id: a, then: end}, {do: nothing, id: b}, {do: nothing, id: c, then: b}]
              line 1: b: nothing leads here from the start; connect it or take it away [unreachable]
              line 1: b: no end event can be reached from here; lead it to one [no-way-to-end]
            steps: [{do: nothing, id: a}, {do: nothing, id: b, then: a}]
              line 1: a: no end event can be reached from here; lead it to one [no-way-to-end]
            steps: [{do: nothing, id: a}, {do: nothing, id: b, then: a}], events: [{signal: s, interrupting: false, steps: [{do: nothing, id: c}]}]
              line 1: a: no end event can be reached from here; lead it to one [no-way-to-end]
            steps: [{parallel: [a, c]}, {do: nothing, id: a}, {do: nothing, id: b, then: a}, {end: E, id: c}]
              line 1: a: no end event can be reached from here; lead it to one [no-way-to-end]
            steps: [{id: s, steps: [{do: nothing, id: a, then: a}]}]
              line 1: a: no end event can be reached from here; lead it to one [no-way-to-end]
            steps: [{parallel: [a, b]}, {do: nothing, id: a, then: []}, {do: nothing, id: b}]
              line 1: a: no end event can be reached from here; lead it to one [no-way-to-end]
            steps: [{catch: A, signal: s, then: []}, {end: E}]
              line 1: e: nothing leads here from the start; connect it or take it away [unreachable]
              line 1: a: no end event can be reached from here; lead it to one [no-way-to-end]
        "#]],
    );
}
