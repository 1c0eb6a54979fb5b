//! What only shows when a process was read: the flows that nodes list, lanes and associations.

use super::element::Element;
use super::reader::Reader;
use crate::draft::{Draft, DraftAssociation, DraftFlow, DraftKind, DraftNode};
use crate::{Event, EventDefinition};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

impl<'x> Reader<'x, '_> {
    /// Notes a flow that a node lists as incoming or outgoing.
    pub(super) fn end(&mut self, node: &'x Element, child: &'x Element) {
        child.allow(&[], &[], self.flaws);
        child.children.iter().for_each(|inner| inner.refuse(node, self.flaws));
        self.ends.push((node.id(), child.name == "outgoing", child.words(), child.line));
    }

    /// What only shows when everything was read.
    pub(super) fn finish(mut self) -> Draft {
        self.compare_ends();
        self.order();
        self.compare_directions();
        self.compare_lanes();
        self.associate();
        self.compare_keys();
        self.draft
    }

    /// What nodes list as incoming and outgoing must be what the flows say.
    fn compare_ends(&mut self) {
        let flows: BTreeMap<&str, &DraftFlow> =
            self.draft.flows.iter().map(|flow| (flow.id.as_str(), flow)).collect();
        for (node, leaves, id, line) in &self.ends {
            let word = if *leaves { "outgoing" } else { "incoming" };
            let shown = crate::excerpt(id);
            let message = match flows.get(id) {
                None => format!("{word} names the flow {shown}, which does not exist"),
                Some(flow) if (if *leaves { &flow.source } else { &flow.target }) != node => {
                    format!("{word} names the flow {shown}, which says otherwise; correct one")
                }
                Some(_) => continue,
            };
            self.flaws.add("dangling-reference", node, *line, message);
        }
    }

    /// The flows that leave a node are tried in the order in which it lists them (§13.4.2); those that
    /// it does not list come after, in the order of the text.
    fn order(&mut self) {
        let mut listed: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (node, _, id, _) in self.ends.iter().filter(|(_, leaves, ..)| *leaves) {
            let rank = listed.len();
            listed.entry((node, id)).or_insert(rank);
        }
        let rank = |flow: &DraftFlow| {
            let rank = listed.get(&(flow.source.as_str(), flow.id.as_str()));
            rank.copied().unwrap_or(usize::MAX)
        };
        let mut leaving: BTreeMap<String, VecDeque<DraftFlow>> = BTreeMap::new();
        let flows = std::mem::take(&mut self.draft.flows);
        let sources: Vec<String> = flows.iter().map(|flow| flow.source.clone()).collect();
        for flow in flows {
            leaving.entry(flow.source.clone()).or_default().push_back(flow);
        }
        for flows in leaving.values_mut() {
            flows.make_contiguous().sort_by_key(rank);
        }
        let next = |source| leaving.get_mut(source)?.pop_front();
        self.draft.flows = sources.iter().filter_map(next).collect();
    }

    fn compare_lanes(&mut self) {
        let nodes: BTreeSet<&str> = self.draft.nodes.iter().map(|node| node.id.as_str()).collect();
        let data = &self.data;
        let known = |id: &str| nodes.contains(id) || data.contains_key(id);
        for reference in self.placed.iter().filter(|reference| !known(reference.words())) {
            let message = format!(
                "a lane names {}, but there is no such node",
                crate::excerpt(reference.words())
            );
            reference.tell(self.flaws, "dangling-reference", message);
        }
    }

    /// Associations with compensation boundary events say what undoes; the others only describe.
    fn associate(&mut self) {
        let undone = |node: &&DraftNode| {
            let DraftKind::Boundary { event: Event { definitions, .. }, .. } = &node.kind else {
                return false;
            };
            definitions.iter().any(|one| matches!(one, EventDefinition::Compensation(_)))
        };
        let all = self.draft.nodes.iter();
        let events: BTreeSet<&str> =
            all.clone().filter(undone).map(|node| node.id.as_str()).collect();
        let nodes: BTreeSet<&str> = all.map(|node| node.id.as_str()).collect();
        let notes: BTreeSet<&str> =
            self.draft.further_ids.iter().map(|(id, _)| id.as_str()).collect();
        for element in &self.associations {
            let ends = (element.given("sourceRef"), element.given("targetRef"));
            let (source, target) = match ends {
                (Some(source), Some(target)) if events.contains(source) => (source, target),
                (Some(source), Some(target)) if events.contains(target) => (target, source),
                _ => continue,
            };
            if !nodes.contains(target) && !notes.contains(target) {
                let target = crate::excerpt(target);
                let message = format!("the association joins {target}, which does not exist");
                element.tell(self.flaws, "dangling-reference", message);
            } else if !notes.contains(target) {
                let (source, target) = (source.to_owned(), target.to_owned());
                let association = DraftAssociation { source, target, line: element.line };
                self.draft.associations.push(association);
            }
        }
    }
}
