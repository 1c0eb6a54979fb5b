//! Recovery Code Authentication: a recovery code is accepted, or refused without a reason.

use identity::{Error as StoreError, Manner, RECOVERY_CODE_REFUSED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::totp::note;
use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Authenticates a user with a recovery code, which is used up by it, and writes the check
/// `_checks.{recoveryCodeAuthenticationKey}`.
///
/// A failure counts towards the user's lock and looks the same whatever its cause: an unknown or locked user, a wrong or
/// used code, no recovery codes. The user who is kept under the user key is meant; when nobody is, the User ID or the
/// User External ID says who. After a success the user is kept under the key.
/// Mark the field of the form as transient: a code that was typed and not accepted may still be good.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RecoveryCodeAuthentication {
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// Name of the recovery code policy of the identity store.
    #[schemars(title = "Recovery Code Policy")]
    recovery_code_policy: String,
    /// The code that the end user typed, for example `${_customFormData["recoveryForm1"]["submittedCode"]}`.
    #[schemars(title = "Submitted Code")]
    submitted_code: String,
    /// Key of the check.
    #[serde(default = "recovery_auth1")]
    #[schemars(title = "Recovery Code Authentication Key")]
    recovery_code_authentication_key: String,
    /// External identifier of the user who signs in.
    #[schemars(title = "User External ID")]
    user_external_id: Option<String>,
    /// Identifier of the user who signs in; it counts before the external one.
    #[schemars(title = "User ID")]
    user_id: Option<String>,
    /// Key under which the user is kept: `_identityStore.{userKey}`.
    #[serde(default = "user1")]
    #[schemars(title = "User Key")]
    user_key: String,
}

fn recovery_auth1() -> String {
    "recoveryAuth1".to_owned()
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The code was not accepted; nobody is told why.
    #[schemars(title = "Recovery Code Authentication Failed")]
    RecoveryCodeAuthenticationFailed,
    /// The store has no such policy.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
}

impl Activity for RecoveryCodeAuthentication {
    const NAME: &'static str = "recoveryCodeAuthentication";
    const LABEL: &'static str = "Recovery Code Authentication";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let code = context.open_text(&self.submitted_code).await?;
        let (store, policy) = (&self.store_name, &self.recovery_code_policy);
        let verdict = match who {
            Some(who) => {
                let work = &mut *context.work;
                let verdict =
                    work.authenticate_with_recovery_code(store, &who, policy, &code, Manner::Blind);
                match verdict.await {
                    Err(StoreError::RecoveryCodePolicyMissing(_)) => {
                        return Err(Failure::Event(Error::PolicyNotFound));
                    }
                    verdict => Some(verdict?),
                }
            }
            None => None,
        };
        context.erase_text(&self.submitted_code).await?;
        let check =
            (self.recovery_code_authentication_key.as_str(), Self::NAME, RECOVERY_CODE_REFUSED);
        match note(context, (store, &self.user_key), check, verdict)? {
            true => Ok(()),
            false => Err(Failure::Event(Error::RecoveryCodeAuthenticationFailed)),
        }
    }
}
