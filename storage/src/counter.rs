//! Counters: cells that many writers raise at once without ever conflicting.

use crate::Key;
use crate::address::{Address, Kind};

/// A set of `u64` cells, declared as a constant; a cell that was never raised is 0.
///
/// Adding commutes, so two units of work that raise the same cell never conflict.
#[derive(Debug)]
pub struct Counter {
    name: &'static str,
}

impl Counter {
    /// A counter whose cells belong to tenants.
    pub const fn new(name: &'static str) -> Counter {
        Counter { name }
    }

    /// The name of the counter.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn address(&self, tenant: &str, key: &Key) -> Address {
        Address::new(Kind::Cell, tenant, self.name, key)
    }
}

/// A change of one cell.
#[derive(Clone, Debug)]
pub(crate) enum CellChange {
    /// Raises the cell; over the bound nothing is written.
    Add { by: u64, at_most: Option<u64> },
    /// Removes the cell, so that it is 0 again.
    Remove,
}

impl CellChange {
    /// What the cell holds afterwards; `None` when the bound, or the largest number, would be passed.
    pub(crate) fn apply(&self, present: u64) -> Option<u64> {
        match *self {
            CellChange::Add { by, at_most } => {
                present.checked_add(by).filter(|sum| at_most.is_none_or(|bound| *sum <= bound))
            }
            CellChange::Remove => Some(0),
        }
    }
}

pub(crate) fn cell_value(address: &Address, bytes: Option<&[u8]>) -> Result<u64, crate::Error> {
    match bytes {
        None => Ok(0),
        Some(bytes) => match bytes.try_into() {
            Ok(bytes) => Ok(u64::from_be_bytes(bytes)),
            Err(_) => Err(address.corrupt(format!("a cell has 8 bytes, this one {}", bytes.len()))),
        },
    }
}
