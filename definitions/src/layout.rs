//! The drawing of a process: where a file puts each element, and a layout for what has no place.

mod arrange;
mod cells;
mod extent;
mod graph;
mod grid;
mod keep;
mod label;
mod lanes;
mod names;
mod plan;
mod read;
mod route;
mod rows;
mod sides;
mod torn;

pub use read::read_drawing;

use crate::Process;
use crate::process::Place;
use std::collections::BTreeMap;

/// Where the elements of a definition are drawn, in pixels from the left and the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// The shapes by the ids of their nodes.
    pub shapes: BTreeMap<String, Shape>,
    /// The edges by the ids of their flows and associations.
    pub edges: BTreeMap<String, Edge>,
}

/// How a node is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shape {
    /// Its outline.
    pub bounds: Bounds,
    /// Where its name stands, if it stands outside.
    pub label: Option<Bounds>,
    /// Whether it is a sub-process whose contents are drawn on a plane of their own.
    pub collapsed: bool,
}

/// How a flow is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// Its way points, from the border of its source to the border of its target.
    pub points: Vec<Point>,
    /// Where its name stands.
    pub label: Option<Bounds>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The left side.
    pub x: f64,
    /// The top side.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Distance from the left.
    pub x: f64,
    /// Distance from the top.
    pub y: f64,
}

/// A line that is drawn between two nodes and is no flow.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) from: Place,
    pub(crate) to: Place,
}

/// A process that is drawn, with the lines in it that are no flows.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    pub(crate) process: &'a Process,
    /// All nodes as they are written: what is in a sub-process follows it.
    pub(crate) order: Vec<Place>,
    pub(crate) lines: Vec<Line>,
}

/// Where a computed layout of a process begins.
const MARGIN: Point = Point { x: 160.0, y: 80.0 };
/// The room for the name of a pool, that around its contents, and that between two pools.
const POOL: (f64, f64, f64) = (30.0, 20.0, 30.0);

/// The drawing of some processes with a place for everything, and the outlines of their pools.
/// What is in `known` stays where it is.
pub(crate) fn complete(sheets: &[Sheet<'_>], known: Option<&Drawing>) -> (Drawing, Vec<Bounds>) {
    let (name, around, between) = POOL;
    let pooled = sheets.len() > 1;
    let mut kept: Vec<Option<Drawing>> = sheets
        .iter()
        .map(|sheet| known.and_then(|known| keep::complete(sheet.process, &sheet.lines, known)))
        .collect();
    let bottoms = kept.iter().flatten().map(|drawing| drawing.extent().bottom() + around + between);
    let mut origin = MARGIN;
    if pooled {
        origin.x += name + around;
        origin.y = bottoms.fold(MARGIN.y, f64::max) + around;
    }
    let (mut all, mut pools) = (Drawing::default(), Vec::new());
    for (sheet, kept) in sheets.iter().zip(&mut kept) {
        let drawing = kept.take().unwrap_or_else(|| {
            let mut drawing = arrange::all(sheet.process, &sheet.lines);
            drawing.shift_to(origin);
            origin.y = drawing.extent().bottom() + 2.0 * around + between;
            drawing
        });
        let inside = drawing.extent();
        pools.push(Bounds {
            x: inside.x - name - around,
            y: inside.y - around,
            width: inside.width + name + 2.0 * around,
            height: inside.height + 2.0 * around,
        });
        all.absorb(drawing);
    }
    // Pools that begin alike end alike.
    let widest = pools.iter().map(|pool| pool.width).fold(0.0, f64::max);
    if pools.windows(2).all(|pair| pair[0].x == pair[1].x) {
        pools.iter_mut().for_each(|pool| pool.width = widest);
    }
    (all, pools)
}

impl Bounds {
    /// The right side.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// The bottom side.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The point in the middle.
    pub fn center(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// Whether it has more than its border in common with another.
    pub fn overlaps(&self, other: &Bounds) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// The smallest rectangle around this one and another.
    pub fn around(&self, other: &Bounds) -> Bounds {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let width = self.right().max(other.right()) - x;
        let height = self.bottom().max(other.bottom()) - y;
        Bounds { x, y, width, height }
    }

    /// The rectangle that reaches further by as much on each side.
    fn grown(&self, by: f64) -> Bounds {
        let (width, height) = (self.width + 2.0 * by, self.height + 2.0 * by);
        Bounds { x: self.x - by, y: self.y - by, width, height }
    }

    fn shift(&mut self, by: Point) {
        self.x += by.x;
        self.y += by.y;
    }
}

impl Drawing {
    /// The smallest rectangle around everything.
    pub(crate) fn extent(&self) -> Bounds {
        let point = |point: &Point| Bounds { x: point.x, y: point.y, ..Bounds::default() };
        let shapes = self.shapes.values().flat_map(|s| [Some(s.bounds), s.label]).flatten();
        let edges = self.edges.values().flat_map(|e| e.points.iter().map(point).chain(e.label));
        shapes.chain(edges).reduce(|one, two| one.around(&two)).unwrap_or_default()
    }

    /// Moves everything.
    pub(crate) fn shift(&mut self, by: Point) {
        for shape in self.shapes.values_mut() {
            shape.bounds.shift(by);
            shape.label.iter_mut().for_each(|label| label.shift(by));
        }
        for edge in self.edges.values_mut() {
            edge.label.iter_mut().for_each(|label| label.shift(by));
            for point in &mut edge.points {
                point.x += by.x;
                point.y += by.y;
            }
        }
    }

    /// Moves everything so that it begins at a point.
    pub(crate) fn shift_to(&mut self, origin: Point) {
        let extent = self.extent();
        self.shift(Point { x: origin.x - extent.x, y: origin.y - extent.y });
    }

    /// Takes over what another holds.
    pub(crate) fn absorb(&mut self, other: Drawing) {
        // Joining the maps at once would cost as much as all that is held already, each time.
        self.shapes.extend(other.shapes);
        self.edges.extend(other.edges);
    }
}
