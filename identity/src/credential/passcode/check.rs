//! The check that follows a registration or renewal: a passcode that is too common is undone.
//!
//! What has to be checked is a row of the commit that registers the passcode, so none is forgotten. The check runs
//! apart, see [`dictionary`](super::dictionary). There are two lines, served in turn:
//!
//! - Where a journey registers it, the end user waits for the check and is told at once. What the new passcode
//!   replaced comes back then. Few wait at a time, so that nobody waits for long.
//! - Everybody else goes on. A passcode that is found later is marked, and nobody authenticates with it any more. Its
//!   verifier stays, so that whoever proves to know the passcode, and nobody else, is told why it was undone.
//!
//! A check that takes longer than two seconds of one core is cut short: nobody waits for the rest, which is guessed in
//! further goes of the second line. Nothing is undone that was not found, and no check is over before all was tried.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table};
use zeroize::Zeroizing;

use super::dictionary::{self, Guess, Target};
use super::registered::{PASSCODES, Row, Verifier};
use super::replaced::Replaced;
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::store::IdentityStore;
use crate::user::{UserId, Who};
use crate::work::{Work, milliseconds};

/// The passcodes that are still to be checked, by time of registration and identifier.
const CHECKS: Table<Waiting> = Table::new("passcode-checks");
/// Those for whose check an end user waits, by the same keys.
const AWAITED: Table<Waiting> = Table::new("passcode-checks-awaited");

/// How many end users of a tenant wait for a check at the same time: that of the last begins within some seconds.
const MOST_AWAITED: usize = 8;

/// A line of passcodes that wait for their check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckLine {
    /// End users wait for them.
    Awaited,
    /// Nobody does.
    Later,
}

impl CheckLine {
    /// Its name among the figures.
    pub fn name(self) -> &'static str {
        match self {
            CheckLine::Awaited => "awaited",
            CheckLine::Later => "later",
        }
    }

    fn table(self) -> &'static Table<Waiting> {
        match self {
            CheckLine::Awaited => &AWAITED,
            CheckLine::Later => &CHECKS,
        }
    }
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CheckFinding {
    /// It is not one of those that everybody tries first.
    Fit,
    /// It is, and was undone.
    TooCommon,
    /// The check comes later.
    Open,
}

/// A passcode that is to be checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    store_id: String,
    user_id: UserId,
    policy_name: String,
    passcode_id: String,
    /// How many of the list were tried in earlier goes.
    #[serde(default, skip_serializing_if = "is_none")]
    tried: usize,
}

/// A check whose rows were read and whose guesses are still to be made.
pub struct PasscodeCheck {
    line: CheckLine,
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
    line: CheckLine,
    key: Key,
    waiting: Waiting,
    guess: Guess,
}

impl Work {
    /// Has a new passcode checked. In a journey its end user waits for that, unless too many do.
    pub(super) async fn have_checked(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        row: &Row,
        replaced: Option<Replaced>,
    ) -> Result<(), Error> {
        let waiting = Waiting {
            store_id: store.id.clone(),
            user_id: user.clone(),
            policy_name: row.policy_name.clone(),
            passcode_id: row.id.clone(),
            tried: 0,
        };
        let mut line = CheckLine::Later;
        if !self.journey().is_empty() {
            let waits = self.unit().list(&AWAITED, Range::all(), MOST_AWAITED).await?.len();
            if waits < MOST_AWAITED {
                line = CheckLine::Awaited;
            }
        }
        if line == CheckLine::Awaited {
            self.await_check(&row.id);
            if let Some(replaced) = replaced {
                self.keep_replaced(&row.id, &replaced).await?;
            }
        }
        let key = Key::new().number(milliseconds(self.now())).text(&row.id);
        Ok(self.unit().put(line.table(), key, &waiting)?)
    }

    /// The passcode that has waited longest in a line for its check, if any waits.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn next_passcode_check(
        &mut self,
        line: CheckLine,
    ) -> Result<Option<PasscodeCheck>, Error> {
        let next = self.unit().list(line.table(), Range::all(), 1).await?.pop();
        let Some((key, waiting)) = next else { return Ok(None) };
        let subject = self.subject_of(&waiting).await?;
        Ok(Some(PasscodeCheck { line, key, waiting, subject }))
    }

    /// Lets the end user go on who waited for the check of a passcode: it is made all the same, and a passcode that is
    /// found then is marked.
    pub fn go_on_unchecked(&mut self, passcode_id: &str) {
        self.forget_replaced(passcode_id);
    }

    /// Keeps the outcome of a check: a passcode that was found is undone, and a check that was cut short goes on later.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn settle_passcode_check(&mut self, checked: &CheckedPasscode) -> Result<(), Error> {
        let CheckedPasscode { line, key, waiting, guess } = checked;
        self.unit().remove(line.table(), key);
        match guess {
            Guess::Found => self.undo_passcode(waiting).await?,
            Guess::NotFound => {}
            Guess::CutShort(tried) => {
                let waiting = Waiting { tried: *tried, ..waiting.clone() };
                self.unit().put(CheckLine::Later.table(), key, &waiting)?;
            }
        }
        self.forget_replaced(&waiting.passcode_id);
        Ok(())
    }

    async fn undo_passcode(&mut self, waiting: &Waiting) -> Result<(), Error> {
        let Waiting { store_id, user_id, policy_name, passcode_id, .. } = waiting;
        let store = match self.read_store_by_id(store_id).await {
            Ok(store) => store,
            Err(Error::StoreMissing(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let user = self.find_user(&store, &Who::from(user_id)).await?;
        let row = PASSCODES.find(self, &store.id, user_id, policy_name).await?;
        let row = row.filter(|row| row.id == *passcode_id);
        let (Some(user), Some(mut row)) = (user, row) else { return Ok(()) };
        if !self.put_back(&store, &user.id, &row).await? {
            row.too_common = true;
            row.last_updated_dtm = self.now();
            PASSCODES.keep(self, &store.id, &user.id, &row, None).await?;
        }
        let entry = Entry::new(Action::PasscodeUndone, &store).user(&user.id);
        self.audit(entry.policy(&row.policy_name))?;
        // Writing the user makes a removal of the user at the same time see it.
        self.keep_user(&store, user).map(drop)
    }

    async fn subject_of(&mut self, waiting: &Waiting) -> Result<Option<Subject>, Error> {
        let Waiting { store_id, user_id, policy_name, passcode_id, .. } = waiting;
        let store = match self.read_store_by_id(store_id).await {
            Ok(store) => store,
            Err(Error::StoreMissing(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let user = self.find_user(&store, &Who::from(user_id)).await?;
        let found = PASSCODES.find_whole(self, store_id, user_id, policy_name).await?;
        let found = found.filter(|(row, _)| row.id == *passcode_id);
        let (Some(user), Some((row, Verifier(verifier)))) = (user, found) else {
            return Ok(None);
        };
        let salt = row.salt()?;
        Ok(Some(Subject { i: row.i, salt, verifier, own: dictionary::own(&user) }))
    }
}

impl PasscodeCheck {
    /// When the passcode was registered.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] for a row that was never written by this program.
    pub fn since(&self) -> Result<Timestamp, Error> {
        let milliseconds = self.key.read().number()?;
        let at = i64::try_from(milliseconds).ok().map(Timestamp::from_millisecond);
        Ok(at.and_then(Result::ok).unwrap_or_default())
    }

    /// Makes the guesses: at most two seconds of arithmetic on the processor, without any waiting.
    pub fn run(self) -> CheckedPasscode {
        self.run_by(dictionary::on_processor)
    }

    /// Makes the guesses, for two seconds by this clock.
    pub(super) fn run_by(self, clock: impl Fn() -> Duration) -> CheckedPasscode {
        let PasscodeCheck { line, key, waiting, subject } = self;
        let guess = match &subject {
            None => Guess::NotFound,
            Some(Subject { i, salt, verifier, own }) => {
                dictionary::guess(&Target { i, salt, verifier, own }, waiting.tried, clock)
            }
        };
        CheckedPasscode { line, key, waiting, guess }
    }
}

impl CheckedPasscode {
    /// The identifier of the passcode.
    pub fn passcode_id(&self) -> &str {
        &self.waiting.passcode_id
    }

    /// What the check came to.
    pub fn finding(&self) -> CheckFinding {
        match self.guess {
            Guess::Found => CheckFinding::TooCommon,
            Guess::NotFound => CheckFinding::Fit,
            Guess::CutShort(_) => CheckFinding::Open,
        }
    }

    /// Whether two seconds were not enough for the whole list: the likeliest passcodes were guessed, and the others are
    /// later.
    pub fn was_cut_short(&self) -> bool {
        matches!(self.guess, Guess::CutShort(_))
    }
}

fn is_none(tried: &usize) -> bool {
    *tried == 0
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
