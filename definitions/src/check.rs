//! The check: from a draft to a process, or to everything that is wrong with it.

mod activities;
mod catches;
mod compensation;
mod events;
mod flows;
mod gateways;
mod identifiers;
mod nodes;
mod outline;
mod parameters;
mod raised;
mod reach;
mod scopes;
mod sets;
mod suggest;

pub(crate) use suggest::did_you_mean;

use crate::Kind;
use crate::catalog::Catalog;
use crate::draft::{Draft, Flaws};
use crate::process::{Assembly, Place, Process};
use outline::Outline;

/// Checks a draft by all rules and puts the process together when there is no flaw.
pub(crate) fn check(draft: &Draft, catalog: &Catalog, flaws: &mut Flaws) -> Option<Process> {
    let outline = Outline::of(draft);
    identifiers::check(draft, flaws);
    scopes::check(&outline, flaws);
    let kinds = nodes::check(&outline, catalog, flaws);
    events::check(&outline, flaws);
    activities::check(&outline, flaws);
    gateways::check(&outline, flaws);
    sets::check(&outline, flaws);
    catches::check(&outline, flaws);
    raised::check(&outline, catalog, flaws);
    let undone_by = compensation::check(&outline, flaws);
    let flows = flows::check(&outline, flaws);
    reach::check(&outline, flaws);
    if !flaws.is_empty() {
        return None;
    }
    let mut assembly = Assembly::new(draft.heading.clone());
    for ((position, node), kind) in outline.nodes().zip(kinds) {
        let mut kind = kind?;
        if let Kind::Activity(activity) = &mut kind {
            activity.undone_by = undone_by[position].map(Place::at);
        }
        assembly.add_node(node, outline.parent(position).map(Place::at), kind);
    }
    for flow in flows {
        let flow = flow?;
        assembly.add_flow(Place::at(flow.source), Place::at(flow.target), flow.flow);
    }
    Some(assembly.finish(draft.variables.clone()))
}
