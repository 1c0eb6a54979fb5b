//! Ad-hoc sub-process (BPMN 2.0.2 §10.3.5, §13.3.5): its activities begin together or one after the
//! other, until its completion condition holds or none is left.

use definitions::{AdHoc, NodeId, SubProcessKind};
use serde_json::{Map, Value};

use super::{activity, event_sub_process};
use crate::view::View;
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, PathState, ScopeId, ScopeKind};

/// The sub-process begins with its activities, or with the first of them.
pub(crate) fn open(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    ad_hoc: &AdHoc,
    variables: Map<String, Value>,
) {
    let first = match first(walk, visit, ad_hoc, &variables) {
        Ok(first) => first,
        Err(message) => return walk.stop(visit, Moment::Running, message),
    };
    let at_once = if ad_hoc.sequential { 1 } else { first.len() };
    if let Some(message) = walk.has_no_room(at_once) {
        return walk.stop(visit, Moment::Running, message);
    }
    let scope = walk.instance.next_scope();
    let (path, node) = (visit.path, visit.node.id.clone());
    let pending = match ad_hoc.sequential {
        true => first.iter().map(|node| Value::from(node.as_str())).collect(),
        false => Vec::new(),
    };
    let of = ScopeKind::SubProcess;
    walk.record(Event::Opened { scope, path, node, of, variables, pending, undo: Vec::new() });
    if let Err(message) = event_sub_process::arm(walk, Some(scope), Some(visit.place)) {
        activity::close_scope(walk, visit.path);
        return walk.stop(visit, Moment::Running, message);
    }
    walk.touch(Some(scope));
    if ad_hoc.sequential {
        return next(walk, scope);
    }
    for node in first {
        if let Some(place) = walk.process.place(&node) {
            walk.begin(Some(scope), None, place);
        }
    }
}

/// The activities that begin with it, in order.
fn first(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    ad_hoc: &AdHoc,
    variables: &Map<String, Value>,
) -> Result<Vec<NodeId>, String> {
    let process = walk.process;
    let contents = process.contents(Some(visit.place));
    let Some(active) = &ad_hoc.active else {
        return Ok(contents.entries.iter().map(|place| process.node(*place).id.clone()).collect());
    };
    let view = View { locals: Some(variables), ..walk.view(visit.scope) };
    let named = active.evaluate(&view).map_err(|error| format!("the activities: {error}"))?;
    let Value::Array(named) = named else {
        return Err("the activities to begin with are a list of their ids".into());
    };
    let inside = |id: &Value| {
        let node = NodeId::from(id.as_str()?);
        let place = process.place(&node)?;
        let inside = process.node(place);
        let begins = inside
            .kind
            .activity()
            .is_some_and(|a| !a.for_compensation && !a.is_event_sub_process());
        (begins && inside.parent == Some(visit.place)).then_some(node)
    };
    let known = |id: &Value| inside(id).ok_or_else(|| format!("there is no activity {id} inside"));
    named.iter().map(known).collect()
}

fn next(walk: &mut Walk<'_>, scope: ScopeId) {
    let Some(open) = walk.instance.scope(scope) else { return };
    let Some(node) = open.pending.last().and_then(Value::as_str).map(NodeId::from) else { return };
    walk.record(Event::TookNext { scope });
    if let Some(place) = walk.process.place(&node) {
        walk.begin(Some(scope), None, place);
    }
}

/// An activity in a scope is done: if the scope is an ad-hoc sub-process, its completion condition
/// is asked. Gives whether it holds, so that nothing new begins.
pub(crate) fn completed(walk: &mut Walk<'_>, scope: Option<ScopeId>) -> bool {
    let Some((id, visit, ad_hoc)) = scope.and_then(|scope| ad_hoc_at(walk, scope)) else {
        return false;
    };
    if suffices(walk, id) {
        return true;
    }
    match holds(walk, id, ad_hoc) {
        Ok(true) => {
            walk.record(Event::DroppedRest { scope: id });
            match ad_hoc.cancel_remaining {
                true => activity::withdraw_all(walk, Some(id)),
                false => end_joining(walk, id),
            }
            true
        }
        Ok(false) => false,
        Err(message) => {
            walk.stop(visit, Moment::Leaving, message);
            false
        }
    }
}

/// Nobody comes any more for whom the paths that are to be joined would wait.
fn end_joining(walk: &mut Walk<'_>, scope: ScopeId) {
    for path in walk.instance.paths_in(Some(scope)) {
        if walk.instance.path(path).is_some_and(|path| *path.state() == PathState::Joining) {
            activity::withdraw(walk, path);
        }
    }
}

/// An event sub-process has interrupted a scope: if the scope is an ad-hoc sub-process, it is complete
/// when that has ended, whatever its completion condition says (§13.5.3). An incident of that
/// condition is over.
pub(crate) fn interrupted(walk: &mut Walk<'_>, scope: ScopeId) {
    let Some((visit, _)) = ad_hoc_of(walk, scope) else { return };
    if !suffices(walk, scope) {
        walk.record(Event::DroppedRest { scope });
    }
    let state = walk.instance.path(visit.path).map(|path| path.state());
    if matches!(state, Some(PathState::Incident { .. })) {
        walk.record(Event::Rested { path: visit.path, node: visit.node.id.clone() });
    }
}

/// Nothing is under way in the sub-process. The next activity begins, or it is complete; when its
/// condition does not hold and nothing is left to do, that is an incident.
pub(crate) fn is_complete(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    scope: ScopeId,
    ad_hoc: &AdHoc,
) -> bool {
    if suffices(walk, scope) {
        return true;
    }
    if walk.instance.scope(scope).is_some_and(|open| !open.pending.is_empty()) {
        next(walk, scope);
        return false;
    }
    let message = match holds(walk, scope, ad_hoc) {
        Ok(true) => return true,
        Ok(false) if ad_hoc.completion.is_none() => return true,
        Ok(false) => "nothing is left to do, but the completion condition does not hold".to_owned(),
        Err(message) => message,
    };
    walk.stop(visit, Moment::Leaving, message);
    false
}

/// Whether the completion condition has held once, or an event sub-process has interrupted the scope.
pub(crate) fn suffices(walk: &Walk<'_>, scope: ScopeId) -> bool {
    walk.instance.scope(scope).is_some_and(|open| open.suffices)
}

fn holds(walk: &Walk<'_>, scope: ScopeId, ad_hoc: &AdHoc) -> Result<bool, String> {
    let Some(completion) = &ad_hoc.completion else { return Ok(false) };
    let value = completion.evaluate_condition(&walk.view(Some(scope)));
    value.map_err(|error| format!("the completion condition has no value: {error}"))
}

/// The ad-hoc sub-process that a scope is, unless an incident stops it.
fn ad_hoc_at<'a>(walk: &Walk<'a>, scope: ScopeId) -> Option<(ScopeId, Visit<'a>, &'a AdHoc)> {
    let (visit, ad_hoc) = ad_hoc_of(walk, scope)?;
    let inside = *walk.instance.path(visit.path)?.state() == PathState::Inside;
    inside.then_some((scope, visit, ad_hoc))
}

fn ad_hoc_of<'a>(walk: &Walk<'a>, scope: ScopeId) -> Option<(Visit<'a>, &'a AdHoc)> {
    let open = walk.instance.scope(scope)?;
    if open.kind() != ScopeKind::SubProcess {
        return None;
    }
    let visit = walk.visit(open.host())?;
    match &activity::of(visit)?.sub_process()?.kind {
        SubProcessKind::AdHoc(ad_hoc) => Some((visit, ad_hoc)),
        _ => None,
    }
}
