//! Complex gateway (BPMN 2.0.2 §10.6.5, §13.4.5): joins when its activation condition holds, and then
//! awaits what is still on its way before it starts anew.
//!
//! Conditions see `activationCount`, the paths that wait or were taken; `waitingForStart`, whether
//! this is the activation and not the reset; and, under the id of each incoming flow, how many wait
//! there. Flows without a condition are taken at the activation only; the default flow also at the
//! reset, when no condition holds then. Where nothing came late, conditions that do not ask for
//! `waitingForStart` have had their answer at the activation, and only the others are asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use definitions::{ComplexGateway, Flow, Kind, Place};
use serde_json::{Map, Value};

use super::inclusive_gateway;
use crate::effort::LOOK;
use crate::view::View;
use crate::walk::{Visit, Walk, holds};
use crate::{Event, Moment, PathId, PathState, ScopeId};

/// How many paths wait or are taken.
const ACTIVATION_COUNT: &str = "activationCount";
/// Whether the gateway is activated, and not reset.
const WAITING_FOR_START: &str = "waitingForStart";

/// A path arrives. Without an activation condition it goes on at once. One that an activation
/// condition without a value had stopped has arrived already.
pub(crate) fn enter<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    gateway: &'a ComplexGateway,
    by: Option<&Flow>,
) {
    let joins = super::joins(walk.process, visit.place, by);
    let flow = by.filter(|_| joins).map(|by| by.id.to_string());
    let Some(flow) = flow.or_else(|| arrived_by(walk, visit)) else {
        // A path that begins here is joined with no other.
        return match gateway.activation {
            Some(_) => part(walk, visit, locals(walk, visit.scope, visit.place, true)),
            None => inclusive_gateway::split(walk, visit),
        };
    };
    walk.record(Event::Arrived { path: visit.path, node: visit.node.id.clone(), flow });
    walk.touch(visit.scope);
    if awaits_start(walk, visit.scope, visit.place) {
        activate(walk, visit.scope, visit.place, gateway);
    }
}

fn arrived_by(walk: &Walk<'_>, visit: Visit<'_>) -> Option<String> {
    let arrivals = walk.instance.arrivals(visit.scope, &visit.node.id)?;
    arrivals.flow_of(visit.path).map(str::to_owned)
}

fn awaits_start(walk: &Walk<'_>, scope: Option<ScopeId>, place: Place) -> bool {
    let node = &walk.process.node(place).id;
    !walk.instance.gateways(scope).resets.contains_key(node)
}

/// Asks the activation condition, once somebody waits. When it holds, one path of each flow is
/// taken, and they go on.
fn activate(
    walk: &mut Walk<'_>,
    scope: Option<ScopeId>,
    place: Place,
    gateway: &ComplexGateway,
) -> bool {
    let process = walk.process;
    let node = process.node(place);
    let nobody = walk.instance.arrivals(scope, &node.id).is_none();
    let (Some(activation), false) = (&gateway.activation, nobody) else { return false };
    let locals = locals(walk, scope, place, true);
    let view = View { locals: Some(&locals), ..walk.view(scope) };
    match activation.evaluate_condition(&view) {
        Ok(false) => return false,
        Ok(true) => {}
        Err(error) => {
            let message = format!("the activation condition has no value: {error}");
            stop_waiting(walk, scope, place, message);
            return false;
        }
    }
    let taken: BTreeSet<String> = flows(walk, scope, place);
    let missing = process.incoming(place).any(|(flow, _)| !taken.contains(&*flow.id));
    let Some(path) = join(walk, scope, place) else { return false };
    if missing || process.outgoing(place).any(|(flow, _)| asks_when(flow)) {
        let node = node.id.clone();
        walk.record(Event::Reset { scope, node, counted: taken });
        walk.touch(scope);
    }
    part(walk, Visit { path, scope, place, node }, locals);
    true
}

/// The newest of those who wait here has an incident, unless another has it already.
fn stop_waiting(walk: &mut Walk<'_>, scope: Option<ScopeId>, place: Place, message: String) {
    let arrivals = walk.instance.arrivals(scope, &walk.process.node(place).id);
    let Some(arrivals) = arrivals else { return };
    walk.effort.spend(arrivals.count() * LOOK);
    let stopped = |path: PathId| {
        let path = walk.instance.path(path);
        path.is_some_and(|path| matches!(path.state(), PathState::Incident { .. }))
    };
    if arrivals.paths().any(stopped) {
        return;
    }
    if let Some(visit) = arrivals.paths().last().and_then(|path| walk.visit(path)) {
        walk.stop(visit, Moment::Entering, message);
    }
}

/// Every path rests. A gateway that awaits its start may have it by now. One that awaits its reset
/// is reset when nothing more can come; then paths that came early count for the next activation.
pub(crate) fn weigh(walk: &mut Walk<'_>, scope: Option<ScopeId>, place: Place) -> bool {
    let process = walk.process;
    let node = process.node(place);
    let Kind::ComplexGateway(gateway) = &node.kind else { return false };
    let Some(counted) = walk.instance.gateways(scope).resets.get(&node.id).cloned() else {
        return activate(walk, scope, place, gateway);
    };
    let here = flows(walk, scope, place);
    let taken = |flow: &Flow| here.contains(&*flow.id) || counted.contains(&*flow.id);
    if inclusive_gateway::must_wait(walk, scope, place, &taken) {
        return false;
    }
    let locals = locals(walk, scope, place, false);
    let late = late(walk, scope, place, &counted);
    walk.record(Event::Reset { scope, node: node.id.clone(), counted: BTreeSet::new() });
    if let Some((path, with)) = late {
        walk.record(Event::Joined { path, node: node.id.clone(), with });
        part(walk, Visit { path, scope, place, node }, locals);
    } else {
        reset_alone(walk, scope, place, locals);
    }
    activate(walk, scope, place, gateway);
    true
}

/// The reset of a gateway where nothing came late: a path begins there, if a condition asks for the
/// reset and holds.
fn reset_alone(
    walk: &mut Walk<'_>,
    scope: Option<ScopeId>,
    place: Place,
    mut locals: Map<String, Value>,
) {
    locals.insert(ACTIVATION_COUNT.to_owned(), 0.into());
    if ways_of_reset(walk, place, scope, &locals).is_ok_and(|ways| ways.is_empty()) {
        return;
    }
    let (path, node) = (walk.instance.next_path(), walk.process.node(place));
    walk.record(Event::Entered { path, node: node.id.clone(), scope, host: None });
    part(walk, Visit { path, scope, place, node }, locals);
}

/// Of each flow that had not been counted, the oldest path that waits there.
fn late(
    walk: &Walk<'_>,
    scope: Option<ScopeId>,
    place: Place,
    counted: &BTreeSet<String>,
) -> Option<(PathId, Vec<PathId>)> {
    let arrivals = walk.instance.arrivals(scope, &walk.process.node(place).id)?;
    let open = arrivals.flows().filter(|flow| !counted.contains(*flow));
    let mut paths: Vec<PathId> = open.filter_map(|flow| arrivals.oldest_along(flow)).collect();
    paths.sort_unstable();
    let first = *paths.first()?;
    paths.remove(0);
    Some((first, paths))
}

/// The joined path goes along the flows whose condition holds. Without one, it ends here if this
/// is the reset, and else has an incident.
fn part<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, locals: Map<String, Value>) {
    let start = locals.get(WAITING_FOR_START) != Some(&Value::Bool(false));
    let view = View { locals: Some(&locals), ..walk.view(visit.scope) };
    let ways = match start {
        true => walk.ways_seen(visit.place, view),
        false => ways_of_reset(walk, visit.place, visit.scope, &locals),
    };
    match ways {
        Ok(ways) if ways.is_empty() && !start => {
            walk.record(Event::Completed { path: visit.path, node: visit.node.id.clone() });
            walk.touch(visit.scope);
        }
        Ok(ways) if walk.effort.is_spent() && !ways.is_empty() => {
            keep(walk, visit, locals);
            walk.stop_spent(visit, Moment::Parting);
        }
        Ok(ways) => {
            if walk.has_no_room(ways.len()).is_some() {
                keep(walk, visit, locals);
            }
            walk.leave_by(visit, ways);
        }
        Err(message) => {
            keep(walk, visit, locals);
            walk.stop(visit, Moment::Parting, message);
        }
    }
}

/// What the conditions saw is kept, so that they see the same when they are asked again.
fn keep(walk: &mut Walk<'_>, visit: Visit<'_>, locals: Map<String, Value>) {
    let (path, node) = (visit.path, visit.node.id.clone());
    walk.record(Event::Answered { path, node, locals: Arc::new(locals) });
}

/// A person wants the path that could not leave to try once more.
pub(crate) fn part_again<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    let locals = walk.instance.path(visit.path).map(|path| path.locals().clone());
    part(walk, visit, locals.unwrap_or_default());
}

/// The flows that are taken at the reset; there may be none.
fn ways_of_reset<'a>(
    walk: &Walk<'a>,
    place: Place,
    scope: Option<ScopeId>,
    locals: &Map<String, Value>,
) -> Result<Vec<(&'a Flow, Place)>, String> {
    let process = walk.process;
    let view = View { locals: Some(locals), ..walk.view(scope) };
    let alone = locals.get(ACTIVATION_COUNT) == Some(&0.into());
    let (mut ways, mut default) = (Vec::new(), None);
    for (flow, to) in process.outgoing(place) {
        if flow.is_default {
            default = Some((flow, to)).filter(|_| !alone);
        } else if flow.condition.is_some() && (!alone || asks_when(flow)) && holds(flow, &view)? {
            ways.push((flow, to));
        }
    }
    if ways.is_empty() {
        ways.extend(default);
    }
    Ok(ways)
}

/// Whether the condition of a flow asks for the phase in which it is asked.
fn asks_when(flow: &Flow) -> bool {
    flow.condition.as_ref().is_some_and(|condition| condition.asks(WAITING_FOR_START))
}

fn join(walk: &mut Walk<'_>, scope: Option<ScopeId>, place: Place) -> Option<PathId> {
    let node = walk.process.node(place).id.clone();
    let mut oldest = walk.instance.arrivals(scope, &node)?.oldest();
    let path = *oldest.first()?;
    oldest.remove(0);
    walk.record(Event::Joined { path, node, with: oldest });
    Some(path)
}

fn flows(walk: &Walk<'_>, scope: Option<ScopeId>, place: Place) -> BTreeSet<String> {
    let arrivals = walk.instance.arrivals(scope, &walk.process.node(place).id);
    let flows = arrivals.into_iter().flat_map(|arrivals| arrivals.flows());
    flows.map(str::to_owned).collect()
}

fn locals(
    walk: &Walk<'_>,
    scope: Option<ScopeId>,
    place: Place,
    start: bool,
) -> Map<String, Value> {
    let mut locals = Map::new();
    let arrivals = walk.instance.arrivals(scope, &walk.process.node(place).id);
    let mut all = 0;
    walk.effort.spend(walk.process.incoming_count(place) * LOOK);
    for (flow, _) in walk.process.incoming(place) {
        let here = arrivals.map_or(0, |arrivals| arrivals.along(&flow.id));
        all += here;
        locals.insert(flow.id.to_string(), here.into());
    }
    locals.insert(ACTIVATION_COUNT.to_owned(), all.into());
    locals.insert(WAITING_FOR_START.to_owned(), start.into());
    locals
}
