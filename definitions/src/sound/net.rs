//! The abstract net of one scope: spots that hold paths, and moves that carry paths between them.

use std::collections::BTreeSet;

/// A number for a node or a flow of the process, see `Elements`.
pub(super) type Element = u32;
/// A spot of a net; it holds paths.
pub(super) type Spot = u32;

/// Where a scope begins: the first marking has one path here.
pub(super) const BEGIN: Spot = 0;

/// What a move does besides carrying paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// It takes a path from each of its spots.
    Plain,
    /// It is an inclusive join: it takes a path from each of its spots that has one, as soon as no
    /// other can come (BPMN 2.0.2 §13.4.3).
    Gather,
    /// It ends all paths of the scope, which is complete then.
    Terminate,
    /// It ends all paths of the scope, which is left by an error or a cancellation.
    Abort,
}

/// A step that the scope can make.
#[derive(Clone, Debug)]
pub(super) struct Move {
    /// The spots it takes a path from, sorted; a spot stands as often as paths are taken.
    pub(super) takes: Vec<Spot>,
    /// Where it puts paths.
    pub(super) puts: Vec<Arrival>,
    /// Where it may put paths as well.
    pub(super) some: Vec<Arrival>,
    /// Whether at least one of `some` is taken.
    pub(super) must: bool,
    pub(super) manner: Manner,
    /// How many paths have to have come where it gathers them.
    pub(super) least: usize,
    /// Those of its spots that who has made it may come to again, where it may be made while others
    /// are still on their way; it is taken to wait for those all the same.
    pub(super) early: Vec<Spot>,
    /// The node that makes the move.
    pub(super) node: Element,
    /// What somebody passes who makes it.
    pub(super) trail: Vec<Element>,
    /// What is reached when it is made.
    pub(super) covers: BTreeSet<Element>,
}

/// A path that is put on a spot.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) spot: Spot,
    /// What the path passes on its way.
    pub(super) trail: Vec<Element>,
    /// What is reached when it arrives.
    pub(super) covers: BTreeSet<Element>,
}

/// The net of one scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Net {
    /// The moves; `None` where a reduction took one away.
    pub(super) moves: Vec<Option<Move>>,
    /// The moves that take from each spot.
    pub(super) takers: Vec<Vec<usize>>,
    /// The moves that put on each spot.
    pub(super) givers: Vec<Vec<usize>>,
    /// Whether several paths on one spot are meant, for an activity takes or gives several.
    pub(super) counted: bool,
    /// The boundary events that do not interrupt.
    pub(super) beside: BTreeSet<Element>,
}

impl Arrival {
    pub(super) fn at(spot: Spot) -> Arrival {
        Arrival { spot, trail: Vec::new(), covers: BTreeSet::new() }
    }

    /// An arrival that passes an element, which is shown when `shown`.
    pub(super) fn along(spot: Spot, element: Element, shown: bool) -> Arrival {
        let trail = if shown { vec![element] } else { Vec::new() };
        Arrival { spot, trail, covers: BTreeSet::from([element]) }
    }
}

impl Move {
    pub(super) fn new(node: Element, takes: Vec<Spot>, puts: Vec<Arrival>) -> Move {
        let (some, must, manner) = (Vec::new(), false, Manner::Plain);
        let (trail, covers) = (Vec::new(), BTreeSet::new());
        let (least, early) = (1, Vec::new());
        Move { takes, puts, some, must, manner, least, early, node, trail, covers }
    }

    /// The same move, which gathers at least so many paths.
    pub(super) fn gathering(mut self, least: usize) -> Move {
        (self.manner, self.least) = (Manner::Gather, least);
        self
    }

    /// The same move, which passes its own node.
    pub(super) fn through(mut self) -> Move {
        self.trail.push(self.node);
        self.covers.insert(self.node);
        self
    }

    pub(super) fn in_manner(mut self, manner: Manner) -> Move {
        self.manner = manner;
        self
    }

    /// Whether it carries one path from one spot, whatever becomes of it.
    pub(super) fn is_plain_from(&self, spot: Spot) -> bool {
        self.manner == Manner::Plain && self.takes == [spot]
    }

    /// All arrivals, those that may be as well.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.puts.iter().chain(&self.some)
    }

    pub(super) fn arrivals_mut(&mut self) -> impl Iterator<Item = &mut Arrival> {
        self.puts.iter_mut().chain(&mut self.some)
    }

    /// How many elements are passed when it is made.
    pub(super) fn length(&self) -> usize {
        self.trail.len() + self.arrivals().map(|arrival| arrival.trail.len()).sum::<usize>()
    }

    pub(super) fn gives(&self, spot: Spot) -> bool {
        self.arrivals().any(|arrival| arrival.spot == spot)
    }
}

impl Net {
    /// A net with the spot where it begins.
    pub(super) fn new() -> Net {
        let mut net = Net::default();
        net.spot();
        net
    }

    /// What an arrival passes since the last event that sent its path beside another.
    pub(super) fn since_event<'a>(&self, arrival: &'a Arrival) -> Option<&'a [Element]> {
        let event = arrival.trail.iter().rposition(|passed| self.beside.contains(passed))?;
        Some(&arrival.trail[event..])
    }

    /// Adds a spot.
    pub(super) fn spot(&mut self) -> Spot {
        self.takers.push(Vec::new());
        self.givers.push(Vec::new());
        (self.takers.len() - 1) as Spot
    }

    /// Adds a move.
    pub(super) fn add(&mut self, mut step: Move) {
        let number = self.moves.len();
        step.takes.sort_unstable();
        for spot in &step.takes {
            note(&mut self.takers[*spot as usize], number);
        }
        for arrival in step.arrivals() {
            note(&mut self.givers[arrival.spot as usize], number);
        }
        self.moves.push(Some(step));
    }

    /// Takes a move away.
    pub(super) fn remove(&mut self, number: usize) -> Option<Move> {
        let step = self.moves[number].take()?;
        for spot in &step.takes {
            self.takers[*spot as usize].retain(|taker| *taker != number);
        }
        for arrival in step.arrivals() {
            self.givers[arrival.spot as usize].retain(|giver| *giver != number);
        }
        Some(step)
    }

    /// Changes a move and keeps the lists of takers and givers right.
    pub(super) fn change(&mut self, number: usize, change: impl FnOnce(&mut Move)) {
        let Some(mut step) = self.remove(number) else { return };
        change(&mut step);
        for spot in &step.takes {
            note(&mut self.takers[*spot as usize], number);
        }
        for arrival in step.arrivals() {
            note(&mut self.givers[arrival.spot as usize], number);
        }
        self.moves[number] = Some(step);
    }

    pub(super) fn step(&self, number: usize) -> Option<&Move> {
        self.moves.get(number)?.as_ref()
    }

    /// Writes moves that may put paths on several spots as a row of choices, one for each spot.
    pub(super) fn spell_out(&mut self) {
        for number in 0..self.moves.len() {
            let Some(step) = self.step(number).filter(|step| !step.some.is_empty()) else {
                continue;
            };
            let (some, must, node) = (step.some.clone(), step.must, step.node);
            // `free` asks about an arrival after one was taken, `bound` before.
            let free: Vec<Spot> = some.iter().map(|_| self.spot()).collect();
            let bound: Vec<Spot> = some.iter().map(|_| self.spot()).collect();
            let after = |row: &[Spot], index: usize| row.get(index + 1).map(|s| Arrival::at(*s));
            for (index, arrival) in some.iter().enumerate() {
                let taken = [Some(arrival.clone()), after(&free, index)];
                let taken: Vec<Arrival> = taken.into_iter().flatten().collect();
                let left: Vec<Arrival> = after(&free, index).into_iter().collect();
                self.add(Move::new(node, vec![free[index]], taken.clone()));
                self.add(Move::new(node, vec![free[index]], left));
                if must {
                    self.add(Move::new(node, vec![bound[index]], taken));
                    if let Some(next) = after(&bound, index) {
                        self.add(Move::new(node, vec![bound[index]], vec![next]));
                    }
                }
            }
            let first = if must { bound[0] } else { free[0] };
            self.change(number, |step| {
                step.some.clear();
                step.puts.push(Arrival::at(first));
            });
        }
    }
}

fn note(list: &mut Vec<usize>, number: usize) {
    if !list.contains(&number) {
        list.push(number);
    }
}
