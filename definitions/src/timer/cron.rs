//! Cron: moments that match fields of the calendar, in UTC.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, civil};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Cron in UTC: five fields (minute, hour, day of the month, month, day of the week), or six with
/// the second before them.
///
/// A field is a list of values, ranges `9-17`, and steps `*/15` or `10/15` (from 10 on). Months and
/// days of the week may be named (`JAN`, `MON-FRI`); 0 and 7 are both Sunday. `?` stands for `*` as
/// a day. A moment matches when all fields match: `0 9 13 * FRI` is 9 o'clock on each Friday the
/// 13th. `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight` and `@hourly` stand
/// for what they say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cron {
    source: String,
    seconds: u64,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
}

const LONGEST_TEXT: usize = 200;

/// Every combination of a date and a weekday comes within 40 years, even across a century year
/// that has no leap day.
const LONGEST_SEARCH: i16 = 41;

const MACROS: [(&str, &str); 7] = [
    ("@yearly", "0 0 0 1 1 *"),
    ("@annually", "0 0 0 1 1 *"),
    ("@monthly", "0 0 0 1 * *"),
    ("@weekly", "0 0 0 * * 0"),
    ("@daily", "0 0 0 * * *"),
    ("@midnight", "0 0 0 * * *"),
    ("@hourly", "0 0 * * * *"),
];

struct Field {
    name: &'static str,
    first: u32,
    last: u32,
    names: &'static [&'static str],
}

const SECOND: Field = Field { name: "second", first: 0, last: 59, names: &[] };
const MINUTE: Field = Field { name: "minute", first: 0, last: 59, names: &[] };
const HOUR: Field = Field { name: "hour", first: 0, last: 23, names: &[] };
const DAY: Field = Field { name: "day", first: 1, last: 31, names: &[] };
const MONTH: Field = Field {
    name: "month",
    first: 1,
    last: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
const WEEKDAY: Field = Field {
    name: "weekday",
    first: 0,
    last: 7,
    names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};

impl Cron {
    /// The text with the days of the week as every engine understands them: with names for numbers,
    /// and with an end for steps. Nothing where they stand so already, and
    /// where the text would be too long.
    pub(super) fn named(&self) -> Option<String> {
        let (rest, field) = self.source.rsplit_once(' ')?;
        let items: Vec<String> = field.split(',').map(named).collect();
        let mut named = items.join(",");
        if named == field {
            return None;
        }
        let whole = rest.len() + 1 + named.len();
        if weekdays(&named).ok() != Some(self.weekdays) || whole > LONGEST_TEXT {
            let days = (0..).zip(WEEKDAY.names).filter(|(day, _)| has(self.weekdays, *day));
            named = days.map(|(_, name)| *name).collect::<Vec<&str>>().join(",");
        }
        Some(format!("{rest} {named}")).filter(|text| text.len() <= LONGEST_TEXT)
    }

    /// The first moment after another that matches.
    pub(super) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let from = after.to_zoned(TimeZone::UTC).datetime();
        let from = from.checked_add(Span::new().seconds(1)).ok()?;
        let found = match self.time_from(from.time()).filter(|_| self.has_day(from.date())) {
            Some(time) => from.date().to_datetime(time),
            None => {
                self.day_after(from.date())?.to_datetime(self.time_from(civil::time(0, 0, 0, 0))?)
            }
        };
        Some(found.to_zoned(TimeZone::UTC).ok()?.timestamp())
    }

    fn has_day(&self, date: Date) -> bool {
        let weekday = date.weekday().to_sunday_zero_offset();
        has(self.months, date.month()) && has(self.days, date.day()) && has(self.weekdays, weekday)
    }

    fn day_after(&self, date: Date) -> Option<Date> {
        let last = date.year().saturating_add(LONGEST_SEARCH);
        let mut date = date.tomorrow().ok()?;
        while date.year() <= last {
            if !has(self.months, date.month()) {
                date = date.last_of_month().tomorrow().ok()?;
            } else if self.has_day(date) {
                return Some(date);
            } else {
                date = date.tomorrow().ok()?;
            }
        }
        None
    }

    /// The first time of a day that matches and is not before another.
    fn time_from(&self, from: civil::Time) -> Option<civil::Time> {
        let (hour, minute, second) = (from.hour(), from.minute(), from.second());
        let start = |mask: u64| least(mask, 0);
        if has(self.hours, hour) {
            if has(self.minutes, minute)
                && let Some(second) = least(self.seconds, second)
            {
                return Some(civil::time(hour, minute, second, 0));
            }
            if let Some(minute) = least(self.minutes, minute + 1) {
                return Some(civil::time(hour, minute, start(self.seconds)?, 0));
            }
        }
        let hour = least(self.hours, hour + 1)?;
        Some(civil::time(hour, start(self.minutes)?, start(self.seconds)?, 0))
    }

    /// Whether any date matches: 30 February never does, and 29 February does.
    fn happens(&self) -> bool {
        let long = |month: i8| match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        (1..=12).any(|month| {
            has(self.months, month) && least(self.days, 1).is_some_and(|day| day <= long(month))
        })
    }
}

impl FromStr for Cron {
    type Err = String;

    fn from_str(text: &str) -> Result<Cron, String> {
        let flaw = |what: &str| format!("\"{}\" {what}", crate::excerpt(text));
        if text.len() > LONGEST_TEXT {
            return Err(flaw("is too long for a cron"));
        }
        let expanded = match text.strip_prefix('@') {
            None => text,
            Some(_) => MACROS
                .iter()
                .find(|(name, _)| *name == text)
                .map(|(_, fields)| *fields)
                .ok_or_else(|| {
                    flaw("is not known; there are @yearly, @monthly, @weekly, @daily and @hourly")
                })?,
        };
        let fields: Vec<&str> = expanded.split_ascii_whitespace().collect();
        let (second, [minute, hour, day, month, weekday]) = match *fields.as_slice() {
            [minute, hour, day, month, weekday] => ("0", [minute, hour, day, month, weekday]),
            [second, ref rest @ ..] if rest.len() == 5 => {
                (second, [rest[0], rest[1], rest[2], rest[3], rest[4]])
            }
            _ => {
                return Err(flaw(
                    "is not a cycle; write an interval such as R3/PT10M, or five or six fields of \
                     cron such as 0 0 9 * * MON-FRI",
                ));
            }
        };
        let cron = Cron {
            source: if text.starts_with('@') { text.into() } else { fields.join(" ") },
            seconds: SECOND.mask(second)?,
            minutes: MINUTE.mask(minute)?,
            hours: HOUR.mask(hour)?,
            days: DAY.mask(day_or_all(day))?,
            months: MONTH.mask(month)?,
            weekdays: weekdays(weekday)?,
        };
        if cron.happens() { Ok(cron) } else { Err(flaw("never happens: no month has such a day")) }
    }
}

/// An item of the days of the week with names.
fn named(item: &str) -> String {
    let name = |day: &str| match digits(day) {
        Some(number) => WEEKDAY.names[number as usize % WEEKDAY.names.len()].to_owned(),
        None => day.to_owned(),
    };
    let (range, step) = item.split_once('/').map_or((item, None), |(r, step)| (r, Some(step)));
    let days = range.split('-').map(name).collect::<Vec<String>>();
    match (step, &days[..]) {
        (None, days) => days.join("-"),
        (Some(step), [all]) if all == "*" || all == "SUN" => format!("*/{step}"),
        (Some(step), [first]) => format!("{first}-SUN/{step}"),
        (Some(step), days) => format!("{}/{step}", days.join("-")),
    }
}

fn weekdays(field: &str) -> Result<u64, String> {
    let mask = WEEKDAY.mask(day_or_all(field))?;
    Ok((mask | mask >> 7) & 0x7f)
}

fn day_or_all(field: &str) -> &str {
    if field == "?" { "*" } else { field }
}

impl Field {
    /// The values of a field as the bits of a number.
    fn mask(&self, text: &str) -> Result<u64, String> {
        text.split(',').try_fold(0, |mask, item| Ok(mask | self.item(item, text)?))
    }

    fn item(&self, item: &str, whole: &str) -> Result<u64, String> {
        let flaw = |what: String| {
            format!("the {} \"{}\" of the cron {what}", self.name, crate::excerpt(whole))
        };
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => {
                let step: u32 = digits(step)
                    .filter(|step| *step > 0)
                    .ok_or_else(|| flaw("has a step that is not a number from 1 on".into()))?;
                (range, Some(step))
            }
            None => (item, None),
        };
        let value = |text: &str| {
            self.value(text).ok_or_else(|| {
                let letters = ["L", "W", "#"];
                match letters.iter().find(|letter| !self.is_name(text) && text.contains(**letter)) {
                    Some(letter) => flaw(format!("has {letter}, which is not supported")),
                    None => flaw(format!("is not made of values {} to {}", self.first, self.last)),
                }
            })
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (self.first, self.last),
            None => {
                let first = value(range)?;
                (first, if step.is_some() { self.last } else { first })
            }
            // The week of cron begins on Sunday, but people write MON-SUN.
            Some((first, last)) if last.eq_ignore_ascii_case("SUN") && value(first)? > 0 => {
                (value(first)?, 7)
            }
            Some((first, last)) => (value(first)?, value(last)?),
        };
        if first > last {
            return Err(flaw("has a range that goes backwards".into()));
        }
        let step = step.unwrap_or(1) as usize;
        Ok((first..=last).step_by(step).fold(0, |mask, value| mask | 1 << value))
    }

    fn is_name(&self, text: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(text))
    }

    fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let value = match named {
            Some(place) => self.first + u32::try_from(place).ok()?,
            None => digits(text)?,
        };
        (self.first..=self.last).contains(&value).then_some(value)
    }
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn has(mask: u64, value: i8) -> bool {
    mask >> value & 1 == 1
}

/// The least value of a mask that is not below another.
fn least(mask: u64, from: i8) -> Option<i8> {
    let rest = mask >> from << from;
    (rest != 0).then(|| rest.trailing_zeros() as i8)
}

impl From<Cron> for String {
    fn from(cron: Cron) -> String {
        cron.source
    }
}

impl TryFrom<String> for Cron {
    type Error = String;

    fn try_from(text: String) -> Result<Cron, String> {
        text.parse()
    }
}
