//! The engine: what happens next in an instance of a process (BPMN 2.0.2 §13), decided without
//! clock, storage or chance.

mod apply;
mod arrivals;
mod catch;
mod command;
mod effect;
mod effort;
mod elements;
mod event;
mod instance;
mod key;
mod migrate;
mod operated;
mod path;
mod rejection;
mod scope;
mod step;
mod timer;
mod view;
mod walk;
mod write;

pub use catch::{Awaited, Catch, CatchId, Owner};
pub use command::Command;
pub use effect::{Effect, Version};
pub use effort::{FOR_EACH, MOST_PATHS, PATHS_FOR_EACH, STEP_BUDGET};
pub use elements::business_rule_task::DECISION_RESULT;
pub use elements::multi_instance::MOST_INSTANCES;
pub use elements::task::BACKOFF;
pub use elements::timer::TIMED_OUT;
pub use event::Event;
pub use instance::{Failure, Incident, Instance, Status};
pub use key::correlation_key;
pub use migrate::{Fate, Misfit, added, fates, flaws, migrate};
pub use operated::{Answerer, Handed, Hold, Move, NamedVersion, Renewal};
pub use path::{Moment, Path, PathId, PathState};
pub use rejection::Rejection;
pub use scope::{Done, Scope, ScopeId, ScopeKind};
pub use step::{Step, step};
pub use timer::{Timer, TimerId};
pub use walk::LARGEST_INSTANCE;
pub use write::Write;
