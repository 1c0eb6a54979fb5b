//! Ceremonies between their two halves: kept sealed under a session, used once, swept when their time is over.

use std::marker::PhantomData;

use jiff::Timestamp;
use storage::{Key, Range, Seal, SealedTable, Table};

use crate::error::Error;
use crate::random::identifier;
use crate::work::{Work, milliseconds};

/// What is remembered of a ceremony until it is completed.
pub(crate) trait Ceremony: Seal {
    /// The identifier of the identity store where it was started.
    fn store_id(&self) -> &str;

    /// When it can no longer be completed.
    fn expires(&self) -> Timestamp;
}

/// The ceremonies of one kind, by session.
pub(crate) struct Sessions<C> {
    table: SealedTable<C>,
    /// When each ceremony expires: time and session.
    expiries: Table<()>,
    kind: PhantomData<C>,
}

impl<C: Ceremony> Sessions<C> {
    /// The ceremonies in these two tables.
    pub(crate) const fn new(table: &'static str, expiries: &'static str) -> Sessions<C> {
        let (table, expiries) = (SealedTable::new(table), Table::new(expiries));
        Sessions { table, expiries, kind: PhantomData }
    }

    /// Keeps a new ceremony; gives its session.
    pub(crate) async fn open(&self, work: &mut Work, ceremony: &C) -> Result<String, Error> {
        let id = identifier()?;
        self.keep(work, &id, ceremony).await?;
        work.unit().put(&self.expiries, expiry(ceremony.expires(), &id), &())?;
        Ok(id)
    }

    /// Keeps what has changed of a ceremony; the time until which it can be completed stays.
    pub(crate) async fn keep(&self, work: &mut Work, id: &str, ceremony: &C) -> Result<(), Error> {
        Ok(work.unit().put_sealed(&self.table, id, ceremony).await?)
    }

    /// The ceremony of a session, unless its time is over.
    ///
    /// # Errors
    ///
    /// [`Error::SessionMissing`], [`Error::Storage`].
    pub(crate) async fn find(&self, work: &mut Work, id: &str) -> Result<C, Error> {
        let now = work.now();
        let found = work.unit().find_sealed(&self.table, id).await?;
        found.filter(|ceremony| now < ceremony.expires()).ok_or(Error::SessionMissing)
    }

    /// The ceremony of a session that was opened in this store.
    ///
    /// # Errors
    ///
    /// [`Error::SessionMissing`], [`Error::Storage`].
    pub(crate) async fn find_in(
        &self,
        work: &mut Work,
        store_id: &str,
        id: &str,
    ) -> Result<C, Error> {
        let ceremony = self.find(work, id).await?;
        if ceremony.store_id() == store_id { Ok(ceremony) } else { Err(Error::SessionMissing) }
    }

    /// Ends a session, so that nobody can use it again: the commit fails if somebody else ended it first.
    pub(crate) fn close(&self, work: &mut Work, id: &str, expires: Timestamp) {
        work.unit().remove_sealed(&self.table, id);
        work.unit().remove(&self.expiries, expiry(expires, id));
    }

    /// Sweeps away at most so many ceremonies whose time is over; says how many it found.
    pub(crate) async fn sweep(&self, work: &mut Work, limit: usize) -> Result<usize, Error> {
        let over = Key::new().number(milliseconds(work.now()) + 1);
        let expired = work.unit().list(&self.expiries, Range::all().before(over), limit).await?;
        for (key, ()) in &expired {
            let mut parts = key.read();
            parts.number()?;
            work.unit().remove_sealed(&self.table, &parts.text()?);
            work.unit().remove(&self.expiries, key);
        }
        Ok(expired.len())
    }
}

fn expiry(time: Timestamp, session: &str) -> Key {
    Key::new().number(milliseconds(time)).text(session)
}
