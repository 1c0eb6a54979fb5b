//! Ways of lines: at right angles, through the columns, the rows and the gutters between columns.

use super::cells::Owner;
use super::graph::{EVENT, Form, Graph, Item, Link};
use super::label::{self, Side, WIDEST};
use super::lanes::Lanes;
use super::rows::{Rows, Way};
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
    /// The height of an item.
    fn middle(&self, item: usize) -> f64 {
        let item = &self.graph.items[item];
        self.lanes.y(item.row, item.rank)
    }

    /// The height of the row along which a link runs.
    fn height(&self, number: usize) -> f64 {
        let link = &self.graph.links[number];
        let row = self.along(number);
        if row == self.graph.items[link.to].row {
            return self.middle(link.to);
        }
        self.lanes.y(row, self.graph.items[link.from].rank)
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
        let (middle, y) = (self.middle(link.from), self.height(number));
        let down = row > source.row;
        let clear = self.rows.cells.is_clear(source.rank, source.row, row);
        if let Some(port) = link.port.and_then(|port| source.ports.get(port)) {
            let outward = if source.row < 0 { -1.0 } else { 1.0 };
            let border = middle.round() + outward * (source.height / 2.0 + EVENT / 2.0);
            let begin = (X::Item(link.from, port.offset), border);
            if clear && down == (outward > 0.0) {
                return vec![begin, (X::Item(link.from, port.offset), y)];
            }
            let (up, down) = source.reach();
            let edge = if outward > 0.0 { middle + down + 8.0 } else { middle - up - 8.0 };
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
        let steps = matches!(self.rows.ways[number], Way::Step);
        if side_is_free && clear && !steps {
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
        let (middle, y) = (self.middle(link.to), self.height(number));
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
        let owner = Owner::Lines { to: link.to, back: link.back };
        let clear = self.rows.cells.is_clear(target.rank, target.row, row)
            && self.rows.cells.has_line(target.rank, row, owner);
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
        let ways: Vec<Vec<Point>> = self
            .points
            .iter()
            .map(|way| simplified(way.iter().map(|(x, y)| Point { x: resolve(*x), y: *y })))
            .collect();
        let mut beside: BTreeMap<(usize, bool), usize> = BTreeMap::new();
        let turns = |link: &Link<'_>, way: &[Point]| {
            let [one, two, ..] = way else { return None };
            (link.port.is_none() && one.x == two.x).then_some((link.from, two.y > one.y))
        };
        for (link, way) in graph.links.iter().zip(&ways) {
            *turns(link, way).map_or(&mut 0, |side| beside.entry(side).or_default()) += 1;
        }
        for (link, points) in graph.links.iter().zip(ways) {
            let crowded = turns(link, &points).is_some_and(|side| beside[&side] > 1);
            let label = name(link.name, &points, crowded);
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

/// Where the name of a flow stands: beside its beginning, or after its first turn where others
/// begin alike.
pub(super) fn name(name: &str, points: &[Point], crowded: bool) -> Option<Bounds> {
    let (one, two) = match points {
        [_, one, two, ..] if crowded => (one, two),
        [one, two, ..] => (one, two),
        _ => return None,
    };
    let (x, y) = (one.x + 6.0, one.y - 4.0);
    let (at, side) = if one.x != two.x {
        match two.x > one.x {
            true => (Point { x, y }, Side::RightAbove),
            false => (Point { x: one.x - 6.0, y }, Side::LeftAbove),
        }
    } else if two.y > one.y {
        (Point { x, y: one.y + 4.0 }, Side::RightBelow)
    } else {
        (Point { x, y }, Side::RightAbove)
    };
    label::beside(name, WIDEST, at, side)
}
