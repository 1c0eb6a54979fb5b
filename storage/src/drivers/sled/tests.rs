//! What is peculiar to sled: chunks, and snapshots of its pages.

use std::fs;
use std::ops::Bound;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Changes, Failure, LONGEST, Sled, chunk_address};
use crate::drivers::Stored;
use crate::range::Stretch;
use crate::tests::Folder;

fn opened() -> (Folder, Sled) {
    let folder = Folder::new();
    std::fs::create_dir(folder.path()).unwrap();
    let sled = Sled::open(folder.path()).unwrap();
    (folder, sled)
}

fn put(sled: &Sled, address: &[u8], length: usize) {
    sled.write(Changes::from([(address.to_vec(), Some(vec![7; length]))])).unwrap();
}

fn everything(descending: bool) -> Stretch {
    Stretch { start: Bound::Unbounded, end: vec![0x0F], descending }
}

#[test]
fn no_value_is_longer_than_sled_keeps_safely() {
    let (_folder, sled) = opened();
    for length in [0, 1, LONGEST - 1, LONGEST, LONGEST + 1, 5 * LONGEST, 100_000] {
        put(&sled, b"\x01a", length);
        assert_eq!(sled.get(b"\x01a").unwrap().unwrap(), vec![7; length]);
        let values: Vec<usize> =
            sled.rows.iter().values().map(|value| value.unwrap().len()).collect();
        assert!(values.iter().all(|value| *value <= LONGEST), "{length}: {values:?}");
        let chunks = if length < LONGEST { 0 } else { length.div_ceil(LONGEST) };
        assert_eq!(values.len(), 1 + chunks, "{length}: no chunk of an earlier row remains");
    }
    sled.write(Changes::from([(b"\x01a".to_vec(), None)])).unwrap();
    assert_eq!(sled.rows.iter().count(), 0);
}

#[test]
fn a_row_with_a_lost_chunk_is_corrupt_and_can_be_replaced() {
    let (_folder, sled) = opened();
    put(&sled, b"\x01a", 3 * LONGEST);
    sled.rows.remove(chunk_address(b"\x01a", 1)).unwrap();
    let lost = sled.get(b"\x01a");
    assert!(
        matches!(&lost, Err(Failure::Corrupt { reason, .. }) if reason == "its chunk 1 is missing"),
        "{lost:?}"
    );
    let lost = sled.scan(&everything(false), 10);
    assert!(
        matches!(&lost, Err(Failure::Corrupt { address, .. }) if address == b"\x01a"),
        "{lost:?}"
    );
    sled.rows.insert(chunk_address(b"\x01a", 1), b"short").unwrap();
    let short = sled.get(b"\x01a");
    assert!(
        matches!(&short, Err(Failure::Corrupt { reason, .. }) if reason.contains("not its length")),
        "{short:?}"
    );
    sled.rows.insert(b"\x01b", b"\x09neither").unwrap();
    assert!(matches!(sled.get(b"\x01b"), Err(Failure::Corrupt { .. })));
    put(&sled, b"\x01a", 3);
    assert_eq!(sled.get(b"\x01a").unwrap().unwrap(), [7; 3]);
}

#[test]
fn a_row_in_chunks_is_read_whole_while_it_changes() {
    let (_folder, sled) = opened();
    let over = AtomicBool::new(false);
    let is_whole = |row: &[u8]| row.windows(2).all(|two| two[0] == two[1]);
    std::thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    let found = sled.get(b"\x01a").unwrap();
                    let listed = sled.scan(&everything(false), 10).unwrap();
                    let rows = found.iter().chain(listed.iter().map(|(_, row)| row));
                    assert!(rows.clone().all(|row| is_whole(row)), "one of two generations");
                }
            });
        }
        for turn in 0..2000_usize {
            let row = (turn % 7 > 0).then(|| vec![turn as u8; turn % 4 * 20 * LONGEST + 1]);
            let written = sled.write(Changes::from([(b"\x01a".to_vec(), row)]));
            if written.is_err() || turn == 1999 {
                over.store(true, Ordering::SeqCst);
            }
            written.unwrap();
        }
    });
}

/// Rows that come, change, grow, shrink and go, until the log has been cleaned several times over.
fn churn(sled: &Sled) {
    let mut number = 1_u64;
    for _ in 0..150 {
        let mut changes = Changes::new();
        for _ in 0..40 {
            number = number.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let (row, length) = (number >> 48 & 0x7FF, (number >> 32) as usize % 3000);
            let value = (length > 300).then(|| vec![number as u8; length]);
            changes.insert([&[1][..], &row.to_be_bytes()].concat(), value);
        }
        sled.write(changes).unwrap();
        sled.sync().unwrap();
    }
}

fn rows(folder: &Path) -> Vec<Stored> {
    Sled::open(folder).unwrap().scan(&everything(false), usize::MAX).unwrap()
}

/// The names of the snapshots of a folder.
fn snapshots(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder.join("sled")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("snap")).collect()
}

#[test]
fn a_snapshot_taken_while_rows_are_written_says_what_the_log_says() {
    let (folder, sled) = opened();
    let at_opening = snapshots(folder.path());
    drop(sled);
    let mut seen = 0;
    for _ in 0..3 {
        let sled = Sled::open_with_snapshots(folder.path(), 1).unwrap();
        churn(&sled);
        let before = sled.scan(&everything(false), usize::MAX).unwrap();
        drop(sled);
        let taken = snapshots(folder.path());
        assert_eq!(taken.len(), 1, "the newest alone is kept: {taken:?}");
        seen += usize::from(taken != at_opening);
        let whole_log = Folder::new();
        fs::create_dir_all(whole_log.path().join("sled/blobs")).unwrap();
        for name in ["conf", "db"] {
            let name = Path::new("sled").join(name);
            fs::copy(folder.path().join(&name), whole_log.path().join(&name)).unwrap();
        }
        assert!(before.len() > 1000, "{} rows", before.len());
        assert!(rows(whole_log.path()) == before, "the whole log says the same");
        assert!(rows(folder.path()) == before, "the snapshot and the end of the log say the same");
    }
    assert_eq!(seen, 3, "snapshots were taken");
}

#[test]
fn what_a_power_cut_left_of_a_snapshot_is_no_obstacle() {
    let (folder, sled) = opened();
    put(&sled, b"\x01a", 3);
    drop(sled);
    for name in ["snap.7FFFFFFFFFFFFFFF.generating", "snapshot.new"] {
        fs::write(folder.path().join("sled").join(name), b"torn").unwrap();
    }
    assert_eq!(rows(folder.path()), [(b"\x01a".to_vec(), vec![7; 3])]);
    let left = snapshots(folder.path());
    assert!(left.len() == 1 && !left[0].contains("7FFF"), "{left:?}");
}

#[test]
fn a_folder_keeps_the_length_of_its_segments() {
    let (folder, sled) = opened();
    drop(sled);
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    let made = super::config(&folder.path().join("sled"), 512 << 10).open().unwrap();
    made.insert(b"\x01a", b"\0row").unwrap();
    made.flush().unwrap();
    drop(made);
    assert_eq!(rows(folder.path()), [(b"\x01a".to_vec(), b"row".to_vec())]);
}
