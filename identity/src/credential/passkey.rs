//! Passkeys: Web Authentication Level 3, each ceremony in two halves.
//!
//! A ceremony starts with the options that the browser's `navigator.credentials` takes and ends with the credential
//! that it gives. What has to be remembered in between is either a sealed row that is named by a session id, or a
//! sealed object that the caller keeps and sends back (`sessionManagementExternal`); each can be used once.
//!
//! Type, challenge, origin and owner are checked here, because each has a public code of its own; authenticator
//! data, attestation statements and signatures are examined by webauthn-rs-core. It knows ES256, ES384 and RS256 with
//! a modulus of 2048 bits; Ed25519, Ed448 and P-521 are not offered to authenticators and refused when one uses them
//! nevertheless. Of attestation statements it refuses those of TPMs with keys on elliptic curves.

mod authentication;
mod ceremony;
mod client;
mod decoy;
mod fault;
mod policy;
mod record;
mod registered;
mod registration;
mod relying_party;
mod secret;
mod verification;

pub use authentication::{PasskeyAuthentication, PasskeyVerdict};
pub use ceremony::PasskeySession;
pub use client::{ClientFailure, ClientOutcome, PasskeyAnswer};
pub use fault::PasskeyFault;
pub use policy::{
    Attestation, KeyTypes, PasskeyAuthenticationPolicy, PasskeyRegistrationPolicy, Preference,
};
pub use record::PasskeyRegistrationRecord;
pub use registered::{PasskeyChange, PasskeyStatus, PasskeySummary};
pub use registration::{NewPasskey, PasskeyOwner, PasskeyRegistered, PasskeyRegistration};
pub use relying_party::{NewPasskeyConfig, PasskeyConfig};

#[cfg(test)]
mod tests;
