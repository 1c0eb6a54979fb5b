//! Sub-processes without a shape whose contents have shapes: a box is put around these.

use super::arrange::{PADDING, TITLE};
use super::{Bounds, Drawing, Edge, Point, Shape};
use crate::process::Place;
use crate::{Kind, Process};
use std::collections::BTreeSet;

/// The least room between the border of a box and its contents.
const LEAST: f64 = 12.0;

/// What has a place in a drawing that is kept, and what has none.
pub(super) struct Kept<'a> {
    pub(super) process: &'a Process,
    pub(super) known: &'a Drawing,
    pub(super) drawing: Drawing,
    pub(super) missing: BTreeSet<Place>,
    /// The sub-processes whose contents are on planes of their own.
    pub(super) collapsed: BTreeSet<Place>,
    /// Those that got a box.
    pub(super) mended: BTreeSet<Place>,
}

impl Kept<'_> {
    /// Gives each of them a box, the inner ones first, and drops the events that do not sit on it;
    /// nothing where a box would lie on something strange.
    pub(super) fn mend(&mut self) -> Option<()> {
        let inner: Vec<Place> = self.missing.iter().rev().copied().collect();
        for scope in inner {
            let Some(contents) = self.contents(scope) else { continue };
            let bounds = self.fitting(scope, contents)?;
            let shape = Shape { bounds, ..Shape::default() };
            self.drawing.shapes.insert(self.id(scope).to_owned(), shape);
            self.missing.remove(&scope);
            self.mended.insert(scope);
            for event in self.events(scope) {
                let sits = self.bounds(event).is_some_and(|on| is_on(&bounds, on.center()));
                let id = self.process.node(event).id.as_str();
                if !sits && self.drawing.shapes.remove(id).is_some() {
                    self.missing.insert(event);
                }
            }
        }
        Some(())
    }

    /// Whether an edge still ends where the boxes are.
    pub(super) fn meets(&self, edge: &Edge, from: Place, to: Place) -> bool {
        let ends = [(from, edge.points.first()), (to, edge.points.last())];
        ends.into_iter().all(|(place, end)| {
            let border = self.mended.get(&place).and_then(|place| self.bounds(*place));
            border.is_none_or(|border| end.is_some_and(|end| is_on(&border, *end)))
        })
    }

    fn id(&self, place: Place) -> &str {
        self.process.node(place).id.as_str()
    }

    fn bounds(&self, place: Place) -> Option<Bounds> {
        self.drawing.shapes.get(self.id(place)).map(|shape| shape.bounds)
    }

    /// The events on the border of an activity.
    fn events(&self, host: Place) -> Vec<Place> {
        let activity = self.process.node(host).kind.activity();
        activity.map_or(Vec::new(), |activity| activity.boundaries.clone())
    }

    /// The room that the drawn contents of a scope take.
    fn contents(&self, scope: Place) -> Option<Bounds> {
        let mut part = Drawing::default();
        for (place, node) in self.process.nodes().filter(|(_, node)| node.parent == Some(scope)) {
            let shape = self.drawing.shapes.get(node.id.as_str());
            part.shapes.extend(shape.map(|shape| (node.id.to_string(), *shape)));
            for (flow, _) in self.process.outgoing(place) {
                let edge = self.known.edges.get(&*flow.id).cloned();
                part.edges.extend(edge.map(|edge| (flow.id.to_string(), edge)));
            }
        }
        (!part.shapes.is_empty()).then(|| part.extent())
    }

    /// A box around contents that lies on nothing strange: at best one whose border is where
    /// events sit and lines end.
    fn fitting(&self, scope: Place, contents: Bounds) -> Option<Bounds> {
        let around = |by: f64| {
            let grown = contents.grown(by);
            Bounds { y: grown.y - TITLE, height: grown.height + TITLE, ..grown }
        };
        let (wide, least) = (around(PADDING), around(LEAST));
        let mut told = wide;
        for point in self.on_border(scope) {
            reach(&mut told, &contents, point);
        }
        [told, wide, least].into_iter().find(|place| self.is_free(scope, place))
    }

    /// The points that tell where the border of a sub-process was.
    fn on_border(&self, scope: Place) -> Vec<Point> {
        let edge = |id: &str| self.known.edges.get(id).map(|edge| &edge.points);
        let process = self.process;
        let left = process.outgoing(scope).filter_map(|(flow, _)| edge(&flow.id)?.first().copied());
        let entered =
            process.incoming(scope).filter_map(|(flow, _)| edge(&flow.id)?.last().copied());
        let events = self.events(scope).into_iter().filter_map(|event| self.bounds(event));
        left.chain(entered).chain(events.map(|event| event.center())).collect()
    }

    /// Whether a box for a scope lies on nothing strange and within what is around it.
    fn is_free(&self, scope: Place, place: &Bounds) -> bool {
        let around = self.around(scope);
        self.process.nodes().all(|(other, node)| {
            let Some(bounds) = self.bounds(other) else { return true };
            let sits = matches!(&node.kind, Kind::Boundary(boundary) if boundary.host == scope);
            if sits || self.around(other).contains(&scope) || self.plane(other) != self.plane(scope)
            {
                return true;
            }
            match around.contains(&other) && !self.collapsed.contains(&other) {
                true => bounds.around(place) == bounds,
                false => around.contains(&other) || !bounds.overlaps(place),
            }
        })
    }

    /// The sub-processes around a node, from the innermost.
    fn around(&self, place: Place) -> Vec<Place> {
        std::iter::successors(self.process.node(place).parent, |p| self.process.node(*p).parent)
            .collect()
    }

    fn plane(&self, place: Place) -> Option<Place> {
        self.around(place).into_iter().find(|around| self.collapsed.contains(around))
    }
}

/// Moves the side of a box that is nearest to a point outside of the contents to that point.
fn reach(told: &mut Bounds, contents: &Bounds, point: Point) {
    let (right, bottom) = (told.right(), told.bottom());
    let beyond = [
        contents.x - point.x,
        point.x - contents.right(),
        contents.y - point.y,
        point.y - contents.bottom(),
    ];
    let side = (0..4).max_by(|one, two| beyond[*one].total_cmp(&beyond[*two]));
    match side.filter(|side| beyond[*side] > 0.0) {
        Some(0) => (told.x, told.width) = (point.x, right - point.x),
        Some(1) => told.width = point.x - told.x,
        Some(2) => (told.y, told.height) = (point.y, bottom - point.y),
        Some(_) => told.height = point.y - told.y,
        None => {}
    }
}

/// Whether a point is on the border of a rectangle, give or take a pixel.
fn is_on(border: &Bounds, point: Point) -> bool {
    let (outer, inner) = (border.grown(1.0), border.grown(-1.0));
    let within = |of: &Bounds| {
        of.x <= point.x && point.x <= of.right() && of.y <= point.y && point.y <= of.bottom()
    };
    within(&outer) && !within(&inner)
}
