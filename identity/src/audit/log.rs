//! The log: how waiting entries become records with an index under a signed checkpoint, and how old ones fade.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use storage::{Key, Range, SealedTable, Table};

use super::note::{Checkpoint, Signer};
use super::tree::{Tree, leaf_hash};
use super::{AUDIT, Entry, PasskeyInfo, Reason, TotpInfo};
use crate::error::Error;
use crate::random::random;
use crate::user::UserId;
use crate::work::{Work, milliseconds};

/// The key that signs the checkpoints.
const KEYS: SealedTable<Signer> = SealedTable::new("audit-keys");
/// The end of the log, in one row.
const HEAD: Table<Head> = Table::new("audit-head");
/// The leaves by index, in base64, for ever.
pub(super) const LEAVES: Table<String> = Table::new("audit-leaves");
/// The bodies by index.
pub(super) const BODIES: Table<String> = Table::new("audit-bodies");
/// The personal parts by index.
pub(super) const PARTS: Table<Part> = Table::new("audit-parts");
/// When each body goes: time and index.
const EXPIRIES: Table<()> = Table::new("audit-expiries");
/// The checkpoints by size.
pub(super) const CHECKPOINTS: Table<String> = Table::new("audit-checkpoints");
/// Where each entry about a user is, by store, user and identifier of the entry.
pub(super) const PLACES: Table<Place> = Table::new("audit-places");

/// The only row of a table that has one row.
const ONLY: &str = "log";

/// The end of the log.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Head {
    tree: Tree,
    /// When the last checkpoint was signed.
    signed: Timestamp,
}

/// Where an entry is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Place {
    /// Among those that are not in the log yet.
    Waiting { time: u64, position: u64 },
    /// In the log, under this index.
    Logged(u64),
}

/// What the leaf of a record is the hash of, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    pub(super) index: u64,
    pub(super) id: String,
    /// The entry without what is personal.
    #[serde(flatten)]
    entry: Entry,
    /// SHA-256(salt ‖ part) in base64, of a record that has a personal part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<String>,
}

/// A personal part with its salt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// 32 random bytes in base64.
    salt: String,
    /// A JSON object of the type [`Personal`].
    text: String,
}

/// What is personal in an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Personal {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) totp_info: Option<TotpInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) passkey_info: Option<PasskeyInfo>,
}

impl Personal {
    /// Takes what is personal out of an entry.
    pub(super) fn out_of(entry: &mut Entry) -> Personal {
        Personal {
            user_id: entry.user_id.take(),
            reason: entry.reason.take(),
            totp_info: entry.totp_info.take(),
            passkey_info: entry.passkey_info.take(),
        }
    }
}

impl Part {
    fn of(personal: &Personal) -> Result<Part, Error> {
        let text = serde_json::to_string(personal).unwrap_or_default();
        Ok(Part { salt: BASE64.encode(&random::<32>()?), text })
    }

    /// SHA-256(salt ‖ part) in base64; nothing if the salt cannot be read.
    pub(super) fn hash(&self) -> Option<String> {
        let salt = BASE64.decode(self.salt.as_bytes()).ok()?;
        let hash = Sha256::new().chain_update(salt).chain_update(&self.text).finalize();
        Some(BASE64.encode(&hash))
    }

    pub(super) fn personal(&self) -> Personal {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

impl Body {
    /// The entry that it was, with what is left of the personal part.
    pub(super) fn entry(self, part: Option<&Part>) -> Entry {
        let personal = part.map(Part::personal).unwrap_or_default();
        let Personal { user_id, reason, totp_info, passkey_info } = personal;
        Entry { user_id, reason, totp_info, passkey_info, ..self.entry }
    }

    /// When the entry was written.
    pub(super) fn dtm(&self) -> Timestamp {
        self.entry.dtm
    }

    /// The identifier of the identity store.
    fn store_id(&self) -> &str {
        &self.entry.store_id
    }
}

/// The name of a tenant's log, which is also the name of its key.
pub(super) fn origin(tenant: &str) -> String {
    format!("gatewright/{tenant}/audit")
}

impl Work {
    /// Moves at most so many waiting entries into the log, oldest first, and signs a checkpoint over the whole log;
    /// says how many it found. Two at the same time conflict; writers of entries never do.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`], [`Error::NoRandomness`].
    pub async fn sequence_audit(&mut self, limit: usize) -> Result<usize, Error> {
        let waiting = self.unit().list(&AUDIT, Range::all(), limit).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut head = self.unit().find(&HEAD, ONLY).await?.unwrap_or_default();
        let former = head.tree.size();
        let mut durations = BTreeMap::new();
        let found = waiting.len();
        for (key, entry) in waiting {
            self.unit().remove(&AUDIT, &key);
            let mut parts = key.read();
            let (_, _, id) = (parts.number()?, parts.number()?, parts.text()?);
            if !durations.contains_key(&entry.store_id) {
                let duration = self.audit_duration(&entry.store_id).await?;
                durations.insert(entry.store_id.clone(), duration);
            }
            let expires = durations[&entry.store_id].after(entry.dtm);
            self.append(&mut head.tree, id, entry, expires)?;
        }
        self.check_in(head, former).await?;
        Ok(found)
    }

    /// Has whoever is moving entries into the log do it again, since one that waits changes in this commit: they are
    /// listed there and not found one by one, and the end of the log stands for all of them.
    pub(super) async fn change_waiting(&mut self) -> Result<(), Error> {
        let head = self.unit().find(&HEAD, ONLY).await?.unwrap_or_default();
        Ok(self.unit().put(&HEAD, ONLY, &head)?)
    }

    /// Appends a record to the log.
    fn append(
        &mut self,
        tree: &mut Tree,
        id: String,
        mut entry: Entry,
        expires: Timestamp,
    ) -> Result<(), Error> {
        let index = tree.size();
        if let Some(user) = &entry.user_id {
            self.place(&entry.store_id, user, &id, &Place::Logged(index))?;
        }
        let personal = Personal::out_of(&mut entry);
        let part = (personal != Personal::default()).then(|| Part::of(&personal)).transpose()?;
        let body = Body { index, id, entry, part: part.as_ref().and_then(Part::hash) };
        let body = serde_json::to_string(&body).unwrap_or_default();
        let leaf = leaf_hash(body.as_bytes());
        let unit = self.unit();
        unit.put(&LEAVES, index, &BASE64.encode(&leaf))?;
        unit.put(&BODIES, index, &body)?;
        if let Some(part) = &part {
            unit.put(&PARTS, index, part)?;
        }
        unit.put(&EXPIRIES, Key::new().number(milliseconds(expires)).number(index), &())?;
        tree.push(leaf);
        Ok(())
    }

    /// Signs a checkpoint and keeps the new end of the log. Of those of an hour only the last one stays.
    async fn check_in(&mut self, head: Head, former: u64) -> Result<(), Error> {
        let signer = match self.find_signer().await? {
            Some(signer) => signer,
            None => {
                let signer = Signer::draw()?;
                self.unit().put_sealed(&KEYS, ONLY, &signer).await?;
                signer
            }
        };
        let hour = |time: Timestamp| time.as_second().div_euclid(3600);
        let now = self.now();
        let unit = self.unit();
        if hour(head.signed) == hour(now) {
            unit.remove(&CHECKPOINTS, former);
        }
        let (origin, size, root) = (origin(unit.tenant()), head.tree.size(), head.tree.root());
        unit.put(&CHECKPOINTS, size, &signer.sign(&Checkpoint { origin, size, root })?)?;
        Ok(unit.put(&HEAD, ONLY, &Head { signed: now, ..head })?)
    }

    /// Takes at most so many bodies and personal parts away whose time is over; says how many it found. Their
    /// leaves stay.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn sweep_audit(&mut self, limit: usize) -> Result<usize, Error> {
        let over = Key::new().number(milliseconds(self.now()) + 1);
        let expired = self.unit().list(&EXPIRIES, Range::all().before(over), limit).await?;
        for (key, ()) in &expired {
            let mut parts = key.read();
            parts.number()?;
            let index = parts.number()?;
            if let Some((body, part)) = self.find_record(index).await?
                && let Some(user) = part.and_then(|part| part.personal().user_id)
            {
                let place = Key::new().text(body.store_id()).text(user.as_str()).text(&body.id);
                self.unit().remove(&PLACES, place);
            }
            let unit = self.unit();
            unit.remove(&BODIES, index);
            unit.remove(&PARTS, index);
            unit.remove(&EXPIRIES, key);
        }
        Ok(expired.len())
    }

    /// A record's body and what is left of its personal part, until its time is over.
    pub(super) async fn find_record(
        &mut self,
        index: u64,
    ) -> Result<Option<(Body, Option<Part>)>, Error> {
        let Some(body) = self.unit().peek(&BODIES, index).await? else { return Ok(None) };
        let part = self.unit().peek(&PARTS, index).await?;
        Ok(body_of(&body).map(|body| (body, part)))
    }

    /// The record of an index as it is now, until its time is over, with its identifier.
    pub(crate) async fn record_at(&mut self, index: u64) -> Result<Option<(String, Entry)>, Error> {
        let found = self.find_record(index).await?;
        Ok(found.map(|(body, part)| (body.id.clone(), body.entry(part.as_ref()))))
    }

    /// At most so many records from an index on, with their indices and identifiers.
    pub(crate) async fn records_from(
        &mut self,
        index: u64,
        limit: usize,
    ) -> Result<Vec<(u64, String, Entry)>, Error> {
        let range = index.checked_sub(1).map_or(Range::all(), |last| Range::all().after(last));
        let bodies = self.unit().list(&BODIES, range, limit).await?;
        let mut records = Vec::new();
        for (key, body) in bodies {
            let index = key.read().number()?;
            let Some(body) = body_of(&body) else { continue };
            let part = self.unit().peek(&PARTS, index).await?;
            records.push((index, body.id.clone(), body.entry(part.as_ref())));
        }
        Ok(records)
    }

    /// The latest records, newest first.
    pub(super) async fn latest_records(&mut self, limit: usize) -> Result<Vec<Entry>, Error> {
        let bodies = self.unit().list(&BODIES, Range::all().descending(), limit).await?;
        let mut entries = Vec::new();
        for body in bodies.iter().filter_map(|(_, body)| body_of(body)) {
            let part = self.unit().peek(&PARTS, body.index).await?;
            entries.push(body.entry(part.as_ref()));
        }
        Ok(entries)
    }

    /// The key that signs the log, once something was signed.
    pub(super) async fn find_signer(&mut self) -> Result<Option<Signer>, Error> {
        Ok(self.unit().find_sealed(&KEYS, ONLY).await?)
    }

    /// Notes where an entry about a user is.
    pub(super) fn place(
        &mut self,
        store: &str,
        user: &UserId,
        id: &str,
        place: &Place,
    ) -> Result<(), Error> {
        let key = Key::new().text(store).text(user.as_str()).text(id);
        Ok(self.unit().put(&PLACES, key, place)?)
    }
}

/// The body of this text.
pub(super) fn body_of(text: &str) -> Option<Body> {
    serde_json::from_str(text).ok()
}
