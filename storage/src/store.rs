//! The store: one folder, or memory, shared by all tenants.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use crate::address::{Address, LONGEST_ADDRESS};
use crate::committer::{self, Committer};
use crate::drivers::{Driver, Found, Rows, Stored};
use crate::folder::{self, Lock};
use crate::keyring::{self, Keyring, TENANT_KEYS};
use crate::master::{self, MasterKeys};
use crate::range::Stretch;
use crate::{Batch, Error, Space};

mod rotation;
mod trial;

/// Rows in one place: in memory, or in a folder held by this process. Cloning it shares it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

pub use rotation::Rotation;

/// What the clones of a store share.
pub(crate) struct Inner {
    pub(crate) keyring: Keyring,
    open: Arc<Opened>,
    committer: Mutex<Option<Committer>>,
    driver_name: &'static str,
}

/// The rows, until the store is closed.
pub(crate) struct Opened {
    pub(crate) held: RwLock<Option<Held>>,
    pub(crate) syncs: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) written: AtomicU64,
    read: AtomicU64,
    looks: AtomicU64,
    /// How many commits more are let through; only a trial bounds it.
    pub(crate) left: AtomicU64,
    /// The first failed write; it ends all commits.
    pub(crate) failure: OnceLock<Error>,
}

/// The rows and the lock on their folder, which is released after them.
pub(crate) struct Held {
    pub(crate) rows: Rows,
    _lock: Option<Lock>,
}

impl Store {
    /// An empty store in memory, with a master key of its own; it ends with the process.
    pub fn memory() -> Store {
        let keyring = Keyring::new(keyring::random());
        Store::start(Rows::memory(), None, keyring, 0)
    }

    /// Opens the store in this folder, or makes a new one there: rows, master key and lock.
    ///
    /// [`Error::InUse`] when a process holds the folder already; [`Error::CannotOpen`], with what to do, when it was
    /// made by another driver, its master key is missing or wrong, or the database is damaged. Blocks meanwhile.
    pub fn open(driver: Driver, folder: &Path) -> Result<Store, Error> {
        Store::open_with(driver, folder, &MasterKeys::default())
    }

    /// The same with a master key from elsewhere; errors as well when that is not the right one. Where the previous
    /// master key is given and still in use, the store is sealed with the present one when this returns, and
    /// [`Store::rotate_some`] has the rows to seal again.
    pub fn open_with(driver: Driver, folder: &Path, keys: &MasterKeys) -> Result<Store, Error> {
        let cannot_open = |reason: String| Error::CannotOpen { folder: folder.to_owned(), reason };
        let lock = folder::hold(folder)?;
        folder::mark(driver, folder)?;
        let rows = Rows::open(driver, folder)?;
        let unreadable =
            |e: Error| cannot_open(format!("{e}; set the folder aside and restore a backup"));
        let sequence = committer::last_sequence(&rows).map_err(unreadable)?;
        let keyring = master::unlock(&rows, folder, keys)?;
        Ok(Store::start(rows, Some(lock), keyring, sequence))
    }

    fn start(rows: Rows, lock: Option<Lock>, keyring: Keyring, sequence: u64) -> Store {
        let driver_name = rows.name();
        let open = Arc::new(Opened {
            held: RwLock::new(Some(Held { rows, _lock: lock })),
            syncs: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            written: AtomicU64::new(0),
            read: AtomicU64::new(0),
            looks: AtomicU64::new(0),
            left: AtomicU64::new(u64::MAX),
            failure: OnceLock::new(),
        });
        let committer = Committer::start(open.clone(), sequence);
        Store(Arc::new(Inner {
            keyring,
            open,
            committer: Mutex::new(Some(committer)),
            driver_name,
        }))
    }

    /// The rows of one tenant.
    pub fn space(&self, tenant: &str) -> Space {
        Space::new(self.0.clone(), tenant)
    }

    /// The space of no tenant: for what belongs to the server itself, and for work on shared tables.
    pub fn shared(&self) -> Space {
        self.space("")
    }

    /// Writes a batch: all of it, durably, when this returns `Ok`; none of it on [`Error::Conflict`],
    /// [`Error::Exhausted`] and [`Error::Unwritable`]. After [`Error::Database`] it is not known whether it was
    /// written, and the store takes no more commits. Dropping the future does not take the commit back.
    pub async fn commit(&self, batch: Batch) -> Result<(), Error> {
        self.0.commit(batch).await
    }

    /// Finishes the commits that were begun, flushes and releases the folder, for all clones and spaces of this
    /// store: afterwards they answer [`Error::Closed`].
    pub async fn close(&self) {
        let committer = self.0.take_committer();
        if let Some(committer) = committer {
            committer.finished().await;
            self.0.open.release();
        }
    }

    #[cfg(test)]
    pub(crate) fn opened(&self) -> &Opened {
        &self.0.open
    }

    /// Whether the store takes commits.
    ///
    /// # Errors
    /// What every commit is answered with after a write or a sync has failed.
    pub fn takes_commits(&self) -> Result<(), Error> {
        if let Some(failure) = self.0.open.failure.get() {
            return Err(failure.clone());
        }
        let failure = self.0.open.rows(|rows| Ok(rows.failure()))?;
        failure.map_or(Ok(()), |failure| Err(Error::Database(failure.to_string())))
    }

    /// How often the log was synced for commits since the store was opened.
    pub fn syncs(&self) -> u64 {
        self.0.open.syncs.load(Ordering::Relaxed)
    }

    /// How often the database was synced, which takes the commits in from the log, since the store was opened.
    pub fn database_syncs(&self) -> u64 {
        self.0.open.rows(|rows| Ok(rows.syncs())).unwrap_or_default()
    }

    /// How many commits were made durable since the store was opened.
    pub fn commits(&self) -> u64 {
        self.0.open.commits.load(Ordering::Relaxed)
    }

    /// How many bytes of rows and addresses were given to the database since the store was opened.
    pub fn bytes_written(&self) -> u64 {
        self.0.open.written.load(Ordering::Relaxed)
    }

    /// How many bytes of rows were read for units of work since the store was opened.
    pub fn bytes_read(&self) -> u64 {
        self.0.open.read.load(Ordering::Relaxed)
    }

    /// How often something was looked for in the database for units of work since the store was opened: a row, or rows
    /// that lie side by side. Each look goes down the database's tree, and may have to fetch a page from the disk.
    pub fn looks(&self) -> u64 {
        self.0.open.looks.load(Ordering::Relaxed)
    }

    /// `memory`, `sled` or `redb`.
    pub fn driver_name(&self) -> &'static str {
        self.0.driver_name
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.driver_name())
    }
}

impl Inner {
    pub(crate) fn find(&self, address: &Address) -> Result<Option<Arc<Found>>, Error> {
        let row = self
            .open
            .rows(|rows| rows.find(&address.bytes).map_err(|failure| failure.of(address)))?;
        self.has_read(row.as_ref().map_or(0, |row| row.bytes().len()));
        Ok(row)
    }

    pub(crate) fn get(&self, address: &Address) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.find(address)?.map(|row| row.bytes().to_vec()))
    }

    pub(crate) fn scan(
        &self,
        table: &Address,
        stretch: &Stretch,
        limit: usize,
    ) -> Result<Vec<Stored>, Error> {
        let rows = self
            .open
            .rows(|rows| rows.scan(stretch, limit).map_err(|failure| failure.of(table)))?;
        self.has_read(rows.iter().map(|(_, row)| row.len()).sum());
        Ok(rows)
    }

    fn has_read(&self, bytes: usize) {
        self.open.looks.fetch_add(1, Ordering::Relaxed);
        self.open.read.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) async fn commit(&self, batch: Batch) -> Result<(), Error> {
        check_lengths(&batch)?;
        let queue = self
            .committer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(Committer::queue);
        let result = committer::commit(queue.ok_or(Error::Closed)?, batch).await;
        if matches!(result, Err(Error::Conflict { table: TENANT_KEYS, .. })) {
            self.keyring.forget();
        }
        result
    }

    fn take_committer(&self) -> Option<Committer> {
        self.committer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(committer) = self.take_committer() {
            committer.finish();
            self.open.release();
        }
    }
}

impl Opened {
    /// Looks at the rows, unless the store is closed.
    pub(crate) fn rows<R>(&self, look: impl FnOnce(&Rows) -> Result<R, Error>) -> Result<R, Error> {
        match &*self.held.read().unwrap_or_else(PoisonError::into_inner) {
            Some(held) => look(&held.rows),
            None => Err(Error::Closed),
        }
    }

    fn release(&self) {
        let held = self.held.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(held);
    }
}

/// Version and row of what is stored at an address.
pub(crate) fn row_of<'a>(address: &Address, bytes: &'a [u8]) -> Result<(u64, &'a [u8]), Error> {
    match bytes.split_first_chunk::<8>() {
        Some((version, row)) => Ok((u64::from_be_bytes(*version), row)),
        None => Err(address.corrupt("the row is shorter than its version")),
    }
}

fn check_lengths(batch: &Batch) -> Result<(), Error> {
    let addresses = batch.rows.keys().chain(batch.cells.iter().map(|(address, _)| address));
    for address in addresses {
        if address.bytes.len() > LONGEST_ADDRESS {
            return Err(address.unwritable(format!(
                "tenant, table and key are longer than {LONGEST_ADDRESS} bytes"
            )));
        }
    }
    for (address, row) in &batch.rows {
        row.as_ref().map_or(Ok(()), |row| address.check_length(row))?;
    }
    Ok(())
}
