//! Events: what has happened in an instance; its history and its state consist of nothing else.

use definitions::NodeId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Answerer, Catch, CatchId, Done, Failure, Handed, Hold, Moment, Move, Owner, PathId, ScopeId,
    ScopeKind, Timer, TimerId, Write,
};

/// One thing that has happened. Applied in order to an empty instance, events make it what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// The instance was started.
    Started {
        /// The first process variables.
        variables: Map<String, Value>,
        /// Whether another instance called this one.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        called: bool,
    },
    /// A path came to a node; one that did not exist begins here.
    Entered {
        /// The path.
        path: PathId,
        /// The node it came to.
        node: NodeId,
        /// The scope in which a new path begins; `None` for the process.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<ScopeId>,
        /// Of a boundary event that left alone what may be undone later: the path there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<PathId>,
    },
    /// A task's activity was asked for.
    Began {
        /// The path at the task.
        path: PathId,
        /// The task.
        node: NodeId,
        /// The evaluated inputs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        locals: Option<std::sync::Arc<Map<String, Value>>>,
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
    /// A user task that is not the end user's was given to people, or to others than before.
    Assigned(Box<Handed>),
    /// A user task that is not the end user's was answered; what that comes to follows.
    Submitted(Answerer),
    /// Process variables were set.
    Wrote {
        /// The path that set them.
        path: PathId,
        /// The node where it was.
        node: NodeId,
        /// The variables, in order.
        writes: Vec<Write>,
    },
    /// A task was answered, but its outputs could not be taken over: the answer is kept.
    Answered {
        /// The path at the task.
        path: PathId,
        /// The task.
        node: NodeId,
        /// The task's inputs and its answer.
        locals: std::sync::Arc<Map<String, Value>>,
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
    /// A boundary event interrupted its activity, whose path ended; a new path leaves the event.
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
        /// Whether the person took it as dealt with.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        resolved: bool,
    },
    /// A timer was armed for an event.
    Armed {
        /// The timer.
        timer: TimerId,
        /// What it is for, and when it is due.
        #[serde(flatten)]
        armed: Timer,
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
    /// A path arrived at a node that awaits several.
    Arrived {
        /// The path.
        path: PathId,
        /// The node.
        node: NodeId,
        /// The sequence flow it came along.
        flow: String,
    },
    /// A node had the paths that it awaited, and made one of them.
    Joined {
        /// The path that goes on.
        path: PathId,
        /// The node.
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
    /// A path ended before its time: its scope was ended, or a person ended it.
    Withdrawn {
        /// The path.
        path: PathId,
        /// Where it was.
        node: NodeId,
    },
    /// A path rests until an event comes, or until the scope that it hosts is over.
    Rested {
        /// The path.
        path: PathId,
        /// The catching event, the receive task, the event-based gateway or the activity.
        node: NodeId,
    },
    /// One of the instances of a repeated activity has its number and its item, or an event what came.
    Given {
        /// The path at the activity or the event.
        path: PathId,
        /// The activity or the event.
        node: NodeId,
        /// What is local to it.
        locals: std::sync::Arc<Map<String, Value>>,
        /// Of a boundary event: the properties of its activity.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beside: Option<std::sync::Arc<Map<String, Value>>>,
    },
    /// A scope was opened.
    Opened {
        /// The scope.
        scope: ScopeId,
        /// The path that rests at its node.
        path: PathId,
        /// The node.
        node: NodeId,
        /// What it is for.
        of: ScopeKind,
        /// Its first variables.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        variables: Map<String, Value>,
        /// What is to begin in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pending: Vec<Value>,
        /// Of a compensation: what is to be undone, the last first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        undo: Vec<Done>,
    },
    /// A scope was closed; nothing is in it any more.
    Closed {
        /// The scope.
        scope: ScopeId,
        /// Its node.
        node: NodeId,
    },
    /// The next of what was to begin in a scope begins.
    TookNext {
        /// The scope.
        scope: ScopeId,
    },
    /// Nothing more begins in a scope; what was still to begin is not needed.
    DroppedRest {
        /// The scope.
        scope: ScopeId,
    },
    /// Variables of a scope were set, or properties of the node at a path, and no others.
    Set {
        /// The path, or else the scope; the process when neither.
        #[serde(flatten)]
        owner: Owner,
        /// The variables, in order.
        writes: Vec<Write>,
    },
    /// An instance of a repeated activity came to a value.
    Gathered {
        /// The body of the activity.
        scope: ScopeId,
        /// The number of the instance, from 0.
        number: u32,
        /// The value.
        value: Value,
    },
    /// A message, a signal or a condition is awaited.
    Subscribed {
        /// The catch.
        catch: CatchId,
        /// What it is for, and what is awaited.
        #[serde(flatten)]
        subscribed: Catch,
    },
    /// What a catch awaited has come.
    Caught {
        /// The catch.
        catch: CatchId,
        /// The event that it makes happen.
        node: NodeId,
        /// Whether it goes on awaiting the next.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
        /// What came early for properties of the event, which awaits more.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        early: Map<String, Value>,
    },
    /// A condition that is awaited turned true or false.
    Turned {
        /// The catch.
        catch: CatchId,
        /// The event.
        node: NodeId,
        /// Whether it is true.
        held: bool,
    },
    /// A catch is not needed any more.
    Unsubscribed {
        /// The catch.
        catch: CatchId,
        /// The event that it was for.
        node: NodeId,
    },
    /// A message was sent.
    Sent {
        /// The path.
        path: PathId,
        /// The node where it was.
        node: NodeId,
        /// The message's name.
        name: String,
        /// The correlation key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// A signal was sent.
    Signalled {
        /// The path that sent it.
        path: PathId,
        /// The node where it was.
        node: NodeId,
        /// The signal's name.
        name: String,
    },
    /// Something was escalated.
    Escalated {
        /// The path that did.
        path: PathId,
        /// The node where it was.
        node: NodeId,
        /// The escalation's code.
        code: String,
    },
    /// An activity was done that can be undone.
    Remembered {
        /// The scope that remembers it; and the path, if what its boundary events led to comes first.
        #[serde(flatten)]
        owner: Owner,
        /// The activity.
        done: Done,
    },
    /// What a scope remembers is handed over to be undone.
    Recalled {
        /// The scope; `None` for the process.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<ScopeId>,
        /// The one activity that is handed over; all without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        activity: Option<NodeId>,
    },
    /// The last activity that a compensation has to undo is being undone.
    Undoing {
        /// The compensation.
        scope: ScopeId,
        /// The activity.
        node: NodeId,
    },
    /// A complex gateway awaits what is still on its way, or its next activation.
    Reset {
        /// The gateway's scope; `None` for the process.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<ScopeId>,
        /// The gateway.
        node: NodeId,
        /// The incoming flows that have been counted; none when it starts anew.
        counted: std::collections::BTreeSet<String>,
    },
    /// The instance was moved to another version of its process.
    Migrated(Move),
    /// The instance is held from now on.
    Suspended(Hold),
    /// The instance is held no more.
    Resumed {
        /// Who let it go on.
        by: String,
    },
    /// An error that nothing catches ended the instance, with all its paths and timers.
    Failed(Failure),
    /// The last path ended, and with it the instance.
    Finished,
    /// The instance was ended from outside, with all its paths and timers.
    Cancelled {
        /// Why.
        reason: String,
    },
}
