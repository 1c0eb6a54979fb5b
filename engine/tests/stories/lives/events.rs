//! The lives of events: at the start, at rest, thrown, at the end, and on boundaries.

use super::Life;

pub(super) const ALL: &[Life] = &[
    Life {
        of: "start event",
        steps: r#"
  - { start: It, id: it, then: after }
  - { id: after, activity: ask }
variables: { own: "${n}" }"#,
        course: "start n=1; done after",
        error: "start; set !n=1; retry it; done after",
        shows: "variable `own`",
    },
    Life {
        of: "properties of a start event",
        steps: r#"
  - { start: It, id: it, message: order, variables: { own: "${n}" }, out: { own: "${text}", m: "${own}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start @it n=1 text=1; done after",
        error: "start @it; set !n=1; retry it; set !text=1; retry it; done after",
        shows: "variable `own`",
    },
    Life {
        of: "message start event",
        steps: r#"
  - { start: It, id: it, message: order, out: { m: "${text}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start @it text=1; done after",
        error: "start @it; set !text=1; retry it; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "timer start event",
        steps: r#"
  - { start: It, id: it, cycle: R/P1D, out: { m: "${n}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start @it n=1; done after",
        error: "start @it; resolve it !n=1; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "signal start event",
        steps: r#"
  - { start: It, id: it, signal: alarm, out: { m: "${text}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start @it text=1; done after",
        error: "start @it; resolve it !text=1; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "conditional start event",
        steps: r#"
  - { start: It, id: it, condition: n > 1, out: { m: "${k}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start @it n=2 k=1; done after",
        error: "start @it n=2; set !k=1; retry it; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "start event with several triggers",
        steps: r#"
  - { start: It, id: it, any: [{ message: order }, { signal: alarm }], out: { m: "${k}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start @it k=1; done after",
        error: "start @it; set !k=1; retry it; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "start event that awaits all its triggers",
        steps: r#"
  - { start: It, id: it, all: [{ message: order, key: "${k}" }, { signal: alarm }, { timer: PT5M }], out: { m: "${text}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start @it/1 k=1 text=1; wait 300; deliver it; done after",
        error: "start @it/1; set !k=1; retry it; deliver it; wait 300; set !text=1; retry it; done after",
        shows: "output `m`",
    },
    Life {
        of: "catching message event",
        steps: r#"
  - { catch: It, id: it, message: note, key: "${k}", out: { m: "${text}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start k=1; deliver it text=1; done after",
        error: "start; set !k=1; retry it; deliver it; resolve it; done after",
        shows: "output `m`",
    },
    Life {
        of: "catching timer event with a duration",
        steps: r#"
  - { catch: It, id: it, timer: "${span}", then: after }
  - { id: after, activity: ask }"#,
        course: "start span=PT5M; wait 300; done after",
        error: "start span=soon; set !span=PT5M; retry it; wait 300; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "catching timer event with a date",
        steps: r#"
  - { catch: It, id: it, date: "${when}", then: end }"#,
        course: "start when=2026-01-01T00:05:00Z; wait 300",
        error: "start; set !when=2025-01-01T00:00:00Z; retry it; wait 0",
        shows: "incidentRaised",
    },
    Life {
        of: "catching timer event with a cycle",
        steps: r#"
  - { catch: It, id: it, cycle: "${rule}", then: end }"#,
        course: "start rule=R3/PT5M; wait 300",
        error: "start rule=often; set !rule=@hourly; resolve it; wait 3600",
        shows: "incidentRaised",
    },
    Life {
        of: "catching signal event",
        steps: r#"
  - { catch: It, id: it, signal: "alarm-${n}", out: { m: "${text}" }, then: end }"#,
        course: "start n=1; signal alarm-1 text=1",
        error: "start; set !n=1; retry it; signal alarm-1; set !text=1; retry it",
        shows: "output `m`",
    },
    Life {
        of: "catching conditional event",
        steps: r#"
  - { catch: It, id: it, condition: n > 1, out: { m: "${k}" }, then: end }"#,
        course: "start n=0 k=1; set !n=2",
        error: "start n=0; set !n=2; set !k=1; retry it",
        shows: "incidentRaised",
    },
    Life {
        of: "link events",
        steps: r#"
  - { id: it, choose: [{ when: n > 1, then: here }, { otherwise: there }] }
  - { throw: Here, id: here, link: on }
  - { throw: There, id: there, link: on }
  - { catch: On, id: landed, link: on, then: after }
  - { id: after, activity: ask }"#,
        course: "start n=2; done after",
        error: "start; set !n=1; retry it; error after Lost; resolve after",
        shows: "incidentRaised",
    },
    Life {
        of: "catching event with several triggers",
        steps: r#"
  - { catch: It, id: it, any: [{ message: note, key: "${k}" }, { signal: alarm }, { timer: PT5M }, { condition: n > 1 }], then: end }"#,
        course: "start k=1 n=0; set !n=2",
        error: "start n=0; set !k=1; retry it; wait 300",
        shows: "incidentRaised",
    },
    Life {
        of: "catching event that awaits all its triggers",
        steps: r#"
  - { catch: It, id: it, all: [{ message: note }, { signal: alarm }, { timer: PT5M }, { condition: n > 1 }], out: { m: "${text}" }, then: end }"#,
        course: "start n=0; deliver it text=1; set !n=2; wait 300; signal alarm",
        error: "start n=2; signal alarm; wait 300; deliver it; resolve it !m=1",
        shows: "incidentRaised",
    },
    Life {
        of: "throwing event",
        steps: r#"
  - { throw: It, id: it, then: after }
  - { id: after, activity: ask }"#,
        course: "start; done after",
        error: "start; error after Lost; resolve after",
        shows: "incidentRaised",
    },
    Life {
        of: "throwing message event",
        steps: r#"
  - { throw: It, id: it, message: note, key: "${k}", with: { text: "${n}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start k=1 n=1; done after",
        error: "start; set !n=1; retry it; set !k=1; retry it; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "throwing signal event",
        steps: r#"
  - { throw: It, id: it, signal: "alarm-${n}", then: after }
  - { id: after, activity: ask }"#,
        course: "start n=1; done after",
        error: "start; resolve it !n=1; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "throwing escalation event",
        steps: r#"
  - id: it
    steps:
      - { throw: Up, id: up, escalation: "Up", then: more }
      - { id: more, activity: ask }
    on: [{ escalation: Up, interrupting: false, then: note }]
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start; done note; done more",
        error: "start; done more; error note Lost; resolve note",
        shows: "incidentRaised",
    },
    Life {
        of: "throwing compensation event",
        steps: r#"
  - { id: it, activity: ask, on: [{ compensate: true, then: undo }] }
  - { id: undo, activity: ask }
  - { id: other, activity: ask, on: [{ compensate: true, then: undo-other }] }
  - { id: undo-other, activity: ask }
  - { throw: Undo, id: throw, compensate: true }
  - { id: after, activity: ask }"#,
        course: "start; done it; done other; done undo-other; done undo; done after",
        error: "start; done it; done other; error undo-other Lost; resolve undo-other; done undo; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "throwing compensation event for one activity, not awaited",
        steps: r#"
  - { id: it, activity: ask, on: [{ compensate: true, then: undo }] }
  - { id: undo, activity: ask }
  - { throw: Undo, id: throw, compensate: it, wait: false }
  - { id: after, activity: ask }"#,
        course: "start; done it; done after; done undo",
        error: "start; done it; error undo Lost; done after; resolve undo",
        shows: "incidentRaised",
    },
    Life {
        of: "throwing event with several results",
        steps: r#"
  - { throw: It, id: it, all: [{ message: note }, { signal: "${name}" }, { escalation: Up }], then: after }
  - { id: after, activity: ask }
events:
  - { escalation: Up, id: up, interrupting: false, steps: [{ id: note, activity: ask }] }"#,
        course: "start name=alarm; done note; done after",
        error: "start; set !name=alarm; retry it; done after; done note",
        shows: "incidentRaised",
    },
    Life {
        of: "end event",
        steps: r#"
  - { id: it, activity: ask, out: { m: "${answer}" } }
  - { end: Done }"#,
        course: "start; done it answer=1",
        error: "start; done it; resolve it !m=1",
        shows: "incidentRaised",
    },
    Life {
        of: "message end event",
        steps: r#"
  - { id: it, activity: ask }
  - { end: Told, id: told, message: note, key: "${k}" }"#,
        course: "start k=1; done it",
        error: "start; done it; set !k=1; retry told",
        shows: "incidentRaised",
    },
    Life {
        of: "signal end event",
        steps: r#"
  - { id: it, activity: ask }
  - { end: Told, id: told, signal: alarm, with: { m: "${n}" } }"#,
        course: "start n=1; done it",
        error: "start; done it; set !n=1; retry told",
        shows: "incidentRaised",
    },
    Life {
        of: "error end event",
        steps: r#"
  - id: it
    steps:
      - { id: split, parallel: [one, two] }
      - { id: one, activity: ask, then: end }
      - { id: two, activity: ask, then: lost }
      - { end: Lost, id: lost, error: Lost, message: "${why}" }
    on: [{ error: Lost, then: note }]
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start why=so; done two; done note",
        error: "start; done two; set !why=so; retry lost; done note",
        shows: "incidentRaised",
    },
    Life {
        of: "escalation end event",
        steps: r#"
  - id: it
    steps: [{ id: ask, activity: ask }, { end: Up, escalation: Up }]
    on: [{ escalation: Up, then: note }]
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start; done ask; done note",
        error: "start; error ask Lost; resolve ask; error note Lost; resolve note",
        shows: "incidentRaised",
    },
    Life {
        of: "compensation end event",
        steps: r#"
  - { id: it, activity: ask, on: [{ compensate: true, then: undo }] }
  - { id: undo, activity: ask }
  - { end: Undone, compensate: true }"#,
        course: "start; done it; done undo",
        error: "start; done it; error undo Lost; resolve undo",
        shows: "incidentRaised",
    },
    Life {
        of: "terminate end event",
        steps: r#"
  - { id: it, parallel: [one, two] }
  - { id: one, activity: ask, on: [{ timer: PT1H, then: end }], then: end }
  - { id: two, activity: ask, then: over }
  - { end: Over, terminate: true }"#,
        course: "start; done two",
        error: "start; error one Lost; done two",
        shows: "incidentRaised",
    },
    Life {
        of: "cancel end event and cancel boundary event",
        steps: r#"
  - id: it
    transaction: true
    steps:
      - { id: one, activity: ask, on: [{ compensate: true, then: undo }] }
      - { id: undo, activity: ask }
      - { id: two, activity: ask }
      - { end: Off, cancel: true }
    on: [{ cancel: true, then: note }]
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start; done one; done two; done undo; done note",
        error: "start; done one; done two; error undo Lost; resolve undo; done note",
        shows: "incidentRaised",
    },
    Life {
        of: "message boundary events",
        steps: r#"
  - { id: it, activity: ask, on: [{ message: stop, id: stop, key: "${k}", then: end }, { message: note, id: noted, out: { m: "${text}" }, interrupting: false, then: note }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start k=1; deliver noted text=1; done note; deliver stop",
        error: "start; set !k=1; retry it; deliver noted; resolve noted !text=1; done it; done note",
        shows: "output `m`",
    },
    Life {
        of: "timer boundary events",
        steps: r#"
  - { id: it, activity: ask, on: [{ timer: "${span}", then: end }, { cycle: R2/PT1M, interrupting: false, then: note }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start span=PT5M; wait 60; done note; wait 240; done note",
        error: "start; set !span=PT1S; retry it; wait 1",
        shows: "incidentRaised",
    },
    Life {
        of: "signal boundary events",
        steps: r#"
  - { id: it, activity: ask, on: [{ signal: "stop-${n}", then: end }, { signal: alarm, interrupting: false, then: note }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start n=1; signal alarm; signal alarm; signal stop-1; done note; done note",
        error: "start; set !n=1; retry it; signal alarm; error note Lost; signal stop-1; resolve note",
        shows: "incidentRaised",
    },
    Life {
        of: "conditional boundary events",
        steps: r#"
  - { id: it, activity: ask, on: [{ condition: n > 5, then: end }, { condition: n > 1, id: noted, interrupting: false, out: { m: "${k}" }, then: note }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start n=0 k=1; set !n=2; set !n=0; set !n=3; set !n=6; done note; done note",
        error: "start n=0; set !n=2; resolve noted !k=1; done note; done it",
        shows: "incidentRaised",
    },
    Life {
        of: "error boundary event",
        steps: r#"
  - { id: it, activity: ask, on: [{ error: Lost, id: lost, code: c, message: m, out: { k: "${n}" }, then: note }, { error: any, then: end }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start n=1; error it Lost gone; done note",
        error: "start; error it Lost; resolve lost !n=1; done note",
        shows: "incidentRaised",
    },
    Life {
        of: "escalation boundary events",
        steps: r#"
  - { id: it, call: other, on: [{ escalation: Over, then: end }, { escalation: Up, id: up, code: c, out: { k: "${n}" }, interrupting: false, then: note }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start n=1; escalate it Up; done note; escalate it Over",
        error: "start; escalate it Up; set !n=1; retry up; done note; done it",
        shows: "incidentRaised",
    },
    Life {
        of: "compensation boundary event",
        steps: r#"
  - { id: it, activity: ask, each: { times: 2 }, on: [{ compensate: true, then: undo }] }
  - { id: undo, activity: ask, with: { a: "${n}" } }
  - { throw: Back, compensate: it }"#,
        course: "start n=1; done it; done it; done undo; done undo",
        error: "start; done it; done it; set !n=1; retry undo; done undo; fault undo down; wait 10; done undo",
        shows: "input `a`",
    },
    Life {
        of: "boundary events with several triggers",
        steps: r#"
  - { id: it, activity: ask, on: [{ any: [{ message: stop }, { timer: PT5M }, { error: Lost }], id: first, then: end }, { all: [{ message: note }, { signal: alarm }], id: pair, out: { m: "${text}" }, interrupting: false, then: note }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start; signal alarm; deliver pair text=1; done note; wait 300",
        error: "start; deliver pair; signal alarm; resolve pair !text=1; done note; error it Lost",
        shows: "incidentRaised",
    },
];
