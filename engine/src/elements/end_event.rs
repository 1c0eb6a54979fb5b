//! End event (BPMN 2.0.2 §10.5.3, §13.5.4): a path ends, and may make something happen.

use definitions::{Event as Definition, EventDefinition};

use super::{cancel_event, compensation, error, escalation, terminate_event, throw_event};
use crate::Moment;
use crate::walk::{Visit, Walk};

/// A path is here and ends.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, event: &'a Definition) {
    if event.is_none() {
        return walk.end(visit);
    }
    if let Err(message) = throw_event::send(walk, visit, event) {
        return walk.stop(visit, Moment::Entering, message);
    }
    // What goes on afterwards comes first; then what the end of the path is.
    if escalation::throw(walk, visit, event) {
        go_on(walk, visit, event);
    }
}

/// What it escalates has been heard.
pub(crate) fn go_on<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, event: &'a Definition) {
    for definition in &event.definitions {
        match definition {
            EventDefinition::Error(thrown) => return error::throw(walk, visit, thrown),
            EventDefinition::Compensation(thrown) => {
                return compensation::throw(walk, visit, thrown);
            }
            EventDefinition::Cancel => return cancel_event::throw(walk, visit),
            EventDefinition::Terminate => return terminate_event::enter(walk, visit),
            EventDefinition::Message(_)
            | EventDefinition::Signal { .. }
            | EventDefinition::Timer(_)
            | EventDefinition::Conditional(_)
            | EventDefinition::Escalation(_)
            | EventDefinition::Link { .. } => {}
        }
    }
    walk.end(visit);
}
