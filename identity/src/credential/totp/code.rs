//! The codes themselves: HMAC of the time step, truncated to some digits (RFC 6238 section 4, RFC 4226 section 5.3).

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

/// The hash behind the codes of an authenticator app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TotpAlgorithm {
    /// HMAC-SHA-1, the only one that every authenticator app knows.
    #[default]
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl TotpAlgorithm {
    /// The algorithm as it is written, also in the address of a QR code.
    pub fn as_str(self) -> &'static str {
        match self {
            TotpAlgorithm::Sha1 => "SHA1",
            TotpAlgorithm::Sha256 => "SHA256",
            TotpAlgorithm::Sha512 => "SHA512",
        }
    }

    /// The length of a secret in bytes: that of the hash (RFC 4226 section 4, R6).
    pub(super) fn secret_length(self) -> usize {
        match self {
            TotpAlgorithm::Sha1 => 20,
            TotpAlgorithm::Sha256 => 32,
            TotpAlgorithm::Sha512 => 64,
        }
    }

    fn digest(self, secret: &[u8], message: &[u8]) -> Zeroizing<Vec<u8>> {
        match self {
            TotpAlgorithm::Sha1 => digest::<Hmac<Sha1>>(secret, message),
            TotpAlgorithm::Sha256 => digest::<Hmac<Sha256>>(secret, message),
            TotpAlgorithm::Sha512 => digest::<Hmac<Sha512>>(secret, message),
        }
    }
}

fn digest<M: Mac + hmac::digest::KeyInit>(secret: &[u8], message: &[u8]) -> Zeroizing<Vec<u8>> {
    let Ok(mut mac) = <M as Mac>::new_from_slice(secret) else { return Zeroizing::default() };
    mac.update(message);
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

/// How an authenticator app makes its codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Generator {
    pub(super) algorithm: TotpAlgorithm,
    pub(super) digits: u32,
    /// Seconds per time step.
    pub(super) period: u32,
}

impl Generator {
    /// The time step at a time.
    pub(super) fn step(self, now: Timestamp) -> u64 {
        u64::try_from(now.as_second()).unwrap_or(0) / u64::from(self.period.max(1))
    }

    /// The code of a time step, as a number.
    pub(super) fn code(self, secret: &[u8], step: u64) -> u32 {
        let digest = self.algorithm.digest(secret, &step.to_be_bytes());
        let offset = usize::from(digest.last().copied().unwrap_or(0) & 0xF);
        let word = digest[offset..].first_chunk::<4>().copied().unwrap_or_default();
        (u32::from_be_bytes(word) & 0x7FFF_FFFF) % 10_u32.pow(self.digits)
    }

    /// The latest time step, so many before or after now, that this is the code of. All of them are tried, in the same
    /// time for every code of the right length.
    pub(super) fn step_of(
        self,
        secret: &[u8],
        code: &str,
        now: Timestamp,
        skew: u32,
    ) -> Option<u64> {
        let code = read(code, self.digits)?;
        let (now, skew) = (self.step(now), u64::from(skew));
        let (mut found, mut latest) = (Choice::from(0), 0);
        for step in now.saturating_sub(skew)..=now.saturating_add(skew) {
            let same = self.code(secret, step).ct_eq(&code);
            latest = u64::conditional_select(&latest, &step, same);
            found |= same;
        }
        bool::from(found).then_some(latest)
    }
}

/// Reads a code as people type and paste it: with spaces or hyphens anywhere, in western or Arabic digits.
fn read(code: &str, digits: u32) -> Option<u32> {
    let (mut number, mut count) = (0_u32, 0);
    for character in code.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let digit = match character {
            '0'..='9' => u32::from(character) - u32::from('0'),
            '\u{660}'..='\u{669}' => u32::from(character) - 0x660,
            '\u{6F0}'..='\u{6F9}' => u32::from(character) - 0x6F0,
            _ => return None,
        };
        (number, count) = (number.checked_mul(10)?.checked_add(digit)?, count + 1);
    }
    (count == digits).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secrets of RFC 6238 appendix B: the digits 1 to 0 over and over, as long as the hash.
    fn secret(algorithm: TotpAlgorithm) -> Vec<u8> {
        b"1234567890".iter().copied().cycle().take(algorithm.secret_length()).collect()
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238_appendix_b() {
        use TotpAlgorithm::{Sha1, Sha256, Sha512};
        let cases = [
            (59, Sha1, "94287082"),
            (59, Sha256, "46119246"),
            (59, Sha512, "90693936"),
            (1_111_111_109, Sha1, "07081804"),
            (1_111_111_109, Sha256, "68084774"),
            (1_111_111_109, Sha512, "25091201"),
            (1_111_111_111, Sha1, "14050471"),
            (1_111_111_111, Sha256, "67062674"),
            (1_111_111_111, Sha512, "99943326"),
            (1_234_567_890, Sha1, "89005924"),
            (1_234_567_890, Sha256, "91819424"),
            (1_234_567_890, Sha512, "93441116"),
            (2_000_000_000, Sha1, "69279037"),
            (2_000_000_000, Sha256, "90698825"),
            (2_000_000_000, Sha512, "38618901"),
            (20_000_000_000, Sha1, "65353130"),
            (20_000_000_000, Sha256, "77737706"),
            (20_000_000_000, Sha512, "47863826"),
        ];
        for (second, algorithm, code) in cases {
            let generator = Generator { algorithm, digits: 8, period: 30 };
            let (secret, now) = (secret(algorithm), Timestamp::from_second(second).unwrap());
            let step = generator.step(now);
            assert_eq!(format!("{:08}", generator.code(&secret, step)), code, "{second}");
            assert_eq!(generator.step_of(&secret, code, now, 0), Some(step), "{second}");
        }
    }

    #[test]
    fn a_code_is_good_within_the_skew_and_not_beyond() {
        let generator = Generator { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };
        let secret = secret(TotpAlgorithm::Sha1);
        let now = Timestamp::from_second(1_111_111_109).unwrap();
        let step = generator.step(now);
        let cases = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (10, 10)];
        for (skew, away) in cases {
            for other in [step - away, step + away] {
                let code = format!("{:06}", generator.code(&secret, other));
                let found = generator.step_of(&secret, &code, now, skew);
                assert_eq!(found, (away <= u64::from(skew)).then_some(other), "{skew} {away}");
            }
        }
        let first = Timestamp::UNIX_EPOCH;
        let code = format!("{:06}", generator.code(&secret, 0));
        assert_eq!(generator.step_of(&secret, &code, first, 10), Some(0));
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        let cases = [
            ("123456", Some(123_456)),
            (" 123 456\n", Some(123_456)),
            ("123-456", Some(123_456)),
            ("000 001", Some(1)),
            ("١٢٣٤٥٦", Some(123_456)),
            ("۱۲۳۴۵۶", Some(123_456)),
            ("12345", None),
            ("1234567", None),
            ("12345678901234567890", None),
            ("12345a", None),
            ("+12345", None),
            ("", None),
        ];
        for (text, number) in cases {
            assert_eq!(read(text, 6), number, "{text:?}");
        }
        assert_eq!(read("99999999", 8), Some(99_999_999));
    }
}
