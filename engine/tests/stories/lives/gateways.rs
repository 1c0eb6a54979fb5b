//! The lives of gateways.

use super::Life;

pub(super) const ALL: &[Life] = &[
    Life {
        of: "exclusive gateway",
        steps: r#"
  - { id: it, choose: [{ when: n > 1, then: one }, { otherwise: two }] }
  - { id: one, activity: ask, then: end }
  - { id: two, activity: ask, then: end }"#,
        course: "start n=2; done one",
        error: "start; set !n=1; retry it; done two",
        shows: "incidentRaised",
    },
    Life {
        of: "parallel gateway",
        steps: r#"
  - { id: it, parallel: [one, two] }
  - { id: one, activity: ask, then: join }
  - { id: two, activity: ask, then: join }
  - { id: join, parallel: [after] }
  - { id: after, activity: ask }"#,
        course: "start; done one; done two; done after",
        error: "start; done one; error two Lost; resolve two; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "inclusive gateway",
        steps: r#"
  - { id: it, include: [{ when: n > 1, then: one }, { when: n > 0, then: two }, { otherwise: three }] }
  - { id: one, activity: ask, then: join }
  - { id: two, activity: ask, then: join }
  - { id: three, activity: ask, then: join }
  - { id: join, include: [{ when: m, then: after }, { otherwise: end }] }
  - { id: after, activity: ask, then: end }"#,
        course: "start n=2 m=true; done one; done two; done after",
        error: "start; set !n=2; retry it; done two; done one; set !m=true; retry join; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "inclusive gateway whose join awaits a path that fails",
        steps: r#"
  - { id: it, include: [{ when: true, then: one }, { when: true, then: two }] }
  - { id: one, activity: ask, then: join }
  - { id: two, activity: ask, then: join, on: [{ error: Lost, then: end }] }
  - { id: join, include: [after] }
  - { id: after, activity: ask }"#,
        course: "start; done one; done two; done after",
        error: "start; done one; error two Lost; done after",
        shows: "errorRaised",
    },
    Life {
        of: "inclusive gateway in a loop",
        steps: r#"
  - { id: again, choose: [it] }
  - { id: it, include: [{ when: true, then: one }, { when: n > 1, then: two }] }
  - { id: one, activity: ask, then: join }
  - { id: two, activity: ask, then: join }
  - { id: join, include: [more] }
  - { id: more, choose: [{ when: n > 0, then: less }, { otherwise: end }] }
  - { id: less, script: n - 1, result: n, then: again }"#,
        course: "start n=2; done two; done one; done one; done one",
        error: "start; set !n=2; retry it; done one; done two; done one; done one",
        shows: "incidentRaised",
    },
    Life {
        of: "event-based gateway",
        steps: r#"
  - { id: it, await: [news, late, loud, full] }
  - { catch: News, id: news, message: news, key: "${k}", then: one }
  - { catch: Late, id: late, timer: PT2M, then: end }
  - { catch: Loud, id: loud, signal: alarm, then: end }
  - { catch: Full, id: full, condition: n > 5, then: end }
  - { id: one, activity: ask, then: end }"#,
        course: "start k=1; deliver news; done one",
        error: "start; set !k=1; retry it; set !n=6",
        shows: "incidentRaised",
    },
    Life {
        of: "event-based gateway before receive tasks",
        steps: r#"
  - { id: it, await: [news, alarm] }
  - { id: news, receive: news, out: { got: "${text}" }, then: end }
  - { id: alarm, receive: alarm, then: end }"#,
        course: "start; deliver alarm",
        error: "start; deliver news; resolve news",
        shows: "incidentRaised",
    },
    Life {
        of: "event-based gateway that begins an instance",
        steps: r#"
  - { id: it, starts: true, await: [one, two] }
  - { catch: One, id: one, message: one, then: after }
  - { catch: Two, id: two, message: two, out: { got: "${b}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start @one a=1; done after",
        error: "start @two; set !b=1; retry two; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "event-based gateway all of whose events an instance needs",
        steps: r#"
  - { id: it, starts: all, await: [one, two, three] }
  - { catch: One, id: one, message: one, then: after }
  - { catch: Two, id: two, message: two, then: after }
  - { catch: Three, id: three, message: three, out: { got: "${b}" }, then: after }
  - { id: after, activity: ask, then: end }"#,
        course: "start @two; done after; deliver three b=1; deliver one; done after; done after",
        error: "start @three; deliver one; resolve three !b=1; deliver two; done after; done after; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "complex gateway",
        steps: r#"
  - { id: it, parallel: [one, two, three] }
  - { id: one, activity: ask, then: enough }
  - { id: two, activity: ask, then: enough }
  - { id: three, activity: ask, then: enough }
  - { id: enough, complex: [{ when: waitingForStart, then: after }, { when: "!waitingForStart && n > 1", then: rest }], when: activationCount >= most }
  - { id: after, activity: ask, then: end }
  - { id: rest, activity: ask, then: end }"#,
        course: "start n=2 most=2; done one; done two; done after; done three; done rest",
        error: "start; done one; set !most=2; retry enough; done two; done after; set !n=0; done three",
        shows: "incidentRaised",
    },
];
