//! Brings the parameters of a call to their declared types: what is told wrongly is refused by its name.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::shape::{Kind, ParameterShape, Shape};

/// Why parameters do not fit the declaration of an activity.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
pub enum ParameterFlaw {
    /// The activity declares no parameter of this name.
    #[error("{activity} has no parameter `{name}`")]
    Unknown {
        /// Canonical name of the activity.
        activity: String,
        /// Name that was given.
        name: String,
    },
    /// Nothing was given for a parameter that has no default.
    #[error("{activity} needs the parameter `{name}` ({label})")]
    Missing {
        /// Canonical name of the activity.
        activity: String,
        /// Name of the parameter.
        name: String,
        /// Label of the parameter.
        label: String,
    },
    /// What was given is not of the declared type. The value itself is not repeated: it may be personal.
    #[error("the parameter `{name}` ({label}) of {activity} {reason}")]
    Unfit {
        /// Canonical name of the activity.
        activity: String,
        /// Name of the parameter.
        name: String,
        /// Label of the parameter.
        label: String,
        /// What is wrong with the value.
        reason: String,
    },
}

/// Coerces the given values to the declared types.
///
/// A null, an empty text and a blank text count as not given, because that is what an expression over a missing
/// variable and an emptied field of a designer yield. Errors: the first parameter that is unknown, missing or unfit.
pub fn coerce(
    shape: &Shape,
    given: Map<String, Value>,
) -> Result<Map<String, Value>, ParameterFlaw> {
    let activity = &shape.name;
    let mut fitting = Map::new();
    for (name, value) in given {
        let Some(parameter) = shape.parameters.iter().find(|parameter| parameter.name == name)
        else {
            return Err(ParameterFlaw::Unknown { activity: activity.clone(), name });
        };
        if is_given(&value) {
            let value = fit(parameter, value).map_err(|reason| unfit(shape, &name, reason))?;
            fitting.insert(name, value);
        }
    }
    let absent =
        |parameter: &&ParameterShape| parameter.required && !fitting.contains_key(&parameter.name);
    match shape.parameters.iter().find(absent) {
        None => Ok(fitting),
        Some(ParameterShape { name, label, .. }) => Err(ParameterFlaw::Missing {
            activity: activity.clone(),
            name: name.clone(),
            label: label.clone(),
        }),
    }
}

/// Coerces the given values and reads them as the declaring struct.
pub(crate) fn read<T: DeserializeOwned>(
    shape: &Shape,
    given: Map<String, Value>,
) -> Result<T, ParameterFlaw> {
    serde_path_to_error::deserialize(Value::Object(coerce(shape, given)?)).map_err(|error| {
        let path = error.path().to_string();
        let name = path.split(['.', '[']).next().unwrap_or_default();
        unfit(shape, name, "does not fit its type".to_owned())
    })
}

fn unfit(shape: &Shape, name: &str, reason: String) -> ParameterFlaw {
    let label = shape.parameters.iter().find(|one| one.name == name).map(|one| one.label.clone());
    ParameterFlaw::Unfit {
        activity: shape.name.clone(),
        name: name.to_owned(),
        label: label.unwrap_or_default(),
        reason,
    }
}

fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

fn fit(parameter: &ParameterShape, value: Value) -> Result<Value, String> {
    let value = as_kind(parameter.kind, value)?;
    match value {
        Value::String(text)
            if !parameter.choices.is_empty() && !parameter.choices.contains(&text) =>
        {
            Err(format!("must be one of {}", parameter.choices.join(", ")))
        }
        Value::Array(list) => {
            let given = list.into_iter().filter(|member| !member.is_null());
            given
                .map(|member| as_member(parameter.members, member))
                .collect::<Result<_, _>>()
                .map(Value::Array)
        }
        Value::Object(map) => {
            let given = map.into_iter().filter(|(_, member)| !member.is_null());
            let members =
                given.map(|(name, member)| Ok((name, as_member(parameter.members, member)?)));
            members.collect::<Result<_, String>>().map(Value::Object)
        }
        value => Ok(value),
    }
}

fn as_member(kind: Kind, value: Value) -> Result<Value, String> {
    as_kind(kind, value).map_err(|reason| format!("has a member that {reason}"))
}

fn as_kind(kind: Kind, value: Value) -> Result<Value, String> {
    match kind {
        Kind::Any => Some(value),
        Kind::String => as_text(value),
        Kind::Integer => as_integer(&value),
        Kind::Boolean => as_boolean(&value),
        Kind::List => as_list(value),
        Kind::Map => as_map(value),
    }
    .ok_or_else(|| format!("must be {}", wanted(kind)))
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "a text",
        Kind::Integer => "a whole number",
        Kind::Boolean => "true or false",
        Kind::List => "a list",
        Kind::Map => "a map of names to values",
        Kind::Any => "a value",
    }
}

fn as_text(value: Value) -> Option<Value> {
    match value {
        Value::String(_) => Some(value),
        Value::Number(number) => Some(Value::String(number.to_string())),
        Value::Bool(truth) => Some(Value::String(truth.to_string())),
        _ => None,
    }
}

/// Whole numbers only, also when they come as text or with a fraction of nought (`3.0`), as arithmetic yields them.
fn as_integer(value: &Value) -> Option<Value> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(value.clone()),
        Value::Number(number) => {
            let float =
                number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= EXACT)?;
            format!("{float:.0}").parse::<i64>().ok().map(Value::from)
        }
        Value::String(text) => text.trim().parse::<i64>().ok().map(Value::from),
        _ => None,
    }
}

fn as_boolean(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) => Some(value.clone()),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") => {
            Some(Value::Bool(false))
        }
        _ => None,
    }
}

/// A list, the JSON text of a list, or texts parted by commas (with or without brackets), which is all that an element
/// template can write.
fn as_list(value: Value) -> Option<Value> {
    match value {
        Value::Array(_) => Some(value),
        Value::String(text) => {
            if let Ok(list @ Value::Array(_)) = serde_json::from_str(&text) {
                return Some(list);
            }
            let text = text.trim();
            let inside =
                text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
            let members = inside.split(',').map(str::trim).filter(|member| !member.is_empty());
            Some(members.map(Value::from).collect())
        }
        _ => None,
    }
}

fn as_map(value: Value) -> Option<Value> {
    match value {
        Value::Object(_) => Some(value),
        Value::String(text) => serde_json::from_str(&text).ok().filter(Value::is_object),
        _ => None,
    }
}
