//! Rules about variables that are set on the way: where a path comes, goes on, or takes a flow.

use super::outline::{Outline, instantiates, is_event_sub_process, link};
use super::parameters::variable;
use crate::Template;
use crate::draft::{DraftKind, Flaws};
use crate::process::Sets;

const RULE: &str = "set-place";

pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) {
    for (position, node) in outline.nodes() {
        values(&node.id, node.line, &node.enter, flaws);
        values(&node.id, node.line, &node.leave, flaws);
        let enters = if node.enter.is_empty() { None } else { comes(outline, position) };
        let leaves = if node.leave.is_empty() { None } else { goes(outline, position) };
        for message in enters.into_iter().chain(leaves).filter(|_| !node.refused) {
            flaws.add(RULE, &node.id, node.line, message);
        }
    }
    for flow in &outline.draft.flows {
        values(&flow.id, flow.line, &flow.sets, flaws);
        let source = outline.find(&flow.source).map(|at| &outline.node(at).kind);
        if !flow.sets.is_empty() && matches!(source, Some(DraftKind::EventBased(_))) {
            let message = "the event behind an event gateway has happened when the path goes on; \
                           set variables where it leaves the event";
            flaws.add(RULE, &flow.id, flow.line, message);
        }
    }
}

/// Why nothing can be set when a path comes to a node.
fn comes(outline: &Outline<'_>, position: usize) -> Option<&'static str> {
    let kind = &outline.node(position).kind;
    let incoming = outline.incoming(position);
    let behind_gateway = incoming.iter().any(|flow| {
        let source = outline.find(&flow.source).map(|at| &outline.node(at).kind);
        matches!(source, Some(DraftKind::EventBased(_)))
    });
    match kind {
        DraftKind::Start(_) => Some("nothing comes to a start event; set variables when it leaves"),
        DraftKind::Parallel | DraftKind::Inclusive | DraftKind::Complex(_)
            if incoming.len() > 1 =>
        {
            Some("several paths come together here; set variables when the joined path leaves")
        }
        kind if is_event_sub_process(kind) => {
            Some("no path comes to an event sub-process; set variables when its start event leaves")
        }
        kind if behind_gateway || instantiates(kind) => {
            Some("what is awaited here comes before the path; set variables when it leaves")
        }
        _ => None,
    }
}

/// Why nothing can be set when a path goes on from a node.
fn goes(outline: &Outline<'_>, position: usize) -> Option<&'static str> {
    match &outline.node(position).kind {
        DraftKind::End(_) => {
            Some("no path goes on from an end event; set variables where it comes (enter)")
        }
        kind @ DraftKind::Throw(_) if link(kind).is_some() => {
            Some("the path goes on at the other end of the link; set variables where it comes")
        }
        DraftKind::EventBased(_) => {
            Some("the path goes on at an event; set variables when it leaves that")
        }
        DraftKind::Activity(_) => Some("what an activity sets at its end is its outputs"),
        _ => None,
    }
}

fn values(id: &str, line: u32, sets: &Sets, flaws: &mut Flaws) {
    for (name, value) in sets {
        variable(id, line, name, flaws);
        if !is_single(value) {
            let name = crate::excerpt(name);
            let message = format!(
                "{name} is set to a constant or to one expression; join texts in it with +="
            );
            flaws.add("unsupported-value", id, line, message);
        }
    }
}

fn is_single(value: &Template) -> bool {
    value.constant().is_some() || value.lone().is_some()
}
