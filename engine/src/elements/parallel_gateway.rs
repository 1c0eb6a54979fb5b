//! Parallel gateway (BPMN 2.0.2 §10.6.4, §13.4.1): awaits one path on each incoming flow, then goes
//! along all outgoing ones.

use definitions::Flow;

use crate::Event;
use crate::walk::{Visit, Walk};

/// A path arrives. If it was the last one missing, one path of each incoming flow is taken, the
/// oldest of each; surplus arrivals stay and count for the next time.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, by: Option<&Flow>) {
    let incoming = walk.process.incoming_count(visit.place);
    let Some(by) = by.filter(|_| incoming > 1) else { return walk.leave(visit) };
    let node = &visit.node.id;
    walk.record(Event::Arrived { path: visit.path, node: node.clone(), flow: by.id.to_string() });
    let Some(arrivals) = walk.instance.arrivals(visit.scope, node) else { return };
    if arrivals.flows().len() < incoming {
        return;
    }
    let path = arrivals.oldest_along(&by.id).unwrap_or(visit.path);
    let mut with = arrivals.oldest();
    with.retain(|other| *other != path);
    walk.record(Event::Joined { path, node: node.clone(), with });
    walk.leave(Visit { path, ..visit });
}
