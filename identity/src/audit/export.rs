//! The log as lines of JSON, which anybody can verify without us.

use std::collections::BTreeMap;

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

/// An export that is under way: what stood in the log when it began, read a piece at a time.
#[derive(Debug)]
pub struct Export {
    begun: bool,
    next: u64,
    log: Log,
    last: Option<String>,
}

impl Work {
    /// Begins to export what is in the log; what is waiting comes in with [`Work::sequence_audit`].
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn start_audit_export(&mut self) -> Result<Export, Error> {
        let origin = origin(self.unit().tenant());
        let signer = self.find_signer().await?;
        let key = signer.map(|signer| signer.verifier(&origin)).transpose()?;
        let latest = self.unit().list(&CHECKPOINTS, Range::all().descending(), 1).await?.pop();
        let (size, last) = match latest {
            Some((key, note)) => (key.read().number()?, Some(note)),
            None => (0, None),
        };
        let log = Log { origin, key: key.map(|key| key.to_string()), size };
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
