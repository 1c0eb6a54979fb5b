//! Where the log ends: after its last whole record, whatever lies behind that.

use super::file::LogFile;
use super::{Changes, HEAD, LENGTH, LITTLE, Log, PREFIX, SHORT, Turn, record_of};
use crate::tests::Folder;

fn new_folder() -> Folder {
    let folder = Folder::new();
    std::fs::create_dir(folder.path()).unwrap();
    folder
}

fn row(name: u8) -> Vec<u8> {
    record_of(&Changes::from([(vec![1, name], Some(vec![name]))]))
}

/// The same in a record that ends where a block does, if it is the first.
fn long_row(name: u8) -> Vec<u8> {
    let length = 4096 - HEAD as usize - PREFIX;
    let few = row(name).len();
    record_of(&Changes::from([(vec![1, name], Some(vec![name; 1 + length - few]))]))
}

/// The names of the rows of each turn.
fn held(turns: &[Turn]) -> Vec<(u64, String)> {
    let names = |turn: &Turn| turn.changes.keys().map(|address| char::from(address[1])).collect();
    turns.iter().map(|turn| (turn.epoch, names(turn))).collect()
}

fn damage(folder: &Folder, file: &str, at: usize, byte: impl Fn(u8) -> u8) {
    let path = folder.path().join(file);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[at] = byte(bytes[at]);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn records_are_found_again_up_to_the_last_whole_one() {
    let folder = new_folder();
    let (mut log, turns) = Log::open(folder.path(), 0).unwrap();
    assert!(held(&turns).is_empty() && log.is_empty());
    for name in *b"abc" {
        log.append(&row(name)).unwrap();
    }
    drop(log);
    let found = |taken_in| held(&Log::open(folder.path(), taken_in).unwrap().1);
    assert_eq!(found(0), [(1, "abc".into())]);
    assert_eq!(found(1), [], "the database has it");
    // Every byte of the last record, one after another, as a torn write leaves it.
    let record = PREFIX + row(b'c').len();
    let last = HEAD as usize + 2 * record;
    for at in last..last + record {
        damage(&folder, "log-1", at, |byte| !byte);
        assert_eq!(found(0), [(1, "ab".into())], "byte {at}");
        damage(&folder, "log-1", at, |byte| !byte);
    }
    assert_eq!(found(0), [(1, "abc".into())]);
    damage(&folder, "log-1", HEAD as usize, |byte| !byte);
    assert_eq!(found(0), [(1, String::new())], "nothing counts behind what is torn");
}

#[test]
fn what_an_earlier_turn_left_in_a_file_does_not_come_back() {
    let folder = new_folder();
    let (mut log, _) = Log::open(folder.path(), 0).unwrap();
    for names in ["abcde", "fghij", "k"] {
        for name in names.bytes() {
            log.append(&long_row(name)).unwrap();
        }
        log.turn();
    }
    let found = |taken_in| Log::open(folder.path(), taken_in).map(|(_, turns)| held(&turns));
    // Behind k lie the whole records b to e of the first turn.
    assert_eq!(found(1).unwrap(), [(2, "fghij".into()), (3, "k".into())]);
    assert_eq!(found(2).unwrap(), [(3, "k".into())]);
    assert_eq!(found(3).unwrap(), []);
}

#[test]
fn a_turn_that_lost_its_end_though_another_follows_is_not_passed_over() {
    let folder = new_folder();
    let (mut log, _) = Log::open(folder.path(), 0).unwrap();
    log.append(&row(b'a')).unwrap();
    log.append(&row(b'b')).unwrap();
    log.turn();
    log.append(&row(b'c')).unwrap();
    damage(&folder, "log-1", HEAD as usize + PREFIX + row(b'a').len() + 3, |byte| byte ^ 1);
    let refused = Log::open(folder.path(), 0).map(|_| ()).unwrap_err().to_string();
    assert_eq!(refused, "log: turn 1 of the log is cut off at byte 51, though a later one follows");
    assert_eq!(held(&Log::open(folder.path(), 1).unwrap().1), [(2, "c".into())]);
}

#[test]
fn the_log_goes_on_after_all_that_it_holds() {
    let folder = new_folder();
    for name in *b"abcd" {
        let (mut log, turns) = Log::open(folder.path(), u64::from(name - b'a')).unwrap();
        assert!(held(&turns).is_empty(), "{turns:?}", turns = held(&turns));
        log.append(&row(name)).unwrap();
    }
    assert_eq!(held(&Log::open(folder.path(), 3).unwrap().1), [(4, "d".into())]);
}

#[test]
fn a_turn_ends_sooner_where_much_is_written_at_once() {
    let folder = new_folder();
    let (mut log, _) = Log::open(folder.path(), 0).unwrap();
    let little = vec![7; LITTLE];
    let mut room = Vec::new();
    while log.has_room(LITTLE) {
        room.push(log.has_room(LITTLE + 1));
        log.append(&little).unwrap();
    }
    let for_much = room.iter().filter(|room| **room).count() as u64;
    assert!(room.is_sorted_by(|sooner, later| sooner >= later), "{room:?}");
    assert!((SHORT - SHORT / 8..SHORT + SHORT / 8).contains(&(for_much * LITTLE as u64)));
    assert!((LENGTH - LENGTH / 8..LENGTH).contains(&(room.len() as u64 * LITTLE as u64)));
}

#[test]
fn files_that_were_shorter_are_filled_up_and_keep_what_they_hold() {
    let folder = new_folder();
    let (mut log, _) = Log::open(folder.path(), 0).unwrap();
    log.append(&row(b'a')).unwrap();
    drop(log);
    let lengths = || {
        ["log-0", "log-1"].map(|name| std::fs::metadata(folder.path().join(name)).unwrap().len())
    };
    for name in ["log-0", "log-1"] {
        let file = std::fs::OpenOptions::new().write(true).open(folder.path().join(name)).unwrap();
        file.set_len(SHORT).unwrap();
    }
    assert_eq!(held(&Log::open(folder.path(), 0).unwrap().1), [(1, "a".into())]);
    assert_eq!(lengths(), [LENGTH; 2]);
}

#[test]
fn a_file_holds_what_was_written_in_pieces_of_any_length() {
    let folder = new_folder();
    let path = folder.path().join("file");
    for past_the_cache in [true, false] {
        std::fs::write(&path, vec![0xff; 1 << 16]).unwrap();
        let mut file = LogFile::open(&path).unwrap();
        if !past_the_cache {
            file.go_through_the_cache(&path);
        }
        // The second turn is the shorter one.
        for lengths in [&[1, 4094, 1, 4096, 8192, 100, 12_000][..], &[5000, 3192, 7]] {
            let mut written = Vec::new();
            for (piece, length) in (1_u8..).zip(lengths) {
                let bytes = vec![piece; *length];
                let (first, rest) = bytes.split_at(length / 3);
                file.write(written.len() as u64, &[first, rest]).unwrap();
                written.extend(bytes);
                assert_eq!(std::fs::read(&path).unwrap()[..written.len()], written, "{piece}");
            }
        }
    }
}
