//! The root elements of a file: messages, signals, errors, escalations, and what only describes.

use super::camunda;
use super::correlation::{self, Property};
use super::element::{Element, Space};
use super::extensions;
use super::formal;
use super::pools::{self, Assigned};
use super::repeat::SHARED;
use crate::draft::Flaws;
use crate::feel::Counters;
use crate::{Message, Template};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the root elements of a file say, by id; `None` for an element that was refused.
#[derive(Debug, Default)]
pub(super) struct File<'x> {
    /// Whether the file is in the dialect of Camunda 8, where `=` begins FEEL.
    pub(super) zeebe: bool,
    /// Whether the file may be one of Camunda 7, where cron is that of Quartz.
    pub(super) quartz: bool,
    pub(super) processes: Vec<&'x Element>,
    pub(super) by_id: BTreeMap<&'x str, &'x Element>,
    pub(super) messages: BTreeMap<&'x str, Option<Message>>,
    pub(super) signals: BTreeMap<&'x str, Option<Template>>,
    pub(super) errors: BTreeMap<&'x str, Option<ErrorRoot>>,
    pub(super) escalations: BTreeMap<&'x str, Option<Arc<str>>>,
    /// Event definitions that events refer to.
    pub(super) definitions: BTreeMap<&'x str, &'x Element>,
    /// Data stores.
    pub(super) stores: BTreeSet<&'x str>,
    /// Correlation properties.
    pub(super) properties: BTreeMap<&'x str, Property<'x>>,
    /// Messages that a correlation property is a part of.
    pub(super) correlated: BTreeSet<&'x str>,
    /// Correlation keys: the ids of their properties.
    pub(super) keys: BTreeMap<&'x str, Vec<&'x str>>,
    /// The messages that message flows give to nodes that name none.
    pub(super) assigned: BTreeMap<&'x str, Assigned<'x>>,
    /// Ids of all of these with their lines.
    pub(super) ids: Vec<(String, u32)>,
}

/// An error element.
#[derive(Debug)]
pub(super) struct ErrorRoot {
    pub(super) code: Arc<str>,
    pub(super) message: Option<Template>,
}

const DEFINITIONS: [&str; 7] = [
    "id",
    "name",
    "targetNamespace",
    "expressionLanguage",
    "typeLanguage",
    "exporter",
    "exporterVersion",
];

/// Root elements that say nothing to the engine.
const DESCRIPTIVE: [&str; 11] = [
    "documentation",
    "extensionElements",
    "category",
    "itemDefinition",
    "interface",
    "resource",
    "endPoint",
    "partnerEntity",
    "partnerRole",
    "textAnnotation",
    "group",
];

/// Reads all root elements but the processes.
pub(super) fn read<'x>(root: &'x Element, flaws: &mut Flaws) -> File<'x> {
    root.allow(&DEFINITIONS, &["diagramRelationId"], flaws);
    root.no_text(flaws);
    extensions::none(root, flaws);
    let zeebe = is_zeebe(root);
    let mut file = File { zeebe, quartz: !zeebe && is_camunda(root), ..File::default() };
    let mut collaborations = Vec::new();
    for child in &root.children {
        if child.space == Space::Drawing {
            continue;
        }
        if child.space != Space::Bpmn {
            child.refuse(root, flaws);
            continue;
        }
        let id = child.id();
        match child.name.as_str() {
            "process" => {
                file.processes.push(child);
                file.by_id.insert(id, child);
                continue;
            }
            "message" => {
                let message = file.message(child, flaws);
                file.messages.insert(id, message);
            }
            "signal" => {
                let signal = file.signal(child, flaws);
                file.signals.insert(id, signal);
            }
            "error" => {
                let error = file.error(child, flaws);
                file.errors.insert(id, error);
            }
            "escalation" => {
                let escalation = escalation(child, flaws);
                file.escalations.insert(id, escalation);
            }
            "dataStore" => drop(file.stores.insert(id)),
            "correlationProperty" => {
                let property = correlation::property(child, flaws);
                file.correlated.extend(property.messages());
                file.properties.insert(id, property);
            }
            "collaboration" => collaborations.push(child),
            "extension" => extension(child, flaws),
            "import" if child.given("importType").is_some_and(is_of_types) => {}
            name if name.ends_with("EventDefinition") => {
                let text: String = child.children.iter().map(Element::words).collect();
                if formal::is_short(child, name, &text, flaws) {
                    file.definitions.insert(id, child);
                }
            }
            name if DESCRIPTIVE.contains(&name) => {}
            _ => unsupported(child, flaws),
        }
        if !id.is_empty() {
            file.ids.push((id.to_owned(), child.line));
        }
    }
    for collaboration in collaborations {
        pools::read(collaboration, &mut file, flaws);
    }
    file
}

/// Whether an imported file holds types or operations, of which the engine knows none.
fn is_of_types(kind: &str) -> bool {
    let types = ["www.w3.org/2001/XMLSchema", "www.w3.org/TR/wsdl20", "schemas.xmlsoap.org/wsdl"];
    let kind = kind.trim_end_matches('/').strip_prefix("http://");
    kind.is_some_and(|kind| types.contains(&kind))
}

/// Refuses an element that no engine runs, or that we cannot.
pub(super) fn unsupported(element: &Element, flaws: &mut Flaws) {
    let name = crate::excerpt(&element.name);
    let message = match camunda::refusal(element.space, &element.name) {
        Some(reason) => format!("{name} is not taken: {reason}"),
        None if name == "import" => "import is not supported; put everything into this file".into(),
        None => format!("{name} is not supported; take it away"),
    };
    flaws.add("unsupported-element", element.id(), element.line, message);
}

/// Refuses an extension without which a file cannot be understood (BPMN 2.0.2 §8.2.3).
fn extension(element: &Element, flaws: &mut Flaws) {
    element.allow(&["definition", "mustUnderstand"], &[], flaws);
    element.nothing_inside_but_extensions(flaws);
    if element.truth("mustUnderstand", false, flaws) {
        let definition = crate::excerpt(element.given("definition").unwrap_or("of the file"));
        let message = format!(
            "the extension {definition} must be understood, which nothing here does; take it away, \
             or its mustUnderstand where the process runs without it"
        );
        element.tell(flaws, "unsupported-element", message);
    }
}

/// Whether anything in a tree says that it is meant for Camunda 8.
fn is_zeebe(element: &Element) -> bool {
    let platform = element.attributes.iter().any(|attribute| {
        attribute.space == Space::Zeebe
            || attribute.space == Space::Modeler
                && attribute.name == "executionPlatform"
                && attribute.value == "Camunda Cloud"
    });
    platform || element.space == Space::Zeebe || element.children.iter().any(is_zeebe)
}

/// Whether anything in a tree says that it may be meant for Camunda 7, if only by declaring its words.
fn is_camunda(element: &Element) -> bool {
    let declared = element.bindings.iter().any(|(_, address)| Space::of(address) == Space::Camunda);
    let said = element.attributes.iter().any(|attribute| {
        attribute.space == Space::Camunda
            || attribute.space == Space::Modeler
                && attribute.name == "executionPlatform"
                && attribute.value == "Camunda Platform"
    });
    declared || said || element.space == Space::Camunda || element.children.iter().any(is_camunda)
}

/// The trimmed text of the first of some attributes that is there.
fn first<'e>(element: &'e Element, names: [&str; 2], flaws: &mut Flaws) -> Option<&'e str> {
    let found = names.into_iter().find_map(|name| element.given(name));
    if found.is_none() {
        let message = format!("{} needs the attribute {}", element.name, names[0]);
        flaws.add("missing-attribute", element.id(), element.line, message);
    }
    found
}

fn escalation(element: &Element, flaws: &mut Flaws) -> Option<Arc<str>> {
    element.allow(&["id", "name", "escalationCode", "structureRef"], &[], flaws);
    element.required("id", flaws);
    element.nothing_inside_but_extensions(flaws);
    extensions::none(element, flaws);
    let code = first(element, ["escalationCode", "name"], flaws)?;
    flaws.code(&element.owner, element.line, "escalation", code).then(|| code.into())
}

impl File<'_> {
    /// In a file of Camunda 8, what FEEL may name in a root element.
    fn shared(&self) -> Option<Counters> {
        self.zeebe.then_some(SHARED)
    }

    fn message(&self, element: &Element, flaws: &mut Flaws) -> Option<Message> {
        element.allow(&["id", "name", "itemRef"], &[], flaws);
        element.required("id", flaws);
        element.nothing_inside_but_extensions(flaws);
        let zeebe = self.shared();
        let found = extensions::read(zeebe, element, &["zeebe:subscription"], flaws);
        let key = correlation::key(zeebe, &found, flaws);
        let name = element.required("name", flaws);
        if name.is_empty() || !formal::is_short(element, "the name", &name, flaws) {
            return None;
        }
        let name = formal::template(self.shared(), element, "name", &name, flaws)?;
        Some(Message { name, key })
    }

    fn signal(&self, element: &Element, flaws: &mut Flaws) -> Option<Template> {
        element.allow(&["id", "name", "structureRef"], &[], flaws);
        element.required("id", flaws);
        element.nothing_inside_but_extensions(flaws);
        extensions::none(element, flaws);
        let name = element.required("name", flaws);
        if name.is_empty() || !formal::is_short(element, "the name", &name, flaws) {
            return None;
        }
        formal::template(self.shared(), element, "name", &name, flaws)
    }

    fn error(&self, element: &Element, flaws: &mut Flaws) -> Option<ErrorRoot> {
        element.allow(&["id", "name", "errorCode", "structureRef"], &["errorMessage"], flaws);
        element.required("id", flaws);
        element.nothing_inside_but_extensions(flaws);
        extensions::none(element, flaws);
        let code = first(element, ["errorCode", "name"], flaws)?;
        let constant = flaws.code(&element.owner, element.line, "error", code);
        let code = constant.then(|| code.into())?;
        let what = "camunda:errorMessage";
        let message = element.given_camunda("errorMessage");
        let message = message.filter(|text| formal::is_short(element, what, text, flaws));
        let message =
            message.and_then(|text| formal::template(self.shared(), element, what, text, flaws));
        Some(ErrorRoot { code, message })
    }
}
