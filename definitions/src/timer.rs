//! A timer: when a timer event is due, as an ISO 8601 duration.

use crate::{EvaluationError, ExpressionFlaw, Scope, Template};
use jiff::fmt::temporal::SpanParser;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::Value;

/// When a timer event is due (BPMN 2.0 §10.5.5).
#[derive(Clone, Debug, PartialEq)]
pub enum Timer {
    /// After an ISO 8601 duration, counted from when the task was entered.
    Duration(Template),
}

impl Timer {
    /// Reads a duration: `PT15M`, or an expression that gives such a text.
    ///
    /// # Errors
    /// An expression that cannot be parsed, or a literal that is not a duration.
    pub fn duration(text: &str) -> Result<Timer, ExpressionFlaw> {
        let template = Template::parse(text.trim())?;
        if let Some(value) = template.constant() {
            let due = span(value).and_then(|span| after(span, Timestamp::UNIX_EPOCH));
            due.map_err(|message| ExpressionFlaw { position: 1, message })?;
        }
        Ok(Timer::Duration(template))
    }

    /// When the timer is due for a task that is entered now. Days are days of UTC.
    ///
    /// # Errors
    /// An expression that cannot be evaluated, a value that is not a duration of ISO 8601, or one
    /// that is longer than a century.
    pub fn due(&self, scope: &dyn Scope, now: Timestamp) -> Result<Timestamp, EvaluationError> {
        let Timer::Duration(template) = self;
        let fails = |message: String| EvaluationError::new(template.source(), 1, message);
        let span = span(&template.evaluate(scope)?).map_err(fails)?;
        after(span, now).map_err(fails)
    }
}

/// The moment a span after another; a century is as long as anybody waits.
fn after(span: Span, now: Timestamp) -> Result<Timestamp, String> {
    let now = now.to_zoned(TimeZone::UTC);
    let latest = now.checked_add(Span::new().years(100)).ok();
    let due = now.checked_add(span).ok().filter(|due| latest.as_ref().is_none_or(|l| due <= l));
    due.map(|due| due.timestamp()).ok_or_else(|| "the duration is longer than a century".into())
}

fn span(value: &Value) -> Result<Span, String> {
    let Value::String(text) = value else {
        return Err(format!("a duration is a text such as PT15M, not {value}"));
    };
    let span = SpanParser::new().parse_span(text.trim()).map_err(|_| {
        format!("\"{}\" is not a duration; write one such as PT15M or P5D", crate::excerpt(text))
    })?;
    if span.is_negative() {
        return Err(format!("the duration {} lies in the past", crate::excerpt(text.trim())));
    }
    Ok(span)
}
