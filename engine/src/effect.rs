//! Effects: what an instance asks of the world.

use std::sync::Arc;

use definitions::NodeId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{PathId, TimerId};

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
}
