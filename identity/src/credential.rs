//! What users prove themselves with.

pub(crate) mod fields;
pub(crate) mod kept;
pub(crate) mod outcome;
pub(crate) mod passcode;
pub(crate) mod passkey;
mod policies;
pub(crate) mod recovery;
mod srp;
mod standing;
pub(crate) mod totp;

#[cfg(test)]
pub(crate) use srp::client;
