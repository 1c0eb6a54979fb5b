//! Trials of crashes: a store that takes no more commits from a chosen one on, and a copy of what it has kept.
//!
//! Nothing but tests calls this. It is behind no feature, so that the store on trial is the store that ships.

use std::ops::Bound;
use std::sync::atomic::Ordering;

use super::Store;
use crate::Error;
use crate::address::Kind;
use crate::committer;
use crate::drivers::{Changes, Failure, Rows, Stored};
use crate::range::Stretch;

impl Store {
    /// Lets so many commits more through, then fails them all, as a disk does that takes no more. For tests: what is
    /// stored from then on is what a crash after the last of them would leave.
    pub fn fail_after(&self, commits: u64) {
        self.0.open.left.store(commits, Ordering::SeqCst);
    }

    /// A store in memory with all rows of this one as they stand, and its master key; neither sees what happens in the
    /// other from then on. For tests: so a store in memory that has failed is opened again.
    ///
    /// # Errors
    /// Those of reading the rows.
    pub fn copy(&self) -> Result<Store, Error> {
        let copy = Rows::memory();
        let rows = self.all_rows()?.into_iter().map(|(address, row)| (address, Some(row)));
        copy.write(rows.collect::<Changes>()).map_err(unknown)?;
        let sequence = committer::last_sequence(&copy)?;
        Ok(Store::start(copy, None, self.0.keyring.anew(), sequence))
    }

    /// How many rows all tables of all tenants have. For tests: it reads every one.
    ///
    /// # Errors
    /// Those of reading the rows.
    pub fn count_rows(&self) -> Result<usize, Error> {
        Ok(self.all_rows()?.len())
    }

    fn all_rows(&self) -> Result<Vec<Stored>, Error> {
        let end = vec![Kind::Cell as u8 + 1];
        let all = Stretch { start: Bound::Unbounded, end, descending: false };
        self.0.open.rows(|rows| rows.scan(&all, usize::MAX).map_err(unknown))
    }
}

/// The failure of whichever row it was.
fn unknown(failure: Failure) -> Error {
    Error::Database(failure.to_string())
}
