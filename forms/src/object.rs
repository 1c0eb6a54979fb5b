//! Takes a JSON object apart member by member and notes what is wrong on the way.

use serde_json::{Map, Value};

use crate::fill::shown;
use crate::form::FormFlaw;
use crate::localised::{Localised, is_code};

/// The longest text that a form may carry in one place, in characters; pictures may be longer.
pub(crate) const LONGEST_TEXT: usize = 10_000;

/// The flaws found so far.
#[derive(Default)]
pub(crate) struct Flaws {
    pub(crate) found: Vec<FormFlaw>,
    /// Whether texts and defaults have been filled in: what those came to is nobody's flaw.
    pub(crate) filled: bool,
}

impl Flaws {
    pub(crate) fn add(&mut self, at: impl Into<String>, message: impl Into<String>) {
        self.found.push(FormFlaw { at: at.into(), message: message.into() });
    }
}

/// One JSON object, the path to it, and the names of the members that were asked for.
pub(crate) struct Object<'a> {
    pub(crate) at: String,
    members: &'a Map<String, Value>,
    known: Vec<&'static str>,
}

impl<'a> Object<'a> {
    pub(crate) fn new(
        at: impl Into<String>,
        json: &'a Value,
        flaws: &mut Flaws,
    ) -> Option<Object<'a>> {
        let at = at.into();
        match json {
            Value::Object(members) => Some(Object { at, members, known: Vec::new() }),
            other => {
                flaws.add(at, format!("an object is needed here, not {}", kind(other)));
                None
            }
        }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}.{name}", self.at)
    }

    /// The member, unless it is absent or `null`.
    pub(crate) fn member(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Leaves members alone that a builder writes and that mean nothing here.
    pub(crate) fn ignore(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// A text; a number is taken as its digits.
    pub(crate) fn text(&mut self, name: &'static str, flaws: &mut Flaws) -> Option<String> {
        match self.member(name)? {
            Value::String(text) => {
                if text.chars().count() > LONGEST_TEXT {
                    let message = format!("a text has at most {LONGEST_TEXT} characters");
                    flaws.add(self.path(name), message);
                }
                Some(text.clone())
            }
            Value::Number(number) => Some(number.to_string()),
            other => {
                flaws.add(self.path(name), format!("a text is needed here, not {}", kind(other)));
                None
            }
        }
    }

    pub(crate) fn boolean(&mut self, name: &'static str, flaws: &mut Flaws) -> Option<bool> {
        match self.member(name)? {
            Value::Bool(value) => Some(*value),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            other => {
                flaws.add(
                    self.path(name),
                    format!("true or false is needed here, not {}", kind(other)),
                );
                None
            }
        }
    }

    /// A whole number from 0 on; an empty text means that there is none.
    pub(crate) fn limit(&mut self, name: &'static str, flaws: &mut Flaws) -> Option<u32> {
        let value = self.member(name)?;
        let limit = match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let limit = limit.and_then(|limit| u32::try_from(limit).ok());
        if limit.is_none() {
            flaws.add(self.path(name), "a whole number from 0 on or an empty text is needed here");
        }
        limit
    }

    /// A decimal number; an empty text means that there is none.
    pub(crate) fn decimal(&mut self, name: &'static str, flaws: &mut Flaws) -> Option<f64> {
        let value = self.member(name)?;
        let decimal = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let decimal = decimal.filter(|decimal: &f64| decimal.is_finite());
        if decimal.is_none() {
            flaws.add(self.path(name), "a number or an empty text is needed here");
        }
        decimal
    }

    /// One of a few names.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        name: &'static str,
        names: &[(T, &'static str)],
        flaws: &mut Flaws,
    ) -> Option<T> {
        let text = self.text(name, flaws)?;
        if text.is_empty() {
            return None;
        }
        let found = names.iter().find(|(_, known)| known.eq_ignore_ascii_case(&text));
        if found.is_none() {
            let known: Vec<&str> = names.iter().map(|(_, known)| *known).collect();
            flaws.add(
                self.path(name),
                format!("`{}` is none of {}", short(&text), known.join(", ")),
            );
        }
        found.map(|(value, _)| *value)
    }

    /// A member `{"values": {…}}`.
    pub(crate) fn localised(&mut self, name: &'static str, flaws: &mut Flaws) -> Localised {
        let path = self.path(name);
        let Some(mut inner) = self.member(name).and_then(|json| Object::new(path, json, flaws))
        else {
            return Localised::default();
        };
        inner.ignore(&["type", "isValid"]);
        let values = inner.values(flaws);
        inner.finish(flaws);
        values
    }

    /// The own member `values` of this object.
    pub(crate) fn values(&mut self, flaws: &mut Flaws) -> Localised {
        let mut localised = Localised::default();
        let path = self.path("values");
        let Some(inner) = self.member("values").and_then(|json| Object::new(path, json, flaws))
        else {
            return localised;
        };
        for (code, text) in inner.members {
            let at = inner.path(code);
            match text {
                _ if !is_code(code) => {
                    flaws.add(at, "a language code is needed here, such as `en`")
                }
                Value::String(text) if !flaws.filled && text.chars().count() > LONGEST_TEXT => {
                    flaws.add(at, format!("a text has at most {LONGEST_TEXT} characters"));
                }
                Value::String(text) => {
                    localised.values.insert(code.clone(), text.clone());
                }
                other if flaws.filled => {
                    localised.values.insert(code.clone(), shown(other));
                }
                Value::Null => {}
                other => flaws.add(at, format!("a text is needed here, not {}", kind(other))),
            }
        }
        localised
    }

    /// Refuses the members that nobody asked for.
    pub(crate) fn finish(self, flaws: &mut Flaws) {
        for name in self.members.keys().filter(|name| !self.known.contains(&name.as_str())) {
            flaws.add(self.at.clone(), format!("`{}` is not known here", short(name)));
        }
    }
}

/// The beginning of a text, for messages.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
