//! The form: a heading, components in order, and a button.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Map, Value};

use crate::component::{Body, Component, Entry};
use crate::error::FieldError;
use crate::localised::Localised;
use crate::{fill, read, validate, write};

/// The id of the component that a passcode activity takes for the passcode; its value never leaves the page.
pub const PASSCODE_FIELD: &str = "passcode";
/// The id of the field that holds the present passcode while a new one is chosen.
pub const CURRENT_PASSCODE_FIELD: &str = "currentPasscode";

/// A custom data form.
///
/// It is read from and written as the documented JSON; [`Form::parse`] refuses with every flaw at once. Deserializing is
/// for a form that is kept after it was filled in, and takes whatever its texts have come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    pub(crate) title: Localised,
    pub(crate) subtitle: Localised,
    pub(crate) components: Vec<Component>,
    pub(crate) submit_button: Localised,
}

/// One thing that is wrong with the JSON of a form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FormFlaw {
    /// Where, as a JSON path: `$.components[0].id`.
    pub at: String,
    /// What is wrong, as a lower-case clause.
    pub message: String,
}

impl fmt::Display for FormFlaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.at, self.message)
    }
}

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn parse(json: &str) -> Result<Form, Vec<FormFlaw>> {
        read::text(json)
    }

    /// The heading.
    pub fn title(&self) -> &Localised {
        &self.title
    }

    /// What stands under the heading; may be blank.
    pub fn subtitle(&self) -> &Localised {
        &self.subtitle
    }

    /// The words on the button; blank means the page's own.
    pub fn submit_button(&self) -> &Localised {
        &self.submit_button
    }

    /// All components, in the order in which they are shown.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The components that are filled in.
    pub fn fields(&self) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(|component| component.field().is_some())
    }

    /// The ids of the fields whose values are not kept after the instance has ended.
    pub fn transient_ids(&self) -> impl Iterator<Item = &str> {
        self.components
            .iter()
            .filter(|component| component.field().is_some_and(|field| field.transient))
            .map(|component| component.id.as_str())
    }

    /// The field that holds the passcode in a passcode activity: a text or password with the id `passcode`.
    pub fn passcode_field(&self) -> Option<&Component> {
        self.fields().find(|component| {
            component.id == PASSCODE_FIELD
                && component
                    .field()
                    .is_some_and(|field| matches!(field.entry, Entry::Text | Entry::Password))
        })
    }

    /// The same form without the field of this id, which `accept` then refuses as unknown.
    pub fn without(&self, id: &str) -> Form {
        let mut form = self.clone();
        form.components.retain(|component| component.field().is_none() || component.id != id);
        form
    }

    /// The same form with every field read only.
    pub fn as_read_only(&self) -> Form {
        let mut form = self.clone();
        for component in &mut form.components {
            if let Body::Field(field) = &mut component.body {
                field.read_only = true;
            }
        }
        form
    }

    /// The same form with `{{processvar.…}}` replaced by the process variables; what is missing becomes empty.
    pub fn filled(&self, variables: &Map<String, Value>) -> Form {
        fill::form(self, variables)
    }

    /// Checks what was filled in and gives each value the type of its component.
    ///
    /// Texts as a browser posts them and typed JSON are both taken.
    /// The answer has every field: a text `""`, a check box `false`, anything else `null` when it was left empty,
    /// and a read-only field its default whatever was submitted.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form; ids that the form does not have come last.
    pub fn accept(
        &self,
        submitted: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Vec<FieldError>> {
        validate::accept(self, submitted)
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write::form(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Form, D::Error> {
        let json = Value::deserialize(deserializer)?;
        read::filled(&json).map_err(|flaws| {
            let flaws: Vec<String> = flaws.iter().map(FormFlaw::to_string).collect();
            D::Error::custom(flaws.join("; "))
        })
    }
}
