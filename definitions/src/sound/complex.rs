//! A complex gateway that joins (BPMN 2.0.2 §10.6.5, §13.4.5): when it may be activated, and along
//! which flows paths leave it then and at its reset.

use super::elements::Elements;
use super::net::Element;
use super::translate::Ways;
use crate::expression::{Holds, Known, sure};
use crate::{ComplexGateway, Flow, Kind, Scope};
use serde_json::Value;
use std::cell::Cell;

/// What conditions ask to know the activation from the reset.
const STARTS: &str = "waitingForStart";
/// The number of paths that wait or are taken.
const COUNT: &str = "activationCount";

/// The gateway at a node, if it joins.
pub(super) fn joining<'p>(elements: &Elements<'p>, node: Element) -> Option<&'p ComplexGateway> {
    match elements.kind(node) {
        Kind::ComplexGateway(gateway)
            if elements.incoming(node).len() > usize::from(gateway.activation.is_none()) =>
        {
            Some(gateway)
        }
        _ => None,
    }
}

/// What is known of the variables that a complex gateway sets for its conditions when it joins.
pub(super) fn known(
    elements: &Elements<'_>,
    node: Element,
    name: &str,
    starts: bool,
) -> Option<Known> {
    joining(elements, node)?;
    let counts = |flow: &Element| elements.step(*flow).element == name;
    match name {
        STARTS => Some(if starts { Known::True } else { Known::False }),
        COUNT => Some(Known::NotNull),
        _ => elements.incoming(node).iter().any(counts).then_some(Known::NotNull),
    }
}

/// The flows along which paths leave at the activation.
pub(super) fn at_start(elements: &Elements<'_>, node: Element) -> Ways {
    let mut ways = Ways::default();
    for (flow, number) in flows(elements, node) {
        match &flow.condition {
            _ if flow.is_default => ways.default = Some(number),
            None => ways.always.push(number),
            Some(_) => add(elements, node, (flow, number), true, &mut ways),
        }
    }
    ways.must = true;
    ways
}

/// The flows along which paths leave at the reset, in each of the ways it may come: with paths that
/// came late, if the activation may have come before all were there, or else alone. None where no
/// path leaves at all.
pub(super) fn at_reset(
    elements: &Elements<'_>,
    node: Element,
    gateway: &ComplexGateway,
) -> Vec<Ways> {
    let (mut late, mut alone) = (Ways::default(), Ways::default());
    for (flow, number) in flows(elements, node) {
        let Some(condition) = &flow.condition else {
            late.default = late.default.or(flow.is_default.then_some(number));
            continue;
        };
        add(elements, node, (flow, number), false, &mut late);
        if condition.asks(STARTS) {
            add(elements, node, (flow, number), false, &mut alone);
        }
    }
    let several = elements.incoming(node).len();
    let may_be_late = enough(gateway, several) < several;
    let all: Vec<Ways> = may_be_late.then_some(late).into_iter().chain([alone]).collect();
    if all.iter().all(Ways::is_empty) { Vec::new() } else { all }
}

/// Which of the flows into a gateway a path may come along again that has left it.
pub(super) fn come_again(elements: &Elements<'_>, node: Element) -> Vec<Element> {
    let after: Vec<Element> =
        at_start(elements, node).all().map(|flow| elements.target(flow)).collect();
    let again = |flow: &Element| {
        let from = elements.source(*flow);
        from == node || elements.leads(after.clone(), Some(node), |next| next == from)
    };
    elements.incoming(node).iter().copied().filter(again).collect()
}

fn flows<'p>(
    elements: &Elements<'p>,
    node: Element,
) -> impl Iterator<Item = (&'p Flow, Element)> + use<'p> {
    let place = elements.places[node as usize];
    elements.process.outgoing(place).map(|(flow, _)| flow).zip(elements.outgoing(node))
}

fn add(
    elements: &Elements<'_>,
    node: Element,
    (flow, number): (&Flow, Element),
    starts: bool,
    ways: &mut Ways,
) {
    let is_sure = |holds| {
        let known = |name: &str| known(elements, node, name, starts);
        sure(holds, flow.condition.iter(), &known) == Holds::Always
    };
    if is_sure(true) {
        ways.always.push(number);
    } else if !is_sure(false) {
        ways.maybe.push(number);
    }
}

/// How many paths have to have come before the activation condition of a complex gateway may hold (§10.6.5): one more
/// than can come where it never does. What it says of anything but the number of paths may be true at any time.
pub(super) fn enough(gateway: &ComplexGateway, flows: usize) -> usize {
    let Some(condition) = &gateway.activation else { return 1 };
    let may_hold = |count: usize| {
        let known = Counted { count: count.into(), starts: true.into(), other: Cell::new(false) };
        condition.evaluate_condition(&known).unwrap_or(false) || known.other.get()
    };
    (1..=flows).find(|count| may_hold(*count)).unwrap_or(flows + 1)
}

/// All that is known of what an activation condition sees.
struct Counted {
    count: Value,
    starts: Value,
    /// Whether it asked for something else.
    other: Cell<bool>,
}

impl Scope for Counted {
    fn variable(&self, name: &str) -> Option<&Value> {
        match name {
            COUNT => Some(&self.count),
            STARTS => Some(&self.starts),
            _ => {
                self.other.set(true);
                None
            }
        }
    }

    fn local(&self, name: &str) -> Option<&Value> {
        self.variable(name)
    }
}
