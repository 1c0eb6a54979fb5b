//! Escalation (BPMN 2.0.2 §10.5.5, §13.5.3): tells the scopes around of something. The path goes on,
//! unless the event that catches it interrupts.

use definitions::{Escalation, Event as Definition, EventDefinition, Kind};
use serde_json::{Map, Value};

use super::catcher::{self, Catcher, Fit};
use super::{boundary_event, event_sub_process};
use crate::walk::{Visit, Walk};
use crate::{Effect, Event};

/// A throwing event escalates; whether its path goes on at once. It does not where it was interrupted, nor before a
/// caller has heard of what nothing here catches, who may end all this.
pub(crate) fn throw(walk: &mut Walk<'_>, visit: Visit<'_>, event: &Definition) -> bool {
    let mut told = Vec::new();
    for definition in &event.definitions {
        let EventDefinition::Escalation(Escalation { code, .. }) = definition else { continue };
        let code = code.as_deref().unwrap_or_default();
        if raise(walk, visit, code) {
            told.push(code.to_owned());
        }
        if walk.instance.path(visit.path).is_none() {
            return false;
        }
    }
    let Some(last) = told.pop() else { return true };
    let tell = |code| Effect::EscalateToCaller { code, path: None };
    told.into_iter().map(tell).for_each(|effect| walk.ask(effect));
    walk.ask(Effect::EscalateToCaller { code: last, path: Some(visit.path) });
    walk.record(Event::Rested { path: visit.path, node: visit.node.id.clone() });
    false
}

/// Something is escalated at a path; whether nothing catches it and there is a caller to be told. Without one, nothing
/// happens.
pub(crate) fn raise(walk: &mut Walk<'_>, visit: Visit<'_>, code: &str) -> bool {
    let (path, node) = (visit.path, visit.node.id.clone());
    walk.record(Event::Escalated { path, node, code: code.to_owned() });
    let fit = |definition: &EventDefinition| match definition {
        EventDefinition::Escalation(escalation) => match escalation.code.as_deref() {
            Some(caught) if caught == code => Fit::Exact,
            Some(_) => Fit::No,
            None => Fit::Any,
        },
        _ => Fit::No,
    };
    match catcher::find(walk, visit.path, fit) {
        Some(Catcher::Boundary { host, place }) => {
            if let (Some(host), Kind::Boundary(boundary)) =
                (walk.visit(host), &walk.process.node(place).kind)
            {
                let payload = payload(&boundary.event, code);
                boundary_event::happened(walk, host, place, boundary, payload, false);
            }
            false
        }
        Some(Catcher::Start { scope, place }) => {
            if let Kind::StartEvent(start) = &walk.process.node(place).kind {
                let payload = payload(&start.event, code);
                event_sub_process::happened(walk, scope, place, start, payload);
            }
            false
        }
        None => walk.instance.is_called(),
    }
}

/// The variable that the catching event names gets the code.
fn payload(event: &Definition, code: &str) -> Map<String, Value> {
    let variable = event.definitions.iter().find_map(|definition| match definition {
        EventDefinition::Escalation(escalation) => escalation.code_variable.clone(),
        _ => None,
    });
    variable.into_iter().map(|name| (name, code.into())).collect()
}
