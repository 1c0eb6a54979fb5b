//! TOTP Authentication: a code of an authenticator app is accepted, or refused without a reason.

use identity::{Error as StoreError, Manner, TOTP_REFUSED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::note;
use crate::user::{CATEGORY, named, user1};
use crate::{Activity, Context, Failure};

/// Authenticates a user with a code of an authenticator app, and writes the check `_checks.{totpAuthenticationKey}`.
///
/// A failure counts towards the user's lock and looks the same whatever its cause: an unknown or locked user, a wrong or
/// used code, no TOTP. The user who is kept under the user key is meant; when nobody is, the User ID or the User External
/// ID says who. After a success the user is kept under the key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TotpAuthentication {
    /// Identity store that holds the policy and the user.
    #[schemars(title = "Store Name")]
    store_name: String,
    /// Name of the TOTP policy of the identity store.
    #[schemars(title = "TOTP Policy")]
    totp_policy: String,
    /// The code that the end user typed, for example `${_customFormData["totpForm1"]["submittedCode"]}`.
    #[schemars(title = "Submitted Code")]
    submitted_code: String,
    /// Key of the check.
    #[serde(default = "totp_auth1")]
    #[schemars(title = "TOTP Authentication Key")]
    totp_authentication_key: String,
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

fn totp_auth1() -> String {
    "totpAuth1".to_owned()
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The code was not accepted; nobody is told why.
    #[schemars(title = "TOTP Authentication Failed")]
    TotpAuthenticationFailed,
    /// The store has no such policy.
    #[schemars(title = "Policy Not Found", extend("x-of-configuration" = true))]
    PolicyNotFound,
}

impl Activity for TotpAuthentication {
    const NAME: &'static str = "totpAuthentication";
    const LABEL: &'static str = "TOTP Authentication";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let who = context.kept_user(&self.store_name, &self.user_key);
        let who = who.or_else(|| named(self.user_id, self.user_external_id));
        let code = context.open_text(&self.submitted_code).await?;
        let (store, policy) = (&self.store_name, &self.totp_policy);
        let verdict = match who {
            Some(who) => {
                let work = &mut *context.work;
                match work.authenticate_with_totp(store, &who, policy, &code, Manner::Blind).await {
                    Err(StoreError::TotpPolicyMissing(_)) => {
                        return Err(Failure::Event(Error::PolicyNotFound));
                    }
                    verdict => Some(verdict?),
                }
            }
            None => None,
        };
        context.erase_text(&self.submitted_code).await?;
        let check = (self.totp_authentication_key.as_str(), Self::NAME, TOTP_REFUSED);
        match note(context, (store, &self.user_key), check, verdict)? {
            true => Ok(()),
            false => Err(Failure::Event(Error::TotpAuthenticationFailed)),
        }
    }
}
