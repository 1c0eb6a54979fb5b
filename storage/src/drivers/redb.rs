//! Rows in redb: one table, one write transaction per group.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use ::redb::{
    Builder, Database, Durability, ReadOnlyTable, ReadableDatabase, StorageError, TableDefinition,
};

use super::{Changes, Failure, Stored};
use crate::folder::{self, sync_names};
use crate::range::Stretch;

const ROWS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("rows");
/// What redb may keep in memory, in bytes.
const CACHE: usize = 16 << 20;

/// An open redb file.
pub(crate) struct Redb {
    /// The rows as of the last commit; opening a table for each read would cost more than the read.
    committed: RwLock<ReadOnlyTable<&'static [u8], &'static [u8]>>,
    database: Database,
}

impl Redb {
    pub(crate) fn open(folder: &Path) -> Result<Redb, Failure> {
        let file = folder.join(folder::REDB);
        if !file.exists() {
            make(folder, &file)?;
        }
        let database = Builder::new().set_cache_size(CACHE).open(&file).map_err(database)?;
        Ok(Redb { committed: RwLock::new(committed(&database)?), database })
    }

    pub(crate) fn get(&self, address: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        let rows = self.committed.read().unwrap_or_else(PoisonError::into_inner);
        let row = rows.get(address).map_err(|e| row_failure(address, e))?;
        Ok(row.map(|row| row.value().to_vec()))
    }

    pub(crate) fn scan(&self, stretch: &Stretch, limit: usize) -> Result<Vec<Stored>, Failure> {
        let rows = self.committed.read().unwrap_or_else(PoisonError::into_inner);
        let inside = rows.range::<&[u8]>(stretch.bounds()).map_err(database)?.map(|row| {
            let (address, row) = row.map_err(database)?;
            Ok((address.value().to_vec(), row.value().to_vec()))
        });
        if stretch.descending {
            inside.rev().take(limit).collect()
        } else {
            inside.take(limit).collect()
        }
    }

    pub(crate) fn write(&self, changes: Changes) -> Result<(), Failure> {
        write(&self.database, changes, Durability::None)?;
        let committed = committed(&self.database)?;
        *self.committed.write().unwrap_or_else(PoisonError::into_inner) = committed;
        Ok(())
    }

    /// A commit that is durable makes those before it durable.
    pub(crate) fn sync(&self) -> Result<(), Failure> {
        write(&self.database, Changes::new(), Durability::Immediate)
    }
}

/// Makes an empty database that after a power cut is whole or not there.
fn make(folder: &Path, file: &Path) -> Result<(), Failure> {
    let unfinished = file.with_extension("redb.new");
    match fs::remove_file(&unfinished) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(database(e)),
        _ => {}
    }
    let made = Builder::new().set_cache_size(CACHE).create(&unfinished).map_err(database)?;
    write(&made, Changes::new(), Durability::Immediate)?;
    made.close().map_err(database)?;
    fs::File::open(&unfinished).and_then(|file| file.sync_all()).map_err(database)?;
    fs::rename(&unfinished, file).map_err(database)?;
    sync_names(folder).map_err(database)
}

fn write(to: &Database, changes: Changes, durability: Durability) -> Result<(), Failure> {
    let mut transaction = to.begin_write().map_err(database)?;
    transaction.set_durability(durability).map_err(database)?;
    {
        let mut rows = transaction.open_table(ROWS).map_err(database)?;
        for (address, row) in changes {
            match row {
                Some(row) => rows.insert(address.as_slice(), row.as_slice()),
                None => rows.remove(address.as_slice()),
            }
            .map_err(database)?;
        }
    }
    transaction.commit().map_err(database)
}

fn committed(of: &Database) -> Result<ReadOnlyTable<&'static [u8], &'static [u8]>, Failure> {
    of.begin_read().map_err(database)?.open_table(ROWS).map_err(database)
}

fn row_failure(address: &[u8], cause: StorageError) -> Failure {
    match cause {
        StorageError::Corrupted(reason) => Failure::Corrupt { address: address.to_vec(), reason },
        other => database(other),
    }
}

fn database(cause: impl std::fmt::Display) -> Failure {
    Failure::Database(format!("redb: {cause}"))
}
