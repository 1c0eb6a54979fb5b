//! Paths: the moving points of an instance (the tokens of BPMN 2.0.2 §7.2) and what each is doing.

use std::fmt;
use std::sync::{Arc, LazyLock};

use definitions::NodeId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{CatchId, ScopeId, TimerId};

/// Names a path inside its instance. Paths are counted from 0 and a number is never used twice.
///
/// A path ends with the task it rests at; what leaves the task are new paths. So a number stands
/// for one visit of one task, and an answer that comes late or twice can never reach another visit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PathId(pub(crate) u32);

impl PathId {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl From<u32> for PathId {
    fn from(number: u32) -> PathId {
        PathId(number)
    }
}

impl fmt::Display for PathId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One moving point of an instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Path {
    pub(crate) node: NodeId,
    pub(crate) state: PathState,
    /// Shared with the event that brought them, so that applying it copies nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) locals: Option<Arc<Map<String, Value>>>,
    /// Of an instance of a repeated activity: its number and its item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given: Option<Arc<Map<String, Value>>>,
    /// The properties of its node.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) own: Map<String, Value>,
    /// Of a boundary event: the properties of its activity when it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) beside: Option<Arc<Map<String, Value>>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) timers: Vec<TimerId>,
    /// The scope that it is in; `None` for the process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<ScopeId>,
    /// The scope that is open at its node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hosts: Option<ScopeId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) catches: Vec<CatchId>,
    /// How many activities its scope remembered when a boundary event first happened that left the
    /// activity here alone. Those behind them are undone before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) remembered: Option<u32>,
}

static NO_LOCALS: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

impl Path {
    pub(crate) fn at(node: NodeId, scope: Option<ScopeId>) -> Path {
        Path {
            node,
            state: PathState::Moving,
            locals: None,
            given: None,
            own: Map::new(),
            beside: None,
            timers: Vec::new(),
            scope,
            hosts: None,
            catches: Vec::new(),
            remembered: None,
        }
    }

    /// The node where the path is.
    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// What the path is doing there.
    pub fn state(&self) -> &PathState {
        &self.state
    }

    /// The variables of the task where the path is: its evaluated inputs, which are its activity's
    /// parameters too.
    pub fn locals(&self) -> &Map<String, Value> {
        self.locals.as_deref().unwrap_or(&NO_LOCALS)
    }

    /// Of an instance of a repeated activity its number, `loopCounter`, and its item, which its
    /// expressions see besides its variables.
    pub fn given(&self) -> &Map<String, Value> {
        self.given.as_deref().unwrap_or(&NO_LOCALS)
    }

    /// The properties of the node where the path is: variables that end with its stay there, and
    /// are no parameters.
    pub fn own(&self) -> &Map<String, Value> {
        &self.own
    }

    /// The scope that the path is in; `None` for the process.
    pub fn scope(&self) -> Option<ScopeId> {
        self.scope
    }

    /// The scope that is open at its node: the contents of a sub-process, or the instances of a
    /// repeated activity.
    pub fn hosts(&self) -> Option<ScopeId> {
        self.hosts
    }

    /// What it awaits besides timers.
    pub fn catches(&self) -> &[CatchId] {
        &self.catches
    }

    /// The timers that end with the path's stay at its node.
    pub fn timers(&self) -> &[TimerId] {
        &self.timers
    }
}

/// What a path is doing at its node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PathState {
    /// It is on its way; no path is when a step is over.
    Moving,
    /// The task's activity has been asked for.
    Running {
        /// 1 for the first time, then counting up with each fault.
        attempt: u32,
    },
    /// The task's activity awaits an end user or a third party.
    Waiting,
    /// The task's activity failed and will be asked for again.
    Retrying {
        /// The number of the attempt to come.
        attempt: u32,
        /// The timer that lets it come.
        timer: TimerId,
    },
    /// The path cannot go on until a person has looked at it.
    Incident {
        /// What is wrong.
        message: String,
        /// Where the path takes up when it is retried.
        moment: Moment,
    },
    /// It has arrived at a gateway or an activity that awaits others.
    Joining,
    /// It awaits an event: at a catching event, a receive task, or an event-based gateway.
    Catching,
    /// The scope that is open at its node is under way.
    Inside,
}

/// The moment of a path's stay at a node at which an incident stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Moment {
    /// The instance could not begin; a retry begins it.
    Starting,
    /// What is set when a path comes has no value; a retry lets the path come again.
    Arriving,
    /// The node could not be entered; a retry enters it again.
    Entering,
    /// The activity did not succeed; a retry asks for it again, with its inputs evaluated anew.
    Running,
    /// The activity is done but its outputs could not be taken over; a retry does only that.
    Leaving,
    /// The node is done with but no flow could be chosen; a retry does only that.
    Parting,
}
