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
    /// The number of the sub-process whose steps are made; none for the process.
    within: String,
}

const GATEWAYS: [&str; 4] = ["choose", "parallel", "include", "await"];

impl Author {
    fn definition(seed: u64) -> String {
        let dice = Dice(seed.wrapping_mul(2_654_435_761).wrapping_add(99));
        let wrong = if seed.is_multiple_of(2) { 0 } else { 50 };
        let within = String::new();
        let mut author = Author { dice, steps: Vec::new(), count: 0, wrong, within };
        let size = 2 + author.dice.below(9);
        format!("name: p\nsteps:\n{}", author.container(size))
    }

    /// The steps of the process or of a sub-process.
    fn container(&mut self, size: u64) -> String {
        let number = self.within.clone();
        let first = self.block(size, &format!("end{number}"), true);
        let mut text = format!("  - {{ start: Go, id: go{number}, then: {first} }}\n");
        text.push_str(&std::mem::take(&mut self.steps).concat());
        text.push_str(&format!("  - {{ end: End, id: end{number} }}\n"));
        if text.contains(&format!("then: stop{number} ")) {
            text.push_str(&format!("  - {{ end: Stop, id: stop{number}, terminate: true }}\n"));
        }
        text
    }

    /// A sub-process, which a timer may end.
    fn sub_process(&mut self, size: u64, next: &str) -> String {
        let id = self.id('p');
        let around = std::mem::take(&mut self.steps);
        let number = std::mem::replace(&mut self.within, id[1..].to_owned());
        let inner = self.container(size - 1);
        self.within = number;
        self.steps = around;
        let on = match self.dice.below(3) {
            0 => format!("    on: [{{ timer: PT1M, then: {next} }}]\n"),
            _ => String::new(),
        };
        let inner: String = inner.lines().map(|line| format!("    {line}\n")).collect();
        self.steps.push(format!("  - id: {id}\n    then: {next}\n{on}    steps:\n{inner}"));
        id
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
        match self.dice.below(13) {
            10 | 11 => self.sub_process(size, next),
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
        let kind = GATEWAYS[self.dice.below(4) as usize];
        let is_wrong = self.dice.below(100) < self.wrong;
        let closing = if is_wrong { GATEWAYS[self.dice.below(3) as usize] } else { kind };
        let closing = if closing == "await" { "choose" } else { closing };
        let (split, join) = (self.id('s'), self.id('j'));
        let target = if closing == "parallel" { next.to_owned() } else { format!("[{next}]") };
        self.steps.push(format!("  - {{ id: {join}, {closing}: {target} }}\n"));
        let alone = alone && matches!(kind, "choose" | "await");
        let ways: Vec<String> = (0..2 + self.dice.below(2))
            .map(|number| {
                let to = match self.dice.below(12) {
                    0 => join.clone(),
                    _ => self.block(size / 2, &join, alone),
                };
                match (kind, number) {
                    ("parallel", _) => to,
                    ("await", 0) => format!("{{ timer: PT1M, then: {to} }}"),
                    ("await", _) => format!("{{ message: m{number}, then: {to} }}"),
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
        let number = &self.within;
        let (stop, end) = (format!("stop{number}"), format!("end{number}"));
        let way_out = match self.dice.below(14) {
            0 => next,
            1 => &stop,
            2 if alone || self.dice.below(100) < self.wrong => &end,
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

/// A flow by the node that it leaves and its number there, or the sub-process in which a path is.
type Way = (Place, usize);

/// In the place of a flow's number: the path is in the sub-process.
const INSIDE: usize = usize::MAX;

fn sorted(mut marking: Vec<Way>) -> Vec<Way> {
    marking.sort();
    marking
}

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

    /// Where a path on a flow comes to; one that is in a sub-process stays there.
    fn target(&self, way: Way) -> Place {
        match way.1 {
            INSIDE => way.0,
            number => self.out(way.0)[number].2,
        }
    }

    fn is_inside(&self, place: Place, sub_process: Place) -> bool {
        let mut around = self.process.node(place).parent;
        while let Some(parent) = around.filter(|parent| *parent != sub_process) {
            around = self.process.node(parent).parent;
        }
        around.is_some()
    }

    fn is_sub_process(&self, place: Place) -> bool {
        let activity = self.process.node(place).kind.activity();
        activity.is_some_and(|activity| activity.sub_process().is_some())
    }

    /// What stays of a marking when a sub-process ends.
    fn without(&self, marking: &[Way], sub_process: Place) -> Vec<Way> {
        let stays = |way: &&Way| way.0 != sub_process && !self.is_inside(way.0, sub_process);
        marking.iter().filter(stays).copied().collect()
    }

    /// The markings after boundary events have ended sub-processes.
    fn interrupted(&self, marking: &[Way]) -> Vec<Vec<Way>> {
        let open = marking.iter().filter(|way| way.1 == INSIDE);
        let each = open.flat_map(|(sub_process, _)| {
            let rest = self.without(marking, *sub_process);
            let ways = self.leaving(*sub_process).into_iter().skip(1);
            ways.map(move |ways| sorted([&rest[..], &ways].concat()))
        });
        each.collect()
    }

    /// Whether in some scope nothing can move of itself, though paths are in it.
    fn is_stuck(&self, marking: &[Way], moved: &BTreeSet<Way>) -> bool {
        let scope = |way: &Way| self.process.node(way.0).parent;
        let moving: BTreeSet<Option<Place>> = moved.iter().map(scope).collect();
        marking.iter().any(|way| way.1 != INSIDE && !moving.contains(&scope(way)))
    }

    /// All ways in which a path leaves a node.
    fn leaving(&self, place: Place) -> Vec<Vec<Way>> {
        let out = self.out(place);
        let ways: Vec<Way> = out.iter().map(|(way, ..)| *way).collect();
        match &self.process.node(place).kind {
            Kind::ExclusiveGateway | Kind::EventGateway(_) => {
                ways.iter().map(|way| vec![*way]).collect()
            }
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
                if at != without && (way == from || way.1 != INSIDE) {
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
        if way.1 == INSIDE {
            let rest = self.without(marking, way.0);
            let is_empty = rest.len() + 1 == marking.len();
            let ways = self.leaving(way.0).into_iter().take(usize::from(is_empty));
            return ways.map(|ways| sorted([&rest[..], &ways].concat())).collect();
        }
        let at = self.target(way);
        let into = self.entering(at);
        let held = |way: &Way| marking.contains(way);
        let taken: Vec<Way> = match &self.process.node(at).kind {
            Kind::EndEvent(event) => {
                self.entered.insert(at);
                if matches!(event.only(), Some(EventDefinition::Terminate)) {
                    let scope = self.process.node(at).parent;
                    let stays = |way: &&Way| scope.is_some_and(|s| !self.is_inside(way.0, s));
                    return vec![marking.iter().filter(stays).copied().collect()];
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
        let inner = self.process.contents(Some(at)).start.filter(|_| self.is_sub_process(at));
        let ways = match inner {
            Some(start) => {
                self.entered.insert(start);
                let begun = self.leaving(start).into_iter();
                begun.map(|ways| [&[(at, INSIDE)][..], &ways].concat()).collect()
            }
            None => self.leaving(at),
        };
        let after = ways.into_iter().map(|more| {
            let mut after = sorted([&rest[..], &more].concat());
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
        let (mut next, mut moved) = (Vec::new(), BTreeSet::new());
        for way in paths {
            let moves = game.moves(&marking, way);
            if way.1 == INSIDE || !moves.is_empty() {
                moved.insert(way);
            }
            next.extend(moves);
        }
        if next.is_empty() || game.is_stuck(&marking, &moved) {
            found.stuck |= !marking.is_empty();
            ends.push(marking.clone());
        }
        let interrupted = game.interrupted(&marking);
        for after in &next {
            before.entry(after.clone()).or_default().insert(marking.clone());
        }
        for after in next.into_iter().chain(interrupted) {
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
