//! Choices without a way out: all conditions may be false, and there is no other flow.

use super::complex;
use super::elements::Elements;
use super::net::Element;
use crate::expression::{Holds, Known, sure};
use std::collections::BTreeSet;

/// What is wrong with the flows that leave a node, and what to do about it, if a path may find none
/// of them open.
pub(super) fn without_way_out(
    elements: &Elements<'_>,
    never_null: &BTreeSet<&str>,
    node: Element,
) -> Option<&'static str> {
    let flows = || elements.process.outgoing(elements.places[node as usize]).map(|(flow, _)| flow);
    if flows().next().is_none() || flows().any(|flow| flow.condition.is_none()) {
        return None;
    }
    let conditions = flows().filter_map(|flow| flow.condition.as_ref());
    let known = |name: &str| {
        let of_gateway = complex::known(elements, node, name, true);
        of_gateway.or_else(|| never_null.contains(name).then_some(Known::NotNull))
    };
    match sure(true, conditions, &known) {
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
