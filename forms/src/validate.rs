//! Checks what was filled in and gives each value the type of its component.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::component::{Choice, DateFormat, Entry, Field};
use crate::error::FieldError;
use crate::form::Form;
use crate::object::{LONGEST_TEXT, short};
use crate::write::decimal;

/// The most unknown ids that are named in one answer.
const MOST_UNKNOWN: usize = 20;
/// The most characters that a value other than a text may have.
const LONGEST_VALUE: usize = 320;

pub(crate) fn accept(
    form: &Form,
    submitted: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<FieldError>> {
    let mut accepted = Map::new();
    let mut errors = Vec::new();
    for component in &form.components {
        let Some(field) = component.field() else { continue };
        let value = if field.read_only {
            Ok(typed_default(field))
        } else {
            checked(field, submitted.get(&component.id).unwrap_or(&Value::Null))
        };
        match value {
            Ok(value) => {
                accepted.insert(component.id.clone(), value);
            }
            Err(error) => errors.push(error.of(component.id.clone())),
        }
    }
    let known = |id: &&String| form.fields().any(|component| component.id == **id);
    let unknown = submitted.keys().filter(|id| !known(id)).take(MOST_UNKNOWN);
    errors.extend(unknown.map(|id| FieldError::new(FieldError::UNKNOWN).of(short(id))));
    if errors.is_empty() { Ok(accepted) } else { Err(errors) }
}

/// The default of a field as a value of its type; the empty value where the default does not fit.
pub(crate) fn typed_default(field: &Field) -> Value {
    read(field, &field.default).unwrap_or_else(|_| empty(field))
}

fn checked(field: &Field, submitted: &Value) -> Result<Value, FieldError> {
    let validate = &field.validate;
    let value = read(field, submitted).map_err(|Unreadable| invalid(field))?;
    let nothing = match &value {
        Value::Null => true,
        Value::Bool(ticked) => !ticked,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    };
    if nothing {
        return if validate.required {
            Err(FieldError::new(FieldError::MISSING).saying(&validate.missing_message))
        } else {
            Ok(empty(field))
        };
    }
    match (&field.entry, &value) {
        (Entry::Text | Entry::Email | Entry::Password, Value::String(text)) => {
            check_length(field, text)?
        }
        (Entry::Number, Value::Number(number)) => {
            let float = number.as_f64().unwrap_or(f64::NAN);
            check_range(field, float)?;
            if validate.whole && !number.is_i64() {
                return Some(decimal(float)).filter(Value::is_i64).ok_or_else(|| invalid(field));
            }
        }
        _ => {}
    }
    Ok(value)
}

fn invalid(field: &Field) -> FieldError {
    FieldError::new(FieldError::INVALID).saying(&field.validate.invalid_message)
}

fn empty(field: &Field) -> Value {
    match field.entry {
        Entry::Text | Entry::Email | Entry::Password | Entry::Phone { .. } => {
            Value::String(String::new())
        }
        Entry::Checkbox => Value::Bool(false),
        Entry::Number | Entry::Date { .. } | Entry::Select(_) | Entry::Radio(_) => Value::Null,
    }
}

fn check_length(field: &Field, text: &str) -> Result<(), FieldError> {
    let validate = &field.validate;
    let length = text.chars().count();
    let least = validate.min_length.unwrap_or(0) as usize;
    let greatest = validate.max_length.map_or(LONGEST_TEXT, |max| max as usize);
    if (least..=greatest).contains(&length) {
        return Ok(());
    }
    let mut error = FieldError::new(FieldError::LENGTH).saying(&validate.invalid_length_message);
    if let Some(min) = validate.min_length {
        error = error.with("min", min);
    }
    if validate.max_length.is_some() || length > greatest {
        error = error.with("max", greatest);
    }
    Err(error)
}

fn check_range(field: &Field, number: f64) -> Result<(), FieldError> {
    let validate = &field.validate;
    let below = validate.min.is_some_and(|min| number < min);
    let above = validate.max.is_some_and(|max| number > max);
    if !below && !above {
        return Ok(());
    }
    let mut error = FieldError::new(FieldError::RANGE).saying(&validate.invalid_message);
    if let Some(min) = validate.min {
        error = error.with("min", decimal(min));
    }
    if let Some(max) = validate.max {
        error = error.with("max", decimal(max));
    }
    Err(error)
}

struct Unreadable;

/// The value as one of the field's type; `null` and an empty text are empty values.
fn read(field: &Field, value: &Value) -> Result<Value, Unreadable> {
    match (&field.entry, value) {
        (Entry::Checkbox, value) => match value {
            Value::Null => Ok(Value::Bool(false)),
            value => is_true(value).map(Value::Bool).ok_or(Unreadable),
        },
        (_, Value::Null) => Ok(empty(field)),
        (Entry::Number, value) if value.as_str().is_some_and(|text| text.trim().is_empty()) => {
            Ok(Value::Null)
        }
        (Entry::Number, value) => number(value).ok_or(Unreadable),
        (entry, Value::String(text)) => read_text(entry, text),
        _ => Err(Unreadable),
    }
}

fn read_text(entry: &Entry, text: &str) -> Result<Value, Unreadable> {
    let trimmed = text.trim();
    let is_free = matches!(entry, Entry::Text | Entry::Password);
    if !is_free && trimmed.is_empty() {
        return Ok(match entry {
            Entry::Email | Entry::Phone { .. } => Value::String(String::new()),
            _ => Value::Null,
        });
    }
    if !is_free && trimmed.chars().nth(LONGEST_VALUE).is_some() {
        return Err(Unreadable);
    }
    let taken = match entry {
        Entry::Text | Entry::Password => (!has_controls(text)).then(|| text.to_owned()),
        Entry::Email => is_email(trimmed).then(|| trimmed.to_owned()),
        Entry::Phone { .. } => phone(trimmed),
        Entry::Date { format } => read_date(trimmed, *format).map(|date| date.to_string()),
        Entry::Select(choices) | Entry::Radio(choices) => offered(choices, text),
        Entry::Number | Entry::Checkbox => None,
    };
    taken.map(Value::String).ok_or(Unreadable)
}

fn offered(choices: &[Choice], text: &str) -> Option<String> {
    choices.iter().find(|choice| choice.value == text).map(|choice| choice.value.clone())
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
}

fn is_true(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match text.as_str() {
            "true" | "on" => Some(true),
            "false" | "" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

pub(crate) fn is_true_or_false(value: &Value) -> bool {
    is_true(value).is_some()
}

/// A number, or a text that is one; the digits of Arabic and Persian are read as well.
pub(crate) fn number(value: &Value) -> Option<Value> {
    let text = match value {
        Value::Number(_) => return Some(value.clone()),
        Value::String(text) if text.len() <= LONGEST_VALUE => western_digits(text.trim()),
        _ => return None,
    };
    let plain = |character: char| {
        character.is_ascii_digit() || matches!(character, '+' | '-' | '.' | 'e' | 'E')
    };
    if !text.chars().all(plain) {
        return None;
    }
    match text.parse::<i64>() {
        Ok(whole) => Some(Value::from(whole)),
        Err(_) => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(decimal),
    }
}

fn western_digits(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '٠'..='٩' => digit(character, '٠'),
            '۰'..='۹' => digit(character, '۰'),
            '٫' => '.',
            other => other,
        })
        .collect()
}

fn digit(character: char, zero: char) -> char {
    char::from_digit(character as u32 - zero as u32, 10).unwrap_or(character)
}

/// The number without blanks, hyphens, dots, slashes and brackets: a `+` where it had one, then 4 to 15 digits (E.164, section 6).
fn phone(text: &str) -> Option<String> {
    let text = western_digits(text);
    let (plus, national) = match text.strip_prefix('+') {
        Some(rest) => ("+", rest),
        None => ("", text.as_str()),
    };
    let digits: String = national.chars().filter(char::is_ascii_digit).collect();
    let good = national
        .chars()
        .all(|character| character.is_ascii_digit() || " \u{a0}-‐–./()".contains(character))
        && (4..=15).contains(&digits.len());
    good.then(|| format!("{plus}{digits}"))
}

/// One `@` between a local part of at most 64 bytes and a domain with a dot (RFC 5321, section 4.5.3.1).
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let clean = |character: char| {
        !character.is_whitespace()
            && !character.is_control()
            && !"@<>()[]\\,;:\"".contains(character)
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|character| character.is_alphanumeric() || character == '-')
    };
    (1..=64).contains(&local.len())
        && local.chars().all(clean)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// A date as a browser posts it, `YYYY-MM-DD`, or as the form writes its default.
pub(crate) fn read_date(text: &str, format: DateFormat) -> Option<Date> {
    let text = western_digits(text);
    parts(&text, '-', [0, 1, 2]).or_else(|| match format {
        DateFormat::YearMonthDay => None,
        DateFormat::MonthDayYear => parts(&text, '/', [2, 0, 1]),
        DateFormat::DayMonthYearDots => parts(&text, '.', [2, 1, 0]),
        DateFormat::DayMonthYear => parts(&text, '/', [2, 1, 0]),
    })
}

/// The date whose year, month and day stand at the given places between the separators.
fn parts(text: &str, separator: char, places: [usize; 3]) -> Option<Date> {
    let parts: Vec<&str> = text.split(separator).collect();
    let [year, month, day] = places.map(|place| parts.get(place).copied().unwrap_or_default());
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.len() != 3
        || year.len() != 4
        || !digits(year, 4)
        || !digits(month, 2)
        || !digits(day, 2)
    {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
