//! Sides: where each line leaves its source and enters its target, and the room that this needs.

use super::cells::Owner;
use super::extent;
use super::graph::{EVENT, Form, Graph, Item, Link};
use super::label::{self, Side, WIDEST};
use super::rows::{Rows, Way};
use std::collections::BTreeSet;

/// The side of its source by which a line leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Toward {
    Right,
    Up,
    Down,
}

/// How a line leaves its source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exit {
    pub(super) toward: Toward,
    /// Where it begins, from the left side of its source and from its middle.
    pub(super) x: f64,
    pub(super) y: f64,
    /// How far from the middle it turns to the right, if it cannot run on to its row.
    pub(super) turn: Option<f64>,
    /// Where its name stands, and how far beyond its beginning; after its first turn if nowhere.
    pub(super) name: Option<(Side, f64)>,
}

/// The sides of all lines of a scope.
#[derive(Debug)]
pub(super) struct Sides {
    /// How each link leaves.
    pub(super) exits: Vec<Exit>,
    /// Whether each link enters its target from above (`false`) or from below (`true`), if not from
    /// the left.
    pub(super) entries: Vec<Option<bool>>,
}

/// From the beginning of a line to its name, along the line and beside it.
pub(super) const ALONG: f64 = 4.0;
pub(super) const BESIDE: f64 = 9.0;
/// The distance of two lines that leave by one side, at most.
const STEP: f64 = 14.0;
/// The distance of two lines that turn, and of a line from what it passes.
const TURN: f64 = 10.0;

/// Chooses the sides of all lines and tells the items how far what belongs to them reaches.
pub(super) fn sides(graph: &mut Graph<'_>, rows: &Rows) -> Sides {
    let begin = Exit { toward: Toward::Right, x: 0.0, y: 0.0, turn: None, name: None };
    let mut exits = vec![begin; graph.links.len()];
    let mut turning = Vec::new();
    for item in 0..graph.items.len() {
        let mut leaving = Leaving { graph, rows, exits: &mut exits, turning: Vec::new() };
        leaving.item(item);
        leaving.ports(item);
        turning.push(leaving.turning);
    }
    let mut used = vec![[false, false]; graph.items.len()];
    for (link, exit) in graph.links.iter().zip(&exits) {
        if link.port.is_none() && exit.toward != Toward::Right {
            used[link.from][usize::from(exit.toward == Toward::Down)] = true;
        }
        if link.port.is_none() && exit.toward == Toward::Up {
            let before = &mut graph.items[link.from].name_before;
            *before = before.min(exit.x);
        }
    }
    let entries = entries(graph, rows, &exits, &turning, &used);
    for (link, entry) in graph.links.iter().zip(&entries) {
        if let Some(below) = entry {
            used[link.to][usize::from(*below)] = true;
        }
    }
    for (number, turning) in turning.into_iter().enumerate() {
        graph.items[number].name_side = match used[number] {
            [false, _] => Side::Above,
            [true, false] => Side::Below,
            [true, true] => Side::LeftAbove,
        };
        extent::measure(graph, number, &exits);
        turn(&mut graph.items[number], turning, &mut exits);
    }
    Sides { exits, entries }
}

/// Whether each link enters its target from above or from below, if not from the left: it does not
/// where it would lie on another that runs up or down in the middle of the same column.
fn entries(
    graph: &Graph<'_>,
    rows: &Rows,
    exits: &[Exit],
    turning: &[Vec<usize>],
    used: &[[bool; 2]],
) -> Vec<Option<bool>> {
    let turning: BTreeSet<usize> = turning.iter().flatten().copied().collect();
    let span = |item: usize, link: usize| {
        let (item, row) = (&graph.items[item], rows.along(graph, link));
        (item.rank, item.row.min(row), item.row.max(row))
    };
    let leaves = |link: &usize| {
        let (item, exit) = (&graph.items[graph.links[*link].from], &exits[*link]);
        let middle = (exit.x - item.width / 2.0).abs() < TURN;
        middle && exit.toward != Toward::Right && !turning.contains(link)
    };
    let leaving = (0..graph.links.len()).filter(leaves);
    let mut upright: Vec<(usize, (usize, i32, i32))> =
        leaving.map(|link| (link, span(graph.links[link].from, link))).collect();
    let mut entries = Vec::new();
    for link in 0..graph.links.len() {
        let to = graph.links[link].to;
        let (rank, top, bottom) = span(to, link);
        let clash = |(other, (column, first, last)): &(usize, (usize, i32, i32))| {
            graph.links[*other].to != to && *column == rank && *first < bottom && top < *last
        };
        let entry = enters(graph, rows, link, used).filter(|_| !upright.iter().any(clash));
        upright.extend(entry.map(|_| (link, (rank, top, bottom))));
        entries.push(entry);
    }
    entries
}

/// Whether a link enters its target from above or from below, if not from the left.
fn enters(graph: &Graph<'_>, rows: &Rows, number: usize, used: &[[bool; 2]]) -> Option<bool> {
    let link = &graph.links[number];
    let target = &graph.items[link.to];
    let row = rows.along(graph, number);
    let below = row > target.row;
    let free = match target.form {
        Form::Gateway => !used[link.to][usize::from(below)],
        Form::Event => link.back && !below && !used[link.to][0],
        Form::Task => link.back && (target.ports.is_empty() || below != (target.row >= 0)),
    };
    let owner = Owner::Lines { to: link.to, back: link.back };
    let clear = row != target.row
        && rows.cells.is_clear(target.rank, target.row, row)
        && rows.cells.has_line(target.rank, row, owner);
    (free && clear).then_some(below)
}

/// Lets the lines that cannot run on to their rows turn beyond what belongs to their item, the one
/// on the right first.
fn turn(item: &mut Item<'_>, mut links: Vec<usize>, exits: &mut [Exit]) {
    links.sort_by(|one, other| exits[*other].x.total_cmp(&exits[*one].x));
    for link in links {
        let reach = if exits[link].y < 0.0 { &mut item.reach.0 } else { &mut item.reach.1 };
        *reach += TURN;
        exits[link].turn = Some(reach.copysign(exits[link].y));
    }
}

/// The ways out of one item.
struct Leaving<'r, 'a> {
    graph: &'r Graph<'a>,
    rows: &'r Rows,
    exits: &'r mut Vec<Exit>,
    /// The links that turn beyond their item.
    turning: Vec<usize>,
}

impl Leaving<'_, '_> {
    /// What leaves an item itself: along its row to the right, to other rows from a gateway by its
    /// upper and its lower corner.
    fn item(&mut self, number: usize) {
        let item = &self.graph.items[number];
        let (mut right, mut blocked) = (Vec::new(), Vec::new());
        let mut aside = [Vec::new(), Vec::new()];
        for &link in &self.graph.leaving[number] {
            let Some((row, back)) = self.own(link) else { continue };
            let down = row > item.row;
            let steps = self.rows.ways[link] == Way::Step;
            let clear = !steps && self.rows.cells.is_clear(item.rank, item.row, row);
            let free = match item.form {
                Form::Gateway => true,
                Form::Event => back && !down,
                Form::Task => back && (item.ports.is_empty() || down != (item.row >= 0)),
            };
            match item.form {
                _ if row == item.row || !free => right.push(link),
                _ if clear => aside[usize::from(down)].push(link),
                Form::Gateway => blocked.push(link),
                _ => right.push(link),
            }
        }
        if right.is_empty() {
            let onward = |link: &usize| !self.graph.links[*link].back;
            let all = || blocked.iter().chain(&aside[1]).chain(&aside[0]).copied();
            let crowded = || aside.iter().filter(|side| side.len() > 1).flatten().copied();
            let only = Some(()).filter(|()| all().filter(onward).count() == 1);
            let first = blocked.iter().copied().find(onward).or(blocked.first().copied());
            let first = first.or_else(|| crowded().find(onward));
            let first = first.or_else(|| only.and_then(|()| all().find(onward)));
            right.extend(first);
            blocked.retain(|link| Some(*link) != first);
            aside.iter_mut().for_each(|side| side.retain(|link| Some(*link) != first));
        }
        for &link in &blocked {
            let down = self.row(link) > item.row;
            aside[usize::from(down)].push(link);
        }
        self.turning.extend(blocked);
        self.leave_right(item, right);
        for (side, links) in aside.into_iter().enumerate() {
            self.leave_aside(item, links, side == 1);
        }
    }

    /// The row of a link that leaves an item itself, and whether it leads back.
    fn own(&self, link: usize) -> Option<(i32, bool)> {
        let Link { port, back, .. } = self.graph.links[link];
        port.is_none().then(|| (self.row(link), back))
    }

    fn row(&self, link: usize) -> i32 {
        self.rows.along(self.graph, link)
    }

    fn leave_right(&mut self, item: &Item<'_>, mut links: Vec<usize>) {
        links.sort_by_key(|link| self.row(*link));
        let straight = links.iter().position(|link| self.row(*link) == item.row);
        let last = links.len().saturating_sub(1);
        let middle = straight.map_or(last as f64 / 2.0, |index| index as f64);
        let half = item.height / 2.0;
        let step = (STEP - 2.0).min(half * 1.6 / links.len().max(1) as f64);
        for (index, &link) in links.iter().enumerate() {
            let y = ((index as f64 - middle) * step).round().clamp(2.0 - half, half - 2.0);
            let x = item.width / 2.0 + item.outline(y);
            self.exits[link] = Exit { toward: Toward::Right, x, y, turn: None, name: None };
        }
        let (upper, lower) = links.split_at(links.len().div_ceil(2));
        self.stack(upper.iter().copied(), Side::RightAbove);
        self.stack(lower.iter().rev().copied(), Side::RightBelow);
    }

    /// The names of lines that leave right stand above and below all of them, each further out.
    fn stack(&mut self, links: impl Iterator<Item = usize>, side: Side) {
        let mut outermost: Option<(f64, f64)> = None;
        for link in links {
            let y = self.exits[link].y;
            let (first, mut beyond) = outermost.unwrap_or((y, ALONG));
            self.exits[link].name = Some((side, beyond + (y - first).abs()));
            let name = label::size(self.graph.links[link].name, WIDEST);
            beyond += name.map_or(0.0, |(_, height)| height + ALONG);
            outermost = Some((first, beyond));
        }
    }

    /// Lines to other rows by the lower or the upper side, so that they do not cross: those that
    /// lead left are on the left, the nearest outermost.
    fn leave_aside(&mut self, item: &Item<'_>, mut links: Vec<usize>, down: bool) {
        links.sort_by_key(|link| {
            let far = self.row(*link).abs_diff(item.row);
            let turns = self.turning.contains(link);
            match (turns, self.graph.links[*link].back) {
                (true, _) => (2, 0),
                (false, true) => (0, i64::from(far)),
                (false, false) => (1, -i64::from(far)),
            }
        });
        let count = links.len();
        let middle = item.width * if item.form == Form::Task { 0.75 } else { 0.5 };
        let room = if item.form == Form::Task { item.width * 0.4 } else { item.width * 0.8 };
        self.spread(&links, middle, room, |x| item.outline_at(x), down);
        for (index, link) in links.into_iter().enumerate() {
            self.exits[link].name = match index {
                _ if index + 1 == count => Some((side(true, down), ALONG)),
                0 => Some((side(false, down), ALONG)),
                _ => None,
            };
        }
    }

    /// What leaves the boundary events: outward.
    fn ports(&mut self, number: usize) {
        let item = &self.graph.items[number];
        let outward = item.row >= 0;
        for (index, port) in item.ports.iter().enumerate() {
            let all = self.graph.leaving[number].iter().copied();
            let links: Vec<usize> =
                all.filter(|link| self.graph.links[*link].port == Some(index)).collect();
            let half = item.height / 2.0;
            let outline = |x: f64| half + arc(EVENT / 2.0, x - port.offset);
            // Away from its name.
            let gaps = links.len().saturating_sub(1) as f64;
            let aside = STEP.min(EVENT * 0.4 / gaps.max(1.0)) * gaps / 2.0;
            let aside = if item.port_is_left(index) { aside } else { -aside };
            self.spread(&links, port.offset + aside, EVENT * 0.4, outline, outward);
            let mut beyond = 2.0 + label::size(port.name, WIDEST).map_or(0.0, |(_, h)| h + ALONG);
            for link in links {
                let row = self.row(link);
                let clear = self.rows.cells.is_clear(item.rank, item.row, row);
                if !clear || (row > item.row) != outward || row == item.row {
                    self.turning.push(link);
                }
                self.exits[link].name = Some((side(!item.port_is_left(index), outward), beyond));
                let name = label::size(self.graph.links[link].name, WIDEST);
                beyond += name.map_or(0.0, |(_, height)| height + ALONG);
            }
        }
    }

    fn spread(
        &mut self,
        links: &[usize],
        middle: f64,
        room: f64,
        outline: impl Fn(f64) -> f64,
        down: bool,
    ) {
        let gaps = links.len().saturating_sub(1) as f64;
        let step = STEP.min(room / gaps.max(1.0));
        for (index, &link) in links.iter().enumerate() {
            let x = (middle + (index as f64 - gaps / 2.0) * step).round();
            let y = outline(x);
            let (toward, y) = if down { (Toward::Down, y) } else { (Toward::Up, -y) };
            self.exits[link] = Exit { toward, x, y, turn: None, name: None };
        }
    }
}

fn side(right: bool, below: bool) -> Side {
    match (right, below) {
        (true, true) => Side::RightBelow,
        (true, false) => Side::RightAbove,
        (false, true) => Side::LeftBelow,
        (false, false) => Side::LeftAbove,
    }
}

/// From the middle of a circle to its border, at a distance from the middle.
pub(super) fn arc(radius: f64, aside: f64) -> f64 {
    (radius * radius - aside * aside).max(0.0).sqrt().round()
}
