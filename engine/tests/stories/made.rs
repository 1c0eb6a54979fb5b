//! Definitions made at random out of blocks, each with one way in and one way on.

use std::fmt::Write as _;

/// A fixed row of numbers without an evident order.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn of(seed: u64) -> Numbers {
        Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(limit)) as u32
    }

    pub(crate) fn one_of<'a>(&mut self, among: &[&'a str]) -> &'a str {
        let count = u32::try_from(among.len()).unwrap();
        among[self.below(count) as usize]
    }
}

/// Steps in YAML, the first of which is where a path comes in.
struct Block {
    entry: String,
    text: String,
}

/// Makes a definition.
pub(crate) struct Maker {
    pub(crate) numbers: Numbers,
    made: u32,
    /// The variables that count the rounds of loops.
    pub(crate) counters: Vec<String>,
}

/// How the scope ends in which a block stands.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Process,
    SubProcess,
    Transaction,
}

impl Maker {
    pub(crate) fn new(numbers: Numbers) -> Maker {
        Maker { numbers, made: 0, counters: Vec::new() }
    }

    /// The steps of a process, and its event sub-processes.
    pub(crate) fn process(&mut self) -> String {
        let size = 2 + self.numbers.below(9);
        let mut text = self.sequence(size, "end", 2, Within::Process).text;
        if self.numbers.below(5) == 0 {
            let _ = write!(text, "events:\n{}", self.events(2, "signal: alarm"));
        }
        text
    }

    fn name(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind}{}", self.made)
    }

    fn sequence(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let many = 1 + self.numbers.below(3);
        let mut sequence = Block { entry: next.to_owned(), text: String::new() };
        for _ in 0..many {
            let size = size.saturating_sub(1) / many.min(2);
            let block = self.block(size, &sequence.entry.clone(), pad, within);
            sequence.text.insert_str(0, &block.text);
            sequence.entry = block.entry;
        }
        sequence
    }

    fn block(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        if size < 2 {
            return self.leaf(next, pad);
        }
        match self.numbers.below(18) {
            13 | 14 => self.awaiting(size, next, pad, within),
            15 => self.enough(size, next, pad, within),
            16 => self.link(size, next, pad, within),
            17 => self.watched(size, next, pad, within),
            0 | 1 => self.choice(size, next, pad, within),
            2 | 3 => self.split("parallel", size, next, pad, within),
            4 => self.split("include", size, next, pad, within),
            5 => self.circle(size, next, pad, within),
            6 => self.ad_hoc(next, pad),
            7 => self.transaction(size, next, pad),
            8..=10 => self.sub_process(size, next, pad),
            11 => self.leaving(next, pad, within),
            _ => self.leaf(next, pad),
        }
    }

    /// What is set where a path comes. `s` is there only when something has set it.
    fn enter(&mut self) -> &'static str {
        self.numbers.one_of(&[
            "",
            "",
            "",
            "",
            ", enter: { s: \"${n}\" }",
            ", enter: { n: \"${n % 4 + 1}\", s: \"${n + 1}\" }",
            ", enter: { s: \"${s + 1}\" }",
        ])
    }

    /// Properties, one of which hides what something else may set.
    fn variables(&mut self) -> &'static str {
        self.numbers.one_of(&[
            "",
            "",
            "",
            "",
            ", variables: { s: \"${n}\", o: }",
            ", variables: { s: 1, o: \"${s + 1}\" }",
        ])
    }

    /// What is set where a path goes on.
    fn leave(&mut self) -> &'static str {
        self.numbers.one_of(&[
            "",
            "",
            "",
            "",
            ", leave: { s: \"${n}\" }",
            ", leave: { s: 1, n: \"${(n + s) % 5}\" }",
            ", leave: { s: \"${s + n}\" }",
        ])
    }

    /// What is set when a way is taken.
    fn set(&mut self) -> &'static str {
        self.numbers.one_of(&[
            "",
            "",
            "",
            ", set: { s: \"${n + 1}\" }",
            ", set: { n: \"${(n + 2) % 5}\", s: \"${n}\" }",
        ])
    }

    /// An error by a condition, which an answer or a failure may meet.
    fn raise(&mut self) -> &'static str {
        self.numbers.one_of(&[
            "",
            "",
            "",
            ", raise: [{ error: Lost, when: n > 3 }]",
            ", raise: [{ error: Late, message: \"${n} are late\", when: n == 2 }]",
            ", raise: [{ error: Lost, when: 'externalTask.errorMessage.contains(\"down\")' }]",
        ])
    }

    fn leaf(&mut self, next: &str, pad: usize) -> Block {
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
    fn task(&mut self, next: &str, pad: usize) -> Block {
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

    fn often(&mut self) -> &'static str {
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
    fn makes(&mut self, next: &str) -> &'static str {
        if next == "end" { self.numbers.one_of(&["", ", makes: 2"]) } else { "" }
    }

    fn choice(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let id = self.name("choice");
        let one = self.sequence(size / 2, next, pad, within);
        let other = match self.numbers.below(3) {
            0 => Block { entry: next.to_owned(), text: String::new() },
            _ => self.sequence(size / 2, next, pad, within),
        };
        let limit = self.numbers.below(5);
        let asked = self.numbers.one_of(&["n < ", "n < ", "d < 0.3 + "]);
        // Without a default it is only sound where one of both is true.
        let rest = match self.numbers.below(12) {
            0 => format!("when: n > {limit}, then"),
            1..=3 => format!("when: \"!({asked}{limit})\", then"),
            _ => "otherwise".to_owned(),
        };
        let (enter, leave, first, last) = (self.enter(), self.leave(), self.set(), self.set());
        let text = format!(
            "{:pad$}- {{ id: {id}, choose: [{{ when: {asked}{limit}, then: {}{first} }}, {{ \
             {rest}: {}{last} }}]{enter}{leave} }}\n{}{}",
            "", one.entry, other.entry, one.text, other.text
        );
        Block { entry: id, text }
    }

    /// A gateway that splits into branches, which come together at another of its kind.
    fn split(&mut self, how: &str, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let (id, join) = (self.name("split"), self.name("join"));
        let mut ways = Vec::new();
        let mut branches = String::new();
        for number in 0..2 + self.numbers.below(2) {
            let merge = self.name("merge");
            let branch = self.sequence(size / 2, &merge, pad, within);
            let _ = write!(branches, "{}", branch.text);
            let _ = writeln!(branches, "{:pad$}- {{ id: {merge}, choose: [{join}] }}", "");
            let set = self.set();
            ways.push(match (how, number) {
                ("parallel", _) => format!("{{ to: {}{set} }}", branch.entry),
                (_, 0) => format!("{{ otherwise: {}{set} }}", branch.entry),
                (_, _) => format!("{{ when: n > {number}, then: {}{set} }}", branch.entry),
            });
        }
        // Or the activity after them takes as many paths to begin.
        let joins = match (how, self.numbers.below(5)) {
            ("parallel", 0) => {
                let makes = self.makes(next);
                format!("activity: ask, needs: {}, then: {next}{makes}", ways.len())
            }
            _ => format!("{how}: [{next}]{}", self.leave()),
        };
        let (ways, leave) = (ways.join(", "), self.leave());
        let text = format!(
            "{:pad$}- {{ id: {id}, {how}: [{ways}]{leave} }}\n{branches}{:pad$}- {{ id: {join}, {joins} }}\n",
            "", ""
        );
        Block { entry: id, text }
    }

    /// A gateway behind which the first event decides.
    fn awaiting(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let id = self.name("await");
        let triggers = ["timer: PT2M", "message: note", "signal: alarm", "condition: n > 4"];
        let (mut ways, mut branches) = (Vec::new(), String::new());
        for trigger in &triggers[..2 + self.numbers.below(3) as usize] {
            let branch = match self.numbers.below(3) {
                0 => Block { entry: next.to_owned(), text: String::new() },
                _ => self.sequence(size / 2, next, pad, within),
            };
            ways.push(format!("{{ {trigger}, then: {}{} }}", branch.entry, self.leave()));
            branches.push_str(&branch.text);
        }
        let ways = ways.join(", ");
        let text = format!("{:pad$}- {{ id: {id}, await: [{ways}] }}\n{branches}", "");
        Block { entry: id, text }
    }

    /// A complex gateway that goes on when enough have come, and takes in the rest.
    fn enough(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let (id, join) = (self.name("split"), self.name("enough"));
        let many = 2 + self.numbers.below(2);
        let (mut ways, mut branches) = (Vec::new(), String::new());
        for _ in 0..many {
            let merge = self.name("merge");
            let branch = self.sequence(size / 2, &merge, pad, within);
            let _ = write!(branches, "{}", branch.text);
            let _ = writeln!(branches, "{:pad$}- {{ id: {merge}, choose: [{join}] }}", "");
            ways.push(branch.entry);
        }
        let (ways, most) = (ways.join(", "), 1 + self.numbers.below(many));
        let rest = self.name("rest");
        let text = format!(
            "{:pad$}- {{ id: {id}, parallel: [{ways}] }}\n{branches}{:pad$}- {{ id: {join}, complex: \
             [{{ when: waitingForStart, then: {next} }}, {{ otherwise: {rest} }}], when: \
             activationCount >= {most} }}\n{:pad$}- {{ end: {rest}, id: {rest} }}\n",
            "", "", ""
        );
        Block { entry: id, text }
    }

    /// A choice whose ways come together by a link.
    fn link(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let (id, link) = (self.name("choice"), self.name("link"));
        let (here, there, land) = (self.name("here"), self.name("there"), self.name("land"));
        let branch = self.sequence(size / 2, &here, pad, within);
        let text = format!(
            "{:pad$}- {{ id: {id}, choose: [{{ when: n < 2, then: {} }}, {{ otherwise: {there} }}] \
             }}\n{}{:pad$}- {{ throw: Here, id: {here}, link: {link} }}\n{:pad$}- {{ throw: There, \
             id: {there}, link: {link} }}\n{:pad$}- {{ catch: Land, id: {land}, link: {link}, then: \
             {next} }}\n",
            "", branch.entry, branch.text, "", "", ""
        );
        Block { entry: id, text }
    }

    /// A task whose boundary events lead along ways of their own, and whose flows have conditions.
    fn watched(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let id = self.name("task");
        let early = self.sequence(size / 2, next, pad, within);
        let beside = self.sequence(size / 2, "end", pad, within);
        let late = self.sequence(size / 2, next, pad, within);
        let first = self.numbers.one_of(&[
            "error: Lost",
            "timer: PT1M",
            "message: note",
            "any: [{ message: note }, { error: Lost }]",
        ]);
        let second = self.numbers.one_of(&[
            "timer: PT1M",
            "cycle: R2/PT1M",
            "signal: alarm",
            "condition: n > 3",
            "all: [{ message: note }, { signal: alarm }]",
        ]);
        let text = format!(
            "{:pad$}- {{ id: {id}, activity: ask, then: [{{ to: {}, when: n > 1 }}, {{ otherwise: \
             {next} }}], on: [{{ {first}, then: {} }}, {{ {second}, interrupting: false, then: {} }}] \
             }}\n{}{}{}",
            "", late.entry, early.entry, beside.entry, early.text, beside.text, late.text
        );
        Block { entry: id, text }
    }

    fn circle(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let (id, count, again) = (self.name("again"), self.name("count"), self.name("enough"));
        let body = self.sequence(size - 1, &count, pad, within);
        let text = format!(
            "{:pad$}- {{ id: {id}, choose: [{}] }}\n{}{:pad$}- {{ id: {count}, script: {count} + 1, \
             result: {count}, then: {again} }}\n{:pad$}- {{ id: {again}, choose: [{{ when: {count} \
             < 2, then: {id} }}, {{ otherwise: {next} }}] }}\n",
            "", body.entry, body.text, "", ""
        );
        self.counters.push(count);
        Block { entry: id, text }
    }

    /// A way that may end the scope instead of going on.
    fn leaving(&mut self, next: &str, pad: usize, within: Within) -> Block {
        let (id, end) = (self.name("choice"), self.name("end"));
        let result = match within {
            Within::Transaction => ", cancel: true",
            _ => self.numbers.one_of(&[
                "",
                ", terminate: true",
                ", error: Lost",
                ", escalation: Up",
                ", compensate: true",
            ]),
        };
        let text = format!(
            "{:pad$}- {{ id: {id}, choose: [{{ when: n > 2, then: {end} }}, {{ otherwise: {next} \
             }}] }}\n{:pad$}- {{ end: {end}, id: {end}{result} }}\n",
            "", ""
        );
        Block { entry: id, text }
    }

    fn ad_hoc(&mut self, next: &str, pad: usize) -> Block {
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

    fn transaction(&mut self, size: u32, next: &str, pad: usize) -> Block {
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

    fn sub_process(&mut self, size: u32, next: &str, pad: usize) -> Block {
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
    fn events(&mut self, pad: usize, other: &str) -> String {
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
