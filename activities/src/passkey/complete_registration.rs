//! Complete Passkey Registration: what the browser made is examined and kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ceremony::{Ended, answered, ended, is_fault};
use super::{passkey_reg1, yes};
use crate::user::CATEGORY;
use crate::variables::Outcome;
use crate::{Activity, Context, Failure};

/// Completes the registration of a passkey with what the browser gave, and writes the check
/// `_checks.{passkeyRegistrationKey}`. The user is then kept under the user key that the registration was started with.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CompletePasskeyRegistration {
    /// What a page of your own has collected, as JSON text: `{"credential": …}` with what `PublicKeyCredential.toJSON()`
    /// gives, or `{"failure": {"outcome": "CANCELLED", "message": "…"}}`. Without it, what the form has collected is taken.
    #[schemars(title = "Passkey Registration Browser Response")]
    passkey_registration_browser_response: Option<String>,
    /// Key of the registration that was started.
    #[serde(default = "passkey_reg1")]
    #[schemars(title = "Passkey Registration Key")]
    passkey_registration_key: String,
    /// Whether the check fails when the end user cancels. Otherwise nothing is written then, and the event alone tells.
    #[serde(default = "yes")]
    #[schemars(title = "Fail Check on Cancel")]
    fail_check_on_cancel: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registered {
    /// Identifier of the new passkey.
    passkey_id: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The end user cancelled, or let the time pass.
    #[schemars(title = "Passkey Registration Cancelled")]
    PasskeyRegistrationCancelled,
    /// The browser or the device knows no passkeys.
    #[schemars(title = "Passkeys Not Supported")]
    PasskeysNotSupported,
    /// The passkey was not accepted, or there was no response.
    #[schemars(title = "Passkey Registration Failed")]
    PasskeyRegistrationFailed,
}

impl Activity for CompletePasskeyRegistration {
    const NAME: &'static str = "completePasskeyRegistration";
    const LABEL: &'static str = "Complete Passkey Registration";
    const CATEGORY: &'static str = CATEGORY;
    const HEAVY: bool = true;
    type Output = Registered;
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<Registered, Failure<Error>> {
        let key = &self.passkey_registration_key;
        let given = self.passkey_registration_browser_response.as_deref();
        let (kept, answer) = answered(context, key, given)?;
        let (store, session) = (&kept.store_name, kept.session_id.as_deref());
        let done = context.work.complete_passkey_registration(store, session, answer.clone());
        let (ended, code) = match done.await {
            Ok(done) => {
                context.keep_user(store, &kept.user_key, &done.user)?;
                context.check(key, Outcome::Pass, Self::NAME, None);
                return Ok(Registered { passkey_id: done.passkey.id });
            }
            Err(error) if is_fault(&error) => return Err(error.into()),
            Err(error) => (ended(&answer, &error), error.code()),
        };
        if self.fail_check_on_cancel || !matches!(ended, Ended::Cancelled) {
            context.check(key, Outcome::Fail, Self::NAME, Some(code));
        }
        Err(Failure::Event(match ended {
            Ended::Cancelled => Error::PasskeyRegistrationCancelled,
            Ended::Unsupported => Error::PasskeysNotSupported,
            Ended::Failed => Error::PasskeyRegistrationFailed,
        }))
    }
}
