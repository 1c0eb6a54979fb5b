//! A unit of work: reads that see the unit's own writes and are checked again when it commits.

mod beneath;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::address::Address;
use crate::counter::{CellChange, cell_value};
use crate::keyring::tenant_key_address;
use crate::store::row_of;
use crate::{Batch, Counter, Error, Key, Range, Seal, SealedTable, Space, Table};

/// Reads and writes that belong together.
///
/// Nothing is written before [`Unit::commit`]; it then happens together or not at all, and only if every row that
/// [`Unit::find`] looked at is still as it was.
pub struct Unit {
    space: Space,
    expectations: BTreeMap<Address, Option<u64>>,
    /// The writes; the last layer is the innermost. There is always one.
    layers: Vec<Layer>,
}

#[derive(Default)]
struct Layer {
    rows: BTreeMap<Address, Option<Vec<u8>>>,
    cells: Vec<(Address, CellChange)>,
}

impl Unit {
    pub(crate) fn new(space: Space) -> Unit {
        Unit { space, expectations: BTreeMap::new(), layers: vec![Layer::default()] }
    }

    /// The tenant whose rows it sees.
    pub fn tenant(&self) -> &str {
        self.space.tenant()
    }

    /// The space it was begun in.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Finds a row, and expects at the commit that nobody changed it meanwhile (or, if there is none, made it).
    /// [`Error::Corrupt`] when the row is no `T`.
    pub async fn find<T: DeserializeOwned>(
        &mut self,
        table: &Table<T>,
        key: impl Into<Key>,
    ) -> Result<Option<T>, Error> {
        let address = table.address(self.tenant(), &key.into());
        let row = self.row(&address)?;
        row.map(|row| table.value_of(&address, &row)).transpose()
    }

    /// Finds a row as [`Unit::find`] does. While it stays as it is, it is made of its bytes once, for all who find it
    /// so: this is for the rows that most units look at.
    /// [`Error::Corrupt`] when the row is no `T`.
    pub async fn find_shared<T: DeserializeOwned + Send + Sync + 'static>(
        &mut self,
        table: &Table<T>,
        key: impl Into<Key>,
    ) -> Result<Option<Arc<T>>, Error> {
        let address = table.address(self.tenant(), &key.into());
        if let Some(row) = self.written(&address) {
            let value = |row| table.value_of(&address, row).map(Arc::new);
            return row.as_deref().map(value).transpose();
        }
        let Some(found) = self.space.store.find(&address)? else {
            self.expectations.entry(address).or_insert(None);
            return Ok(None);
        };
        let (version, row) = row_of(&address, found.bytes())?;
        let value = found.read_as(|| table.value_of(&address, row));
        self.expectations.entry(address).or_insert(Some(version));
        value.map(Some)
    }

    /// Finds a row without expecting anything of it at the commit.
    /// [`Error::Corrupt`] when the row is no `T`.
    pub async fn peek<T: DeserializeOwned>(
        &self,
        table: &Table<T>,
        key: impl Into<Key>,
    ) -> Result<Option<T>, Error> {
        let address = table.address(self.tenant(), &key.into());
        let row = match self.written(&address) {
            Some(row) => row.clone(),
            None => self.stored(&address)?.map(|(_, row)| row),
        };
        row.map(|row| table.value_of(&address, &row)).transpose()
    }

    /// Writes a row. [`Error::Unwritable`] when the value has no JSON form.
    pub fn put<T: Serialize>(
        &mut self,
        table: &Table<T>,
        key: impl Into<Key>,
        value: &T,
    ) -> Result<(), Error> {
        let address = table.address(self.tenant(), &key.into());
        let row = table.to_bytes(&address, value)?;
        address.check_length(&row)?;
        self.layer().rows.insert(address, Some(row));
        Ok(())
    }

    /// Writes a row if it has no more bytes than that; gives how many it has, or would have.
    /// [`Error::Unwritable`] when the value has no JSON form.
    pub fn put_up_to<T: Serialize>(
        &mut self,
        table: &Table<T>,
        key: impl Into<Key>,
        value: &T,
        at_most: usize,
    ) -> Result<usize, Error> {
        let address = table.address(self.tenant(), &key.into());
        let row = table.to_bytes(&address, value)?;
        let bytes = row.len();
        if bytes <= at_most {
            address.check_length(&row)?;
            self.layer().rows.insert(address, Some(row));
        }
        Ok(bytes)
    }

    /// Removes a row, if it is there.
    pub fn remove<T>(&mut self, table: &Table<T>, key: impl Into<Key>) {
        let address = table.address(self.tenant(), &key.into());
        self.layer().rows.insert(address, None);
    }

    /// Finds and opens a sealed row; it is expected unchanged at the commit as with [`Unit::find`].
    /// [`Error::Corrupt`] when it does not open or is no `T`.
    pub async fn find_sealed<T: Seal>(
        &mut self,
        table: &SealedTable<T>,
        key: impl Into<Key>,
    ) -> Result<Option<T>, Error> {
        let address = table.address(self.tenant(), &key.into());
        let row = self.row(&address)?;
        row.map(|row| self.opened(table, &address, &row)).transpose()
    }

    /// Seals and writes a row. The first sealed row of a tenant commits a new key for the tenant beforehand.
    /// Errors as of [`Unit::commit`].
    pub async fn put_sealed<T: Seal>(
        &mut self,
        table: &SealedTable<T>,
        key: impl Into<Key>,
        value: &T,
    ) -> Result<(), Error> {
        let address = table.address(self.tenant(), &key.into());
        let store = &self.space.store;
        let owner = table.owner(self.tenant());
        let keys = store.keyring.find_or_add(store, owner).await?;
        let row = table.to_bytes(&address, &keys.newest, value)?;
        // Were the keys rotated before the commit, a row of a former key could be overlooked.
        self.expectations.entry(tenant_key_address(owner)).or_insert(Some(keys.version));
        self.layer().rows.insert(address, Some(row));
        Ok(())
    }

    /// Removes a sealed row, if it is there.
    pub fn remove_sealed<T>(&mut self, table: &SealedTable<T>, key: impl Into<Key>) {
        let address = table.address(self.tenant(), &key.into());
        self.layer().rows.insert(address, None);
    }

    /// What a counter's cell holds, with what this unit will add; nothing is expected of it at the commit.
    pub async fn count(&self, counter: &Counter, key: impl Into<Key>) -> Result<u64, Error> {
        let address = counter.address(self.tenant(), &key.into());
        let stored = cell_value(&address, self.space.store.get(&address)?.as_deref())?;
        let changes =
            self.layers.iter().flat_map(|layer| &layer.cells).filter(|(cell, _)| *cell == address);
        Ok(changes.fold(stored, |count, (_, change)| change.apply(count).unwrap_or(count)))
    }

    /// Raises a counter's cell at the commit. If that would lift it over `at_most`, the commit fails with
    /// [`Error::Exhausted`] and nothing of the unit is written; it never conflicts with other additions.
    pub fn add(&mut self, counter: &Counter, key: impl Into<Key>, by: u64, at_most: Option<u64>) {
        let address = counter.address(self.tenant(), &key.into());
        self.layer().cells.push((address, CellChange::Add { by, at_most }));
    }

    /// Removes a counter's cell, so that it is 0 again.
    pub fn remove_counter(&mut self, counter: &Counter, key: impl Into<Key>) {
        let address = counter.address(self.tenant(), &key.into());
        self.layer().cells.push((address, CellChange::Remove));
    }

    /// Lists at most `limit` rows of a stretch of the table in key order, this unit's writes included; nothing is
    /// expected of them at the commit. [`Error::Corrupt`] when a row is no `T`.
    pub async fn list<T: DeserializeOwned>(
        &self,
        table: &Table<T>,
        range: Range,
        limit: usize,
    ) -> Result<Vec<(Key, T)>, Error> {
        let rows = self.rows(&range, limit, |key| table.address(self.tenant(), key))?;
        rows.into_iter()
            .map(|(address, row)| Ok((address.key(), table.value_of(&address, &row)?)))
            .collect()
    }

    /// Lists the keys of at most `limit` rows, as [`Unit::list`] does; what the rows hold is not looked at.
    pub async fn list_keys<T>(
        &self,
        table: &Table<T>,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Key>, Error> {
        let rows = self.rows(&range, limit, |key| table.address(self.tenant(), key))?;
        Ok(rows.into_iter().map(|(address, _)| address.key()).collect())
    }

    /// Lists and opens at most `limit` sealed rows, as [`Unit::list`] does.
    pub async fn list_sealed<T: Seal>(
        &self,
        table: &SealedTable<T>,
        range: Range,
        limit: usize,
    ) -> Result<Vec<(Key, T)>, Error> {
        let rows = self.rows(&range, limit, |key| table.address(self.tenant(), key))?;
        rows.into_iter()
            .map(|(address, row)| Ok((address.key(), self.opened(table, &address, &row)?)))
            .collect()
    }

    /// Begins a layer: the writes from here on can be undone together. Layers nest.
    pub fn begin(&mut self) {
        self.layers.push(Layer::default());
    }

    /// Ends the innermost layer and keeps its writes. Without a layer it does nothing.
    pub fn keep(&mut self) {
        if self.layers.len() > 1
            && let Some(inner) = self.layers.pop()
        {
            let outer = self.layer();
            outer.rows.extend(inner.rows);
            outer.cells.extend(inner.cells);
        }
    }

    /// Ends the innermost layer and forgets its writes; what was read in it is still expected at the commit.
    /// Without a layer it does nothing.
    pub fn undo(&mut self) {
        if self.layers.len() > 1 {
            self.layers.pop();
        }
    }

    /// Whether nothing would be written.
    pub fn is_clean(&self) -> bool {
        self.layers.iter().all(|layer| layer.rows.is_empty() && layer.cells.is_empty())
    }

    /// Writes all of it durably, or nothing. A clean unit commits nothing and checks nothing.
    ///
    /// [`Error::Conflict`] when a row that was found has changed, [`Error::Exhausted`] when a counter is at its
    /// bound, [`Error::Unwritable`] when a row or key is too long, [`Error::Database`] when the disk failed.
    /// Dropping the future does not take the commit back.
    pub async fn commit(self) -> Result<(), Error> {
        let store = self.space.store.clone();
        match self.into_batch() {
            batch if batch.is_empty() => Ok(()),
            batch => store.commit(batch).await,
        }
    }

    /// The unit as a batch, open layers kept; for joining several units into one commit.
    pub fn into_batch(mut self) -> Batch {
        while self.layers.len() > 1 {
            self.keep();
        }
        let Layer { rows, cells } = self.layers.pop().unwrap_or_default();
        Batch { expectations: self.expectations.into_iter().collect(), rows, cells }
    }

    fn layer(&mut self) -> &mut Layer {
        if self.layers.is_empty() {
            self.layers.push(Layer::default());
        }
        let last = self.layers.len() - 1;
        &mut self.layers[last]
    }

    fn written(&self, address: &Address) -> Option<&Option<Vec<u8>>> {
        self.layers.iter().rev().find_map(|layer| layer.rows.get(address))
    }

    fn stored(&self, address: &Address) -> Result<Option<(u64, Vec<u8>)>, Error> {
        let Some(bytes) = self.space.store.get(address)? else { return Ok(None) };
        let (version, row) = row_of(address, &bytes)?;
        Ok(Some((version, row.to_vec())))
    }

    fn row(&mut self, address: &Address) -> Result<Option<Vec<u8>>, Error> {
        if let Some(row) = self.written(address) {
            return Ok(row.clone());
        }
        let stored = self.stored(address)?;
        let version = stored.as_ref().map(|(version, _)| *version);
        self.expectations.entry(address.clone()).or_insert(version);
        Ok(stored.map(|(_, row)| row))
    }

    fn opened<T: Seal>(
        &self,
        table: &SealedTable<T>,
        address: &Address,
        row: &[u8],
    ) -> Result<T, Error> {
        let store = &self.space.store;
        let owner = table.owner(self.tenant());
        let gone = || address.corrupt("the key that sealed it is gone");
        let keys = store.keyring.find(store, owner)?.ok_or_else(gone)?;
        table.value_of(address, &keys, row).or_else(|_| {
            // The keys may have been rotated since they were opened.
            store.keyring.forget();
            let keys = store.keyring.find(store, owner)?.ok_or_else(gone)?;
            table.value_of(address, &keys, row)
        })
    }

    fn rows(
        &self,
        range: &Range,
        limit: usize,
        whole: impl Fn(&Key) -> Address,
    ) -> Result<Vec<(Address, Vec<u8>)>, Error> {
        let table = whole(&Key::new());
        let stretch = range.stretch(&whole);
        if stretch.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut written = BTreeMap::new();
        for layer in &self.layers {
            let inside = layer.rows.iter().filter(|(address, _)| stretch.contains(&address.bytes));
            written.extend(inside.map(|(address, row)| (&address.bytes, row)));
        }
        // Each written row hides at most one stored row.
        let stored =
            self.space.store.scan(&table, &stretch, limit.saturating_add(written.len()))?;
        let stored = stored.into_iter().map(|(bytes, mut row)| {
            let address = table.sibling(bytes);
            let version = row.len() - row_of(&address, &row)?.1.len();
            row.drain(..version);
            Ok((address, row))
        });
        if written.is_empty() {
            return stored.collect();
        }
        let mut rows = BTreeMap::new();
        for stored in stored {
            let (address, row) = stored?;
            rows.insert(address.bytes.clone(), (address, row));
        }
        for (bytes, row) in written {
            match row {
                Some(row) => {
                    rows.insert(bytes.clone(), (table.sibling(bytes.clone()), row.clone()))
                }
                None => rows.remove(bytes),
            };
        }
        let mut rows: Vec<_> = rows.into_values().collect();
        if stretch.descending {
            rows.reverse();
        }
        rows.truncate(limit);
        Ok(rows)
    }
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let found = self.expectations.values().filter(|version| version.is_some()).count();
        let rows = || self.layers.iter().flat_map(|layer| layer.rows.values());
        f.debug_struct("Unit")
            .field("tenant", &self.tenant())
            .field("clean", &self.is_clean())
            .field("found", &found)
            .field("missed", &(self.expectations.len() - found))
            .field("written", &rows().filter(|row| row.is_some()).count())
            .field("removed", &rows().filter(|row| row.is_none()).count())
            .finish_non_exhaustive()
    }
}
