//! The shipped journeys are in order, and their two forms mean the same.

use crate::process;
use definitions::{Format, Kind, library, write_bpmn};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_journey_means_the_same_in_bpmn_and_in_yaml() {
    for journey in library::ALL {
        let bpmn = process(Format::Bpmn, journey.bpmn);
        let yaml = process(Format::Yaml, journey.yaml);
        assert_eq!(bpmn.id(), journey.name);
        assert_eq!(bpmn.meaning(), yaml.meaning(), "{}", journey.name);
    }
}

#[test]
fn the_risk_of_a_sign_in_is_weighed_as_the_table_says() {
    let (_, text) = library::DECISIONS.iter().find(|(name, _)| *name == "sign-in-risk").unwrap();
    let decisions = definitions::read_decisions(text).unwrap();
    let decision = decisions.find("sign-in-risk").unwrap();
    for (new_device, unusual_country, failures, risk) in [
        (false, false, 0, "PASSCODE"),
        (false, false, 9, "PASSCODE"),
        (true, false, 0, "WARN"),
        (false, true, 0, "WARN"),
        (true, true, 2, "WARN"),
        (true, true, 3, "REFUSE"),
        (true, false, 3, "WARN"),
        (false, false, 10, "REFUSE"),
    ] {
        let seen = Seen(json!({
            "newDevice": new_device, "unusualCountry": unusual_country, "failures": failures,
        }));
        let told = decision.evaluate(&seen).unwrap();
        assert_eq!(told, risk, "{new_device} {unusual_country} {failures}");
    }
}

/// The variables that a decision sees.
struct Seen(Value);

impl definitions::Scope for Seen {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn local(&self, _: &str) -> Option<&Value> {
        None
    }
}

/// `UPDATE_GOLDEN=1` writes the BPMN of what people write as YAML; build again after it.
#[test]
fn the_bpmn_of_a_journey_is_drawn_from_its_yaml() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    // The first two were drawn by hand.
    for journey in library::ALL.iter().filter(|journey| !journey.seeded) {
        let drawn = write_bpmn(&process(Format::Yaml, journey.yaml), None);
        if update {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("library");
            std::fs::write(folder.join(format!("{}.bpmn", journey.name)), &drawn).unwrap();
        } else {
            let name = journey.name;
            assert_eq!(journey.bpmn, drawn, "{name}: UPDATE_GOLDEN=1 writes it anew");
        }
    }
}

#[test]
fn every_diagram_shows_every_element_and_nothing_lies_on_anything() {
    // What is not drawn by hand is laid out, and looked at with the layout.
    for journey in library::ALL.iter().filter(|journey| journey.seeded) {
        let process = process(Format::Bpmn, journey.bpmn);
        let drawing = Drawing::of(journey.bpmn);
        for (place, node) in process.nodes() {
            let id = node.id.as_str();
            assert!(drawing.shapes.contains_key(id), "{id} has no shape");
            for (flow, target) in process.outgoing(place) {
                let way = drawing
                    .ways
                    .get(&*flow.id)
                    .unwrap_or_else(|| panic!("{} is not drawn", flow.id));
                let (first, last) = (way[0], way[way.len() - 1]);
                assert!(drawing.shapes[id].touches(first), "{} begins elsewhere", flow.id);
                let target = process.node(target).id.as_str();
                assert!(drawing.shapes[target].touches(last), "{} ends elsewhere", flow.id);
            }
        }
        let tasks: BTreeSet<_> = process
            .nodes()
            .filter(|(_, node)| !matches!(node.kind, Kind::Boundary(_)))
            .map(|(_, node)| node.id.as_str())
            .collect();
        let boxes: Vec<_> = drawing
            .shapes
            .iter()
            .filter(|(id, _)| tasks.contains(id.as_str()) || *id == "note")
            .collect();
        for (index, (one, here)) in boxes.iter().enumerate() {
            for (two, there) in &boxes[index + 1..] {
                assert!(!here.overlaps(there), "{one} and {two} overlap");
            }
        }
        let right = |id: &str| drawing.shapes[id].x;
        assert!(
            boxes.iter().all(|(id, _)| right("start") <= right(id)),
            "the start is at the left"
        );
    }
}

/// The diagram of a BPMN file: shapes by element, and the way points of flows.
#[derive(Default)]
struct Drawing {
    shapes: BTreeMap<String, Bounds>,
    ways: BTreeMap<String, Vec<(f64, f64)>>,
}

#[derive(Clone, Copy)]
struct Bounds {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Bounds {
    fn overlaps(&self, other: &Bounds) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    /// Whether a point lies on the edge of the shape or at most three units away from it.
    fn touches(&self, (x, y): (f64, f64)) -> bool {
        let inside = |by: f64| {
            x >= self.x - by
                && x <= self.x + self.width + by
                && y >= self.y - by
                && y <= self.y + self.height + by
        };
        inside(1.0) && !inside(-6.0)
    }
}

impl Drawing {
    fn of(text: &str) -> Drawing {
        let mut drawing = Drawing::default();
        let mut element = String::new();
        let mut labelled = false;
        for line in text.lines().map(str::trim) {
            let value = |name: &str| {
                let rest = line.split_once(&format!(" {name}=\""))?.1;
                rest.split_once('"').map(|(value, _)| value.to_owned())
            };
            let number = |name: &str| value(name).and_then(|n| n.parse().ok()).unwrap_or(f64::NAN);
            if line.starts_with("<bpmndi:BPMNShape") || line.starts_with("<bpmndi:BPMNEdge") {
                element = value("bpmnElement").unwrap_or_default();
                labelled = false;
            } else if line.starts_with("<bpmndi:BPMNLabel") {
                labelled = true;
            } else if line.starts_with("<dc:Bounds") && !labelled {
                let (width, height) = (number("width"), number("height"));
                let bounds = Bounds { x: number("x"), y: number("y"), width, height };
                drawing.shapes.insert(element.clone(), bounds);
            } else if line.starts_with("<di:waypoint") {
                let way = drawing.ways.entry(element.clone()).or_default();
                way.push((number("x"), number("y")));
            }
        }
        drawing
    }
}
