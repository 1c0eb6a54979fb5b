//! With what an instance of a definition made at random begins.

use super::{Maker, Within};

impl Maker {
    /// The steps of a process with what begins it: nothing, a start event, several of them, a
    /// receive task or an event gateway.
    pub(super) fn begun(&mut self, size: u32) -> String {
        let process = Within::Process;
        let first = self.sequence(size, "end", 2, process);
        let entry = &first.entry;
        let variables = self.numbers.one_of(&["", "", ", variables: { s: 1, o: }"]);
        let of_one = |at: &str| Some((at.to_owned(), 0));
        let (starts, at) = match self.numbers.below(18) {
            _ if self.plainly => (Vec::new(), None),
            0 => {
                let trigger = self.numbers.one_of(&[
                    "message: order",
                    "signal: begin",
                    "timer: PT9H",
                    "cycle: R2/PT9H",
                    "condition: begins > 0",
                ]);
                let start =
                    format!("{{ start: One, id: one, {trigger}, then: {entry}{variables} }}");
                (vec![start], of_one("one"))
            }
            1 => {
                let trigger = self.numbers.one_of(&[
                    "any: [{ message: order }, { signal: begin }, { condition: begins > 0 }]",
                    "all: [{ message: order }, { message: more }, { signal: begin }]",
                ]);
                let start =
                    format!("{{ start: One, id: one, {trigger}, then: {entry}{variables} }}");
                let number = u16::try_from(self.numbers.below(3)).unwrap();
                (vec![start], Some(("one".to_owned(), number)))
            }
            2 | 3 => {
                let other = self.sequence(size / 2, entry, 2, process);
                let text = other.text;
                let starts = [
                    format!("{{ start: Plain, id: plain, then: {entry} }}"),
                    format!(
                        "{{ start: One, id: one, message: order, then: {}{variables} }}",
                        other.entry
                    ),
                    format!("{{ start: Two, id: two, signal: begin, then: {entry} }}"),
                    "{ start: Three, id: three, condition: begins > 0, then: end }".to_owned(),
                ];
                let at = ["", "one", "two", "three"][self.numbers.below(4) as usize];
                let at = (!at.is_empty()).then(|| (at.to_owned(), 0));
                return self.with_starts(&starts, at, &(text + &first.text));
            }
            4 => {
                let start = format!(
                    "{{ id: one, receive: order, starts: true, then: {entry}{variables} }}"
                );
                (vec![start], of_one("one"))
            }
            5 | 6 => {
                let (starts, what) = match self.numbers.below(2) {
                    0 => ("true", "signal: begin"),
                    _ => ("all", "message: more"),
                };
                let other = self.sequence(size / 2, entry, 2, process);
                let steps = [
                    format!("{{ id: first, starts: {starts}, await: [one, two] }}"),
                    format!("{{ catch: One, id: one, message: order, then: {entry}{variables} }}"),
                    format!("{{ catch: Two, id: two, {what}, then: {} }}", other.entry),
                ];
                let at = ["one", "two"][self.numbers.below(2) as usize];
                return self.with_starts(&steps, of_one(at), &(other.text + &first.text));
            }
            7 => {
                let other = self.sequence(size / 2, "end", 2, process);
                return format!("{}{}startless: true\n", first.text, other.text);
            }
            _ => (Vec::new(), None),
        };
        self.with_starts(&starts, at, &first.text)
    }

    fn with_starts(&mut self, starts: &[String], at: Option<(String, u16)>, steps: &str) -> String {
        self.begins = at;
        let starts: String = starts.iter().map(|start| format!("  - {start}\n")).collect();
        starts + steps
    }
}
