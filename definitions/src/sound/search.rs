//! The search: all markings that matter of a net, those with the shortest ways first, each visited
//! once.

use super::net::{Arrival, BEGIN, Manner, Net, Spot};
use super::upstream::Upstream;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The most markings of one search.
const MARKINGS: usize = 20_000;
/// The most paths on one spot where several are meant.
const CROWD: usize = 8;

/// A marking: the spots that hold paths, sorted; a spot stands as often as it holds one.
pub(super) type Marking = Rc<[Spot]>;

/// How a net is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thoroughness {
    /// The shortest ways first; where moves do not touch each other one order of them is enough.
    Enough,
    /// The shortest ways first, all moves in every order.
    EveryOrder,
    /// As `Enough`, but depth first: it soon comes to where nothing moves.
    Deep,
}

/// A marking that was found.
#[derive(Debug)]
pub(super) struct State {
    pub(super) marking: Marking,
    /// How many elements are passed on the way here.
    pub(super) length: usize,
    /// The marking before it on a shortest way, and the move that led here.
    pub(super) from: Option<(usize, usize)>,
    /// The moves that were made from here, and where they lead.
    pub(super) next: Vec<(usize, usize)>,
    /// Whether moves were put off, for others go first and they are as good later.
    held_back: bool,
    /// Whether a way on from here was not followed.
    pub(super) cut: bool,
}

/// A move that puts a second path on a spot.
#[derive(Debug)]
pub(super) struct Meeting {
    pub(super) state: usize,
    pub(super) step: usize,
    pub(super) spot: Spot,
}

/// What a search found.
#[derive(Debug)]
pub(super) struct Search<'n> {
    net: &'n Net,
    upstream: &'n Upstream,
    pub(super) states: Vec<State>,
    known: BTreeMap<Marking, usize>,
    pub(super) meetings: Vec<Meeting>,
    /// The moves that were made anywhere.
    pub(super) made: BTreeSet<usize>,
    /// Whether every marking that matters was visited.
    pub(super) complete: bool,
    manner: Thoroughness,
    /// The markings to go on from, each after its rank.
    open: BTreeSet<(usize, usize)>,
}

impl<'n> Search<'n> {
    /// Searches a net. `budget` is what may be spent; the rest of it stays.
    pub(super) fn run(
        net: &'n Net,
        upstream: &'n Upstream,
        manner: Thoroughness,
        budget: &mut usize,
    ) -> Search<'n> {
        let mut search = Search {
            net,
            upstream,
            states: Vec::new(),
            known: BTreeMap::new(),
            meetings: Vec::new(),
            made: BTreeSet::new(),
            complete: true,
            manner,
            open: BTreeSet::new(),
        };
        search.reach(Rc::from([BEGIN]), 0, None);
        loop {
            while let Some((_, state)) = search.open.pop_first() {
                if search.states.len() >= MARKINGS || *budget == 0 {
                    search.complete = false;
                    search.states[state].cut = true;
                    continue;
                }
                *budget =
                    budget.saturating_sub(search.expand(state, manner == Thoroughness::EveryOrder));
            }
            if !search.complete || !search.catch_up() {
                return search;
            }
        }
    }

    fn reach(&mut self, marking: Marking, length: usize, from: Option<(usize, usize)>) -> usize {
        if let Some(known) = self.known.get(&marking).copied() {
            let state = &mut self.states[known];
            // Only what is still open may have a shorter way: where one went on from, none leads back.
            if length < state.length && self.open.remove(&(state.length, known)) {
                (state.length, state.from) = (length, from);
                self.open.insert((length, known));
            }
            return known;
        }
        let number = self.states.len();
        self.known.insert(marking.clone(), number);
        let (next, held_back, cut) = (Vec::new(), false, false);
        self.states.push(State { marking, length, from, next, held_back, cut });
        let rank = match self.manner {
            Thoroughness::Deep => usize::MAX - number,
            _ => length,
        };
        self.open.insert((rank, number));
        number
    }

    /// Makes the moves of a marking, all of them or as many as matter; gives what it cost.
    fn expand(&mut self, state: usize, every: bool) -> usize {
        let marking = self.states[state].marking.clone();
        let all = self.enabled(&marking);
        let chosen = if every { None } else { self.enough(&all, &marking) };
        self.states[state].held_back =
            chosen.as_ref().is_some_and(|chosen| chosen.len() < all.len());
        let chosen = chosen.unwrap_or(all);
        let mut cost = 1 + marking.len();
        self.states[state].next.clear();
        for step in chosen {
            cost += 4 + marking.len();
            self.make(state, &marking, step);
        }
        cost
    }

    fn make(&mut self, state: usize, marking: &[Spot], number: usize) {
        let Some(step) = self.net.step(number) else { return };
        self.made.insert(number);
        let mut after = marking.to_vec();
        match step.manner {
            Manner::Terminate | Manner::Abort => after.clear(),
            Manner::Plain | Manner::Gather => {
                for spot in &step.takes {
                    if let Ok(index) = after.binary_search(spot) {
                        after.remove(index);
                    }
                }
            }
        }
        for arrival in &step.puts {
            let held = after.iter().filter(|spot| **spot == arrival.spot).count();
            let came_so =
                || self.giver(state, arrival.spot) == Some(number) || self.came_so(state, arrival);
            if held > 0 && self.ends_apart(arrival.spot) && came_so() {
                // It is as if the one before had ended already.
                continue;
            }
            if held > 0 && !self.net.counted {
                self.states[state].cut = true;
                self.meetings.push(Meeting { state, step: number, spot: arrival.spot });
                return;
            }
            if held >= CROWD {
                self.states[state].cut = true;
                self.complete = false;
                return;
            }
            let index = after.partition_point(|spot| *spot < arrival.spot);
            after.insert(index, arrival.spot);
        }
        let length = self.states[state].length + step.length();
        let next = self.reach(after.into(), length, Some((state, number)));
        self.states[state].next.push((number, next));
    }

    /// Whether the path on a spot came by the same event beside an activity as one that is about to.
    fn came_so(&self, state: usize, arrival: &Arrival) -> bool {
        let giver = self.giver(state, arrival.spot).and_then(|number| self.net.step(number));
        let mut before = giver.into_iter().flat_map(|step| &step.puts);
        let event = self.net.since_event(arrival);
        event.is_some()
            && before.any(|one| one.spot == arrival.spot && self.net.since_event(one) == event)
    }

    /// Whether a path on a spot goes by itself to its end, and no other ever meets it or is ended.
    fn ends_apart(&self, spot: Spot) -> bool {
        let (mut seen, mut open) = (BTreeSet::from([spot]), vec![spot]);
        while let Some(spot) = open.pop() {
            for taker in &self.net.takers[spot as usize] {
                let Some(step) = self.net.step(*taker) else { continue };
                if !step.is_plain_from(spot) {
                    return false;
                }
                let puts = step.puts.iter().map(|arrival| arrival.spot);
                open.extend(puts.filter(|spot| seen.insert(*spot)));
            }
        }
        true
    }

    /// The move that put the path on a spot that is there in a marking.
    pub(super) fn giver(&self, state: usize, spot: Spot) -> Option<usize> {
        let way = self.way_to(state);
        let gives = |number: &usize| self.net.step(*number).is_some_and(|step| step.gives(spot));
        way.into_iter().map(|(_, number)| number).rfind(gives)
    }

    /// All moves that a marking can make, in order.
    fn enabled(&self, marking: &[Spot]) -> Vec<usize> {
        let takers = marking.iter().flat_map(|spot| &self.net.takers[*spot as usize]);
        let moves: BTreeSet<usize> = takers.copied().collect();
        moves.into_iter().filter(|number| self.is_enabled(*number, marking)).collect()
    }

    fn is_enabled(&self, number: usize, marking: &[Spot]) -> bool {
        let Some(step) = self.net.step(number) else { return false };
        if step.manner == Manner::Gather {
            let held = |spot: &&Spot| marking.binary_search(spot).is_ok();
            return self.upstream.is_open(number, marking)
                && step.takes.iter().filter(held).count() >= step.least;
        }
        step.takes.chunk_by(|one, two| one == two).all(|same| {
            let from = marking.partition_point(|spot| *spot < same[0]);
            marking[from..].iter().take_while(|spot| **spot == same[0]).count() >= same.len()
        })
    }

    /// Moves that may go before all others (a persistent set): the choices of one cluster of spots
    /// that no other move takes from.
    fn enough(&self, enabled: &[usize], marking: &[Spot]) -> Option<Vec<usize>> {
        if enabled.len() < 2 {
            return None;
        }
        let by_spot = |number: &usize| self.net.step(*number).map(|step| step.takes[0]);
        let mut order: Vec<usize> = enabled.to_vec();
        order.sort_by_key(by_spot);
        order.into_iter().find_map(|number| {
            let step = self.net.step(number)?;
            let gathers = step.manner == Manner::Gather;
            let own = |spot: &Spot| {
                self.net.takers[*spot as usize].iter().all(|taker| {
                    let other = self.net.step(*taker);
                    let same = other.is_some_and(|other| other.takes == step.takes);
                    *taker == number || (same && !gathers)
                })
            };
            let held = |spot: &&Spot| marking.binary_search(spot).is_ok();
            let moved: Vec<Spot> = step.takes.iter().filter(held).copied().collect();
            let apart = step.takes.iter().all(own)
                && (!gathers || self.upstream.is_last(number, marking))
                && self.upstream.leaves_alone(&moved, marking, number);
            apart.then(|| {
                let takers = &self.net.takers[step.takes[0] as usize];
                enabled.iter().copied().filter(|one| takers.contains(one)).collect()
            })
        })
    }

    /// Where the search turns in circles, makes the moves that were put off; they would be put off
    /// for ever. Gives whether there were any.
    fn catch_up(&mut self) -> bool {
        let mut late = Vec::new();
        for circle in self.last_circles() {
            late.extend(circle.into_iter().filter(|state| self.states[*state].held_back));
        }
        for state in &late {
            self.expand(*state, true);
        }
        !late.is_empty()
    }

    /// The sets of markings that reach each other and that nothing leads out of.
    pub(super) fn last_circles(&self) -> Vec<Vec<usize>> {
        let mut graph: DiGraph<(), ()> = DiGraph::new();
        let nodes: Vec<_> = self.states.iter().map(|_| graph.add_node(())).collect();
        for (state, from) in self.states.iter().zip(&nodes) {
            for (_, to) in &state.next {
                graph.add_edge(*from, nodes[*to], ());
            }
        }
        let mut circle = vec![0; nodes.len()];
        let circles = kosaraju_scc(&graph);
        for (number, members) in circles.iter().enumerate() {
            members.iter().for_each(|member| circle[member.index()] = number);
        }
        let stays = |members: &Vec<_>| {
            members.iter().all(|member: &petgraph::graph::NodeIndex| {
                let next = &self.states[member.index()].next;
                next.iter().all(|(_, to)| circle[*to] == circle[member.index()])
            })
        };
        let last = circles.iter().filter(|members| stays(members));
        last.map(|members| members.iter().map(|member| member.index()).collect()).collect()
    }

    /// How many elements are passed until two paths meet.
    pub(super) fn length_with(&self, meeting: &Meeting) -> usize {
        self.states[meeting.state].length
            + self.net.step(meeting.step).map_or(0, |step| step.length())
    }

    /// The markings, those with the shortest ways first.
    pub(super) fn nearest(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.states.len()).collect();
        order.sort_by_key(|number| self.states[*number].length);
        order
    }

    /// The moves that lead to a marking, the first one first, each with the marking before it.
    pub(super) fn way_to(&self, state: usize) -> Vec<(usize, usize)> {
        let mut way = Vec::new();
        let mut at = state;
        while let Some((before, step)) = self.states[at].from {
            way.push((before, step));
            at = before;
        }
        way.reverse();
        way
    }
}
