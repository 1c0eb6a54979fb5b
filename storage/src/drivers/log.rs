//! The log: what every group of commits changes, on the disk before anybody is answered.
//!
//! Two files take turns. A file is filled from its beginning, one record for each group, each synced before the next;
//! when it is full, or old enough, the other one goes on and the database takes in what the full one holds. Only then
//! is it used again. The files have their length from the beginning and grow for a single record that is longer, so
//! that a sync has no names or lengths to write: it costs one write of the disk, see [`file`].
//!
//! A file begins with its epoch, which grows by one at each turn, and with where the turn before ended. A record is its
//! length, a checksum over the epoch, its place in the file and its bytes, and its bytes. What an earlier turn left
//! behind the last record therefore fits no checksum, and neither does a record that a power cut tore: there the log
//! ends.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use self::file::LogFile;
use super::{Changes, Failure};
use crate::folder::sync_names;

mod file;

/// The length of each file in bytes, unless a single record was longer.
const LENGTH: u64 = 2 << 20;
/// Where a turn ends once a record is long, which means that much is written at once. Who commits waits where a turn
/// has ended and the database still takes the one before in: the shorter the turns, the shorter that is. Where little
/// is written nobody waits, and long turns have the database sync less often beside the log.
const SHORT: u64 = 1 << 19;
/// The longest record, in bytes, that may still be added to a long turn.
const LITTLE: usize = 16 << 10;
/// Where the first record begins: after the mark, the epoch, the end of the turn before, and a checksum.
const HEAD: u32 = 32;
/// What a log file begins with; the last byte is the version of its format.
const MARK: &[u8; 16] = b"gatewright log\0\x01";
/// Length and checksum before the bytes of a record.
const PREFIX: usize = 8;
/// Stands for the length of a row that is removed.
const REMOVED: u32 = u32::MAX;

/// The open log.
pub(crate) struct Log {
    files: [LogFile; 2],
    /// The turn: its file is the one of its parity.
    epoch: u64,
    /// Where the next record begins; 0 while the epoch itself is not written.
    end: u32,
    /// Where the turn before ended; 0 where the database has it.
    former: u32,
}

/// What a log file holds of one turn.
pub(crate) struct Turn {
    pub(crate) epoch: u64,
    /// The rows as its last record left them.
    pub(crate) changes: Changes,
    /// Where its last whole record ends.
    end: u32,
    /// Where the turn before ended.
    former: u32,
}

impl Log {
    /// Opens the log of a folder, or makes one there; gives the turns that are later than `taken_in`, the older one
    /// first. The log goes on with a turn later than all that it holds, once these are taken in.
    pub(crate) fn open(folder: &Path, taken_in: u64) -> Result<(Log, Vec<Turn>), Failure> {
        let mut files = Vec::new();
        let mut turns = Vec::new();
        for name in ["log-0", "log-1"] {
            let path = folder.join(name);
            if !path.exists() {
                make(folder, &path).map_err(failed)?;
            }
            let file = OpenOptions::new().read(true).write(true).open(&path).map_err(failed)?;
            fill(&file).map_err(failed)?;
            turns.extend(read(&file).map_err(failed)?);
            files.push(LogFile::open(&path).map_err(failed)?);
        }
        turns.sort_by_key(|turn| turn.epoch);
        let last = turns.last().map_or(0, |turn| turn.epoch).max(taken_in);
        turns.retain(|turn| turn.epoch > taken_in);
        if let [older, newer] = &*turns
            && (older.epoch + 1 != newer.epoch || older.end != newer.former)
        {
            let cut = format!("turn {} of the log is cut off at byte {}", older.epoch, older.end);
            return Err(Failure::Database(format!("log: {cut}, though a later one follows")));
        }
        let files = files.try_into().map_err(|_| Failure::Database("log: no two files".into()))?;
        Ok((Log { files, epoch: last + 1, end: 0, former: 0 }, turns))
    }

    /// The present turn.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether a record of this many bytes fits into the present turn; whatever its length, it fits as the first one.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let end = if bytes <= LITTLE { LENGTH } else { SHORT };
        self.end == 0 || u64::from(self.end) + (PREFIX + bytes) as u64 <= end
    }

    /// Whether the present turn has no record yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.end == 0
    }

    /// Appends a record and syncs it. After a failure the log may not be used again.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let head = head(self.epoch, self.former);
        let (head, begin) = if self.end == 0 { (&head[..], HEAD) } else { (&[][..], self.end) };
        let length = u32::try_from(bytes.len()).map_err(failed)?;
        let sum = checksum(self.epoch, begin, bytes).to_be_bytes();
        let parts = [head, &length.to_be_bytes(), &sum, bytes];
        let file = &mut self.files[(self.epoch % 2) as usize];
        file.write(self.end.into(), &parts).map_err(failed)?;
        self.end = begin + PREFIX as u32 + length;
        Ok(())
    }

    /// Goes on with the other file, whose turn must have been taken in.
    pub(crate) fn turn(&mut self) {
        self.epoch += 1;
        self.former = std::mem::take(&mut self.end);
    }
}

/// The bytes of a record.
pub(crate) fn record_of(changes: &Changes) -> Vec<u8> {
    let weight = |(address, row): (&Vec<u8>, &Option<Vec<u8>>)| {
        PREFIX + address.len() + row.as_ref().map_or(0, Vec::len)
    };
    let mut bytes = Vec::with_capacity(changes.iter().map(weight).sum());
    for (address, row) in changes {
        // The store refuses addresses and rows whose length does not fit.
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(REMOVED - 1).to_be_bytes();
        bytes.extend_from_slice(&length(address));
        bytes.extend_from_slice(&row.as_deref().map_or(REMOVED.to_be_bytes(), length));
        bytes.extend_from_slice(address);
        bytes.extend_from_slice(row.as_deref().unwrap_or_default());
    }
    bytes
}

/// Adds what a record changes; `None` where its bytes make no sense.
fn add(changes: &mut Changes, mut bytes: &[u8]) -> Option<()> {
    while !bytes.is_empty() {
        let (address, rest) = bytes.split_first_chunk::<4>()?;
        let (row, rest) = rest.split_first_chunk::<4>()?;
        let (address, rest) = rest.split_at_checked(u32::from_be_bytes(*address) as usize)?;
        let (row, rest) = match u32::from_be_bytes(*row) {
            REMOVED => (None, rest),
            length => {
                let (row, rest) = rest.split_at_checked(length as usize)?;
                (Some(row.to_vec()), rest)
            }
        };
        changes.insert(address.to_vec(), row);
        bytes = rest;
    }
    Some(())
}

/// The turn that a file holds, up to the first record that is not whole; nothing if it was never used.
fn read(file: &File) -> std::io::Result<Option<Turn>> {
    let mut bytes = Vec::new();
    (&*file).read_to_end(&mut bytes)?;
    let Some((begin, mut rest)) = bytes.split_at_checked(HEAD as usize) else { return Ok(None) };
    let epoch = begin[16..24].try_into().map(u64::from_be_bytes).unwrap_or_default();
    let former = begin[24..28].try_into().map(u32::from_be_bytes).unwrap_or_default();
    if begin != head(epoch, former) {
        return Ok(None);
    }
    let mut turn = Turn { epoch, changes: Changes::new(), end: HEAD, former };
    while let Some((prefix, after)) = rest.split_first_chunk::<PREFIX>() {
        let [a, b, c, d, e, f, g, h] = *prefix;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let Some((record, after)) = after.split_at_checked(length) else { break };
        let whole = checksum(epoch, turn.end, record) == u32::from_be_bytes([e, f, g, h]);
        if !whole || add(&mut turn.changes, record).is_none() {
            break;
        }
        turn.end += (PREFIX + length) as u32;
        rest = after;
    }
    Ok(Some(turn))
}

fn head(epoch: u64, former: u32) -> [u8; HEAD as usize] {
    let mut head = [0; HEAD as usize];
    head[..16].copy_from_slice(MARK);
    head[16..24].copy_from_slice(&epoch.to_be_bytes());
    head[24..28].copy_from_slice(&former.to_be_bytes());
    let sum = crc32fast::hash(&head[..28]);
    head[28..].copy_from_slice(&sum.to_be_bytes());
    head
}

fn checksum(epoch: u64, at: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&epoch.to_be_bytes());
    hasher.update(&at.to_be_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

/// Makes a file of zeros that after a power cut is whole or not there.
fn make(folder: &Path, path: &Path) -> std::io::Result<()> {
    let unfinished = path.with_extension("new");
    match fs::remove_file(&unfinished) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    fill(&File::create_new(&unfinished)?)?;
    fs::rename(&unfinished, path)?;
    sync_names(folder)
}

/// Writes zeros behind what a file has, up to the full length.
fn fill(file: &File) -> std::io::Result<()> {
    let zeros = vec![0; 1 << 18];
    let mut end = file.metadata()?.len();
    while end < LENGTH {
        let more = zeros.len().min((LENGTH - end) as usize);
        file.write_all_at(&zeros[..more], end)?;
        end += more as u64;
    }
    file.sync_all()
}

fn failed(cause: impl std::fmt::Display) -> Failure {
    Failure::Database(format!("log: {cause}"))
}

#[cfg(test)]
mod tests;
