//! The view: which variables an expression sees from where it stands.

use definitions::{EvaluationError, Input, Scope};
use serde_json::{Map, Value};

use crate::Write;

/// Variables as an expression sees them: the answer of an activity hides the locals of its task,
/// those hide the outputs evaluated so far, and those the process variables.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) answer: Option<&'a Map<String, Value>>,
    pub(crate) locals: Option<&'a Map<String, Value>>,
    pub(crate) outputs: &'a [Write],
    pub(crate) variables: &'a Map<String, Value>,
}

impl<'a> View<'a> {
    /// The process variables alone.
    pub(crate) fn of(variables: &'a Map<String, Value>) -> View<'a> {
        View { answer: None, locals: None, outputs: &[], variables }
    }
}

impl Scope for View<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        let output = |write: &&Write| matches!(write.at.as_slice(), [only] if only == name);
        self.local(name)
            .or_else(|| self.outputs.iter().rfind(output).map(|write| &write.value))
            .or_else(|| self.variables.get(name))
    }

    fn local(&self, name: &str) -> Option<&Value> {
        self.answer
            .and_then(|map| map.get(name))
            .or_else(|| self.locals.and_then(|map| map.get(name)))
    }
}

/// The value of a task's input or output.
pub(crate) fn evaluate(input: &Input, view: &View<'_>) -> Result<Value, EvaluationError> {
    match input {
        Input::Template(template) => template.evaluate(view),
        Input::List(items) => items
            .iter()
            .map(|item| evaluate(item, view))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        Input::Map(entries) => {
            let entry = |(key, input): &(String, Input)| Ok((key.clone(), evaluate(input, view)?));
            entries.iter().map(entry).collect::<Result<_, _>>().map(Value::Object)
        }
    }
}
