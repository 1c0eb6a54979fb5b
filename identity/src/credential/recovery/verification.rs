//! Authenticating with a recovery code, which is used up by it.

use super::code::{HASH, hash, position};
use super::registered::RECOVERY_CODES;
use crate::audit::{Action, Entry, Reason};
use crate::credential::outcome::{Outcome, Refusal};
use crate::credential::passcode::{Manner, Sought, letter_of};
use crate::credential::standing::{barred, guessed};
use crate::error::Error;
use crate::modality::Modality;
use crate::user::{UserId, Who};
use crate::work::Work;

/// The set of codes of those who have none; its name is as long as any.
const NOBODYS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Work {
    /// Authenticates a user with a recovery code. Success uses the code up, forgets earlier failures with
    /// recovery codes and makes a pending user active; any other code counts as a failure and may lock the user. Both are to be committed before
    /// anything is answered: when somebody else was faster, the commit fails and the code has to be judged again.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::RecoveryCodePolicyMissing`], [`Error::Storage`]; and only in the open manner
    /// [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Throttled`].
    pub async fn authenticate_with_recovery_code(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
        code: &str,
        manner: Manner,
    ) -> Result<Outcome, Error> {
        let store = self.read_store(store).await?;
        let rules = store.recovery_code_policy(policy)?;
        let user = self.find_user(&store, who).await?;
        let guessed = guessed(user.as_ref(), who);
        let throttled = self.is_throttled(&store, &guessed, manner)?;
        let user_id = UserId::of(user.as_ref());
        let set = RECOVERY_CODES.find_whole(self, &store.id, &user_id, policy).await?;
        if manner == Manner::Open && user.is_none() {
            return Err(who.missing());
        }
        if manner == Manner::Blind {
            let letter = letter_of(who);
            let mark = self.mark(&store.id, &guessed).await?;
            let sought = Sought { i: &letter, guessed: &guessed, mark: &mark, user: user.as_ref() };
            self.stand_in_for_named(&store, sought, who).await?;
            self.stand_in_for_passcode(&store, &letter, set.is_none()).await?;
            self.stand_in_for_secret(&store, &letter, set.is_none()).await?;
        }
        let missing = set.is_none();
        let entry = Entry::new(Action::RecoveryCodeAccepted, &store).policy(policy);
        // The code is judged before the bar is looked at, so that it takes the same time for everybody.
        let nobodys = vec![[0; HASH]; rules.count as usize];
        let (id, hashes) =
            set.as_ref().map_or((NOBODYS, &nobodys), |(row, hashes)| (row.id.as_str(), &hashes.0));
        let position = position(hashes, &hash(id, code));
        let found = set.map(|(row, hashes)| (row, hashes, position));
        let barred = barred(user.as_ref(), Modality::RecoveryCode, self.now());
        let barred = if throttled { Some(Reason::Throttled) } else { barred };
        let reason = match (barred, user, found) {
            (None, Some(mut user), Some((mut row, mut hashes, Some(position)))) => {
                self.note_success(&store, &mut user, Modality::RecoveryCode).await?;
                let used = hashes.0[position];
                hashes.0.retain(|hash| *hash != used);
                row.remaining = u32::try_from(hashes.0.len()).unwrap_or(u32::MAX);
                row.last_authenticated_with_dtm = Some(self.now());
                RECOVERY_CODES.keep(self, &store.id, &user.id, &row, Some(&hashes)).await?;
                let record = self.record(entry.user(&user.id))?;
                let user = Box::new(self.show(&store, user).await?);
                return Ok(Outcome::Accepted { user, record });
            }
            (barred, user, found) => {
                let wrong =
                    if found.is_some() { Reason::WrongCode } else { Reason::RecoveryCodesMissing };
                (barred.unwrap_or(wrong), user)
            }
        };
        let (reason, user) = reason;
        let refusal = Refusal {
            action: Action::RecoveryCodeRefused,
            modality: Modality::RecoveryCode,
            policy,
            reason,
            missing,
            manner,
            who,
        };
        self.refuse_in_one_step(&store, user, refusal, entry).await
    }
}
