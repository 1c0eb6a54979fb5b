//! Storage: where bytes rest. Rows, counters and sealed rows of many tenants, written in atomic, durable batches.
//!
//! A [`Store`] is opened once. Whoever works for a tenant holds its [`Space`], begins a [`Unit`] of work there, reads
//! and writes rows of the [`Table`]s that the domain declares, and commits: all of it is on the disk when
//! [`Unit::commit`] returns, or nothing is. Rows that the unit found are expected unchanged; if they are not, the
//! commit is an [`Error::Conflict`], and the work is to be decided again.
//!
//! Commits that come at once share a sync: one thread owns all writes, checks the commits of a group one after the
//! other, writes them together and then answers each. Reads take place where they are asked for, and see the rows of
//! all acknowledged commits and of no other. After a write or sync that failed the store takes no more commits; what
//! it had acknowledged stays readable, and is there again when the folder is opened anew.

mod address;
mod batch;
mod committer;
mod counter;
mod drivers;
mod error;
mod folder;
mod key;
mod keyring;
mod master;
mod range;
mod sealed;
mod space;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod unit;

pub use batch::Batch;
pub use committer::in_background;
pub use counter::Counter;
pub use drivers::Driver;
pub use error::Error;
pub use key::{Key, KeyReader};
pub use master::{MasterKey, MasterKeys};
pub use range::Range;
pub use sealed::{Seal, SealedTable};
pub use space::Space;
pub use store::{Rotation, Store};
pub use table::{Table, Upgrade};
pub use unit::Unit;
