//! Catches: the messages, signals and conditions that an instance awaits (BPMN 2.0.2 §10.5).

use std::fmt;

use definitions::{NodeId, Process};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::elements::trigger;
use crate::{PathId, ScopeId};

/// Names a catch inside its instance. Catches are counted from 0 and a number is never used twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CatchId(pub(crate) u32);

impl CatchId {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl From<u32> for CatchId {
    fn from(number: u32) -> CatchId {
        CatchId(number)
    }
}

impl fmt::Display for CatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is awaited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Awaited {
    /// A message.
    Message {
        /// Its name.
        name: String,
        /// The correlation key; without it, the instance's business key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// A signal.
    Signal {
        /// Its name.
        name: String,
    },
    /// That a condition becomes true.
    Condition {
        /// Whether it was true when it was last asked.
        held: bool,
    },
}

/// Something that an instance awaits, for a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catch {
    #[serde(flatten)]
    pub(crate) owner: Owner,
    pub(crate) node: NodeId,
    /// Which of the node's event definitions it is for.
    #[serde(default, skip_serializing_if = "is_first")]
    pub(crate) definition: u16,
    /// What came before with others that the event awaits too, for its properties.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) early: Map<String, Value>,
    pub(crate) awaited: Awaited,
}

pub(crate) fn is_first(definition: &u16) -> bool {
    *definition == 0
}

/// Who a timer or a catch ends with: a path, or else a scope; the process itself when neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// The path that rests at the event, at the activity with the event on its boundary, or at the
    /// gateway before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathId>,
    /// The scope whose event sub-process it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeId>,
}

impl Owner {
    pub(crate) fn path(path: PathId) -> Owner {
        Owner { path: Some(path), scope: None }
    }

    pub(crate) fn scope(scope: Option<ScopeId>) -> Owner {
        Owner { path: None, scope }
    }
}

impl Catch {
    /// Who it ends with.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// The event that it makes happen, or the receive task.
    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// What is awaited.
    pub fn awaited(&self) -> &Awaited {
        &self.awaited
    }

    /// Whether it goes on when what it awaits has come; any other takes the first, and is gone.
    pub fn repeats(&self, process: &Process) -> bool {
        trigger::repeats(process, &self.node) && !trigger::awaits_all(process, &self.node)
    }
}
