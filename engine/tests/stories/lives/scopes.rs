//! The lives of sub-processes of all kinds.

use super::Life;

pub(super) const ALL: &[Life] = &[
    Life {
        of: "embedded sub-process",
        steps: r#"
  - id: it
    with: { own: "${n}" }
    steps:
      - { id: split, parallel: [one, two] }
      - { id: one, activity: ask, then: end }
      - { id: two, activity: ask, then: end }
    out: { m: "${own + k}" }
    on: [{ error: Lost, then: end }, { timer: PT1H, then: end }]"#,
        course: "start n=1 k=1; done two; done one",
        error: "start; set !n=1; retry it; done two; error one Lost",
        shows: "errorRaised",
    },
    Life {
        of: "sub-process in a sub-process, each with a loop",
        steps: r#"
  - id: it
    loop: { while: loopCounter < 2 }
    steps:
      - id: inner
        each: { times: 2, sequential: true }
        steps: [{ id: ask, activity: ask, on: [{ timer: PT1H, then: end }] }]
    on: [{ error: Lost, then: end }]"#,
        course: "start; done ask; done ask; done ask; done ask",
        error: "start; done ask; done ask; error ask Lost",
        shows: "errorRaised",
    },
    Life {
        of: "parallel multi-instance of sub-processes",
        steps: r#"
  - id: it
    each: { in: list, as: item, until: "nrOfCompletedInstances >= 2", collect: { into: all, value: "${own}" } }
    with: { own: "${item}" }
    steps: [{ id: one, activity: ask }, { id: two, receive: note }]
    on: [{ error: Lost, then: end }]"#,
        course: "start list=[1,2,3]; done one; deliver two; done one; done one; deliver two",
        error: "start; set !list=[1,2]; retry it; done one; error one Lost",
        shows: "errorRaised",
    },
    Life {
        of: "event sub-processes that interrupt, by a message and a timer",
        steps: r#"
  - { id: it, activity: ask }
events:
  - { message: stop, key: "${k}", id: stopped, steps: [{ id: tidy, activity: ask }] }
  - { timer: PT1H, id: late, steps: [{ id: tell, activity: ask }] }"#,
        course: "start k=1; deliver stopped.start; done tidy",
        error: "start; set !k=1; retry start; wait 3600; error tell Lost; resolve tell",
        shows: "incidentRaised",
    },
    Life {
        of: "event sub-processes that interrupt, by a signal and a condition",
        steps: r#"
  - { id: it, activity: ask }
events:
  - { signal: alarm, id: alarmed, with: { own: "${text}" }, steps: [{ id: flee, activity: ask }] }
  - { condition: n > 1, id: full, steps: [{ id: tell, activity: ask }] }"#,
        course: "start n=0; set !n=2; done tell",
        error: "start n=0; signal alarm; set !text=1; retry alarmed; done flee",
        shows: "incidentRaised",
    },
    Life {
        of: "event sub-processes that do not interrupt",
        steps: r#"
  - { id: it, activity: ask }
events:
  - { message: note, id: noted, interrupting: false, out: { word: "${text}" }, steps: [{ id: read, activity: ask }] }
  - { cycle: R2/PT1M, id: timed, interrupting: false, steps: [{ id: tick, activity: ask }] }
  - { signal: alarm, id: alarmed, interrupting: false, steps: [{ id: hear, activity: ask }] }
  - { condition: n > 1, id: full, interrupting: false, steps: [{ id: count, activity: ask }] }"#,
        course: "start n=0; deliver noted.start text=1; wait 60; signal alarm; set !n=2; done it; done read; done tick; done hear; done count",
        error: "start n=0; deliver noted.start; resolve noted.start !text=1; done read; signal alarm; error hear Lost; done it; resolve hear",
        shows: "incidentRaised",
    },
    Life {
        of: "error event sub-process",
        steps: r#"
  - { id: it, activity: ask }
events:
  - { error: Lost, id: lost, code: c, steps: [{ id: mend, activity: ask }] }"#,
        course: "start; error it Lost; done mend",
        error: "start; error it Lost; error mend Lost; resolve mend",
        shows: "incidentRaised",
    },
    Life {
        of: "escalation event sub-processes",
        steps: r#"
  - { id: it, call: other }
events:
  - { escalation: Up, id: up, interrupting: false, steps: [{ id: hurry, activity: ask }] }
  - { escalation: Over, id: over, steps: [{ id: tidy, activity: ask }] }"#,
        course: "start; escalate it Up; escalate it Over; done tidy",
        error: "start; escalate it Up; error hurry Lost; done it; resolve hurry",
        shows: "incidentRaised",
    },
    Life {
        of: "compensation event sub-process",
        steps: r#"
  - id: it
    with: { own: "${n}" }
    steps:
      - { id: one, activity: ask, on: [{ compensate: true, then: undo }] }
      - { id: undo, activity: ask }
    events:
      - id: undoing
        compensate: true
        steps: [{ id: call-off, activity: ask, with: { a: "${own}" } }, { throw: Only one, compensate: one }]
  - { id: between, activity: ask }
  - { throw: Back, compensate: it }"#,
        course: "start n=1; done one; done between; done call-off; done undo",
        error: "start n=1; done one; done between; error call-off Lost; resolve call-off; done undo",
        shows: "incidentRaised",
    },
    Life {
        of: "event sub-process with several triggers",
        steps: r#"
  - { id: it, activity: ask }
events:
  - { any: [{ message: stop }, { timer: PT1H }], id: either, steps: [{ id: tidy, activity: ask }] }
  - { all: [{ message: one }, { message: two }], id: both, interrupting: false, steps: [{ id: note, activity: ask }] }"#,
        course: "start; deliver both.start; wait 3600; done tidy",
        error: "start; wait 3600; error tidy Lost; resolve tidy",
        shows: "incidentRaised",
    },
    Life {
        of: "transaction that is not cancelled",
        steps: r#"
  - id: it
    transaction: true
    steps:
      - { id: one, activity: ask, on: [{ compensate: true, then: undo }] }
      - { id: undo, activity: ask }
      - { id: two, activity: ask }
      - { id: off, choose: [{ when: bad, then: cancelled }, { otherwise: end }] }
      - { end: Cancelled, cancel: true }
    on: [{ cancel: true, then: end }, { error: Lost, then: end }]
  - { id: between, activity: ask }
  - { throw: Back, compensate: it }"#,
        course: "start bad=false; done one; done two; done between; done undo",
        error: "start; done one; error two Lost",
        shows: "errorRaised",
    },
    Life {
        of: "transaction that is cancelled in each instance",
        steps: r#"
  - id: it
    each: { times: 2 }
    transaction: true
    steps:
      - { id: one, activity: ask, on: [{ compensate: true, then: undo }] }
      - { id: undo, activity: ask }
      - { end: Cancelled, cancel: true }
    on: [{ cancel: true, then: end }]"#,
        course: "start; done one; done undo",
        error: "start; done one; error undo Lost; resolve undo",
        shows: "incidentRaised",
    },
    Life {
        of: "ad-hoc sub-process in parallel order",
        steps: r#"
  - id: it
    adhoc: { order: parallel, until: "n >= most" }
    steps:
      - { id: one, activity: ask, out: { n: "${n + 1}" } }
      - { id: two, activity: ask, out: { n: "${n + 1}" } }
      - { id: three, activity: ask, out: { n: "${n + 1}" } }
    on: [{ error: Lost, then: end }]"#,
        course: "start n=0 most=2; done three; done one",
        error: "start n=0; done one; set !most=9; retry it; error two Lost",
        shows: "errorRaised",
    },
    Life {
        of: "ad-hoc sub-process in sequential order",
        steps: r#"
  - id: it
    adhoc: { order: sequential }
    steps:
      - { id: one, activity: ask }
      - { id: two, activity: ask, with: { a: "${n}" } }"#,
        course: "start n=1; done one; done two",
        error: "start; done one; set !n=1; retry two; done two",
        shows: "incidentRaised",
    },
    Life {
        of: "ad-hoc sub-process that keeps what still runs",
        steps: r#"
  - id: it
    adhoc: { order: parallel, active: "${list}", until: n > 0, keep: true }
    steps:
      - { id: one, activity: ask, out: { n: 1 } }
      - { id: two, activity: ask }
      - { id: three, activity: ask }"#,
        course: r#"start n=0 list=["one","two"]; done one; done two"#,
        error: r#"start n=0; set !list=["one","three"]; retry it; done one; error three Lost; resolve three"#,
        shows: "incidentRaised",
    },
];
