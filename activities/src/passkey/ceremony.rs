//! What the ceremonies of a passkey share: what is kept between the halves, and the browser's response.

use anyhow::anyhow;
use identity::{
    ClientOutcome, Error as StoreError, Kind, PasskeyAnswer, PasskeyFault, PasskeySession,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Context;
use crate::variables::{IDENTITY_STORE, find};

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
}

/// How the browser's part ended.
pub(super) enum Ended {
    /// The end user did not want to, or let the time pass.
    Cancelled,
    /// The browser or the device knows no passkeys.
    Unsupported,
    /// It failed in any other way.
    Failed,
}

impl KeptPasskeyCeremony {
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

/// Reads what a page has put into a process variable: `{"credential": …}` or `{"failure": …}`, or the credential
/// alone. What cannot be read is no answer.
pub(super) fn read(text: Option<&str>, session: Option<PasskeySession>) -> PasskeyAnswer {
    let json: Map<String, Value> =
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let answer = match json.contains_key("rawId") {
        true => PasskeyAnswer { credential: Some(json), ..PasskeyAnswer::default() },
        false => serde_json::from_value(Value::Object(json)).unwrap_or_default(),
    };
    PasskeyAnswer { session, ..answer }
}

/// How the browser's part ended, by its answer and by what the store says of it.
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
