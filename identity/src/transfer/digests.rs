//! Digests of the lines that an import has read, so that another file is not taken for the same.
//!
//! They are made with a key that rests sealed, so nobody with the rows can try out what a line said. The digest of a line
//! is also tied to its user: once the user is gone, no line is that line, whoever sends it and whoever is added again.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use data_encoding::BASE64;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use storage::{Key, Seal, SealedTable, Table};
use zeroize::Zeroizing;

use super::{Import, UserLine};
use crate::credential::fields::join;
use crate::error::Error;
use crate::random::random;
use crate::store::IdentityStore;
use crate::user::{Row, Who};
use crate::work::Work;

/// The digests of the lines that were read, by store, import and number of the block, in base64.
pub(super) const DIGESTS: Table<String> = Table::new("user-import-lines");
/// What the digests of a store are made with, by store.
pub(super) const KEYS: SealedTable<LineKey> = SealedTable::new("user-import-keys");

/// How many lines the digests of one row are of.
const BLOCK: u64 = 256;
/// What is kept of the HMAC of a line, in bytes.
const DIGEST: usize = 8;
/// In place of the digest of a line that an earlier version read.
const NONE: [u8; DIGEST] = [0; DIGEST];

/// The key of a store.
pub(super) struct LineKey(Zeroizing<[u8; 32]>);

impl Seal for LineKey {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<LineKey, String> {
        let bytes = bytes.try_into().map_err(|_| "the key has not 32 bytes".to_owned())?;
        Ok(LineKey(Zeroizing::new(bytes)))
    }
}

impl LineKey {
    /// What is kept of a line, whatever its end; one that was too long is like any other such.
    fn digest(&self, line: Option<&[u8]>, user: Option<&Row>) -> [u8; DIGEST] {
        let text = line.map(<[u8]>::trim_ascii);
        let fields = join(&[
            user.map_or("", |user| user.id.as_str()).as_bytes(),
            user.and_then(|user| user.mark.as_deref()).unwrap_or_default().as_bytes(),
            &[u8::from(text.is_some())],
            text.unwrap_or_default(),
        ]);
        // HMAC takes keys of every length.
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&*self.0) else { return NONE };
        let hash = mac.chain_update(&*fields).finalize().into_bytes();
        std::array::from_fn(|at| hash[at])
    }
}

/// The digests of an import, as far as they were looked at.
pub(super) struct Digests {
    key: LineKey,
    blocks: BTreeMap<u64, Vec<u8>>,
    /// The first block that was added to.
    grown: Option<u64>,
}

impl Work {
    /// The digests of an import; the key of the store is drawn when it is first needed.
    pub(super) async fn digests(&mut self, store: &IdentityStore) -> Result<Digests, Error> {
        let key = match self.unit().find_sealed(&KEYS, &store.id).await? {
            Some(key) => key,
            None => {
                let key = LineKey(Zeroizing::new(random()?));
                self.unit().put_sealed(&KEYS, &store.id, &key).await?;
                key
            }
        };
        Ok(Digests { key, blocks: BTreeMap::new(), grown: None })
    }

    /// Holds a line against the one of this number that was read before.
    pub(super) async fn compare_line(
        &mut self,
        store: &IdentityStore,
        import: &Import,
        digests: &mut Digests,
        (number, line): (u64, Option<&[u8]>),
    ) -> Result<(), Error> {
        let (block, at) = place(number);
        let known = self.block(store, import, digests, block).await?.get(at..at + DIGEST);
        let Some(known) = known.map(<[u8]>::to_vec).filter(|known| *known != NONE) else {
            // An earlier version read it, and kept a digest that is not trusted any more or none.
            return Err(Error::ImportCutOff { next: import.lines.saturating_add(1) });
        };
        if known == digests.key.digest(line, None) {
            return Ok(());
        }
        let user = self.user_of_line(store, line).await?;
        if user.is_some() && known == digests.key.digest(line, user.as_ref()) {
            return Ok(());
        }
        Err(Error::ImportDiffers { line: number })
    }

    /// Notes a line that was read now, with the user whom it was of.
    pub(super) async fn note_line(
        &mut self,
        store: &IdentityStore,
        import: &Import,
        digests: &mut Digests,
        (number, line): (u64, Option<&[u8]>),
        user: Option<&Row>,
    ) -> Result<(), Error> {
        let (block, at) = place(number);
        let digest = digests.key.digest(line, user);
        let kept = self.block(store, import, digests, block).await?;
        kept.resize(at, 0);
        kept.extend(digest);
        digests.grown = digests.grown.or(Some(block));
        Ok(())
    }

    /// Writes the digests that were noted.
    pub(super) fn keep_digests(
        &mut self,
        store: &IdentityStore,
        import: &Import,
        digests: Digests,
    ) -> Result<(), Error> {
        let Some(first) = digests.grown else { return Ok(()) };
        for (number, digests) in digests.blocks.range(first..) {
            let key = key(&store.id, &import.id).number(*number);
            self.unit().put(&DIGESTS, key, &BASE64.encode(digests))?;
        }
        Ok(())
    }

    /// The user whom a line names, if it can be read and there is one.
    pub(super) async fn user_of_line(
        &mut self,
        store: &IdentityStore,
        line: Option<&[u8]>,
    ) -> Result<Option<Row>, Error> {
        match line.and_then(|line| UserLine::read(line).ok()).and_then(|line| line.names()) {
            Some(who) => self.find_user(store, &who).await,
            None => Ok(None),
        }
    }

    async fn block<'a>(
        &mut self,
        store: &IdentityStore,
        import: &Import,
        digests: &'a mut Digests,
        number: u64,
    ) -> Result<&'a mut Vec<u8>, Error> {
        match digests.blocks.entry(number) {
            Entry::Occupied(kept) => Ok(kept.into_mut()),
            Entry::Vacant(place) => {
                let row = key(&store.id, &import.id).number(number);
                let row = self.unit().peek(&DIGESTS, row).await?;
                let row = row.map(|row| BASE64.decode(row.as_bytes()).unwrap_or_default());
                Ok(place.insert(row.unwrap_or_default()))
            }
        }
    }
}

impl UserLine {
    /// Whom the line is of.
    pub(super) fn names(&self) -> Option<Who> {
        let id = self.id.as_ref().map(Who::from);
        id.or_else(|| self.external_id.clone().map(Who::ExternalId))
    }
}

/// The key of an import.
pub(super) fn key(store: &str, import: &str) -> Key {
    Key::new().text(store).text(import)
}

/// The block of a line, and where in it its digest begins.
fn place(number: u64) -> (u64, usize) {
    let index = number.saturating_sub(1);
    (index / BLOCK, (index % BLOCK) as usize * DIGEST)
}
