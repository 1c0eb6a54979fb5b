//! Arrivals: the paths that wait at a gateway or an activity to be joined.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::PathId;

/// The paths that wait to be joined, by the sequence flow along which they came; no flow is empty.
///
/// It is stored as just that. Which flow a path came along is kept beside it, so that each path is
/// taken away at the same small cost however many wait.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, BTreeSet<PathId>>", into = "BTreeMap<String, BTreeSet<PathId>>")]
pub(crate) struct Arrivals {
    by_flow: BTreeMap<String, BTreeSet<PathId>>,
    flows: BTreeMap<PathId, String>,
}

impl Arrivals {
    /// A path has come along a flow.
    pub(crate) fn add(&mut self, path: PathId, flow: &str) {
        self.remove(path);
        self.by_flow.entry(flow.to_owned()).or_default().insert(path);
        self.flows.insert(path, flow.to_owned());
    }

    /// A path waits no longer.
    pub(crate) fn remove(&mut self, path: PathId) {
        let Some(flow) = self.flows.remove(&path) else { return };
        if let Some(paths) = self.by_flow.get_mut(&flow) {
            paths.remove(&path);
            if paths.is_empty() {
                self.by_flow.remove(&flow);
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.flows.is_empty()
    }

    /// How many paths wait.
    pub(crate) fn count(&self) -> usize {
        self.flows.len()
    }

    /// All paths that wait, the oldest first.
    pub(crate) fn paths(&self) -> impl Iterator<Item = PathId> {
        self.flows.keys().copied()
    }

    /// The flow along which a path has come.
    pub(crate) fn flow_of(&self, path: PathId) -> Option<&str> {
        self.flows.get(&path).map(String::as_str)
    }

    /// The flows along which paths have come.
    pub(crate) fn flows(&self) -> impl ExactSizeIterator<Item = &str> {
        self.by_flow.keys().map(String::as_str)
    }

    /// How many paths have come along a flow.
    pub(crate) fn along(&self, flow: &str) -> usize {
        self.by_flow.get(flow).map_or(0, BTreeSet::len)
    }

    /// The oldest path that has come along a flow.
    pub(crate) fn oldest_along(&self, flow: &str) -> Option<PathId> {
        self.by_flow.get(flow)?.first().copied()
    }

    /// The oldest path of each flow, in their own order.
    pub(crate) fn oldest(&self) -> Vec<PathId> {
        let mut oldest: Vec<PathId> =
            self.by_flow.values().filter_map(|paths| paths.first()).copied().collect();
        oldest.sort_unstable();
        oldest
    }
}

impl From<BTreeMap<String, BTreeSet<PathId>>> for Arrivals {
    fn from(by_flow: BTreeMap<String, BTreeSet<PathId>>) -> Arrivals {
        let of = |(flow, paths): (&String, &BTreeSet<PathId>)| {
            paths.iter().map(|path| (*path, flow.clone())).collect::<Vec<_>>()
        };
        let flows = by_flow.iter().flat_map(of).collect();
        Arrivals { by_flow, flows }
    }
}

impl From<Arrivals> for BTreeMap<String, BTreeSet<PathId>> {
    fn from(arrivals: Arrivals) -> BTreeMap<String, BTreeSet<PathId>> {
        arrivals.by_flow
    }
}
