//! A user as it is stored.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::status::Standing;
use super::{LockInfo, SummaryInfo, User, UserId, UserStatus, Who};
use crate::lock::{Lock, LockState};
use crate::modality::Modality;

/// What is stored of a user; the credentials have rows of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) id: UserId,
    pub(crate) external_id: Option<String>,
    pub(crate) standing: Standing,
    pub(crate) locale: String,
    pub(crate) timezone: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) locks: LockState,
    /// The forms of authentication that somebody locked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) locked_modalities: BTreeSet<Modality>,
    /// What tells a user whose identifier came with an import from another of the same identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mark: Option<String>,
    pub(crate) created_dtm: Timestamp,
    pub(crate) last_updated_dtm: Timestamp,
    pub(crate) created_by: String,
    pub(crate) last_updated_by: String,
    pub(crate) last_authenticated_dtm: Option<Timestamp>,
}

impl Row {
    /// The user as shown at a time.
    pub(crate) fn shown(self, summary_info: SummaryInfo, now: Timestamp) -> User {
        let locked_until_dtm = match self.locks.at(now) {
            Some(Lock::Until(end)) => Some(end),
            Some(Lock::Permanent) | None => None,
        };
        User {
            status: self.status(now),
            id: self.id,
            external_id: self.external_id,
            locale: self.locale,
            timezone: self.timezone,
            attributes: self.attributes,
            lock_info: LockInfo {
                invalid_count: self.locks.failures,
                locked_until_dtm,
                locked_modalities: self.locked_modalities,
            },
            summary_info,
            created_dtm: self.created_dtm,
            last_updated_dtm: self.last_updated_dtm,
            created_by: self.created_by,
            last_updated_by: self.last_updated_by,
            last_authenticated_dtm: self.last_authenticated_dtm,
        }
    }

    /// How strangers name the user: by the external identifier, or else by the identifier.
    pub(crate) fn known_as(&self) -> Who {
        match &self.external_id {
            Some(external_id) => Who::ExternalId(external_id.clone()),
            None => Who::Id(self.id.clone()),
        }
    }

    /// The status once a lock for a time is over.
    pub(crate) fn unlocked(&self) -> UserStatus {
        match self.standing {
            Standing::Active => UserStatus::Active,
            Standing::PendingActive => UserStatus::PendingActive,
            Standing::Disabled => UserStatus::Disabled,
        }
    }

    /// Notes a successful authentication in this form: its failures are forgotten, and who was pending is active. The
    /// others are those in which the user has something to guess.
    pub(crate) fn authenticate(&mut self, modality: Modality, others: &[Modality], now: Timestamp) {
        self.locks = self.locks.after_success(modality, others);
        self.last_authenticated_dtm = Some(now);
        if self.standing == Standing::PendingActive {
            self.standing = Standing::Active;
        }
    }
}

impl Row {
    /// Somebody who stands for nobody, as long as a usual user.
    pub(crate) fn stand_in(id: UserId, now: Timestamp) -> Row {
        Row {
            external_id: Some(id.to_string()),
            id,
            standing: Standing::Active,
            locale: "en_US".to_owned(),
            timezone: "US/Eastern".to_owned(),
            attributes: BTreeMap::new(),
            locks: LockState::default(),
            locked_modalities: BTreeSet::new(),
            mark: None,
            created_dtm: now,
            last_updated_dtm: now,
            created_by: "nobody".to_owned(),
            last_updated_by: "nobody".to_owned(),
            last_authenticated_dtm: None,
        }
    }
}

#[cfg(test)]
impl Row {
    /// An active user of the first second of 1970.
    pub(crate) fn sample() -> Row {
        Row {
            id: UserId::from("AAAAAAAAAAAAAAAAAAAAAAAAAA"),
            external_id: Some("alice".to_owned()),
            standing: Standing::Active,
            locale: "en_US".to_owned(),
            timezone: "US/Eastern".to_owned(),
            attributes: BTreeMap::from([("email".to_owned(), "alice@example.org".to_owned())]),
            locks: LockState::default(),
            locked_modalities: BTreeSet::new(),
            mark: None,
            created_dtm: Timestamp::UNIX_EPOCH,
            last_updated_dtm: Timestamp::UNIX_EPOCH,
            created_by: "System".to_owned(),
            last_updated_by: "System".to_owned(),
            last_authenticated_dtm: None,
        }
    }
}
