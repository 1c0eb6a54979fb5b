//! What is peculiar to sled: chunks, and rows that are hidden until they are synced.

use std::ops::Bound;

use super::{Changes, Failure, LONGEST, Sled, chunk_address};
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

fn addresses(sled: &Sled, descending: bool, limit: usize) -> String {
    let rows = sled.scan(&everything(descending), limit).unwrap();
    rows.into_iter()
        .map(|(address, row)| format!("{}{} ", char::from(address[1]), row.len()))
        .collect()
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
fn a_write_is_hidden_until_it_is_synced() {
    let (_folder, sled) = opened();
    for (address, length) in [(b"\x01a", 1), (b"\x01c", 3), (b"\x01e", 5)] {
        put(&sled, address, length);
    }
    // As in the midst of a write that puts b, changes c and removes e.
    let hidden = [
        (b"\x01b".to_vec(), Ok(None)),
        (b"\x01c".to_vec(), Ok(Some(vec![7; 3]))),
        (b"\x01e".to_vec(), Ok(Some(vec![7; 5]))),
    ];
    *sled.before.write().unwrap() = hidden.into();
    sled.rows.insert(b"\x01b", b"\0new").unwrap();
    sled.rows.insert(b"\x01c", b"\0newer").unwrap();
    sled.rows.remove(b"\x01e").unwrap();
    assert_eq!(sled.get(b"\x01b").unwrap(), None);
    assert_eq!(sled.get(b"\x01c").unwrap().unwrap().len(), 3);
    assert_eq!(sled.get(b"\x01e").unwrap().unwrap().len(), 5);
    for (descending, limit, expected) in [
        (false, 10, "a1 c3 e5 "),
        (false, 2, "a1 c3 "),
        (true, 10, "e5 c3 a1 "),
        (true, 2, "e5 c3 "),
        (false, 1, "a1 "),
    ] {
        assert_eq!(addresses(&sled, descending, limit), expected, "{descending} {limit}");
    }
    sled.before.write().unwrap().clear();
    assert_eq!(addresses(&sled, false, 10), "a1 b3 c5 ");
}
