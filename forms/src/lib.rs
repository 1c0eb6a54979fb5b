//! What people fill in: custom data forms, their rules, their languages and their HTML.

mod component;
mod error;
mod fill;
mod form;
mod localised;
mod object;
mod read;
mod validate;
mod write;

pub use component::{Body, Choice, Component, DateFormat, Entry, Field, Mood, Shown, Validate};
pub use error::FieldError;
pub use form::{Form, FormFlaw, PASSCODE_FIELD};
pub use localised::Localised;
