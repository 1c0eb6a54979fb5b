//! The verdict on one scope: what a search through its net shows.

use super::crowd;
use super::elements::Elements;
use super::net::{Element, Manner, Net, Spot};
use super::reduce::reduce;
use super::search::{Meeting, Search, Thoroughness};
use super::stuck::Stuck;
use super::told::lines;
use super::translate::{Known, translate};
use super::upstream::Upstream;
use crate::Kind;
use std::collections::BTreeSet;

/// Something that a scope does and should not.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    pub(super) rule: &'static str,
    pub(super) element: Element,
    pub(super) message: String,
    /// The way through the scope that shows it.
    pub(super) way: Vec<Element>,
    /// Of a join that is stuck: where no path comes from, in words.
    pub(super) waits_for: Option<String>,
}

impl Doubt {
    pub(super) fn new(
        rule: &'static str,
        element: Element,
        message: String,
        way: Vec<Element>,
    ) -> Doubt {
        Doubt { rule, element, message, way, waits_for: None }
    }
}

/// What was found out about a scope.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) doubts: Vec<Doubt>,
    /// Whether a path may leave the scope as usual; also when that is not known.
    pub(super) completes: bool,
    /// Nodes and flows that a path comes to.
    pub(super) reached: Vec<Element>,
    /// Whether a node that is not among those is never reached.
    pub(super) complete: bool,
    /// Why it could not be proved, if it could not.
    pub(super) unproved: Option<&'static str>,
    /// How many markings were visited.
    pub(super) markings: usize,
}

/// What a look into the depth may cost where the breadth is too large.
const DEEP: usize = 200_000;
const TOO_LARGE: &str = "there are too many ways through it to follow them all; draw it with \
                         fewer crossing branches, or put parts of it in sub-processes";
const PILES_UP: &str = "a split in a loop may send out path after path before those before have \
                        ended, so that there is no end of ways through it; join the branches \
                        before the loop goes back";

/// Proves one scope.
pub(super) fn verdict(
    known: &Known<'_, '_>,
    scope: Option<Element>,
    budget: &mut usize,
) -> Verdict {
    let mut net = translate(known, scope);
    reduce(&mut net);
    net.spell_out();
    let mut verdict = Verdict { completes: true, ..Verdict::default() };
    let Some(upstream) = Upstream::of(&net) else {
        verdict.unproved = Some(TOO_LARGE);
        return verdict;
    };
    let search = Search::run(&net, &upstream, Thoroughness::Enough, budget);
    let judge = Judge { elements: known.elements, net: &net, search: &search };
    verdict.markings = search.states.len();
    judge.deadlocks(&mut verdict);
    judge.circles(&mut verdict);
    judge.meetings(&mut verdict);
    judge.returns(&mut verdict);
    verdict.complete = search.complete && search.meetings.is_empty();
    let piles = |search: &Search<'_>| !search.meetings.is_empty();
    if !search.complete {
        verdict.unproved = Some(if net.counted { PILES_UP } else { TOO_LARGE });
        if verdict.doubts.is_empty() {
            let deep = Search::run(&net, &upstream, Thoroughness::Deep, &mut DEEP.clone());
            verdict.markings += deep.states.len();
            Judge { search: &deep, ..judge }.deadlocks(&mut verdict);
        }
    } else if !net.counted && !crowd::never(&net) {
        // Paths may meet in another order of the moves.
        let every = Search::run(&net, &upstream, Thoroughness::EveryOrder, budget);
        verdict.markings += every.states.len();
        Judge { search: &every, ..judge }.meetings(&mut verdict);
        let met = verdict.doubts.iter().any(|doubt| doubt.rule == "lack-of-synchronisation");
        if !every.complete && !met {
            verdict.unproved = Some(TOO_LARGE);
        } else if piles(&every) && !met {
            verdict.unproved = Some(PILES_UP);
        }
    }
    for number in &search.made {
        let Some(step) = net.step(*number) else { continue };
        verdict.reached.extend(&step.covers);
        verdict.reached.extend(step.puts.iter().flat_map(|arrival| &arrival.covers));
    }
    let sure = verdict.complete && verdict.doubts.is_empty() && verdict.unproved.is_none();
    verdict.completes = !sure || judge.completes();
    verdict
}

struct Judge<'j, 'p> {
    elements: &'j Elements<'p>,
    net: &'j Net,
    search: &'j Search<'j>,
}

impl Judge<'_, '_> {
    /// Whether the scope can end other than by an error or a cancellation.
    fn completes(&self) -> bool {
        self.search.states.iter().any(|state| {
            state.next.iter().any(|(step, to)| {
                let ends = self.search.states[*to].marking.is_empty();
                let manner = self.net.step(*step).map(|step| step.manner);
                ends && manner != Some(Manner::Abort)
            })
        })
    }

    /// Markings that cannot move and are no end.
    fn deadlocks(&self, verdict: &mut Verdict) {
        let mut told: BTreeSet<Element> = BTreeSet::new();
        for number in self.search.nearest() {
            let state = &self.search.states[number];
            if !state.next.is_empty() || state.cut || state.marking.is_empty() {
                continue;
            }
            let takers = state.marking.iter().flat_map(|spot| &self.net.takers[*spot as usize]);
            let stuck: BTreeSet<Element> =
                takers.filter_map(|taker| Some(self.net.step(*taker)?.node)).collect();
            let Some(element) = stuck.iter().find(|node| !told.contains(node)) else { continue };
            if told.iter().any(|node| stuck.contains(node)) {
                continue;
            }
            let mut waits_for = None;
            let message = match self.elements.kind(*element) {
                Kind::ParallelGateway => {
                    let (net, search, join) = (self.net, self.search, *element);
                    let stuck = Stuck { elements: self.elements, net, search, state: number, join };
                    let (flows, told) = stuck.told();
                    waits_for = Some(stuck.origins(&flows));
                    told
                }
                Kind::ComplexGateway(_) => {
                    "it can happen that its activation condition never holds, for fewer paths come \
                     than it asks for; ask for fewer, or send it more"
                        .to_owned()
                }
                Kind::Activity(_) => {
                    "fewer paths may come than it needs to begin; lower its start quantity or send \
                     it more"
                        .to_owned()
                }
                _ => "it waits for a path that cannot come before it goes on itself; take it out \
                      of the circle, or join with an exclusive gateway"
                    .to_owned(),
            };
            let mut way = self.way(number, None);
            way.push(*element);
            verdict
                .doubts
                .push(Doubt { waits_for, ..Doubt::new("deadlock", *element, message, way) });
            told.extend(stuck);
        }
    }

    /// Circles that no way leads out of.
    fn circles(&self, verdict: &mut Verdict) {
        if !self.search.complete {
            return;
        }
        let mut told: BTreeSet<Element> = BTreeSet::new();
        for mut circle in self.search.last_circles() {
            circle.sort_unstable_by_key(|number| (self.search.states[*number].length, *number));
            let states = circle.iter().map(|number| &self.search.states[*number]);
            if states.clone().any(|state| state.next.is_empty() || state.cut) {
                continue;
            }
            let made = states.flat_map(|state| &state.next);
            let moves = made.filter_map(|(step, _)| self.net.step(*step));
            let passed = moves.flat_map(|step| {
                step.covers.iter().chain(step.puts.iter().flat_map(|arrival| &arrival.covers))
            });
            let nodes: BTreeSet<Element> =
                passed.copied().filter(|element| self.elements.is_node(*element)).collect();
            let (Some(element), Some(state)) = (nodes.first().copied(), circle.first()) else {
                continue;
            };
            if nodes.iter().any(|node| told.contains(node)) {
                continue;
            }
            let mut way = self.way(*state, Some(self.search.states[*state].marking.to_vec()));
            if way.last() != Some(&element) {
                way.push(element);
            }
            let message = "from here no end is reached any more, whatever the data are; let \
                           something lead out of the circle"
                .to_owned();
            verdict.doubts.push(Doubt::new("endless-path", element, message, way));
            told.extend(nodes);
        }
    }

    /// Second paths on a spot that came another way than the first.
    fn meetings(&self, verdict: &mut Verdict) {
        let rule = "lack-of-synchronisation";
        let mut meetings: Vec<&Meeting> = self.search.meetings.iter().collect();
        meetings.sort_by_key(|meeting| self.search.length_with(meeting));
        for meeting in meetings {
            let Some(first) = self.search.giver(meeting.state, meeting.spot) else { continue };
            let Some(element) = self.meeting_point(meeting, first) else { continue };
            let same = |doubt: &Doubt| doubt.rule == rule && doubt.element == element;
            if first == meeting.step || verdict.doubts.iter().any(same) {
                continue;
            }
            let Some(step) = self.net.step(meeting.step) else { continue };
            let mut needed = step.takes.clone();
            needed.push(meeting.spot);
            let mut way = self.way(meeting.state, Some(needed));
            way.extend(&step.trail);
            let arrival = step.puts.iter().find(|arrival| arrival.spot == meeting.spot);
            way.extend(arrival.into_iter().flat_map(|arrival| &arrival.trail));
            let way = until_met(way, element);
            let message = self.remedy(&way);
            verdict.doubts.push(Doubt::new(rule, element, message, way));
        }
    }

    /// What is said of two paths that meet, and what to do about it.
    fn remedy(&self, way: &[Element]) -> String {
        let lines = lines(self.elements, way);
        let mut others = lines.iter().skip(1).filter_map(|line| line.first());
        let at_activities = others.all(|from| {
            self.elements.is_node(*from) && self.elements.kind(*from).activity().is_some()
        });
        let event = way.iter().rfind(|element| self.net.beside.contains(element));
        match event.filter(|_| at_activities) {
            Some(event) => {
                let event = &self.elements.step(*event).element;
                format!(
                    "two paths can come here side by side, for {event} does not interrupt, and \
                     what follows is then done twice; let the path of {event} end by itself, \
                     several steps of it in one sub-process, or make the event interrupting"
                )
            }
            None => "two paths can come here side by side, and what follows is then done twice; \
                     join them before with a parallel or an inclusive gateway"
                .to_owned(),
        }
    }

    /// Complex gateways that go on before all have come, and lead back to where others still are or
    /// to themselves.
    fn returns(&self, verdict: &mut Verdict) {
        let mut told: BTreeSet<(&str, Element)> = BTreeSet::new();
        for number in self.search.nearest() {
            let state = &self.search.states[number];
            let made = state.next.iter().filter_map(|(step, _)| self.net.step(*step));
            for step in made.filter(|step| !step.early.is_empty()) {
                let held = |spot: &&Spot| state.marking.binary_search(spot).is_ok();
                let come = step.takes.iter().filter(held).count();
                let (rule, message) = match step.early.iter().any(|spot| held(&spot)) {
                    true if come > step.least => (
                        "lack-of-synchronisation",
                        "it may go on before all have come, and leads back to where others are \
                         still on their way here: what is there is then done twice side by side; \
                         let it go on when all have come, or not lead back",
                    ),
                    _ if come < step.takes.len() => (
                        "not-proved",
                        "it could not be proved: it goes on before something has come along each \
                         of its flows, and leads back to itself; what comes back before its reset \
                         counts as late. Join with an inclusive gateway, or let it not lead back",
                    ),
                    _ => continue,
                };
                if told.insert((rule, step.node)) {
                    let (element, message) = (step.node, message.to_owned());
                    let mut way = self.way(number, None);
                    way.push(element);
                    verdict.doubts.push(Doubt::new(rule, element, message, way));
                }
            }
        }
    }

    /// The node where both come together: from there on they pass the same.
    fn meeting_point(&self, meeting: &Meeting, first: usize) -> Option<Element> {
        let passed = |number: usize| -> Option<Vec<Element>> {
            let step = self.net.step(number)?;
            let arrival = step.puts.iter().find(|arrival| arrival.spot == meeting.spot)?;
            Some(step.trail.iter().chain(&arrival.trail).copied().collect())
        };
        let (one, two) = (passed(first)?, passed(meeting.step)?);
        let pairs = one.iter().rev().zip(two.iter().rev());
        let common = pairs.take_while(|(one, two)| one == two).map(|(one, _)| *one);
        let node = common.filter(|element| self.elements.is_node(*element)).last();
        let next = || {
            let taker = self.net.takers[meeting.spot as usize].first()?;
            Some(self.net.step(*taker)?.node)
        };
        node.or_else(next)
    }

    /// What somebody passes on the shortest way to a marking, as far as it is needed for the paths
    /// on some spots; all of it without them.
    fn way(&self, state: usize, mut needed: Option<Vec<Spot>>) -> Vec<Element> {
        let mut parts: Vec<Vec<Element>> = Vec::new();
        for (before, number) in self.search.way_to(state).into_iter().rev() {
            let Some(step) = self.net.step(number) else { continue };
            let mut part = step.trail.clone();
            let mut last: &[Element] = &[];
            let mut counts = needed.is_none();
            for arrival in &step.puts {
                if let Some(needed) = &mut needed {
                    let index = needed.iter().position(|spot| *spot == arrival.spot);
                    let Some(index) = index else { continue };
                    needed.remove(index);
                    counts = true;
                }
                // What several paths passed before they were split is told once.
                let pairs = last.iter().zip(&arrival.trail);
                let common = pairs.take_while(|(one, two)| one == two).count();
                part.extend(&arrival.trail[common..]);
                last = &arrival.trail;
            }
            if !counts {
                continue;
            }
            if let Some(needed) = &mut needed {
                let marking = &self.search.states[before].marking;
                let taken = step.takes.iter().filter(|spot| marking.binary_search(spot).is_ok());
                needed.extend(taken);
            }
            parts.push(part);
        }
        parts.into_iter().rev().flatten().collect()
    }
}

/// A way on which two paths meet at a node: what comes after it is left out, for both.
fn until_met(mut way: Vec<Element>, node: Element) -> Vec<Element> {
    let Some(last) = way.iter().rposition(|element| *element == node) else {
        way.push(node);
        return way;
    };
    let tail = way.split_off(last);
    let first = (0..way.len()).find(|from| way[*from..].starts_with(&tail));
    if let Some(first) = first {
        way.drain(first..first + tail.len());
    }
    way.push(node);
    way
}
