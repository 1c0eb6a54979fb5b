//! Rules about activities: what each kind of work must say, and how often it is done (§10.3).

use super::events::{blank_code, is_blank};
use super::outline::{Outline, activity, drawn, is_event_sub_process};
use super::parameters::{self, variable};
use crate::draft::{DraftActivity, DraftNode, DraftWork, Flaws};
use crate::{Binding, Input, MultiInstance, Raise, Repeat, TaskKind, Template, Work};
use serde_json::Value;
use std::collections::BTreeSet;

/// The largest start or completion quantity.
const LARGEST_QUANTITY: u32 = 1000;

pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) {
    for (position, node) in outline.nodes() {
        variables(&node.id, node.line, &node.variables, flaws);
        let Some(activity) = activity(&node.kind) else { continue };
        let mut told = Told { node, flaws };
        match &activity.work {
            DraftWork::Other(work) => told.work(work),
            DraftWork::Task(task) => told.raises(&task.raises),
        }
        if let Some(repeat) = &activity.repeat {
            told.repeat(repeat);
        }
        told.quantities(activity);
        told.place(activity, !outline.boundaries(position).is_empty());
    }
    let (id, line) = outline.told(None);
    variables(id, line, &outline.draft.variables, flaws);
}

/// An activity and where its flaws are told.
struct Told<'a, 'f> {
    node: &'a DraftNode,
    flaws: &'f mut Flaws,
}

impl Told<'_, '_> {
    fn add(&mut self, rule: &'static str, message: impl Into<String>) {
        self.flaws.add(rule, &self.node.id, self.node.line, message);
    }

    /// What is missed because something was refused is not missed again.
    fn misses(&mut self, rule: &'static str, message: &str) {
        if !self.node.refused && !self.flaws.tell_of(&self.node.id) {
            self.add(rule, message);
        }
    }

    fn variable(&mut self, name: Option<&String>) {
        if let Some(name) = name {
            variable(&self.node.id, self.node.line, name, self.flaws);
        }
    }

    fn raises(&mut self, raises: &[Raise]) {
        if raises.iter().any(|raise| blank_code(raise.error.code.as_deref(), true)) {
            self.misses("missing-name", "the error has no code; give it one");
        }
    }

    fn work(&mut self, work: &Work) {
        match work {
            Work::Task(_) | Work::Nothing(_) => {}
            Work::Script { script, result } => {
                if script.source().trim().is_empty() {
                    self.misses("missing-script", "the script is empty; write an expression");
                }
                self.variable(result.as_ref());
            }
            Work::Decision(decision) => {
                if is_blank(&decision.decision) {
                    let message = "the task does not say which decision it takes; name one";
                    self.misses("missing-decision", message);
                }
                self.binding(&decision.binding);
                self.variable(decision.result.as_ref());
            }
            Work::Send(message) | Work::Receive { message, .. } => {
                if is_blank(&message.name) {
                    self.misses("missing-name", "the message has no name; give it one");
                }
            }
            Work::Call(call) => {
                if is_blank(&call.process) {
                    self.misses("missing-process", "the call names no process; name one");
                }
                self.binding(&call.binding);
                for mapping in [&call.given, &call.taken] {
                    let names = mapping.entries.iter().map(|(name, _)| name);
                    names.for_each(|name| self.variable(Some(name)));
                }
            }
            Work::SubProcess(inner) => {
                variables(&self.node.id, self.node.line, &inner.contents.variables, self.flaws);
            }
        }
    }

    fn binding(&mut self, binding: &Binding) {
        match binding {
            Binding::Latest | Binding::Deployment => {}
            Binding::Version(version) => {
                if version.constant().is_some_and(|value| whole(value).is_none_or(|n| n < 1)) {
                    self.misses("wrong-version", "a version is a whole number from 1; write one");
                }
            }
            Binding::Tag(tag) => {
                if is_blank(tag) {
                    self.misses("wrong-version", "the version tag is empty; write one");
                }
            }
        }
    }

    fn repeat(&mut self, repeat: &Repeat) {
        match repeat {
            Repeat::Standard { condition, maximum, .. } => {
                if condition.is_none() && maximum.is_none() {
                    let message = "the loop would never end; give it a condition or a maximum";
                    self.misses("endless-loop", message);
                }
                if constant(maximum).is_some_and(|value| whole(value).is_none_or(|n| n < 1)) {
                    let message = "the most turns of a loop are a whole number from 1";
                    self.misses("wrong-number", message);
                }
            }
            Repeat::Multiple(multiple) => self.multiple(multiple),
        }
    }

    fn multiple(&mut self, multiple: &MultiInstance) {
        match (&multiple.cardinality, &multiple.collection) {
            (None, None) => {
                let message = "nothing says how many instances there are; give a number or a list";
                self.misses("missing-items", message);
            }
            (Some(_), Some(_)) => {
                let message = "a number and a list both say how many instances there are; take \
                               one of them away";
                self.add("missing-items", message);
            }
            (Some(_), None) if multiple.element.is_some() => {
                let message = "an instance gets an item of a list, and there is none; give the \
                               list, or take the element variable away";
                self.misses("missing-items", message);
            }
            _ => {}
        }
        if constant(&multiple.cardinality).is_some_and(|v| whole(v).is_none_or(|n| n < 0)) {
            self.misses("wrong-number", "how many instances there are is a whole number");
        }
        if constant(&multiple.collection).is_some_and(|value| !value.is_array()) {
            let message = "what the instances are made of is a list; write an expression for one";
            self.misses("wrong-type", message);
        }
        let items = multiple.collection.as_ref().and_then(Template::lone).map(str::trim);
        let into = multiple.gathered.as_ref().map(|(name, _)| name.as_str());
        for (name, _) in &self.node.variables {
            if [items, into].contains(&Some(name.as_str())) {
                let name = crate::excerpt(name);
                let message = format!(
                    "{name} begins and ends with each instance; take the items from a variable \
                     around, and gather into one"
                );
                self.add("unsupported-value", message);
            }
        }
        self.variable(multiple.element.as_ref());
        self.variable(multiple.gathered.as_ref().map(|(name, _)| name));
    }

    fn quantities(&mut self, activity: &DraftActivity) {
        let quantities = [
            (activity.start_quantity, "paths it takes to begin"),
            (activity.completion_quantity, "paths leave when it ends"),
        ];
        for (quantity, what) in quantities {
            if !(1..=LARGEST_QUANTITY).contains(&quantity) {
                let message = format!("how many {what} is a number from 1 to {LARGEST_QUANTITY}");
                self.add("wrong-quantity", message);
            }
        }
    }

    /// What begins by itself is not repeated, and takes no paths.
    fn place(&mut self, activity: &DraftActivity, watched: bool) {
        let event = is_event_sub_process(&self.node.kind);
        let quantity = activity.start_quantity > 1 || activity.completion_quantity > 1;
        let instantiates = super::outline::instantiates(&self.node.kind);
        let drawn = drawn(&self.node.kind).is_some_and(TaskKind::is_event);
        if drawn && (activity.repeat.is_some() || quantity || activity.for_compensation || watched)
        {
            let message = "an event is not repeated, undoes nothing and has no boundary; make it \
                           a send task";
            self.add("event-place", message);
        }
        if event && (activity.repeat.is_some() || quantity) {
            let message = "an event sub-process is done as often as its event happens; take the \
                           loop or quantity away";
            self.add("repeat-place", message);
        }
        if instantiates && (activity.repeat.is_some() || activity.start_quantity > 1) {
            let message = "an instance begins with one message; take the loop or quantity away";
            self.add("repeat-place", message);
        }
        if instantiates && (activity.for_compensation || watched) {
            let message = "an instance begins when the message has come, so nothing waits here; \
                           take the boundary events and the mark for compensation away";
            self.add("instantiate-place", message);
        }
        if activity.for_compensation && quantity {
            let message = "no path comes to what undoes another; take the quantity away";
            self.add("repeat-place", message);
        }
    }
}

/// Variables have names that can be read, each of them once.
fn variables(id: &str, line: u32, variables: &[(String, Option<Input>)], flaws: &mut Flaws) {
    let mut seen = BTreeSet::new();
    for (name, _) in variables {
        parameters::variable(id, line, name, flaws);
        if !seen.insert(name) {
            let name = crate::excerpt(name);
            let message = format!("the variable {name} is there twice; take one of the two away");
            flaws.add("duplicate-variable", id, line, message);
        }
    }
}

fn constant(template: &Option<Template>) -> Option<&Value> {
    template.as_ref().and_then(Template::constant)
}

/// A whole number, also one that is written as text.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
