//! A maker of authenticators: an authority, and the certificates that it issues.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use crypto_glue::der::asn1::OctetString;
use crypto_glue::spki::SubjectPublicKeyInfoRef;
use crypto_glue::traits::{EncodeDer, EncodePem, LineEndingPem, ToExtension};
use crypto_glue::x509::profile::BuilderProfile;
use crypto_glue::x509::{
    BasicConstraints, Builder, CertBuilderError, Certificate, CertificateBuilder, Extension,
    KeyUsage, KeyUsages, Name, ObjectIdentifier, SerialNumber, SubjectPublicKeyInfoOwned,
    TbsCertificate, Time, Validity,
};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};

/// `id-fido-gen-ce-aaguid`.
const MODEL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.4");
/// The day of the tests' clock.
const TODAY: Duration = Duration::from_secs(20_124 * 24 * 3600);

/// A key with its certificate.
#[derive(Clone)]
pub(super) struct Holder {
    key: SigningKey,
    certificate: Certificate,
}

/// What a certificate says beside whose it is.
#[derive(Clone, Copy)]
pub(super) struct Says {
    pub(super) authority: bool,
    /// From when to when it is valid, in days from that of the tests.
    pub(super) days: (i32, i32),
    pub(super) model: Option<[u8; 16]>,
}

pub(super) const AUTHORITY: Says = Says { authority: true, days: (-1000, 1000), model: None };
pub(super) const AUTHENTICATOR: Says = Says { authority: false, ..AUTHORITY };
/// What the certificate of an authenticator calls it (section 8.2.1).
const SUBJECT: &str = "CN=Key,OU=Authenticator Attestation,O=Maker,C=AA";

impl Holder {
    /// An authority that nobody certifies but itself.
    pub(super) fn root(name: &str, seed: u8) -> Holder {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        let certificate = certify(&key, name, name, &key, AUTHORITY);
        Holder { key, certificate }
    }

    /// An authority below this one.
    pub(super) fn authority(&self, name: &str, seed: u8) -> Holder {
        self.issue(name, seed, AUTHORITY)
    }

    /// What an authenticator has.
    pub(super) fn authenticator(&self, seed: u8, says: Says) -> Holder {
        self.issue(SUBJECT, seed, says)
    }

    pub(super) fn issue(&self, subject: &str, seed: u8, says: Says) -> Holder {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        let issuer = self.certificate.tbs_certificate().subject().to_string();
        let certificate = certify(&self.key, &issuer, subject, &key, says);
        Holder { key, certificate }
    }

    pub(super) fn pem(&self) -> String {
        self.certificate.to_pem(LineEndingPem::LF).unwrap()
    }

    pub(super) fn der(&self) -> Vec<u8> {
        self.certificate.to_der().unwrap()
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.key.sign(bytes);
        signature.as_bytes().to_vec()
    }
}

fn certify(
    by: &SigningKey,
    issuer: &str,
    subject: &str,
    key: &SigningKey,
    says: Says,
) -> Certificate {
    let profile = Profile {
        issuer: Name::from_str(issuer).unwrap(),
        subject: Name::from_str(subject).unwrap(),
        says,
    };
    let at = |days: i32| {
        let today = SystemTime::UNIX_EPOCH + TODAY;
        let distance = Duration::from_secs(24 * 3600) * days.unsigned_abs();
        let time = if days < 0 { today - distance } else { today + distance };
        Time::try_from(time).unwrap()
    };
    let validity = Validity::new(at(says.days.0), at(says.days.1));
    let public = SubjectPublicKeyInfoOwned::from_key(key.verifying_key()).unwrap();
    let serial = SerialNumber::new(&[7]).unwrap();
    let builder = CertificateBuilder::new(profile, serial, validity, public).unwrap();
    builder.build::<_, DerSignature>(by).unwrap()
}

struct Profile {
    issuer: Name,
    subject: Name,
    says: Says,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> Result<Vec<Extension>, CertBuilderError> {
        let Says { authority, model, .. } = self.says;
        let usage = if authority { KeyUsages::KeyCertSign } else { KeyUsages::DigitalSignature };
        let constraints = BasicConstraints { ca: authority, path_len_constraint: None };
        let mut extensions = vec![
            constraints.to_extension(&self.subject, &[])?,
            KeyUsage(usage.into()).to_extension(&self.subject, &[])?,
        ];
        if let Some(model) = model {
            let value = OctetString::new(OctetString::new(model)?.to_der()?)?;
            extensions.push(Extension { extn_id: MODEL, critical: false, extn_value: value });
        }
        Ok(extensions)
    }
}
