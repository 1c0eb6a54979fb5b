//! The engine: what happens next in an instance of a process (BPMN 2.0.2 §13), decided without
//! clock, storage or chance.

mod command;
mod effect;
mod elements;
mod event;
mod instance;
mod path;
mod rejection;
mod step;
mod timer;
mod view;
mod walk;
mod write;

pub use command::Command;
pub use effect::Effect;
pub use elements::task::BACKOFF;
pub use elements::timer_boundary::TIMED_OUT;
pub use event::Event;
pub use instance::{Incident, Instance, Status};
pub use path::{Moment, Path, PathId, PathState};
pub use rejection::Rejection;
pub use step::{Step, step};
pub use timer::{Timer, TimerId};
pub use walk::STEP_BUDGET;
pub use write::Write;
