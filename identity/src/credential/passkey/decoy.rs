//! What a stranger is shown of anybody's passkeys: always the same number, of which some or all are not there.
//!
//! Passkeys that are not discoverable work only if their identifiers are shown, from their registration to their
//! removal. So it cannot be hidden altogether that something has changed: who asks for a name before and after a
//! registration sees another identifier. What can be had is that this tells next to nothing, because the identifiers
//! of every name, also of nobody's, change now and then: each decoy is shown for a while that is drawn from the name,
//! four years on average, so that a name's list changes about twice a year. A change that nobody can tie to a moment
//! says little, and an identifier that stays for years no more.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;

use super::secret::Secret;
use crate::work::milliseconds;

/// How many credentials a stranger is shown: what an authenticator looks through at once.
pub(super) const SHOWN: usize = 8;
/// How long the credential identifiers of common authenticators are, in bytes.
const LENGTHS: [usize; 8] = [16, 16, 20, 20, 32, 32, 48, 64];
/// How long a decoy is shown on average, in milliseconds: four years.
const LIFE: f64 = 4.0 * 365.25 * 86_400_000.0;
/// When the first decoys were shown, in milliseconds since 1970: with the beginning of 2025.
const BEGINNING: f64 = 1_735_689_600_000.0;

impl Secret {
    /// The credential identifiers (base64url) that a stranger is shown for a name: the newest passkeys, which come
    /// newest first, in the places of some of the decoys. Whether somebody uses them changes nothing; a passkey that
    /// comes or goes, and a decoy whose time is over, change one of them, and the others keep their order. Decoys are
    /// as long as the identifiers of common authenticators.
    pub(super) fn disguise(
        &self,
        store_id: &str,
        rp_id: &str,
        name: &str,
        newest: Vec<String>,
        now: Timestamp,
    ) -> Vec<String> {
        let derive = |of: &str, what: &[u8]| {
            let of = [of.as_bytes(), store_id.as_bytes(), rp_id.as_bytes(), name.as_bytes(), what];
            self.derive(&of)
        };
        // All are made for everybody, so that it takes the same time.
        let decoys = (0..SHOWN as u8).map(|place| {
            let number = successor(now, |number| derive("life", &[&[place], number].concat()));
            let what = [&[place], &number.to_be_bytes()[..]].concat();
            let (length, long) = (derive("length", &what), derive("decoy", &what));
            let whole = [long, derive("decoy's rest", &what)].concat();
            BASE64URL_NOPAD.encode(&whole[..LENGTHS[usize::from(length[0]) % LENGTHS.len()]])
        });
        let decoys: Vec<String> = decoys.collect();
        let mut shown: Vec<String> = newest.into_iter().chain(decoys).take(SHOWN).collect();
        shown.sort_by_cached_key(|id| derive("order", id.as_bytes()));
        shown
    }
}

/// How many decoys were shown in a place before the one that is shown now. Their lives have no memory, as nothing is
/// known of those of passkeys: how long one has been shown says nothing of how long it will be.
fn successor(now: Timestamp, derive: impl Fn(&[u8]) -> [u8; 32]) -> u32 {
    let (now, mut end) = (milliseconds(now) as f64, BEGINNING);
    let mut number = 0_u32;
    loop {
        let [a, b, c, d, e, f, ..] = derive(&number.to_be_bytes());
        let dice = u64::from_be_bytes([0, 0, a, b, c, d, e, f]) + 1;
        end -= (dice as f64 / (1_u64 << 48) as f64).ln() * LIFE;
        if end > now {
            return number;
        }
        number += 1;
    }
}
