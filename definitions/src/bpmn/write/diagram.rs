//! The drawing of a process as BPMN diagram interchange.

use super::roots::Roots;
use super::text::Tag;
use crate::layout::{Bounds, Drawing, Line};
use crate::process::Place;
use crate::{Kind, Process};
use std::collections::BTreeMap;

/// The diagrams of a process: one for itself and one for each collapsed sub-process.
pub(super) fn write(
    process: &Process,
    lines: &[Line],
    drawing: &Drawing,
    roots: &mut Roots,
) -> Vec<Tag> {
    let planes = planes(process, drawing);
    let mut tags: BTreeMap<Option<Place>, Tag> = BTreeMap::new();
    let plane_of = |place: Option<Place>, roots: &mut Roots| -> Tag {
        let element = place.map_or(process.id(), |place| process.node(place).id.as_str());
        let id = match place {
            None => roots.fresh("", "plane"),
            Some(_) => roots.fresh(&format!("{element}."), "plane"),
        };
        Tag::new("bpmndi:BPMNPlane").with("id", id).with("bpmnElement", element)
    };
    let diagram = roots.fresh("", "diagram");
    tags.insert(None, plane_of(None, roots));
    for place in planes.values().flatten() {
        tags.entry(Some(*place)).or_insert_with(|| plane_of(Some(*place), roots));
    }
    for (place, node) in process.nodes() {
        let id = node.id.as_str();
        let (Some(shape), Some(tag)) = (drawing.shapes.get(id), tags.get_mut(&planes[&place]))
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
    let flows = process.nodes().flat_map(|(place, _)| {
        process.outgoing(place).map(move |(flow, _)| (place, flow.id.to_string()))
    });
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
    let diagram_of = |place: Option<Place>, plane: Tag, roots: &mut Roots| {
        let id = match place {
            None => diagram.clone(),
            Some(place) => roots.fresh(process.node(place).id.as_str(), ".diagram"),
        };
        Tag::new("bpmndi:BPMNDiagram").with("id", id).holding(plane)
    };
    tags.into_iter().map(|(place, plane)| diagram_of(place, plane, roots)).collect()
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
