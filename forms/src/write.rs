//! Writes a form as the documented JSON.

use serde_json::{Map, Value, json};

use crate::component::{Body, Choice, Component, Entry, Field, Shown, Validate};
use crate::form::Form;
use crate::localised::Localised;

/// The version of the format.
pub(crate) const VERSION: &str = "1";

pub(crate) fn form(form: &Form) -> Value {
    let mut json = json!({
        "title": heading("title", &form.title),
        "components": form.components.iter().map(component).collect::<Vec<Value>>(),
        "version": VERSION,
    });
    if !form.subtitle.is_blank() {
        json["subtitle"] = heading("subtitle", &form.subtitle);
    }
    if !form.submit_button.is_blank() {
        json["submitButton"] = heading("submitButton", &form.submit_button);
    }
    json
}

fn heading(name: &str, text: &Localised) -> Value {
    json!({ "values": text.values, "isValid": true, "type": name })
}

fn component(component: &Component) -> Value {
    let mut json = Map::new();
    json.insert("type".into(), component.type_name().into());
    json.insert("isValid".into(), component.is_valid.into());
    json.insert("id".into(), component.id.clone().into());
    json.insert("label".into(), json!(component.label));
    if let Some(index) = component.index {
        json.insert("index".into(), index.into());
    }
    match &component.body {
        Body::Field(field) => write_field(field, &mut json),
        Body::Shown(shown) => write_shown(shown, &mut json),
    }
    Value::Object(json)
}

fn write_field(field: &Field, json: &mut Map<String, Value>) {
    json.insert("readOnly".into(), field.read_only.into());
    json.insert("transient".into(), field.transient.into());
    json.insert("default".into(), field.default.clone());
    json.insert("validate".into(), validate(field));
    if let Some(purpose) = &field.autocomplete {
        json.insert("autocomplete".into(), purpose.clone().into());
    }
    match &field.entry {
        Entry::Phone { default_country: Some(country) } => {
            json.insert("defaultCountry".into(), country.clone().into());
        }
        Entry::Date { format } => {
            json.insert("defaultDateFormat".into(), format.name().into());
        }
        Entry::Select(choices) | Entry::Radio(choices) => {
            json.insert("options".into(), choices.iter().map(choice).collect());
        }
        Entry::Text
        | Entry::Email
        | Entry::Password
        | Entry::Phone { .. }
        | Entry::Number
        | Entry::Checkbox => {}
    }
}

fn choice(choice: &Choice) -> Value {
    json!({ "value": choice.value, "label": choice.label })
}

fn validate(field: &Field) -> Value {
    let Validate { required, min_length, max_length, min, max, .. } = &field.validate;
    let limit = |limit: &Option<u32>| limit.map_or(Value::String(String::new()), Value::from);
    let mut json = json!({
        "required": required,
        "missingMessage": field.validate.missing_message,
        "invalidMessage": field.validate.invalid_message,
    });
    match field.entry {
        Entry::Text | Entry::Email | Entry::Password => {
            json["minLength"] = limit(min_length);
            json["maxLength"] = limit(max_length);
            json["invalidLengthMessage"] = json!(field.validate.invalid_length_message);
        }
        Entry::Number => {
            json["min"] = min.map_or(Value::String(String::new()), decimal);
            json["max"] = max.map_or(Value::String(String::new()), decimal);
            if field.validate.whole {
                json["whole"] = true.into();
            }
        }
        _ => {}
    }
    json
}

/// A number as JSON, without a fraction where it has none.
pub(crate) fn decimal(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}

fn write_shown(shown: &Shown, json: &mut Map<String, Value>) {
    match shown {
        Shown::Paragraph(text) | Shown::Subtitle(text) => {
            json.insert("values".into(), json!(text.values));
        }
        Shown::Notification { text, mood, close_button, set_timer } => {
            json.insert("values".into(), json!(text.values));
            json.insert("subtype".into(), mood.name().into());
            json.insert("closeButton".into(), (*close_button).into());
            json.insert("setTimer".into(), (*set_timer).into());
        }
        Shown::Image { source, file_type, alt, width } => {
            json.insert("src".into(), source.clone().into());
            json.insert("fileType".into(), file_type.clone().into());
            json.insert("alt".into(), alt.clone().into());
            let width = width.map_or(String::new(), |width| width.to_string());
            json.insert("width".into(), width.into());
        }
        Shown::QrCode { content, size } => {
            json.insert("content".into(), content.clone().into());
            json.insert("size".into(), size.map_or(Value::String(String::new()), Value::from));
        }
        Shown::Codes { content } => {
            json.insert("content".into(), content.clone().into());
        }
    }
}
