//! Error (BPMN 2.0.2 §10.5.5, §13.5.3): raised by an activity or thrown by an end event, caught by a
//! boundary event or an event sub-process, always interrupting.

use definitions::{ErrorDefinition, Event as Definition, EventDefinition, Kind};
use serde_json::{Map, Value};

use super::catcher::{self, Catcher, Fit};
use super::{activity, boundary_event, event_sub_process, trigger};
use crate::walk::{Visit, Walk, properties};
use crate::{Event, Failure, Moment};

/// An activity has ended with an error. One that nothing catches is an incident; in a called
/// instance, it is the caller's.
pub(crate) fn raised(walk: &mut Walk<'_>, visit: Visit<'_>, code: &str, message: &str) {
    if catch(walk, visit, code, message) {
        return;
    }
    if walk.instance.is_called() {
        return fail(walk, code, message);
    }
    let colon = if message.is_empty() { "" } else { ": " };
    let message = format!("no boundary event catches the error `{code}`{colon}{message}");
    walk.stop(visit, Moment::Running, message);
}

/// An error end event: the path ends with an error. One that nothing catches ends the instance.
pub(crate) fn throw(walk: &mut Walk<'_>, visit: Visit<'_>, thrown: &ErrorDefinition) {
    let code = thrown.code.as_deref().unwrap_or_default();
    let view = walk.view_at(visit);
    let message = match thrown.message.as_ref().map(|message| message.evaluate(&view)) {
        None => String::new(),
        Some(Ok(serde_json::Value::String(text))) => text,
        Some(Ok(value)) => value.to_string(),
        Some(Err(error)) => {
            let message = format!("the message of the error: {error}");
            return walk.stop(visit, Moment::Entering, message);
        }
    };
    let (path, node) = (visit.path, visit.node.id.clone());
    walk.record(Event::ErrorRaised { path, node, code: code.to_owned(), message: message.clone() });
    if !catch(walk, visit, code, &message) {
        fail(walk, code, &message);
    }
}

fn catch(walk: &mut Walk<'_>, visit: Visit<'_>, code: &str, message: &str) -> bool {
    let fit = |definition: &EventDefinition| match definition {
        EventDefinition::Error(error) => match error.code.as_deref() {
            Some(caught) if caught == code => Fit::Exact,
            Some(_) => Fit::No,
            None => Fit::Any,
        },
        _ => Fit::No,
    };
    match catcher::find(walk, visit.path, fit) {
        Some(Catcher::Boundary { host, place }) => {
            let Some(host) = walk.visit(host) else { return false };
            let node = walk.process.node(place);
            let Kind::Boundary(boundary) = &node.kind else { return false };
            let told = variables(&boundary.event, code, message);
            let (own, around): (Map<_, _>, _) =
                told.into_iter().partition(|(name, _)| properties::is_of(node, name));
            walk.write_around(host, trigger::writes(&around));
            boundary_event::interrupt(walk, host, place, own);
        }
        Some(Catcher::Start { scope, place }) => {
            let Kind::StartEvent(start) = &walk.process.node(place).kind else { return false };
            let payload = variables(&start.event, code, message);
            event_sub_process::happened(walk, scope, place, start, payload);
        }
        None => return false,
    }
    true
}

/// The variables that the catching event names get the code and the message.
fn variables(event: &Definition, code: &str, message: &str) -> Map<String, Value> {
    let error = event.definitions.iter().find_map(|definition| match definition {
        EventDefinition::Error(error) => Some(error),
        _ => None,
    });
    let Some(error) = error else { return Map::new() };
    let values = [(&error.code_variable, code), (&error.message_variable, message)];
    values.into_iter().filter_map(|(name, value)| Some((name.clone()?, value.into()))).collect()
}

/// The instance ends with an error, and all that is under way in it.
fn fail(walk: &mut Walk<'_>, code: &str, message: &str) {
    activity::withdraw_all(walk, None);
    trigger::end_all_of_scope(walk, None);
    walk.record(Event::Failed(Failure { code: code.to_owned(), message: message.to_owned() }));
}
