//! Triggers (BPMN 2.0.2 §10.5.5): what an event awaits is evaluated and subscribed to, comes, and
//! makes the event happen; multiple events await one of several, parallel multiple ones all.

use definitions::{Event as Definition, EventDefinition, Kind, NodeId, Place, Process, Work};
use serde_json::{Map, Value};

use super::task::{self, Prompt};
use super::{
    activity, boundary_event, catch_event, event_gateway, event_sub_process, message, receive_task,
    signal,
};
use crate::catch::Owner;
use crate::effort::LOOK;
use crate::view::{View, evaluate, weight};
use crate::walk::{Visit, Walk, properties};
use crate::{Awaited, Catch, CatchId, Effect, Event, PathState, ScopeId, Timer, TimerId, Write};

/// What one event definition of an event awaits, evaluated.
pub(crate) struct Plan {
    pub(crate) definition: u16,
    pub(crate) on: On,
}

/// A moment, or something that comes.
pub(crate) enum On {
    Timer(definitions::Schedule),
    Catch(Awaited),
}

/// What an event awaits, evaluated. Errors, escalations and the like are not awaited: they look for
/// their catcher when they are thrown.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn plan(
    walk: &Walk<'_>,
    place: Place,
    event: &Definition,
    view: &View<'_>,
) -> Result<Vec<Plan>, String> {
    let id = &walk.process.node(place).id;
    let mut plans = Vec::new();
    for (definition, number) in event.definitions.iter().zip(0..) {
        let on = match definition {
            EventDefinition::Timer(timer) => {
                let schedule = timer.schedule(view, walk.now);
                On::Timer(schedule.map_err(|error| format!("timer `{id}`: {error}"))?)
            }
            EventDefinition::Message(message) => {
                let awaited = message::awaited(message, view);
                On::Catch(awaited.map_err(|error| format!("event `{id}`: {error}"))?)
            }
            EventDefinition::Signal { name } => {
                let awaited = signal::awaited(name, view);
                On::Catch(awaited.map_err(|error| format!("event `{id}`: {error}"))?)
            }
            EventDefinition::Conditional(_) => On::Catch(Awaited::Condition { held: false }),
            EventDefinition::Error(_)
            | EventDefinition::Escalation(_)
            | EventDefinition::Compensation(_)
            | EventDefinition::Link { .. }
            | EventDefinition::Terminate
            | EventDefinition::Cancel => continue,
        };
        plans.push(Plan { definition: number, on });
    }
    Ok(plans)
}

/// Subscribes to what was planned for an event.
pub(crate) fn subscribe(walk: &mut Walk<'_>, owner: Owner, place: Place, plans: Vec<Plan>) {
    let node = walk.process.node(place).id.clone();
    walk.effort.spend(plans.len() * LOOK);
    for Plan { definition, on } in plans {
        let node = node.clone();
        match on {
            On::Timer(definitions::Schedule { due, then }) => {
                let timer = walk.instance.next_timer();
                let (early, then) = (Map::new(), then.map(Box::new));
                let armed = Timer { owner, node, definition, early, due, then };
                walk.record(Event::Armed { timer, armed });
                walk.ask(Effect::ArmTimer { timer, due });
            }
            On::Catch(awaited) => {
                let catch = walk.instance.next_catch();
                let condition = matches!(awaited, Awaited::Condition { .. });
                let (early, of) = (Map::new(), awaited.clone());
                let subscribed = Catch { owner, node, definition, early, awaited: of };
                walk.record(Event::Subscribed { catch, subscribed });
                match condition {
                    true => walk.unasked.push(catch),
                    false => walk.ask(Effect::Subscribe { catch, awaited }),
                }
            }
        }
    }
}

/// A timer is not needed any more.
pub(crate) fn disarm(walk: &mut Walk<'_>, id: TimerId) {
    let Some(timer) = walk.instance.timer(id) else { return };
    let (node, due) = (timer.node.clone(), timer.due);
    walk.record(Event::Disarmed { timer: id, node });
    walk.ask(Effect::DisarmTimer { timer: id, due });
}

/// A catch is not needed any more.
pub(crate) fn unsubscribe(walk: &mut Walk<'_>, id: CatchId) {
    let Some(catch) = walk.instance.catch(id) else { return };
    let (node, awaited) = (catch.node.clone(), catch.awaited.clone());
    walk.record(Event::Unsubscribed { catch: id, node });
    ask_to_unsubscribe(walk, id, awaited);
}

fn ask_to_unsubscribe(walk: &mut Walk<'_>, catch: CatchId, awaited: Awaited) {
    if !matches!(awaited, Awaited::Condition { .. }) {
        walk.ask(Effect::Unsubscribe { catch, awaited });
    }
}

/// Nothing starts the event sub-processes of a scope any more.
pub(crate) fn end_all_of_scope(walk: &mut Walk<'_>, scope: Option<ScopeId>) {
    let (timers, catches) = walk.instance.owned_by(Owner::scope(scope));
    let (timers, catches) = (timers.into_owned(), catches.into_owned());
    timers.into_iter().for_each(|timer| disarm(walk, timer));
    catches.into_iter().for_each(|catch| unsubscribe(walk, catch));
}

/// Whether an event goes on awaiting the next when it has happened.
pub(crate) fn repeats(process: &Process, node: &NodeId) -> bool {
    let kind = process.place(node).map(|place| &process.node(place).kind);
    match kind {
        Some(Kind::Boundary(boundary)) => !boundary.interrupting,
        Some(Kind::StartEvent(start)) => !start.interrupting,
        _ => false,
    }
}

/// What a catch awaited has come.
pub(crate) fn caught(walk: &mut Walk<'_>, id: CatchId, payload: Map<String, Value>) {
    let Some(mut catch) = walk.instance.catch(id).cloned() else { return };
    let again = catch.repeats(walk.process);
    let early = early(walk, &catch, &payload);
    walk.record(Event::Caught { catch: id, node: catch.node.clone(), again, early });
    if !again {
        ask_to_unsubscribe(walk, id, catch.awaited);
    }
    catch.early.extend(payload);
    happened(walk, catch.owner, &catch.node, catch.early, false);
}

/// What comes for the properties of an event that awaits more, and where no path is yet.
fn early(walk: &Walk<'_>, catch: &Catch, payload: &Map<String, Value>) -> Map<String, Value> {
    let (owner, id, process) = (catch.owner, &catch.node, walk.process);
    let Some(node) = process.place(id).map(|place| process.node(place)) else { return Map::new() };
    let is_there =
        owner.path.and_then(|path| walk.instance.path(path)).is_some_and(|path| path.node == *id);
    if node.variables.is_empty()
        || is_there
        || !awaits_all(process, id)
        || awaited(walk, owner, id) < 2
    {
        return Map::new();
    }
    let own = payload.iter().filter(|(name, _)| properties::is_of(node, name));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Whether an event awaits all of its triggers and not just one (parallel multiple).
pub(crate) fn awaits_all(process: &Process, node: &NodeId) -> bool {
    definition(process, node).is_some_and(|event| event.parallel_multiple)
}

fn definition<'a>(process: &'a Process, node: &NodeId) -> Option<&'a Definition> {
    match &process.node(process.place(node)?).kind {
        Kind::StartEvent(start) => Some(&start.event),
        Kind::CatchEvent(event) => Some(event),
        Kind::Boundary(boundary) => Some(&boundary.event),
        _ => None,
    }
}

/// One of the things that an event awaits has come, a timer or something else.
pub(crate) fn happened(
    walk: &mut Walk<'_>,
    owner: Owner,
    node: &NodeId,
    mut payload: Map<String, Value>,
    in_time: bool,
) {
    let process = walk.process;
    let Some(place) = process.place(node) else { return };
    let at = &process.node(place).kind;
    if awaits_all(process, node) && awaits_more(walk, owner, node) {
        // What came early becomes variables at once, so that it is known when the rest comes.
        let visit = owner.path.and_then(|path| walk.visit(path));
        if let Some(visit) = visit.filter(|visit| visit.place == place) {
            return walk.write(visit, writes(&payload));
        }
        payload.retain(|name, _| !properties::is_of(process.node(place), name));
        return match visit {
            Some(visit) => walk.write_around(visit, writes(&payload)),
            None => set_outward(walk, owner.scope, writes(&payload)),
        };
    }
    match (at, owner.path.and_then(|path| walk.visit(path))) {
        (Kind::Boundary(boundary), Some(host)) => {
            boundary_event::happened(walk, host, place, boundary, payload, in_time);
        }
        (Kind::CatchEvent(_) | Kind::StartEvent(_), Some(visit)) if visit.place == place => {
            catch_event::happened(walk, visit, payload);
        }
        (Kind::CatchEvent(_) | Kind::Activity(_), Some(visit)) if visit.place != place => {
            event_gateway::happened(walk, visit, place, payload);
        }
        (Kind::Activity(activity), Some(visit)) => {
            let state = walk.instance.path(visit.path).map(|path| path.state());
            if matches!(state, Some(PathState::Retrying { .. })) {
                task::resume(walk, visit, activity, Prompt::Again);
            } else if matches!(activity.work, Work::Receive { .. }) {
                receive_task::receive(walk, visit, activity, payload);
            }
        }
        (Kind::StartEvent(start), _) => {
            event_sub_process::happened(walk, owner.scope, place, start, payload);
        }
        _ => {}
    }
}

/// Whether something else that the same event awaits has not come yet.
pub(crate) fn awaits_more(walk: &Walk<'_>, owner: Owner, node: &NodeId) -> bool {
    awaited(walk, owner, node) > 0
}

/// How many things that an event awaits have not come yet.
fn awaited(walk: &Walk<'_>, owner: Owner, node: &NodeId) -> usize {
    let instance = &*walk.instance;
    let (timers, catches) = instance.owned_by(owner);
    walk.effort.spend((timers.len() + catches.len()) * LOOK);
    let timers = timers.iter().filter_map(|id| instance.timer(*id)).map(|timer| &timer.node);
    let catches = catches.iter().filter_map(|id| instance.catch(*id)).map(|catch| &catch.node);
    timers.chain(catches).filter(|of| *of == node).count()
}

/// What came with an event becomes variables: as its outputs say, or else all of it.
///
/// # Errors
/// Which output has no value, or that it is too much, in words.
pub(crate) fn take(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    event: &Definition,
    payload: &Map<String, Value>,
) -> Result<(), String> {
    let mut outputs = match event.outputs.is_empty() {
        true => writes(payload),
        false => Vec::new(),
    };
    for (name, output) in &event.outputs {
        let view = View { answer: Some(payload), outputs: &outputs, ..walk.view_at(visit) };
        let value = evaluate(output, &view).map_err(|error| format!("output `{name}`: {error}"))?;
        outputs.push(Write::variable(name.as_str(), value));
    }
    walk.fit(&outputs)?;
    walk.write(visit, outputs);
    Ok(())
}

/// All that came, as variables.
pub(crate) fn writes(payload: &Map<String, Value>) -> Vec<Write> {
    let write = |(name, value): (&String, &Value)| Write::variable(name.as_str(), value.clone());
    payload.iter().map(write).collect()
}

/// Sets variables outward from a scope.
pub(crate) fn set_outward(walk: &mut Walk<'_>, scope: Option<ScopeId>, writes: Vec<Write>) {
    for write in writes {
        let name = write.at.first().map_or("", String::as_str);
        let owner = walk.instance.owner_of(None, scope, name);
        walk.set_of(owner, vec![write]);
    }
}

/// What an event sends along: all variables or none, and its inputs, each seeing those before it.
///
/// # Errors
/// Which input has no value, in words.
pub(crate) fn payload(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    event: &Definition,
) -> Result<Map<String, Value>, String> {
    let mut payload = match event.sends_all {
        true => walk.instance.seen_at(visit.path).into_owned(),
        false => Map::new(),
    };
    walk.effort.spend(weight(&payload));
    for (name, input) in &event.inputs {
        let view = View { locals: Some(&payload), ..walk.view_at(visit) };
        let value = evaluate(input, &view).map_err(|error| format!("input `{name}`: {error}"))?;
        payload.insert(name.clone(), value);
    }
    Ok(payload)
}

/// Ends all that a path awaits, and nothing else of it.
pub(crate) fn stop_waiting(walk: &mut Walk<'_>, visit: Visit<'_>) {
    activity::close(walk, visit.path);
}
