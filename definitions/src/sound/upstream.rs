//! What lies upstream of an inclusive join: whether a path may still come to it (§13.4.3).

use super::net::{Manner, Net, Spot};
use std::collections::BTreeMap;

/// The most marks that are kept for all joins of a net together.
const MOST: usize = 4_000_000;

/// For each inclusive join and each of its spots: which spots lead there without passing the join.
#[derive(Debug, Default)]
pub(super) struct Upstream {
    joins: BTreeMap<usize, Vec<(Spot, Vec<bool>)>>,
}

impl Upstream {
    /// Looks upstream of all inclusive joins; nothing when there are too many of them.
    pub(super) fn of(net: &Net) -> Option<Upstream> {
        let mut upstream = Upstream::default();
        let mut marks = 0;
        for (number, step) in net.moves.iter().enumerate() {
            let Some(step) = step.as_ref().filter(|step| step.manner == Manner::Gather) else {
                continue;
            };
            marks += step.takes.len() * net.takers.len();
            if marks > MOST {
                return None;
            }
            let spots = step.takes.iter().map(|spot| (*spot, leading_to(net, *spot, number)));
            upstream.joins.insert(number, spots.collect());
        }
        Some(upstream)
    }

    /// Whether a join that has a path may go on.
    pub(super) fn is_open(&self, join: usize, marking: &[Spot]) -> bool {
        let Some(spots) = self.joins.get(&join) else { return false };
        let held = |spot: &Spot| marking.binary_search(spot).is_ok();
        if !spots.iter().any(|(spot, _)| held(spot)) {
            return false;
        }
        marking.iter().all(|path| {
            let leads =
                |to_held| spots.iter().any(|(s, from)| held(s) == to_held && from[*path as usize]);
            !leads(false) || leads(true)
        })
    }

    /// Whether carrying the paths on these spots further cannot take anything away from an
    /// inclusive join other than `but`, whatever the other paths do meanwhile.
    pub(super) fn leaves_alone(&self, moved: &[Spot], marking: &[Spot], but: usize) -> bool {
        self.joins.iter().filter(|(join, _)| **join != but).all(|(_, spots)| {
            moved.iter().all(|path| {
                let led: Vec<_> = spots.iter().filter(|(_, from)| from[*path as usize]).collect();
                let others = marking.iter().filter(|other| !moved.contains(other));
                led.len() <= 1
                    || others
                        .into_iter()
                        .all(|other| led.iter().all(|(_, from)| !from[*other as usize]))
            })
        })
    }

    /// Whether no path but those that wait at a join can come to it.
    pub(super) fn is_last(&self, join: usize, marking: &[Spot]) -> bool {
        let Some(spots) = self.joins.get(&join) else { return true };
        let waits = |path: &Spot| spots.iter().any(|(spot, _)| spot == path);
        marking
            .iter()
            .all(|path| waits(path) || spots.iter().all(|(_, from)| !from[*path as usize]))
    }
}

/// The spots from which a path may come to a spot without passing a join.
pub(super) fn leading_to(net: &Net, spot: Spot, join: usize) -> Vec<bool> {
    let mut leads = vec![false; net.takers.len()];
    leads[spot as usize] = true;
    let mut open = vec![spot];
    while let Some(spot) = open.pop() {
        for giver in net.givers[spot as usize].iter().filter(|giver| **giver != join) {
            for from in net.step(*giver).into_iter().flat_map(|step| &step.takes) {
                if !std::mem::replace(&mut leads[*from as usize], true) {
                    open.push(*from);
                }
            }
        }
    }
    leads
}
