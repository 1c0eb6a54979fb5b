//! Reads a form from its JSON and finds everything that is wrong with it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::component::{Body, Choice, Component, DateFormat, Entry, Field, Mood, Shown, Validate};
use crate::fill;
use crate::form::{Form, FormFlaw};
use crate::localised::Localised;
use crate::object::{Flaws, Object, kind, short};
use crate::validate::{is_true_or_false, number, read_date};
use crate::write;

/// The most bytes that the JSON of a form may have.
const LONGEST_FORM: usize = 1024 * 1024;
/// The most components that a form may have, and the most choices of one of them.
const MOST_ENTRIES: usize = 500;
/// What a builder writes into any component, whether it means something there or not.
const COMMON: [&str; 6] = ["type", "readOnly", "default", "transient", "validate", "values"];

/// The purposes of a field that `autocomplete` may name (HTML, section 4.10.18.7).
pub(crate) const PURPOSES: [&str; 39] = [
    "off",
    "on",
    "name",
    "honorific-prefix",
    "given-name",
    "additional-name",
    "family-name",
    "honorific-suffix",
    "nickname",
    "username",
    "new-password",
    "current-password",
    "one-time-code",
    "organization-title",
    "organization",
    "street-address",
    "address-line1",
    "address-line2",
    "address-line3",
    "address-level1",
    "address-level2",
    "address-level3",
    "address-level4",
    "country",
    "country-name",
    "postal-code",
    "language",
    "bday",
    "bday-day",
    "bday-month",
    "bday-year",
    "sex",
    "url",
    "photo",
    "tel",
    "tel-national",
    "tel-country-code",
    "email",
    "impp",
];

pub(crate) fn text(json: &str) -> Result<Form, Vec<FormFlaw>> {
    let flaw = |message: String| vec![FormFlaw { at: "$".to_owned(), message }];
    if json.len() > LONGEST_FORM {
        return Err(flaw(format!("a form has at most {LONGEST_FORM} bytes")));
    }
    let json: Value =
        serde_json::from_str(json).map_err(|error| flaw(format!("this is not JSON: {error}")))?;
    value(&json)
}

fn value(json: &Value) -> Result<Form, Vec<FormFlaw>> {
    let mut flaws = Flaws::default();
    let form = form(json, &mut flaws);
    fill::check("$", json, &mut flaws);
    without_flaws(form, flaws)
}

/// The form, unless something is wrong with it.
pub(crate) fn without_flaws(form: Option<Form>, flaws: Flaws) -> Result<Form, Vec<FormFlaw>> {
    form.filter(|_| flaws.found.is_empty()).ok_or(flaws.found)
}

/// Reads a form that was kept after its texts were filled in.
pub(crate) fn filled(json: &Value) -> Result<Form, Vec<FormFlaw>> {
    let mut flaws = Flaws { filled: true, ..Flaws::default() };
    let listed = json.get("components").and_then(Value::as_array).map(Vec::len);
    match form(json, &mut flaws) {
        Some(form) if Some(form.components.len()) == listed => Ok(form),
        _ => Err(flaws.found),
    }
}

pub(crate) fn form(json: &Value, flaws: &mut Flaws) -> Option<Form> {
    let mut top = Object::new("$", json, flaws)?;
    let title = top.localised("title", flaws);
    if is_untold(&title, flaws) {
        flaws.add("$.title", "a form needs a title with a text in at least one language");
    }
    let subtitle = top.localised("subtitle", flaws);
    let submit_button = top.localised("submitButton", flaws);
    if top.text("version", flaws).is_some_and(|version| version != write::VERSION) {
        flaws.add("$.version", "only version 1 of this format is known");
    }
    let components = match top.member("components") {
        Some(Value::Array(list)) if list.len() <= MOST_ENTRIES => components(list, flaws),
        Some(Value::Array(_)) => {
            flaws.add("$.components", format!("a form has at most {MOST_ENTRIES} components"));
            Vec::new()
        }
        Some(other) => {
            flaws.add("$.components", format!("a list is needed here, not {}", kind(other)));
            Vec::new()
        }
        None => {
            flaws.add("$.components", "a form needs a list of components");
            Vec::new()
        }
    };
    top.finish(flaws);
    Some(Form { title, subtitle, components, submit_button })
}

fn components(list: &[Value], flaws: &mut Flaws) -> Vec<Component> {
    let mut components: Vec<Component> = list
        .iter()
        .enumerate()
        .filter_map(|(position, json)| component(format!("$.components[{position}]"), json, flaws))
        .collect();
    let mut seen = BTreeSet::new();
    for (position, json) in list.iter().enumerate() {
        let id = json.get("id").and_then(Value::as_str).unwrap_or_default();
        let is_field =
            components.iter().any(|component| component.id == id && component.field().is_some());
        if is_field && !seen.insert(id) {
            flaws.add(
                format!("$.components[{position}].id"),
                format!("the id `{}` is taken", short(id)),
            );
        }
    }
    // The builder numbers the components; a list in which one lacks its number stands in the order it was written.
    if components.iter().all(|component| component.index.is_some()) {
        components.sort_by_key(|component| component.index);
    }
    components
}

/// What a component may be, in words.
const TYPES: &str = "text, email, password, phone, number, date, checkbox, select, radio, paragraph, subtitle, \
                     notification, image, qrCode or codes";

fn component(at: String, json: &Value, flaws: &mut Flaws) -> Option<Component> {
    let mut object = Object::new(at, json, flaws)?;
    object.ignore(&COMMON);
    let Some(name) = object.text("type", flaws) else {
        flaws.add(object.path("type"), "a component needs a type");
        return None;
    };
    let id = object.text("id", flaws).unwrap_or_default();
    let index = match object.member("index") {
        Some(Value::Number(number)) if number.is_i64() => number.as_i64(),
        Some(_) => {
            flaws.add(object.path("index"), "a whole number is needed here");
            None
        }
        None => None,
    };
    let is_valid = object.boolean("isValid", flaws).unwrap_or(true);
    let label = object.localised("label", flaws);
    let body = match name.as_str() {
        "text" => field(Entry::Text, &mut object, flaws),
        "email" => field(Entry::Email, &mut object, flaws),
        "password" => field(Entry::Password, &mut object, flaws),
        "phone" => {
            let default_country = country(&mut object, flaws);
            field(Entry::Phone { default_country }, &mut object, flaws)
        }
        "number" => field(Entry::Number, &mut object, flaws),
        "date" => {
            let format = object.one_of("defaultDateFormat", &DateFormat::ALL, flaws);
            field(Entry::Date { format: format.unwrap_or_default() }, &mut object, flaws)
        }
        "checkbox" => field(Entry::Checkbox, &mut object, flaws),
        "select" => {
            let choices = choices(&mut object, flaws);
            field(Entry::Select(choices), &mut object, flaws)
        }
        "radio" => {
            let choices = choices(&mut object, flaws);
            field(Entry::Radio(choices), &mut object, flaws)
        }
        "paragraph" => Body::Shown(Shown::Paragraph(object.values(flaws))),
        "subtitle" => Body::Shown(Shown::Subtitle(object.values(flaws))),
        "notification" => Body::Shown(notification(&mut object, flaws)),
        "image" => Body::Shown(image(&mut object, flaws)),
        "qrCode" => Body::Shown(qr_code(&mut object, flaws)),
        "codes" => {
            let content = content(&mut object, "a list of codes needs a content", flaws);
            Body::Shown(Shown::Codes { content })
        }
        other => {
            let message = format!("no component is of type `{}`; one is {TYPES}", short(other));
            flaws.add(object.path("type"), message);
            return None;
        }
    };
    if matches!(body, Body::Field(_)) {
        if !is_id(&id) {
            flaws.add(
                object.path("id"),
                "a field needs an id of 1 to 100 characters, without blanks",
            );
        }
        if is_untold(&label, flaws) {
            flaws.add(
                object.path("label"),
                "a field needs a label with a text in at least one language",
            );
        }
    }
    object.finish(flaws);
    Some(Component { id, index, is_valid, label, body })
}

/// Whether a text is missing; one that came to nothing when it was filled in is there.
fn is_untold(text: &Localised, flaws: &Flaws) -> bool {
    if flaws.filled { text.values.is_empty() } else { text.is_blank() }
}

fn is_id(id: &str) -> bool {
    (1..=100).contains(&id.chars().count())
        && !id.chars().any(|character| character.is_whitespace() || character.is_control())
}

fn field(entry: Entry, object: &mut Object<'_>, flaws: &mut Flaws) -> Body {
    let read_only = object.boolean("readOnly", flaws).unwrap_or(false);
    let transient = object.boolean("transient", flaws).unwrap_or(false);
    let autocomplete = object.text("autocomplete", flaws).filter(|purpose| !purpose.is_empty());
    if autocomplete.as_ref().is_some_and(|purpose| !PURPOSES.contains(&purpose.as_str())) {
        flaws.add(object.path("autocomplete"), "this is no purpose that HTML knows");
    }
    let default = match object.member("default").cloned() {
        Some(default) => {
            check_default(&entry, &default, &object.path("default"), flaws);
            default
        }
        None => Value::String(String::new()),
    };
    let validate = validate(&entry, object, flaws);
    Body::Field(Field { entry, read_only, transient, default, autocomplete, validate })
}

fn check_default(entry: &Entry, default: &Value, at: &str, flaws: &mut Flaws) {
    if flaws.filled || default.as_str().is_some_and(|text| text.is_empty() || text.contains("{{")) {
        return;
    }
    let complaint = match (entry, default) {
        (Entry::Checkbox, value) => {
            (!is_true_or_false(value)).then_some("true or false is needed here")
        }
        (Entry::Number, value) => number(value).is_none().then_some("a number is needed here"),
        (Entry::Date { format }, Value::String(text)) => read_date(text, *format)
            .is_none()
            .then_some("a date is needed here, written as `defaultDateFormat` says"),
        (Entry::Select(choices) | Entry::Radio(choices), Value::String(text)) => {
            (!choices.iter().any(|choice| choice.value == *text))
                .then_some("this is none of the options")
        }
        (_, Value::String(_) | Value::Number(_)) => None,
        _ => Some("a text is needed here"),
    };
    if let Some(complaint) = complaint {
        flaws.add(at, complaint);
    }
}

fn validate(entry: &Entry, object: &mut Object<'_>, flaws: &mut Flaws) -> Validate {
    let path = object.path("validate");
    let Some(mut inner) = object.member("validate").and_then(|json| Object::new(path, json, flaws))
    else {
        return Validate::default();
    };
    let mut validate = Validate {
        required: inner.boolean("required", flaws).unwrap_or(false),
        min_length: inner.limit("minLength", flaws),
        max_length: inner.limit("maxLength", flaws),
        min: inner.decimal("min", flaws),
        max: inner.decimal("max", flaws),
        whole: inner.boolean("whole", flaws).unwrap_or(false),
        missing_message: inner.localised("missingMessage", flaws),
        invalid_message: inner.localised("invalidMessage", flaws),
        invalid_length_message: inner.localised("invalidLengthMessage", flaws),
    };
    if validate.min_length.zip(validate.max_length).is_some_and(|(min, max)| min > max) {
        flaws.add(inner.path("maxLength"), "the greatest length is below the least one");
    }
    if validate.min.zip(validate.max).is_some_and(|(min, max)| min > max) {
        flaws.add(inner.path("max"), "the greatest number is below the least one");
    }
    inner.finish(flaws);
    if !matches!(entry, Entry::Text | Entry::Email | Entry::Password) {
        validate.min_length = None;
        validate.max_length = None;
        validate.invalid_length_message = Localised::default();
    }
    if *entry != Entry::Number {
        validate.min = None;
        validate.max = None;
        validate.whole = false;
    }
    validate
}

fn country(object: &mut Object<'_>, flaws: &mut Flaws) -> Option<String> {
    let country = object.text("defaultCountry", flaws).filter(|country| !country.is_empty())?;
    if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some(country.to_ascii_uppercase());
    }
    flaws.add(object.path("defaultCountry"), "a country code of two letters is needed here");
    None
}

fn choices(object: &mut Object<'_>, flaws: &mut Flaws) -> Vec<Choice> {
    let path = object.path("options");
    let list = match object.member("options") {
        Some(Value::Array(list)) if (1..=MOST_ENTRIES).contains(&list.len()) => list,
        _ => {
            flaws.add(path, format!("a list of 1 to {MOST_ENTRIES} options is needed here"));
            return Vec::new();
        }
    };
    let mut choices: Vec<Choice> = Vec::new();
    for (position, json) in list.iter().enumerate() {
        let Some(mut option) = Object::new(format!("{path}[{position}]"), json, flaws) else {
            continue;
        };
        let value = option.text("value", flaws).unwrap_or_default();
        let label = option.localised("label", flaws);
        if value.is_empty() {
            flaws.add(option.path("value"), "an option needs a value");
        } else if choices.iter().any(|choice| choice.value == value) {
            flaws.add(option.path("value"), format!("the value `{}` is taken", short(&value)));
        }
        option.finish(flaws);
        choices.push(Choice { value, label });
    }
    choices
}

fn notification(object: &mut Object<'_>, flaws: &mut Flaws) -> Shown {
    let text = object.values(flaws);
    let mood = object.one_of("subtype", &Mood::ALL, flaws);
    let other = object.one_of("subType", &Mood::ALL, flaws);
    if mood.zip(other).is_some_and(|(mood, other)| mood != other) {
        flaws.add(object.path("subType"), "`subtype` and `subType` differ");
    }
    Shown::Notification {
        text,
        mood: mood.or(other).unwrap_or_default(),
        close_button: object.boolean("closeButton", flaws).unwrap_or(false),
        set_timer: object.boolean("setTimer", flaws).unwrap_or(false),
    }
}

fn image(object: &mut Object<'_>, flaws: &mut Flaws) -> Shown {
    let source = match object.member("src") {
        Some(Value::String(source)) => source.clone(),
        _ => String::new(),
    };
    if source.is_empty() {
        flaws.add(object.path("src"), "an image needs an address or its data");
    }
    Shown::Image {
        source,
        file_type: object.text("fileType", flaws).unwrap_or_default(),
        alt: object.text("alt", flaws).unwrap_or_default(),
        width: object.limit("width", flaws),
    }
}

fn qr_code(object: &mut Object<'_>, flaws: &mut Flaws) -> Shown {
    let content = content(object, "a QR code needs a content", flaws);
    Shown::QrCode { content, size: object.limit("size", flaws) }
}

fn content(object: &mut Object<'_>, complaint: &str, flaws: &mut Flaws) -> String {
    let content =
        object.text("content", flaws).or_else(|| object.text("default", flaws)).unwrap_or_default();
    if content.is_empty() {
        flaws.add(object.path("content"), complaint);
    }
    content
}
