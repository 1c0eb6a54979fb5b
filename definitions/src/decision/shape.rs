//! What the rules of a decision give, and the shapes in which a task may ask for it.

use crate::expression::LARGEST_VALUE;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The shape in which a task asks for the result of a decision, in the words of Camunda 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ResultShape {
    /// The value of the only output of the only rule; null without a rule.
    SingleEntry,
    /// A map of the outputs of the only rule; null without a rule.
    SingleResult,
    /// A list of the values of the only output.
    CollectEntries,
    /// A list of maps of the outputs.
    ResultList,
}

const WORDS: [(&str, ResultShape); 4] = [
    ("singleEntry", ResultShape::SingleEntry),
    ("singleResult", ResultShape::SingleResult),
    ("collectEntries", ResultShape::CollectEntries),
    ("resultList", ResultShape::ResultList),
];

impl ResultShape {
    pub(crate) fn named(word: &str) -> Option<ResultShape> {
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, shape)| *shape)
    }

    pub(crate) fn word(self) -> &'static str {
        WORDS.iter().find(|(_, shape)| *shape == self).map_or("", |(word, _)| word)
    }

    /// All words, for messages.
    pub(crate) fn words() -> String {
        WORDS.map(|(word, _)| word).join(", ")
    }
}

/// The outputs of the rules that count, before they have a shape.
pub(super) struct Answer<'d> {
    /// The names of the outputs.
    pub(super) names: Vec<&'d str>,
    /// The values of the outputs, for each rule.
    pub(super) rows: Vec<Vec<Value>>,
    /// Whether there is at most one row, whatever the variables are.
    pub(super) single: bool,
}

impl Answer<'_> {
    /// The value in a shape, or without one in that of the table itself: one output is its value,
    /// several are a map, and several rules are a list.
    pub(super) fn shaped(mut self, shape: Option<ResultShape>) -> Result<Value, String> {
        // The names come with each row.
        let named = self.names.iter().map(|name| name.len()).sum::<usize>();
        if named.saturating_mul(self.rows.len()) > 8 * LARGEST_VALUE {
            return Err("the result is too large".into());
        }
        let maps = match shape {
            None => self.names.len() != 1,
            Some(shape) => matches!(shape, ResultShape::SingleResult | ResultShape::ResultList),
        };
        let single = match shape {
            None => self.single,
            Some(shape) => matches!(shape, ResultShape::SingleEntry | ResultShape::SingleResult),
        };
        if let Some(shape) = shape {
            self.fits(shape, single, maps)?;
        }
        let rows = std::mem::take(&mut self.rows);
        let mut rows = rows.into_iter().map(|mut row| match maps {
            true => self.map(row),
            false => row.pop().unwrap_or_default(),
        });
        Ok(if single { rows.next().unwrap_or_default() } else { rows.collect() })
    }

    /// Whether there is what a shape asks for.
    fn fits(&self, shape: ResultShape, single: bool, maps: bool) -> Result<(), String> {
        let (word, rules, outputs) = (shape.word(), self.rows.len(), self.names.len());
        if single && rules > 1 {
            return Err(format!("{word} takes what one rule gives, but {rules} rules match"));
        }
        if !maps && rules > 0 && outputs != 1 {
            return Err(format!("{word} takes the only output, but the decision has {outputs}"));
        }
        if maps && rules > 0 && self.names.contains(&"") {
            let message = format!("{word} is by the names of the outputs, but one has none");
            return Err(message);
        }
        Ok(())
    }

    fn map(&self, row: Vec<Value>) -> Value {
        let names = self.names.iter().map(|name| (*name).to_owned());
        Value::Object(names.zip(row).collect::<Map<String, Value>>())
    }
}
