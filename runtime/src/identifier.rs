//! Identifiers as they stand on the wire: 128 bits in 26 letters and digits.

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;

/// A new identifier: upper-case base32 (RFC 4648 §6) of 16 random bytes, without padding.
pub(crate) fn random() -> Result<String, crate::Error> {
    Ok(BASE32_NOPAD.encode(&random_bytes()?))
}

/// A new identifier whose first 48 bits are the time in milliseconds and whose other 80 bits are
/// random: nobody guesses it, and what is made at the same time lies side by side in the store,
/// where rows at random places would cost a page each.
pub(crate) fn timed(now: Timestamp) -> Result<String, crate::Error> {
    let mut bytes = random_bytes()?;
    bytes[..6].copy_from_slice(&now.as_millisecond().to_be_bytes()[2..]);
    Ok(BASE32_NOPAD.encode(&bytes))
}

fn random_bytes() -> Result<[u8; 16], crate::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        crate::Error::Fault(anyhow::anyhow!("the system gives no random bytes: {error}"))
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_at_the_same_time_begins_the_same_and_no_two_are_the_same() {
        let now: Timestamp = "2026-11-22T10:00:00.000Z".parse().unwrap();
        let [one, other, later] =
            [now, now, now + jiff::SignedDuration::from_hours(10)].map(|now| timed(now).unwrap());
        assert_eq!([one.len(), other.len(), later.len()], [26; 3]);
        assert_eq!(one[..9], other[..9]);
        assert_ne!(one, other);
        assert_ne!(one[..9], later[..9]);
    }
}
