//! Sets of recovery codes: making them, what is stored and what is shown of them, removing them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Seal};
use zeroize::Zeroizing;

use super::code::{HASH, draw, hash, shown};
use crate::audit::{Action, Entry};
use crate::credential::kept::{Credential, Credentials};
use crate::error::Error;
use crate::random::identifier;
use crate::user::{User, UserId, UserStatus, Who};
use crate::work::Work;

/// The sets of recovery codes, and the hashes of the codes that were not used so far.
pub(crate) const RECOVERY_CODES: Credentials<Row, Hashes> =
    Credentials::new("recovery-code-hashes", "recovery-codes");

/// What is stored of a set of recovery codes beside their hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(super) id: String,
    pub(super) policy_name: String,
    pub(super) count: u32,
    pub(super) remaining: u32,
    pub(super) created_dtm: Timestamp,
    pub(super) last_authenticated_with_dtm: Option<Timestamp>,
}

/// The hashes of the codes that were not used so far.
pub(crate) struct Hashes(pub(super) Vec<[u8; HASH]>);

impl Seal for Hashes {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.concat())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Hashes, String> {
        match bytes.as_chunks::<HASH>() {
            (hashes, []) => Ok(Hashes(hashes.to_vec())),
            _ => Err("a hash is cut off".to_owned()),
        }
    }
}

/// What is shown of a set of recovery codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodesSummary {
    /// The identifier of the set.
    pub id: String,
    /// The policy that the codes were made under.
    pub policy_name: String,
    /// How many codes were made.
    pub count: u32,
    /// How many of them were not used so far.
    pub remaining: u32,
    /// When they were made.
    pub created_dtm: Timestamp,
    /// When somebody last authenticated with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_authenticated_with_dtm: Option<Timestamp>,
}

/// Recovery codes that were just made: the only time that they are shown.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// The set.
    pub recovery_codes: RecoveryCodesSummary,
    /// The codes, in groups of four characters.
    pub codes: Vec<String>,
    /// Whose codes they are.
    pub user: User,
}

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoveryCodes").field("set", &self.recovery_codes).finish_non_exhaustive()
    }
}

impl Credential for Row {
    fn policy_name(&self) -> &str {
        &self.policy_name
    }
}

impl Row {
    fn shown(self) -> RecoveryCodesSummary {
        RecoveryCodesSummary {
            id: self.id,
            policy_name: self.policy_name,
            count: self.count,
            remaining: self.remaining,
            created_dtm: self.created_dtm,
            last_authenticated_with_dtm: self.last_authenticated_with_dtm,
        }
    }
}

impl Work {
    /// Makes recovery codes for a user, in place of all that the user had under the policy.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::RecoveryCodePolicyMissing`], [`Error::UserMissing`],
    /// [`Error::ExternalUserMissing`], [`Error::UserNotActive`], [`Error::Storage`].
    pub async fn generate_recovery_codes(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<RecoveryCodes, Error> {
        let store = self.read_store(store).await?;
        let rules = store.recovery_code_policy(policy)?;
        let user = self.find_user(&store, who).await?.ok_or_else(|| who.missing())?;
        match user.status(self.now()) {
            UserStatus::Active | UserStatus::PendingActive => {}
            status => return Err(Error::UserNotActive(status)),
        }
        let row = Row {
            id: identifier()?,
            policy_name: policy.to_owned(),
            count: rules.count,
            remaining: rules.count,
            created_dtm: self.now(),
            last_authenticated_with_dtm: None,
        };
        let (mut codes, mut hashes) = (Vec::new(), Vec::new());
        for _ in 0..rules.count {
            let code = draw(rules.length)?;
            hashes.push(hash(&row.id, &code));
            codes.push(shown(&code));
        }
        RECOVERY_CODES.keep(self, &store.id, &user.id, &row, Some(&Hashes(hashes))).await?;
        let entry = Entry::new(Action::RecoveryCodesGenerated, &store).user(&user.id);
        self.audit(entry.policy(policy))?;
        // Writing the user makes a removal of the user at the same time see these codes.
        let user = self.keep_user(&store, user)?;
        let user = self.show(&store, user).await?;
        Ok(RecoveryCodes { recovery_codes: row.shown(), codes, user })
    }

    /// Lists the sets of recovery codes of a user, by policy.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn list_recovery_codes(
        &mut self,
        store: &str,
        who: &Who,
    ) -> Result<Vec<RecoveryCodesSummary>, Error> {
        let (store, user) = self.holder(store, who).await?;
        self.summarise_recovery_codes(&store.id, &user.id).await
    }

    /// Reads a set of recovery codes of a user by its identifier.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::RecoveryCodesMissing`], [`Error::Storage`].
    pub async fn read_recovery_codes(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<RecoveryCodesSummary, Error> {
        let sets = self.list_recovery_codes(store, who).await?;
        let found = sets.into_iter().find(|set| set.id == id);
        found.ok_or_else(|| Error::RecoveryCodesMissing(id.to_owned()))
    }

    /// Removes a set of recovery codes of a user by its identifier.
    ///
    /// # Errors
    ///
    /// As of [`Work::read_recovery_codes`].
    pub async fn remove_recovery_codes_by_id(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<User, Error> {
        let policy = self.read_recovery_codes(store, who, id).await?.policy_name;
        self.remove_recovery_codes(store, who, &policy).await
    }

    /// Removes the recovery codes that a user has under a policy.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::RecoveryCodePolicyMissing`] when there are neither such codes nor such a policy,
    /// [`Error::RecoveryCodesMissing`], [`Error::Storage`].
    pub async fn remove_recovery_codes(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<User, Error> {
        let (store, user) = self.holder(store, who).await?;
        if RECOVERY_CODES.find(self, &store.id, &user.id, policy).await?.is_none() {
            store.recovery_code_policy(policy)?;
            return Err(Error::RecoveryCodesMissing(policy.to_owned()));
        }
        RECOVERY_CODES.erase(self, &store.id, &user.id, policy);
        self.audit(Entry::new(Action::RecoveryCodesRemoved, &store).user(&user.id).policy(policy))?;
        let user = self.keep_user(&store, user)?;
        self.show(&store, user).await
    }

    /// The sets of recovery codes of a user as shown, by policy.
    pub(crate) async fn summarise_recovery_codes(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<RecoveryCodesSummary>, Error> {
        let rows = RECOVERY_CODES.list(self, store, user).await?;
        Ok(rows.into_iter().map(Row::shown).collect())
    }

    /// The sets of recovery codes of several users as shown, by user and policy.
    pub(crate) async fn summarise_all_recovery_codes(
        &mut self,
        users: &BTreeSet<Key>,
    ) -> Result<Vec<(Key, RecoveryCodesSummary)>, Error> {
        let rows = RECOVERY_CODES.list_all(self, users).await?;
        Ok(rows.into_iter().map(|(key, row)| (key, row.shown())).collect())
    }
}
