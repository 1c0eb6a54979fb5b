//! Events: what they await or make happen, and the lists of events on activities and gateways.

use super::form::{Form, scalar_text, wrong};
use super::keys::{DETAILS, TRIGGERS};
use super::naming;
use super::steps::Reader;
use super::tree::{Entry, Node, Tree};
use crate::draft::{DraftAssociation, DraftKind};
use crate::{
    Change, Compensation, Condition, ErrorDefinition, Escalation, Event, EventDefinition, Mapping,
    Message, NodeId, Timer,
};
use std::collections::BTreeMap;

const ENTRY: [&str; 9] =
    ["out", "then", "id", "name", "description", "interrupting", "variables", "enter", "leave"];
/// The word that catches every error and every escalation.
pub(super) const ANY: &str = "any";
/// The words for how a variable changes.
pub(super) const CHANGES: [(&str, Change); 2] =
    [("created", Change::Created), ("updated", Change::Updated)];

/// An event as it was read, and whether something in it was refused.
pub(super) struct Read {
    pub(super) event: Event,
    pub(super) refused: bool,
}

/// The keys of an event in a list, with further ones.
fn entry_keys(further: &[&'static str]) -> Vec<&'static str> {
    [&TRIGGERS[..], &DETAILS, further].concat()
}

/// Whether an event says what it awaits or makes happen.
pub(super) fn has_trigger(form: &Form<'_>) -> bool {
    TRIGGERS.iter().any(|key| form.has(key))
}

impl Reader<'_> {
    /// Reads what an event awaits or, when it is thrown, makes happen.
    pub(super) fn trigger(&mut self, of: &str, form: &Form<'_>, thrown: bool) -> Read {
        let mut event = Event::default();
        let mut refused = false;
        let found: Vec<&'static str> = triggers(form);
        match found[..] {
            [] => self.details(of, form, "a plain event", &[]),
            [several @ ("any" | "all")] => {
                self.details(of, form, several, &[]);
                if thrown && several == "any" {
                    let message = "a thrown event makes all happen; write all in place of any";
                    self.flaws.add("wrong-shape", of, form.line_of(several), message);
                }
                event.parallel_multiple = several == "all" && !thrown;
                let known = entry_keys(&["message"]);
                for item in form.list(several, self.flaws) {
                    let Some(form) = Form::of(item, "a trigger", &known, self.flaws) else {
                        refused = true;
                        continue;
                    };
                    match triggers(&form)[..] {
                        [key] if key != "any" && key != "all" => {
                            let definition = self.definition(of, &form, key, thrown);
                            refused |= definition.is_none();
                            event.definitions.extend(definition);
                        }
                        _ => {
                            refused = true;
                            self.one_trigger(of, form.line);
                        }
                    }
                }
            }
            [key] => {
                let definition = self.definition(of, form, key, thrown);
                refused = definition.is_none();
                event.definitions.extend(definition);
            }
            _ => {
                refused = true;
                self.one_trigger(of, form.line);
            }
        }
        if form.has("with") {
            let Mapping { all, entries } = self.mapping(of, "with", form);
            (event.sends_all, event.inputs) = (all, entries);
        }
        if form.has("out") {
            event.outputs = form.inputs("out", of, self.flaws);
        }
        Read { event, refused }
    }

    fn one_trigger(&mut self, of: &str, line: u32) {
        let message = format!(
            "an event has one of the keys {}; several stand in a list under any or all",
            TRIGGERS.join(", ")
        );
        self.flaws.add("wrong-shape", of, line, message);
    }

    /// Refuses what only other triggers may say.
    fn details(&mut self, of: &str, form: &Form<'_>, what: &str, allowed: &[&str]) {
        for key in ["key", "code", "message", "wait", "variable", "change"] {
            let beside = key != "message" || what == "error";
            if beside && form.has(key) && key != what && !allowed.contains(&key) {
                let message = format!("{what} takes no {key}");
                self.flaws.add("wrong-shape", of, form.line_of(key), message);
            }
        }
    }

    fn definition(
        &mut self,
        of: &str,
        form: &Form<'_>,
        key: &'static str,
        thrown: bool,
    ) -> Option<EventDefinition> {
        let allowed: &[&str] = match (key, thrown) {
            ("message", _) => &["key"],
            ("error", true) => &["message"],
            ("error", false) => &["code", "message"],
            ("escalation", false) => &["code"],
            ("compensate", true) => &["wait"],
            ("condition", _) => &["variable", "change"],
            _ => &[],
        };
        self.details(of, form, key, allowed);
        let line = form.line_of(key);
        Some(match key {
            "message" => EventDefinition::Message(self.message(of, form, key)?),
            "signal" => EventDefinition::Signal { name: form.shared("signal", of, self.flaws)? },
            "timer" | "date" | "cycle" => {
                let text = form.text(key, self.flaws)?;
                let timer = match key {
                    "timer" => Timer::duration(&text),
                    "date" => Timer::date(&text),
                    _ => Timer::cycle(&text),
                };
                EventDefinition::Timer(self.flaws.timer(of, line, timer)?)
            }
            "error" => {
                let code = self.code(of, form, key, thrown)?;
                let (mut said, mut code_variable, mut message_variable) = (None, None, None);
                if thrown {
                    said = form.shared("message", of, self.flaws);
                } else {
                    code_variable = form.text("code", self.flaws);
                    message_variable = form.text("message", self.flaws);
                }
                let code = code.as_deref().map(Into::into);
                let message = said;
                let error = ErrorDefinition { code, message, code_variable, message_variable };
                EventDefinition::Error(error)
            }
            "escalation" => {
                let code = self.code(of, form, key, thrown)?.as_deref().map(Into::into);
                let code_variable = if thrown { None } else { form.text("code", self.flaws) };
                EventDefinition::Escalation(Escalation { code, code_variable })
            }
            "compensate" => {
                let wait = form.boolean("wait", self.flaws).unwrap_or(true);
                let activity = self.undone(form.entry(key)?, thrown)?;
                EventDefinition::Compensation(Compensation { activity, wait })
            }
            "condition" => EventDefinition::Conditional(Condition {
                condition: form.condition("condition", of, self.flaws)?,
                variable: form.text("variable", self.flaws),
                change: self.change(form)?,
            }),
            "link" => EventDefinition::Link { name: form.text("link", self.flaws)? },
            _ => {
                if !form.mark(key, self.flaws) {
                    let message = format!("{key} takes true, or stands alone");
                    self.flaws.add("wrong-shape", of, line, message);
                    return None;
                }
                if key == "terminate" {
                    EventDefinition::Terminate
                } else {
                    EventDefinition::Cancel
                }
            }
        })
    }

    /// After which change of a variable a condition is asked.
    fn change(&mut self, form: &Form<'_>) -> Option<Change> {
        let Some(entry) = form.entry("change") else { return Some(Change::Any) };
        let text = scalar_text(&entry.value);
        let found = CHANGES.iter().find(|(word, _)| Some(*word) == text.as_deref());
        if found.is_none() {
            wrong("change", "created or updated", entry, self.flaws);
        }
        found.map(|(_, change)| *change)
    }

    /// A message with its correlation key.
    pub(super) fn message(&mut self, of: &str, form: &Form<'_>, key: &str) -> Option<Message> {
        let correlation = form.shared("key", of, self.flaws);
        Some(Message { name: form.shared(key, of, self.flaws)?, key: correlation })
    }

    /// The code of an error or an escalation; `any` catches all, `{ code: any }` the code `any`.
    fn code(
        &mut self,
        of: &str,
        form: &Form<'_>,
        key: &str,
        thrown: bool,
    ) -> Option<Option<String>> {
        let map =
            matches!(form.entry(key), Some(Entry { value: Node { tree: Tree::Map(_), .. }, .. }));
        let code = match map {
            true => form.form(key, &["code"], self.flaws)?.text("code", self.flaws)?,
            false => form.text(key, self.flaws)?,
        };
        if !self.flaws.code(of, form.line_of(key), key, &code) {
            return None;
        }
        Some((map || thrown || code != ANY).then_some(code))
    }

    /// What a compensation undoes: a step, or everything.
    fn undone(&mut self, entry: &Entry, thrown: bool) -> Option<Option<NodeId>> {
        match &entry.value.tree {
            Tree::Null | Tree::Scalar(serde_json::Value::Bool(true)) => Some(None),
            Tree::Scalar(serde_json::Value::String(id)) if thrown => {
                Some(Some(NodeId::from(id.as_str())))
            }
            _ => {
                let wanted = if thrown {
                    "the id of the step to undo, or true for all that was done"
                } else {
                    "true; which step undoes is said with then"
                };
                wrong("compensate", wanted, entry, self.flaws);
                None
            }
        }
    }

    /// Boundary events: the entries of `on`.
    pub(super) fn boundaries(&mut self, host: &str, form: &Form<'_>) {
        let mut taken = BTreeMap::new();
        let known = entry_keys(&ENTRY);
        for node in form.list("on", self.flaws) {
            let Some(form) = Form::of(node, "an event", &known, self.flaws) else { continue };
            let mut read = self.trigger(host, &form, false);
            if !has_trigger(&form) {
                read.refused = true;
                self.one_trigger(host, form.line);
            }
            let (id, name) = self.listed(host, &form, &read, &mut taken);
            let interrupting = form.boolean("interrupting", self.flaws).unwrap_or(true);
            let undoes = matches!(read.event.only(), Some(EventDefinition::Compensation(_)));
            let kind = DraftKind::Boundary { host: host.into(), interrupting, event: read.event };
            self.node(id.clone(), name, form.line, kind);
            self.refuse_last(read.refused);
            self.besides(&id, &form);
            match form.entry("then") {
                Some(entry) if undoes => match super::form::scalar_text(&entry.value) {
                    Some(target) => self.associations.push(DraftAssociation {
                        source: id,
                        target: self.resolved(&target),
                        line: entry.line,
                    }),
                    None => wrong("then", "the id of the step that undoes", entry, self.flaws),
                },
                Some(entry) => self.targets(&id, entry),
                None => {
                    let message = "an event says with then where it leads";
                    self.flaws.add("missing-key", &id, form.line, message);
                    self.refuse_last(true);
                    self.flow_to_end(&id, form.line);
                }
            }
        }
    }

    /// The events of an event gateway that are written in it.
    pub(super) fn awaited(
        &mut self,
        gateway: &str,
        node: &Node,
        next: Option<&str>,
        taken: &mut BTreeMap<String, u32>,
    ) {
        let known = entry_keys(&["out", "then", "id", "name", "description", "variables", "leave"]);
        let Some(form) = Form::of(node, "an awaited event", &known, self.flaws) else { return };
        let mut read = self.trigger(gateway, &form, false);
        if !has_trigger(&form) {
            read.refused = true;
            self.one_trigger(gateway, form.line);
        }
        let (id, name) = self.listed(gateway, &form, &read, taken);
        self.flow(gateway, &id, form.line);
        self.node(id.clone(), name, form.line, DraftKind::Catch(read.event));
        self.refuse_last(read.refused);
        self.besides(&id, &form);
        self.then(&id, &form, next);
    }

    /// The id and the name of an event in a list.
    fn listed(
        &mut self,
        of: &str,
        form: &Form<'_>,
        read: &Read,
        taken: &mut BTreeMap<String, u32>,
    ) -> (String, String) {
        let label = naming::label(&read.event);
        let count = taken.entry(label.clone()).and_modify(|count| *count += 1).or_insert(1);
        let implied = naming::numbered(of, &label, *count);
        let id = form.text("id", self.flaws).unwrap_or(implied);
        let name = form.text("name", self.flaws);
        (id, name.unwrap_or_else(|| naming::event_name(&read.event)))
    }
}

/// The triggers that a map names; `message` beside `error` is a detail of the error.
fn triggers(form: &Form<'_>) -> Vec<&'static str> {
    let detail = |key: &str| key == "message" && form.has("error");
    TRIGGERS.into_iter().filter(|key| form.has(key) && !detail(key)).collect()
}
