//! An SRP-6a client after RFC 5054 and RFC 2945, written for the tests alone.

use num_bigint::BigUint;
use sha2::{Digest, Sha256};

/// The 2048-bit group of RFC 5054 appendix A.
const MODULUS: &str = concat!(
    "AC6BDB41324A9A9BF166DE5E1389582FAF72B6651987EE07FC3192943DB56050A37329CBB4A099ED8193E0757767A13D",
    "D52312AB4B03310DCD7F48A9DA04FD50E8083969EDB767B0CF6095179A163AB3661A05FBD5FAAAE82918A9962F0B93B8",
    "55F97993EC975EEAA80D740ADBF4FF747359D041D5C33EA71D281E446B14773BCA97B43A23FB801676BD207A436C6481",
    "F1D2B9078717461A5B9D32E688F87748544523B524B0D57D5EA77A2775D2ECFA032CFBDBF52FB3786160279004E57AE6",
    "AF874E7303CE53299CCC041C7BC308D82A5698F3A8D0C38271AE35F8E9DBFBB694B5C803D89F7AE435DE236D525F5475",
    "9B65E372FCD68EF20FA7111F9E4AFF73",
);

/// Bytes of the modulus, and so of every padded number.
const WIDTH: usize = 256;

/// What a client proves with: its public key and the first proof; the second proof is what it expects.
#[derive(Debug)]
pub struct Proof {
    /// `A`, padded to the width of the modulus.
    pub public_key: Vec<u8>,
    /// `M1`, which the client sends.
    pub m1: Vec<u8>,
    /// `M2`, which the server must answer.
    pub m2: Vec<u8>,
}

/// The modulus `N`, 256 bytes.
#[must_use]
pub fn modulus() -> Vec<u8> {
    padded(&n())
}

/// The verifier `v = g^x` of a passcode, padded to the width of the modulus.
#[must_use]
pub fn verifier(identity: &str, salt: &[u8], passcode: &str) -> Vec<u8> {
    padded(&g().modpow(&x(identity, salt, passcode), &n()))
}

/// The answer to a challenge, with a fresh secret exponent.
#[must_use]
pub fn prove(identity: &str, salt: &[u8], passcode: &str, server_key: &[u8]) -> Proof {
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).expect("random bytes");
    prove_with(identity, salt, passcode, server_key, &secret)
}

/// The answer to a challenge, with the secret exponent `a` given.
#[must_use]
pub fn prove_with(
    identity: &str,
    salt: &[u8],
    passcode: &str,
    server_key: &[u8],
    secret: &[u8],
) -> Proof {
    let (n, g, a) = (n(), g(), BigUint::from_bytes_be(secret));
    let b_pub = BigUint::from_bytes_be(server_key);
    let a_pub = padded(&g.modpow(&a, &n));
    let b_pad = padded(&b_pub);
    let k = BigUint::from_bytes_be(&hash(&[&padded(&n), &padded(&g)]));
    let u = BigUint::from_bytes_be(&hash(&[&a_pub, &b_pad]));
    let x = x(identity, salt, passcode);
    // RFC 5054 §2.6: S = (B - k * g^x) ^ (a + u * x) mod N, kept positive by adding k * N.
    let base = (&b_pub + &k * &n - &k * g.modpow(&x, &n)) % &n;
    let session = hash(&[&padded(&base.modpow(&(a + u * x), &n))]);
    let mixed: Vec<u8> =
        hash(&[&padded(&n)]).iter().zip(hash(&[&[2]])).map(|(left, right)| left ^ right).collect();
    let named = hash(&[identity.as_bytes()]);
    let m1 = hash(&[&mixed, &named, salt, &a_pub, &b_pad, &session]);
    let m2 = hash(&[&a_pub, &m1, &session]);
    Proof { public_key: a_pub, m1, m2 }
}

fn x(identity: &str, salt: &[u8], passcode: &str) -> BigUint {
    let inner = hash(&[identity.as_bytes(), b":", passcode.as_bytes()]);
    BigUint::from_bytes_be(&hash(&[salt, &inner]))
}

fn n() -> BigUint {
    BigUint::parse_bytes(MODULUS.as_bytes(), 16).expect("a number in hexadecimal")
}

fn g() -> BigUint {
    BigUint::from(2_u8)
}

fn padded(number: &BigUint) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut padded = vec![0; WIDTH.saturating_sub(bytes.len())];
    padded.extend(bytes);
    padded
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().to_vec()
}
