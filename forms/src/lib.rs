//! What people fill in: custom data forms, their rules, their languages and their HTML.

mod component;
mod error;
mod fill;
mod form;
mod inline;
mod language;
pub mod library;
mod localised;
mod object;
mod passcode;
mod read;
mod render;
mod sealed;
mod validate;
mod write;

pub use component::{Body, Choice, Component, DateFormat, Entry, Field, Mood, Shown, Validate};
pub use error::FieldError;
pub use form::{CURRENT_PASSCODE_FIELD, Form, FormFlaw, PASSCODE_FIELD};
pub use language::{Direction, Language};
pub use localised::Localised;
pub use passcode::{Ceremony, PasscodePattern, PasscodeRules};
pub use render::{
    Heading, PasscodeView, RenderError, SummaryLine, View, Words, asks_user_name, heading,
    image_origins, qr_code_svg, render, summary,
};
pub use sealed::{NotSealed, SealedText};
