//! Intermediate catch event (BPMN 2.0.2 §10.5.4, §13.5.2): the path rests until what it awaits has
//! come; so it does at a start event that awaits further triggers. What came at a start or boundary event is taken
//! over again here too, after an incident.

use definitions::{Event as Definition, EventDefinition, Kind};
use serde_json::{Map, Value};

use super::trigger;
use crate::catch::Owner;
use crate::walk::{Visit, Walk};
use crate::{Event, Moment};

/// A path is here. A catching link lets it through.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, event: &'a Definition) {
    if event.is_none() || matches!(event.only(), Some(EventDefinition::Link { .. })) {
        return walk.leave(visit);
    }
    match trigger::plan(walk, visit.place, event, &walk.view_at(visit)) {
        Ok(plans) => {
            // At rest first: a condition may hold at once.
            walk.record(Event::Rested { path: visit.path, node: visit.node.id.clone() });
            trigger::subscribe(walk, Owner::path(visit.path), visit.place, plans);
        }
        Err(message) => walk.stop(visit, Moment::Entering, message),
    }
}

/// What it awaited has come.
pub(crate) fn happened<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, payload: Map<String, Value>) {
    trigger::stop_waiting(walk, visit);
    go_on(walk, visit, payload);
}

/// Takes over what came, and leaves; what cannot be taken over is kept for a retry.
pub(crate) fn go_on<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, payload: Map<String, Value>) {
    let event = match &visit.node.kind {
        Kind::CatchEvent(event) => event,
        Kind::StartEvent(start) => &start.event,
        Kind::Boundary(boundary) => &boundary.event,
        _ => return,
    };
    // A path that comes from an event gateway has been here no longer than what came.
    let declared = walk.declare_missing(visit);
    match declared.and_then(|()| trigger::take(walk, visit, event, &payload)) {
        Ok(()) => walk.leave(visit),
        Err(message) => {
            let (path, node) = (visit.path, visit.node.id.clone());
            walk.record(Event::Answered { path, node, locals: std::sync::Arc::new(payload) });
            walk.stop(visit, Moment::Leaving, message);
        }
    }
}
