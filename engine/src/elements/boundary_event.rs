//! Boundary event (BPMN 2.0.2 §10.5.4, §13.5.3): happens while its activity is under way, and ends
//! it or leaves it alone.

use definitions::{Activity, Boundary, Kind, Place};
use serde_json::{Map, Value};

use super::timer::TIMED_OUT;
use super::{activity, compensation, trigger};
use crate::catch::Owner;
use crate::view::View;
use crate::walk::{Brought, Visit, Walk};
use crate::{Event, Moment, PathState, Write};

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
    let own = walk.own_or_declared(visit);
    for place in &activity.boundaries {
        let Kind::Boundary(boundary) = &walk.process.node(*place).kind else { continue };
        let view = View { locals: Some(inputs), own: Some(&own), ..walk.view_at(visit) };
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
    if let Kind::Boundary(boundary) = &visit.node.kind
        && let Err(message) = await_again(walk, visit, boundary)
    {
        return walk.stop(visit, Moment::Entering, message);
    }
    let payload = walk.instance.path(visit.path).map(|path| path.locals().clone());
    if let (Kind::Boundary(boundary), Some(payload)) = (&visit.node.kind, payload)
        && let Err(message) = trigger::take(walk, visit, &boundary.event, &payload)
    {
        return walk.stop(visit, Moment::Leaving, message);
    }
    walk.leave(visit);
}

/// An event that leaves its activity alone and awaits all of its triggers awaits them anew when all
/// have come.
///
/// # Errors
/// What cannot be awaited, in words; a retry awaits it.
fn await_again(walk: &mut Walk<'_>, visit: Visit<'_>, boundary: &Boundary) -> Result<(), String> {
    if boundary.interrupting || !boundary.event.parallel_multiple {
        return Ok(());
    }
    for path in walk.instance.paths_in(visit.scope) {
        let Some(host) = walk.visit(path).filter(|host| host.place == boundary.host) else {
            continue;
        };
        let Some(found) = walk.instance.path(path).filter(|path| is_under_way(path.state())) else {
            continue;
        };
        if trigger::awaits_more(walk, Owner::path(path), &visit.node.id) {
            continue;
        }
        let (locals, own) = (Some(found.locals()), walk.own_or_declared(host));
        let view = View { locals, own: Some(&own), ..walk.view_at(host) };
        let plans = trigger::plan(walk, visit.place, &boundary.event, &view)?;
        trigger::subscribe(walk, Owner::path(path), visit.place, plans);
    }
    Ok(())
}

/// Whether an activity has begun, so that its events are awaited.
fn is_under_way(state: &PathState) -> bool {
    match state {
        PathState::Running { .. }
        | PathState::Waiting
        | PathState::Retrying { .. }
        | PathState::Catching
        | PathState::Inside => true,
        PathState::Incident { moment, .. } => {
            matches!(moment, Moment::Running | Moment::Leaving | Moment::Parting)
        }
        PathState::Moving | PathState::Joining => false,
    }
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
        let noted = compensation::may_be_undone(walk.process, host).then_some(host.path);
        let beside = beside(walk, host, place);
        return walk.begin_beside(
            host.scope,
            place,
            Brought { locals: payload, beside, host: noted },
        );
    }
    if in_time {
        walk.write_around(host, vec![Write::variable(TIMED_OUT, true)]);
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
    let beside = beside(walk, host, by);
    activity::cut(walk, host.path);
    let node = host.node.id.clone();
    let event = walk.process.node(by).id.clone();
    walk.record(Event::Interrupted { path: host.path, node, by: event });
    walk.touch(host.scope);
    walk.begin_beside(host.scope, by, Brought { locals: payload, beside, host: None });
}

/// The properties of its activity that a boundary event has something to do with.
fn beside(walk: &Walk<'_>, host: Visit<'_>, place: Place) -> Map<String, Value> {
    let node = walk.process.node(place);
    let Kind::Boundary(boundary) = &node.kind else { return Map::new() };
    let sets = [&node.enter, &node.leave].iter().any(|sets| !sets.is_empty());
    match sets || !boundary.event.outputs.is_empty() || !node.variables.is_empty() {
        true => walk.own_or_declared(host).into_owned(),
        false => Map::new(),
    }
}
