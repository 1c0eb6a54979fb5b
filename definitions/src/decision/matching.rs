//! Whether a value passes unary tests, in three-valued logic (DMN 1.3 §10.3.2).

use super::compare::{equal, order};
use super::evaluate::Evaluation;
use crate::expression::kind_of;
use crate::feel::{Order, Test, Tests};
use crate::{EvaluationError, Expression};
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

impl Evaluation<'_> {
    /// Whether a value passes. What cannot be compared does not, and neither does its negation.
    pub(super) fn passes(&self, tests: &Tests, value: &Value) -> Result<bool, EvaluationError> {
        self.spend(1)?;
        if tests.alternatives.is_empty() {
            return Ok(true);
        }
        let mut told = Some(false);
        for test in &tests.alternatives {
            told = match self.answer(test, value)? {
                Some(true) => return Ok(!tests.negated),
                Some(false) => told,
                None => None,
            };
        }
        Ok(tests.negated && told == Some(false))
    }

    fn answer(
        &self,
        test: &Test<Expression>,
        value: &Value,
    ) -> Result<Option<bool>, EvaluationError> {
        match test {
            Test::Is(operand) => {
                let wanted = self.operand(operand, value)?;
                match (&*wanted, value) {
                    (Value::Array(items), value) if !value.is_array() => {
                        Ok(Some(items.iter().any(|item| equal(item, value) == Some(true))))
                    }
                    (Value::Bool(_), Value::Bool(_) | Value::Null) => Ok(equal(&wanted, value)),
                    (Value::Bool(_), other) => {
                        let kind = kind_of(other);
                        Err(operand
                            .fails(format!("the test is true or false, but the input is {kind}")))
                    }
                    _ => Ok(equal(&wanted, value)),
                }
            }
            Test::Compare(order, operand) => self.compares(*order, operand, value),
            Test::Between((from, low), (to, high)) => {
                let low = self.compares(*from, low, value)?;
                let high = self.compares(*to, high, value)?;
                Ok(match (low, high) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                })
            }
        }
    }

    fn compares(
        &self,
        wanted: Order,
        operand: &Expression,
        value: &Value,
    ) -> Result<Option<bool>, EvaluationError> {
        let end = self.operand(operand, value)?;
        Ok(order(value, &end).map(|found| match wanted {
            Order::Less => found == Ordering::Less,
            Order::LessOrEqual => found != Ordering::Greater,
            Order::Greater => found == Ordering::Greater,
            Order::GreaterOrEqual => found != Ordering::Less,
        }))
    }

    /// The value of an operand; what comparing it with another may cost is spent.
    fn operand<'e>(
        &self,
        operand: &'e Expression,
        value: &Value,
    ) -> Result<Cow<'e, Value>, EvaluationError> {
        if let Some(constant) = operand.constant() {
            let shorter = match (constant, value) {
                (Value::String(one), Value::String(two)) => one.len().min(two.len()),
                _ => 0,
            };
            self.spend(1 + shorter / 64)?;
            return Ok(Cow::Borrowed(constant));
        }
        let found = self.value(operand)?;
        Ok(Cow::Owned(found))
    }
}
