//! Complex gateway (BPMN 2.0.2 §10.6.5, §13.4.5): joins when its activation condition holds, and then
//! awaits what is still on its way before it starts anew.
//!
//! Conditions see `activationCount`, the paths that wait or were taken; `waitingForStart`, whether
//! this is the activation and not the reset; and, under the id of each incoming flow, how many wait
//! there. Flows without a condition are taken at the activation only.

use std::collections::BTreeSet;

use definitions::{ComplexGateway, Flow, Kind, Place};
use serde_json::{Map, Value};

use super::inclusive_gateway;
use crate::view::View;
use crate::walk::{Visit, Walk, holds};
use crate::{Event, Moment, PathId, ScopeId};

/// A path arrives. With one incoming flow it goes on at once.
pub(crate) fn enter<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    gateway: &'a ComplexGateway,
    by: Option<&Flow>,
) {
    let joins = walk.process.incoming_count(visit.place) > 1;
    let Some(by) = by.filter(|_| joins && gateway.activation.is_some()) else {
        return inclusive_gateway::split(walk, visit);
    };
    let (path, node) = (visit.path, visit.node.id.clone());
    walk.record(Event::Arrived { path, node, flow: by.id.to_string() });
    walk.touch(visit.scope);
    if awaits_start(walk, visit.scope, visit.place) {
        activate(walk, visit.scope, visit.place, gateway);
    }
}

fn awaits_start(walk: &Walk<'_>, scope: Option<ScopeId>, place: Place) -> bool {
    let node = &walk.process.node(place).id;
    !walk.instance.gateways(scope).resets.contains_key(node)
}

/// Asks the activation condition. When it holds, one path of each flow is taken, and they go on.
fn activate<'a>(
    walk: &mut Walk<'a>,
    scope: Option<ScopeId>,
    place: Place,
    gateway: &ComplexGateway,
) -> bool {
    let process = walk.process;
    let node = process.node(place);
    let Some(activation) = &gateway.activation else { return false };
    let locals = locals(walk, scope, place, true);
    let view = View { locals: Some(&locals), ..walk.view(scope) };
    match activation.evaluate_condition(&view) {
        Ok(false) => return false,
        Ok(true) => {}
        Err(error) => {
            let latest = waiting(walk, scope, place).into_iter().max();
            if let Some(visit) = latest.and_then(|path| walk.visit(path)) {
                let message = format!("the activation condition has no value: {error}");
                walk.stop(visit, Moment::Entering, message);
            }
            return false;
        }
    }
    let taken: BTreeSet<String> = flows(walk, scope, place);
    let missing = process.incoming(place).any(|(flow, _)| !taken.contains(&*flow.id));
    let Some(path) = join(walk, scope, place) else { return false };
    if missing {
        let node = node.id.clone();
        walk.record(Event::Reset { scope, node, counted: taken });
        walk.touch(scope);
    }
    let visit = Visit { path, scope, place, node };
    let view = View { locals: Some(&locals), ..walk.view(scope) };
    match walk.ways_seen(place, view) {
        Ok(ways) => walk.leave_by(visit, ways),
        Err(message) => walk.stop(visit, Moment::Parting, message),
    }
    true
}

/// Every path rests: a gateway that awaits its reset is reset when nothing more can come; then paths
/// that came early count for the next activation.
pub(crate) fn weigh(walk: &mut Walk<'_>, scope: Option<ScopeId>, place: Place) -> bool {
    let process = walk.process;
    let node = process.node(place);
    let Kind::ComplexGateway(gateway) = &node.kind else { return false };
    let Some(counted) = walk.instance.gateways(scope).resets.get(&node.id).cloned() else {
        return false;
    };
    let here = flows(walk, scope, place);
    let waits = |flow: &Flow| here.contains(&*flow.id);
    let counts = |flow: &Flow| !counted.contains(&*flow.id);
    if inclusive_gateway::must_wait(walk, scope, place, &waits, &counts) {
        return false;
    }
    let locals = locals(walk, scope, place, false);
    let late = late(walk, scope, place, &counted);
    walk.record(Event::Reset { scope, node: node.id.clone(), counted: BTreeSet::new() });
    if let Some((path, with)) = late {
        walk.record(Event::Joined { path, node: node.id.clone(), with });
        reset(walk, Visit { path, scope, place, node }, &locals);
    }
    activate(walk, scope, place, gateway);
    true
}

/// Of each flow that had not been counted, the oldest path that waits there.
fn late(
    walk: &Walk<'_>,
    scope: Option<ScopeId>,
    place: Place,
    counted: &BTreeSet<String>,
) -> Option<(PathId, Vec<PathId>)> {
    let arrivals = walk.instance.arrivals(scope, &walk.process.node(place).id)?;
    let open = arrivals.iter().filter(|(flow, _)| !counted.contains(*flow));
    let mut paths: Vec<PathId> = open.filter_map(|(_, paths)| paths.first()).copied().collect();
    paths.sort_unstable();
    let first = *paths.first()?;
    paths.remove(0);
    Some((first, paths))
}

/// The path goes along the flows whose condition holds at the reset; without one it ends here.
fn reset<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, locals: &Map<String, Value>) {
    let process = walk.process;
    let view = View { locals: Some(locals), ..walk.view(visit.scope) };
    let mut ways = Vec::new();
    for (flow, to) in process.outgoing(visit.place).filter(|(flow, _)| flow.condition.is_some()) {
        match holds(flow, &view) {
            Ok(true) => ways.push((flow, to)),
            Ok(false) => {}
            Err(message) => return walk.stop(visit, Moment::Parting, message),
        }
    }
    if ways.is_empty() {
        walk.record(Event::Completed { path: visit.path, node: visit.node.id.clone() });
        return walk.touch(visit.scope);
    }
    walk.leave_by(visit, ways);
}

fn join(walk: &mut Walk<'_>, scope: Option<ScopeId>, place: Place) -> Option<PathId> {
    let node = walk.process.node(place).id.clone();
    let arrivals = walk.instance.arrivals(scope, &node)?;
    let mut oldest: Vec<PathId> =
        arrivals.values().filter_map(|paths| paths.first()).copied().collect();
    oldest.sort_unstable();
    let path = *oldest.first()?;
    oldest.remove(0);
    walk.record(Event::Joined { path, node, with: oldest });
    Some(path)
}

fn flows(walk: &Walk<'_>, scope: Option<ScopeId>, place: Place) -> BTreeSet<String> {
    let arrivals = walk.instance.arrivals(scope, &walk.process.node(place).id);
    arrivals.into_iter().flat_map(|flows| flows.keys()).cloned().collect()
}

fn waiting(walk: &Walk<'_>, scope: Option<ScopeId>, place: Place) -> Vec<PathId> {
    let arrivals = walk.instance.arrivals(scope, &walk.process.node(place).id);
    arrivals.into_iter().flat_map(|flows| flows.values().flatten()).copied().collect()
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
    for (flow, _) in walk.process.incoming(place) {
        let here = arrivals.and_then(|flows| flows.get(&*flow.id)).map_or(0, |paths| paths.len());
        all += here;
        locals.insert(flow.id.to_string(), here.into());
    }
    locals.insert("activationCount".to_owned(), all.into());
    locals.insert("waitingForStart".to_owned(), start.into());
    locals
}
