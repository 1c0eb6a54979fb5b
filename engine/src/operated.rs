//! What the history records of those who look after an instance: who held it and why, whose its user
//! tasks were and who answered them, and between which versions it was moved.

use std::collections::BTreeMap;

use definitions::{Assignment, NodeId};
use serde::{Deserialize, Serialize};

use crate::PathId;

/// Who holds an instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// Who holds it.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// From which version of its process to which an instance was moved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Renewal {
    /// The version that it ran; absent in what was recorded before versions were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NamedVersion>,
    /// The version that it runs now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NamedVersion>,
}

/// A version of a process, as the world names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedVersion {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub version: u32,
}

/// A user task that is not the end user's is given to people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handed {
    /// The path at the task.
    pub path: PathId,
    /// The task.
    pub node: NodeId,
    /// Whose it is from now on.
    pub assignment: Assignment,
    /// Who said so; the definition where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Who answered a user task that is not the end user's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answerer {
    /// The path at the task.
    pub path: PathId,
    /// The task.
    pub node: NodeId,
    /// Who answered.
    pub by: String,
}

/// An instance was moved to another version of its process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// The new ids of the nodes whose ids differ, by their old ones.
    pub nodes: BTreeMap<NodeId, NodeId>,
    /// The versions, as far as they are known.
    #[serde(flatten)]
    pub versions: Renewal,
    /// The properties that the nodes of paths no longer have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<(PathId, Vec<String>)>,
}
