//! Start TOTP Registration: a secret is made for an authenticator app.

use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{current_totp, keep};
use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Starts to register an authenticator app for a user and keeps what the app needs under the TOTP key: `qrCodeString` for
/// a QR code, `secret` for whoever cannot scan. A registration whose first code never came is replaced.
///
/// The user who is kept under the user key is meant; when nobody is, the User ID or the User External ID says who, and
/// that user is then kept under the key.
/// Whoever sees the secret can make codes, so both are sealed: `{{processvar._identityStore.currentTOTP.qrCodeString}}`
/// in a form shows them to the end user of this journey alone, and the process variables hold references that nobody
/// else can open. Complete TOTP Registration erases them.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StartTotpRegistration {
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
    /// Name of the user as the app shows it beside the codes; otherwise the external identifier, or else the identifier.
    #[schemars(title = "TOTP User Name")]
    totp_user_name: Option<String>,
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
    /// The user is locked or disabled.
    #[schemars(title = "User Not Active")]
    UserNotActive,
    /// The user has a TOTP under this policy, in use or disabled.
    #[schemars(title = "TOTP Exists")]
    TotpExists,
    /// The store has no such policy.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
    /// No app can show the user name: it is too long, or has a colon or control characters.
    #[schemars(title = "TOTP User Name Not Usable")]
    TotpUserNameNotUsable,
}

impl Activity for StartTotpRegistration {
    const NAME: &'static str = "startTotpRegistration";
    const LABEL: &'static str = "Start TOTP Registration";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let who = who.ok_or(Failure::Event(Error::UserNotFound))?;
        let (store, policy) = (&self.store_name, &self.totp_policy);
        let name = self.totp_user_name.as_deref();
        match context.work.start_totp_registration(store, &who, policy, name).await {
            Ok(registration) => {
                context.keep_user(store, &self.user_key, &registration.user)?;
                let keys = (self.totp_key.as_str(), self.user_key.as_str());
                Ok(keep(context, store, keys, &registration).await?)
            }
            Err(StoreError::UserMissing(_) | StoreError::ExternalUserMissing(_)) => {
                Err(Failure::Event(Error::UserNotFound))
            }
            Err(StoreError::UserNotActive(_)) => Err(Failure::Event(Error::UserNotActive)),
            Err(StoreError::TotpExists(_)) => Err(Failure::Event(Error::TotpExists)),
            Err(StoreError::TotpPolicyMissing(_)) => Err(Failure::Event(Error::PolicyNotFound)),
            Err(StoreError::TotpInvalid(_)) => Err(Failure::Event(Error::TotpUserNameNotUsable)),
            Err(error) => Err(error.into()),
        }
    }
}
