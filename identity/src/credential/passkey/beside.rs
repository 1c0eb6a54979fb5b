//! Passkeys that webauthn-rs-core cannot verify, by their keys or because a TPM attests them: the same steps, with its
//! parsers.

use sha2::{Digest, Sha256};
use webauthn_rs_core::internals::AuthenticatorData;
use webauthn_rs_core::proto::{
    Authentication, Ceremony, Credential, ParsedAttestation, RegisteredExtensions, Registration,
    UserVerificationPolicy,
};

use super::attestation::Attested;
use super::client::{Assertion, Creation};
use super::fault::PasskeyFault;
use super::policy::Preference;
use super::verification::{Examination, Seen, fault};

/// Examines a new passkey (section 7.1).
pub(super) fn creation(
    examination: &Examination<'_>,
    creation: &Creation,
    attested: &Attested,
) -> Result<Credential, PasskeyFault> {
    let bytes = &attested.authenticator_data;
    let data = AuthenticatorData::<Registration>::try_from(&bytes[..]).map_err(fault)?;
    check_flags(examination, bytes, &data)?;
    let signed = [&bytes[..], &Sha256::digest(&creation.client_data)].concat();
    let attestation_format = attested.verify(&signed)?;
    Ok(Credential {
        cred_id: attested.id.clone(),
        cred: attested.key.clone(),
        counter: data.counter,
        transports: None,
        user_verified: data.user_verified,
        backup_eligible: data.backup_eligible,
        backup_state: data.backup_state,
        registration_policy: UserVerificationPolicy::Preferred,
        extensions: RegisteredExtensions::none(),
        attestation: ParsedAttestation::default(),
        attestation_format,
    })
}

/// Examines the use of a passkey (section 7.2).
pub(super) fn assertion(
    examination: &Examination<'_>,
    assertion: &Assertion,
    credential: &Credential,
) -> Result<Seen, PasskeyFault> {
    let bytes = &assertion.authenticator_data;
    let data = AuthenticatorData::<Authentication>::try_from(&bytes[..]).map_err(fault)?;
    check_flags(examination, bytes, &data)?;
    if data.backup_eligible != credential.backup_eligible {
        return Err(PasskeyFault::unverified("whether the passkey can be backed up has changed"));
    }
    if !assertion.is_signed_by(&credential.cred) {
        return Err(PasskeyFault::unverified("the signature"));
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
fn check_flags<T: Ceremony>(
    examination: &Examination<'_>,
    bytes: &[u8],
    data: &AuthenticatorData<T>,
) -> Result<(), PasskeyFault> {
    if !bytes.starts_with(&Sha256::digest(examination.rp_id)) {
        return Err(PasskeyFault::unverified("it was signed for another relying party"));
    }
    if !data.user_present {
        return Err(PasskeyFault::unverified("nobody was present"));
    }
    if examination.user_verification == Preference::Required && !data.user_verified {
        return Err(PasskeyFault::UserNotVerified);
    }
    if data.backup_state && !data.backup_eligible {
        return Err(PasskeyFault::unverified("the passkey is backed up and cannot be"));
    }
    Ok(())
}
