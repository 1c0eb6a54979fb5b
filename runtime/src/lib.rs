//! Makes journeys happen: loads an instance, lets the engine decide, runs the activities, commits
//! once; fires what falls due; keeps definitions, forms and process tokens.

mod advance;
mod alarm;
mod answer;
mod apart;
mod cache;
mod call;
mod check;
mod clock;
mod correlation;
mod decision;
mod definition;
mod deployment;
mod duration;
mod error;
mod form;
mod history;
mod identifier;
mod instance;
mod journey;
mod lane;
mod listing;
mod message;
mod missing;
mod open;
mod operation;
mod outcome;
mod patience;
mod process_token;
mod related;
mod resource;
mod retention;
mod screen;
mod search;
mod seed;
mod signal;
mod tenant;
mod timers;
mod trigger;
mod turns;
mod upkeep;
mod warning;
mod work;

pub use apart::apart;
pub use clock::{Clock, ClockMove};
pub use correlation::{Correlated, NewMessage};
pub use decision::{DecisionFile, NewDecision};
pub use definition::{Definition, NewDefinition, Source};
pub use error::Error;
pub use form::{CustomForm, NewForm};
pub use history::{History, HistoryEvent, HistoryQuery};
pub use instance::{Incident, InstanceView};
pub use journey::{Answer, Created};
pub use lane::{LaneAsk, LaneProof};
pub use listing::{Listing, Page};
pub use message::MessageView;
pub use open::{Figures, OpenError, Runtime, Settings, catalog};
pub use operation::incident::{Dealt, IncidentFilter, IncidentView};
pub use operation::migration::{MigratedElement, Migration, MigrationPlan};
pub use operation::modification::Modification;
pub use operation::state::{
    AwaitedView, InstanceState, PathView, ScopeView, Suspension, TimerView,
};
pub use operation::user_task::{TaskFilter, UserTask, UserTaskForm, Whose};
pub use operation::variable::{ScopeVariables, Variables};
pub use operation::{Failed, Tally};
pub use outcome::InstanceStatus;
pub use process_token::{NewToken, Token, TokenStatus, TokenType};
pub use resource::VersionStatus;
pub use retention::Retention;
pub use screen::{Languages, Outcome, Presented, Screen};
pub use search::Search;
pub use seed::Link;
pub use signal::Broadcast;
pub use storage::{Driver, MasterKey, MasterKeys, Rotation};
pub use tenant::Tenant;
pub use trigger::StartedByCondition;
pub use turns::Turn;
pub use warning::{PathStep, Warning};

pub(crate) use open::Inner;

#[cfg(test)]
mod tests;
