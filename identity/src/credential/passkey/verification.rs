//! Authenticator data, attestation statements and signatures, as webauthn-rs-core examines them.

use data_encoding::BASE64URL_NOPAD;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{
    AuthenticatorAssertionResponseRaw, AuthenticatorAttestationResponseRaw, Credential,
    PublicKeyCredential, RegisterPublicKeyCredential, UserVerificationPolicy,
};

use super::attestation::Attested;
use super::beside;
use super::client::{Assertion, Creation};
use super::fault::PasskeyFault;
use super::key::{self, ALGORITHMS};
use super::policy::{FORMATS, Preference};

/// What an authenticator signed.
pub(super) struct Seen {
    pub(super) user_verified: bool,
    pub(super) backup_state: bool,
    pub(super) counter: u32,
}

/// What a ceremony is examined against.
pub(super) struct Examination<'a> {
    pub(super) rp_id: &'a str,
    /// The origin in the client data, which was checked before.
    pub(super) origin: Url,
    /// The challenge, base64url.
    pub(super) challenge: &'a str,
    pub(super) user_verification: Preference,
}

impl Examination<'_> {
    /// Examines a new passkey (section 7.1) of which this was read.
    pub(super) fn creation(
        &self,
        creation: &Creation,
        attested: &Attested,
    ) -> Result<Credential, PasskeyFault> {
        if !FORMATS.contains(&attested.format.as_str()) {
            let why = format!("no {} statements are read", attested.format);
            return Err(PasskeyFault::AttestationNotAccepted(why));
        }
        let made = if key::is_foreign(&attested.key) || attested.format == "tpm" {
            beside::creation(self, creation, attested)?
        } else {
            self.creation_by_library(creation)?
        };
        if made.cred_id.as_slice() != creation.id {
            return Err(PasskeyFault::unverified("the credential has another id"));
        }
        Ok(made)
    }

    fn creation_by_library(&self, creation: &Creation) -> Result<Credential, PasskeyFault> {
        let transports = serde_json::from_value(json!(creation.transports)).ok();
        let given = RegisterPublicKeyCredential {
            id: BASE64URL_NOPAD.encode(&creation.id),
            raw_id: creation.id.clone(),
            response: AuthenticatorAttestationResponseRaw {
                attestation_object: creation.attestation.clone(),
                client_data_json: creation.client_data.clone(),
                transports,
            },
            type_: "public-key".to_owned(),
            extensions: Default::default(),
        };
        let state = state(json!({
            "policy": self.user_verification.as_str(),
            "exclude_credentials": [],
            "challenge": self.challenge,
            "credential_algorithms": ALGORITHMS,
            "require_resident_key": false,
            "authenticator_attachment": null,
            "extensions": {},
            "allow_synchronised_authenticators": true,
        }))?;
        self.core().register_credential(&given, &state, None).map_err(fault)
    }

    /// Examines the use of a passkey (section 7.2).
    pub(super) fn assertion(
        &self,
        assertion: &Assertion,
        credential: &Credential,
    ) -> Result<Seen, PasskeyFault> {
        if key::is_foreign(&credential.cred) {
            return beside::assertion(self, assertion, credential);
        }
        let given = PublicKeyCredential {
            id: BASE64URL_NOPAD.encode(&assertion.id),
            raw_id: assertion.id.clone(),
            response: AuthenticatorAssertionResponseRaw {
                authenticator_data: assertion.authenticator_data.clone(),
                client_data_json: assertion.client_data.clone(),
                signature: assertion.signature.clone(),
                user_handle: assertion.user_handle.clone(),
            },
            extensions: Default::default(),
            type_: "public-key".to_owned(),
        };
        let state = state(json!({
            "credentials": [],
            "policy": self.user_verification.as_str(),
            "challenge": self.challenge,
            "appid": null,
            "allow_backup_eligible_upgrade": false,
        }))?;
        // What was asked for at the registration binds nobody here: the authentication policy says what is.
        let mut credential = credential.clone();
        credential.registration_policy = UserVerificationPolicy::Discouraged_DO_NOT_USE;
        let core = self.core();
        let seen = core.authenticate_single_credential(&given, &state, &credential);
        let seen = seen.map_err(fault)?;
        Ok(Seen {
            user_verified: seen.user_verified(),
            backup_state: seen.backup_state(),
            counter: seen.counter(),
        })
    }

    fn core(&self) -> WebauthnCore {
        let origins = vec![self.origin.clone()];
        let wait = Duration::from_secs(300);
        WebauthnCore::new_unsafe_experts_only(self.rp_id, self.rp_id, origins, wait, None, None)
    }
}

/// The state of a ceremony, as it would be after this library had started it.
fn state<S: DeserializeOwned>(state: Value) -> Result<S, PasskeyFault> {
    serde_json::from_value(state).map_err(|error| PasskeyFault::Unverified(error.to_string()))
}

/// What an error of webauthn-rs-core is called here.
pub(super) fn fault(error: WebauthnError) -> PasskeyFault {
    match error {
        WebauthnError::UserNotVerified => PasskeyFault::UserNotVerified,
        WebauthnError::CredentialPossibleCompromise => PasskeyFault::Cloned,
        // They can be read, and do not say what the standard has them say.
        WebauthnError::AttestationStatementX5CInvalid
        | WebauthnError::AttestationStatementMissingExtension
        | WebauthnError::AttestationCertificateRequirementsNotMet
        | WebauthnError::AttestationCertificateAAGUIDMismatch
        | WebauthnError::AttestationNotSupported => {
            PasskeyFault::AttestationNotAccepted(error.to_string())
        }
        other => PasskeyFault::Unverified(other.to_string()),
    }
}
