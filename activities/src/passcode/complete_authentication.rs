//! Complete Passcode Authentication: the passcode is proven, or refused without a reason.

use identity::{
    AUTHENTICATION_REFUSED, BrowserResponse, ClientProof, PASSCODE_TOO_COMMON, Verdict,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ceremony, passcode_auth1};
use crate::user::CATEGORY;
use crate::variables::Outcome;
use crate::{Activity, Authenticated, Context, Failure};

/// Completes the authentication of a user with what the page sent, and writes the check
/// `_checks.{passcodeAuthenticationKey}`.
///
/// A failure counts towards the user's lock and looks the same whatever its cause: an unknown or locked user, a wrong or
/// expired passcode. Only who proves to know a passcode that was undone, because everybody tries it first, is told so: the
/// check then has the code 2611. After a success the user is kept under the user key that the authentication was started with.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CompletePasscodeAuthentication {
    /// What a custom page has collected, as the JSON text `{"srpVerificationData": {"clientPublicKey": "…", "m1": "…"}}`.
    /// It is not needed after a Passcode Authentication Form.
    #[schemars(title = "Passcode Authentication Browser Response")]
    passcode_authentication_browser_response: Option<String>,
    /// Key of the authentication that was started.
    #[serde(default = "passcode_auth1")]
    #[schemars(title = "Passcode Authentication Key", extend("x-required" = true))]
    passcode_authentication_key: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The passcode was not accepted; nobody is told why.
    #[schemars(title = "Passcode Authentication Failed")]
    PasscodeAuthenticationFailed,
    /// The passcode was the right one and has expired: let the user renew it.
    #[schemars(title = "Passcode Expired")]
    PasscodeExpired,
}

impl Activity for CompletePasscodeAuthentication {
    const NAME: &'static str = "completePasscodeAuthentication";
    const LABEL: &'static str = "Complete Passcode Authentication";
    const CATEGORY: &'static str = CATEGORY;
    const HEAVY: bool = true;
    type Output = ();
    type Error = Error;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<Error>> {
        let key = &self.passcode_authentication_key;
        let kept = ceremony::started(context, key)?;
        let (store, session) = (&kept.store_name, &kept.session_id);
        let given = self.passcode_authentication_browser_response.as_deref();
        // What cannot be read is a proof that no ceremony accepts, so that its session is used up as well.
        let (client_public_key, m1) = given.and_then(proof).unwrap_or_default();
        let proof = ClientProof { client_public_key: &client_public_key, m1: &m1 };
        let proof = given.is_some().then_some(proof);
        match context.work.complete_passcode_authentication(store, session, proof).await {
            Ok(Verdict::Accepted { user, .. }) => {
                context.keep_user(store, &kept.user_key, &user)?;
                context.check(key, Outcome::Pass, Self::NAME, None);
                context.authenticated =
                    Some(Authenticated { store: store.clone(), user: user.id.to_string() });
                Ok(())
            }
            Ok(Verdict::Expired { .. }) => {
                context.check(key, Outcome::Fail, Self::NAME, Some(AUTHENTICATION_REFUSED));
                Err(Failure::Event(Error::PasscodeExpired))
            }
            Err(error) if ceremony::is_fault(&error) => Err(error.into()),
            Ok(Verdict::TooCommon { .. }) => {
                context.check(key, Outcome::Fail, Self::NAME, Some(PASSCODE_TOO_COMMON));
                Err(Failure::Event(Error::PasscodeAuthenticationFailed))
            }
            Ok(Verdict::Refused { .. } | Verdict::Unfit { .. }) | Err(_) => {
                context.check(key, Outcome::Fail, Self::NAME, Some(AUTHENTICATION_REFUSED));
                Err(Failure::Event(Error::PasscodeAuthenticationFailed))
            }
        }
    }
}

fn proof(text: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    match ceremony::authentication_response(&ceremony::read(text, "srpVerificationData")?)? {
        BrowserResponse::Proof { client_public_key, m1 } => Some((client_public_key, m1)),
        BrowserResponse::Verifier(_) | BrowserResponse::Renewal { .. } => None,
    }
}
