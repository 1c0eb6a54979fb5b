//! Ways of lines: at right angles, through the columns, the rows and the gutters between columns.

use super::graph::{Graph, Link};
use super::lanes::Lanes;
use super::rows::{Rows, Way};
use super::sides::{Sides, Toward};
use super::{Bounds, Drawing, Edge, Point};
use std::collections::BTreeMap;

/// The distance of two lines in a gutter, and of a line from the column.
const STEP: f64 = 12.0;
const CLEAR: f64 = 20.0;

/// Where a point is before the columns have their places.
#[derive(Clone, Copy, Debug)]
enum X {
    /// So far from the left side of an item.
    Item(usize, f64),
    /// In a vertical part in a gutter.
    Vertical(usize),
}

/// Which lines may share a vertical part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Net {
    From(usize),
    To(usize),
}

/// A vertical part in a gutter.
#[derive(Debug)]
struct Vertical {
    gutter: usize,
    net: Net,
    top: f64,
    bottom: f64,
    slot: usize,
}

/// Vertical parts that may lie on each other.
#[derive(Debug, Default)]
struct Bundle {
    top: f64,
    bottom: f64,
    members: Vec<usize>,
}

/// The ways of all links of a scope.
#[derive(Debug, Default)]
pub(super) struct Routes {
    points: Vec<Vec<(X, f64)>>,
    verticals: Vec<Vertical>,
    /// How many slots each gutter needs for what leaves the column before it and for what enters
    /// the column after it.
    slots: BTreeMap<usize, (usize, usize)>,
    /// Where the lines that leave a column and those that enter one have their first slots.
    offsets: Vec<(f64, f64)>,
}

struct Routing<'r, 'a> {
    graph: &'r Graph<'a>,
    rows: &'r Rows,
    sides: &'r Sides,
    lanes: &'r Lanes,
    routes: Routes,
}

/// Finds the way of each link.
pub(super) fn routes(graph: &Graph<'_>, rows: &Rows, sides: &Sides, lanes: &Lanes) -> Routes {
    let mut routing = Routing { graph, rows, sides, lanes, routes: Routes::default() };
    for number in 0..graph.links.len() {
        let mut points = routing.leave(number);
        routing.enter(number, &mut points);
        routing.routes.points.push(points);
    }
    routing.routes.assign_slots();
    routing.routes
}

impl Routing<'_, '_> {
    /// The height of an item.
    fn middle(&self, item: usize) -> f64 {
        let item = &self.graph.items[item];
        self.lanes.y(item.row, item.rank)
    }

    /// The height of the row along which a link runs.
    fn height(&self, number: usize) -> f64 {
        let link = &self.graph.links[number];
        let row = self.rows.along(self.graph, number);
        if row == self.graph.items[link.to].row {
            return self.middle(link.to);
        }
        self.lanes.y(row, self.graph.items[link.from].rank)
    }

    /// The points from the source up to the row along which the link runs.
    fn leave(&mut self, number: usize) -> Vec<(X, f64)> {
        let link: &Link<'_> = &self.graph.links[number];
        let source = &self.graph.items[link.from];
        let exit = self.sides.exits[number];
        let (middle, y) = (self.middle(link.from), self.height(number));
        let from = X::Item(link.from, exit.x);
        let mut points = vec![(from, middle + exit.y)];
        let level = match (exit.toward, exit.turn) {
            (Toward::Up | Toward::Down, None) => {
                points.push((from, y));
                return points;
            }
            (_, Some(turn)) => {
                points.push((from, middle + turn));
                middle + turn
            }
            (Toward::Right, None) if exit.y == 0.0 && y == middle => return points,
            (Toward::Right, None) => middle + exit.y,
        };
        let net = match self.rows.ways[number] {
            Way::Step if self.is_met(link.to) => Net::To(link.to),
            _ => Net::From(number),
        };
        let x = self.vertical(source.rank + 1, net, level, y);
        points.extend([(x, level), (x, y)]);
        points
    }

    /// Whether several links lead to an item.
    fn is_met(&self, item: usize) -> bool {
        self.graph.links.iter().filter(|link| link.to == item).nth(1).is_some()
    }

    /// The points up to the target.
    fn enter(&mut self, number: usize, points: &mut Vec<(X, f64)>) {
        let link: &Link<'_> = &self.graph.links[number];
        let target = &self.graph.items[link.to];
        let (middle, y) = (self.middle(link.to), self.height(number));
        let left = X::Item(link.to, 0.0);
        if self.rows.along(self.graph, number) == target.row {
            points.push((left, middle));
        } else if let Some(below) = self.sides.entries[number] {
            let x = X::Item(link.to, (target.width / 2.0).round());
            let half = if below { target.height / 2.0 } else { -target.height / 2.0 };
            points.extend([(x, y), (x, middle + half)]);
        } else {
            let x = self.vertical(target.rank, Net::To(link.to), y, middle);
            points.extend([(x, y), (x, middle), (left, middle)]);
        }
    }

    fn vertical(&mut self, gutter: usize, net: Net, from: f64, to: f64) -> X {
        let (top, bottom) = (from.min(to), from.max(to));
        self.routes.verticals.push(Vertical { gutter, net, top, bottom, slot: 0 });
        X::Vertical(self.routes.verticals.len() - 1)
    }
}

impl Routes {
    /// Puts vertical parts of one gutter that would lie on each other side by side.
    fn assign_slots(&mut self) {
        let mut nets: BTreeMap<(usize, bool, Net), Bundle> = BTreeMap::new();
        for (number, vertical) in self.verticals.iter().enumerate() {
            let enters = matches!(vertical.net, Net::To(_));
            let bundle = nets.entry((vertical.gutter, enters, vertical.net)).or_default();
            if bundle.members.is_empty() {
                (bundle.top, bundle.bottom) = (vertical.top, vertical.bottom);
            }
            bundle.top = bundle.top.min(vertical.top);
            bundle.bottom = bundle.bottom.max(vertical.bottom);
            bundle.members.push(number);
        }
        let mut nets: Vec<((usize, bool, Net), Bundle)> = nets.into_iter().collect();
        nets.sort_by(|((g1, e1, _), one), ((g2, e2, _), two)| {
            (g1, e1).cmp(&(g2, e2)).then(one.top.total_cmp(&two.top))
        });
        let mut ends: Vec<f64> = Vec::new();
        let mut present = None;
        for ((gutter, enters, _), Bundle { top, bottom, members }) in nets {
            if present != Some((gutter, enters)) {
                present = Some((gutter, enters));
                ends.clear();
            }
            let free = ends.iter().position(|end| *end + 6.0 < top);
            let slot = free.unwrap_or_else(|| {
                ends.push(bottom);
                ends.len() - 1
            });
            ends[slot] = bottom;
            let slots = self.slots.entry(gutter).or_default();
            let count = if enters { &mut slots.1 } else { &mut slots.0 };
            *count = (*count).max(slot + 1);
            members.into_iter().for_each(|number| self.verticals[number].slot = slot);
        }
    }

    /// The least width of a gutter into which names reach so far from the left and the right.
    pub(super) fn fit(&mut self, gutter: usize, before: f64, after: f64) -> f64 {
        let (before, after) = (CLEAR.max(before + 8.0), CLEAR.max(after + 8.0));
        self.offsets.resize(self.offsets.len().max(gutter + 1), (CLEAR, CLEAR));
        self.offsets[gutter] = (before, after);
        match self.slots.get(&gutter) {
            None => 0.0,
            Some((leave, enter)) => before + after + (leave + enter) as f64 * STEP,
        }
    }

    /// Draws the links between boxes that have their places.
    pub(super) fn draw(
        &self,
        graph: &Graph<'_>,
        boxes: &[Bounds],
        gutters: &[(f64, f64)],
        drawing: &mut Drawing,
    ) {
        let resolve = |x: X| match x {
            X::Item(item, offset) => boxes[item].x + offset,
            X::Vertical(number) => {
                let vertical = &self.verticals[number];
                let (begin, end) = gutters[vertical.gutter];
                let (before, after) = self.offsets[vertical.gutter];
                let aside = vertical.slot as f64 * STEP;
                match vertical.net {
                    Net::From(_) => (begin + before + aside).round(),
                    Net::To(_) => (end - after - aside).round(),
                }
            }
        };
        for (link, way) in graph.links.iter().zip(&self.points) {
            let points = simplified(way.iter().map(|(x, y)| Point { x: resolve(*x), y: *y }));
            drawing.edges.insert(link.id.to_owned(), Edge { points, label: None });
        }
    }
}

/// A way without points that lie on the line between their neighbours.
pub(super) fn simplified(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., one, two] = kept[..]
            && ((one.x == two.x && two.x == point.x) || (one.y == two.y && two.y == point.y))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
