//! What is kept of imports until their time is over: how far each is, and the digests of its lines.

use jiff::Timestamp;
use storage::{Key, Range, Table};

use super::Import;
use super::digests::{DIGESTS, KEYS, key};
use crate::error::Error;
use crate::store::IdentityStore;
use crate::work::{Work, milliseconds};

/// The imports by store and identifier.
const IMPORTS: Table<Import> = Table::new("user-imports");
/// The digests of lines that earlier versions read. They have no key, so whoever has them can try out what a line
/// said: they are not used any more, and removed.
const BARE_DIGESTS: Table<String> = Table::new("user-import-digests");
/// When it is looked whether an import is to be forgotten: time, store and identifier.
const EXPIRIES: Table<()> = Table::new("user-import-expiries");

/// How many rows of a removed store are erased at a time.
const STRIDE: usize = 1000;

impl Work {
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
        let bare = self.unit().list_keys(&BARE_DIGESTS, Range::all(), limit).await?;
        for digests in &bare {
            self.unit().remove(&BARE_DIGESTS, digests);
        }
        let mut swept = bare.len();
        if swept >= limit {
            return Ok(swept);
        }
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
        self.unit().remove_sealed(&KEYS, store);
        self.erase_stretch(&IMPORTS, store, |_, _| Ok(())).await?;
        self.erase_stretch(&BARE_DIGESTS, store, |_, _| Ok(())).await?;
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
