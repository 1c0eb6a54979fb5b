//! Verifying an export of the log, line by line, without any store: pure, in constant memory.

use data_encoding::BASE64;
use jiff::{SignedDuration, Timestamp};

use super::export::{Line, Log, Record};
use super::log::body_of;
use super::note::{Checkpoint, VerifierKey};
use super::tree::{Tree, leaf_hash};
use crate::period::Period;

/// How much earlier than a record before it a record may have been written: several servers write at once.
const SLACK: SignedDuration = SignedDuration::from_mins(10);

/// That a log was tampered with, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Tampering {
    /// The index of the first record that is wrong, as far as it can be told.
    pub index: Option<u64>,
    /// What is wrong, as a clause.
    pub message: String,
}

/// What was proved of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The name of the log.
    pub origin: String,
    /// The key that signed it, as signed notes write it; none of a log without records.
    pub key: Option<String>,
    /// How many records it has.
    pub size: u64,
    /// The root over all of them in base64.
    pub root: String,
    /// How many of them have a body.
    pub bodies: u64,
    /// How many of these had a personal part that is not there.
    pub erased: u64,
    /// The others, of which only the hash is there.
    pub hashes: Option<Hashes>,
}

/// The records of which only the hash is there: which they were, when they were written and what they said is not
/// proved, and nothing that is signed tells whether their time was over or somebody took the bodies out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashes {
    /// How many there are.
    pub count: u64,
    /// The index of the first one.
    pub first: u64,
    /// The index of the last one.
    pub last: u64,
    /// When the last record with a body before the first one was written.
    pub after: Option<Timestamp>,
    /// When the first record with a body behind the last one was written.
    pub before: Option<Timestamp>,
    /// How many of them stand behind a record with a body: such go first only if another store keeps its own longer.
    pub behind: u64,
}

/// Verifies an export.
///
/// It finds each record that was changed, dropped, moved, added or cut off, as long as whoever did it does not have
/// the signing key. Whoever cuts everything off behind an older checkpoint is found only by means of a later
/// checkpoint that was kept elsewhere; whoever signs a log of their own with a key of their own, only by means of
/// the true key. Whoever takes bodies out, as if their time were over, is found only where [`Verifier::kept_for`] says
/// that they must be there. Whoever takes personal parts out, as if their user were erased, is never found: a user may
/// be erased at any time, and nothing that stays says who it was. The [`Proof`] counts what is not there.
#[derive(Debug, Default)]
pub struct Verifier {
    key: Option<VerifierKey>,
    /// A note that was kept elsewhere.
    kept: Option<String>,
    earlier: Option<Checkpoint>,
    log: Option<Log>,
    tree: Tree,
    signed: u64,
    bodies: u64,
    erased: u64,
    hashes: Option<Hashes>,
    /// When the latest of the records with a body was written.
    latest: Option<Timestamp>,
    /// How long each record is kept at least, and when that is asked.
    kept_for: Option<(Period, Timestamp)>,
}

impl Verifier {
    /// A verifier that trusts this key, or else the one in the export, and holds the log against a checkpoint that
    /// was kept elsewhere.
    pub fn new(key: Option<VerifierKey>, checkpoint: Option<String>) -> Verifier {
        Verifier { key, kept: checkpoint, ..Verifier::default() }
    }

    /// The same verifier, told that every store keeps its records at least so long: a record that must be there now
    /// and has no body was taken out. Of personal parts it says nothing.
    #[must_use]
    pub fn kept_for(self, period: Period, now: Timestamp) -> Verifier {
        Verifier { kept_for: Some((period, now)), ..self }
    }

    /// Takes the next line.
    ///
    /// # Errors
    ///
    /// The tampering that shows here; what follows has no meaning then.
    pub fn line(&mut self, line: &str) -> Result<(), Tampering> {
        let next = self.tree.size();
        let line = serde_json::from_str(line).map_err(|error| {
            at(next, format!("the line where record {next} is expected cannot be read: {error}"))
        })?;
        match (line, self.log.is_some()) {
            (Line::Log(log), false) => self.begin(log),
            (_, false) => Err(anywhere("the log does not begin with its name and key")),
            (Line::Log(_), true) => Err(at(next, format!("another log begins at record {next}"))),
            (Line::Record(record), true) => self.record(&record),
            (Line::Checkpoint(note), true) => self.checkpoint(&note),
        }
    }

    /// Ends the log; gives what is proved of it.
    ///
    /// # Errors
    ///
    /// What shows only at the end: that something was cut off, or is not signed.
    pub fn finish(self) -> Result<Proof, Tampering> {
        let size = self.tree.size();
        let Some(log) = self.log else { return Err(anywhere("there is no log")) };
        if size < log.size {
            let message = format!("records {size} to {} are cut off", log.size - 1);
            return Err(at(size, message));
        }
        if self.signed < size {
            let message = format!("no checkpoint counts the records from {} on", self.signed);
            return Err(at(self.signed, message));
        }
        if let Some(earlier) = self.earlier.filter(|earlier| earlier.size > size) {
            let message = format!(
                "records {size} to {} are cut off: the checkpoint that was kept counts {}",
                earlier.size - 1,
                earlier.size
            );
            return Err(at(size, message));
        }
        Ok(Proof {
            origin: log.origin,
            key: self.key.map(|key| key.to_string()),
            size,
            root: BASE64.encode(&self.tree.root()),
            bodies: self.bodies,
            erased: self.erased,
            hashes: self.hashes,
        })
    }

    fn begin(&mut self, log: Log) -> Result<(), Tampering> {
        let shown = log.key.as_deref().map(|key| {
            VerifierKey::parse(key).ok_or_else(|| anywhere("the log's public key cannot be read"))
        });
        let shown = shown.transpose()?;
        match (&self.key, shown) {
            (Some(key), Some(shown)) if *key != shown => {
                return Err(anywhere("the log is signed with another key"));
            }
            (None, shown) => self.key = shown,
            _ => {}
        }
        if self.key.as_ref().is_some_and(|key| key.origin() != log.origin) {
            return Err(anywhere("the log's name is not that of its key"));
        }
        if let Some(note) = &self.kept {
            let opened = self.key.as_ref().and_then(|key| key.open(note));
            let opened = opened
                .ok_or_else(|| anywhere("the log's key did not sign the checkpoint that was kept"));
            self.earlier = Some(opened?);
        }
        self.log = Some(log);
        self.hold_against_earlier()
    }

    fn record(&mut self, record: &Record) -> Result<(), Tampering> {
        let index = self.tree.size();
        if record.index > index {
            let message = format!("record {index} is missing: record {} follows", record.index);
            return Err(at(index, message));
        }
        if record.index < index {
            let message = format!("record {} stands where {index} is expected", record.index);
            return Err(at(index, message));
        }
        let changed = || at(index, format!("record {index} was changed"));
        let leaf = BASE64.decode(record.leaf.as_bytes()).ok();
        let leaf = leaf.and_then(|leaf| leaf.try_into().ok()).ok_or_else(changed)?;
        match (&record.body, &record.part) {
            (None, None) => self.hash(index)?,
            (None, Some(_)) => return Err(changed()),
            (Some(text), part) => {
                if leaf_hash(text.as_bytes()) != leaf {
                    return Err(changed());
                }
                let body = body_of(text).ok_or_else(changed)?;
                if body.index != index {
                    let message =
                        format!("the record at {index} was written as record {}", body.index);
                    return Err(at(index, message));
                }
                self.bodies += 1;
                self.latest = self.latest.max(Some(body.dtm()));
                if let Some(hashes) = &mut self.hashes {
                    hashes.before.get_or_insert(body.dtm());
                }
                match part {
                    None => self.erased += u64::from(body.part.is_some()),
                    Some(part) if body.part.is_some() && part.hash() == body.part => {}
                    Some(_) => {
                        let message = format!("the personal part of record {index} was changed");
                        return Err(at(index, message));
                    }
                }
            }
        }
        self.tree.push(leaf);
        self.hold_against_earlier()
    }

    /// Takes a record of which only the hash is there. It was written after those before it, or seconds earlier.
    fn hash(&mut self, index: u64) -> Result<(), Tampering> {
        if let (Some((period, now)), Some(latest)) = (&self.kept_for, self.latest) {
            let written = latest.checked_sub(SLACK).unwrap_or(Timestamp::MIN);
            if period.after(written) > *now {
                let message = format!(
                    "the body of record {index} was taken out: it was written after {written}, and each is kept for {period}"
                );
                return Err(at(index, message));
            }
        }
        let (after, behind) = (self.latest, u64::from(self.latest.is_some()));
        self.hashes = Some(match self.hashes.take() {
            None => Hashes { count: 1, first: index, last: index, after, before: None, behind },
            Some(hashes) => Hashes {
                count: hashes.count + 1,
                last: index,
                before: None,
                behind: hashes.behind + behind,
                ..hashes
            },
        });
        Ok(())
    }

    fn checkpoint(&mut self, note: &str) -> Result<(), Tampering> {
        let size = self.tree.size();
        let opened = self.key.as_ref().and_then(|key| key.open(note));
        let checkpoint = opened.ok_or_else(|| {
            at(
                size,
                format!("the checkpoint before record {size} is not signed with the log's key"),
            )
        })?;
        if checkpoint.size != size {
            let message = format!(
                "a checkpoint that counts {} records stands before record {size}",
                checkpoint.size
            );
            return Err(at(size.min(checkpoint.size), message));
        }
        if checkpoint.root != self.tree.root() {
            let (first, last) = (self.signed, size.saturating_sub(1));
            let message = format!("one of the records {first} to {last} was changed");
            return Err(at(first, message));
        }
        self.signed = size;
        Ok(())
    }

    fn hold_against_earlier(&self) -> Result<(), Tampering> {
        match &self.earlier {
            Some(earlier) if earlier.size == self.tree.size() => {
                if earlier.root == self.tree.root() {
                    return Ok(());
                }
                let message = format!(
                    "one of the records 0 to {} is another than when the checkpoint that was kept was signed",
                    earlier.size.saturating_sub(1)
                );
                Err(Tampering { index: Some(0), message })
            }
            _ => Ok(()),
        }
    }
}

fn at(index: u64, message: String) -> Tampering {
    Tampering { index: Some(index), message }
}

fn anywhere(message: &str) -> Tampering {
    Tampering { index: None, message: message.to_owned() }
}
