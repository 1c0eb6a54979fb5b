//! What is drawn in one scope, and what can be added to it: nodes where there is room, and lines
//! that run through nothing.

use super::graph::Form;
use super::grid::{Found, Grid, Port};
use super::names::Taken;
use super::route::simplified;
use super::sides::arc;
use super::{Bounds, Point};
use crate::process::Place;

/// The length of a line before it may turn, and how near it may come to shapes.
const BEFORE: f64 = 10.0;
const NEAREST: f64 = 6.0;
/// From a shape, a line or a name to the lanes beside it.
const BESIDE_SHAPE: [f64; 2] = [10.0, 20.0];
const BESIDE_LINE: f64 = 10.0;
const BESIDE_NAME: f64 = 6.0;
/// Lines that are nearer to each other seem to be one.
const SAME: f64 = 10.0;
/// What each pixel costs more on a name, on a line, and close to a shape.
const NAME: u32 = 20;
const LINE: u32 = 50;
const CLOSE: u32 = 2;
/// How far around its ends a way is sought first, and then; at last everywhere.
const AROUND: [f64; 2] = [120.0, 500.0];
/// The room around a new node: from shapes, and from lines and names.
pub(super) const FROM_SHAPE: f64 = 40.0;
const FROM_LINE: f64 = 20.0;
/// How much less near a place is from which a line leads back.
const BACK: f64 = 6.0;
/// How many places are tried for a new node from the left, and from the top.
const TRIED: usize = 100;
/// How many comparisons are made for a place.
const MOST_COMPARISONS: usize = 500_000;

/// What is drawn in one scope.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The sub-process around it, if it is drawn open.
    pub(super) inside: Option<Bounds>,
    shapes: Vec<(Place, Bounds)>,
    names: Vec<Bounds>,
    lines: Vec<Part>,
}

/// A part of a line.
#[derive(Clone, Copy, Debug)]
struct Part {
    one: Point,
    two: Point,
    /// To what the line leads.
    to: Place,
}

/// What a line joins.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) place: Place,
    pub(super) form: Form,
    pub(super) bounds: Bounds,
}

impl Plan {
    pub(super) fn add_shape(&mut self, place: Place, bounds: Bounds) {
        self.shapes.push((place, bounds));
    }

    pub(super) fn add_name(&mut self, name: Bounds) {
        self.names.push(name);
    }

    pub(super) fn add_line(&mut self, points: &[Point], to: Place) {
        let parts = points.windows(2).map(|pair| Part { one: pair[0], two: pair[1], to });
        self.lines.extend(parts);
    }

    /// What names of lines shall not lie on.
    pub(super) fn taken(&self) -> Taken {
        let shapes = self.shapes.iter().map(|(_, bounds)| *bounds);
        let shapes = shapes.chain(self.names.iter().copied()).collect();
        let lines = self.lines.iter().map(|part| (part.one, part.two)).collect();
        Taken { shapes, lines, comparisons: 0 }
    }

    /// The place nearest to a wanted one with room around it; below everything when there is none
    /// near. What is further right is less near when a line would lead back from there.
    pub(super) fn room(&self, wanted: Bounds, back: bool) -> Bounds {
        let shapes = self.shapes.iter().map(|(_, bounds)| bounds.grown(FROM_SHAPE));
        let names = self.names.iter().map(|name| name.grown(FROM_LINE));
        let lines = self.lines.iter().map(|part| part.bounds().grown(FROM_LINE));
        let taken: Vec<Bounds> = shapes.chain(names).chain(lines).collect();
        let nearest = |wanted: f64, all: Vec<f64>| {
            let mut all: Vec<f64> = std::iter::once(wanted).chain(all).collect();
            all.sort_by(|one, two| (one - wanted).abs().total_cmp(&(two - wanted).abs()));
            all.dedup();
            all.truncate(TRIED);
            all
        };
        let Bounds { width, height, .. } = wanted;
        let columns = taken.iter().flat_map(|one| [one.right(), one.x - width]).collect();
        let rows = taken.iter().flat_map(|one| [one.bottom(), one.y - height]).collect();
        let rows = nearest(wanted.y, rows);
        let mut places: Vec<Bounds> = nearest(wanted.x, columns)
            .into_iter()
            .flat_map(|x| rows.iter().map(move |y| Bounds { x, y: *y, width, height }))
            .collect();
        let away = |place: &Bounds| {
            let aside = place.x - wanted.x;
            let below = place.y - wanted.y;
            let weight = if back && aside > 0.0 { BACK } else { 1.0 };
            weight * aside.max(-3.0 * aside) + below.max(-1.2 * below)
        };
        places.sort_by(|one, two| away(one).total_cmp(&away(two)));
        places.truncate(MOST_COMPARISONS / taken.len().max(1));
        let free = places.iter().find(|place| !taken.iter().any(|one| one.overlaps(place)));
        let place = free.copied().unwrap_or_else(|| {
            let bottom = taken.iter().map(Bounds::bottom).fold(wanted.y, f64::max);
            Bounds { y: bottom, ..wanted }
        });
        Bounds { x: place.x.round(), y: place.y.round(), ..place }
    }

    /// A way at right angles between two nodes that runs through no other; sought first near them.
    pub(super) fn way(&self, from: &End, to: &End, effort: &mut usize) -> Option<Vec<Point>> {
        let size = self.shapes.len() + self.lines.len();
        *effort = effort.saturating_sub(size);
        if *effort == 0 {
            return None;
        }
        let both = from.bounds.around(&to.bounds);
        let all = self.shapes.iter().fold(both, |all, (_, shape)| all.around(shape));
        let all = self.lines.iter().fold(all, |all, line| all.around(&line.bounds()));
        let areas =
            AROUND.map(|around| both.grown(around)).into_iter().chain([all.grown(AROUND[0])]);
        let good = 1.5 * (both.width + both.height) + 2.0 * AROUND[0];
        let mut found: Option<Found> = None;
        for area in areas {
            let way = self.way_in(from, to, &area, effort);
            found = found.into_iter().chain(way).min_by_key(|found| found.cost);
            if found.as_ref().is_some_and(|found| f64::from(found.cost) <= good) {
                break;
            }
        }
        found.map(|found| simplified(found.points.into_iter()))
    }

    fn way_in(&self, from: &End, to: &End, area: &Bounds, effort: &mut usize) -> Option<Found> {
        let shapes = self.shapes.iter().filter(|(_, bounds)| bounds.overlaps(area));
        let shapes: Vec<(Place, Bounds)> = shapes.copied().collect();
        let names: Vec<Bounds> = self.names.iter().filter(|n| n.overlaps(area)).copied().collect();
        let lines = self.lines.iter().filter(|part| part.bounds().grown(SAME).overlaps(area));
        let lines: Vec<Part> = lines.copied().collect();
        let ports = |end: &End, other: &End, leaves: bool| -> Vec<Port> {
            let mut ports = end.ports(other, leaves);
            ports.retain_mut(|port| {
                let stub = Part { one: port.border, two: port.before, to: to.place };
                let clash = |(place, bounds): &(Place, Bounds)| {
                    *place != end.place && bounds.grown(NEAREST).overlaps(&stub.bounds().grown(0.1))
                };
                let lies_on = lines.iter().filter(|line| stub.lies_on(line)).count() as u32;
                let named = |name: &&Bounds| name.overlaps(&stub.bounds().grown(0.1));
                let named = names.iter().filter(named).count() as u32;
                port.cost += BEFORE as u32 * (lies_on * LINE + named * NAME);
                !shapes.iter().any(clash)
            });
            ports
        };
        let (begins, ends) = (ports(from, to, true), ports(to, from, false));
        let through: Vec<Point> = begins.iter().chain(&ends).map(|port| port.before).collect();
        let mut lanes = [Vec::new(), Vec::new()];
        let mut beside = |bounds: &Bounds, by: f64| {
            lanes[0].extend([bounds.x - by, bounds.right() + by]);
            lanes[1].extend([bounds.y - by, bounds.bottom() + by]);
        };
        for by in BESIDE_SHAPE {
            shapes.iter().for_each(|(_, bounds)| beside(bounds, by));
        }
        names.iter().for_each(|name| beside(name, BESIDE_NAME));
        for part in &lines {
            beside(&part.bounds(), BESIDE_LINE);
            if part.to == to.place {
                beside(&part.bounds(), 0.0);
            }
        }
        let within = self.inside.map_or(*area, |inside| inside.grown(-BESIDE_LINE));
        let [across, down] = &mut lanes;
        across.retain(|x| {
            area.x <= *x && *x <= area.right() && within.x <= *x && *x <= within.right()
        });
        down.retain(|y| {
            area.y <= *y && *y <= area.bottom() && within.y <= *y && *y <= within.bottom()
        });
        let mut grid = Grid::new(&through, lanes);
        *effort = effort.saturating_sub(grid.size() / 4);
        for (_, bounds) in &shapes {
            grid.weigh(&bounds.grown(2.0 * NEAREST), CLOSE);
        }
        names.iter().for_each(|name| grid.weigh(name, NAME));
        for part in &lines {
            let around = part.bounds().grown(SAME);
            grid.line(part.one, part.two, &around, part.to == to.place, LINE);
        }
        shapes.iter().for_each(|(_, bounds)| grid.block(&bounds.grown(NEAREST)));
        grid.way(&begins, &ends, effort)
    }
}

impl Part {
    fn bounds(&self) -> Bounds {
        let (one, two) = (self.one, self.two);
        let (x, y) = (one.x.min(two.x), one.y.min(two.y));
        Bounds { x, y, width: (one.x - two.x).abs(), height: (one.y - two.y).abs() }
    }

    /// Whether it lies on a part of another line with which it may not share its way.
    fn lies_on(&self, other: &Part) -> bool {
        let upright = self.one.x == self.two.x;
        let (own, its) = match upright {
            true => (self.one.x, (other.one.x, other.two.x)),
            false => (self.one.y, (other.one.y, other.two.y)),
        };
        let same = its.0 == its.1 && (own - its.0).abs() < SAME;
        let shared = self.to == other.to && own == its.0;
        same && !shared && other.bounds().grown(SAME).overlaps(&self.bounds().grown(0.1))
    }
}

impl End {
    /// Where a line may leave or enter: at best it leaves on the right and enters on the left.
    fn ports(&self, other: &End, leaves: bool) -> Vec<Port> {
        let center = self.bounds.center();
        let (width, height) = (self.bounds.width / 2.0, self.bounds.height / 2.0);
        let mut ports = Vec::new();
        for (upright, sign) in [(false, 1.0), (true, 1.0), (true, -1.0), (false, -1.0)] {
            let (side, half) = if upright { (height, width) } else { (width, height) };
            let cost = match (upright, (sign > 0.0) == leaves) {
                (true, _) => 20,
                (false, true) => 0,
                (false, false) => 80,
            };
            let mut asides = match self.form {
                Form::Task => vec![0.0, 12.0, -12.0, 24.0, -24.0],
                Form::Gateway => vec![0.0, 12.0, -12.0],
                Form::Event => vec![0.0, 10.0, -10.0],
            };
            // So that a line to what is hardly aside is straight.
            let there = other.bounds.center();
            let level = if upright { there.x - center.x } else { there.y - center.y };
            if self.form == Form::Task && level.abs() < asides[1] && level != 0.0 {
                asides.push(level);
            }
            for aside in asides.into_iter().filter(|aside: &f64| aside.abs() <= half - NEAREST) {
                let out = match self.form {
                    Form::Task => side,
                    Form::Gateway => side - aside.abs() * side / half,
                    Form::Event => arc(side, aside),
                };
                let at = |out: f64| match upright {
                    true => Point { x: center.x + aside, y: center.y + sign * out },
                    false => Point { x: center.x + sign * out, y: center.y + aside },
                };
                let cost = cost + 3 * aside.abs() as u32;
                let (border, before) = (at(out), at(side + BEFORE));
                ports.push(Port { border, before, upright, cost });
            }
        }
        ports
    }
}
