//! Message (BPMN 2.0.2 §8.4.2, §10.5.5): what is awaited of one, and how one is sent.

use definitions::{Activity, Message};
use serde_json::{Map, Value};

use super::{activity, completion};
use crate::view::{View, kind_of, text};
use crate::walk::{Visit, Walk};
use crate::{Awaited, Effect, Event, Moment, correlation_key};

/// The message that is awaited, with its name and key evaluated.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn awaited(message: &Message, view: &View<'_>) -> Result<Awaited, String> {
    let (name, key) = name_and_key(message, view)?;
    Ok(Awaited::Message { name, key })
}

fn name_and_key(message: &Message, view: &View<'_>) -> Result<(String, Option<String>), String> {
    let name = text(&message.name, view, "the name of the message")?;
    let Some(key) = &message.key else { return Ok((name, None)) };
    let value = key.evaluate(view).map_err(|error| format!("the correlation key: {error}"))?;
    let key = correlation_key(&value).ok_or_else(|| {
        let kind = kind_of(&value);
        format!("the correlation key is a text, or a list of up to 16 texts, not {kind}")
    })?;
    Ok((name, Some(key)))
}

/// Sends a message from where a path stands.
///
/// # Errors
/// What is wrong, in words; nothing is sent then.
pub(crate) fn send(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    message: &Message,
    payload: Map<String, Value>,
) -> Result<(), String> {
    let (name, key) = address(walk, visit, message, &payload)?;
    let (path, node) = (visit.path, visit.node.id.clone());
    walk.record(Event::Sent { path, node: node.clone(), name: name.clone(), key: key.clone() });
    walk.ask(Effect::SendMessage { node, name, key, payload });
    Ok(())
}

/// The name and the key of a message that is sent from where a path stands.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn address(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    message: &Message,
    payload: &Map<String, Value>,
) -> Result<(String, Option<String>), String> {
    name_and_key(message, &View { locals: Some(payload), ..activity::within(walk, visit.path) })
}

/// Send task without an activity (§10.3.3, §13.3.3): its inputs are sent, and it is done.
pub(crate) fn send_task<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    message: &Message,
) {
    let payload = walk.instance.path(visit.path).map(|path| path.locals().clone());
    match send(walk, visit, message, payload.unwrap_or_default()) {
        Ok(()) => completion::complete(walk, visit, activity, Map::new()),
        Err(message) => walk.stop(visit, Moment::Running, message),
    }
}
