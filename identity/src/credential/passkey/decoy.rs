//! What a stranger is shown in place of passkeys that are not there.

use super::secret::Secret;
use crate::user::Who;

/// How long the credential identifiers of common authenticators are, in bytes.
const LENGTHS: [usize; 4] = [16, 20, 32, 32];

impl Secret {
    /// The credential identifier that a name without passkeys seems to have: always the same one for the same
    /// store, relying party and name, and like no other.
    pub(super) fn decoy(&self, store_id: &str, rp_id: &str, who: &Who) -> Vec<u8> {
        let (kind, name) = match who {
            Who::Id(id) => ("id", id.as_str()),
            Who::ExternalId(id) => ("external id", id.as_str()),
        };
        let block = |of: &str| {
            self.derive(&[
                of.as_bytes(),
                store_id.as_bytes(),
                rp_id.as_bytes(),
                kind.as_bytes(),
                name.as_bytes(),
            ])
        };
        let length = LENGTHS[usize::from(block("length")[0]) % LENGTHS.len()];
        block("decoy")[..length].to_vec()
    }
}
