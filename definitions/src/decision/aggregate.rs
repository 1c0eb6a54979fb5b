//! What COLLECT makes of several outputs (DMN 1.3 §8.2.10).

use super::Aggregation;
use crate::expression::{Numeric, compare, kind_of, numeric};
use serde_json::Value;
use std::cmp::Ordering;

/// Aggregates the outputs of rules; nothing aggregates to null, and counts 0.
pub(super) fn aggregated(
    aggregation: Aggregation,
    values: &[Value],
    rule: impl Fn(usize) -> String,
) -> Result<Value, String> {
    if aggregation == Aggregation::Count {
        return Ok(values.len().into());
    }
    let mut whole: Option<Numeric> = None;
    for (at, value) in values.iter().enumerate() {
        let Value::Number(number) = value else {
            let (rule, kind) = (rule(at), kind_of(value));
            return Err(format!("{rule} gives {kind}, but {} takes numbers", aggregation.name()));
        };
        let next = numeric(number);
        whole = Some(match whole {
            None => next,
            Some(before) => aggregation.joined(before, next)?,
        });
    }
    whole.map_or(Ok(Value::Null), Numeric::value)
}

impl Aggregation {
    fn joined(self, before: Numeric, next: Numeric) -> Result<Numeric, String> {
        let order = compare(next, before);
        Ok(match (self, before, next) {
            (Aggregation::Min, ..) => {
                if order == Some(Ordering::Less) {
                    next
                } else {
                    before
                }
            }
            (Aggregation::Max, ..) => {
                if order == Some(Ordering::Greater) {
                    next
                } else {
                    before
                }
            }
            (_, Numeric::Whole(one), Numeric::Whole(two)) => {
                Numeric::Whole(one.checked_add(two).ok_or("the sum is too large")?)
            }
            _ => Numeric::Real(before.real() + next.real()),
        })
    }

    pub(super) fn name(self) -> &'static str {
        let known = super::AGGREGATIONS.iter().find(|(_, aggregation)| *aggregation == self);
        known.map_or("", |(name, _)| name)
    }
}
