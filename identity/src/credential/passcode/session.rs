//! The sessions of passcode ceremonies: kept sealed, used once, swept when their time is over.

use jiff::Timestamp;
use storage::{Key, Range, SealedTable, Table};

use super::BrowserResponse;
use super::ceremony::{Ceremony, Purpose};
use crate::error::Error;
use crate::random::identifier;
use crate::work::{Work, milliseconds};

/// The ceremonies by session.
const CEREMONIES: SealedTable<Ceremony> = SealedTable::new("passcode-ceremonies");
/// When each ceremony expires: time and session.
const EXPIRIES: Table<()> = Table::new("passcode-ceremony-expiries");

impl Work {
    /// Keeps the page's half of a ceremony with it, so that the ceremony can be completed later without it.
    ///
    /// # Errors
    ///
    /// [`Error::SessionMissing`], [`Error::ResponseInvalid`] when the response belongs to the other kind of
    /// ceremony, [`Error::Storage`].
    pub async fn remember_passcode_response(
        &mut self,
        session_id: &str,
        response: BrowserResponse,
    ) -> Result<(), Error> {
        let mut ceremony = self.find_ceremony(session_id).await?;
        match (&ceremony.outline.purpose, &response) {
            (Purpose::Registration, BrowserResponse::Verifier(_))
            | (Purpose::Authentication { .. }, BrowserResponse::Proof { .. }) => {}
            _ => return Err(Error::ResponseInvalid("it belongs to another kind of ceremony")),
        }
        ceremony.response = Some(response);
        Ok(self.unit().put_sealed(&CEREMONIES, session_id, &ceremony).await?)
    }

    /// Sweeps away at most so many ceremonies whose time is over; says how many it found.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn sweep_ceremonies(&mut self, limit: usize) -> Result<usize, Error> {
        let over = Key::new().number(milliseconds(self.now()) + 1);
        let expired = self.unit().list(&EXPIRIES, Range::all().before(over), limit).await?;
        for (key, ()) in &expired {
            let mut parts = key.read();
            parts.number()?;
            self.unit().remove_sealed(&CEREMONIES, &parts.text()?);
            self.unit().remove(&EXPIRIES, key);
        }
        Ok(expired.len())
    }

    /// Keeps a new ceremony; gives its session.
    pub(crate) async fn open_session(&mut self, ceremony: &Ceremony) -> Result<String, Error> {
        let session_id = identifier()?;
        self.unit().put_sealed(&CEREMONIES, &session_id, ceremony).await?;
        self.unit().put(&EXPIRIES, expiry(ceremony.outline.expires, &session_id), &())?;
        Ok(session_id)
    }

    /// The ceremony of a session of this store.
    pub(crate) async fn find_session(
        &mut self,
        store_id: &str,
        session_id: &str,
    ) -> Result<Ceremony, Error> {
        let ceremony = self.find_ceremony(session_id).await?;
        if ceremony.outline.store_id != store_id {
            return Err(Error::SessionMissing);
        }
        Ok(ceremony)
    }

    /// Ends a session, so that nobody can use it again.
    pub(crate) fn close_session(&mut self, session_id: &str, expires: Timestamp) {
        self.unit().remove_sealed(&CEREMONIES, session_id);
        self.unit().remove(&EXPIRIES, expiry(expires, session_id));
    }

    async fn find_ceremony(&mut self, session_id: &str) -> Result<Ceremony, Error> {
        let now = self.now();
        let found = self.unit().find_sealed(&CEREMONIES, session_id).await?;
        found.filter(|ceremony| now < ceremony.outline.expires).ok_or(Error::SessionMissing)
    }
}

fn expiry(time: Timestamp, session_id: &str) -> Key {
    Key::new().number(milliseconds(time)).text(session_id)
}
