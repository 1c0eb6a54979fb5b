//! Lists of the rows beneath many keys at once, with as few looks at the database as possible, and several at a time
//! where each has to wait for the disk.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::Unit;
use crate::address::Address;
use crate::{Error, Key, Range, Table};

/// How many rows are read with a look: the one that a key has, as most do, and where the next one is.
const STEP: usize = 2;
/// A look that takes longer came from the disk: it is worth to wake threads that wait for the disk side by side.
const FROM_MEMORY: Duration = Duration::from_micros(50);
/// How many threads look for rows then.
const READERS: usize = 4;

impl Unit {
    /// Lists the rows whose keys begin with one of these keys, none of which begins with another; in key order, this
    /// unit's writes included. Nothing is expected of them at the commit. [`Error::Corrupt`] when a row is no `T`.
    ///
    /// A look at the database also tells where the next row is, and the keys before it, which have none, are not
    /// looked for: a key that has a row or two costs one look, and a great many that have none cost one together.
    pub async fn list_beneath<T: DeserializeOwned>(
        &self,
        table: &Table<T>,
        keys: &BTreeSet<Key>,
    ) -> Result<Vec<(Key, T)>, Error> {
        let keys: Vec<&Key> = keys.iter().collect();
        let Some(first) = keys.first() else { return Ok(Vec::new()) };
        let address = |key: &Key| table.address(self.tenant(), key);
        let rows = self.beneath(&keys, Range::all().from(*first), &address, FROM_MEMORY)?;
        rows.into_iter()
            .map(|(address, row)| Ok((address.key(), table.value_of(&address, &row)?)))
            .collect()
    }

    /// The rows of a range that are beneath these keys. After a look that took longer than that, several threads share
    /// the rest.
    fn beneath(
        &self,
        mut keys: &[&Key],
        mut range: Range,
        address: &(impl Fn(&Key) -> Address + Sync),
        patience: Duration,
    ) -> Result<Vec<(Address, Vec<u8>)>, Error> {
        let mut found = Vec::new();
        loop {
            let begun = Instant::now();
            let rows = self.rows(&range, STEP, address)?;
            let is_slow = begun.elapsed() > patience;
            let is_end = rows.len() < STEP;
            for (place, row) in rows {
                let at = place.key();
                // The keys before a row and without it have had all their rows.
                keys = &keys[keys.partition_point(|key| **key < at && !at.begins_with(key))..];
                match keys.first() {
                    Some(key) if at.begins_with(key) => {
                        range = Range::all().after(&at);
                        found.push((place, row));
                    }
                    Some(key) => range = Range::all().from(*key),
                    None => return Ok(found),
                }
            }
            if is_end {
                return Ok(found);
            }
            if is_slow && keys.len() > 1 {
                found.extend(self.side_by_side(keys, range, address)?);
                return Ok(found);
            }
        }
    }

    /// The rows of a range that are beneath these keys, each share of which is looked for by a thread.
    fn side_by_side(
        &self,
        keys: &[&Key],
        range: Range,
        address: &(impl Fn(&Key) -> Address + Sync),
    ) -> Result<Vec<(Address, Vec<u8>)>, Error> {
        let mut shares = keys.chunks(keys.len().div_ceil(READERS));
        let read = |keys, range| self.beneath(keys, range, address, Duration::MAX);
        let shares = std::thread::scope(|scope| {
            let first = shares.next().unwrap_or_default();
            let others: Vec<_> = shares
                .map(|keys| scope.spawn(move || read(keys, Range::all().from(keys[0]))))
                .collect();
            let mut shares = vec![read(first, range)];
            shares.extend(others.into_iter().map(|reader| {
                reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }));
            shares
        });
        shares.into_iter().try_fold(Vec::new(), |mut rows, share| {
            rows.extend(share?);
            Ok(rows)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    const NOTES: Table<String> = Table::new("notes");

    /// The rows beneath these keys, with the looks that they cost.
    fn listed(store: &Store, keys: &[&Key], patience: Duration) -> (Vec<String>, u64) {
        let unit = store.space("t").unit();
        let address = |key: &Key| NOTES.address("t", key);
        let (range, before) = (Range::all().from(keys[0]), store.looks());
        let rows = unit.beneath(keys, range, &address, patience).unwrap();
        let rows = rows.into_iter().map(|(address, _)| address.key().parts()).collect();
        (rows, store.looks() - before)
    }

    #[tokio::test]
    async fn threads_side_by_side_find_what_one_finds_with_few_looks_more() {
        let store = Store::memory();
        let mut unit = store.space("t").unit();
        for number in 0..200 {
            for part in 0..number % 4 {
                unit.put(&NOTES, Key::new().number(number).number(part), &String::new()).unwrap();
            }
        }
        unit.commit().await.unwrap();
        let all: Vec<Key> = (0..220).map(Key::from).collect();
        for every in [1, 3, 7, 50, 219] {
            let keys: Vec<&Key> = all.iter().step_by(every).collect();
            let (rows, looks) = listed(&store, &keys, Duration::MAX);
            let rest = |row: &String| row.split('/').next().unwrap().parse::<usize>().unwrap();
            assert!(rows.iter().all(|row| rest(row).is_multiple_of(every)), "{rows:?}");
            let expected = (0..200).step_by(every).map(|number| number % 4).sum::<usize>();
            assert_eq!(rows.len(), expected);
            let (shared, more) = listed(&store, &keys, Duration::ZERO);
            assert_eq!(shared, rows, "one key in {every}");
            assert!(more <= looks + READERS as u64, "{more} looks instead of {looks}");
        }
    }
}
