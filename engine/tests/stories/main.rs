//! Stories of the engine: a process, a script, and the trace of what happened.

#![allow(clippy::unwrap_used)]

mod budget;
mod check;
mod course;
mod errors;
mod faults;
mod gateways;
mod refusals;
mod schedules;
mod script;
mod snapshot;
mod timers;
mod variables;
