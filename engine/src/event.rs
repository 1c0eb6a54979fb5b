//! Events: what has happened in an instance, which is also all that its history and its state
//! consist of.

use std::sync::Arc;

use definitions::NodeId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Moment, PathId, TimerId, Write};

/// One thing that has happened. Applied in order to an empty instance, events make it what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// The instance was started.
    Started {
        /// The first process variables.
        variables: Map<String, Value>,
    },
    /// A path came to a node; one that did not exist begins here.
    Entered {
        /// The path.
        path: PathId,
        /// The node it came to.
        node: NodeId,
    },
    /// A task's activity was asked for.
    Began {
        /// The path at the task.
        path: PathId,
        /// The task.
        node: NodeId,
        /// The evaluated inputs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        locals: Option<Arc<Map<String, Value>>>,
    },
    /// A task's activity was asked for once more, after a fault.
    Retried {
        /// The path at the task.
        path: PathId,
        /// The task.
        node: NodeId,
        /// The number of this attempt.
        attempt: u32,
    },
    /// A task's activity awaits an end user or a third party.
    Waited {
        /// The path at the task.
        path: PathId,
        /// The task.
        node: NodeId,
    },
    /// Process variables were set.
    Wrote {
        /// The path that set them.
        path: PathId,
        /// The node where it was.
        node: NodeId,
        /// The variables, in order.
        writes: Vec<Write>,
    },
    /// A task was answered, but its outputs could not be taken over yet: the answer is kept.
    Answered {
        /// The path at the task.
        path: PathId,
        /// The task.
        node: NodeId,
        /// The task's inputs and its answer.
        locals: Arc<Map<String, Value>>,
    },
    /// A task is done and its path ended; new paths leave it.
    Completed {
        /// The path that was at the task.
        path: PathId,
        /// The task.
        node: NodeId,
    },
    /// A task's activity ended with a foreseen error.
    ErrorRaised {
        /// The path at the task.
        path: PathId,
        /// The task.
        node: NodeId,
        /// The error's code.
        code: String,
        /// The error in words.
        message: String,
    },
    /// A boundary event interrupted its task, whose path ended; a new path leaves the boundary
    /// event.
    Interrupted {
        /// The path that was at the task.
        path: PathId,
        /// The task.
        node: NodeId,
        /// The boundary event.
        by: NodeId,
    },
    /// A task's activity failed in a way nobody foresaw, and will be tried again.
    Faulted {
        /// The path at the task.
        path: PathId,
        /// The task.
        node: NodeId,
        /// What happened.
        message: String,
        /// The number of the attempt to come.
        attempt: u32,
        /// The timer that lets it come.
        timer: TimerId,
        /// When it is due.
        due: Timestamp,
    },
    /// An incident stopped a path.
    IncidentRaised {
        /// The path.
        path: PathId,
        /// The node where it is.
        node: NodeId,
        /// What is wrong.
        message: String,
        /// Where the path takes up when it is retried.
        moment: Moment,
    },
    /// A person took up a path that an incident had stopped.
    IncidentTakenUp {
        /// The path.
        path: PathId,
        /// The node where it is.
        node: NodeId,
    },
    /// A timer was armed for a boundary event.
    Armed {
        /// The timer.
        timer: TimerId,
        /// The path at the boundary event's task.
        path: PathId,
        /// The boundary event.
        node: NodeId,
        /// When it is due.
        due: Timestamp,
    },
    /// A timer's time came.
    Fired {
        /// The timer.
        timer: TimerId,
        /// The boundary event that it triggers, or the task that it lets try again.
        node: NodeId,
    },
    /// A timer is not needed any more.
    Disarmed {
        /// The timer.
        timer: TimerId,
        /// The boundary event or the task that it was for.
        node: NodeId,
    },
    /// A path arrived at a parallel gateway with several incoming flows.
    Arrived {
        /// The path.
        path: PathId,
        /// The gateway.
        node: NodeId,
        /// The sequence flow it came along.
        flow: String,
    },
    /// A parallel gateway had one path on each incoming flow, and made one of them.
    Joined {
        /// The path that goes on.
        path: PathId,
        /// The gateway.
        node: NodeId,
        /// The paths that ended here.
        with: Vec<PathId>,
    },
    /// A path reached an end event, or a node that nothing leaves.
    Ended {
        /// The path.
        path: PathId,
        /// Where it ended.
        node: NodeId,
    },
    /// The last path ended, and with it the instance.
    Finished,
    /// The instance was ended from outside, with all its paths and timers.
    Cancelled {
        /// Why.
        reason: String,
    },
}
