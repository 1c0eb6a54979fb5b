//! Cancel (BPMN 2.0.2 §10.5.3, §10.7, §13.5.3): ends a transaction that is undone, and leaves it by
//! its cancel boundary event.

use definitions::{EventDefinition, Kind, Place};
use serde_json::Map;

use super::{activity, boundary_event, compensation, trigger};
use crate::ScopeId;
use crate::walk::{Visit, Walk};

/// A cancel end event: all that is under way in the transaction ends, and what it has done is
/// undone.
pub(crate) fn throw(walk: &mut Walk<'_>, visit: Visit<'_>) {
    walk.forget_beginnings(visit.scope);
    for path in walk.instance.paths_in(visit.scope) {
        if path != visit.path {
            activity::withdraw(walk, path);
        }
    }
    trigger::end_all_of_scope(walk, visit.scope);
    if walk.instance.done(visit.scope).is_empty() {
        undone(walk, visit);
    } else {
        compensation::open(walk, visit, &[visit.scope], None);
    }
}

/// All is undone: the transaction is left by its cancel boundary event; without one it just ends.
pub(crate) fn undone(walk: &mut Walk<'_>, visit: Visit<'_>) {
    let host = host_of(walk, visit.scope);
    let caught = host.and_then(|host| Some((host, boundary(walk, activity::of(host)?)?)));
    walk.end(visit);
    if let (None, Some(scope)) = (caught, visit.scope) {
        walk.cancelled(scope);
    }
    if let Some((host, place)) = caught {
        boundary_event::interrupt(walk, host, place, Map::new());
    }
}

/// The path at a transaction, with the boundary events; of a repeated one, that of the whole.
fn host_of<'a>(walk: &Walk<'a>, scope: Option<ScopeId>) -> Option<Visit<'a>> {
    let host = walk.visit(walk.instance.scope(scope?)?.host())?;
    match walk.instance.is_repetition(host.path) {
        true => host_of(walk, host.scope),
        false => Some(host),
    }
}

fn boundary(walk: &Walk<'_>, transaction: &definitions::Activity) -> Option<Place> {
    let cancels = |place: &Place| match &walk.process.node(*place).kind {
        Kind::Boundary(boundary) => {
            boundary.event.definitions.iter().any(|one| matches!(one, EventDefinition::Cancel))
        }
        _ => false,
    };
    transaction.boundaries.iter().copied().find(cancels)
}
