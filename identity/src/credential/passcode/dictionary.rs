//! Passcodes that everybody tries first: the 10,000 most common ones, and what is known of the user.
//!
//! The store never sees a passcode, but a verifier answers guesses: `v` is `g^x` for exactly one `x`, and whoever has
//! `i` and salt can compute the `x` of any text. So the store guesses, once, after a passcode was registered. With
//! the powers of `g` in a table a guess is two digests and 31 multiplications, and the whole list takes less than a
//! second of one core. The list is that of SecLists (`dictionary/LICENSE`), the likeliest first as far as ranks are known.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::LazyLock;
use std::time::Duration;

use flate2::read::DeflateDecoder;
use num_bigint::BigUint;
use rustix::time::{ClockId, clock_gettime};
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

/// How long a verifier is guessed at in one go, on the processor: what else the machine does takes nothing from it.
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
    /// None was right.
    NotFound,
    /// None was right so far; so many of the list were guessed, and the others are still to be.
    CutShort(usize),
}

/// What is guessed at.
pub(super) struct Target<'a> {
    /// The identity in SRP.
    pub(super) i: &'a str,
    pub(super) salt: &'a [u8],
    pub(super) verifier: &'a [u8],
    /// What is known of the user, as of [`own`].
    pub(super) own: &'a BTreeSet<String>,
}

/// Guesses at a verifier, first what is known of the user, then the list behind the first `tried`, for two seconds by a
/// clock. However slow the machine is, each call gets further.
pub(super) fn guess(target: &Target<'_>, tried: usize, clock: impl Fn() -> Duration) -> Guess {
    let Target { i, salt, verifier, own } = target;
    let wanted = POWERS.residue(&BigUint::from_bytes_be(verifier));
    let is_it = |text: &String| {
        let inner = Sha256::new().chain_update(i).chain_update(":").chain_update(text).finalize();
        let x = Sha256::new().chain_update(salt).chain_update(inner).finalize();
        POWERS.power(&x.into()) == wanted
    };
    // The tables are there by now: making them is no part of the guesses.
    let begun = clock();
    if tried == 0 && own.iter().any(is_it) {
        return Guess::Found;
    }
    let mut tried = tried;
    while let Some(next) = COMMON.get(tried..).filter(|left| !left.is_empty()) {
        let next = &next[..next.len().min(STRIDE)];
        if next.iter().any(is_it) {
            return Guess::Found;
        }
        tried += next.len();
        if clock().saturating_sub(begun) > LONGEST && tried < COMMON.len() {
            return Guess::CutShort(tried);
        }
    }
    Guess::NotFound
}

/// How long this thread has been on the processor.
pub(super) fn on_processor() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// Whether a passcode is one of them; for the one case in which the store is shown it.
pub(super) fn has(passcode: &[u8], own: &BTreeSet<String>) -> bool {
    own.iter().chain(COMMON.iter()).any(|text| text.as_bytes() == passcode)
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
    use std::cell::Cell;
    use std::time::Instant;

    use super::*;
    use crate::credential::client::Client;

    const I: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn verifier(passcode: &str) -> Vec<u8> {
        Client::new(I, &[7; 32], passcode).verifier::<Sha256>()
    }

    /// Guesses with a clock that stands still.
    fn guess_all(i: &str, passcode: &str, own: &BTreeSet<String>) -> Guess {
        let verifier = verifier(passcode);
        guess(&Target { i, salt: &[7; 32], verifier: &verifier, own }, 0, || Duration::ZERO)
    }

    #[test]
    fn the_list_has_ten_thousand_different_passcodes() {
        let different: BTreeSet<_> = COMMON.iter().collect();
        assert_eq!((COMMON.len(), different.len()), (10_000, 10_000));
        assert_eq!(COMMON[..3], ["123456", "password", "12345678"]);
    }

    #[test]
    fn a_common_passcode_is_found_and_others_are_not() {
        let none = BTreeSet::new();
        for common in ["123456", "monkey"] {
            assert_eq!(guess_all(I, common, &none), Guess::Found, "{common}");
        }
        assert_eq!(guess_all(I, "N0t-in-th€-list", &none), Guess::NotFound);
        // The same passcode under another identity is another verifier.
        let other = guess_all("BAAAAAAAAAAAAAAAAAAAAAAAAA", "123456", &none);
        assert_eq!(other, Guess::NotFound);
    }

    #[test]
    fn whatever_takes_longer_is_guessed_in_the_next_go() {
        let (own, seconds) = (BTreeSet::from(["Alice".to_owned()]), Cell::new(0));
        let clock = || Duration::from_secs(seconds.replace(seconds.get() + 1));
        let verifier = verifier(COMMON.last().unwrap());
        let target = Target { i: I, salt: &[7; 32], verifier: &verifier, own: &own };
        let (mut tried, mut goes) = (0, 0);
        while let Guess::CutShort(further) = guess(&target, tried, clock) {
            assert_eq!(further, tried + 3 * STRIDE);
            (tried, goes) = (further, goes + 1);
        }
        assert_eq!(goes, COMMON.len() / (3 * STRIDE));
        assert_eq!(guess(&target, tried, clock), Guess::Found);
        // A machine that is too slow for anything gets further all the same.
        let slow = || Duration::from_hours(seconds.replace(seconds.get() + 1));
        assert_eq!(guess(&target, 0, slow), Guess::CutShort(STRIDE));
    }

    #[test]
    fn only_what_this_thread_does_takes_time_from_it() {
        let begun = Instant::now();
        let before = on_processor();
        std::thread::spawn(|| guess_all(I, "N0t-in-th€-list", &BTreeSet::new())).join().unwrap();
        let waited = on_processor() - before;
        assert!(waited < begun.elapsed() / 2, "{waited:?} of {:?}", begun.elapsed());
        guess_all(I, "N0t-in-th€-list", &BTreeSet::new());
        assert!(on_processor() - before > waited);
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
        assert_eq!(guess_all(I, "Liddell", &own), Guess::Found);
    }
}
