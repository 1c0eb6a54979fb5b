//! Ids of what has none: nothing refers to it, so that it may be left out (BPMN 2.0.2 Table 8.5).

use super::element::{Attribute, Element, Space};
use super::references;
use crate::yaml::naming::{END, START, event_sub_process, identifier, is_id, joined, within};
use std::collections::{BTreeMap, BTreeSet};

/// Root elements that events and other root elements name.
const ROOTS: [&str; 7] = [
    "message",
    "signal",
    "error",
    "escalation",
    "dataStore",
    "correlationProperty",
    "correlationKey",
];
/// What is data, of a process or of a node.
const DATA: [&str; 6] = [
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "property",
    "dataInput",
    "dataOutput",
];

/// Gives an id to each element of a file that has none and is known by one, in the way in which YAML
/// names what has none. Where a flow or a node names what is not there, the id was forgotten, and
/// whoever reads the element says so.
pub(super) fn give(root: &mut Element) {
    let mut ids = Ids::default();
    ids.note(root);
    for child in &mut root.children {
        match child.name.as_str() {
            _ if child.space != Space::Bpmn => {}
            "process" => {
                let id = child.id().to_owned();
                ids.contents(child, None, &id);
            }
            "collaboration" => ids.conversation(child),
            name if ROOTS.contains(&name) || name.ends_with("EventDefinition") => {
                ids.called(child, None);
            }
            _ => {}
        }
    }
}

#[derive(Default)]
struct Ids {
    /// Those of the file, and those that were made.
    known: BTreeSet<String>,
    /// What references name, whether it is there or not.
    named: BTreeSet<String>,
}

impl Ids {
    fn note(&mut self, element: &Element) {
        if element.space == Space::Bpmn && !element.id().is_empty() {
            self.known.insert(element.id().to_owned());
        }
        self.named.extend(references::of(element).map(str::to_owned));
        element.children.iter().for_each(|child| self.note(child));
    }

    /// Names the participants and the keys of a collaboration, and those of its conversations.
    fn conversation(&mut self, element: &mut Element) {
        for child in &mut element.children {
            match child.name.as_str() {
                "participant" | "correlationKey" => self.called(child, None),
                "conversation" | "subConversation" => self.conversation(child),
                _ => {}
            }
        }
    }

    /// Names what a process or a sub-process holds; `id` is its own.
    fn contents(&mut self, container: &mut Element, scope: Option<&str>, id: &str) {
        let known = |reference: &str| self.known.contains(reference);
        let ends = |child: &Element| {
            let words = ["sourceRef", "targetRef", "attachedToRef"].map(|word| child.given(word));
            child.is("association") || words.into_iter().flatten().all(known)
        };
        let nodes_are_there = container.children.iter().all(ends);
        let flows = |child: &Element| {
            let listed = child.children.iter().filter(|c| c.is("incoming") || c.is("outgoing"));
            child.given("default").into_iter().chain(listed.map(Element::words)).all(known)
        };
        let flows_are_there = container.children.iter().all(flows);
        let (mut nodes, mut event_sub_processes) = (0, 0);
        let mut leaving: BTreeMap<String, usize> = BTreeMap::new();
        for child in &mut container.children {
            if child.space != Space::Bpmn {
                continue;
            }
            if child.is("sequenceFlow") {
                if child.id().is_empty() && flows_are_there {
                    let source = child.given("sourceRef").unwrap_or_default().to_owned();
                    let count = leaving.entry(source.clone()).or_default();
                    *count += 1;
                    let stem = match source.as_str() {
                        "" => within(scope, &format!("flow{count}")),
                        source => joined(source, &format!("flow{count}")),
                    };
                    self.name(child, stem);
                }
            } else if is_node(&child.name) {
                let event = matches!(child.given("triggeredByEvent"), Some("true" | "1"));
                let place = if event { &mut event_sub_processes } else { &mut nodes };
                if child.id().is_empty() && nodes_are_there {
                    let stem = stem(child, scope, *place, event);
                    self.name(child, stem);
                }
                *place += 1;
                self.data(child);
                if child.is_container() {
                    let id = child.id().to_owned();
                    self.contents(child, Some(&id), &id);
                }
            } else if DATA.contains(&child.name.as_str()) {
                self.called(child, Some(id));
            }
        }
    }

    /// Names the data of a node that holds no others.
    fn data(&mut self, node: &mut Element) {
        let id = node.id().to_owned();
        let container = node.is_container();
        for child in &mut node.children {
            if child.is("ioSpecification") {
                let inside = child.children.iter_mut();
                inside.filter(|c| DATA.contains(&&*c.name)).for_each(|c| self.called(c, Some(&id)));
            } else if !container && DATA.contains(&child.name.as_str()) {
                self.called(child, Some(&id));
            }
        }
    }

    /// Names an element after what it is, or what it belongs to, and what it is called.
    fn called(&mut self, element: &mut Element, of: Option<&str>) {
        // A property is a variable, whose name is all that it has.
        if !element.id().is_empty() || element.is("property") && element.given("name").is_none() {
            return;
        }
        let name = identifier(element.given("name").unwrap_or_default());
        let stem = match (of, name.is_empty()) {
            (Some(of), true) => joined(of, &element.name),
            (Some(of), false) => joined(of, &name),
            (None, true) => element.name.clone(),
            (None, false) => joined(&element.name, &name),
        };
        self.name(element, stem);
    }

    fn name(&mut self, element: &mut Element, stem: String) {
        let mut id = stem.clone();
        let mut count = 1_u32;
        while self.named.contains(&id) || !self.known.insert(id.clone()) {
            count += 1;
            id = joined(&stem, &count.to_string());
        }
        let around = element.owner.clone();
        own(element, &around, &id);
        element
            .attributes
            .retain(|attribute| attribute.space != Space::None || attribute.name != "id");
        element.attributes.push(Attribute { space: Space::None, name: "id".into(), value: id });
    }
}

/// What people know as `id` from now on.
fn own(element: &mut Element, around: &str, id: &str) {
    if element.owner == around {
        id.clone_into(&mut element.owner);
        element.children.iter_mut().for_each(|child| own(child, around, id));
    }
}

fn is_node(name: &str) -> bool {
    let ends = ["Event", "Task", "Gateway", "Activity", "ubProcess"];
    matches!(name, "task" | "transaction") || ends.iter().any(|end| name.ends_with(end))
}

/// The id of the node at a place among those of its scope: made of its name, else of its place.
fn stem(node: &Element, scope: Option<&str>, place: usize, event: bool) -> String {
    let name = identifier(node.given("name").unwrap_or_default());
    match node.name.as_str() {
        _ if event => event_sub_process(scope, place),
        _ if is_id(&name) && name != START && name != END => name,
        "startEvent" => within(scope, START),
        "endEvent" => within(scope, END),
        _ => within(scope, &format!("step-{}", place + 1)),
    }
}
