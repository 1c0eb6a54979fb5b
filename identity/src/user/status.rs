//! The status of a user, and how one status leads to another.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Row;
use crate::error::Error;
use crate::lock::Lock;

/// Whether a user can authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserStatus {
    /// In use.
    Active,
    /// Locked until somebody takes the lock off; no authentication.
    Locked,
    /// Locked until a time; no authentication before it.
    TempLocked,
    /// Switched off; no authentication.
    Disabled,
    /// Added, and never authenticated so far.
    PendingActive,
}

impl UserStatus {
    /// The status as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            UserStatus::Active => "ACTIVE",
            UserStatus::Locked => "LOCKED",
            UserStatus::TempLocked => "TEMP_LOCKED",
            UserStatus::Disabled => "DISABLED",
            UserStatus::PendingActive => "PENDING_ACTIVE",
        }
    }
}

/// What a user's status is apart from locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Standing {
    Active,
    Disabled,
    PendingActive,
}

impl Row {
    /// The status at a time: being disabled outweighs a lock, a lock outweighs the rest.
    pub(crate) fn status(&self, now: Timestamp) -> UserStatus {
        match self.lock_status(now) {
            Some(locked) if self.standing != Standing::Disabled => locked,
            _ => self.unlocked(),
        }
    }

    /// The status of who is locked at a time, also beneath being disabled.
    fn lock_status(&self, now: Timestamp) -> Option<UserStatus> {
        self.locks.at(now).map(|lock| match lock {
            Lock::Permanent => UserStatus::Locked,
            Lock::Until(_) => UserStatus::TempLocked,
        })
    }

    /// Gives the user a status by hand, which takes no lock off and forgets no failures: who is locked has to be
    /// unlocked before, also beneath being disabled. Otherwise a user who is sent back as they were shown would be
    /// unlocked unseen. A lock for a time is not given by hand, and who has ever authenticated is not pending any more.
    pub(crate) fn give(&mut self, to: UserStatus, now: Timestamp) -> Result<(), Error> {
        let from = self.status(now);
        if from == to {
            return Ok(());
        }
        match (to, self.lock_status(now)) {
            (UserStatus::Active, None) => self.standing = Standing::Active,
            (UserStatus::PendingActive, None) if self.last_authenticated_dtm.is_none() => {
                self.standing = Standing::PendingActive;
            }
            (UserStatus::Locked, _) => {
                if self.standing == Standing::Disabled {
                    self.standing = Standing::Active;
                }
                self.locks = self.locks.locked();
            }
            (UserStatus::Disabled, _) => self.standing = Standing::Disabled,
            (_, locked) => {
                let from = locked.filter(|locked| *locked != to).unwrap_or(from);
                return Err(Error::StatusOutOfReach { from, to });
            }
        }
        Ok(())
    }

    /// Gives the user the status of an import, which takes no lock off, enables nobody and forgets no failures. Who is
    /// disabled is locked beneath that, and who has ever authenticated stays what they are instead of pending.
    pub(crate) fn give_imported(&mut self, to: UserStatus, now: Timestamp) -> Result<(), Error> {
        let standing = match to {
            UserStatus::TempLocked => return self.give(to, now),
            UserStatus::Locked => {
                self.locks = self.locks.locked();
                self.standing
            }
            UserStatus::Disabled => Standing::Disabled,
            UserStatus::Active => Standing::Active,
            UserStatus::PendingActive if self.last_authenticated_dtm.is_some() => self.standing,
            UserStatus::PendingActive => Standing::PendingActive,
        };
        if self.standing != Standing::Disabled {
            self.standing = standing;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_status_leads_to_another() {
        use UserStatus::{Active, Disabled, Locked, PendingActive, TempLocked};
        let now = Timestamp::UNIX_EPOCH;
        let user = |status| {
            let mut row = Row::sample();
            match status {
                TempLocked => row.locks.lock = Some(Lock::Until(now + jiff::Span::new().hours(1))),
                Locked => row.locks.lock = Some(Lock::Permanent),
                Disabled => row.standing = Standing::Disabled,
                PendingActive => row.standing = Standing::PendingActive,
                Active => {}
            }
            row.locks.failures = 2;
            assert_eq!(row.status(now), status);
            row
        };
        let all = [Active, Locked, TempLocked, Disabled, PendingActive];
        let mut told = String::new();
        for from in all {
            for to in all {
                let mut row = user(from);
                let given = row.give(to, now);
                let is = match given {
                    Ok(()) => row.status(now).as_str(),
                    Err(_) => "refused",
                };
                assert!(given.is_err() || row.status(now) == to, "{from:?} {to:?}");
                told += &format!(
                    "{} to {}: {is}, {}\n",
                    from.as_str(),
                    to.as_str(),
                    row.locks.failures
                );
            }
        }
        expect_test::expect![[r#"
            ACTIVE to ACTIVE: ACTIVE, 2
            ACTIVE to LOCKED: LOCKED, 2
            ACTIVE to TEMP_LOCKED: refused, 2
            ACTIVE to DISABLED: DISABLED, 2
            ACTIVE to PENDING_ACTIVE: PENDING_ACTIVE, 2
            LOCKED to ACTIVE: refused, 2
            LOCKED to LOCKED: LOCKED, 2
            LOCKED to TEMP_LOCKED: refused, 2
            LOCKED to DISABLED: DISABLED, 2
            LOCKED to PENDING_ACTIVE: refused, 2
            TEMP_LOCKED to ACTIVE: refused, 2
            TEMP_LOCKED to LOCKED: LOCKED, 2
            TEMP_LOCKED to TEMP_LOCKED: TEMP_LOCKED, 2
            TEMP_LOCKED to DISABLED: DISABLED, 2
            TEMP_LOCKED to PENDING_ACTIVE: refused, 2
            DISABLED to ACTIVE: ACTIVE, 2
            DISABLED to LOCKED: LOCKED, 2
            DISABLED to TEMP_LOCKED: refused, 2
            DISABLED to DISABLED: DISABLED, 2
            DISABLED to PENDING_ACTIVE: PENDING_ACTIVE, 2
            PENDING_ACTIVE to ACTIVE: ACTIVE, 2
            PENDING_ACTIVE to LOCKED: LOCKED, 2
            PENDING_ACTIVE to TEMP_LOCKED: refused, 2
            PENDING_ACTIVE to DISABLED: DISABLED, 2
            PENDING_ACTIVE to PENDING_ACTIVE: PENDING_ACTIVE, 2
        "#]]
        .assert_eq(&told);
    }
}
