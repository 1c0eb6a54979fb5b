//! Ways of lines: at right angles, through the columns, the rows and the gutters between columns.

use super::graph::{EVENT, Form, Graph, Item, Link};
use super::label::{self, Side, WIDEST};
use super::rows::{Rows, Way};
use super::{Bounds, Drawing, Edge, Point};
use std::collections::BTreeMap;

/// A row: where its middle is, and how far it reaches above and below that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lane {
    pub(super) y: f64,
    pub(super) up: f64,
    pub(super) down: f64,
}

pub(super) type Lanes = BTreeMap<i32, Lane>;

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
    From(usize, Option<usize>),
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

/// The ways of all links of a scope.
#[derive(Debug, Default)]
pub(super) struct Routes {
    points: Vec<Vec<(X, f64)>>,
    verticals: Vec<Vertical>,
    /// How many slots each gutter needs for what leaves the column before it and for what enters
    /// the column after it.
    slots: BTreeMap<usize, (usize, usize)>,
    /// Whether a line touches the upper and the lower side of each item.
    touched: Vec<(bool, bool)>,
    /// The same, only for lines that leave.
    left: Vec<(bool, bool)>,
    /// Where the lines that leave a column and those that enter one have their first slots.
    offsets: Vec<(f64, f64)>,
}

struct Routing<'r, 'a> {
    graph: &'r Graph<'a>,
    rows: &'r Rows,
    lanes: &'r Lanes,
    routes: Routes,
}

/// Finds the way of each link.
pub(super) fn routes(graph: &Graph<'_>, rows: &Rows, lanes: &Lanes) -> Routes {
    let sides = vec![(false, false); graph.items.len()];
    let routes = Routes { touched: sides.clone(), left: sides, ..Routes::default() };
    let mut routing = Routing { graph, rows, lanes, routes };
    let begun: Vec<Vec<(X, f64)>> =
        (0..graph.links.len()).map(|number| routing.leave(number)).collect();
    routing.routes.left.clone_from(&routing.routes.touched);
    for (number, begun) in begun.into_iter().enumerate() {
        let points = routing.enter(number, begun);
        routing.routes.points.push(points);
    }
    routing.routes.assign_slots();
    routing.routes
}

impl Routing<'_, '_> {
    fn y(&self, row: i32) -> f64 {
        self.lanes.get(&row).map_or(0.0, |lane| lane.y)
    }

    /// The row along which a link runs.
    fn along(&self, number: usize) -> i32 {
        let link = &self.graph.links[number];
        match self.rows.ways[number] {
            Way::Straight => self.graph.items[link.from].row,
            Way::Along(row) => row,
            Way::Step => self.graph.items[link.to].row,
        }
    }

    /// The points from the source up to the row along which the link runs.
    fn leave(&mut self, number: usize) -> Vec<(X, f64)> {
        let link: &Link<'_> = &self.graph.links[number];
        let source = &self.graph.items[link.from];
        let row = self.along(number);
        let (middle, y) = (self.y(source.row), self.y(row));
        let down = row > source.row;
        let clear = self.rows.cells.is_clear(source.rank, source.row, row);
        if let Some(port) = link.port.and_then(|port| source.ports.get(port)) {
            let outward = if source.row < 0 { -1.0 } else { 1.0 };
            let border = middle.round() + outward * (source.height / 2.0 + EVENT / 2.0);
            let begin = (X::Item(link.from, port.offset), border);
            if clear && down == (outward > 0.0) {
                return vec![begin, (X::Item(link.from, port.offset), y)];
            }
            let lane = self.lanes.get(&source.row);
            let edge = lane.map_or(border, |lane| {
                if outward > 0.0 { lane.y + lane.down + 8.0 } else { lane.y - lane.up - 8.0 }
            });
            let net = Net::From(link.from, link.port);
            let x = self.vertical(source.rank + 1, net, edge, y);
            return vec![begin, (X::Item(link.from, port.offset), edge), (x, edge), (x, y)];
        }
        let right = (X::Item(link.from, source.width), middle);
        if row == source.row {
            return vec![right];
        }
        let side_is_free = match source.form {
            Form::Gateway => link.back || !self.is_right(number),
            Form::Event => link.back && !down,
            Form::Task => link.back && (source.ports.is_empty() || down != (source.row >= 0)),
        };
        let lands = matches!(self.rows.ways[number], Way::Step)
            && self.rows.cells.has_node(source.rank, row);
        if side_is_free && clear && !lands {
            let touched = &mut self.routes.touched[link.from];
            if down {
                touched.1 = true
            } else {
                touched.0 = true
            }
            let aside = if source.form == Form::Gateway { 0.5 } else { 0.75 };
            let x = X::Item(link.from, (source.width * aside).round());
            return vec![(x, middle + half(source, down)), (x, y)];
        }
        let net = match self.rows.ways[number] {
            Way::Step if self.is_met(link.to) => Net::To(link.to),
            _ => Net::From(link.from, None),
        };
        let x = self.vertical(source.rank + 1, net, middle, y);
        vec![right, (x, middle), (x, y)]
    }

    /// Whether a link has the right corner of its gateway for itself: it is the first that leads
    /// on to another row, and none leads on along the row of the gateway.
    fn is_right(&self, number: usize) -> bool {
        let from = self.graph.links[number].from;
        let row = self.graph.items[from].row;
        let mut onward =
            self.graph.leaving[from].iter().filter(|link| !self.graph.links[**link].back);
        let first = onward.clone().next() == Some(&number);
        first
            && onward.clone().count() < 3
            && onward.all(|link| self.along(*link) != row)
            && self.graph.leaving[from].iter().any(|link| self.graph.links[*link].back)
    }

    /// Whether several links lead to an item.
    fn is_met(&self, item: usize) -> bool {
        self.graph.links.iter().filter(|link| link.to == item).nth(1).is_some()
    }

    /// The points up to the target.
    fn enter(&mut self, number: usize, mut points: Vec<(X, f64)>) -> Vec<(X, f64)> {
        let link: &Link<'_> = &self.graph.links[number];
        let target = &self.graph.items[link.to];
        let row = self.along(number);
        let (middle, y) = (self.y(target.row), self.y(row));
        if row == target.row {
            points.push((X::Item(link.to, 0.0), middle));
            return points;
        }
        let down = row > target.row;
        let left = self.routes.left[link.to];
        let side_is_left = if down { left.1 } else { left.0 };
        let side_is_free = match target.form {
            Form::Gateway => !side_is_left,
            Form::Event => link.back && !down,
            Form::Task => link.back && (target.ports.is_empty() || down != (target.row >= 0)),
        };
        let clear = self.rows.cells.is_clear(target.rank, target.row, row)
            && !self.rows.cells.has_node(target.rank, row);
        if side_is_free && clear {
            let touched = &mut self.routes.touched[link.to];
            if down {
                touched.1 = true
            } else {
                touched.0 = true
            }
            let x = X::Item(link.to, (target.width / 2.0).round());
            points.extend([(x, y), (x, middle + half(target, down))]);
            return points;
        }
        let x = self.vertical(target.rank, Net::To(link.to), y, middle);
        points.extend([(x, y), (x, middle), (X::Item(link.to, 0.0), middle)]);
        points
    }

    fn vertical(&mut self, gutter: usize, net: Net, from: f64, to: f64) -> X {
        let (top, bottom) = (from.min(to), from.max(to));
        self.routes.verticals.push(Vertical { gutter, net, top, bottom, slot: 0 });
        X::Vertical(self.routes.verticals.len() - 1)
    }
}

/// From the middle of an item to its lower or its upper side.
fn half(item: &Item<'_>, down: bool) -> f64 {
    if down { item.height / 2.0 } else { -item.height / 2.0 }
}

impl Routes {
    /// Puts vertical parts of one gutter that would lie on each other side by side.
    fn assign_slots(&mut self) {
        let mut nets: BTreeMap<(usize, bool, Net), (f64, f64, Vec<usize>)> = BTreeMap::new();
        for (number, vertical) in self.verticals.iter().enumerate() {
            let enters = matches!(vertical.net, Net::To(_));
            let net = nets.entry((vertical.gutter, enters, vertical.net)).or_insert((
                vertical.top,
                vertical.bottom,
                Vec::new(),
            ));
            *net =
                (net.0.min(vertical.top), net.1.max(vertical.bottom), std::mem::take(&mut net.2));
            net.2.push(number);
        }
        let mut nets: Vec<_> = nets.into_iter().collect();
        nets.sort_by(|((g1, e1, _), one), ((g2, e2, _), two)| {
            (g1, e1).cmp(&(g2, e2)).then(one.0.total_cmp(&two.0))
        });
        let mut ends: Vec<f64> = Vec::new();
        let mut present = None;
        for ((gutter, enters, _), (top, bottom, numbers)) in nets {
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
            numbers.into_iter().for_each(|number| self.verticals[number].slot = slot);
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

    /// Whether a line touches the upper and the lower side of an item.
    pub(super) fn sides(&self, item: usize) -> (bool, bool) {
        self.touched.get(item).copied().unwrap_or_default()
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
                    Net::From(..) => (begin + before + aside).round(),
                    Net::To(_) => (end - after - aside).round(),
                }
            }
        };
        for (link, points) in graph.links.iter().zip(&self.points) {
            let points = points.iter().map(|(x, y)| Point { x: resolve(*x), y: *y });
            let points = simplified(points);
            let label = name(link.name, &points);
            drawing.edges.insert(link.id.to_owned(), Edge { points, label });
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

/// Where the name of a flow stands: beside its beginning.
pub(super) fn name(name: &str, points: &[Point]) -> Option<Bounds> {
    let [one, two, ..] = points else { return None };
    let (at, side) = if one.x == two.x {
        let down = two.y > one.y;
        let y = if down { one.y + 4.0 } else { one.y - 4.0 };
        (Point { x: one.x + 6.0, y }, if down { Side::RightBelow } else { Side::RightAbove })
    } else {
        (Point { x: one.x + 6.0, y: one.y - 4.0 }, Side::RightAbove)
    };
    label::beside(name, WIDEST, at, side)
}
