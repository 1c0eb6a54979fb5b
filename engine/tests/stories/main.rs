//! Stories of the engine: a process, a script, and the trace of what happened.

#![allow(clippy::unwrap_used)]

mod ad_hoc;
mod awaiting;
mod budget;
mod check;
mod clocks;
mod compensation;
mod complex;
mod conditions;
mod course;
mod crowds;
mod ends;
mod errors;
mod errors_outwards;
mod event_sub_processes;
mod faults;
mod gateways;
mod generated;
mod hostile;
mod inclusive;
mod joins;
mod late_beginnings;
mod lives;
mod loops;
mod made;
mod messages;
mod migration;
mod modifications;
mod multiple;
mod names;
mod orders;
mod refusals;
mod repetition;
mod schedules;
mod script;
mod snapshot;
mod starts;
mod sub_process_events;
mod sub_processes;
mod tasks;
mod timers;
mod told;
mod transactions;
mod undoing;
mod variables;
