//! Reading a drawing: the shapes and edges of a BPMN file.

use super::{Bounds, Drawing, Edge, Point, Shape};
use crate::bpmn::element::{Element, Space};
use crate::bpmn::{references, xml};
use crate::draft::Flaws;

/// Further away from the origin nothing is drawn.
const FURTHEST: f64 = 1e6;

/// Reads the drawing out of a BPMN text. Nothing comes back when the text is no XML or has no
/// drawing; shapes and edges without sensible numbers are left out.
pub fn read_drawing(text: &str) -> Option<Drawing> {
    let mut root = xml::read(text, &mut Flaws::default())?;
    references::settle(&mut root, &mut Flaws::default());
    let mut drawing = Drawing::default();
    let planes = drawn(&root, "BPMNDiagram").flat_map(|diagram| drawn(diagram, "BPMNPlane"));
    for plane in planes {
        for shape in drawn(plane, "BPMNShape") {
            let (Some(id), Some(bounds)) = (shape.plain("bpmnElement"), bounds(shape)) else {
                continue;
            };
            let collapsed = shape.plain("isExpanded").map(str::trim) == Some("false");
            let shape = Shape { bounds, label: label(shape), collapsed };
            drawing.shapes.entry(id.trim().to_owned()).or_insert(shape);
        }
        for edge in drawn(plane, "BPMNEdge") {
            let Some(id) = edge.plain("bpmnElement") else { continue };
            let points: Option<Vec<Point>> = drawn(edge, "waypoint").map(point).collect();
            let Some(points) = points.filter(|points| points.len() > 1) else { continue };
            let edge = Edge { points, label: label(edge) };
            drawing.edges.entry(id.trim().to_owned()).or_insert(edge);
        }
    }
    (!drawing.shapes.is_empty()).then_some(drawing)
}

fn drawn<'a>(parent: &'a Element, name: &'a str) -> impl Iterator<Item = &'a Element> {
    let drawn = move |child: &&Element| child.space == Space::Drawing && child.name == name;
    parent.children.iter().filter(drawn)
}

fn label(of: &Element) -> Option<Bounds> {
    drawn(of, "BPMNLabel").next().and_then(bounds)
}

fn bounds(of: &Element) -> Option<Bounds> {
    let bounds = drawn(of, "Bounds").next()?;
    let number = |name| number(bounds, name);
    let (x, y, width, height) = (number("x")?, number("y")?, number("width")?, number("height")?);
    (width > 0.0 && height > 0.0).then_some(Bounds { x, y, width, height })
}

fn point(of: &Element) -> Option<Point> {
    Some(Point { x: number(of, "x")?, y: number(of, "y")? })
}

fn number(of: &Element, name: &str) -> Option<f64> {
    let number: f64 = of.plain(name)?.trim().parse().ok()?;
    (number.abs() <= FURTHEST).then_some(number)
}
