//! Conditional event (BPMN 2.0.2 §10.5.5): happens when its condition becomes true.
//!
//! Conditions are asked when they are armed and whenever a variable has been written; one that names
//! a variable or a change is asked after those alone. One that has no value, for want of a variable
//! say, does not hold.

use std::borrow::Cow;
use std::collections::BTreeSet;

use definitions::{Change, Condition, EventDefinition, Kind, NodeId, Process};
use serde_json::Map;

use super::{activity, trigger};
use crate::catch::Owner;
use crate::effort::LOOK;
use crate::view::View;
use crate::walk::{Visit, Walk};
use crate::{CatchId, Event, Instance, Write};

/// What was written since conditions were last asked.
#[derive(Default)]
pub(crate) struct Written {
    /// Whether anything was written.
    pub(crate) any: bool,
    /// Whether it is not known what, so that every condition is asked.
    pub(crate) unknown: bool,
    /// The variables that were, whether each was there before, and whose it is if that is known;
    /// noted where conditions are awaited.
    pub(crate) variables: BTreeSet<(String, bool, Option<Owner>)>,
}

impl Written {
    /// Notes what is about to be written, where a condition may ask for it.
    pub(crate) fn note(
        &mut self,
        instance: &Instance,
        writes: &[Write],
        owner: impl Fn(&str) -> Owner,
    ) {
        self.any = true;
        if !instance.conditions.is_empty() {
            let names = writes.iter().filter_map(|write| write.at.first());
            self.variables.extend(names.map(|name| {
                let owner = owner(name);
                let was_there = instance.variables_of(owner).contains_key(name);
                (name.clone(), was_there, Some(owner))
            }));
        }
    }

    /// Whether there is anything to ask for.
    pub(crate) fn is_any(&self) -> bool {
        self.any || self.unknown
    }

    /// Whether a condition is to be asked; `seen` says whose the variable of a name is that it sees.
    fn concerns(&self, condition: &Condition, seen: impl Fn(&str) -> Owner) -> bool {
        let any = condition.variable.is_none() && condition.change == Change::Any;
        let mut variables = self.variables.iter();
        let mut concerned = || {
            variables.any(|(name, was_there, owner)| {
                condition.concerns(name, *was_there)
                    && owner.is_none_or(|owner| owner == seen(name))
            })
        };
        self.unknown || any || concerned()
    }
}

/// Asks the conditions that are awaited and that what was written concerns, and those that have just
/// been armed, the oldest first; those that have become true happen.
pub(crate) fn ask(walk: &mut Walk<'_>, written: &Written, new: &[CatchId]) {
    for (catch, held) in walk.instance.conditions() {
        ask_one(walk, catch, held, |walk, owner, condition| {
            let instance = &*walk.instance;
            new.contains(&catch)
                || written.concerns(condition, |name| instance.seen_of(owner, name))
        });
    }
}

/// Asks conditions that have just been armed; no variable was written since the others were asked.
pub(crate) fn ask_new(walk: &mut Walk<'_>, new: Vec<CatchId>) {
    for catch in new {
        ask_one(walk, catch, false, |_, _, _| true);
    }
}

fn ask_one(
    walk: &mut Walk<'_>,
    catch: CatchId,
    held: bool,
    concerned: impl Fn(&Walk<'_>, Owner, &Condition) -> bool,
) {
    let Some(holds) = holds(walk, catch, concerned) else { return };
    if holds == held {
        return;
    }
    if let Some(node) = walk.instance.catch(catch).map(|catch| catch.node.clone()) {
        walk.record(Event::Turned { catch, node, held: holds });
    }
    if holds {
        trigger::caught(walk, catch, Default::default());
    }
}

/// The condition that a node has in this place among what it awaits.
pub(crate) fn of<'a>(process: &'a Process, node: &NodeId, at: u16) -> Option<&'a Condition> {
    let event = match &process.node(process.place(node)?).kind {
        Kind::StartEvent(start) => &start.event,
        Kind::CatchEvent(event) => event,
        Kind::Boundary(boundary) => &boundary.event,
        _ => return None,
    };
    match event.definitions.get(usize::from(at))? {
        EventDefinition::Conditional(condition) => Some(condition),
        _ => None,
    }
}

/// Whether a condition holds; nothing when it is not asked.
fn holds(
    walk: &Walk<'_>,
    catch: CatchId,
    concerned: impl Fn(&Walk<'_>, Owner, &Condition) -> bool,
) -> Option<bool> {
    walk.effort.spend(LOOK);
    let catch = walk.instance.catch(catch)?;
    let (process, place) = (walk.process, walk.process.place(&catch.node)?);
    let one = of(process, &catch.node, catch.definition)?;
    if !concerned(walk, catch.owner, one) {
        return None;
    }
    let own;
    let view = match catch.owner.path.and_then(|path| walk.visit(path)) {
        // Behind an event gateway: no path is at the event yet.
        Some(visit) if matches!(visit.node.kind, Kind::EventGateway(_)) => {
            let event = Visit { place, node: process.node(place), ..visit };
            let Ok(declared) = walk.declared(event, Map::new()) else { return Some(false) };
            own = Cow::Owned(declared);
            View { own: Some(&own), ..walk.view(visit.scope) }
        }
        Some(visit) => {
            own = walk.own_or_declared(visit);
            View { own: Some(&own), ..activity::within(walk, visit.path) }
        }
        None => walk.view(catch.owner.scope),
    };
    Some(one.condition.evaluate_condition(&view).unwrap_or(false))
}
