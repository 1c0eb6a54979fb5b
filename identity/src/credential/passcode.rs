//! Passcodes: registered and verified in two halves each by SRP, so that a passcode never leaves the page.
//!
//! A ceremony starts with what the page needs for its arithmetic (`i`, salt, the server's public key) and a session;
//! it is completed with what the page computed. What has to be remembered between the halves is a sealed row of
//! the store that can be used once, within fifteen minutes or as long as the journey lasts that it belongs to. The
//! exact bytes of every value are those of [`srp`](crate::credential::srp): see there before writing a client.
//!
//! A renewal is an authentication with the present passcode, expired or not, and a registration of the next in one
//! ceremony. Whether a new passcode is one of the former ones is known without seeing any: see [`history`].
//!
//! An authentication that is started *blindly* tells a stranger nothing. For a user who is unknown or has no
//! passcode, `i` and salt are derived from the name with a secret of the tenant, so that they stay the same for
//! ever; a user who is locked, disabled or whose passcode has expired keeps the real ones. In each case the same
//! arithmetic is done, and the session can only fail, with the one answer that every failure has.

mod algorithm;
mod attempt;
mod authentication;
mod ceremony;
mod check;
mod decoy;
mod dictionary;
mod hash;
mod history;
mod imported;
mod lane;
mod managed;
mod policies;
mod registered;
mod registration;
mod renewal;
mod replaced;
mod response;
mod session;
mod stand_in;

pub use algorithm::{AlgorithmInfo, AlgorithmParameters};
pub use attempt::{Attempt, Examined, Unfit, Verdict};
pub use authentication::{Manner, Offer, Opening, PasscodeAuthentication};
pub use check::{CheckFinding, CheckLine, CheckedPasscode, PasscodeCheck};
pub use history::FormerPasscode;
pub(crate) use history::MOST_HISTORY;
pub use lane::{LanePasscode, LaneStep, LaneVerdict};
pub use managed::PasscodeChange;
pub use policies::NamedPasscodePolicy;
pub use registered::{PasscodeStatus, PasscodeSummary};
pub use registration::PasscodeRegistration;
pub use renewal::PasscodeRenewal;
pub use response::{BrowserResponse, ClientProof, NewPasscode};
pub(crate) use stand_in::{Sought, Target, key as stand_in_key, letter_of};

use sha2::Sha256;
use srp::groups::G_2048;

use crate::credential::srp::Srp;

/// The product's SRP: the 2048-bit group of RFC 5054 appendix A with SHA-256.
fn exchange() -> Srp<Sha256> {
    Srp::new(&G_2048)
}

#[cfg(test)]
mod tests;
