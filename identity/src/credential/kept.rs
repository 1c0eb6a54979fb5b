//! What is kept of one kind of credential: rows by store, user and policy, and beside each what is secret of it.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::{Key, Range, Seal, SealedTable, Table};

use crate::error::Error;
use crate::user::UserId;
use crate::work::Work;

/// The most policies under which one user is shown to have credentials of one kind.
const MOST: usize = 1000;

/// What is stored of a credential beside its secret.
pub(crate) trait Credential: Serialize + DeserializeOwned {
    /// The policy that it was registered under.
    fn policy_name(&self) -> &str;
}

/// The credentials of one kind, of which a user has one under each policy.
pub(crate) struct Credentials<C, S> {
    rows: Table<C>,
    secrets: SealedTable<S>,
}

impl<C: Credential, S: Seal> Credentials<C, S> {
    /// The credentials in these two tables, of which the first is sealed.
    pub(crate) const fn new(secrets: &'static str, rows: &'static str) -> Credentials<C, S> {
        Credentials { rows: Table::new(rows), secrets: SealedTable::new(secrets) }
    }

    /// The name of the table of what is not secret.
    pub(crate) fn name(&self) -> &'static str {
        self.rows.name()
    }

    pub(crate) async fn find(
        &self,
        work: &mut Work,
        store: &str,
        user: &UserId,
        policy: &str,
    ) -> Result<Option<C>, Error> {
        Ok(work.unit().find(&self.rows, key(store, user, policy)).await?)
    }

    pub(crate) async fn find_secret(
        &self,
        work: &mut Work,
        store: &str,
        user: &UserId,
        policy: &str,
    ) -> Result<Option<S>, Error> {
        Ok(work.unit().find_sealed(&self.secrets, key(store, user, policy)).await?)
    }

    /// A credential with its secret. Both are looked for, also where there is none.
    pub(crate) async fn find_whole(
        &self,
        work: &mut Work,
        store: &str,
        user: &UserId,
        policy: &str,
    ) -> Result<Option<(C, S)>, Error> {
        let row = self.find(work, store, user, policy).await?;
        Ok(row.zip(self.find_secret(work, store, user, policy).await?))
    }

    /// Writes a credential, and its secret if it has a new one.
    pub(crate) async fn keep(
        &self,
        work: &mut Work,
        store: &str,
        user: &UserId,
        row: &C,
        secret: Option<&S>,
    ) -> Result<(), Error> {
        let key = key(store, user, row.policy_name());
        work.unit().put(&self.rows, &key, row)?;
        if let Some(secret) = secret {
            work.unit().put_sealed(&self.secrets, &key, secret).await?;
        }
        Ok(())
    }

    /// Those of a user, by policy.
    pub(crate) async fn list(
        &self,
        work: &mut Work,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<C>, Error> {
        let stretch = Range::prefix(Key::new().text(store).text(user.as_str()));
        let rows = work.unit().list(&self.rows, stretch, MOST).await?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Those of several users, by user and policy.
    pub(crate) async fn list_all(
        &self,
        work: &mut Work,
        users: &BTreeSet<Key>,
    ) -> Result<Vec<(Key, C)>, Error> {
        Ok(work.unit().list_beneath(&self.rows, users).await?)
    }

    pub(crate) fn erase(&self, work: &mut Work, store: &str, user: &UserId, policy: &str) {
        let key = key(store, user, policy);
        work.unit().remove(&self.rows, &key);
        work.unit().remove_sealed(&self.secrets, &key);
    }

    /// Erases all of a user; gives them, of which more may be kept elsewhere.
    pub(crate) async fn erase_all(
        &self,
        work: &mut Work,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<C>, Error> {
        let mut erased = Vec::new();
        loop {
            let rows = self.list(work, store, user).await?;
            if rows.is_empty() {
                return Ok(erased);
            }
            for row in &rows {
                self.erase(work, store, user, row.policy_name());
            }
            erased.extend(rows);
        }
    }
}

/// The key of what a user has under a policy.
pub(crate) fn key(store: &str, user: &UserId, policy: &str) -> Key {
    Key::new().text(store).text(user.as_str()).text(policy)
}
