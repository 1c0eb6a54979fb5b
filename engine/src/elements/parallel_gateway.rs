//! Parallel gateway (BPMN 2.0.2 §10.6, §13.4.1): awaits one path on each incoming flow, then goes along all outgoing ones.

use std::collections::BTreeMap;

use definitions::{Flow, Process};

use crate::walk::{Visit, Walk};
use crate::{Event, PathId, PathState};

/// Whether paths have to await each other here.
pub(crate) fn joins(process: &Process, visit: Visit<'_>) -> bool {
    process.incoming_count(visit.place) > 1
}

/// A path arrives. If it was the last one missing, one path of each incoming flow is taken, the oldest of each;
/// surplus arrivals stay and count for the next time.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, by: Option<&Flow>) {
    let Some(by) = by.filter(|_| joins(walk.process, visit)) else { return walk.leave(visit) };
    let node = &visit.node.id;
    walk.record(Event::Arrived { path: visit.path, node: node.clone(), flow: by.id.clone() });
    let mut oldest: BTreeMap<&str, PathId> = BTreeMap::new();
    for (id, path) in walk.instance.paths() {
        if let PathState::Joining { flow } = path.state()
            && path.node() == node
        {
            oldest.entry(flow).or_insert(id);
        }
    }
    if oldest.len() < walk.process.incoming_count(visit.place) {
        return;
    }
    let path = oldest.remove(by.id.as_str()).unwrap_or(visit.path);
    let mut with: Vec<PathId> = oldest.into_values().collect();
    with.sort();
    walk.record(Event::Joined { path, node: node.clone(), with });
    walk.leave(Visit { path, ..visit });
}
