//! TOTP: one-time codes of an authenticator app (RFC 6238), registered once and used once each.
//!
//! A registration makes a secret and is `PENDING` until the app's first good code; then it is `ACTIVE`. Algorithm,
//! digits and period are written into the app, so they stay as they were when the policy changes later. Each time
//! step is good for one code: the row keeps the last step that was accepted, in the same commit as the acceptance.

mod code;
mod imported;
mod policy;
mod provisioning;
mod registered;
mod registration;
mod verification;

pub use code::TotpAlgorithm;
pub use policy::TotpPolicy;
pub(crate) use registered::TOTPS;
pub use registered::{TotpStatus, TotpSummary};
pub use registration::TotpRegistration;

#[cfg(test)]
mod tests;
