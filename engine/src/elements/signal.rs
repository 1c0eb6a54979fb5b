//! Signal (BPMN 2.0.2 §10.5.5): what is awaited of one, how one is sent, and how one reaches all
//! that await it.

use definitions::Template;
use serde_json::{Map, Value};

use super::trigger;
use crate::view::{View, text};
use crate::walk::{Visit, Walk};
use crate::{Awaited, CatchId, Effect, Event};

/// The signal that is awaited, with its name evaluated.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn awaited(name: &Template, view: &View<'_>) -> Result<Awaited, String> {
    Ok(Awaited::Signal { name: text(name, view, "the name of the signal")? })
}

/// Sends a signal from where a path stands.
///
/// # Errors
/// What is wrong, in words; nothing is sent then.
pub(crate) fn send(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    name: &Template,
    payload: Map<String, Value>,
) -> Result<(), String> {
    let name = address(walk, visit, name, &payload)?;
    let (path, node) = (visit.path, visit.node.id.clone());
    walk.record(Event::Signalled { path, node: node.clone(), name: name.clone() });
    walk.ask(Effect::SendSignal { node, name, payload });
    Ok(())
}

/// The name of a signal that is sent from where a path stands.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn address(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    name: &Template,
    payload: &Map<String, Value>,
) -> Result<String, String> {
    let view = View { locals: Some(payload), ..walk.view_at(visit) };
    text(name, &view, "the name of the signal")
}

/// Whether something awaits a signal.
pub(crate) fn waiting(instance: &crate::Instance, signal: &str) -> Vec<CatchId> {
    let wanted = |awaited: &Awaited| matches!(awaited, Awaited::Signal { name } if name == signal);
    instance.catches().filter(|(_, catch)| wanted(catch.awaited())).map(|(id, _)| id).collect()
}

/// A signal reaches all that await it at this moment, the oldest first.
pub(crate) fn receive(walk: &mut Walk<'_>, signal: &str, payload: &Map<String, Value>) {
    for catch in waiting(walk.instance, signal) {
        trigger::caught(walk, catch, payload.clone());
    }
}
