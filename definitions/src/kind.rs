//! The kinds of node: events, gateways, and activities (BPMN 2.0.2 §10).

use std::sync::Arc;

use crate::activity::Activity;
use crate::process::{NodeId, Place};
use crate::{Expression, Template, Timer};

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Where a scope begins, by itself or by a trigger (§10.5.2).
    StartEvent(StartEvent),
    /// Where a path awaits a trigger (§10.5.4).
    CatchEvent(Event),
    /// Where a path makes something happen and goes on (§10.5.4).
    ThrowEvent(Event),
    /// Where a path ends, and may make something happen (§10.5.3).
    EndEvent(Event),
    /// An event that leaves an activity before or while it runs (§10.5.4).
    Boundary(Boundary),
    /// Work: a task, a sub-process or a call (§10.3).
    Activity(Box<Activity>),
    /// A choice of one outgoing flow by conditions, or a plain merge (§10.6.2).
    ExclusiveGateway,
    /// A split into every outgoing flow whose condition holds, or a join of what may still come
    /// (§10.6.3).
    InclusiveGateway,
    /// A split into all outgoing flows, or a join of all incoming ones (§10.6.4).
    ParallelGateway,
    /// A join by a condition of its own (§10.6.5).
    ComplexGateway(ComplexGateway),
    /// A choice by what happens first (§10.6.6).
    EventGateway(EventGateway),
}

/// A start event.
#[derive(Clone, Debug, Default)]
pub struct StartEvent {
    /// What triggers it; none for a plain start.
    pub event: Event,
    /// In an event sub-process: whether the scope around it is left for good.
    pub interrupting: bool,
    /// Of a process: the variable that receives the name of the caller who created the instance.
    pub initiator: Option<String>,
}

/// What an event awaits or makes happen.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// Its event definitions in the order of the text: none for a none event, several for a
    /// multiple event.
    pub definitions: Vec<EventDefinition>,
    /// Whether a catching event awaits all of its definitions and not just one.
    pub parallel_multiple: bool,
    /// Whether a signal takes along all variables that are visible where it is thrown.
    pub sends_all: bool,
    /// What a throwing event sends along, in the order of the text; it wins over `sends_all`.
    pub inputs: Vec<(String, crate::Input)>,
    /// Variables to set from what a catching event received, in the order of the text. Without
    /// any, all that was received is set.
    pub outputs: Vec<(String, crate::Input)>,
}

/// A trigger of a catching event or the result of a throwing one (§10.5.5).
#[derive(Clone, Debug)]
pub enum EventDefinition {
    /// A message to one receiver.
    Message(Message),
    /// A moment in time; catching only.
    Timer(Timer),
    /// A signal to everybody.
    Signal {
        /// Its name.
        name: Template,
    },
    /// A foreseen error.
    Error(ErrorDefinition),
    /// Something that the scopes around should know of.
    Escalation(Escalation),
    /// Undoing of what was done.
    Compensation(Compensation),
    /// A condition that becomes true; catching only.
    Conditional(Condition),
    /// A connector to the catching link event of the same name in the same scope.
    Link {
        /// The name.
        name: String,
    },
    /// The end of everything in the scope; end events only.
    Terminate,
    /// The end of a transaction that is undone: its end event, and the boundary event on it.
    Cancel,
}

/// A message, awaited or sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its name.
    pub name: Template,
    /// What receiver and sender agree on (the correlation key, §8.4.2); without it they agree on
    /// the business key of their instances.
    pub key: Option<Template>,
}

/// An error, caught or thrown.
#[derive(Clone, Debug, Default)]
pub struct ErrorDefinition {
    /// The code; catching, `None` catches all. A throwing event has one.
    pub code: Option<Arc<str>>,
    /// What a throwing event says of it.
    pub message: Option<Template>,
    /// Catching: process variable that receives the code.
    pub code_variable: Option<String>,
    /// Catching: process variable that receives the message.
    pub message_variable: Option<String>,
}

/// An escalation, caught or thrown.
#[derive(Clone, Debug, Default)]
pub struct Escalation {
    /// The code; catching, `None` catches all. A throwing event has one.
    pub code: Option<Arc<str>>,
    /// Catching: process variable that receives the code.
    pub code_variable: Option<String>,
}

/// A condition that is awaited.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The condition.
    pub condition: Expression,
    /// Once it is awaited, it is asked only when this variable is written; without it, when any is.
    pub variable: Option<String>,
    /// Once it is awaited, it is asked only after such a change.
    pub change: Change,
}

/// How a variable changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change {
    /// In either way.
    #[default]
    Any,
    /// It was not there before.
    Created,
    /// It was there before.
    Updated,
}

/// Compensation, thrown, or caught by a boundary event or an event sub-process.
#[derive(Clone, Debug)]
pub struct Compensation {
    /// Throwing: the activity to undo; `None` undoes all that its scope has done.
    pub activity: Option<NodeId>,
    /// Throwing: whether the path awaits the end of it.
    pub wait: bool,
}

/// A boundary event.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// The activity on whose boundary it sits.
    pub host: Place,
    /// Whether the activity is left for good when the event happens.
    pub interrupting: bool,
    /// What makes it happen.
    pub event: Event,
}

/// An event-based gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventGateway {
    /// Whether an instance begins here, with the first of its events.
    pub instantiate: bool,
    /// Instantiating only: whether all of its events must happen, and not just one.
    pub parallel: bool,
}

/// A complex gateway.
#[derive(Clone, Debug, Default)]
pub struct ComplexGateway {
    /// When enough paths have come; it sees `activationCount`, and the number of paths that wait on
    /// each incoming flow under the flow's id where that is a name. Needed where paths join.
    pub activation: Option<Expression>,
}

impl Event {
    /// Whether it is a none event.
    pub fn is_none(&self) -> bool {
        self.definitions.is_empty()
    }

    /// The only definition, if it has just one.
    pub fn only(&self) -> Option<&EventDefinition> {
        match &self.definitions[..] {
            [only] => Some(only),
            _ => None,
        }
    }
}

impl Condition {
    /// Whether it is asked after a variable was written that was there before, or was not.
    pub fn concerns(&self, variable: &str, was_there: bool) -> bool {
        let change = match self.change {
            Change::Any => true,
            Change::Created => !was_there,
            Change::Updated => was_there,
        };
        change && self.variable.as_deref().is_none_or(|name| name == variable)
    }
}

impl Kind {
    /// The activity, if it is one.
    pub fn activity(&self) -> Option<&Activity> {
        match self {
            Kind::Activity(activity) => Some(activity),
            _ => None,
        }
    }
}
