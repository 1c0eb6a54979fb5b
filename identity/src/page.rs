//! Pages: which part of a list is asked for, and what is answered.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table, Unit};

use crate::Error;

/// The most rows that one page can have.
const LARGEST: u32 = 1000;
/// How many rows are walked over at a time.
const STRIDE: usize = 1000;

/// The part of a list that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Page {
    /// Which page, counted from 0.
    pub number: u32,
    /// How many items a page has, 1 to 1000; what lies outside is brought to the nearer end.
    pub size: u32,
}

impl Page {
    /// The page of this number with so many items.
    pub fn new(number: u32, size: u32) -> Page {
        Page { number, size }
    }

    pub(crate) fn size(self) -> usize {
        self.size.clamp(1, LARGEST) as usize
    }

    pub(crate) fn first(self) -> usize {
        (self.number as usize).saturating_mul(self.size())
    }

    /// The items of this page out of all of them.
    pub fn of<T>(self, items: Vec<T>) -> Listing<T> {
        let total = items.len() as u64;
        Listing { total, items: items.into_iter().skip(self.first()).take(self.size()).collect() }
    }
}

impl Default for Page {
    /// The first ten.
    fn default() -> Page {
        Page { number: 0, size: 10 }
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listing<T> {
    /// How many items there are on all pages.
    pub total: u64,
    /// The items of this page.
    pub items: Vec<T>,
}

/// Passes over the first so many rows of a stretch, which begins behind them afterwards; says how many there were. It
/// costs as much as there are rows, of which the keys alone are looked at.
pub(crate) async fn pass<T>(
    unit: &Unit,
    table: &Table<T>,
    stretch: &mut Range,
    rows: usize,
) -> Result<usize, Error> {
    let mut left = rows;
    while left > 0 {
        let limit = left.min(STRIDE);
        let passed = unit.list_keys(table, stretch.clone(), limit).await?;
        let Some(last) = passed.last() else { break };
        *stretch = stretch.clone().beyond(last);
        left -= passed.len();
        if passed.len() < limit {
            break;
        }
    }
    Ok(rows - left)
}

/// All rows of a stretch that pass, in key order, until one ends the walk.
pub(crate) async fn walk<T: DeserializeOwned>(
    unit: &Unit,
    table: &Table<T>,
    range: Range,
    mut take: impl FnMut(Key, T) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut range = range;
    loop {
        let rows = unit.list(table, range.clone(), STRIDE).await?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        range = range.beyond(last);
        for (key, row) in rows {
            if !take(key, row)? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: Table<u32> = Table::new("numbers");

    #[tokio::test]
    async fn a_list_is_passed_over_and_walked_in_both_directions() {
        let mut unit = storage::Store::memory().space("t").unit();
        for number in 0..2500 {
            unit.put(&NUMBERS, u64::from(number), &number).unwrap();
        }
        #[rustfmt::skip]
        let cases = [
            (Range::all(),              0,    0,    vec![0, 1]),
            (Range::all(),              2,    2,    vec![2, 3]),
            (Range::all(),              1200, 1200, vec![1200, 1201]),
            (Range::all(),              2500, 2500, vec![]),
            (Range::all(),              3000, 2500, vec![]),
            (Range::all().descending(), 0,    0,    vec![2499, 2498]),
            (Range::all().descending(), 2,    2,    vec![2497, 2496]),
            (Range::all().descending(), 1200, 1200, vec![1299, 1298]),
            (Range::all().descending(), 3000, 2500, vec![]),
        ];
        for (mut range, rows, passed, expected) in cases {
            assert_eq!(pass(&unit, &NUMBERS, &mut range, rows).await.unwrap(), passed);
            let next = unit.list(&NUMBERS, range, 2).await.unwrap();
            let next: Vec<_> = next.into_iter().map(|(_, number)| number).collect();
            assert_eq!(next, expected, "after {rows}");
        }
        for (range, first) in [(Range::all(), 0), (Range::all().descending(), 2499)] {
            let mut seen = Vec::new();
            walk(&unit, &NUMBERS, range, |_, number| {
                seen.push(number);
                Ok(true)
            })
            .await
            .unwrap();
            assert_eq!((seen.len(), seen[0]), (2500, first));
        }
    }
}
