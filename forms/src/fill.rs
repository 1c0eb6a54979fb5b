//! Replaces `{{processvar.…}}` in what the user sees by the values of process variables, and changes texts elsewise.

use serde_json::{Map, Value};

use crate::component::{Body, Choice, Component, Entry, Shown};
use crate::form::Form;
use crate::localised::Localised;
use crate::object::{Flaws, short};

const ROOT: &str = "processvar";

/// One step of a path: a name after a dot, a text in brackets, or a position in brackets.
#[derive(Debug, PartialEq)]
enum Step {
    Name(String),
    Position(usize),
}

pub(crate) fn form(form: &Form, variables: &Map<String, Value>) -> Form {
    changed(form, &|text| fill(text, variables), &|default| fill_value(default, variables))
}

/// The same form with every text that is shown changed.
pub(crate) fn texts(form: &Form, change: &dyn Fn(&str) -> String) -> Form {
    changed(form, change, &|default| match default {
        Value::String(text) => Value::String(change(text)),
        other => other.clone(),
    })
}

fn changed(form: &Form, text: &dyn Fn(&str) -> String, default: &dyn Fn(&Value) -> Value) -> Form {
    let texts = |localised: &Localised| localised.map(text);
    let component = |component: &Component| {
        let mut component = component.clone();
        component.label = texts(&component.label);
        match &mut component.body {
            Body::Field(field) => {
                field.default = default(&field.default);
                let validate = &mut field.validate;
                validate.missing_message = texts(&validate.missing_message);
                validate.invalid_message = texts(&validate.invalid_message);
                validate.invalid_length_message = texts(&validate.invalid_length_message);
                if let Entry::Select(choices) | Entry::Radio(choices) = &mut field.entry {
                    choices.iter_mut().for_each(|Choice { label, .. }| *label = texts(label));
                }
            }
            Body::Shown(
                Shown::Paragraph(words)
                | Shown::Subtitle(words)
                | Shown::Notification { text: words, .. },
            ) => {
                *words = texts(words);
            }
            Body::Shown(Shown::Image { source, alt, .. }) => {
                *source = text(source);
                *alt = text(alt);
            }
            Body::Shown(Shown::QrCode { content, .. } | Shown::Codes { content }) => {
                *content = text(content);
            }
        }
        component
    };
    Form {
        title: texts(&form.title),
        subtitle: texts(&form.subtitle),
        submit_button: texts(&form.submit_button),
        components: form.components.iter().map(component).collect(),
    }
}

/// A default that is one substitution and nothing else keeps the type of a number or truth value.
fn fill_value(default: &Value, variables: &Map<String, Value>) -> Value {
    let Value::String(text) = default else { return default.clone() };
    let whole = text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    match whole.and_then(path).map(|path| look_up(&path, variables)) {
        Some(Some(value @ (Value::Number(_) | Value::Bool(_)))) => value.clone(),
        _ => Value::String(fill(text, variables)),
    }
}

/// The text with every substitution replaced; what is put in is not looked at again.
pub(crate) fn fill(text: &str, variables: &Map<String, Value>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (before, from) = rest.split_at(start);
        filled.push_str(before);
        let inside = from.find("}}").map(|end| (&from[2..end], &from[end + 2..]));
        match inside.and_then(|(inside, after)| path(inside).map(|path| (path, after))) {
            Some((path, after)) => {
                filled.push_str(&look_up(&path, variables).map(shown).unwrap_or_default());
                rest = after;
            }
            None => {
                filled.push('{');
                rest = &from[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// A value as a text: nothing for null, and what is no text in JSON.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn look_up<'a>(path: &[Step], variables: &'a Map<String, Value>) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let Step::Name(name) = first else { return None };
    rest.iter().try_fold(variables.get(name)?, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::Position(position) => value.get(position),
    })
}

/// The steps after `processvar`; nothing when the text is no such path.
fn path(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.trim().strip_prefix(ROOT)?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (step, after) = name.split_at(end);
            let good = |character: char| {
                character.is_alphanumeric() || matches!(character, '_' | '-' | '$')
            };
            if step.is_empty() || !step.chars().all(good) {
                return None;
            }
            steps.push(Step::Name(step.to_owned()));
            rest = after;
        } else {
            let inside = rest.strip_prefix('[')?;
            let quote = inside.chars().next().filter(|character| matches!(character, '"' | '\''));
            let (step, after) = match quote {
                Some(quote) => {
                    let (step, after) = inside[1..].split_once(quote)?;
                    (Step::Name(step.to_owned()), after.strip_prefix(']')?)
                }
                None => {
                    let (step, after) = inside.split_once(']')?;
                    (Step::Position(step.trim().parse().ok()?), after)
                }
            };
            steps.push(step);
            rest = after;
        }
    }
    (!steps.is_empty()).then_some(steps)
}

/// Notes each `{{processvar…` that is not a path or is not closed.
pub(crate) fn check(at: &str, json: &Value, flaws: &mut Flaws) {
    each_start(at, json, &mut |at, text| {
        let closed = text[2..].split_once("}}").map(|(inside, _)| inside);
        if closed.and_then(path).is_none() {
            flaws.add(at, format!("`{}` is no path to a process variable", short(text)));
        }
    });
}

/// Notes each `{{processvar…` in a form where expressions stand instead.
pub(crate) fn refuse(at: &str, json: &Value, flaws: &mut Flaws) {
    each_start(at, json, &mut |at, text| {
        let beginning = short(text);
        flaws.add(
            at,
            format!("`{beginning}` is for deployed forms; write an expression here, ${{…}}"),
        );
    });
}

/// Tells of each `{{processvar…`: where it is, and the text from there on.
fn each_start(at: &str, json: &Value, tell: &mut dyn FnMut(&str, &str)) {
    match json {
        Value::String(text) => {
            for (start, _) in text.match_indices("{{") {
                if text[start + 2..].trim_start().starts_with(ROOT) {
                    tell(at, &text[start..]);
                }
            }
        }
        Value::Array(list) => {
            for (position, inner) in list.iter().enumerate() {
                each_start(&format!("{at}[{position}]"), inner, tell);
            }
        }
        Value::Object(members) => {
            for (name, inner) in members {
                each_start(&format!("{at}.{name}"), inner, tell);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_replaced_and_what_is_missing_becomes_empty() {
        let Value::Object(variables) = json!({
            "_initVars": { "firstName": "Ada", "n": 3, "ok": true, "none": null },
            "_checks": { "a": { "Data": ["x", { "y": "deep" }] } },
            "trap": "{{processvar._initVars.firstName}}",
        }) else {
            unreachable!()
        };
        for (text, expected) in [
            ("Hello {{processvar._initVars.firstName}}!", "Hello Ada!"),
            ("{{ processvar._initVars.firstName }}", "Ada"),
            ("{{processvar._initVars.firstName }} {{processvar._initVars.n}}", "Ada 3"),
            ("{{processvar._checks.a[\"Data\"][1].y}}", "deep"),
            ("{{processvar._checks['a'].Data[0]}}", "x"),
            ("{{processvar._checks.a.Data}}", "[\"x\",{\"y\":\"deep\"}]"),
            ("{{processvar._initVars.ok}}{{processvar._initVars.none}}", "true"),
            ("[{{processvar.nobody.there}}]", "[]"),
            ("[{{processvar._initVars.firstName.deeper}}]", "[]"),
            ("[{{processvar._checks.a.Data[9]}}]", "[]"),
            ("{{processvar.trap}}", "{{processvar._initVars.firstName}}"),
            ("{{other}} {{processvar", "{{other}} {{processvar"),
            ("{{processvar..x}}", "{{processvar..x}}"),
            ("{{{processvar._initVars.n}}}", "{3}"),
        ] {
            assert_eq!(fill(text, &variables), expected, "{text}");
        }
    }

    #[test]
    fn a_default_that_is_one_substitution_keeps_its_type() {
        let Value::Object(variables) = json!({ "v": { "yes": true, "n": 1.5, "s": "x", "m": {} } })
        else {
            unreachable!()
        };
        for (default, expected) in [
            (json!("{{processvar.v.yes}}"), json!(true)),
            (json!(" {{processvar.v.n }} "), json!(1.5)),
            (json!("{{processvar.v.s}}"), json!("x")),
            (json!("{{processvar.v.m}}"), json!("{}")),
            (json!("{{processvar.v.nothing}}"), json!("")),
            (json!("n={{processvar.v.n}}"), json!("n=1.5")),
            (json!(true), json!(true)),
        ] {
            assert_eq!(fill_value(&default, &variables), expected, "{default}");
        }
    }
}
