//! Cancel (BPMN 2.0.2 §10.5.3, §10.7, §13.5.3): ends a transaction that is undone, and leaves it by
//! its cancel boundary event.

use definitions::{EventDefinition, Kind, Place, Process, SubProcessKind};
use serde_json::Map;

use super::{activity, boundary_event, compensation, multi_instance, trigger};
use crate::walk::{Visit, Walk};
use crate::{Instance, PathId, PathState, Scope, ScopeId, ScopeKind};

/// A cancel end event: all that is under way in the transaction ends, and what was done in it is
/// undone, also in what was not done as a whole (§13.5.5). Of a repeated one that is left by its
/// cancel boundary event, so it is in all instances.
pub(crate) fn throw(walk: &mut Walk<'_>, visit: Visit<'_>) {
    end_others(walk, visit);
    trigger::end_all_of_scope(walk, visit.scope);
    if let Some(own) = own(walk, visit.scope) {
        match (walk.instance.is_repetition(own.path), caught(walk, own)) {
            (false, _) => activity::disarm(walk, own.path),
            (true, Some((whole, _))) => {
                activity::disarm(walk, whole.path);
                end_others(walk, own);
                multi_instance::others_ended(walk, own);
            }
            (true, None) => {}
        }
    }
    if walk.instance.done(visit.scope).is_empty() {
        undone(walk, visit);
    } else {
        compensation::open(walk, visit, &[visit.scope], None);
    }
}

/// All other paths of the scope end; what was done at them is remembered in it.
fn end_others(walk: &mut Walk<'_>, visit: Visit<'_>) {
    let scope = visit.scope;
    walk.forget_beginnings(scope);
    for path in walk.instance.paths_in(scope).into_iter().filter(|path| *path != visit.path) {
        for done in compensation::done_at(walk, path) {
            compensation::record(walk, path, done);
        }
        activity::withdraw(walk, path);
    }
}

/// What was done in the scope of the event is undone: then what was done in other instances is, and
/// the transaction is left. Without a boundary event for it, it just ends.
pub(crate) fn undone(walk: &mut Walk<'_>, visit: Visit<'_>) {
    let own = own(walk, visit.scope).filter(|own| caught(walk, *own).is_some());
    walk.end(visit);
    let Some(own) = own else {
        visit.scope.into_iter().for_each(|scope| walk.cancelled(scope));
        return;
    };
    if walk.instance.is_repetition(own.path) && !walk.instance.done(own.scope).is_empty() {
        activity::close_scope(walk, own.path);
        return compensation::open(walk, own, &[own.scope], None);
    }
    leave(walk, own);
}

/// All is undone: the transaction, or the one of which it is an instance, is left by its cancel
/// boundary event.
pub(crate) fn leave(walk: &mut Walk<'_>, own: Visit<'_>) {
    if let Some((whole, place)) = caught(walk, own) {
        boundary_event::interrupt(walk, whole, place, Map::new());
    }
}

/// The path at the transaction that has a scope.
fn own<'a>(walk: &Walk<'a>, scope: Option<ScopeId>) -> Option<Visit<'a>> {
    walk.visit(walk.instance.scope(scope?)?.host())
}

/// The cancel boundary event of a transaction, with the path that has it; of a repeated one, that of
/// the whole.
fn caught<'a>(walk: &Walk<'a>, own: Visit<'a>) -> Option<(Visit<'a>, Place)> {
    let place = boundary(walk.process, activity::of(own)?)?;
    match walk.instance.is_repetition(own.path) {
        true => Some((self::own(walk, own.scope)?, place)),
        false => Some((own, place)),
    }
}

fn boundary(process: &Process, transaction: &definitions::Activity) -> Option<Place> {
    let cancels = |place: &Place| match &process.node(*place).kind {
        Kind::Boundary(boundary) => is_cancel(&boundary.event),
        _ => false,
    };
    transaction.boundaries.iter().copied().find(cancels)
}

/// Whether an event cancels, or is for what is cancelled.
pub(crate) fn is_cancel(event: &definitions::Event) -> bool {
    event.definitions.iter().any(|one| matches!(one, EventDefinition::Cancel))
}

/// Whether an open scope is a transaction that was cancelled and is being undone.
pub(crate) fn is_thrown(process: &Process, instance: &Instance, open: &Scope) -> bool {
    let kind = |path: PathId| Some(&process.node(process.place(instance.path(path)?.node())?).kind);
    let transaction = kind(open.host()).and_then(Kind::activity).filter(|activity| {
        activity.sub_process().is_some_and(|it| matches!(it.kind, SubProcessKind::Transaction))
    });
    let Some(transaction) = transaction else { return false };
    let hosted = |path: PathId| instance.scope(instance.path(path)?.hosts()?);
    match open.kind() {
        ScopeKind::SubProcess => open.paths.iter().any(|path| {
            let inside =
                instance.path(*path).is_some_and(|path| *path.state() == PathState::Inside);
            inside && matches!(kind(*path), Some(Kind::EndEvent(event)) if is_cancel(event))
        }),
        // The instance that was cancelled is the only one that is left.
        ScopeKind::Body if open.paths.len() == 1 && boundary(process, transaction).is_some() => {
            open.paths.first().and_then(|path| hosted(*path)).is_some_and(|own| {
                own.kind() == ScopeKind::Compensation || is_thrown(process, instance, own)
            })
        }
        _ => false,
    }
}
