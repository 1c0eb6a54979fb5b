//! Words for what is wrong with a field, in the language of the page.

use super::{View, Words};
use crate::component::{Component, Entry};
use crate::error::FieldError;

/// The form's own message, else the page's for the rule.
pub(super) fn of(error: &FieldError, component: Option<&Component>, view: &View<'_>) -> Words {
    if let Some(own) = error.message.as_ref().and_then(|message| view.words(message)) {
        return own;
    }
    let label =
        component.and_then(|component| view.words(&component.label)).map(|words| words.text);
    let label = label.or_else(|| error.field.clone()).unwrap_or_default();
    let mut values = vec![("label", label.as_str())];
    values.extend(error.values.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    Words::own(view.language.text(&key(error, component, view), &values))
}

/// The key of the most particular text that the language has for the rule.
fn key(error: &FieldError, component: Option<&Component>, view: &View<'_>) -> String {
    let rule = error.rule.as_str();
    let limits = (error.values.get("min"), error.values.get("max"));
    let detail = match (rule, limits) {
        (FieldError::LENGTH, (Some(min), Some(max))) if min == max => "exactly",
        (FieldError::LENGTH | FieldError::RANGE, (Some(_), Some(_))) => "between",
        (FieldError::LENGTH | FieldError::RANGE, (Some(_), None)) => "atLeast",
        (FieldError::LENGTH | FieldError::RANGE, (None, Some(_))) => "atMost",
        _ => component.and_then(Component::field).map_or("", |field| match field.entry {
            Entry::Email => "email",
            Entry::Phone { .. } => "phone",
            Entry::Number if field.validate.whole => "whole",
            Entry::Number => "number",
            Entry::Date { .. } => "date",
            Entry::Checkbox => "checkbox",
            Entry::Select(_) | Entry::Radio(_) => "choice",
            Entry::Text | Entry::Password => "text",
        }),
    };
    let keys = [format!("error.{rule}.{detail}"), format!("error.{rule}")];
    let known = keys.into_iter().find(|key| view.language.has(key));
    known.unwrap_or_else(|| "error.invalid".to_owned())
}
