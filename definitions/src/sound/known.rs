//! Variables of the process that are never null: they begin with a value, and nothing in the
//! definition sets them to null. That whoever begins it gives a null is left aside.

use crate::{Activity, Event, EventDefinition, Input, Kind, Process, Repeat, Work};
use std::collections::BTreeSet;

/// The names of these variables.
pub(super) fn never_null(process: &Process) -> BTreeSet<&str> {
    let begun = &process.contents(None).variables;
    let begins = |(name, value): &&(String, Option<Input>)| {
        value.as_ref().is_some_and(Input::has_value) && !name.starts_with('_')
    };
    let mut names = Names(begun.iter().filter(begins).map(|(name, _)| &**name).collect());
    for (place, node) in process.nodes() {
        node.variables.iter().for_each(|(name, _)| names.lose(name));
        for (name, value) in node.enter.iter().chain(&node.leave) {
            names.written(name, value.has_value());
        }
        for (name, value) in process.outgoing(place).flat_map(|(flow, _)| &flow.sets) {
            names.written(name, value.has_value());
        }
        match &node.kind {
            Kind::Activity(activity) => names.activity(activity),
            Kind::StartEvent(start) => {
                start.initiator.iter().for_each(|name| names.lose(name));
                names.event(&start.event);
            }
            Kind::CatchEvent(event) => names.event(event),
            Kind::Boundary(boundary) => names.event(&boundary.event),
            _ => {}
        }
    }
    names.0
}

/// The variables that nothing was found to set to null.
struct Names<'p>(BTreeSet<&'p str>);

impl Names<'_> {
    fn lose(&mut self, name: &str) {
        self.0.remove(name);
    }

    fn written(&mut self, name: &str, with_value: bool) {
        if !with_value {
            self.lose(name);
        }
    }

    fn inputs(&mut self, inputs: &[(String, Input)]) {
        inputs.iter().for_each(|(name, value)| self.written(name, value.has_value()));
    }

    fn activity(&mut self, activity: &Activity) {
        // What is local under the same name is another variable.
        activity.inputs.iter().for_each(|(name, _)| self.lose(name));
        self.inputs(&activity.outputs);
        if let Some(Repeat::Multiple(each)) = &activity.repeat {
            each.element.iter().for_each(|name| self.lose(name));
            each.gathered.iter().for_each(|(name, _)| self.lose(name));
        }
        match &activity.work {
            Work::Script { script, result: Some(name) } => self.written(name, script.has_value()),
            Work::Decision(decision) => decision.result.iter().for_each(|name| self.lose(name)),
            Work::Call(call) if call.taken.all => self.0.clear(),
            Work::Call(call) => self.inputs(&call.taken.entries),
            Work::Receive { .. } if activity.outputs.is_empty() => self.0.clear(),
            Work::Task(task) => {
                let errors = task.raises.iter().map(|raise| &raise.error);
                let names = errors.flat_map(|one| [&one.code_variable, &one.message_variable]);
                names.flatten().for_each(|name| self.lose(name));
            }
            Work::SubProcess(inner) => {
                inner.contents.variables.iter().for_each(|(name, _)| self.lose(name));
            }
            _ => {}
        }
    }

    /// What a catching event sets: without outputs all that it receives.
    fn event(&mut self, event: &Event) {
        self.inputs(&event.outputs);
        for definition in &event.definitions {
            match definition {
                EventDefinition::Message(_) | EventDefinition::Signal { .. }
                    if event.outputs.is_empty() =>
                {
                    self.0.clear();
                }
                EventDefinition::Error(error) => {
                    let names = [&error.code_variable, &error.message_variable];
                    names.into_iter().flatten().for_each(|name| self.lose(name));
                }
                EventDefinition::Escalation(escalation) => {
                    escalation.code_variable.iter().for_each(|name| self.lose(name));
                }
                _ => {}
            }
        }
    }
}
