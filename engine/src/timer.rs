//! Timers: moments in the future that an instance has asked to be told of.

use std::fmt;

use definitions::NodeId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::PathId;

/// Names a timer inside its instance. Timers are counted from 0 and a number is never used twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimerId(pub(crate) u32);

impl TimerId {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl From<u32> for TimerId {
    fn from(number: u32) -> TimerId {
        TimerId(number)
    }
}

impl fmt::Display for TimerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A timer that is armed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timer {
    pub(crate) path: PathId,
    pub(crate) node: NodeId,
    pub(crate) due: Timestamp,
}

impl Timer {
    /// The path that is at the activity which the timer belongs to.
    pub fn path(&self) -> PathId {
        self.path
    }

    /// The boundary event that the timer triggers, or the task that it lets try again.
    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// When the timer is due.
    pub fn due(&self) -> Timestamp {
        self.due
    }
}
