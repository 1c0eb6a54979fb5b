//! A timer: when a timer event is due, as an ISO 8601 date, duration or cycle, or as cron.

mod cron;
mod cycle;
mod period;
mod retries;

pub use cron::Cron;
pub use cycle::Cycle;
pub(crate) use period::time_to_live;
pub use retries::Retries;

use crate::{EvaluationError, ExpressionFlaw, Scope, Template};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// When a timer event is due (BPMN 2.0.2 §10.5.5). All calendar reckoning is in UTC.
#[derive(Clone, Debug, PartialEq)]
pub enum Timer {
    /// At a moment: an ISO 8601 date and time with `Z` or an offset.
    Date(Template),
    /// After an ISO 8601 duration, counted from when the timer is armed.
    Duration(Template),
    /// Again and again: an ISO 8601 repeating interval ([`Cycle`]) or cron ([`Cron`]).
    Cycle(Template),
}

/// When an armed timer is due, and how it goes on after it has fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// The moment at which it fires.
    pub due: Timestamp,
    /// How it goes on; `None` when it does not fire again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Recurrence>,
}

/// What is left of a timer that fires again: `{"cycle":"R2/PT10M"}` or `{"cron":"0 9 * * MON"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Recurrence {
    /// So many times more, an interval apart.
    Cycle(Cycle),
    /// At each moment that matches.
    Cron(Cron),
}

impl Timer {
    /// Reads a date: `2026-01-01T09:00:00Z`, or an expression that gives such a text.
    ///
    /// # Errors
    /// An expression that cannot be parsed, or a literal that is not a date with an offset.
    pub fn date(text: &str) -> Result<Timer, ExpressionFlaw> {
        read(text, |value| period::date(word(value, DATE)?).map(drop)).map(Timer::Date)
    }

    /// Reads a duration: `PT15M`, or an expression that gives such a text.
    ///
    /// # Errors
    /// An expression that cannot be parsed, or a literal that is not a duration.
    pub fn duration(text: &str) -> Result<Timer, ExpressionFlaw> {
        let check = |value: &Value| {
            let span = period::duration(word(value, DURATION)?)?;
            period::after(span, Timestamp::UNIX_EPOCH).map(drop)
        };
        read(text, check).map(Timer::Duration)
    }

    /// Reads a cycle: `R3/PT10M`, `0 0 9 * * MON-FRI`, or an expression that gives such a text.
    ///
    /// # Errors
    /// An expression that cannot be parsed, or a literal that is neither form of a cycle.
    pub fn cycle(text: &str) -> Result<Timer, ExpressionFlaw> {
        let template = read(text, |value| repetition(word(value, CYCLE)?).map(drop))?;
        // So it means the same wherever it is written.
        let named = template.constant().and_then(Value::as_str).and_then(named_weekdays);
        Ok(Timer::Cycle(named.map_or(template, |text| Template::of_constant(text.into()))))
    }

    /// When the timer fires first if it is armed now, and how it goes on. A date in the past is
    /// due at once.
    ///
    /// # Errors
    /// An expression that cannot be evaluated, a value that is not what the timer asks for, a
    /// duration longer than a century, or a cycle that is over already.
    pub fn schedule(&self, scope: &dyn Scope, now: Timestamp) -> Result<Schedule, EvaluationError> {
        let value = self.template().evaluate(scope)?;
        let schedule = match self {
            Timer::Date(_) => word(&value, DATE).and_then(period::date).map(once),
            Timer::Duration(_) => word(&value, DURATION)
                .and_then(period::duration)
                .and_then(|span| period::after(span, now))
                .map(once),
            Timer::Cycle(_) => word(&value, CYCLE).and_then(repetition).and_then(|r| r.first(now)),
        };
        schedule.map_err(|message| EvaluationError::new(self.template().source(), 1, message))
    }

    /// The text of the timer, with its expressions.
    pub fn template(&self) -> &Template {
        match self {
            Timer::Date(template) | Timer::Duration(template) | Timer::Cycle(template) => template,
        }
    }
}

impl Recurrence {
    /// The next moment after one for which the timer has fired now, and how it goes on from there; `None` when the
    /// repeats are used up or the end is reached. Of so many repeats none is skipped: one whose moment has passed
    /// meanwhile comes all the same. What goes on for ever, as cron does, has come once for all that it missed.
    pub fn next(&self, fired_due: Timestamp, now: Timestamp) -> Option<Schedule> {
        match self {
            Recurrence::Cycle(cycle) => cycle.next(fired_due, now).map(onward),
            Recurrence::Cron(cron) => {
                cron.next(fired_due.max(now)).map(|due| Schedule { due, then: Some(self.clone()) })
            }
        }
    }

    fn first(&self, now: Timestamp) -> Result<Schedule, String> {
        match self {
            Recurrence::Cycle(cycle) => cycle.first(now).map(onward).ok_or_else(|| {
                format!("the cycle {cycle} is over: no moment of it lies after {now}")
            }),
            Recurrence::Cron(_) => {
                self.next(now, now).ok_or_else(|| "the cron has no moment any more".into())
            }
        }
    }
}

const DATE: &str = "a date is a text such as 2026-01-31T09:00:00Z";
const DURATION: &str = "a duration is a text such as PT15M";
const CYCLE: &str = "a cycle is a text such as R3/PT10M or 0 0 9 * * MON-FRI";

/// Reads the text of a timer; a value that never changes is checked at once.
fn read(
    text: &str,
    check: impl FnOnce(&Value) -> Result<(), String>,
) -> Result<Template, ExpressionFlaw> {
    let template = Template::parse(text.trim())?;
    if let Some(value) = template.constant() {
        check(value).map_err(|message| ExpressionFlaw { position: 1, message })?;
    }
    Ok(template)
}

fn word<'v>(value: &'v Value, expected: &str) -> Result<&'v str, String> {
    match value {
        Value::String(text) => Ok(text.trim()),
        other => Err(format!("{expected}, not {}", crate::excerpt(&other.to_string()))),
    }
}

fn repetition(text: &str) -> Result<Recurrence, String> {
    if cycle::looks_like(text) {
        text.parse().map(Recurrence::Cycle)
    } else {
        text.parse().map(Recurrence::Cron)
    }
}

/// A cron with names for the numbers of its weekdays; nothing for one that has none, and for what is
/// no cron.
pub(crate) fn named_weekdays(text: &str) -> Option<String> {
    match repetition(text.trim()).ok()? {
        Recurrence::Cron(cron) => cron.named(),
        Recurrence::Cycle(_) => None,
    }
}

fn once(due: Timestamp) -> Schedule {
    Schedule { due, then: None }
}

fn onward((due, then): (Timestamp, Option<Cycle>)) -> Schedule {
    Schedule { due, then: then.map(Recurrence::Cycle) }
}
