//! The meaning of events as canonical JSON: their definitions, and what goes in and comes out.

use super::{Fields, values};
use crate::{
    Change, Compensation, Condition, ErrorDefinition, Escalation, Event, EventDefinition, Message,
};
use serde_json::{Value, json};

/// Puts what an event awaits or makes happen, and what it gives and keeps.
pub(super) fn event(event: &Event, thrown: bool, fields: &mut Fields) {
    let Event { definitions, parallel_multiple, sends_all, inputs, outputs } = event;
    match &definitions[..] {
        [] => {}
        [only] => fields.put("trigger", definition(only, thrown)),
        several => {
            let all = thrown || *parallel_multiple;
            let several: Vec<Value> = several.iter().map(|one| definition(one, thrown)).collect();
            let key = if all { "all" } else { "any" };
            fields.put("trigger", json!({ key: several }));
        }
    }
    fields.mark("sendsAll", *sends_all);
    if !inputs.is_empty() {
        fields.put("inputs", values::inputs(inputs));
    }
    fields.list("outputs", values::pairs(outputs));
}

/// Whether an event undoes what was done.
pub(super) fn is_compensation(event: &Event) -> bool {
    matches!(event.only(), Some(EventDefinition::Compensation(_)))
}

fn definition(definition: &EventDefinition, thrown: bool) -> Value {
    match definition {
        EventDefinition::Message(one) => json!({ "message": message(one) }),
        EventDefinition::Timer(timer) => values::timer(timer),
        EventDefinition::Signal { name } => json!({ "signal": values::template(name) }),
        EventDefinition::Error(ErrorDefinition {
            code,
            message,
            code_variable,
            message_variable,
        }) if thrown => {
            // What a throwing event cannot keep means nothing.
            let (_, _) = (code_variable, message_variable);
            json!({ "error": code, "message": message.as_ref().map(values::template) })
        }
        EventDefinition::Error(ErrorDefinition {
            code,
            message: _,
            code_variable,
            message_variable,
        }) => json!({
            "error": code,
            "codeVariable": code_variable,
            "messageVariable": message_variable,
        }),
        EventDefinition::Escalation(Escalation { code, code_variable }) => json!({
            "escalation": code,
            "codeVariable": code_variable.as_ref().filter(|_| !thrown),
        }),
        EventDefinition::Compensation(Compensation { activity, wait }) => match thrown {
            true => json!({
                "compensation": activity.as_ref().map(|id| id.as_str()),
                "wait": wait,
            }),
            false => json!({ "compensation": true }),
        },
        EventDefinition::Conditional(one) => condition(one),
        EventDefinition::Link { name } => json!({ "link": name }),
        EventDefinition::Terminate => json!({ "terminate": true }),
        EventDefinition::Cancel => json!({ "cancel": true }),
    }
}

fn condition(condition: &Condition) -> Value {
    let Condition { condition, variable, change } = condition;
    let mut meaning = json!({ "condition": condition.source() });
    if let Some(variable) = variable {
        meaning["variable"] = variable.as_str().into();
    }
    match change {
        Change::Any => {}
        Change::Created => meaning["change"] = "created".into(),
        Change::Updated => meaning["change"] = "updated".into(),
    }
    meaning
}

/// A message with its correlation key.
pub(super) fn message(message: &Message) -> Value {
    let Message { name, key } = message;
    json!({ "name": values::template(name), "key": key.as_ref().map(values::template) })
}
