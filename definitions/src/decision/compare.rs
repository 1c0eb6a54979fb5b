//! Equality and order of values as FEEL has them: without coercion (DMN 1.3 §10.3.2).

use crate::expression::{compare, numeric};
use serde_json::Value;
use std::cmp::Ordering;

/// Whether two values are equal; nothing for values of different types.
pub(super) fn equal(one: &Value, two: &Value) -> Option<bool> {
    Some(match (one, two) {
        (Value::Null, _) | (_, Value::Null) => one.is_null() && two.is_null(),
        (Value::Bool(one), Value::Bool(two)) => one == two,
        (Value::String(one), Value::String(two)) => one == two,
        (Value::Number(one), Value::Number(two)) => {
            compare(numeric(one), numeric(two)) == Some(Ordering::Equal)
        }
        (Value::Array(one), Value::Array(two)) => {
            let mut pairs = one.iter().zip(two);
            one.len() == two.len() && pairs.all(|(one, two)| equal(one, two) == Some(true))
        }
        (Value::Object(one), Value::Object(two)) => {
            let same = |(key, value)| two.get(key).is_some_and(|o| equal(value, o) == Some(true));
            one.len() == two.len() && one.iter().all(same)
        }
        _ => return None,
    })
}

/// The order of two numbers or of two texts; nothing for all else.
pub(super) fn order(one: &Value, two: &Value) -> Option<Ordering> {
    match (one, two) {
        (Value::String(one), Value::String(two)) => Some(one.cmp(two)),
        (Value::Number(one), Value::Number(two)) => compare(numeric(one), numeric(two)),
        _ => None,
    }
}
