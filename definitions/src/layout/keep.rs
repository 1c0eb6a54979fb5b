//! Keeping a drawing: what has a place stays there, what has none finds one where there is room.

use super::graph::{EVENT, Form, form};
use super::grid::EFFORT;
use super::label::{self, Side, WIDEST};
use super::plan::{End, FROM_SHAPE, Plan};
use super::torn::Kept;
use super::{Bounds, Drawing, Edge, Line, MARGIN, Point, Shape, arrange, route};
use crate::process::Place;
use crate::{Kind, Process};
use std::collections::{BTreeMap, BTreeSet};

/// With more nodes without a place everything is laid out anew.
const MOST_MISSING: usize = 200;
/// The room beside and below what is added.
const BESIDE: f64 = 70.0;
const BELOW: f64 = 40.0;
/// The room between an event on a border and the corner.
const CORNER: f64 = 10.0;
/// The steps in which a place for an event is sought on a border.
const STEP: f64 = 8.0;

struct Keeping<'a> {
    process: &'a Process,
    drawing: Drawing,
    missing: BTreeSet<Place>,
    /// The layout of everything, of which the missing parts are taken.
    computed: BTreeMap<Option<Place>, Drawing>,
    plans: BTreeMap<Option<Place>, Plan>,
    joints: Vec<Joint<'a>>,
}

/// A flow, or a line that is none.
#[derive(Clone, Copy)]
struct Joint<'a> {
    id: &'a str,
    name: &'a str,
    from: Place,
    to: Place,
}

/// The drawing with a place for everything; nothing when it cannot be kept: when it shows nothing
/// of the process, or when something is added to a sub-process that is drawn open or whose box would
/// lie on something strange.
pub(super) fn complete(process: &Process, lines: &[Line], known: &Drawing) -> Option<Drawing> {
    let shape = |place: Place| known.shapes.get(process.node(place).id.as_str());
    let (mut drawing, mut missing) = (Drawing::default(), BTreeSet::new());
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
    let mended = BTreeSet::new();
    let mut kept = Kept { process, known, drawing, missing, collapsed, mended };
    kept.mend()?;
    let flows = process.nodes().flat_map(|(from, _)| {
        let flows = process.outgoing(from);
        flows.map(move |(flow, to)| Joint { id: &flow.id, name: &flow.name, from, to })
    });
    let lines_only = lines.iter().map(|l| Joint { id: &l.id, name: "", from: l.from, to: l.to });
    let joints: Vec<Joint<'_>> = flows.chain(lines_only).collect();
    for Joint { id, from, to, .. } in &joints {
        let drawn = !kept.missing.contains(from) && !kept.missing.contains(to);
        let edge = known.edges.get(*id).filter(|edge| drawn && kept.meets(edge, *from, *to));
        kept.drawing.edges.extend(edge.map(|edge| ((*id).to_owned(), edge.clone())));
    }
    let Kept { drawing, missing, collapsed, .. } = kept;
    let (computed, plans) = (BTreeMap::new(), BTreeMap::new());
    let mut keeping = Keeping { process, drawing, missing, computed, plans, joints };
    if !keeping.missing.is_empty() {
        keeping.computed = arrange::planes(process, lines, &collapsed);
        keeping.add_planes(&collapsed);
    }
    keeping.plan();
    keeping.add_blocks()?;
    keeping.join();
    Some(keeping.drawing)
}

impl Keeping<'_> {
    fn id(&self, place: Place) -> &str {
        self.process.node(place).id.as_str()
    }

    fn bounds(&self, place: Place) -> Option<Bounds> {
        self.drawing.shapes.get(self.id(place)).map(|shape| shape.bounds)
    }

    /// Notes what is drawn in each scope.
    fn plan(&mut self) {
        for (place, node) in self.process.nodes() {
            if let Some(shape) = self.drawing.shapes.get(node.id.as_str()) {
                let plan = self.plans.entry(node.parent).or_default();
                plan.add_shape(place, shape.bounds);
                // Editors draw a name that has no place below its node.
                let usual = || {
                    let at = Point { x: shape.bounds.center().x, y: shape.bounds.bottom() + 4.0 };
                    let outside = form(&node.kind) != Form::Task;
                    outside.then(|| label::beside(&node.name, WIDEST, at, Side::Below)).flatten()
                };
                shape.label.or_else(usual).into_iter().for_each(|name| plan.add_name(name));
                if !shape.collapsed {
                    self.plans.entry(Some(place)).or_default().inside = Some(shape.bounds);
                }
            }
        }
        for Joint { id, from, to, .. } in &self.joints {
            if let Some(edge) = self.drawing.edges.get(*id) {
                let plan = self.plans.entry(self.process.node(*from).parent).or_default();
                plan.add_line(&edge.points, *to);
                edge.label.into_iter().for_each(|name| plan.add_name(name));
            }
        }
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

    /// Puts each missing part beside what leads to it or to what it leads, or below everything.
    fn add_blocks(&mut self) -> Option<()> {
        let mut blocks: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
        for place in &self.missing {
            blocks.entry(self.root(*place)).or_default().push(*place);
        }
        let mut all = Drawing::default();
        std::mem::take(&mut self.computed).into_values().for_each(|plane| all.absorb(plane));
        // First what follows something that has a place.
        while let Some(root) = blocks.keys().copied().min_by_key(|root| !self.follows(*root)) {
            let places = blocks.remove(&root)?;
            self.add_block(root, &places, &all)?;
        }
        Some(())
    }

    fn add_block(&mut self, root: Place, places: &[Place], all: &Drawing) -> Option<()> {
        let node = self.process.node(root);
        let computed = all.shapes.get(self.id(root))?.bounds;
        let mut part = Drawing::default();
        for place in places {
            let id = self.id(*place);
            part.shapes.extend(all.shapes.get(id).map(|shape| (id.to_owned(), *shape)));
        }
        for Joint { id, from, to, .. } in &self.joints {
            if places.contains(from) && places.contains(to) {
                let edge = all.edges.get(*id).cloned();
                part.edges.extend(edge.map(|edge| ((*id).to_owned(), edge)));
            }
        }
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
                self.free_place(root, computed, part.extent())
            }
        };
        part.shift(Point { x: to.x - computed.x, y: to.y - computed.y });
        let plan = self.plans.entry(node.parent).or_default();
        for place in places {
            let node = self.process.node(*place);
            let Some(shape) = part.shapes.get(node.id.as_str()) else { continue };
            if node.parent == self.process.node(root).parent {
                plan.add_shape(*place, shape.bounds);
                shape.label.into_iter().for_each(|name| plan.add_name(name));
            }
        }
        self.drawing.absorb(part);
        Some(())
    }

    /// Whether something that has a place leads to a node.
    fn follows(&self, node: Place) -> bool {
        self.process.incoming(node).any(|(_, from)| self.bounds(from).is_some())
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
                Bounds { x: x.max(border.x + CORNER), y, width: EVENT, height: EVENT }
            })
        });
        let first = places.next()?;
        let clear = |place: &Bounds| !others.iter().any(|other| other.overlaps(place));
        let found = std::iter::once(first).chain(places).find(clear).unwrap_or(first);
        Some(Point { x: found.x, y: found.y })
    }

    /// A place for a node, right of what leads to it, left of what follows it or below everything,
    /// where nothing else is. `whole` is the room that it takes with all that belongs to it.
    fn free_place(&self, node: Place, own: Bounds, whole: Bounds) -> Point {
        let after = self.process.outgoing(node).find_map(|(_, to)| self.bounds(to));
        // So that no line need lead back: right of the last from which one leads on.
        let entered = || self.process.incoming(node).filter_map(|(_, from)| self.bounds(from));
        let onward = entered().filter(|from| after.is_none_or(|to| from.right() < to.x));
        let before = onward.max_by(|one, two| one.right().total_cmp(&two.right()));
        let before = before.or_else(|| entered().next());
        let last = before.zip(after).filter(|(from, to)| from.right() < to.x);
        let last = last.map(|(_, to)| to.x - FROM_SHAPE - own.width);
        let (x, y) = match (before, after) {
            (Some(from), _) => {
                let x = from.right() + BESIDE;
                (last.map_or(x, |last| x.min(last)), from.center().y - own.height / 2.0)
            }
            (None, Some(to)) => (to.x - BESIDE - own.width, to.center().y - own.height / 2.0),
            (None, None) => {
                let scope = self.process.node(node).parent;
                let beside = self.process.nodes().filter(|(_, other)| other.parent == scope);
                let around = beside.filter_map(|(place, _)| self.bounds(place));
                let around = around.reduce(|one, two| one.around(&two)).unwrap_or_default();
                (around.x, around.bottom() + BELOW)
            }
        };
        let wanted = Bounds { x: x + whole.x - own.x, y: y + whole.y - own.y, ..whole };
        let plan = self.plans.get(&self.process.node(node).parent);
        let found = plan.map_or(wanted, |plan| plan.room(wanted, last.is_some()));
        Point { x: found.x + own.x - whole.x, y: found.y + own.y - whole.y }
    }

    /// Draws the lines that are not there, short ones first, and then their names.
    fn join(&mut self) {
        let end = |place: Place| {
            let bounds = self.bounds(place)?;
            Some(End { place, form: form(&self.process.node(place).kind), bounds })
        };
        let open = self.joints.iter().filter(|joint| !self.drawing.edges.contains_key(joint.id));
        let mut open: Vec<(Joint<'_>, End, End)> =
            open.filter_map(|joint| Some((*joint, end(joint.from)?, end(joint.to)?))).collect();
        let far = |(_, from, to): &(Joint<'_>, End, End)| {
            let (one, two) = (from.bounds.center(), to.bounds.center());
            (one.x - two.x).abs() + (one.y - two.y).abs()
        };
        open.sort_by(|one, two| far(one).total_cmp(&far(two)));
        let mut effort = EFFORT;
        let mut drawn: BTreeMap<Option<Place>, Vec<(Joint<'_>, Vec<Point>)>> = BTreeMap::new();
        for (joint, from, to) in open {
            let scope = self.process.node(joint.from).parent;
            let plan = self.plans.entry(scope).or_default();
            let points = plan.way(&from, &to, &mut effort);
            let boundary = matches!(self.process.node(joint.from).kind, Kind::Boundary(_));
            let points = points.unwrap_or_else(|| plain(&from.bounds, &to.bounds, boundary));
            plan.add_line(&points, joint.to);
            drawn.entry(scope).or_default().push((joint, points));
        }
        for (scope, lines) in drawn {
            let mut taken = self.plans.entry(scope).or_default().taken();
            for (joint, points) in lines {
                let label = taken.name(joint.name, &points);
                self.drawing.edges.insert(joint.id.to_owned(), Edge { points, label });
            }
        }
    }
}

/// A plain way at right angles between two nodes.
fn plain(one: &Bounds, two: &Bounds, boundary: bool) -> Vec<Point> {
    let below = Point { x: one.center().x, y: one.bottom() };
    let left = Point { x: two.x, y: two.center().y };
    let right = Point { x: one.right(), y: one.center().y };
    let points = if one == two {
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
    route::simplified(points.into_iter())
}
