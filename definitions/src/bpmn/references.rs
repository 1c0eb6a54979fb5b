//! References between elements, which are qualified names (BPMN 2.0.2 §15): their prefixes taken off.

use super::element::{Element, Space};
use crate::draft::Flaws;
use std::collections::BTreeSet;

/// Attributes, and elements by their text, that name another element.
const REFERENCES: [&str; 22] = [
    "activityRef",
    "attachedToRef",
    "bpmnElement",
    "correlationKeyRef",
    "correlationPropertyRef",
    "dataObjectRef",
    "dataStoreRef",
    "default",
    "errorRef",
    "escalationRef",
    "eventDefinitionRef",
    "flowNodeRef",
    "incoming",
    "loopDataInputRef",
    "loopDataOutputRef",
    "messageRef",
    "outgoing",
    "processRef",
    "signalRef",
    "sourceRef",
    "targetRef",
    CALLED,
];

/// What is called may be in another file: it keeps a prefix that is not that of this one.
const CALLED: &str = "calledElement";

/// What a reference with a prefix names.
enum Named {
    /// The element of this file with an id.
    Here(String),
    /// An element of another namespace.
    Elsewhere(String),
}

/// What is known where a reference stands.
struct Surroundings {
    /// The namespace of what the file itself defines.
    target: Option<String>,
    /// Ids that look like references with a prefix.
    ids: BTreeSet<String>,
    /// Prefixes and the namespaces that they are bound to, the nearest last.
    bound: Vec<(String, String)>,
}

/// Makes of each reference the id that it names; whether all are to elements of this file.
pub(crate) fn settle(root: &mut Element, flaws: &mut Flaws) -> bool {
    let mut ids = BTreeSet::new();
    prefixed(root, &mut ids);
    let target = root.plain("targetNamespace").map(str::to_owned);
    let mut surroundings = Surroundings { target, ids, bound: Vec::new() };
    let before = flaws.count();
    surroundings.settle(root, flaws);
    flaws.count() == before
}

/// The ids that an element names, those of what it holds aside.
pub(super) fn of(element: &Element) -> impl Iterator<Item = &str> {
    let attributes = element.attributes.iter().filter(|attribute| {
        attribute.space == Space::None && REFERENCES.contains(&attribute.name.as_str())
    });
    let own = element.space == Space::Bpmn && REFERENCES.contains(&element.name.as_str());
    attributes.map(|attribute| attribute.value.trim()).chain(own.then(|| element.words()))
}

fn prefixed(element: &Element, ids: &mut BTreeSet<String>) {
    if element.id().contains(':') {
        ids.insert(element.id().to_owned());
    }
    element.children.iter().for_each(|child| prefixed(child, ids));
}

impl Surroundings {
    fn settle(&mut self, element: &mut Element, flaws: &mut Flaws) {
        let outside = self.bound.len();
        self.bound.append(&mut element.bindings);
        let mut elsewhere = Vec::new();
        for attribute in &mut element.attributes {
            let name = attribute.name.as_str();
            if attribute.space != Space::None || !REFERENCES.contains(&name) {
                continue;
            }
            match self.named(&attribute.value) {
                Some(Named::Here(id)) => attribute.value = id,
                Some(Named::Elsewhere(address)) if name != CALLED => {
                    elsewhere.push((attribute.name.clone(), attribute.value.clone(), address));
                }
                _ => {}
            }
        }
        if element.space == Space::Bpmn && REFERENCES.contains(&element.name.as_str()) {
            match self.named(&element.text) {
                Some(Named::Here(id)) => element.text = id,
                Some(Named::Elsewhere(address)) => {
                    elsewhere.push((element.name.clone(), element.words().to_owned(), address));
                }
                None => {}
            }
        }
        for (word, reference, address) in elsewhere {
            let (reference, address) = (crate::excerpt(&reference), crate::excerpt(&address));
            let message = format!(
                "{word} names {reference}, which is in another file, that of the namespace \
                 {address}; put it into this file"
            );
            element.tell(flaws, "dangling-reference", message);
        }
        for child in &mut element.children {
            self.settle(child, flaws);
        }
        element.bindings = self.bound.split_off(outside);
    }

    /// What a reference names that has a prefix; an unbound one says nothing.
    fn named(&self, reference: &str) -> Option<Named> {
        let (prefix, id) = reference.trim().split_once(':')?;
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        let name = |text: &str| !text.is_empty() && text.chars().all(plain);
        if !name(prefix) || !name(id) || self.ids.contains(reference.trim()) {
            return None;
        }
        let bound = self.bound.iter().rev().find(|(bound, _)| bound == prefix);
        Some(match (bound, &self.target) {
            (Some((_, address)), Some(target)) if address != target => {
                Named::Elsewhere(address.clone())
            }
            _ => Named::Here(id.to_owned()),
        })
    }
}
