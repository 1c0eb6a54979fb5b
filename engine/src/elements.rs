//! The elements of BPMN, one file each, and which of them a moment of a path concerns.

pub(crate) mod end_event;
pub(crate) mod error_boundary;
pub(crate) mod exclusive_gateway;
pub(crate) mod parallel_gateway;
pub(crate) mod start_event;
pub(crate) mod task;
pub(crate) mod timer_boundary;

use definitions::{EventDefinition, Flow, Kind, Place};

use crate::Event;
use crate::walk::{Visit, Walk};

/// A path has come to a node.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, by: Option<&'a Flow>) {
    match &visit.node.kind {
        Kind::StartEvent(_) => start_event::enter(walk, visit),
        Kind::EndEvent(_) => end_event::enter(walk, visit),
        Kind::Activity(activity) => task::enter(walk, visit, activity),
        Kind::ExclusiveGateway => exclusive_gateway::enter(walk, visit),
        Kind::ParallelGateway => parallel_gateway::enter(walk, visit, by),
        Kind::Boundary(boundary) => match boundary.event.only() {
            Some(EventDefinition::Error(_)) => error_boundary::enter(walk, visit),
            _ => timer_boundary::enter(walk, visit),
        },
        _ => walk.leave(visit),
    }
}

/// All paths rest. The process as a scope has no path left: the instance is complete (BPMN 2.0.2
/// §13.2).
pub(crate) fn emptied(walk: &mut Walk<'_>) {
    if walk.is_emptied() {
        walk.record(Event::Finished);
    }
}

/// A boundary event ends the stay of a path at its task, and a new path comes out of the event.
fn interrupt(walk: &mut Walk<'_>, host: Visit<'_>, by: Place) {
    task::cancel(walk, host.path);
    let node = host.node.id.clone();
    let event = walk.process.node(by).id.clone();
    walk.record(Event::Interrupted { path: host.path, node, by: event });
    walk.go(None, None, by);
}
