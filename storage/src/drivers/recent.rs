//! Rows that were read lately: most reads are of the same few rows, and a database takes its time to find one.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use foldhash::fast::RandomState;

/// How many rows are in a generation.
const GENERATION: usize = 512;
/// The longest row that is kept, in bytes.
const LONGEST: usize = 4096;

/// A row that was found.
#[derive(Debug)]
pub(crate) struct Found {
    bytes: Vec<u8>,
    /// What somebody has read it as.
    value: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Found {
    pub(crate) fn new(bytes: Vec<u8>) -> Arc<Found> {
        Arc::new(Found { bytes, value: OnceLock::new() })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the row is read as; it is read once, however often it is found again.
    pub(crate) fn read_as<T: Any + Send + Sync, E>(
        &self,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let known = self.value.get().and_then(|value| value.clone().downcast().ok());
        if let Some(known) = known {
            return Ok(known);
        }
        let value = Arc::new(read()?);
        // Somebody else may have read it meanwhile.
        let _ = self.value.set(value.clone());
        Ok(value)
    }
}

/// Rows as the database has them. None of them is older than the last write that was acknowledged.
#[derive(Default)]
pub(crate) struct Recent(RwLock<Kept>);

/// Two generations: once the young one is full it becomes the old one, whose rows are forgotten unless they were read
/// again meanwhile and so came back among the young.
#[derive(Default)]
struct Kept {
    young: Rows,
    old: Rows,
    /// How often rows were forgotten because they changed.
    turns: u64,
}

type Rows = HashMap<Vec<u8>, Arc<Found>, RandomState>;

/// Says since when a row has been looked for.
#[derive(Clone, Copy)]
pub(crate) struct Since(u64);

impl Recent {
    /// The row, or since when it is looked for elsewhere.
    pub(crate) fn get(&self, address: &[u8]) -> Result<Arc<Found>, Since> {
        {
            let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(row) = kept.young.get(address) {
                return Ok(row.clone());
            }
            if !kept.old.contains_key(address) {
                return Err(Since(kept.turns));
            }
        }
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // It may have changed between the two locks.
        let Some((address, row)) = kept.old.remove_entry(address) else {
            return kept.young.get(address).cloned().ok_or(Since(kept.turns));
        };
        kept.keep(address, row.clone());
        Ok(row)
    }

    /// Keeps a row that was found, unless something has changed since it was looked for.
    pub(crate) fn keep(&self, since: Since, address: &[u8], row: &Arc<Found>) {
        if row.bytes.len() > LONGEST {
            return;
        }
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.turns == since.0 {
            kept.keep(address.to_vec(), row.clone());
        }
    }

    /// Forgets rows that have changed. Whoever looks for one afterwards must find it changed, also where this is called
    /// before the change is there: they wait for it.
    pub(crate) fn forget<'a>(&self, addresses: impl Iterator<Item = &'a Vec<u8>>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.turns += 1;
        for address in addresses {
            kept.young.remove(address);
            kept.old.remove(address);
        }
    }
}

impl Kept {
    fn keep(&mut self, address: Vec<u8>, row: Arc<Found>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(address, row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(recent: &Recent, address: &str, row: &str) {
        let since = recent.get(address.as_bytes()).expect_err("it is not there");
        recent.keep(since, address.as_bytes(), &Found::new(row.into()));
    }

    #[test]
    fn what_is_read_again_and_again_stays_among_many_that_are_read_once() {
        let recent = Recent::default();
        kept(&recent, "hot", "row");
        for cold in 0..10 * GENERATION {
            kept(&recent, &cold.to_string(), "row");
            assert!(recent.get(b"hot").is_ok(), "after {cold}");
        }
        assert!(recent.get(b"1").is_err(), "not everything is kept");
    }

    #[test]
    fn what_has_changed_is_forgotten_in_both_generations() {
        let recent = Recent::default();
        let addresses: Vec<String> = (0..GENERATION + 1).map(|row| row.to_string()).collect();
        for address in &addresses {
            kept(&recent, address, "former");
        }
        let changed = [b"0".to_vec(), addresses[GENERATION].clone().into_bytes()];
        let since = recent.get(b"new").expect_err("it is not there");
        recent.forget(changed.iter());
        for address in &changed {
            assert!(recent.get(address).is_err());
        }
        // What was looked for before the change may be as it was before.
        recent.keep(since, b"new", &Found::new(b"former".to_vec()));
        assert!(recent.get(b"new").is_err());
        assert_eq!(recent.get(b"1").ok().unwrap().bytes(), b"former");
    }
}
