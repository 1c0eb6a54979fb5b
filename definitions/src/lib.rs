//! What a process is: BPMN 2.0 XML and YAML are read into one checked graph, a `Process`.

mod catalog;
mod expression;
mod flaw;
mod meaning;
mod process;
mod template;
mod timer;

pub use catalog::{ActivityShape, Catalog, ParameterKind, ParameterShape};
pub use expression::{EvaluationError, Expression, ExpressionFlaw, Scope};
pub use flaw::Flaw;
pub use process::{
    Boundary, Flow, Input, Kind, Node, NodeId, Place, Process, Task, TaskKind, Trigger,
};
pub use template::Template;
pub use timer::Timer;

/// The beginning of a text, short enough for a message.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
