//! Custom data forms: showing one, and taking what was filled in.

mod custom_data_form;

pub(crate) use custom_data_form::CustomDataForm;
use forms::{Entry, FieldError, Form, FormFlaw, PASSCODE_FIELD};
use serde_json::{Map, Value};

use crate::{Context, FormPart, Lasting};

/// The parameter by which an activity names the form that it shows.
pub const FORM_NAME: &str = "dataFormName";
/// The parameter that says which version of it is shown.
pub const FORM_VERSION: &str = "dataFormVersion";

/// The version that is shown when the definition names none.
pub fn first_version() -> u32 {
    1
}

/// Finds a deployed form and fills it for this instance. Errors: there is none of that name and version.
pub(crate) async fn show(
    context: &mut Context<'_>,
    name: &str,
    version: u32,
    data_key: &str,
) -> Result<FormPart, anyhow::Error> {
    let form = context.ports.form(context.work, name, Some(version)).await?;
    let form = form.ok_or_else(|| {
        Lasting(format!(
            "there is no deployed form `{name}` of version {version}; deploy it, then retry"
        ))
    })?;
    Ok(part(name, version, data_key, form.filled(context.variables)))
}

/// Reads a form that a definition holds, its expressions evaluated. Nothing more is filled in: a text that came from a
/// variable stays that text. Errors: it cannot be read.
pub(crate) fn written(form: Map<String, Value>, data_key: &str) -> Result<FormPart, anyhow::Error> {
    let form = Form::evaluated(&Value::Object(form)).map_err(|flaws| {
        let flaws: Vec<String> = flaws.iter().map(FormFlaw::to_string).collect();
        Lasting(format!("the data form cannot be read: {}", flaws.join("; ")))
    })?;
    Ok(part(data_key, first_version(), data_key, form))
}

fn part(name: &str, version: u32, data_key: &str, form: Form) -> FormPart {
    FormPart {
        name: name.to_owned(),
        version,
        data_key: data_key.to_owned(),
        form,
        read_only: false,
        hide_buttons: false,
    }
}

/// What was filled in and was right.
pub(crate) struct Accepted {
    /// What is kept as it is.
    pub(crate) kept: Map<String, Value>,
    /// The texts of transient fields, by field: they are kept sealed, or not at all.
    pub(crate) transient: Vec<(String, String)>,
}

/// Checks what was filled in and drops passwords of any sort.
///
/// Errors: what is wrong with it, field by field.
pub(crate) fn accept(form: &Form, data: &Map<String, Value>) -> Result<Accepted, Vec<FieldError>> {
    let mut kept = form.accept(data)?;
    for id in password_ids(form) {
        kept.remove(id);
    }
    let taken = form.transient_ids().filter_map(|id| Some((id.to_owned(), kept.remove(id)?)));
    let mut transient = Vec::new();
    for (id, value) in taken {
        match value {
            Value::String(text) if !text.is_empty() => transient.push((id, text)),
            _ => {}
        }
    }
    Ok(Accepted { kept, transient })
}

/// The same for a form whose passcode stays in the page: a value sent for it is refused, and so is one for any other
/// password on it, because that is where a passcode is repeated.
pub(crate) fn accept_beside_passcode(
    form: &Form,
    data: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<FieldError>> {
    let (mut form, mut data) = (form.clone(), data.clone());
    let mut sent = Vec::new();
    let secret: Vec<String> =
        password_ids(&form).chain([PASSCODE_FIELD]).map(str::to_owned).collect();
    for id in secret {
        form = form.without(&id);
        if data.remove(&id).is_some_and(|value| !is_blank(&value)) {
            sent.push(FieldError::new(FieldError::PASSCODE).of(id));
        }
    }
    match accept(&form, &data) {
        Ok(accepted) if sent.is_empty() => Ok(accepted.kept),
        Ok(_) => Err(sent),
        Err(others) => Err(sent.into_iter().chain(others).collect()),
    }
}

fn password_ids(form: &Form) -> impl Iterator<Item = &str> {
    let passwords = form
        .fields()
        .filter(|one| one.field().is_some_and(|field| matches!(field.entry, Entry::Password)));
    passwords.map(|one| one.id.as_str())
}

/// A page without scripts sends a field that it was not to send as an empty text.
pub(crate) fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}
