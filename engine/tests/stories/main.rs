//! Stories of the engine: a process, a script, and the trace of what happened.

#![allow(clippy::unwrap_used)]

mod budget;
mod check;
mod complex;
mod course;
mod errors;
mod errors_outwards;
mod faults;
mod gateways;
mod inclusive;
mod joins;
mod names;
mod refusals;
mod schedules;
mod script;
mod snapshot;
mod sub_processes;
mod timers;
mod variables;
