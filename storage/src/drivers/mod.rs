//! The drivers: a closed set of databases behind one contract.

mod memory;

use std::collections::BTreeMap;
use std::path::Path;

use crate::Error;
use crate::range::Stretch;
use memory::Memory;

/// A database that keeps its rows in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// sled, the default.
    Sled,
    /// redb.
    Redb,
}

impl Driver {
    /// `sled` or `redb`.
    pub fn name(self) -> &'static str {
        match self {
            Driver::Sled => "sled",
            Driver::Redb => "redb",
        }
    }
}

impl std::str::FromStr for Driver {
    type Err = String;

    fn from_str(name: &str) -> Result<Driver, String> {
        match name {
            "sled" => Ok(Driver::Sled),
            "redb" => Ok(Driver::Redb),
            other => Err(format!("there is no driver {other}; there are sled and redb")),
        }
    }
}

/// What a group writes: a row, or with `None` its removal.
pub(crate) type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// A row and its address.
pub(crate) type Stored = (Vec<u8>, Vec<u8>);

/// The rows of an open store.
///
/// `get` and `scan` see the rows of the last `write` that returned, and all of it or nothing. `write` is durable
/// when it returns, and is called by one thread only.
pub(crate) enum Rows {
    Memory(Memory),
}

impl Rows {
    pub(crate) fn memory() -> Rows {
        Rows::Memory(Memory::default())
    }

    pub(crate) fn open(_driver: Driver, _folder: &Path) -> Result<Rows, Error> {
        Ok(Rows::memory())
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Rows::Memory(_) => "memory",
        }
    }

    pub(crate) fn get(&self, address: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Rows::Memory(rows) => Ok(rows.get(address)),
        }
    }

    /// At most `limit` rows of the stretch, in its direction. The stretch is not empty.
    pub(crate) fn scan(&self, stretch: &Stretch, limit: usize) -> Result<Vec<Stored>, Error> {
        match self {
            Rows::Memory(rows) => Ok(rows.scan(stretch, limit)),
        }
    }

    pub(crate) fn write(&self, changes: Changes) -> Result<(), Error> {
        match self {
            Rows::Memory(rows) => {
                rows.write(changes);
                Ok(())
            }
        }
    }
}
