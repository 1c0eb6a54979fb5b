//! Locks that somebody puts on and takes off by hand: on a user, or on one form of authentication of a user.
//!
//! They hold whatever the store's `userLockConfig` says; with `externalLockManagement` they are the only locks.

use super::{Row, User, Who};
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::lock::LockState;
use crate::modality::Modality;
use crate::work::Work;

impl Work {
    /// Locks a user until somebody unlocks them. A disabled user stays disabled, and is locked beneath that.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn lock_user(&mut self, store: &str, who: &Who) -> Result<User, Error> {
        self.relock(store, who, Action::UserLocked, None, |row| row.locks = row.locks.locked())
            .await
    }

    /// Takes the lock off a user, whoever put it on, and forgets the failures that led to it.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn unlock_user(&mut self, store: &str, who: &Who) -> Result<User, Error> {
        let unlock = |row: &mut Row| row.locks = LockState::default();
        self.relock(store, who, Action::UserUnlocked, None, unlock).await
    }

    /// Locks one form of authentication of a user; the user can use the others.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn lock_user_modality(
        &mut self,
        store: &str,
        who: &Who,
        modality: Modality,
    ) -> Result<User, Error> {
        let lock = |row: &mut Row| {
            row.locked_modalities.insert(modality);
        };
        self.relock(store, who, Action::ModalityLocked, Some(modality), lock).await
    }

    /// Takes the lock off one form of authentication of a user.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Storage`].
    pub async fn unlock_user_modality(
        &mut self,
        store: &str,
        who: &Who,
        modality: Modality,
    ) -> Result<User, Error> {
        let unlock = |row: &mut Row| {
            row.locked_modalities.remove(&modality);
        };
        self.relock(store, who, Action::ModalityUnlocked, Some(modality), unlock).await
    }

    /// Changes the locks of a user. What is so already is neither written nor audited.
    async fn relock(
        &mut self,
        store: &str,
        who: &Who,
        action: Action,
        modality: Option<Modality>,
        change: impl FnOnce(&mut Row),
    ) -> Result<User, Error> {
        let (store, before) = self.holder(store, who).await?;
        let mut row = before.clone();
        change(&mut row);
        if row != before {
            let entry = Entry::new(action, &store).user(&row.id);
            self.audit(Entry { modality, ..entry })?;
            row = self.keep_user(&store, row)?;
        }
        self.show(&store, row).await
    }
}

#[cfg(test)]
mod tests;
