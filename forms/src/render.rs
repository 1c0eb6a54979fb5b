//! Turns a form into HTML: its fields, its heading, and the summary of what is wrong with it.

mod fields;
mod qr;
mod words;

pub use qr::qr_code_svg;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use handlebars::Handlebars;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::component::Entry;
use crate::error::FieldError;
use crate::form::{Form, PASSCODE_FIELD};
use crate::language::Language;
use crate::localised::Localised;
use crate::passcode::{Ceremony, PasscodeRules};

/// The templates by name; each escapes whatever is put into it.
const TEMPLATES: [(&str, &str); 13] = [
    ("tongue", include_str!("../templates/tongue.hbs")),
    ("error", include_str!("../templates/error.hbs")),
    ("input", include_str!("../templates/input.hbs")),
    ("checkbox", include_str!("../templates/checkbox.hbs")),
    ("select", include_str!("../templates/select.hbs")),
    ("radio", include_str!("../templates/radio.hbs")),
    ("passcode", include_str!("../templates/passcode.hbs")),
    ("paragraph", include_str!("../templates/paragraph.hbs")),
    ("subtitle", include_str!("../templates/subtitle.hbs")),
    ("notification", include_str!("../templates/notification.hbs")),
    ("image", include_str!("../templates/image.hbs")),
    ("qr-code", include_str!("../templates/qr-code.hbs")),
    ("codes", include_str!("../templates/codes.hbs")),
];

/// A template that cannot be read is missing here, and rendering then says so.
static REGISTRY: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    for (name, template) in TEMPLATES {
        // The file's last line break is no part of a partial that stands inside a tag.
        let _ = registry.register_template_string(name, template.trim_end());
    }
    registry
});

/// How a form is looked at.
pub struct View<'a> {
    /// The language of the page.
    pub language: &'static Language,
    /// The language of the process, for texts that the page's language lacks.
    pub default_language: Option<&'a str>,
    /// What was submitted and is shown again, by field; without it the fields show their defaults.
    pub values: Option<&'a Map<String, Value>>,
    /// What is wrong with it.
    pub errors: &'a [FieldError],
    /// What the page does with the field `passcode`, in a passcode activity.
    pub passcode: Option<&'a PasscodeView>,
    /// Whether the browser offers passkeys in the field for the user's name, in a passkey activity.
    pub offers_passkeys: bool,
}

/// What the page needs to know in a passcode activity.
pub struct PasscodeView {
    /// Whether the passcode is chosen or proved.
    pub ceremony: Ceremony,
    /// The rules for a new passcode; empty for a proof.
    pub rules: PasscodeRules,
    /// The documented `algorithmInfo`, for the page's script.
    pub algorithm: Value,
}

/// A text with the language it is written in, where that is not the page's own.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Words {
    /// The text, not escaped.
    pub text: String,
    /// The code of its language.
    pub lang: Option<String>,
}

/// What stands around the fields.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Heading {
    /// The heading of the page.
    pub title: Words,
    /// The line below it.
    pub subtitle: Option<Words>,
    /// The words on the button.
    pub button: Words,
}

/// One line of the summary of what is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryLine {
    /// What is wrong.
    pub words: Words,
    /// Where the field is, as a fragment of the page.
    pub href: Option<String>,
}

/// A form that could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("the form cannot be rendered: {0}")]
pub struct RenderError(#[from] Box<handlebars::RenderError>);

/// The HTML of a form's components, in order.
///
/// A field is named `data.{id}` and has the HTML id `field-{id}`; the field that holds a passcode has no name.
///
/// # Errors
/// When a template asks for something that it was not given.
pub fn render(form: &Form, view: &View<'_>) -> Result<String, RenderError> {
    let mut html = String::new();
    for component in &form.components {
        let (template, data) = fields::data(component, form, view);
        html.push_str(&with_template(template, &data)?);
    }
    if view.passcode.is_some() && form.passcode_field().is_none() {
        html.push_str(&with_template("passcode", &fields::own_passcode(view))?);
    }
    Ok(html)
}

fn with_template(template: &str, data: &Value) -> Result<String, RenderError> {
    let mut html = REGISTRY.render(template, data).map_err(Box::new)?;
    html.push('\n');
    Ok(html)
}

/// The origins of the pictures that other sites serve, for the page's content security policy.
pub fn image_origins(form: &Form) -> BTreeSet<String> {
    form.components.iter().filter_map(fields::image_origin).collect()
}

/// Whether a form has a field for the user's name, where browsers offer what they know of the user.
pub fn asks_user_name(form: &Form) -> bool {
    let mut fields = form.fields().filter_map(|one| one.field().map(|field| (&one.id, field)));
    fields.any(|(id, field)| {
        purpose(id, &field.entry, field.autocomplete.as_deref(), true) == Some("username")
    })
}

/// The heading of a form and the words on its button.
pub fn heading(form: &Form, view: &View<'_>) -> Heading {
    let button = view
        .words(&form.submit_button)
        .unwrap_or_else(|| Words::own(view.language.text("form.submit", &[])));
    Heading {
        title: view.words(&form.title).unwrap_or_default(),
        subtitle: view.words(&form.subtitle),
        button,
    }
}

/// What is wrong with the form, each line leading to its field.
pub fn summary(form: &Form, view: &View<'_>) -> Vec<SummaryLine> {
    view.errors
        .iter()
        .map(|error| {
            let field = form.fields().find(|component| Some(&component.id) == error.field.as_ref());
            let id = field
                .map(|component| component.id.as_str())
                .or_else(|| view.passcode_at_fault(error));
            SummaryLine {
                words: words::of(error, field, view),
                href: id.map(|id| format!("#field-{}", percent(id))),
            }
        })
        .collect()
}

impl Words {
    fn own(text: String) -> Words {
        Words { text, lang: None }
    }
}

impl View<'_> {
    /// The text in the page's language, else the process's, else any that there is.
    fn words(&self, text: &Localised) -> Option<Words> {
        let own = self.language.code();
        let wanted: Vec<&str> = [Some(own), self.default_language].into_iter().flatten().collect();
        text.pick(&wanted).map(|(code, text)| Words {
            text: text.to_owned(),
            lang: (crate::localised::primary(code) != own).then(|| code.replace('_', "-")),
        })
    }

    /// The error that stands at a field.
    fn error_of(&self, id: &str) -> Option<&FieldError> {
        self.errors.iter().find(|error| {
            error.field.as_deref() == Some(id) || self.passcode_at_fault(error) == Some(id)
        })
    }

    /// The passcode field, when the error is the passcode's and names no field.
    fn passcode_at_fault(&self, error: &FieldError) -> Option<&'static str> {
        let of_passcode = matches!(
            error.rule.as_str(),
            FieldError::PASSCODE
                | FieldError::PASSCODE_NOT_ACCEPTED
                | FieldError::PASSCODE_USED_BEFORE
                | FieldError::PASSCODE_GUESSED_FIRST
                | FieldError::PASSCODE_TOO_COMMON
        ) && error.field.as_deref().is_none_or(|field| field == PASSCODE_FIELD);
        (self.passcode.is_some() && of_passcode).then_some(PASSCODE_FIELD)
    }
}

/// The purpose of a field as HTML's `autocomplete` names it: the form's own word, else what its id or kind says.
fn purpose(id: &str, entry: &Entry, own: Option<&str>, signs_in: bool) -> Option<&'static str> {
    if let Some(own) = own {
        return crate::read::PURPOSES.iter().find(|purpose| **purpose == own).copied();
    }
    let id: String = id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let by_id = match id.as_str() {
        "username" | "userid" | "login" => Some("username"),
        "name" | "fullname" => Some("name"),
        "firstname" | "givenname" => Some("given-name"),
        "middlename" => Some("additional-name"),
        "lastname" | "familyname" | "surname" => Some("family-name"),
        "email" | "emailaddress" | "mail" => Some("email"),
        "phone" | "phonenumber" | "mobile" | "mobilenumber" => Some("tel"),
        "company" | "organization" | "organisation" => Some("organization"),
        "streetaddress" | "addressstreetaddress" => Some("street-address"),
        "city" | "town" => Some("address-level2"),
        "state" | "province" => Some("address-level1"),
        "postalcode" | "postcode" | "zip" | "zipcode" => Some("postal-code"),
        "country" => Some("country-name"),
        "dateofbirth" | "birthdate" | "birthday" => Some("bday"),
        "otp" | "submittedcode" | "onetimecode" | "onetimepassword" => Some("one-time-code"),
        _ => None,
    };
    match (by_id, entry) {
        // Beside a passcode or a passkey an address is what the user signs in with.
        (Some("email") | None, Entry::Email) => Some(if signs_in { "username" } else { "email" }),
        (None, Entry::Phone { .. }) => Some("tel"),
        // Nobody's stored password belongs into a field of unknown purpose.
        (None, Entry::Password) => Some("new-password"),
        (by_id, _) => by_id,
    }
}

/// A text inside the fragment of an address (RFC 3986, section 2.1).
fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
