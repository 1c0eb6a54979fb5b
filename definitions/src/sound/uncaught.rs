//! Errors that an activity may end with and nothing catches: whoever is in the journey is stuck then.

use std::collections::BTreeSet;

use serde_json::Value;

use super::elements::Elements;
use super::net::Element;
use crate::process::Place;
use crate::{Activity, Catalog, Event, EventDefinition, Input, Kind, RuledOut, Work};

/// The errors of a node that would be incidents. Those that tell of missing configuration are to be incidents, and so is
/// what goes wrong while something is undone; those that its parameters rule out never come.
pub(super) fn errors<'c>(
    elements: &Elements<'c>,
    catalog: &'c Catalog,
    node: Element,
) -> Vec<&'c str> {
    let Some(activity) = elements.kind(node).activity() else { return Vec::new() };
    let Work::Task(task) = &activity.work else { return Vec::new() };
    let Some(shape) = catalog.find(&task.activity) else { return Vec::new() };
    if activity.for_compensation {
        return Vec::new();
    }
    let is_ruled_out = |code: &str| {
        let given = |ruled: &RuledOut| is_given(activity, &ruled.parameter, &ruled.value);
        shape.ruled_out.iter().any(|ruled| ruled.code == code && given(ruled))
    };
    let raised = shape.errors.iter().filter(|code| !shape.of_configuration.contains(code));
    let raised = raised.filter(|code| !is_ruled_out(code));
    let by_condition = task.raises.iter().filter_map(|raise| raise.error.code.as_deref());
    let all: BTreeSet<&str> = raised.map(String::as_str).chain(by_condition).collect();
    all.into_iter().filter(|code| !is_caught(elements, node, code)).collect()
}

/// Whether a parameter has this value whatever happens.
fn is_given(activity: &Activity, parameter: &str, value: &Value) -> bool {
    let mut named = activity.inputs.iter().filter(|(name, _)| name == parameter);
    named.any(|(_, input)| match input {
        Input::Template(template) => template.constant() == Some(value),
        Input::List(_) | Input::Map(_) => false,
    })
}

/// What is wrong with errors that nothing catches, and what to do about it.
pub(super) fn remedy(codes: &[&str]) -> String {
    let (listed, it) = match codes {
        [code] => ((*code).to_owned(), "it"),
        [first @ .., last] => (format!("{} or {last}", first.join(", ")), "each of them, or all,"),
        [] => (String::new(), ""),
    };
    format!(
        "it may end with the error {listed}, which nothing catches: the journey would stop there \
         with an incident; catch {it} with a boundary event and lead on from there"
    )
}

/// Whether an error is caught: by the activity, by one around it, or by an event sub-process beside it. What is raised
/// in an event sub-process is for the others of the same scope, unless it has ended them.
fn is_caught(elements: &Elements<'_>, node: Element, code: &str) -> bool {
    let mut inner = node;
    let mut handler = None;
    loop {
        let activity = elements.kind(inner).activity();
        let boundaries = activity.map_or(&[][..], |activity| &activity.boundaries);
        let scope = elements.parent(inner);
        if boundaries.iter().any(|place| catches(elements, *place, code))
            || is_handled(elements, scope, handler, code)
        {
            return true;
        }
        let Some(around) = scope else { return false };
        let by = elements.kind(around).activity().filter(|one| one.is_event_sub_process());
        handler = by.map(|_| around);
        inner = around;
    }
}

/// Whether an event sub-process of a scope catches an error, which may come out of another one.
fn is_handled(
    elements: &Elements<'_>,
    scope: Option<Element>,
    from: Option<Element>,
    code: &str,
) -> bool {
    if from.is_some_and(|from| elements.interrupts(from)) {
        return false;
    }
    let contents = |scope: Option<Place>| elements.process.contents(scope);
    let around = contents(scope.map(|scope| elements.places[scope as usize]));
    let mut others =
        around.event_sub_processes.iter().filter(|one| from != Some(elements.number(**one)));
    others.any(|handler| {
        contents(Some(*handler)).starts.iter().any(|start| catches(elements, *start, code))
    })
}

fn catches(elements: &Elements<'_>, place: Place, code: &str) -> bool {
    let event: &Event = match elements.kind(elements.number(place)) {
        Kind::Boundary(boundary) => &boundary.event,
        Kind::StartEvent(start) => &start.event,
        _ => return false,
    };
    event.definitions.iter().any(|definition| match definition {
        EventDefinition::Error(error) => error.code.as_deref().is_none_or(|caught| caught == code),
        _ => false,
    })
}
