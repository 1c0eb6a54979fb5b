//! What every form of authentication has in common: who may not authenticate, and what a success or a failure
//! changes of the user.

use jiff::Timestamp;

use crate::audit::Reason;
use crate::credential::passcode::Manner;
use crate::error::Error;
use crate::modality::Modality;
use crate::store::IdentityStore;
use crate::user::{Row, UserStatus, Who};
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

/// What a caller who may know of the user is told of a bar; other reasons are told nobody.
pub(crate) fn told(reason: Reason, who: &Who, modality: Modality) -> Result<(), Error> {
    match reason {
        Reason::UserUnknown => Err(who.missing()),
        Reason::UserLocked => Err(Error::UserLocked),
        Reason::UserDisabled => Err(Error::UserDisabled),
        Reason::ModalityLocked => Err(Error::ModalityLocked(modality)),
        _ => Ok(()),
    }
}

impl Work {
    /// Whether a secret of this user may be examined now, for a caller who may know of the user.
    ///
    /// # Errors
    ///
    /// [`Error::Throttled`].
    pub(crate) fn check_pace(
        &self,
        store: &IdentityStore,
        user: Option<&Row>,
        manner: Manner,
    ) -> Result<(), Error> {
        let Some(user) = user.filter(|_| manner == Manner::Open) else { return Ok(()) };
        match self.wait_to_guess(&store.id, user.id.as_str()) {
            Some(wait) => Err(Error::Throttled(wait)),
            None => Ok(()),
        }
    }

    /// Notes a successful authentication: earlier failures are forgotten, and who was pending is active.
    pub(crate) fn note_success(
        &mut self,
        store: &IdentityStore,
        user: &mut Row,
    ) -> Result<(), Error> {
        user.authenticate(self.now());
        self.keep_attempt(store, user)
    }

    /// Counts a failed authentication, which may lock the user. Two at the same time both count: the later commit
    /// finds the user changed and is decided again.
    pub(crate) fn note_failure(
        &mut self,
        store: &IdentityStore,
        user: &mut Row,
    ) -> Result<(), Error> {
        user.locks = user.locks.after_failure(&store.configuration.user_lock_config, self.now());
        self.keep_attempt(store, user)
    }
}
