//! Rows in memory, for tests and trials.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use super::{Changes, Stored};
use crate::range::Stretch;

/// An ordered map under a lock.
#[derive(Default)]
pub(crate) struct Memory(RwLock<BTreeMap<Vec<u8>, Vec<u8>>>);

impl Memory {
    pub(crate) fn get(&self, address: &[u8]) -> Option<Vec<u8>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(address).cloned()
    }

    pub(crate) fn scan(&self, stretch: &Stretch, limit: usize) -> Vec<Stored> {
        let rows = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let inside = rows
            .range::<[u8], _>(stretch.bounds())
            .map(|(address, row)| (address.clone(), row.clone()));
        if stretch.descending {
            inside.rev().take(limit).collect()
        } else {
            inside.take(limit).collect()
        }
    }

    pub(crate) fn write(&self, changes: Changes) {
        let mut rows = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (address, row) in changes {
            match row {
                Some(row) => rows.insert(address, row),
                None => rows.remove(&address),
            };
        }
    }
}
