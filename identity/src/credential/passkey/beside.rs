//! Passkeys whose keys webauthn-rs-core cannot verify with: the same steps, with its parsers and checks of certificates.

use serde_cbor_2::Value;
use sha2::{Digest, Sha256};
use webauthn_rs_core::attestation::{
    FidoGenCeAaguid, assert_packed_attest_req, validate_extension,
};
use webauthn_rs_core::crypto::verify_signature;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::internals::AuthenticatorData;
use webauthn_rs_core::proto::{
    AttestationFormat, Authentication, COSEKey, Ceremony, Credential, ParsedAttestation,
    ParsedAttestationData, RegisteredExtensions, Registration, SerialisableAttestationData,
    UserVerificationPolicy,
};

use super::client::{Assertion, Creation};
use super::fault::PasskeyFault;
use super::key;
use super::policy::Preference;
use super::verification::{Examination, Seen};

fn unverified(why: &str) -> PasskeyFault {
    PasskeyFault::Unverified(why.to_owned())
}

fn refused(error: WebauthnError) -> PasskeyFault {
    PasskeyFault::Unverified(error.to_string())
}

/// A new passkey as its authenticator describes it (section 6.5.4).
pub(super) struct Attested {
    pub(super) format: String,
    pub(super) key: COSEKey,
    statement: Value,
    authenticator_data: Vec<u8>,
    aaguid: [u8; 16],
    id: Vec<u8>,
}

impl Attested {
    /// Reads an attestation object.
    pub(super) fn read(object: &[u8]) -> Result<Attested, PasskeyFault> {
        let unreadable = || unverified("the attestation object cannot be read");
        let object = serde_cbor_2::from_slice(object).map_err(|_| unreadable())?;
        let Value::Map(mut members) = object else { return Err(unreadable()) };
        let mut take = |name: &str| members.remove(&Value::Text(name.to_owned()));
        let (format, statement, data) = (take("fmt"), take("attStmt"), take("authData"));
        let (Some(Value::Text(format)), Some(statement), Some(Value::Bytes(authenticator_data))) =
            (format, statement, data)
        else {
            return Err(unreadable());
        };
        let data = AuthenticatorData::<Registration>::try_from(&authenticator_data[..]);
        let credential = data.map_err(refused)?.acd.ok_or_else(unreadable)?;
        let key = key::read(&credential.credential_pk)?;
        let (aaguid, id) = (credential.aaguid, credential.credential_id);
        Ok(Attested { format, key, statement, authenticator_data, aaguid, id })
    }

    /// Verifies the attestation statement over what the authenticator signed (sections 8.2 and 8.7).
    fn verify(&self, signed: &[u8]) -> Result<AttestationFormat, PasskeyFault> {
        let Value::Map(statement) = &self.statement else {
            return Err(unverified("the attestation statement cannot be read"));
        };
        let member = |name: &str| statement.get(&Value::Text(name.to_owned()));
        match self.format.as_str() {
            "none" if statement.is_empty() => return Ok(AttestationFormat::None),
            "packed" => {}
            format => {
                let why = format!("no {format} statement is read for a key of this algorithm");
                return Err(PasskeyFault::AttestationNotAccepted(why));
            }
        }
        let Some(Value::Bytes(signature)) = member("sig") else {
            return Err(unverified("the attestation statement has no signature"));
        };
        let valid = match member("x5c") {
            None => {
                let algorithm = Value::Integer(self.key.type_ as i128);
                member("alg") == Some(&algorithm) && key::verifies(&self.key, signed, signature)
            }
            Some(Value::Array(chain)) => {
                let der = |one: &Value| match one {
                    Value::Bytes(der) => Some(der.clone()),
                    _ => None,
                };
                let chain = chain.iter().map(der).collect::<Option<Vec<_>>>().unwrap_or_default();
                let chain = SerialisableAttestationData::Basic(chain);
                let chain = ParsedAttestationData::try_from(chain).map_err(refused)?;
                let certificate = match &chain {
                    ParsedAttestationData::Basic(chain) => chain.first(),
                    _ => None,
                };
                let none = || unverified("the attestation statement has no certificate");
                let certificate = certificate.ok_or_else(none)?;
                assert_packed_attest_req(certificate).map_err(refused)?;
                validate_extension::<FidoGenCeAaguid>(certificate, &self.aaguid)
                    .map_err(refused)?;
                verify_signature(certificate, signature, signed).map_err(refused)?
            }
            Some(_) => false,
        };
        if valid { Ok(AttestationFormat::Packed) } else { Err(unverified("the attestation")) }
    }
}

/// Examines a new passkey (section 7.1).
pub(super) fn creation(
    examination: &Examination<'_>,
    creation: &Creation,
    attested: Attested,
) -> Result<Credential, PasskeyFault> {
    let bytes = &attested.authenticator_data;
    let data = AuthenticatorData::<Registration>::try_from(&bytes[..]).map_err(refused)?;
    check_flags(examination, bytes, &data)?;
    let signed = [&bytes[..], &Sha256::digest(&creation.client_data)].concat();
    let attestation_format = attested.verify(&signed)?;
    Ok(Credential {
        cred_id: attested.id,
        cred: attested.key,
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
    let data = AuthenticatorData::<Authentication>::try_from(&bytes[..]).map_err(refused)?;
    check_flags(examination, bytes, &data)?;
    if data.backup_eligible != credential.backup_eligible {
        return Err(unverified("whether the passkey can be backed up has changed"));
    }
    if !assertion.is_signed_by(&credential.cred) {
        return Err(unverified("the signature"));
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
        return Err(unverified("it was signed for another relying party"));
    }
    if !data.user_present {
        return Err(unverified("nobody was present"));
    }
    if examination.user_verification == Preference::Required && !data.user_verified {
        return Err(PasskeyFault::UserNotVerified);
    }
    if data.backup_state && !data.backup_eligible {
        return Err(unverified("the passkey is backed up and cannot be"));
    }
    Ok(())
}
