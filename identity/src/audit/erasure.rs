//! Erasing what the audit knows of a user, and nothing else of it.

use jiff::{SignedDuration, Timestamp};
use storage::{Key, Range, Table};

use super::AUDIT;
use super::log::{PARTS, PLACES, Personal, Place};
use crate::error::Error;
use crate::user::UserId;
use crate::work::{Work, milliseconds};

/// Whose personal parts are to be erased: when, store and user.
const ERASURES: Table<()> = Table::new("audit-erasures");

/// When it is looked for personal parts again: a ceremony that was open when the user was erased may end, and be
/// entered, later.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

impl Work {
    /// Has the personal parts of all entries about a user erased soon, by [`Work::sweep_audit_of_erased`].
    pub(crate) fn erase_from_audit(&mut self, store: &str, user: &UserId) -> Result<(), Error> {
        let again = self.now().checked_add(AGAIN).unwrap_or(Timestamp::MAX);
        for due in [self.now(), again] {
            let key = Key::new().number(milliseconds(due)).text(store).text(user.as_str());
            self.unit().put(&ERASURES, key, &())?;
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
        for (key, ()) in self.unit().list(&ERASURES, Range::all().before(over), limit).await? {
            let mut parts = key.read();
            parts.number()?;
            let user = Key::new().text(parts.text()?).text(parts.text()?);
            let places = self.unit().list(&PLACES, Range::prefix(user), limit - swept).await?;
            for (at, _) in &places {
                self.erase_entry(at).await?;
            }
            swept += places.len();
            if swept == limit {
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
