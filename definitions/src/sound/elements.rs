//! Numbers for the nodes and flows of a process, and the shortest ways between them.

use super::Step;
use super::net::Element;
use crate::Kind;
use crate::process::{Flow, Place, Process};
use std::collections::{BTreeMap, VecDeque};

/// The nodes and flows of a process by number: the nodes first, both in the order of the text.
#[derive(Debug)]
pub(super) struct Elements<'p> {
    pub(super) process: &'p Process,
    /// The places by number.
    pub(super) places: Vec<Place>,
    numbers: BTreeMap<Place, Element>,
    steps: Vec<Step>,
    /// The number of the first flow that leaves each node.
    first_flow: Vec<Element>,
    /// The flows that enter each node.
    incoming: Vec<Vec<Element>>,
    /// The nodes that each flow leaves and leads to, from the first flow on.
    ends: Vec<(Element, Element)>,
}

impl<'p> Elements<'p> {
    pub(super) fn of(process: &'p Process) -> Elements<'p> {
        let places: Vec<Place> = process.nodes().map(|(place, _)| place).collect();
        let numbers: BTreeMap<Place, Element> = places.iter().copied().zip(0..).collect();
        let mut steps: Vec<Step> = process
            .nodes()
            .map(|(_, node)| Step { element: node.id.to_string(), line: node.line })
            .collect();
        let (mut first_flow, mut ends) = (Vec::new(), Vec::new());
        let mut incoming = vec![Vec::new(); places.len()];
        for (place, from) in places.iter().zip(0..) {
            first_flow.push(steps.len() as Element);
            for (flow, to) in process.outgoing(*place) {
                incoming[numbers[&to] as usize].push(steps.len() as Element);
                ends.push((from, numbers[&to]));
                steps.push(Step { element: flow.id.to_string(), line: flow.line });
            }
        }
        Elements { process, places, numbers, steps, first_flow, incoming, ends }
    }

    pub(super) fn number(&self, place: Place) -> Element {
        self.numbers[&place]
    }

    pub(super) fn kind(&self, node: Element) -> &'p Kind {
        &self.process.node(self.places[node as usize]).kind
    }

    pub(super) fn step(&self, element: Element) -> &Step {
        &self.steps[element as usize]
    }

    pub(super) fn count(&self) -> usize {
        self.steps.len()
    }

    pub(super) fn nodes(&self) -> std::ops::Range<Element> {
        0..self.places.len() as Element
    }

    pub(super) fn is_node(&self, element: Element) -> bool {
        (element as usize) < self.places.len()
    }

    /// The sub-process that holds a node.
    pub(super) fn parent(&self, node: Element) -> Option<Element> {
        let parent = self.process.node(self.places[node as usize]).parent?;
        Some(self.number(parent))
    }

    /// Whether an event sub-process ends all else in the scope around it.
    pub(super) fn interrupts(&self, handler: Element) -> bool {
        let starts = &self.process.contents(Some(self.places[handler as usize])).starts;
        let start = starts.first().map(|start| self.kind(self.number(*start)));
        matches!(start, Some(Kind::StartEvent(start)) if start.interrupting)
    }

    pub(super) fn incoming(&self, node: Element) -> &[Element] {
        &self.incoming[node as usize]
    }

    /// The flows that leave a node.
    pub(super) fn outgoing(&self, node: Element) -> std::ops::Range<Element> {
        let first = self.first_flow[node as usize];
        let next = self.first_flow.get(node as usize + 1);
        first..next.copied().unwrap_or(self.steps.len() as Element)
    }

    /// The node that a flow leaves.
    pub(super) fn source(&self, flow: Element) -> Element {
        self.ends[flow as usize - self.places.len()].0
    }

    /// The node that a flow leads to.
    pub(super) fn target(&self, flow: Element) -> Element {
        self.ends[flow as usize - self.places.len()].1
    }

    /// A flow as it is written.
    pub(super) fn flow(&self, flow: Element) -> Option<&'p Flow> {
        let source = self.source(flow);
        let mut flows = self.process.outgoing(self.places[source as usize]);
        let index = (flow - self.outgoing(source).start) as usize;
        flows.nth(index).map(|(flow, _)| flow)
    }

    /// Whether an element can come right after another.
    pub(super) fn follows(&self, before: Element, element: Element) -> bool {
        match (self.is_node(before), self.is_node(element)) {
            (_, false) => self.source(element) == before,
            (false, true) => self.target(before) == element,
            (true, true) => {
                let mut after = self.after(before).into_iter();
                after.any(|(_, node)| node == element) || self.parent(element) == Some(before)
            }
        }
    }

    /// The nodes that can come right after a node, with the flow between them where there is one.
    pub(super) fn after(&self, node: Element) -> Vec<(Option<Element>, Element)> {
        let mut after: Vec<_> =
            self.outgoing(node).map(|flow| (Some(flow), self.target(flow))).collect();
        if let Some(activity) = self.kind(node).activity() {
            let places = activity.boundaries.iter().chain(&activity.undone_by);
            after.extend(places.map(|place| (None, self.number(*place))));
        }
        after.extend(self.linked(node).map(|catching| (None, catching)));
        after
    }

    /// The catching link event that a throwing one leads to.
    pub(super) fn linked(&self, node: Element) -> Option<Element> {
        let (Kind::ThrowEvent(event) | Kind::EndEvent(event)) = self.kind(node) else {
            return None;
        };
        let Some(crate::EventDefinition::Link { name }) = event.only() else { return None };
        let parent = self.parent(node).map(|parent| self.places[parent as usize]);
        self.process.contents(parent).links.get(name).map(|place| self.number(*place))
    }

    /// Whether a way leads from one of some nodes to a node that fits, without passing one.
    pub(super) fn leads(
        &self,
        from: impl IntoIterator<Item = Element>,
        without: Option<Element>,
        fits: impl Fn(Element) -> bool,
    ) -> bool {
        let mut seen = vec![false; self.places.len()];
        let mut open: Vec<Element> = from.into_iter().collect();
        while let Some(node) = open.pop() {
            if Some(node) == without || std::mem::replace(&mut seen[node as usize], true) {
                continue;
            }
            if fits(node) {
                return true;
            }
            open.extend(self.after(node).into_iter().map(|(_, next)| next));
        }
        false
    }

    /// The shortest way through the drawing from one of some nodes to a node, both included.
    pub(super) fn way(&self, from: &[Element], to: Element) -> Vec<Element> {
        let mut before: BTreeMap<Element, Option<(Option<Element>, Element)>> =
            from.iter().map(|node| (*node, None)).collect();
        let mut open: VecDeque<Element> = from.iter().copied().collect();
        while let Some(node) = open.pop_front() {
            if node == to {
                break;
            }
            for (flow, next) in self.after(node) {
                before.entry(next).or_insert_with(|| {
                    open.push_back(next);
                    Some((flow, node))
                });
            }
        }
        let mut way = vec![to];
        let mut at = to;
        while let Some(Some((flow, node))) = before.get(&at) {
            way.extend(flow.filter(|_| self.outgoing(*node).len() > 1));
            way.push(*node);
            at = *node;
        }
        way.reverse();
        way
    }

    /// Elements as steps of a path.
    pub(super) fn path(&self, elements: &[Element]) -> Vec<Step> {
        elements.iter().map(|element| self.step(*element).clone()).collect()
    }
}
