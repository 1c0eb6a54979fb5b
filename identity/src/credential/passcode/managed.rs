//! Registered passcodes as somebody who manages users sees and changes them, by their identifiers.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::registered::{PASSCODES, PasscodeStatus, PasscodeSummary, Row};
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::store::IdentityStore;
use crate::user::{self, Who};
use crate::work::Work;

/// A change of a passcode; what is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasscodeChange {
    /// `ACTIVE` or `DISABLED`; any other is only taken as it is shown, and changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PasscodeStatus>,
    /// When it can no longer be used; `null` is never.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Timestamp>")]
    pub expiration_dtm: Option<Option<Timestamp>>,
}

/// A member that is there, `null` or not.
fn given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Timestamp>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Work {
    /// Lists the passcodes of a user by policy.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn list_passcodes(
        &mut self,
        store: &str,
        who: &Who,
    ) -> Result<Vec<PasscodeSummary>, Error> {
        let (store, user) = self.holder(store, who).await?;
        self.summarise_passcodes(&store.id, &user.id).await
    }

    /// Reads a passcode of a user.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::PasscodeUnknown`], [`Error::Storage`].
    pub async fn read_passcode(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<PasscodeSummary, Error> {
        let (_, _, row) = self.passcode_by_id(store, who, id).await?;
        Ok(row.shown(self.now()))
    }

    /// Changes status or expiration date of a passcode.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::PasscodeUnknown`], [`Error::NoPasscodeChange`], [`Error::PasscodeStatusOutOfReach`],
    /// [`Error::Storage`].
    pub async fn update_passcode(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
        change: &PasscodeChange,
    ) -> Result<PasscodeSummary, Error> {
        let (store, user, mut row) = self.passcode_by_id(store, who, id).await?;
        if *change == PasscodeChange::default() {
            return Err(Error::NoPasscodeChange);
        }
        match change.status {
            None => {}
            Some(PasscodeStatus::Active) => row.disabled = false,
            Some(PasscodeStatus::Disabled) => row.disabled = true,
            Some(shown) if shown == row.status(self.now()) => {}
            Some(_) => return Err(Error::PasscodeStatusOutOfReach),
        }
        row.expiration_dtm = change.expiration_dtm.unwrap_or(row.expiration_dtm);
        row.last_updated_dtm = self.now();
        PASSCODES.keep(self, &store.id, &user.id, &row, None).await?;
        let entry = Entry::new(Action::PasscodeUpdated, &store).user(&user.id);
        self.audit(entry.policy(&row.policy_name))?;
        self.keep_user(&store, user)?;
        Ok(row.shown(self.now()))
    }

    /// Removes a passcode; it stays among the former ones that the policy remembers.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::PasscodeUnknown`], [`Error::Storage`].
    pub async fn remove_passcode_by_id(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<(), Error> {
        let (store, user, row) = self.passcode_by_id(store, who, id).await?;
        self.drop_passcode(&store, user, &row).await.map(drop)
    }

    async fn passcode_by_id(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<(IdentityStore, user::Row, Row), Error> {
        let (store, user) = self.holder(store, who).await?;
        let rows = PASSCODES.list(self, &store.id, &user.id).await?;
        let unknown = || Error::PasscodeUnknown(id.to_owned());
        let listed = rows.into_iter().find(|row| row.id == id).ok_or_else(unknown)?;
        // Read once more by its key: the commit fails if somebody else changes it first.
        let row = PASSCODES.find(self, &store.id, &user.id, &listed.policy_name).await?;
        Ok((store, user, row.filter(|row| row.id == id).ok_or_else(unknown)?))
    }
}
