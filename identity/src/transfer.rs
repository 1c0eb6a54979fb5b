//! Whole identity stores as lines of JSON: brought in a part at a time, and handed out page by page.
//!
//! One line is one user, [`UserLine`], in both directions. A user is known again by `id`, or else by `externalId`; who
//! is there already is changed as far as the line says something else, so a file can be imported as often as one
//! likes: it takes no lock off, enables nobody and makes nobody pending again. A passcode, a TOTP or a set of recovery
//! codes is only brought to a user who has none under its policy, and a passkey to one who does not have it: what was
//! changed since stays.
//!
//! An import keeps how far it is in the same commit as the users, see [`Import`]. Whoever is cut off sends the same
//! lines under the same identifier again: those that were read are passed over, and lines that are not the same are
//! refused, as are those of users who are gone, so that nobody can try out what was said of them. Reports name no value
//! of a line, and are kept as long as the records of the store.
//!
//! An export has no secrets unless it is begun with them. With them it has the verifiers of passcodes and of those before them, from which
//! weak passcodes can be guessed by trying, imported hashes that nobody has signed in with so far, the secrets of TOTPs
//! and the hashes of recovery codes. Passkeys are in every export: the store has their public halves alone.

mod credentials;
mod digests;
mod export;
mod import;
mod kept;
mod line;
mod reason;

pub use credentials::{PasskeyLine, RecoveryCodesLine, TotpLine};
pub use export::UserExport;
pub use import::{Import, ImportFailure, ImportStatus, LONGEST_LINE};
pub use line::{PasscodeLine, UserLine, VerifierLine};

#[cfg(test)]
mod tests;
