//! Start event (BPMN 2.0.2 §10.5.2, §13.5.1): a path begins and goes along every flow that leaves.

use definitions::Kind;

use super::trigger;
use crate::Moment;
use crate::walk::{Visit, Walk};

/// The first path of a scope is here, with what came if something triggered it.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    if let Kind::StartEvent(start) = &visit.node.kind
        && !start.event.is_none()
    {
        let payload = walk.instance.path(visit.path).map(|path| path.locals().clone());
        let payload = payload.unwrap_or_default();
        if let Err(message) = trigger::take(walk, visit, &start.event, &payload) {
            return walk.stop(visit, Moment::Entering, message);
        }
    }
    walk.leave(visit);
}
