//! Activities made at random: tasks, calls and sub-processes, with what stands on their boundaries.

use std::fmt::Write as _;

use super::{Block, Maker, Within};

impl Maker {
    pub(super) fn leaf(&mut self, next: &str, pad: usize) -> Block {
        let kind = self.numbers.below(19);
        if (9..14).contains(&kind) {
            return self.task(next, pad);
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
            7 if self.numbers.below(2) == 0 => {
                "call: other, take: { m: \"${m}\" }, keep: { k: \"${m + 1}\" }, out: { n: \"${k}\" }"
                    .to_owned()
            }
            7 => "call: other, take: all".to_owned(),
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

    /// A task with an event on its boundary, perhaps done several times.
    pub(super) fn task(&mut self, next: &str, pad: usize) -> Block {
        let (id, side) = (self.name("task"), self.name("side"));
        let (on, then) = match self.numbers.below(10) {
            0 => {
                let (enter, leave) = (self.enter(), self.leave());
                (format!("{{ error: Lost, then: {next}{enter}{leave} }}"), None)
            }
            1 => (format!("{{ error: any, then: {side} }}"), Some(next)),
            2 => (format!("{{ timer: PT1M, then: {next} }}"), None),
            3 => (format!("{{ timer: PT1M, interrupting: false, then: {side} }}"), Some("end")),
            4 => (format!("{{ message: note, interrupting: false, then: {side} }}"), Some("end")),
            5 => {
                (format!("{{ condition: n > 3, interrupting: false, then: {side} }}"), Some("end"))
            }
            6 => (format!("{{ signal: alarm, then: {next} }}"), None),
            7 | 8 => (format!("{{ compensate: true, then: {side} }}"), Some("")),
            _ => (String::new(), None),
        };
        let (often, makes) = (self.often(), self.makes(next));
        let (variables, enter, raise) = (self.variables(), self.enter(), self.raise());
        let mut text = format!(
            "{:pad$}- {{ id: {id}, activity: ask, then: {next}, on: \
             [{on}]{often}{makes}{variables}{enter}{raise} }}\n",
            ""
        );
        if let Some(then) = then {
            let then = if then.is_empty() { String::new() } else { format!(", then: {then}") };
            let _ = writeln!(text, "{:pad$}- {{ id: {side}, activity: work{then} }}", "");
        }
        Block { entry: id, text }
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
        let mut text = format!("{:pad$}- id: {id}\n{:pad$}  adhoc: {{ order: {order} }}\n", "", "");
        let _ = writeln!(text, "{:pad$}  then: {next}\n{:pad$}  steps:", "", "");
        for _ in 0..1 + self.numbers.below(3) {
            let task = self.name("any");
            let _ = writeln!(text, "{:pad$}    - {{ id: {task}, activity: ask }}", "");
        }
        Block { entry: id, text }
    }

    pub(super) fn transaction(&mut self, size: u32, next: &str, pad: usize) -> Block {
        let id = self.name("deal");
        let leaving = self.leaving("end", pad + 4, Within::Transaction);
        let inner = self.sequence(size - 1, &leaving.entry, pad + 4, Within::Transaction);
        let on = self.numbers.one_of(&["", "{ cancel: true, then: NEXT }"]).replace("NEXT", next);
        let text = format!(
            "{:pad$}- id: {id}\n{:pad$}  transaction: true\n{:pad$}  on: [{on}]\n{:pad$}  then: \
             {next}\n{:pad$}  steps:\n{}{}",
            "", "", "", "", "", inner.text, leaving.text
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

    /// An event sub-process, with one of the usual triggers or another one.
    pub(super) fn events(&mut self, pad: usize, other: &str) -> String {
        let (id, task) = (self.name("event"), self.name("task"));
        let trigger = self.numbers.one_of(&[
            "error: Lost",
            "error: any",
            "escalation: Up",
            "escalation: Up, interrupting: false",
            "message: note",
            "message: note, interrupting: false",
            "timer: PT4M",
            "signal: alarm",
            "condition: n > 4, interrupting: false",
            other,
        ]);
        format!(
            "{:pad$}- {{ {trigger}, id: {id}, steps: [{{ id: {task}, activity: ask }}] }}\n",
            ""
        )
    }
}
