//! Attestation statements of TPMs (Web Authentication section 8.3). webauthn-rs-core has no hash for them.

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ParsedPublicKey,
    RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
    VerificationAlgorithm,
};
use crypto_glue::traits::EncodeDer;
use crypto_glue::x509::{
    BasicConstraints, Certificate, ExtendedKeyUsage, GeneralName, ObjectIdentifier, SubjectAltName,
    Version,
};
use serde_cbor_2::Value;
use webauthn_rs_core::proto::{COSEKey, COSEKeyType, ECDSACurve};

use super::attestation::Attested;
use super::fault::PasskeyFault;

/// `TPM_GENERATED_VALUE`: a TPM made it, and nobody gave it to a TPM to be signed.
const GENERATED: u32 = 0xff54_4347;
/// `TPM_ST_ATTEST_CERTIFY`.
const CERTIFY: u16 = 0x8017;
/// `TPM_ALG_NULL`.
const NULL: u16 = 0x0010;
/// `tcg-kp-AIKCertificate`: the key signs what a TPM says of its other keys.
const ATTESTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.8.3");
/// Manufacturer, model and version of a TPM.
const MAKE: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("2.23.133.2.1"),
    ObjectIdentifier::new_unwrap("2.23.133.2.2"),
    ObjectIdentifier::new_unwrap("2.23.133.2.3"),
];

/// Verifies the statement over what the authenticator would have signed.
pub(super) fn verify(attested: &Attested, signed: &[u8]) -> Result<(), PasskeyFault> {
    let unverified = |why: &str| Err(PasskeyFault::unverified(why));
    if attested.member("ver") != Some(&Value::Text("2.0".to_owned())) {
        return unverified("the TPM is not of version 2.0");
    }
    let (info, area) = (attested.bytes("certInfo")?, attested.bytes("pubArea")?);
    if !is_of(area, &attested.key) {
        return unverified("the TPM speaks of another key");
    }
    let Some((hash, algorithm)) = attested.member("alg").and_then(algorithms) else {
        return unverified("the TPM signs with an unknown algorithm");
    };
    let Some(certified) = certified(info) else {
        return unverified("what the TPM signed cannot be read");
    };
    if certified.over != digest::digest(hash, signed).as_ref() {
        return unverified("the TPM signed for something else");
    }
    if name(area).as_deref() != Some(certified.name) {
        return unverified("the TPM certified another key");
    }
    let certificates = attested.certificates()?;
    let Some(certificate) = certificates.first() else {
        return unverified("the TPM has no certificate");
    };
    let key = certificate.tbs_certificate().subject_public_key_info().to_der();
    let key = key.ok().and_then(|der| ParsedPublicKey::new(algorithm, der).ok());
    let signature = attested.bytes("sig")?;
    let valid = key.is_some_and(|key| key.verify_sig(info, signature).is_ok());
    if !valid {
        return unverified("the attestation");
    }
    if !is_for_attesting(certificate).unwrap_or_default() {
        let why = "the certificate of the TPM is not as Web Authentication section 8.3.1 has it";
        return Err(PasskeyFault::AttestationNotAccepted(why.to_owned()));
    }
    attested.check_model(certificate)
}

type Algorithms = (&'static digest::Algorithm, &'static dyn VerificationAlgorithm);

/// How the TPM hashes and signs. RS1 has SHA-1, which TPMs of many computers still sign with: whoever found two texts of
/// one hash could not choose what stands around the 64 bytes that they may bring.
fn algorithms(cose: &Value) -> Option<Algorithms> {
    let Value::Integer(number) = cose else { return None };
    Some(match number {
        -7 => (&SHA256, &ECDSA_P256_SHA256_ASN1),
        -35 => (&SHA384, &ECDSA_P384_SHA384_ASN1),
        -36 => (&SHA512, &ECDSA_P521_SHA512_ASN1),
        -257 => (&SHA256, &RSA_PKCS1_2048_8192_SHA256),
        -65535 => (&SHA1_FOR_LEGACY_USE_ONLY, &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
        _ => return None,
    })
}

/// What a TPM wrote, read piece by piece; numbers are big-endian.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(head)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// Bytes with their number before them.
    fn sized(&mut self) -> Option<&'a [u8]> {
        let length = self.u16()?;
        self.take(length.into())
    }

    /// A scheme of signatures and its hash, or none.
    fn skip_scheme(&mut self) -> Option<()> {
        if self.u16()? != NULL {
            self.u16()?;
        }
        Some(())
    }
}

/// What a TPM certifies of a key.
struct Certified<'a> {
    /// What it was asked to sign along with it.
    over: &'a [u8],
    /// The name of the key.
    name: &'a [u8],
}

/// Reads a `TPMS_ATTEST` (TPM 2.0 Part 2, section 10.12.8) that certifies a key.
fn certified(info: &[u8]) -> Option<Certified<'_>> {
    let mut info = Reader(info);
    let genuine = info.u32()? == GENERATED && info.u16()? == CERTIFY;
    info.sized()?; // who signs
    let over = info.sized()?;
    info.take(17 + 8)?; // clock and firmware
    let name = info.sized()?;
    info.sized()?; // the name with those of its parents
    (genuine && info.0.is_empty()).then_some(Certified { over, name })
}

/// The name of the key that a `TPMT_PUBLIC` describes (Part 1, section 16): its hash, and of what kind that is.
fn name(area: &[u8]) -> Option<Vec<u8>> {
    let kind = area.get(2..4)?;
    let hash = match kind {
        [0, 0x0b] => &SHA256,
        [0, 0x0c] => &SHA384,
        [0, 0x0d] => &SHA512,
        _ => return None,
    };
    Some([kind, digest::digest(hash, area).as_ref()].concat())
}

/// Whether a `TPMT_PUBLIC` (Part 2, section 12.2.4) describes this key.
fn is_of(area: &[u8], key: &COSEKey) -> bool {
    described(area, key).unwrap_or_default()
}

fn described(area: &[u8], key: &COSEKey) -> Option<bool> {
    let mut area = Reader(area);
    let type_ = area.u16()?;
    area.u16()?; // the hash of the name
    area.u32()?; // the attributes
    area.sized()?; // who may use it
    if area.u16()? != NULL {
        // A key that encrypts other keys.
        return None;
    }
    area.skip_scheme()?;
    let same = match (type_, &key.key) {
        (0x0001, COSEKeyType::RSA(key)) => {
            area.u16()?; // the number of bits
            let exponent = match area.u32()? {
                0 => 65537,
                exponent => exponent,
            };
            let [a, b, c] = key.e;
            exponent == u32::from_be_bytes([0, a, b, c]) && area.sized()? == key.n
        }
        (0x0023, COSEKeyType::EC_EC2(key)) => {
            let curve = match key.curve {
                ECDSACurve::SECP256R1 => 0x0003,
                ECDSACurve::SECP384R1 => 0x0004,
                ECDSACurve::SECP521R1 => 0x0005,
            };
            let same = area.u16()? == curve;
            area.skip_scheme()?;
            same && is_number(area.sized()?, &key.x) && is_number(area.sized()?, &key.y)
        }
        _ => false,
    };
    Some(same && area.0.is_empty())
}

/// Whether both are the same number; TPMs may leave out zeros at the front.
fn is_number(one: &[u8], other: &[u8]) -> bool {
    let bare = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        bytes[zeros..].to_vec()
    };
    bare(one) == bare(other)
}

/// Whether it is a certificate of a key with which TPMs attest (section 8.3.1).
fn is_for_attesting(certificate: &Certificate) -> Option<bool> {
    let body = certificate.tbs_certificate();
    let (critical, names) = body.get_extension::<SubjectAltName>().ok()??;
    let (_, usage) = body.get_extension::<ExtendedKeyUsage>().ok()??;
    let (_, constraints) = body.get_extension::<BasicConstraints>().ok()??;
    let makes = names.0.iter().filter_map(|name| match name {
        GeneralName::DirectoryName(name) => Some(name),
        _ => None,
    });
    let parts = Vec::from_iter(makes.flat_map(|name| name.iter()).map(|part| part.oid));
    Some(
        body.version() == Version::V3
            && body.subject().is_empty()
            && critical
            && MAKE.iter().all(|part| parts.contains(part))
            && usage.0.contains(&ATTESTS)
            && !constraints.ca,
    )
}
