//! Users as they are shown, added and changed.

mod directory;
mod filling;
mod list;
mod locks;
mod row;
mod search;
mod status;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::credential::passcode::PasscodeSummary;
use crate::credential::passkey::PasskeySummary;
use crate::credential::recovery::RecoveryCodesSummary;
use crate::credential::totp::TotpSummary;
use crate::error::{Error, Flaw};
use crate::locale::{flaw_of_locale, flaw_of_timezone};
use crate::modality::Modality;
use crate::random::identifier;

pub(crate) use row::Row;
pub use search::{UserProperty, UserSearch};
pub use status::UserStatus;

/// The identifier of a user: 26 characters of upper-case base32.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct UserId(String);

impl UserId {
    pub(crate) fn draw() -> Result<UserId, Error> {
        identifier().map(UserId)
    }

    /// The identifier that nobody has.
    pub(crate) fn nobody() -> UserId {
        UserId(String::new())
    }

    /// The identifier of a user, or else nobody's.
    pub(crate) fn of(user: Option<&Row>) -> UserId {
        user.map_or_else(UserId::nobody, |user| user.id.clone())
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for UserId {
    fn from(text: &str) -> UserId {
        UserId(text.to_owned())
    }
}

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a user is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// By identifier.
    Id(UserId),
    /// By the identifier that the outside world gave.
    ExternalId(String),
}

impl Who {
    /// Names a user by the identifier, or else by the external identifier; empty texts count as absent.
    ///
    /// # Errors
    ///
    /// [`Error::UserNotNamed`].
    pub fn from_parts(id: Option<&str>, external_id: Option<&str>) -> Result<Who, Error> {
        let given = |text: Option<&str>| text.filter(|t| !t.is_empty()).map(str::to_owned);
        match (given(id), given(external_id)) {
            (Some(id), _) => Ok(Who::Id(UserId(id))),
            (None, Some(external_id)) => Ok(Who::ExternalId(external_id)),
            (None, None) => Err(Error::UserNotNamed),
        }
    }

    pub(crate) fn missing(&self) -> Error {
        match self {
            Who::Id(id) => Error::UserMissing(id.0.clone()),
            Who::ExternalId(id) => Error::ExternalUserMissing(id.clone()),
        }
    }
}

impl From<&UserId> for Who {
    fn from(id: &UserId) -> Who {
        Who::Id(id.clone())
    }
}

/// A user of an identity store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The identifier; it never changes.
    pub id: UserId,
    /// The identifier that the outside world gave, unique within the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Whether the user can authenticate.
    pub status: UserStatus,
    /// The locale, such as `en_US`.
    pub locale: String,
    /// The time zone, such as `US/Eastern`.
    pub timezone: String,
    /// Whatever else is kept of the user.
    pub attributes: BTreeMap<String, String>,
    /// Failed authentications and the lock that came of them.
    pub lock_info: LockInfo,
    /// The user's credentials.
    pub summary_info: SummaryInfo,
    /// When the user was added.
    pub created_dtm: Timestamp,
    /// When the user, or one of the credentials, was last changed.
    pub last_updated_dtm: Timestamp,
    /// Who added the user.
    pub created_by: String,
    /// Who last changed the user, or one of the credentials.
    pub last_updated_by: String,
    /// When the user last authenticated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_authenticated_dtm: Option<Timestamp>,
}

/// Failed authentications and the lock that came of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LockInfo {
    /// Failed authentications: of each form of authentication those since the last successful one.
    pub invalid_count: u32,
    /// When the lock ends by itself; only with the status `TEMP_LOCKED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked_until_dtm: Option<Timestamp>,
    /// The forms of authentication that somebody locked; the user can use the others.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub locked_modalities: BTreeSet<Modality>,
}

/// The credentials of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryInfo {
    /// The passcodes, at most one under each policy.
    pub passcodes: Vec<PasscodeSummary>,
    /// The passkeys.
    #[serde(default)]
    pub passkeys: Vec<PasskeySummary>,
    /// The TOTPs, at most one under each policy.
    #[serde(default)]
    pub totps: Vec<TotpSummary>,
    /// The sets of recovery codes, at most one under each policy.
    #[serde(default)]
    pub recovery_codes: Vec<RecoveryCodesSummary>,
}

/// A user to be added; what is not given has the default of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUser {
    /// An identifier of the outside world, unique within the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The status; any but `TEMP_LOCKED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UserStatus>,
    /// The locale, such as `en_US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The time zone, such as `US/Eastern`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Whatever else is to be kept of the user.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

/// A change of a user; what is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserChange {
    /// A new identifier of the outside world; an empty one removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// A new status. It takes no lock off: `ACTIVE` and `PENDING_ACTIVE` are refused with the code 506 to who is locked,
    /// also beneath being disabled, until they are unlocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UserStatus>,
    /// A new locale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// A new time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// The attributes that change; `null` removes one.
    #[serde(default)]
    pub attributes: BTreeMap<String, Option<String>>,
}

/// The longest external identifier and name of an attribute, in bytes.
const LONGEST_NAME: usize = 255;
/// The longest value of an attribute, in bytes.
const LONGEST_VALUE: usize = 8192;
/// The most attributes of a user.
const MOST_ATTRIBUTES: usize = 100;

impl Row {
    /// The user if everything about them is usable.
    fn checked(self) -> Result<Row, Error> {
        let mut flaws = Vec::new();
        let mut add = |path: &str, flaw: Option<&str>| {
            flaws.extend(flaw.map(|message| Flaw::new(path, message)));
        };
        let named = |text: &str| {
            let good =
                (1..=LONGEST_NAME).contains(&text.len()) && !text.chars().any(char::is_control);
            (!good).then_some("it has 1 to 255 bytes and no control characters")
        };
        add("externalId", self.external_id.as_deref().and_then(named));
        add("locale", flaw_of_locale(&self.locale));
        add("timezone", flaw_of_timezone(&self.timezone));
        let many = self.attributes.len() > MOST_ATTRIBUTES;
        add("attributes", many.then_some("a user has at most 100 attributes"));
        for (name, value) in &self.attributes {
            let path = format!("attributes.{name}");
            add(&path, named(name));
            let long = value.len() > LONGEST_VALUE;
            add(&path, long.then_some("a value has at most 8192 bytes"));
        }
        if flaws.is_empty() { Ok(self) } else { Err(Error::UserInvalid(flaws)) }
    }
}

#[cfg(test)]
mod tests;
