//! Inclusive gateway (BPMN 2.0.2 §10.6.3, §13.4.3): goes along every flow whose condition holds, and
//! joins what can still come.

use std::collections::BTreeSet;

use definitions::{EventDefinition, Flow, Kind, Place, Process};

use super::compensation;
use crate::effort::LOOK;
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, PathState, ScopeId};

/// A path arrives. With several incoming flows it waits until nothing can come that has to be
/// awaited; that is weighed when every path rests.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, by: Option<&Flow>) {
    match by.filter(|_| walk.process.incoming_count(visit.place) > 1) {
        None => split(walk, visit),
        Some(by) => {
            let (path, node) = (visit.path, visit.node.id.clone());
            walk.record(Event::Arrived { path, node, flow: by.id.to_string() });
            walk.touch(visit.scope);
        }
    }
}

/// The path goes along every flow whose condition holds, or else the default.
pub(crate) fn split<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    if walk.effort.is_spent() {
        return walk.stop_spent(visit, Moment::Parting);
    }
    match walk.ways(visit.place, visit.scope) {
        Ok(ways) => walk.leave_by(visit, ways),
        Err(message) => walk.stop(visit, Moment::Parting, message),
    }
}

/// Lets the paths that wait here go on as one, if nothing has to be awaited any more.
///
/// That is so when each path elsewhere in the scope from which a way leads to an incoming flow
/// where nobody waits, also has a way to one where somebody does; ways through the gateway itself
/// do not count.
pub(crate) fn weigh(walk: &mut Walk<'_>, scope: Option<ScopeId>, place: Place) -> bool {
    let process = walk.process;
    let node = process.node(place);
    let Some(arrivals) = walk.instance.arrivals(scope, &node.id) else { return false };
    let waits = |flow: &Flow| arrivals.along(&flow.id) > 0;
    if must_wait(walk, scope, place, &waits) {
        return false;
    }
    let mut oldest = arrivals.oldest();
    let Some(path) = oldest.first().copied() else { return false };
    oldest.remove(0);
    walk.record(Event::Joined { path, node: node.id.clone(), with: oldest });
    split(walk, Visit { path, scope, place, node });
    true
}

/// Whether something is on its way to an incoming flow of a gateway that is not taken yet, and to
/// none that is.
pub(crate) fn must_wait(
    walk: &Walk<'_>,
    scope: Option<ScopeId>,
    place: Place,
    taken: &dyn Fn(&Flow) -> bool,
) -> bool {
    let process = walk.process;
    let (mut to_taken, mut to_empty) = (BTreeSet::new(), BTreeSet::new());
    for (flow, from) in process.incoming(place) {
        reaching(process, from, place, if taken(flow) { &mut to_taken } else { &mut to_empty });
    }
    walk.effort.spend((to_taken.len() + to_empty.len()) * LOOK);
    if to_empty.is_empty() {
        return false;
    }
    to_empty.retain(|at| !to_taken.contains(at));
    if to_empty.is_empty() {
        return false;
    }
    let comes = |at: &Place| to_empty.contains(at);
    let paths = walk.instance.paths_in(scope);
    walk.effort.spend(paths.len() * LOOK);
    paths.into_iter().any(|path| {
        let Some(visit) = walk.visit(path) else { return false };
        if visit.place != place {
            return comes(&visit.place) && !compensation::has_gone_on(walk.instance, visit);
        }
        // Who waits here has arrived; who was joined here and could not leave is still to go.
        let state = walk.instance.path(path).map(|path| path.state());
        let leaves = matches!(state, Some(PathState::Incident { moment: Moment::Parting, .. }));
        leaves && process.outgoing(place).any(|(_, to)| comes(&to))
    })
}

/// Adds the nodes from which a way leads to a node, without going through a gateway.
fn reaching(process: &Process, to: Place, without: Place, into: &mut BTreeSet<Place>) {
    let mut open = vec![to];
    while let Some(place) = open.pop() {
        if place == without || !into.insert(place) {
            continue;
        }
        open.extend(process.incoming(place).map(|(_, from)| from));
        let node = process.node(place);
        match &node.kind {
            Kind::Boundary(boundary) => open.push(boundary.host),
            Kind::CatchEvent(event) => {
                let Some(EventDefinition::Link { name }) = event.only() else { continue };
                open.extend(
                    process.contents(node.parent).thrown_links.get(name).into_iter().flatten(),
                );
            }
            _ => {}
        }
    }
}
