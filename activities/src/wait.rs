//! What a waiting activity puts before the end user, and what comes back.

use forms::{FieldError, Form};
use identity::{AlgorithmInfo, ClientFailure, FormerPasscode, PasscodeRequirements};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the end user is asked for; the hosted page and the JSON answer show the same.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Wait {
    /// Canonical name of the activity that waits.
    pub activity: String,
    /// Screen of the user interface that shows it.
    pub screen_id: String,
    /// Step of the user interface that it belongs to.
    pub step_id: String,
    /// The screens that the activity leads through.
    pub screens: Vec<String>,
    /// The form that is to be filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormPart>,
    /// The passcode ceremony that the page has to take part in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passcode: Option<PasscodePart>,
    /// The passkey ceremony that the page has to take part in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<PasskeyPart>,
    /// What was wrong with the answer before, field by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// How many answers have been given, counting those to earlier showings of the same form.
    #[serde(default)]
    pub attempts: u32,
}

impl Wait {
    /// Nothing, of an activity that waits without the end user.
    pub fn for_nobody(activity: &str) -> Wait {
        Wait {
            activity: activity.to_owned(),
            screen_id: String::new(),
            step_id: String::new(),
            screens: Vec::new(),
            form: None,
            passcode: None,
            passkey: None,
            errors: Vec::new(),
            attempts: 0,
        }
    }

    /// What to show after an answer that was not accepted ([`Submitted::Again`]): the errors, one attempt more.
    #[must_use]
    pub fn refused(mut self, errors: Vec<FieldError>) -> Wait {
        self.errors = errors;
        self.attempts = self.attempts.saturating_add(1);
        self
    }
}

/// A custom data form, filled for this user.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct FormPart {
    /// Name of the form; of one that the definition holds itself, its data key.
    pub name: String,
    /// Version of the form.
    pub version: u32,
    /// Key under which the answer is kept: `_customFormData.{dataKey}`.
    pub data_key: String,
    /// The form itself, its texts and defaults filled from the process variables.
    pub form: Form,
    /// Whether nothing in it may be changed.
    pub read_only: bool,
    /// Whether it is shown without the button to send it.
    pub hide_buttons: bool,
}

/// A passcode ceremony: the page computes with it and sends a proof, never the passcode.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct PasscodePart {
    /// Which of the ceremonies it is.
    pub ceremony: Ceremony,
    /// Identifier of the ceremony's session in the identity store.
    pub session_id: String,
    /// Group, salt and keys of SRP-6a.
    pub algorithm_info: AlgorithmInfo,
    /// The rules for a new passcode; absent in an authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirements: Option<PasscodeRequirements>,
    /// Group, salt and keys to prove the present passcode; in a renewal alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_algorithm_info: Option<AlgorithmInfo>,
    /// The passcodes that a new one is compared with, and may not be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passcode_history: Vec<FormerPasscode>,
    /// The user's name, if the end user has typed it in this journey: with it a password manager knows whose passcode
    /// it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The identity store, if hashes of another system still wait there for their users: the page then shows its proof
    /// before it answers, and the passcode itself if the proof is not right. It says nothing of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<String>,
}

/// The ceremonies of a passcode; a passkey has the first two.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Ceremony {
    /// A new passcode is chosen: the page answers with a verifier. A passkey is made.
    Registration,
    /// The passcode is proven: the page answers with its public key and the proof M1. A passkey signs.
    Authentication,
    /// The present passcode is proven and a new one is chosen: the page answers with both.
    Renewal,
}

/// A passkey ceremony: the page asks the browser, and sends what it gives.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyPart {
    /// Which of the ceremonies it is.
    pub ceremony: Ceremony,
    /// What `navigator.credentials` is asked (Web Authentication sections 5.4 and 5.5), in JSON.
    pub public_key: Value,
    /// Whether the browser may offer passkeys in the field for the user's name (conditional mediation).
    pub autofill: bool,
    /// Whether the end user may choose another way instead.
    pub another_way: bool,
}

/// The end user's answer to a [`Wait`].
#[derive(Serialize, Deserialize, Clone, Default, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Submission {
    /// The values of the form's components, by their ids.
    #[serde(default)]
    pub data: Map<String, Value>,
    /// The answer of a passcode registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub srp_registration_data: Option<SrpRegistrationData>,
    /// The answer of a passcode authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub srp_verification_data: Option<SrpVerificationData>,
    /// The answer of a passkey ceremony.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey_response: Option<PasskeyResponse>,
    /// Whether the end user chose another way than the one that was asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub another_way: bool,
}

impl Submission {
    /// Whether it has more than a form's values: the answer of a ceremony, or the choice of another way.
    pub(crate) fn has_more_than_data(&self) -> bool {
        self.srp_registration_data.is_some()
            || self.srp_verification_data.is_some()
            || self.passkey_response.is_some()
            || self.another_way
    }
}

impl std::fmt::Debug for Submission {
    /// Tells the names of the fields alone: what people write is theirs.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&String> = self.data.keys().collect();
        formatter.debug_struct("Submission").field("data", &names).finish_non_exhaustive()
    }
}

/// What a page sends to register a passcode.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SrpRegistrationData {
    /// The verifier v = g^x mod N (RFC 5054 §2.4), base64.
    pub verifier: String,
    /// What the verifier would be with each of the former passcodes' `i` and salt, in order, base64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history_verifiers: Vec<String>,
}

/// What a page sends to prove a passcode.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SrpVerificationData {
    /// The client's public key A (RFC 5054 §2.5.4), base64.
    pub client_public_key: String,
    /// The client's proof M1 (RFC 2945 §3), base64.
    pub m1: String,
}

/// What a page sends of a passkey: what the browser gave, or why it gave nothing.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasskeyResponse {
    /// What `toJSON()` of the browser's `PublicKeyCredential` gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Map<String, Value>>,
    /// Why the browser gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<ClientFailure>,
}

/// What becomes of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Submitted<Output> {
    /// It was accepted, with these local results.
    Done(Output),
    /// It was not accepted: the user is asked again, see [`Wait::refused`].
    Again(Vec<FieldError>),
}
