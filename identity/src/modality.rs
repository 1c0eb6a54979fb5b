//! What people prove themselves with: the forms of authentication, each of which can be locked by itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A form of authentication.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Modality {
    /// A passcode that the user knows.
    Passcode,
    /// One-time codes of an authenticator app (RFC 6238).
    Totp,
    /// A WebAuthn credential.
    Passkey,
    /// A code that was shown once and can be used once.
    RecoveryCode,
}

impl Modality {
    /// All of them.
    pub const ALL: [Modality; 4] =
        [Modality::Passcode, Modality::Totp, Modality::Passkey, Modality::RecoveryCode];

    /// The modality as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Modality::Passcode => "PASSCODE",
            Modality::Totp => "TOTP",
            Modality::Passkey => "PASSKEY",
            Modality::RecoveryCode => "RECOVERY_CODE",
        }
    }
}
