//! Boundary event (BPMN 2.0.2 §10.5.4, §13.5.3): happens while its activity is under way, and ends
//! it or leaves it alone.

use definitions::{Activity, Boundary, Kind, Place};
use serde_json::{Map, Value};

use super::timer::TIMED_OUT;
use super::{activity, trigger};
use crate::catch::Owner;
use crate::view::View;
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, Write};

/// What the boundary events of an activity would await if it were entered now, seen with its inputs.
///
/// # Errors
/// What is wrong with one, in words.
pub(crate) fn plan(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    activity: &Activity,
    inputs: &Map<String, Value>,
) -> Result<Vec<(Place, Vec<trigger::Plan>)>, String> {
    let mut plans = Vec::new();
    for place in &activity.boundaries {
        let Kind::Boundary(boundary) = &walk.process.node(*place).kind else { continue };
        let view = View { locals: Some(inputs), ..walk.view(visit.scope) };
        plans.push((*place, trigger::plan(walk, *place, &boundary.event, &view)?));
    }
    Ok(plans)
}

/// The activity has been entered: what its boundary events await is subscribed to.
pub(crate) fn arm(walk: &mut Walk<'_>, host: Visit<'_>, plans: Vec<(Place, Vec<trigger::Plan>)>) {
    for (place, plans) in plans {
        trigger::subscribe(walk, Owner::path(host.path), place, plans);
    }
}

/// A path comes out of the event, with what came, and goes along its flows.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    let payload = walk.instance.path(visit.path).map(|path| path.locals().clone());
    if let (Kind::Boundary(boundary), Some(payload)) = (&visit.node.kind, payload)
        && let Err(message) = trigger::take(walk, visit, &boundary.event, &payload)
    {
        return walk.stop(visit, Moment::Leaving, message);
    }
    walk.leave(visit);
}

/// The event has happened. An interrupting one ends the activity; any other leaves it alone and
/// begins a new path.
pub(crate) fn happened(
    walk: &mut Walk<'_>,
    host: Visit<'_>,
    place: Place,
    boundary: &Boundary,
    payload: Map<String, Value>,
    in_time: bool,
) {
    if !boundary.interrupting {
        walk.begin_with(host.scope, place, payload);
        if boundary.event.parallel_multiple {
            let locals = walk.instance.path(host.path).map(|path| path.locals());
            let view = View { locals, ..walk.view(host.scope) };
            if let Ok(plans) = trigger::plan(walk, place, &boundary.event, &view) {
                trigger::subscribe(walk, Owner::path(host.path), place, plans);
            }
        }
        return;
    }
    if in_time {
        walk.write(host, vec![Write::variable(TIMED_OUT, true)]);
    }
    interrupt(walk, host, place, payload);
}

/// The event ends the stay of a path at its activity, and a new path comes out of the event.
pub(crate) fn interrupt(
    walk: &mut Walk<'_>,
    host: Visit<'_>,
    by: Place,
    payload: Map<String, Value>,
) {
    activity::cut(walk, host.path);
    let node = host.node.id.clone();
    let event = walk.process.node(by).id.clone();
    walk.record(Event::Interrupted { path: host.path, node, by: event });
    walk.touch(host.scope);
    walk.begin_with(host.scope, by, payload);
}
