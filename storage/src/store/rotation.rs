//! Rotation of the keys that seal rows: each tenant gets a new one, and all rows are sealed again, a part at a time.
//!
//! A rotation goes through all rows in the order of their addresses. Which of them are sealed with a former key is told
//! by trying: the seal opens, or it does not. How far it is stands in a row that is written with each part, so that a
//! restart goes on where the last part ended. What is sealed meanwhile is sealed with the new key, and a commit of a
//! row that was sealed before the new key came conflicts; so behind the rotation nothing of a former key is left, and
//! at the end the former keys are forgotten.

use std::ops::Bound;

use serde::{Deserialize, Serialize};
use tracing::info;

use super::{Inner, Store, row_of};
use crate::address::{Address, Kind};
use crate::drivers::{Changes, Rows};
use crate::keyring::{self, Keyring, tenant_keys};
use crate::range::Stretch;
use crate::{Batch, Error, Key, Table};

/// How far the last rotation of the keys that seal rows is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rotation {
    /// Whether every row is sealed with the new keys, and the former ones are gone.
    pub done: bool,
    /// How many rows were looked at.
    pub looked_at: u64,
    /// How many rows were sealed again.
    pub sealed_again: u64,
    /// The address of the last row that was looked at.
    #[serde(default)]
    after: Vec<u8>,
}

const ROTATION: Table<Rotation> = Table::shared("key-rotation");

fn address() -> Address {
    ROTATION.address("", &Key::from("last"))
}

impl Store {
    /// How far the last rotation is; `None` where there never was one. [`Error::Database`].
    pub fn rotation(&self) -> Result<Option<Rotation>, Error> {
        Ok(self.0.rotation()?.map(|(_, rotation)| rotation))
    }

    /// Gives every tenant a new key for what is sealed from now on. The rows of the former keys are to be sealed again
    /// with [`Store::rotate_some`]. `false` where a rotation is under way already. Errors as of [`Store::commit`].
    pub async fn begin_rotation(&self) -> Result<bool, Error> {
        loop {
            let last = self.0.rotation()?;
            if last.as_ref().is_some_and(|(_, rotation)| !rotation.done) {
                return Ok(false);
            }
            let mut batch = Batch::new();
            for (address, row) in self.0.tenants_keys()? {
                let keys = self.0.keyring.keys_of(&address, &row)?;
                batch.expectations.push((address.clone(), Some(keys.version)));
                let row = self.0.keyring.with_new_key(&address, &keys)?;
                batch.rows.insert(address, Some(row));
            }
            batch.expectations.push((address(), last.map(|(version, _)| version)));
            match self.go_on(batch, &Rotation::default()).await {
                Err(Error::Conflict { .. }) => {}
                result => return result.map(|()| true),
            }
        }
    }

    /// Looks at the next rows, at most so many, and seals those again that a former key sealed, in one commit. Gives
    /// whether that was the last part, or there is none to do. Errors as of [`Store::commit`].
    pub async fn rotate_some(&self, limit: usize) -> Result<bool, Error> {
        loop {
            let Some((version, rotation)) = self.0.rotation()? else { return Ok(true) };
            if rotation.done {
                return Ok(true);
            }
            let (mut batch, rotation) = match self.0.seal_again(rotation.clone(), limit)? {
                Some(part) => part,
                None => (
                    self.0.forget_former()?,
                    Rotation { done: true, after: Vec::new(), ..rotation },
                ),
            };
            batch.expectations.push((address(), Some(version)));
            match self.go_on(batch, &rotation).await {
                Err(Error::Conflict { .. }) => {}
                Err(other) => return Err(other),
                Ok(()) => {
                    if rotation.done {
                        info!(
                            rows = rotation.sealed_again,
                            "every row is sealed with the new keys"
                        );
                    }
                    return Ok(rotation.done);
                }
            }
        }
    }

    async fn go_on(&self, mut batch: Batch, rotation: &Rotation) -> Result<(), Error> {
        batch.rows.insert(address(), Some(ROTATION.to_bytes(&address(), rotation)?));
        self.commit(batch).await?;
        self.0.keyring.forget();
        Ok(())
    }
}

impl Inner {
    fn rotation(&self) -> Result<Option<(u64, Rotation)>, Error> {
        let address = address();
        let Some(row) = self.get(&address)? else { return Ok(None) };
        let (version, row) = row_of(&address, &row)?;
        Ok(Some((version, ROTATION.value_of(&address, row)?)))
    }

    /// The stored rows of all tenants' keys.
    fn tenants_keys(&self) -> Result<Vec<(Address, Vec<u8>)>, Error> {
        let rows = self.scan(&keyring::tenant_key_address(""), &tenant_keys(), usize::MAX)?;
        Ok(rows.into_iter().map(|(bytes, row)| (of_keys(bytes), row)).collect())
    }

    /// The next part of the rotation; `None` behind the last row.
    fn seal_again(
        &self,
        mut rotation: Rotation,
        limit: usize,
    ) -> Result<Option<(Batch, Rotation)>, Error> {
        let start = match rotation.after.is_empty() {
            true => Bound::Included(vec![Kind::Row as u8]),
            false => Bound::Excluded(rotation.after.clone()),
        };
        let end = vec![Kind::SharedRow as u8 + 1];
        let rest = Stretch { start, end, descending: false };
        let rows = self.scan(&address(), &rest, limit)?;
        let Some((last, _)) = rows.last() else { return Ok(None) };
        rotation.after = last.clone();
        let mut batch = Batch::new();
        for (bytes, stored) in rows {
            rotation.looked_at += 1;
            let address = Address::of_bytes(bytes);
            let Some(keys) = self.keyring.find(self, &address.owner()?)? else { continue };
            let (version, row) = row_of(&address, &stored)?;
            let opened = keys.former.iter().find_map(|key| keyring::open(key, &address, row).ok());
            if let (Some(secret), Some(&shape)) = (opened, row.first()) {
                let row = keyring::seal(&keys.newest, &address, shape, &secret)?;
                let of_keys = keyring::tenant_key_address(&address.owner()?);
                batch.expectations.push((of_keys, Some(keys.version)));
                batch.expectations.push((address.clone(), Some(version)));
                batch.rows.insert(address, Some(row));
                rotation.sealed_again += 1;
            }
        }
        Ok(Some((batch, rotation)))
    }

    /// Leaves every tenant its newest key alone.
    fn forget_former(&self) -> Result<Batch, Error> {
        let mut batch = Batch::new();
        for (address, row) in self.tenants_keys()? {
            let keys = self.keyring.keys_of(&address, &row)?;
            if !keys.former.is_empty() {
                let row = self.keyring.row_of_keys(&address, &keys.newest, &[])?;
                batch.expectations.push((address.clone(), Some(keys.version)));
                batch.rows.insert(address, Some(row));
            }
        }
        Ok(batch)
    }
}

impl Keyring {
    /// All keys of the former master key's tenants sealed with this one, each with a new key before it, and a rotation
    /// from the beginning: what is to be written with the proof of this master key.
    pub(crate) fn take_over(&self, former: &Keyring, rows: &Rows) -> Result<Changes, Error> {
        let unknown = |failure: crate::drivers::Failure| Error::Database(failure.to_string());
        let mut changes = Changes::new();
        for (bytes, row) in rows.scan(&tenant_keys(), usize::MAX).map_err(unknown)? {
            let address = of_keys(bytes);
            let keys = former.keys_of(&address, &row)?;
            let sealed = self.with_new_key(&address, &keys)?;
            let row = [keys.version.to_be_bytes().as_slice(), &sealed].concat();
            changes.insert(address.bytes, Some(row));
        }
        let row = ROTATION.to_bytes(&address(), &Rotation::default())?;
        let version = rows.get(&address().bytes).map_err(unknown)?;
        let version = version
            .as_deref()
            .map_or(Ok(0), |row| row_of(&address(), row).map(|(version, _)| version))?;
        let row = [version.to_be_bytes().as_slice(), &row].concat();
        changes.insert(address().bytes, Some(row));
        Ok(changes)
    }
}

fn of_keys(bytes: Vec<u8>) -> Address {
    keyring::tenant_key_address("").sibling(bytes)
}
