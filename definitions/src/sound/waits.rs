//! What waits for ever: somebody is awaited, and no time limit ends it anywhere around.

use super::elements::Elements;
use super::net::Element;
use crate::{Boundary, Catalog, Event, EventDefinition, Kind, Work};

/// Whether a path may stay at a node until somebody outside does something, for ever.
pub(super) fn for_ever(elements: &Elements<'_>, catalog: &Catalog, node: Element) -> bool {
    waits(elements, catalog, node) && !is_limited(elements, node)
}

/// What ends the wait at a node, as a clause.
pub(super) fn remedy(elements: &Elements<'_>, node: Element) -> &'static str {
    match elements.kind(node) {
        Kind::EventGateway(gateway) if gateway.instantiate => {
            "after the first of its events nothing ends the wait when another does not happen; put \
             an event sub-process with a timer beside it"
        }
        Kind::EventGateway(_) => {
            "nothing ends the wait when none of its events happens; add a timer to them"
        }
        Kind::CatchEvent(_) => {
            "nothing ends the wait when the event does not happen; put it behind an event gateway \
             together with a timer, or in a sub-process with a timer on its boundary"
        }
        _ => {
            "nothing ends the wait when nobody answers; put a timer on it or on a sub-process \
             around it"
        }
    }
}

fn waits(elements: &Elements<'_>, catalog: &Catalog, node: Element) -> bool {
    let behind_gateway = || {
        let mut sources = elements.incoming(node).iter().map(|flow| elements.source(*flow));
        sources.any(|source| matches!(elements.kind(source), Kind::EventGateway(_)))
    };
    match elements.kind(node) {
        Kind::Activity(activity) => match &activity.work {
            Work::Task(task) => catalog.find(&task.activity).is_some_and(|shape| shape.waits),
            Work::Receive { instantiate, .. } => !instantiate && !behind_gateway(),
            _ => false,
        },
        Kind::CatchEvent(event) => awaits(event) && !behind_gateway(),
        Kind::EventGateway(gateway) => {
            let targets = || elements.outgoing(node).map(|flow| elements.target(flow));
            let ended = |target| match elements.kind(target) {
                Kind::CatchEvent(event) => !awaits(event),
                _ => false,
            };
            match gateway.instantiate {
                // An instance begins with the first; the others are awaited only where all are.
                true => gateway.parallel && targets().len() > 1,
                false => targets().len() > 0 && !targets().any(ended),
            }
        }
        _ => false,
    }
}

/// Whether an event may never happen: no time alone makes it happen.
fn awaits(event: &Event) -> bool {
    let by_itself = |definition: &EventDefinition| {
        matches!(definition, EventDefinition::Timer(_) | EventDefinition::Link { .. })
    };
    match event.parallel_multiple {
        true => !event.definitions.iter().all(by_itself),
        false => !event.definitions.is_empty() && !event.definitions.iter().any(by_itself),
    }
}

fn is_limited(elements: &Elements<'_>, node: Element) -> bool {
    let mut inner = node;
    loop {
        let scope = elements.parent(inner);
        if timed_boundary(elements, inner)
            || timed_scope(elements, scope)
            || timed_beside(elements, scope, inner)
        {
            return true;
        }
        match scope {
            Some(scope) => inner = scope,
            None => return false,
        }
    }
}

fn timed(event: &Event) -> bool {
    event.definitions.iter().any(|one| matches!(one, EventDefinition::Timer(_)))
}

fn timed_boundary(elements: &Elements<'_>, node: Element) -> bool {
    let boundaries = elements.kind(node).activity().map_or(&[][..], |one| &one.boundaries);
    boundaries.iter().any(|place| match elements.kind(elements.number(*place)) {
        Kind::Boundary(Boundary { interrupting, event, .. }) if timed(event) => {
            // A reminder alone ends nothing.
            *interrupting || elements.leads([elements.number(*place)], None, |n| ends(elements, n))
        }
        _ => false,
    })
}

/// An event sub-process that a timer starts.
fn timed_scope(elements: &Elements<'_>, scope: Option<Element>) -> bool {
    let place = scope.map(|scope| elements.places[scope as usize]);
    let contents = elements.process.contents(place);
    contents.event_sub_processes.iter().any(|event_sub_process| {
        let inside = elements.process.contents(Some(*event_sub_process));
        inside.starts.iter().map(|start| elements.number(*start)).any(|start| {
            let Kind::StartEvent(event) = elements.kind(start) else { return false };
            let ends_all = || elements.leads([start], None, |n| ends(elements, n));
            timed(&event.event) && (event.interrupting || ends_all())
        })
    })
}

/// A timer beside the node whose path ends everything.
fn timed_beside(elements: &Elements<'_>, scope: Option<Element>, node: Element) -> bool {
    let mut beside = elements.nodes().filter(|other| elements.parent(*other) == scope);
    beside.any(|other| match elements.kind(other) {
        Kind::CatchEvent(event) if timed(event) => {
            elements.leads([other], Some(node), |n| ends(elements, n))
        }
        _ => false,
    })
}

/// Whether a path that comes to a node ends others, or lets something around end them.
fn ends(elements: &Elements<'_>, node: Element) -> bool {
    let (Kind::EndEvent(event) | Kind::ThrowEvent(event)) = elements.kind(node) else {
        return false;
    };
    event.definitions.iter().any(|definition| {
        matches!(
            definition,
            EventDefinition::Terminate
                | EventDefinition::Error(_)
                | EventDefinition::Cancel
                | EventDefinition::Escalation(_)
                | EventDefinition::Signal { .. }
        )
    })
}
