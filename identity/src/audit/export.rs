//! The log as lines of JSON, which anybody can verify without us.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::Range;

use super::log::{BODIES, CHECKPOINTS, LEAVES, PARTS, Part, origin};
use crate::error::Error;
use crate::work::Work;

/// A line of an export: first the log, then the records in order, each checkpoint behind the last record that it
/// counts.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    Log(Log),
    Record(Record),
    Checkpoint(String),
}

/// What the export is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Log {
    pub(super) origin: String,
    /// The public key as signed notes write it; none of a log without records.
    pub(super) key: Option<String>,
    /// How many records follow.
    pub(super) size: u64,
}

/// A record: the leaf for ever, the body until its time is over, the part at most until its user is erased.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) index: u64,
    pub(super) leaf: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Part>,
}

/// A checkpoint of the log with the key that it is verified with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedCheckpoint {
    /// How many records it counts.
    pub size: u64,
    /// The public key of the log, as signed notes write it.
    pub key: String,
    /// The signed note.
    pub checkpoint: String,
}

/// An export that is under way: what stood in the log when it began, read a piece at a time.
#[derive(Debug)]
pub struct Export {
    begun: bool,
    next: u64,
    log: Log,
    last: Option<String>,
}

impl Work {
    /// The latest checkpoint, if anything is in the log.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn find_checkpoint(&mut self) -> Result<Option<SignedCheckpoint>, Error> {
        let latest = self.unit().list(&CHECKPOINTS, Range::all().descending(), 1).await?.pop();
        let (Some((at, checkpoint)), Some(signer)) = (latest, self.find_signer().await?) else {
            return Ok(None);
        };
        let key = signer.verifier(&origin(self.unit().tenant()))?.to_string();
        Ok(Some(SignedCheckpoint { size: at.read().number()?, key, checkpoint }))
    }

    /// Begins to export what is in the log; what is waiting comes in with [`Work::sequence_audit`].
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn start_audit_export(&mut self) -> Result<Export, Error> {
        let origin = origin(self.unit().tenant());
        let (size, key, last) = match self.find_checkpoint().await? {
            Some(latest) => (latest.size, Some(latest.key), Some(latest.checkpoint)),
            None => (0, None, None),
        };
        let log = Log { origin, key, size };
        Ok(Export { begun: false, next: 0, log, last })
    }

    /// The next lines of an export, with at most so many records; nothing at its end.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn read_audit_export(
        &mut self,
        export: &mut Export,
        limit: usize,
    ) -> Result<String, Error> {
        let mut lines = String::new();
        if !export.begun {
            export.begun = true;
            push(&mut lines, &Line::Log(export.log.clone()));
        }
        let from = export.next;
        let until = export.log.size.min(from.saturating_add(limit as u64));
        if from < until {
            let unit = self.unit();
            let stretch = || {
                let range = Range::all().before(until);
                if from == 0 { range } else { range.after(from - 1) }
            };
            let leaves = unit.list(&LEAVES, stretch(), limit).await?;
            let mut bodies = by_number(unit.list(&BODIES, stretch(), limit).await?)?;
            let mut parts = by_number(unit.list(&PARTS, stretch(), limit).await?)?;
            let behind = Range::all().after(from).before(until.saturating_add(1));
            let mut checkpoints = by_number(unit.list(&CHECKPOINTS, behind, limit).await?)?;
            for (key, leaf) in leaves {
                let index = key.read().number()?;
                let (body, part) = (bodies.remove(&index), parts.remove(&index));
                // The part of a body that went between the two looks is nothing without it.
                let part = part.filter(|_| body.is_some());
                push(&mut lines, &Line::Record(Record { index, leaf, body, part }));
                let checkpoint = checkpoints.remove(&(index + 1));
                let checkpoint = checkpoint.filter(|_| index + 1 < export.log.size);
                if let Some(checkpoint) = checkpoint {
                    push(&mut lines, &Line::Checkpoint(checkpoint));
                }
            }
            export.next = until;
        }
        if export.next == export.log.size
            && let Some(last) = export.last.take()
        {
            push(&mut lines, &Line::Checkpoint(last));
        }
        Ok(lines)
    }
}

fn push(lines: &mut String, line: &Line) {
    *lines += &serde_json::to_string(line).unwrap_or_default();
    lines.push('\n');
}

fn by_number<T>(rows: Vec<(storage::Key, T)>) -> Result<BTreeMap<u64, T>, Error> {
    rows.into_iter().map(|(key, row)| Ok((key.read().number()?, row))).collect()
}
