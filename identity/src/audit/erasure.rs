//! Erasing what the audit knows of a user, and nothing else of it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table};

use super::AUDIT;
use super::log::{PARTS, PLACES, Personal, Place};
use crate::error::Error;
use crate::user::UserId;
use crate::work::{Work, milliseconds};

/// Whose personal parts are to be erased: when, store and user. Earlier versions did not say more.
const ERASURES: Table<Option<Erasure>> = Table::new("audit-erasures");

/// When it is looked for personal parts again: a ceremony that was open when the user was erased may end, and be
/// entered, later.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// What is to be erased of a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Erasure {
    /// When the user was erased. Only what is of before goes of one who was restored since.
    erased: Timestamp,
    /// The last entry of a restored user that was looked at.
    after: Option<String>,
}

impl Work {
    /// Has the personal parts of all entries about a user erased soon, by [`Work::sweep_audit_of_erased`].
    pub(crate) fn erase_from_audit(&mut self, store: &str, user: &UserId) -> Result<(), Error> {
        let again = self.now().checked_add(AGAIN).unwrap_or(Timestamp::MAX);
        for due in [self.now(), again] {
            let key = Key::new().number(milliseconds(due)).text(store).text(user.as_str());
            let erasure = Erasure { erased: self.now(), after: None };
            self.unit().put(&ERASURES, key, &Some(erasure))?;
        }
        Ok(())
    }

    /// Erases the personal parts of at most so many entries about users who were erased; says how many it found.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn sweep_audit_of_erased(&mut self, limit: usize) -> Result<usize, Error> {
        let over = Key::new().number(milliseconds(self.now()) + 1);
        let mut swept = 0;
        for (key, erasure) in self.unit().list(&ERASURES, Range::all().before(over), limit).await? {
            let mut parts = key.read();
            let (_, store, user) = (parts.number()?, parts.text()?, parts.text()?);
            let restored = self.has_user(&store, &user).await?;
            let erasure = erasure.filter(|_| restored);
            let user = Key::new().text(store).text(user);
            let mut range = Range::prefix(user.clone());
            if let Some(after) = erasure.as_ref().and_then(|erasure| erasure.after.as_ref()) {
                range = range.after(user.text(after));
            }
            let places = self.unit().list(&PLACES, range, limit - swept).await?;
            for (at, place) in &places {
                let since = match &erasure {
                    Some(erasure) => self.is_since(place, erasure.erased).await?,
                    None => false,
                };
                if !since {
                    self.erase_entry(at).await?;
                }
            }
            swept += places.len();
            if swept == limit {
                if let (Some(erasure), Some((last, _))) = (erasure, places.last()) {
                    let mut parts = last.read();
                    let (_, _, id) = (parts.text()?, parts.text()?, parts.text()?);
                    let erasure = Erasure { after: Some(id), ..erasure };
                    self.unit().put(&ERASURES, &key, &Some(erasure))?;
                }
                break;
            }
            self.unit().remove(&ERASURES, &key);
            // The erasure itself counts, so that a great many of them are swept in turn.
            swept += 1;
            if swept == limit {
                break;
            }
        }
        Ok(swept)
    }

    /// Whether an entry was written after this time.
    async fn is_since(&mut self, place: &Place, time: Timestamp) -> Result<bool, Error> {
        Ok(match place {
            Place::Waiting { time: written, .. } => *written > milliseconds(time),
            Place::Logged(index) => {
                let record = self.find_record(*index).await?;
                record.is_some_and(|(body, _)| body.dtm() > time)
            }
        })
    }

    async fn erase_entry(&mut self, at: &Key) -> Result<(), Error> {
        let mut parts = at.read();
        let (_, _, id) = (parts.text()?, parts.text()?, parts.text()?);
        // Found, not only listed: the entry may be moved into the log meanwhile.
        match self.unit().find(&PLACES, at).await? {
            Some(Place::Logged(index)) => self.unit().remove(&PARTS, index),
            Some(Place::Waiting { time, position }) => {
                let key = Key::new().number(time).number(position).text(id);
                if let Some(mut entry) = self.unit().find(&AUDIT, &key).await? {
                    Personal::out_of(&mut entry);
                    self.unit().put(&AUDIT, &key, &entry)?;
                    self.change_waiting().await?;
                }
            }
            None => {}
        }
        self.unit().remove(&PLACES, at);
        Ok(())
    }
}
