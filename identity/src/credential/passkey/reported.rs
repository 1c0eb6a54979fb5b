//! An authentication that the client says has failed: it is noted with the user who was named, and counts towards no lock.

use super::PasskeyVerdict;
use super::ceremony::{Purpose, Ticket};
use super::client::ClientOutcome;
use super::fault::PasskeyFault;
use crate::audit::{Action, Entry, Reason};
use crate::credential::passcode::{Manner, Sought, letter_of, stand_in_key};
use crate::error::Error;
use crate::store::IdentityStore;
use crate::user::{UserId, Who};
use crate::work::Work;

impl Work {
    /// Notes what the client says. The session stays as it was, so that it can be tried again, as often as failures are
    /// taken for the name: then nothing is noted for a while, whoever it is. Of a user who is unknown as much is written.
    ///
    /// # Errors
    ///
    /// Those of the session; [`PasskeyFault::AuthenticationEnded`] where no user was named, and after a blind start
    /// where the name is throttled; [`Error::Throttled`] there after an open one.
    pub(super) async fn note_client_failure(
        &mut self,
        store: &IdentityStore,
        ticket: &Ticket,
        outcome: ClientOutcome,
    ) -> Result<PasskeyVerdict, Error> {
        self.unit().begin();
        let ceremony = self.take_passkey_ceremony(store, ticket, false).await;
        self.unit().undo();
        let ceremony = ceremony?;
        let error = Error::from(PasskeyFault::AuthenticationEnded(outcome));
        let Purpose::Authentication { user_id, named: true, guessed, blind } = ceremony.purpose
        else {
            return Err(error);
        };
        let manner = if blind { Manner::Blind } else { Manner::Open };
        if self.is_throttled(store, &guessed, manner)? {
            return Err(error);
        }
        self.note_failed_guess(&store.id, &guessed);
        let asked = Who::Id(user_id.unwrap_or_else(UserId::nobody));
        let user = self.find_user(store, &asked).await?;
        let entry = Entry::new(Action::PasskeyRefused, store).policy(&ceremony.policy_name);
        let (user_id, reason) = (user.as_ref().map(|user| user.id.clone()), Some(said(outcome)));
        let record = self.record(Entry { user_id, reason, ..entry })?;
        if blind {
            let mark = self.mark(&store.id, &guessed).await?;
            let letter = letter_of(&Who::ExternalId(guessed.clone()));
            let sought = Sought { i: &letter, guessed: &guessed, mark: &mark, user: user.as_ref() };
            self.stand_in_for_user(store, sought).await?;
            if user.is_none() {
                self.place_nothing(&stand_in_key(store, &letter, true))?;
            }
        }
        let user = match user {
            Some(user) if !blind => Some(self.show(store, user).await?),
            _ => None,
        };
        Ok(PasskeyVerdict::Refused { error, user, record })
    }
}

fn said(outcome: ClientOutcome) -> Reason {
    match outcome {
        ClientOutcome::Failed => Reason::ClientFailed,
        ClientOutcome::Cancelled => Reason::ClientCancelled,
        ClientOutcome::TimedOut => Reason::ClientTimedOut,
    }
}
