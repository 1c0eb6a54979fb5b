//! What users prove themselves with.

mod fields;
pub(crate) mod passcode;
mod srp;
