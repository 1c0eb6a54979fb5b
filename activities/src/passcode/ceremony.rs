//! What the ceremonies of a passcode share: their part in a page, and the way of the page's response.

use anyhow::anyhow;
use forms::{FieldError, PASSCODE_FIELD};
use identity::{
    BrowserResponse, CheckFinding, Error as StoreError, NEW_PASSCODE_TOO_COMMON, NewPasscode,
    PASSCODE_TOO_COMMON,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::form::accept_beside_passcode;
use crate::variables::{CHECKS, FORM_DATA, KeptCeremony, Outcome, find};
use crate::{
    Ceremony, Context, Failure, NoEvent, PasscodePart, SrpRegistrationData, SrpVerificationData,
    Submitted, Wait,
};

/// What the page is told of the ceremony that was started under the key. Errors: none was.
pub(super) fn part(
    context: &Context<'_>,
    key: &str,
    ceremony: Ceremony,
) -> Result<PasscodePart, anyhow::Error> {
    let kept = started(context, key)?;
    Ok(PasscodePart {
        ceremony,
        session_id: kept.session_id,
        algorithm_info: kept.algorithm_info,
        requirements: kept.requirements,
        current_algorithm_info: kept.current_algorithm_info,
        passcode_history: kept.passcode_history,
        username: kept.username,
        lane: None,
    })
}

/// The ceremony that was started under the key. Errors: none was.
pub(super) fn started(context: &Context<'_>, key: &str) -> Result<KeptCeremony, anyhow::Error> {
    context
        .ceremony(key)
        .ok_or_else(|| anyhow!("no passcode ceremony was started under the key `{key}`"))
}

/// The identity store of an authentication in which the page has to take the lane for imported hashes.
pub(super) async fn lane(
    context: &mut Context<'_>,
    key: &str,
) -> Result<Option<String>, Failure<NoEvent>> {
    let kept = started(context, key)?;
    let open = context.work.has_passcode_lane(&kept.store_name, &kept.policy_name).await;
    match open {
        Ok(open) => Ok(open.then_some(kept.store_name)),
        Err(identity::Error::StoreMissing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Takes the answer to a passcode form: the fields into the process variables, the response of the page into the
/// identity store. A response to a ceremony that is over is let go of: its completion fails like any other.
pub(super) async fn take(
    context: &mut Context<'_>,
    wait: &Wait,
    key: &str,
    data_key: &str,
    data: &Map<String, Value>,
    response: Option<BrowserResponse>,
) -> Result<Submitted<()>, Failure<NoEvent>> {
    let form =
        wait.form.as_ref().ok_or_else(|| anyhow!("a passcode form waits without its form"))?;
    let accepted = match accept_beside_passcode(&form.form, data) {
        Ok(accepted) => accepted,
        Err(errors) => return Ok(Submitted::Again(errors)),
    };
    let Some(response) = response else {
        return Ok(Submitted::Again(vec![
            FieldError::new(FieldError::PASSCODE).of(PASSCODE_FIELD),
        ]));
    };
    let kept = started(context, key)?;
    match context.work.remember_passcode_response(&kept.session_id, response).await {
        Ok(()) | Err(identity::Error::SessionMissing) => {}
        Err(error) => return Err(error.into()),
    }
    context.write(&[FORM_DATA, data_key], Value::Object(accepted));
    Ok(Submitted::Done(()))
}

/// The page's response to a registration, if it can be read.
pub(super) fn registration_response(data: &SrpRegistrationData) -> Option<BrowserResponse> {
    let SrpRegistrationData { verifier, history_verifiers } = data;
    (!verifier.is_empty())
        .then(|| BrowserResponse::registration(verifier, history_verifiers).ok())?
}

/// The page's response to a renewal, if it can be read.
pub(super) fn renewal_response(
    registration: &SrpRegistrationData,
    verification: &SrpVerificationData,
) -> Option<BrowserResponse> {
    let SrpVerificationData { client_public_key, m1 } = verification;
    let SrpRegistrationData { verifier, history_verifiers } = registration;
    if client_public_key.is_empty() || m1.is_empty() || verifier.is_empty() {
        return None;
    }
    let new = NewPasscode::read(verifier, history_verifiers).ok()?;
    BrowserResponse::renewal(client_public_key, m1, new).ok()
}

/// Writes the check of a new passcode that was compared with those that everybody tries first; says whether it is fit.
pub(super) fn checked(
    context: &mut Context<'_>,
    key: &str,
    activity: &str,
    finding: CheckFinding,
) -> bool {
    let (outcome, code) = match finding {
        CheckFinding::Fit | CheckFinding::Open => (Outcome::Pass, None),
        CheckFinding::TooCommon => (Outcome::Fail, Some(NEW_PASSCODE_TOO_COMMON)),
    };
    context.check(key, outcome, activity, code);
    code.is_none()
}

/// The error to show when the passcode that was chosen before under this key could not stay.
pub(super) fn not_new(context: &Context<'_>, key: &str) -> Option<FieldError> {
    let rules = [
        (StoreError::PasscodeUsedBefore.code(), FieldError::PASSCODE_USED_BEFORE),
        (NEW_PASSCODE_TOO_COMMON, FieldError::PASSCODE_GUESSED_FIRST),
    ];
    let rule = rules.into_iter().find(|(code, _)| failed_with(context, key, *code));
    rule.map(|(_, rule)| FieldError::new(rule).of(PASSCODE_FIELD))
}

/// The error to show when the passcode that was proven before under this key had been undone.
pub(super) fn too_common(context: &Context<'_>, key: &str) -> Option<FieldError> {
    failed_with(context, key, PASSCODE_TOO_COMMON)
        .then(|| FieldError::new(FieldError::PASSCODE_TOO_COMMON).of(PASSCODE_FIELD))
}

fn failed_with(context: &Context<'_>, key: &str, code: u32) -> bool {
    let found = find(context.variables, &[CHECKS, key, "code"]);
    found.and_then(Value::as_u64) == Some(code.into())
}

/// The page's response to an authentication, if it can be read.
pub(super) fn authentication_response(data: &SrpVerificationData) -> Option<BrowserResponse> {
    let SrpVerificationData { client_public_key, m1 } = data;
    let whole = !client_public_key.is_empty() && !m1.is_empty();
    whole.then(|| BrowserResponse::authentication(client_public_key, m1).ok())?
}

/// Reads a response that a custom page has put into a process variable: JSON text with the member of this name, or what
/// that member holds.
pub(super) fn read<T: DeserializeOwned>(text: &str, member: &str) -> Option<T> {
    let mut json: Value = serde_json::from_str(text).ok()?;
    let inner = json.get_mut(member).map(Value::take).unwrap_or(json);
    serde_json::from_value(inner).ok()
}

/// Whether an error is nobody's failure: the store or the definition is at fault, or somebody else was faster.
pub(super) fn is_fault(error: &identity::Error) -> bool {
    use identity::Error as E;
    error.is_conflict()
        || matches!(
            error,
            E::Storage(_) | E::NoRandomness | E::TenantMissing(_) | E::StoreMissing(_)
        )
}
