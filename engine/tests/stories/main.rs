//! Stories of the engine: a process, a script, and the trace of what happened.

mod check;
mod course;
mod script;
