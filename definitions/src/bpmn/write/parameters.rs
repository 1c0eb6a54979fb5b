//! Input and output parameters, as `camunda:` extension elements.

use super::text::Tag;
use crate::expression::literal;
use crate::{Input, Mapping, Sets, Template};
use serde_json::Value;

/// The `camunda:inputOutput` of a node, if it has any parameters.
pub(super) fn input_output(inputs: &[(String, Input)], outputs: &[(String, Input)]) -> Option<Tag> {
    let mut tag = Tag::new("camunda:inputOutput");
    tag.extend(inputs.iter().map(|entry| parameter("camunda:inputParameter", entry)));
    tag.extend(outputs.iter().map(|entry| parameter("camunda:outputParameter", entry)));
    (!tag.is_empty()).then_some(tag)
}

fn parameter(tag: &'static str, (name, input): &(String, Input)) -> Tag {
    holder(tag, input).first("name", Some(name))
}

/// An element that holds a value.
pub(super) fn holder(tag: &'static str, input: &Input) -> Tag {
    match input {
        Input::Template(template) => Tag::of(tag, text(template)),
        Input::List(_) | Input::Map(_) => Tag::new(tag).holding(structure(input)),
    }
}

fn structure(input: &Input) -> Tag {
    match input {
        Input::Template(template) => Tag::of("camunda:value", text(template)),
        Input::List(items) => {
            let mut list = Tag::new("camunda:list");
            list.extend(items.iter().map(structure));
            list
        }
        Input::Map(entries) => {
            let mut map = Tag::new("camunda:map");
            let entry =
                |(key, input): &(String, Input)| holder("camunda:entry", input).with("key", key);
            map.extend(entries.iter().map(entry));
            map
        }
    }
}

/// The text of a template as a reader must find it, who drops blanks around it and takes an empty
/// text for none.
pub(super) fn text(template: &Template) -> String {
    match template.constant() {
        Some(Value::String(text))
            if text.is_empty() || text.trim() != text || text.starts_with("#{") =>
        {
            format!("${{{}}}", literal(text))
        }
        _ => template.firm().into_owned(),
    }
}

/// The listeners that set variables at an event of the life of a node or a flow.
pub(super) fn listeners(event: &str, sets: &Sets) -> Vec<Tag> {
    let one = |(name, value): &(String, Template)| {
        let value = match value.constant() {
            Some(Value::String(text)) => literal(text),
            Some(value) => value.to_string(),
            None => value.lone().unwrap_or_default().to_owned(),
        };
        Tag::new("camunda:executionListener")
            .with("event", event)
            .with("expression", format!("${{execution.setVariable('{name}', {value})}}"))
    };
    sets.iter().map(one).collect()
}

/// An extension that has no word of its own.
pub(super) fn property(name: &str, value: &str) -> Tag {
    let property = Tag::new("camunda:property").with("name", name).with("value", value);
    Tag::new("camunda:properties").holding(property)
}

/// The variables that pass between a caller and the called.
pub(super) fn mapping(tag: &'static str, mapping: &Mapping) -> Vec<Tag> {
    let all = mapping.all.then(|| Tag::new(tag).with("variables", "all"));
    let entries = mapping.entries.iter().map(|(target, input)| match input {
        Input::Template(template) => {
            Tag::new(tag).with("sourceExpression", text(template)).with("target", target)
        }
        Input::List(_) | Input::Map(_) => holder(tag, input).with("target", target),
    });
    all.into_iter().chain(entries).collect()
}
