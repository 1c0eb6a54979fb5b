//! What authenticators say and sign: attestation statements as webauthn-rs-core examines them, and uses with its parser.

use data_encoding::BASE64URL_NOPAD;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;
use url::Url;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::internals::AuthenticatorData;
use webauthn_rs_core::proto::{
    Authentication, AuthenticatorAttestationResponseRaw, Ceremony, Credential,
    RegisterPublicKeyCredential,
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

    /// Examines the use of a passkey (section 7.2), which its key `signed` or did not.
    pub(super) fn assertion(
        &self,
        assertion: &Assertion,
        signed: bool,
        credential: &Credential,
    ) -> Result<Seen, PasskeyFault> {
        if !signed {
            return Err(PasskeyFault::unverified("the signature is not the passkey's"));
        }
        let bytes = &assertion.authenticator_data;
        let data = AuthenticatorData::<Authentication>::try_from(&bytes[..]).map_err(fault)?;
        self.check_flags(bytes, &data)?;
        if data.backup_eligible != credential.backup_eligible {
            let why = "whether the passkey can be backed up has changed";
            return Err(PasskeyFault::unverified(why));
        }
        if (data.counter, credential.counter) != (0, 0) && data.counter <= credential.counter {
            return Err(PasskeyFault::Cloned);
        }
        Ok(Seen {
            user_verified: data.user_verified,
            backup_state: data.backup_state,
            counter: data.counter,
        })
    }

    /// Checks for which relying party it was signed, and what is said of the person and of copies.
    pub(super) fn check_flags<T: Ceremony>(
        &self,
        bytes: &[u8],
        data: &AuthenticatorData<T>,
    ) -> Result<(), PasskeyFault> {
        if !bytes.starts_with(&Sha256::digest(self.rp_id)) {
            return Err(PasskeyFault::unverified("it was signed for another relying party"));
        }
        if !data.user_present {
            return Err(PasskeyFault::unverified("nobody was present"));
        }
        if self.user_verification == Preference::Required && !data.user_verified {
            return Err(PasskeyFault::UserNotVerified);
        }
        if data.backup_state && !data.backup_eligible {
            return Err(PasskeyFault::unverified("the passkey is backed up and cannot be"));
        }
        Ok(())
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
