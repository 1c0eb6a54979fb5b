//! What the ceremonies of a passkey share: what is kept between the halves, the forms, and the browser's response.

use anyhow::anyhow;
use forms::{FieldError, Form};
use identity::{
    ClientOutcome, Error as StoreError, Kind, PasskeyAnswer, PasskeyFault, PasskeySession,
    PasskeyStart,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::form::{accept, is_blank};
use crate::variables::{CHECKS, FORM_DATA, IDENTITY_STORE, Outcome, find};
use crate::{
    Ceremony, Context, Failure, FormPart, PasskeyPart, PasskeyResponse, Submission, Submitted, Wait,
};

/// A ceremony in two halves: what the page and the second half have to find again.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeptPasskeyCeremony {
    pub(super) store_name: String,
    pub(super) user_key: String,
    /// What the browser's `navigator.credentials` is asked, in JSON.
    pub(super) public_key: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<PasskeySession>,
    /// What a form has collected for the completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) browser_response: Option<PasskeyResponse>,
}

/// The error events of both forms.
#[derive(Serialize, JsonSchema)]
pub(crate) enum FormEvent {
    /// The end user goes on without a passkey.
    #[schemars(title = "Another Way Chosen")]
    AnotherWayChosen,
}

/// How a ceremony ended that did not succeed.
pub(super) enum Ended {
    /// The end user did not want to, or let the time pass.
    Cancelled,
    /// The browser or the device knows no passkeys.
    Unsupported,
    /// It failed in any other way.
    Failed,
}

impl KeptPasskeyCeremony {
    /// A ceremony that was just started.
    pub(super) fn of(start: PasskeyStart, store_name: String, user_key: String) -> Self {
        let PasskeyStart { public_key, session_id, session } = start;
        let browser_response = None;
        KeptPasskeyCeremony {
            store_name,
            user_key,
            public_key,
            session_id,
            session,
            browser_response,
        }
    }

    pub(super) fn keep(self, context: &mut Context<'_>, key: &str) -> Result<(), anyhow::Error> {
        context.write(&[IDENTITY_STORE, key], serde_json::to_value(self)?);
        Ok(())
    }

    /// The ceremony that was started under the key. Errors: none was.
    pub(super) fn started(context: &Context<'_>, key: &str) -> Result<Self, anyhow::Error> {
        let kept = find(context.variables, &[IDENTITY_STORE, key]);
        kept.and_then(|kept| Self::deserialize(kept).ok())
            .ok_or_else(|| anyhow!("no passkey ceremony was started under the key `{key}`"))
    }
}

/// What a passkey form is for, and what it offers beside its button.
pub(super) struct Offer {
    pub(super) ceremony: Ceremony,
    pub(super) autofill: bool,
    pub(super) another_way: bool,
}

/// A form with the ceremony that was started under the key; on which screens it is shown, the activity adds. After a
/// passkey that was not accepted it says so. Errors: no ceremony was started.
pub(super) fn page(
    context: &Context<'_>,
    activity: &str,
    key: &str,
    form: FormPart,
    offer: Offer,
) -> Result<Wait, anyhow::Error> {
    let Offer { ceremony, autofill, another_way } = offer;
    let public_key = KeptPasskeyCeremony::started(context, key)?.public_key;
    let refused = match ceremony {
        Ceremony::Registration => FieldError::PASSKEY_NOT_CREATED,
        Ceremony::Authentication | Ceremony::Renewal => FieldError::PASSKEY_NOT_ACCEPTED,
    };
    let failed = find(context.variables, &[CHECKS, key, "status"]) == Some(&json!(Outcome::Fail));
    let part = PasskeyPart { ceremony, public_key, autofill, another_way };
    let errors = failed.then(|| FieldError::new(refused)).into_iter().collect();
    Ok(Wait { form: Some(form), passkey: Some(part), errors, ..Wait::for_nobody(activity) })
}

/// Takes the answer to a passkey form: the fields into the process variables, the response of the browser to its
/// ceremony.
pub(super) fn take(
    context: &mut Context<'_>,
    wait: &Wait,
    key: &str,
    data_key: &str,
    submission: Submission,
) -> Result<Submitted<()>, Failure<FormEvent>> {
    let (form, part) = match (&wait.form, &wait.passkey) {
        (Some(form), Some(part)) => (&form.form, part),
        _ => return Err(anyhow!("a passkey form waits without its form or ceremony").into()),
    };
    let Submission { data, passkey_response, another_way, .. } = submission;
    let goes_another_way = another_way && part.another_way;
    let registers = part.ceremony == Ceremony::Registration;
    if goes_another_way && registers {
        return Err(Failure::Event(FormEvent::AnotherWayChosen));
    }
    let accepted = match goes_another_way || registers {
        true => accept(form, &data),
        // The passkey tells who somebody is: what was left empty is not asked for.
        false => accept(&filled_in(form, &data), &without_blanks(&data)),
    };
    let accepted = match accepted {
        Ok(accepted) => accepted.kept,
        Err(errors) => return Ok(Submitted::Again(errors)),
    };
    if !goes_another_way {
        let Some(response) = passkey_response else {
            return Ok(Submitted::Again(vec![FieldError::new(FieldError::PASSKEY)]));
        };
        let kept = KeptPasskeyCeremony::started(context, key)?;
        KeptPasskeyCeremony { browser_response: Some(response), ..kept }.keep(context, key)?;
    }
    context.write(&[FORM_DATA, data_key], Value::Object(accepted));
    match goes_another_way {
        true => Err(Failure::Event(FormEvent::AnotherWayChosen)),
        false => Ok(Submitted::Done(())),
    }
}

/// The form without the fields that were left empty.
fn filled_in(form: &Form, data: &Map<String, Value>) -> Form {
    let blank = |id: &str| data.get(id).is_none_or(is_blank);
    let ids = form.fields().map(|field| &*field.id).filter(|id| blank(id));
    ids.fold(form.clone(), |form, id| form.without(id))
}

fn without_blanks(data: &Map<String, Value>) -> Map<String, Value> {
    data.clone().into_iter().filter(|(_, value)| !is_blank(value)).collect()
}

/// The ceremony that was started under the key, and what its completion is given: what a custom page has put into a
/// process variable (`{"credential": …}` or `{"failure": …}`, or the credential alone), or else what a form has
/// collected, which is forgotten with it. What cannot be read is no answer. Errors: no ceremony was started.
pub(super) fn answered(
    context: &mut Context<'_>,
    key: &str,
    text: Option<&str>,
) -> Result<(KeptPasskeyCeremony, PasskeyAnswer), anyhow::Error> {
    let mut kept = KeptPasskeyCeremony::started(context, key)?;
    let session = kept.session.take();
    let collected = kept.browser_response.take();
    if collected.is_some() {
        context.write(&[IDENTITY_STORE, key, "browserResponse"], Value::Null);
    }
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        let (credential, failure) =
            collected.map(|given| (given.credential, given.failure)).unwrap_or_default();
        return Ok((kept, PasskeyAnswer { credential, failure, session }));
    };
    let json: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let answer = match json.contains_key("rawId") {
        true => PasskeyAnswer { credential: Some(json), ..PasskeyAnswer::default() },
        false => serde_json::from_value(Value::Object(json)).unwrap_or_default(),
    };
    Ok((kept, PasskeyAnswer { session, ..answer }))
}

/// How a ceremony ended, by the browser's answer and by what the store says of it.
pub(super) fn ended(answer: &PasskeyAnswer, error: &StoreError) -> Ended {
    let said = answer.failure.as_ref().and_then(|failure| failure.message.as_deref());
    let (StoreError::Passkey(PasskeyFault::RegistrationEnded(outcome))
    | StoreError::Passkey(PasskeyFault::AuthenticationEnded(outcome))) = error
    else {
        return Ended::Failed;
    };
    match outcome {
        ClientOutcome::Cancelled | ClientOutcome::TimedOut => Ended::Cancelled,
        ClientOutcome::Failed if said.is_some_and(|said| said.contains("NotSupported")) => {
            Ended::Unsupported
        }
        ClientOutcome::Failed => Ended::Failed,
    }
}

/// Whether an error is nobody's failure: the store or the definition is at fault, or somebody else was faster.
pub(super) fn is_fault(error: &StoreError) -> bool {
    error.kind() == Kind::Unavailable
        || error.is_conflict()
        || matches!(error, StoreError::StoreMissing(_))
}

/// Whether the relying party or its policy is not there.
pub(super) fn lacks_policy(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Passkey(
            PasskeyFault::RelyingPartyMissing(_)
                | PasskeyFault::RegistrationPolicyMissing(_)
                | PasskeyFault::AuthenticationPolicyMissing(_)
        )
    )
}
