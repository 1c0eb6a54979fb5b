//! Pages of long lists.

pub use identity::{Listing, Page};
use serde::{Serialize, de::DeserializeOwned};
use storage::{Key, Range, Table, Unit};

use crate::Error;

/// Rows read from an index at a time.
const CHUNK: usize = 512;

/// Which end of an index a list begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
}

/// Walks a range of a table in key order and gives the page asked for of the rows that `pick`
/// turns into items, with the number of all such rows.
pub(crate) async fn page_of<T, U>(
    unit: &Unit,
    table: &Table<T>,
    range: Range,
    order: Order,
    page: Page,
    mut pick: impl FnMut(Key, T) -> Option<U>,
) -> Result<Listing<U>, Error>
where
    T: Serialize + DeserializeOwned,
{
    let first = u64::from(page.number) * u64::from(page.size);
    let mut listing = Listing { total: 0, items: Vec::new() };
    let backwards = order == Order::Descending;
    let mut rest = if backwards { range.descending() } else { range };
    loop {
        let rows = unit.list(table, rest.clone(), CHUNK).await?;
        let full = rows.len() == CHUNK;
        let last = rows.last().map(|(key, _)| key.clone());
        for (key, row) in rows {
            if let Some(item) = pick(key, row) {
                if listing.total >= first && listing.items.len() < page.size as usize {
                    listing.items.push(item);
                }
                listing.total += 1;
            }
        }
        match last {
            Some(key) if full && backwards => rest = rest.before(key),
            Some(key) if full => rest = rest.after(key),
            _ => return Ok(listing),
        }
    }
}

/// The same page of other items.
pub(crate) fn each<T, U>(listing: Listing<T>, item: impl FnMut(T) -> U) -> Listing<U> {
    Listing { total: listing.total, items: listing.items.into_iter().map(item).collect() }
}
