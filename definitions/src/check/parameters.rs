//! Rules about parameters: known, complete, of the right type, with expressions that parse.

use crate::catalog::{ActivityShape, ParameterKind};
use crate::draft::{DraftNode, Flaws, Parameter};
use crate::{Input, Template};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Words that a variable cannot be called, for no expression could read it.
const RESERVED: [&str; 17] = [
    "execution",
    "true",
    "false",
    "null",
    "empty",
    "instanceof",
    "and",
    "or",
    "not",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "div",
    "mod",
];

/// Checks the input parameters of a task against the shape of its activity.
pub(super) fn inputs(
    node: &DraftNode,
    given: &[Parameter],
    shape: &ActivityShape,
    flaws: &mut Flaws,
) -> Vec<(String, Input)> {
    let id = &node.id;
    let mut seen = BTreeSet::new();
    let mut inputs = Vec::new();
    for parameter in given {
        let name = parameter.name.as_str();
        let Some(known) = shape.parameter(name) else {
            let names = shape.parameters.iter().map(|parameter| parameter.name.as_str());
            let hint = flaws.hint(name, names);
            let name = crate::excerpt(name);
            let message = format!("{} has no parameter {name}{hint}", shape.name);
            flaws.add("unknown-parameter", id, parameter.line, message);
            continue;
        };
        if !seen.insert(name) {
            let message = format!("the parameter {name} is given twice; keep one");
            flaws.add("duplicate-parameter", id, parameter.line, message);
            continue;
        }
        let input = compile(id, parameter, flaws);
        let typed = input.map(|input| typed(input, known.kind));
        match typed {
            Some(Ok(input)) => inputs.push((name.to_owned(), input)),
            Some(Err(wanted)) => {
                let message = format!("the parameter {name} takes {wanted}");
                flaws.add("wrong-type", id, parameter.line, message);
            }
            None => {}
        }
    }
    // What was refused may be the parameter that would be missed.
    let empty: BTreeSet<&str> =
        inputs.iter().filter(|(_, input)| is_empty(input)).map(|(name, _)| &**name).collect();
    let is_missing = |name| !seen.contains(name) || empty.contains(name);
    let missing = shape.parameters.iter().filter(|p| p.required && is_missing(&*p.name));
    for missing in missing.filter(|_| !node.refused) {
        let message = format!("{} needs the parameter {}; give it", shape.name, missing.name);
        flaws.add("missing-parameter", id, node.line, message);
    }
    told_by_activity(id, &inputs, given, shape, flaws);
    inputs
}

/// Whether it is written as nothing, which counts as not given.
fn is_empty(input: &Input) -> bool {
    let Input::Template(template) = input else { return false };
    match template.constant() {
        Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        _ => false,
    }
}

/// What the activity itself says of its parameters.
fn told_by_activity(
    id: &str,
    inputs: &[(String, Input)],
    given: &[Parameter],
    shape: &ActivityShape,
    flaws: &mut Flaws,
) {
    let mut open = Vec::new();
    let value = |(name, input): &(String, Input)| {
        (name.clone(), written(input, format!("$.{name}"), &mut open))
    };
    let values: Map<String, Value> = inputs.iter().map(value).collect();
    for (name, complaint) in (shape.check)(&values, &open) {
        let line = given.iter().find(|parameter| parameter.name == name).map_or(0, |p| p.line);
        flaws.add("invalid-parameter", id, line, format!("in {name}: {complaint}"));
    }
}

/// A value as it is written; where an expression tells it, its text, and its path in `open`.
fn written(input: &Input, path: String, open: &mut Vec<String>) -> Value {
    match input {
        Input::Template(template) => template.constant().cloned().unwrap_or_else(|| {
            open.push(path);
            template.source().into()
        }),
        Input::List(items) => {
            let item = |(at, item)| written(item, format!("{path}[{at}]"), open);
            items.iter().enumerate().map(item).collect()
        }
        Input::Map(entries) => {
            let entry = |(key, input): &(String, Input)| {
                (key.clone(), written(input, format!("{path}.{key}"), open))
            };
            Value::Object(entries.iter().map(entry).collect())
        }
    }
}

/// No name is given twice.
pub(super) fn distinct(id: &str, given: &[Parameter], flaws: &mut Flaws) {
    let mut seen = BTreeSet::new();
    for parameter in given.iter().filter(|parameter| !seen.insert(&parameter.name)) {
        let name = crate::excerpt(&parameter.name);
        let message = format!("the parameter {name} is given twice; keep one");
        flaws.add("duplicate-parameter", id, parameter.line, message);
    }
}

/// Checks the output parameters of a task.
pub(super) fn outputs(id: &str, kept: &[Parameter], flaws: &mut Flaws) -> Vec<(String, Input)> {
    let mut outputs = Vec::new();
    for parameter in kept {
        variable(id, parameter.line, &parameter.name, flaws);
        if let Some(input) = compile(id, parameter, flaws) {
            outputs.push((parameter.name.clone(), input));
        }
    }
    outputs
}

/// Checks that a process variable has a name that expressions can read.
pub(super) fn variable(id: &str, line: u32, name: &str, flaws: &mut Flaws) {
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '$'));
    let rest = characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
    if first && rest && !RESERVED.contains(&name) {
        return;
    }
    let message = format!(
        "\"{}\" cannot be the name of a variable; use letters, digits and underscores, \
         and no word of the expression language",
        crate::excerpt(name)
    );
    flaws.add("invalid-variable", id, line, message);
}

fn compile(id: &str, parameter: &Parameter, flaws: &mut Flaws) -> Option<Input> {
    flaws.input(id, parameter.line, &parameter.name, &parameter.value)
}

/// Gives a literal the type that its parameter takes, or says what the parameter takes.
fn typed(input: Input, kind: ParameterKind) -> Result<Input, &'static str> {
    let template = match (&input, kind) {
        (_, ParameterKind::Any) => return Ok(input),
        (Input::List(_), ParameterKind::List) | (Input::Map(_), ParameterKind::Map) => {
            return Ok(input);
        }
        (Input::List(_) | Input::Map(_), _) => return Err(wanted(kind)),
        (Input::Template(template), _) => template,
    };
    let Some(value) = template.constant() else { return Ok(input) };
    let exact = match (kind, value) {
        (_, Value::Null) => None,
        (ParameterKind::String, Value::String(_))
        | (ParameterKind::Boolean, Value::Bool(_))
        | (ParameterKind::List, Value::Array(_))
        | (ParameterKind::Map, Value::Object(_)) => return Ok(input),
        (ParameterKind::String, Value::Number(_) | Value::Bool(_)) => {
            Some(Value::String(value.to_string()))
        }
        (ParameterKind::Integer, Value::Number(number)) => {
            (number.is_i64() || number.is_u64()).then(|| value.clone())
        }
        (ParameterKind::Integer, Value::String(text)) => {
            text.trim().parse::<i64>().ok().map(Value::from)
        }
        (ParameterKind::Boolean, Value::String(text)) => match text.trim() {
            "true" => Some(true.into()),
            "false" => Some(false.into()),
            _ => None,
        },
        _ => None,
    };
    exact.map(|value| Input::Template(Template::of_constant(value))).ok_or(wanted(kind))
}

fn wanted(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::String => "a text",
        ParameterKind::Integer => "a whole number",
        ParameterKind::Boolean => "true or false",
        ParameterKind::List => "a list",
        ParameterKind::Map => "a map",
        ParameterKind::Any => "a value",
    }
}
