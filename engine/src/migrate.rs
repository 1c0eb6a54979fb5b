//! Migration: a running instance is moved to another version of its process, whole or not at all.
//!
//! What is under way stays as it is, with its variables, its locals and what it awaits; only the
//! elements are those of the new version from then on. Questions that are open stay open, and called
//! instances stay on their own definition.

use std::collections::{BTreeMap, BTreeSet};

use definitions::{Activity, Kind, NodeId, Place, Process};
use jiff::Timestamp;

use crate::catch::Owner;
use crate::elements::{compensation, conditional, trigger};
use crate::scope::Gateways;
use crate::view::View;
use crate::walk::Walk;
use crate::{
    CatchId, Done, Event, Instance, Moment, Move, PathState, Renewal, ScopeId, ScopeKind, Status,
    Step, TimerId,
};

mod alike;
mod declarations;
mod versions;

pub use versions::{Fate, Misfit, added, fates, flaws};

use versions::Versions;

/// Moves an instance to another version of its process. `nodes` says what becomes of the elements
/// whose ids differ; any other becomes the one of the same id. `named` is for the record.
///
/// Boundary events and event sub-processes that the new version lacks are not awaited any more;
/// those that it adds are armed where their activity or scope is under way. Data objects and
/// properties that it adds become variables of the scopes and nodes that are under way; the properties
/// of a task, a call or an event that it lacks are gone.
///
/// # Errors
/// Everything that stands against it; the instance is as it was before.
pub fn migrate(
    from: &Process,
    to: &Process,
    instance: &mut Instance,
    nodes: &BTreeMap<NodeId, NodeId>,
    now: Timestamp,
    held: bool,
    named: Renewal,
) -> Result<Step, Vec<Misfit>> {
    if instance.status() != Status::Active {
        return Err(vec![Misfit::NotActive]);
    }
    let versions = Versions { from, to, nodes };
    let (mut used, mut misfits) = under_way(versions, instance);
    let (timers, catches) = dropped(versions, instance, &mut used);
    misfits.extend(versions.doubles(&used));
    let others = other_conditions(versions, instance);
    let mut walk = Walk::new(to, instance, now);
    let (mut plans, mut declared) = (Vec::new(), Vec::new());
    if misfits.is_empty() {
        match declarations::new(versions, &walk) {
            Ok(new) => declared = new,
            Err(misfit) => misfits.push(misfit),
        }
        for (owner, scope, place) in new_events(versions, walk.instance) {
            let event = match &to.node(place).kind {
                Kind::Boundary(boundary) => &boundary.event,
                Kind::StartEvent(start) => &start.event,
                _ => continue,
            };
            let path = owner.path.and_then(|path| walk.instance.path(path));
            let (locals, own) = (path.map(|path| path.locals()), path.map(|path| path.own()));
            let view = View { locals, own, ..walk.view(scope) };
            match trigger::plan(&walk, place, event, &view) {
                Ok(plan) => plans.push((owner, place, plan)),
                Err(message) => {
                    let to = to.node(place).id.clone();
                    misfits.push(Misfit::NotArmed { to, message });
                }
            }
        }
    }
    if !misfits.is_empty() {
        return Err(misfits);
    }
    timers.into_iter().for_each(|timer| trigger::disarm(&mut walk, timer));
    catches.into_iter().for_each(|catch| trigger::unsubscribe(&mut walk, catch));
    let renamed = used.into_iter().filter(|node| versions.target(node) != node);
    let nodes = renamed.map(|node| (node.clone(), versions.target(&node).clone())).collect();
    let gone = declarations::gone(versions, walk.instance);
    walk.record(Event::Migrated(Move { nodes, versions: named, gone }));
    for (owner, writes) in declared {
        walk.set_of(owner, writes);
    }
    for (owner, place, plan) in plans {
        trigger::subscribe(&mut walk, owner, place, plan);
    }
    match held {
        true => walk.ask_nothing(),
        // Conditions that are awaited may be others, and so may be what can still come to a join.
        false => walk.ask_again(others),
    }
    Ok(walk.finish())
}

/// The conditions that are awaited and are others in the new version.
fn other_conditions(versions: Versions<'_>, instance: &Instance) -> Vec<CatchId> {
    let is_other = |catch: &CatchId| {
        instance.catch(*catch).is_some_and(|catch| {
            let (before, after) = (&catch.node, versions.target(&catch.node));
            conditional::of(versions.from, before, catch.definition)
                != conditional::of(versions.to, after, catch.definition)
        })
    };
    instance.conditions().into_iter().map(|(catch, _)| catch).filter(is_other).collect()
}

/// The elements at which something is under way or remembered, and what stands against moving it.
fn under_way(versions: Versions<'_>, instance: &Instance) -> (BTreeSet<NodeId>, Vec<Misfit>) {
    let (mut used, mut done, mut joining) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut waiting, mut hosting) = (BTreeSet::new(), BTreeSet::new());
    for (_, path) in instance.paths() {
        used.insert(path.node().clone());
        if *path.state() == PathState::Inside {
            hosting.insert(path.node().clone());
        }
        if *path.state() == PathState::Catching {
            waiting.insert(path.node().clone());
        }
    }
    remembered(instance.done(None), &mut done);
    joined(instance.gateways(None), &mut joining);
    for (scope, open) in instance.scopes() {
        used.insert(open.node().clone());
        remembered(instance.done(Some(scope)), &mut done);
        joined(instance.gateways(Some(scope)), &mut joining);
        if open.kind() == ScopeKind::SubProcess {
            let ids = open.pending.iter().filter_map(|id| id.as_str());
            used.extend(ids.map(NodeId::from));
        }
    }
    let mut misfits = Vec::new();
    for (_, open) in instance.scopes().filter(|(_, open)| open.kind() == ScopeKind::SubProcess) {
        let node = open.node();
        misfits.extend(versions.begins_alike(node).err().filter(|_| fits(versions, node)));
    }
    misfits.extend(
        hosting
            .iter()
            .filter_map(|node| versions.undoes_alike(node).err().filter(|_| fits(versions, node))),
    );
    for node in &waiting {
        misfits.extend(versions.awaits_alike(node).err().filter(|_| fits(versions, node)));
        let place = versions.from.place(node);
        if place.is_some_and(|at| matches!(versions.from.node(at).kind, Kind::EventGateway(_))) {
            let behind = place.into_iter().flat_map(|place| versions.from.outgoing(place));
            used.extend(behind.map(|(_, to)| versions.from.node(to).id.clone()));
        }
    }
    misfits.extend(
        joining
            .iter()
            .filter_map(|node| versions.joins_alike(node).err().filter(|_| fits(versions, node))),
    );
    misfits.extend(
        done.iter()
            .filter_map(|node| versions.undone_alike(node).err().filter(|_| fits(versions, node))),
    );
    used.extend(done);
    used.extend(joining);
    let counterparts = used.iter().filter_map(|node| versions.counterpart(node).err());
    let misfits = counterparts.chain(misfits).collect();
    (used, misfits)
}

fn fits(versions: Versions<'_>, node: &NodeId) -> bool {
    versions.counterpart(node).is_ok()
}

fn remembered(done: &[Done], into: &mut BTreeSet<NodeId>) {
    for one in done {
        into.insert(one.node.clone());
        remembered(&one.inner, into);
    }
}

fn joined(gateways: &Gateways, into: &mut BTreeSet<NodeId>) {
    into.extend(gateways.arrivals.keys().chain(gateways.resets.keys()).cloned());
}

/// The timers and catches of events that the new version lacks; the elements of the others are used.
fn dropped(
    versions: Versions<'_>,
    instance: &Instance,
    used: &mut BTreeSet<NodeId>,
) -> (Vec<TimerId>, Vec<CatchId>) {
    let mut stays = |node: &NodeId| {
        let droppable = versions.from.place(node).is_some_and(|at| versions.may_be_dropped(at));
        let stays = !droppable || goes_on(versions, node);
        if stays && droppable {
            used.insert(node.clone());
        }
        stays
    };
    let timers = instance.timers().filter(|(_, timer)| !stays(timer.node())).map(|(id, _)| id);
    let timers = timers.collect();
    let catches = instance.catches().filter(|(_, catch)| !stays(catch.node())).map(|(id, _)| id);
    (timers, catches.collect())
}

/// Whether an event beside a path or a scope is in the new version too, with its sub-process.
fn goes_on(versions: Versions<'_>, node: &NodeId) -> bool {
    let Ok((old, _)) = versions.counterpart(node) else { return false };
    let around = |at: Place| versions.from.node(at).parent.map(|at| &versions.from.node(at).id);
    match versions.from.node(old).kind {
        Kind::StartEvent(_) => around(old).is_some_and(|parent| fits(versions, parent)),
        _ => true,
    }
}

/// The events of the new version that are to be armed now, with who they end with, and the scope in
/// which they are evaluated.
fn new_events(versions: Versions<'_>, instance: &Instance) -> Vec<(Owner, Option<ScopeId>, Place)> {
    let mut events = Vec::new();
    let is_over = |path| compensation::undoes(versions.from, instance, path);
    for (id, path) in instance.paths() {
        let Ok((old, new)) = versions.counterpart(path.node()) else { continue };
        let before = versions.from.node(old).kind.activity();
        let after = versions.to.node(new).kind.activity();
        let (Some(before), Some(after)) = (before, after) else { continue };
        if declarations::has_begun(path) && !instance.is_repetition(id) && !is_over(id) {
            let old = before.boundaries.iter().copied();
            for place in additions(versions, old, after.boundaries.iter().copied()) {
                events.push((Owner::path(id), path.scope(), place));
            }
        }
    }
    let inner = instance.scopes().filter(|(_, open)| {
        matches!(open.kind(), ScopeKind::SubProcess | ScopeKind::EventSubProcess)
            && !is_over(open.host())
    });
    let inner = inner.filter_map(|(id, open)| {
        let (old, new) = versions.counterpart(open.node()).ok()?;
        Some((Some(id), Some(old), Some(new)))
    });
    for (scope, old, new) in std::iter::once((None, None, None)).chain(inner) {
        if is_interrupted(versions.from, instance, scope) {
            continue;
        }
        for place in additions(versions, starts(versions.from, old), starts(versions.to, new)) {
            events.push((Owner::scope(scope), scope, place));
        }
    }
    events
}

/// The start events of the event sub-processes of a scope.
fn starts(process: &Process, of: Option<Place>) -> impl Iterator<Item = Place> {
    let inner = process.contents(of).event_sub_processes.iter();
    inner.flat_map(|place| process.contents(Some(*place)).starts.iter().copied())
}

/// Those of the new events that no old one becomes.
fn additions(
    versions: Versions<'_>,
    old: impl Iterator<Item = Place>,
    new: impl Iterator<Item = Place>,
) -> Vec<Place> {
    let old = old.map(|place| &versions.from.node(place).id).filter(|id| goes_on(versions, id));
    let taken: BTreeSet<NodeId> = old.map(|id| versions.target(id).clone()).collect();
    new.filter(|place| !taken.contains(&versions.to.node(*place).id)).collect()
}

/// Whether an event sub-process has ended all else in a scope, or the scope never began.
fn is_interrupted(from: &Process, instance: &Instance, scope: Option<ScopeId>) -> bool {
    instance.paths_in(scope).into_iter().filter_map(|path| instance.path(path)).any(|path| {
        let is_starting =
            matches!(path.state(), PathState::Incident { moment: Moment::Starting, .. });
        let place = from.place(path.node());
        let of = |place: Place| from.node(place).kind.activity();
        let event_sub_process =
            place.filter(|place| of(*place).is_some_and(Activity::is_event_sub_process));
        let interrupts = |place: Place| match &from.node(place).kind {
            Kind::StartEvent(start) => start.interrupting,
            _ => false,
        };
        is_starting
            || event_sub_process
                .is_some_and(|at| from.contents(Some(at)).starts.iter().copied().any(interrupts))
    })
}
