//! Where the master key comes from, and how a store is unlocked with it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::Error;
use crate::address::Address;
use crate::drivers::{Changes, Rows};
use crate::folder::{self, MASTER_KEY, cannot_open};
use crate::keyring::{self, Keyring, Secret, proof_address};
use crate::store::row_of;
use crate::{Key, Table};

/// The least that a passphrase has, in characters.
const SHORTEST_PASSPHRASE: usize = 12;

/// Where the master key of a store comes from. Its `Debug` prints no secret.
#[derive(Clone, Default)]
pub enum MasterKey {
    /// From the file `master.key` in the data folder, which is made with the store.
    #[default]
    OwnFile,
    /// From a file elsewhere: 32 bytes, or their hexadecimal digits or base64.
    File(PathBuf),
    /// It is given: 32 bytes as hexadecimal digits or base64.
    Text(Zeroizing<String>),
    /// It is derived from a passphrase by Argon2id (RFC 9106 §4, the second recommended choice: 64 MiB, three passes)
    /// with a random salt. Salt and parameters are kept in the store.
    Passphrase(Zeroizing<String>),
}

/// The master key, and the one before it where the store is still sealed with that.
#[derive(Clone, Debug, Default)]
pub struct MasterKeys {
    /// The key that the store is sealed with from now on.
    pub present: MasterKey,
    /// The key that it was sealed with until now. It is used once, and then no longer needed.
    pub previous: Option<MasterKey>,
}

/// How the master key is derived from the passphrase.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Derivation {
    salt: [u8; 16],
    /// Memory in KiB.
    memory: u32,
    passes: u32,
    lanes: u32,
}

/// How the present master key is derived, if it is.
const DERIVATION: Table<Derivation> = Table::shared("master-key-derivation");

impl Derivation {
    fn new() -> Result<Derivation, Error> {
        let random = keyring::random()?;
        let mut salt = [0; 16];
        salt.copy_from_slice(&random[..16]);
        Ok(Derivation { salt, memory: 64 * 1024, passes: 3, lanes: 1 })
    }

    fn key(&self, passphrase: &str) -> Result<Secret, Error> {
        let wrong =
            |e: argon2::Error| Error::Database(format!("the master key cannot be derived: {e}"));
        let mut key = Zeroizing::new([0; 32]);
        let params = Params::new(self.memory, self.passes, self.lanes, Some(key.len()));
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(wrong)?);
        argon2
            .hash_password_into(passphrase.as_bytes(), &self.salt, key.as_mut_slice())
            .map_err(wrong)?;
        Ok(key)
    }
}

impl MasterKey {
    /// The key with which a store can have been sealed until now. `None` where a passphrase cannot be what it was
    /// sealed with.
    fn present(
        &self,
        folder: &Path,
        derivation: Option<&Derivation>,
    ) -> Result<Option<Secret>, Error> {
        match (self, derivation) {
            (MasterKey::Passphrase(_), None) => Ok(None),
            (MasterKey::Passphrase(text), Some(derivation)) => derivation.key(text).map(Some),
            (MasterKey::OwnFile, _) => folder::master_key(folder),
            (MasterKey::File(path), _) => of_file(folder, path).map(Some),
            (MasterKey::Text(text), _) => of_text(text)
                .map(Some)
                .ok_or_else(|| cannot_open(folder, format!("{self} {NO_KEY}"))),
        }
    }

    /// A key to seal with from now on, and how it was derived.
    fn new_key(&self, folder: &Path) -> Result<(Secret, Option<Derivation>), Error> {
        match self {
            MasterKey::Passphrase(text) if text.chars().count() < SHORTEST_PASSPHRASE => {
                let reason = format!("{self} has fewer than {SHORTEST_PASSPHRASE} characters");
                Err(cannot_open(folder, reason))
            }
            MasterKey::Passphrase(text) => {
                let derivation = Derivation::new()?;
                Ok((derivation.key(text)?, Some(derivation)))
            }
            other => match other.present(folder, None)? {
                Some(key) => Ok((key, None)),
                None => Ok((folder::new_master_key(folder)?, None)),
            },
        }
    }
}

/// What is said of a key that is none.
const NO_KEY: &str = "does not hold 32 bytes: give 64 hexadecimal digits, or 44 letters of base64";

impl std::fmt::Display for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            MasterKey::OwnFile => write!(f, "the file {MASTER_KEY}"),
            MasterKey::File(path) => write!(f, "the file {}", path.display()),
            MasterKey::Text(_) => f.write_str("the master key that was given"),
            MasterKey::Passphrase(_) => f.write_str("the passphrase that was given"),
        }
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({self})")
    }
}

fn of_file(folder: &Path, path: &Path) -> Result<Secret, Error> {
    let bytes = fs::read(path).map(Zeroizing::new).map_err(|e| {
        let what = if e.kind() == ErrorKind::NotFound {
            "is missing".into()
        } else {
            format!("cannot be read: {e}")
        };
        cannot_open(folder, format!("the file {} with the master key {what}", path.display()))
    })?;
    folder::warn_if_readable(path);
    let key = keyring::secret(&bytes).or_else(|| of_text(std::str::from_utf8(&bytes).ok()?));
    key.ok_or_else(|| {
        let reason = format!(
            "the file {} does not hold 32 bytes, nor their hexadecimal digits or base64",
            path.display()
        );
        cannot_open(folder, reason)
    })
}

fn of_text(text: &str) -> Option<Secret> {
    let text = text.trim().as_bytes();
    let bytes = match text.len() {
        64 => data_encoding::HEXLOWER_PERMISSIVE.decode(text),
        44 => data_encoding::BASE64.decode(text).or_else(|_| data_encoding::BASE64URL.decode(text)),
        43 => data_encoding::BASE64_NOPAD
            .decode(text)
            .or_else(|_| data_encoding::BASE64URL_NOPAD.decode(text)),
        _ => return None,
    };
    keyring::secret(&Zeroizing::new(bytes.ok()?))
}

/// Opens the keyring of the rows, or makes one for rows that have none. Where the rows are sealed with the previous
/// key, the tenants' keys are sealed with the present one in one write, each with a new key before it: from then on
/// the previous master key opens nothing that is written.
pub(crate) fn unlock(rows: &Rows, folder: &Path, keys: &MasterKeys) -> Result<Keyring, Error> {
    let Some(proof) = stored(rows, folder, &proof_address())? else {
        let (key, derivation) = keys.present.new_key(folder)?;
        let keyring = Keyring::new(Ok(key));
        write(rows, folder, &keyring, derivation.as_ref(), Changes::new())?;
        return Ok(keyring);
    };
    let address = derivation_address();
    let derivation = stored(rows, folder, &address)?;
    let derivation = derivation.map(|row| DERIVATION.value_of(&address, &row)).transpose()?;
    let opening = |key: Option<Secret>| {
        key.map(|key| Keyring::new(Ok(key))).filter(|keyring| keyring.made(&proof))
    };
    let present = keys.present.present(folder, derivation.as_ref())?;
    let is_lost = present.is_none() && matches!(keys.present, MasterKey::OwnFile);
    if let Some(keyring) = opening(present) {
        if keys.previous.is_some() {
            tracing::warn!(
                "the previous master key is no longer needed; take it out of the settings"
            );
        }
        return Ok(keyring);
    }
    let Some(previous) = &keys.previous else {
        return Err(if is_lost { lost(folder) } else { wrong(folder, &keys.present) });
    };
    let former = opening(previous.present(folder, derivation.as_ref())?).ok_or_else(|| {
        let reason = format!(
            "neither {} nor, as the previous one, {previous} is what this store was sealed with; give the right one as the previous master key",
            keys.present
        );
        cannot_open(folder, reason)
    })?;
    let (key, derivation) = keys.present.new_key(folder)?;
    let keyring = Keyring::new(Ok(key));
    let resealed = keyring.take_over(&former, rows)?;
    write(rows, folder, &keyring, derivation.as_ref(), resealed)?;
    tracing::info!(
        "all keys are sealed with the new master key; the previous one is no longer needed"
    );
    Ok(keyring)
}

fn lost(folder: &Path) -> Error {
    let reason = format!(
        "its file {MASTER_KEY} is missing, and without it the sealed rows cannot be opened; restore it from a backup, or say in the settings where the master key is"
    );
    cannot_open(folder, reason)
}

fn wrong(folder: &Path, key: &MasterKey) -> Error {
    let reason = format!(
        "{key} is not the key that this store was sealed with; put the right one back, or, to change the key, give the former one as the previous master key"
    );
    cannot_open(folder, reason)
}

/// The row at an address, without its version.
fn stored(rows: &Rows, folder: &Path, address: &Address) -> Result<Option<Vec<u8>>, Error> {
    let unreadable =
        |e: Error| cannot_open(folder, format!("{e}; set the folder aside and restore a backup"));
    let row = rows.get(&address.bytes).map_err(|failure| unreadable(failure.of(address)))?;
    row.map(|row| row_of(address, &row).map(|(_, row)| row.to_vec()))
        .transpose()
        .map_err(unreadable)
}

fn write(
    rows: &Rows,
    folder: &Path,
    keyring: &Keyring,
    derivation: Option<&Derivation>,
    mut changes: Changes,
) -> Result<(), Error> {
    // These rows are in no unit of work, so their version does not matter.
    let versioned = |row: Vec<u8>| [0u64.to_be_bytes().as_slice(), &row].concat();
    let address = derivation_address();
    let row = derivation.map(|derivation| DERIVATION.to_bytes(&address, derivation)).transpose()?;
    changes.insert(address.bytes, row.map(versioned));
    changes.insert(proof_address().bytes, Some(versioned(keyring.proof()?)));
    rows.write(changes).map_err(|e| cannot_open(folder, e.to_string()))
}

fn derivation_address() -> Address {
    DERIVATION.address("", &Key::from("present"))
}
