//! A length of time as ISO 8601 writes it.

use std::borrow::Cow;

use jiff::fmt::temporal::SpanParser;
use jiff::tz::TimeZone;
use jiff::{Span, SpanFieldwise, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A length of time that is more than nothing and at most a thousand years, for instance `PT5M` or `P90D`.
///
/// Days, weeks, months and years are those of the calendar in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period(SpanFieldwise);

impl Period {
    /// A number of minutes.
    pub(crate) fn minutes(minutes: i32) -> Period {
        Period(SpanFieldwise(Span::new().minutes(minutes)))
    }

    /// A number of hours.
    pub(crate) fn hours(hours: i32) -> Period {
        Period(SpanFieldwise(Span::new().hours(hours)))
    }

    /// The end of a period that begins at this time.
    pub fn after(&self, begin: Timestamp) -> Timestamp {
        let end = begin.to_zoned(TimeZone::UTC).checked_add(self.0.0);
        end.map_or(Timestamp::MAX, |end| end.timestamp())
    }
}

impl TryFrom<String> for Period {
    type Error = String;

    fn try_from(text: String) -> Result<Period, String> {
        let span = SpanParser::new()
            .parse_span(&text)
            .map_err(|_| format!("`{text}` is no duration of ISO 8601 such as PT5M or P90D"))?;
        let end = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC).checked_add(span);
        match end {
            Ok(end) if end.year() < 2970 && end.timestamp() > Timestamp::UNIX_EPOCH => {
                Ok(Period(SpanFieldwise(span)))
            }
            _ => Err(format!("`{text}` is not between nothing and a thousand years")),
        }
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.0.0.to_string()
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.0.fmt(f)
    }
}

impl JsonSchema for Period {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "duration" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_written_as_it_was_read_and_ends_by_the_calendar() {
        let begin: Timestamp = "2024-01-31T10:00:00Z".parse().unwrap();
        let cases = [
            ("PT5M", Some("2024-01-31T10:05:00Z")),
            ("PT720H", Some("2024-03-01T10:00:00Z")),
            ("P1M", Some("2024-02-29T10:00:00Z")),
            ("P1Y2M3DT4H5M6S", Some("2025-04-03T14:05:06Z")),
            ("P2W", Some("2024-02-14T10:00:00Z")),
            ("PT0S", None),
            ("-PT5M", None),
            ("P1000Y", None),
            ("P99999Y", None),
            ("5 minutes", None),
            ("", None),
        ];
        for (text, end) in cases {
            let period = Period::try_from(text.to_owned()).ok();
            assert_eq!(period.map(|p| p.to_string()).as_deref(), end.map(|_| text), "{text}");
            assert_eq!(period.map(|p| p.after(begin)), end.map(|e| e.parse().unwrap()), "{text}");
        }
    }
}
