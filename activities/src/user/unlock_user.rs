//! Unlock User: they can authenticate again.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Takes the lock off a user, whoever put it on, and forgets their failed authentications.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who. The
/// user as changed is then kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UnlockUser {
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
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no such user, or no user was named.
    #[schemars(title = "User Not Found")]
    UserNotFound,
}

impl Activity for UnlockUser {
    const NAME: &'static str = "unlockUser";
    const LABEL: &'static str = "Unlock User";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        match context.work.unlock_user(&self.store_name, &who).await {
            Ok(user) => Ok(context.keep_user(&self.store_name, &self.user_key, &user)?),
            Err(StoreError::UserMissing(_) | StoreError::ExternalUserMissing(_)) => {
                Err(Failure::Event(Error::UserNotFound))
            }
            Err(error) => Err(error.into()),
        }
    }
}
