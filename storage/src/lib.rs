//! Storage: where bytes rest. Rows, counters and sealed rows of many tenants, written in atomic, durable batches.

mod address;
mod batch;
mod committer;
mod counter;
mod drivers;
mod error;
mod folder;
mod key;
mod keyring;
mod range;
mod sealed;
mod space;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod unit;

pub use batch::Batch;
pub use counter::Counter;
pub use drivers::Driver;
pub use error::Error;
pub use key::{Key, KeyReader};
pub use range::Range;
pub use sealed::{Seal, SealedTable};
pub use space::Space;
pub use store::Store;
pub use table::{Table, Upgrade};
pub use unit::Unit;
