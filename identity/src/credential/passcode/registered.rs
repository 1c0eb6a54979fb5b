//! Registered passcodes: what is stored of them, what is shown of them.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Seal};
use zeroize::Zeroizing;

use crate::audit::{Action, Entry};
use crate::credential::kept::{Credential, Credentials};
use crate::error::Error;
use crate::random::identifier;
use crate::store::IdentityStore;
use crate::user::{self, User, UserId, Who};
use crate::work::Work;

/// The passcodes, and their verifiers.
pub(crate) const PASSCODES: Credentials<Row, Verifier> =
    Credentials::new("passcode-verifiers", "passcodes");

/// What is stored of a passcode beside its verifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) policy_name: String,
    pub(crate) i: String,
    pub(crate) salt: String,
    pub(crate) created_dtm: Timestamp,
    pub(crate) last_updated_dtm: Timestamp,
    pub(crate) expiration_dtm: Option<Timestamp>,
    pub(crate) last_authenticated_with_dtm: Option<Timestamp>,
    /// Whether somebody switched it off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) disabled: bool,
    /// Whether it came as a hash that nobody has signed in with so far.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) imported: bool,
    /// Whether it was found among the passcodes that everybody tries first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) too_common: bool,
}

/// What stands for a passcode without telling it (RFC 5054: `v`).
pub(crate) struct Verifier(pub(crate) Zeroizing<Vec<u8>>);

impl Seal for Verifier {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.0.clone()
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Verifier, String> {
        Ok(Verifier(Zeroizing::new(bytes.to_vec())))
    }
}

/// What is shown of a passcode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasscodeSummary {
    /// The identifier of the credential.
    pub id: String,
    /// The policy that it was registered under.
    pub policy_name: String,
    /// Whether it can be used.
    pub status: PasscodeStatus,
    /// When it was registered.
    pub created_dtm: Timestamp,
    /// When it was last changed.
    pub last_updated_dtm: Timestamp,
    /// When it can no longer be used; never without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_dtm: Option<Timestamp>,
    /// When somebody last authenticated with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_authenticated_with_dtm: Option<Timestamp>,
}

/// Whether a passcode can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PasscodeStatus {
    /// It can.
    Active,
    /// Its time is over; it can be renewed.
    Expired,
    /// It was switched off by hand.
    Disabled,
    /// It came as a hash of another system, which is verified and replaced at the next sign-in.
    Imported,
    /// It was undone after its registration: it is one that everybody tries first. Another can be registered.
    TooCommon,
}

impl Credential for Row {
    fn policy_name(&self) -> &str {
        &self.policy_name
    }
}

impl Row {
    /// A passcode that is registered now.
    pub(super) fn new(
        policy_name: &str,
        i: String,
        salt: String,
        now: Timestamp,
        expires: Option<Timestamp>,
    ) -> Result<Row, Error> {
        Ok(Row {
            id: identifier()?,
            policy_name: policy_name.to_owned(),
            i,
            salt,
            created_dtm: now,
            last_updated_dtm: now,
            expiration_dtm: expires,
            last_authenticated_with_dtm: None,
            disabled: false,
            imported: false,
            too_common: false,
        })
    }

    pub(crate) fn salt(&self) -> Result<Vec<u8>, Error> {
        BASE64URL_NOPAD.decode(self.salt.as_bytes()).map_err(|_| {
            Error::Storage(storage::Error::Corrupt {
                table: PASSCODES.name(),
                key: self.id.clone(),
                reason: "the salt is no base64url".to_owned(),
            })
        })
    }

    pub(crate) fn status(&self, now: Timestamp) -> PasscodeStatus {
        match self.expiration_dtm {
            _ if self.disabled => PasscodeStatus::Disabled,
            _ if self.too_common => PasscodeStatus::TooCommon,
            Some(end) if end <= now => PasscodeStatus::Expired,
            _ if self.imported => PasscodeStatus::Imported,
            _ => PasscodeStatus::Active,
        }
    }

    pub(super) fn shown(self, now: Timestamp) -> PasscodeSummary {
        PasscodeSummary {
            status: self.status(now),
            id: self.id,
            policy_name: self.policy_name,
            created_dtm: self.created_dtm,
            last_updated_dtm: self.last_updated_dtm,
            expiration_dtm: self.expiration_dtm,
            last_authenticated_with_dtm: self.last_authenticated_with_dtm,
        }
    }
}

impl Work {
    /// Removes the passcode that a user has under a policy.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::PolicyMissing`] when there is neither such a passcode nor such a policy,
    /// [`Error::PasscodeMissing`], [`Error::Storage`].
    pub async fn remove_passcode(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
    ) -> Result<User, Error> {
        let (store, user) = self.holder(store, who).await?;
        let Some(row) = PASSCODES.find(self, &store.id, &user.id, policy).await? else {
            return Err(match store.configuration.passcode_policies.get(policy) {
                Some(_) => Error::PasscodeMissing(policy.to_owned()),
                None => Error::PolicyMissing(policy.to_owned()),
            });
        };
        let user = self.drop_passcode(&store, user, &row).await?;
        self.show(&store, user).await
    }

    /// Removes a passcode of a user; it stays among the former ones.
    pub(super) async fn drop_passcode(
        &mut self,
        store: &IdentityStore,
        user: user::Row,
        row: &Row,
    ) -> Result<user::Row, Error> {
        self.keep_former(store, &user.id, row).await?;
        self.drop_hash(&store.id, &user.id, row);
        PASSCODES.erase(self, &store.id, &user.id, &row.policy_name);
        let entry = Entry::new(Action::PasscodeRemoved, store).user(&user.id);
        self.audit(entry.policy(&row.policy_name))?;
        self.keep_user(store, user)
    }

    /// The passcodes of a user as shown now, by policy.
    pub(crate) async fn summarise_passcodes(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<PasscodeSummary>, Error> {
        let now = self.now();
        let rows = PASSCODES.list(self, store, user).await?;
        Ok(rows.into_iter().map(|row| row.shown(now)).collect())
    }

    /// The passcodes of several users as shown now, by user and policy.
    pub(crate) async fn summarise_all_passcodes(
        &mut self,
        users: &BTreeSet<Key>,
    ) -> Result<Vec<(Key, PasscodeSummary)>, Error> {
        let now = self.now();
        let rows = PASSCODES.list_all(self, users).await?;
        Ok(rows.into_iter().map(|(key, row)| (key, row.shown(now))).collect())
    }

    /// Erases all passcodes of a user.
    pub(crate) async fn erase_passcodes(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<(), Error> {
        self.erase_former(store, user).await?;
        for passcode in PASSCODES.erase_all(self, store, user).await? {
            self.drop_hash(store, user, &passcode);
        }
        Ok(())
    }
}
