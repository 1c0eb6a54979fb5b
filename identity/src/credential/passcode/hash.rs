//! Hashes of passcodes that other systems made: bcrypt, argon2, scrypt and PBKDF2, as their texts write them.
//!
//! What a hash costs is bounded, so that an import cannot bring one that takes more than 128 MiB or a few seconds.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::pbkdf2;
use data_encoding::BASE64_NOPAD;

use crate::credential::srp::same;

/// The most memory that a hash may take, in KiB.
const MOST_MEMORY: u64 = 128 * 1024;
/// The most memory that argon2 may pass over in all its rounds, in KiB.
const MOST_PASSED: u64 = 1024 * 1024;
/// The most blocks that scrypt may mix: OWASP's strongest setting has half as many.
const MOST_MIXED: u64 = 1 << 21;
/// The most rounds of PBKDF2.
const MOST_ROUNDS: u32 = 2_000_000;
/// The highest cost of bcrypt, about a second.
const HIGHEST_COST: u32 = 14;
/// The longest passcode that is hashed, in bytes.
pub(crate) const LONGEST_PASSCODE: usize = 1024;

const FORM: &str = "the hash is no bcrypt, argon2, scrypt or PBKDF2 in its PHC or modular form";
const COSTLY: &str = "the hash takes more than 128 MiB or a few seconds";

/// A hash with what it was made with.
pub(crate) struct Hash {
    scheme: Scheme,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

enum Scheme {
    /// The text itself; the library reads it.
    Bcrypt {
        text: String,
        cost: u32,
    },
    Argon2 {
        algorithm: Algorithm,
        version: Version,
        memory: u32,
        rounds: u32,
        lanes: u32,
    },
    Scrypt {
        log_n: u8,
        r: u32,
        p: u32,
    },
    Pbkdf2 {
        digest: Digest,
        rounds: NonZeroU32,
    },
}

#[derive(Clone, Copy)]
enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

impl Hash {
    /// Reads the text of a hash, or says why it cannot be used.
    pub(crate) fn read(text: &str) -> Result<Hash, &'static str> {
        if let Some(fields) = text.strip_prefix("pbkdf2_") {
            return django(fields);
        }
        let fields: Vec<&str> = text.strip_prefix('$').ok_or(FORM)?.split('$').collect();
        match fields[..] {
            ["2a" | "2b" | "2x" | "2y", cost, rest] => bcrypt(text, cost, rest),
            [kind, version, settings, salt, digest] if kind.starts_with("argon2") => {
                let version = version.strip_prefix("v=").ok_or(FORM)?;
                argon2(kind, number(version)?, settings, salt, digest)
            }
            // Texts of the first version do not name it.
            [kind, settings, salt, digest] if kind.starts_with("argon2") => {
                argon2(kind, 0x10, settings, salt, digest)
            }
            ["scrypt", settings, salt, digest] => scrypt(settings, salt, digest),
            [kind, settings, salt, digest] if kind.starts_with("pbkdf2") => {
                let of = kind.strip_prefix("pbkdf2-").unwrap_or("sha1");
                let rounds = match named(settings) {
                    Ok(settings) => *settings.get("i").ok_or(FORM)?,
                    Err(_) => number(settings)?,
                };
                pbkdf2_of(of, rounds, bytes(salt)?, bytes(digest)?)
            }
            _ => Err(FORM),
        }
    }

    /// Whether this is the hash of the passcode. It takes as long and as much memory as the hash says.
    pub(crate) fn matches(&self, passcode: &[u8]) -> bool {
        let passcode = &passcode[..passcode.len().min(LONGEST_PASSCODE)];
        let mut digest = vec![0; self.digest.len()];
        let computed = match &self.scheme {
            Scheme::Bcrypt { text, .. } => return bcrypt::verify(passcode, text).unwrap_or(false),
            Scheme::Argon2 { algorithm, version, memory, rounds, lanes } => {
                Params::new(*memory, *rounds, *lanes, Some(digest.len())).is_ok_and(|params| {
                    let argon2 = Argon2::new(*algorithm, *version, params);
                    argon2.hash_password_into(passcode, &self.salt, &mut digest).is_ok()
                })
            }
            Scheme::Scrypt { log_n, r, p } => scrypt::Params::new(*log_n, *r, *p)
                .is_ok_and(|to| scrypt::scrypt(passcode, &self.salt, &to, &mut digest).is_ok()),
            Scheme::Pbkdf2 { digest: of, rounds } => {
                pbkdf2::derive(of.algorithm(), *rounds, &self.salt, passcode, &mut digest);
                true
            }
        };
        computed && same(&digest, &self.digest)
    }

    /// The text of a hash that costs as much as this one and is nobody's.
    pub(crate) fn template(&self) -> String {
        let zeros = |bytes: &[u8]| BASE64_NOPAD.encode(&vec![0; bytes.len()]);
        let (salt, digest) = (zeros(&self.salt), zeros(&self.digest));
        match &self.scheme {
            Scheme::Bcrypt { cost, .. } => format!("$2b${cost:02}${}", ".".repeat(53)),
            Scheme::Argon2 { algorithm, version, memory, rounds, lanes } => {
                let (kind, version) = (algorithm.as_str(), *version as u32);
                format!("${kind}$v={version}$m={memory},t={rounds},p={lanes}${salt}${digest}")
            }
            Scheme::Scrypt { log_n, r, p } => {
                format!("$scrypt$ln={log_n},r={r},p={p}${salt}${digest}")
            }
            Scheme::Pbkdf2 { digest: of, rounds } => {
                format!("$pbkdf2-{}$i={rounds}${salt}${digest}", of.as_str())
            }
        }
    }

    /// The hash if salt and digest have a usable length.
    fn checked(self, shortest_salt: usize) -> Result<Hash, &'static str> {
        let salted = (shortest_salt..=64).contains(&self.salt.len());
        if salted && (16..=64).contains(&self.digest.len()) {
            Ok(self)
        } else {
            Err("the salt has 1 to 64 bytes, of argon2 at least 8, and the digest 16 to 64")
        }
    }
}

impl Digest {
    fn as_str(self) -> &'static str {
        match self {
            Digest::Sha1 => "sha1",
            Digest::Sha256 => "sha256",
            Digest::Sha512 => "sha512",
        }
    }

    fn algorithm(self) -> pbkdf2::Algorithm {
        match self {
            Digest::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Digest::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Digest::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        }
    }
}

fn bcrypt(text: &str, cost: &str, rest: &str) -> Result<Hash, &'static str> {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/');
    if cost.len() != 2 || rest.len() != 53 || !rest.bytes().all(is_fit) {
        return Err(FORM);
    }
    let cost = number(cost)?;
    if !(4..=HIGHEST_COST).contains(&cost) {
        return Err(COSTLY);
    }
    let scheme = Scheme::Bcrypt { text: text.to_owned(), cost };
    Ok(Hash { scheme, salt: Vec::new(), digest: Vec::new() })
}

fn argon2(
    kind: &str,
    version: u32,
    settings: &str,
    salt: &str,
    digest: &str,
) -> Result<Hash, &'static str> {
    let algorithm = Algorithm::new(kind).map_err(|_| FORM)?;
    let version = Version::try_from(version).map_err(|_| FORM)?;
    let settings = named(settings)?;
    let setting = |name: &str| settings.get(name).copied().ok_or(FORM);
    let (memory, rounds, lanes) = (setting("m")?, setting("t")?, setting("p")?);
    let passed = u64::from(memory).saturating_mul(rounds.into());
    if u64::from(memory) > MOST_MEMORY || passed > MOST_PASSED || lanes > 16 {
        return Err(COSTLY);
    }
    Params::new(memory, rounds, lanes, None).map_err(|_| FORM)?;
    let scheme = Scheme::Argon2 { algorithm, version, memory, rounds, lanes };
    Hash { scheme, salt: bytes(salt)?, digest: bytes(digest)? }.checked(8)
}

fn scrypt(settings: &str, salt: &str, digest: &str) -> Result<Hash, &'static str> {
    let settings = named(settings)?;
    let setting = |name: &str| settings.get(name).copied().ok_or(FORM);
    let (log_n, r, p) = (setting("ln")?, setting("r")?, setting("p")?);
    if !(1..=20).contains(&log_n) || r == 0 || p == 0 {
        return Err(FORM);
    }
    let blocks = u64::from(r).saturating_mul(1 << log_n);
    if blocks.saturating_mul(128) > MOST_MEMORY * 1024
        || blocks.saturating_mul(p.into()) > MOST_MIXED
    {
        return Err(COSTLY);
    }
    let log_n = u8::try_from(log_n).map_err(|_| FORM)?;
    let scheme = Scheme::Scrypt { log_n, r, p };
    Hash { scheme, salt: bytes(salt)?, digest: bytes(digest)? }.checked(1)
}

/// What follows `pbkdf2_` in the form of the Django framework, whose salt is a text.
fn django(fields: &str) -> Result<Hash, &'static str> {
    let fields: Vec<&str> = fields.split('$').collect();
    let [of, rounds, salt, digest] = fields[..] else { return Err(FORM) };
    pbkdf2_of(of, number(rounds)?, salt.as_bytes().to_vec(), bytes(digest)?)
}

fn pbkdf2_of(of: &str, rounds: u32, salt: Vec<u8>, digest: Vec<u8>) -> Result<Hash, &'static str> {
    let of = match of {
        "sha1" => Digest::Sha1,
        "sha256" => Digest::Sha256,
        "sha512" => Digest::Sha512,
        _ => return Err(FORM),
    };
    if rounds > MOST_ROUNDS {
        return Err(COSTLY);
    }
    let rounds = NonZeroU32::new(rounds).ok_or(FORM)?;
    Hash { scheme: Scheme::Pbkdf2 { digest: of, rounds }, salt, digest }.checked(1)
}

/// Settings such as `m=65536,t=3,p=4`.
fn named(settings: &str) -> Result<BTreeMap<&str, u32>, &'static str> {
    let setting = |one: &'_ str| -> Result<(usize, u32), &'static str> {
        let (name, value) = one.split_once('=').ok_or(FORM)?;
        Ok((name.len(), number(value)?))
    };
    settings.split(',').map(|one| setting(one).map(|(name, value)| (&one[..name], value))).collect()
}

fn number(text: &str) -> Result<u32, &'static str> {
    text.parse().map_err(|_| FORM)
}

/// Base64 without padding, or with it; some write `.` for `+`.
fn bytes(text: &str) -> Result<Vec<u8>, &'static str> {
    let text = text.trim_end_matches('=').replace('.', "+");
    BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| FORM)
}

#[cfg(test)]
mod tests;
