//! The check: from a draft to a process, or to everything that is wrong with it.

mod flows;
mod identifiers;
mod nodes;
mod parameters;
mod reach;
mod suggest;

pub(crate) use suggest::did_you_mean;

use crate::catalog::Catalog;
use crate::draft::{Draft, Flaws};
use crate::process::{Assembly, Place, Process};
use std::collections::BTreeMap;

/// Checks a draft by all rules and puts the process together when there is no flaw.
pub(crate) fn check(draft: &Draft, catalog: &Catalog, flaws: &mut Flaws) -> Option<Process> {
    identifiers::check(draft, flaws);
    let kinds = nodes::check(draft, catalog, flaws);
    let flows = flows::check(draft, flaws);
    reach::check(draft, flaws);
    if !flaws.is_empty() {
        return None;
    }
    let mut assembly = Assembly::new(draft.heading.clone());
    let ids = draft.nodes.iter().map(|node| node.id.as_str());
    let places: BTreeMap<&str, Place> = ids.zip((0..).map(Place::at)).collect();
    for (node, kind) in draft.nodes.iter().zip(kinds) {
        let parent = node.parent.as_deref().and_then(|parent| places.get(parent).copied());
        assembly.add_node(node, parent, kind?.into_kind(&places)?);
    }
    for flow in flows {
        let flow = flow?;
        let (from, to) = (places.get(&*flow.source)?, places.get(&*flow.target)?);
        assembly.add_flow(*from, *to, flow.flow);
    }
    Some(assembly.finish(draft.variables.clone()))
}
