//! Why a parallel join waits for ever: which paths cannot come any more, and what took them away.

use super::elements::Elements;
use super::net::{Element, Manner, Move, Net, Spot};
use super::search::Search;
use super::told::{label, origin};
use super::upstream::leading_to;
use crate::Kind;

/// A parallel join at which a path waits for others that never come.
pub(super) struct Stuck<'s, 'p> {
    pub(super) elements: &'s Elements<'p>,
    pub(super) net: &'s Net,
    pub(super) search: &'s Search<'s>,
    /// The marking in which nothing moves.
    pub(super) state: usize,
    pub(super) join: Element,
}

impl Stuck<'_, '_> {
    /// The flows along which no path comes, and what is said of that.
    pub(super) fn told(&self) -> (Vec<Element>, String) {
        let unknown = || "it waits for a path that never comes".to_owned();
        let Some((number, step)) = self.step() else { return (Vec::new(), unknown()) };
        let marking = &self.search.states[self.state].marking;
        let (held, missing): (Vec<Spot>, Vec<Spot>) =
            step.takes.iter().partition(|spot| marking.binary_search(spot).is_ok());
        let come: Vec<Element> = held.iter().flat_map(|spot| self.passed(*spot)).collect();
        let incoming = self.elements.incoming(self.join).iter().copied();
        let flows: Vec<Element> = incoming.filter(|flow| !come.contains(flow)).collect();
        let (Some(spot), Some(flow)) = (missing.first(), flows.first()) else {
            return (flows, unknown());
        };
        let reason = self.reason(number, &leading_to(self.net, *spot, number), *flow);
        let message = format!("it waits for a path from {}, {reason}", self.origins(&flows));
        (flows, message)
    }

    /// The flows in words.
    pub(super) fn origins(&self, flows: &[Element]) -> String {
        let words: Vec<String> = flows.iter().map(|flow| origin(self.elements, *flow)).collect();
        words.join(" and ")
    }

    fn step(&self) -> Option<(usize, &Move)> {
        let marking = &self.search.states[self.state].marking;
        let takers = marking.iter().flat_map(|spot| &self.net.takers[*spot as usize]);
        let steps = takers.filter_map(|taker| Some((*taker, self.net.step(*taker)?)));
        steps.into_iter().find(|(_, step)| step.node == self.join && step.manner == Manner::Plain)
    }

    /// What is passed on the way to a spot.
    fn passed(&self, spot: Spot) -> impl Iterator<Item = Element> {
        let givers = self.net.givers[spot as usize].iter();
        let arrivals = givers.filter_map(|giver| self.net.step(*giver)).flat_map(Move::arrivals);
        let arrivals = arrivals.filter(move |arrival| arrival.spot == spot);
        arrivals.flat_map(|arrival| &arrival.covers).copied()
    }

    /// Why no path comes along a flow, and what to do about it; `leads` are the spots from which
    /// one could.
    fn reason(&self, joining: usize, leads: &[bool], flow: Element) -> String {
        let can = |state: usize| {
            self.search.states[state].marking.iter().any(|spot| leads[*spot as usize])
        };
        let source = self.elements.source(flow);
        let way = self.search.way_to(self.state);
        let decided = way.iter().rposition(|(before, _)| can(*before));
        let (Some(decided), false) = (decided, can(self.state)) else {
            let after = self.elements.leads([self.join], None, |node| node == source);
            return match (can(self.state), after) {
                (true, _) => {
                    "which waits for another path itself: each waits for the other; join \
                              one of them earlier"
                }
                (false, true) => {
                    "which comes only after it has gone on itself; let the way back \
                                  come in before it, at an exclusive gateway"
                }
                (false, false) => "but none ever comes from there; take that flow away",
            }
            .to_owned();
        };
        let (before, number) = way[decided];
        let Some(step) = self.net.step(number) else {
            return self.may_not_happen(&way, source);
        };
        let node_of = |element: Element| match self.elements.is_node(element) {
            true => element,
            false => self.elements.target(element),
        };
        let join = self.join;
        let lost = |element: &Element| {
            !self.elements.leads([node_of(*element)], Some(join), |node| node == source)
        };
        let trails = step.trail.iter().chain(step.puts.iter().flat_map(|put| &put.trail));
        // Of several ways that may all be taken none is an alternative.
        let is_choice = |element: &Element| {
            let from = |flow| self.elements.kind(self.elements.source(flow));
            self.elements.is_node(*element)
                || matches!(from(*element), Kind::ExclusiveGateway | Kind::EventGateway(_))
        };
        let Some(taken) = trails.copied().find(lost).filter(is_choice) else {
            return self.may_not_happen(&way[..=decided], source);
        };
        // A flow on which nothing is written is told by what it leads to.
        let bare =
            |flow| label(self.elements, flow).is_none() && self.elements.target(flow) != join;
        let what = match self.elements.is_node(taken) || bare(taken) {
            true => self.elements.step(node_of(taken)).element.clone(),
            false => origin(self.elements, taken),
        };
        let alone = |state: usize| self.search.states[state].marking.len() == 1;
        if !self.elements.leads([node_of(taken)], None, |node| node == join) {
            format!(
                "but none comes any more when {what} leads away; lead that back into the path it \
                 left before they join, or let it end everything with a terminate end event"
            )
        } else if self.search.made.contains(&joining)
            || (alone(before) && self.elements.incoming(join).len() > 2)
        {
            format!(
                "but none comes when {what} leads here without it; join with an inclusive gateway"
            )
        } else if alone(before) && alone(self.state) {
            format!(
                "but none comes any more when {what} leads here: they are alternatives; make it \
                 an exclusive gateway"
            )
        } else {
            format!(
                "but none comes any more when {what} leads here by another flow: bring these \
                 alternatives together before the join, at a step or an exclusive gateway from \
                 which one flow leads here"
            )
        }
    }

    /// What is said where a split or an activity on the way need not send a path on at all.
    fn may_not_happen(&self, way: &[(usize, usize)], source: Element) -> String {
        let elements = self.elements;
        let leads = |node: Element| elements.leads([node], Some(self.join), |one| one == source);
        let steps = way.iter().filter_map(|(_, number)| self.net.step(*number));
        let passed = steps.flat_map(|step| {
            let puts = step.puts.iter().flat_map(|put| &put.trail);
            step.trail.iter().chain(puts).chain([&step.node]).copied()
        });
        let passed: Vec<Element> = passed.filter(|element| elements.is_node(*element)).collect();
        for node in passed.into_iter().rev() {
            let boundaries = elements.kind(node).activity().map_or(&[][..], |one| &one.boundaries);
            let mut events = boundaries.iter().map(|place| elements.number(*place));
            let beside = |event: &Element| matches!(elements.kind(*event), Kind::Boundary(one) if !one.interrupting);
            let id = |node: Element| &elements.step(node).element;
            if let Some(event) = events.find(|event| beside(event) && leads(*event)) {
                return format!(
                    "which comes only when {} happens; let that path end by itself, or join with \
                     an inclusive gateway",
                    id(event)
                );
            }
            let flows = || elements.outgoing(node);
            let asks = |flow| elements.flow(flow).is_some_and(|flow| flow.condition.is_some());
            if flows().len() > 1 && flows().any(asks) && leads(node) {
                let id = id(node);
                return format!("but {id} need not send one there; join with an inclusive gateway");
            }
        }
        "but one need not come; join with an inclusive gateway".to_owned()
    }
}
