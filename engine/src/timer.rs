//! Timers: moments in the future that an instance has asked to be told of.

use std::fmt;

use definitions::{NodeId, Recurrence};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::PathId;
use crate::catch::{Owner, is_first};

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
    #[serde(flatten)]
    pub(crate) owner: Owner,
    pub(crate) node: NodeId,
    /// Which of the node's event definitions it is for.
    #[serde(default, skip_serializing_if = "is_first")]
    pub(crate) definition: u16,
    /// What came before with others that the event awaits too, for its properties.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) early: Map<String, Value>,
    pub(crate) due: Timestamp,
    /// How it goes on when it has fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) then: Option<Box<Recurrence>>,
}

impl Timer {
    /// Who the timer ends with.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// The path that the timer belongs to, if it belongs to one.
    pub fn path(&self) -> Option<PathId> {
        self.owner.path
    }

    /// The event that the timer triggers, or the task that it lets try again.
    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// When the timer is due.
    pub fn due(&self) -> Timestamp {
        self.due
    }
}
