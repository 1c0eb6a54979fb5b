//! What can leave an activity besides a path: errors, escalations, the cancellation of a transaction.

use super::elements::Elements;
use super::net::Element;
use crate::{Boundary, Catalog, Event, EventDefinition, Kind, SubProcessKind, Work};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What can leave an activity or be thrown in a scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Thrown {
    errors: BTreeSet<Option<Arc<str>>>,
    escalations: BTreeSet<Option<Arc<str>>>,
    cancels: bool,
}

impl Thrown {
    fn add(&mut self, other: Thrown) {
        self.errors.extend(other.errors);
        self.escalations.extend(other.escalations);
        self.cancels |= other.cancels;
    }

    fn of_event(event: &Event) -> Thrown {
        let mut thrown = Thrown::default();
        for definition in &event.definitions {
            match definition {
                EventDefinition::Error(error) => drop(thrown.errors.insert(error.code.clone())),
                EventDefinition::Escalation(escalation) => {
                    thrown.escalations.insert(escalation.code.clone());
                }
                EventDefinition::Cancel => thrown.cancels = true,
                _ => {}
            }
        }
        thrown
    }

    /// Whether an event that catches can happen by what is thrown.
    fn triggers(&self, event: &Event) -> bool {
        // `None` among what is thrown stands for any code.
        let fits = |thrown: &BTreeSet<Option<Arc<str>>>, code: &Option<Arc<str>>| match code {
            None => !thrown.is_empty(),
            Some(_) => thrown.contains(code) || thrown.contains(&None),
        };
        let happens = |definition: &EventDefinition| match definition {
            EventDefinition::Error(error) => fits(&self.errors, &error.code),
            EventDefinition::Escalation(escalation) => fits(&self.escalations, &escalation.code),
            EventDefinition::Cancel => self.cancels,
            _ => true,
        };
        match event.parallel_multiple {
            true => event.definitions.iter().all(happens),
            false => event.definitions.is_empty() || event.definitions.iter().any(happens),
        }
    }

    /// What is left when an event catches what it can.
    fn caught_by(&mut self, event: &Event) {
        for definition in &event.definitions {
            let (thrown, code) = match definition {
                EventDefinition::Error(error) => (&mut self.errors, &error.code),
                EventDefinition::Escalation(escalation) => {
                    (&mut self.escalations, &escalation.code)
                }
                EventDefinition::Cancel => {
                    self.cancels = false;
                    continue;
                }
                _ => continue,
            };
            match code {
                None => thrown.clear(),
                Some(_) => drop(thrown.remove(code)),
            }
        }
    }
}

/// What is thrown in a sub-process, and who catches it there.
#[derive(Clone, Default)]
struct Inside<'p> {
    /// What is thrown beside its event sub-processes.
    own: Thrown,
    /// What each event sub-process throws itself.
    by_handlers: Vec<(Element, Thrown)>,
    /// What each event sub-process catches.
    caught: Vec<(Element, &'p Event)>,
}

impl Inside<'_> {
    /// What none of its event sub-processes catches. None catches what it throws itself, nor what
    /// is thrown by one that has ended all else.
    fn leaving(&self, elements: &Elements<'_>) -> Thrown {
        let mut leaving = self.own.clone();
        for (_, event) in &self.caught {
            leaving.caught_by(event);
        }
        for (handler, thrown) in &self.by_handlers {
            let mut thrown = thrown.clone();
            if !elements.interrupts(*handler) {
                for (_, event) in self.caught.iter().filter(|(other, _)| other != handler) {
                    thrown.caught_by(event);
                }
            }
            leaving.add(thrown);
        }
        leaving
    }
}

/// What is thrown where.
#[derive(Debug)]
pub(super) struct Throws {
    /// What each activity throws, before its boundary events catch it.
    by_node: Vec<Thrown>,
    /// What is thrown in each sub-process, before its event sub-processes catch it.
    inside: Vec<Thrown>,
    /// What is thrown in the process.
    at_root: Thrown,
}

impl Throws {
    pub(super) fn of(elements: &Elements<'_>, catalog: &Catalog) -> Throws {
        let count = elements.places.len();
        let mut inside = vec![Thrown::default(); count];
        let mut by_node = vec![Thrown::default(); count];
        let mut scopes = vec![Inside::default(); count];
        let mut at_root = Thrown::default();
        // What is in a sub-process comes after it.
        for node in elements.nodes().rev() {
            let number = node as usize;
            let mut thrown = Thrown::default();
            match elements.kind(node) {
                Kind::ThrowEvent(event) | Kind::EndEvent(event) => thrown = Thrown::of_event(event),
                Kind::Activity(activity) => {
                    match &activity.work {
                        Work::Task(task) => {
                            let codes = catalog.find(&task.activity).map(|shape| &shape.errors);
                            let codes = codes.into_iter().flatten();
                            thrown.errors = codes.map(|code| Some(code.as_str().into())).collect();
                            let by_condition = task.raises.iter();
                            thrown
                                .errors
                                .extend(by_condition.map(|raise| raise.error.code.clone()));
                        }
                        Work::Call(_) => {
                            thrown.errors.insert(None);
                            thrown.escalations.insert(None);
                        }
                        Work::SubProcess(sub_process) => {
                            thrown = scopes[number].leaving(elements);
                            // Only a transaction hands a cancellation to its boundary.
                            let ends = matches!(sub_process.kind, SubProcessKind::Transaction);
                            thrown.cancels &= ends;
                        }
                        _ => {}
                    }
                    by_node[number] = thrown.clone();
                    thrown.cancels = false;
                    for place in &activity.boundaries {
                        if let Kind::Boundary(boundary) = elements.kind(elements.number(*place)) {
                            thrown.caught_by(&boundary.event);
                        }
                    }
                }
                Kind::StartEvent(start) => {
                    // The start of an event sub-process catches in the scope around it.
                    if let Some(own) = elements.parent(node)
                        && let Some(around) = elements.parent(own)
                    {
                        scopes[around as usize].caught.push((own, &start.event));
                    }
                }
                _ => {}
            }
            match elements.parent(node) {
                Some(parent) => {
                    let activity = elements.kind(node).activity();
                    let around = &mut scopes[parent as usize];
                    match activity.is_some_and(|one| one.is_event_sub_process()) {
                        true => around.by_handlers.push((node, thrown.clone())),
                        false => around.own.add(thrown.clone()),
                    }
                    inside[parent as usize].add(thrown);
                }
                None => at_root.add(thrown),
            }
        }
        Throws { by_node, inside, at_root }
    }

    /// Whether a boundary event can happen.
    pub(super) fn can_happen(&self, elements: &Elements<'_>, boundary: &Boundary) -> bool {
        let host = elements.number(boundary.host);
        let scope = elements.kind(host).activity().is_some_and(|one| one.sub_process().is_some());
        !scope || self.by_node[host as usize].triggers(&boundary.event)
    }

    /// Whether an event sub-process with this start event can begin in a scope.
    pub(super) fn can_begin(&self, scope: Option<Element>, event: &Event) -> bool {
        let thrown = scope.map_or(&self.at_root, |scope| &self.inside[scope as usize]);
        thrown.triggers(event)
    }
}
