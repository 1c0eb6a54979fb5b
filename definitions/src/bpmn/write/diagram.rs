//! The drawing of a process as BPMN diagram interchange.

use super::roots::Roots;
use super::text::Tag;
use crate::layout::{Bounds, Drawing, Sheet};
use crate::process::Place;
use crate::{Kind, Process};
use std::collections::BTreeMap;

/// The diagrams of a file: one for its processes and one for each collapsed sub-process. `element`
/// is what the first one shows, `pools` are the participants and where they are.
pub(super) fn write(
    sheets: &[Sheet<'_>],
    element: &str,
    pools: &[(&str, Bounds)],
    drawing: &Drawing,
    roots: &mut Roots,
) -> Vec<Tag> {
    let first = roots.fresh("", "diagram");
    let mut plane = plane(roots.fresh("", "plane"), element);
    for (id, outline) in pools {
        let shape = Tag::new("bpmndi:BPMNShape").with("id", roots.fresh(id, ".shape"));
        let shape = shape.with("bpmnElement", *id).with("isHorizontal", "true");
        plane.push(shape.holding(bounds(outline)));
    }
    let mut further = Vec::new();
    for sheet in sheets {
        let mut planes = BTreeMap::from([(None, plane)]);
        draw(sheet, drawing, &mut planes, roots);
        plane = planes.remove(&None).unwrap_or_else(|| Tag::new("bpmndi:BPMNPlane"));
        for place in &sheet.order {
            let Some(plane) = planes.remove(&Some(*place)) else { continue };
            let id = roots.fresh(sheet.process.node(*place).id.as_str(), ".diagram");
            further.push(Tag::new("bpmndi:BPMNDiagram").with("id", id).holding(plane));
        }
    }
    let mut tags = vec![Tag::new("bpmndi:BPMNDiagram").with("id", first).holding(plane)];
    tags.extend(further);
    tags
}

fn plane(id: String, element: &str) -> Tag {
    Tag::new("bpmndi:BPMNPlane").with("id", id).with("bpmnElement", element)
}

/// Draws a process on the planes of the file and of its collapsed sub-processes.
fn draw(
    sheet: &Sheet<'_>,
    drawing: &Drawing,
    tags: &mut BTreeMap<Option<Place>, Tag>,
    roots: &mut Roots,
) {
    let Sheet { process, order, lines } = sheet;
    let planes = planes(process, drawing);
    for place in order.iter().filter_map(|place| planes[place].as_ref()) {
        tags.entry(Some(*place)).or_insert_with(|| {
            let element = process.node(*place).id.as_str();
            plane(roots.fresh(&format!("{element}."), "plane"), element)
        });
    }
    for place in order {
        let node = process.node(*place);
        let id = node.id.as_str();
        let (Some(shape), Some(tag)) = (drawing.shapes.get(id), tags.get_mut(&planes[place]))
        else {
            continue;
        };
        let marked = matches!(node.kind, Kind::ExclusiveGateway).then_some("true");
        let scope = node.kind.activity().is_some_and(|activity| activity.sub_process().is_some());
        let expanded = scope.then_some(if shape.collapsed { "false" } else { "true" });
        let mut written = Tag::new("bpmndi:BPMNShape")
            .with("id", roots.fresh(id, ".shape"))
            .with("bpmnElement", id)
            .with_some("isMarkerVisible", marked)
            .with_some("isExpanded", expanded);
        written.push(bounds(&shape.bounds));
        written.extend(shape.label.as_ref().map(label));
        tag.push(written);
    }
    let flows = order
        .iter()
        .flat_map(|place| process.outgoing(*place).map(|(flow, _)| (*place, flow.id.to_string())));
    let lines = lines.iter().map(|line| (line.from, line.id.clone()));
    for (place, id) in flows.chain(lines) {
        let (Some(edge), Some(tag)) = (drawing.edges.get(&id), tags.get_mut(&planes[&place]))
        else {
            continue;
        };
        let mut written = Tag::new("bpmndi:BPMNEdge")
            .with("id", roots.fresh(&id, ".edge"))
            .with("bpmnElement", id);
        written.extend(edge.points.iter().map(|point| {
            Tag::new("di:waypoint").with("x", number(point.x)).with("y", number(point.y))
        }));
        written.extend(edge.label.as_ref().map(label));
        tag.push(written);
    }
}

/// The plane on which each node is drawn: that of the nearest collapsed sub-process around it.
fn planes(process: &Process, drawing: &Drawing) -> BTreeMap<Place, Option<Place>> {
    let mut planes: BTreeMap<Place, Option<Place>> = BTreeMap::new();
    for (place, node) in process.nodes() {
        let plane = node.parent.and_then(|parent| {
            let shape = drawing.shapes.get(process.node(parent).id.as_str());
            let collapsed = shape.is_some_and(|shape| shape.collapsed);
            if collapsed { Some(parent) } else { planes.get(&parent).copied().flatten() }
        });
        planes.insert(place, plane);
    }
    planes
}

fn label(of: &Bounds) -> Tag {
    Tag::new("bpmndi:BPMNLabel").holding(bounds(of))
}

fn bounds(of: &Bounds) -> Tag {
    Tag::new("dc:Bounds")
        .with("x", number(of.x))
        .with("y", number(of.y))
        .with("width", number(of.width))
        .with("height", number(of.height))
}

/// A number without sign of zero and without needless decimals.
fn number(value: f64) -> String {
    let value = if value == 0.0 { 0.0 } else { value };
    value.to_string()
}
