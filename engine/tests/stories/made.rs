//! Definitions made at random out of blocks, each with one way in and one way on.

use std::fmt::Write as _;

#[path = "made/activities.rs"]
mod activities;
#[path = "made/beginnings.rs"]
mod beginnings;

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
    /// The node at which an instance begins, with which of its triggers; nothing where it begins
    /// plainly.
    pub(crate) begins: Option<(String, u16)>,
    /// Whether nothing else may begin it.
    pub(crate) plainly: bool,
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
        let counters = Vec::new();
        Maker { numbers, made: 0, counters, begins: None, plainly: false }
    }

    /// The steps of a process, and its event sub-processes.
    pub(crate) fn process(&mut self) -> String {
        let size = 2 + self.numbers.below(9);
        let mut text = self.begun(size);
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
        match self.numbers.below(22) {
            18 => self.alone(size, next, pad, within),
            19 => self.undone(size, next, pad, within),
            20 => self.startless(size, next, pad),
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

    /// A complex gateway to which one way leads, or that is also the one way back.
    fn alone(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let (id, rest) = (self.name("alone"), self.name("rest"));
        let one = self.sequence(size / 2, next, pad, within);
        let other = self.sequence(size / 2, next, pad, within);
        let (ways, ends) = match self.numbers.below(4) {
            0 => (
                format!(
                    "[{{ when: n < 3, then: {} }}, {{ otherwise: {} }}]",
                    one.entry, other.entry
                ),
                false,
            ),
            1 => (format!("[{}, {}]", one.entry, other.entry), false),
            2 => (
                format!(
                    "[{{ when: waitingForStart && n < 3, then: {} }}, {{ when: waitingForStart && n \
                     >= 3, then: {} }}, {{ otherwise: {rest} }}], when: activationCount >= 1",
                    one.entry, other.entry
                ),
                true,
            ),
            _ => return self.back(size, next, pad, within),
        };
        let mut text =
            format!("{:pad$}- {{ id: {id}, complex: {ways} }}\n{}{}", "", one.text, other.text);
        if ends {
            let _ = writeln!(text, "{:pad$}- {{ end: {rest}, id: {rest} }}", "");
        }
        Block { entry: id, text }
    }

    /// A loop to whose complex gateway the way back leads: what comes back there is taken in.
    fn back(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let (id, check) = (self.name("again"), self.name("back"));
        let body = self.sequence(size - 1, &check, pad, within);
        let text = format!(
            "{:pad$}- {{ id: {id}, complex: [{{ when: waitingForStart, then: {} }}, {{ otherwise: {next} }}], \
             when: activationCount >= 1 }}\n{}{:pad$}- {{ id: {check}, choose: [{{ when: n < 3, then: {id} }}, \
             {{ otherwise: {next} }}] }}\n",
            "", body.entry, body.text, ""
        );
        Block { entry: id, text }
    }

    /// A task that is undone by its name, at once or while the path goes on.
    fn undone(&mut self, size: u32, next: &str, pad: usize, within: Within) -> Block {
        let (id, undo, throw) = (self.name("task"), self.name("undo"), self.name("undone"));
        let between = self.sequence(size / 2, &throw, pad, within);
        let wait = self.numbers.one_of(&["", ", wait: false"]);
        let often = self.often();
        let text = format!(
            "{:pad$}- {{ id: {id}, activity: ask, then: {}, on: [{{ compensate: true, then: {undo} }}]{often} }}\n\
             {:pad$}- {{ id: {undo}, activity: ask }}\n{}{:pad$}- {{ id: {throw}, throw: Undo, compensate: \
             {id}{wait}, then: {next} }}\n",
            "", between.entry, "", between.text, ""
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
                ", message: note",
                ", signal: told",
                ", all: [{ message: note }, { escalation: Up }]",
            ]),
        };
        let text = format!(
            "{:pad$}- {{ id: {id}, choose: [{{ when: n > 2, then: {end} }}, {{ otherwise: {next} \
             }}] }}\n{:pad$}- {{ end: {end}, id: {end}{result} }}\n",
            "", ""
        );
        Block { entry: id, text }
    }
}
