//! Decision tables: which rules match, and what the hit policy makes of them (DMN 1.3 §8.2.10).

use super::aggregate::aggregated;
use super::compare::equal;
use super::evaluate::Evaluation;
use super::shape::Answer;
use super::{Input, Output, Policy, Rule, Sort, Table};
use crate::expression::{LARGEST_VALUE, size};
use crate::{EvaluationError, Expression};
use serde_json::Value;

type Outcome<T> = Result<T, EvaluationError>;

/// A rule that matched: its place, and the values of its outputs.
type Hit = (usize, Vec<Value>);

impl Evaluation<'_> {
    pub(super) fn table<'t>(&self, table: &'t Table) -> Outcome<Answer<'t>> {
        let names = table.outputs.iter().map(|output| output.name.as_str()).collect();
        let matched = self.matched(table)?;
        if table.policy == Policy::Unique && matched.len() > 1 {
            let rules = named(table, &matched);
            return Err(self.fails(format!("{rules} match, but UNIQUE lets one rule match")));
        }
        let mut hits: Vec<Hit> = Vec::new();
        let mut bytes = 0;
        for place in matched {
            let values = self.outputs(table, place)?;
            bytes += values.iter().map(|value| size(value, LARGEST_VALUE)).sum::<usize>();
            if bytes > LARGEST_VALUE {
                return Err(self.fails("the result is too large".into()));
            }
            hits.push((place, values));
        }
        if table.policy.is_ranked() {
            let mut ranked = Vec::with_capacity(hits.len());
            for hit in hits {
                ranked.push((ranks(table, &hit.1), hit));
            }
            ranked.sort_by(|(one, _), (two, _)| one.cmp(two));
            hits = ranked.into_iter().map(|(_, hit)| hit).collect();
        }
        if table.policy == Policy::Any {
            self.agree(table, &hits)?;
        }
        if let Policy::Collect(Some(aggregation)) = table.policy {
            let places: Vec<usize> = hits.iter().map(|(place, _)| *place).collect();
            let values: Vec<Value> = hits.into_iter().flat_map(|(_, values)| values).collect();
            let rule = |at: usize| places.get(at).map(|p| name_of(table, *p)).unwrap_or_default();
            let whole = aggregated(aggregation, &values, rule).map_err(|m| self.fails(m))?;
            let rows = if whole.is_null() { Vec::new() } else { vec![vec![whole]] };
            return Ok(Answer { names, rows, single: true });
        }
        let mut rows: Vec<Vec<Value>> = hits.into_iter().map(|(_, values)| values).collect();
        let single = table.policy.is_single();
        if single {
            rows.truncate(1);
            if rows.is_empty() {
                rows.extend(self.default(table)?);
            }
        }
        Ok(Answer { names, rows, single })
    }

    /// The places of the rules that match.
    fn matched(&self, table: &Table) -> Outcome<Vec<usize>> {
        let mut values = Vec::with_capacity(table.inputs.len());
        for input in &table.inputs {
            values.push(self.input(input)?);
        }
        let sorts: Vec<Option<Sort>> = table.inputs.iter().map(|input| input.sort).collect();
        let mut matched = Vec::new();
        for (place, rule) in table.rules.iter().enumerate() {
            if self.matches(rule, &values, &sorts).map_err(|error| at_rule(table, place, error))? {
                matched.push(place);
                if table.policy == Policy::First {
                    break;
                }
            }
        }
        Ok(matched)
    }

    fn matches(&self, rule: &Rule, values: &[Value], sorts: &[Option<Sort>]) -> Outcome<bool> {
        for ((tests, value), sort) in rule.tests.iter().zip(values).zip(sorts) {
            if !self.passes(tests, value, *sort)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn input(&self, input: &Input) -> Outcome<Value> {
        let Input { label, expression, sort, allowed } = input;
        let named = |mut error: EvaluationError| {
            error.message = format!("the input {label}: {}", error.message);
            error
        };
        let value = self.value(expression).map_err(named)?;
        if let Some(complaint) = Sort::complaint(*sort, &value) {
            return Err(self.fails(format!("the input {label} {complaint}")));
        }
        if let Some(allowed) = allowed
            && !value.is_null()
            && !self.passes(allowed, &value, *sort).map_err(named)?
        {
            let shown = crate::excerpt(&value.to_string());
            return Err(self.fails(format!("the input {label} is {shown}, which is not allowed")));
        }
        Ok(value)
    }

    fn outputs(&self, table: &Table, place: usize) -> Outcome<Vec<Value>> {
        let rule = &table.rules[place];
        let mut values = Vec::with_capacity(table.outputs.len());
        for (output, entry) in table.outputs.iter().zip(&rule.outputs) {
            let value = self.output(output, entry).map_err(|e| at_rule(table, place, e))?;
            values.push(value);
        }
        Ok(values)
    }

    fn output(&self, output: &Output, entry: &Expression) -> Outcome<Value> {
        let value = self.value(entry)?;
        match output.complaint(&value) {
            Some(complaint) => Err(self.fails(complaint)),
            None => Ok(value),
        }
    }

    /// What is given where no rule matches, if anything is.
    fn default(&self, table: &Table) -> Outcome<Option<Vec<Value>>> {
        if table.outputs.iter().all(|output| output.default.is_none()) {
            return Ok(None);
        }
        let mut values = Vec::with_capacity(table.outputs.len());
        for output in &table.outputs {
            values.push(match &output.default {
                Some(entry) => self.output(output, entry)?,
                None => Value::Null,
            });
        }
        Ok(Some(values))
    }

    fn agree(&self, table: &Table, hits: &[Hit]) -> Outcome<()> {
        let Some(((first, wanted), others)) = hits.split_first() else { return Ok(()) };
        for (place, values) in others {
            let mut pairs = values.iter().zip(wanted);
            if !pairs.all(|(one, two)| equal(one, two) == Some(true)) {
                let rules = named(table, &[*first, *place]);
                let message = format!(
                    "{rules} match with different outputs, but ANY lets all \
                                       rules that match say the same"
                );
                return Err(self.fails(message));
            }
        }
        Ok(())
    }
}

impl Output {
    /// What is wrong with a value of this output, if anything is.
    pub(super) fn complaint(&self, value: &Value) -> Option<String> {
        let name = match self.name.as_str() {
            "" => "the output".to_owned(),
            name => format!("the output {}", crate::excerpt(name)),
        };
        if let Some(complaint) = Sort::complaint(self.sort, value) {
            return Some(format!("{name} {complaint}"));
        }
        let known = self.values.is_empty() || value.is_null() || self.rank(value).is_some();
        let shown = crate::excerpt(&value.to_string());
        (!known).then(|| format!("{name} is {shown}, which is none of its output values"))
    }

    /// The place of a value among the output values.
    fn rank(&self, value: &Value) -> Option<usize> {
        self.values.iter().position(|known| equal(known, value) == Some(true))
    }
}

/// The places of the values among the output values, the first output before the second; null
/// comes last.
fn ranks(table: &Table, values: &[Value]) -> Vec<usize> {
    let ranked = table.outputs.iter().zip(values).filter(|(output, _)| !output.values.is_empty());
    ranked.map(|(output, value)| output.rank(value).unwrap_or(usize::MAX)).collect()
}

/// The rules by their numbers, counted from 1, and by their ids.
fn named(table: &Table, places: &[usize]) -> String {
    const MOST: usize = 5;
    let mut names: Vec<String> =
        places.iter().take(MOST).map(|place| name_of(table, *place)).collect();
    let last = match places.len().checked_sub(MOST) {
        Some(more @ 1..) => format!("{more} more"),
        _ => names.pop().unwrap_or_default(),
    };
    format!("{} and {last}", names.join(", "))
}

fn name_of(table: &Table, place: usize) -> String {
    let id = table.rules.get(place).map(|rule| crate::excerpt(&rule.id)).unwrap_or_default();
    let number = place + 1;
    if id.is_empty() { format!("rule {number}") } else { format!("rule {number} ({id})") }
}

fn at_rule(table: &Table, place: usize, mut error: EvaluationError) -> EvaluationError {
    error.message = format!("{}: {}", name_of(table, place), error.message);
    error
}
