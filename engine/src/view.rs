//! The view: which variables an expression sees from where it stands.

use definitions::{EvaluationError, Input};
use serde_json::{Map, Value};

use crate::effort::Effort;
use crate::{Instance, ScopeId, Write};

/// Variables as an expression sees them: the answer of an activity hides the locals of its task,
/// those hide what an instance of a repeated activity was given, that hides the outputs evaluated so
/// far, those the properties of the node, these the ones of the activity that a boundary event is
/// beside, and these the variables of the scopes around, the innermost first, and of the process.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) answer: Option<&'a Map<String, Value>>,
    pub(crate) locals: Option<&'a Map<String, Value>>,
    pub(crate) given: Option<&'a Map<String, Value>>,
    pub(crate) outputs: &'a [Write],
    pub(crate) own: Option<&'a Map<String, Value>>,
    pub(crate) beside: Option<&'a Map<String, Value>>,
    pub(crate) instance: &'a Instance,
    pub(crate) scope: Option<ScopeId>,
    /// What looking costs is counted here.
    pub(crate) effort: &'a Effort,
}

impl<'a> View<'a> {
    /// The variables of a scope and of those around it.
    pub(crate) fn of(
        instance: &'a Instance,
        scope: Option<ScopeId>,
        effort: &'a Effort,
    ) -> View<'a> {
        let (answer, locals, given, own, beside) = (None, None, None, None, None);
        View { answer, locals, given, outputs: &[], own, beside, instance, scope, effort }
    }

    /// A variable of the work itself.
    fn inner(&self, name: &str) -> Option<&'a Value> {
        let mut maps = [self.answer, self.locals, self.given].into_iter().flatten();
        maps.find_map(|map| map.get(name))
    }

    fn output(&self, name: &str) -> Option<&'a Value> {
        let output = |write: &&Write| matches!(write.at.as_slice(), [only] if only == name);
        self.outputs.iter().rfind(output).map(|write| &write.value)
    }

    fn property(&self, name: &str) -> Option<&'a Value> {
        [self.own, self.beside].into_iter().flatten().find_map(|map| map.get(name))
    }
}

impl definitions::Scope for View<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.inner(name).or_else(|| self.output(name)).or_else(|| self.property(name)).or_else(
            || {
                let mut at = self.scope;
                while let Some(scope) = at.and_then(|scope| self.instance.scope(scope)) {
                    if let Some(value) = scope.variables.get(name) {
                        return Some(value);
                    }
                    at = scope.parent;
                }
                self.instance.variables().get(name)
            },
        )
    }

    fn local(&self, name: &str) -> Option<&Value> {
        let property = || self.property(name).map(|value| self.output(name).unwrap_or(value));
        self.inner(name).or_else(property)
    }

    fn spent(&self, work: usize) {
        self.effort.spend(work);
    }
}

/// About how much variables are to copy: one for each value, and for each 64 bytes of text.
pub(crate) fn weight(variables: &Map<String, Value>) -> usize {
    let (mut weight, mut open) = (0, variables.values().collect::<Vec<_>>());
    while let Some(value) = open.pop() {
        weight += 1;
        match value {
            Value::String(text) => weight += text.len() / 64,
            Value::Array(items) => open.extend(items),
            Value::Object(map) => open.extend(map.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    weight
}

/// The value of an input or output.
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

/// The text that a template comes to; numbers and truth values count as their spelling.
///
/// # Errors
/// What is wrong, in words: `what` names it.
pub(crate) fn text(
    template: &definitions::Template,
    view: &View<'_>,
    what: &str,
) -> Result<String, String> {
    match template.evaluate(view) {
        Ok(Value::String(text)) if !text.is_empty() => Ok(text),
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => Ok(value.to_string()),
        Ok(value) => Err(format!("{what} is a text, not {}", kind_of(&value))),
        Err(error) => Err(format!("{what}: {error}")),
    }
}

pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::String(_) => "an empty one",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
        Value::Bool(_) | Value::Number(_) => "a value",
    }
}
