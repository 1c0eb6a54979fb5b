//! Instances: one run of a process, changed by events and by nothing else.

use std::collections::{BTreeMap, BTreeSet};

use definitions::NodeId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Event, Path, PathId, PathState, Timer, TimerId};

/// One run of a process. `Instance::default()` is one that has not been started.
///
/// It serializes as the snapshot from which it goes on, and equals what its events make of an empty
/// one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    status: Status,
    sequence: u64,
    variables: Map<String, Value>,
    paths: BTreeMap<PathId, Path>,
    timers: BTreeMap<TimerId, Timer>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    arrivals: BTreeMap<NodeId, Arrivals>,
    ended_at: Vec<NodeId>,
    next_path: u32,
    next_timer: u32,
}

/// The paths that wait at a gateway to be joined, by the sequence flow along which they came; no
/// flow is empty.
pub(crate) type Arrivals = BTreeMap<String, BTreeSet<PathId>>;

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
    /// It was ended from outside.
    Cancelled,
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

    /// All paths, the oldest first.
    pub fn paths(&self) -> impl Iterator<Item = (PathId, &Path)> {
        self.paths.iter().map(|(id, path)| (*id, path))
    }

    /// The path of this number, unless it has ended.
    pub fn path(&self, path: PathId) -> Option<&Path> {
        self.paths.get(&path)
    }

    /// All timers that are armed, the oldest first.
    pub fn timers(&self) -> impl Iterator<Item = (TimerId, &Timer)> {
        self.timers.iter().map(|(id, timer)| (*id, timer))
    }

    /// The timer of this number, if it is armed.
    pub fn timer(&self, timer: TimerId) -> Option<&Timer> {
        self.timers.get(&timer)
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
            | PathState::Joining => None,
        })
    }

    /// The end events that paths have reached, in order; a node that nothing leaves counts as one.
    pub fn ended_at(&self) -> &[NodeId] {
        &self.ended_at
    }

    pub(crate) fn arrivals(&self, node: &NodeId) -> Option<&Arrivals> {
        self.arrivals.get(node)
    }

    pub(crate) fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    pub(crate) fn ever_had(&self, path: PathId) -> bool {
        path.0 < self.next_path
    }

    pub(crate) fn next_path(&self) -> PathId {
        PathId(self.next_path)
    }

    pub(crate) fn next_timer(&self) -> TimerId {
        TimerId(self.next_timer)
    }

    /// Takes over what has happened: the only way an instance changes.
    pub fn apply(&mut self, event: &Event) {
        self.sequence += 1;
        match event {
            Event::Started { variables } => {
                self.status = Status::Active;
                self.variables.clone_from(variables);
            }
            Event::Entered { path, node } => {
                self.next_path = self.next_path.max(path.0.saturating_add(1));
                let entering = Path::at(node.clone());
                match self.paths.get_mut(path) {
                    Some(path) => *path = entering,
                    None => drop(self.paths.insert(*path, entering)),
                }
            }
            Event::Began { path, locals, .. } => {
                if let Some(path) = self.paths.get_mut(path) {
                    path.locals.clone_from(locals);
                    path.state = PathState::Running { attempt: 1 };
                }
            }
            Event::Retried { path, attempt, .. } => {
                self.turn(*path, PathState::Running { attempt: *attempt })
            }
            Event::Waited { path, .. } => self.turn(*path, PathState::Waiting),
            Event::Wrote { writes, .. } => {
                for write in writes {
                    write.change(&mut self.variables);
                }
            }
            Event::Answered { path, locals, .. } => {
                if let Some(path) = self.paths.get_mut(path) {
                    path.locals = Some(locals.clone());
                }
            }
            Event::ErrorRaised { .. } => {}
            Event::Completed { path, .. } | Event::Interrupted { path, .. } => {
                self.paths.remove(path);
            }
            Event::Faulted { path, node, attempt, timer, due, .. } => {
                self.arm(*timer, Timer { path: *path, node: node.clone(), due: *due });
                self.turn(*path, PathState::Retrying { attempt: *attempt, timer: *timer });
            }
            Event::IncidentRaised { path, message, moment, .. } => {
                self.turn(*path, PathState::Incident { message: message.clone(), moment: *moment });
            }
            Event::IncidentTakenUp { path, .. } => self.turn(*path, PathState::Moving),
            Event::Armed { timer, path, node, due } => {
                self.arm(*timer, Timer { path: *path, node: node.clone(), due: *due });
            }
            Event::Fired { timer, .. } | Event::Disarmed { timer, .. } => self.disarm(*timer),
            Event::Arrived { path, node, flow } => {
                let flows = self.arrivals.entry(node.clone()).or_default();
                flows.entry(flow.clone()).or_default().insert(*path);
                self.turn(*path, PathState::Joining);
            }
            Event::Joined { path, node, with } => {
                self.take_arrivals(node);
                for path in with {
                    self.paths.remove(path);
                }
                self.turn(*path, PathState::Moving);
            }
            Event::Ended { path, node } => {
                self.paths.remove(path);
                self.ended_at.push(node.clone());
            }
            Event::Finished => self.status = Status::Completed,
            Event::Cancelled { .. } => {
                self.status = Status::Cancelled;
                self.paths.clear();
                self.timers.clear();
                self.arrivals.clear();
            }
        }
    }

    fn turn(&mut self, path: PathId, state: PathState) {
        if let Some(path) = self.paths.get_mut(&path) {
            path.state = state;
        }
    }

    /// Takes the oldest path of each flow away from a join.
    fn take_arrivals(&mut self, node: &NodeId) {
        let Some(flows) = self.arrivals.get_mut(node) else { return };
        flows.retain(|_, paths| {
            paths.pop_first();
            !paths.is_empty()
        });
        if flows.is_empty() {
            self.arrivals.remove(node);
        }
    }

    fn arm(&mut self, id: TimerId, timer: Timer) {
        self.next_timer = self.next_timer.max(id.0.saturating_add(1));
        if let Some(path) = self.paths.get_mut(&timer.path) {
            path.timers.push(id);
        }
        self.timers.insert(id, timer);
    }

    fn disarm(&mut self, id: TimerId) {
        let Some(timer) = self.timers.remove(&id) else { return };
        if let Some(path) = self.paths.get_mut(&timer.path) {
            path.timers.retain(|other| *other != id);
        }
    }
}
