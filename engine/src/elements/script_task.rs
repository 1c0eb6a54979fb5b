//! Script task (BPMN 2.0.2 §10.3.3, §13.3.3): an expression is evaluated, and its value may go to a
//! variable.

use definitions::{Activity, Template};
use serde_json::{Map, Value};

use super::{activity, completion};
use crate::Moment;
use crate::walk::{Visit, Walk};

/// The local variable by which output mappings find the value.
pub(crate) const RESULT: &str = "result";

/// Evaluates the script and goes on. The value is the local `result` of the output mappings too.
///
/// A script without a value is an incident, and is evaluated again when that is retried.
pub(crate) fn run<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    script: &Template,
) {
    match script.evaluate(&activity::within(walk, visit.path)) {
        Ok(value) => {
            let answer: Map<String, Value> = [(RESULT.to_owned(), value)].into_iter().collect();
            completion::complete(walk, visit, activity, answer);
        }
        Err(error) => walk.stop(visit, Moment::Running, format!("script: {error}")),
    }
}
