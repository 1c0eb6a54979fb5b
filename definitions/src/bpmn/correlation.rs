//! What makes a message find its instance: correlation keys (BPMN 2.0.2 §8.4.2).

use super::element::Element;
use super::extensions::Extensions;
use super::formal;
use super::reader::Reader;
use super::roots::File;
use crate::draft::{DraftKind, DraftWork, Flaws};
use crate::feel::Counters;
use crate::{Expression, Template, Work};
use std::collections::BTreeMap;

/// The property with which `camunda:properties` of a message, or of who sends or receives it, name
/// its correlation key; Camunda 7 has no word for it in the file.
const KEY: &str = "correlationKey";

/// A correlation property: which part of each message it is.
#[derive(Debug, Default)]
pub(super) struct Property<'x> {
    /// Its name, or its id where it has none.
    name: &'x str,
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
pub(super) fn key(
    zeebe: Option<Counters>,
    found: &Extensions<'_>,
    flaws: &mut Flaws,
) -> Option<Template> {
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
    let name = element.given("name").unwrap_or(element.id());
    let mut property = Property { name, ..Property::default() };
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
    /// Reads a correlation subscription: each message of the key's properties is received under the
    /// values of their data paths.
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
        let mut parts = Vec::new();
        for property in properties {
            let found =
                bindings.iter().find(|b| b.given("correlationPropertyRef") == Some(property));
            let (Some(known), Some(path)) =
                (self.file.properties.get(property), found.and_then(|b| b.all("dataPath").next()))
            else {
                let message = format!(
                    "the subscription binds the property {} to a dataPath; add it",
                    crate::excerpt(property)
                );
                return element.tell(self.flaws, "dangling-reference", message);
            };
            if !self.subscribed.insert(property) {
                let message = "another subscription binds this correlation key; take one away";
                return element.tell(self.flaws, "wrong-shape", message);
            }
            if !formal::is_short(path, "dataPath", path.words(), self.flaws) {
                return;
            }
            parts.push((known, path));
        }
        let Some(key) = self.key_of(element, &mut parts) else { return };
        let Some(((first, _), others)) = parts.split_first() else { return };
        let named = |property: &Property<'_>, message| property.paths.contains_key(message);
        for message in first.messages() {
            if others.iter().all(|(property, _)| named(property, message)) {
                self.subscriptions.insert(message, key.clone());
            }
        }
        for message in parts.iter().flat_map(|(property, _)| property.messages()) {
            if let Some((lacking, _)) = parts.iter().find(|(other, _)| !named(other, message)) {
                let (message, name) = (crate::excerpt(message), crate::excerpt(lacking.name));
                let text = format!("the property {name} has no messagePath for {message}; add it");
                return element.tell(self.flaws, "dangling-reference", text);
            }
        }
    }

    /// The key that the data paths of the properties make. Several are a list, in the order of the
    /// names of the properties; so whoever sends need not know the file.
    fn key_of(
        &mut self,
        element: &Element,
        parts: &mut [(&Property<'x>, &'x Element)],
    ) -> Option<Template> {
        if let [(_, only)] = parts {
            return self.formal_template(only);
        }
        parts.sort_by_key(|(property, _)| property.name);
        let mut values = Vec::new();
        for (_, path) in &*parts {
            let text = self.formal(path)?;
            let expression = Expression::parse(&text).map_err(|flaw| {
                let message = format!("in dataPath: {flaw}");
                path.tell(self.flaws, "invalid-expression", message);
            });
            let source = expression.ok()?.source().to_owned();
            values.push(source[2..source.len() - 1].to_owned());
        }
        let text = format!("${{[{}]}}", values.join(", "));
        if !formal::is_short(element, "the correlation key", &text, self.flaws) {
            return None;
        }
        self.flaws.template(&element.owner, element.line, "the correlation key", &text)
    }
}

/// A message that a node receives by its name alone.
pub(super) struct Keyless<'x> {
    pub(super) node: &'x Element,
    /// The id of the message.
    pub(super) message: &'x str,
}

impl<'x> File<'x> {
    /// A correlation key that a message is a part of, and the property that says which.
    fn key_with(&self, message: &str) -> Option<(&'x str, &Property<'x>)> {
        self.keys.iter().find_map(|(key, properties)| {
            let mut known = properties.iter().filter_map(|id| self.properties.get(id));
            known.find(|property| property.paths.contains_key(message)).map(|found| (*key, found))
        })
    }
}

impl Reader<'_, '_> {
    /// Refuses to receive by its name alone what an earlier message would have to tell apart: the first
    /// one fills a correlation key, and only what has the same value is of the instance (§8.4.2).
    pub(super) fn compare_keys(&mut self) {
        let file = self.file;
        for Keyless { node, message } in std::mem::take(&mut self.keyless) {
            let Some((key, property)) = file.key_with(message) else { continue };
            if self.misbound || self.begins(node.id()) {
                continue;
            }
            let (key, name) = (crate::excerpt(key), crate::excerpt(property.name));
            let text = format!(
                "the correlation key {key} is not filled by the first message, so that this one would \
                 be received by its name alone; add a correlationSubscription to the process that \
                 binds the property {name} to a dataPath"
            );
            self.flaws.add("unsupported-value", node.id(), node.line, text);
        }
    }

    /// Whether what a node receives begins the instance, whatever else comes.
    fn begins(&self, id: &str) -> bool {
        let node = |id: &str| self.draft.nodes.iter().find(|node| node.id == id);
        let Some(receiving) = node(id) else { return true };
        match &receiving.kind {
            DraftKind::Start(start) => receiving.parent.is_none() && !start.event.parallel_multiple,
            DraftKind::Activity(activity)
                if matches!(
                    activity.work,
                    DraftWork::Other(Work::Receive { instantiate: true, .. })
                ) =>
            {
                true
            }
            DraftKind::Catch(_) | DraftKind::Activity(_) => {
                let mut flows = self.draft.flows.iter().filter(|flow| flow.target == id);
                flows.any(|flow| {
                    let source = node(&flow.source).map(|source| &source.kind);
                    matches!(source, Some(DraftKind::EventBased(gateway))
                        if gateway.instantiate && !gateway.parallel)
                })
            }
            _ => false,
        }
    }

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
