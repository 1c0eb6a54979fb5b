//! Add User: somebody new in an identity store.

use std::collections::BTreeMap;

use identity::{NewUser, UserStatus};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::update_user::Status;
use super::{CATEGORY, user1};
use crate::{Activity, Context, Failure};

/// Adds a user to an identity store and keeps them under the user key, so that later activities find them.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AddUser {
    /// Identity store that will hold the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier, unique within the store. Without one the user is known by their ID alone.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// What is to be known about the user, each a text by its name.
    #[serde(default)]
    #[schemars(title = "User Attributes")]
    user_attributes: BTreeMap<String, String>,
    /// Key under which later activities find this user: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key")]
    user_key: String,
    /// Status; without one, the default of the store.
    #[schemars(title = "Status")]
    status: Option<Status>,
    /// Locale, such as `en_US`; without one, the default of the store.
    #[schemars(title = "Locale")]
    locale: Option<String>,
    /// Time zone, such as `US/Eastern`; without one, the default of the store.
    #[schemars(title = "Time Zone")]
    timezone: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Added {
    /// Identifier of the new user.
    user_id: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The external ID belongs to another user of the store.
    #[schemars(title = "ExtId Not Unique")]
    ExtIdNotUnique,
    /// The user could not be added: there is no such store, what was given is not usable, or no more may be added.
    #[schemars(title = "Failed to add the user")]
    FailedToAddUser,
}

impl Activity for AddUser {
    const NAME: &'static str = "addUser";
    const LABEL: &'static str = "Add User";
    const CATEGORY: &'static str = CATEGORY;
    type Output = Added;
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<Added, Failure<Error>> {
        let new = NewUser {
            external_id: self.user_external_id,
            status: self.status.map(UserStatus::from),
            locale: self.locale,
            timezone: self.timezone,
            attributes: self.user_attributes,
        };
        match context.work.add_user(&self.store_name, new).await {
            Ok(user) => {
                context.keep_user(&self.store_name, &self.user_key, &user)?;
                Ok(Added { user_id: user.id.to_string() })
            }
            Err(identity::Error::ExternalIdTaken(_)) => Err(Failure::Event(Error::ExtIdNotUnique)),
            Err(error) if error.kind() == identity::Kind::Unavailable || error.is_conflict() => {
                Err(error.into())
            }
            Err(error) => {
                tracing::info!(code = error.code(), %error, "a user was not added");
                Err(Failure::Event(Error::FailedToAddUser))
            }
        }
    }
}
