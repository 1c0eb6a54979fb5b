//! Identifiers as they stand on the wire: 128 random bits in 26 letters and digits.

use data_encoding::BASE32_NOPAD;

/// A new identifier: upper-case base32 (RFC 4648 §6) of 16 random bytes, without padding.
pub(crate) fn random() -> Result<String, crate::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        crate::Error::Fault(anyhow::anyhow!("the system gives no random bytes: {error}"))
    })?;
    Ok(BASE32_NOPAD.encode(&bytes))
}
