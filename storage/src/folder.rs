//! The folder of a store: its lock, the mark of the driver that made it, and the master key.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::keyring::{self, Secret};
use crate::{Driver, Error};

const LOCK: &str = "lock";
const MARK: &str = "driver";
/// The master key, where it lies with the rows.
pub(crate) const MASTER_KEY: &str = "master.key";

/// Where sled keeps its files.
pub(crate) const SLED: &str = "sled";
/// Where redb keeps its rows.
pub(crate) const REDB: &str = "rows.redb";

/// The lock on a folder; it ends with the value, and with the process.
pub(crate) struct Lock(#[allow(dead_code, reason = "it is held, not used")] File);

/// Makes the folder if need be, and holds it for this process.
pub(crate) fn hold(folder: &Path) -> Result<Lock, Error> {
    make(folder).map_err(|e| cannot_open(folder, format!("the folder cannot be made: {e}")))?;
    let path = folder.join(LOCK);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|e| {
            cannot_open(folder, format!("its file {LOCK} cannot be opened for writing: {e}"))
        })?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            return Err(Error::InUse {
                folder: folder.to_owned(),
                holder: holder.trim().parse().ok(),
            });
        }
        Err(TryLockError::Error(e)) => {
            return Err(cannot_open(folder, format!("it cannot be locked: {e}")));
        }
    }
    let noted = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    noted.map_err(|e| cannot_open(folder, format!("its file {LOCK} cannot be written: {e}")))?;
    Ok(Lock(file))
}

/// Notes which driver the folder belongs to, or refuses it if it is another's.
pub(crate) fn mark(driver: Driver, folder: &Path) -> Result<(), Error> {
    match fs::read_to_string(folder.join(MARK)) {
        Ok(mark) if mark.trim() == driver.name() => Ok(()),
        Ok(mark) => {
            let (made, asked) = (mark.trim(), driver.name());
            let reason = format!(
                "it was made by the {made} driver; open it with {made}, or take another folder for {asked}"
            );
            Err(cannot_open(folder, reason))
        }
        Err(e) if e.kind() == ErrorKind::NotFound => {
            if let Some(rows) = [SLED, REDB].into_iter().find(|name| folder.join(name).exists()) {
                let reason = format!(
                    "it holds rows ({rows}) but its file {MARK}, which names the driver, is missing; restore it from a backup"
                );
                return Err(cannot_open(folder, reason));
            }
            write_whole(folder, MARK, format!("{}\n", driver.name()).as_bytes(), 0o644)
                .map_err(|e| cannot_open(folder, format!("its file {MARK} cannot be written: {e}")))
        }
        Err(e) => Err(cannot_open(folder, format!("its file {MARK} cannot be read: {e}"))),
    }
}

/// Reads the master key from the folder's own file, if it has one.
pub(crate) fn master_key(folder: &Path) -> Result<Option<Secret>, Error> {
    let path = folder.join(MASTER_KEY);
    match fs::read(&path).map(Zeroizing::new) {
        Ok(bytes) => {
            let key = keyring::secret(&bytes).ok_or_else(|| {
                cannot_open(
                    folder,
                    format!("its file {MASTER_KEY} does not hold 32 bytes; put the right one back"),
                )
            })?;
            warn_if_readable(&path);
            Ok(Some(key))
        }
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(cannot_open(folder, format!("its file {MASTER_KEY} cannot be read: {e}"))),
    }
}

/// Makes a master key in the folder's own file, readable for its owner only.
pub(crate) fn new_master_key(folder: &Path) -> Result<Secret, Error> {
    let key = keyring::random()?;
    write_whole(folder, MASTER_KEY, key.as_slice(), 0o600).map_err(|e| {
        cannot_open(folder, format!("its file {MASTER_KEY} cannot be written: {e}"))
    })?;
    Ok(key)
}

/// Warns of a key that others than its owner may read.
pub(crate) fn warn_if_readable(key: &Path) {
    if fs::metadata(key).is_ok_and(|file| file.permissions().mode() & 0o077 != 0) {
        tracing::warn!(file = %key.display(), "the master key can be read by other users; its mode should be 0600");
    }
}

pub(crate) fn cannot_open(folder: &Path, reason: String) -> Error {
    Error::CannotOpen { folder: folder.to_owned(), reason }
}

/// Makes what lies in the folder durable: the names, not the contents.
pub(crate) fn sync_names(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Makes a folder that only its owner may enter, with its parents, durably.
fn make(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    make(&parent)?;
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists && folder.is_dir() => {}
        made => made?,
    }
    sync_names(&parent)
}

/// Writes a file that after a power cut is whole or not there.
fn write_whole(folder: &Path, name: &str, bytes: &[u8], mode: u32) -> std::io::Result<()> {
    let unfinished = folder.join(format!("{name}.new"));
    match fs::remove_file(&unfinished) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(name))?;
    sync_names(folder)
}
