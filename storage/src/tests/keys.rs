//! Keys: their bytes sort like their parts, and come apart again.

use super::Dice;
use crate::{Error, Key};

/// A text of few, awkward characters, so that prefixes and zeros are frequent.
fn awkward_text(dice: &mut Dice) -> String {
    let alphabet = ['\0', '\u{1}', 'a', 'b', '\u{7f}', 'é', '\u{ffff}', '😀'];
    (0..dice.below(5)).map(|_| alphabet[dice.below(alphabet.len() as u64) as usize]).collect()
}

fn awkward_number(dice: &mut Dice) -> u64 {
    match dice.below(4) {
        0 => dice.below(3),
        1 => u64::MAX - dice.below(3),
        2 => 255 + dice.below(3),
        _ => dice.number(),
    }
}

#[test]
fn random_keys_sort_like_their_tuples() {
    let mut dice = Dice::new(0x9E37_79B9_7F4A_7C15);
    let mut tuples = Vec::new();
    for _ in 0..2000 {
        tuples.push((awkward_text(&mut dice), awkward_number(&mut dice), awkward_text(&mut dice)));
    }
    tuples.sort();
    let keys: Vec<Key> =
        tuples.iter().map(|(a, b, c)| Key::new().text(a).number(*b).text(c)).collect();
    for (pair, tuples) in keys.windows(2).zip(tuples.windows(2)) {
        assert_eq!(pair[0].cmp(&pair[1]), tuples[0].cmp(&tuples[1]), "{tuples:?}");
    }
    for (key, (a, b, c)) in keys.iter().zip(&tuples) {
        let mut reader = key.read();
        assert_eq!(
            (reader.text().unwrap(), reader.number().unwrap(), reader.text().unwrap()),
            (a.clone(), *b, c.clone())
        );
    }
}

#[test]
fn a_shorter_key_is_no_prefix_of_another_text() {
    for (one, other) in [("a", "ab"), ("a", "a\0"), ("", "\0"), ("a\0", "a\0\0")] {
        let (one, other) = (Key::from(one), Key::from(other));
        assert!(!other.bytes().starts_with(one.bytes()), "{one:?} {other:?}");
        assert!(one < other);
    }
}

#[test]
fn a_key_that_has_other_parts_says_so() {
    let key = Key::new().text("a").number(7);
    let mut reader = key.read();
    assert!(
        matches!(reader.number(), Err(Error::UnexpectedKey { key, expected: "a number" }) if key == "a/7")
    );
    let mut reader = key.read();
    reader.text().unwrap();
    reader.number().unwrap();
    assert!(matches!(reader.text(), Err(Error::UnexpectedKey { expected: "a text", .. })));
    assert_eq!(key.parts(), "a/7");
    assert_eq!(Key::new().parts(), "");
    assert_eq!(Key::of_bytes([0x01, b'a', 0xFF]).parts(), "[01, 61, ff]");
}
