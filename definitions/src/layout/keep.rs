//! Keeping a drawing: what has a place stays there, what has none finds one beside it.

use super::graph::EVENT;
use super::{Bounds, Drawing, Edge, Line, MARGIN, Point, Shape, arrange, names, route};
use crate::process::Place;
use crate::{Kind, Process};
use std::collections::{BTreeMap, BTreeSet};

/// With more nodes without a place everything is laid out anew.
const MOST_MISSING: usize = 200;
/// The room beside and below what is added.
const BESIDE: f64 = 70.0;
const BELOW: f64 = 40.0;

/// The steps in which a place for an event is sought on a border.
const STEP: f64 = 8.0;

struct Keeping<'a> {
    process: &'a Process,
    drawing: Drawing,
    missing: BTreeSet<Place>,
    /// The layout of everything, of which the missing parts are taken.
    computed: BTreeMap<Option<Place>, Drawing>,
}

/// The drawing with a place for everything; nothing when it cannot be kept: when it shows nothing
/// of the process, or when something is added to a sub-process that is drawn open.
pub(super) fn complete(process: &Process, lines: &[Line], known: &Drawing) -> Option<Drawing> {
    let shape = |place: Place| known.shapes.get(process.node(place).id.as_str());
    let mut drawing = Drawing::default();
    let mut missing = BTreeSet::new();
    let mut collapsed = BTreeSet::new();
    let mut shown = false;
    for (place, node) in process.nodes() {
        match shape(place) {
            Some(shape) => {
                let scope = node.kind.activity().is_some_and(|a| a.sub_process().is_some());
                let shape = Shape { collapsed: shape.collapsed && scope, ..*shape };
                drawing.shapes.insert(node.id.to_string(), shape);
                shown |= node.parent.is_none();
                if shape.collapsed {
                    collapsed.insert(place);
                }
            }
            None => drop(missing.insert(place)),
        }
    }
    if !shown || missing.len() > MOST_MISSING {
        return None;
    }
    let mut keeping = Keeping { process, drawing, missing, computed: BTreeMap::new() };
    if !keeping.missing.is_empty() {
        keeping.computed = arrange::planes(process, lines, &collapsed);
        keeping.add_planes(&collapsed);
        keeping.add_blocks()?;
    }
    keeping.edges(lines, known);
    Some(keeping.drawing)
}

impl Keeping<'_> {
    fn id(&self, place: Place) -> &str {
        self.process.node(place).id.as_str()
    }

    fn bounds(&self, place: Place) -> Option<Bounds> {
        self.drawing.shapes.get(self.id(place)).map(|shape| shape.bounds)
    }

    /// Draws the planes of collapsed sub-processes of which nothing is drawn.
    fn add_planes(&mut self, collapsed: &BTreeSet<Place>) {
        let nodes = self.process.nodes().filter(|(place, _)| !self.missing.contains(place));
        let begun: BTreeSet<Place> = nodes.filter_map(|(_, node)| node.parent).collect();
        for scope in collapsed {
            if !begun.contains(scope)
                && let Some(mut plane) = self.computed.remove(&Some(*scope))
            {
                plane.shift_to(MARGIN);
                self.drawing.absorb(plane);
            }
        }
        let drawn = &self.drawing.shapes;
        let process = self.process;
        self.missing.retain(|place| !drawn.contains_key(process.node(*place).id.as_str()));
    }

    /// Puts each missing part beside what leads to it, or below everything.
    fn add_blocks(&mut self) -> Option<()> {
        let mut blocks: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
        for place in &self.missing {
            blocks.entry(self.root(*place)).or_default().push(*place);
        }
        let mut all = Drawing::default();
        std::mem::take(&mut self.computed).into_values().for_each(|plane| all.absorb(plane));
        for (root, places) in blocks {
            let node = self.process.node(root);
            let computed = all.shapes.get(self.id(root))?.bounds;
            let to = match &node.kind {
                Kind::Boundary(boundary) => self.on_border(root, boundary.host)?,
                _ => {
                    let open = |parent| {
                        let shape = self.drawing.shapes.get(self.id(parent));
                        shape.is_none_or(|shape| !shape.collapsed)
                    };
                    if node.parent.is_some_and(open) {
                        return None;
                    }
                    self.free_place(root, computed)
                }
            };
            let mut part = Drawing::default();
            for place in &places {
                let id = self.id(*place).to_owned();
                part.shapes.extend(all.shapes.get(&id).map(|shape| (id, *shape)));
                for (flow, _) in self.process.outgoing(*place) {
                    let edge = all.edges.get(&*flow.id).cloned();
                    part.edges.extend(edge.map(|edge| (flow.id.to_string(), edge)));
                }
            }
            part.shift(Point { x: to.x - computed.x, y: to.y - computed.y });
            self.drawing.absorb(part);
        }
        Some(())
    }

    /// The outermost missing node with which a missing node comes.
    fn root(&self, mut place: Place) -> Place {
        loop {
            let node = self.process.node(place);
            let host = match &node.kind {
                Kind::Boundary(boundary) => Some(boundary.host),
                _ => None,
            };
            let around = host.into_iter().chain(node.parent).find(|p| self.missing.contains(p));
            match around {
                Some(around) => place = around,
                None => return place,
            }
        }
    }

    /// A place on the lower border of a host, from the right, or on the upper one, where no other
    /// event sits.
    fn on_border(&self, event: Place, host: Place) -> Option<Point> {
        let border = self.bounds(host)?;
        let others: Vec<Bounds> = self.process.node(host).kind.activity().map_or(vec![], |host| {
            let others = host.boundaries.iter().filter(|other| **other != event);
            others.filter_map(|other| self.bounds(*other)).collect()
        });
        let steps = (border.width / STEP).floor().clamp(1.0, 100.0) as u32;
        let sides = [border.bottom(), border.y].map(|y| y - EVENT / 2.0);
        let mut places = sides.into_iter().flat_map(|y| {
            (0..steps).map(move |step| {
                let x = border.right() - EVENT - 16.0 - f64::from(step) * STEP;
                Bounds { x: x.max(border.x - EVENT / 2.0), y, width: EVENT, height: EVENT }
            })
        });
        let first = places.next()?;
        let clear = |place: &Bounds| !others.iter().any(|other| other.overlaps(place));
        let found = std::iter::once(first).chain(places).find(clear).unwrap_or(first);
        Some(Point { x: found.x, y: found.y })
    }

    /// A place right of what leads to a node, or below everything, where nothing else is.
    fn free_place(&self, node: Place, size: Bounds) -> Point {
        let scope = self.process.node(node).parent;
        let beside = self.process.nodes().filter(|(_, other)| other.parent == scope);
        let mut taken: Vec<Bounds> = beside.filter_map(|(place, _)| self.bounds(place)).collect();
        let mut before = self.process.incoming(node).filter_map(|(_, from)| self.bounds(from));
        let mut place = match before.next() {
            Some(from) => {
                let y = from.center().y - size.height / 2.0;
                Bounds { x: from.right() + BESIDE, y, ..size }
            }
            None => {
                let around = taken.iter().copied().reduce(|one, two| one.around(&two));
                let around = around.unwrap_or_default();
                Bounds { x: around.x, y: around.bottom() + BELOW, ..size }
            }
        };
        // From the top down: what has been passed is never met again.
        taken.sort_by(|one, other| one.y.total_cmp(&other.y));
        for other in &taken {
            if other.overlaps(&place) {
                place.y = other.bottom() + BELOW;
            }
        }
        Point { x: place.x.round(), y: place.y.round() }
    }

    /// Keeps the edges of the drawing and draws those that it lacks.
    fn edges(&mut self, lines: &[Line], known: &Drawing) {
        let flows = self.process.nodes().flat_map(|(place, _)| {
            let flows = self.process.outgoing(place);
            flows.map(move |(flow, to)| (flow.id.to_string(), flow.name.as_str(), place, to))
        });
        let lines = lines.iter().map(|line| (line.id.clone(), "", line.from, line.to));
        let all: Vec<(String, &str, Place, Place)> = flows.chain(lines).collect();
        for (id, name, from, to) in all {
            if self.missing.contains(&from) && self.drawing.edges.contains_key(&id) {
                let together = self.root(from) == self.root(to) && self.missing.contains(&to);
                if together {
                    continue;
                }
            }
            let kept = known
                .edges
                .get(&id)
                .filter(|_| !self.missing.contains(&from) && !self.missing.contains(&to));
            let edge = match (kept, self.drawing.edges.get(&id)) {
                (Some(kept), _) => Some(kept.clone()),
                // It came with a plane of its own.
                (None, Some(drawn)) if !self.missing.contains(&from) => Some(drawn.clone()),
                _ => self.connect(name, from, to),
            };
            self.drawing.edges.extend(edge.map(|edge| (id, edge)));
        }
    }

    /// A plain way at right angles between two nodes.
    fn connect(&self, name: &str, from: Place, to: Place) -> Option<Edge> {
        let (one, two) = (self.bounds(from)?, self.bounds(to)?);
        let boundary = matches!(self.process.node(from).kind, Kind::Boundary(_));
        let below = Point { x: one.center().x, y: one.bottom() };
        let left = Point { x: two.x, y: two.center().y };
        let right = Point { x: one.right(), y: one.center().y };
        let points = if from == to {
            let (x, y) = (right.x + 25.0, below.y + 25.0);
            vec![right, Point { x, y: right.y }, Point { x, y }, Point { x: below.x, y }, below]
        } else if boundary && two.x > below.x && left.y > below.y {
            vec![below, Point { x: below.x, y: left.y }, left]
        } else if !boundary && two.x > one.right() {
            let middle = ((one.right() + two.x) / 2.0).round();
            vec![right, Point { x: middle, y: right.y }, Point { x: middle, y: left.y }, left]
        } else {
            let y = one.bottom().max(two.bottom()) + 30.0;
            let into = Point { x: two.center().x, y: two.bottom() };
            vec![below, Point { x: below.x, y }, Point { x: into.x, y }, into]
        };
        let points = route::simplified(points.into_iter());
        let label = names::beside(name, &points);
        Some(Edge { points, label })
    }
}
