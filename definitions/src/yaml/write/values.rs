//! Values as they are written: templates, conditions, inputs.

use crate::yaml::emit::{Out, truth};
use crate::{Expression, Input, Sets, Template};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A text with expressions where blanks around it mean nothing.
pub(super) fn text(template: &Template) -> String {
    match template.constant() {
        Some(Value::String(text)) if text.trim() == text => literal(text),
        _ => template.firm().into_owned(),
    }
}

pub(super) fn text_out(template: &Template) -> Out {
    Out::Text(text(template))
}

/// A number, or the text that gives it.
pub(super) fn number(template: &Template) -> Out {
    let text = match template.constant() {
        Some(Value::Number(number)) => number.to_string(),
        _ => text(template),
    };
    let plain = !text.is_empty() && text.len() < 10 && text.bytes().all(|b| b.is_ascii_digit());
    if plain && (text == "0" || !text.starts_with('0')) {
        Out::Plain(text)
    } else {
        Out::Text(text)
    }
}

/// An expression, without braces where it can be; a text becomes a literal of the language.
pub(super) fn expression(template: &Template) -> Out {
    let source = match template.constant() {
        Some(Value::String(text)) => {
            format!("${{{}}}", crate::expression::literal(text))
        }
        _ => template.firm().into_owned(),
    };
    match bare(&source) {
        Some(inner) if !inner.contains("${") => word(inner),
        _ => Out::Text(source),
    }
}

/// A condition without its braces.
pub(super) fn condition(expression: &Expression) -> Out {
    let source = expression.source();
    word(bare(source).unwrap_or(source))
}

/// What stands between the braces of a lone expression.
fn bare(source: &str) -> Option<&str> {
    let inside = source.strip_prefix("${")?;
    (crate::expression::end_of(inside) == Some(inside.len() - 1))
        .then(|| inside[..inside.len() - 1].trim())
}

fn word(text: &str) -> Out {
    match text {
        "true" | "false" => truth(text == "true"),
        _ => Out::Text(text.into()),
    }
}

/// A text that gives itself.
fn literal(text: &str) -> String {
    text.replace("${", "\\${")
}

/// The value of a parameter.
pub(super) fn input(input: &Input) -> Out {
    match input {
        Input::Template(template) => match template.constant() {
            Some(Value::String(text)) => Out::Text(literal(text)),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Out::Plain(value.to_string()),
            Some(_) => Out::Text(template.firm().into()),
            None if template.lone().is_some() => Out::Text(template.firm().into()),
            None => Out::Text(template.source().into()),
        },
        Input::List(items) => Out::List(items.iter().map(self::input).collect()),
        Input::Map(entries) => {
            // Of two entries with one key the later counts.
            let last: BTreeMap<&str, usize> =
                (0..).zip(entries).map(|(at, (key, _))| (key.as_str(), at)).collect();
            let kept = (0..).zip(entries).filter(|(at, (key, _))| last[key.as_str()] == *at);
            Out::Map(kept.map(|(_, (key, value))| (key.clone(), self::input(value))).collect())
        }
    }
}

/// Values by name: a map, or a list of maps when a name stands twice. Nothing without any.
pub(super) fn inputs(entries: &[(String, Input)]) -> Option<Out> {
    named(entries.iter().map(|(name, value)| (name.clone(), input(value))).collect())
}

/// Variables and what they are set to. Nothing without any.
pub(super) fn sets(sets: &Sets) -> Option<Out> {
    let one =
        |(name, value): &(String, Template)| (name.clone(), input(&Input::Template(value.clone())));
    named(sets.iter().map(one).collect())
}

/// Variables and what they begin with.
pub(super) fn variables(entries: &[(String, Option<Input>)]) -> Option<Out> {
    let one = |(name, value): &(String, Option<Input>)| {
        (name.clone(), value.as_ref().map_or(Out::Nothing, input))
    };
    named(entries.iter().map(one).collect())
}

fn named(entries: Vec<(String, Out)>) -> Option<Out> {
    let names: BTreeSet<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    if entries.is_empty() {
        None
    } else if names.len() == entries.len() {
        Some(Out::Map(entries))
    } else {
        Some(Out::List(entries.into_iter().map(|entry| Out::Map(vec![entry])).collect()))
    }
}
