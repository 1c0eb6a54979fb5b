//! Trust in what authenticators say of their make: the authorities that a policy names, and the way back to one.

use std::time::SystemTime;

use crypto_glue::traits::DecodeDer;
use crypto_glue::x509::{Certificate, X509Store, X509VerificationError};
use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attestation::Attested;
use super::fault::PasskeyFault;
use super::policy::{Attestation, FORMATS, PasskeyRegistrationPolicy};

/// The most trust anchors of a policy, and models of one of them.
const MOST: usize = 100;
/// The line before a certificate in PEM.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// Somebody who is believed what their certificates say of authenticators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrustAnchor {
    /// A certificate in PEM: that of an authority, or of the authenticators themselves.
    pub certificate: String,
    /// The models that are accepted of this authority, by their AAGUIDs, such as
    /// `ee882879-721c-4913-9775-3dfcce97072a`; all of them if there are none here. Only `packed` statements prove of
    /// what model an authenticator is, so that others are refused where there are some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aaguids: Vec<String>,
}

impl TrustAnchor {
    /// Reads the certificate, whatever stands around it and however long its lines are.
    fn certificate(&self) -> Option<Certificate> {
        let (_, text) = self.certificate.split_once(BEGIN)?;
        let (text, after) = text.split_once("-----END CERTIFICATE-----")?;
        let text: String = text.split_whitespace().collect();
        let der = BASE64.decode(text.as_bytes()).ok()?;
        if after.contains(BEGIN) { None } else { Certificate::from_der(&der).ok() }
    }

    /// Checks that a chain of certificates, the authenticator's first, goes back to this anchor.
    fn check(&self, chain: &[Certificate], now: SystemTime) -> Result<(), X509VerificationError> {
        let anchor = self.certificate().ok_or(X509VerificationError::NoMatchingIssuer)?;
        // Whoever is behind the anchor need not be believed.
        let length = chain.iter().position(|one| are_one(one, &anchor)).unwrap_or(chain.len());
        let Some((leaf, between)) = chain[..length].split_first() else {
            return check_time(&anchor, now);
        };
        let mut store = X509Store::new(&[anchor]);
        // Certificates of U2F and Android keys do not say that they are nobody's authority.
        store.leaf_basic_constraints_required(false);
        store.verify(leaf, between, now).map(|_| ())
    }

    fn check_model(&self, attested: &Attested) -> Result<(), String> {
        let model = aaguid(&attested.aaguid);
        if self.aaguids.is_empty() || attested.format == "packed" && self.aaguids.contains(&model) {
            return Ok(());
        }
        Err(match attested.format.as_str() {
            "packed" => format!("the trust anchor is not accepted for the model {model}"),
            format => {
                format!("{format} statements prove no model, and the trust anchor is for some")
            }
        })
    }
}

impl PasskeyRegistrationPolicy {
    /// Checks that the policy accepts what an authenticator says of its make, in a statement that was verified.
    pub(super) fn check_attestation(
        &self,
        attested: &Attested,
        now: Timestamp,
    ) -> Result<(), PasskeyFault> {
        let format = &attested.format;
        if !self.attestation_formats.is_empty() && !self.attestation_formats.contains(format) {
            return Err(refused(format!("the policy has no format {format}")));
        }
        if self.attestation_trust_anchors.is_empty() {
            return Ok(());
        }
        let chain = attested.certificates()?;
        if chain.is_empty() {
            let why = "the policy asks for a maker's certificate, and the authenticator has none";
            return Err(refused(why.to_owned()));
        }
        let mut why = clause(X509VerificationError::NoMatchingIssuer);
        for anchor in &self.attestation_trust_anchors {
            match anchor.check(&chain, now.into()) {
                Ok(()) => match anchor.check_model(attested) {
                    Ok(()) => return Ok(()),
                    Err(model) => why = model,
                },
                Err(X509VerificationError::NoMatchingIssuer) => {}
                Err(error) => why = clause(error),
            }
        }
        Err(refused(why))
    }

    /// What makes no sense about attestation: the paths, which begin at the policy, and why.
    pub(super) fn flaws_of_attestation(&self) -> Vec<(String, &'static str)> {
        let mut flaws = Vec::new();
        let mut add = |broken: bool, path: String, why| flaws.extend(broken.then_some((path, why)));
        for (position, format) in self.attestation_formats.iter().enumerate() {
            let unknown = !FORMATS.contains(&format.as_str());
            add(unknown, format!("attestationFormats[{position}]"), "there is no such format");
        }
        let anchors = &self.attestation_trust_anchors;
        let unasked = !anchors.is_empty() && self.attestation == Attestation::None;
        let why = "browsers leave out what a trust anchor is for, unless it is INDIRECT or DIRECT";
        add(unasked, "attestation".to_owned(), why);
        let member = "attestationTrustAnchors";
        add(anchors.len() > MOST, member.to_owned(), "there are more than 100 trust anchors");
        for (position, anchor) in anchors.iter().enumerate() {
            let member = format!("{member}[{position}]");
            let why = "it is one certificate in PEM, from `-----BEGIN CERTIFICATE-----` on";
            add(anchor.certificate().is_none(), format!("{member}.certificate"), why);
            let many = anchor.aaguids.len() > MOST;
            add(many, format!("{member}.aaguids"), "there are more than 100 models");
            for (position, text) in anchor.aaguids.iter().enumerate() {
                let why = "an AAGUID is such as `ee882879-721c-4913-9775-3dfcce97072a`";
                add(!is_aaguid(text), format!("{member}.aaguids[{position}]"), why);
            }
        }
        flaws
    }
}

fn refused(why: String) -> PasskeyFault {
    PasskeyFault::AttestationNotAccepted(why)
}

/// Whether both certify the same key of the same name (RFC 5280 section 6.1.1): authorities renew their certificates.
fn are_one(one: &Certificate, other: &Certificate) -> bool {
    let (one, other) = (one.tbs_certificate(), other.tbs_certificate());
    one.subject() == other.subject()
        && one.subject_public_key_info() == other.subject_public_key_info()
}

fn check_time(certificate: &Certificate, now: SystemTime) -> Result<(), X509VerificationError> {
    let validity = certificate.tbs_certificate().validity();
    if now < validity.not_before.to_system_time() {
        return Err(X509VerificationError::NotBefore);
    }
    if now > validity.not_after.to_system_time() {
        return Err(X509VerificationError::NotAfter);
    }
    Ok(())
}

fn clause(error: X509VerificationError) -> String {
    let nobody = "its certificates do not go back to a trust anchor of the policy";
    match error {
        X509VerificationError::NotBefore => "one of its certificates is not valid yet".to_owned(),
        X509VerificationError::NotAfter => "one of its certificates has expired".to_owned(),
        X509VerificationError::NoMatchingIssuer
        | X509VerificationError::InvalidIssuer
        | X509VerificationError::SignatureVerificationFailed => nobody.to_owned(),
        other => format!("{nobody} ({other:?})"),
    }
}

/// A model of authenticators as it is usually written.
fn aaguid(bytes: &[u8; 16]) -> String {
    let hex = HEXLOWER.encode(bytes);
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    parts.join("-")
}

fn is_aaguid(text: &str) -> bool {
    let bytes = HEXLOWER.decode(text.replace('-', "").as_bytes()).ok();
    let bytes = bytes.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    bytes.is_some_and(|bytes| aaguid(&bytes) == text)
}
