//! Waits that no time ends: what is a limit, and what only looks like one.

use crate::{catalog, process};
use definitions::{Format, prove};

/// The elements that are said to wait for ever.
fn waiting(text: &str) -> Vec<String> {
    let proof = prove(&process(Format::Yaml, &format!("name: p\n{text}")), &catalog::catalog());
    let findings = proof.findings.into_iter().filter(|finding| finding.rule == "waits-for-ever");
    findings.filter_map(|finding| finding.element).collect()
}

/// What is a limit of the wait at `w`, by an example each.
const LIMITS: &[(&str, &str)] = &[
    ("a timer on it", "steps:\n  - { receive: m, id: w, on: [{ timer: PT1H, then: end }] }\n"),
    (
        "any of several on it, among which is a timer",
        "steps:\n  - { receive: m, id: w, on: [{ any: [{ message: n }, { timer: PT1H }], then: end }] }\n",
    ),
    (
        "a timer that starts an event sub-process beside it",
        "steps:\n  - { receive: m, id: w }\nevents:\n  - { timer: PT1H, steps: [{ do: nothing }] }\n",
    ),
    (
        "a timer on a sub-process around the event sub-process that it is in",
        "steps:
  - id: s
    steps: [{ do: nothing, id: x }]
    events: [{ message: n, steps: [{ receive: m, id: w }] }]
    on: [{ timer: PT1H, then: end }]
",
    ),
    (
        "a timer beside it that ends all",
        "steps:
  - { parallel: [w, t], id: p }
  - { receive: m, id: w, then: end }
  - { catch: T, id: t, timer: PT1H, then: c }
  - { choose: [{ when: a, then: again }, { otherwise: e }], id: c }
  - { do: nothing, id: again, then: t }
  - { end: E, id: e, terminate: true }
",
    ),
    (
        "a reminder that ends with an escalation which interrupts what is around",
        "steps:
  - id: s
    steps:
      - { receive: m, id: w, on: [{ timer: PT1H, interrupting: false, then: up }] }
      - { end: done }
      - { end: Up, id: up, escalation: Late }
    on: [{ escalation: Late, then: end }]
",
    ),
    (
        "a reminder that sends the signal that is awaited",
        "steps:
  - { parallel: [w, t], id: p }
  - { catch: W, id: w, signal: go, then: end }
  - { catch: T, id: t, timer: PT1H, then: s }
  - { end: S, id: s, signal: go }
",
    ),
    (
        "a non-interrupting event sub-process that ends with an error",
        "steps:
  - id: s
    steps: [{ receive: m, id: w }]
    events: [{ timer: PT1H, interrupting: false, steps: [{ end: Late, error: Late }] }]
    on: [{ error: Late, then: end }]
",
    ),
];

/// What is none.
const NO_LIMITS: &[(&str, &str)] = &[
    (
        "the timer that has started the event sub-process it is in",
        "steps:\n  - { do: nothing, id: x }\nevents:\n  - { timer: PT1H, steps: [{ receive: m, id: w }] }\n",
    ),
    (
        "a timer beside an event sub-process that has ended it",
        "steps:
  - { do: nothing, id: x }
events:
  - { message: n, steps: [{ receive: m, id: w }] }
  - { timer: PT1H, steps: [{ do: nothing, id: y }] }
",
    ),
    (
        "a timer on it together with a message",
        "steps:\n  - { receive: m, id: w, on: [{ all: [{ timer: PT1H }, { message: n }], then: end }] }\n",
    ),
    (
        "a timer on the other branch of a choice",
        "steps:
  - { choose: [{ when: a, then: w }, { otherwise: t }], id: c }
  - { receive: m, id: w, then: end }
  - { catch: T, id: t, timer: PT1H, then: e }
  - { end: E, id: e, terminate: true }
",
    ),
    (
        "a timer before it",
        "steps:
  - { catch: T, id: t, timer: PT1H, then: c }
  - { choose: [{ when: a, then: e }, { otherwise: w }], id: c }
  - { end: E, id: e, terminate: true }
  - { receive: m, id: w, then: end }
",
    ),
    (
        "a reminder that ends with a signal that nobody awaits",
        "steps:
  - { receive: m, id: w, on: [{ timer: PT1H, interrupting: false, then: s }], then: end }
  - { end: S, id: s, signal: late }
",
    ),
    (
        "a reminder that ends with an escalation that nothing interrupts for",
        "steps:
  - id: s
    steps:
      - { receive: m, id: w, on: [{ timer: PT1H, interrupting: false, then: up }] }
      - { end: done }
      - { end: Up, id: up, escalation: Late }
    on: [{ escalation: Late, interrupting: false, then: end }]
",
    ),
    (
        "a reminder that may come to an end of all",
        "steps:
  - { receive: m, id: w, on: [{ timer: PT1H, interrupting: false, then: c }], then: end }
  - { choose: [{ when: a, then: e }, { otherwise: end }], id: c }
  - { end: E, id: e, terminate: true }
",
    ),
    (
        "a timer beside it whose path joins it",
        "steps:
  - { parallel: [w, t], id: p }
  - { receive: m, id: w, then: j }
  - { catch: T, id: t, timer: PT1H, then: j }
  - { parallel: e, id: j }
  - { end: E, id: e, terminate: true }
",
    ),
    (
        "an end of all in an event sub-process, which ends that alone",
        "steps:
  - { receive: m, id: w }
events:
  - { timer: PT1H, interrupting: false, steps: [{ end: Late, terminate: true }] }
",
    ),
];

#[test]
fn a_wait_is_limited_by_what_surely_ends_it() {
    for (what, text) in LIMITS {
        assert_eq!(waiting(text), [""; 0], "{what}:\n{text}");
    }
}

#[test]
fn a_wait_is_not_limited_by_what_may_leave_it_waiting() {
    for (what, text) in NO_LIMITS {
        assert_eq!(waiting(text), ["w"], "{what}:\n{text}");
    }
}
