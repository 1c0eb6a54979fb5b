//! Deregister Recovery Codes: codes that were not used are taken away.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Removes a user's recovery codes under a policy.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who, and
/// that user is then kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DeregisterRecoveryCodes {
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// Name of the recovery code policy of the identity store.
    #[schemars(title = "Recovery Code Policy")]
    recovery_code_policy: String,
    /// External identifier of the user whose recovery codes are removed.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user whose recovery codes are removed; it counts before the external one.
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
    /// The user has no recovery codes under this policy, or the store has no such policy.
    #[schemars(title = "Recovery Codes Not Found")]
    RecoveryCodesNotFound,
}

impl Activity for DeregisterRecoveryCodes {
    const NAME: &'static str = "deregisterRecoveryCodes";
    const LABEL: &'static str = "Deregister Recovery Codes";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        match context
            .work
            .remove_recovery_codes(&self.store_name, &who, &self.recovery_code_policy)
            .await
        {
            Ok(user) => Ok(context.keep_user(&self.store_name, &self.user_key, &user)?),
            Err(StoreError::UserMissing(_) | StoreError::ExternalUserMissing(_)) => {
                Err(Failure::Event(Error::UserNotFound))
            }
            Err(StoreError::RecoveryCodesMissing(_) | StoreError::RecoveryCodePolicyMissing(_)) => {
                Err(Failure::Event(Error::RecoveryCodesNotFound))
            }
            Err(error) => Err(error.into()),
        }
    }
}
