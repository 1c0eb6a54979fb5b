//! Lock User Modality: one form of authentication is closed to them.

use identity::{Error as StoreError, Modality};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Locks one form of authentication of a user; they can use the others.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who. The
/// user as changed is then kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LockUserModality {
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
    /// Form of authentication that is locked.
    #[schemars(title = "Modality")]
    modality: Modality,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no such user, or no user was named.
    #[schemars(title = "User Not Found")]
    UserNotFound,
}

impl Activity for LockUserModality {
    const NAME: &'static str = "lockUserModality";
    const LABEL: &'static str = "Lock User Modality";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        match context.work.lock_user_modality(&self.store_name, &who, self.modality).await {
            Ok(user) => Ok(context.keep_user(&self.store_name, &self.user_key, &user)?),
            Err(StoreError::UserMissing(_) | StoreError::ExternalUserMissing(_)) => {
                Err(Failure::Event(Error::UserNotFound))
            }
            Err(error) => Err(error.into()),
        }
    }
}
