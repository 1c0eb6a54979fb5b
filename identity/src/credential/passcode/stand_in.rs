//! Stand-ins: rows that are read and written in place of those that a user, or nobody, does not have.
//!
//! A stranger sees the same answer for everybody (`decoy.rs`). It should also take the same time, so the same work is
//! done for everybody: as many rows of the same kind are read, opened, and written.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use sha2::{Digest, Sha256};
use storage::{Key, SealedTable, Table};
use zeroize::Zeroizing;

use super::ceremony::Seed;
use super::registered::{Row, Verifier};
use crate::error::Error;
use crate::random::random;
use crate::store::IdentityStore;
use crate::user::{self, UserId, Who};
use crate::work::Work;

/// Users who stand for nobody, by store and the first letter of `i`; several, so that those who guess at once for
/// different names wait for each other no more often than with users.
const USERS: Table<user::Row> = Table::new("stand-in-users");
/// Their passcodes, by the same keys.
const PASSCODES: Table<Row> = Table::new("stand-in-passcodes");
/// Their verifiers, by the same keys.
const VERIFIERS: SealedTable<Verifier> = SealedTable::new("stand-in-verifiers");
/// What is written in place of where a record about a user is.
const PLACES: Table<String> = Table::new("stand-in-places");

/// What a start has to read in place of what is not there.
#[derive(Clone, Copy)]
pub(crate) struct Missing {
    pub(crate) user: bool,
    /// The passcode, or the credential of another kind.
    pub(crate) passcode: bool,
}

impl Work {
    /// Reads what stands in for what is missing of whoever has this `i`, and makes it where nobody needed it before.
    pub(crate) async fn read_stand_ins(
        &mut self,
        store: &IdentityStore,
        i: &str,
        missing: Missing,
    ) -> Result<(), Error> {
        let key = key(store, i);
        if missing.user && self.unit().find(&USERS, &key).await?.is_none() {
            let row = user::Row::stand_in(UserId::draw()?, self.now());
            self.unit().put(&USERS, &key, &row)?;
        }
        if !missing.passcode {
            return Ok(());
        }
        if let Some(passcode) = self.unit().find(&PASSCODES, &key).await? {
            self.unit().find_sealed(&VERIFIERS, &key).await?;
            return passcode.salt().map(drop);
        }
        let (seed, now) = (Seed::draw()?, self.now());
        let salt = BASE64URL_NOPAD.encode(&seed.salt);
        let row = Row::new("default", seed.i, salt, now, None)?;
        self.unit().put(&PASSCODES, &key, &row)?;
        let verifier = Zeroizing::new(random::<256>()?.to_vec());
        Ok(self.unit().put_sealed(&VERIFIERS, &key, &Verifier(verifier)).await?)
    }

    /// Reads and writes what a failed authentication reads and writes of a user, where none is counted.
    pub(crate) async fn note_failure_of_nobody(
        &mut self,
        store: &IdentityStore,
        i: &str,
        missing: Missing,
    ) -> Result<(), Error> {
        self.read_stand_ins(store, i, missing).await?;
        self.write_failure_of_nobody(store, i, missing)
    }

    /// Writes it alone, where the stand-ins have been read.
    pub(crate) fn write_failure_of_nobody(
        &mut self,
        store: &IdentityStore,
        i: &str,
        missing: Missing,
    ) -> Result<(), Error> {
        let key = key(store, i);
        // Nothing is read here: of a user who is counted the row is known by then.
        let mut row = user::Row::stand_in(UserId::draw()?, self.now());
        row.locks = row.locks.after_failure(&store.configuration.user_lock_config, self.now());
        self.unit().put(&USERS, &key, &row)?;
        if missing.user {
            self.unit().put(&PLACES, &key, &row.id.to_string())?;
        }
        Ok(())
    }
}

/// The letter of whoever is named, where a credential has no `i`.
pub(crate) fn letter_of(who: &Who) -> String {
    let name = match who {
        Who::Id(id) => id.as_str(),
        Who::ExternalId(name) => name,
    };
    BASE32_NOPAD.encode(&Sha256::digest(name)[..1])
}

fn key(store: &IdentityStore, i: &str) -> Key {
    Key::new().text(&store.id).text(i.get(..1).unwrap_or_default())
}
