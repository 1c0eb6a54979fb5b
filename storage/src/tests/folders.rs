//! Folders: what was committed is there again, and a folder is refused for a stated reason.

use std::path::Path;

use super::{FOLDER_DRIVERS, NOTES, on_every_driver, on_every_folder};
use crate::{Driver, Error, Store};

/// Lengths around the length of a chunk, and up to a megabyte.
const LENGTHS: [usize; 11] = [1, 100, 1000, 4083, 4084, 4085, 4096, 8192, 60_000, 300_001, 1 << 20];

/// A text of this length that differs from the others, and has no period that divides a chunk.
fn text(length: usize) -> String {
    let mut text = format!("{length}, ").repeat(length.div_ceil(3));
    text.truncate(length);
    text
}

async fn write(store: &Store, lengths: impl Iterator<Item = (usize, usize)>) {
    for (key, length) in lengths {
        let mut unit = store.space("t").unit();
        unit.put(&NOTES, key as u64, &text(length)).unwrap();
        unit.commit().await.unwrap();
    }
}

async fn check(store: &Store, lengths: impl Iterator<Item = (usize, usize)>) {
    let unit = store.space("t").unit();
    let listed = unit.list(&NOTES, crate::Range::all(), 100).await.unwrap();
    let mut listed = listed.into_iter();
    for (key, length) in lengths {
        let expected = text(length);
        assert!(
            unit.peek(&NOTES, key as u64).await.unwrap().as_ref() == Some(&expected),
            "{length} bytes"
        );
        assert!(listed.next().is_some_and(|(_, row)| row == expected), "{length} bytes, listed");
    }
    assert!(listed.next().is_none());
}

#[tokio::test]
async fn rows_of_every_length_survive_a_restart() {
    on_every_folder(async |driver, folder| {
        let up = || LENGTHS.into_iter().enumerate();
        let down = || LENGTHS.into_iter().rev().enumerate();
        let store = Store::open(driver, folder).unwrap();
        write(&store, up()).await;
        check(&store, up()).await;
        store.close().await;
        let store = Store::open(driver, folder).unwrap();
        check(&store, up()).await;
        // Long rows become short ones and the other way round; nothing of the old ones may remain.
        write(&store, down()).await;
        drop(store);
        let store = Store::open(driver, folder).unwrap();
        check(&store, down()).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_store_that_was_only_dropped() {
    on_every_folder(async |driver, folder| {
        for turn in 0..40u64 {
            let store = Store::open(driver, folder).unwrap();
            let mut unit = store.space("t").unit();
            let rows = unit.list(&NOTES, crate::Range::all(), 100).await.unwrap();
            assert_eq!(rows.len(), turn as usize);
            unit.put(&NOTES, turn, &"row".to_owned()).unwrap();
            let space = store.space("t");
            drop(store);
            unit.commit().await.unwrap();
            drop(space);
        }
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_says_so_and_lets_go_of_its_folder() {
    on_every_driver(async |store| {
        let mut unit = store.space("t").unit();
        unit.put(&NOTES, "a", &"1".to_owned()).unwrap();
        store.close().await;
        store.close().await;
        assert!(matches!(unit.find(&NOTES, "b").await, Err(Error::Closed)));
        assert!(matches!(unit.commit().await, Err(Error::Closed)));
    })
    .await;
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let _space = store.space("t");
        store.close().await;
        Store::open(driver, folder).unwrap();
    })
    .await;
}

#[tokio::test]
async fn commits_that_were_begun_are_finished_before_the_store_closes() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let begun = (0..50u64).map(|key| {
            let mut unit = store.space("t").unit();
            unit.put(&NOTES, key, &"row".to_owned()).unwrap();
            unit.commit()
        });
        let begun = futures::future::join_all(begun);
        let (results, ()) = tokio::join!(begun, store.close());
        let acknowledged = results.iter().filter(|result| result.is_ok()).count();
        let store = Store::open(driver, folder).unwrap();
        let rows = store.space("t").unit().list(&NOTES, crate::Range::all(), 100).await.unwrap();
        assert_eq!(rows.len(), acknowledged);
        assert_eq!(acknowledged, 50);
    })
    .await;
}

#[tokio::test]
async fn a_folder_in_use_is_refused_and_names_the_holder() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        let error = Store::open(driver, folder).unwrap_err();
        assert!(
            matches!(&error, Error::InUse { holder: Some(id), .. } if *id == std::process::id()),
            "{error}"
        );
        let expected = format!(
            "the store in {} is in use by process {}",
            folder.display(),
            std::process::id()
        );
        assert_eq!(error.to_string(), expected);
        drop(store);
        Store::open(driver, folder).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_folder_of_another_driver_is_refused() {
    on_every_folder(async |driver, folder| {
        drop(Store::open(driver, folder).unwrap());
        let other = FOLDER_DRIVERS.into_iter().find(|other| *other != driver).unwrap();
        let error = Store::open(other, folder).unwrap_err().to_string();
        let (made, asked) = (driver.name(), other.name());
        let expected = format!("it was made by the {made} driver; open it with {made}, or take another folder for {asked}");
        assert!(error.ends_with(&expected), "{error}");
        Store::open(driver, folder).unwrap();
        std::fs::remove_file(folder.join("driver")).unwrap();
        let error = Store::open(other, folder).unwrap_err().to_string();
        assert!(error.contains("its file driver, which names the driver, is missing"), "{error}");
    })
    .await;
}

fn damage(folder: &Path, driver: Driver) {
    let file = folder.join(match driver {
        Driver::Sled => "sled/db",
        Driver::Redb => "rows.redb",
    });
    let length = std::fs::metadata(&file).unwrap().len();
    std::fs::write(file, vec![0xA5; length as usize]).unwrap();
}

#[tokio::test]
async fn a_damaged_folder_is_refused_and_says_what_to_do() {
    on_every_folder(async |driver, folder| {
        let store = Store::open(driver, folder).unwrap();
        write(&store, LENGTHS.into_iter().enumerate()).await;
        store.close().await;
        damage(folder, driver);
        let error = Store::open(driver, folder).unwrap_err();
        assert!(matches!(&error, Error::CannotOpen { reason, .. } if reason.contains("restore a backup")), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_folder_that_was_left_half_made_is_made_again() {
    on_every_folder(async |driver, folder| {
        std::fs::create_dir_all(folder.join("sled.new")).unwrap();
        std::fs::write(folder.join("sled.new/db"), "half").unwrap();
        std::fs::write(folder.join("rows.redb.new"), "half").unwrap();
        std::fs::write(folder.join("driver.new"), "ha").unwrap();
        std::fs::write(folder.join("master.key.new"), "half").unwrap();
        let store = Store::open(driver, folder).unwrap();
        write(&store, [(1, 1)].into_iter()).await;
        check(&store, [(1, 1)].into_iter()).await;
    })
    .await;
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = super::Folder::new();
    std::fs::write(folder.path(), "a file").unwrap();
    let error = Store::open(Driver::Sled, &folder.path().join("data")).unwrap_err();
    std::fs::remove_file(folder.path()).unwrap();
    assert!(error.to_string().contains("the folder cannot be made"), "{error}");
}
