//! How an authentication that is done in one step ends, and what its caller learns of it.

use crate::audit::{Action, Entry, Reason};
use crate::credential::passcode::{Manner, letter_of};
use crate::credential::standing::{counts, guessed};
use crate::error::Error;
use crate::modality::Modality;
use crate::store::IdentityStore;
use crate::user::{self, User, Who};
use crate::work::Work;

/// The public code of every failed authentication with a one-time code of an authenticator app.
pub const TOTP_REFUSED: u32 = 2715;
/// The public code of every failed authentication with a recovery code.
pub const RECOVERY_CODE_REFUSED: u32 = 2815;

/// The public code of an authentication of a user who has no TOTP under the policy.
pub const TOTP_MISSING: u32 = 2702;
/// The public code of an authentication of a user who has no recovery codes under the policy.
pub const RECOVERY_CODES_MISSING: u32 = 2802;

/// How an authentication ended. Both ends are to be committed: a refusal counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The user proved who they are.
    Accepted {
        /// The user.
        user: Box<User>,
        /// The identifier of the record of this authentication.
        record: String,
    },
    /// The authentication failed.
    Refused {
        /// The public code: [`TOTP_REFUSED`] or [`RECOVERY_CODE_REFUSED`] whatever the cause; only a caller who may
        /// know of the user is told of a lock (2100, 2101) and of a user who is disabled (2102), and before that of what
        /// is missing: [`TOTP_MISSING`] or [`RECOVERY_CODES_MISSING`].
        code: u32,
        /// The user with the lock that may have come of it, for a caller who may know.
        user: Option<Box<User>>,
        /// The identifier of the record of this authentication.
        record: String,
    },
}

/// An authentication that is about to be refused.
pub(crate) struct Refusal<'a> {
    pub(crate) action: Action,
    pub(crate) modality: Modality,
    pub(crate) policy: &'a str,
    pub(crate) reason: Reason,
    /// Whether the user has nothing that could be right.
    pub(crate) missing: bool,
    pub(crate) manner: Manner,
    /// Who was named.
    pub(crate) who: &'a Who,
}

impl Refusal<'_> {
    /// What the caller is told.
    fn code(&self) -> u32 {
        let (generic, missing) = match self.modality {
            Modality::RecoveryCode => (RECOVERY_CODE_REFUSED, RECOVERY_CODES_MISSING),
            _ => (TOTP_REFUSED, TOTP_MISSING),
        };
        match (self.manner, self.reason) {
            (Manner::Open, _) if self.missing => missing,
            (Manner::Open, Reason::UserLocked) => Error::UserLocked.code(),
            (Manner::Open, Reason::UserDisabled) => Error::UserDisabled.code(),
            (Manner::Open, Reason::ModalityLocked) => Error::ModalityLocked(self.modality).code(),
            _ => generic,
        }
    }
}

impl Work {
    /// Notes a refusal: the audit has its reason, and what [`counts`] raises the user's lock count. In the blind manner
    /// the stand-ins have been read.
    pub(crate) async fn refuse_in_one_step(
        &mut self,
        store: &IdentityStore,
        user: Option<user::Row>,
        refusal: Refusal<'_>,
        entry: Entry,
    ) -> Result<Outcome, Error> {
        let code = refusal.code();
        let user_id = user.as_ref().map(|user| user.id.clone());
        // One guess, whether there is such a user or not.
        if refusal.reason != Reason::Throttled {
            self.note_failed_guess(&store.id, &guessed(user.as_ref(), refusal.who));
        }
        let entry = Entry { reason: Some(refusal.reason), user_id, ..entry };
        let record =
            self.record(Entry { action: refusal.action, ..entry.policy(refusal.policy) })?;
        if !counts(refusal.reason) && refusal.manner == Manner::Blind {
            self.write_failure_of_nobody(store, &letter_of(refusal.who), user.is_none())?;
        }
        let Some(mut user) = user else { return Ok(Outcome::Refused { code, user: None, record }) };
        if counts(refusal.reason) {
            let letter = letter_of(refusal.who);
            let letter = (refusal.manner == Manner::Blind).then_some(letter.as_str());
            self.note_failure(store, &mut user, refusal.modality, letter)?;
        }
        let user = match refusal.manner {
            Manner::Open => Some(Box::new(self.show(store, user).await?)),
            Manner::Blind => None,
        };
        Ok(Outcome::Refused { code, user, record })
    }
}
