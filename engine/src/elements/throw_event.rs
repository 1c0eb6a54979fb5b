//! Intermediate throw event (BPMN 2.0.2 §10.5.4, §13.5.2): makes something happen, and goes on.

use definitions::{Event as Definition, EventDefinition};
use serde_json::{Map, Value};

use super::{compensation, escalation, link_event, message, signal, trigger};
use crate::Moment;
use crate::walk::{Visit, Walk};

/// A path is here: what the event says happens, and the path goes on. Compensation comes last, since the path awaits it.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, event: &'a Definition) {
    if let Err(message) = send(walk, visit, event) {
        return walk.stop(visit, Moment::Entering, message);
    }
    if escalation::throw(walk, visit, event) {
        go_on(walk, visit, event);
    }
}

/// What it escalates has been heard.
pub(crate) fn go_on<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, event: &'a Definition) {
    for definition in &event.definitions {
        if let EventDefinition::Link { name } = definition {
            return link_event::throw(walk, visit, name);
        }
    }
    let undoes = event.definitions.iter().find_map(|definition| match definition {
        EventDefinition::Compensation(compensation) => Some(compensation),
        _ => None,
    });
    match undoes {
        Some(compensation) => compensation::throw(walk, visit, compensation),
        None => walk.leave(visit),
    }
}

/// Sends the messages and signals of a throwing event.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn send(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    event: &Definition,
) -> Result<(), String> {
    let sends = |definition: &EventDefinition| {
        matches!(definition, EventDefinition::Message(_) | EventDefinition::Signal { .. })
    };
    if !event.definitions.iter().any(sends) {
        return Ok(());
    }
    let payload = trigger::payload(walk, visit, event)?;
    if event.definitions.len() > 1 {
        addresses(walk, visit, event, &payload)?;
    }
    for definition in &event.definitions {
        match definition {
            EventDefinition::Message(message) => {
                message::send(walk, visit, message, payload.clone())?;
            }
            EventDefinition::Signal { name } => signal::send(walk, visit, name, payload.clone())?,
            _ => {}
        }
    }
    Ok(())
}

/// All are sent or none: what could not be sent is sent again with the rest when it is retried.
fn addresses(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    event: &Definition,
    payload: &Map<String, Value>,
) -> Result<(), String> {
    for definition in &event.definitions {
        match definition {
            EventDefinition::Message(message) => {
                drop(message::address(walk, visit, message, payload)?);
            }
            EventDefinition::Signal { name } => {
                drop(signal::address(walk, visit, name, payload)?);
            }
            _ => {}
        }
    }
    Ok(())
}
