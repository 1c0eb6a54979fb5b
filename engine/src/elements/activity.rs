//! Activity (BPMN 2.0.2 §10.3, §13.3.2): the life of one that is common to all kinds. It is entered,
//! has its inputs evaluated and its boundary events armed, does its work, and is left by its
//! outputs along its flows; or it is ended before its time.

use std::sync::Arc;

use definitions::{Activity, Flow, Kind, Repeat, Sets, SubProcessKind, Work};
use serde_json::{Map, Value};

use super::{
    boundary_event, business_rule_task, call_activity, compensation, completion, event_sub_process,
    message, multi_instance, quantity, receive_task, script_task, standard_loop, sub_process, task,
    trigger,
};
use crate::view::{View, evaluate};
use crate::walk::{Visit, Walk, properties};
use crate::{Effect, Event, Moment, PathId, PathState, Write};

/// A path is here.
pub(crate) fn enter<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    by: Option<&'a Flow>,
) {
    if walk.instance.is_repetition(visit.path) {
        return enter_gathered(walk, visit, activity);
    }
    if let Some(visit) = quantity::gather(walk, visit, activity, by) {
        enter_gathered(walk, visit, activity);
    }
}

/// A path is here, and as many as the activity takes to begin.
pub(crate) fn enter_gathered<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, activity: &'a Activity) {
    if activity.is_event_sub_process() {
        return event_sub_process::enter(walk, visit);
    }
    if walk.instance.is_repetition(visit.path) {
        return begin(walk, visit, activity);
    }
    match &activity.repeat {
        None => begin(walk, visit, activity),
        Some(Repeat::Standard { condition, before, maximum }) => {
            standard_loop::enter(walk, visit, (condition.as_ref(), *before, maximum.as_ref()));
        }
        Some(Repeat::Multiple(several)) => multi_instance::enter(walk, visit, several),
    }
}

/// The activity begins, or one of its instances does: inputs and boundary events are evaluated,
/// the events armed, and the work begun.
pub(crate) fn begin<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, activity: &'a Activity) {
    let alone = !walk.instance.is_repetition(visit.path);
    let prepared =
        prepare(walk, visit, activity, &visit.node.enter).and_then(|(inputs, writes)| {
            let plans = match alone {
                true => boundary_event::plan(walk, visit, activity, &inputs)?,
                false => Vec::new(),
            };
            Ok((inputs, plans, writes))
        });
    match prepared {
        Ok((inputs, plans, writes)) => {
            began(walk, visit, inputs);
            walk.write(visit, writes);
            boundary_event::arm(walk, visit, plans);
            work(walk, visit, activity);
        }
        Err(message) => walk.stop(visit, Moment::Entering, message),
    }
}

/// The properties come; the inputs, and what is set when the activity begins, seen with these.
///
/// # Errors
/// Which has no value or finds no room, in words.
fn prepare(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    activity: &Activity,
    sets: &Sets,
) -> Result<(Map<String, Value>, Vec<Write>), String> {
    walk.declare(visit)?;
    let inputs = inputs(activity, walk.view_at(visit))?;
    let view = View { locals: Some(&inputs), ..walk.view_at(visit) };
    let writes = walk.assigned(&[sets], view, Vec::new())?;
    walk.fit(&writes)?;
    Ok((inputs, writes))
}

/// A sub-process is opened by hand: as when it begins, but nothing begins in it.
///
/// # Errors
/// Which input or boundary event has no value, in words.
pub(crate) fn open_by_hand(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    activity: &Activity,
) -> Result<(), String> {
    let inputs = inputs(activity, walk.view_at(visit))?;
    let plans = boundary_event::plan(walk, visit, activity, &inputs)?;
    began(walk, visit, inputs);
    boundary_event::arm(walk, visit, plans);
    Ok(())
}

/// The work is begun afresh after an incident, with the properties and the inputs evaluated anew.
pub(crate) fn begin_again<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, activity: &'a Activity) {
    match prepare(walk, visit, activity, &properties::set(visit.node)) {
        Ok((inputs, writes)) => {
            began(walk, visit, inputs);
            walk.write(visit, writes);
            work(walk, visit, activity);
        }
        Err(message) => walk.stop(visit, Moment::Running, message),
    }
}

fn work<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, activity: &'a Activity) {
    match &activity.work {
        Work::Task(task) => task::ask(walk, visit, task, 1),
        Work::Nothing(_) => completion::complete(walk, visit, activity, Map::new()),
        Work::Script { script, .. } => script_task::run(walk, visit, activity, script),
        Work::Decision(decision) => business_rule_task::ask(walk, visit, decision),
        Work::Send(message) => message::send_task(walk, visit, activity, message),
        Work::Receive { message, .. } => receive_task::wait(walk, visit, message),
        Work::SubProcess(inner) => sub_process::open(walk, visit, inner),
        Work::Call(call) => call_activity::ask(walk, visit, call),
    }
}

/// The inputs, each seeing those before it as locals.
///
/// # Errors
/// Which has no value, in words.
pub(crate) fn inputs(activity: &Activity, view: View<'_>) -> Result<Map<String, Value>, String> {
    let mut inputs = Map::new();
    for (name, input) in &activity.inputs {
        let view = View { locals: Some(&inputs), ..view };
        let value = evaluate(input, &view).map_err(|error| format!("input `{name}`: {error}"))?;
        inputs.insert(name.clone(), value);
    }
    Ok(inputs)
}

pub(crate) fn began(walk: &mut Walk<'_>, visit: Visit<'_>, inputs: Map<String, Value>) {
    let locals = (!inputs.is_empty()).then(|| Arc::new(inputs));
    walk.record(Event::Began { path: visit.path, node: visit.node.id.clone(), locals });
}

/// What is seen from inside an activity: the variables of the scope that it has opened, which its
/// inputs have become, or else its inputs and its properties.
pub(crate) fn within<'w>(walk: &'w Walk<'_>, path: PathId) -> View<'w> {
    let Some(path) = walk.instance.path(path) else { return walk.view(None) };
    match path.hosts() {
        Some(scope) => walk.view(Some(scope)),
        None => View {
            locals: Some(path.locals()),
            given: Some(path.given()),
            own: Some(path.own()),
            ..walk.view(path.scope())
        },
    }
}

/// The activity, or one of its instances, is done and its outputs are taken over.
pub(crate) fn part<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, activity: &'a Activity) {
    if let Some(scope) = visit.scope.filter(|_| walk.instance.is_repetition(visit.path)) {
        remember(walk, visit, activity);
        close(walk, visit.path);
        walk.record(Event::Completed { path: visit.path, node: visit.node.id.clone() });
        walk.touch(visit.scope);
        return multi_instance::completed(walk, scope);
    }
    if let Some(way) = walk.only_way(visit.place) {
        return done(walk, visit, activity, &[way]);
    }
    match walk.ways(visit.place, visit.scope) {
        Ok(ways) => done(walk, visit, activity, &ways),
        Err(message) => walk.stop(visit, Moment::Parting, message),
    }
}

fn done<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    ways: &[(&'a Flow, definitions::Place)],
) {
    let many = activity.completion_quantity.max(1);
    if let Some(message) = walk.has_no_room(ways.len().saturating_mul(many as usize)) {
        return walk.stop(visit, Moment::Parting, message);
    }
    if !walk.set_on_way(visit, ways) {
        return;
    }
    remember(walk, visit, activity);
    close(walk, visit.path);
    walk.record(Event::Completed { path: visit.path, node: visit.node.id.clone() });
    walk.touch(visit.scope);
    let ends_all = super::ad_hoc_sub_process::completed(walk, visit.scope);
    if ends_all || activity.for_compensation || activity.is_event_sub_process() {
        return;
    }
    walk.leave_anew(visit, ways, many);
}

/// What can be undone is remembered: an activity with a handler, a sub-process or a repeated
/// activity when something in it can be undone. Of a repeated activity each instance is, since each
/// is undone by itself.
fn remember(walk: &mut Walk<'_>, visit: Visit<'_>, activity: &Activity) {
    let once = activity.repeat.is_none() || walk.instance.is_repetition(visit.path);
    if activity.undone_by.is_some() && once {
        return compensation::remember(walk, visit);
    }
    let hosts = walk.instance.path(visit.path).and_then(|path| path.hosts());
    let Some(scope) = hosts.and_then(|scope| walk.instance.scope(scope)) else { return };
    let sub_process = visit.node.kind.activity().and_then(Activity::sub_process);
    let undoes_itself = sub_process.is_some_and(|inner| {
        compensation::handler_in(walk.process, &inner.contents).is_some()
            && !matches!(inner.kind, SubProcessKind::Event)
    });
    if !scope.done.is_empty() || (undoes_itself && scope.kind() == crate::ScopeKind::SubProcess) {
        compensation::remember(walk, visit);
    }
}

/// All that hangs on a path is ended: its timers and catches, and the scope that it hosts with all
/// that is in it. The path itself stays for the caller to end.
pub(crate) fn close(walk: &mut Walk<'_>, path: PathId) {
    disarm(walk, path);
    close_scope(walk, path);
}

/// Nothing that hangs on a path is awaited any more; the scope that it hosts goes on.
pub(crate) fn disarm(walk: &mut Walk<'_>, path: PathId) {
    let Some(found) = walk.instance.path(path) else { return };
    let (timers, catches) = (found.timers().to_vec(), found.catches().to_vec());
    for timer in timers {
        trigger::disarm(walk, timer);
    }
    for catch in catches {
        trigger::unsubscribe(walk, catch);
    }
}

/// The scope that a path hosts is closed, with all that is in it.
pub(crate) fn close_scope(walk: &mut Walk<'_>, path: PathId) {
    if let Some(scope) = walk.instance.path(path).and_then(|path| path.hosts()) {
        withdraw_all(walk, Some(scope));
        trigger::end_all_of_scope(walk, Some(scope));
        if let Some(node) = walk.instance.scope(scope).map(|open| open.node().clone()) {
            walk.record(Event::Closed { scope, node });
        }
    }
}

/// The stay of a path at its node ends before its time: all that hangs on it is ended, and so is the
/// instance that it called.
pub(crate) fn cut(walk: &mut Walk<'_>, path: PathId) {
    close(walk, path);
    if calls(walk, path) {
        walk.ask(Effect::EndCall { path });
    }
}

/// Whether a path has called another instance that has not answered.
fn calls(walk: &Walk<'_>, path: PathId) -> bool {
    let state = walk.instance.path(path).map(|path| path.state());
    let asked = matches!(state, Some(PathState::Running { .. } | PathState::Waiting));
    let visit = walk.visit(path).filter(|_| asked);
    let work = visit.and_then(|visit| visit.node.kind.activity()).map(|activity| &activity.work);
    matches!(work, Some(Work::Call(_)))
}

/// Ends a path before its time, with all that hangs on it.
pub(crate) fn withdraw(walk: &mut Walk<'_>, path: PathId) {
    cut(walk, path);
    let Some(found) = walk.instance.path(path) else { return };
    let (node, scope) = (found.node().clone(), found.scope());
    walk.record(Event::Withdrawn { path, node });
    walk.touch(scope);
}

/// Ends all paths of a scope before their time.
pub(crate) fn withdraw_all(walk: &mut Walk<'_>, scope: Option<crate::ScopeId>) {
    walk.forget_beginnings(scope);
    for path in walk.instance.paths_in(scope) {
        withdraw(walk, path);
    }
}

/// Whether a node is an activity that a path can be told to take up again.
pub(crate) fn of<'a>(visit: Visit<'a>) -> Option<&'a Activity> {
    match &visit.node.kind {
        Kind::Activity(activity) => Some(activity),
        _ => None,
    }
}
