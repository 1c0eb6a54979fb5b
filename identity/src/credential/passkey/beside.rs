//! New passkeys that webauthn-rs-core cannot verify, by their keys or because a TPM attests them: the same steps, with
//! its parsers.

use sha2::{Digest, Sha256};
use webauthn_rs_core::internals::AuthenticatorData;
use webauthn_rs_core::proto::{
    Credential, ParsedAttestation, RegisteredExtensions, Registration, UserVerificationPolicy,
};

use super::attestation::Attested;
use super::client::Creation;
use super::fault::PasskeyFault;
use super::verification::{Examination, fault};

/// Examines a new passkey (section 7.1).
pub(super) fn creation(
    examination: &Examination<'_>,
    creation: &Creation,
    attested: &Attested,
) -> Result<Credential, PasskeyFault> {
    let bytes = &attested.authenticator_data;
    let data = AuthenticatorData::<Registration>::try_from(&bytes[..]).map_err(fault)?;
    examination.check_flags(bytes, &data)?;
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
