//! Names of flows: beside their lines, where they lie on nothing else.

use super::extent::AHEAD;
use super::graph::Graph;
use super::label::{self, Side, WIDEST};
use super::sides::{ALONG, BESIDE, Exit, Sides};
use super::{Bounds, Drawing, Point};

/// The parts of a line beside which a place is sought, and the places beside each.
const MOST_PARTS: usize = 6;
const ALONG_PART: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// How many comparisons are made for the names of a scope; then names stand at their first place.
const MOST_COMPARISONS: usize = 20_000_000;

/// What names shall not lie on.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) shapes: Vec<Bounds>,
    /// The parts of lines.
    pub(super) lines: Vec<(Point, Point)>,
    pub(super) comparisons: usize,
}

/// Gives the flows of a scope the places of their names.
pub(super) fn place(graph: &Graph<'_>, sides: &Sides, drawing: &mut Drawing) {
    let shapes = drawing.shapes.values();
    let parts = |points: &[Point]| -> Vec<(Point, Point)> {
        points.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let mut taken = Taken {
        shapes: shapes.flat_map(|shape| [Some(shape.bounds), shape.label]).flatten().collect(),
        lines: drawing.edges.values().flat_map(|edge| parts(&edge.points)).collect(),
        comparisons: 0,
    };
    for (link, exit) in graph.links.iter().zip(&sides.exits) {
        let Some(edge) = drawing.edges.get_mut(link.id) else { continue };
        let Some(size) = label::size(link.name, WIDEST) else { continue };
        edge.label = taken.best(candidates(size, exit, &edge.points));
        taken.shapes.extend(edge.label);
    }
}

/// The usual place of the name of a flow: where it begins.
pub(super) fn beside(name: &str, points: &[Point]) -> Option<Bounds> {
    let [one, two, ..] = points else { return None };
    let size = label::size(name, WIDEST)?;
    Some(at_beginning(size, *one, *two, None))
}

impl Taken {
    /// A place for the name of a line, where it begins or as near to that as there is room.
    pub(super) fn name(&mut self, name: &str, points: &[Point]) -> Option<Bounds> {
        let first = beside(name, points)?;
        let further = along((first.width, first.height), points);
        let place = self.best(std::iter::once(first).chain(further).collect());
        self.shapes.extend(place);
        place
    }

    /// The first place on which nothing lies, or that on which least does.
    fn best(&mut self, candidates: Vec<Bounds>) -> Option<Bounds> {
        let mut best: Option<((usize, usize), Bounds)> = None;
        for candidate in candidates {
            if self.comparisons > MOST_COMPARISONS {
                return best.map(|(_, best)| best).or(Some(candidate));
            }
            self.comparisons += self.shapes.len() + self.lines.len();
            let shapes = self.shapes.iter().filter(|shape| shape.overlaps(&candidate)).count();
            let crosses = |(one, two): &&(Point, Point)| {
                one.x.min(two.x) < candidate.right()
                    && one.x.max(two.x) > candidate.x
                    && one.y.min(two.y) < candidate.bottom()
                    && one.y.max(two.y) > candidate.y
            };
            let lines = self.lines.iter().filter(crosses).count();
            if best.is_none_or(|(least, _)| (shapes, lines) < least) {
                best = Some(((shapes, lines), candidate));
            }
            if (shapes, lines) == (0, 0) {
                break;
            }
        }
        best.map(|(_, candidate)| candidate)
    }
}

/// The places of a name, the best first.
fn candidates(size: (f64, f64), exit: &Exit, points: &[Point]) -> Vec<Bounds> {
    let mut places = Vec::new();
    if let [one, two, ..] = points {
        match (exit.name, points.get(2)) {
            (Some(name), _) => places.push(at_beginning(size, *one, *two, Some(name))),
            (None, Some(three)) => places.push(at_beginning(size, *two, *three, None)),
            (None, None) => {}
        }
    }
    places.extend(along(size, points));
    places
}

/// The places of a name beside the parts of a line.
fn along(size: (f64, f64), points: &[Point]) -> Vec<Bounds> {
    let mut places = Vec::new();
    for pair in points.windows(2).take(MOST_PARTS) {
        let (one, two) = (pair[0], pair[1]);
        if one.y == two.y {
            let (left, right) = (one.x.min(two.x) + ALONG, one.x.max(two.x) - size.0 - ALONG);
            let begin = if two.x > one.x { left } else { right };
            let end = if two.x > one.x { right } else { left };
            for part in ALONG_PART {
                let x = begin + (end - begin) * part;
                places.push(bounds(x, one.y - ALONG - size.1, size));
                places.push(bounds(x, one.y + ALONG, size));
            }
        } else {
            let (top, bottom) = (one.y.min(two.y) + ALONG, one.y.max(two.y) - size.1 - ALONG);
            let begin = if two.y > one.y { top } else { bottom };
            let end = if two.y > one.y { bottom } else { top };
            for part in ALONG_PART {
                let y = begin + (end - begin) * part;
                places.push(bounds(one.x + BESIDE, y, size));
                places.push(bounds(one.x - BESIDE - size.0, y, size));
            }
        }
    }
    places
}

/// The place beside the beginning of a line, which leads from one point to another.
fn at_beginning(
    (width, height): (f64, f64),
    one: Point,
    two: Point,
    name: Option<(Side, f64)>,
) -> Bounds {
    let side = match name {
        Some((side, _)) => side,
        None if two.y > one.y => Side::RightBelow,
        None if two.x < one.x => Side::LeftAbove,
        None => Side::RightAbove,
    };
    let along = name.map_or(ALONG, |(_, along)| along);
    let beside = if one.x == two.x { BESIDE } else { AHEAD };
    let x = match side {
        Side::LeftAbove | Side::LeftBelow => one.x - beside - width,
        _ => one.x + beside,
    };
    let y = match side {
        Side::RightAbove | Side::LeftAbove | Side::Above => one.y - along - height,
        _ => one.y + along,
    };
    bounds(x, y, (width, height))
}

fn bounds(x: f64, y: f64, (width, height): (f64, f64)) -> Bounds {
    Bounds { x: x.round(), y: y.round(), width, height }
}
