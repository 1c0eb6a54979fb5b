//! The computed layout: scopes from the innermost out, each in columns and rows.

use super::graph::{EVENT, Form, Graph, Item};
use super::label::{self, Side, WIDEST};
use super::lanes::lanes;
use super::sides::BESIDE;
use super::{Bounds, Drawing, Edge, Line, Point, Shape};
use super::{names, route, rows, sides};
use crate::Process;
use crate::process::Place;
use std::collections::{BTreeMap, BTreeSet};

/// The room between the border of a sub-process and its contents, and more for its name.
pub(super) const PADDING: f64 = 30.0;
pub(super) const TITLE: f64 = 14.0;
/// The smallest sub-process.
const SMALLEST: (f64, f64) = (180.0, 130.0);
/// The room between things that stand apart.
const APART: f64 = 40.0;
/// The least width over which things that stand apart are spread.
const SHELF: f64 = 900.0;
/// The most boxes and lines of a scope for which ways are sought, which takes time of the second power. In a larger
/// one, that nobody draws, all stand apart and the lines are straight.
const MOST: usize = 2_000;

/// Lays out the whole process on one plane.
pub(super) fn all(process: &Process, lines: &[Line]) -> Drawing {
    planes(process, lines, &BTreeSet::new()).remove(&None).unwrap_or_default()
}

/// Lays out the process; the contents of a collapsed sub-process get a plane of their own.
pub(super) fn planes(
    process: &Process,
    lines: &[Line],
    collapsed: &BTreeSet<Place>,
) -> BTreeMap<Option<Place>, Drawing> {
    let mut inside: BTreeMap<Option<Place>, Vec<Place>> = BTreeMap::from([(None, Vec::new())]);
    for (place, node) in process.nodes() {
        inside.entry(node.parent).or_default().push(place);
        if node.kind.activity().is_some_and(|activity| activity.sub_process().is_some()) {
            inside.entry(Some(place)).or_default();
        }
    }
    let mut joined: BTreeMap<Option<Place>, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        joined.entry(process.node(line.from).parent).or_default().push(line);
    }
    let mut sizes = BTreeMap::new();
    let mut done: BTreeMap<Option<Place>, Drawing> = BTreeMap::new();
    // What is in a sub-process comes after it, so the last scope holds no other.
    for (scope, nodes) in inside.iter().rev() {
        let lines = joined.get(scope).map_or(&[][..], Vec::as_slice);
        let graph = Graph::new(process, nodes, lines, &sizes);
        let mut drawing = arrange(process, *scope, graph, &mut done);
        if let Some(place) = scope
            && !collapsed.contains(place)
        {
            drawing.shift_to(Point { x: PADDING, y: PADDING + TITLE });
            let extent = drawing.extent();
            let width = (extent.width + 2.0 * PADDING).max(SMALLEST.0);
            let height = (extent.height + 2.0 * PADDING + TITLE).max(SMALLEST.1);
            // Even, so that its middle is on a whole pixel.
            let even = |size: f64| 2.0 * (size / 2.0).ceil();
            sizes.insert(*place, (even(width), even(height)));
        }
        done.insert(*scope, drawing);
    }
    done
}

/// Lays out one scope; takes the contents of its sub-processes out of `done`.
fn arrange(
    process: &Process,
    scope: Option<Place>,
    mut graph: Graph<'_>,
    done: &mut BTreeMap<Option<Place>, Drawing>,
) -> Drawing {
    let mut boxes = vec![Bounds::default(); graph.items.len()];
    let is_large = graph.items.len() + graph.links.len() > MOST;
    let mut drawing = match is_large {
        true => Drawing::default(),
        false => joined(process, scope, &mut graph, &mut boxes),
    };
    shelve(&graph, &mut boxes, drawing.extent());
    if is_large {
        straight(&graph, &boxes, &mut drawing);
    }
    for (number, item) in graph.items.iter().enumerate() {
        if !item.placed {
            shapes(process, item, boxes[number], &mut drawing);
        }
        let keeps = drawing.shapes.contains_key(process.node(item.place).id.as_str());
        let is_drawn_here = item.form == Form::Task && keeps && is_open(item, &boxes[number], done);
        if is_drawn_here && let Some(mut contents) = done.remove(&Some(item.place)) {
            contents.shift(Point { x: boxes[number].x, y: boxes[number].y });
            drawing.absorb(contents);
        }
    }
    drawing
}

/// Draws what lines join, in columns and rows.
fn joined(
    process: &Process,
    scope: Option<Place>,
    graph: &mut Graph<'_>,
    boxes: &mut [Bounds],
) -> Drawing {
    let order = graph.straighten();
    let first = first(process, scope, graph);
    graph.rank(&order, first);
    let rows = rows::assign(graph, &order, first);
    let sides = sides::sides(graph, &rows);
    let lanes = lanes(graph, &rows.cells);
    let mut routes = route::routes(graph, &rows, &sides, &lanes);
    let columns = columns(graph, &mut routes);
    let mut drawing = Drawing::default();
    for (item, place) in graph.items.iter().zip(&mut *boxes).filter(|(item, _)| item.placed) {
        let (left, width) = columns.ranks[item.rank];
        let x = left + ((width - item.width) / 2.0).round();
        let y = (lanes.y(item.row, item.rank) - item.height / 2.0).round();
        *place = Bounds { x, y, width: item.width, height: item.height };
    }
    routes.draw(graph, boxes, &columns.gutters, &mut drawing);
    for (number, item) in graph.items.iter().enumerate().filter(|(_, item)| item.placed) {
        shapes(process, item, boxes[number], &mut drawing);
    }
    names::place(graph, &sides, &mut drawing);
    drawing
}

/// Draws every line straight from the right side of its source, or from below a boundary event, to the left side of its
/// target.
fn straight(graph: &Graph<'_>, boxes: &[Bounds], drawing: &mut Drawing) {
    for link in &graph.links {
        let (from, to) = (boxes[link.from], boxes[link.to]);
        let port = link.port.and_then(|port| graph.items[link.from].ports.get(port));
        let begin = match port {
            Some(port) => Point { x: from.x + port.offset, y: from.bottom() + EVENT / 2.0 },
            None => Point { x: from.right(), y: from.center().y },
        };
        let points = vec![begin, Point { x: to.x, y: to.center().y }];
        let label = names::beside(link.name, &points);
        drawing.edges.insert(link.id.to_owned(), Edge { points, label });
    }
}

/// Whether the contents of a sub-process fit into it, which they do unless it is collapsed.
fn is_open(item: &Item<'_>, bounds: &Bounds, done: &BTreeMap<Option<Place>, Drawing>) -> bool {
    done.get(&Some(item.place)).is_some_and(|contents| {
        let extent = contents.extent();
        extent.right() <= bounds.width && extent.bottom() <= bounds.height
    })
}

/// The item at which the main path begins.
fn first(process: &Process, scope: Option<Place>, graph: &Graph<'_>) -> Option<usize> {
    let container = process.contents(scope);
    let start = container.start.or_else(|| container.starts.first().copied());
    let item = |place: Place| graph.items.iter().position(|item| item.place == place);
    let leads = |item: &usize| graph.leaving[*item].iter().any(|link| !graph.links[*link].back);
    start.and_then(item).or_else(|| {
        let entered = graph.entered();
        (0..graph.items.len()).find(|item| graph.is_root(&entered, *item) && leads(item))
    })
}

/// Where the columns are, and the channels between them.
struct Columns {
    /// The left side and the width of each rank.
    ranks: Vec<(f64, f64)>,
    /// Where each gutter begins and ends; gutter 0 is left of rank 0.
    gutters: Vec<(f64, f64)>,
}

fn columns(graph: &Graph<'_>, routes: &mut route::Routes) -> Columns {
    let items = || graph.items.iter().filter(|item| item.placed);
    let count = items().map(|item| item.rank + 1).max().unwrap_or(0);
    let mut widths = vec![0.0_f64; count];
    for item in items() {
        widths[item.rank] = widths[item.rank].max(item.width);
    }
    let mut needs = vec![(0.0_f64, 0.0_f64); count];
    for item in items() {
        let margin = (widths[item.rank] - item.width) / 2.0;
        let (left, right) = item.overhang;
        let need = &mut needs[item.rank];
        *need = (need.0.max(left - margin), need.1.max(right - margin));
    }
    let (mut ranks, mut gutters, mut x) = (Vec::new(), Vec::new(), 0.0);
    for gutter in 0..=count {
        let before = gutter.checked_sub(1).and_then(|rank| needs.get(rank)).map_or(0.0, |n| n.1);
        let after = needs.get(gutter).map_or(0.0, |need| need.0);
        let channels = routes.fit(gutter, before, after);
        let edge = gutter == 0 || gutter == count;
        let least = if edge { 0.0 } else { 64.0_f64.max(before + after + 12.0) };
        let width = least.max(channels).ceil();
        gutters.push((x, x + width));
        x += width;
        if let Some(width) = widths.get(gutter) {
            ranks.push((x, *width));
            x += width;
        }
    }
    Columns { ranks, gutters }
}

/// Puts the items that stand apart into lines below everything else.
fn shelve(graph: &Graph<'_>, boxes: &mut [Bounds], extent: Bounds) {
    let any = graph.items.iter().any(|item| item.placed);
    let (left, widest) = (extent.x, extent.width.max(SHELF));
    let (mut x, mut top) = (left, if any { extent.bottom() + APART } else { extent.y });
    let mut bottom = top;
    for (item, place) in graph.items.iter().zip(boxes).filter(|(item, _)| !item.placed) {
        let (up, down) = item.reach;
        let (before, after) = item.overhang;
        if x > left && x + before + item.width > left + widest {
            (x, top) = (left, bottom + APART);
        }
        let y = (top + up - item.height / 2.0).round();
        *place = Bounds { x: (x + before).round(), y, width: item.width, height: item.height };
        bottom = bottom.max(top + up + down);
        x = place.right() + after + APART;
    }
}

/// Draws an item, its name and its boundary events.
fn shapes(process: &Process, item: &Item<'_>, bounds: Bounds, drawing: &mut Drawing) {
    let center = bounds.center();
    let label = match item.form {
        Form::Task => None,
        Form::Event => {
            let at = Point { x: center.x, y: bounds.bottom() + 4.0 };
            label::beside(item.name, WIDEST, at, Side::Below)
        }
        Form::Gateway => {
            let side = item.name_side();
            let at = match side {
                Side::Below => Point { x: center.x, y: bounds.bottom() + 4.0 },
                Side::LeftAbove => {
                    Point { x: bounds.x + item.name_before - BESIDE, y: bounds.y - 4.0 }
                }
                _ => Point { x: center.x, y: bounds.y - 4.0 },
            };
            label::beside(item.name, WIDEST, at, side)
        }
    };
    let id = |place: Place| process.node(place).id.as_str().to_owned();
    drawing.shapes.insert(id(item.place), Shape { bounds, label, collapsed: false });
    let up = item.row < 0;
    for (index, port) in item.ports.iter().enumerate() {
        let middle =
            Point { x: bounds.x + port.offset, y: if up { bounds.y } else { bounds.bottom() } };
        let left = item.port_is_left(index);
        let x = if left { middle.x - 6.0 } else { middle.x + 6.0 };
        let y = if up { middle.y - EVENT / 2.0 - 2.0 } else { middle.y + EVENT / 2.0 + 2.0 };
        let side = match (left, up) {
            (true, true) => Side::LeftAbove,
            (true, false) => Side::LeftBelow,
            (false, true) => Side::RightAbove,
            (false, false) => Side::RightBelow,
        };
        let label = label::beside(port.name, WIDEST, Point { x, y }, side);
        let (x, y) = (middle.x - EVENT / 2.0, middle.y - EVENT / 2.0);
        let bounds = Bounds { x, y, width: EVENT, height: EVENT };
        drawing.shapes.insert(id(port.place), Shape { bounds, label, collapsed: false });
    }
}
