//! What is wrong with one value that somebody filled in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::localised::Localised;

/// One thing that is wrong with a submitted form.
///
/// The page words it in its own language from `rule` and `values`, unless the form brought its own `message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldError {
    /// The id of the component at fault; absent when the fault is not one field's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The rule that was not kept, one of the constants of this type.
    pub rule: String,
    /// The form's own words for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Localised>,
    /// What the rule compares with, by name: `min`, `max`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl FieldError {
    /// A value that is needed is not there.
    pub const MISSING: &str = "missing";
    /// A text is shorter or longer than allowed (`min`, `max`, in characters).
    pub const LENGTH: &str = "length";
    /// A number is smaller or greater than allowed (`min`, `max`).
    pub const RANGE: &str = "range";
    /// A value is not of the component's kind.
    pub const INVALID: &str = "invalid";
    /// The form has no such field.
    pub const UNKNOWN: &str = "unknown";
    /// The passcode's verifier or proof did not come with the form.
    pub const PASSCODE: &str = "passcode";
    /// The passcode was not accepted; nobody is told why.
    pub const PASSCODE_NOT_ACCEPTED: &str = "passcodeNotAccepted";
    /// The browser's answer about the passkey did not come with the form.
    pub const PASSKEY: &str = "passkey";
    /// The passkey was not accepted; nobody is told why.
    pub const PASSKEY_NOT_ACCEPTED: &str = "passkeyNotAccepted";
    /// The new passkey was not accepted.
    pub const PASSKEY_NOT_CREATED: &str = "passkeyNotCreated";
    /// The new passcode is one that the user has had before.
    pub const PASSCODE_USED_BEFORE: &str = "passcodeUsedBefore";
    /// The new passcode is one that everybody tries first.
    pub const PASSCODE_GUESSED_FIRST: &str = "passcodeGuessedFirst";
    /// The passcode was undone after its registration: it is one that everybody tries first.
    pub const PASSCODE_TOO_COMMON: &str = "passcodeTooCommon";

    /// The code of an authenticator app was not accepted; nobody is told why.
    pub const CODE_NOT_ACCEPTED: &str = "codeNotAccepted";
    /// The recovery code was not accepted; nobody is told why.
    pub const RECOVERY_CODE_NOT_ACCEPTED: &str = "recoveryCodeNotAccepted";

    /// An error of the given rule that belongs to no field yet.
    pub fn new(rule: impl Into<String>) -> FieldError {
        FieldError { field: None, rule: rule.into(), message: None, values: BTreeMap::new() }
    }

    /// The same error, of the field with this id.
    pub fn of(mut self, field: impl Into<String>) -> FieldError {
        self.field = Some(field.into());
        self
    }

    /// The same error with a value that its wording needs.
    pub fn with(mut self, name: impl Into<String>, value: impl ToString) -> FieldError {
        self.values.insert(name.into(), value.to_string());
        self
    }

    /// The same error in the form's own words; blank words are dropped.
    pub fn saying(mut self, message: &Localised) -> FieldError {
        self.message = (!message.is_blank()).then(|| message.clone());
        self
    }
}
