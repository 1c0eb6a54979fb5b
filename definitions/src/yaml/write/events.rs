//! Events as they are written.

use super::activities::mapping;
use super::scope::put_sets;
use super::values::{condition, inputs, text_out};
use super::{Writer, described};
use crate::process::Place;
use crate::yaml::emit::{Entries, Out, truth};
use crate::yaml::events::{ANY, CHANGES};
use crate::yaml::naming;
use crate::{
    Compensation, Condition, ErrorDefinition, Escalation, Event, EventDefinition, Kind, Message,
    Timer,
};
use std::collections::BTreeMap;

/// Puts what an event awaits or makes happen, and what it gives and keeps.
pub(super) fn trigger(event: &Event, thrown: bool, entries: &mut Entries) {
    let Event { definitions, parallel_multiple, sends_all, inputs: given, outputs } = event;
    match &definitions[..] {
        [] => {}
        [only] => definition(only, thrown, entries),
        several => {
            let key = if thrown || *parallel_multiple { "all" } else { "any" };
            let several = several.iter().map(|one| {
                let mut entries = Entries::default();
                definition(one, thrown, &mut entries);
                Out::Map(entries.0)
            });
            entries.put(key, Out::List(several.collect()));
        }
    }
    if thrown {
        entries.some("with", mapping(*sends_all, given));
    }
    entries.some("out", inputs(outputs));
}

fn definition(definition: &EventDefinition, thrown: bool, entries: &mut Entries) {
    match definition {
        EventDefinition::Message(one) => message("message", one, entries),
        EventDefinition::Timer(timer) => {
            let (key, template) = match timer {
                Timer::Date(template) => ("date", template),
                Timer::Duration(template) => ("timer", template),
                Timer::Cycle(template) => ("cycle", template),
            };
            entries.put(key, text_out(template));
        }
        EventDefinition::Signal { name } => entries.put("signal", text_out(name)),
        EventDefinition::Error(ErrorDefinition {
            code,
            message,
            code_variable,
            message_variable,
        }) => {
            entries.put("error", self::code(code.as_deref(), thrown));
            if thrown {
                entries.some("message", message.as_ref().map(text_out));
            } else {
                entries.some("code", code_variable.clone().map(Out::Text));
                entries.some("message", message_variable.clone().map(Out::Text));
            }
        }
        EventDefinition::Escalation(Escalation { code, code_variable }) => {
            entries.put("escalation", self::code(code.as_deref(), thrown));
            let variable = code_variable.clone().filter(|_| !thrown);
            entries.some("code", variable.map(Out::Text));
        }
        EventDefinition::Compensation(Compensation { activity, wait }) => {
            let activity = activity.as_ref().filter(|_| thrown);
            let undone = activity.map_or(truth(true), |id| Out::Text(id.as_str().into()));
            entries.put("compensate", undone);
            if thrown && !wait {
                entries.put("wait", truth(false));
            }
        }
        EventDefinition::Conditional(Condition { condition: one, variable, change }) => {
            entries.put("condition", condition(one));
            entries.some("variable", variable.clone().map(Out::Text));
            let word = CHANGES.iter().find(|(_, known)| known == change);
            entries.some("change", word.map(|(word, _)| Out::Text((*word).into())));
        }
        EventDefinition::Link { name } => entries.text("link", name),
        EventDefinition::Terminate => entries.put("terminate", truth(true)),
        EventDefinition::Cancel => entries.put("cancel", truth(true)),
    }
}

/// A message with its correlation key.
pub(super) fn message(key: &str, message: &Message, entries: &mut Entries) {
    let Message { name, key: correlation } = message;
    entries.put(key, text_out(name));
    entries.some("key", correlation.as_ref().map(text_out));
}

fn code(code: Option<&str>, thrown: bool) -> Out {
    match code {
        Some(ANY) if !thrown => Out::Map(vec![("code".into(), Out::Text(ANY.into()))]),
        Some(code) => Out::Text(code.into()),
        None => Out::Text(ANY.into()),
    }
}

impl Writer<'_> {
    /// The boundary events of an activity.
    pub(super) fn boundaries(&self, host: Place, end: &str, entries: &mut Entries) {
        let node = self.process.node(host);
        let Some(activity) = node.kind.activity() else { return };
        let mut taken = BTreeMap::new();
        let mut list = Vec::new();
        for place in &activity.boundaries {
            let Kind::Boundary(boundary) = &self.process.node(*place).kind else { continue };
            let mut entries = Entries::default();
            trigger(&boundary.event, false, &mut entries);
            self.listed(host, *place, &boundary.event, &mut taken, &mut entries);
            put_sets(self.process.node(*place), &mut entries);
            let undoes = matches!(boundary.event.only(), Some(EventDefinition::Compensation(_)));
            if undoes {
                let handler = activity.undone_by.map(|place| Out::Text(self.id(place).into()));
                entries.some("then", handler);
            } else {
                if !boundary.interrupting {
                    entries.put("interrupting", truth(false));
                }
                let flows = self.branches(*place, end, "to");
                entries.put("then", flows);
            }
            list.push(Out::Map(entries.0));
        }
        if !list.is_empty() {
            entries.put("on", Out::List(list));
        }
    }

    /// The name and the id of an event in the list of another node.
    pub(super) fn listed(
        &self,
        of: Place,
        place: Place,
        event: &Event,
        taken: &mut BTreeMap<String, u32>,
        entries: &mut Entries,
    ) {
        let node = self.process.node(place);
        let label = naming::label(event);
        let count = taken.entry(label.clone()).and_modify(|count| *count += 1).or_insert(1);
        entries.named(&node.name, &naming::event_name(event));
        entries.some("description", described(node.description.as_deref()));
        if naming::numbered(self.id(of), &label, *count) != node.id.as_str() {
            entries.text("id", node.id.as_str());
        }
    }
}
