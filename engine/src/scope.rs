//! Scopes: sub-processes and the bodies of repeated activities while they are open, each with
//! variables of its own (BPMN 2.0.2 §10.4.7, §13.3).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use definitions::NodeId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::arrivals::Arrivals;
use crate::{CatchId, PathId, TimerId};

/// Names an open scope inside its instance. Scopes are counted from 0 and a number is never used
/// twice. The process itself is no numbered scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScopeId(pub(crate) u32);

impl ScopeId {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl From<u32> for ScopeId {
    fn from(number: u32) -> ScopeId {
        ScopeId(number)
    }
}

impl fmt::Display for ScopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an open scope is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ScopeKind {
    /// The contents of a sub-process.
    SubProcess,
    /// The contents of an event sub-process that has been triggered.
    EventSubProcess,
    /// The instances of a repeated activity.
    Body,
    /// The undoing of what a scope has done.
    Compensation,
}

/// An open scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    pub(crate) kind: ScopeKind,
    /// The scope around it; `None` for the process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<ScopeId>,
    /// The path that rests at its node for as long as it is open.
    pub(crate) host: PathId,
    pub(crate) node: NodeId,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) variables: Map<String, Value>,
    /// The paths in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) paths: BTreeSet<PathId>,
    #[serde(default, skip_serializing_if = "Gateways::is_empty")]
    pub(crate) gateways: Gateways,
    /// What was done in it and can be undone; of a compensation, what is still to be undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) done: Vec<Done>,
    /// The timers that start its event sub-processes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) timers: Vec<TimerId>,
    /// What else may start its event sub-processes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) catches: Vec<CatchId>,
    /// What is still to begin: the items of a sequential body, the nodes of an ad-hoc sub-process.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) pending: Vec<Value>,
    /// Of an ad-hoc sub-process: whether nothing more begins in it, since its completion condition
    /// has held or an event sub-process has interrupted it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) suffices: bool,
    /// The values that the instances of a body came to, by their number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) gathered: BTreeMap<u32, Value>,
}

impl Scope {
    /// What the scope is for.
    pub fn kind(&self) -> ScopeKind {
        self.kind
    }

    /// The scope around it; `None` for the process.
    pub fn parent(&self) -> Option<ScopeId> {
        self.parent
    }

    /// The path that rests at its node for as long as it is open.
    pub fn host(&self) -> PathId {
        self.host
    }

    /// The sub-process or the repeated activity; of a compensation, the event that asked for it or
    /// the sub-process that is undone.
    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// Its own variables.
    pub fn variables(&self) -> &Map<String, Value> {
        &self.variables
    }

    /// The timers that start its event sub-processes.
    pub fn timers(&self) -> &[TimerId] {
        &self.timers
    }

    /// What else may start its event sub-processes.
    pub fn catches(&self) -> &[CatchId] {
        &self.catches
    }
}

/// What the gateways of a scope keep in mind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Gateways {
    /// The paths that wait to be joined, by gateway; none is empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) arrivals: BTreeMap<NodeId, Arrivals>,
    /// The complex gateways that await their reset, with the flows that have been counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) resets: BTreeMap<NodeId, BTreeSet<String>>,
}

impl Gateways {
    pub(crate) fn is_empty(&self) -> bool {
        self.arrivals.is_empty() && self.resets.is_empty()
    }
}

/// An activity that was done and can be undone (§10.7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// The activity.
    pub node: NodeId,
    /// Of a scope: the variables that it ended with.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub variables: Map<String, Value>,
    /// Of a scope: what was done in it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner: Vec<Done>,
    /// Of a scope: that it was ended before it was done, so that only what was done in it is undone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partly: bool,
}
