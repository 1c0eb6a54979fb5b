//! Which spots might hold two paths at once, told from the net alone (Kovalyov and Esparza 1996).
//!
//! The relation between spots that may hold paths at the same time is closed step by step. It may
//! be too large, never too small: where no spot stands beside itself, no spot ever holds two paths.

use super::net::{BEGIN, Manner, Move, Net, Spot};

/// The most spots for which the relation is built.
const MOST: usize = 4_000;

/// Whether it is certain that no spot ever holds two paths.
pub(super) fn never(net: &Net) -> bool {
    let spots = net.takers.len();
    if spots > MOST {
        return false;
    }
    let mut beside = Relation { rows: vec![vec![0; spots.div_ceil(64)]; spots] };
    let mut begun = vec![false; spots];
    begun[BEGIN as usize] = true;
    loop {
        let mut again = false;
        for step in net.moves.iter().flatten() {
            again |= match step.manner {
                Manner::Gather => {
                    let mut changed = false;
                    for spot in step.takes.iter().filter(|spot| begun[**spot as usize]) {
                        changed |= beside.close(step, &[*spot]);
                    }
                    changed
                }
                _ if step.takes.iter().all(|spot| begun[*spot as usize]) => {
                    beside.close(step, &step.takes)
                }
                _ => false,
            };
            let can = match step.manner {
                Manner::Gather => step.takes.iter().any(|spot| begun[*spot as usize]),
                _ => beside.can(step, &begun),
            };
            for arrival in step.puts.iter().filter(|_| can) {
                again |= !std::mem::replace(&mut begun[arrival.spot as usize], true);
            }
        }
        if (0..spots).any(|spot| beside.has(spot as Spot, spot as Spot)) {
            return false;
        }
        if !again {
            return true;
        }
    }
}

/// A symmetrical relation between spots, as rows of bits.
struct Relation {
    rows: Vec<Vec<u64>>,
}

impl Relation {
    fn has(&self, one: Spot, two: Spot) -> bool {
        self.rows[one as usize][two as usize / 64] >> (two % 64) & 1 == 1
    }

    fn put(&mut self, one: Spot, two: Spot) -> bool {
        let new = !self.has(one, two);
        self.rows[one as usize][two as usize / 64] |= 1 << (two % 64);
        self.rows[two as usize][one as usize / 64] |= 1 << (one % 64);
        new
    }

    /// Whether all spots that a move takes from may hold a path at the same time.
    fn can(&self, step: &Move, begun: &[bool]) -> bool {
        let pairs = step.takes.iter().enumerate();
        step.takes.iter().all(|spot| begun[*spot as usize])
            && pairs
                .clone()
                .all(|(at, one)| step.takes[..at].iter().all(|two| self.has(*one, *two)))
    }

    /// Puts beside each other what a move from these spots brings together.
    fn close(&mut self, step: &Move, takes: &[Spot]) -> bool {
        let pairs = takes.iter().enumerate();
        if pairs.clone().any(|(at, one)| takes[..at].iter().any(|two| !self.has(*one, *two))) {
            return false;
        }
        let mut common: Vec<u64> = self.rows[takes[0] as usize].clone();
        for spot in &takes[1..] {
            let row = &self.rows[*spot as usize];
            common.iter_mut().zip(row).for_each(|(bits, row)| *bits &= row);
        }
        let mut changed = false;
        for (at, arrival) in step.puts.iter().enumerate() {
            for other in &step.puts[..at] {
                changed |= self.put(arrival.spot, other.spot);
            }
            for (word, bits) in common.iter().enumerate() {
                let row = &self.rows[arrival.spot as usize];
                let mut new = bits & !row[word];
                while new != 0 {
                    changed |= self.put(arrival.spot, (word * 64) as Spot + new.trailing_zeros());
                    new &= new - 1;
                }
            }
        }
        changed
    }
}
