//! Stand-ins: rows that are read and written in place of those that a user, or nobody, does not have.
//!
//! A stranger sees the same answer for everybody (`decoy.rs`). It should also take the same time, so the same work is
//! done for everybody. Each row is looked for twice, where it belongs and among the stand-ins, and found once: its
//! stand-in is found where it is missing. Where nothing is counted or noted of anybody, rows of the same kinds are
//! written among the stand-ins.
//!
//! Two guesses for the same name that come at the same time get into each other's way, and the later one is decided
//! again: the row of the user has changed. So it is with a name of nobody, which has a row of its own, its **mark**, that
//! is expected and changed in the same way. The place of the mark is told by a keyed hash, so that nobody can find two
//! names with the same one. What stands in for rows that nobody changes is shared by many names, and written once.
//! What is throttled changes neither, so that nobody is disturbed by it, and whoever it is for.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use sha2::{Digest, Sha256};
use storage::{Key, Range, Seal, SealedTable, Table};
use zeroize::Zeroizing;

use super::ceremony::Seed;
use super::registered::{Row, Verifier};
use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::modality::Modality;
use crate::random::random;
use crate::store::IdentityStore;
use crate::user::{self, UserId, Who};
use crate::work::Work;

/// Users who stand for nobody, by store and the first letter of `i`.
const USERS: Table<user::Row> = Table::new("stand-in-users");
/// The identifiers that names of nobody lead to, by the same keys.
const NAMES: Table<UserId> = Table::new("stand-in-names");
/// What failed for names of nobody, by store and [`Work::mark`]; there are 65,536 in a store at most.
const MARKS: Table<user::Row> = Table::new("stand-in-marks");
/// Their passcodes, by the same keys as of users.
const PASSCODES: Table<Row> = Table::new("stand-in-passcodes");
/// Their verifiers, by the same keys.
const VERIFIERS: SealedTable<Verifier> = SealedTable::new("stand-in-verifiers");

/// The stand-ins of all kinds, each by its store first.
const ALL: [&str; 9] = [
    "stand-in-names",
    "stand-in-passcodes",
    "stand-in-passkeys",
    "stand-in-passkeys-by-creation",
    "stand-in-places-of-passkeys",
    "stand-in-places-of-records",
    "stand-in-records",
    "stand-in-totps",
    "stand-in-users",
];
/// Those that are sealed.
const ALL_SEALED: [&str; 3] = ["stand-in-former", "stand-in-totp-secrets", "stand-in-verifiers"];
/// What is sealed of a stand-in that is erased unseen.
struct Unseen;

impl Seal for Unseen {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::default()
    }

    fn from_secret_bytes(_: &[u8]) -> Result<Unseen, String> {
        Ok(Unseen)
    }
}

/// More than there are of one kind in a store, marks apart: one for each letter, and the longest history.
const MOST: usize = 1000;

/// Whom an authentication is for, and so what a failure that counts for nothing changes.
#[derive(Debug)]
pub(crate) struct Target {
    /// As whom guesses are throttled.
    guessed: String,
    /// The row of the user, to be written as it is, or the mark of nobody.
    row: Result<user::Row, Key>,
}

/// Whoever may be missing.
#[derive(Clone, Copy)]
pub(crate) struct Sought<'a> {
    /// The first letter says which shared stand-ins are used.
    pub(crate) i: &'a str,
    /// As whom guesses are throttled.
    pub(crate) guessed: &'a str,
    /// The mark of the name, see [`Work::mark`].
    pub(crate) mark: &'a str,
    pub(crate) user: Option<&'a user::Row>,
}

impl Work {
    /// Erases at most so many marks of a store; says how many it found.
    pub(crate) async fn erase_marks(&mut self, store: &str, limit: usize) -> Result<usize, Error> {
        let marks = self.unit().list_keys(&MARKS, Range::prefix(store), limit).await?;
        let found = marks.len();
        marks.into_iter().for_each(|key| self.unit().remove(&MARKS, key));
        Ok(found)
    }

    /// Erases the stand-ins of a store, marks apart.
    pub(crate) async fn erase_stand_ins(&mut self, store: &str) -> Result<(), Error> {
        for name in ALL {
            let table = Table::<()>::new(name);
            for key in self.unit().list_keys(&table, Range::prefix(store), MOST).await? {
                self.unit().remove(&table, key);
            }
        }
        for name in ALL_SEALED {
            let table = SealedTable::<Unseen>::new(name);
            for (key, _) in self.unit().list_sealed(&table, Range::prefix(store), MOST).await? {
                self.unit().remove_sealed(&table, key);
            }
        }
        Ok(())
    }

    /// Looks for what stands in for a user who may be missing and was looked for by this name.
    pub(crate) async fn stand_in_for_named(
        &mut self,
        store: &IdentityStore,
        sought: Sought<'_>,
        who: &Who,
    ) -> Result<(), Error> {
        let missing = sought.user.is_none();
        if matches!(who, Who::ExternalId(_)) {
            let key = key(store, sought.i, missing);
            let found = self.unit().find(&NAMES, &key).await?;
            if missing && found.is_none() {
                self.unit().put(&NAMES, &key, &UserId::draw()?)?;
            }
        }
        self.stand_in_for_user(store, sought).await
    }

    /// Looks for what stands in for a user who may be missing: the mark of the name, and where there is none so far, a
    /// shared stand-in, which is made where nobody needed it before. Whoever is sought is whom this work is for.
    pub(crate) async fn stand_in_for_user(
        &mut self,
        store: &IdentityStore,
        sought: Sought<'_>,
    ) -> Result<(), Error> {
        let Sought { i, guessed, mark, user } = sought;
        let place = Key::new().text(&store.id).text(if user.is_none() { mark } else { "" });
        let marked = self.unit().find(&MARKS, &place).await?.is_some();
        let missing = user.is_none() && !marked;
        let key = key(store, i, missing);
        let found = self.unit().peek(&USERS, &key).await?;
        if missing && found.is_none() {
            let row = user::Row::stand_in(UserId::draw()?, self.now());
            self.unit().put(&USERS, &key, &row)?;
        }
        self.aim(Target { guessed: guessed.to_owned(), row: user.cloned().ok_or(place) });
        Ok(())
    }

    /// Looks for what stands in for a passcode that may be missing.
    pub(crate) async fn stand_in_for_passcode(
        &mut self,
        store: &IdentityStore,
        i: &str,
        missing: bool,
    ) -> Result<(), Error> {
        let key = key(store, i, missing);
        let found = self.unit().find(&PASSCODES, &key).await?;
        if missing && found.is_none() {
            let (seed, now) = (Seed::draw()?, self.now());
            let salt = BASE64URL_NOPAD.encode(&seed.salt);
            let row = Row::new("default", seed.i, salt, now, None)?;
            self.unit().put(&PASSCODES, &key, &row)?;
        }
        Ok(())
    }

    /// Looks for what stands in for what is sealed of a passcode, and may be missing.
    pub(crate) async fn stand_in_for_secret(
        &mut self,
        store: &IdentityStore,
        i: &str,
        missing: bool,
    ) -> Result<(), Error> {
        let key = key(store, i, missing);
        let found = self.unit().find_sealed(&VERIFIERS, &key).await?;
        if missing && found.is_none() {
            let verifier = Verifier(Zeroizing::new(random::<256>()?.to_vec()));
            self.unit().put_sealed(&VERIFIERS, &key, &verifier).await?;
        }
        Ok(())
    }

    /// Writes what a failed authentication writes of a user, where none is counted. A record of nobody's has no place
    /// among those of a user, so one is written for it.
    pub(crate) fn write_failure_of_nobody(
        &mut self,
        store: &IdentityStore,
        i: &str,
        unknown: bool,
    ) -> Result<(), Error> {
        let key = key(store, i, true);
        // Nothing is read here: of a user who is counted the row is known by then.
        let mut row = user::Row::stand_in(UserId::draw()?, self.now());
        let rules = &store.configuration.user_lock_config;
        row.locks = row.locks.after_failure(Modality::Passcode, rules, self.now());
        let throttled = |work: &Work, name: &str| work.wait_to_guess(&store.id, name).is_some();
        match self.target() {
            Some(Target { guessed, row: Ok(user) }) if !throttled(self, guessed) => {
                let user = user.clone();
                self.keep_attempt(store, &user)?;
            }
            Some(Target { guessed, row: Err(mark) }) if !throttled(self, guessed) => {
                let mark = mark.clone();
                self.unit().put(&MARKS, mark, &row)?;
            }
            _ => self.unit().put(&USERS, &key, &row)?,
        }
        self.write_lock_of_nobody(store, i)?;
        if unknown { self.place_nothing(&key) } else { Ok(()) }
    }

    /// Writes what is noted of a lock, where nobody is locked.
    pub(crate) fn write_lock_of_nobody(
        &mut self,
        store: &IdentityStore,
        i: &str,
    ) -> Result<(), Error> {
        let key = key(store, i, true).text("lock");
        let entry = Entry::new(Action::UserTempLocked, store);
        self.record_nothing(&key, Entry { modality: Some(Modality::Passcode), ..entry })?;
        self.place_nothing(&key)
    }

    /// Writes what a refusal writes that counts and is noted, where it is neither.
    pub(super) fn write_refusal_of_nobody(
        &mut self,
        store: &IdentityStore,
        i: &str,
        entry: Entry,
    ) -> Result<(), Error> {
        self.write_failure_of_nobody(store, i, true)?;
        self.record_nothing(&key(store, i, true), entry)
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

/// Where a stand-in is found, or is not because nothing is missing.
pub(crate) fn key(store: &IdentityStore, i: &str, missing: bool) -> Key {
    let letter = if missing { i.get(..1) } else { None };
    Key::new().text(&store.id).text(letter.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scene::{Scene, external};
    use crate::{Manner, StoreChange};

    #[tokio::test]
    async fn stand_ins_go_with_their_store() {
        let scene = Scene::with_alice().await;
        let nobody = external("nobody");
        let configuration = json!({
            "passcodePolicies": { "p": { "passcodeRequirements": { "passcodeHistory": 3 } } },
            "totpPolicies": { "t": {} },
            "passkeyConfigs": { "example.org": { "authenticationPolicies": { "p": {} } } },
        });
        let configuration = configuration.as_object().cloned();
        let mut work = scene.work();
        let change = StoreChange { configuration, ..StoreChange::default() };
        work.update_store("s", change).await.unwrap();
        work.commit().await.unwrap();
        assert!(!scene.guess(&nobody, "p", "wrong").await);
        let blind = Manner::Blind;
        let mut work = scene.work();
        work.start_passcode_renewal("s", &nobody, "p", blind).await.unwrap();
        work.authenticate_with_totp("s", &nobody, "t", "000000", blind).await.unwrap();
        let (rp_id, policy) = ("example.org", Some("p"));
        work.start_passkey_authentication("s", Some(&nobody), rp_id, policy, None, blind)
            .await
            .unwrap();
        work.commit().await.unwrap();
        let rows = async || {
            let unit = scene.store.space("t").unit();
            let mut names = Vec::new();
            for name in ALL {
                let table = Table::<()>::new(name);
                let rows = unit.list_keys(&table, Range::all(), 1).await.unwrap();
                names.extend(rows.iter().map(|_| name));
            }
            for name in ALL_SEALED {
                let table = SealedTable::<Unseen>::new(name);
                let rows = unit.list_sealed(&table, Range::all(), 1).await.unwrap();
                names.extend(rows.iter().map(|_| name));
            }
            names
        };
        assert_eq!(rows().await, [&ALL[..], &ALL_SEALED[..]].concat(), "there are of each kind");
        let mut work = scene.work();
        work.remove_store("s").await.unwrap();
        work.commit().await.unwrap();
        let mut work = scene.work();
        work.sweep_removed_stores(10).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(rows().await, Vec::<&str>::new());
    }
}
