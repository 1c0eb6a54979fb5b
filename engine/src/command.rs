//! Commands: what an instance may be told.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{CatchId, PathId, ScopeId, TimerId, Write};
use definitions::{Assignment, NodeId};

/// What an instance is told to do. One that does not fit its state is rejected and changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Start the instance with these process variables.
    Start {
        /// The first process variables.
        variables: Map<String, Value>,
        /// The triggered start event, receive task or event behind an instantiating gateway at
        /// which it begins; `None` begins it plainly.
        at: Option<NodeId>,
        /// Which of the node's event definitions has come, counted from 0.
        trigger: u16,
        /// Whether another instance called this one, and is to be told of what it cannot handle.
        called: bool,
    },
    /// The activity on this path is done.
    Complete {
        /// The path whose activity is done; it must be running or waiting.
        path: PathId,
        /// What the activity hands back, visible to the output mappings only.
        locals: Map<String, Value>,
        /// Process variables that the activity sets, before the output mappings are evaluated.
        writes: Vec<Write>,
    },
    /// The activity on this path needs an end user or a third party before it can be done.
    Wait {
        /// The path whose activity waits from now on; it must be running.
        path: PathId,
        /// Process variables that the activity sets.
        writes: Vec<Write>,
    },
    /// The user task on this path, which is not the end user's, is given to others.
    Assign {
        /// The path whose activity waits.
        path: PathId,
        /// Whose it is from now on.
        assignment: Box<Assignment>,
        /// Who says so.
        by: String,
    },
    /// The user task on this path, which is not the end user's, was answered.
    Submit {
        /// The path whose activity waits.
        path: PathId,
        /// Who answered.
        by: String,
    },
    /// The activity on this path ended with a foreseen error, which a boundary event may catch.
    RaiseError {
        /// The path whose activity raised the error; it must be running or waiting.
        path: PathId,
        /// The code that error boundary events are compared with.
        code: String,
        /// The error in words.
        message: String,
        /// Process variables that the activity sets.
        writes: Vec<Write>,
    },
    /// The activity on this path failed in a way nobody foresaw; it is tried again after a while,
    /// unless the fault lasts.
    Fault {
        /// The path whose activity failed; it must be running or waiting.
        path: PathId,
        /// What happened, for the person who will look at the incident.
        message: String,
        /// Whether no further attempt can heal it: it is an incident at once.
        lasts: bool,
    },
    /// The called instance on this path has come to this so far, and is about to escalate or to end with an error: what
    /// the call activity takes of it, and what has a value by now, is taken over.
    Take {
        /// The path at the call activity.
        path: PathId,
        /// The variables of the called instance.
        variables: Map<String, Value>,
    },
    /// The called instance on this path, or its activity, escalates something and goes on.
    Escalate {
        /// The path at the call activity or task.
        path: PathId,
        /// The code that escalation events are compared with.
        code: String,
    },
    /// The caller has heard what this path escalated, and has not ended the call: the path goes on.
    Heard {
        /// The path at the throwing event.
        path: PathId,
    },
    /// What this catch awaits has come: a message.
    Deliver {
        /// The catch, which must be there.
        catch: CatchId,
        /// What came with it.
        payload: Map<String, Value>,
    },
    /// A signal was sent to everybody.
    Signal {
        /// Its name.
        name: String,
        /// What came with it.
        payload: Map<String, Value>,
    },
    /// Set variables from outside.
    Set {
        /// The scope in which they are set; without one they are set outward from the process.
        scope: Option<ScopeId>,
        /// The variables.
        writes: Vec<Write>,
    },
    /// Set variables while the instance is held: nothing follows from it before `Ask`.
    Note {
        /// The scope in which they are set; without one they are set outward from the process.
        scope: Option<ScopeId>,
        /// The variables.
        writes: Vec<Write>,
    },
    /// The instance is held no more: ask the conditions that these variables concern.
    Ask {
        /// What was set while it was held, and whether each was there before; nothing where every
        /// condition and every join is to be asked.
        written: Option<BTreeSet<(String, bool)>>,
    },
    /// This timer's time has come. Whether it has is for the caller's clock to say.
    Fire {
        /// The timer, which must be armed.
        timer: TimerId,
    },
    /// Take up a path again that an incident holds.
    Retry {
        /// The path with the incident.
        path: PathId,
    },
    /// Take an incident as dealt with: the activity, or the event that could not take over what came,
    /// counts as done; anything else is entered again.
    Resolve {
        /// The path with the incident.
        path: PathId,
        /// Variables to set first, outward from where the path is.
        writes: Vec<Write>,
    },
    /// Move paths: end some, and begin others elsewhere.
    Modify {
        /// The paths to end.
        end: Vec<PathId>,
        /// The nodes at which new paths begin, each with the scope that is to hold it where there
        /// are several; a sub-process around it that is not open is opened. At a join the path
        /// counts as come along the first incoming flow along which nobody has, and rather one along
        /// which nobody can come any more.
        begin: Vec<(NodeId, Option<ScopeId>)>,
    },
    /// Note that the instance is held from now on; whoever holds it keeps everything else from it.
    Suspend {
        /// Who holds it.
        by: String,
        /// Why, for the record.
        reason: Option<String>,
    },
    /// Note that the instance is held no more.
    Resume {
        /// Who lets it go on.
        by: String,
    },
    /// End the instance with all its paths and timers, also before it begins.
    Cancel {
        /// Why, for the record.
        reason: String,
    },
}

impl Command {
    /// The plain start of an instance that nobody called.
    pub fn start(variables: Map<String, Value>) -> Command {
        Command::Start { variables, at: None, trigger: 0, called: false }
    }
}
