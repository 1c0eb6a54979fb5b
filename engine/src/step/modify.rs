//! Moving paths by hand: some end, others begin elsewhere.

use definitions::{Kind, NodeId, Place};

use super::visit;
use crate::elements::{activity, event_sub_process, sub_process};
use crate::walk::{Visit, Walk};
use crate::{PathId, Rejection, ScopeId, ScopeKind, Step};

/// Begins paths at nodes, opening the sub-processes around them where none is open, and then ends
/// others.
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
    let mut places = Vec::new();
    for (node, scope) in begin {
        let place = walk.process.place(&node);
        let place = place.ok_or(Rejection::UnknownNode { node: node.clone() })?;
        if matches!(walk.process.node(place).kind, Kind::Boundary(_)) {
            return Err(Rejection::UnknownNode { node });
        }
        let fits = match scope {
            Some(scope) => holds(&walk, scope, place),
            None => open_scopes(&walk, place).len() <= 1 && openable(&walk, place),
        };
        if !fits {
            return Err(Rejection::WhichScope { node });
        }
        places.push((place, scope));
    }
    for (place, scope) in places {
        let parent = walk.process.node(place).parent;
        let scope = scope.or_else(|| parent.and_then(|parent| open(&mut walk, parent)));
        walk.begin(scope, None, place);
    }
    for path in end {
        activity::withdraw(&mut walk, path);
    }
    Ok(walk.finish())
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
fn openable(walk: &Walk<'_>, place: Place) -> bool {
    let mut at = walk.process.node(place).parent;
    let mut inner = place;
    while let Some(parent) = at {
        match open_scopes(walk, inner).len() {
            1 => return true,
            0 => {}
            _ => return false,
        }
        let Some(activity) = walk.process.node(parent).kind.activity() else { return false };
        if activity.repeat.is_some() || activity.is_event_sub_process() {
            return false;
        }
        inner = parent;
        at = walk.process.node(parent).parent;
    }
    true
}

/// The open scope of a sub-process; opened, without beginning in it, if there is none.
fn open(walk: &mut Walk<'_>, place: Place) -> Option<ScopeId> {
    let node = walk.process.node(place);
    let found = walk
        .instance
        .scopes()
        .find(|(_, open)| is_contents(open.kind()) && *open.node() == node.id);
    if let Some((scope, _)) = found {
        return Some(scope);
    }
    let around = match node.parent {
        Some(parent) => Some(open(walk, parent)?),
        None => None,
    };
    let path = walk.instance.next_path();
    walk.record(crate::Event::Entered { path, node: node.id.clone(), scope: around });
    let visit = Visit { path, scope: around, place, node };
    let variables = sub_process::variables(walk, visit).unwrap_or_default();
    let scope = sub_process::open_scope(walk, visit, ScopeKind::SubProcess, variables);
    if let Err(message) = event_sub_process::arm(walk, Some(scope), Some(place)) {
        walk.stop(visit, crate::Moment::Leaving, message);
    }
    Some(scope)
}
