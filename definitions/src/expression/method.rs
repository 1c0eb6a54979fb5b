//! The methods that values of an expression understand.

use super::coerce::{append, kind_of, numeric, text_of};
use super::evaluate::{calculate, compare};
use super::tree::Binary;
use serde_json::Value;
use std::cmp::Ordering;

/// A method of a text, a list, a map, or of any value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Equals,
    EqualsIgnoreCase,
    Contains,
    ContainsKey,
    StartsWith,
    EndsWith,
    IsEmpty,
    Size,
    Length,
    Get,
    ToLowerCase,
    ToUpperCase,
    Trim,
    ToString,
    Concat,
    Join,
    Plus,
}

const ALL: [(&str, Method); 17] = [
    ("equals", Method::Equals),
    ("equalsIgnoreCase", Method::EqualsIgnoreCase),
    ("contains", Method::Contains),
    ("containsKey", Method::ContainsKey),
    ("startsWith", Method::StartsWith),
    ("endsWith", Method::EndsWith),
    ("isEmpty", Method::IsEmpty),
    ("size", Method::Size),
    ("length", Method::Length),
    ("get", Method::Get),
    ("toLowerCase", Method::ToLowerCase),
    ("toUpperCase", Method::ToUpperCase),
    ("trim", Method::Trim),
    ("toString", Method::ToString),
    ("concat", Method::Concat),
    ("join", Method::Join),
    ("plus", Method::Plus),
];

impl Method {
    pub(super) fn named(name: &str) -> Option<Method> {
        ALL.iter().find(|(known, _)| *known == name).map(|(_, method)| *method)
    }

    pub(super) fn names() -> String {
        ALL.map(|(name, _)| name).join(", ")
    }

    fn name(self) -> &'static str {
        ALL.iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }

    pub(super) fn argument_count(self) -> usize {
        match self {
            Method::Equals
            | Method::EqualsIgnoreCase
            | Method::Contains
            | Method::ContainsKey
            | Method::StartsWith
            | Method::EndsWith
            | Method::Get
            | Method::Concat
            | Method::Join
            | Method::Plus => 1,
            _ => 0,
        }
    }

    /// Calls the method; `argument` is null for methods that take none.
    pub(super) fn call(self, base: &Value, argument: &Value) -> Result<Value, String> {
        use Value::{Array, Object, String as Text};
        Ok(match (self, base) {
            (_, Value::Null) => {
                let name = self.name();
                return Err(format!("null has no method {name}(); test it with != null first"));
            }
            (Method::Equals, _) => (base == argument).into(),
            (Method::ToString, _) => Text(text_of(base)?.into_owned()),
            (Method::EqualsIgnoreCase, Text(text)) => {
                let other = text_of(argument)?;
                (text.to_lowercase() == other.to_lowercase()).into()
            }
            (Method::Contains, Text(text)) => text.contains(&*text_of(argument)?).into(),
            (Method::Contains, Array(items)) => {
                items.iter().any(|item| same(item, argument)).into()
            }
            (Method::StartsWith, Text(text)) => text.starts_with(&*text_of(argument)?).into(),
            (Method::EndsWith, Text(text)) => text.ends_with(&*text_of(argument)?).into(),
            (Method::IsEmpty, Text(text)) => text.is_empty().into(),
            (Method::IsEmpty, Array(items)) => items.is_empty().into(),
            (Method::IsEmpty, Object(map)) => map.is_empty().into(),
            (Method::Size, Array(items)) => items.len().into(),
            (Method::Size, Object(map)) => map.len().into(),
            (Method::Length | Method::Size, Text(text)) => text.chars().count().into(),
            (Method::Length, Array(items)) => items.len().into(),
            (Method::ContainsKey, Object(map)) => map.contains_key(&*text_of(argument)?).into(),
            (Method::Get, Object(map)) => {
                map.get(&*text_of(argument)?).cloned().unwrap_or_default()
            }
            (Method::Get, Array(items)) => {
                let index = argument.as_u64().and_then(|index| usize::try_from(index).ok());
                let item = index.and_then(|index| items.get(index));
                item.cloned().ok_or_else(|| format!("the list has no item {argument}"))?
            }
            (Method::ToLowerCase, Text(text)) => Text(text.to_lowercase()),
            (Method::ToUpperCase, Text(text)) => Text(text.to_uppercase()),
            (Method::Trim, Text(text)) => Text(text.trim().into()),
            (Method::Concat, Text(text)) => both(text, &text_of(argument)?)?,
            (Method::Plus, Text(text)) if argument.is_string() => both(text, &text_of(argument)?)?,
            (Method::Plus, Value::Number(_)) if argument.is_number() => {
                calculate(Binary::Add, base, argument)?
            }
            (Method::Join, Array(items)) => join(items, &text_of(argument)?)?,
            (Method::Plus, _) => {
                let (one, two) = (kind_of(base), kind_of(argument));
                return Err(format!(
                    "plus() adds two numbers or joins two texts, not {one} and {two}"
                ));
            }
            _ => return Err(format!("{} has no method {}()", kind_of(base), self.name())),
        })
    }
}

/// Whether a list has a value as an item: 1 is the same as 1.0.
fn same(item: &Value, sought: &Value) -> bool {
    match (item, sought) {
        (Value::Number(one), Value::Number(two)) => {
            compare(numeric(one), numeric(two)) == Some(Ordering::Equal)
        }
        _ => item == sought,
    }
}

fn both(text: &str, more: &str) -> Result<Value, String> {
    let mut joined = text.to_owned();
    append(&mut joined, more)?;
    Ok(Value::String(joined))
}

/// The items that are not null as texts, with a text between each two.
fn join(items: &[Value], between: &str) -> Result<Value, String> {
    let mut joined = String::new();
    for (position, item) in items.iter().filter(|item| !item.is_null()).enumerate() {
        append(&mut joined, if position == 0 { "" } else { between })?;
        append(&mut joined, &text_of(item)?)?;
    }
    Ok(Value::String(joined))
}
