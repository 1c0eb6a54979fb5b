//! The order in which decisions are evaluated: each after those that it requires.

use super::{Body, Decision, Decisions};
use crate::draft::Flaws;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Orders the decisions of a file; those that require each other in a circle are refused.
pub(super) fn ordered(bodies: Vec<Body>, lines: &[u32], flaws: &mut Flaws) -> Option<Decisions> {
    let Some(order) = order(&bodies) else {
        let circle = circle(&bodies);
        let first = circle.first().copied().unwrap_or_default();
        let names: Vec<String> = circle.iter().map(|at| crate::excerpt(&bodies[*at].id)).collect();
        let message = format!(
            "decisions require each other in a circle: {}; take one requirement away",
            names.join(", ")
        );
        flaws.add("requirement-circle", &bodies[first].id, lines[first], message);
        return None;
    };
    let file: Arc<[Body]> = bodies.into();
    let decisions = (0..file.len()).map(|own| {
        let mut wanted = BTreeSet::from([own]);
        // Whoever requires comes after what it requires, so one walk backwards finds all.
        for place in order.iter().rev() {
            if wanted.contains(place) {
                wanted.extend(file[*place].requires.iter().map(|required| required.place));
            }
        }
        let order = order.iter().copied().filter(|place| wanted.contains(place)).collect();
        Decision { file: file.clone(), order, own }
    });
    Some(Decisions(decisions.collect()))
}

/// All places, each after those that it requires, unless there is a circle.
fn order(bodies: &[Body]) -> Option<Vec<usize>> {
    let mut order = Vec::with_capacity(bodies.len());
    let mut done = vec![false; bodies.len()];
    while order.len() < bodies.len() {
        let before = order.len();
        for (place, body) in bodies.iter().enumerate() {
            if !done[place] && body.requires.iter().all(|required| done[required.place]) {
                done[place] = true;
                order.push(place);
            }
        }
        if order.len() == before {
            return None;
        }
    }
    Some(order)
}

/// The places of one circle, where there is one.
fn circle(bodies: &[Body]) -> Vec<usize> {
    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    loop {
        let open = |place: &usize| bodies[*place].requires.iter().any(|r| left.contains(&r.place));
        let still: BTreeSet<usize> = left.iter().copied().filter(open).collect();
        if still.len() == left.len() {
            break;
        }
        left = still;
    }
    let mut way = Vec::new();
    let mut next = left.first().copied();
    while let Some(place) = next {
        if let Some(begin) = way.iter().position(|passed| *passed == place) {
            return way.split_off(begin);
        }
        way.push(place);
        let mut required = bodies[place].requires.iter().map(|required| required.place);
        next = required.find(|place| left.contains(place));
    }
    way
}
