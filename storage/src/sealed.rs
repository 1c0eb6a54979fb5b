//! Sealed tables: rows that are encrypted at rest, the only way in which a secret becomes bytes.

use std::marker::PhantomData;

use zeroize::Zeroizing;

use crate::address::{Address, Kind};
use crate::table::check_shape;
use crate::{Error, Key, keyring};

/// A secret that can be sealed. It needs no other way to become bytes, and should have none.
pub trait Seal: Sized {
    /// The secret's bytes, which are wiped when they are dropped.
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>>;

    /// The secret of these bytes, or what is wrong with them (without repeating them).
    fn from_secret_bytes(bytes: &[u8]) -> Result<Self, String>;
}

/// A table of sealed rows of `T`, declared as a constant beside `T`.
///
/// A row is encrypted with AES-256-GCM under the key of its tenant, which itself is sealed with the master key of
/// the store. Table, tenant, key and shape are authenticated with it: a row that is moved does not open.
pub struct SealedTable<T> {
    pub(crate) name: &'static str,
    kind: Kind,
    shape: u8,
    row: PhantomData<fn() -> T>,
}

impl<T> SealedTable<T> {
    /// A table whose rows belong to tenants.
    pub const fn new(name: &'static str) -> SealedTable<T> {
        SealedTable { name, kind: Kind::Row, shape: 1, row: PhantomData }
    }

    /// A table whose rows belong to no tenant; they are sealed with a key of the store's own.
    pub const fn shared(name: &'static str) -> SealedTable<T> {
        SealedTable { name, kind: Kind::SharedRow, shape: 1, row: PhantomData }
    }

    /// The same table, writing rows of this shape; without it the shape is 1. Rows of older shapes still open.
    #[must_use]
    pub const fn shape(mut self, shape: u8) -> SealedTable<T> {
        self.shape = shape;
        self
    }

    /// The name of the table.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn address(&self, tenant: &str, key: &Key) -> Address {
        Address::new(self.kind, tenant, self.name, key)
    }

    /// Whose key seals the rows: the tenant, or nobody for shared rows.
    pub(crate) fn owner<'a>(&self, tenant: &'a str) -> &'a str {
        if self.kind == Kind::SharedRow { "" } else { tenant }
    }
}

impl<T: Seal> SealedTable<T> {
    pub(crate) fn to_bytes(
        &self,
        address: &Address,
        key: &keyring::Secret,
        value: &T,
    ) -> Result<Vec<u8>, Error> {
        keyring::seal(key, address, self.shape, &value.to_secret_bytes())
    }

    pub(crate) fn value_of(
        &self,
        address: &Address,
        keys: &keyring::Keys,
        bytes: &[u8],
    ) -> Result<T, Error> {
        let shape = *bytes.first().ok_or_else(|| address.corrupt("the row is empty"))?;
        check_shape(shape, self.shape).map_err(|reason| address.corrupt(reason))?;
        let secret = keys
            .former
            .iter()
            .fold(keyring::open(&keys.newest, address, bytes), |opened, key| {
                opened.or_else(|_| keyring::open(key, address, bytes))
            })?;
        T::from_secret_bytes(&secret).map_err(|reason| address.corrupt(reason))
    }
}

impl<T> std::fmt::Debug for SealedTable<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedTable({})", self.name)
    }
}
