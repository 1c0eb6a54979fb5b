//! Receive task (BPMN 2.0.2 §10.3.3, §13.3.3): the path rests until a message comes.

use definitions::{Activity, Message};
use serde_json::{Map, Value};

use super::{activity, completion, message, trigger};
use crate::catch::Owner;
use crate::walk::{Visit, Walk};
use crate::{Event, Moment};

/// The message is awaited.
pub(crate) fn wait(walk: &mut Walk<'_>, visit: Visit<'_>, awaited: &Message) {
    match message::awaited(awaited, &activity::within(walk, visit.path)) {
        Ok(awaited) => {
            let plan = trigger::Plan { definition: 0, on: trigger::On::Catch(awaited) };
            trigger::subscribe(walk, Owner::path(visit.path), visit.place, vec![plan]);
            walk.record(Event::Rested { path: visit.path, node: visit.node.id.clone() });
        }
        Err(message) => walk.stop(visit, Moment::Running, message),
    }
}

/// The message has come. Its payload is what output mappings see; without any it becomes variables.
pub(crate) fn receive<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    payload: Map<String, Value>,
) {
    completion::complete(walk, visit, activity, payload);
}
