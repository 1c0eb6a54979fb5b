//! Attestation: what an authenticator says of a new passkey, and of its own make (Web Authentication section 6.5).

use std::collections::BTreeMap;

use crypto_glue::traits::DecodeDer;
use crypto_glue::x509::Certificate;
use serde_cbor_2::Value;
use webauthn_rs_core::attestation::{
    FidoGenCeAaguid, assert_packed_attest_req, validate_extension,
};
use webauthn_rs_core::crypto::verify_signature;
use webauthn_rs_core::internals::AuthenticatorData;
use webauthn_rs_core::proto::{AttestationFormat, COSEKey, Registration};

use super::fault::PasskeyFault;
use super::verification::fault;
use super::{key, tpm};

/// The most certificates of one statement.
const MOST: usize = 10;

/// A new passkey as its authenticator describes it (section 6.5.4).
pub(super) struct Attested {
    pub(super) format: String,
    pub(super) key: COSEKey,
    pub(super) aaguid: [u8; 16],
    pub(super) id: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    statement: BTreeMap<Value, Value>,
}

impl Attested {
    /// Reads an attestation object.
    pub(super) fn read(object: &[u8]) -> Result<Attested, PasskeyFault> {
        let unreadable = || PasskeyFault::unverified("the attestation object cannot be read");
        let object = serde_cbor_2::from_slice(object).map_err(|_| unreadable())?;
        let Value::Map(mut members) = object else { return Err(unreadable()) };
        let mut take = |name: &str| members.remove(&Value::Text(name.to_owned()));
        let (format, statement, data) = (take("fmt"), take("attStmt"), take("authData"));
        let (
            Some(Value::Text(format)),
            Some(Value::Map(statement)),
            Some(Value::Bytes(authenticator_data)),
        ) = (format, statement, data)
        else {
            return Err(unreadable());
        };
        // Nobody verifies what stands beside a statement that says nothing (section 8.7).
        if format == "none" && !statement.is_empty() {
            return Err(unreadable());
        }
        let data = AuthenticatorData::<Registration>::try_from(&authenticator_data[..]);
        let credential = data.map_err(fault)?.acd.ok_or_else(unreadable)?;
        let key = key::read(&credential.credential_pk)?;
        let (aaguid, id) = (credential.aaguid, credential.credential_id);
        Ok(Attested { format, key, aaguid, id, authenticator_data, statement })
    }

    /// A member of the statement.
    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        self.statement.get(&Value::Text(name.to_owned()))
    }

    /// A member of the statement that is bytes.
    pub(super) fn bytes(&self, name: &str) -> Result<&[u8], PasskeyFault> {
        match self.member(name) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(PasskeyFault::unverified(&format!("the attestation statement has no {name}"))),
        }
    }

    /// The certificates of the statement, the authenticator's first. There are none if the authenticator says nothing,
    /// or vouches for itself.
    pub(super) fn certificates(&self) -> Result<Vec<Certificate>, PasskeyFault> {
        let unreadable = || PasskeyFault::unverified("the certificates of the statement");
        match self.member("x5c") {
            None => Ok(Vec::new()),
            Some(Value::Array(chain)) if (1..=MOST).contains(&chain.len()) => {
                let read = |one: &Value| match one {
                    Value::Bytes(der) => Certificate::from_der(der).map_err(|_| unreadable()),
                    _ => Err(unreadable()),
                };
                chain.iter().map(read).collect()
            }
            Some(_) => Err(unreadable()),
        }
    }

    /// Verifies a statement of a format that webauthn-rs-core does not read for this key, over what the authenticator
    /// signed: its data and the digest of the client's (sections 8.2, 8.3 and 8.7).
    pub(super) fn verify(&self, signed: &[u8]) -> Result<AttestationFormat, PasskeyFault> {
        match self.format.as_str() {
            "none" => Ok(AttestationFormat::None),
            "packed" => self.verify_packed(signed).map(|()| AttestationFormat::Packed),
            "tpm" => tpm::verify(self, signed).map(|()| AttestationFormat::Tpm),
            format => {
                let why = format!("no {format} statement is read for a key of this algorithm");
                Err(PasskeyFault::AttestationNotAccepted(why))
            }
        }
    }

    fn verify_packed(&self, signed: &[u8]) -> Result<(), PasskeyFault> {
        let signature = self.bytes("sig")?;
        let valid = match self.certificates()?.first() {
            None => {
                let algorithm = Value::Integer(self.key.type_ as i128);
                self.member("alg") == Some(&algorithm)
                    && key::verifies(&self.key, signed, signature)
            }
            Some(certificate) => {
                assert_packed_attest_req(certificate).map_err(fault)?;
                self.check_model(certificate)?;
                verify_signature(certificate, signature, signed).map_err(fault)?
            }
        };
        if valid { Ok(()) } else { Err(PasskeyFault::unverified("the attestation")) }
    }

    /// Checks that a certificate which says for what model it is says this one (section 8.2.1).
    pub(super) fn check_model(&self, certificate: &Certificate) -> Result<(), PasskeyFault> {
        validate_extension::<FidoGenCeAaguid>(certificate, &self.aaguid).map_err(fault).map(|_| ())
    }
}
