//! ISO 8601 repeating intervals: so many times, an interval apart.

use super::period;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An ISO 8601 repeating interval: `R3/PT10M`, `R/PT1H`, `R3/2026-01-01T00:00:00Z/P1D`,
/// `R/PT1H/2027-01-01T00:00:00Z`.
///
/// `R3` fires three times in all, `R` for ever, and `R0` once, as it is never repeated. With a
/// start it fires at the start and each interval after it; moments that have passed when it is
/// armed are counted and left out. Without a start it fires first when one interval has passed. It
/// does not fire after its end. P1M from 31 January is the last day of each month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cycle {
    /// How often it fires still; `None` for ever.
    times: Option<u32>,
    start: Option<Timestamp>,
    interval: Interval,
    end: Option<Timestamp>,
}

/// A span of at least a second, equal to another that is written alike.
#[derive(Clone, Copy, Debug)]
struct Interval(Span);

/// Whether a text means to be a repeating interval, and not cron.
pub(super) fn looks_like(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next() == Some('R') && letters.next().is_none_or(|next| !next.is_alphabetic())
}

impl Cycle {
    /// The first moment from now on, and what is left after it.
    pub(super) fn first(&self, now: Timestamp) -> Option<(Timestamp, Option<Cycle>)> {
        let (anchor, passed) = match self.start {
            Some(start) if start >= now => (start, 0),
            Some(start) => {
                let count = self.interval.count_until(start, now);
                let at_now = self.interval.times(start, count) == Some(now);
                (start, if at_now { count } else { count + 1 })
            }
            None => (now, 1),
        };
        let spent = if self.start.is_some() { passed } else { 0 };
        let times = match self.times {
            Some(times) => Some(times.max(1).checked_sub(u32::try_from(spent).ok()?)?),
            None => None,
        };
        Cycle { times, ..self.clone() }.at(anchor, passed)
    }

    /// The first moment after another, and what is left after it. For ever, it is also after now: what was missed came
    /// once, with the other.
    pub(super) fn next(
        &self,
        fired_due: Timestamp,
        now: Timestamp,
    ) -> Option<(Timestamp, Option<Cycle>)> {
        let anchor = self.start.unwrap_or(fired_due);
        let from = if self.times.is_none() { fired_due.max(now) } else { fired_due };
        let next = self.at(anchor, self.interval.count_until(anchor, from) + 1);
        next.filter(|(due, _)| *due > fired_due)
    }

    /// The moment so many intervals after another, if it is still one of the cycle.
    fn at(&self, anchor: Timestamp, count: i64) -> Option<(Timestamp, Option<Cycle>)> {
        if self.times == Some(0) {
            return None;
        }
        let due = self.interval.times(anchor, count)?;
        if self.end.is_some_and(|end| due > end) {
            return None;
        }
        let times = self.times.map(|times| times - 1);
        let start = self.interval.has_months().then_some(anchor);
        let left = Cycle { times, start, ..self.clone() };
        Some((due, (times != Some(0)).then_some(left)))
    }
}

impl Interval {
    fn parse(text: &str) -> Result<Interval, String> {
        let span = period::duration(text)?;
        let epoch = Timestamp::UNIX_EPOCH;
        let after = period::after(span, epoch)?;
        if after.as_second() < 1 {
            return Err(format!("the interval {text} of the cycle is shorter than a second"));
        }
        Ok(Interval(span))
    }

    /// Months and years have no length of their own: they are counted from one fixed moment, so
    /// that the 31st is not lost on the way through February.
    fn has_months(self) -> bool {
        self.0.get_years() != 0 || self.0.get_months() != 0
    }

    /// The moment so many intervals after another.
    fn times(self, anchor: Timestamp, count: i64) -> Option<Timestamp> {
        period::add(anchor, self.0.checked_mul(count).ok()?)
    }

    /// How many whole intervals fit between a moment and a later one.
    fn count_until(self, anchor: Timestamp, moment: Timestamp) -> i64 {
        let span = moment.as_nanosecond() - anchor.as_nanosecond();
        // The real length of so many months is within days of that of as many mean months, so the
        // quotient is at most one off.
        let guess = i64::try_from(span / self.mean()).unwrap_or(i64::MAX - 8);
        let fits = |count: &i64| self.times(anchor, *count).is_some_and(|due| due <= moment);
        (guess - 2..=guess + 2).rev().find(fits).unwrap_or(0).max(0)
    }

    /// Its length in nanoseconds, with a month of the Gregorian mean.
    fn mean(self) -> i128 {
        const MONTH: i128 = 2_629_746_000_000_000;
        let months = i128::from(self.0.get_years()) * 12 + i128::from(self.0.get_months());
        let rest = period::add(Timestamp::UNIX_EPOCH, self.0.years(0).months(0));
        (months * MONTH + rest.map_or(0, |rest| rest.as_nanosecond())).max(1)
    }
}

impl PartialEq for Interval {
    fn eq(&self, other: &Interval) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

impl FromStr for Cycle {
    type Err = String;

    fn from_str(text: &str) -> Result<Cycle, String> {
        let flaw = || {
            format!(
                "\"{}\" is not a cycle; write one such as R3/PT10M, R/PT1H, \
                 R3/2026-01-01T00:00:00Z/P1D or R/PT1H/2027-01-01T00:00:00Z",
                crate::excerpt(text)
            )
        };
        let mut parts = text.split('/').map(str::trim);
        let count = parts.next().and_then(|part| part.strip_prefix('R')).ok_or_else(flaw)?;
        let digits = count.chars().all(|digit| digit.is_ascii_digit());
        let times = match count {
            "" => None,
            count => Some(count.parse().ok().filter(|_| digits).ok_or_else(flaw)?),
        };
        let parts: Vec<&str> = parts.take(4).collect();
        let (start, interval, end) = match parts.as_slice() {
            [interval] => (None, interval, None),
            [start, interval] if interval.starts_with('P') => (Some(start), interval, None),
            [interval, end] => (None, interval, Some(end)),
            [start, interval, end] => (Some(start), interval, Some(end)),
            _ => return Err(flaw()),
        };
        if !interval.starts_with('P') {
            return Err(flaw());
        }
        let moment = |text: &&str| period::date(text);
        Ok(Cycle {
            times,
            start: start.map(moment).transpose()?,
            interval: Interval::parse(interval)?,
            end: end.map(moment).transpose()?,
        })
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("R")?;
        if let Some(times) = self.times {
            write!(out, "{times}")?;
        }
        if let Some(start) = self.start {
            write!(out, "/{start}")?;
        }
        write!(out, "/{}", self.interval.0)?;
        if let Some(end) = self.end {
            write!(out, "/{end}")?;
        }
        Ok(())
    }
}

impl From<Cycle> for String {
    fn from(cycle: Cycle) -> String {
        cycle.to_string()
    }
}

impl TryFrom<String> for Cycle {
    type Error = String;

    fn try_from(text: String) -> Result<Cycle, String> {
        text.parse()
    }
}
