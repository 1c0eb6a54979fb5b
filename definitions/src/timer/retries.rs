//! When a task that failed is tried again: so many times an interval apart, or after given pauses.

use super::{period, word};
use crate::{EvaluationError, ExpressionFlaw, Scope, Template};
use jiff::{Span, Timestamp};

/// The pauses after which an activity that failed is tried again.
///
/// Either an ISO 8601 repeating interval with a number, or durations with commas between them:
/// `R5/PT10M` tries again five times, always after ten minutes; `PT10S,PT1M` tries again after ten
/// seconds, and once more after a minute. After the last pause a failure is an incident, as it is
/// at once with `R0/PT1S`.
#[derive(Clone, Debug, PartialEq)]
pub struct Retries(Template);

/// The most times that something is tried again.
const MOST: u32 = 1000;

const RETRIES: &str = "retries are a text such as R5/PT10M or PT10S,PT1M";

impl Retries {
    /// Reads the text of retries, or an expression that gives it.
    ///
    /// # Errors
    /// An expression that cannot be parsed, or a literal that is neither form.
    pub fn read(text: &str) -> Result<Retries, ExpressionFlaw> {
        super::read(text, |value| pauses(word(value, RETRIES)?).map(drop)).map(Retries)
    }

    /// When the attempt after one that failed is due; `None` when there is none any more. Attempts
    /// are counted from 1.
    ///
    /// # Errors
    /// An expression that cannot be evaluated, or a value that is not what is asked for.
    pub fn due(
        &self,
        scope: &dyn Scope,
        failed: u32,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, EvaluationError> {
        let value = self.0.evaluate(scope)?;
        let due = word(&value, RETRIES).and_then(pauses).and_then(|(times, spans)| {
            let made = failed.saturating_sub(1);
            if made >= times {
                return Ok(None);
            }
            let pause = spans.get(made as usize).or(spans.last());
            pause.map(|span| period::after(*span, now)).transpose()
        });
        due.map_err(|message| EvaluationError::new(self.0.source(), 1, message))
    }

    /// The text, with its expressions.
    pub fn template(&self) -> &Template {
        &self.0
    }
}

/// How often something is tried again, and after what; the last pause is that of all further times.
fn pauses(text: &str) -> Result<(u32, Vec<Span>), String> {
    let (times, spans) = match text.strip_prefix('R').and_then(|rest| rest.split_once('/')) {
        Some((times, span)) => {
            let times = times.parse().ok().filter(|times| *times <= MOST);
            let times = times.ok_or_else(|| {
                let text = crate::excerpt(text);
                format!("\"{text}\" does not say how often, from R0 to R{MOST}; {RETRIES}")
            })?;
            (times, vec![period::duration(span)?])
        }
        None if text.parse::<u32>().is_ok() => {
            return Err(format!(
                "\"{text}\" does not say how long the pauses are; write R{text}/PT1M"
            ));
        }
        None => {
            let spans: Vec<Span> = text
                .split(',')
                .map(|span| period::duration(span.trim()))
                .collect::<Result<_, _>>()?;
            (u32::try_from(spans.len()).unwrap_or(u32::MAX), spans)
        }
    };
    if times > MOST {
        return Err(format!("something is tried again at most {MOST} times"));
    }
    spans.iter().try_for_each(|span| period::after(*span, Timestamp::UNIX_EPOCH).map(drop))?;
    Ok((times, spans))
}
