//! Escalation (BPMN 2.0.2 §10.5.5, §13.5.3): tells the scopes around of something. The path goes on,
//! unless the event that catches it interrupts.

use definitions::{Escalation, Event as Definition, EventDefinition, Kind};
use serde_json::{Map, Value};

use super::catcher::{self, Catcher, Fit};
use super::{boundary_event, event_sub_process};
use crate::walk::{Visit, Walk};
use crate::{Effect, Event};

/// A throwing event escalates.
pub(crate) fn throw(walk: &mut Walk<'_>, visit: Visit<'_>, thrown: &Escalation) {
    raise(walk, visit, thrown.code.as_deref().unwrap_or_default());
}

/// Something is escalated at a path. What nothing catches, the caller is told of; without one,
/// nothing happens.
pub(crate) fn raise(walk: &mut Walk<'_>, visit: Visit<'_>, code: &str) {
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
            let (Some(host), Kind::Boundary(boundary)) =
                (walk.visit(host), &walk.process.node(place).kind)
            else {
                return;
            };
            let payload = payload(&boundary.event, code);
            boundary_event::happened(walk, host, place, boundary, payload, false);
        }
        Some(Catcher::Start { scope, place }) => {
            let Kind::StartEvent(start) = &walk.process.node(place).kind else { return };
            event_sub_process::happened(walk, scope, place, start, payload(&start.event, code));
        }
        None if walk.instance.is_called() => {
            walk.ask(Effect::EscalateToCaller { code: code.to_owned() });
        }
        None => {}
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
