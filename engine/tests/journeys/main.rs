//! Stories of the shipped journeys: the happy path of each, its detours and its time-outs.

#![allow(clippy::unwrap_used)]

mod care;
mod catalog;
mod checks;
mod passkeys;
mod recovery;
mod registration;
mod story;
