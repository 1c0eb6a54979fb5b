//! What a stranger is shown of anybody's passkeys: always the same number, of which some or all are not there.

use data_encoding::BASE64URL_NOPAD;

use super::registered::PasskeySummary;
use super::secret::Secret;

/// How many credentials a stranger is shown: what an authenticator looks through at once.
const SHOWN: usize = 8;
/// How long the credential identifiers of common authenticators are, in bytes.
const LENGTHS: [usize; 8] = [16, 16, 20, 20, 32, 32, 48, 64];

impl Secret {
    /// The credential identifiers (base64url) that a stranger is shown for a name: the passkeys that were used last,
    /// among others that are nobody's. Those are always the same for the same store, relying party and name, like no
    /// other's, and as long as those of common authenticators; so is the order.
    ///
    /// Who watches a name sees an identifier change when its passkeys do. Nothing tells from one look, or from any
    /// number of looks in between, whether there are any.
    pub(super) fn disguise(
        &self,
        store_id: &str,
        rp_id: &str,
        name: &str,
        mut passkeys: Vec<PasskeySummary>,
    ) -> Vec<String> {
        let derive = |of: &str, what: &[u8]| {
            let of = [of.as_bytes(), store_id.as_bytes(), rp_id.as_bytes(), name.as_bytes(), what];
            self.derive(&of)
        };
        // All are made for everybody, so that it takes the same time.
        let decoys = (0..SHOWN as u8).map(|number| {
            let (length, long) = (derive("length", &[number]), derive("decoy", &[number]));
            let whole = [long, derive("decoy's rest", &[number])].concat();
            BASE64URL_NOPAD.encode(&whole[..LENGTHS[usize::from(length[0]) % LENGTHS.len()]])
        });
        let decoys: Vec<String> = decoys.collect();
        passkeys.sort_by_key(|one| one.last_authenticated_with_dtm.max(Some(one.created_dtm)));
        let real = passkeys.into_iter().rev().map(|passkey| passkey.credential_id);
        let mut shown: Vec<String> = real.chain(decoys).take(SHOWN).collect();
        shown.sort_by_cached_key(|id| derive("order", id.as_bytes()));
        shown
    }
}
