//! Compensation (BPMN 2.0.2 §10.7, §13.5.5): what was done is remembered in its scope, and undone in
//! reverse order when an event asks for it.
//!
//! What is to be undone stands in a scope of its own, hosted by the path at the event that asks. One
//! handler after the other runs in it; a sub-process that is undone opens another such scope inside,
//! with the variables that it ended with.

use definitions::{
    Activity, Compensation, Container, EventDefinition, Kind, NodeId, Place, Process,
};
use serde_json::{Map, Value};

use super::{activity, cancel_event, event_sub_process};
use crate::catch::Owner;
use crate::effort::LOOK;
use crate::walk::{Visit, Walk};
use crate::{Done, Event, Instance, PathId, PathState, Scope, ScopeId, ScopeKind};

/// The activity at a path is done and can be undone; its scope remembers it. What undoes is not
/// undone itself.
pub(crate) fn remember(walk: &mut Walk<'_>, visit: Visit<'_>) {
    let Some(activity) = activity::of(visit).filter(|activity| !activity.for_compensation) else {
        return;
    };
    let hosts = walk.instance.path(visit.path).and_then(|path| path.hosts());
    if hosts.is_some_and(|scope| walk.is_cancelled(scope)) {
        return;
    }
    let around = visit.scope.and_then(|scope| walk.instance.scope(scope));
    if around.is_some_and(|scope| scope.kind() == ScopeKind::Compensation) {
        return;
    }
    if activity.undone_by.is_some() && (activity.repeat.is_none() || repeated(walk, visit)) {
        // Its handler stands beside it and sees what it sees, and of one instance which it was.
        let given = walk.instance.path(visit.path).map(|path| path.given().clone());
        let variables = given.unwrap_or_default();
        return record(walk, visit.path, done(visit, variables, Vec::new()));
    }
    let open = hosts.and_then(|scope| walk.instance.scope(scope));
    let done = match open {
        None => done(visit, Map::new(), Vec::new()),
        Some(open) => done(visit, ended_with(open), open.done.clone()),
    };
    record(walk, visit.path, done);
}

/// The scope of a path remembers what was done at it: behind all that it remembers already, but
/// for what was reached from a boundary event of the activity, which is undone before it (§13.5.5).
pub(crate) fn record(walk: &mut Walk<'_>, id: PathId, done: Done) {
    let Some(path) = walk.instance.path(id) else { return };
    let scope = path.scope();
    let all = walk.instance.done(scope).len();
    let comes_first = path.remembered.is_some_and(|before| (before as usize) < all);
    let owner = Owner { path: comes_first.then_some(id), scope };
    walk.record(Event::Remembered { owner, done });
}

/// Whether the activity at a path, or something in it, may be undone once it is done.
pub(crate) fn may_be_undone(process: &Process, visit: Visit<'_>) -> bool {
    let undoes = |kind: &Kind| {
        kind.activity().is_some_and(|activity| {
            activity.undone_by.is_some() || undoes_itself(process, activity)
        })
    };
    undoes(&visit.node.kind)
        || activity::of(visit).and_then(Activity::sub_process).is_some()
            && process.nodes().any(|(_, node)| undoes(&node.kind))
}

/// Whether an activity is a sub-process with an event sub-process that undoes it.
pub(crate) fn undoes_itself(process: &Process, activity: &Activity) -> bool {
    activity.sub_process().is_some_and(|inner| handler_in(process, &inner.contents).is_some())
}

fn done(visit: Visit<'_>, variables: Map<String, Value>, inner: Vec<Done>) -> Done {
    Done { node: visit.node.id.clone(), variables, inner, partly: false }
}

/// The variables of a scope, as what undoes it sees them.
fn ended_with(open: &Scope) -> Map<String, Value> {
    match open.kind() {
        ScopeKind::Body => Map::new(),
        _ => open.variables().clone(),
    }
}

/// What was done in what is under way at a path, in order: it can be undone when that ends before
/// its time. What is being undone there is not undone yet.
pub(crate) fn done_at(walk: &Walk<'_>, path: PathId) -> Vec<Done> {
    let (Some(visit), Some(found)) = (walk.visit(path), walk.instance.path(path)) else {
        return Vec::new();
    };
    if activity::of(visit).is_some_and(|activity| activity.for_compensation) {
        return Vec::from_iter(handled_at(walk, visit));
    }
    let Some(open) = found.hosts().and_then(|scope| walk.instance.scope(scope)) else {
        return Vec::new();
    };
    // Its handler is under way, and undoes all of it.
    if open.kind() == ScopeKind::Compensation && !open.pending.is_empty() {
        return vec![done(visit, ended_with(open), open.done.clone())];
    }
    let mut inner = open.done.clone();
    // What counts on the most is put in its place first, so that the others need not count anew.
    let before = |path: &PathId| walk.instance.path(*path).and_then(|path| path.remembered);
    let mut paths: Vec<PathId> = open.paths.iter().copied().collect();
    paths.sort_by_key(|path| std::cmp::Reverse(before(path).unwrap_or(u32::MAX)));
    for path in paths {
        let at = before(&path).map_or(inner.len(), |before| inner.len().min(before as usize));
        inner.splice(at..at, done_at(walk, path));
    }
    match activity::of(visit) {
        Some(_) if !inner.is_empty() => {
            vec![Done { partly: true, ..done(visit, ended_with(open), inner) }]
        }
        _ => inner,
    }
}

/// The activity that the handler at a path is undoing.
fn handled_at(walk: &Walk<'_>, visit: Visit<'_>) -> Option<Done> {
    let (place, node) = walk.process.nodes().find(|(_, node)| {
        node.kind.activity().is_some_and(|activity| activity.undone_by == Some(visit.place))
    })?;
    Some(done(Visit { place, node, ..visit }, Map::new(), Vec::new()))
}

/// Whether the activity at a path is being undone, and so is active no longer: neither its boundary
/// events happen nor the event sub-processes in it. Of a transaction that is cancelled, only an
/// error event on its boundary does.
pub(crate) fn undoes(process: &Process, instance: &Instance, path: PathId) -> bool {
    is_undone(instance, path)
        || hosted(instance, path)
            .is_some_and(|open| cancel_event::is_thrown(process, instance, open))
}

/// Whether the activity at a path was done and is being undone.
pub(crate) fn is_undone(instance: &Instance, path: PathId) -> bool {
    hosted(instance, path).is_some_and(|open| open.kind() == ScopeKind::Compensation)
}

fn hosted(instance: &Instance, path: PathId) -> Option<&Scope> {
    instance.scope(instance.path(path)?.hosts()?)
}

fn repeated(walk: &Walk<'_>, visit: Visit<'_>) -> bool {
    walk.instance.is_repetition(visit.path)
}

/// The event sub-process that undoes the sub-process which holds it.
pub(crate) fn handler_in(process: &Process, contents: &Container) -> Option<(Place, Place)> {
    contents.event_sub_processes.iter().find_map(|place| {
        let start = *process.contents(Some(*place)).starts.first()?;
        let Kind::StartEvent(event) = &process.node(start).kind else { return None };
        let undoes = |one: &EventDefinition| matches!(one, EventDefinition::Compensation(_));
        event.event.definitions.iter().any(undoes).then_some((*place, start))
    })
}

/// A throwing event asks for compensation, and the path awaits it unless the event says otherwise.
pub(crate) fn throw<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, thrown: &Compensation) {
    let of = undoable_from(walk, visit.scope);
    let wanted = |done: &Done| thrown.activity.as_ref().is_none_or(|node| *node == done.node);
    let looked_at: usize = of.iter().map(|scope| walk.instance.done(*scope).len()).sum();
    walk.effort.spend(looked_at * LOOK);
    if !of.iter().any(|scope| walk.instance.done(*scope).iter().any(wanted)) {
        return go_on(walk, visit);
    }
    if is_awaited(&visit.node.kind) {
        return open(walk, visit, &of, thrown.activity.as_ref());
    }
    let path = walk.instance.next_path();
    let node = visit.node.id.clone();
    walk.record(Event::Entered { path, node, scope: visit.scope, host: None });
    open(walk, Visit { path, ..visit }, &of, thrown.activity.as_ref());
    go_on(walk, visit);
}

/// The scopes whose activities an event in a scope undoes, the outermost first: the scope itself,
/// and the one around an event sub-process.
fn undoable_from(walk: &Walk<'_>, scope: Option<ScopeId>) -> Vec<Option<ScopeId>> {
    let mut of = vec![scope];
    let mut at = scope;
    while let Some(open) = at.and_then(|scope| walk.instance.scope(scope)) {
        if open.kind() != ScopeKind::EventSubProcess {
            break;
        }
        at = open.parent();
        of.insert(0, at);
    }
    of
}

/// Begins to undo what scopes have done, all of it or one activity; the last scope is undone first.
pub(crate) fn open(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    of: &[Option<ScopeId>],
    activity: Option<&NodeId>,
) {
    let mut undo = Vec::new();
    for scope in of {
        let all = walk.instance.done(*scope);
        let before = undo.len();
        undo.extend(all.iter().filter(|done| activity.is_none_or(|n| *n == done.node)).cloned());
        if undo.len() > before {
            walk.record(Event::Recalled { scope: *scope, activity: activity.cloned() });
        }
    }
    open_scope(walk, visit, done(visit, Map::new(), undo), Vec::new());
}

fn open_scope(walk: &mut Walk<'_>, visit: Visit<'_>, done: Done, pending: Vec<Value>) -> ScopeId {
    let scope = walk.instance.next_scope();
    let handled = !pending.is_empty();
    walk.record(Event::Opened {
        scope,
        path: visit.path,
        node: done.node,
        of: ScopeKind::Compensation,
        variables: done.variables,
        pending,
        undo: done.inner,
    });
    if !handled {
        emptied(walk, scope);
    }
    scope
}

/// Nothing is under way in a compensation: the next activity is undone, or it is over.
pub(crate) fn emptied(walk: &mut Walk<'_>, scope: ScopeId) {
    let Some(open) = walk.instance.scope(scope) else { return };
    let host = open.host();
    if walk.instance.path(host).is_none_or(|path| *path.state() != PathState::Inside) {
        return;
    }
    // Where an event sub-process has undone it all, the rest is not undone by itself.
    let next = open.done.last().filter(|_| open.pending.is_empty()).cloned();
    if let Some(done) = next {
        walk.record(Event::Undoing { scope, node: done.node.clone() });
        return undo(walk, scope, done);
    }
    let node = open.node().clone();
    walk.record(Event::Closed { scope, node });
    let Some(visit) = walk.visit(host) else { return };
    match &visit.node.kind {
        Kind::ThrowEvent(event) | Kind::EndEvent(event) => match () {
            () if cancel_event::is_cancel(event) => cancel_event::undone(walk, visit),
            () if is_awaited(&visit.node.kind) => go_on(walk, visit),
            () => finish(walk, visit),
        },
        _ if repeated(walk, visit) => cancel_event::leave(walk, visit),
        _ => finish(walk, visit),
    }
}

/// Whether a path at an event awaits what is undone there, and goes on after it.
pub(crate) fn is_awaited(kind: &Kind) -> bool {
    let waits = |one: &EventDefinition| matches!(one, EventDefinition::Compensation(it) if it.wait);
    match kind {
        Kind::EndEvent(_) => true,
        Kind::ThrowEvent(event) => event.definitions.iter().any(waits),
        _ => false,
    }
}

/// Whether a path only stays for what is undone, while the one that asked for it has gone on.
pub(crate) fn has_gone_on(instance: &Instance, visit: Visit<'_>) -> bool {
    matches!(visit.node.kind, Kind::ThrowEvent(_))
        && !is_awaited(&visit.node.kind)
        && instance.path(visit.path).is_some_and(|path| *path.state() == PathState::Inside)
}

fn finish(walk: &mut Walk<'_>, visit: Visit<'_>) {
    walk.record(Event::Completed { path: visit.path, node: visit.node.id.clone() });
    walk.touch(visit.scope);
}

fn go_on<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    match &visit.node.kind {
        Kind::EndEvent(_) => walk.end(visit),
        _ => walk.leave(visit),
    }
}

/// Undoes one activity: by its handler, or, where it is a scope, by what is in it.
fn undo(walk: &mut Walk<'_>, scope: ScopeId, done: Done) {
    let process = walk.process;
    let Some(place) = process.place(&done.node) else { return walk.touch(Some(scope)) };
    let Some(undone) = process.node(place).kind.activity() else {
        return walk.touch(Some(scope));
    };
    walk.allow_for(1);
    // The instances of a repeated activity are undone each by itself, and so is what was done in
    // what was ended before it was.
    let itself = !done.partly && done.inner.iter().all(|inner| inner.node != done.node);
    let beside = undone.undone_by.filter(|_| itself);
    if let (Some(handler), true) = (beside, done.variables.is_empty()) {
        return walk.begin(Some(scope), None, handler);
    }
    let path = walk.instance.next_path();
    let node = process.node(place);
    walk.record(Event::Entered { path, node: done.node.clone(), scope: Some(scope), host: None });
    let visit = Visit { path, scope: Some(scope), place, node };
    if let Some(handler) = beside {
        let inner = open_scope(walk, visit, done, vec![Value::Bool(true)]);
        return walk.begin(Some(inner), None, handler);
    }
    let handler = undone.sub_process().and_then(|inner| handler_in(process, &inner.contents));
    match handler.filter(|_| itself) {
        None => {
            open_scope(walk, visit, done, Vec::new());
        }
        Some((handler, start)) => {
            let inner = open_scope(walk, visit, done, vec![Value::Bool(true)]);
            event_sub_process::open(walk, Some(inner), handler, start, Default::default());
        }
    }
}
