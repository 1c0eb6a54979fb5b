//! The translation of a scope of a process into its abstract net.
//!
//! A flow is a spot, and so is a node that a path is at. Conditions are free choices, an activity
//! is one move with its ways out, and a sub-process is an activity.

use super::complex::{at_reset, at_start, come_again, enough, joining};
use super::elements::Elements;
use super::net::{Arrival, BEGIN, Element, Manner, Move, Net, Spot};
use super::thrown::Throws;
use crate::process::Place;
use crate::{Activity, Event, EventDefinition, Kind, SubProcessKind};
use std::collections::BTreeMap;

/// What is known of the process when one of its scopes is translated.
pub(super) struct Known<'k, 'p> {
    pub(super) elements: &'k Elements<'p>,
    pub(super) throws: &'k Throws,
    /// Whether each sub-process can be completed.
    pub(super) completes: &'k [bool],
}

/// The flows along which paths leave a node.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) always: Vec<Element>,
    pub(super) maybe: Vec<Element>,
    /// The one that is taken where no other is.
    pub(super) default: Option<Element>,
    /// Whether at least one is taken.
    pub(super) must: bool,
}

impl Ways {
    pub(super) fn all(&self) -> impl Iterator<Item = Element> {
        self.always.iter().chain(&self.maybe).chain(&self.default).copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.always.is_empty() && self.maybe.is_empty() && self.default.is_none()
    }
}

/// The nodes that a scope can begin at: each list is one way to begin.
pub(super) fn beginnings(elements: &Elements<'_>, scope: Option<Element>) -> Vec<Vec<Element>> {
    let place = scope.map(|scope| elements.places[scope as usize]);
    let contents = elements.process.contents(place);
    let number = |place: &Place| elements.number(*place);
    let mut ways: Vec<Vec<Element>> = contents.starts.iter().map(|s| vec![number(s)]).collect();
    // At a receive task or an event gateway that instantiates, which no flow enters.
    let triggered = |node: &Element| match elements.kind(*node) {
        Kind::EventGateway(gateway) => gateway.instantiate,
        kind => kind.activity().is_some_and(Activity::instantiates),
    };
    let own = elements.nodes().filter(|node| elements.parent(*node) == scope);
    ways.extend(own.filter(triggered).map(|node| vec![node]));
    let plain: Vec<Element> = contents.entries.iter().map(number).collect();
    if contents.start.is_none() && !plain.is_empty() {
        ways.push(plain);
    }
    ways
}

/// The net of a scope, before any reduction.
pub(super) fn translate(known: &Known<'_, '_>, scope: Option<Element>) -> Net {
    let elements = known.elements;
    let mut net = Net::new();
    let own: Vec<Element> =
        elements.nodes().filter(|node| elements.parent(*node) == scope).collect();
    let mut at: BTreeMap<Element, Spot> = BTreeMap::new();
    for node in &own {
        at.insert(*node, net.spot());
        for flow in elements.outgoing(*node) {
            at.insert(flow, net.spot());
        }
    }
    let mut translation = Translation { known, net, at };
    translation.begin(scope, &own);
    for node in own {
        translation.enter(node);
        translation.leave(node);
    }
    translation.net
}

struct Translation<'k, 'p> {
    known: &'k Known<'k, 'p>,
    net: Net,
    /// The spots of nodes and flows.
    at: BTreeMap<Element, Spot>,
}

impl Translation<'_, '_> {
    fn begin(&mut self, scope: Option<Element>, own: &[Element]) {
        let elements = self.known.elements;
        let ways = beginnings(elements, scope);
        let first = scope.or(own.first().copied()).unwrap_or(0);
        for way in &ways {
            let node = way.first().copied().unwrap_or(first);
            let puts = way.iter().map(|node| Arrival::along(self.at[node], *node, true)).collect();
            let mut step = Move::new(node, vec![BEGIN], puts);
            let kind = scope.and_then(|scope| elements.kind(scope).activity()?.sub_process());
            if let Some(SubProcessKind::AdHoc(ad_hoc)) = kind.map(|one| &one.kind) {
                // Which of them begin is not known before it runs.
                if ad_hoc.active.is_some() {
                    step.some = std::mem::take(&mut step.puts);
                    step.must = true;
                }
                self.net.counted |= ad_hoc.sequential;
            }
            self.net.add(step);
        }
        if ways.is_empty() {
            self.net.add(Move::new(first, vec![BEGIN], Vec::new()));
        }
        for node in own {
            let Kind::Activity(activity) = elements.kind(*node) else { continue };
            let starts = activity.sub_process().map_or(&[][..], |one| &one.contents.starts);
            // What begins beside the flows is no way to complete the scope, unless it interrupts.
            let mut beside = activity.for_compensation.then_some(Manner::Abort);
            for start in starts.iter().filter(|_| activity.is_event_sub_process()) {
                let Kind::StartEvent(start) = elements.kind(elements.number(*start)) else {
                    continue;
                };
                if self.known.throws.can_begin(scope, &start.event) {
                    let ends = start.interrupting;
                    beside = Some(if ends { Manner::Terminate } else { Manner::Abort });
                }
            }
            if let Some(manner) = beside {
                let step = Move::new(*node, vec![BEGIN], Vec::new()).through();
                self.net.add(step.in_manner(manner));
            }
        }
    }

    /// The moves by which paths come to a node.
    fn enter(&mut self, node: Element) {
        let elements = self.known.elements;
        let (incoming, at) = (elements.incoming(node).to_vec(), self.at[&node]);
        let spots: Vec<Spot> = incoming.iter().map(|flow| self.at[flow]).collect();
        let joins = spots.len() > 1;
        match elements.kind(node) {
            Kind::ParallelGateway if joins => {
                self.net.add(Move::new(node, spots, vec![Arrival::at(at)]).through());
            }
            Kind::InclusiveGateway if joins => {
                let step = Move::new(node, spots, vec![Arrival::at(at)]).through();
                self.net.add(step.gathering(1));
            }
            // What is sent out at its reset goes beside what was sent out at its activation.
            Kind::ComplexGateway(gateway) if joining(elements, node).is_some() => {
                let least = enough(gateway, spots.len());
                let mut puts = vec![Arrival::at(at)];
                let resets = at_reset(elements, node, gateway);
                if !resets.is_empty() {
                    let reset = self.net.spot();
                    puts.push(Arrival::at(reset));
                    resets.into_iter().for_each(|ways| self.send(node, reset, ways, 1));
                }
                let again = come_again(elements, node);
                let mut step = Move::new(node, spots, puts).through().gathering(least);
                step.early = again.iter().map(|flow| self.at[flow]).collect();
                self.net.add(step);
            }
            // Paths end side by side at an end event; they do not meet there.
            Kind::EndEvent(event) if elements.linked(node).is_none() => {
                for spot in spots {
                    let step = Move::new(node, vec![spot], Vec::new()).through();
                    self.net.add(step.in_manner(self.ending(node, event)));
                }
                let step = Move::new(node, vec![at], Vec::new());
                self.net.add(step.in_manner(self.ending(node, event)));
            }
            Kind::Activity(activity) if activity.start_quantity > 1 => {
                self.net.counted = true;
                let waiting = self.net.spot();
                for spot in spots {
                    self.net.add(Move::new(node, vec![spot], vec![Arrival::at(waiting)]));
                }
                let takes = vec![waiting; activity.start_quantity.min(64) as usize];
                self.net.add(Move::new(node, takes, vec![Arrival::at(at)]).through());
            }
            _ => {
                for spot in spots {
                    self.net.add(Move::new(node, vec![spot], vec![Arrival::at(at)]).through());
                }
            }
        }
    }

    /// The moves by which paths leave a node.
    fn leave(&mut self, node: Element) {
        let elements = self.known.elements;
        let at = self.at[&node];
        match elements.kind(node) {
            Kind::ExclusiveGateway => self.one_of(node, at),
            Kind::EventGateway(gateway) if !(gateway.instantiate && gateway.parallel) => {
                self.one_of(node, at);
            }
            Kind::ParallelGateway | Kind::EventGateway(_) => {
                let puts = elements.outgoing(node).map(|flow| self.along(flow)).collect();
                self.net.add(Move::new(node, vec![at], puts));
            }
            Kind::ThrowEvent(_) | Kind::EndEvent(_) if elements.linked(node).is_some() => {
                let puts = elements.linked(node).map(|to| Arrival::along(self.at[&to], to, true));
                self.net.add(Move::new(node, vec![at], puts.into_iter().collect()));
            }
            Kind::EndEvent(_) => {}
            Kind::Activity(activity) => self.activity(node, activity),
            Kind::StartEvent(_)
            | Kind::CatchEvent(_)
            | Kind::ThrowEvent(_)
            | Kind::Boundary(_)
            | Kind::InclusiveGateway
            | Kind::ComplexGateway(_) => self.flows(node, at, 1),
        }
    }

    /// The outcomes of an activity, and its flows.
    fn activity(&mut self, node: Element, activity: &Activity) {
        let elements = self.known.elements;
        let at = self.at[&node];
        if activity.is_event_sub_process() {
            return;
        }
        let done = if activity.boundaries.is_empty() { at } else { self.net.spot() };
        let (mut beside, mut instead) = (Vec::new(), Vec::new());
        for place in &activity.boundaries {
            let number = elements.number(*place);
            let Kind::Boundary(boundary) = elements.kind(number) else { continue };
            let undoes = matches!(boundary.event.only(), Some(EventDefinition::Compensation(_)));
            if undoes || !self.known.throws.can_happen(elements, boundary) {
                continue;
            }
            let arrival = Arrival::along(self.at[&number], number, true);
            if boundary.interrupting {
                instead.push(arrival);
            } else {
                self.net.beside.insert(number);
                beside.push(arrival);
            }
        }
        let completes = activity.sub_process().is_none() || self.known.completes[node as usize];
        if completes && !activity.boundaries.is_empty() {
            instead.push(Arrival::at(done));
        }
        for arrival in instead {
            let mut step = Move::new(node, vec![at], vec![arrival]);
            step.some = beside.clone();
            for place in &activity.boundaries {
                let number = elements.number(*place);
                if let Kind::Boundary(boundary) = elements.kind(number)
                    && let Some(EventDefinition::Compensation(_)) = boundary.event.only()
                {
                    step.covers.insert(number);
                }
            }
            self.net.add(step);
        }
        if !completes {
            self.net.add(Move::new(node, vec![at], Vec::new()).in_manner(Manner::Abort));
        }
        if completes {
            self.flows(node, done, activity.completion_quantity.clamp(1, 64) as usize);
        }
    }

    fn along(&self, flow: Element) -> Arrival {
        let elements = self.known.elements;
        let shown = elements.outgoing(elements.source(flow)).len() > 1;
        Arrival::along(self.at[&flow], flow, shown)
    }

    /// One of the flows is taken.
    fn one_of(&mut self, node: Element, at: Spot) {
        let flows = self.known.elements.outgoing(node);
        if flows.is_empty() {
            self.net.add(Move::new(node, vec![at], Vec::new()));
        }
        for flow in flows {
            let arrival = self.along(flow);
            self.net.add(Move::new(node, vec![at], vec![arrival]));
        }
    }

    /// All flows without condition are taken, some of those with one, or else the default.
    fn flows(&mut self, node: Element, at: Spot, times: usize) {
        let elements = self.known.elements;
        if joining(elements, node).is_some() {
            return self.send(node, at, at_start(elements, node), times);
        }
        let mut ways = Ways { must: true, ..Ways::default() };
        let place = elements.places[node as usize];
        for ((flow, _), number) in elements.process.outgoing(place).zip(elements.outgoing(node)) {
            match (flow.is_default, flow.condition.is_some()) {
                (true, _) => ways.default = Some(number),
                (false, true) => ways.maybe.push(number),
                (false, false) => ways.always.push(number),
            }
        }
        self.send(node, at, ways, times);
    }

    fn send(&mut self, node: Element, at: Spot, ways: Ways, times: usize) {
        self.net.counted |= times > 1;
        let mut step = Move::new(node, vec![at], Vec::new());
        for number in ways.always {
            step.puts.extend(vec![self.along(number); times]);
        }
        let optional: Vec<Arrival> = ways.maybe.iter().map(|number| self.along(*number)).collect();
        if times > 1 && !optional.is_empty() {
            // Several paths along a flow with a condition: they come to a spot of their own first.
            for arrival in optional {
                let all = self.net.spot();
                step.some.push(Arrival::at(all));
                self.net.add(Move::new(node, vec![all], vec![arrival; times]));
            }
        } else {
            step.some = optional;
        }
        let default = ways.default.map(|number| self.along(number));
        step.must =
            (ways.must || default.is_some()) && step.puts.is_empty() && !step.some.is_empty();
        match default {
            // Without any condition the default is the way on.
            Some(arrival) if step.puts.is_empty() => {
                if !step.some.is_empty() {
                    self.net.add(step);
                }
                self.net.add(Move::new(node, vec![at], vec![arrival; times]));
            }
            _ => self.net.add(step),
        }
    }

    /// What becomes of the scope when a path comes to an end event.
    fn ending(&self, node: Element, event: &Event) -> Manner {
        let mut manner = Manner::Plain;
        for definition in &event.definitions {
            match definition {
                EventDefinition::Error(_) => return Manner::Abort,
                EventDefinition::Cancel if self.is_cancelled(node) => return Manner::Abort,
                EventDefinition::Terminate | EventDefinition::Cancel => manner = Manner::Terminate,
                _ => {}
            }
        }
        manner
    }

    /// Whether the transaction around a node has a boundary event for its cancellation; without one
    /// the path leaves it as usual.
    fn is_cancelled(&self, node: Element) -> bool {
        let elements = self.known.elements;
        let transaction = elements.parent(node).and_then(|own| elements.kind(own).activity());
        let boundaries = transaction.into_iter().flat_map(|activity| &activity.boundaries);
        boundaries.into_iter().any(|place| match elements.kind(elements.number(*place)) {
            Kind::Boundary(boundary) => {
                matches!(boundary.event.only(), Some(EventDefinition::Cancel))
            }
            _ => false,
        })
    }
}
