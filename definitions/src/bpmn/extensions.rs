//! `extensionElements`: input and output parameters, and the listeners of deployed files.

use super::element::{Element, Space};
use crate::draft::{Flaws, Parameter, Raw};

/// What the extension elements of a node hold.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    pub(super) inputs: Vec<Parameter>,
    pub(super) outputs: Vec<Parameter>,
    pub(super) listeners: Vec<Listener>,
}

/// An execution listener: the bean that a deployed file calls at the start or the end.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) line: u32,
    pub(super) at_start: bool,
    pub(super) bean: String,
}

const PARAMETER: [&str; 6] = ["name", "labelName", "id", "skyId", "type", "description"];
const LISTENER: [&str; 4] = ["delegateExpression", "event", "listenerType", "id"];

/// Reads the extension elements of a node.
pub(super) fn read(node: &Element, flaws: &mut Flaws) -> Extensions {
    let mut found = Extensions::default();
    for extension in node.children.iter().filter(|child| child.is("extensionElements")) {
        extension.allow(&[], &[], flaws);
        extension.no_text(flaws);
        for child in &extension.children {
            if child.is_camunda("inputOutput") {
                parameters(node, child, &mut found, flaws);
            } else if child.is_camunda("executionListener") {
                found.listeners.extend(listener(node, child, flaws));
            } else if !is_note(child) {
                child.refuse(node, flaws);
            }
        }
    }
    found
}

/// Reads the extension elements of something that has no parameters and no listeners.
pub(super) fn none(node: &Element, flaws: &mut Flaws) {
    for extension in node.children.iter().filter(|child| child.is("extensionElements")) {
        for child in extension.children.iter().filter(|child| !is_note(child)) {
            child.refuse(node, flaws);
        }
    }
}

/// Whether an element only notes something for people or modelers.
fn is_note(element: &Element) -> bool {
    element.space == Space::Modeler || element.is_camunda("properties")
}

/// The name between the braces of `${name}`.
pub(super) fn bean(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix("${")?.strip_suffix('}')?.trim();
    let plain = inside.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (plain && !inside.is_empty()).then_some(inside)
}

fn listener(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<Listener> {
    element.allow(&LISTENER, &[], flaws);
    element.no_text(flaws);
    element.children.iter().for_each(|child| child.refuse(node, flaws));
    let mut add = |message: String| {
        flaws.add("unknown-listener", node.id(), element.line, message);
        None
    };
    let at_start = match element.plain("event") {
        Some("start") => true,
        Some("end") => false,
        other => {
            let other = crate::excerpt(other.unwrap_or("nothing"));
            return add(format!("a listener listens to start or end, not to {other}"));
        }
    };
    let Some(bean) = element.plain("delegateExpression").and_then(bean) else {
        return add("a listener names its activity as delegateExpression=\"${name}\"".into());
    };
    Some(Listener { line: element.line, at_start, bean: bean.into() })
}

fn parameters(node: &Element, list: &Element, found: &mut Extensions, flaws: &mut Flaws) {
    list.allow(&[], &[], flaws);
    list.no_text(flaws);
    for child in &list.children {
        let into = if child.is_camunda("inputParameter") {
            &mut found.inputs
        } else if child.is_camunda("outputParameter") {
            &mut found.outputs
        } else {
            child.refuse(node, flaws);
            continue;
        };
        child.allow(&PARAMETER, &[], flaws);
        let Some(name) = child.plain("name").map(str::trim).filter(|name| !name.is_empty()) else {
            let message = format!("{} needs the attribute name", child.name);
            flaws.add("missing-attribute", node.id(), child.line, message);
            continue;
        };
        // A parameter that a form left empty is a parameter that is not given.
        if let Some(value) = value(node, child, flaws) {
            into.push(Parameter { name: name.into(), line: child.line, value });
        }
    }
}

/// The value of an element: its text, a list or a map; nothing when it is empty.
fn value(node: &Element, holder: &Element, flaws: &mut Flaws) -> Option<Raw> {
    let text = holder.text.trim();
    match &holder.children[..] {
        [] => (!text.is_empty()).then(|| Raw::Text(text.into())),
        [only] if text.is_empty() => structure(node, only, flaws),
        _ => {
            let message = format!("{} holds either a text or one list or map", holder.name);
            flaws.add("wrong-shape", node.id(), holder.line, message);
            None
        }
    }
}

fn structure(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<Raw> {
    element.no_text(flaws);
    if element.is_camunda("list") {
        element.allow(&["id"], &[], flaws);
        let items = element.children.iter().filter_map(|child| item(node, child, flaws)).collect();
        Some(Raw::List(items))
    } else if element.is_camunda("map") {
        element.allow(&["id"], &[], flaws);
        let entries = element.children.iter().filter_map(|child| entry(node, child, flaws));
        Some(Raw::Map(entries.collect()))
    } else {
        element.refuse(node, flaws);
        None
    }
}

fn item(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<Raw> {
    if !element.is_camunda("value") {
        return structure(node, element, flaws);
    }
    element.allow(&["id", "name"], &[], flaws);
    element.children.iter().for_each(|child| child.refuse(node, flaws));
    Some(Raw::Text(element.text.trim().into()))
}

fn entry(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<(String, Raw)> {
    if !element.is_camunda("entry") {
        element.refuse(node, flaws);
        return None;
    }
    element.allow(&["key", "id"], &[], flaws);
    let Some(key) = element.plain("key") else {
        let message = "an entry of a map needs the attribute key";
        flaws.add("missing-attribute", node.id(), element.line, message);
        return None;
    };
    let value = value(node, element, flaws).unwrap_or(Raw::Text(String::new()));
    Some((key.into(), value))
}
