//! Activities: tasks, sub-processes and calls, and how often they are performed (BPMN 2.0.2 §10.3).

use std::sync::Arc;

use crate::process::{Container, Place};
use crate::{ErrorDefinition, Expression, Message, People, ResultShape, Retries, Template};

/// Work at a node.
#[derive(Clone, Debug)]
pub struct Activity {
    /// What is done.
    pub work: Work,
    /// Input parameters in the order of the text; the local variables of the activity.
    pub inputs: Vec<(String, Input)>,
    /// Variables to set around it when it ends, in the order of the text.
    pub outputs: Vec<(String, Input)>,
    /// The boundary events on it, in the order of the text.
    pub boundaries: Vec<Place>,
    /// Whether it is done several times.
    pub repeat: Option<Repeat>,
    /// When it is tried again after it has failed; by the rules of the engine where it is not said.
    pub retries: Option<Retries>,
    /// How many paths it takes to begin (§13.3.2); 1 unless the text says otherwise.
    pub start_quantity: u32,
    /// How many paths leave along each outgoing flow; 1 unless the text says otherwise.
    pub completion_quantity: u32,
    /// Whether it only undoes another; nothing flows into it then.
    pub for_compensation: bool,
    /// The activity that undoes this one, joined to a compensation boundary event on it.
    pub undone_by: Option<Place>,
}

/// What an activity does.
#[derive(Clone, Debug)]
pub enum Work {
    /// It runs an activity of the catalog: service, user, send and business rule tasks.
    Task(Task),
    /// It does nothing that the engine sees: manual and abstract tasks.
    Nothing(TaskKind),
    /// It evaluates an expression (§10.3.3, script task).
    Script {
        /// The script.
        script: Template,
        /// The variable that receives the result.
        result: Option<String>,
    },
    /// It evaluates a decision (§10.3.3, business rule task).
    Decision(DecisionTask),
    /// It sends a message.
    Send(Message),
    /// It awaits a message, or begins the process with it.
    Receive {
        /// The message.
        message: Message,
        /// Whether an instance begins with it.
        instantiate: bool,
    },
    /// It is a scope of its own.
    SubProcess(SubProcess),
    /// It runs another process.
    Call(Call),
}

/// A task that runs an activity of the catalog.
#[derive(Clone, Debug)]
pub struct Task {
    /// How it was drawn.
    pub kind: TaskKind,
    /// Canonical name of its activity.
    pub activity: Arc<str>,
    /// The errors with which it ends by a condition, asked in the order of the text.
    pub raises: Vec<Raise>,
    /// Whose it is, where it is not the end user's; of a user task alone.
    pub people: Option<Box<People>>,
}

/// An error with which a task ends although its activity raised none: a condition holds when the
/// activity has answered, or when it has failed.
#[derive(Clone, Debug)]
pub struct Raise {
    /// The error, which has a code.
    pub error: ErrorDefinition,
    /// The condition. It sees what an output sees, and `externalTask` with `errorMessage` and
    /// `errorDetails`, which are empty texts unless the activity has failed.
    pub when: Expression,
}

/// How a task was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// A task that does not say more.
    Abstract,
    /// A task that a person does without the engine.
    Manual,
    /// A service task.
    Service,
    /// A user task; its activity waits for an end user.
    User,
    /// A send task.
    Send,
    /// A business rule task.
    BusinessRule,
    /// A message event that is thrown, which the activity sends (§10.5.4).
    Throw,
    /// The same at the end of a path (§10.5.3); nothing leaves it.
    End,
}

impl TaskKind {
    /// Whether it is drawn as an event.
    pub(crate) fn is_event(self) -> bool {
        matches!(self, TaskKind::Throw | TaskKind::End)
    }
}

/// A business rule task.
#[derive(Clone, Debug)]
pub struct DecisionTask {
    /// The id of the decision.
    pub decision: Template,
    /// Which version of it.
    pub binding: Binding,
    /// The variable that receives the result.
    pub result: Option<String>,
    /// The shape of the result; that of the decision itself if none is named.
    pub shape: Option<ResultShape>,
    /// The tenant that has the decision; its own if there is none, or what it says is null or empty.
    pub tenant: Option<Template>,
}

/// Which version of a called process or a decision is meant.
#[derive(Clone, Debug, Default)]
pub enum Binding {
    /// The newest that is deployed.
    #[default]
    Latest,
    /// The one with a number.
    Version(Template),
    /// The newest with a version tag.
    Tag(Template),
    /// The one that was deployed together with the caller, in the same file.
    Deployment,
}

/// A call of another process (§10.3.6).
#[derive(Clone, Debug)]
pub struct Call {
    /// The id of the process.
    pub process: Template,
    /// Which version of it.
    pub binding: Binding,
    /// The tenant that has it; its caller's own if there is none, or what it says is null or empty.
    pub tenant: Option<Template>,
    /// Its business key; its caller's own if there is none.
    pub business_key: Option<Template>,
    /// What it begins with.
    pub given: Mapping,
    /// What is taken over from it.
    pub taken: Mapping,
    /// What is taken from it for the outputs alone, by its name there, in the order of the text.
    pub kept: Vec<(String, Input)>,
}

/// Variables that pass between a caller and the called.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Whether all variables pass.
    pub all: bool,
    /// Variables by their new name, in the order of the text; they win over `all`.
    pub entries: Vec<(String, Input)>,
}

/// An activity that is a scope of its own (§10.3.5).
#[derive(Clone, Debug)]
pub struct SubProcess {
    /// How it behaves.
    pub kind: SubProcessKind,
    /// What is in it.
    pub contents: Container,
}

/// How a sub-process behaves.
#[derive(Clone, Debug)]
pub enum SubProcessKind {
    /// It begins when a path comes and ends when it is empty.
    Embedded,
    /// It begins when its start event is triggered while its scope is open.
    Event,
    /// It can be cancelled, and is undone then.
    Transaction,
    /// Its activities are done in an order that is not drawn.
    AdHoc(AdHoc),
}

/// An ad-hoc sub-process (§10.3.5, §13.3.5).
#[derive(Clone, Debug)]
pub struct AdHoc {
    /// Whether one activity after another is done, and not all at once.
    pub sequential: bool,
    /// When it is complete; evaluated whenever one of its activities has ended. Without it, it is
    /// complete when all that was begun has ended.
    pub completion: Option<Expression>,
    /// Whether what still runs is cancelled when it is complete.
    pub cancel_remaining: bool,
    /// A list of the ids of the activities that begin with it; without it, all that no flow leads
    /// to.
    pub active: Option<Template>,
}

/// How often an activity is done.
#[derive(Clone, Debug)]
pub enum Repeat {
    /// Again while a condition holds (§13.3.6).
    Standard {
        /// The condition; it sees `loopCounter`, which counts the turns from 0.
        condition: Option<Expression>,
        /// Whether the condition is asked before the first turn.
        before: bool,
        /// The most turns.
        maximum: Option<Template>,
    },
    /// Once for each item (§13.3.7).
    Multiple(Box<MultiInstance>),
}

/// A multi-instance activity.
#[derive(Clone, Debug)]
pub struct MultiInstance {
    /// Whether one instance follows the other, and not all at once.
    pub sequential: bool,
    /// How many instances; it or the collection is there.
    pub cardinality: Option<Template>,
    /// The list with an item for each instance.
    pub collection: Option<Template>,
    /// The local variable of an instance that holds its item.
    pub element: Option<String>,
    /// When no further instance is needed; those that still run are cancelled.
    pub completion: Option<Expression>,
    /// The variable that receives a list with a value of each instance, and that value.
    pub gathered: Option<(String, Input)>,
}

/// The value of an input or output parameter, before evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Text with expressions, or a single expression.
    Template(Template),
    /// A list of values.
    List(Vec<Input>),
    /// A map of values in the order of the text.
    Map(Vec<(String, Input)>),
}

impl Input {
    /// Whether an expression in it asks for the variable of a name, spelt out.
    pub(crate) fn asks(&self, variable: &str) -> bool {
        match self {
            Input::Template(template) => template.asks(variable),
            Input::List(items) => items.iter().any(|item| item.asks(variable)),
            Input::Map(entries) => entries.iter().any(|(_, value)| value.asks(variable)),
        }
    }

    /// Whether it is not null whatever the variables are.
    pub(crate) fn has_value(&self) -> bool {
        match self {
            Input::Template(template) => template.has_value(),
            Input::List(_) | Input::Map(_) => true,
        }
    }
}

impl Activity {
    /// An activity that is done once, with nothing given and nothing kept.
    pub(crate) fn of(work: Work) -> Activity {
        Activity {
            work,
            inputs: Vec::new(),
            outputs: Vec::new(),
            boundaries: Vec::new(),
            repeat: None,
            retries: None,
            start_quantity: 1,
            completion_quantity: 1,
            for_compensation: false,
            undone_by: None,
        }
    }

    /// The sub-process, if it is one.
    pub fn sub_process(&self) -> Option<&SubProcess> {
        match &self.work {
            Work::SubProcess(sub_process) => Some(sub_process),
            _ => None,
        }
    }

    /// Whether it is an event sub-process, which nothing flows into.
    pub fn is_event_sub_process(&self) -> bool {
        matches!(self.sub_process(), Some(SubProcess { kind: SubProcessKind::Event, .. }))
    }

    /// How it was drawn, if it runs an activity of the catalog.
    pub(crate) fn task(&self) -> Option<TaskKind> {
        match &self.work {
            Work::Task(task) => Some(task.kind),
            _ => None,
        }
    }

    /// Whether an instance begins with it, by the message that it receives.
    pub fn instantiates(&self) -> bool {
        matches!(self.work, Work::Receive { instantiate: true, .. })
    }
}
