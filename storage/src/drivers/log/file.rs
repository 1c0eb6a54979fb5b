//! A file of the log: written from its beginning in whole blocks, each write on the disk when it returns.
//!
//! Where the file system can, the blocks go past the system's cache: a synced write through the cache takes about a
//! quarter longer. A block that a record fills in part is written again with the next one, as the cache would do.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// What is written at a time begins and ends at a multiple of this, in the file and in memory, in bytes. Every disk's
/// own blocks fit into it.
const BLOCK: usize = 4096;

/// For a file whose writes go past the cache and are on the disk when they return.
#[cfg(target_os = "linux")]
const STRAIGHT: i32 = libc::O_DIRECT | libc::O_DSYNC;

/// A file of the log.
pub(super) struct LogFile {
    file: File,
    /// Whether a write is on the disk when it returns; otherwise it is synced afterwards.
    straight: bool,
    /// What the last block holds, unless it is full.
    tail: Vec<u8>,
}

impl LogFile {
    /// Opens a file that has a block at least, and of which none is written yet that counts.
    pub(super) fn open(path: &Path) -> std::io::Result<LogFile> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let straight = straight(path, &file);
        let (file, straight) = straight.map_or((file, false), |straight| (straight, true));
        Ok(LogFile { file, straight, tail: Vec::new() })
    }

    /// Writes at the beginning, or where the last write ended, and syncs it.
    pub(super) fn write(&mut self, at: u64, parts: &[&[u8]]) -> std::io::Result<()> {
        if at == 0 {
            self.tail.clear();
        }
        let length = self.tail.len() + parts.iter().map(|part| part.len()).sum::<usize>();
        let mut blocks = Blocks::with_room_for(length);
        blocks.add(&self.tail);
        parts.iter().for_each(|part| blocks.add(part));
        self.file.write_all_at(blocks.whole(), at - self.tail.len() as u64)?;
        if !self.straight {
            self.file.sync_data()?;
        }
        self.tail.clear();
        self.tail.extend_from_slice(&blocks.used()[length - length % BLOCK..]);
        Ok(())
    }
}

#[cfg(test)]
impl LogFile {
    /// Writes through the cache from now on, as where a file system has no other way.
    pub(super) fn go_through_the_cache(&mut self, path: &Path) {
        self.file = OpenOptions::new().read(true).write(true).open(path).unwrap();
        self.straight = false;
    }
}

/// The same file for writes past the cache; nothing where the file system has none.
#[cfg(target_os = "linux")]
fn straight(path: &Path, file: &File) -> Option<File> {
    let straight = OpenOptions::new().write(true).custom_flags(STRAIGHT).open(path).ok()?;
    // Some file systems refuse only the write itself, so the first block is written as it is.
    let mut first = [0; BLOCK];
    file.read_exact_at(&mut first, 0).ok()?;
    let mut blocks = Blocks::with_room_for(BLOCK);
    blocks.add(&first);
    straight.write_all_at(blocks.whole(), 0).ok()?;
    Some(straight)
}

#[cfg(not(target_os = "linux"))]
fn straight(_: &Path, _: &File) -> Option<File> {
    None
}

/// Bytes that begin at a multiple of a block in memory.
struct Blocks {
    bytes: Vec<u8>,
    from: usize,
    length: usize,
}

impl Blocks {
    /// Room that does not move while so many bytes are added.
    fn with_room_for(length: usize) -> Blocks {
        let bytes: Vec<u8> = Vec::with_capacity(BLOCK + length.next_multiple_of(BLOCK));
        let from = bytes.as_ptr().align_offset(BLOCK);
        let mut blocks = Blocks { bytes, from, length };
        blocks.bytes.resize(from, 0);
        blocks
    }

    fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// What was added.
    fn used(&self) -> &[u8] {
        &self.bytes[self.from..self.from + self.length]
    }

    /// The same, and zeros up to the end of the last block.
    fn whole(&mut self) -> &[u8] {
        self.bytes.resize(self.from + self.length.next_multiple_of(BLOCK), 0);
        &self.bytes[self.from..]
    }
}
