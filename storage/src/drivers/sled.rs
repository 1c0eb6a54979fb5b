//! Rows in sled, with what it takes to make it durable: own syncs, small values, one writer.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use ::sled::{Batch, Config, Db, Lsn, Mode};

use self::snapshot::Snapshots;
use super::{Changes, Failure, Stored};
use crate::folder::{self, sync_names};
use crate::range::Stretch;

/// What sled may keep of its pages in memory, in bytes.
const CACHE: u64 = 16 << 20;
/// The longest value. A page of sled's holds up to 16 of them, and a page of more than 128 KiB would go to a file
/// that sled never syncs.
const LONGEST: usize = 4096;
/// How long a segment of sled's log is in a new folder, in bytes. At opening, and at the first write after it, sled
/// looks at every segment, and at the first write at every other one for each.
const SEGMENT: usize = 2 << 20;
/// How long sled's threads may take to let go of its file.
const RELEASE: Duration = Duration::from_secs(10);
/// Comes before an address and the number of a chunk; sorts after all kinds of rows.
const CHUNK: u8 = 0x10;
/// The first byte of a value that is the row itself.
const WHOLE: u8 = 0;
/// The first byte of a value that says how long the row is (four bytes), which lies in chunks.
const CHUNKED: u8 = 1;

/// An open sled folder.
pub(crate) struct Sled {
    snapshots: Snapshots,
    rows: Db,
    /// Held while a batch is applied, and while a row in chunks is read: sled finds each chunk by itself.
    batches: RwLock<()>,
    /// sled's flush leaves the size of its file and the cache of the drive unsynced; this handle syncs them.
    log: File,
}

impl Sled {
    pub(crate) fn open(folder: &Path) -> Result<Sled, Failure> {
        Sled::open_with_snapshots(folder, snapshot::BETWEEN)
    }

    /// Opens it and takes snapshots whenever the log has grown by so many bytes.
    fn open_with_snapshots(folder: &Path, between: Lsn) -> Result<Sled, Failure> {
        let path = folder.join(folder::SLED);
        if !path.exists() {
            make(folder, &path)?;
        }
        let log = File::open(path.join("db")).map_err(database)?;
        wait_for_release(&log).map_err(database)?;
        snapshot::remove_unfinished(&path).map_err(database)?;
        let rows = config(&path, segment_size(&path)?).open().map_err(database)?;
        log.sync_all().and_then(|()| sync_names(&path)).map_err(database)?;
        let snapshots = Snapshots::start(&rows, between);
        Ok(Sled { snapshots, rows, batches: RwLock::default(), log })
    }

    pub(crate) fn get(&self, address: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        let value = self.rows.get(address).map_err(|e| row_failure(address, e))?;
        let row = value.map_or(Ok(None), |value| self.row(address, &value));
        self.sound().and(row)
    }

    pub(crate) fn scan(&self, stretch: &Stretch, limit: usize) -> Result<Vec<Stored>, Failure> {
        let inside = self.rows.range::<&[u8], _>(stretch.bounds()).filter_map(|row| {
            let row = row.map_err(database).and_then(|(address, value)| {
                Ok(self.row(&address, &value)?.map(|row| (address.to_vec(), row)))
            });
            row.transpose()
        });
        let rows = if stretch.descending {
            inside.rev().take(limit).collect()
        } else {
            inside.take(limit).collect()
        };
        self.sound().and(rows)
    }

    /// Fails once a write of sled's has failed. Its trees are half changed then and miss rows that the disk has;
    /// asked after a read, this covers all that the read has met.
    fn sound(&self) -> Result<(), Failure> {
        self.rows.context.global_error().map_err(database)
    }

    /// Writes, to be synced. sled shows the rows before that; the layers of [`super::logged`] hide it.
    pub(crate) fn write(&self, changes: Changes) -> Result<(), Failure> {
        let mut batch = Batch::default();
        for (address, row) in changes {
            let former = self.rows.get(&address).map_err(database)?;
            for number in 0..former.as_deref().map_or(0, chunks) {
                batch.remove(chunk_address(&address, number));
            }
            match row {
                Some(row) => insert(&mut batch, &address, &row),
                None => batch.remove(address.as_slice()),
            }
        }
        let _alone = self.batches.write().unwrap_or_else(PoisonError::into_inner);
        self.rows.apply_batch(batch).map_err(database)
    }

    pub(crate) fn sync(&self) -> Result<(), Failure> {
        self.rows.flush().map_err(database)?;
        self.log.sync_data().map_err(database)?;
        self.snapshots.written(&self.rows);
        Ok(())
    }

    /// The row that a value stands for; of one in chunks what is there by now, if anything is.
    fn row(&self, address: &[u8], value: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        if let Some((&WHOLE, row)) = value.split_first() {
            return Ok(Some(row.to_vec()));
        }
        let corrupt = |reason: String| Failure::Corrupt { address: address.to_vec(), reason };
        let find = |at: &[u8]| self.rows.get(at).map_err(|e| row_failure(address, e));
        let _unchanged = self.batches.read().unwrap_or_else(PoisonError::into_inner);
        let Some(value) = find(address)? else { return Ok(None) };
        match value.split_first() {
            Some((&WHOLE, row)) => Ok(Some(row.to_vec())),
            Some((&CHUNKED, length)) => {
                let mut row = Vec::new();
                for number in 0..chunks(&value) {
                    let chunk = find(&chunk_address(address, number))?;
                    row.extend_from_slice(
                        &chunk.ok_or_else(|| corrupt(format!("its chunk {number} is missing")))?,
                    );
                }
                match <[u8; 4]>::try_from(length).map(u32::from_be_bytes) {
                    Ok(length) if length as usize == row.len() => Ok(Some(row)),
                    _ => Err(corrupt(format!(
                        "its chunks have {} bytes, which is not its length",
                        row.len()
                    ))),
                }
            }
            _ => Err(corrupt("it is neither whole nor in chunks".into())),
        }
    }
}

/// Makes an empty database that after a power cut is whole or not there.
fn make(folder: &Path, path: &Path) -> Result<(), Failure> {
    let unfinished = path.with_extension("new");
    match fs::remove_dir_all(&unfinished) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(database(e)),
        _ => {}
    }
    let made = config(&unfinished, SEGMENT).open().map_err(database)?;
    made.flush().map_err(database)?;
    drop(made);
    sync_files(&unfinished).map_err(database)?;
    fs::rename(&unfinished, path).map_err(database)?;
    sync_names(folder).map_err(database)
}

/// Waits until sled's own threads have let go of a file that was open in this process before; they end a little
/// after the handle is dropped. No other process can be in the folder.
fn wait_for_release(log: &File) -> std::io::Result<()> {
    let begun = Instant::now();
    loop {
        match log.try_lock() {
            Ok(()) => return log.unlock(),
            Err(TryLockError::WouldBlock) if begun.elapsed() < RELEASE => {
                std::thread::sleep(Duration::from_millis(1))
            }
            Err(other) => return Err(other.into()),
        }
    }
}

fn sync_files(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_files(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    sync_names(folder)
}

fn config(path: &Path, segment: usize) -> Config {
    let config = Config::new().path(path).segment_size(segment).mode(Mode::HighThroughput);
    config.cache_capacity(CACHE).flush_every_ms(None)
}

/// The length of the segments of a folder, which stays as it was made; in its file `conf` it stands before all else.
fn segment_size(path: &Path) -> Result<usize, Failure> {
    let conf = fs::read(path.join("conf")).map_err(database)?;
    let conf = String::from_utf8_lossy(&conf);
    let size = conf.lines().find_map(|line| line.strip_prefix("segment_size: ")?.parse().ok());
    size.ok_or_else(|| database("its file conf does not say how long the segments of its log are"))
}

fn insert(batch: &mut Batch, address: &[u8], row: &[u8]) {
    if row.len() < LONGEST {
        let mut value = Vec::with_capacity(row.len() + 1);
        value.push(WHOLE);
        value.extend_from_slice(row);
        return batch.insert(address, value);
    }
    for (chunk, number) in row.chunks(LONGEST).zip(0..) {
        batch.insert(chunk_address(address, number), chunk);
    }
    let mut value = vec![CHUNKED];
    // The store refuses rows of more than 16 MiB.
    value.extend(u32::try_from(row.len()).unwrap_or(u32::MAX).to_be_bytes());
    batch.insert(address, value);
}

/// In how many chunks the row of this value lies.
fn chunks(value: &[u8]) -> u32 {
    match value.split_first() {
        Some((&CHUNKED, length)) => <[u8; 4]>::try_from(length)
            .map_or(0, |length| u32::from_be_bytes(length).div_ceil(LONGEST as u32)),
        _ => 0,
    }
}

fn chunk_address(address: &[u8], number: u32) -> Vec<u8> {
    [&[CHUNK], address, &number.to_be_bytes()].concat()
}

fn row_failure(address: &[u8], cause: ::sled::Error) -> Failure {
    match cause {
        ::sled::Error::Corruption { .. } => {
            Failure::Corrupt { address: address.to_vec(), reason: cause.to_string() }
        }
        other => database(other),
    }
}

fn database(cause: impl std::fmt::Display) -> Failure {
    Failure::Database(format!("sled: {cause}"))
}

mod snapshot;
#[cfg(test)]
mod tests;
