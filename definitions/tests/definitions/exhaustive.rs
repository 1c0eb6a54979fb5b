//! The proof against a plain token game that plays every order of all moves, on random definitions.

use crate::catalog;
use definitions::{EventDefinition, Flow, Format, Kind, Place, Process, prove, read};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many definitions are made.
const CASES: u64 = 500;
/// The most markings that the token game visits.
const MARKINGS: usize = 500;

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Makes a definition of blocks, of which some are closed by the wrong gateway.
struct Author {
    dice: Dice,
    steps: Vec<String>,
    count: usize,
    /// How many of 100 joins are wrong.
    wrong: u64,
}

const GATEWAYS: [&str; 3] = ["choose", "parallel", "include"];

impl Author {
    fn definition(seed: u64) -> String {
        let dice = Dice(seed.wrapping_mul(2_654_435_761).wrapping_add(99));
        let wrong = if seed.is_multiple_of(2) { 0 } else { 50 };
        let mut author = Author { dice, steps: Vec::new(), count: 0, wrong };
        let size = 2 + author.dice.below(9);
        let first = author.block(size, "end", true);
        let mut text = format!("name: p\nsteps:\n  - {{ start: Go, then: {first} }}\n");
        text.push_str(&author.steps.concat());
        text.push_str("  - { end: End, id: end }\n");
        if text.contains("then: stop") {
            text.push_str("  - { end: Stop, id: stop, terminate: true }\n");
        }
        text
    }

    fn id(&mut self, letter: char) -> String {
        self.count += 1;
        format!("{letter}{}", self.count)
    }

    /// A block of about a size that leads to the next; gives where it begins.
    fn block(&mut self, size: u64, next: &str, alone: bool) -> String {
        if size <= 1 {
            return self.task(next, alone);
        }
        match self.dice.below(10) {
            0..=3 => {
                let first = 1 + self.dice.below(size - 1);
                let rest = self.block(size - first, next, alone);
                self.block(first, &rest, alone)
            }
            4 => {
                let (merge, again) = (self.id('m'), self.id('x'));
                let body = self.block(size - 1, &again, alone);
                self.steps.push(format!("  - {{ id: {merge}, choose: [{body}] }}\n"));
                self.steps.push(format!(
                    "  - {{ id: {again}, choose: [{{ when: a, then: {merge} }}, {{ otherwise: {next} }}] }}\n"
                ));
                merge
            }
            _ => self.split(size, next, alone),
        }
    }

    fn split(&mut self, size: u64, next: &str, alone: bool) -> String {
        let kind = GATEWAYS[self.dice.below(3) as usize];
        let is_wrong = self.dice.below(100) < self.wrong;
        let closing = if is_wrong { GATEWAYS[self.dice.below(3) as usize] } else { kind };
        let (split, join) = (self.id('s'), self.id('j'));
        let target = if closing == "parallel" { next.to_owned() } else { format!("[{next}]") };
        self.steps.push(format!("  - {{ id: {join}, {closing}: {target} }}\n"));
        let alone = alone && kind == "choose";
        let ways: Vec<String> = (0..2 + self.dice.below(2))
            .map(|number| {
                let to = match self.dice.below(12) {
                    0 => join.clone(),
                    _ => self.block(size / 2, &join, alone),
                };
                match (kind, number) {
                    ("parallel", _) => to,
                    ("choose", 0) => format!("{{ otherwise: {to} }}"),
                    ("include", 0) if self.dice.below(2) == 0 => format!("{{ otherwise: {to} }}"),
                    _ => format!("{{ when: a, then: {to} }}"),
                }
            })
            .collect();
        self.steps.push(format!("  - {{ id: {split}, {kind}: [{}] }}\n", ways.join(", ")));
        split
    }

    fn task(&mut self, next: &str, alone: bool) -> String {
        let id = self.id('t');
        let way_out = match self.dice.below(12) {
            0 => next,
            1 => "stop",
            2 if alone || self.dice.below(100) < self.wrong => "end",
            _ => "",
        };
        if way_out.is_empty() {
            self.steps.push(format!("  - {{ id: {id}, do: nothing, then: {next} }}\n"));
        } else {
            self.steps.push(format!(
                "  - {{ id: {id}, activity: addUser, with: {{ storeName: a }}, then: {next}, on: [{{ error: ExtIdNotUnique, then: {way_out} }}] }}\n"
            ));
        }
        id
    }
}

/// A flow by the node that it leaves and its number there.
type Way = (Place, usize);

/// What the token game found.
#[derive(Debug, Default, PartialEq)]
struct Found {
    crowded: bool,
    stuck: bool,
    endless: bool,
    dead: BTreeSet<String>,
}

#[derive(Debug)]
struct Game<'p> {
    process: &'p Process,
    entered: BTreeSet<Place>,
    out: BTreeMap<Place, Vec<(Way, &'p Flow, Place)>>,
    entering: BTreeMap<Place, Vec<Way>>,
    /// The flows that each flow leads to without passing a node.
    ways: BTreeMap<(Way, Place), BTreeSet<Way>>,
}

impl<'p> Game<'p> {
    fn new(process: &'p Process) -> Game<'p> {
        let mut game = Game {
            process,
            entered: BTreeSet::new(),
            out: BTreeMap::new(),
            entering: BTreeMap::new(),
            ways: BTreeMap::new(),
        };
        for (place, _) in process.nodes() {
            let flows = process.outgoing(place).enumerate();
            let out: Vec<_> =
                flows.map(|(number, (flow, to))| ((place, number), flow, to)).collect();
            for (way, _, to) in &out {
                game.entering.entry(*to).or_default().push(*way);
            }
            game.out.insert(place, out);
        }
        game
    }

    fn out(&self, place: Place) -> &[(Way, &'p Flow, Place)] {
        &self.out[&place]
    }

    fn entering(&self, place: Place) -> Vec<Way> {
        self.entering.get(&place).cloned().unwrap_or_default()
    }

    fn target(&self, way: Way) -> Place {
        self.out(way.0)[way.1].2
    }

    /// All ways in which a path leaves a node.
    fn leaving(&self, place: Place) -> Vec<Vec<Way>> {
        let out = self.out(place);
        let ways: Vec<Way> = out.iter().map(|(way, ..)| *way).collect();
        match &self.process.node(place).kind {
            Kind::ExclusiveGateway => ways.iter().map(|way| vec![*way]).collect(),
            Kind::InclusiveGateway => {
                let of =
                    |default| move |(_, flow, _): &&(Way, &Flow, Place)| flow.is_default == default;
                let default = out.iter().find(of(true)).map(|(way, ..)| vec![*way]);
                let plain: Vec<Way> = out.iter().filter(of(false)).map(|(way, ..)| *way).collect();
                let subsets = (1..1_u32 << plain.len()).map(|bits| {
                    let chosen = plain.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
                    chosen.map(|(_, way)| *way).collect()
                });
                // A flow without a condition is always taken.
                let always: Vec<Way> = out
                    .iter()
                    .filter(|(_, flow, _)| flow.condition.is_none() && !flow.is_default)
                    .map(|(way, ..)| *way)
                    .collect();
                let fits = |chosen: &Vec<Way>| always.iter().all(|way| chosen.contains(way));
                subsets.filter(fits).chain(default.filter(|_| always.is_empty())).collect()
            }
            Kind::Activity(activity) => {
                let mut all = vec![ways];
                for boundary in &activity.boundaries {
                    all.extend(self.leaving(*boundary));
                }
                all
            }
            _ => vec![ways],
        }
    }

    /// The flows that a path on a flow can come to without passing a node.
    fn reach(&mut self, from: Way, without: Place) -> &BTreeSet<Way> {
        if !self.ways.contains_key(&(from, without)) {
            let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
            while let Some(way) = open.pop() {
                let at = self.target(way);
                if at != without {
                    let next = self.leaving(at).into_iter().flatten();
                    open.extend(next.filter(|way| seen.insert(*way)));
                }
            }
            self.ways.insert((from, without), seen);
        }
        &self.ways[&(from, without)]
    }

    /// The markings after each move of a path on a flow.
    fn moves(&mut self, marking: &[Way], way: Way) -> Vec<Vec<Way>> {
        let at = self.target(way);
        let into = self.entering(at);
        let held = |way: &Way| marking.contains(way);
        let taken: Vec<Way> = match &self.process.node(at).kind {
            Kind::EndEvent(event) => {
                self.entered.insert(at);
                if matches!(event.only(), Some(EventDefinition::Terminate)) {
                    return vec![Vec::new()];
                }
                vec![way]
            }
            Kind::ParallelGateway if into.len() > 1 => {
                if !into.iter().all(held) {
                    return Vec::new();
                }
                into
            }
            Kind::InclusiveGateway if into.len() > 1 => {
                let open = marking.iter().all(|path| {
                    let reach = self.reach(*path, at);
                    let leads = |full| into.iter().any(|to| held(to) == full && reach.contains(to));
                    !leads(false) || leads(true)
                });
                if !open {
                    return Vec::new();
                }
                into.into_iter().filter(held).collect()
            }
            _ => vec![way],
        };
        self.entered.insert(at);
        if let Kind::Activity(activity) = &self.process.node(at).kind {
            self.entered.extend(&activity.boundaries);
        }
        let mut rest = marking.to_vec();
        for way in &taken {
            if let Some(index) = rest.iter().position(|held| held == way) {
                rest.remove(index);
            }
        }
        let after = self.leaving(at).into_iter().map(|more| {
            let mut after = [&rest[..], &more].concat();
            after.sort();
            // Paths that come to an end one after the other are no crowd.
            after.dedup_by(|one, two| one == two && self.is_end(self.target(*one)));
            after
        });
        after.collect()
    }

    fn is_end(&self, place: Place) -> bool {
        matches!(self.process.node(place).kind, Kind::EndEvent(_))
    }

    fn is_crowded(&self, marking: &[Way]) -> bool {
        let doubled = marking.windows(2).any(|pair| pair[0] == pair[1]);
        let mut at = BTreeSet::new();
        doubled
            || marking.iter().any(|way| {
                let place = self.target(*way);
                let joins = matches!(
                    self.process.node(place).kind,
                    Kind::ParallelGateway | Kind::InclusiveGateway | Kind::EndEvent(_)
                );
                !joins && !at.insert(place)
            })
    }
}

/// Plays all orders of all moves; nothing when there are too many.
fn play(process: &Process) -> Option<Found> {
    let mut game = Game::new(process);
    let start = process.contents(None).start?;
    game.entered.insert(start);
    let first = game.leaving(start).remove(0);
    let mut found = Found::default();
    let mut before: BTreeMap<Vec<Way>, BTreeSet<Vec<Way>>> = BTreeMap::new();
    let (mut seen, mut open) = (BTreeSet::from([first.clone()]), VecDeque::from([first]));
    let mut ends: Vec<Vec<Way>> = Vec::new();
    while let Some(marking) = open.pop_front() {
        if seen.len() > MARKINGS {
            return None;
        }
        if game.is_crowded(&marking) {
            found.crowded = true;
            ends.push(marking);
            continue;
        }
        let paths: BTreeSet<Way> = marking.iter().copied().collect();
        let next: Vec<_> = paths.iter().flat_map(|way| game.moves(&marking, *way)).collect();
        if next.is_empty() {
            found.stuck |= !marking.is_empty();
            ends.push(marking.clone());
        }
        for after in next {
            before.entry(after.clone()).or_default().insert(marking.clone());
            if seen.insert(after.clone()) {
                open.push_back(after);
            }
        }
    }
    let mut good = BTreeSet::new();
    while let Some(marking) = ends.pop() {
        if good.insert(marking.clone()) {
            ends.extend(before.get(&marking).into_iter().flatten().cloned());
        }
    }
    found.endless = good.len() < seen.len();
    let dead = process.nodes().filter(|(place, _)| !game.entered.contains(place));
    found.dead = dead.map(|(_, node)| node.id.to_string()).collect();
    Some(found)
}

#[test]
fn the_proof_says_what_a_game_of_all_orders_says() {
    let (mut whole, mut sound, mut crowded, mut stuck) = (0, 0, 0, 0);
    for seed in 0..CASES {
        let text = Author::definition(seed);
        let Ok(process) = read(Format::Yaml, &text, &catalog::catalog()) else { continue };
        let Some(found) = play(&process) else { continue };
        let findings = prove(&process, &catalog::catalog()).findings;
        let says = |rule: &str| findings.iter().any(|finding| finding.rule == rule);
        let told = format!("seed {seed}\n{text}\n{found:?}\n{findings:#?}");
        assert!(!says("not-proved"), "{told}");
        assert_eq!(says("lack-of-synchronisation"), found.crowded, "{told}");
        let dead = findings.iter().filter(|finding| finding.rule == "dead-element");
        if !found.crowded {
            assert_eq!(says("deadlock"), found.stuck, "{told}");
            assert_eq!(says("endless-path"), found.endless, "{told}");
            let dead: BTreeSet<String> = dead.flat_map(|one| one.element.clone()).collect();
            assert!(dead.is_subset(&found.dead), "{told}");
            assert!(found.stuck || dead.is_empty() == found.dead.is_empty(), "{told}");
        }
        whole += 1;
        sound += u32::from(findings.is_empty());
        crowded += u32::from(found.crowded);
        stuck += u32::from(found.stuck);
    }
    // The definitions are of all sorts, or the test would say little.
    let sorts = [whole, sound, crowded, stuck];
    assert!(sorts.iter().all(|count| *count > 10), "{sorts:?}");
}
