//! The types that a `typeRef` may name.

use crate::expression::{Numeric, kind_of, numeric};
use serde_json::Value;

/// What kind of value an input or output takes; null is of every kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Text,
    Truth,
    Number,
    /// A number without a fraction.
    Whole,
}

impl Sort {
    /// The type of a name; `Some(None)` is any.
    pub(super) fn named(name: &str) -> Option<Option<Sort>> {
        let name = name.trim();
        Some(match name.strip_prefix("feel:").unwrap_or(name) {
            "string" => Some(Sort::Text),
            "boolean" => Some(Sort::Truth),
            "number" | "double" => Some(Sort::Number),
            "integer" | "long" => Some(Sort::Whole),
            "Any" | "any" => None,
            _ => return None,
        })
    }

    /// Whether a value is null or of this type.
    pub(super) fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null)
            | (Sort::Text, Value::String(_))
            | (Sort::Truth, Value::Bool(_))
            | (Sort::Number, Value::Number(_)) => true,
            (Sort::Whole, Value::Number(number)) => match numeric(number) {
                Numeric::Whole(_) => true,
                Numeric::Real(real) => real.fract() == 0.0,
            },
            _ => false,
        }
    }

    /// Whether values of this type can be compared with a value.
    pub(super) fn accepts_operand(self, value: &Value) -> bool {
        let sort = if self == Sort::Whole { Sort::Number } else { self };
        sort.takes(value)
    }

    /// The clause of a message that says what is wrong with a value, if anything is.
    pub(super) fn complaint(sort: Option<Sort>, value: &Value) -> Option<String> {
        let sort = sort.filter(|sort| !sort.takes(value))?;
        Some(format!("is {}, but its type is {}", kind_of(value), sort.name()))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Sort::Text => "string",
            Sort::Truth => "boolean",
            Sort::Number => "number",
            Sort::Whole => "integer",
        }
    }
}
