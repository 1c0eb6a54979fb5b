//! Whether a value passes unary tests, in three-valued logic (DMN 1.3 §10.3.2).

use super::compare::{equal, order};
use super::evaluate::Evaluation;
use super::sort::Sort;
use crate::EvaluationError;
use crate::expression::kind_of;
use crate::feel::{Operand, Order, Test, Tests};
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

impl Evaluation<'_> {
    /// Whether a value passes. What cannot be compared does not, and neither does its negation.
    /// `sort` is the type of which the value is said to be.
    pub(super) fn passes(
        &self,
        tests: &Tests,
        value: &Value,
        sort: Option<Sort>,
    ) -> Result<bool, EvaluationError> {
        self.spend(1)?;
        if tests.alternatives.is_empty() {
            return Ok(true);
        }
        let mut told = Some(false);
        for test in &tests.alternatives {
            told = match self.answer(test, value, sort)? {
                Some(true) => return Ok(!tests.negated),
                Some(false) => told,
                None => None,
            };
        }
        Ok(tests.negated && told == Some(false))
    }

    fn answer(
        &self,
        test: &Test<Operand>,
        value: &Value,
        sort: Option<Sort>,
    ) -> Result<Option<bool>, EvaluationError> {
        match test {
            Test::Is(operand) => {
                let wanted = self.operand(operand, value)?;
                if let (Some(denied), Value::Bool(holds)) = (&operand.denied, &*wanted) {
                    let told = match *holds || self.value(denied)? == Value::Bool(true) {
                        true => *holds,
                        false => return Ok(None),
                    };
                    let compared = match sort {
                        Some(sort) => sort == Sort::Truth,
                        None => matches!(value, Value::Bool(_) | Value::Null),
                    };
                    // What is true matches an input that it is no value of (DMN 1.4 §7.3.4).
                    return Ok(if compared { equal(&told.into(), value) } else { Some(told) });
                }
                match (&*wanted, value) {
                    (Value::Array(items), value) if !value.is_array() => {
                        Ok(Some(items.iter().any(|item| equal(item, value) == Some(true))))
                    }
                    (Value::Bool(_), Value::Bool(_) | Value::Null) => Ok(equal(&wanted, value)),
                    (Value::Bool(_), other) => {
                        let kind = kind_of(other);
                        Err(operand
                            .value
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
        operand: &Operand,
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
        operand: &'e Operand,
        value: &Value,
    ) -> Result<Cow<'e, Value>, EvaluationError> {
        if let Some(constant) = operand.value.constant() {
            let shorter = match (constant, value) {
                (Value::String(one), Value::String(two)) => one.len().min(two.len()),
                _ => 0,
            };
            self.spend(1 + shorter / 64)?;
            return Ok(Cow::Borrowed(constant));
        }
        let found = self.value(&operand.value)?;
        Ok(Cow::Owned(found))
    }
}
