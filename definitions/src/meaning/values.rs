//! What values mean: templates, inputs, mappings and timers.

use crate::{Input, Sets, Template, Timer};
use serde_json::{Map, Value, json};

/// A value before evaluation.
pub(super) fn input(value: &Input) -> Value {
    match value {
        Input::Template(one) => template(one),
        Input::List(items) => json!({ "list": items.iter().map(input).collect::<Vec<_>>() }),
        Input::Map(entries) => {
            let entries: Map<String, Value> =
                entries.iter().map(|(key, value)| (key.clone(), input(value))).collect();
            json!({ "map": entries })
        }
    }
}

/// Variables and what they begin with.
pub(super) fn variables(variables: &[(String, Option<Input>)]) -> Vec<Value> {
    let first = |value: &Option<Input>| value.as_ref().map_or(Value::Null, input);
    variables.iter().map(|(name, value)| json!([name, first(value)])).collect()
}

/// Variables that are set on the way.
pub(super) fn sets(sets: &Sets) -> Vec<Value> {
    sets.iter().map(|(name, value)| json!([name, template(value)])).collect()
}

/// A text with expressions.
pub(super) fn template(template: &Template) -> Value {
    match template.constant() {
        Some(value) => json!({ "value": value }),
        None => json!({ "expression": template.firm() }),
    }
}

/// A template where a number is meant: `3` and `${3}` are the same.
pub(super) fn number(value: &Template) -> Value {
    match value.constant() {
        Some(Value::Number(number)) => json!({ "value": number.to_string() }),
        _ => template(value),
    }
}

/// Inputs, each of which sees those before it: their order counts when one may read another.
pub(super) fn inputs(inputs: &[(String, Input)]) -> Value {
    let mut sources = Vec::new();
    inputs.iter().for_each(|(_, value)| expressions(value, &mut sources));
    let reads = |name: &str| {
        sources.iter().any(|source| has_word(source, name) || has_word(source, "execution"))
    };
    let names: std::collections::BTreeSet<&str> =
        inputs.iter().map(|(name, _)| name.as_str()).collect();
    if names.len() < inputs.len() || names.len() > 1 && names.iter().any(|name| reads(name)) {
        return pairs(inputs).into();
    }
    inputs.iter().map(|(name, value)| (name.clone(), input(value))).collect::<Map<_, _>>().into()
}

/// Whether a text has a word in it that may name a variable: it is no property and no literal.
fn has_word(text: &str, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let begins =
            before.is_none_or(|c| c == '$' || !letter(c) && !matches!(c, '.' | '"' | '\''));
        begins && after.is_none_or(|c| !letter(c))
    })
}

fn expressions<'i>(input: &'i Input, sources: &mut Vec<&'i str>) {
    match input {
        Input::Template(template) if template.constant().is_none() => {
            sources.push(template.source());
        }
        Input::Template(_) => {}
        Input::List(items) => items.iter().for_each(|item| expressions(item, sources)),
        Input::Map(entries) => entries.iter().for_each(|(_, item)| expressions(item, sources)),
    }
}

/// Values by name in their order.
pub(super) fn pairs(entries: &[(String, Input)]) -> Vec<Value> {
    entries.iter().map(|(name, value)| json!([name, input(value)])).collect()
}

pub(super) fn timer(timer: &Timer) -> Value {
    match timer {
        Timer::Date(value) => json!({ "date": template(value) }),
        Timer::Duration(value) => json!({ "duration": template(value) }),
        Timer::Cycle(value) => json!({ "cycle": template(value) }),
    }
}
