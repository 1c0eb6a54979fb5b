//! What a value of one type means where another is expected (JSR 245 §1.18).

use serde_json::{Number, Value};
use std::borrow::Cow;
use std::io::{Error, Write};

/// A number: whole ones are exact.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Numeric {
    Whole(i128),
    Real(f64),
}

impl Numeric {
    pub(crate) fn real(self) -> f64 {
        match self {
            Numeric::Whole(whole) => whole as f64,
            Numeric::Real(real) => real,
        }
    }

    /// The number as a value, unless it is too large for one.
    pub(crate) fn value(self) -> Result<Value, String> {
        let number = match self {
            Numeric::Whole(whole) => Number::from_i128(whole),
            Numeric::Real(real) => Number::from_f64(real),
        };
        number.map(Value::Number).ok_or_else(|| "the number is too large".into())
    }
}

/// Null is 0, empty text is 0, other text is read as a number.
pub(super) fn number_of(value: &Value) -> Result<Numeric, String> {
    match value {
        Value::Null => Ok(Numeric::Whole(0)),
        Value::Number(number) => Ok(numeric(number)),
        Value::String(text) if text.is_empty() => Ok(Numeric::Whole(0)),
        Value::String(text) => read_number(text)
            .ok_or_else(|| format!("the text \"{}\" is not a number", crate::excerpt(text))),
        other => Err(format!("{} is not a number", kind_of(other))),
    }
}

pub(crate) fn numeric(number: &Number) -> Numeric {
    match (number.as_i128(), number.as_f64()) {
        (Some(whole), _) => Numeric::Whole(whole),
        (None, real) => Numeric::Real(real.unwrap_or_default()),
    }
}

fn read_number(text: &str) -> Option<Numeric> {
    let written = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    if text.len() > 64 || !text.chars().all(written) {
        return None;
    }
    match text.parse::<i64>() {
        Ok(whole) => Some(Numeric::Whole(whole.into())),
        Err(_) => text.parse().ok().filter(|real: &f64| real.is_finite()).map(Numeric::Real),
    }
}

/// Null and empty text are false; other text is true when it says so.
pub(super) fn boolean_of(value: &Value) -> Result<bool, String> {
    match value {
        Value::Null => Ok(false),
        Value::Bool(truth) => Ok(*truth),
        Value::String(text) => Ok(text.eq_ignore_ascii_case("true")),
        other => Err(format!("{} is neither true nor false", kind_of(other))),
    }
}

/// Null is empty text, a list or a map is its JSON.
pub(crate) fn text_of(value: &Value) -> Result<Cow<'_, str>, String> {
    Ok(match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Array(_) | Value::Object(_) => {
            let mut json = Bounded(Vec::new());
            serde_json::to_writer(&mut json, value).map_err(|_| "the value is too large")?;
            Cow::Owned(String::from_utf8(json.0).map_err(|_| "the value is not text")?)
        }
    })
}

/// Adds to a text that is not to grow too long.
pub(super) fn append(text: &mut String, more: &str) -> Result<(), String> {
    if text.len() + more.len() > super::LARGEST_VALUE {
        return Err("the text grows too long".into());
    }
    text.push_str(more);
    Ok(())
}

/// Takes bytes up to the size of the largest value.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        if self.0.len() + bytes.len() > super::LARGEST_VALUE {
            return Err(Error::other("the value is too large"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// What kind of value it is, with its article, for messages.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}
