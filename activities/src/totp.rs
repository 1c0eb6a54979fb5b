//! TOTPs: authenticator apps are registered, their codes checked, their registration shown and removed.

mod complete_registration;
mod deregister;
mod get_current;
mod start_registration;
mod totp_authentication;

pub(crate) use complete_registration::CompleteTotpRegistration;
pub(crate) use deregister::DeregisterTotp;
pub(crate) use get_current::GetCurrentTotp;
pub(crate) use start_registration::StartTotpRegistration;
pub(crate) use totp_authentication::TotpAuthentication;

use identity::{Outcome as Verdict, TotpRegistration};
use serde_json::json;

use crate::variables::{IDENTITY_STORE, Outcome};
use crate::{Authenticated, Context};

/// The key under which a TOTP is kept when the definition names none.
fn current_totp() -> String {
    "currentTOTP".to_owned()
}

/// Keeps what an authenticator app needs under the key, for the form with the QR code; the secret is sealed.
async fn keep(
    context: &mut Context<'_>,
    store: &str,
    (key, user_key): (&str, &str),
    registration: &TotpRegistration,
) -> Result<(), identity::Error> {
    let TotpRegistration { totp, secret, digits, period, qr_code_string, .. } = registration;
    context.erase_texts_at(&[IDENTITY_STORE, key]).await?;
    let sealed = context.seal(&[secret, qr_code_string]).await?;
    let kept = json!({
        "storeName": store,
        "policyName": totp.policy_name,
        "userKey": user_key,
        "status": totp.status,
        "issuer": totp.issuer,
        "username": totp.username,
        "algorithm": totp.algorithm,
        "digits": digits,
        "period": period,
        "secret": sealed[0],
        "qrCodeString": sealed[1],
    });
    context.write(&[IDENTITY_STORE, key], kept);
    Ok(())
}

/// Notes how an authentication in one step ended, in the check of this key; whether the user proved who they are.
pub(crate) fn note(
    context: &mut Context<'_>,
    (store, user_key): (&str, &str),
    (check, activity, refused): (&str, &str, u32),
    verdict: Option<Verdict>,
) -> Result<bool, anyhow::Error> {
    let Some(Verdict::Accepted { user, .. }) = verdict else {
        context.check(check, Outcome::Fail, activity, Some(refused));
        return Ok(false);
    };
    context.keep_user(store, user_key, &user)?;
    context.check(check, Outcome::Pass, activity, None);
    context.authenticated =
        Some(Authenticated { store: store.to_owned(), user: user.id.to_string() });
    Ok(true)
}
