//! Choices without a way out: all conditions may be false, and there is no other flow.

use super::elements::Elements;
use super::net::Element;
use crate::expression::{Holds, Known, one_of};
use crate::{Flow, Kind};

/// What is wrong with the flows that leave a node, and what to do about it, if a path may find none
/// of them open.
pub(super) fn without_way_out(elements: &Elements<'_>, node: Element) -> Option<&'static str> {
    let flows = || elements.process.outgoing(elements.places[node as usize]).map(|(flow, _)| flow);
    if flows().next().is_none() || flows().any(|flow| flow.condition.is_none()) {
        return None;
    }
    match one_of(flows().filter_map(|flow: &Flow| flow.condition.as_ref()), &|name| {
        known(elements, node, name)
    }) {
        Holds::Always => None,
        Holds::UnlessNull => Some(
            "none of its conditions is true where one of the values that they compare is null, for \
             nothing is below or above null: the journey would stop there with an incident; make \
             one of its flows the default, or ask for null first",
        ),
        Holds::Perhaps => Some(
            "it may be that none of its conditions is true: the journey would stop there with an \
             incident; add a default flow, or let one of its conditions be true whenever all \
             others are false",
        ),
    }
}

/// What is known of the variables that a complex gateway sets when it joins (§10.6.5).
fn known(elements: &Elements<'_>, node: Element, name: &str) -> Option<Known> {
    match elements.kind(node) {
        Kind::ComplexGateway(gateway) if gateway.activation.is_some() => {}
        _ => return None,
    }
    if elements.incoming(node).len() < 2 {
        return None;
    }
    let counts = |flow: &Element| elements.step(*flow).element == name;
    match name {
        "waitingForStart" => Some(Known::True),
        "activationCount" => Some(Known::Number),
        _ => elements.incoming(node).iter().any(counts).then_some(Known::Number),
    }
}
