//! What waits for ever: somebody is awaited, and no time limit ends it anywhere around.

use super::elements::Elements;
use super::limits::Limits;
use super::net::Element;
use crate::{Catalog, Event, EventDefinition, Kind, Work};

/// Whether a path may stay at a node until somebody outside does something, for ever.
pub(super) fn for_ever(elements: &Elements<'_>, catalog: &Catalog, node: Element) -> bool {
    waits(elements, catalog, node) && !Limits { elements, catalog, node }.are_there()
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

/// Whether a path stays at a node until somebody outside does something.
pub(super) fn waits(elements: &Elements<'_>, catalog: &Catalog, node: Element) -> bool {
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
