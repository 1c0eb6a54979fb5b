//! Activities made at random: tasks, calls and sub-processes, with what stands on their boundaries.

use std::fmt::Write as _;

use super::{Block, Maker, Within};

/// What stands on the boundary of an activity, and the steps to which it leads.
#[derive(Default)]
pub(super) struct Edge {
    pub(super) on: String,
    pub(super) sides: String,
}

impl Edge {
    fn add(&mut self, event: &str) {
        let comma = if self.on.is_empty() { "" } else { ", " };
        let _ = write!(self.on, "{comma}{{ {event} }}");
    }

    /// A step that leads on, or undoes something.
    fn leads(&mut self, id: String, then: Option<&str>, pad: usize) -> String {
        let then = then.map(|then| format!(", then: {then}")).unwrap_or_default();
        let _ = writeln!(self.sides, "{:pad$}- {{ id: {id}, activity: work{then} }}", "");
        id
    }
}

impl Maker {
    pub(super) fn leaf(&mut self, next: &str, pad: usize) -> Block {
        let kind = self.numbers.below(26);
        if (9..14).contains(&kind) {
            return self.task(next, pad);
        }
        if (19..21).contains(&kind) {
            return self.call(next, pad);
        }
        let id = self.name("step");
        let says = match kind {
            0 => "script: n + 1, result: n".to_owned(),
            1 => "do: nothing".to_owned(),
            2 => "catch: Pause, timer: PT1M".to_owned(),
            3 => "receive: note".to_owned(),
            17 => "receive: note, key: \"k${n}\"".to_owned(),
            18 => "script: (d + 0.1) / 3, result: d".to_owned(),
            4 => "throw: Up, escalation: Up".to_owned(),
            5 => "throw: Undo, compensate: true".to_owned(),
            // Whoever hears it and says not what is kept has all counters set back: nobody does so.
            6 if self.numbers.below(2) == 0 => "throw: News, signal: news, with: all".to_owned(),
            6 => "throw: Told, signal: alarm".to_owned(),
            7 => "call: other, take: all".to_owned(),
            21 => "send: note, with: { n: \"${n}\" }".to_owned(),
            22 => "send: note, key: \"k${n}\"".to_owned(),
            23 => "do: manual".to_owned(),
            24 => "decide: dish, result: o".to_owned(),
            25 => "throw: Note, message: note, with: { n: 1 }".to_owned(),
            14 => "catch: Any, any: [{ message: note }, { timer: PT1M }, { condition: n > 3 }]"
                .to_owned(),
            15 => "catch: All, all: [{ message: note }, { signal: alarm }, { timer: PT1M }]"
                .to_owned(),
            16 => "throw: All, all: [{ message: note }, { signal: alarm }, { escalation: Up }]"
                .to_owned(),
            _ => {
                let text = format!(
                    "{:pad$}- {{ id: {id}, await: [{{ message: note, then: {next} }}, {{ timer: \
                     PT2M, then: {next} }}] }}\n",
                    ""
                );
                return Block { entry: id, text };
            }
        };
        let is_event = says.starts_with("catch: ") || says.starts_with("throw: ");
        let (enter, leave) = (self.enter(), if is_event { self.leave() } else { "" });
        let variables = self.variables();
        let text =
            format!("{:pad$}- {{ id: {id}, {says}, then: {next}{variables}{enter}{leave} }}\n", "");
        Block { entry: id, text }
    }

    /// A task with events on its boundary, perhaps done several times.
    pub(super) fn task(&mut self, next: &str, pad: usize) -> Block {
        let id = self.name("task");
        let edge = self.edge(next, pad, false);
        let (often, makes) = (self.often(), self.makes(next));
        let (variables, enter, raise) = (self.variables(), self.enter(), self.raise());
        let drawn =
            self.numbers.one_of(&["", "", "", ", task: user", ", task: send", ", task: rule"]);
        let text = format!(
            "{:pad$}- {{ id: {id}, activity: ask, then: {next}, on: \
             [{}]{often}{makes}{variables}{enter}{raise}{drawn} }}\n{}",
            "", edge.on, edge.sides
        );
        Block { entry: id, text }
    }

    /// A call, which ends well, escalates or ends with an error that something catches or nothing.
    pub(super) fn call(&mut self, next: &str, pad: usize) -> Block {
        let id = self.name("call");
        let edge = self.edge(next, pad, true);
        let called = self.numbers.one_of(&["other", "failing", "escalating", "late", "outer"]);
        let takes = self.numbers.one_of(&[
            "take: all",
            "give: all, take: { n: \"${m}\" }",
            "keep: { k: \"${m + 1}\" }, out: { n: \"${k}\" }",
            "give: { m: \"${n}\" }, take: [all, { s: \"${m}\" }]",
        ]);
        let (often, makes) = (self.often(), self.makes(next));
        let (variables, enter) = (self.variables(), self.enter());
        let text = format!(
            "{:pad$}- {{ id: {id}, call: {called}, {takes}, then: {next}, on: \
             [{}]{often}{makes}{variables}{enter} }}\n{}",
            "", edge.on, edge.sides
        );
        Block { entry: id, text }
    }

    /// Events on the boundary of an activity, which may escalate something: none, one or two.
    pub(super) fn edge(&mut self, next: &str, pad: usize, escalates: bool) -> Edge {
        let mut edge = Edge::default();
        let fits = |trigger: &str| escalates || !trigger.starts_with("escalation");
        let ending = [
            "error: Lost",
            "error: any",
            "error: Lost, code: c, message: m",
            "escalation: Up",
            "escalation: any",
            "timer: PT1M",
            "message: note",
            "signal: alarm",
            "condition: n > 3",
            "condition: n > 2, variable: n, change: updated",
            "any: [{ message: note }, { error: Lost }]",
            "all: [{ message: note }, { signal: alarm }]",
        ];
        let beside = [
            "escalation: Up",
            "escalation: any",
            "timer: PT1M",
            "cycle: R2/PT1M",
            "message: note",
            "signal: alarm",
            "condition: n > 3",
            "any: [{ signal: alarm }, { timer: PT2M }]",
            "all: [{ message: note }, { signal: alarm }]",
        ];
        let trigger = self.numbers.one_of(&ending);
        if self.numbers.below(2) == 0 && fits(trigger) {
            let then = match self.numbers.below(2) {
                0 => next.to_owned(),
                _ => edge.leads(self.name("side"), Some(next), pad),
            };
            let (enter, leave) = (self.enter(), self.leave());
            edge.add(&format!("{trigger}, then: {then}{enter}{leave}"));
        }
        match self.numbers.below(6) {
            0 | 1 => {
                // What is caught is caught by one of both.
                let trigger = self.numbers.one_of(&beside);
                let both = |what| trigger.contains(what) && edge.on.contains(what);
                if fits(trigger) && !["escalation", "note", "alarm"].into_iter().any(both) {
                    let then = edge.leads(self.name("side"), Some("end"), pad);
                    edge.add(&format!("{trigger}, interrupting: false, then: {then}"));
                }
            }
            2 => {
                let then = edge.leads(self.name("undo"), None, pad);
                edge.add(&format!("compensate: true, then: {then}"));
            }
            _ => {}
        }
        edge
    }

    pub(super) fn often(&mut self) -> &'static str {
        self.numbers.one_of(&[
            "",
            "",
            "",
            "",
            "",
            ", each: { times: 2 }",
            ", each: { in: list, as: item, sequential: true, until: nrOfCompletedInstances >= 2 }",
            ", each: { in: list, as: item, until: nrOfCompletedInstances >= 2, collect: { into: all, value: \"${item}\" } }",
            ", loop: { while: loopCounter < 2, most: 3 }",
            ", while: loopCounter < 1",
        ])
    }

    /// How many paths leave an activity: several where nothing has to bring them together.
    pub(super) fn makes(&mut self, next: &str) -> &'static str {
        if next == "end" { self.numbers.one_of(&["", ", makes: 2"]) } else { "" }
    }

    pub(super) fn ad_hoc(&mut self, next: &str, pad: usize) -> Block {
        let id = self.name("adhoc");
        let order = self.numbers.one_of(&[
            "parallel",
            "sequential",
            "parallel, until: n > 1",
            "sequential, until: n > 2",
            "parallel, until: n > 0, keep: true",
        ]);
        let edge = self.edge(next, pad, false);
        let often = self.numbers.one_of(&["", "", "", ", each: { times: 2 }"]);
        let mut text = format!(
            "{:pad$}- id: {id}\n{:pad$}  adhoc: {{ order: {order} }}\n{:pad$}  on: [{}]\n",
            "", "", "", edge.on
        );
        if !often.is_empty() {
            let _ = writeln!(text, "{:pad$}  {}", "", &often[2..]);
        }
        let _ = writeln!(text, "{:pad$}  then: {next}\n{:pad$}  steps:", "", "");
        for _ in 0..1 + self.numbers.below(3) {
            let task = self.name("any");
            let does = self.numbers.one_of(&[
                "activity: ask",
                "activity: ask",
                "activity: ask, then: [NEXT, NEXT]",
                "activity: ask, then: NEXT, each: { times: 2 }",
                "call: failing, on: [{ error: Lost, then: NEXT }]",
                "activity: ask, on: [{ timer: PT1M, interrupting: false, then: NEXT }]",
                "catch: Note, message: note, then: NEXT",
            ]);
            let after = self.name("after");
            let _ = writeln!(
                text,
                "{:pad$}    - {{ id: {task}, {} }}",
                "",
                does.replace("NEXT", &after)
            );
            if does.contains("NEXT") {
                let _ = writeln!(text, "{:pad$}    - {{ id: {after}, activity: ask }}", "");
            }
        }
        text.push_str(&edge.sides);
        Block { entry: id, text }
    }

    pub(super) fn transaction(&mut self, size: u32, next: &str, pad: usize) -> Block {
        let id = self.name("deal");
        let leaving = self.leaving("end", pad + 4, Within::Transaction);
        let inner = self.sequence(size - 1, &leaving.entry, pad + 4, Within::Transaction);
        let mut edge = self.edge(next, pad, inner.text.contains("escalation: Up"));
        if self.numbers.below(2) == 0 {
            edge.add(&format!("cancel: true, then: {next}"));
        }
        let often = match self.numbers.below(7) {
            0 => format!("{:pad$}  each: {{ times: 2 }}\n", ""),
            1 => format!("{:pad$}  each: {{ times: 2, sequential: true }}\n", ""),
            2 => format!("{:pad$}  loop: {{ while: loopCounter < 1 }}\n", ""),
            _ => String::new(),
        };
        let events = match self.numbers.below(4) {
            0 => format!("{:pad$}  events:\n{}", "", self.events(pad + 4, "compensate: true")),
            _ => String::new(),
        };
        let text = format!(
            "{:pad$}- id: {id}\n{:pad$}  transaction: true\n{:pad$}  on: [{}]\n{often}{:pad$}  then: \
             {next}\n{:pad$}  steps:\n{}{}{events}{}",
            "", "", "", edge.on, "", "", inner.text, leaving.text, edge.sides
        );
        Block { entry: id, text }
    }

    pub(super) fn sub_process(&mut self, size: u32, next: &str, pad: usize) -> Block {
        let (id, side) = (self.name("sub"), self.name("side"));
        let on = self.numbers.one_of(&[
            "",
            "{ error: Lost, then: NEXT }",
            "{ error: any, then: NEXT }, { timer: PT3M, then: NEXT }",
            "{ escalation: Up, then: NEXT }",
            "{ escalation: Up, interrupting: false, then: SIDE }",
            "{ compensate: true, then: SIDE }",
        ]);
        let events = match self.numbers.below(3) {
            0 => self.events(pad + 4, "compensate: true"),
            _ => String::new(),
        };
        let mut inner = self.sequence(size - 1, "end", pad + 4, Within::SubProcess);
        // What is caught is thrown.
        let thrown = |what: &str| on.contains(what) || events.contains(what);
        if thrown("escalation") {
            let up = self.name("up");
            let throw = format!("throw: Up, escalation: Up, then: {}", inner.entry);
            let first = format!("{:1$}- {{ id: {up}, {throw} }}\n", "", pad + 4);
            inner = Block { entry: up, text: first + &inner.text };
        }
        if thrown("error") {
            let ask = self.name("ask");
            let task = format!("activity: ask, then: {}", inner.entry);
            let first = format!("{:1$}- {{ id: {ask}, {task} }}\n", "", pad + 4);
            inner = Block { entry: ask, text: first + &inner.text };
        }
        let mut text = format!("{:pad$}- id: {id}\n{:pad$}  then: {next}\n", "", "");
        let of = on.replace("NEXT", next).replace("SIDE", &side);
        let _ = writeln!(text, "{:pad$}  on: [{of}]", "");
        match self.numbers.below(8) {
            0 => drop(writeln!(text, "{:pad$}  each: {{ in: list, as: item }}", "")),
            1 => drop(writeln!(text, "{:pad$}  each: {{ times: 2, sequential: true }}", "")),
            2 => drop(writeln!(text, "{:pad$}  loop: {{ while: loopCounter < 2 }}", "")),
            3 => drop(writeln!(text, "{:pad$}  with: {{ n: \"${{n}}\" }}", "")),
            _ => {}
        }
        let _ = write!(text, "{:pad$}  steps:\n{}", "", inner.text);
        if !events.is_empty() {
            let _ = write!(text, "{:pad$}  events:\n{events}", "");
        }
        if on.contains("SIDE") {
            let then = if on.contains("compensate") { "" } else { ", then: end" };
            let _ = writeln!(text, "{:pad$}- {{ id: {side}, activity: work{then} }}", "");
        }
        Block { entry: id, text }
    }

    /// A sub-process in which every step begins that nothing leads to.
    pub(super) fn startless(&mut self, size: u32, next: &str, pad: usize) -> Block {
        let id = self.name("sub");
        let one = self.sequence(size / 2, "end", pad + 4, Within::SubProcess);
        let other = self.sequence(size / 2, "end", pad + 4, Within::SubProcess);
        let text = format!(
            "{:pad$}- id: {id}\n{:pad$}  startless: true\n{:pad$}  then: {next}\n{:pad$}  steps:\n{}{}",
            "", "", "", "", one.text, other.text
        );
        Block { entry: id, text }
    }

    /// An event sub-process, with one of the usual triggers or another one.
    pub(super) fn events(&mut self, pad: usize, other: &str) -> String {
        let id = self.name("event");
        let trigger = self.numbers.one_of(&[
            "error: Lost",
            "error: any",
            "escalation: Up",
            "escalation: any",
            "escalation: Up, interrupting: false",
            "message: note",
            "message: note, interrupting: false",
            "timer: PT4M",
            "cycle: R2/PT2M, interrupting: false",
            "timer: PT1M, interrupting: false",
            "signal: alarm",
            "signal: alarm, interrupting: false",
            "condition: n > 4",
            "condition: n > 4, interrupting: false",
            "any: [{ message: note }, { error: Lost }]",
            "any: [{ signal: alarm }, { timer: PT3M }], interrupting: false",
            "all: [{ message: note }, { signal: alarm }], interrupting: false",
            other,
            other,
        ]);
        let size = self.numbers.below(4);
        let steps = match size {
            0 | 1 => {
                let task = self.name("task");
                format!("{:1$}- {{ id: {task}, activity: ask }}\n", "", pad + 4)
            }
            _ => self.sequence(size, "end", pad + 4, Within::SubProcess).text,
        };
        format!(
            "{:pad$}- id: {id}\n{:pad$}  {}\n{:pad$}  steps:\n{steps}",
            "",
            "",
            trigger.replace(", interrupting", &format!("\n{:pad$}  interrupting", "")),
            ""
        )
    }
}
