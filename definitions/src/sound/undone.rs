//! What undoes an activity and is never asked to: no compensation is thrown where it is seen, and no
//! transaction around it is cancelled. Compensation does not pass into called instances.

use super::elements::Elements;
use super::net::Element;
use crate::{EventDefinition, Kind};

/// The activity that undoes this one, if nothing ever asks for it.
pub(super) fn never(elements: &Elements<'_>, node: Element) -> Option<Element> {
    let undoes = elements.number(elements.kind(node).activity()?.undone_by?);
    let asked = elements.nodes().any(|thrown| match elements.kind(thrown) {
        Kind::ThrowEvent(event) | Kind::EndEvent(event) => {
            event.definitions.iter().any(|one| asks(elements, thrown, one, node))
        }
        _ => false,
    });
    (!asked).then_some(undoes)
}

/// Whether an event asks for an activity to be undone, if it was done.
fn asks(
    elements: &Elements<'_>,
    thrown: Element,
    definition: &EventDefinition,
    node: Element,
) -> bool {
    // The activity, and the sub-processes around it.
    let around = || std::iter::successors(Some(node), |inner| elements.parent(*inner));
    match definition {
        EventDefinition::Compensation(compensation) => match &compensation.activity {
            Some(id) => around().any(|one| elements.step(one).element == id.as_str()),
            None => {
                let mut scope = elements.parent(thrown);
                loop {
                    if around().any(|one| elements.parent(one) == scope) {
                        return true;
                    }
                    // In an event sub-process what is around it is undone.
                    match scope {
                        Some(own) if is_event_sub_process(elements, own) => {
                            scope = elements.parent(own);
                        }
                        _ => return false,
                    }
                }
            }
        },
        EventDefinition::Cancel => {
            around().any(|one| elements.parent(one) == elements.parent(thrown))
        }
        _ => false,
    }
}

fn is_event_sub_process(elements: &Elements<'_>, node: Element) -> bool {
    elements.kind(node).activity().is_some_and(|activity| activity.is_event_sub_process())
}
