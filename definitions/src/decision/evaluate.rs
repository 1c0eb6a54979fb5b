//! The evaluation of a decision: first what it requires, within one budget for all of it.

use super::shape::Answer;
use super::{Body, Decision, Logic, ResultShape, Sort};
use crate::expression::{LARGEST_VALUE, size};
use crate::{EvaluationError, Expression, Scope};
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeMap;

/// What one decision with all that it requires may cost in steps.
const STEPS: usize = 2_000_000;
/// How many bytes the results of the required decisions may take together.
const BYTES: usize = 8 * LARGEST_VALUE;

impl Decision {
    /// Evaluates the decision, after those that it requires, in the shape of its own.
    ///
    /// One output gives its value, several give a map; policies that let several rules match give
    /// a list, or what they are aggregated to. Without a match a single result is the default
    /// output or null, and several are an empty list.
    ///
    /// # Errors
    /// An expression that cannot be evaluated, an input or output of the wrong type, a match that
    /// the hit policy does not allow, or a limit reached.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Value, EvaluationError> {
        self.evaluate_as(scope, None)
    }

    /// Evaluates the decision in a shape that is asked for.
    ///
    /// # Errors
    /// As for `evaluate`, and more rules or outputs than the shape takes.
    pub fn evaluate_as(
        &self,
        scope: &dyn Scope,
        shape: Option<ResultShape>,
    ) -> Result<Value, EvaluationError> {
        let steps = Cell::new(STEPS);
        let mut results: BTreeMap<usize, Value> = BTreeMap::new();
        let mut bytes = BYTES;
        for place in &self.order {
            let body = &self.file[*place];
            let known = Known { scope, body, results: &results };
            let answer = Evaluation { body, scope: &known, steps: &steps }.found()?;
            let shape = shape.filter(|_| *place == self.own);
            let result = answer.shaped(shape).map_err(|message| failure(body, message))?;
            let left = bytes.checked_sub(size(&result, BYTES));
            bytes = left.ok_or_else(|| failure(body, "the results become too large".into()))?;
            results.insert(*place, result);
        }
        Ok(results.remove(&self.own).unwrap_or_default())
    }
}

/// The variables of the process and the results of the required decisions.
struct Known<'a> {
    scope: &'a dyn Scope,
    body: &'a Body,
    results: &'a BTreeMap<usize, Value>,
}

impl Known<'_> {
    fn result(&self, name: &str) -> Option<&Value> {
        let named = |required: &&super::Required| required.names.iter().any(|own| own == name);
        let required = self.body.requires.iter().find(named)?;
        self.results.get(&required.place)
    }
}

impl Scope for Known<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.result(name).or_else(|| self.scope.variable(name))
    }

    fn local(&self, name: &str) -> Option<&Value> {
        self.result(name).or_else(|| self.scope.local(name))
    }
}

/// The evaluation of one decision.
pub(super) struct Evaluation<'a> {
    body: &'a Body,
    scope: &'a dyn Scope,
    steps: &'a Cell<usize>,
}

impl<'a> Evaluation<'a> {
    fn found(&self) -> Result<Answer<'a>, EvaluationError> {
        match &self.body.logic {
            Logic::Table(table) => self.table(table),
            Logic::Literal { expression, sort } => {
                let value = self.value(expression)?;
                match Sort::complaint(*sort, &value) {
                    Some(complaint) => Err(self.fails(format!("the result {complaint}"))),
                    None => {
                        let (names, rows) = (vec![self.body.variable.as_str()], vec![vec![value]]);
                        Ok(Answer { names, rows, single: true })
                    }
                }
            }
        }
    }

    /// The value of an expression; its size is spent too.
    pub(super) fn value(&self, expression: &Expression) -> Result<Value, EvaluationError> {
        let value = expression.evaluate_within(self.scope, self.steps)?;
        self.spend(1 + size(&value, LARGEST_VALUE) / 64)?;
        Ok(value)
    }

    pub(super) fn spend(&self, steps: usize) -> Result<(), EvaluationError> {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.ok_or_else(|| self.fails("the decision takes too many steps".into()))?);
        Ok(())
    }

    pub(super) fn fails(&self, message: String) -> EvaluationError {
        failure(self.body, message)
    }
}

fn failure(body: &Body, message: String) -> EvaluationError {
    EvaluationError::new(&format!("the decision {}", body.id), 0, message)
}
