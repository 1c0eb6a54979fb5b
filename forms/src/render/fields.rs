//! What each kind of component hands to its template.

use serde_json::{Value, json};

use super::{PasscodeView, View, Words, purpose, qr, words};
use crate::component::{Body, Choice, Component, Entry, Field, Mood, Shown};
use crate::error::FieldError;
use crate::form::{CURRENT_PASSCODE_FIELD, Form, PASSCODE_FIELD};
use crate::localised::Localised;
use crate::passcode::{Ceremony, RuleLine};
use crate::validate::typed_default;
use crate::write::decimal;

/// The widths that a QR code may have, in CSS pixels, and the usual one.
const QR_SIZES: (u32, u32, u32) = (96, 600, 220);

/// The template of a component, and what it is given.
pub(super) fn data(component: &Component, form: &Form, view: &View<'_>) -> (&'static str, Value) {
    match &component.body {
        Body::Field(field) => match view.passcode {
            Some(passcode) if form.passcode_field().is_some_and(|own| own.id == component.id) => {
                ("passcode", passcode_data(component, passcode, view))
            }
            _ => field_data(component, field, view),
        },
        Body::Shown(shown) => shown_data(shown, &text(&component.label, view), view),
    }
}

fn text(text: &Localised, view: &View<'_>) -> Words {
    view.words(text).unwrap_or_default()
}

fn field_data(component: &Component, field: &Field, view: &View<'_>) -> (&'static str, Value) {
    let id = &component.id;
    let label = text(&component.label, view);
    let required = field.validate.required;
    let error = view.error_of(id).map(|error| words::of(error, Some(component), view));
    let signs_in = view.passcode.is_some() || view.offers_passkeys;
    let purpose = purpose(id, &field.entry, field.autocomplete.as_deref(), signs_in);
    let purpose = match purpose {
        // The browser lists the passkeys of the device beside the names that it knows.
        Some("username") if view.offers_passkeys => Some("username webauthn"),
        purpose => purpose,
    };
    let mut data = json!({
        "id": id,
        "optional": (!required && !field.read_only).then(|| optional(&label, view)).flatten(),
        "label": label,
        "required": required,
        "read_only": field.read_only,
        "error": &error,
        "error_mark": view.language.text("errors.mark", &[]),
        "autocomplete": purpose,
    });
    let given = view
        .values
        .filter(|_| !field.read_only)
        .map(|values| values.get(id).cloned().unwrap_or_default());
    let value = given.unwrap_or_else(|| typed_default(field));
    let shown = match &value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let template = match &field.entry {
        Entry::Checkbox => {
            data["checked"] = matches!(shown.as_str(), "true" | "on").into();
            "checkbox"
        }
        Entry::Select(choices) | Entry::Radio(choices) => {
            data["choose"] = view.language.text("form.chooseOne", &[]).into();
            data["choices"] = choices
                .iter()
                .enumerate()
                .map(|(position, choice)| choice_data(id, position, choice, &shown, view))
                .collect();
            if matches!(field.entry, Entry::Select(_)) { "select" } else { "radio" }
        }
        entry => {
            let (kind, inputmode, dir) = match entry {
                Entry::Email => ("email", Some("email"), Some("ltr")),
                Entry::Password => ("password", None, Some("auto")),
                Entry::Phone { .. } => ("tel", Some("tel"), Some("ltr")),
                Entry::Number => ("number", Some("decimal"), Some("ltr")),
                Entry::Date { .. } => ("date", None, None),
                _ => ("text", None, Some("auto")),
            };
            let is_code = data["autocomplete"] == "one-time-code";
            let is_secret = matches!(entry, Entry::Password);
            // Beside a passcode, another password is the passcode once more: it stays in the page as well.
            // In a renewal one of them is the present passcode, which is proved and not sent either.
            let renews = view.passcode.is_some_and(|own| own.ceremony == Ceremony::Renewal);
            let is_current = is_secret && renews && id == CURRENT_PASSCODE_FIELD;
            data["is_current"] = is_current.into();
            if is_current {
                data["autocomplete"] = "current-password".into();
                data["missing"] = missing(component, view).into();
                data["said"] = json!(error.unwrap_or_default());
            }
            data["is_repeat"] = (is_secret && view.passcode.is_some() && !is_current).into();
            data["type"] = kind.into();
            data["inputmode"] = if is_code { "numeric".into() } else { inputmode.into() };
            data["literal"] = (is_code || is_secret || data["autocomplete"] == "off").into();
            data["dir"] = if is_code { "ltr".into() } else { dir.into() };
            data["value"] = if is_secret { Value::from("") } else { shown.into() };
            data["step"] = matches!(entry, Entry::Number)
                .then_some(if field.validate.whole { "1" } else { "any" })
                .into();
            data["min"] = json!(field.validate.min.map(|min| decimal(min).to_string()));
            data["max"] = json!(field.validate.max.map(|max| decimal(max).to_string()));
            "input"
        }
    };
    (template, data)
}

/// The word for a field that may stay empty, unless its label says so itself.
fn optional(label: &Words, view: &View<'_>) -> Option<String> {
    let word = view.language.text("form.optional", &[]);
    let says_so = label.text.to_lowercase().contains(&word.to_lowercase());
    (!says_so).then_some(word)
}

fn choice_data(id: &str, position: usize, choice: &Choice, shown: &str, view: &View<'_>) -> Value {
    let label = view.words(&choice.label).unwrap_or_else(|| Words::own(choice.value.clone()));
    let html_id =
        if position == 0 { format!("field-{id}") } else { format!("choice-{id}-{position}") };
    json!({ "value": choice.value, "label": label, "chosen": choice.value == shown, "html_id": html_id })
}

/// The key in an address for authenticator apps (`otpauth://`), in groups of four characters.
fn authenticator_key(content: &str) -> Option<String> {
    let (_, query) = content.strip_prefix("otpauth://")?.split_once('?')?;
    let key = query.split('&').find_map(|member| member.strip_prefix("secret="))?;
    let is_base32 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'=';
    if key.is_empty() || !key.bytes().all(is_base32) {
        return None;
    }
    let groups: Vec<&str> =
        (0..key.len()).step_by(4).map(|from| &key[from..key.len().min(from + 4)]).collect();
    Some(groups.join(" "))
}

fn shown_data(shown: &Shown, label: &Words, view: &View<'_>) -> (&'static str, Value) {
    match shown {
        Shown::Paragraph(words) => ("paragraph", json!({ "text": text(words, view) })),
        Shown::Subtitle(words) => ("subtitle", json!({ "text": text(words, view) })),
        Shown::Notification { text: words, mood, close_button, set_timer } => {
            let key = match mood {
                Mood::Default => "mood.default",
                Mood::Success => "mood.success",
                Mood::Error => "mood.error",
                Mood::Warning => "mood.warning",
            };
            let data = json!({
                "text": text(words, view),
                "mood": mood.name(),
                "mood_name": view.language.text(key, &[]),
                "close_button": close_button,
                "close": view.language.text("form.close", &[]),
                "timer": set_timer,
            });
            ("notification", data)
        }
        Shown::Image { source, file_type, alt, width } => (
            "image",
            json!({ "source": image_address(source, file_type), "alt": alt, "width": width }),
        ),
        Shown::QrCode { content, size } => {
            let drawn = qr::draw(content);
            let (least, greatest, usual) = QR_SIZES;
            let key = authenticator_key(content);
            let own = |key: &str| view.language.text(key, &[]);
            let data = json!({
                "key": key,
                "open": own("form.qr.open"),
                "type_key": own("form.qr.key"),
                "copy": own("form.copy"),
                "copy_key": own("form.qr.copyKey"),
                "copied": own("form.copied"),
                "not_copied": own("form.notCopied"),
                "path": drawn.as_ref().map(|(path, _)| path),
                "modules": drawn.as_ref().map(|(_, modules)| modules),
                "size": size.unwrap_or(usual).clamp(least, greatest),
                "alt": own(if key.is_some() { "form.qr.app" } else { "form.qr.alt" }),
                "as_text": own("form.qr.text"),
                "content": content,
            });
            ("qr-code", data)
        }
        Shown::Codes { content } => {
            let own = |key: &str| view.language.text(key, &[]);
            let lines: Vec<&str> =
                content.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            let data = json!({
                "label": label,
                "lines": lines,
                "copy": own("form.copy"),
                "copied": own("form.copied"),
                "not_copied": own("form.notCopied"),
                "save": own("form.save"),
                "print": own("form.print"),
            });
            ("codes", data)
        }
    }
}

/// The origin of a picture that another site serves.
pub(super) fn image_origin(component: &Component) -> Option<String> {
    let Body::Shown(Shown::Image { source, file_type, .. }) = &component.body else { return None };
    let address = image_address(source, file_type);
    let (scheme, rest) =
        address.split_once("://").filter(|(scheme, _)| !scheme.starts_with("data"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
    (!host.is_empty() && host.bytes().all(plain))
        .then(|| format!("{}://{}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase()))
}

/// The address of a picture; an empty one for addresses that are not a picture's.
pub(super) fn image_address(source: &str, file_type: &str) -> String {
    let source = source.trim();
    let lower = source.get(..11).unwrap_or(source).to_ascii_lowercase();
    let is_address = lower.starts_with("https://") || lower.starts_with("http://");
    if is_address || lower.starts_with("data:image/") {
        return source.to_owned();
    }
    let is_base64 = !source.is_empty()
        && source.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte));
    let kind = file_type.trim();
    if is_base64 && kind.starts_with("data:image/") && kind.ends_with(";base64,") {
        format!("{kind}{source}")
    } else {
        String::new()
    }
}

/// What is said of a field that was left empty.
fn missing(component: &Component, view: &View<'_>) -> String {
    let missing = FieldError::new(FieldError::MISSING).of(&component.id);
    let missing = match component.field() {
        Some(field) => missing.saying(&field.validate.missing_message),
        None => missing,
    };
    words::of(&missing, Some(component), view).text
}

/// The passcode field of a form that has none of its own.
pub(super) fn own_passcode(view: &View<'_>) -> Value {
    let Some(passcode) = view.passcode else { return Value::Null };
    passcode_field(None, Words::own(view.language.text("passcode.label", &[])), passcode, view)
}

fn passcode_data(component: &Component, passcode: &PasscodeView, view: &View<'_>) -> Value {
    passcode_field(Some(component), text(&component.label, view), passcode, view)
}

fn passcode_field(
    component: Option<&Component>,
    label: Words,
    passcode: &PasscodeView,
    view: &View<'_>,
) -> Value {
    let own = |key: &str| view.language.text(key, &[]);
    let error = view.error_of(PASSCODE_FIELD).map(|error| words::of(error, component, view));
    let is_new = passcode.ceremony != Ceremony::Authentication;
    let lines: Vec<RuleLine> =
        if is_new { passcode.rules.lines(view.language) } else { Vec::new() };
    let missing = match component {
        Some(component) => missing(component, view),
        None => view.language.text("error.missing", &[("label", &label.text)]),
    };
    let texts = json!({
        "show": own("passcode.show"),
        "showLabel": own("passcode.show.label"),
        "hide": own("passcode.hide"),
        "hideLabel": own("passcode.hide.label"),
        "shown": own("passcode.shown"),
        "hidden": own("passcode.hidden"),
        "met": own("passcode.met"),
        "unmet": own("passcode.unmet"),
        "progress": own("passcode.progress"),
        "missing": missing,
        "rulesNotMet": own("passcode.rulesNotMet"),
        "differs": own("passcode.differs"),
        "working": own("form.working"),
        "failed": own("passcode.failed"),
        "insecure": own("passcode.insecure"),
    });
    let described: Vec<String> =
        [error.as_ref().map(|_| "error"), (!lines.is_empty()).then_some("rules")]
            .into_iter()
            .flatten()
            .map(|part| format!("{part}-{PASSCODE_FIELD}"))
            .collect();
    json!({
        "id": PASSCODE_FIELD,
        "ceremony": match passcode.ceremony {
            Ceremony::Registration => "registration",
            Ceremony::Authentication => "authentication",
            Ceremony::Renewal => "renewal",
        },
        "algorithm": passcode.algorithm.to_string(),
        "texts": texts.to_string(),
        "label": label,
        "said": error.clone().unwrap_or_default(),
        "error": error,
        "error_mark": own("errors.mark"),
        "described": described.join(" "),
        "autocomplete": if is_new { "new-password" } else { "current-password" },
        "show": own("passcode.show"),
        "show_label": own("passcode.show.label"),
        "rules_title": own("passcode.rules"),
        "lines": lines,
    })
}
