//! SRP-6a as RFC 5054 and RFC 2945 define it: the server's arithmetic, for any group and digest.
//!
//! # Bytes
//!
//! `|` joins bytes, `H` is the digest (SHA-256), `N` the 2048-bit group of RFC 5054 appendix A, `g` = 2.
//! `PAD(n)` is the number as big-endian bytes with leading zeros up to the length of `N`: 256 bytes.
//!
//! | value | definition | as bytes |
//! | --- | --- | --- |
//! | `i` | 26 characters that the server gives | its ASCII bytes |
//! | `s` | the salt | the 32 bytes the server gives |
//! | `p` | the passcode | UTF-8 of the text in Unicode NFC, never trimmed |
//! | `x` | `H(s \| H(i \| ":" \| p))` | a number, big-endian |
//! | `v` | `g^x mod N` | sent as `PAD(v)`; fewer bytes are accepted |
//! | `A` | `g^a mod N`, `a` 256 random bits | `PAD(A)`, wherever it is hashed or sent |
//! | `B` | `(k·v + g^b) mod N` | `PAD(B)`, wherever it is hashed or sent |
//! | `k` | `H(N \| PAD(g))` | a number, big-endian |
//! | `u` | `H(PAD(A) \| PAD(B))` | a number, big-endian |
//! | `S` | server: `(A·v^u)^b mod N`; client: `(B - k·g^x)^(a + u·x) mod N` | `PAD(S)` |
//! | `K` | `H(PAD(S))` | 32 bytes |
//! | `M1` | `H((H(N) xor H(g)) \| H(i) \| s \| PAD(A) \| PAD(B) \| K)` | 32 bytes |
//! | `M2` | `H(PAD(A) \| M1 \| K)` | 32 bytes |
//!
//! In `H(g)` alone, `g` is the single byte `02`; in `k` it is padded.
//! A client refuses `B` ≡ 0 mod `N` and `u` = 0, and believes in the server only if `M2` is right.
//! On the wire `n`, `serverPublicKey`, `clientPublicKey`, `verifier`, `m1` and `m2` are base64 with padding,
//! `salt` is base64url without; the server reads either alphabet, padded or not.

use std::marker::PhantomData;

use num_bigint::BigUint;
use sha2::Digest;
use srp::server::SrpServer;
use srp::types::SrpGroup;
use srp::utils::{compute_k, compute_u};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The server's side of SRP-6a in one group with one digest.
pub(crate) struct Srp<D> {
    group: &'static SrpGroup,
    digest: PhantomData<D>,
}

/// What both sides prove to each other once they hold the same secret (RFC 2945 section 3).
pub(crate) struct Proofs {
    /// What the client has to show, `M1`.
    pub(crate) client: Vec<u8>,
    /// What the server shows in return, `M2`.
    pub(crate) server: Vec<u8>,
}

impl<D: Digest> Srp<D> {
    /// SRP in a group of RFC 5054 appendix A.
    pub(crate) fn new(group: &'static SrpGroup) -> Self {
        Self { group, digest: PhantomData }
    }

    /// The modulus as bytes; its length is what everything is padded to.
    pub(crate) fn modulus(&self) -> Vec<u8> {
        self.group.n.to_bytes_be()
    }

    /// Reads a verifier: 1 < v < N - 1, in no more bytes than the modulus has.
    pub(crate) fn verifier(&self, bytes: &[u8]) -> Option<BigUint> {
        let v = self.number(bytes)?;
        let one = BigUint::from(1_u8);
        (v > one && v < &self.group.n - one).then_some(v)
    }

    /// Makes a verifier-like number of as many random bytes as the modulus has.
    pub(crate) fn verifier_from(&self, random: &[u8]) -> BigUint {
        let two = BigUint::from(2_u8);
        BigUint::from_bytes_be(random) % (&self.group.n - BigUint::from(3_u8)) + two
    }

    /// Reads the client's public key `A`: no longer than the modulus and not 0 mod N
    /// (RFC 5054 section 2.5.4).
    pub(crate) fn client_public(&self, bytes: &[u8]) -> Option<BigUint> {
        let a = self.number(bytes)?;
        (&a % &self.group.n != BigUint::ZERO).then_some(a)
    }

    /// The server's public key `B` = (k·v + g^b) mod N, or nothing if it came out as 0
    /// (RFC 5054 section 2.5.3).
    pub(crate) fn server_public(&self, b: &BigUint, v: &BigUint) -> Option<BigUint> {
        let k = compute_k::<D>(self.group);
        let public = SrpServer::<D>::new(self.group).compute_b_pub(b, &k, v);
        (public != BigUint::ZERO).then_some(public)
    }

    /// The premaster secret `S` = (A·v^u)^b mod N (RFC 5054 section 2.6),
    /// or nothing if `u` came out as 0.
    pub(crate) fn premaster(
        &self,
        a_public: &BigUint,
        b_public: &BigUint,
        v: &BigUint,
        b: &BigUint,
    ) -> Option<BigUint> {
        let u = self.scrambler(a_public, b_public);
        (u != BigUint::ZERO)
            .then(|| SrpServer::<D>::new(self.group).compute_premaster_secret(a_public, v, &u, b))
    }

    /// `u` = H(PAD(A) | PAD(B)) (RFC 5054 section 2.6).
    pub(crate) fn scrambler(&self, a_public: &BigUint, b_public: &BigUint) -> BigUint {
        compute_u::<D>(&self.pad(a_public), &self.pad(b_public))
    }

    /// `K` = H(PAD(S)).
    pub(crate) fn session_key(&self, premaster: &BigUint) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(D::digest(self.pad(premaster)).to_vec())
    }

    /// `M1` and `M2` (RFC 2945 section 3, with padded public keys).
    pub(crate) fn proofs(
        &self,
        i: &str,
        salt: &[u8],
        a_public: &BigUint,
        b_public: &BigUint,
        key: &[u8],
    ) -> Proofs {
        let hashed_n = D::digest(self.modulus());
        let hashed_g = D::digest(self.group.g.to_bytes_be());
        let group: Vec<u8> = hashed_n.iter().zip(hashed_g.iter()).map(|(n, g)| n ^ g).collect();
        let client = D::new()
            .chain_update(group)
            .chain_update(D::digest(i))
            .chain_update(salt)
            .chain_update(self.pad(a_public))
            .chain_update(self.pad(b_public))
            .chain_update(key)
            .finalize()
            .to_vec();
        let server = D::new()
            .chain_update(self.pad(a_public))
            .chain_update(&client)
            .chain_update(key)
            .finalize()
            .to_vec();
        Proofs { client, server }
    }

    /// `PAD`: big-endian, with leading zeros up to the length of the modulus.
    pub(crate) fn pad(&self, number: &BigUint) -> Zeroizing<Vec<u8>> {
        let bytes = number.to_bytes_be();
        let mut padded = Zeroizing::new(vec![0; self.modulus().len().saturating_sub(bytes.len())]);
        padded.extend_from_slice(&bytes);
        padded
    }

    fn number(&self, bytes: &[u8]) -> Option<BigUint> {
        (!bytes.is_empty() && bytes.len() <= self.modulus().len())
            .then(|| BigUint::from_bytes_be(bytes))
    }
}

/// Compares two proofs in a time that does not depend on where they differ.
pub(crate) fn same(ours: &[u8], theirs: &[u8]) -> bool {
    ours.ct_eq(theirs).into()
}

pub(crate) mod powers;

#[cfg(test)]
pub(crate) mod client;
#[cfg(test)]
mod tests;
