//! A user as a line of JSON.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reason::flaw;
use super::{PasskeyLine, RecoveryCodesLine, TotpLine};
use crate::configuration::list_for_object;
use crate::modality::Modality;
use crate::user::{Row, UserId, UserStatus};

/// A user of an import or export. One of `id` and `externalId` is needed to know the user again; what else is not
/// given has the default of the store, or stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserLine {
    /// The identifier: 26 characters of upper-case base32. One is drawn for a new user who has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<UserId>,
    /// The identifier of the outside world, unique within the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The status; any but `TEMP_LOCKED`. A lock for a time is not exported: it would end by itself. An import takes no
    /// lock off: who is `LOCKED` or `DISABLED` stays so. Who has ever authenticated does not become `PENDING_ACTIVE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UserStatus>,
    /// The locale, such as `en_US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The time zone, such as `US/Eastern`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Whatever else is kept of the user; attributes that are not given stay.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The forms of authentication that are locked for the user. An import locks them beside those that are locked
    /// already, and unlocks none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_modalities: Option<BTreeSet<Modality>>,
    /// When the user was added; only read for a new user, and never after the present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_dtm: Option<Timestamp>,
    /// The passcodes, at most one under each policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passcodes: Vec<PasscodeLine>,
    /// The passkeys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passkeys: Vec<PasskeyLine>,
    /// The TOTPs whose first code was accepted, at most one under each policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totps: Vec<TotpLine>,
    /// The sets of recovery codes, at most one under each policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery_codes: Vec<RecoveryCodesLine>,
}

/// A passcode of an import or export: either a verifier or a hash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasscodeLine {
    /// The passcode policy of the store that it belongs to.
    pub policy_name: String,
    /// A hash of another system: bcrypt, argon2, scrypt or PBKDF2, in its PHC or modular form. It is verified once,
    /// at the next sign-in, and replaced by a verifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// A verifier of SRP-6a.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifier: Option<VerifierLine>,
    /// When it was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_dtm: Option<Timestamp>,
    /// When it can no longer be used; without it, as the policy says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration_dtm: Option<Timestamp>,
    /// Whether it was switched off by hand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// Whether it was undone, as one that everybody tries first: nobody authenticates with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub too_common: bool,
    /// The verifiers of the passcodes before it, the latest first and 24 at most, so that none of them is chosen again
    /// where the policy has a `passcodeHistory`; as many of them are kept as that says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<VerifierLine>,
}

/// A verifier of SRP-6a (RFC 5054) with what it was made with. Strangers see identity and salt, and must not tell from
/// them that there is a user: both have the form that this server gives them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifierLine {
    /// The identity in SRP: 26 characters of upper-case base32.
    pub i: String,
    /// The salt: 32 bytes, base64url without padding.
    pub salt: String,
    /// The verifier `v`, base64.
    pub v: String,
    /// The group: `RFC5054-2048`.
    pub group: String,
    /// The digest: `SHA-256`.
    pub hash_algorithm: String,
}

impl std::fmt::Debug for VerifierLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VerifierLine(..)")
    }
}

impl UserLine {
    /// Reads a line, or says what is wrong with it: where, and not what stands there.
    pub(super) fn read(line: &[u8]) -> Result<UserLine, String> {
        let mut reader = serde_json::Deserializer::from_slice(line);
        let user: UserLine =
            serde_path_to_error::deserialize(&mut reader).map_err(|error| flaw(&error))?;
        reader.end().map_err(|error| error.to_string())?;
        let given = serde_json::from_slice(line).unwrap_or_default();
        match list_for_object(&given, &serde_json::to_value(&user).unwrap_or_default()) {
            Some(path) if path.is_empty() => Err("a user is an object".to_owned()),
            Some(path) => Err(format!("{path}: expected an object")),
            None => Ok(user),
        }
    }

    /// The line of a user, without credentials.
    pub(super) fn of(row: Row, now: Timestamp) -> UserLine {
        let status = match row.status(now) {
            UserStatus::TempLocked => row.unlocked(),
            status => status,
        };
        UserLine {
            id: Some(row.id),
            external_id: row.external_id,
            status: Some(status),
            locale: Some(row.locale),
            timezone: Some(row.timezone),
            attributes: row.attributes,
            locked_modalities: Some(row.locked_modalities).filter(|locked| !locked.is_empty()),
            created_dtm: Some(row.created_dtm),
            passcodes: Vec::new(),
            passkeys: Vec::new(),
            totps: Vec::new(),
            recovery_codes: Vec::new(),
        }
    }
}
