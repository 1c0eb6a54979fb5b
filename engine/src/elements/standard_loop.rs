//! Standard loop (BPMN 2.0.2 §10.3.8, §13.3.6): done again while a condition holds, so many times at
//! most.

use definitions::{Expression, Repeat, Template};
use serde_json::{Map, Value};

use super::multi_instance::{self, LOOP_COUNTER};
use super::{activity, boundary_event};
use crate::view::View;
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, ScopeId, ScopeKind, Write};

/// The local variable of the body that holds the most turns.
const MOST: &str = "loopMaximum";

/// A path is here: the first turn begins, unless the condition is asked before it and does not hold.
pub(crate) fn enter<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    (condition, before, maximum): (Option<&Expression>, bool, Option<&Template>),
) {
    let Some(activity) = activity::of(visit) else { return };
    let mut variables = Map::new();
    variables.insert(LOOP_COUNTER.to_owned(), 0.into());
    let prepared = most(walk, visit, maximum).and_then(|most| {
        let view = View { locals: Some(&variables), ..walk.view(visit.scope) };
        let turns = most != Some(0) && (!before || holds(condition, &view)?);
        Ok((most, turns, boundary_event::plan(walk, visit, activity, &Map::new())?))
    });
    let (most, turns, plans) = match prepared {
        Ok(prepared) => prepared,
        Err(message) => return walk.stop(visit, Moment::Entering, message),
    };
    if !turns {
        return activity::part(walk, visit, activity);
    }
    boundary_event::arm(walk, visit, plans);
    if let Some(most) = most {
        variables.insert(MOST.to_owned(), most.into());
    }
    let scope = walk.instance.next_scope();
    let (path, node) = (visit.path, visit.node.id.clone());
    let (pending, undo) = (Vec::new(), Vec::new());
    walk.record(Event::Opened { scope, path, node, of: ScopeKind::Body, variables, pending, undo });
    begin(walk, visit, scope, 0);
}

fn begin<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, scope: ScopeId, turn: u64) {
    let locals = [(LOOP_COUNTER.to_owned(), Value::from(turn))].into_iter().collect();
    walk.begin_with(Some(scope), visit.place, locals);
}

/// A turn is done: the counter follows, and the next begins or none does.
pub(crate) fn completed<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, scope: ScopeId) {
    let turn = multi_instance::count(walk, scope, LOOP_COUNTER) + 1;
    walk.set(Some(scope), vec![Write::variable(LOOP_COUNTER, turn)]);
    decide(walk, visit, scope);
}

/// Whether a further turn begins.
pub(crate) fn decide<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, scope: ScopeId) {
    let Some(activity) = activity::of(visit) else { return };
    let Some(Repeat::Standard { condition, .. }) = &activity.repeat else { return };
    let turn = multi_instance::count(walk, scope, LOOP_COUNTER);
    let most = walk.instance.variables_in(Some(scope)).get(MOST).and_then(Value::as_u64);
    match holds(condition.as_ref(), &walk.view(Some(scope))) {
        Ok(true) if most.is_none_or(|most| turn < most) => begin(walk, visit, scope, turn),
        Ok(_) => walk.touch(Some(scope)),
        Err(message) => walk.stop(visit, Moment::Leaving, message),
    }
}

fn holds(condition: Option<&Expression>, view: &View<'_>) -> Result<bool, String> {
    let Some(condition) = condition else { return Ok(true) };
    let value = condition.evaluate_condition(view);
    value.map_err(|error| format!("the loop condition has no value: {error}"))
}

fn most(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    maximum: Option<&Template>,
) -> Result<Option<u64>, String> {
    let Some(maximum) = maximum else { return Ok(None) };
    let most = maximum.evaluate(&walk.view(visit.scope));
    let most = most.map_err(|error| format!("the loop maximum: {error}"))?;
    let number = match &most {
        Value::String(text) => text.trim().parse().ok(),
        most => most.as_u64(),
    };
    number.map(Some).ok_or_else(|| format!("the loop maximum {most} is no number of turns"))
}
