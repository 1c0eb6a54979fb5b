//! What binds a browser to what it started: a random secret that is stored only as its digest.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::Error;
use crate::id::{digest_of, random_secret};

/// A browser's secret: 256 random bits, as 52 upper-case base32 characters.
///
/// It goes into a cookie and nowhere else; what is kept is [`Secret::digest`].
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Makes a new secret. Fails only when the operating system has no random bytes.
    pub fn new() -> Result<Secret, Error> {
        Ok(Secret(Zeroizing::new(BASE32_NOPAD.encode(random_secret()?.as_slice()))))
    }

    /// The secret itself, for the cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What may be stored of it.
    pub fn digest(&self) -> String {
        digest(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The digest of a secret: its SHA-256, as 52 upper-case base32 characters.
pub fn digest(secret: &str) -> String {
    digest_of(secret)
}

/// Says in constant time whether a presented secret is the one whose digest was kept.
pub fn matches(secret: &str, kept: &str) -> bool {
    digest_of(secret).as_bytes().ct_eq(kept.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_matches_its_own_digest_only() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert!(matches(one.reveal(), &one.digest()));
        assert!(!matches(other.reveal(), &one.digest()));
        assert!(!matches("", &one.digest()));
        assert!(!matches(one.reveal(), ""));
        assert!(!matches(&one.digest(), &one.digest()), "the digest does not open the door");
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new().unwrap()), "Secret");
    }
}
