//! The keys of a step: one says what it is, and with it which others it may have.

use super::form::Form;
use super::tree::{Node, Tree};
use crate::draft::Flaws;

/// What an event awaits or makes happen.
pub(super) const TRIGGERS: [&str; 14] = [
    "message",
    "signal",
    "timer",
    "date",
    "cycle",
    "error",
    "escalation",
    "compensate",
    "condition",
    "link",
    "terminate",
    "cancel",
    "any",
    "all",
];

/// What is said of a trigger besides.
pub(super) const DETAILS: [&str; 5] = ["key", "code", "wait", "variable", "change"];

const EVERY: &[&str] = &["id", "name", "description", "enter", "leave"];
const ACTIVITY: &[&str] = &[
    "variables",
    "with",
    "out",
    "on",
    "then",
    "each",
    "loop",
    "while",
    "needs",
    "makes",
    "retry",
    "undoes",
];
const BINDING: &[&str] = &["version", "tag", "binding", "tenant"];

/// The kinds of step by their key, and the further keys of each.
const KINDS: [(&str, &[&[&str]]); 16] = [
    ("activity", &[&["task", "people", "raise"], ACTIVITY]),
    ("do", &[ACTIVITY]),
    ("script", &[&["result"], ACTIVITY]),
    ("decide", &[&["result", "shape"], BINDING, ACTIVITY]),
    ("send", &[&["key"], ACTIVITY]),
    ("receive", &[&["key", "starts"], ACTIVITY]),
    ("call", &[&["businessKey", "give", "take", "keep"], BINDING, ACTIVITY]),
    ("steps", &[&["transaction", "adhoc", "events", "startless"], ACTIVITY]),
    ("choose", &[]),
    ("parallel", &[]),
    ("include", &[]),
    ("complex", &[&["when"]]),
    ("await", &[&["starts"]]),
    ("start", &[&TRIGGERS, &DETAILS, &["interrupting", "initiator", "variables", "out", "then"]]),
    ("catch", &[&TRIGGERS, &DETAILS, &["variables", "out", "then"]]),
    ("throw", &[&TRIGGERS, &DETAILS, &["variables", "with", "then"]]),
];
const END: &[&[&str]] = &[&TRIGGERS, &DETAILS, &["variables", "with"]];

/// A step whose kind is known.
pub(super) struct Step<'a> {
    pub(super) form: Form<'a>,
    /// The key that says what it is; nothing when there is not just one.
    pub(super) kind: Option<&'static str>,
}

fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(kind, _)| *kind).chain(["end"])
}

/// All keys that a kind of step may have.
fn keys_of(kind: &'static str) -> Vec<&'static str> {
    let further = KINDS.iter().find(|(name, _)| *name == kind).map_or(END, |(_, keys)| keys);
    let further = further.iter().flat_map(|keys| keys.iter().copied());
    [kind].into_iter().chain(EVERY.iter().copied()).chain(further).collect()
}

impl<'a> Step<'a> {
    /// Takes a node as a step; what is wrong with its keys is noted.
    pub(super) fn of(node: &'a Node, flaws: &mut Flaws) -> Option<Step<'a>> {
        let Tree::Map(entries) = &node.tree else {
            let message = format!(
                "a step is a map with one of the keys {}",
                kinds().collect::<Vec<_>>().join(", ")
            );
            flaws.add("wrong-shape", "", node.line, message);
            return None;
        };
        let form = Form::any(node.line, entries);
        let found: Vec<&'static str> = kinds().filter(|kind| form.has(kind)).collect();
        let kind = match found[..] {
            [kind] => Some(kind),
            _ => None,
        };
        let all = || kinds().flat_map(keys_of);
        let known = kind.map(keys_of);
        for entry in entries {
            let key = entry.key.as_str();
            let message = match (&known, kind) {
                (Some(known), _) if known.contains(&key) => continue,
                (None, _) if all().any(|one| one == key) => continue,
                (Some(known), Some(kind)) => {
                    let hint = flaws.hint(key, known.iter().copied());
                    let (key, known) = (crate::excerpt(key), known.join(", "));
                    format!("a step with {kind} has no key {key}; it knows {known}{hint}")
                }
                _ => {
                    let hint = flaws.hint(key, all());
                    format!("a step has no key {}{hint}", crate::excerpt(key))
                }
            };
            flaws.add("unknown-key", "", entry.line, message);
        }
        Some(Step { form, kind })
    }

    /// Says that a step has no kind, or several.
    pub(super) fn has_one_kind(&self, id: &str, flaws: &mut Flaws) {
        let found: Vec<&str> = kinds().filter(|kind| self.form.has(kind)).collect();
        let all = kinds().collect::<Vec<_>>().join(", ");
        let message = match found[..] {
            [] => format!("a step has one of the keys {all}"),
            _ => format!("a step has one of the keys {all}, not {}", found.join(" and ")),
        };
        flaws.add("wrong-shape", id, self.form.line, message);
    }
}
