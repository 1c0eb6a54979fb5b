//! Whatever lies over the database, in whichever layer, is seen as if it were in it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Logged;
use crate::Driver;
use crate::drivers::log::Log;
use crate::drivers::redb::Redb;
use crate::drivers::sled::Sled;
use crate::drivers::{Changes, Rows, Stored};
use crate::range::Stretch;
use crate::tests::{Dice, FOLDER_DRIVERS, Folder};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

fn open(driver: Driver, folder: &Folder) -> Logged {
    match Rows::open(driver, folder.path()).unwrap() {
        Rows::Logged(rows) => rows,
        _ => unreachable!("a folder has a log"),
    }
}

fn new_folder() -> Folder {
    let folder = Folder::new();
    std::fs::create_dir(folder.path()).unwrap();
    folder
}

fn get(rows: &Logged, address: &[u8]) -> Option<Vec<u8>> {
    rows.find(address).unwrap().map(|row| row.bytes().to_vec())
}

fn address(dice: &mut Dice) -> Vec<u8> {
    vec![1, dice.below(40) as u8]
}

/// A few rows that are put or removed, in the model too.
fn changes(dice: &mut Dice, model: &mut Model) -> Changes {
    let mut changes = Changes::new();
    for _ in 0..1 + dice.below(6) {
        let row = (dice.below(3) > 0).then(|| vec![dice.below(256) as u8; dice.below(9) as usize]);
        changes.insert(address(dice), row);
    }
    for (address, row) in changes.clone() {
        match row {
            Some(row) => model.insert(address, row),
            None => model.remove(&address),
        };
    }
    changes
}

fn stretch(dice: &mut Dice) -> Stretch {
    let start = match dice.below(3) {
        0 => Bound::Included(vec![1]),
        1 => Bound::Included(address(dice)),
        _ => Bound::Excluded(address(dice)),
    };
    let end = if dice.below(2) == 0 { vec![2] } else { address(dice) };
    let descending = dice.below(2) == 0;
    let stretch = Stretch { start, end, descending };
    if stretch.is_empty() {
        return Stretch { start: Bound::Included(vec![1]), end: vec![2], descending };
    }
    stretch
}

fn expected(model: &Model, stretch: &Stretch, limit: usize) -> Vec<Stored> {
    let inside = model.range::<[u8], _>(stretch.bounds());
    let inside = inside.map(|(address, row)| (address.clone(), row.clone()));
    if stretch.descending {
        inside.rev().take(limit).collect()
    } else {
        inside.take(limit).collect()
    }
}

#[test]
fn a_reader_beside_a_writer_sees_no_less_than_was_acknowledged() {
    for driver in FOLDER_DRIVERS {
        let folder = new_folder();
        let (rows, acknowledged) = (open(driver, &folder), AtomicU64::new(0));
        let number =
            |row: Option<Vec<u8>>| row.map_or(0, |row| u64::from_be_bytes(row.try_into().unwrap()));
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| {
                    while acknowledged.load(Ordering::SeqCst) < 200 {
                        std::thread::yield_now();
                        let before = acknowledged.load(Ordering::SeqCst);
                        assert!(number(get(&rows, &[1, 1])) >= before);
                    }
                });
            }
            for turn in 1..=200_u64 {
                let row = (vec![1, 1], Some(turn.to_be_bytes().to_vec()));
                rows.write(Changes::from([row])).unwrap();
                acknowledged.store(turn, Ordering::SeqCst);
                if turn % 20 == 0 {
                    take_all_in(&rows);
                }
            }
        });
    }
}

/// Waits until the database has taken in all that the log holds.
fn take_all_in(rows: &Logged) {
    let mut state = rows.shared.state();
    while state.taking || !state.log.is_empty() {
        state.wanted = true;
        rows.shared.changed.notify_all();
        state = rows.shared.changed.wait(state).unwrap();
    }
}

#[test]
fn rows_are_seen_the_same_in_every_layer_and_after_a_restart() {
    for driver in FOLDER_DRIVERS {
        let (mut dice, mut model) = (Dice::new(7), Model::new());
        let folder = new_folder();
        let mut rows = open(driver, &folder);
        for turn in 0..400 {
            rows.write(changes(&mut dice, &mut model)).unwrap();
            match dice.below(40) {
                // The log is full, so to say: the database takes everything in, meanwhile or at once.
                0..8 => {
                    rows.shared.state().wanted = true;
                    rows.shared.changed.notify_all();
                }
                8 => take_all_in(&rows),
                9 => {
                    drop(rows);
                    rows = open(driver, &folder);
                }
                _ => {}
            }
            for _ in 0..5 {
                let asked = address(&mut dice);
                assert_eq!(get(&rows, &asked).as_ref(), model.get(&asked), "{turn}");
                let (stretch, limit) = (stretch(&mut dice), 1 + dice.below(12) as usize);
                assert_eq!(
                    rows.scan(&stretch, limit).unwrap(),
                    expected(&model, &stretch, limit),
                    "{turn}: {limit} of {stretch:?}"
                );
            }
        }
        take_all_in(&rows);
        assert!(rows.shared.layers().former.is_empty() && rows.syncs() > 0);
    }
}

/// A start that was cut short: the database has taken in some of what the log holds.
fn half_take_in(driver: Driver, folder: &Folder) {
    let rows = match driver {
        Driver::Sled => Rows::Sled(Sled::open(folder.path()).unwrap()),
        Driver::Redb => Rows::Redb(Redb::open(folder.path()).unwrap()),
    };
    let (_, turns) = Log::open(folder.path(), 0).unwrap();
    let changes = turns.into_iter().flat_map(|turn| turn.changes);
    rows.write(changes.step_by(2).collect()).unwrap();
    rows.sync().unwrap();
}

#[test]
fn what_the_database_never_took_in_is_taken_from_the_log_at_the_next_start() {
    for driver in FOLDER_DRIVERS {
        let (mut dice, mut model) = (Dice::new(11), Model::new());
        let (folder, crashed) = (new_folder(), new_folder());
        drop(open(driver, &folder));
        let empty = files(&folder);
        let rows = open(driver, &folder);
        for _ in 0..50 {
            rows.write(changes(&mut dice, &mut model)).unwrap();
        }
        // The log as a crash leaves it now, beside the database as it was before.
        for (name, bytes) in empty {
            write(&crashed, &name, &bytes);
        }
        for name in ["log-0", "log-1"] {
            write(&crashed, name, &std::fs::read(folder.path().join(name)).unwrap());
        }
        drop(rows);
        half_take_in(driver, &crashed);
        let everything =
            Stretch { start: Bound::Included(vec![1]), end: vec![2], descending: false };
        for _ in 0..2 {
            let rows = open(driver, &crashed);
            let found = rows.scan(&everything, usize::MAX).unwrap();
            assert_eq!(found, expected(&model, &everything, usize::MAX), "{}", driver.name());
        }
    }
}

#[test]
fn a_group_that_is_longer_than_the_log_is_written_like_any_other() {
    for driver in FOLDER_DRIVERS {
        let folder = new_folder();
        let rows = open(driver, &folder);
        let large: Changes = (0..10).map(|n| (vec![1, n], Some(vec![n; 1 << 20]))).collect();
        for _ in 0..2 {
            rows.write(large.clone()).unwrap();
            rows.write(Changes::from([(vec![1, 3], Some(vec![9]))])).unwrap();
        }
        drop(rows);
        let rows = open(driver, &folder);
        for n in 0..10 {
            let length = if n == 3 { 1 } else { 1 << 20 };
            assert_eq!(get(&rows, &[1, n]).unwrap().len(), length, "{n}");
        }
    }
}

/// All files of a folder.
fn files(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    fn walk(at: &std::path::Path, under: &str, found: &mut Vec<(String, Vec<u8>)>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{under}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.push((name, std::fs::read(entry.path()).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder.path(), "", &mut found);
    found
}

fn write(folder: &Folder, name: &str, bytes: &[u8]) {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}
