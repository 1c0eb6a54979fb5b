//! Complete Passcode Renewal: the present passcode is proven and the new one takes its place, or nothing changes.

use identity::{
    AUTHENTICATION_REFUSED, BrowserResponse, CheckFinding, ClientProof, Error as StoreError,
    NewPasscode, PASSCODE_TOO_COMMON, Unfit, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ceremony, passcode_renewal1};
use crate::user::CATEGORY;
use crate::variables::Outcome;
use crate::{Activity, Authenticated, Context, Failure};

/// Completes the renewal of a passcode with what the page sent, and writes the check `_checks.{passcodeRenewalKey}`.
///
/// A wrong present passcode counts towards the user's lock and looks the same whatever the cause of the failure. After a
/// success the user counts as authenticated and is kept under the user key that the renewal was started with.
///
/// The new passcode is then compared with those that everybody tries first, which takes a second or two; the end user
/// waits for it. One of them is undone, and the former passcode is there again.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CompletePasscodeRenewal {
    /// What a custom page has collected, as the JSON text `{"srpVerificationData": {"clientPublicKey": "…", "m1": "…"},
    /// "srpRegistrationData": {"verifier": "…", "historyVerifiers": ["…"]}}`. It is not needed after a Passcode Renewal
    /// Form.
    #[schemars(title = "Passcode Renewal Browser Response")]
    passcode_renewal_browser_response: Option<String>,
    /// Key of the renewal that was started.
    #[serde(default = "passcode_renewal1")]
    #[schemars(title = "Passcode Renewal Key")]
    passcode_renewal_key: String,
}

#[derive(Serialize, JsonSchema)]
#[expect(clippy::enum_variant_names, reason = "definitions name errors in full")]
pub(crate) enum Error {
    /// The present passcode was not accepted; nobody is told why.
    #[schemars(title = "Passcode Renewal Failed")]
    PasscodeRenewalFailed,
    /// The new passcode is one of those that the policy does not allow again.
    #[schemars(title = "Passcode Used Before")]
    PasscodeUsedBefore,
    /// The new passcode is one of those that everybody tries first, or is known of the user: let the user choose another.
    #[schemars(title = "Passcode Too Common")]
    PasscodeTooCommon,
}

impl Activity for CompletePasscodeRenewal {
    const NAME: &'static str = "completePasscodeRenewal";
    const LABEL: &'static str = "Complete Passcode Renewal";
    const CATEGORY: &'static str = CATEGORY;
    const HEAVY: bool = true;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let key = &self.passcode_renewal_key;
        let kept = ceremony::started(context, key)?;
        let (store, session) = (&kept.store_name, &kept.session_id);
        let given = self.passcode_renewal_browser_response.as_deref();
        // What cannot be read is a response that no ceremony accepts.
        let response =
            given.map(|text| read(text).unwrap_or_else(|| (vec![], vec![], Vec::new().into())));
        let given = response
            .as_ref()
            .map(|(client_public_key, m1, new)| (ClientProof { client_public_key, m1 }, new));
        match context.work.complete_passcode_renewal(store, session, given).await {
            Ok(Verdict::Accepted { user, .. }) => {
                context.keep_user(store, &kept.user_key, &user)?;
                context.awaits = context.work.take_awaited_check();
                if context.awaits.is_none() {
                    context.check(key, Outcome::Pass, Self::NAME, None);
                }
                context.authenticated =
                    Some(Authenticated { store: store.clone(), user: user.id.to_string() });
                Ok(())
            }
            Err(error) if ceremony::is_fault(&error) => Err(error.into()),
            Ok(Verdict::Unfit { fault: Unfit::UsedBefore, .. }) => {
                let code = StoreError::PasscodeUsedBefore.code();
                context.check(key, Outcome::Fail, Self::NAME, Some(code));
                Err(Failure::Event(Error::PasscodeUsedBefore))
            }
            Ok(Verdict::TooCommon { .. }) => {
                context.check(key, Outcome::Fail, Self::NAME, Some(PASSCODE_TOO_COMMON));
                Err(Failure::Event(Error::PasscodeRenewalFailed))
            }
            Ok(Verdict::Refused { .. } | Verdict::Expired { .. } | Verdict::Unfit { .. })
            | Err(_) => {
                context.check(key, Outcome::Fail, Self::NAME, Some(AUTHENTICATION_REFUSED));
                Err(Failure::Event(Error::PasscodeRenewalFailed))
            }
        }
    }

    async fn checked(
        self,
        context: &mut Context<'_>,
        finding: CheckFinding,
    ) -> Result<(), Failure<Error>> {
        let is_fit = ceremony::checked(context, &self.passcode_renewal_key, Self::NAME, finding);
        is_fit.then_some(()).ok_or(Failure::Event(Error::PasscodeTooCommon))
    }
}

fn read(text: &str) -> Option<(Vec<u8>, Vec<u8>, NewPasscode)> {
    let new = ceremony::read(text, "srpRegistrationData")?;
    let proof = ceremony::read(text, "srpVerificationData")?;
    match ceremony::renewal_response(&new, &proof)? {
        BrowserResponse::Renewal { client_public_key, m1, passcode } => {
            Some((client_public_key, m1, passcode))
        }
        BrowserResponse::Proof { .. } | BrowserResponse::Verifier(_) => None,
    }
}
