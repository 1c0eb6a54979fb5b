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
            span(value).map_err(|message| ExpressionFlaw { position: 1, message })?;
        }
        Ok(Timer::Duration(template))
    }

    /// When the timer is due for a task that is entered now. Days are days of UTC.
    ///
    /// # Errors
    /// An expression that cannot be evaluated, a value that is not a duration of ISO 8601, or a
    /// moment beyond the calendar.
    pub fn due(&self, scope: &dyn Scope, now: Timestamp) -> Result<Timestamp, EvaluationError> {
        let Timer::Duration(template) = self;
        let fails = |message: String| EvaluationError::new(template.source(), 1, message);
        let span = span(&template.evaluate(scope)?).map_err(fails)?;
        let due = now.to_zoned(TimeZone::UTC).checked_add(span);
        due.map(|due| due.timestamp())
            .map_err(|_| fails("the timer would be due beyond the calendar".into()))
    }
}

fn span(value: &Value) -> Result<Span, String> {
    let Value::String(text) = value else {
        return Err(format!("a duration is a text such as PT15M, not {value}"));
    };
    let span = SpanParser::new().parse_span(text.trim()).map_err(|_| {
        format!("\"{}\" is not a duration; write one such as PT15M or P5D", crate::excerpt(text))
    })?;
    if span.is_negative() {
        return Err(format!("the duration {} lies in the past", text.trim()));
    }
    Ok(span)
}
