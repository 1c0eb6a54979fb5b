//! Instances: one run of a process, changed by events and by nothing else.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use definitions::NodeId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::arrivals::Arrivals;
use crate::catch::Owner;
use crate::scope::Gateways;
use crate::walk::Held;
use crate::{
    Awaited, Catch, CatchId, Done, Path, PathId, PathState, Scope, ScopeId, Timer, TimerId,
};

/// One run of a process. `Instance::default()` is one that has not been started.
///
/// It serializes as the snapshot from which it goes on, and equals what its events make of an empty
/// one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    pub(crate) status: Status,
    pub(crate) sequence: u64,
    pub(crate) variables: Map<String, Value>,
    /// Boxed, since the map of a small instance is made anew with almost every step, and its nodes
    /// hold eleven each.
    pub(crate) paths: BTreeMap<PathId, Box<Path>>,
    #[serde(skip)]
    pub(crate) own: Own,
    #[serde(skip)]
    pub(crate) held: Held,
    pub(crate) timers: BTreeMap<TimerId, Timer>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) scopes: BTreeMap<ScopeId, Scope>,
    /// The messages and signals that are awaited.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) catches: BTreeMap<CatchId, Catch>,
    /// The conditions that are awaited; apart, since every write asks them all.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) conditions: BTreeMap<CatchId, Catch>,
    #[serde(flatten)]
    pub(crate) gateways: Gateways,
    /// What was done in the process itself and can be undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) done: Vec<Done>,
    pub(crate) ended_at: Vec<NodeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<Failure>,
    /// Whether another instance called this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) called: bool,
    pub(crate) next_path: u32,
    pub(crate) next_timer: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) next_scope: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) next_catch: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The paths of the process itself, which are in no scope: they follow from all paths, and are known
/// once they were asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own(OnceLock<BTreeSet<PathId>>);

impl Own {
    fn of(&self, paths: &BTreeMap<PathId, Box<Path>>) -> &BTreeSet<PathId> {
        let own = || paths.iter().filter(|(_, path)| path.scope.is_none());
        self.0.get_or_init(|| own().map(|(id, _)| *id).collect())
    }

    pub(crate) fn add(&mut self, path: PathId) {
        self.0.get_mut().map(|own| own.insert(path));
    }

    pub(crate) fn remove(&mut self, path: PathId) {
        self.0.get_mut().map(|own| own.remove(&path));
    }
}

impl PartialEq for Own {
    fn eq(&self, _: &Own) -> bool {
        true
    }
}

/// How far an instance has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// It has not been started.
    #[default]
    Created,
    /// It has paths.
    Active,
    /// Its last path has ended (BPMN 2.0.2 §13.2).
    Completed,
    /// An error that nothing catches ended it.
    Failed,
    /// It was ended from outside.
    Cancelled,
}

/// The error that ended an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The error's code.
    pub code: String,
    /// The error in words.
    pub message: String,
}

/// What stops a path until a person has looked at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incident<'a> {
    /// The path that is stopped.
    pub path: PathId,
    /// The node where it is.
    pub node: &'a NodeId,
    /// What is wrong.
    pub message: &'a str,
}

impl Instance {
    /// How far the instance has come.
    pub fn status(&self) -> Status {
        self.status
    }

    /// How many events have made the instance what it is; the last one has this number.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The process variables.
    pub fn variables(&self) -> &Map<String, Value> {
        &self.variables
    }

    /// Whether a variable of a name is seen from a scope, or from the process.
    pub fn sees(&self, scope: Option<ScopeId>, name: &str) -> bool {
        self.variables_of(self.owner_of(None, scope, name)).contains_key(name)
    }

    /// The variables of a scope alone, or those of the process.
    pub(crate) fn variables_in(&self, scope: Option<ScopeId>) -> &Map<String, Value> {
        scope.and_then(|scope| self.scopes.get(&scope)).map_or(&self.variables, |s| &s.variables)
    }

    /// All variables that are visible in a scope, the innermost first where names are the same.
    pub fn visible(&self, scope: Option<ScopeId>) -> Map<String, Value> {
        let mut visible = self.variables.clone();
        let mut around = Vec::new();
        let mut at = scope;
        while let Some(inner) = at.and_then(|scope| self.scopes.get(&scope)) {
            around.push(&inner.variables);
            at = inner.parent;
        }
        for variables in around.into_iter().rev() {
            visible.extend(variables.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        visible
    }

    /// What the work at a path sees besides its parameters: the variables of the scopes around it,
    /// the properties of its node, and of an instance of a repeated activity its number and its item.
    pub fn seen_at(&self, path: PathId) -> Cow<'_, Map<String, Value>> {
        let Some(path) = self.paths.get(&path) else { return Cow::Borrowed(&self.variables) };
        if path.scope.is_none() && path.given().is_empty() && path.own.is_empty() {
            return Cow::Borrowed(&self.variables);
        }
        let mut seen = self.visible(path.scope);
        seen.extend(
            path.own.iter().chain(path.given()).map(|(name, value)| (name.clone(), value.clone())),
        );
        Cow::Owned(seen)
    }

    /// All paths, the oldest first.
    pub fn paths(&self) -> impl Iterator<Item = (PathId, &Path)> {
        self.paths.iter().map(|(id, path)| (*id, &**path))
    }

    /// The path of this number, unless it has ended.
    pub fn path(&self, path: PathId) -> Option<&Path> {
        self.paths.get(&path).map(Box::as_ref)
    }

    /// All open scopes, the oldest first.
    pub fn scopes(&self) -> impl Iterator<Item = (ScopeId, &Scope)> {
        self.scopes.iter().map(|(id, scope)| (*id, scope))
    }

    /// The scope of this number, if it is open.
    pub fn scope(&self, scope: ScopeId) -> Option<&Scope> {
        self.scopes.get(&scope)
    }

    /// All timers that are armed, the oldest first.
    pub fn timers(&self) -> impl Iterator<Item = (TimerId, &Timer)> {
        self.timers.iter().map(|(id, timer)| (*id, timer))
    }

    /// The timer of this number, if it is armed.
    pub fn timer(&self, timer: TimerId) -> Option<&Timer> {
        self.timers.get(&timer)
    }

    /// All that is awaited besides timers: messages and signals, then conditions.
    pub fn catches(&self) -> impl Iterator<Item = (CatchId, &Catch)> {
        self.catches.iter().chain(&self.conditions).map(|(id, catch)| (*id, catch))
    }

    /// The catch of this number, if it is still awaited.
    pub fn catch(&self, catch: CatchId) -> Option<&Catch> {
        self.catches.get(&catch).or_else(|| self.conditions.get(&catch))
    }

    /// What stops paths, the oldest path first.
    pub fn incidents(&self) -> impl Iterator<Item = Incident<'_>> {
        self.paths.iter().filter_map(|(id, path)| match &path.state {
            PathState::Incident { message, .. } => {
                Some(Incident { path: *id, node: &path.node, message })
            }
            PathState::Moving
            | PathState::Running { .. }
            | PathState::Waiting
            | PathState::Retrying { .. }
            | PathState::Joining
            | PathState::Catching
            | PathState::Inside => None,
        })
    }

    /// The end events that paths have reached, in order; a node that nothing leaves counts as one.
    pub fn ended_at(&self) -> &[NodeId] {
        &self.ended_at
    }

    /// The error that ended it, if one did.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Whether another instance called this one.
    pub fn is_called(&self) -> bool {
        self.called
    }

    pub(crate) fn gateways(&self, scope: Option<ScopeId>) -> &Gateways {
        scope.and_then(|scope| self.scopes.get(&scope)).map_or(&self.gateways, |s| &s.gateways)
    }

    pub(crate) fn arrivals(&self, scope: Option<ScopeId>, node: &NodeId) -> Option<&Arrivals> {
        self.gateways(scope).arrivals.get(node)
    }

    /// The timers and catches that end with a path or a scope. Those of the process itself are looked
    /// for among all.
    pub(crate) fn owned_by(&self, owner: Owner) -> (Cow<'_, [TimerId]>, Cow<'_, [CatchId]>) {
        let path = owner.path.and_then(|path| self.paths.get(&path));
        let scope = owner.scope.and_then(|scope| self.scopes.get(&scope));
        match (path, scope) {
            (Some(path), _) => (Cow::Borrowed(&path.timers), Cow::Borrowed(&path.catches)),
            (None, Some(scope)) => (Cow::Borrowed(&scope.timers), Cow::Borrowed(&scope.catches)),
            (None, None) => (
                self.timers().filter(|(_, timer)| timer.owner == owner).map(|(id, _)| id).collect(),
                self.catches().filter(|(_, one)| one.owner == owner).map(|(id, _)| id).collect(),
            ),
        }
    }

    /// What was done in a scope, or the process, and can be undone.
    pub(crate) fn done(&self, scope: Option<ScopeId>) -> &[Done] {
        scope.and_then(|scope| self.scopes.get(&scope)).map_or(&self.done, |s| &s.done)
    }

    /// The paths of a scope, or of the process itself, the oldest first.
    pub(crate) fn paths_in(&self, scope: Option<ScopeId>) -> Vec<PathId> {
        match scope {
            Some(scope) => {
                let paths = self.scopes.get(&scope).map(|scope| &scope.paths);
                paths.into_iter().flatten().copied().collect()
            }
            None => self.own.of(&self.paths).iter().copied().collect(),
        }
    }

    /// Whether a path is one of the instances of a repeated activity.
    pub(crate) fn is_repetition(&self, path: PathId) -> bool {
        let scope = self.paths.get(&path).and_then(|path| path.scope);
        let scope = scope.and_then(|scope| self.scopes.get(&scope));
        scope.is_some_and(|scope| scope.kind == crate::ScopeKind::Body)
    }

    pub(crate) fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Whether there is or was a path of a number.
    pub fn ever_had(&self, path: PathId) -> bool {
        path.0 < self.next_path
    }

    pub(crate) fn next_path(&self) -> PathId {
        PathId(self.next_path)
    }

    pub(crate) fn next_timer(&self) -> TimerId {
        TimerId(self.next_timer)
    }

    pub(crate) fn next_scope(&self) -> ScopeId {
        ScopeId(self.next_scope)
    }

    pub(crate) fn next_catch(&self) -> CatchId {
        CatchId(self.next_catch)
    }

    /// The conditions that are awaited, the oldest first, with whether each held when last asked.
    /// Whose the variable of a name is from where a path stands in a scope, or from the scope: the
    /// path's, if it is a property of its node, or of the innermost scope that has it, or of the
    /// process.
    pub(crate) fn owner_of(
        &self,
        path: Option<PathId>,
        scope: Option<ScopeId>,
        name: &str,
    ) -> Owner {
        let owns = |path: &PathId| self.path(*path).is_some_and(|at| at.own.contains_key(name));
        if let Some(path) = path.filter(owns) {
            return Owner::path(path);
        }
        let mut at = scope;
        while let Some(open) = at.and_then(|scope| self.scope(scope)) {
            if open.variables.contains_key(name) {
                break;
            }
            at = open.parent;
        }
        Owner::scope(at)
    }

    /// The same as a condition sees it that is awaited with a path or a scope.
    pub(crate) fn seen_of(&self, by: Owner, name: &str) -> Owner {
        let path = by.path.and_then(|path| self.path(path));
        let scope = path.map_or(by.scope, |path| path.hosts.or(path.scope));
        self.owner_of(by.path, scope, name)
    }

    /// The properties of a path's node, or the variables of a scope or the process.
    pub(crate) fn variables_of(&self, owner: Owner) -> &Map<String, Value> {
        match owner.path.and_then(|path| self.path(path)) {
            Some(path) => &path.own,
            None => self.variables_in(owner.scope),
        }
    }

    pub(crate) fn conditions(&self) -> Vec<(CatchId, bool)> {
        let held = |catch: &Catch| matches!(catch.awaited, Awaited::Condition { held: true });
        self.conditions.iter().map(|(id, catch)| (*id, held(catch))).collect()
    }
}
