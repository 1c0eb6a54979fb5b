//! Random bytes and the identifiers made of them.

use data_encoding::BASE32_NOPAD;

use crate::Error;

/// Bytes from the operating system's generator.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}

/// A new identifier.
pub(crate) fn identifier() -> Result<String, Error> {
    Ok(identifier_of(&random()?))
}

/// 128 bits as an identifier: 26 characters of upper-case base32.
pub(crate) fn identifier_of(bits: &[u8; 16]) -> String {
    BASE32_NOPAD.encode(bits)
}
