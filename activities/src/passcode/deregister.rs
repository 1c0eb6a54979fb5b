//! Deregister Passcode: a passcode is taken away.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::passcode_auth1;
use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Removes a user's passcode.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who, and
/// that user is then kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DeregisterPasscode {
    /// Name of the passcode policy of the identity store.
    #[serde(default = "passcode_auth1")]
    #[schemars(title = "Passcode Policy", extend("x-required" = true))]
    passcode_policy: String,
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// External identifier of the user whose passcode is removed.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user whose passcode is removed; it counts before the external one.
    #[schemars(title = "User ID")]
    user_id: Option<String>,
    /// Key under which the user is kept: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key", extend("x-required" = true))]
    user_key: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The store has no such user, or no user was named.
    #[schemars(title = "User Not Found")]
    UserNotFound,
    /// The user has no passcode under this policy, or the store has no such policy.
    #[schemars(title = "Passcode Not Found")]
    PasscodeNotFound,
}

impl Activity for DeregisterPasscode {
    const NAME: &'static str = "deregisterPasscode";
    const LABEL: &'static str = "Deregister Passcode";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        match context.work.remove_passcode(&self.store_name, &who, &self.passcode_policy).await {
            Ok(user) => Ok(context.keep_user(&self.store_name, &self.user_key, &user)?),
            Err(
                StoreError::UserMissing(_)
                | StoreError::ExternalUserMissing(_)
                | StoreError::UserNotNamed,
            ) => Err(Failure::Event(Error::UserNotFound)),
            Err(StoreError::PasscodeMissing(_) | StoreError::PolicyMissing(_)) => {
                Err(Failure::Event(Error::PasscodeNotFound))
            }
            Err(error) => Err(error.into()),
        }
    }
}
