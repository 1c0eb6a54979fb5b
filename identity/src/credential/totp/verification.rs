//! Authenticating with the code that an authenticator app shows.

use super::TotpStatus;
use super::registered::{Row, Secret, TOTPS};
use crate::audit::{Action, Entry, Reason};
use crate::credential::outcome::{Outcome, Refusal};
use crate::credential::passcode::{Manner, Sought, letter_of};
use crate::credential::standing::{barred, guessed};
use crate::error::Error;
use crate::modality::Modality;
use crate::user::{UserId, Who};
use crate::work::Work;

impl Work {
    /// Authenticates a user with a code. Success forgets earlier failures with codes of TOTPs and makes a pending user active; a wrong or
    /// used code, and any code of a TOTP that is not in use, counts as a failure and may lock the user. Both are to be committed before anything is answered:
    /// when somebody else was faster, the commit fails and the code has to be judged again.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::TotpPolicyMissing`], [`Error::Storage`]; and only in the open manner
    /// [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`Error::Throttled`].
    pub async fn authenticate_with_totp(
        &mut self,
        store: &str,
        who: &Who,
        policy: &str,
        code: &str,
        manner: Manner,
    ) -> Result<Outcome, Error> {
        let store = self.read_store(store).await?;
        let rules = store.totp_policy(policy)?;
        let user = self.find_user(&store, who).await?;
        let guessed = guessed(user.as_ref(), who);
        let throttled = self.is_throttled(&store, &guessed, manner)?;
        let id = UserId::of(user.as_ref());
        let (row, secret) = TOTPS.find_whole(self, &store.id, &id, policy).await?.unzip();
        if manner == Manner::Open && user.is_none() {
            return Err(who.missing());
        }
        if manner == Manner::Blind {
            let letter = letter_of(who);
            let mark = self.mark(&store.id, &guessed).await?;
            let sought = Sought { i: &letter, guessed: &guessed, mark: &mark, user: user.as_ref() };
            self.stand_in_for_named(&store, sought, who).await?;
            self.stand_in_for_totp(&store, policy, &letter, row.is_none()).await?;
        }
        // The code is judged for everybody, so that it takes the same time whether there is a secret or not.
        let nobody = Secret(vec![0; rules.algorithm.secret_length()].into());
        let Secret(secret) = secret.unwrap_or(nobody);
        let generator = row.as_ref().map_or_else(|| rules.generator(), Row::generator);
        let step = generator.step_of(&secret, code, self.now(), rules.skew);
        let refused =
            barred(user.as_ref(), Modality::Totp, self.now()).or(judge(row.as_ref(), step));
        let refused = if throttled { Some(Reason::Throttled) } else { refused };
        let entry = Entry::new(Action::TotpAccepted, &store).policy(policy);
        let entry = Entry { totp_info: row.as_ref().map(Row::audited), ..entry };
        match (refused, user, row) {
            (None, Some(mut user), Some(mut row)) => {
                self.note_success(&store, &mut user, Modality::Totp).await?;
                row.last_step = step;
                row.last_authenticated_with_dtm = Some(self.now());
                TOTPS.keep(self, &store.id, &user.id, &row, None).await?;
                let record = self.record(entry.user(&user.id))?;
                Ok(Outcome::Accepted { user: Box::new(self.show(&store, user).await?), record })
            }
            (reason, user, row) => {
                let refusal = Refusal {
                    missing: row.is_none(),
                    action: Action::TotpRefused,
                    modality: Modality::Totp,
                    policy,
                    reason: reason.unwrap_or(Reason::WrongCode),
                    manner,
                    who,
                };
                self.refuse_in_one_step(&store, user, refusal, entry).await
            }
        }
    }
}

/// Why the code of a time step is not accepted, if it is not.
fn judge(row: Option<&Row>, step: Option<u64>) -> Option<Reason> {
    match row.map(|row| (row.status, row.last_step)) {
        None => Some(Reason::TotpMissing),
        Some((TotpStatus::Pending, _)) => Some(Reason::TotpPending),
        Some((TotpStatus::Disabled, _)) => Some(Reason::TotpDisabled),
        Some((TotpStatus::Active, last)) => match step {
            None => Some(Reason::WrongCode),
            Some(step) if last.is_some_and(|last| step <= last) => Some(Reason::CodeUsed),
            Some(_) => None,
        },
    }
}
