//! ISO 8601 dates and durations as timers use them, reckoned in UTC.

use jiff::fmt::temporal::{DateTimeParser, SpanParser};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Longer than any date or duration; a variable may hold a megabyte.
const LONGEST_TEXT: usize = 200;

/// A date and time with `Z` or an offset. A zone in brackets after the offset says nothing more.
pub(super) fn date(text: &str) -> Result<Timestamp, String> {
    let parsed = DateTimeParser::new().parse_timestamp(short(text).unwrap_or_default());
    parsed.map_err(|_| {
        format!(
            "\"{}\" is not a date and time with an offset; write one such as \
             2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00",
            crate::excerpt(text)
        )
    })
}

/// A duration that does not go backwards.
pub(super) fn duration(text: &str) -> Result<Span, String> {
    let parsed = short(text).and_then(|text| SpanParser::new().parse_span(text).ok());
    let span = parsed.ok_or_else(|| {
        format!("\"{}\" is not a duration; write one such as PT15M or P5D", crate::excerpt(text))
    })?;
    if span.is_negative() {
        return Err(format!("the duration {} lies in the past", crate::excerpt(text)));
    }
    Ok(span)
}

/// How long something is kept: a duration of at least a day and at most a century, or a number of
/// days; as a duration.
pub(crate) fn time_to_live(text: &str) -> Result<String, String> {
    let text = text.trim();
    let days = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
    let written = if days { format!("P{text}D") } else { text.to_owned() };
    let span = duration(&written).map_err(|_| {
        let text = crate::excerpt(text);
        format!("\"{text}\" is not how long instances are kept; write a duration such as P30D")
    })?;
    let epoch = Timestamp::UNIX_EPOCH;
    let least = add(epoch, Span::new().days(1));
    match after(span, epoch) {
        Ok(end) if least.is_some_and(|least| end >= least) => Ok(written),
        _ => Err("instances are kept for at least a day and at most a century".into()),
    }
}

/// The moment a span after another; a century is as long as anybody waits.
pub(super) fn after(span: Span, now: Timestamp) -> Result<Timestamp, String> {
    let latest = add(now, Span::new().years(100));
    let due = add(now, span).filter(|due| latest.is_none_or(|latest| *due <= latest));
    due.ok_or_else(|| "the duration is longer than a century".into())
}

/// The moment a span after another, days and months counted in UTC.
pub(super) fn add(from: Timestamp, span: Span) -> Option<Timestamp> {
    let sum = from.to_zoned(TimeZone::UTC).checked_add(span).ok()?;
    Some(sum.timestamp())
}

fn short(text: &str) -> Option<&str> {
    (text.len() <= LONGEST_TEXT).then_some(text)
}
