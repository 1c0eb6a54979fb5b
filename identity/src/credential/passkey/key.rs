//! The public keys of passkeys, and their signatures.
//!
//! webauthn-rs-core verifies with P-256, P-384 and RSA of 2048 bits, aws-lc-rs also with Ed25519, P-521 and RSA of up to
//! 8192 bits; the library's type holds them all.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ED25519,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use serde_cbor_2::Value;
use webauthn_rs_core::proto::{
    COSEAlgorithm, COSEKey, COSEKeyType, COSEOKPKey, COSERSAKey, ECDSACurve, EDDSACurve,
};

use super::fault::PasskeyFault;

/// The algorithms that are offered to authenticators, best first: who can do more than one takes the first of them,
/// and ES256 is what all of them are tested with.
pub(super) const ALGORITHMS: [COSEAlgorithm; 5] = [
    COSEAlgorithm::ES256,
    COSEAlgorithm::EDDSA,
    COSEAlgorithm::ES384,
    COSEAlgorithm::ES521,
    COSEAlgorithm::RS256,
];

#[cfg(test)]
thread_local! {
    /// The algorithms of all verifications so far.
    pub(super) static VERIFIED: std::cell::RefCell<Vec<&'static str>> = const {
        std::cell::RefCell::new(Vec::new())
    };
}

/// Reads a public key (RFC 9052 section 7) of an algorithm that was offered.
pub(super) fn read(cose: &Value) -> Result<COSEKey, PasskeyFault> {
    let unreadable = || PasskeyFault::Unverified("the public key cannot be read".to_owned());
    let Value::Map(members) = cose else { return Err(unreadable()) };
    let integer = |label| match members.get(&Value::Integer(label)) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    };
    let bytes = |label| match members.get(&Value::Integer(label)) {
        Some(Value::Bytes(bytes)) => Some(bytes.clone()),
        _ => None,
    };
    let algorithm = integer(3).ok_or_else(unreadable)?;
    let type_ = ALGORITHMS.into_iter().find(|offered| *offered as i128 == algorithm);
    let type_ = type_.ok_or(PasskeyFault::AlgorithmNotAccepted(algorithm))?;
    let key = match (type_, integer(1), integer(-1)) {
        (COSEAlgorithm::EDDSA, Some(1), Some(6)) => {
            let x = bytes(-2).ok_or_else(unreadable)?;
            COSEKeyType::EC_OKP(COSEOKPKey { curve: EDDSACurve::ED25519, x })
        }
        (COSEAlgorithm::EDDSA, ..) => return Err(PasskeyFault::AlgorithmNotAccepted(algorithm)),
        (COSEAlgorithm::RS256, Some(3), _) => {
            let (n, e) = bytes(-1).zip(bytes(-2)).ok_or_else(unreadable)?;
            COSEKeyType::RSA(COSERSAKey { n, e: e.try_into().map_err(|_| unreadable())? })
        }
        _ => {
            let key = COSEKey::try_from(cose);
            key.map_err(|error| PasskeyFault::Unverified(error.to_string()))?.key
        }
    };
    let key = COSEKey { type_, key };
    // What cannot be used once is not registered.
    if parse(&key).is_none() { Err(unreadable()) } else { Ok(key) }
}

/// Writes a public key as it is read.
pub(super) fn write(key: &COSEKey) -> Vec<u8> {
    let number = |label: i128, number: i128| (Value::Integer(label), Value::Integer(number));
    let bytes = |label: i128, bytes: &[u8]| (Value::Integer(label), Value::Bytes(bytes.to_vec()));
    let algorithm = number(3, key.type_ as i128);
    let members = match &key.key {
        COSEKeyType::EC_OKP(key) => vec![number(1, 1), algorithm, number(-1, 6), bytes(-2, &key.x)],
        COSEKeyType::RSA(key) => {
            vec![number(1, 3), algorithm, bytes(-1, &key.n), bytes(-2, &key.e)]
        }
        COSEKeyType::EC_EC2(key) => {
            let curve = match key.curve {
                ECDSACurve::SECP256R1 => 1,
                ECDSACurve::SECP384R1 => 2,
                ECDSACurve::SECP521R1 => 3,
            };
            let (x, y) = (bytes(-2, &key.x), bytes(-3, &key.y));
            vec![number(1, 2), algorithm, number(-1, curve), x, y]
        }
    };
    serde_cbor_2::to_vec(&Value::Map(members.into_iter().collect())).unwrap_or_default()
}

/// Whether webauthn-rs-core cannot verify with this key.
pub(super) fn is_foreign(key: &COSEKey) -> bool {
    match &key.key {
        COSEKeyType::EC_OKP(_) => true,
        COSEKeyType::EC_EC2(key) => key.curve == ECDSACurve::SECP521R1,
        COSEKeyType::RSA(key) => key.n.len() != 256,
    }
}

/// Whether it is a signature of these bytes by this key.
pub(super) fn verifies(key: &COSEKey, signed: &[u8], signature: &[u8]) -> bool {
    fits(key, signature)
        && parse(key).is_some_and(|parsed| {
            #[cfg(test)]
            VERIFIED.with_borrow_mut(|verified| verified.push(name(key.type_)));
            parsed.verify_sig(signed, signature).is_ok()
        })
}

/// Whether it is worth verifying. An RSA signature is as long as the modulus, and less (RFC 8017 section 8.2.2).
pub(super) fn fits(key: &COSEKey, signature: &[u8]) -> bool {
    match &key.key {
        COSEKeyType::RSA(key) => key.n.len() == signature.len() && *signature < key.n[..],
        _ => true,
    }
}

fn parse(key: &COSEKey) -> Option<ParsedPublicKey> {
    let parsed = match (key.type_, &key.key) {
        (COSEAlgorithm::EDDSA, COSEKeyType::EC_OKP(key)) => ParsedPublicKey::new(&ED25519, &key.x),
        (type_, COSEKeyType::EC_EC2(key)) => {
            let point = [&[4], &key.x[..], &key.y].concat();
            let algorithm = match (type_, &key.curve) {
                (COSEAlgorithm::ES256, ECDSACurve::SECP256R1) => &ECDSA_P256_SHA256_ASN1,
                (COSEAlgorithm::ES384, ECDSACurve::SECP384R1) => &ECDSA_P384_SHA384_ASN1,
                (COSEAlgorithm::ES521, ECDSACurve::SECP521R1) => &ECDSA_P521_SHA512_ASN1,
                _ => return None,
            };
            ParsedPublicKey::new(algorithm, point)
        }
        (COSEAlgorithm::RS256, COSEKeyType::RSA(key)) => {
            let key = RsaPublicKeyComponents { n: &key.n[..], e: &key.e[..] };
            let der: PublicKeyX509Der<'_> = key.as_der().ok()?;
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_ref())
        }
        _ => return None,
    };
    parsed.ok()
}

/// The name of an algorithm as IANA registers it.
pub(super) fn name(algorithm: COSEAlgorithm) -> &'static str {
    match algorithm {
        COSEAlgorithm::ES256 => "ES256",
        COSEAlgorithm::ES384 => "ES384",
        COSEAlgorithm::ES521 => "ES512",
        COSEAlgorithm::EDDSA => "EdDSA",
        COSEAlgorithm::RS256 => "RS256",
        _ => "",
    }
}
