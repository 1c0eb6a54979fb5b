//! `extensionElements`: parameters, listeners and properties, and the others by name.

use super::element::{Element, Space};
use super::listeners;
use super::reader::Reader;
use crate::draft::{Flaws, Parameter, Raw};
use crate::feel::Counters;

/// What the extension elements of a node hold.
#[derive(Debug, Default)]
pub(super) struct Extensions<'e> {
    pub(super) inputs: Vec<Parameter>,
    pub(super) outputs: Vec<Parameter>,
    pub(super) listeners: Vec<Listener>,
    /// `camunda:property` and `zeebe:property` elements.
    properties: Vec<&'e Element>,
    /// The elements that only some nodes may have, each under its name with prefix.
    found: Vec<(&'static str, &'e Element)>,
}

/// An execution listener: the bean that a deployed file calls at the start or the end.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) line: u32,
    pub(super) at_start: bool,
    pub(super) bean: String,
}

const PARAMETER: [&str; 6] = ["name", "labelName", "id", "skyId", "type", "description"];
const LISTENER: [&str; 6] =
    ["delegateExpression", "class", "expression", "event", "listenerType", "id"];

/// Input and output parameters.
pub(super) const PARAMETERS: &str = "parameters";
/// Execution listeners.
pub(super) const LISTENERS: &str = "listeners";

/// When a task that failed is tried again. Any node may say it; it is read where something can fail.
pub(super) const RETRIES: &str = "failedJobRetryTimeCycle";

/// What Camunda 8 says of the place of a task in a list of tasks, which there is none of.
const ORDER: [&str; 2] = ["priorityDefinition", "taskSchedule"];

impl<'e> Extensions<'e> {
    /// The elements of a name with prefix.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &'e Element> {
        self.found.iter().filter(move |(found, _)| *found == name).map(|(_, element)| *element)
    }

    /// The only element of a name with prefix; a second one is refused.
    pub(super) fn one(&self, name: &str, flaws: &mut Flaws) -> Option<&'e Element> {
        let mut all = self.all(name);
        let first = all.next();
        for further in all {
            let message = format!("{name} is there twice; keep one");
            further.tell(flaws, "wrong-shape", message);
        }
        first
    }

    /// Adds the elements that were found elsewhere.
    pub(super) fn join(&mut self, more: Extensions<'e>) {
        self.found.extend(more.found);
    }

    /// The value of a property.
    pub(super) fn property(&self, name: &str) -> Option<(&'e Element, &'e str)> {
        let found = self.properties.iter().find(|p| p.given("name") == Some(name))?;
        Some((found, found.given("value")?))
    }
}

impl Reader<'_, '_> {
    /// Reads the extension elements of a node; those that are not listed are refused.
    pub(super) fn extensions<'e>(
        &mut self,
        node: &'e Element,
        known: &[&'static str],
    ) -> Extensions<'e> {
        read(self.zeebe(), node, known, self.flaws)
    }
}

/// Reads the extension elements of a node; those that are not listed are refused.
pub(super) fn read<'e>(
    zeebe: Option<Counters>,
    node: &'e Element,
    known: &[&'static str],
    flaws: &mut Flaws,
) -> Extensions<'e> {
    let mut found = Extensions::default();
    let knows = |name: &str| known.contains(&name);
    for extension in node.all("extensionElements") {
        extension.allow(&[], &[], flaws);
        extension.no_text(flaws);
        for child in &extension.children {
            let name = format!("{}{}", child.space.prefix(), child.name);
            let listed = known.iter().find(|known| **known == name);
            if let Some(name) = listed {
                found.found.push((name, child));
            } else if child.is_camunda("inputOutput") && knows(PARAMETERS) {
                parameters(zeebe.is_some(), node, child, &mut found, flaws);
            } else if child.is_zeebe("ioMapping") && knows(PARAMETERS) {
                let counters = zeebe.unwrap_or_default();
                mappings(counters, node, child, &mut found, flaws);
            } else if listeners::evaluates(child) && listeners::listens(node) {
                // Read with the node or the flow itself.
            } else if child.is_camunda("executionListener") && knows(LISTENERS) {
                found.listeners.extend(listener(node, child, flaws));
            } else if child.is_camunda("properties") || child.is_zeebe("properties") {
                found.properties.extend(child.children.iter().filter(|p| p.name == "property"));
            } else if child.space != Space::Modeler
                && !child.is_camunda(RETRIES)
                && !ORDER.iter().any(|name| child.is_zeebe(name))
            {
                child.refuse(node, flaws);
            }
        }
    }
    found
}

/// Reads the extension elements of something that has none that mean anything.
pub(super) fn none(node: &Element, flaws: &mut Flaws) {
    read(None, node, &[], flaws);
}

/// The name between the braces of `${name}`.
pub(super) fn bean(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix("${").or_else(|| text.trim().strip_prefix("#{"))?;
    let inside = inside.strip_suffix('}')?.trim();
    let plain = inside.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (plain && !inside.is_empty()).then_some(inside)
}

fn listener(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<Listener> {
    element.allow(&LISTENER, &[], flaws);
    element.no_text(flaws);
    let fields = element.children.iter().filter(|child| child.is_camunda("field"));
    fields.for_each(|child| child.refuse(node, flaws));
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
    let named = element.plain("delegateExpression").and_then(bean);
    let Some(bean) = named.or(element.given("class")) else {
        return add("a listener names its activity as delegateExpression=\"${name}\"".into());
    };
    Some(Listener { line: element.line, at_start, bean: bean.into() })
}

/// Reads `camunda:inputOutput`.
pub(super) fn parameters(
    zeebe: bool,
    node: &Element,
    list: &Element,
    found: &mut Extensions<'_>,
    flaws: &mut Flaws,
) {
    list.allow(&[], &[], flaws);
    list.no_text(flaws);
    if zeebe {
        return list.refuse(node, flaws);
    }
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
        let Some(name) = child.given("name") else {
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

/// Reads `zeebe:ioMapping`: sources in FEEL, and the variables that they go to.
fn mappings(
    counters: Counters,
    node: &Element,
    list: &Element,
    found: &mut Extensions<'_>,
    flaws: &mut Flaws,
) {
    list.allow(&[], &[], flaws);
    list.no_text(flaws);
    for child in &list.children {
        let into = if child.is_zeebe("input") {
            &mut found.inputs
        } else if child.is_zeebe("output") {
            &mut found.outputs
        } else {
            child.refuse(node, flaws);
            continue;
        };
        child.allow(&["source", "target"], &[], flaws);
        child.nothing_inside(flaws);
        let name = child.required("target", flaws);
        if name.contains('.') {
            let message = format!(
                "a mapping goes to a whole variable, not into it; name another target than {}",
                crate::excerpt(&name)
            );
            child.tell(flaws, "unsupported-value", message);
            continue;
        }
        let source = child.plain("source").unwrap_or_default();
        let what = format!("the mapping to {}", crate::excerpt(&name));
        let value = match source.trim().starts_with('=') {
            true => match super::formal::ours(Some(counters), source) {
                Ok(text) => Raw::Text(text),
                Err(flaw) => {
                    child.tell(flaws, "invalid-expression", format!("in {what}: {flaw}"));
                    // It stands in, so that nobody misses the parameter as well.
                    Raw::Text("${null}".into())
                }
            },
            false => Raw::Constant(source.into()),
        };
        if !name.is_empty() {
            into.push(Parameter { name, line: child.line, value });
        }
    }
}

/// The value of an element: its text, a list, a map or a script; nothing when it is empty.
pub(super) fn value(node: &Element, holder: &Element, flaws: &mut Flaws) -> Option<Raw> {
    let text = holder.words();
    match &holder.children[..] {
        [] => (!text.is_empty()).then(|| juel(text)),
        [only] if text.is_empty() => structure(node, only, flaws),
        _ => {
            let message = format!("{} holds either a text or one list or map", holder.name);
            flaws.add("wrong-shape", node.id(), holder.line, message);
            None
        }
    }
}

fn juel(text: &str) -> Raw {
    Raw::Text(super::formal::ours(None, text).unwrap_or_default())
}

fn structure(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<Raw> {
    if element.is_camunda("script") {
        return script(node, element, flaws);
    }
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

/// Reads `camunda:script`, which is an expression here.
fn script(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<Raw> {
    script_text(node, element, flaws).map(|text| juel(&text))
}

/// The text of `camunda:script`.
pub(super) fn script_text(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<String> {
    element.allow(&["id", "scriptFormat"], &[], flaws);
    element.children.iter().for_each(|child| child.refuse(node, flaws));
    if !element.plain("scriptFormat").is_some_and(|format| format.eq_ignore_ascii_case("juel")) {
        let format = crate::excerpt(element.plain("scriptFormat").unwrap_or_default());
        let message = format!("a script is written in juel, not in \"{format}\"; write ${{…}}");
        element.tell(flaws, "unsupported-script", message);
        return None;
    }
    Some(element.words().to_owned())
}

fn item(node: &Element, element: &Element, flaws: &mut Flaws) -> Option<Raw> {
    if !element.is_camunda("value") {
        return structure(node, element, flaws);
    }
    element.allow(&["id", "name"], &[], flaws);
    element.children.iter().for_each(|child| child.refuse(node, flaws));
    Some(juel(element.words()))
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
