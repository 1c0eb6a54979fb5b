//! Rows that were read lately: most reads are of the same few rows, and a database takes its time to find one.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// How many rows are kept; with one more, all are forgotten.
const MOST: usize = 1024;
/// The longest row that is kept, in bytes.
const LONGEST: usize = 4096;

/// Rows as the database has them. None of them is older than the last write that was acknowledged.
#[derive(Default)]
pub(crate) struct Recent(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    rows: HashMap<Vec<u8>, Vec<u8>>,
    /// How often rows were forgotten because they changed.
    turns: u64,
}

/// Says since when a row has been looked for.
#[derive(Clone, Copy)]
pub(crate) struct Since(u64);

impl Recent {
    /// The row, or since when it is looked for elsewhere.
    pub(crate) fn get(&self, address: &[u8]) -> Result<Vec<u8>, Since> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.rows.get(address).cloned().ok_or(Since(kept.turns))
    }

    /// Keeps a row that was found, unless something has changed since it was looked for.
    pub(crate) fn keep(&self, since: Since, address: &[u8], row: &[u8]) {
        if row.len() > LONGEST {
            return;
        }
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.turns == since.0 {
            if kept.rows.len() == MOST {
                kept.rows.clear();
            }
            kept.rows.insert(address.to_vec(), row.to_vec());
        }
    }

    /// Forgets rows that have changed; called once they are seen elsewhere, and before that is acknowledged.
    pub(crate) fn forget<'a>(&self, addresses: impl Iterator<Item = &'a Vec<u8>>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.turns += 1;
        for address in addresses {
            kept.rows.remove(address);
        }
    }
}
