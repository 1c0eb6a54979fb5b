//! What ends a wait in time: a timer on it or around it, or one beside it whose path surely ends it.

use super::elements::Elements;
use super::net::Element;
use super::translate::beginnings;
use super::waits::waits;
use crate::{Boundary, Catalog, Event, EventDefinition, Kind};
use std::collections::BTreeMap;

/// The time limits of a wait at a node.
#[derive(Clone, Copy)]
pub(super) struct Limits<'l, 'p> {
    pub(super) elements: &'l Elements<'p>,
    pub(super) catalog: &'l Catalog,
    pub(super) node: Element,
}

impl<'p> Limits<'_, 'p> {
    /// Whether one of them surely ends the wait.
    pub(super) fn are_there(self) -> bool {
        let mut inner = self.node;
        loop {
            let scope = self.elements.parent(inner);
            // An interrupting event sub-process has ended all that is beside it.
            let alone = self.is_handler(inner) && self.elements.interrupts(inner);
            let beside = || self.around(scope, inner) || self.beside(scope, inner);
            if self.on(inner) || (!alone && beside()) {
                return true;
            }
            match scope {
                Some(scope) => inner = scope,
                None => return false,
            }
        }
    }

    fn is_handler(self, node: Element) -> bool {
        let activity = self.elements.kind(node).activity();
        activity.is_some_and(|activity| activity.is_event_sub_process())
    }

    fn boundaries(self, node: Element) -> Vec<(Element, &'p Boundary)> {
        let places = self.elements.kind(node).activity().map_or(&[][..], |one| &one.boundaries);
        let numbers = places.iter().map(|place| self.elements.number(*place));
        let boundary = |number: Element| match self.elements.kind(number) {
            Kind::Boundary(boundary) => Some((number, boundary)),
            _ => None,
        };
        numbers.filter_map(boundary).collect()
    }

    /// A timer on the boundary; a reminder alone ends nothing.
    fn on(self, inner: Element) -> bool {
        self.boundaries(inner).into_iter().any(|(number, boundary)| {
            timed(&boundary.event) && (boundary.interrupting || self.surely_ends(number))
        })
    }

    /// Another event sub-process, which a timer starts.
    fn around(self, scope: Option<Element>, inner: Element) -> bool {
        self.starts(scope).into_iter().any(|(handler, start, event, interrupting)| {
            handler != inner && timed(event) && (interrupting || self.surely_ends(start))
        })
    }

    /// The start events of the event sub-processes of a scope, each with its event sub-process and
    /// whether it interrupts.
    fn starts(self, scope: Option<Element>) -> Vec<(Element, Element, &'p Event, bool)> {
        let process = self.elements.process;
        let contents = process.contents(scope.map(|scope| self.elements.places[scope as usize]));
        let handlers = contents.event_sub_processes.iter();
        let starts = handlers.flat_map(|handler| {
            let starts = &process.contents(Some(*handler)).starts;
            starts
                .iter()
                .map(|start| (self.elements.number(*handler), self.elements.number(*start)))
        });
        let start = |(handler, start): (Element, Element)| match self.elements.kind(start) {
            Kind::StartEvent(event) => Some((handler, start, &event.event, event.interrupting)),
            _ => None,
        };
        starts.filter_map(start).collect()
    }

    /// A timer on a path beside it.
    fn beside(self, scope: Option<Element>, inner: Element) -> bool {
        let own = || self.elements.nodes().filter(|node| self.elements.parent(*node) == scope);
        let begin = beginnings(self.elements, scope);
        let from = || begin.iter().flatten().copied();
        let timers = own().filter(|node| match self.elements.kind(*node) {
            Kind::CatchEvent(event) => timed(event),
            _ => false,
        });
        timers.filter(|timer| *timer != inner && self.surely_ends(*timer)).any(|timer| {
            let beside = |branches: &[Element]| {
                let comes = |branch: &Element| self.surely(*branch, &|node| node == timer);
                let awaits =
                    |branch: &Element| self.elements.leads([*branch], Some(timer), |n| n == inner);
                let timed = branches.iter().position(comes);
                let mut others = branches.iter().enumerate();
                timed.is_some_and(|timed| others.any(|(n, branch)| n != timed && awaits(branch)))
            };
            let splits = |split: Element| {
                // Nobody waits who has not come by it.
                let always = !self.elements.leads(from(), Some(split), |node| node == inner);
                split != inner && always && beside(&self.all_after(split))
            };
            (begin.len() == 1 && beside(&begin[0])) || own().any(splits)
        })
    }

    /// The nodes that a path goes on to, whatever the data are.
    fn all_after(self, node: Element) -> Vec<Element> {
        let plain = match self.elements.kind(node) {
            Kind::ParallelGateway => true,
            Kind::ExclusiveGateway
            | Kind::InclusiveGateway
            | Kind::ComplexGateway(_)
            | Kind::EventGateway(_) => false,
            _ => true,
        };
        let flows = self.elements.process.outgoing(self.elements.places[node as usize]);
        let flows = flows.filter(|(flow, _)| plain && flow.condition.is_none() && !flow.is_default);
        flows.map(|(_, to)| self.elements.number(to)).collect()
    }

    /// Whether a path from a node surely ends the wait.
    fn surely_ends(self, from: Element) -> bool {
        self.surely(from, &|node| self.ends(node))
    }

    /// Whether a path from a node surely comes to one that fits, whatever the data are, and without
    /// anybody's doing.
    fn surely(self, from: Element, fits: &dyn Fn(Element) -> bool) -> bool {
        self.surely_beside(from, fits, &mut BTreeMap::new())
    }

    fn surely_beside(
        self,
        node: Element,
        fits: &dyn Fn(Element) -> bool,
        known: &mut BTreeMap<Element, bool>,
    ) -> bool {
        if let Some(known) = known.get(&node) {
            return *known;
        }
        // Who comes round again goes on some time: a path without an end is another finding.
        known.insert(node, true);
        let comes = fits(node) || self.goes_on(node, fits, known);
        known.insert(node, comes);
        comes
    }

    fn goes_on(
        self,
        node: Element,
        fits: &dyn Fn(Element) -> bool,
        known: &mut BTreeMap<Element, bool>,
    ) -> bool {
        if let Some(catching) = self.elements.linked(node) {
            return self.surely_beside(catching, fits, known);
        }
        let inside = |other: Element| {
            let mut around = std::iter::successors(Some(other), |one| self.elements.parent(*one));
            around.any(|one| one == node) && waits(self.elements, self.catalog, other)
        };
        let ends_itself =
            || self.boundaries(node).iter().any(|(_, one)| one.interrupting && timed(&one.event));
        let joins = self.elements.incoming(node).len() > 1
            && matches!(self.elements.kind(node), Kind::ParallelGateway | Kind::ComplexGateway(_));
        if joins || (self.elements.nodes().any(inside) && !ends_itself()) {
            return false;
        }
        let left = self.boundaries(node).into_iter().filter(|(_, one)| one.interrupting);
        let left: Vec<Element> = left.map(|(number, _)| number).collect();
        if !left.into_iter().all(|number| self.surely_beside(number, fits, known)) {
            return false;
        }
        let sure = self.all_after(node);
        match sure.is_empty() {
            false => sure.into_iter().any(|next| self.surely_beside(next, fits, known)),
            true => {
                let next: Vec<Element> =
                    self.elements.outgoing(node).map(|flow| self.elements.target(flow)).collect();
                !next.is_empty()
                    && next.into_iter().all(|next| self.surely_beside(next, fits, known))
            }
        }
    }

    /// Whether a path that comes to a node ends the wait, or lets something around end it.
    fn ends(self, node: Element) -> bool {
        let (Kind::EndEvent(event) | Kind::ThrowEvent(event)) = self.elements.kind(node) else {
            return false;
        };
        event.definitions.iter().any(|definition| match definition {
            EventDefinition::Error(_) | EventDefinition::Cancel => true,
            // It ends the scope in which it is, and no other.
            EventDefinition::Terminate => {
                let scope = self.elements.parent(node);
                scope.is_none_or(|scope| self.is_around(scope))
            }
            EventDefinition::Escalation(thrown) => self.is_caught(|definition| match definition {
                EventDefinition::Escalation(one) => one.code.is_none() || one.code == thrown.code,
                _ => false,
            }),
            EventDefinition::Signal { name } => {
                let same = |definition: &EventDefinition| match definition {
                    EventDefinition::Signal { name: one } => one.source() == name.source(),
                    _ => false,
                };
                self.is_awaited(same) || self.is_caught(same)
            }
            _ => false,
        })
    }

    /// The node that waits and the sub-processes that it is in, the innermost first.
    fn inside_out(self) -> impl Iterator<Item = Element> {
        std::iter::successors(Some(self.node), move |inner| self.elements.parent(*inner))
    }

    fn is_around(self, scope: Element) -> bool {
        self.inside_out().any(|inner| inner == scope)
    }

    /// Whether something that interrupts the wait catches what fits.
    fn is_caught(self, fits: impl Fn(&EventDefinition) -> bool) -> bool {
        let catches =
            |event: &Event| !event.parallel_multiple && event.definitions.iter().any(&fits);
        self.inside_out().any(|inner| {
            let on = self.boundaries(inner);
            let around = self.starts(self.elements.parent(inner));
            on.iter().any(|(_, boundary)| boundary.interrupting && catches(&boundary.event))
                || around.iter().any(|(handler, _, event, interrupting)| {
                    *interrupting && *handler != inner && catches(event)
                })
        })
    }

    /// Whether the node itself awaits what fits.
    fn is_awaited(self, fits: impl Fn(&EventDefinition) -> bool) -> bool {
        let awaits = |node: Element| match self.elements.kind(node) {
            Kind::CatchEvent(event) => {
                !event.parallel_multiple && event.definitions.iter().any(&fits)
            }
            _ => false,
        };
        let behind = |flow| awaits(self.elements.target(flow));
        let gateway = matches!(self.elements.kind(self.node), Kind::EventGateway(_));
        awaits(self.node) || (gateway && self.elements.outgoing(self.node).any(behind))
    }
}

/// Whether time alone makes an event happen.
fn timed(event: &Event) -> bool {
    let is_timer = |definition: &EventDefinition| matches!(definition, EventDefinition::Timer(_));
    match event.parallel_multiple {
        true => event.definitions.iter().all(is_timer),
        false => event.definitions.iter().any(is_timer),
    }
}
