//! Passkeys: Web Authentication Level 3, each ceremony in two halves.
//!
//! A ceremony starts with the options that the browser's `navigator.credentials` takes and ends with the credential
//! that it gives. What has to be remembered in between is either a sealed row that is named by a session id, or a
//! sealed object that the caller keeps and sends back (`sessionManagementExternal`); each can be used once.
//!
//! Type, challenge, origin and owner are checked here, because each has a public code of its own. New passkeys are
//! examined by webauthn-rs-core with their attestation statements, for P-256 (ES256), P-384 (ES384) and RSA of 2048 bits
//! (RS256). Ed25519 (EdDSA), P-521 (ES512) and RSA of up to 8192 bits are examined beside it, with attestation statements
//! `none`, `packed` and `tpm`. Uses are verified by aws-lc-rs, whatever the key is: once if they are right, and else as
//! often for everybody (`key_of_nobody.rs`).
//!
//! A statement has to be right in itself; whoever made it is believed only if the registration policy names them or
//! their authority (`trust.rs`).
//!
//! Refused by policy: keys of other algorithms, such as Ed448, which neither of the two knows (code 421); attestation
//! statements of SafetyNet, which its maker switched off; `android-key` statements whose certificate does not say that
//! the key was made on the device and is for signing (Web Authentication section 8.4; code 414); pages inside pages of
//! another site (code 411).

mod attestation;
mod authentication;
mod beside;
mod ceremony;
mod client;
mod decoy;
mod fault;
mod imported;
mod key;
mod key_of_nobody;
mod newest;
mod policy;
mod record;
mod registered;
mod registration;
mod related;
mod relying_party;
mod reported;
mod secret;
mod stand_in;
mod tpm;
mod trust;
mod verification;

pub use authentication::PasskeyVerdict;
pub use ceremony::{PasskeySession, PasskeyStart};
pub use client::{ClientFailure, ClientOutcome, PasskeyAnswer};
pub use fault::PasskeyFault;
pub use policy::{
    Attestation, KeyTypes, PasskeyAuthenticationPolicy, PasskeyRegistrationPolicy, Preference,
};
pub use record::PasskeyRegistrationRecord;
pub use registered::{PasskeyChange, PasskeyStatus, PasskeySummary};
pub use registration::{NewPasskey, PasskeyOwner, PasskeyRegistered};
pub use relying_party::{NewPasskeyConfig, PasskeyConfig};
pub use trust::TrustAnchor;

#[cfg(test)]
mod tests;
