//! The order of steps: each before those it leads to, and what follows it close by.

use super::Writer;
use crate::process::Place;
use crate::{EventDefinition, Kind};
use std::collections::BTreeSet;

impl Writer<'_> {
    /// What a scope holds in the order in which it is written: a walk from its beginnings, in
    /// which a node comes when all that lead to it have come, but for loops.
    pub(super) fn ordered(&self, scope: Option<Place>) -> Vec<Place> {
        let held = self.held.get(&scope).map_or(&[][..], Vec::as_slice);
        let mut led_to = BTreeSet::new();
        for place in held {
            led_to.extend(self.following(*place));
        }
        let starts =
            |place: &&Place| matches!(self.process.node(**place).kind, Kind::StartEvent(_));
        let beginnings = held.iter().filter(|place| !led_to.contains(place));
        let (first, second): (Vec<Place>, Vec<Place>) = beginnings.partition(|place| starts(place));
        // What is only in circles comes last.
        let circles = held.iter().filter(|place| led_to.contains(place));
        let roots: Vec<Place> = first.into_iter().chain(second).collect();
        let mut walked = BTreeSet::new();
        let mut order = self.walk(&roots, &mut walked);
        for place in circles {
            if !walked.contains(place) {
                order.extend(self.walk(&[*place], &mut walked));
            }
        }
        order
    }

    /// The reverse postorder of a walk from several nodes, the first of them first.
    fn walk(&self, roots: &[Place], walked: &mut BTreeSet<Place>) -> Vec<Place> {
        let mut order = Vec::new();
        for root in roots.iter().rev() {
            if !walked.insert(*root) {
                continue;
            }
            let mut open = vec![(*root, self.following(*root))];
            while let Some((place, following)) = open.last_mut() {
                match following.pop() {
                    Some(next) => {
                        if walked.insert(next) {
                            open.push((next, self.following(next)));
                        }
                    }
                    None => {
                        order.push(*place);
                        open.pop();
                    }
                }
            }
        }
        order.reverse();
        order
    }

    /// The nodes that should come after one: what undoes it, where it leads, where its boundary
    /// events lead, and the catching link of a throwing one.
    fn following(&self, place: Place) -> Vec<Place> {
        let node = self.process.node(place);
        let targets = |place| self.process.outgoing(place).map(|(_, target)| target);
        let mut following = Vec::new();
        if let Some(activity) = node.kind.activity() {
            following.extend(activity.undone_by);
            following.extend(targets(place));
            following.extend(activity.boundaries.iter().flat_map(|event| targets(*event)));
        } else {
            following.extend(targets(place));
        }
        if let Kind::ThrowEvent(event) = &node.kind
            && let Some(EventDefinition::Link { name }) = event.only()
        {
            following.extend(self.process.contents(node.parent).links.get(name));
        }
        following
    }
}
