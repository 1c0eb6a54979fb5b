//! Complete Passkey Authentication: the passkey is proven, or refused without a reason.

use identity::{AUTHENTICATION_REFUSED, PasskeyVerdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ceremony::{Ended, answered, ended, is_fault};
use super::{passkey_auth1, yes};
use crate::user::CATEGORY;
use crate::variables::Outcome;
use crate::{Activity, Authenticated, Context, Failure};

/// Completes an authentication by passkey with what the browser gave, and writes the check
/// `_checks.{passkeyAuthenticationKey}`.
///
/// A refused passkey counts towards the user's lock and looks the same whatever its cause. When the end user cancels,
/// or the browser knows no passkeys, an event of its own tells, nothing counts, and the journey can go on another way.
/// After a success the user is kept under the user key that the authentication was started with.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CompletePasskeyAuthentication {
    /// What a page of your own has collected, as JSON text: `{"credential": …}` with what `PublicKeyCredential.toJSON()`
    /// gives, or `{"failure": {"outcome": "CANCELLED", "message": "…"}}`. Without it, what the form has collected is taken.
    #[schemars(title = "Passkey Authentication Browser Response")]
    passkey_authentication_browser_response: Option<String>,
    /// Key of the authentication that was started.
    #[serde(default = "passkey_auth1")]
    #[schemars(title = "Passkey Authentication Key")]
    passkey_authentication_key: String,
    /// Whether the check fails when the end user cancels. Otherwise nothing is written then, and the event alone tells.
    #[serde(default = "yes")]
    #[schemars(title = "Fail Check on Cancel")]
    fail_check_on_cancel: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Proven {
    /// Identifier of the passkey.
    passkey_id: String,
    /// Whether the authenticator verified the end user by biometrics or a PIN.
    user_verified: bool,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The end user cancelled, or let the time pass.
    #[schemars(title = "Passkey Authentication Cancelled")]
    PasskeyAuthenticationCancelled,
    /// The browser or the device knows no passkeys.
    #[schemars(title = "Passkeys Not Supported")]
    PasskeysNotSupported,
    /// The passkey was not accepted; nobody is told why.
    #[schemars(title = "Passkey Authentication Failed")]
    PasskeyAuthenticationFailed,
}

impl Activity for CompletePasskeyAuthentication {
    const NAME: &'static str = "completePasskeyAuthentication";
    const LABEL: &'static str = "Complete Passkey Authentication";
    const CATEGORY: &'static str = CATEGORY;
    const HEAVY: bool = true;
    type Output = Proven;
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<Proven, Failure<Error>> {
        let key = &self.passkey_authentication_key;
        let given = self.passkey_authentication_browser_response.as_deref();
        let (kept, answer) = answered(context, key, given)?;
        let (store, session) = (&kept.store_name, kept.session_id.as_deref());
        let done = context.work.complete_passkey_authentication(store, session, answer.clone());
        let ended = match done.await {
            Ok(PasskeyVerdict::Accepted { user, passkey, user_verified, .. }) => {
                context.keep_user(store, &kept.user_key, &user)?;
                context.check(key, Outcome::Pass, Self::NAME, None);
                context.authenticated =
                    Some(Authenticated { store: store.clone(), user: user.id.to_string() });
                return Ok(Proven { passkey_id: passkey.id, user_verified });
            }
            Ok(PasskeyVerdict::Refused { error, .. }) => ended(&answer, &error),
            Err(error) if is_fault(&error) => return Err(error.into()),
            Err(error) => ended(&answer, &error),
        };
        if self.fail_check_on_cancel || !matches!(ended, Ended::Cancelled) {
            context.check(key, Outcome::Fail, Self::NAME, Some(AUTHENTICATION_REFUSED));
        }
        Err(Failure::Event(match ended {
            Ended::Cancelled => Error::PasskeyAuthenticationCancelled,
            Ended::Unsupported => Error::PasskeysNotSupported,
            Ended::Failed => Error::PasskeyAuthenticationFailed,
        }))
    }
}
