//! Effects: what an instance asks of the world.

use std::sync::Arc;

use definitions::{Assignment, NodeId, ResultShape};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Awaited, CatchId, PathId, TimerId};

/// Something that has to be done outside for an instance to go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Effect {
    /// Run an activity, then answer with `Complete`, `Wait`, `RaiseError` or `Fault` for the same
    /// path.
    RunActivity {
        /// The path to answer for.
        path: PathId,
        /// The task.
        node: NodeId,
        /// The activity's canonical name.
        activity: Arc<str>,
        /// The activity's parameters: the task's evaluated inputs.
        parameters: Map<String, Value>,
        /// 1 for the first time, then counting up with each fault.
        attempt: u32,
        /// Whose the task is, where it is not the end user's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment: Option<Box<Assignment>>,
    },
    /// Tell the instance with `Fire` when this timer is due.
    ArmTimer {
        /// The timer.
        timer: TimerId,
        /// When it is due.
        due: Timestamp,
    },
    /// This timer need not be told of any more. A timer that fired asks for no disarming.
    DisarmTimer {
        /// The timer.
        timer: TimerId,
        /// When it would have been due.
        due: Timestamp,
    },
    /// Evaluate a decision with the variables, then answer with `Complete` (its result as the local
    /// `decisionResult`) or `Fault` for the same path.
    Decide {
        /// The path to answer for.
        path: PathId,
        /// The business rule task.
        node: NodeId,
        /// The id of the decision.
        decision: String,
        /// Which version of it.
        version: Version,
        /// The tenant that has it; the instance's own without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tenant: Option<String>,
        /// The shape of the result; that of the decision itself if none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shape: Option<ResultShape>,
        /// All variables that are visible at the task.
        variables: Map<String, Value>,
    },
    /// Start an instance of another process, then answer with `Wait`, and when it has ended with
    /// `Complete` (its variables as locals) or `RaiseError`; or with `Fault` if there is no such
    /// process.
    Call {
        /// The path to answer for.
        path: PathId,
        /// The call activity.
        node: NodeId,
        /// The id of the process.
        process: String,
        /// Which version of it.
        version: Version,
        /// The tenant that has it; the caller's own without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tenant: Option<String>,
        /// Its business key; the caller's own without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        business_key: Option<String>,
        /// What it begins with.
        variables: Map<String, Value>,
    },
    /// The called instance is not needed any more.
    EndCall {
        /// The path that called it.
        path: PathId,
    },
    /// Tell the caller that the instance escalates something.
    EscalateToCaller {
        /// The code.
        code: String,
        /// The path that rests until the caller has heard of this and all before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<PathId>,
    },
    /// Deliver a message to one receiver.
    SendMessage {
        /// The node that sends it.
        node: NodeId,
        /// Its name.
        name: String,
        /// The correlation key; without it, the instance's business key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// What goes with it.
        payload: Map<String, Value>,
    },
    /// Tell a signal to every instance that awaits it, this one too.
    SendSignal {
        /// The node that sends it.
        node: NodeId,
        /// Its name.
        name: String,
        /// What goes with it.
        payload: Map<String, Value>,
    },
    /// Tell the instance of this message or signal when it comes.
    Subscribe {
        /// The catch to name then.
        catch: CatchId,
        /// What is awaited; never a condition.
        awaited: Awaited,
    },
    /// This message or signal need not be told of any more.
    Unsubscribe {
        /// The catch.
        catch: CatchId,
        /// What was awaited.
        awaited: Awaited,
    },
}

/// Which version of a called process or a decision is meant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Version {
    /// The newest that is deployed.
    #[default]
    Latest,
    /// The one with this number.
    Number(u32),
    /// The newest with this tag.
    Tag(String),
    /// The one that was deployed together with the caller.
    Deployment,
}
