//! What users prove themselves with.

mod fields;
pub(crate) mod passcode;
pub(crate) mod passkey;
mod srp;
mod standing;

#[cfg(test)]
pub(crate) use srp::client;
