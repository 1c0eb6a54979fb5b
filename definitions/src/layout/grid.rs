//! A sparse grid of lanes between what is drawn, and the cheapest way through it.

use super::{Bounds, Point};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The most lanes of a grid each way; of lanes that are close to each other some are left out then.
const MOST_LANES: usize = 120;
/// What may be spent on the search for ways, in steps; further lines run straight ahead.
pub(super) const EFFORT: usize = 2_000_000;
/// While more is left the cheapest way is sought; then one that is found sooner and hardly dearer.
const PLENTY: usize = 1_500_000;
/// What a step costs that must not be taken.
const NEVER: u32 = u32::MAX;
/// What a turn and a crossed line cost, in pixels.
const TURN: u32 = 30;
const CROSSING: u32 = 40;

/// The lanes, and what each step from one to the next costs.
#[derive(Debug)]
pub(super) struct Grid {
    /// The places of the lanes from the left, and from the top.
    lanes: [Vec<f64>; 2],
    /// The steps to the right and those down, by the point where they begin.
    steps: [Vec<Step>; 2],
}

#[derive(Clone, Copy, Debug)]
struct Step {
    /// How dear each pixel is.
    weight: u32,
    more: u32,
}

/// Where a way may begin or end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Port {
    /// On the border of a shape.
    pub(super) border: Point,
    /// Before it.
    pub(super) before: Point,
    /// Whether the line between the two runs up or down.
    pub(super) upright: bool,
    pub(super) cost: u32,
}

/// A way through the grid.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) cost: u32,
    pub(super) points: Vec<Point>,
}

impl Grid {
    /// A grid with lanes through some points and, as far as there are not too many, others.
    pub(super) fn new(through: &[Point], [across, down]: [Vec<f64>; 2]) -> Grid {
        let x = lanes(through.iter().map(|point| point.x), &across);
        let y = lanes(through.iter().map(|point| point.y), &down);
        let free = vec![Step { weight: 1, more: 0 }; x.len() * y.len()];
        Grid { lanes: [x, y], steps: [free.clone(), free] }
    }

    /// How many points it has.
    pub(super) fn size(&self) -> usize {
        self.lanes[0].len() * self.lanes[1].len()
    }

    /// Changes the steps right (`0`) or down (`1`) that come into an open rectangle.
    fn change(&mut self, axis: usize, area: &Bounds, mut change: impl FnMut(&mut Step, f64)) {
        let sides = [(area.x, area.right()), (area.y, area.bottom())];
        let ((from, to), (first, last)) = (sides[axis], sides[1 - axis]);
        let (along, beside) = (&self.lanes[axis], &self.lanes[1 - axis]);
        let begin = along.partition_point(|place| *place <= from).saturating_sub(1);
        let end = along.partition_point(|place| *place < to).min(along.len() - 1);
        let lanes =
            beside.partition_point(|lane| *lane <= first)..beside.partition_point(|l| *l < last);
        let width = self.lanes[0].len();
        for lane in lanes {
            for place in begin..end {
                let index = if axis == 0 { lane * width + place } else { place * width + lane };
                change(&mut self.steps[axis][index], beside[lane]);
            }
        }
    }

    /// Lets nothing into a rectangle.
    pub(super) fn block(&mut self, area: &Bounds) {
        for axis in [0, 1] {
            self.change(axis, area, |step, _| step.weight = NEVER);
        }
    }

    /// Makes each pixel in a rectangle dearer.
    pub(super) fn weigh(&mut self, area: &Bounds, weight: u32) {
        for axis in [0, 1] {
            self.change(axis, area, |step, _| step.weight = step.weight.saturating_add(weight));
        }
    }

    /// Makes it dear to run along a line, in `area` around it, and to cross it. A line that may be
    /// shared is joined and crossed for nothing.
    pub(super) fn line(&mut self, one: Point, two: Point, area: &Bounds, share: bool, dear: u32) {
        let flat = [one.y == two.y, one.x == two.x];
        for axis in (0..2).filter(|axis| flat[*axis]) {
            let own = if axis == 0 { one.y } else { one.x };
            self.change(axis, area, |step, lane| {
                if !(share && lane == own) {
                    step.weight = step.weight.saturating_add(dear);
                }
            });
        }
        if share {
            return;
        }
        let ends = [(one.x, two.x), (one.y, two.y)];
        let width = self.lanes[0].len();
        for axis in (0..2).filter(|axis| !flat[*axis]) {
            let ((a, b), (from, to)) = (ends[axis], ends[1 - axis]);
            let (along, beside) = (&self.lanes[axis], &self.lanes[1 - axis]);
            let first = beside.partition_point(|lane| *lane < from.min(to));
            let last = beside.partition_point(|lane| *lane <= from.max(to));
            for (lane, height) in beside.iter().enumerate().take(last).skip(first) {
                let at = a + (b - a) * (height - from) / (to - from);
                let place = along.partition_point(|place| *place <= at);
                let Some(place) = place.checked_sub(1).filter(|p| p + 1 < along.len()) else {
                    continue;
                };
                let index = if axis == 0 { lane * width + place } else { place * width + lane };
                self.steps[axis][index].more += CROSSING;
            }
        }
    }

    /// The cheapest way from one of some ports to one of others, seen while there is `effort` left.
    pub(super) fn way(&self, from: &[Port], to: &[Port], effort: &mut usize) -> Option<Found> {
        let width = self.lanes[0].len();
        let node = |point: Point| {
            let column = self.lanes[0].partition_point(|lane| *lane < point.x);
            self.lanes[1].partition_point(|lane| *lane < point.y) * width + column
        };
        let goals: Vec<(usize, &Port)> = to.iter().map(|port| (node(port.before), port)).collect();
        let point = |p: Point| Bounds { x: p.x, y: p.y, ..Bounds::default() };
        let near = to.iter().map(|port| point(port.before)).reduce(|a, b| a.around(&b))?;
        let haste = if *effort > PLENTY { 1.0 } else { 1.2 };
        // A state is a point of the grid and whether the way there ran up or down.
        let left = |state: usize| {
            let at = self.point(state / 2);
            let x = (near.x - at.x).max(at.x - near.right()).max(0.0);
            let y = (near.y - at.y).max(at.y - near.bottom()).max(0.0);
            ((x + y) * haste) as u32
        };
        let mut best = vec![(NEVER, usize::MAX); 2 * self.size()];
        let mut open = BinaryHeap::new();
        for port in from {
            let state = 2 * node(port.before) + usize::from(port.upright);
            if port.cost < best[state].0 {
                best[state] = (port.cost, state);
                open.push(Reverse((port.cost + left(state), state)));
            }
        }
        let mut end: Option<(u32, usize, &Port)> = None;
        while let Some(Reverse((least, state))) = open.pop() {
            if end.is_some_and(|(cost, ..)| cost <= least) {
                break;
            }
            let cost = best[state].0;
            if least > cost.saturating_add(left(state)) {
                continue;
            }
            *effort = effort.checked_sub(1)?;
            for (_, port) in goals.iter().filter(|(node, _)| *node == state / 2) {
                let turn = if port.upright == (state % 2 == 1) { 0 } else { TURN };
                let cost = cost.saturating_add(port.cost + turn);
                if end.is_none_or(|(least, ..)| cost < least) {
                    end = Some((cost, state, port));
                }
            }
            for (next, dear) in self.next(state / 2) {
                let turn = if next % 2 == state % 2 { 0 } else { TURN };
                let cost = cost.saturating_add(dear).saturating_add(turn);
                if cost < best[next].0 {
                    best[next] = (cost, state);
                    open.push(Reverse((cost.saturating_add(left(next)), next)));
                }
            }
        }
        let (cost, mut state, port) = end?;
        let mut points = vec![port.border, port.before];
        while best[state].1 != state {
            state = best[state].1;
            points.push(self.point(state / 2));
        }
        let begins = |port: &&Port| {
            2 * node(port.before) + usize::from(port.upright) == state && port.cost == best[state].0
        };
        points.push(from.iter().find(begins)?.border);
        points.reverse();
        Some(Found { cost, points })
    }

    fn point(&self, node: usize) -> Point {
        let width = self.lanes[0].len();
        Point { x: self.lanes[0][node % width], y: self.lanes[1][node / width] }
    }

    /// The states to which one step leads from a point, and what the step costs.
    fn next(&self, node: usize) -> impl Iterator<Item = (usize, u32)> {
        let width = self.lanes[0].len();
        let places = [node % width, node / width];
        [(0, 1), (1, width)].into_iter().flat_map(move |(axis, stride)| {
            let lanes = &self.lanes[axis];
            let place = places[axis];
            let onward = (place + 1 < lanes.len()).then_some((node, node + stride, place));
            let back = (place > 0).then(|| (node - stride, node - stride, place - 1));
            [onward, back].into_iter().flatten().filter_map(move |(from, to, place)| {
                let Step { weight, more } = self.steps[axis][from];
                let length = (lanes[place + 1] - lanes[place]).round() as u32;
                let cost = length.saturating_mul(weight).saturating_add(more);
                (weight != NEVER).then_some((2 * to + axis, cost))
            })
        })
    }
}

/// Lanes through all of some places and, as far as there are not too many, others.
fn lanes(through: impl Iterator<Item = f64>, others: &[f64]) -> Vec<f64> {
    let through = through.map(|place| (place, true));
    let mut all: Vec<(f64, bool)> = through.chain(others.iter().map(|p| (*p, false))).collect();
    all.sort_by(|one, two| one.0.total_cmp(&two.0).then(two.1.cmp(&one.1)));
    let mut apart = 1.0;
    loop {
        let mut lanes: Vec<f64> = Vec::new();
        for (place, must) in &all {
            let far = lanes.last().is_none_or(|last| place - last >= apart);
            if far || (*must && lanes.last() != Some(place)) {
                lanes.push(*place);
            }
        }
        if lanes.len() <= MOST_LANES || apart > 1e6 {
            return lanes;
        }
        apart *= 2.0;
    }
}
