//! Complete TOTP Registration: the app's first code shows that it was set up.

use anyhow::anyhow;
use identity::Error as StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::current_totp;
use crate::user::CATEGORY;
use crate::variables::{IDENTITY_STORE, Outcome, find};
use crate::{Activity, Context, Failure};

/// Completes the registration of an authenticator app with the first code that it shows, and writes the check
/// `_checks.{totpKey}`.
///
/// A wrong code counts for nothing, so that the form can be shown again. After a success the user is kept under the user
/// key that the registration was started with, and the sealed secret is erased.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CompleteTotpRegistration {
    /// The code that the end user typed, for example `${_customFormData["totpForm1"]["submittedCode"]}`.
    #[schemars(title = "Submitted Code")]
    submitted_code: String,
    /// Key of the TOTP whose registration was started.
    #[serde(default = "current_totp")]
    #[schemars(title = "TOTP Key")]
    totp_key: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The code is not one that the app shows now.
    #[schemars(title = "TOTP Code Not Accepted")]
    TotpCodeNotAccepted,
    /// The first code did not come in time.
    #[schemars(title = "TOTP Registration Expired")]
    TotpRegistrationExpired,
    /// There is no registration to complete: it was removed, or completed already.
    #[schemars(title = "TOTP Registration Not Found")]
    TotpRegistrationNotFound,
    /// The user is locked or disabled.
    #[schemars(title = "User Not Active")]
    UserNotActive,
}

impl Activity for CompleteTotpRegistration {
    const NAME: &'static str = "completeTotpRegistration";
    const LABEL: &'static str = "Complete TOTP Registration";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let key = &self.totp_key;
        let text = |name: &str| {
            let kept = find(context.variables, &[IDENTITY_STORE, key, name]);
            kept.and_then(Value::as_str).map(str::to_owned)
        };
        let kept = text("storeName").zip(text("policyName")).zip(text("userKey"));
        let ((store, policy), user_key) =
            kept.ok_or_else(|| anyhow!("no TOTP registration was started under the key `{key}`"))?;
        let who = context.kept_user(&store, &user_key);
        let who = who.ok_or(Failure::Event(Error::TotpRegistrationNotFound))?;
        let code = context.open_text(&self.submitted_code).await?;
        let completed = context.work.complete_totp_registration(&store, &who, &policy, &code).await;
        context.erase_text(&self.submitted_code).await?;
        let event = match completed {
            Ok(user) => {
                context.keep_user(&store, &user_key, &user)?;
                context.erase_texts_at(&[IDENTITY_STORE, key]).await?;
                context.write(&[IDENTITY_STORE, key], Value::Null);
                context.check(key, Outcome::Pass, Self::NAME, None);
                return Ok(());
            }
            Err(StoreError::TotpCodeWrong) => Error::TotpCodeNotAccepted,
            Err(StoreError::TotpExpired(_)) => Error::TotpRegistrationExpired,
            Err(StoreError::UserNotActive(_)) => Error::UserNotActive,
            Err(
                StoreError::TotpMissing(_) | StoreError::TotpExists(_) | StoreError::UserMissing(_),
            ) => Error::TotpRegistrationNotFound,
            Err(error) => return Err(error.into()),
        };
        context.check(key, Outcome::Fail, Self::NAME, None);
        Err(Failure::Event(event))
    }
}
