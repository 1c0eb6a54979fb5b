//! End event, none (BPMN 2.0.2 §10.5.3, §13.5.6): the path that reaches it ends, the others go on.

use crate::Event;
use crate::walk::{Visit, Walk};

/// A path ends here.
pub(crate) fn enter(walk: &mut Walk<'_>, visit: Visit<'_>) {
    walk.record(Event::Ended { path: visit.path, node: visit.node.id.clone() });
}
