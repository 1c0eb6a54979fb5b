//! Multi-instance activity (BPMN 2.0.2 §10.3.8, §13.3.7): done once for each item, together or one
//! after the other.
//!
//! The path of the activity hosts a body: a scope with a path for each instance. An instance holds
//! its own number and item and nothing else, and what it changes of the body are two counters; so
//! ten thousand instances cost ten thousand times one, in events, in the snapshot and in time.

use definitions::{Activity, MultiInstance, Repeat};
use serde_json::{Map, Value};

use super::{activity, boundary_event, standard_loop};
use crate::view::{View, evaluate};
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, PathState, ScopeId, ScopeKind, Write};

/// The most instances of one activity, and the most paths that run together because of one.
pub const MOST_INSTANCES: usize = 100_000;

/// The number of an instance, from 0, as its local variable.
pub(crate) const LOOP_COUNTER: &str = "loopCounter";
const ALL: &str = "nrOfInstances";
const ACTIVE: &str = "nrOfActiveInstances";
const COMPLETED: &str = "nrOfCompletedInstances";
const TERMINATED: &str = "nrOfTerminatedInstances";

/// A path is here: the instances begin, or the first of them.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, several: &'a MultiInstance) {
    let Some(activity) = activity::of(visit) else { return };
    let prepared = items(walk, visit, several).and_then(|items| {
        let plans = boundary_event::plan(walk, visit, activity, &Map::new())?;
        Ok((items, plans))
    });
    let (items, plans) = match prepared {
        Ok(prepared) => prepared,
        Err(message) => return walk.stop(visit, Moment::Entering, message),
    };
    walk.effort.spend(items.len());
    boundary_event::arm(walk, visit, plans);
    let at_once = if several.sequential { items.len().min(1) } else { items.len() };
    let counters = [(ALL, items.len()), (ACTIVE, at_once), (COMPLETED, 0), (TERMINATED, 0)];
    let variables = counters.map(|(name, count)| (name.to_owned(), Value::from(count)));
    let (path, node) = (visit.path, visit.node.id.clone());
    let pending = if several.sequential { items[at_once..].to_vec() } else { Vec::new() };
    let scope = walk.instance.next_scope();
    walk.record(Event::Opened {
        scope,
        path,
        node,
        of: ScopeKind::Body,
        variables: variables.into_iter().collect(),
        pending,
        undo: Vec::new(),
    });
    walk.allow_for(at_once);
    walk.touch(Some(scope));
    for (number, item) in items.into_iter().take(at_once).enumerate() {
        begin(walk, visit, scope, several, number, item);
    }
}

fn begin<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    scope: ScopeId,
    several: &MultiInstance,
    number: usize,
    item: Value,
) {
    let mut locals = Map::new();
    locals.insert(LOOP_COUNTER.to_owned(), number.into());
    if let Some(element) = &several.element {
        locals.insert(element.clone(), item);
    }
    walk.begin_with(Some(scope), visit.place, locals);
}

/// The items: those of the collection, or as many as the cardinality says.
fn items(walk: &Walk<'_>, visit: Visit<'_>, several: &MultiInstance) -> Result<Vec<Value>, String> {
    let view = walk.view(visit.scope);
    // Of those that run together, all of the process are counted.
    let paths = walk.instance.paths.len() + walk.moves();
    let others = if several.sequential { 0 } else { paths };
    let bounded = |count: usize| match count.saturating_add(others) <= MOST_INSTANCES {
        true => Ok(count),
        false => Err(format!(
            "{count} instances are too many; with {others} other paths, {MOST_INSTANCES} may run"
        )),
    };
    if let Some(collection) = &several.collection {
        let items = collection.evaluate(&view).map_err(|error| format!("the items: {error}"))?;
        let Value::Array(items) = items else {
            return Err("the items of a multi-instance activity are a list".into());
        };
        bounded(items.len())?;
        return Ok(items);
    }
    let Some(cardinality) = &several.cardinality else { return Ok(Vec::new()) };
    let count = cardinality.evaluate(&view).map_err(|error| format!("the cardinality: {error}"))?;
    let number = match &count {
        Value::String(text) => text.trim().parse().ok(),
        // A quotient is a number with a fraction, also if that is nothing.
        count => count.as_u64().or_else(|| {
            let number = count.as_f64().filter(|number| number.fract() == 0.0)?;
            number.to_string().parse().ok()
        }),
    };
    let number = number.and_then(|number| usize::try_from(number).ok());
    let count = number.ok_or_else(|| format!("{count} is no number of instances"))?;
    Ok(vec![Value::Null; bounded(count)?])
}

/// An instance is about to be done: the value that it came to is noted, if it is wanted.
///
/// # Errors
/// That it has none, in words.
pub(crate) fn gather(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    activity: &Activity,
    answer: &Map<String, Value>,
    outputs: &[Write],
) -> Result<(), String> {
    let Some(Repeat::Multiple(several)) = &activity.repeat else { return Ok(()) };
    let Some((_, value)) = &several.gathered else { return Ok(()) };
    let (Some(scope), Some(path)) = (visit.scope, walk.instance.path(visit.path)) else {
        return Ok(());
    };
    if !walk.instance.is_repetition(visit.path) {
        return Ok(());
    }
    let number = path.given().get(LOOP_COUNTER).and_then(Value::as_u64);
    let view = View { answer: Some(answer), outputs, ..activity::within(walk, visit.path) };
    let value = evaluate(value, &view).map_err(|error| format!("the gathered value: {error}"))?;
    let number = number.and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
    let gathered = Write { at: vec!["the gathered value".to_owned()], value };
    walk.fit(std::slice::from_ref(&gathered))?;
    walk.hold(std::slice::from_ref(&gathered));
    let value = gathered.value;
    walk.record(Event::Gathered { scope, number, value });
    Ok(())
}

/// An instance is done. The counters of the body follow, and what comes next is decided.
pub(crate) fn completed(walk: &mut Walk<'_>, scope: ScopeId) {
    let Some(visit) = host(walk, scope) else { return };
    let Some(activity) = activity::of(visit) else { return };
    match &activity.repeat {
        Some(Repeat::Multiple(several)) => {
            let (active, completed) = (count(walk, scope, ACTIVE), count(walk, scope, COMPLETED));
            let writes = vec![
                Write::variable(ACTIVE, active.saturating_sub(1)),
                Write::variable(COMPLETED, completed + 1),
            ];
            walk.set(Some(scope), writes);
            go_on(walk, visit, scope, several);
        }
        Some(Repeat::Standard { .. }) => standard_loop::completed(walk, visit, scope),
        None => {}
    }
}

/// Whether the activity is complete early, or its next instance begins.
fn go_on<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, scope: ScopeId, several: &MultiInstance) {
    let enough = several.completion.as_ref().map(|completion| {
        let value = completion.evaluate_condition(&walk.view(Some(scope)));
        value.map_err(|error| format!("the completion condition has no value: {error}"))
    });
    match enough.transpose() {
        Err(message) => walk.stop(visit, Moment::Leaving, message),
        Ok(Some(true)) => {
            let active = count(walk, scope, ACTIVE);
            let open = walk.instance.scope(scope);
            if open.is_some_and(|open| !open.pending.is_empty()) {
                walk.record(Event::DroppedRest { scope });
            }
            if active > 0 {
                activity::withdraw_all(walk, Some(scope));
                let ended = count(walk, scope, TERMINATED) + active;
                let active = Write::variable(ACTIVE, 0);
                walk.set(Some(scope), vec![active, Write::variable(TERMINATED, ended)]);
            }
            walk.touch(Some(scope));
        }
        Ok(Some(false) | None) => {
            let next = walk.instance.scope(scope).and_then(|open| open.pending.last().cloned());
            if let Some(item) = next.filter(|_| several.sequential) {
                begin_next(walk, visit, scope, several, item);
            }
        }
    }
}

/// The next of instances that follow each other begins.
fn begin_next<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    scope: ScopeId,
    several: &MultiInstance,
    item: Value,
) {
    let left = walk.instance.scope(scope).map_or(0, |open| open.pending.len());
    let all = usize::try_from(count(walk, scope, ALL)).unwrap_or_default();
    walk.record(Event::TookNext { scope });
    walk.set(Some(scope), vec![Write::variable(ACTIVE, 1)]);
    walk.allow_for(1);
    begin(walk, visit, scope, several, all.saturating_sub(left), item);
}

/// A person has ended an instance: the counters of the body follow, and the next of instances that
/// follow each other begins.
pub(crate) fn withdrawn(walk: &mut Walk<'_>, scope: ScopeId) {
    let Some(visit) = host(walk, scope) else { return };
    let repeat = activity::of(visit).and_then(|of| of.repeat.as_ref());
    let Some(Repeat::Multiple(several)) = repeat else { return };
    let (active, ended) = (count(walk, scope, ACTIVE), count(walk, scope, TERMINATED));
    let active = Write::variable(ACTIVE, active.saturating_sub(1));
    walk.set(Some(scope), vec![active, Write::variable(TERMINATED, ended + 1)]);
    let next = walk.instance.scope(scope).and_then(|open| open.pending.last().cloned());
    if let Some(item) = next {
        begin_next(walk, visit, scope, several, item);
    }
}

/// No instance is left: the activity is done, and its body closed.
pub(crate) fn emptied(walk: &mut Walk<'_>, scope: ScopeId) {
    let Some(visit) = host(walk, scope) else { return };
    if walk.instance.path(visit.path).is_none_or(|path| *path.state() != PathState::Inside) {
        return;
    }
    let Some(activity) = activity::of(visit) else { return };
    if let Some(Repeat::Multiple(several)) = &activity.repeat
        && let Some((into, _)) = &several.gathered
    {
        let gathered = walk.instance.scope(scope).map(|open| open.gathered.values().cloned());
        let list: Vec<Value> = gathered.into_iter().flatten().collect();
        walk.write(visit, vec![Write::variable(into.as_str(), list)]);
    }
    activity::part(walk, visit, activity);
}

/// A person wants the end of an instance to be decided once more.
pub(crate) fn decide_again<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, scope: ScopeId) {
    walk.record(Event::Rested { path: visit.path, node: visit.node.id.clone() });
    let Some(activity) = activity::of(visit) else { return };
    match &activity.repeat {
        Some(Repeat::Multiple(several)) => go_on(walk, visit, scope, several),
        Some(Repeat::Standard { .. }) => standard_loop::decide(walk, visit, scope),
        None => {}
    }
    walk.touch(Some(scope));
}

fn host<'a>(walk: &Walk<'a>, scope: ScopeId) -> Option<Visit<'a>> {
    walk.visit(walk.instance.scope(scope)?.host())
}

/// All other instances beside one have ended before their time.
pub(crate) fn others_ended(walk: &mut Walk<'_>, only: Visit<'_>) {
    let Some(scope) = only.scope else { return };
    let others = count(walk, scope, ACTIVE).saturating_sub(1);
    if others > 0 {
        let ended = count(walk, scope, TERMINATED) + others;
        let active = Write::variable(ACTIVE, 1);
        walk.set(Some(scope), vec![active, Write::variable(TERMINATED, ended)]);
    }
}

pub(crate) fn count(walk: &Walk<'_>, scope: ScopeId, name: &str) -> u64 {
    let variables = walk.instance.variables_in(Some(scope));
    variables.get(name).and_then(Value::as_u64).unwrap_or_default()
}
