//! What can go wrong in the store.

use std::path::PathBuf;

/// Why the store could not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A row that the unit of work had read was changed by somebody else before the commit; nothing was written.
    /// Decide again on the present rows.
    #[error("row {key} of {table} was changed by somebody else")]
    Conflict {
        /// The table of the row.
        table: &'static str,
        /// The key of the row, as people read it.
        key: String,
    },
    /// A bounded counter would have gone over its bound; nothing was written.
    #[error("counter {key} of {table} is at its limit")]
    Exhausted {
        /// The counter's name.
        table: &'static str,
        /// The key of the cell, as people read it.
        key: String,
    },
    /// The database failed. After a failed write or sync the store takes no more commits until it is opened again.
    #[error("the database failed: {0}")]
    Database(String),
    /// Bytes in the store are not what was once written there.
    #[error("row {key} of {table} is corrupt: {reason}")]
    Corrupt {
        /// The table of the row.
        table: &'static str,
        /// The key of the row, as people read it.
        key: String,
        /// What is wrong with the bytes.
        reason: String,
    },
    /// A value cannot be written as a row: it has no JSON form, or row or key are too long.
    #[error("row {key} of {table} cannot be written: {reason}")]
    Unwritable {
        /// The table of the row.
        table: &'static str,
        /// The key of the row, as people read it.
        key: String,
        /// Why not.
        reason: String,
    },
    /// A key does not have the parts that were asked of it.
    #[error("key {key} has no {expected} where one was expected")]
    UnexpectedKey {
        /// The key, as people read it.
        key: String,
        /// What was asked for.
        expected: &'static str,
    },
    /// The folder cannot be opened as a store.
    #[error("the store in {} cannot be opened: {reason}", folder.display())]
    CannotOpen {
        /// The folder.
        folder: PathBuf,
        /// Why not, and what to do about it.
        reason: String,
    },
    /// Another process holds the folder.
    #[error("the store in {} is in use{}", folder.display(), holder.map(|id| format!(" by process {id}")).unwrap_or_default())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The process that holds it, if it says so.
        holder: Option<u32>,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

impl Error {
    /// Whether to decide again: the same work may succeed on the present rows.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Error::Conflict { .. })
    }
}
