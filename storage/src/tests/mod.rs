//! The contract of the store, tried on every driver, and what is peculiar to folders, seals and groups.

mod batches;
mod counters;
mod failures;
mod folders;
mod groups;
mod keys;
mod lists;
mod master_keys;
mod rotations;
mod sealed_tables;
mod sealing;
mod tables;
mod trials;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Driver, Store, Table};

/// A table for trials.
pub(crate) const NOTES: Table<String> = Table::new("notes");

/// The drivers that keep their rows in a folder.
pub(crate) const FOLDER_DRIVERS: [Driver; 2] = [Driver::Sled, Driver::Redb];

/// Runs a trial on an empty store of every driver.
pub(crate) async fn on_every_driver(trial: impl AsyncFn(&Store)) {
    let store = Store::memory();
    eprintln!("on memory");
    trial(&store).await;
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        trial(&store).await;
        store.close().await;
    })
    .await;
}

/// Runs a trial on an empty folder for every driver that has one.
pub(crate) async fn on_every_folder(trial: impl AsyncFn(Driver, &Path)) {
    for driver in FOLDER_DRIVERS {
        let folder = Folder::new();
        eprintln!("on {} in {}", driver.name(), folder.path().display());
        trial(driver, folder.path()).await;
    }
}

/// A folder that does not exist yet, and is removed with what is in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("storage-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Folder(std::env::temp_dir().join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.number() % bound
    }
}
