//! What every form of authentication has in common: who may not authenticate, and what a success or a failure
//! changes of the user.

use jiff::Timestamp;

use crate::audit::{Action, Entry, Reason};
use crate::credential::passcode::Manner;
use crate::error::Error;
use crate::lock::Lock;
use crate::modality::Modality;
use crate::store::IdentityStore;
use crate::user::{Row, SummaryInfo, UserStatus, Who};
use crate::work::Work;

/// Why nobody can authenticate as this user in this form, whatever they show.
pub(crate) fn barred(user: Option<&Row>, modality: Modality, now: Timestamp) -> Option<Reason> {
    let Some(user) = user else { return Some(Reason::UserUnknown) };
    match user.status(now) {
        UserStatus::Disabled => Some(Reason::UserDisabled),
        UserStatus::Locked | UserStatus::TempLocked => Some(Reason::UserLocked),
        UserStatus::Active | UserStatus::PendingActive => {
            user.locked_modalities.contains(&modality).then_some(Reason::ModalityLocked)
        }
    }
}

/// What a caller who may know of the user is told of a bar; other reasons are told nobody. With a passcode every
/// failure has the same code, 2615; who is disabled is not active (502) for a passkey, and disabled (2102) for anything
/// else.
pub(crate) fn told(reason: Reason, who: &Who, modality: Modality) -> Result<(), Error> {
    match reason {
        Reason::UserUnknown => Err(who.missing()),
        Reason::UserLocked | Reason::UserDisabled | Reason::ModalityLocked
            if modality == Modality::Passcode =>
        {
            Err(Error::PasscodeRefused)
        }
        Reason::UserLocked => Err(Error::UserLocked),
        Reason::UserDisabled if modality == Modality::Passkey => {
            Err(Error::UserNotActive(UserStatus::Disabled))
        }
        Reason::UserDisabled => Err(Error::UserDisabled),
        Reason::ModalityLocked => Err(Error::ModalityLocked(modality)),
        _ => Ok(()),
    }
}

/// Whether a refused authentication counts towards the user's lock.
///
/// The documents say that a failed authentication raises the lock count, and make no exception for what it failed for: a
/// credential that is missing, pending, disabled or perhaps copied counts like a wrong one. What cannot proceed has not
/// failed: nothing counts against a bar or while it is throttled. Nor does it count where a right secret is refused
/// only because it has to be renewed or cannot be renewed like that, or because it is a hash that no proof can be right
/// for.
pub(crate) fn counts(reason: Reason) -> bool {
    match reason {
        Reason::UserUnknown
        | Reason::UserLocked
        | Reason::UserDisabled
        | Reason::ModalityLocked
        | Reason::Throttled
        | Reason::PasscodeExpired
        | Reason::PasscodeTooCommon
        | Reason::PasscodeImported
        | Reason::NewPasscodeUnfit
        | Reason::ClientFailed
        | Reason::ClientCancelled
        | Reason::ClientTimedOut => false,
        Reason::WrongPasscode
        | Reason::PasscodeMissing
        | Reason::PasscodeDisabled
        | Reason::WrongPasskey
        | Reason::PasskeyMissing
        | Reason::PasskeyNotActive
        | Reason::PasskeyCloned
        | Reason::WrongCode
        | Reason::CodeUsed
        | Reason::TotpMissing
        | Reason::TotpPending
        | Reason::TotpDisabled
        | Reason::RecoveryCodesMissing => true,
    }
}

/// Whose secret is guessed, by the identifier of the user; of nobody, by the name that was given.
pub(crate) fn guessed(user: Option<&Row>, who: &Who) -> String {
    match (user, who) {
        (Some(user), _) => user.id.to_string(),
        (None, Who::Id(id)) => id.to_string(),
        (None, Who::ExternalId(name)) => format!("\n{name}"),
    }
}

impl Work {
    /// Whether too much was guessed for this name to examine a secret now; the name is [`guessed`].
    ///
    /// # Errors
    ///
    /// [`Error::Throttled`], only for a caller who may know of the user.
    pub(crate) fn is_throttled(
        &self,
        store: &IdentityStore,
        name: &str,
        manner: Manner,
    ) -> Result<bool, Error> {
        match (self.wait_to_guess(&store.id, name), manner) {
            (Some(wait), Manner::Open) => Err(Error::Throttled(wait)),
            (wait, _) => Ok(wait.is_some()),
        }
    }

    /// Notes a successful authentication: earlier failures in the same form are forgotten, and those where there is
    /// nothing to guess; who was pending is active.
    pub(crate) async fn note_success(
        &mut self,
        store: &IdentityStore,
        user: &mut Row,
        modality: Modality,
    ) -> Result<(), Error> {
        self.forgive(store, user, modality).await?;
        self.keep_attempt(store, user)
    }

    /// Changes a user who authenticated, and notes that a lock is over.
    pub(crate) async fn forgive(
        &mut self,
        store: &IdentityStore,
        user: &mut Row,
        modality: Modality,
    ) -> Result<(), Error> {
        if user.locks.lock.is_some() {
            self.audit(Entry::new(Action::UserTempUnlocked, store).user(&user.id))?;
        }
        let mut others = user.locks.failed_beside(modality);
        if !others.is_empty() {
            let SummaryInfo { passcodes, passkeys, totps, recovery_codes } =
                self.summarise_credentials(store, &user.id).await?;
            others.retain(|other| match other {
                Modality::Passcode => !passcodes.is_empty(),
                Modality::Totp => !totps.is_empty(),
                Modality::Passkey => !passkeys.is_empty(),
                Modality::RecoveryCode => !recovery_codes.is_empty(),
            });
        }
        user.authenticate(modality, &others, self.now());
        Ok(())
    }

    /// Counts a failed authentication, which may lock the user, and notes the lock. Two at the same time both count: the
    /// later commit finds the user changed and is decided again. After a blind start there is a letter of the stand-ins,
    /// and as much is written where nothing is locked.
    pub(crate) fn note_failure(
        &mut self,
        store: &IdentityStore,
        user: &mut Row,
        modality: Modality,
        letter: Option<&str>,
    ) -> Result<(), Error> {
        let held = user.locks.at(self.now());
        let rules = &store.configuration.user_lock_config;
        user.locks = user.locks.after_failure(modality, rules, self.now());
        let locked = match user.locks.at(self.now()).filter(|_| held.is_none()) {
            Some(Lock::Until(_)) => Some(Action::UserTempLocked),
            Some(Lock::Permanent) => Some(Action::UserLockedByFailures),
            None => None,
        };
        match (locked, letter) {
            (Some(action), _) => {
                let entry = Entry::new(action, store).user(&user.id);
                self.audit(Entry { modality: Some(modality), ..entry })?;
            }
            (None, Some(letter)) => self.write_lock_of_nobody(store, letter)?,
            (None, None) => {}
        }
        self.keep_attempt(store, user)
    }
}
