//! Recovery codes that come from another store: their hashes, so that the codes on paper stay good.

use std::collections::BTreeSet;

use data_encoding::BASE64;

use super::code::HASH;
use super::registered::{Hashes, RECOVERY_CODES, Row};
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::name::is_identifier;
use crate::store::IdentityStore;
use crate::transfer::RecoveryCodesLine;
use crate::user::UserId;
use crate::work::Work;

/// The most codes of a set.
const MOST_CODES: u32 = 50;

impl Work {
    /// Brings a set of recovery codes to a user, unless the user has one under its policy; says whether it did.
    pub(crate) async fn import_recovery_codes(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        line: RecoveryCodesLine,
    ) -> Result<bool, Error> {
        let unusable = |reason: &str| Error::ImportLine(format!("recoveryCodes: {reason}"));
        store.recovery_code_policy(&line.policy_name)?;
        if RECOVERY_CODES.find(self, &store.id, user, &line.policy_name).await?.is_some() {
            return Ok(false);
        }
        // The identifier is a part of what was hashed.
        if !is_identifier(&line.id) {
            return Err(unusable("an id has 26 characters of upper-case base32"));
        }
        let hash =
            |text: &String| <[u8; HASH]>::try_from(BASE64.decode(text.as_bytes()).ok()?).ok();
        let hashes: Option<Vec<_>> = line.hashes.iter().map(hash).collect();
        let hashes = hashes.ok_or_else(|| unusable("a hash is base64 of 32 bytes"))?;
        if BTreeSet::from_iter(&hashes).len() < hashes.len() {
            return Err(unusable("a hash is given more than once"));
        }
        let remaining = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        if !(remaining..=MOST_CODES).contains(&line.count) {
            return Err(unusable("there are more hashes than codes, or more than 50 codes"));
        }
        let row = Row {
            id: line.id,
            policy_name: line.policy_name,
            count: line.count,
            remaining,
            created_dtm: line.created_dtm.map_or(self.now(), |time| time.min(self.now())),
            last_authenticated_with_dtm: line.last_authenticated_with_dtm,
        };
        RECOVERY_CODES.keep(self, &store.id, user, &row, Some(&Hashes(hashes))).await?;
        let entry = Entry::new(Action::RecoveryCodesImported, store).user(user);
        self.audit(entry.policy(&row.policy_name))?;
        Ok(true)
    }

    /// The sets of recovery codes of a user as they are exported, with the hashes of those that were not used.
    pub(crate) async fn export_recovery_codes(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<RecoveryCodesLine>, Error> {
        let mut lines = Vec::new();
        for row in RECOVERY_CODES.list(self, store, user).await? {
            let hashes = RECOVERY_CODES.find_secret(self, store, user, &row.policy_name).await?;
            let hashes = hashes.map(|Hashes(hashes)| hashes).unwrap_or_default();
            lines.push(RecoveryCodesLine {
                policy_name: row.policy_name,
                id: row.id,
                hashes: hashes.iter().map(|hash| BASE64.encode(hash)).collect(),
                count: row.count,
                created_dtm: Some(row.created_dtm),
                last_authenticated_with_dtm: row.last_authenticated_with_dtm,
            });
        }
        Ok(lines)
    }
}
