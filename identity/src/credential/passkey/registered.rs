//! Registered passkeys: what is stored of them, what is shown of them, and how they are changed and removed.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use storage::{Key, Range, Table};
use webauthn_rs_core::proto::Credential;

use super::fault::PasskeyFault;
use crate::audit::{Action, Entry, PasskeyInfo};
use crate::error::Error;
use crate::store::IdentityStore;
use crate::user::{UserId, Who};
use crate::work::Work;

/// The passkeys by store, user and identifier.
const PASSKEYS: Table<Row> = Table::new("passkeys");
/// Whose passkey a credential is, by store, relying party and credential identifier.
const CREDENTIALS: Table<Place> = Table::new("passkeys-by-credential");
/// Whose a user handle is, by store, relying party and handle.
const HANDLES: Table<UserId> = Table::new("passkey-user-handles");

/// The most passkeys of a user that are shown: more cannot be registered for all relying parties together.
const MOST: usize = 10_000;

/// The most credentials that a browser takes in a list of descriptors.
pub(super) const MOST_DESCRIPTORS: usize = 64;

/// What is stored of a passkey.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    pub(super) summary: PasskeySummary,
    /// The public key and the counter, without the attestation.
    pub(super) credential: Credential,
}

/// Where a passkey is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    user_id: UserId,
    id: String,
}

impl Place {
    /// Where no passkey is.
    pub(super) fn nowhere() -> Place {
        Place { user_id: UserId::nobody(), id: String::new() }
    }

    /// Where a passkey could be.
    pub(super) fn anywhere() -> Result<Place, Error> {
        Ok(Place { user_id: UserId::draw()?, id: crate::random::identifier()? })
    }
}

/// What is shown of a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeySummary {
    /// The identifier of the passkey.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Whether it can be used.
    pub status: PasskeyStatus,
    /// The relying party that it was registered for.
    pub relying_party_id: String,
    /// The policy that it was registered under.
    pub registration_policy: String,
    /// The identifier of the credential, base64url.
    pub credential_id: String,
    /// The user handle, base64url.
    pub user_handle: String,
    /// The name of the user that the authenticator shows.
    pub user_name: String,
    /// The algorithm of the key.
    pub algorithm: String,
    /// The attestation statement format.
    pub attestation_format: String,
    /// The ways on which the authenticator can be reached.
    pub transports: Vec<String>,
    /// Whether the authenticator verified the person at the registration.
    pub user_verified: bool,
    /// Whether the passkey can be on more than one device.
    pub backup_eligible: bool,
    /// Whether it was, when it was last used.
    pub backup_state: bool,
    /// The signature counter; 0 if the authenticator has none.
    pub sign_count: u32,
    /// When it was registered.
    pub created_dtm: Timestamp,
    /// When it was last changed.
    pub last_updated_dtm: Timestamp,
    /// When somebody last authenticated with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_authenticated_with_dtm: Option<Timestamp>,
}

/// Whether a passkey can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PasskeyStatus {
    /// It can.
    Active,
    /// Somebody disabled it.
    Disabled,
    /// Its signature counter went back, so that somebody may have copied it.
    Cloned,
}

/// A change of a passkey; what is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasskeyChange {
    /// A new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A new status; `ACTIVE` also clears one that may have been copied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PasskeyStatus>,
}

impl PasskeySummary {
    /// As the audit knows it.
    pub(super) fn audited(&self) -> PasskeyInfo {
        let (id, relying_party_id) = (self.id.clone(), self.relying_party_id.clone());
        PasskeyInfo { id, relying_party_id }
    }

    /// As a browser is told of it (section 5.8.3).
    pub(super) fn descriptor(&self) -> Value {
        json!({ "type": "public-key", "id": self.credential_id, "transports": self.transports })
    }
}

/// What is wrong with a text that people read.
pub(super) fn check_text(member: &'static str, text: &str) -> Result<(), Error> {
    let good = (1..=255).contains(&text.len()) && !text.chars().any(char::is_control);
    let message = "it has 1 to 255 bytes and no control characters";
    good.then_some(()).ok_or_else(|| PasskeyFault::MemberInvalid(member, message).into())
}

impl Work {
    /// The passkeys of a user.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn list_passkeys(
        &mut self,
        store: &str,
        who: &Who,
    ) -> Result<Vec<PasskeySummary>, Error> {
        let (store, user) = self.holder(store, who).await?;
        self.summarise_passkeys(&store.id, &user.id).await
    }

    /// A passkey of a user.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`PasskeyFault::Missing`],
    /// [`Error::Storage`].
    pub async fn read_passkey(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<PasskeySummary, Error> {
        let (store, user) = self.holder(store, who).await?;
        Ok(self.expect_passkey(&store.id, &user.id, id).await?.summary)
    }

    /// Changes name, status or both of a passkey.
    ///
    /// # Errors
    ///
    /// [`PasskeyFault::NothingToUpdate`], [`PasskeyFault::MemberInvalid`], [`Error::StoreMissing`],
    /// [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`PasskeyFault::Missing`], [`Error::Storage`].
    pub async fn update_passkey(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
        change: PasskeyChange,
    ) -> Result<PasskeySummary, Error> {
        let (store, user) = self.holder(store, who).await?;
        let mut row = self.expect_passkey(&store.id, &user.id, id).await?;
        if change == PasskeyChange::default() {
            return Err(PasskeyFault::NothingToUpdate.into());
        }
        if let Some(name) = change.name {
            check_text("name", &name)?;
            row.summary.name = name;
        }
        row.summary.status = change.status.unwrap_or(row.summary.status);
        row.summary.last_updated_dtm = self.now();
        self.keep_passkey(&store.id, &user.id, &row)?;
        self.audit_passkey(Action::PasskeyUpdated, &store, &user.id, &row.summary)?;
        self.keep_user(&store, user)?;
        Ok(row.summary)
    }

    /// Removes a passkey. The authenticator keeps its half, which opens nothing any more.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`PasskeyFault::Missing`],
    /// [`Error::Storage`].
    pub async fn remove_passkey(&mut self, store: &str, who: &Who, id: &str) -> Result<(), Error> {
        let (store, user) = self.holder(store, who).await?;
        let Row { summary, .. } = self.expect_passkey(&store.id, &user.id, id).await?;
        let others = self.summarise_passkeys(&store.id, &user.id).await?;
        let others = others.into_iter().filter(|other| other.id != id);
        self.forget_passkey(&store.id, &user.id, &summary, others.map(|o| o.relying_party_id));
        self.audit_passkey(Action::PasskeyRemoved, &store, &user.id, &summary)?;
        self.keep_user(&store, user)?;
        Ok(())
    }

    pub(super) fn audit_passkey(
        &mut self,
        action: Action,
        store: &IdentityStore,
        user: &UserId,
        passkey: &PasskeySummary,
    ) -> Result<(), Error> {
        let entry = Entry::new(action, store).user(user).policy(&passkey.registration_policy);
        self.audit(Entry { passkey_info: Some(passkey.audited()), ..entry })
    }

    pub(super) async fn expect_passkey(
        &mut self,
        store: &str,
        user: &UserId,
        id: &str,
    ) -> Result<Row, Error> {
        let found = self.unit().find(&PASSKEYS, key(store, user, id)).await?;
        found.ok_or_else(|| PasskeyFault::Missing(id.to_owned()).into())
    }

    /// Writes a passkey that came or has changed.
    pub(super) fn keep_passkey(
        &mut self,
        store: &str,
        user: &UserId,
        row: &Row,
    ) -> Result<(), Error> {
        self.index_passkey(store, user, &row.summary)?;
        self.keep_passkey_use(store, user, row)
    }

    /// Writes a passkey that somebody has used, which changes nothing that is looked for.
    pub(super) fn keep_passkey_use(
        &mut self,
        store: &str,
        user: &UserId,
        row: &Row,
    ) -> Result<(), Error> {
        Ok(self.unit().put(&PASSKEYS, key(store, user, &row.summary.id), row)?)
    }

    /// Writes a new passkey with what finds it.
    pub(super) fn add_passkey(
        &mut self,
        store: &str,
        user: &UserId,
        row: &Row,
    ) -> Result<(), Error> {
        let summary = &row.summary;
        let place = Place { user_id: user.clone(), id: summary.id.clone() };
        let credential = index(store, &summary.relying_party_id, &summary.credential_id);
        self.unit().put(&CREDENTIALS, credential, &place)?;
        let handle = index(store, &summary.relying_party_id, &summary.user_handle);
        self.unit().put(&HANDLES, handle, user)?;
        self.keep_passkey(store, user, row)
    }

    /// The passkey of a credential identifier, with its owner.
    pub(super) async fn find_credential(
        &mut self,
        store: &str,
        rp_id: &str,
        credential: &[u8],
    ) -> Result<Option<(UserId, Row)>, Error> {
        let credential = BASE64URL_NOPAD.encode(credential);
        let place = self.unit().find(&CREDENTIALS, index(store, rp_id, &credential)).await?;
        // Of nobody's a row is looked for as well, so that it takes the same time.
        let place = place.unwrap_or_else(Place::nowhere);
        let key = key(store, &place.user_id, &place.id);
        let row = self.unit().find(&PASSKEYS, key).await?;
        Ok(row.map(|row| (place.user_id, row)))
    }

    /// Whose a user handle (base64url) is.
    pub(super) async fn find_handle(
        &mut self,
        store: &str,
        rp_id: &str,
        handle: &str,
    ) -> Result<Option<UserId>, Error> {
        Ok(self.unit().find(&HANDLES, index(store, rp_id, handle)).await?)
    }

    /// The passkeys of a user by identifier.
    pub(crate) async fn summarise_passkeys(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<PasskeySummary>, Error> {
        let stretch = Range::prefix(Key::new().text(store).text(user.as_str()));
        let rows = self.unit().list(&PASSKEYS, stretch, MOST).await?;
        Ok(rows.into_iter().map(|(_, row)| row.summary).collect())
    }

    /// The passkeys of a user with their keys, by identifier.
    pub(super) async fn whole_passkeys(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<Row>, Error> {
        let stretch = Range::prefix(Key::new().text(store).text(user.as_str()));
        let rows = self.unit().list(&PASSKEYS, stretch, MOST).await?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// The passkeys of several users, by user and identifier.
    pub(crate) async fn summarise_all_passkeys(
        &mut self,
        users: &BTreeSet<Key>,
    ) -> Result<Vec<(Key, PasskeySummary)>, Error> {
        let rows = self.unit().list_beneath(&PASSKEYS, users).await?;
        Ok(rows.into_iter().map(|(key, row)| (key, row.summary)).collect())
    }

    /// Erases all passkeys of a user.
    pub(crate) async fn erase_passkeys(&mut self, store: &str, user: &UserId) -> Result<(), Error> {
        for passkey in self.summarise_passkeys(store, user).await? {
            self.forget_passkey(store, user, &passkey, std::iter::empty());
        }
        Ok(())
    }

    /// Removes the rows of a passkey; the handle too unless another passkey is for the same relying party.
    fn forget_passkey(
        &mut self,
        store: &str,
        user: &UserId,
        passkey: &PasskeySummary,
        mut others: impl Iterator<Item = String>,
    ) {
        let rp_id = &passkey.relying_party_id;
        let row = key(store, user, &passkey.id);
        self.unit().remove(&PASSKEYS, &row);
        self.remove_passkey_record(&row);
        self.leave_index(store, user, passkey);
        self.unit().remove(&CREDENTIALS, index(store, rp_id, &passkey.credential_id));
        if !others.any(|other| other == *rp_id) {
            self.unit().remove(&HANDLES, index(store, rp_id, &passkey.user_handle));
        }
    }
}

pub(super) fn key(store: &str, user: &UserId, id: &str) -> Key {
    Key::new().text(store).text(user.as_str()).text(id)
}

fn index(store: &str, rp_id: &str, name: &str) -> Key {
    Key::new().text(store).text(rp_id).text(name)
}
