//! Commands: what an instance may be told.

use serde_json::{Map, Value};

use crate::{PathId, TimerId, Write};

/// What an instance is told to do. One that does not fit its state is rejected and changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Start the instance with these process variables.
    Start {
        /// The first process variables.
        variables: Map<String, Value>,
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
    /// The activity on this path failed in a way nobody foresaw; it is tried again after a while.
    Fault {
        /// The path whose activity failed; it must be running or waiting.
        path: PathId,
        /// What happened, for the person who will look at the incident.
        message: String,
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
    /// End the instance with all its paths and timers.
    Cancel {
        /// Why, for the record.
        reason: String,
    },
}
