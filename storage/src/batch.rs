//! A batch: what is written together, and what must still be true for it.

use std::collections::BTreeMap;

use crate::address::Address;
use crate::counter::CellChange;

/// Writes that happen together or not at all, with what the deciding reads saw.
///
/// A batch is made from a [`Unit`](crate::Unit); several of them, also of several tenants, may be joined into one.
#[derive(Debug, Default)]
pub struct Batch {
    /// The version that each row must still have; `None`: it must still be absent.
    pub(crate) expectations: Vec<(Address, Option<u64>)>,
    /// Rows to write, and with `None` to remove.
    pub(crate) rows: BTreeMap<Address, Option<Vec<u8>>>,
    /// Changes of counter cells, in order.
    pub(crate) cells: Vec<(Address, CellChange)>,
}

impl Batch {
    /// A batch that writes nothing.
    pub fn new() -> Batch {
        Batch::default()
    }

    /// Takes the other batch's expectations and writes into this one; of two writes to one row the other's remains.
    /// All expectations are about the rows before the joined batch.
    pub fn join(&mut self, other: Batch) {
        self.expectations.extend(other.expectations);
        self.rows.extend(other.rows);
        self.cells.extend(other.cells);
    }

    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.cells.is_empty()
    }

    /// About how many bytes it writes.
    pub(crate) fn weight(&self) -> usize {
        let row = |(address, row): (&Address, &Option<Vec<u8>>)| {
            address.bytes.len() + row.as_ref().map_or(0, Vec::len)
        };
        self.rows.iter().map(row).sum::<usize>() + self.cells.len() * 64
    }
}
