//! Whole identity stores as lines of JSON: brought in a part at a time, and handed out page by page.
//!
//! One line is one user, [`UserLine`], in both directions. A user is known again by `id`, or else by `externalId`; who
//! is there already is changed as far as the line says something else, so a file can be imported as often as one
//! likes. A passcode is only brought to a user who has none under its policy: one that was changed since stays.
//!
//! An import keeps how far it is in the same commit as the users, see [`Import`]. Whoever is cut off sends the same
//! lines under the same identifier again: those that were read are passed over.
//!
//! An export has no secrets unless it is begun with them. With them it has the verifiers of passcodes, from which
//! weak passcodes can be guessed by trying, and imported hashes that nobody has signed in with so far. TOTPs, passkeys
//! and recovery codes are not exported: their secrets stay in the store.

mod export;
mod import;
mod line;

pub use export::UserExport;
pub use import::{Import, ImportFailure, ImportStatus, LONGEST_LINE};
pub use line::{PasscodeLine, UserLine, VerifierLine};

#[cfg(test)]
mod tests;
