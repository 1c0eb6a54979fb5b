//! Complete Passcode Registration: the passcode is registered, or the check fails.

use identity::{BrowserResponse, CheckFinding, Error as StoreError, NewPasscode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ceremony, passcode_reg1};
use crate::user::CATEGORY;
use crate::variables::Outcome;
use crate::{Activity, Context, Failure};

/// Completes the registration of a passcode with what the page sent, and writes the check
/// `_checks.{passcodeRegistrationKey}`.
///
/// The registered passcode is then compared with those that everybody tries first, which takes a second or two; the end
/// user waits for it. One of them is undone, and what it may have replaced is there again.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CompletePasscodeRegistration {
    /// What a custom page has collected, as the JSON text `{"srpRegistrationData": {"verifier": "…"}}`. It is not needed
    /// after a Passcode Registration Form.
    #[schemars(title = "Passcode Registration Browser Response")]
    passcode_registration_browser_response: Option<String>,
    /// Key of the registration that was started.
    #[serde(default = "passcode_reg1")]
    #[schemars(title = "Passcode Registration Key", extend("x-required" = true))]
    passcode_registration_key: String,
}

#[derive(Serialize, JsonSchema)]
#[expect(clippy::enum_variant_names, reason = "definitions name errors in full")]
pub(crate) enum Error {
    /// The passcode could not be registered: the ceremony is over, or the page sent nothing usable.
    #[schemars(title = "Passcode Registration Failed")]
    PasscodeRegistrationFailed,
    /// The passcode is one of those that the policy does not allow again.
    #[schemars(title = "Passcode Used Before")]
    PasscodeUsedBefore,
    /// The passcode is one of those that everybody tries first, or is known of the user: let the user choose another.
    #[schemars(title = "Passcode Too Common")]
    PasscodeTooCommon,
}

impl Activity for CompletePasscodeRegistration {
    const NAME: &'static str = "completePasscodeRegistration";
    const LABEL: &'static str = "Complete Passcode Registration";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let key = &self.passcode_registration_key;
        let kept = ceremony::started(context, key)?;
        // What cannot be read is a verifier that no ceremony accepts, so that its session is used up as well.
        let given = self.passcode_registration_browser_response.as_deref();
        let new = given.map(|text| passcode(text).unwrap_or_else(|| Vec::new().into()));
        let (store, session) = (&kept.store_name, &kept.session_id);
        match context.work.complete_passcode_registration(store, session, new.as_ref()).await {
            Ok(user) => {
                context.keep_user(store, &kept.user_key, &user)?;
                context.awaits = context.work.take_awaited_check();
                if context.awaits.is_none() {
                    context.check(key, Outcome::Pass, Self::NAME, None);
                }
                Ok(())
            }
            Err(error) if ceremony::is_fault(&error) => Err(error.into()),
            Err(error) => {
                tracing::info!(code = error.code(), "a passcode was not registered");
                context.check(key, Outcome::Fail, Self::NAME, Some(error.code()));
                Err(Failure::Event(match error {
                    StoreError::PasscodeUsedBefore => Error::PasscodeUsedBefore,
                    _ => Error::PasscodeRegistrationFailed,
                }))
            }
        }
    }

    async fn checked(
        self,
        context: &mut Context<'_>,
        finding: CheckFinding,
    ) -> Result<(), Failure<Error>> {
        let is_fit =
            ceremony::checked(context, &self.passcode_registration_key, Self::NAME, finding);
        is_fit.then_some(()).ok_or(Failure::Event(Error::PasscodeTooCommon))
    }
}

fn passcode(text: &str) -> Option<NewPasscode> {
    match ceremony::registration_response(&ceremony::read(text, "srpRegistrationData")?)? {
        BrowserResponse::Verifier(passcode) => Some(passcode),
        BrowserResponse::Proof { .. } | BrowserResponse::Renewal { .. } => None,
    }
}
