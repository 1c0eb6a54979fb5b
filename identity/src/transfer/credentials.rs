//! The second factors of a user in a line of JSON.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::credential::passkey::PasskeyStatus;
use crate::credential::totp::{TotpAlgorithm, TotpPolicy, TotpStatus};

/// A passkey of an import or export: its public half. How its maker vouched for it stays where it was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasskeyLine {
    /// The identifier of the passkey: 26 characters of upper-case base32. Without it one is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What its owner calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it can be used; `ACTIVE`.
    #[serde(default = "active_passkey")]
    pub status: PasskeyStatus,
    /// The relying party of the store that it was registered for.
    pub relying_party_id: String,
    /// The policy that it was registered under; `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_policy: Option<String>,
    /// The identifier of the credential, base64url.
    pub credential_id: String,
    /// The user handle, base64url of 1 to 64 bytes; one for all passkeys of the user with a relying party.
    pub user_handle: String,
    /// The name of the user that the authenticator shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The public key: a COSE_Key (RFC 9052 section 7), base64url.
    pub public_key: String,
    /// The attestation statement format; `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation_format: Option<String>,
    /// The ways on which the authenticator can be reached.
    #[serde(default)]
    pub transports: Vec<String>,
    /// Whether the authenticator verified the person at the registration.
    #[serde(default)]
    pub user_verified: bool,
    /// Whether the passkey can be on more than one device.
    #[serde(default)]
    pub backup_eligible: bool,
    /// Whether it was, when it was last used.
    #[serde(default)]
    pub backup_state: bool,
    /// The signature counter; 0 if the authenticator has none.
    #[serde(default)]
    pub sign_count: u32,
    /// When it was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_dtm: Option<Timestamp>,
    /// When somebody last authenticated with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_authenticated_with_dtm: Option<Timestamp>,
}

fn active_passkey() -> PasskeyStatus {
    PasskeyStatus::Active
}

/// A TOTP of an import or export, with its secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TotpLine {
    /// The TOTP policy of the store that it belongs to.
    pub policy_name: String,
    /// What app and store share: base32 without padding.
    pub secret: String,
    /// Whether it can be used, `ACTIVE` or `DISABLED`; `ACTIVE`.
    #[serde(default = "active_totp")]
    pub status: TotpStatus,
    /// Who the codes are for, as the app shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The name of the user, as the app shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The hash behind the codes; `SHA1`.
    #[serde(default)]
    pub algorithm: TotpAlgorithm,
    /// How many digits a code has, 6 to 8; 6.
    #[serde(default = "usual_digits")]
    pub digits: u32,
    /// How many seconds a code is shown, 10 to 300; 30.
    #[serde(default = "usual_period")]
    pub period: u32,
    /// When its registration was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_dtm: Option<Timestamp>,
    /// When its first code was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activated_dtm: Option<Timestamp>,
    /// When somebody last authenticated with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_authenticated_with_dtm: Option<Timestamp>,
    /// The time step of the last code that was accepted: no code up to it is good again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_step: Option<u64>,
}

fn active_totp() -> TotpStatus {
    TotpStatus::Active
}

fn usual_digits() -> u32 {
    TotpPolicy::default().digits
}

fn usual_period() -> u32 {
    TotpPolicy::default().period
}

impl std::fmt::Debug for TotpLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpLine(..)")
    }
}

/// A set of recovery codes of an import or export, with the hashes of those that were not used.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecoveryCodesLine {
    /// The recovery code policy of the store that it belongs to.
    pub policy_name: String,
    /// The identifier of the set, which is hashed with each code: 26 characters of upper-case base32.
    pub id: String,
    /// SHA-256 of the identifier, a zero byte and the code in upper case without hyphens; base64.
    pub hashes: Vec<String>,
    /// How many codes were made, at most 50.
    pub count: u32,
    /// When they were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_dtm: Option<Timestamp>,
    /// When somebody last authenticated with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_authenticated_with_dtm: Option<Timestamp>,
}

impl std::fmt::Debug for RecoveryCodesLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCodesLine(..)")
    }
}
