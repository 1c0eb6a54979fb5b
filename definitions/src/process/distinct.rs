//! Ids of a process that another process of the same file has already.

use super::{NodeId, Place, Process};
use crate::{Event, EventDefinition, Kind};
use std::collections::{BTreeMap, BTreeSet};

impl Process {
    /// The process with other ids for the nodes and flows whose ids are taken; nothing when none
    /// is. Its ids are taken afterwards.
    pub(crate) fn distinct(&self, taken: &mut BTreeSet<String>) -> Option<Process> {
        let nodes = self.nodes.iter().map(|node| node.id.as_str());
        let flows = self.flows.leaving.iter().map(|(flow, _)| &*flow.id);
        let own: BTreeSet<&str> = nodes.chain(flows).collect();
        let mut names: BTreeMap<&str, String> = BTreeMap::new();
        for id in own.iter().filter(|id| taken.contains(**id)) {
            let stem = format!("{}.{id}", self.id());
            let numbered = (2_u32..).map(|number| format!("{stem}.{number}"));
            let is_free = |name: &String| !taken.contains(name) && !own.contains(name.as_str());
            names
                .extend([stem.clone()].into_iter().chain(numbered).find(is_free).map(|n| (*id, n)));
        }
        taken.extend(own.iter().map(|id| (*id).to_owned()).chain(names.values().cloned()));
        (!names.is_empty()).then(|| self.renamed(&names))
    }

    fn renamed(&self, names: &BTreeMap<&str, String>) -> Process {
        let mut process = self.clone();
        for node in &mut process.nodes {
            if let Some(name) = names.get(node.id.as_str()) {
                node.id = NodeId::from(name.as_str());
            }
            if let Kind::ThrowEvent(event) | Kind::EndEvent(event) = &mut node.kind {
                rename_undone(event, names);
            }
        }
        for (flow, _) in &mut process.flows.leaving {
            if let Some(name) = names.get(&*flow.id) {
                flow.id = name.as_str().into();
            }
        }
        let nodes = process.nodes.iter().enumerate();
        process.places = nodes.map(|(at, node)| (node.id.clone(), Place::at(at))).collect();
        process
    }
}

/// An event that undoes an activity names it.
fn rename_undone(event: &mut Event, names: &BTreeMap<&str, String>) {
    for definition in &mut event.definitions {
        let EventDefinition::Compensation(compensation) = definition else { continue };
        let Some(activity) = &mut compensation.activity else { continue };
        if let Some(name) = names.get(activity.as_str()) {
            *activity = NodeId::from(name.as_str());
        }
    }
}
