//! What is asked of authenticators when a passkey is made and when it is used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::trust::TrustAnchor;
use crate::period::Period;

/// The attestation statement formats that are read (Web Authentication section 8). Not among them is
/// `android-safetynet`, which was switched off by its maker.
pub(super) const FORMATS: [&str; 6] = ["packed", "tpm", "android-key", "fido-u2f", "apple", "none"];

/// How passkeys are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasskeyRegistrationPolicy {
    /// Which authenticators may make them; `ANY`.
    pub key_types: KeyTypes,
    /// Whether they are discoverable, so that they can be used without a user's name; `REQUIRED`.
    pub resident_key: Preference,
    /// Whether the authenticator verifies the person by biometrics or a PIN; `PREFERRED`.
    pub user_verification: Preference,
    /// Whether the authenticator says of what make it is; `NONE`.
    pub attestation: Attestation,
    /// The attestation statement formats that are accepted: `packed`, `tpm`, `android-key`, `fido-u2f`, `apple`,
    /// `none`; each of these if there are none here. No others are read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attestation_formats: Vec<String>,
    /// Who is believed what authenticators say of their make. If there is somebody here, only passkeys are accepted
    /// whose attestation goes back to one of them by certificates that are valid; whether one was revoked is not looked
    /// up. Those that say nothing, or vouch for themselves, are refused. `attestation` has to be `INDIRECT` or `DIRECT`
    /// then. If there is nobody here, a statement has to be right in itself, and whoever made it is not asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attestation_trust_anchors: Vec<TrustAnchor>,
    /// Whether whoever starts a registration may bring the challenge; `false`.
    pub allow_external_challenge: bool,
    /// How long the browser waits for the authenticator; `PT5M`.
    pub timeout: Period,
}

impl Default for PasskeyRegistrationPolicy {
    fn default() -> PasskeyRegistrationPolicy {
        PasskeyRegistrationPolicy {
            key_types: KeyTypes::Any,
            resident_key: Preference::Required,
            user_verification: Preference::Preferred,
            attestation: Attestation::None,
            attestation_formats: Vec::new(),
            attestation_trust_anchors: Vec::new(),
            allow_external_challenge: false,
            timeout: Period::minutes(5),
        }
    }
}

/// How passkeys are used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasskeyAuthenticationPolicy {
    /// Whether the authenticator verifies the person by biometrics or a PIN; `PREFERRED`.
    pub user_verification: Preference,
    /// Whether whoever starts an authentication may bring the challenge; `false`.
    pub allow_external_challenge: bool,
    /// How long the browser waits for the authenticator; `PT5M`.
    pub timeout: Period,
}

impl Default for PasskeyAuthenticationPolicy {
    fn default() -> PasskeyAuthenticationPolicy {
        PasskeyAuthenticationPolicy {
            user_verification: Preference::Preferred,
            allow_external_challenge: false,
            timeout: Period::minutes(5),
        }
    }
}

/// Which authenticators may make a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyTypes {
    /// Those that are part of the device.
    Platform,
    /// Those that are carried from device to device.
    CrossPlatform,
    /// Either.
    Any,
}

impl KeyTypes {
    /// As Web Authentication writes it in `authenticatorAttachment`.
    pub(super) fn attachment(self) -> Option<&'static str> {
        match self {
            KeyTypes::Platform => Some("platform"),
            KeyTypes::CrossPlatform => Some("cross-platform"),
            KeyTypes::Any => None,
        }
    }
}

/// How much something is wanted of an authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Preference {
    /// Nothing else is accepted.
    Required,
    /// It is wanted, and done without.
    Preferred,
    /// It is better left.
    Discouraged,
}

impl Preference {
    /// As Web Authentication writes it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Preference::Required => "required",
            Preference::Preferred => "preferred",
            Preference::Discouraged => "discouraged",
        }
    }
}

/// Whether an authenticator says of what make it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Attestation {
    /// It need not.
    None,
    /// It may say so by way of somebody who keeps its owner's privacy.
    Indirect,
    /// It says so itself.
    Direct,
}

impl Attestation {
    /// As Web Authentication writes it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Attestation::None => "none",
            Attestation::Indirect => "indirect",
            Attestation::Direct => "direct",
        }
    }
}
