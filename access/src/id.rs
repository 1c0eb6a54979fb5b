//! Random identifiers and secrets: 128 bits are 26 characters of base32, 256 bits are 52.

use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::Error;

/// A new identifier of 26 upper-case base32 characters.
pub(crate) fn random_id() -> Result<String, Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(BASE32_NOPAD.encode(&bytes))
}

/// 32 random bytes.
pub(crate) fn random_secret() -> Result<Zeroizing<[u8; 32]>, Error> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(Error::Random)?;
    Ok(bytes)
}

/// The SHA-256 of a text, as 52 upper-case base32 characters.
pub(crate) fn digest_of(text: &str) -> String {
    BASE32_NOPAD.encode(&Sha256::digest(text.as_bytes()))
}
