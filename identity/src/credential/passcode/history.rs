//! Former passcodes: kept as `i`, salt and verifier, so that none of the last few is used again.
//!
//! The store never sees a passcode. So whoever chooses one is handed `i` and salt of each passcode that is not to be
//! used again, and hands back what the verifier of the *new* passcode would be with each of them. A passcode that
//! was used before is known by its verifier. A page that lies about them cheats nobody but its own user: it holds
//! the new passcode, and could as well choose any other.

use std::iter::once;

use data_encoding::BASE64URL_NOPAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Seal, SealedTable};
use zeroize::Zeroizing;

use super::ceremony::Seed;
use super::imported::line_of;
use super::registered::{PASSCODES, Row, Verifier};
use super::{NewPasscode, exchange, stand_in};
use crate::credential::fields::{join, split};
use crate::credential::kept::key;
use crate::credential::srp::same;
use crate::error::Error;
use crate::random::random;
use crate::store::IdentityStore;
use crate::transfer::VerifierLine;
use crate::user::{UserId, Who};
use crate::work::{Work, milliseconds};

/// The former passcodes by store, user, policy, time of registration and identifier.
const FORMER: SealedTable<Former> = SealedTable::new("passcode-former");
/// Former passcodes of nobody, by store and number.
const STAND_INS: SealedTable<Former> = SealedTable::new("stand-in-former");

/// The most former passcodes that are compared, whatever a policy says.
pub(crate) const MOST_HISTORY: u32 = 24;
/// How many former passcodes of a user are erased at a time.
const STRIDE: usize = 1000;

/// A passcode that is not to be used again, as the page needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormerPasscode {
    /// The identity in SRP that it had.
    pub i: String,
    /// The salt that it had, base64url without padding.
    pub salt: String,
}

/// A passcode that was registered once.
struct Former {
    shown: FormerPasscode,
    verifier: Zeroizing<Vec<u8>>,
}

impl Seal for Former {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        join(&[self.shown.i.as_bytes(), self.shown.salt.as_bytes(), &self.verifier])
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Former, String> {
        let [i, salt, verifier] = split(bytes)?;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|e| e.to_string());
        let shown = FormerPasscode { i: text(i)?, salt: text(salt)? };
        Ok(Former { shown, verifier: Zeroizing::new(verifier.to_vec()) })
    }
}

impl Work {
    /// The passcodes that a new one of a user is compared with, the latest first: the present one and those before.
    pub(super) async fn former_passcodes(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        policy: &str,
    ) -> Result<Vec<FormerPasscode>, Error> {
        let former = self.comparable(store, user, policy).await?;
        Ok(distinct(former.into_iter().map(|former| former.shown)))
    }

    /// As many passcodes as the policy compares, so that a stranger does not learn how many a user has had, or whether
    /// there is one: what the stranger is shown as the present one, those before it, and then ones that nobody had.
    pub(super) async fn disguised_history(
        &mut self,
        store: &IdentityStore,
        who: &Who,
        policy: &str,
        user: &UserId,
        present: FormerPasscode,
    ) -> Result<Vec<FormerPasscode>, Error> {
        let Some(before) = depth(store, policy).checked_sub(1) else { return Ok(Vec::new()) };
        let stretch = Range::prefix(key(&store.id, user, policy)).descending();
        let kept = self.unit().list_sealed(&FORMER, stretch, before).await?;
        self.read_stand_in_history(store, before - kept.len()).await?;
        let mut shown =
            distinct(once(present).chain(kept.into_iter().map(|(_, former)| former.shown)));
        for position in 1..=before {
            // All are made, so that it takes the same time whoever is meant; a name cannot have a line break.
            let decoy = self.decoy(&store.id, &format!("{policy}\n{position}"), who).await?;
            if position >= shown.len() {
                let salt = BASE64URL_NOPAD.encode(&decoy.seed.salt);
                shown.push(FormerPasscode { i: decoy.seed.i, salt });
            }
        }
        Ok(shown)
    }

    /// Reads as many former passcodes of nobody as are missing, and makes them where nobody needed them before. It is
    /// one look, also where none is missing.
    async fn read_stand_in_history(
        &mut self,
        store: &IdentityStore,
        missing: usize,
    ) -> Result<(), Error> {
        let stretch = Range::prefix(stand_in::key(store, "former", missing > 0));
        let there = self.unit().list_sealed(&STAND_INS, stretch, missing.max(1)).await?;
        for number in there.len()..missing {
            let (Seed { i, salt }, verifier) = (Seed::draw()?, random::<256>()?.to_vec().into());
            let shown = FormerPasscode { i, salt: BASE64URL_NOPAD.encode(&salt) };
            let key = stand_in::key(store, "former", true).number(number as u64);
            self.unit().put_sealed(&STAND_INS, key, &Former { shown, verifier }).await?;
        }
        Ok(())
    }

    /// Refuses a new passcode that is one of those it was to be compared with, which the page was handed as `shown`.
    pub(super) async fn expect_unused(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        policy: &str,
        shown: &[String],
        new: &NewPasscode,
    ) -> Result<(), Error> {
        if shown.len() != new.history.len() {
            return Err(Error::HistoryMissing);
        }
        let former = self.comparable(store, user, policy).await?;
        let srp = exchange();
        let mut used = false;
        for (i, verifier) in shown.iter().zip(&new.history) {
            let verifier = srp.pad(&srp.verifier(verifier).ok_or(Error::HistoryMissing)?);
            for former in former.iter().filter(|former| former.shown.i == *i) {
                used |= same(&former.verifier, &verifier);
            }
        }
        // One that came to be former since the page was shown was never compared.
        if former.iter().any(|former| !shown.contains(&former.shown.i)) {
            return Err(Error::HistoryMissing);
        }
        if used { Err(Error::PasscodeUsedBefore) } else { Ok(()) }
    }

    /// Keeps a passcode that goes among the former ones, and as many of those as the policy compares.
    pub(super) async fn keep_former(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        row: &Row,
    ) -> Result<(), Error> {
        let policy = &row.policy_name;
        let depth = depth(store, policy);
        let stretch = Range::prefix(key(&store.id, user, policy)).descending();
        let kept = self.unit().list_sealed(&FORMER, stretch, STRIDE).await?;
        for (key, _) in kept.iter().skip(depth.saturating_sub(1)) {
            self.unit().remove_sealed(&FORMER, key);
        }
        let verifier = PASSCODES.find_secret(self, &store.id, user, policy).await?;
        let (true, Some(Verifier(verifier))) = (depth > 0, verifier) else { return Ok(()) };
        let shown = FormerPasscode { i: row.i.clone(), salt: row.salt.clone() };
        let key = former_key(store, user, row);
        Ok(self.unit().put_sealed(&FORMER, key, &Former { shown, verifier }).await?)
    }

    /// Keeps former passcodes that come from elsewhere, the latest first, as many as the policy compares.
    pub(super) async fn import_former(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        row: &Row,
        former: Vec<(Seed, Verifier)>,
    ) -> Result<(), Error> {
        let policy = &row.policy_name;
        let former = former.into_iter().take(depth(store, policy));
        // When they were registered is not known any more, only in which order.
        for ((Seed { i, salt }, Verifier(verifier)), age) in former.zip(1..) {
            let created = milliseconds(row.created_dtm).saturating_sub(age);
            let key = key(&store.id, user, policy).number(created).text(&i);
            let shown = FormerPasscode { i, salt: BASE64URL_NOPAD.encode(&salt) };
            self.unit().put_sealed(&FORMER, key, &Former { shown, verifier }).await?;
        }
        Ok(())
    }

    /// The former passcodes under a policy as they are exported, the latest first.
    pub(super) async fn export_former(
        &mut self,
        store: &str,
        user: &UserId,
        policy: &str,
    ) -> Result<Vec<VerifierLine>, Error> {
        let stretch = Range::prefix(key(store, user, policy)).descending();
        let kept = self.unit().list_sealed(&FORMER, stretch, MOST_HISTORY as usize).await?;
        let former = kept.into_iter().map(|(_, former)| former);
        Ok(former
            .map(|former| line_of(former.shown.i, former.shown.salt, &former.verifier))
            .collect())
    }

    /// Takes a passcode out of the former ones.
    pub(super) fn drop_former(&mut self, store: &IdentityStore, user: &UserId, row: &Row) {
        self.unit().remove_sealed(&FORMER, former_key(store, user, row));
    }

    /// Erases all former passcodes of a user.
    pub(super) async fn erase_former(&mut self, store: &str, user: &UserId) -> Result<(), Error> {
        let mut stretch = Range::prefix(Key::new().text(store).text(user.as_str()));
        loop {
            let kept = self.unit().list_sealed(&FORMER, stretch.clone(), STRIDE).await?;
            let Some((last, _)) = kept.last() else { return Ok(()) };
            stretch = stretch.after(last);
            for (key, _) in &kept {
                self.unit().remove_sealed(&FORMER, key);
            }
        }
    }

    async fn comparable(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        policy: &str,
    ) -> Result<Vec<Former>, Error> {
        let depth = depth(store, policy);
        let mut former = Vec::new();
        if depth == 0 {
            return Ok(former);
        }
        let present = PASSCODES.find_whole(self, &store.id, user, policy).await?;
        if let Some((row, Verifier(verifier))) = present {
            let shown = FormerPasscode { i: row.i, salt: row.salt };
            former.push(Former { shown, verifier });
        }
        let stretch = Range::prefix(key(&store.id, user, policy)).descending();
        let before = self.unit().list_sealed(&FORMER, stretch, depth - former.len()).await?;
        former.extend(before.into_iter().map(|(_, former)| former));
        Ok(former)
    }
}

/// What of them differs: passcodes that took each other's place have the same `i` and salt, and one verifier of the new
/// passcode is compared with them all.
fn distinct(former: impl Iterator<Item = FormerPasscode>) -> Vec<FormerPasscode> {
    let mut distinct = Vec::new();
    for former in former {
        if !distinct.contains(&former) {
            distinct.push(former);
        }
    }
    distinct
}

fn former_key(store: &IdentityStore, user: &UserId, row: &Row) -> Key {
    let created = milliseconds(row.created_dtm);
    key(&store.id, user, &row.policy_name).number(created).text(&row.id)
}

/// How many passcodes a new one is compared with under a policy.
fn depth(store: &IdentityStore, policy: &str) -> usize {
    let policy = store.configuration.passcode_policies.get(policy);
    policy.map_or(0, |policy| policy.passcode_requirements.passcode_history.min(MOST_HISTORY))
        as usize
}
