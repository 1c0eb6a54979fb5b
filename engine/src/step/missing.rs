//! The flow along which a path counts as come that is put at a join, since none has brought it.

use std::collections::BTreeSet;

use definitions::{EventDefinition, Flow, Kind, Place, Process};

use crate::effort::LOOK;
use crate::elements::{self, compensation};
use crate::walk::Walk;
use crate::{Moment, PathId, PathState, ScopeId};

/// What else moves when a path is put at a join.
#[derive(Default)]
pub(super) struct Others<'a> {
    /// The paths that end.
    pub(super) ended: BTreeSet<PathId>,
    /// Where paths begin.
    pub(super) begun: Vec<(Option<ScopeId>, Place)>,
    /// The flows along which those count as come that begin at joins.
    pub(super) came: Vec<(Option<ScopeId>, &'a Flow)>,
}

/// Of the flows along which nobody has come, the first that no path can take that is still on its
/// way, and rather one that a path could that ends; if somebody has come along each, the first.
pub(super) fn flow<'a>(
    walk: &mut Walk<'a>,
    scope: Option<ScopeId>,
    place: Place,
    others: &Others<'a>,
) -> Option<&'a Flow> {
    let process = walk.process;
    let first = process.incoming(place).next().map(|(flow, _)| flow);
    if !elements::joins(process, place, first) {
        return None;
    }
    let node = &process.node(place).id;
    let arrivals = walk.instance.arrivals(scope, node);
    let waiting = arrivals.into_iter().flat_map(|here| here.paths().map(move |path| (here, path)));
    let waiting = waiting.filter(|(_, path)| !others.ended.contains(path));
    let mut taken: BTreeSet<&str> = waiting.filter_map(|(here, path)| here.flow_of(path)).collect();
    let counted = walk.instance.gateways(scope).resets.get(node);
    taken.extend(counted.into_iter().flatten().map(String::as_str));
    taken.extend(others.came.iter().filter(|(of, _)| *of == scope).map(|(_, flow)| &*flow.id));
    let (mut on_way, mut ended) = (Vec::new(), Vec::new());
    on_way.extend(others.begun.iter().filter(|(of, _)| *of == scope).map(|(_, to)| *to));
    for path in walk.instance.paths_in(scope) {
        let ends = others.ended.contains(&path);
        if ends { &mut ended } else { &mut on_way }.extend(standing(walk, path, place));
    }
    let (on_way, ended) = (reached(process, on_way, place), reached(process, ended, place));
    let empty = process.incoming(place).filter(|(flow, _)| !taken.contains(&*flow.id));
    let best = empty.min_by_key(|(_, from)| (on_way.contains(from), !ended.contains(from)));
    walk.effort.spend((on_way.len() + ended.len()) * LOOK);
    best.map(|(flow, _)| flow).or(first)
}

/// From where a path may still come to a join.
fn standing(walk: &Walk<'_>, path: PathId, join: Place) -> Vec<Place> {
    let Some(visit) = walk.visit(path) else { return Vec::new() };
    if visit.place != join {
        let has_gone_on = compensation::has_gone_on(walk.instance, visit);
        return Vec::from_iter((!has_gone_on).then_some(visit.place));
    }
    // Who waits there has arrived; who was joined there and could not leave is still to go.
    match walk.instance.path(path).map(|path| path.state()) {
        Some(PathState::Incident { moment: Moment::Parting, .. }) => {
            walk.process.outgoing(join).map(|(_, to)| to).collect()
        }
        _ => Vec::new(),
    }
}

/// The nodes to which a way leads from others, without going through a join.
fn reached(process: &Process, mut open: Vec<Place>, join: Place) -> BTreeSet<Place> {
    let mut reached = BTreeSet::new();
    while let Some(place) = open.pop() {
        if place == join || !reached.insert(place) {
            continue;
        }
        open.extend(process.outgoing(place).map(|(_, to)| to));
        let node = process.node(place);
        match &node.kind {
            Kind::Activity(activity) => open.extend(&activity.boundaries),
            Kind::ThrowEvent(event) | Kind::EndEvent(event) => {
                let Some(EventDefinition::Link { name }) = event.only() else { continue };
                open.extend(process.contents(node.parent).links.get(name));
            }
            _ => {}
        }
    }
    reached
}
