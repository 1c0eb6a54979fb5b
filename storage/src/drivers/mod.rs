//! The drivers: a closed set of databases behind one contract.

mod log;
mod logged;
mod memory;
mod recent;
mod redb;
mod sled;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use crate::Error;
use crate::address::Address;
use crate::folder::cannot_open;
use crate::range::Stretch;

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

pub(crate) use recent::Found;

/// What a group writes: a row, or with `None` its removal.
pub(crate) type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// A row and its address.
pub(crate) type Stored = (Vec<u8>, Vec<u8>);

/// Why a driver could not do what was asked.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The database or its disk failed.
    Database(String),
    /// The bytes of one row are not what was written.
    Corrupt { address: Vec<u8>, reason: String },
}

impl Failure {
    /// The error for whoever asked for this row, or for a row of its table.
    pub(crate) fn of(self, asked: &Address) -> Error {
        match self {
            Failure::Database(cause) => Error::Database(cause),
            Failure::Corrupt { address, reason } => asked.sibling(address).corrupt(reason),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Database(cause) => f.write_str(cause),
            Failure::Corrupt { reason, .. } => write!(f, "a row is corrupt: {reason}"),
        }
    }
}

/// The rows of an open store.
///
/// `find`, `get` and `scan` see the rows of the last `write` that returned `Ok`, and all of it or nothing, but for sled, which
/// needs a log before it for that. `write` is durable when it returns, but for the databases alone, which `sync` makes
/// durable. Both are called by one thread at a time, and not again after one of them failed.
pub(crate) enum Rows {
    Memory(memory::Memory),
    Sled(sled::Sled),
    Redb(redb::Redb),
    /// One of the databases with a log before it.
    Logged(logged::Logged),
}

impl Rows {
    pub(crate) fn memory() -> Rows {
        Rows::Memory(memory::Memory::default())
    }

    /// Opens or makes the rows in a folder that this process holds.
    pub(crate) fn open(driver: Driver, folder: &Path) -> Result<Rows, Error> {
        // Both databases may panic on files that were damaged by something else.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let rows = match driver {
                Driver::Sled => sled::Sled::open(folder).map(Rows::Sled),
                Driver::Redb => redb::Redb::open(folder).map(Rows::Redb),
            };
            logged::Logged::open(rows?, folder).map(Rows::Logged)
        }));
        let opened = opened.unwrap_or_else(|panic| Err(Failure::Database(said(&*panic))));
        opened.map_err(|failure| {
            let reason = format!(
                "{failure}; if the disk is full or may not be written, mend that and start again; if the files are \
                 damaged, set the folder aside and restore a backup"
            );
            cannot_open(folder, reason)
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Rows::Memory(_) => "memory",
            Rows::Sled(_) => Driver::Sled.name(),
            Rows::Redb(_) => Driver::Redb.name(),
            Rows::Logged(rows) => rows.name(),
        }
    }

    /// The row at an address. One that is found again and again in a database is the same one until it changes.
    pub(crate) fn find(&self, address: &[u8]) -> Result<Option<Arc<Found>>, Failure> {
        let row = match self {
            Rows::Memory(rows) => rows.get(address),
            Rows::Sled(rows) => rows.get(address)?,
            Rows::Redb(rows) => rows.get(address)?,
            Rows::Logged(rows) => return rows.find(address),
        };
        Ok(row.map(Found::new))
    }

    /// The bytes of a row.
    pub(crate) fn get(&self, address: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.find(address)?.map(|row| row.bytes().to_vec()))
    }

    /// At most `limit` rows of the stretch, in its direction. The stretch is not empty.
    pub(crate) fn scan(&self, stretch: &Stretch, limit: usize) -> Result<Vec<Stored>, Failure> {
        match self {
            Rows::Memory(rows) => Ok(rows.scan(stretch, limit)),
            Rows::Sled(rows) => rows.scan(stretch, limit),
            Rows::Redb(rows) => rows.scan(stretch, limit),
            Rows::Logged(rows) => rows.scan(stretch, limit),
        }
    }

    /// The failure that ended all writes though nobody was told yet.
    pub(crate) fn failure(&self) -> Option<Failure> {
        match self {
            Rows::Logged(rows) => rows.failure(),
            _ => None,
        }
    }

    /// How often the database behind a log was synced.
    pub(crate) fn syncs(&self) -> u64 {
        match self {
            Rows::Logged(rows) => rows.syncs(),
            _ => 0,
        }
    }

    pub(crate) fn write(&self, changes: Changes) -> Result<(), Failure> {
        let written = catch_unwind(AssertUnwindSafe(|| match self {
            Rows::Memory(rows) => {
                rows.write(changes);
                Ok(())
            }
            Rows::Sled(rows) => rows.write(changes),
            Rows::Redb(rows) => rows.write(changes),
            Rows::Logged(rows) => rows.write(changes),
        }));
        written.unwrap_or_else(|panic| Err(Failure::Database(said(&*panic))))
    }

    /// Makes durable what was written.
    pub(crate) fn sync(&self) -> Result<(), Failure> {
        let synced = catch_unwind(AssertUnwindSafe(|| match self {
            Rows::Memory(_) | Rows::Logged(_) => Ok(()),
            Rows::Sled(rows) => rows.sync(),
            Rows::Redb(rows) => rows.sync(),
        }));
        synced.unwrap_or_else(|panic| Err(Failure::Database(said(&*panic))))
    }
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the database panicked: {}", text.unwrap_or("without a word"))
}
