//! Failures: a disk that takes no more, and what is true afterwards.

use std::path::Path;
use std::process::Command;

use super::{NOTES, on_every_folder};
use crate::{Driver, Error, Store};

const FOLDER: &str = "STORAGE_TRIAL_FOLDER";
const DRIVER: &str = "STORAGE_TRIAL_DRIVER";
/// Far more rows than fit under the limit.
const ROWS: u64 = 100_000;

async fn write(store: &Store, key: u64) -> Result<(), Error> {
    let mut unit = store.space("t").unit();
    unit.put(&NOTES, key, &"x".repeat(30_000))?;
    unit.commit().await
}

async fn is_there(store: &Store, key: u64) -> bool {
    store.space("t").unit().peek(&NOTES, key).await.unwrap().is_some()
}

/// What a store whose disk was full shows: sled may answer a read of what is not in its memory with the failure.
fn shown<T>(driver: Driver, read: Result<T, Error>) -> Option<T> {
    match (driver, read) {
        (_, Ok(rows)) => Some(rows),
        (Driver::Sled, Err(Error::Database(cause))) if cause.contains("File too large") => None,
        (_, Err(error)) => panic!("{error}"),
    }
}

/// Runs in a process whose files cannot grow beyond a limit: the write that would pass it fails, as on a full disk.
async fn fill(driver: Driver, folder: &Path) {
    let store = Store::open(driver, folder).unwrap();
    let mut acknowledged = 0;
    assert!(store.takes_commits().is_ok());
    let failure = loop {
        match write(&store, acknowledged).await {
            Ok(()) => acknowledged += 1,
            Err(failure) => break failure,
        }
        assert!(acknowledged < ROWS, "the disk is never full");
    };
    assert!(
        matches!(&failure, Error::Database(cause) if cause.contains("File too large")),
        "{failure}"
    );
    assert!(store.takes_commits().is_err());
    let again = write(&store, ROWS).await.unwrap_err();
    assert!(
        matches!(&again, Error::Database(cause) if cause.contains("open the store again")),
        "{again}"
    );
    let unit = store.space("t").unit();
    for key in 0..=acknowledged {
        let read = shown(driver, unit.peek(&NOTES, key).await);
        let right = read.is_none_or(|row| row.is_some() == (key < acknowledged));
        assert!(right, "row {key}: what was acknowledged stays, and nothing else is shown");
    }
    let last = unit.list(&NOTES, crate::Range::all().descending(), 1).await;
    assert!(shown(driver, last).is_none_or(|last| last[0].0 == (acknowledged - 1).into()));
    assert_eq!(store.commits(), acknowledged);
    store.close().await;
    eprintln!("acknowledged {acknowledged}.");
}

#[tokio::test]
async fn a_full_disk_ends_the_commits_and_takes_nothing_back() {
    if let (Ok(folder), Ok(driver)) = (std::env::var(FOLDER), std::env::var(DRIVER)) {
        return fill(driver.parse().unwrap(), Path::new(&folder)).await;
    }
    on_every_folder(async |driver, folder| {
        // The limit is about 5 or 10 MB, whichever block the shell counts in.
        let child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 10000; exec \"$0\" --exact \"$1\" --nocapture"])
            .arg(std::env::current_exe().unwrap())
            .arg(
                concat!(module_path!(), "::a_full_disk_ends_the_commits_and_takes_nothing_back")
                    .split_once("::")
                    .unwrap()
                    .1,
            )
            .env(FOLDER, folder)
            .env(DRIVER, driver.name())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success(), "{said}{}", String::from_utf8_lossy(&child.stdout));
        let (_, acknowledged) = said.split_once("acknowledged ").unwrap();
        let acknowledged: u64 = acknowledged.split_once('.').unwrap().0.parse().unwrap();
        assert!(acknowledged > 20);
        let store = Store::open(driver, folder).unwrap();
        for key in 0..acknowledged {
            assert!(is_there(&store, key).await, "row {key} of {acknowledged}");
        }
        write(&store, ROWS).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_commit_whose_caller_went_away_is_still_written() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let abandoned = write(&store, 1);
        let mut abandoned = Box::pin(abandoned);
        assert!(futures::poll!(&mut abandoned).is_pending());
        drop(abandoned);
        drop(store);
        let store = Store::open(driver, folder).unwrap();
        assert!(is_there(&store, 1).await);
    })
    .await;
}
