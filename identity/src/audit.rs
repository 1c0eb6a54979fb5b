//! The audit: what was changed and who was verified, written in the same commit, without any secret.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table};

use crate::error::Error;
use crate::modality::Modality;
use crate::random::identifier;
use crate::store::IdentityStore;
use crate::user::UserId;
use crate::work::{Work, milliseconds};

/// The entries by time, position in their commit, and a random text.
const AUDIT: Table<Entry> = Table::new("audit");

/// One thing that happened in an identity store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When it happened.
    pub dtm: Timestamp,
    /// Who did it.
    pub by: String,
    /// What happened.
    pub action: Action,
    /// The identifier of the identity store.
    pub store_id: String,
    /// The name that the identity store had.
    pub store_name: String,
    /// The user that it happened to, where there is one. A name that is nobody's is not kept: people type
    /// passcodes into the wrong field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The policy of the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    /// The form of authentication that was locked or unlocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// Why an authentication was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// An identity store was added.
    StoreAdded,
    /// An identity store was changed.
    StoreUpdated,
    /// An identity store was removed with its users.
    StoreRemoved,
    /// A user was added.
    UserAdded,
    /// A user was changed.
    UserUpdated,
    /// A user was removed.
    UserRemoved,
    /// A user was locked by hand.
    UserLocked,
    /// The lock was taken off a user by hand.
    UserUnlocked,
    /// A form of authentication of a user was locked by hand.
    ModalityLocked,
    /// The lock was taken off a form of authentication of a user by hand.
    ModalityUnlocked,
    /// A passcode was registered.
    PasscodeRegistered,
    /// A passcode was removed.
    PasscodeRemoved,
    /// The status or the expiration date of a passcode was changed.
    PasscodeUpdated,
    /// Somebody proved to know a passcode and put another in its place.
    PasscodeRenewed,
    /// Somebody proved to know a passcode.
    PasscodeAccepted,
    /// An authentication with a passcode failed.
    PasscodeRefused,
}

/// Why an authentication was refused; only the audit knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The proof did not belong to the passcode.
    WrongPasscode,
    /// There is no such user.
    UserUnknown,
    /// The user was locked.
    UserLocked,
    /// The user was disabled.
    UserDisabled,
    /// This form of authentication was locked for the user.
    ModalityLocked,
    /// The user has no passcode under this policy.
    PasscodeMissing,
    /// The passcode had expired.
    PasscodeExpired,
    /// The passcode was disabled.
    PasscodeDisabled,
}

impl Entry {
    /// An entry on something in this store; the rest is filled in as it is written.
    pub(crate) fn new(action: Action, store: &IdentityStore) -> Entry {
        Entry {
            dtm: Timestamp::UNIX_EPOCH,
            by: String::new(),
            action,
            store_id: store.id.clone(),
            store_name: store.name.clone(),
            user_id: None,
            policy_name: None,
            modality: None,
            reason: None,
        }
    }

    pub(crate) fn user(self, user: &UserId) -> Entry {
        Entry { user_id: Some(user.clone()), ..self }
    }

    pub(crate) fn policy(self, policy: &str) -> Entry {
        Entry { policy_name: Some(policy.to_owned()), ..self }
    }
}

impl Work {
    /// Writes an entry, by and at what this work is.
    pub(crate) fn audit(&mut self, entry: Entry) -> Result<(), Error> {
        let entry = Entry { dtm: self.now(), by: self.by().to_owned(), ..entry };
        let position = self.next_entry();
        let key = Key::new().number(milliseconds(entry.dtm)).number(position).text(identifier()?);
        Ok(self.unit().put(&AUDIT, key, &entry)?)
    }

    /// The latest entries of the tenant, newest first, at most so many.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn list_audit(&mut self, limit: usize) -> Result<Vec<Entry>, Error> {
        let rows = self.unit().list(&AUDIT, Range::all().descending(), limit).await?;
        Ok(rows.into_iter().map(|(_, entry)| entry).collect())
    }
}
