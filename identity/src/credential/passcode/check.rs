//! The check that follows a registration or renewal: a passcode that is too common is undone.
//!
//! What has to be checked is a row of the commit that registers the passcode, so none is forgotten. The check runs
//! apart, see [`dictionary`](super::dictionary), and marks the passcode; with it nobody authenticates any more. Its verifier
//! stays, so that whoever proves to know the passcode, and nobody else, is told why it was undone.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table};
use zeroize::Zeroizing;

use super::dictionary::{self, Guess};
use super::registered::{Row, Verifier};
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::store::IdentityStore;
use crate::user::{UserId, Who};
use crate::work::{Work, milliseconds};

/// The passcodes that are still to be checked, by time of registration and identifier.
const CHECKS: Table<Waiting> = Table::new("passcode-checks");

/// A passcode that is to be checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    store_id: String,
    user_id: UserId,
    policy_name: String,
    passcode_id: String,
}

/// A check whose rows were read and whose guesses are still to be made.
pub struct PasscodeCheck {
    key: Key,
    waiting: Waiting,
    /// Nothing when the passcode is gone or was replaced meanwhile.
    subject: Option<Subject>,
}

struct Subject {
    i: String,
    salt: Vec<u8>,
    verifier: Zeroizing<Vec<u8>>,
    own: BTreeSet<String>,
}

/// A check whose guesses are made and whose outcome is still to be kept.
pub struct CheckedPasscode {
    key: Key,
    waiting: Waiting,
    is_common: bool,
    cut_short: bool,
}

impl Work {
    /// Has a new passcode checked.
    pub(super) fn await_check(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        row: &Row,
    ) -> Result<(), Error> {
        let waiting = Waiting {
            store_id: store.id.clone(),
            user_id: user.clone(),
            policy_name: row.policy_name.clone(),
            passcode_id: row.id.clone(),
        };
        let key = Key::new().number(milliseconds(self.now())).text(&row.id);
        Ok(self.unit().put(&CHECKS, key, &waiting)?)
    }

    /// The passcode that has waited longest for its check, if any waits.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn next_passcode_check(&mut self) -> Result<Option<PasscodeCheck>, Error> {
        let next = self.unit().list(&CHECKS, Range::all(), 1).await?.pop();
        let Some((key, waiting)) = next else { return Ok(None) };
        let subject = self.subject_of(&waiting).await?;
        Ok(Some(PasscodeCheck { key, waiting, subject }))
    }

    /// Keeps the outcome of a check: a passcode that was found is undone.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn settle_passcode_check(&mut self, checked: CheckedPasscode) -> Result<(), Error> {
        let CheckedPasscode { key, waiting, is_common, .. } = checked;
        self.unit().remove(&CHECKS, &key);
        if !is_common {
            return Ok(());
        }
        let Waiting { store_id, user_id, policy_name, passcode_id } = waiting;
        let store = match self.read_store_by_id(&store_id).await {
            Ok(store) => store,
            Err(Error::StoreMissing(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let user = self.find_user(&store, &Who::from(&user_id)).await?;
        let row = self.find_passcode(&store.id, &user_id, &policy_name).await?;
        let (Some(user), Some(mut row)) = (user, row.filter(|row| row.id == passcode_id)) else {
            return Ok(());
        };
        row.too_common = true;
        row.last_updated_dtm = self.now();
        self.keep_passcode(&store.id, &user.id, &row, None).await?;
        let entry = Entry::new(Action::PasscodeUndone, &store).user(&user.id);
        self.audit(entry.policy(&row.policy_name))?;
        // Writing the user makes a removal of the user at the same time see it.
        self.keep_user(&store, user).map(drop)
    }

    async fn subject_of(&mut self, waiting: &Waiting) -> Result<Option<Subject>, Error> {
        let Waiting { store_id, user_id, policy_name, passcode_id } = waiting;
        let store = match self.read_store_by_id(store_id).await {
            Ok(store) => store,
            Err(Error::StoreMissing(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let user = self.find_user(&store, &Who::from(user_id)).await?;
        let row = self.find_passcode(store_id, user_id, policy_name).await?;
        let row = row.filter(|row| row.id == *passcode_id);
        let verifier = self.find_verifier(store_id, user_id, policy_name).await?;
        let (Some(user), Some(row), Some(Verifier(verifier))) = (user, row, verifier) else {
            return Ok(None);
        };
        let salt = row.salt()?;
        Ok(Some(Subject { i: row.i, salt, verifier, own: dictionary::own(&user) }))
    }
}

impl PasscodeCheck {
    /// Makes the guesses: at most two seconds of arithmetic, without any waiting.
    pub fn run(self) -> CheckedPasscode {
        let PasscodeCheck { key, waiting, subject } = self;
        let (is_common, cut_short) = match subject {
            None => (false, false),
            Some(Subject { i, salt, verifier, own }) => {
                match dictionary::guess(&i, &salt, &verifier, &own) {
                    Guess::Found => (true, false),
                    Guess::NotFound(tried) => (false, tried < own.len() + dictionary::listed()),
                }
            }
        };
        CheckedPasscode { key, waiting, is_common, cut_short }
    }
}

impl CheckedPasscode {
    /// Whether two seconds were not enough for the whole list; the likeliest passcodes were guessed then.
    pub fn was_cut_short(&self) -> bool {
        self.cut_short
    }
}

impl std::fmt::Debug for PasscodeCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasscodeCheck(..)")
    }
}

impl std::fmt::Debug for CheckedPasscode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckedPasscode(..)")
    }
}
