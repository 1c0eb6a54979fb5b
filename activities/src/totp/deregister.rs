//! Deregister TOTP: an authenticator app is taken away.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Removes a user's TOTP under a policy, whatever its status.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who, and
/// that user is then kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DeregisterTotp {
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// Name of the TOTP policy of the identity store.
    #[schemars(title = "TOTP Policy")]
    totp_policy: String,
    /// External identifier of the user whose TOTP is removed.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user whose TOTP is removed; it counts before the external one.
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
    /// The user has no TOTP under this policy, or the store has no such policy.
    #[schemars(title = "TOTP Not Found")]
    TotpNotFound,
}

impl Activity for DeregisterTotp {
    const NAME: &'static str = "deregisterTotp";
    const LABEL: &'static str = "Deregister TOTP";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        match context.work.deregister_totp(&self.store_name, &who, &self.totp_policy).await {
            Ok(user) => Ok(context.keep_user(&self.store_name, &self.user_key, &user)?),
            Err(StoreError::UserMissing(_) | StoreError::ExternalUserMissing(_)) => {
                Err(Failure::Event(Error::UserNotFound))
            }
            Err(StoreError::TotpMissing(_) | StoreError::TotpPolicyMissing(_)) => {
                Err(Failure::Event(Error::TotpNotFound))
            }
            Err(error) => Err(error.into()),
        }
    }
}
