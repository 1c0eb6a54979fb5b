//! Passcodes that everybody tries first: the 10,000 most common ones, and what is known of the user.
//!
//! The store never sees a passcode, but a verifier answers guesses: `v` is `g^x` for exactly one `x`, and whoever has
//! `i` and salt can compute the `x` of any text. So the store guesses, once, after a passcode was registered. With
//! the powers of `g` in a table a guess is two digests and 31 multiplications, and the whole list takes less than a
//! second of one core. The list is that of SecLists (`dictionary/LICENSE`), the likeliest first as far as ranks are known.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use flate2::read::DeflateDecoder;
use num_bigint::BigUint;
use sha2::{Digest, Sha256};
use srp::groups::G_2048;

use crate::credential::srp::powers::Powers;
use crate::user::Row;

/// The list, a passcode on each line.
static LIST: &[u8] = include_bytes!("dictionary/passcodes.deflate");
/// The passcodes of the list, the likeliest first.
static COMMON: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut text = String::new();
    // A list that cannot be read is one that a test has found.
    let _ = DeflateDecoder::new(LIST).read_to_string(&mut text);
    text.lines().map(str::to_owned).collect()
});
/// The powers of `g` in the product's group.
static POWERS: LazyLock<Powers> = LazyLock::new(|| Powers::of(&G_2048.g, &G_2048.n));

/// How long a verifier is guessed at.
const LONGEST: Duration = Duration::from_secs(2);
/// How many guesses are made between two looks at the clock.
const STRIDE: usize = 64;
/// The most guesses that are made of what is known of a user.
const MOST_OWN: usize = 400;
/// The shortest own text that is guessed, in characters: shorter ones are in many passcodes.
const SHORTEST_OWN: usize = 3;

/// What the guesses at a verifier came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// One was right.
    Found,
    /// None was right, of so many.
    NotFound(usize),
}

/// Guesses at a verifier, first what is known of the user, then the list; at most two seconds long.
pub(super) fn guess(i: &str, salt: &[u8], verifier: &[u8], own: &BTreeSet<String>) -> Guess {
    let wanted = POWERS.residue(&BigUint::from_bytes_be(verifier));
    // The tables are there by now: making them is no part of the guesses.
    let begun = Instant::now();
    let mut tried = 0;
    for text in own.iter().chain(COMMON.iter()) {
        if tried % STRIDE == 0 && begun.elapsed() > LONGEST {
            break;
        }
        tried += 1;
        let inner = Sha256::new().chain_update(i).chain_update(":").chain_update(text).finalize();
        let x = Sha256::new().chain_update(salt).chain_update(inner).finalize();
        if POWERS.power(&x.into()) == wanted {
            return Guess::Found;
        }
    }
    Guess::NotFound(tried)
}

/// Whether a passcode is one of them; for the one case in which the store is shown it.
pub(super) fn has(passcode: &[u8], own: &BTreeSet<String>) -> bool {
    own.iter().chain(COMMON.iter()).any(|text| text.as_bytes() == passcode)
}

/// How many passcodes the list has.
pub(super) fn listed() -> usize {
    COMMON.len()
}

/// What is known of a user, as the user may have typed it: whole values, their words, and the part of an address
/// before its `@`; each as it is, in lower case, and with a capital first.
pub(super) fn own(user: &Row) -> BTreeSet<String> {
    let values = user.external_id.iter().chain(user.attributes.values());
    let mut texts = BTreeSet::new();
    for value in values.filter(|value| value.len() <= 256) {
        let words = value.split(|one: char| !one.is_alphanumeric());
        let before = value.split('@').next();
        let squeezed: String = value.chars().filter(|one| one.is_alphanumeric()).collect();
        for text in words.chain([value.as_str(), squeezed.as_str()]).chain(before) {
            if text.chars().count() < SHORTEST_OWN || texts.len() >= MOST_OWN {
                continue;
            }
            let lower = text.to_lowercase();
            let mut capital = lower.chars();
            let first = capital.next().into_iter().flat_map(char::to_uppercase);
            texts.insert(first.chain(capital).collect());
            texts.insert(lower);
            texts.insert(text.to_owned());
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::client::Client;

    const I: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn verifier(passcode: &str) -> Vec<u8> {
        Client::new(I, &[7; 32], passcode).verifier::<Sha256>()
    }

    #[test]
    fn the_list_has_ten_thousand_different_passcodes() {
        let different: BTreeSet<_> = COMMON.iter().collect();
        assert_eq!((listed(), different.len()), (10_000, 10_000));
        assert_eq!(COMMON[..3], ["123456", "password", "12345678"]);
    }

    #[test]
    fn a_common_passcode_is_found_and_others_are_not() {
        let none = BTreeSet::new();
        for common in ["123456", "monkey"] {
            assert_eq!(guess(I, &[7; 32], &verifier(common), &none), Guess::Found, "{common}");
        }
        let Guess::NotFound(tried) = guess(I, &[7; 32], &verifier("N0t-in-th€-list"), &none)
        else {
            panic!("found")
        };
        assert!(tried >= STRIDE, "{tried}");
        // The same passcode under another identity is another verifier.
        let other = guess("BAAAAAAAAAAAAAAAAAAAAAAAAA", &[7; 32], &verifier("123456"), &none);
        assert!(matches!(other, Guess::NotFound(_)));
    }

    #[test]
    fn what_is_known_of_a_user_is_guessed_first() {
        let mut user = Row::sample();
        user.attributes.insert("name".to_owned(), "Alice LIDDELL-Hargreaves".to_owned());
        user.attributes.insert("born".to_owned(), "1852-05-04".to_owned());
        let own = own(&user);
        for text in [
            "alice",
            "Alice",
            "alice@example.org",
            "example",
            "Liddell",
            "LIDDELL",
            "hargreaves",
            "1852",
            "18520504",
            "AliceLIDDELLHargreaves",
        ] {
            assert!(own.contains(text), "{text} {own:?}");
        }
        assert!(!own.contains("05"));
        assert_eq!(guess(I, &[7; 32], &verifier("Liddell"), &own), Guess::Found);
    }
}
