//! How far an authentication is in the lane, and what comes next.

use serde::{Deserialize, Serialize};

/// How far an authentication is in the lane.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Lane {
    /// Nothing was shown.
    #[default]
    Free,
    /// The proof was right, and nobody is asked for the passcode.
    Proved,
    /// The proof was not right, or the user is barred, and the passcode is awaited.
    Asked {
        /// The record of the refusal, if it was refused and counted already.
        refused: Option<String>,
        /// Whether it was throttled, so that nothing is computed for it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        throttled: bool,
        /// Whether the passcode was shown and is being verified.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        shown: bool,
    },
    /// The passcode was the one of the hash.
    Right,
    /// The passcode was not; the record of the refusal.
    Wrong { record: String },
}

impl Lane {
    pub(crate) fn is_free(&self) -> bool {
        *self == Lane::Free
    }
}

/// What whoever authenticates has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LaneStep {
    /// Complete the authentication.
    Complete,
    /// Show the passcode itself.
    Passcode,
}
