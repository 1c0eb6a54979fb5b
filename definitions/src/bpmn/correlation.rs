//! What makes a message find its instance: correlation keys (BPMN 2.0.2 §8.4.2).

use super::element::Element;
use super::extensions::Extensions;
use super::formal;
use super::reader::Reader;
use crate::Template;
use crate::draft::Flaws;
use std::collections::BTreeMap;

/// The property with which `camunda:properties` of a message, or of who sends or receives it, name
/// its correlation key; Camunda 7 has no word for it in the file.
const KEY: &str = "correlationKey";

/// A correlation property: which part of each message it is.
#[derive(Debug, Default)]
pub(super) struct Property<'x> {
    /// The message paths by the id of the message.
    paths: BTreeMap<&'x str, &'x Element>,
}

impl<'x> Property<'x> {
    /// The ids of the messages that it is a part of.
    pub(super) fn messages(&self) -> impl Iterator<Item = &'x str> {
        self.paths.keys().copied()
    }
}

/// The correlation key that extension elements name.
pub(super) fn key(zeebe: bool, found: &Extensions<'_>, flaws: &mut Flaws) -> Option<Template> {
    if let Some(subscription) = found.one("zeebe:subscription", flaws) {
        subscription.allow(&["correlationKey"], &[], flaws);
        subscription.nothing_inside(flaws);
        let text = subscription.given("correlationKey")?;
        if !formal::is_short(subscription, KEY, text, flaws) {
            return None;
        }
        return formal::template(zeebe, subscription, KEY, text, flaws);
    }
    let (property, text) = found.property(KEY)?;
    if !formal::is_short(property, KEY, text, flaws) {
        return None;
    }
    formal::template(zeebe, property, KEY, text, flaws)
}

/// Reads a correlation property.
pub(super) fn property<'x>(element: &'x Element, flaws: &mut Flaws) -> Property<'x> {
    element.allow(&["id", "name", "type"], &[], flaws);
    element.required("id", flaws);
    element.no_text(flaws);
    let mut property = Property::default();
    for child in element.children.iter().filter(|child| !child.is("documentation")) {
        let path = child.all("messagePath").next();
        match (path, child.given("messageRef")) {
            (Some(path), Some(message)) if child.is("correlationPropertyRetrievalExpression") => {
                property.paths.insert(message, path);
            }
            _ => child.refuse(element, flaws),
        }
    }
    property
}

/// Reads a correlation key: the ids of its properties.
pub(super) fn properties<'x>(element: &'x Element, flaws: &mut Flaws) -> Vec<&'x str> {
    element.allow(&["id", "name"], &[], flaws);
    let references = element.all("correlationPropertyRef");
    references.map(Element::words).collect()
}

/// The keys by which a process receives messages, by the id of the message.
pub(super) type Subscriptions<'x> = BTreeMap<&'x str, Template>;

impl<'x> Reader<'x, '_> {
    /// Reads a correlation subscription: each message of the key's property is received under the
    /// value of its data path. Only a key of one property can be said with one template.
    pub(super) fn subscription(&mut self, element: &'x Element) {
        element.allow(&["id", "correlationKeyRef"], &[], self.flaws);
        let reference = element.required("correlationKeyRef", self.flaws);
        let bindings: Vec<&Element> = element.all("correlationPropertyBinding").collect();
        let Some(properties) = self.file.keys.get(reference.as_str()) else {
            if !reference.is_empty() {
                self.dangling(element, "correlationKeyRef", &reference, "correlation key");
            }
            return;
        };
        let [property] = properties[..] else {
            let message = "a correlation key has just one property here; join several into one";
            return element.tell(self.flaws, "unsupported-value", message);
        };
        let found = bindings.iter().find(|b| b.given("correlationPropertyRef") == Some(property));
        let (Some(paths), Some(path)) =
            (self.file.properties.get(property), found.and_then(|b| b.all("dataPath").next()))
        else {
            let message = format!(
                "the subscription binds the property {} to a dataPath; add it",
                crate::excerpt(property)
            );
            return element.tell(self.flaws, "dangling-reference", message);
        };
        if !formal::is_short(path, "dataPath", path.words(), self.flaws) {
            return;
        }
        if !self.subscribed.insert(property) {
            let message = "another subscription binds this correlation key; take one away";
            return element.tell(self.flaws, "wrong-shape", message);
        }
        let Some(key) = self.formal_template(path) else { return };
        for message in paths.paths.keys() {
            self.subscriptions.insert(message, key.clone());
        }
    }
}

impl Reader<'_, '_> {
    /// Refuses a message that is sent under a correlation property of the standard: its key would
    /// have to be taken out of what is sent.
    pub(super) fn sent_key(&mut self, at: &Element, message: &str) {
        if self.file.correlated.contains(message) {
            let text = "the key of a sent message is not taken out of it by a messagePath; give \
                        the event or the task a property correlationKey";
            at.tell(self.flaws, "unsupported-value", text);
        }
    }
}
