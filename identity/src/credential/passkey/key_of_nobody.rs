//! Keys of nobody, by which what has failed is verified as often whatever passkey was named, or none.
//!
//! How long a verification takes would tell of what kind the key of a passkey is, and so whether there is one. So an
//! authentication that fails verifies the same signature once by each algorithm that is offered: by the key of the
//! passkey if there is one, and by the other algorithms, or by all, with keys of nobody. What a signature costs is a
//! matter of the algorithm then, and not of the key. An RSA signature is worth verifying only by a key of its length, so
//! it meets one of that length, whatever the length of the passkey's. All together take less than a millisecond.
//!
//! What is left is the row of a passkey with a long RSA key, which has up to some kilobytes more to be read, and an RSA
//! key whose exponent is not the usual one.

use std::sync::LazyLock;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
};
use webauthn_rs_core::proto::{
    COSEAlgorithm, COSEEC2Key, COSEKey, COSEKeyType, COSEOKPKey, COSERSAKey, ECDSACurve, EDDSACurve,
};

use super::key;

/// How long RSA signatures are that are verified, in bytes.
const RSA_LENGTHS: std::ops::RangeInclusive<usize> = 256..=1024;

/// One of each algorithm but RSA.
pub(super) static KEYS: LazyLock<Vec<COSEKey>> = LazyLock::new(|| {
    let p384 = (COSEAlgorithm::ES384, ECDSACurve::SECP384R1);
    let p521 = (COSEAlgorithm::ES521, ECDSACurve::SECP521R1);
    let keys = [
        es256(),
        elliptic(&ECDSA_P384_SHA384_ASN1_SIGNING, p384),
        elliptic(&ECDSA_P521_SHA512_ASN1_SIGNING, p521),
        eddsa(),
    ];
    keys.into_iter().flatten().collect()
});

/// Verifies by every algorithm by which this key has not, and looks at no result.
pub(super) fn verify_by_others(named: Option<&COSEKey>, signed: &[u8], signature: &[u8]) {
    let named = named.filter(|key| key::fits(key, signature)).map(|key| key.type_);
    let rsa = RSA_LENGTHS.contains(&signature.len()).then(|| rsa(signature.len()));
    for key in KEYS.iter().chain(&rsa).filter(|key| Some(key.type_) != named) {
        key::verifies(key, signed, signature);
    }
}

/// A new key for ES256, if there is randomness.
pub(super) fn es256() -> Option<COSEKey> {
    let p256 = (COSEAlgorithm::ES256, ECDSACurve::SECP256R1);
    elliptic(&ECDSA_P256_SHA256_ASN1_SIGNING, p256)
}

fn elliptic(
    signing: &'static EcdsaSigningAlgorithm,
    (type_, curve): (COSEAlgorithm, ECDSACurve),
) -> Option<COSEKey> {
    let pair = EcdsaKeyPair::generate(signing).ok()?;
    let point = &pair.public_key().as_ref()[1..];
    let (x, y) = point.split_at(point.len() / 2);
    let key = COSEEC2Key { curve, x: x.to_vec(), y: y.to_vec() };
    Some(COSEKey { type_, key: COSEKeyType::EC_EC2(key) })
}

fn eddsa() -> Option<COSEKey> {
    let x = Ed25519KeyPair::generate().ok()?.public_key().as_ref().to_vec();
    let key = COSEOKPKey { curve: EDDSACurve::ED25519, x };
    Some(COSEKey { type_: COSEAlgorithm::EDDSA, key: COSEKeyType::EC_OKP(key) })
}

/// Whoever verifies does not mind that the modulus is no product of two primes.
pub(super) fn rsa(length: usize) -> COSEKey {
    let key = COSERSAKey { n: vec![0xff; length], e: [1, 0, 1] };
    COSEKey { type_: COSEAlgorithm::RS256, key: COSEKeyType::RSA(key) }
}
