//! Snapshots of where sled has its pages, taken while it is open, so that opening reads the end of its log only.
//!
//! sled writes such a file when it opens, from the one before and all of the log since: with a million instances that
//! is ten gigabytes to read. The files here have sled's own form, and are made in the same way from the same log, which
//! stays the truth: a page's newest state is always in it. A snapshot that was not taken costs time, never rows.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::thread::JoinHandle;

use ::sled::{Db, DiskPtr, LogKind, Lsn, PageId, Serialize};

use super::database;
use crate::drivers::Failure;
use crate::folder::sync_names;

/// How much the log grows between two snapshots, in bytes; opening reads it in a fraction of a second.
pub(super) const BETWEEN: Lsn = 128 << 20;
/// The log grows at least so many times the length of the last snapshot, so that they are a small part of all writes.
const LENGTHS: Lsn = 4;
/// What the names of sled's snapshots begin with; the place in the log follows.
const NAME: &str = "snap.";
/// The name of a file that sled had not finished ends with it, and sled would take it for the newest.
const UNFINISHED: &str = ".generating";
/// The name of a file that is not finished here; sled does not know it.
const MAKING: &str = "snapshot.new";
/// A snapshot ends with its length (eight bytes) and its checksum (four).
const END: usize = 12;

/// The thread that takes snapshots, and when to wake it.
pub(super) struct Snapshots {
    /// The length of the log at which the next one is due.
    due: Arc<AtomicI64>,
    wake: Option<SyncSender<Lsn>>,
    thread: Option<JoinHandle<()>>,
}

/// Part of a page: its place in the order of the log, its place in the file, its length.
type Part = (Lsn, DiskPtr, u64);

/// The parts of a page, oldest first; none where it is free. The first replaced all before it.
enum Page {
    Unknown,
    Free(Lsn, DiskPtr),
    Present(Vec<Part>),
}

impl Snapshots {
    /// Takes one whenever the log has grown by so much, at least.
    pub(super) fn start(rows: &Db, between: Lsn) -> Snapshots {
        let due = Arc::new(AtomicI64::new(rows.context.pagecache.log.stable_offset() + between));
        let (wake, woken) = mpsc::sync_channel(1);
        let (rows, next) = (rows.clone(), due.clone());
        let thread = std::thread::spawn(move || {
            for until in woken {
                let taken = take(&rows, until);
                tracing::debug!(until, ?taken, "a snapshot of sled's pages");
                let grown = match taken {
                    Ok(Some(length)) => between.max(LENGTHS * length),
                    // Something was just moving; a little later it has moved.
                    Ok(None) => between / 8,
                    Err(failure) => {
                        tracing::warn!(%failure, "no snapshot of sled's pages could be taken; the next start takes longer");
                        between
                    }
                };
                next.store(until + grown, Ordering::Relaxed);
            }
        });
        Snapshots { due, wake: Some(wake), thread: Some(thread) }
    }

    /// To be told after each write that is on the disk, by the only thread that writes: then no write is in part
    /// before, and in part after, the place up to which a snapshot goes.
    pub(super) fn written(&self, rows: &Db) {
        let durable = rows.context.pagecache.log.stable_offset();
        if durable < self.due.load(Ordering::Relaxed) {
            return;
        }
        self.due.store(Lsn::MAX, Ordering::Relaxed);
        // The segment that is being filled is left to sled.
        let segment = rows.context.segment_size as Lsn;
        let _ = self.wake.as_ref().map(|wake| wake.try_send(durable / segment * segment));
    }
}

impl Drop for Snapshots {
    fn drop(&mut self) {
        drop(self.wake.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that takes snapshots of sled's pages ended in a panic");
        }
    }
}

/// Removes what a power cut has left unfinished. Before sled opens the folder.
pub(super) fn remove_unfinished(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == MAKING || (name.starts_with(NAME) && name.ends_with(UNFINISHED)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Takes a snapshot up to the start of a segment of the log, and gives its length. Nothing, when a page has no known
/// state there because it was moved while the log was read: its new state comes later in the log.
fn take(rows: &Db, until: Lsn) -> Result<Option<Lsn>, Failure> {
    let folder = rows.context.get_path();
    let olds = snapshots(&folder).map_err(database)?;
    let old = olds.last().map(fs::read).transpose().map_err(database)?.unwrap_or_default();
    let mut old = &old[..old.len().saturating_sub(END)];
    let mut from = 0;
    if !old.is_empty() {
        from = Option::<Lsn>::deserialize(&mut old).map_err(database)?.unwrap_or(0);
        Option::<u64>::deserialize(&mut old).map_err(database)?;
        // It goes as far: a new one would have its name, and go with the old ones.
        if until <= from {
            return Ok(None);
        }
    }
    let mut changes = changes(rows, from, until)?;
    let mut new = Vec::with_capacity(old.len() + old.len() / 8);
    append(&mut new, &Some(until));
    append(&mut new, &None::<u64>);
    for page in 0.. {
        if old.is_empty() && changes.is_empty() {
            break;
        }
        let mut state = if old.is_empty() { Page::Unknown } else { Page::read(&mut old)? };
        for (kind, part) in changes.remove(&page).into_iter().flatten() {
            state.change(kind, part)?;
        }
        if !state.write(&mut new) {
            return Ok(None);
        }
    }
    let length = new.len();
    new.extend((length as u64).to_le_bytes());
    new.extend(crc32fast::hash(&new[..length]).to_le_bytes());
    if let Err(failure) = keep(&folder, until, &new) {
        // On a full disk it would be in the way.
        let _ = fs::remove_file(folder.join(MAKING));
        return Err(database(failure));
    }
    for old in olds {
        fs::remove_file(old).map_err(database)?;
    }
    Ok(Some(new.len() as Lsn))
}

/// What the log says of each page between two places, oldest first.
fn changes(
    rows: &Db,
    from: Lsn,
    until: Lsn,
) -> Result<BTreeMap<PageId, Vec<(LogKind, Part)>>, Failure> {
    let log = &rows.context.pagecache.log;
    let mut changes: BTreeMap<PageId, Vec<(LogKind, Part)>> = BTreeMap::new();
    let mut messages = log.iter_from(from);
    // A segment may be given free and filled anew while it is read, as in sled's own recovery: its pages have moved.
    messages.last_stage = true;
    loop {
        match messages.next() {
            Some((_, _, at, ..)) if at >= until => break,
            Some((_, _, at, ..)) if at < from => {}
            Some((kind, page, at, place, length)) => {
                let changes = changes.entry(page).or_default();
                if kind != LogKind::Link {
                    changes.clear();
                }
                changes.push((kind, (at, place, length)));
            }
            None if messages.cur_lsn > messages.max_lsn => break,
            None if messages.segment_base.is_some() => {
                return Err(database(format!("its log is unreadable at {:?}", messages.cur_lsn)));
            }
            None => match messages.segments.pop_first() {
                Some((at, place)) if log.iter_from(at).segments.get(&at) == Some(&place) => {
                    return Err(database(format!("the segment {at} of its log is unreadable")));
                }
                Some(_) => {}
                None => break,
            },
        }
    }
    Ok(changes)
}

impl Page {
    /// The next page of a snapshot.
    fn read(bytes: &mut &[u8]) -> Result<Page, Failure> {
        let parts = u8::deserialize(bytes).map_err(database)?;
        if parts == 0 {
            let (at, place) = <(Lsn, DiskPtr)>::deserialize(bytes).map_err(database)?;
            return Ok(Page::Free(at, place));
        }
        let parts = (0..parts).map(|_| Part::deserialize(bytes).map_err(database));
        Ok(Page::Present(parts.collect::<Result<_, _>>()?))
    }

    /// Changes as sled's recovery does.
    fn change(&mut self, kind: LogKind, part: Part) -> Result<(), Failure> {
        match (kind, &mut *self) {
            (LogKind::Replace, _) => *self = Page::Present(vec![part]),
            (LogKind::Free, _) => *self = Page::Free(part.0, part.1),
            (LogKind::Link, Page::Present(parts)) => {
                if parts.last().is_some_and(|last| last.0 < part.0) {
                    parts.push(part);
                }
            }
            // What it was linked to has moved.
            (LogKind::Link, _) => {}
            (LogKind::Skip | LogKind::Corrupted, _) => {
                return Err(database(format!("its log says {kind:?} at {}", part.0)));
            }
        }
        Ok(())
    }

    /// Whether it could be written: a page whose state is not known cannot.
    fn write(&self, bytes: &mut Vec<u8>) -> bool {
        match self {
            Page::Unknown => return false,
            Page::Free(at, place) => {
                bytes.push(0);
                append(bytes, &(*at, *place));
            }
            Page::Present(parts) => {
                let Ok(number) = u8::try_from(parts.len()) else { return false };
                bytes.push(number);
                parts.iter().for_each(|part| append(bytes, part));
            }
        }
        true
    }
}

fn append(bytes: &mut Vec<u8>, item: &impl Serialize) {
    let begin = bytes.len();
    bytes.resize(begin + item.serialized_size() as usize, 0);
    item.serialize_into(&mut &mut bytes[begin..]);
}

/// The snapshots in sled's folder, oldest first.
fn snapshots(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(NAME) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a snapshot so that after a power cut it is whole or not there.
fn keep(folder: &Path, until: Lsn, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = folder.join(MAKING);
    let mut file = File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(unfinished, folder.join(format!("{NAME}{until:016X}")))?;
    sync_names(folder)
}
