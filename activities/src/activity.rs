//! The contract of an activity: a struct that is its parameters, and what it may do with them.

use std::future::Future;

use identity::CheckFinding;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Ports, Submission, Submitted, Wait};

/// An activity that reads and writes our own store alone, inside the step's commit.
///
/// The struct is the parameters, its doc comments are the manual, `Error` is the list of boundary events and `Output`
/// the local results. A label comes from `#[schemars(title = "…")]`, a default from serde.
pub trait Activity: DeserializeOwned + JsonSchema + Send + 'static {
    /// Canonical name, for example `addUser`; also the name of the bean in BPMN files.
    const NAME: &'static str;
    /// Name that people read, for example `Add User`.
    const LABEL: &'static str;
    /// Group of the palette in which a designer shows the activity.
    const CATEGORY: &'static str;
    /// Other names under which definitions call the activity.
    const ALIASES: &'static [&'static str] = &[];
    /// Whether it computes for milliseconds and therefore belongs off the threads that serve requests.
    const HEAVY: bool = false;
    /// What it leaves as local results: a struct, or `()`.
    type Output: Serialize + JsonSchema;
    /// The error events that a boundary event may catch: an enum of units, or [`NoEvent`].
    type Error: EventCode;

    /// Does the work. Errors: an event that was foreseen, or a fault.
    ///
    /// What it has done is not whole before a check that runs in the background when it sets [`Context::awaits`]. Its
    /// answer does not count then, and [`Activity::checked`] gives another.
    fn run(
        self,
        context: &mut Context<'_>,
    ) -> impl Future<Output = Result<Self::Output, Failure<Self::Error>>> + Send;

    /// Goes on with what the check came to that it awaited. Errors: as of [`Activity::run`].
    fn checked(
        self,
        _context: &mut Context<'_>,
        _finding: CheckFinding,
    ) -> impl Future<Output = Result<Self::Output, Failure<Self::Error>>> + Send {
        async { Err(Failure::Fault(anyhow::anyhow!("{} awaits no check", Self::NAME))) }
    }
}

/// An activity that puts something before the end user and goes on when the answer is good.
pub trait Waiting: DeserializeOwned + JsonSchema + Send + 'static {
    /// Canonical name, for example `customDataForm`; also the name of the topic or bean in BPMN files.
    const NAME: &'static str;
    /// Name that people read, for example `Custom Data Form`.
    const LABEL: &'static str;
    /// Group of the palette in which a designer shows the activity.
    const CATEGORY: &'static str;
    /// Other names under which definitions call the activity.
    const ALIASES: &'static [&'static str] = &[];
    /// Whether it computes for milliseconds and therefore belongs off the threads that serve requests.
    const HEAVY: bool = false;
    /// What it leaves as local results: a struct, or `()`.
    type Output: Serialize + JsonSchema;
    /// The error events that a boundary event may catch: an enum of units, or [`NoEvent`].
    type Error: EventCode;

    /// What is wrong with parameters that a definition gives, beyond their types: each complaint with the name of its
    /// parameter. Where only an expression tells a value its text stands, and `open` has the JSON path of each such place,
    /// as in `$.dataForm.title`.
    fn check(_given: &Map<String, Value>, _open: &[String]) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Says what the end user is to see. Errors: an event that was foreseen, or a fault.
    fn open(
        self,
        context: &mut Context<'_>,
    ) -> impl Future<Output = Result<Wait, Failure<Self::Error>>> + Send;

    /// Takes the end user's answer to what `open` showed. Errors: an event that was foreseen, or a fault.
    fn submit(
        self,
        context: &mut Context<'_>,
        wait: &Wait,
        submission: Submission,
    ) -> impl Future<Output = Result<Submitted<Self::Output>, Failure<Self::Error>>> + Send;
}

/// Where an activity acts, which decides when it runs.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Acts {
    /// On our own store, inside the step's commit.
    Local,
    /// Through the end user: it waits for an answer.
    Waits,
}

/// The doors that an activity has: the store, the variables, the ports, and what it leaves behind.
pub struct Context<'a> {
    /// The unit of work on the identity stores of the tenant; it is committed together with the step.
    pub work: &'a mut identity::Work,
    /// The process variables as they were when the activity was called.
    pub variables: &'a Map<String, Value>,
    /// What the surroundings provide.
    pub ports: &'a dyn Ports,
    /// Changes of process variables, in order; they hold after an event too, and are dropped after a fault.
    pub writes: Vec<Write>,
    /// The user whom the activity has authenticated: the session of the browser has to be renewed.
    pub authenticated: Option<Authenticated>,
    /// The passcode whose check has to end before the activity does.
    pub awaits: Option<String>,
}

impl<'a> Context<'a> {
    /// A context without any writes yet.
    pub fn new(
        work: &'a mut identity::Work,
        variables: &'a Map<String, Value>,
        ports: &'a dyn Ports,
    ) -> Context<'a> {
        Context { work, variables, ports, writes: Vec::new(), authenticated: None, awaits: None }
    }

    /// Sets a process variable, at a depth, making maps on the way.
    pub fn write(&mut self, at: &[&str], value: Value) {
        self.writes.push(Write { at: at.iter().map(|&part| part.to_owned()).collect(), value });
    }
}

/// Sets a process variable, at a depth, making maps on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// Name of the variable, then the names of the members that lead to the place.
    pub at: Vec<String>,
    /// The new value.
    pub value: Value,
}

/// A user who has proven who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// Name of the identity store.
    pub store: String,
    /// Identifier of the user within the tenant.
    pub user: String,
}

/// The two ways to fail, never mixed.
#[derive(Debug)]
pub enum Failure<E> {
    /// Foreseen: a boundary event may catch it.
    Event(E),
    /// Unforeseen: retried with backoff, then an incident that a person sees; one that is [`Lasting`] is not retried.
    Fault(anyhow::Error),
}

impl<E> Failure<E> {
    /// Whether somebody else changed the same rows at the same time, so that deciding again is the whole remedy. A port
    /// that meets a conflict passes it on as an [`identity::Error`].
    pub fn is_conflict(&self) -> bool {
        match self {
            Failure::Event(_) => false,
            Failure::Fault(fault) => fault
                .chain()
                .filter_map(|cause| cause.downcast_ref::<identity::Error>())
                .any(identity::Error::is_conflict),
        }
    }

    /// The same failure with another form of the event.
    pub(crate) fn map<F>(self, event: impl FnOnce(E) -> F) -> Failure<F> {
        match self {
            Failure::Event(foreseen) => Failure::Event(event(foreseen)),
            Failure::Fault(fault) => Failure::Fault(fault),
        }
    }
}

impl<E> From<anyhow::Error> for Failure<E> {
    fn from(fault: anyhow::Error) -> Failure<E> {
        Failure::Fault(fault)
    }
}

impl<E> From<identity::Error> for Failure<E> {
    fn from(error: identity::Error) -> Failure<E> {
        Failure::Fault(error.into())
    }
}

/// A fault that no further attempt can heal, such as a form that does not exist: it is an incident at once. It may be
/// any cause of a [`Failure::Fault`].
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Lasting(pub String);

/// The error events of an activity: an enum of documented units, whose serde names are the error codes and whose
/// titles (`#[schemars(title = "…")]`) are the labels.
pub trait EventCode: Serialize + JsonSchema + Send + 'static {}

impl<T: Serialize + JsonSchema + Send + 'static> EventCode for T {}

/// The error events of an activity that has none.
#[derive(Serialize, Debug)]
pub enum NoEvent {}

impl JsonSchema for NoEvent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "NoEvent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        false.into()
    }
}
