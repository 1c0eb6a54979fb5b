//! Where an instance of a process begins, as its definition says: at which nodes, by what, and what
//! they are given.

use definitions::{
    Change, Event, EventDefinition, Flaw, Kind, NodeId, Place, Process, Schedule, Scope, Template,
    Work,
};
use engine::Command;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{CONDITION, Start, TIMER, Trigger};

/// The variables that somebody gives.
pub(crate) struct Given<'a>(pub(crate) &'a Map<String, Value>);

impl Scope for Given<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn local(&self, _: &str) -> Option<&Value> {
        None
    }
}

pub(super) fn holds(process: &Process, start: &Start, given: &Given<'_>) -> Result<bool, String> {
    let node = process.place(&NodeId::from(start.node.as_str())).map(|at| process.node(at));
    let event = node.and_then(|node| match &node.kind {
        Kind::StartEvent(start) => Some(&start.event),
        Kind::CatchEvent(event) => Some(event),
        _ => None,
    });
    match event.and_then(|event| event.definitions.get(usize::from(start.number))) {
        Some(EventDefinition::Conditional(one)) => {
            // Before an instance begins, no variable is there.
            let concerned = given.0.keys().any(|name| one.concerns(name, false));
            let asked = concerned || one.variable.is_none() && one.change == Change::Any;
            Ok(asked
                && one.condition.evaluate_condition(given).map_err(|error| error.to_string())?)
        }
        _ => Ok(false),
    }
}

/// The starts by trigger of a process, at a time from which its timers count.
pub(super) fn starts_of(
    process: &Process,
    version: &str,
    now: Timestamp,
) -> Result<Vec<(Trigger, Start)>, Vec<Flaw>> {
    let (mut starts, mut flaws) = (Vec::new(), Vec::new());
    for (place, node) in process.nodes().filter(|(_, node)| node.parent.is_none()) {
        let awaited: Vec<EventDefinition> = match &node.kind {
            Kind::StartEvent(start) => start.event.definitions.clone(),
            Kind::CatchEvent(Event { definitions, .. }) if behind_start(process, place) => {
                definitions.clone()
            }
            Kind::Activity(activity) => match &activity.work {
                Work::Receive { message, instantiate }
                    if *instantiate || behind_start(process, place) =>
                {
                    vec![EventDefinition::Message(message.clone())]
                }
                _ => continue,
            },
            _ => continue,
        };
        for (definition, number) in awaited.iter().zip(0..) {
            match trigger_of(definition, now) {
                Ok(Some((trigger, schedule))) => {
                    let (version, node) = (version.to_owned(), node.id.to_string());
                    starts.push((trigger, Start { version, node, number, schedule }));
                }
                Ok(None) => {}
                Err(message) => flaws.push(Flaw {
                    rule: "start-trigger",
                    element: Some(node.id.to_string()),
                    line: Some(node.line),
                    message,
                }),
            }
        }
    }
    if flaws.is_empty() { Ok(starts) } else { Err(flaws) }
}

/// Whether a node stands behind an event gateway with which an instance begins.
fn behind_start(process: &Process, place: Place) -> bool {
    process.incoming(place).any(|(_, from)| match &process.node(from).kind {
        Kind::EventGateway(gateway) => gateway.instantiate,
        _ => false,
    })
}

/// What a definition of a start event awaits; there are no variables yet.
fn trigger_of(
    definition: &EventDefinition,
    now: Timestamp,
) -> Result<Option<(Trigger, Option<Schedule>)>, String> {
    let nothing = Map::new();
    let named = |name: &Template| match name.evaluate(&Given(&nothing)) {
        Ok(Value::String(name)) => Ok(name),
        Ok(other) => Err(format!("the name of what starts it is a text, not {other}")),
        Err(error) => Err(format!("the name of what starts it has no value: {error}")),
    };
    Ok(Some(match definition {
        EventDefinition::Message(message) => (Trigger::message(&named(&message.name)?), None),
        EventDefinition::Signal { name } => (Trigger::signal(&named(name)?), None),
        EventDefinition::Conditional(_) => (Trigger::bare(CONDITION), None),
        EventDefinition::Timer(timer) => {
            let schedule = timer.schedule(&Given(&nothing), now);
            let schedule = schedule.map_err(|error| format!("the timer has no value: {error}"))?;
            (Trigger::bare(TIMER), Some(schedule))
        }
        _ => return Ok(None),
    }))
}

/// A start with the variable that receives the name of the caller, where the start event asks for it.
pub(crate) fn with_initiator(mut command: Command, process: &Process, by: &str) -> Command {
    if let Command::Start { variables, at, .. } = &mut command {
        let begins = at.as_ref().map_or(process.contents(None).start, |at| process.place(at));
        if let Some(Kind::StartEvent(start)) = begins.map(|place| &process.node(place).kind)
            && let Some(name) = &start.initiator
        {
            variables.insert(name.clone(), by.into());
        }
    }
    command
}
