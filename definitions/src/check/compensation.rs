//! Rules about compensation: which activity undoes which, and what can be undone.

use super::outline::{
    Holder, Outline, activity, compensates, is_compensation_boundary, is_event_sub_process, undoes,
};
use crate::EventDefinition;
use crate::draft::{DraftKind, DraftNode, Flaws};

/// Checks compensation; gives for each node the one that undoes it.
pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) -> Vec<Option<usize>> {
    let mut undone_by = vec![None; outline.draft.nodes.len()];
    let mut used = vec![false; undone_by.len()];
    let joined = joined(outline);
    for (source, target, _) in &outline.associations {
        used[*source] |= may_undo(outline.node(*target));
        used[*target] |= may_undo(outline.node(*source));
    }
    for (position, node) in outline.nodes() {
        let DraftKind::Boundary { host, .. } = &node.kind else { continue };
        if !is_compensation_boundary(&node.kind) || node.refused {
            continue;
        }
        if let Some(other) = association(node, position, &joined[position], outline, flaws)
            && let Some(host) = outline.find(host)
        {
            undone_by[host].get_or_insert(other);
        }
    }
    for (position, node) in outline.nodes() {
        if undoes(&node.kind) && !node.refused {
            undoing(outline, position, used[position], flaws);
        }
    }
    let undoable = undoable(outline, &undone_by);
    for (position, node) in outline.nodes() {
        let (DraftKind::Throw(event) | DraftKind::End(event)) = &node.kind else { continue };
        for definition in &event.definitions {
            if let EventDefinition::Compensation(compensation) = definition
                && let Some(activity) = &compensation.activity
                && !node.refused
            {
                thrown(outline, position, activity.as_str(), &undoable, flaws);
            }
        }
    }
    undone_by
}

/// Whether an event says what undoes its activity, or might have if it had been understood.
fn may_undo(node: &DraftNode) -> bool {
    let refused = node.refused || matches!(node.kind, DraftKind::Refused);
    refused || is_compensation_boundary(&node.kind)
}

/// For each compensation boundary event the nodes that associations join it to, with their lines.
fn joined(outline: &Outline<'_>) -> Vec<Vec<(usize, u32)>> {
    let mut joined = vec![Vec::new(); outline.draft.nodes.len()];
    for (source, target, association) in &outline.associations {
        if is_compensation_boundary(&outline.node(*source).kind) {
            joined[*source].push((*target, association.line));
        } else if is_compensation_boundary(&outline.node(*target).kind) {
            joined[*target].push((*source, association.line));
        }
    }
    joined
}

/// A compensation boundary event is joined to one activity that undoes, beside it.
fn association(
    node: &DraftNode,
    position: usize,
    joined: &[(usize, u32)],
    outline: &Outline<'_>,
    flaws: &mut Flaws,
) -> Option<usize> {
    let mut add = |line: u32, message: String| {
        flaws.add("compensation-association", &node.id, line, message);
    };
    let (other, line) = match joined {
        [only] => *only,
        [] => {
            let message = "nothing says what undoes the activity; join the event by an \
                           association to the activity that does";
            add(node.line, message.into());
            return None;
        }
        [_, (further, line), ..] => {
            let further = crate::excerpt(&outline.node(*further).id);
            let message = format!("one activity undoes; take the association with {further} away");
            add(*line, message);
            return None;
        }
    };
    let target = outline.node(other);
    let id = crate::excerpt(&target.id);
    if matches!(target.kind, DraftKind::Refused) {
        return None;
    }
    if activity(&target.kind).is_none() || is_event_sub_process(&target.kind) {
        add(line, format!("{id} is no activity; join the event to the one that undoes"));
    } else if !undoes(&target.kind) {
        add(line, format!("{id} is not there to undo; mark it as being for compensation"));
    } else if !outline.beside(position, other) {
        add(line, format!("{id} is in another sub-process; put it beside the event"));
    } else {
        return Some(other);
    }
    None
}

/// An activity that undoes is joined to an event, and has no events on itself.
fn undoing(outline: &Outline<'_>, position: usize, used: bool, flaws: &mut Flaws) {
    let node = outline.node(position);
    if is_event_sub_process(&node.kind) {
        let message = "an event sub-process undoes when its start event is compensation; do not \
                       mark it as being for compensation";
        return flaws.add("compensation-activity", &node.id, node.line, message);
    }
    if !used {
        let message = "nothing is undone by this activity; join a compensation boundary event to \
                       it by an association";
        flaws.add("compensation-activity", &node.id, node.line, message);
    }
    for event in outline.boundaries(position) {
        let event = outline.node(*event);
        let message = "an activity that undoes another has no boundary events; take this one away";
        flaws.add("compensation-activity", &event.id, event.line, message);
    }
}

/// For each node whether it can be undone: something undoes it, or something in it.
fn undoable(outline: &Outline<'_>, undone_by: &[Option<usize>]) -> Vec<bool> {
    let mut undoable: Vec<bool> = undone_by.iter().map(Option::is_some).collect();
    for (position, node) in outline.nodes() {
        let starts = matches!(&node.kind, DraftKind::Start(start) if compensates(&start.event));
        if !(starts || undone_by[position].is_some()) {
            continue;
        }
        // The start event of a compensation event sub-process undoes what is around that.
        let mut around = outline.parent(position);
        if starts {
            around = around.and_then(|at| outline.parent(at));
        }
        for holder in outline.around(around).flatten() {
            if std::mem::replace(&mut undoable[holder], true) {
                break;
            }
        }
    }
    undoable
}

/// What is undone by name is an activity in the scope of the event that can be undone.
fn thrown(
    outline: &Outline<'_>,
    position: usize,
    wanted: &str,
    undoable: &[bool],
    flaws: &mut Flaws,
) {
    let node = outline.node(position);
    let shown = crate::excerpt(wanted);
    let message = match outline.find(wanted) {
        None => {
            let hint = flaws.hint(wanted, outline.ids());
            format!("there is no activity {shown} to undo{hint}")
        }
        Some(at) if matches!(outline.node(at).kind, DraftKind::Refused) => return,
        Some(at) if outline.node(at).refused => return,
        Some(at) if activity(&outline.node(at).kind).is_none() => {
            format!("{shown} is no activity; name one, or none to undo all of the scope")
        }
        Some(at) if !visible(outline, position, outline.parent(at)) => {
            format!("{shown} is in another scope; throw compensation from within that scope")
        }
        Some(at) if !undoable[at] => {
            format!("nothing undoes {shown}; put a compensation boundary event on it")
        }
        Some(_) => return,
    };
    flaws.add("compensation-target", &node.id, node.line, message);
}

/// Whether an event sees the activities that something holds: its own scope, and from an event
/// sub-process the one around that.
fn visible(outline: &Outline<'_>, position: usize, wanted: Holder) -> bool {
    for holder in outline.around(outline.parent(position)) {
        if holder == wanted {
            return true;
        }
        if !holder.is_some_and(|at| is_event_sub_process(&outline.node(at).kind)) {
            return false;
        }
    }
    false
}
