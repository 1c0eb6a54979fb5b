//! Start event (BPMN 2.0.2 §10.5.2, §13.5.1): a path begins and goes along every flow that leaves; where
//! all of several triggers have to come, once the last of them has.

use definitions::{Kind, Node, StartEvent};
use serde_json::{Map, Value};

use super::trigger;
use crate::catch::Owner;
use crate::walk::{Visit, Walk, properties};
use crate::{Event, Moment};

/// The local that says which trigger the instance was begun by.
const TRIGGER: &str = "trigger";

/// What a path at the start event of a process has to know of the trigger that came first.
pub(crate) fn came(kind: &Kind, trigger: u16) -> Map<String, Value> {
    match kind {
        Kind::StartEvent(start) if awaits_all(start) => {
            [(TRIGGER.to_owned(), trigger.into())].into_iter().collect()
        }
        _ => Map::new(),
    }
}

/// Whether what comes under a name when an instance begins at a node goes to a property of that.
pub(crate) fn takes(node: &Node, name: &str) -> bool {
    let plain = matches!(&node.kind, Kind::StartEvent(start) if start.event.is_none());
    !plain && properties::is_of(node, name)
}

fn awaits_all(start: &StartEvent) -> bool {
    start.event.parallel_multiple && start.event.definitions.len() > 1
}

/// The first path of a scope is here, with what came if something triggered it.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    if let Kind::StartEvent(start) = &visit.node.kind
        && !start.event.is_none()
    {
        let locals = walk.instance.path(visit.path).map(|path| path.locals().clone());
        let locals = locals.unwrap_or_default();
        // An event sub-process begins when all have come.
        if visit.scope.is_none() && awaits_all(start) {
            return await_others(walk, visit, start, locals);
        }
        if let Err(message) = trigger::take(walk, visit, &start.event, &locals) {
            return walk.stop(visit, Moment::Leaving, message);
        }
    }
    walk.leave(visit);
}

/// The path rests until the other triggers have come too; what the first one brought are the first
/// variables, or properties of the event.
fn await_others(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    start: &StartEvent,
    mut came: Map<String, Value>,
) {
    match trigger::plan(walk, visit.place, &start.event, &walk.view_at(visit)) {
        Ok(mut plans) => {
            let first = came.remove(TRIGGER).and_then(|first| first.as_u64());
            plans.retain(|plan| Some(u64::from(plan.definition)) != first);
            walk.write(visit, trigger::writes(&came));
            walk.record(Event::Rested { path: visit.path, node: visit.node.id.clone() });
            trigger::subscribe(walk, Owner::path(visit.path), visit.place, plans);
        }
        Err(message) => walk.stop(visit, Moment::Entering, message),
    }
}
