//! ISO 8601 durations as settings: positive, and no longer than a person may wait.

use jiff::fmt::temporal::SpanParser;
use jiff::{Span, Timestamp, ToSpan, tz::TimeZone};

/// Reads an ISO 8601 duration such as `PT48H` or `P30D`.
///
/// # Errors
/// A sentence that says what is wrong.
pub(crate) fn parse(text: &str) -> Result<Span, String> {
    let span: Span = SpanParser::new()
        .parse_span(text.trim())
        .map_err(|_| format!("\"{text}\" is not an ISO 8601 duration such as PT48H or P30D"))?;
    if !span.is_positive() {
        return Err(format!("the duration \"{text}\" has to be longer than nothing"));
    }
    let start = Timestamp::UNIX_EPOCH;
    let end = after(start, &span).ok_or_else(|| format!("the duration \"{text}\" is too long"))?;
    let longest = after(start, &100.years()).unwrap_or(Timestamp::MAX);
    if end > longest {
        return Err(format!("the duration \"{text}\" is longer than 100 years"));
    }
    Ok(span)
}

/// The moment that lies the span before another one, days and months counted in UTC.
pub(crate) fn before(from: Timestamp, span: &Span) -> Option<Timestamp> {
    let start = from.to_zoned(TimeZone::UTC).checked_sub(*span).ok()?;
    Some(start.timestamp())
}

/// The moment that lies the span after another one, days and months counted in UTC.
pub(crate) fn after(from: Timestamp, span: &Span) -> Option<Timestamp> {
    let end = from.to_zoned(TimeZone::UTC).checked_add(*span).ok()?;
    Some(end.timestamp())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_duration_is_iso_8601_and_between_nothing_and_a_hundred_years() {
        for (text, said) in [
            ("PT48H", ""),
            (" P30D ", ""),
            ("P100Y", ""),
            ("10 minutes", "\"10 minutes\" is not an ISO 8601 duration such as PT48H or P30D"),
            ("48h", "\"48h\" is not an ISO 8601 duration such as PT48H or P30D"),
            ("", "\"\" is not an ISO 8601 duration such as PT48H or P30D"),
            ("PT0S", "the duration \"PT0S\" has to be longer than nothing"),
            ("-PT1S", "the duration \"-PT1S\" has to be longer than nothing"),
            ("P101Y", "the duration \"P101Y\" is longer than 100 years"),
            ("P9999Y", "the duration \"P9999Y\" is too long"),
        ] {
            assert_eq!(parse(text).err().unwrap_or_default(), said, "{text}");
        }
    }
}
