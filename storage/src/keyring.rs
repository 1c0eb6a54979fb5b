//! The keys of the envelope: the master key seals the tenants' keys, a tenant's key seals its rows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key as CipherKey, KeyInit, Nonce};
use zeroize::Zeroizing;

use crate::address::{Address, Kind};
use crate::range::Stretch;
use crate::store::{Inner, row_of};
use crate::{Batch, Error, Key, Range};

/// 256 random bits, wiped when dropped.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

const SHAPE: u8 = 1;
/// The shape of a row with several keys.
const SEVERAL: u8 = 2;
const NONCE: usize = 12;

/// The table of the tenants' keys.
pub(crate) const TENANT_KEYS: &str = "tenant-keys";

/// The master key, and the tenants' keys that were opened with it.
pub(crate) struct Keyring {
    /// A store in memory makes its own when it begins; should that fail, whoever seals is told.
    master: Result<Secret, Error>,
    opened: Mutex<BTreeMap<String, Arc<Keys>>>,
}

/// The keys of a tenant. There are several only while rows are sealed again with the newest.
pub(crate) struct Keys {
    /// The version of their row. What is sealed is committed only while they are still the tenant's keys.
    pub(crate) version: u64,
    pub(crate) newest: Secret,
    /// The keys of rows that wait to be sealed again, the newest first.
    pub(crate) former: Vec<Secret>,
}

impl Keyring {
    pub(crate) fn new(master: Result<Secret, Error>) -> Keyring {
        Keyring { master, opened: Mutex::default() }
    }

    /// The same master key, for a copy of the store.
    pub(crate) fn anew(&self) -> Keyring {
        Keyring::new(self.master.clone())
    }

    /// A row that only this master key opens; written once, it tells a wrong key at the next start.
    pub(crate) fn proof(&self) -> Result<Vec<u8>, Error> {
        seal(self.master()?, &proof_address(), SHAPE, b"proof")
    }

    /// Whether this master key made the proof.
    pub(crate) fn made(&self, proof: &[u8]) -> bool {
        self.master().is_ok_and(|master| open(master, &proof_address(), proof).is_ok())
    }

    /// The keys of a tenant, if it has any.
    pub(crate) fn find(&self, store: &Inner, tenant: &str) -> Result<Option<Arc<Keys>>, Error> {
        if let Some(keys) = self.opened().get(tenant) {
            return Ok(Some(keys.clone()));
        }
        let address = tenant_key_address(tenant);
        let Some(row) = store.get(&address)? else { return Ok(None) };
        let keys = Arc::new(self.keys_of(&address, &row)?);
        self.opened().insert(tenant.to_owned(), keys.clone());
        Ok(Some(keys))
    }

    /// The keys of a tenant; a tenant without one gets one, committed before it is used.
    pub(crate) async fn find_or_add(
        &self,
        store: &Inner,
        tenant: &str,
    ) -> Result<Arc<Keys>, Error> {
        loop {
            if let Some(keys) = self.find(store, tenant)? {
                return Ok(keys);
            }
            match store.commit(self.new_key(tenant)?).await {
                Ok(()) | Err(Error::Conflict { .. }) => continue,
                Err(other) => return Err(other),
            }
        }
    }

    /// A new key for a tenant that has none.
    pub(crate) fn new_key(&self, tenant: &str) -> Result<Batch, Error> {
        let address = tenant_key_address(tenant);
        let mut batch = Batch::new();
        batch.expectations.push((address.clone(), None));
        let row = self.row_of_keys(&address, &random()?, &[])?;
        batch.rows.insert(address, Some(row));
        Ok(batch)
    }

    /// Forgets what was opened, since somebody has changed it.
    pub(crate) fn forget(&self) {
        self.opened().clear();
    }

    /// The keys that this stored row holds, its version included.
    pub(crate) fn keys_of(&self, address: &Address, row: &[u8]) -> Result<Keys, Error> {
        let (version, row) = row_of(address, row)?;
        let bytes = open(self.master()?, address, row)?;
        let mut keys = bytes.chunks(32).map(secret);
        let mut next =
            || keys.next().map(|key| key.ok_or_else(|| address.corrupt("a key has 32 bytes")));
        let newest = next().unwrap_or_else(|| Err(address.corrupt("there is no key in it")))?;
        let former = std::iter::from_fn(next).collect::<Result<_, _>>()?;
        Ok(Keys { version, newest, former })
    }

    /// The row of these keys, without a version.
    pub(crate) fn row_of_keys(
        &self,
        address: &Address,
        newest: &Secret,
        former: &[&Secret],
    ) -> Result<Vec<u8>, Error> {
        let keys = std::iter::once(newest).chain(former.iter().copied());
        let bytes = Zeroizing::new(keys.flat_map(|key| key.iter().copied()).collect::<Vec<u8>>());
        seal(self.master()?, address, if former.is_empty() { SHAPE } else { SEVERAL }, &bytes)
    }

    /// The row of a tenant's keys with a new one before them, without a version.
    pub(crate) fn with_new_key(&self, address: &Address, keys: &Keys) -> Result<Vec<u8>, Error> {
        let former: Vec<&Secret> = std::iter::once(&keys.newest).chain(&keys.former).collect();
        self.row_of_keys(address, &random()?, &former)
    }

    fn master(&self) -> Result<&Secret, Error> {
        self.master.as_ref().map_err(Clone::clone)
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Keys>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn proof_address() -> Address {
    Address::new(Kind::SharedRow, "", "master-key", &Key::from("proof"))
}

/// The address of a tenant's keys.
pub(crate) fn tenant_key_address(tenant: &str) -> Address {
    Address::new(Kind::SharedRow, "", TENANT_KEYS, &Key::from(tenant))
}

/// All addresses of tenants' keys.
pub(crate) fn tenant_keys() -> Stretch {
    Range::all().stretch(|key| Address::new(Kind::SharedRow, "", TENANT_KEYS, key))
}

/// The secret that these bytes are, if they are 32.
pub(crate) fn secret(bytes: &[u8]) -> Option<Secret> {
    let mut secret = Zeroizing::new([0; 32]);
    (bytes.len() == secret.len()).then(|| {
        secret.copy_from_slice(bytes);
        secret
    })
}

/// 256 bits from the operating system.
pub(crate) fn random() -> Result<Secret, Error> {
    let mut secret = Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut_slice()).map_err(no_random)?;
    Ok(secret)
}

fn no_random(cause: getrandom::Error) -> Error {
    Error::Database(format!("the system gives no random numbers: {cause}"))
}

/// Shape, nonce and ciphertext; the address and the shape are authenticated with it.
pub(crate) fn seal(
    key: &Secret,
    address: &Address,
    shape: u8,
    secret: &[u8],
) -> Result<Vec<u8>, Error> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(no_random)?;
    let bound = bound(address, shape);
    let payload = Payload { msg: secret, aad: &bound };
    let sealed = cipher(key)
        .encrypt(Nonce::from_slice(&nonce), payload)
        .map_err(|_| address.unwritable("the secret is too long to be sealed"))?;
    let mut bytes = vec![shape];
    bytes.extend(nonce);
    bytes.extend(sealed);
    Ok(bytes)
}

/// The secret of a sealed row.
pub(crate) fn open(
    key: &Secret,
    address: &Address,
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (shape, nonce, sealed) = match bytes.split_first() {
        Some((&shape, rest)) if rest.len() > NONCE => (shape, &rest[..NONCE], &rest[NONCE..]),
        _ => return Err(address.corrupt("the sealed row is too short")),
    };
    let bound = bound(address, shape);
    let payload = Payload { msg: sealed, aad: &bound };
    let secret = cipher(key).decrypt(Nonce::from_slice(nonce), payload);
    secret.map(Zeroizing::new).map_err(|_| {
        address.corrupt("the seal does not open: wrong key, or the row was changed or moved")
    })
}

fn bound(address: &Address, shape: u8) -> Vec<u8> {
    let mut bound = address.bytes.clone();
    bound.push(shape);
    bound
}

fn cipher(key: &Secret) -> Aes256Gcm {
    Aes256Gcm::new(CipherKey::<Aes256Gcm>::from_slice(key.as_slice()))
}
