//! Conditional event (BPMN 2.0.2 §10.5.5): happens when its condition becomes true.
//!
//! Conditions are asked when they are armed and whenever a variable has been written. One that has
//! no value, for want of a variable say, does not hold.

use definitions::{EventDefinition, Kind};

use super::{activity, trigger};
use crate::effort::LOOK;
use crate::walk::Walk;
use crate::{CatchId, Event};

/// Asks all conditions that are awaited, the oldest first; those that have become true happen.
pub(crate) fn ask(walk: &mut Walk<'_>) {
    let conditions = walk.instance.conditions();
    ask_each(walk, conditions);
}

/// Asks conditions that have just been armed; no variable was written since the others were asked.
pub(crate) fn ask_new(walk: &mut Walk<'_>, new: Vec<CatchId>) {
    ask_each(walk, new.into_iter().map(|catch| (catch, false)).collect());
}

fn ask_each(walk: &mut Walk<'_>, conditions: Vec<(CatchId, bool)>) {
    for (catch, held) in conditions {
        let Some(holds) = holds(walk, catch) else { continue };
        if holds == held {
            continue;
        }
        if let Some(node) = walk.instance.catch(catch).map(|catch| catch.node.clone()) {
            walk.record(Event::Turned { catch, node, held: holds });
        }
        if holds {
            trigger::caught(walk, catch, Default::default());
        }
    }
}

fn holds(walk: &Walk<'_>, catch: CatchId) -> Option<bool> {
    walk.effort.spend(LOOK);
    let catch = walk.instance.catch(catch)?;
    let event = match &walk.process.node(walk.process.place(&catch.node)?).kind {
        Kind::StartEvent(start) => &start.event,
        Kind::CatchEvent(event) => event,
        Kind::Boundary(boundary) => &boundary.event,
        _ => return None,
    };
    let EventDefinition::Conditional { condition } =
        event.definitions.get(usize::from(catch.definition))?
    else {
        return None;
    };
    let view = match catch.owner.path {
        Some(path) => activity::within(walk, path),
        None => walk.view(catch.owner.scope),
    };
    Some(condition.evaluate_condition(&view).unwrap_or(false))
}
