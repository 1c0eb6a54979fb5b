//! Moving paths by hand: some end, others begin elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use definitions::{Kind, NodeId, Place};

use super::missing::{self, Others};
use super::{cancel, visit};
use crate::elements::{activity, event_sub_process, multi_instance, sub_process};
use crate::walk::{Visit, Walk};
use crate::{PathId, Rejection, ScopeId, ScopeKind, Step};

/// Begins paths at nodes, opening the sub-processes around them where none is open, and ends
/// others. At a join a path counts as come along a flow along which nobody has, and rather one along
/// which nobody can come any more. A scope whose last
/// path a person has ended ends with it: nothing leaves it. So does the instance, which is cancelled.
///
/// # Errors
/// A path or a node that does not fit; nothing has moved then.
pub(super) fn modify(
    mut walk: Walk<'_>,
    end: Vec<PathId>,
    begin: Vec<(NodeId, Option<ScopeId>)>,
) -> Result<Step, Rejection> {
    for path in &end {
        visit(&walk, *path)?;
    }
    let end: BTreeSet<PathId> = end.into_iter().collect();
    let mut places = Vec::new();
    for (node, scope) in begin {
        let place = walk.process.place(&node);
        let place = place.ok_or(Rejection::UnknownNode { node: node.clone() })?;
        if matches!(walk.process.node(place).kind, Kind::Boundary(_)) {
            return Err(Rejection::UnknownNode { node });
        }
        if !fits(&walk, place, scope, &end) {
            return Err(Rejection::WhichScope { node });
        }
        places.push((place, scope));
    }
    let begins = !places.is_empty();
    let before = walk.instance.clone();
    let mut others = Others::default();
    for (place, scope) in places {
        let parent = walk.process.node(place).parent;
        let opened = match (scope, parent) {
            (Some(scope), _) => Ok(Some(scope)),
            (None, Some(parent)) => open(&mut walk, parent).map(Some),
            (None, None) => Ok(None),
        };
        let scope = match opened {
            Ok(scope) => scope,
            Err(rejection) => {
                *walk.instance = before;
                return Err(rejection);
            }
        };
        others.begun.push((scope, place));
    }
    let stay: BTreeSet<ScopeId> = others.begun.iter().filter_map(|(scope, _)| *scope).collect();
    others.ended = ended(&walk, &end, &stay);
    for (scope, place) in others.begun.clone() {
        let by = missing::flow(&mut walk, scope, place, &others);
        others.came.extend(by.map(|flow| (scope, flow)));
        walk.begin(scope, by, place);
    }
    for path in end {
        withdraw(&mut walk, path, &stay);
    }
    if !begins && !walk.instance.has_paths() {
        return Ok(cancel(walk, "its last path was ended by hand".to_owned()));
    }
    Ok(walk.finish())
}

/// The paths that end: those that a person ends, and those whose scope has no other left.
fn ended(walk: &Walk<'_>, end: &BTreeSet<PathId>, stay: &BTreeSet<ScopeId>) -> BTreeSet<PathId> {
    let (mut ended, mut gone) = (end.clone(), BTreeMap::new());
    let mut open: Vec<PathId> = end.iter().copied().collect();
    while let Some(path) = open.pop() {
        let around = walk.instance.path(path).and_then(|path| path.scope());
        let Some(scope) = around.filter(|scope| !stay.contains(scope)) else { continue };
        let Some(found) = walk.instance.scope(scope) else { continue };
        let gone: &mut usize = gone.entry(scope).or_default();
        *gone += 1;
        let last = *gone == found.paths.len() && found.pending.is_empty();
        if last && found.kind() != ScopeKind::Compensation && ended.insert(found.host()) {
            open.push(found.host());
        }
    }
    ended
}

/// Ends a path, and the scopes around it that have no path left.
fn withdraw(walk: &mut Walk<'_>, path: PathId, stay: &BTreeSet<ScopeId>) {
    let around = walk.instance.path(path).and_then(|path| path.scope());
    activity::withdraw(walk, path);
    let Some(scope) = around.filter(|scope| !stay.contains(scope)) else { return };
    let Some(open) = walk.instance.scope(scope) else { return };
    let (host, kind) = (open.host(), open.kind());
    let empty = open.paths.is_empty() && open.pending.is_empty();
    match kind {
        // What else is to be undone is.
        ScopeKind::Compensation => {}
        _ if empty => withdraw(walk, host, stay),
        ScopeKind::Body => multi_instance::withdrawn(walk, scope),
        ScopeKind::SubProcess | ScopeKind::EventSubProcess => {}
    }
}

/// Whether a path can begin at a node, in a scope if one is named.
fn fits(walk: &Walk<'_>, place: Place, scope: Option<ScopeId>, end: &BTreeSet<PathId>) -> bool {
    let open = open_scopes(walk, place);
    match scope {
        Some(scope) => holds(walk, scope, place) && !ends(walk, scope, end),
        None => match &open[..] {
            [] => openable(walk, place, end),
            [only] => !ends(walk, *only, end),
            [_, _, ..] => false,
        },
    }
}

/// Whether a scope ends with one of the paths that a person ends.
fn ends(walk: &Walk<'_>, scope: ScopeId, end: &BTreeSet<PathId>) -> bool {
    let mut at = Some(scope);
    while let Some(open) = at.and_then(|scope| walk.instance.scope(scope)) {
        if end.contains(&open.host()) {
            return true;
        }
        at = open.parent();
    }
    false
}

/// Whether a scope is the one of the sub-process that holds a node.
fn holds(walk: &Walk<'_>, scope: ScopeId, place: Place) -> bool {
    let parent = walk.process.node(place).parent.map(|parent| &walk.process.node(parent).id);
    let open = walk.instance.scope(scope);
    open.is_some_and(|open| is_contents(open.kind()) && Some(open.node()) == parent)
}

fn is_contents(kind: ScopeKind) -> bool {
    matches!(kind, ScopeKind::SubProcess | ScopeKind::EventSubProcess)
}

/// The open scopes of the sub-process that holds a node.
fn open_scopes(walk: &Walk<'_>, place: Place) -> Vec<ScopeId> {
    let Some(parent) = walk.process.node(place).parent else { return Vec::new() };
    let id = &walk.process.node(parent).id;
    let of = |open: &crate::Scope| is_contents(open.kind()) && open.node() == id;
    walk.instance.scopes().filter(|(_, open)| of(open)).map(|(id, _)| id).collect()
}

/// Whether the sub-processes around a node are open, or can be opened without more being known.
fn openable(walk: &Walk<'_>, place: Place, end: &BTreeSet<PathId>) -> bool {
    let mut inner = place;
    while let Some(parent) = walk.process.node(inner).parent {
        match &open_scopes(walk, inner)[..] {
            [only] => return !ends(walk, *only, end),
            [] => {}
            [_, _, ..] => return false,
        }
        let Some(activity) = walk.process.node(parent).kind.activity() else { return false };
        if activity.repeat.is_some() || activity.is_event_sub_process() {
            return false;
        }
        inner = parent;
    }
    true
}

/// The open scope of a sub-process; opened, without beginning in it, if there is none.
///
/// # Errors
/// What has no value.
fn open(walk: &mut Walk<'_>, place: Place) -> Result<ScopeId, Rejection> {
    let node = walk.process.node(place);
    let is_it = |open: &crate::Scope| is_contents(open.kind()) && *open.node() == node.id;
    if let Some((scope, _)) = walk.instance.scopes().find(|(_, open)| is_it(open)) {
        return Ok(scope);
    }
    let around = node.parent.map(|parent| open(walk, parent)).transpose()?;
    let path = walk.instance.next_path();
    walk.record(crate::Event::Entered { path, node: node.id.clone(), scope: around, host: None });
    let visit = Visit { path, scope: around, place, node };
    contents(walk, visit)
        .map_err(|message| Rejection::CannotOpen { node: node.id.clone(), message })
}

fn contents(walk: &mut Walk<'_>, visit: Visit<'_>) -> Result<ScopeId, String> {
    if let Some(activity) = activity::of(visit) {
        activity::open_by_hand(walk, visit, activity)?;
    }
    let variables = sub_process::variables(walk, visit)?;
    let scope = sub_process::open_scope(walk, visit, ScopeKind::SubProcess, variables);
    event_sub_process::arm(walk, Some(scope), Some(visit.place))?;
    Ok(scope)
}
