//! A recovery code: how it is drawn, written, read and hashed.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::random::random;

/// The characters of a code, five bits each: no I, L, O and U, which look like others or make words (the base32 of
/// Crockford).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many characters stand together when a code is shown.
const GROUP: usize = 4;
/// The length of a hash in bytes.
pub(super) const HASH: usize = 32;

/// Draws a code of so many characters, at most 32.
pub(super) fn draw(length: u32) -> Result<Zeroizing<String>, Error> {
    let bytes = Zeroizing::new(random::<32>()?);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let character = |byte: &u8| char::from(ALPHABET[usize::from(byte & 31)]);
    Ok(Zeroizing::new(bytes.iter().take(length).map(character).collect()))
}

/// A code as it is shown: in groups of four, with hyphens between them.
pub(super) fn shown(code: &str) -> String {
    let mut text = String::with_capacity(code.len() + code.len() / GROUP);
    for (position, character) in code.chars().enumerate() {
        if position > 0 && position % GROUP == 0 {
            text.push('-');
        }
        text.push(character);
    }
    text
}

/// Reads a code as people type it: spaces and hyphens do not count, nor does the case; O is a zero, I and L are ones.
fn read(text: &str) -> Zeroizing<String> {
    let meant = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(HASH + 1);
    Zeroizing::new(
        meant
            .map(|character| match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect(),
    )
}

/// What is kept of a code: SHA-256 of the set that it belongs to and of the code.
pub(super) fn hash(set: &str, text: &str) -> [u8; HASH] {
    Sha256::new()
        .chain_update(set)
        .chain_update([0])
        .chain_update(read(text).as_bytes())
        .finalize()
        .into()
}

/// The position of a hash among others. All are compared, in the same time for every code.
pub(super) fn position(hashes: &[[u8; HASH]], hash: &[u8; HASH]) -> Option<usize> {
    let mut found = None;
    for (position, other) in hashes.iter().enumerate() {
        let same: Choice = other.ct_eq(hash);
        if bool::from(same) {
            found = Some(position);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_shown_in_groups_and_read_as_people_type_it() {
        let cases = [
            ("7KQM2V9XH4TR8ZCA", "7KQM-2V9X-H4TR-8ZCA"),
            ("7KQM2V9XH4TR8ZCAB", "7KQM-2V9X-H4TR-8ZCA-B"),
            ("0123", "0123"),
        ];
        for (code, text) in cases {
            assert_eq!(shown(code), text);
            assert_eq!(read(text).as_str(), code);
        }
        assert_eq!(read(" 7kqm 2v9x-h4tr\t8zca\n").as_str(), "7KQM2V9XH4TR8ZCA");
        assert_eq!(read("oOiIlL").as_str(), "001111");
        assert_eq!(read(&"9".repeat(1000)).len(), 33);
    }

    #[test]
    fn a_code_has_the_length_asked_for_and_is_never_the_same() {
        for length in [16, 20, 32] {
            let (one, other) = (draw(length).unwrap(), draw(length).unwrap());
            assert_eq!(one.len(), length as usize);
            assert_ne!(*one, *other);
            assert!(one.bytes().all(|byte| ALPHABET.contains(&byte)));
        }
    }

    #[test]
    fn a_code_is_found_in_its_own_set_alone() {
        let hashes = [hash("a", "AAAA"), hash("a", "BBBB")];
        assert_eq!(position(&hashes, &hash("a", "bb-bb")), Some(1));
        assert_eq!(position(&hashes, &hash("b", "BBBB")), None);
        assert_eq!(position(&[], &hash("a", "AAAA")), None);
    }
}
