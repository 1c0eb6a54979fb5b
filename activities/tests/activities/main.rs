//! The activities, seen through the doors that the runtime uses.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod catalog;
mod decision;
mod declaration;
mod form;
mod limits;
mod page;
mod passcode;
mod passkey;
mod renewal;
mod scene;
mod totp;
mod user;
