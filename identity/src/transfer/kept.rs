//! What is kept of imports: how far each is, and a digest of each line, until its time is over.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use data_encoding::BASE64;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use storage::{Key, Range, Table};

use super::Import;
use crate::error::Error;
use crate::store::IdentityStore;
use crate::work::{Work, milliseconds};

/// The imports by store and identifier.
const IMPORTS: Table<Import> = Table::new("user-imports");
/// The digests of the lines that were read, by store, import and number of the block, in base64.
const DIGESTS: Table<String> = Table::new("user-import-digests");
/// When it is looked whether an import is to be forgotten: time, store and identifier.
const EXPIRIES: Table<()> = Table::new("user-import-expiries");

/// How many lines the digests of one row are of.
const BLOCK: u64 = 256;
/// What is kept of the SHA-256 of a line, in bytes.
const DIGEST: usize = 8;
/// How many rows of a removed store are erased at a time.
const STRIDE: usize = 1000;

impl Work {
    /// Holds lines against those that were read before, and keeps the digests of the others.
    pub(super) async fn compare_lines(
        &mut self,
        store: &IdentityStore,
        import: &Import,
        first: u64,
        lines: &[Option<Vec<u8>>],
    ) -> Result<(), Error> {
        let mut blocks = BTreeMap::new();
        for (line, index) in lines.iter().zip(first.saturating_sub(1)..) {
            let (number, at) = (index / BLOCK, (index % BLOCK) as usize * DIGEST);
            let kept = match blocks.entry(number) {
                Entry::Occupied(kept) => kept.into_mut(),
                Entry::Vacant(place) => {
                    let row = self.unit().peek(&DIGESTS, block(store, import, number)).await?;
                    let row = row.map(|row| BASE64.decode(row.as_bytes()).unwrap_or_default());
                    place.insert(row.unwrap_or_default())
                }
            };
            let digest = digest(line.as_deref());
            match kept.get(at..at + DIGEST) {
                Some(known) if known != digest => {
                    return Err(Error::ImportDiffers { line: index + 1 });
                }
                None if index >= import.lines && kept.len() == at => kept.extend(digest),
                // Of what an earlier version read there are none.
                _ => {}
            }
        }
        for (number, digests) in blocks {
            if digests.is_empty() || (number + 1) * BLOCK <= import.lines {
                continue;
            }
            let digests = BASE64.encode(&digests);
            self.unit().put(&DIGESTS, block(store, import, number), &digests)?;
        }
        Ok(())
    }

    pub(super) async fn find_import(
        &mut self,
        store: &IdentityStore,
        id: &str,
    ) -> Result<Import, Error> {
        let found = self.unit().find(&IMPORTS, key(&store.id, id)).await?;
        found.ok_or_else(|| Error::ImportMissing(id.to_owned()))
    }

    pub(super) fn keep_import(
        &mut self,
        store: &IdentityStore,
        import: Import,
    ) -> Result<Import, Error> {
        let import = Import { last_updated_dtm: self.now(), ..import };
        self.unit().put(&IMPORTS, key(&store.id, &import.id), &import)?;
        Ok(import)
    }

    /// Has it looked after an import once those that went on at this time are to be forgotten.
    pub(super) async fn expire_import(
        &mut self,
        store: &str,
        id: &str,
        last: Timestamp,
    ) -> Result<Timestamp, Error> {
        let due = self.audit_duration(store).await?.after(last);
        if due > self.now() {
            let key = Key::new().number(milliseconds(due)).text(store).text(id);
            self.unit().put(&EXPIRIES, key, &())?;
        }
        Ok(due)
    }

    /// Forgets imports that did not go on for as long as their store keeps its records, with at most so many rows;
    /// says how many it found.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn sweep_imports(&mut self, limit: usize) -> Result<usize, Error> {
        let over = Key::new().number(milliseconds(self.now()) + 1);
        let mut swept = 0;
        for (expiry, ()) in self.unit().list(&EXPIRIES, Range::all().before(over), limit).await? {
            let mut parts = expiry.read();
            let (_, store, id) = (parts.number()?, parts.text()?, parts.text()?);
            if let Some(import) = self.unit().find(&IMPORTS, key(&store, &id)).await?
                && self.expire_import(&store, &id, import.last_updated_dtm).await? <= self.now()
            {
                let digests = Range::prefix(key(&store, &id));
                let digests = self.unit().list_keys(&DIGESTS, digests, limit - swept).await?;
                for digest in &digests {
                    self.unit().remove(&DIGESTS, digest);
                }
                swept += digests.len();
                if swept >= limit {
                    break;
                }
                self.unit().remove(&IMPORTS, key(&store, &id));
            }
            self.unit().remove(&EXPIRIES, &expiry);
            swept += 1;
            if swept >= limit {
                break;
            }
        }
        Ok(swept)
    }

    /// Erases what is known of the imports of a store.
    pub(crate) async fn erase_imports(&mut self, store: &str) -> Result<(), Error> {
        self.erase_stretch(&IMPORTS, store, |_, _| Ok(())).await?;
        self.erase_stretch(&DIGESTS, store, |_, _| Ok(())).await
    }

    /// Erases the rows of a store in a table, and what goes with each.
    pub(crate) async fn erase_stretch<T>(
        &mut self,
        table: &Table<T>,
        store: &str,
        mut beside: impl FnMut(&mut Work, &Key) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut stretch = Range::prefix(store);
        loop {
            let keys = self.unit().list_keys(table, stretch.clone(), STRIDE).await?;
            let Some(last) = keys.last() else { return Ok(()) };
            stretch = stretch.after(last);
            for key in &keys {
                beside(self, key)?;
                self.unit().remove(table, key);
            }
        }
    }
}

fn key(store: &str, import: &str) -> Key {
    Key::new().text(store).text(import)
}

fn block(store: &IdentityStore, import: &Import, number: u64) -> Key {
    key(&store.id, &import.id).number(number)
}

/// What is kept of a line, whatever its end; one that was too long is like any other such.
fn digest(line: Option<&[u8]>) -> [u8; DIGEST] {
    let text = line.map(<[u8]>::trim_ascii);
    let hash = Sha256::new()
        .chain_update([u8::from(text.is_some())])
        .chain_update(text.unwrap_or_default())
        .finalize();
    std::array::from_fn(|at| hash[at])
}
