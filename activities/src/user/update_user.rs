//! Update User: what is known of somebody changes.

use std::collections::BTreeMap;

use identity::{Error as StoreError, UserChange, UserStatus};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Changes a user; what is not given stays as it is.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who. The
/// user as changed is then kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UpdateUser {
    /// Identity store that holds the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier of the user.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user; it counts before the external one.
    #[schemars(title = "User ID")]
    user_id: Option<String>,
    /// Key under which the user is kept: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key")]
    user_key: String,
    /// New external identifier, unique within the store.
    #[schemars(title = "New External ID")]
    new_external_id: Option<String>,
    /// New status.
    #[schemars(title = "Status")]
    status: Option<Status>,
    /// New locale, such as `en_US`.
    #[schemars(title = "Locale")]
    locale: Option<String>,
    /// New time zone, such as `US/Eastern`.
    #[schemars(title = "Time Zone")]
    timezone: Option<String>,
    /// What is to be known about the user beside what is known already, each a text by its name.
    #[serde(default)]
    #[schemars(title = "User Attributes")]
    user_attributes: BTreeMap<String, String>,
    /// Names of what is no longer to be known about the user.
    #[serde(default)]
    #[schemars(title = "Attributes To Remove")]
    remove_attributes: Vec<String>,
}

/// The statuses that can be given by hand.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    Active,
    Locked,
    Disabled,
    PendingActive,
}

impl From<Status> for UserStatus {
    fn from(status: Status) -> UserStatus {
        match status {
            Status::Active => UserStatus::Active,
            Status::Locked => UserStatus::Locked,
            Status::Disabled => UserStatus::Disabled,
            Status::PendingActive => UserStatus::PendingActive,
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no such user, or no user was named.
    #[schemars(title = "User Not Found")]
    UserNotFound,
    /// The new external ID belongs to another user of the store.
    #[schemars(title = "ExtId Not Unique")]
    ExtIdNotUnique,
    /// The user could not be changed: what was given is not usable, or the status cannot become that one.
    #[schemars(title = "Failed to update the user")]
    FailedToUpdateUser,
}

impl Activity for UpdateUser {
    const NAME: &'static str = "updateUser";
    const LABEL: &'static str = "Update User";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        let gone = self.remove_attributes.into_iter().map(|name| (name, None));
        let new = self.user_attributes.into_iter().map(|(name, value)| (name, Some(value)));
        let change = UserChange {
            external_id: self.new_external_id,
            status: self.status.map(UserStatus::from),
            locale: self.locale,
            timezone: self.timezone,
            attributes: gone.chain(new).collect(),
        };
        match context.work.update_user(&self.store_name, &who, change).await {
            Ok(user) => Ok(context.keep_user(&self.store_name, &self.user_key, &user)?),
            Err(error) => Err(foreseen(error)),
        }
    }
}

fn foreseen(error: StoreError) -> Failure<Error> {
    match error {
        StoreError::UserMissing(_) | StoreError::ExternalUserMissing(_) => {
            Failure::Event(Error::UserNotFound)
        }
        StoreError::ExternalIdTaken(_) => Failure::Event(Error::ExtIdNotUnique),
        StoreError::UserInvalid(_) | StoreError::StatusOutOfReach { .. } => {
            Failure::Event(Error::FailedToUpdateUser)
        }
        error => error.into(),
    }
}
