//! Where a row stands among all rows of the store: kind, tenant, table, key.

use crate::{Error, Key};

/// The longest address in bytes; a longer one would not fit the pages of every driver.
pub(crate) const LONGEST_ADDRESS: usize = 2048;
/// The longest row in bytes; larger things belong into files.
const LONGEST_ROW: usize = 16 << 20;

/// What sort of row it is: the first byte of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A row of the store's own.
    Own = 0x00,
    /// A row of a tenant.
    Row = 0x01,
    /// A row of no tenant.
    SharedRow = 0x02,
    /// A counter cell of a tenant.
    Cell = 0x03,
}

/// The address of a row: its bytes in the database, and what messages call it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) bytes: Vec<u8>,
    prefix: usize,
    pub(crate) table: &'static str,
}

impl Address {
    pub(crate) fn new(kind: Kind, tenant: &str, table: &'static str, key: &Key) -> Address {
        let mut bytes = Vec::with_capacity(8 + tenant.len() + table.len() + key.bytes().len());
        bytes.push(kind as u8);
        let mut begin = Key::of_bytes(bytes);
        if matches!(kind, Kind::Row | Kind::Cell) {
            begin = begin.text(tenant);
        }
        let mut bytes = begin.text(table).into_bytes();
        let prefix = bytes.len();
        bytes.extend_from_slice(key.bytes());
        Address { bytes, prefix, table }
    }

    /// The address of another row of the same table, from its bytes.
    pub(crate) fn sibling(&self, bytes: Vec<u8>) -> Address {
        Address { bytes, prefix: self.prefix, table: self.table }
    }

    /// The address of a row of whichever table and tenant, from its bytes.
    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Address {
        Address { prefix: bytes.len().min(1), bytes, table: "any" }
    }

    /// Whose key seals the row if it is sealed: the tenant, or nobody for shared rows.
    pub(crate) fn owner(&self) -> Result<String, Error> {
        match self.bytes.split_first() {
            Some((&kind, key)) if kind == Kind::Row as u8 => Key::of_bytes(key).read().text(),
            _ => Ok(String::new()),
        }
    }

    pub(crate) fn key(&self) -> Key {
        Key::of_bytes(&self.bytes[self.prefix..])
    }

    pub(crate) fn conflict(&self) -> Error {
        Error::Conflict { table: self.table, key: self.key().parts() }
    }

    pub(crate) fn exhausted(&self) -> Error {
        Error::Exhausted { table: self.table, key: self.key().parts() }
    }

    pub(crate) fn corrupt(&self, reason: impl Into<String>) -> Error {
        Error::Corrupt { table: self.table, key: self.key().parts(), reason: reason.into() }
    }

    /// [`Error::Unwritable`] for a row that is too long.
    pub(crate) fn check_length(&self, row: &[u8]) -> Result<(), Error> {
        if row.len() > LONGEST_ROW {
            return Err(self.unwritable(format!("the row is longer than {LONGEST_ROW} bytes")));
        }
        Ok(())
    }

    pub(crate) fn unwritable(&self, reason: impl Into<String>) -> Error {
        Error::Unwritable { table: self.table, key: self.key().parts(), reason: reason.into() }
    }
}
