//! Get Current TOTP: the registration of an authenticator app is shown again.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{current_totp, keep};
use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Gets the registration of a user's authenticator app and keeps it under the TOTP key: `qrCodeString` for a QR code,
/// `secret` for whoever cannot scan.
///
/// Both are sealed, as those of Start TOTP Registration. The secret of an app that is in use is told only where the policy
/// has `secretReadable`.
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who, and
/// that user is then kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GetCurrentTotp {
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// Name of the TOTP policy of the identity store.
    #[schemars(title = "TOTP Policy")]
    totp_policy: String,
    /// Key under which the TOTP is kept for the form that shows it: `_identityStore.{totpKey}`.
    #[serde(default = "current_totp")]
    #[schemars(title = "TOTP Key")]
    totp_key: String,
    /// External identifier of the user who has the app.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user who has the app; it counts before the external one.
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
    /// The user has no TOTP under this policy.
    #[schemars(title = "TOTP Not Found")]
    TotpNotFound,
    /// The TOTP is in use or disabled, and its secret is not told again.
    #[schemars(title = "TOTP In Use")]
    TotpInUse,
    /// The first code did not come in time.
    #[schemars(title = "TOTP Registration Expired")]
    TotpRegistrationExpired,
    /// The store has no such policy.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
}

impl Activity for GetCurrentTotp {
    const NAME: &'static str = "getCurrentTotp";
    const LABEL: &'static str = "Get Current TOTP";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        let (store, policy) = (&self.store_name, &self.totp_policy);
        match context.work.read_totp_registration(store, &who, policy).await {
            Ok(registration) => {
                context.keep_user(store, &self.user_key, &registration.user)?;
                let keys = (self.totp_key.as_str(), self.user_key.as_str());
                Ok(keep(context, store, keys, &registration).await?)
            }
            Err(StoreError::UserMissing(_) | StoreError::ExternalUserMissing(_)) => {
                Err(Failure::Event(Error::UserNotFound))
            }
            Err(StoreError::TotpMissing(_)) => Err(Failure::Event(Error::TotpNotFound)),
            Err(StoreError::TotpExists(_)) => Err(Failure::Event(Error::TotpInUse)),
            Err(StoreError::TotpExpired(_)) => Err(Failure::Event(Error::TotpRegistrationExpired)),
            Err(StoreError::TotpPolicyMissing(_)) => Err(Failure::Event(Error::PolicyNotFound)),
            Err(error) => Err(error.into()),
        }
    }
}
