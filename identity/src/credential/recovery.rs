//! Recovery codes: shown once, for the day on which every other credential is lost; each is good once.
//!
//! A code has at least 80 random bits, so nobody can try them all and no slow hash is needed: the store keeps
//! SHA-256 of the set's identifier and the code, sealed. Making new codes replaces all earlier ones of the policy.

mod code;
mod imported;
mod policy;
mod registered;
mod verification;

pub use policy::RecoveryCodePolicy;
pub(crate) use registered::RECOVERY_CODES;
pub use registered::{RecoveryCodes, RecoveryCodesSummary};

#[cfg(test)]
mod tests;
