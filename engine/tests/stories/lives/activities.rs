//! The lives of tasks, of what repeats them, and of what leads in and out of them.

use super::Life;

pub(super) const ALL: &[Life] = &[
    Life {
        of: "service task",
        steps: r#"
  - { id: it, activity: work, with: { a: "${n}" }, out: { m: "${answer}" } }"#,
        course: "start n=1; done it answer=2",
        error: "start; set !n=1; retry it; fault it down; wait 10; done it; set !answer=1; retry it",
        shows: "output `m`",
    },
    Life {
        of: "user task",
        steps: r#"
  - { id: it, activity: ask, on: [{ error: Lost, then: it }] }"#,
        course: "start; waits it; done it",
        error: "start; waits it; error it Lost; waits it; done it",
        shows: "errorRaised",
    },
    Life {
        of: "error of a task that nothing catches",
        steps: r#"
  - { id: it, activity: ask }"#,
        course: "start; done it",
        error: "start; error it Lost; resolve it",
        shows: "incidentRaised",
    },
    Life {
        of: "manual task",
        steps: r#"
  - { id: it, do: manual, with: { a: "${n}" } }"#,
        course: "start n=1",
        error: "start; set !n=1; retry it",
        shows: "incidentRaised",
    },
    Life {
        of: "abstract task",
        steps: r#"
  - { id: it, do: nothing, out: { m: "${n}" } }"#,
        course: "start n=1",
        error: "start; resolve it",
        shows: "incidentRaised",
    },
    Life {
        of: "script task",
        steps: r#"
  - { id: it, script: n + 1, result: m }"#,
        course: "start n=1",
        error: "start; set !n=1; retry it",
        shows: "incidentRaised",
    },
    Life {
        of: "business rule task",
        steps: r#"
  - { id: it, decide: dish, result: dish, tag: "v${n}" }"#,
        course: "start n=1; done it decisionResult=1",
        error: "start; set !n=2; retry it; fault-for-good it gone; set !n=1; retry it; fault it down; wait 10; done it decisionResult=1",
        shows: "incidentRaised",
    },
    Life {
        of: "send task",
        steps: r#"
  - { id: it, send: note, key: "${k}" }
  - { id: after, activity: ask }"#,
        course: "start k=1; done after",
        error: "start; set !k=1; retry it; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "receive task",
        steps: r#"
  - { id: it, receive: note, key: "${k}", out: { m: "${text}" } }"#,
        course: "start k=1; deliver it text=1",
        error: "start; set !k=1; retry it; deliver it; resolve it",
        shows: "output `m`",
    },
    Life {
        of: "receive task that begins an instance",
        steps: r#"
  - { id: it, receive: note, starts: true, out: { m: "${text}" } }
  - { id: after, activity: ask }"#,
        course: "start @it text=1; done after",
        error: "start @it; set !text=1; retry it; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "call activity",
        steps: r#"
  - { id: it, call: "other-${n}", give: all, take: { m: "${sum}" }, on: [{ error: Lost, then: it }, { escalation: Up, interrupting: false, then: note }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start n=1; waits it; escalate it Up; done it sum=1; done note",
        error: "start; set !n=1; retry it; waits it; error it Lost; waits it; done it; resolve it !m=1",
        shows: "errorRaised",
    },
    Life {
        of: "call activity that an escalation interrupts",
        steps: r#"
  - { id: it, call: other, on: [{ escalation: Up, then: note }] }
  - { end: }
  - { id: note, activity: ask, then: end }"#,
        course: "start; waits it; escalate it Up; done note",
        error: "start; waits it; error it Lost; resolve it",
        shows: "incidentRaised",
    },
    Life {
        of: "parallel multi-instance by a collection",
        steps: r#"
  - { id: it, activity: ask, each: { in: "${list}", as: item, collect: { into: all, value: "${answer}" } }, on: [{ timer: PT1H, then: end }] }"#,
        course: "start list=[1,2,3]; done it answer=1; done it answer=2; done it answer=3",
        error: "start; set !list=[1,2]; retry it; done it answer=1; done it; resolve it",
        shows: "incidentRaised",
    },
    Life {
        of: "parallel multi-instance until a condition holds",
        steps: r#"
  - { id: it, activity: ask, each: { times: 3, until: nrOfCompletedInstances >= most } }"#,
        course: "start most=2; done it; done it",
        error: "start; done it; set !most=1; retry it",
        shows: "incidentRaised",
    },
    Life {
        of: "parallel multi-instance that an error leaves",
        steps: r#"
  - { id: it, activity: ask, each: { times: 3 }, on: [{ error: Lost, then: lost }] }
  - { end: }
  - { id: lost, activity: ask, then: end }"#,
        course: "start; done it; done it; done it",
        error: "start; done it; error it Lost; done lost",
        shows: "errorRaised",
    },
    Life {
        of: "sequential multi-instance by a cardinality",
        steps: r#"
  - { id: it, activity: ask, each: { times: "${n}", sequential: true }, with: { a: "${loopCounter + k}" }, on: [{ error: Lost, then: end }] }"#,
        course: "start n=2 k=1; done it; done it",
        error: "start; set !n=3; retry it; set !k=1; retry it; done it; error it Lost",
        shows: "errorRaised",
    },
    Life {
        of: "multi-instance of calls",
        steps: r#"
  - { id: it, call: other, each: { times: 2 }, on: [{ error: Lost, then: end }] }"#,
        course: "start; waits it; done it; done it",
        error: "start; waits it; done it; error it Lost",
        shows: "errorRaised",
    },
    Life {
        of: "standard loop that asks after each turn",
        steps: r#"
  - { id: it, activity: ask, loop: { while: "loopCounter < n", most: 3 }, on: [{ error: Lost, then: end }] }"#,
        course: "start n=2; done it; done it",
        error: "start; done it; set !n=5; retry it; done it; error it Lost",
        shows: "errorRaised",
    },
    Life {
        of: "standard loop that asks before each turn",
        steps: r#"
  - { id: it, activity: ask, loop: { while: "loopCounter < n", before: true } }"#,
        course: "start n=1; done it",
        error: "start; set !n=1; retry it; done it",
        shows: "incidentRaised",
    },
    Life {
        of: "startQuantity and completionQuantity",
        steps: r#"
  - { id: split, parallel: [one, two] }
  - { id: one, activity: ask, then: it }
  - { id: two, activity: ask, then: it }
  - { id: it, activity: ask, needs: 2, makes: 2, with: { a: "${n}" }, then: after }
  - { id: after, activity: ask }"#,
        course: "start n=1; done one; done two; done it; done after; done after",
        error: "start; done one; error two Lost; resolve two; set !n=1; retry it; done it; done after; done after",
        shows: "input `a`",
    },
    Life {
        of: "conditional and default flows out of an activity",
        steps: r#"
  - { id: it, activity: ask, then: [{ to: one, when: "n > 1" }, { to: two, when: "n > 2" }, { otherwise: one }] }
  - { id: one, activity: ask, then: end }
  - { id: two, activity: ask, then: end }"#,
        course: "start n=3; done it; done one; done two",
        error: "start; done it; set !n=0; retry it; done one",
        shows: "incidentRaised",
    },
    Life {
        of: "implicit split and merge",
        steps: r#"
  - { id: it, activity: ask, then: [one, two] }
  - { id: one, activity: ask, then: after }
  - { id: two, activity: ask, then: after }
  - { id: after, activity: ask }"#,
        course: "start; done it; done one; done after; done two; done after",
        error: "start; done it; error one Lost; done two; done after; resolve one; done after",
        shows: "incidentRaised",
    },
    Life {
        of: "inputs, outputs, lists and maps",
        steps: r#"
  - { id: it, activity: ask, with: { a: [1, "${n}"], b: { c: "${n}" } }, out: { list: ["${a[1]}"], map: { d: "${b.c}", e: "${answer}" } } }"#,
        course: "start n=1; done it answer=1",
        error: "start; set !n=1; retry it; done it; resolve it",
        shows: "output `map`",
    },
    Life {
        of: "properties of a task",
        steps: r#"
  - { id: it, activity: ask, variables: { own: "${n}", more: }, with: { a: "${own}" }, out: { own: "${own + answer}", m: "${own}" } }"#,
        course: "start n=1; waits it !more=1; done it answer=1",
        error: "start; set !n=1; retry it; fault it down; wait 10; done it; resolve it !own=3",
        shows: "variable `own`",
    },
    Life {
        of: "variables of a scope",
        steps: r#"
  - { id: it, activity: ask, out: { own: "${own + 1}" } }
variables: { own: "${n}" }"#,
        course: "start n=1; done it",
        error: "start n=x; done it; set !own=1; retry it",
        shows: "incidentRaised",
    },
];
