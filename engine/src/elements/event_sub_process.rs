//! Event sub-process (BPMN 2.0.2 §10.3.5, §13.3.5, §13.5.4): begins when its start event is triggered
//! while the scope around it is open, and interrupts that scope or runs beside it.

use definitions::{Kind, Place, StartEvent};
use serde_json::{Map, Value};

use super::{activity, ad_hoc_sub_process, completion, sub_process, trigger};
use crate::catch::Owner;
use crate::view::{View, evaluate};
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, ScopeId, ScopeKind};

/// A scope was opened: what the start events of its event sub-processes await is subscribed to.
///
/// # Errors
/// What is wrong with one, in words; nothing is subscribed to then.
pub(crate) fn arm(
    walk: &mut Walk<'_>,
    scope: Option<ScopeId>,
    of: Option<Place>,
) -> Result<(), String> {
    let process = walk.process;
    let mut plans = Vec::new();
    for place in &process.contents(of).event_sub_processes {
        for start in &process.contents(Some(*place)).starts {
            let Kind::StartEvent(event) = &process.node(*start).kind else { continue };
            plans.push((*start, trigger::plan(walk, *start, &event.event, &walk.view(scope))?));
        }
    }
    for (start, plans) in plans {
        trigger::subscribe(walk, Owner::scope(scope), start, plans);
    }
    Ok(())
}

/// The start event was triggered. An interrupting one ends all else that is under way in the scope.
pub(crate) fn happened(
    walk: &mut Walk<'_>,
    scope: Option<ScopeId>,
    place: Place,
    start: &StartEvent,
    payload: Map<String, Value>,
) {
    let Some(parent) = walk.process.node(place).parent else { return };
    if start.interrupting {
        activity::withdraw_all(walk, scope);
        trigger::end_all_of_scope(walk, scope);
        if let Some(scope) = scope {
            ad_hoc_sub_process::interrupted(walk, scope);
        }
    }
    open(walk, scope, parent, place, payload);
}

/// Opens the event sub-process in a scope, and begins at its start event.
pub(crate) fn open(
    walk: &mut Walk<'_>,
    scope: Option<ScopeId>,
    place: Place,
    start: Place,
    payload: Map<String, Value>,
) {
    let path = walk.instance.next_path();
    let node = walk.process.node(place);
    walk.record(Event::Entered { path, node: node.id.clone(), scope, host: None });
    walk.touch(scope);
    begin(walk, Visit { path, scope, place, node }, start, payload);
}

/// A path is here, without a trigger or with what came kept from before: an incident stopped it, or
/// a person put it here.
pub(crate) fn enter(walk: &mut Walk<'_>, visit: Visit<'_>) {
    let payload = walk.instance.path(visit.path).map(|path| path.locals().clone());
    if let Some(start) = walk.process.contents(Some(visit.place)).starts.first() {
        begin(walk, visit, *start, payload.unwrap_or_default());
    }
}

/// The inputs, each seeing what came with the trigger and those before it.
///
/// # Errors
/// Which has no value, in words.
fn inputs(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    payload: &Map<String, Value>,
) -> Result<Map<String, Value>, String> {
    let mut inputs = Map::new();
    for (name, input) in activity::of(visit).into_iter().flat_map(|activity| &activity.inputs) {
        let view = View { locals: Some(&inputs), given: Some(payload), ..walk.view(visit.scope) };
        let value = evaluate(input, &view).map_err(|error| format!("input `{name}`: {error}"))?;
        inputs.insert(name.clone(), value);
    }
    Ok(inputs)
}

/// An event that leaves the scope alone and awaits all of its triggers awaits them anew when all have
/// come.
///
/// # Errors
/// What cannot be awaited, in words; a retry awaits it.
fn await_again(walk: &mut Walk<'_>, scope: Option<ScopeId>, place: Place) -> Result<(), String> {
    let node = walk.process.node(place);
    let Kind::StartEvent(start) = &node.kind else { return Ok(()) };
    let again = !start.interrupting && start.event.parallel_multiple;
    if again && !trigger::awaits_more(walk, Owner::scope(scope), &node.id) {
        let plans = trigger::plan(walk, place, &start.event, &walk.view(scope))?;
        trigger::subscribe(walk, Owner::scope(scope), place, plans);
    }
    Ok(())
}

fn begin(walk: &mut Walk<'_>, visit: Visit<'_>, start: Place, payload: Map<String, Value>) {
    let awaited = await_again(walk, visit.scope, start);
    let variables = awaited.and_then(|()| inputs(walk, visit, &payload));
    let variables = variables.and_then(|mut variables| {
        sub_process::declare(walk, visit.scope, Some(visit.place), &mut variables)?;
        Ok(variables)
    });
    let opened = variables.and_then(|variables| {
        let inner = sub_process::open_scope(walk, visit, ScopeKind::EventSubProcess, variables);
        arm(walk, Some(inner), Some(visit.place)).map(|()| inner)
    });
    match opened {
        Ok(inner) => walk.begin_with(Some(inner), start, payload),
        Err(message) => {
            activity::close_scope(walk, visit.path);
            completion::keep(walk, visit, payload);
            walk.stop(visit, Moment::Entering, message);
        }
    }
}
