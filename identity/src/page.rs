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
    pub(crate) fn of<T>(self, items: Vec<T>) -> Listing<T> {
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

/// The rows of one page of a stretch, walked over a stride at a time.
pub(crate) async fn rows<T: DeserializeOwned>(
    unit: &Unit,
    table: &Table<T>,
    range: Range,
    page: Page,
) -> Result<Vec<(Key, T)>, Error> {
    let mut left = page.first();
    let mut range = range;
    while left > 0 {
        let passed = unit.list(table, range.clone(), left.min(STRIDE)).await?;
        let Some((last, _)) = passed.last() else { return Ok(Vec::new()) };
        left -= passed.len();
        range = range.after(last);
    }
    Ok(unit.list(table, range, page.size()).await?)
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
        range = range.after(last);
        for (key, row) in rows {
            if !take(key, row)? {
                return Ok(());
            }
        }
    }
}
