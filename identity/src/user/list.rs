//! Lists of users: which are on a page, and what they have, looked for table by table in the order of the keys.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

use storage::{Key, Range};

use super::directory::{BY_CREATION, USERS, key};
use super::{SummaryInfo, User, UserId};
use crate::error::Error;
use crate::page::{Listing, Page, pass};
use crate::store::IdentityStore;
use crate::work::Work;

/// How often a page is looked for from the end while others add and remove users.
const LOOKS: usize = 3;

impl Work {
    /// Lists all users by when they were added, the oldest or the newest first.
    ///
    /// A page is found from the nearer end of the list: each user between that end and the page costs a row of the index
    /// of creation, about a microsecond, so that the first and the last pages cost the least and one in the middle of a
    /// million half a second. The users of the page cost a look at the database each, another for the credentials of a
    /// sort that each has, and one for each sort that none of them has.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::Storage`].
    pub async fn list_users(
        &mut self,
        store: &str,
        page: Page,
        newest_first: bool,
    ) -> Result<Listing<User>, Error> {
        let store = self.read_store(store).await?;
        for _ in 0..LOOKS {
            let total = self.count_users(&store.id).await?.present;
            let Some(ids) = self.users_from_the_end(&store.id, page, newest_first, total).await?
            else {
                break;
            };
            // Nobody came or went, so that it was counted from where the list ends.
            if self.count_users(&store.id).await?.present == total {
                return Ok(Listing { total, items: self.show_all(&store, ids).await? });
            }
        }
        let total = self.count_users(&store.id).await?.present;
        let mut stretch = all_of(&store.id, newest_first);
        pass(self.unit(), &BY_CREATION, &mut stretch, page.first()).await?;
        let ids = self.users_by_creation(stretch, page.size()).await?;
        Ok(Listing { total, items: self.show_all(&store, ids).await? })
    }

    /// The users of a page of a list of so many, if the end of the list is nearer than its beginning.
    async fn users_from_the_end(
        &mut self,
        store: &str,
        page: Page,
        newest_first: bool,
        total: u64,
    ) -> Result<Option<Vec<UserId>>, Error> {
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let first = page.first().min(total);
        let size = page.size().min(total - first);
        let behind = total - first - size;
        if first <= behind {
            return Ok(None);
        }
        let mut stretch = all_of(store, !newest_first);
        pass(self.unit(), &BY_CREATION, &mut stretch, behind).await?;
        let mut ids = self.users_by_creation(stretch, size).await?;
        ids.reverse();
        Ok(Some(ids))
    }

    async fn users_by_creation(
        &mut self,
        stretch: Range,
        limit: usize,
    ) -> Result<Vec<UserId>, Error> {
        let rows = self.unit().list(&BY_CREATION, stretch, limit).await?;
        Ok(rows.into_iter().map(|(_, id)| id).collect())
    }

    /// The users of these identifiers as shown now, in this order, as far as they are still there.
    pub(super) async fn show_all(
        &mut self,
        store: &IdentityStore,
        ids: Vec<UserId>,
    ) -> Result<Vec<User>, Error> {
        let now = self.now();
        let keys: BTreeSet<Key> = ids.iter().map(|id| key(&store.id, id.as_str())).collect();
        let mut rows = sorted(self.unit().list_beneath(&USERS, &keys).await?);
        let mut passcodes = sorted(self.summarise_all_passcodes(&keys).await?);
        let mut passkeys = sorted(self.summarise_all_passkeys(&keys).await?);
        let mut totps = sorted(self.summarise_all_totps(&keys).await?);
        let mut recovery_codes = sorted(self.summarise_all_recovery_codes(&keys).await?);
        let mut users = BTreeMap::new();
        for key in &keys {
            let summary_info = SummaryInfo {
                passcodes: beneath(&mut passcodes, key).collect(),
                passkeys: beneath(&mut passkeys, key).collect(),
                totps: beneath(&mut totps, key).collect(),
                recovery_codes: beneath(&mut recovery_codes, key).collect(),
            };
            if let Some(row) = beneath(&mut rows, key).next() {
                users.insert(row.id.clone(), row.shown(summary_info, now));
            }
        }
        Ok(ids.iter().filter_map(|id| users.remove(id)).collect())
    }
}

/// All users of a store, the oldest or the newest first.
fn all_of(store: &str, newest_first: bool) -> Range {
    let all = Range::prefix(store);
    if newest_first { all.descending() } else { all }
}

/// Rows in the order of their keys, to be taken one after the other.
type Sorted<T> = Peekable<std::vec::IntoIter<(Key, T)>>;

fn sorted<T>(rows: Vec<(Key, T)>) -> Sorted<T> {
    rows.into_iter().peekable()
}

/// Takes the next rows as long as their keys begin with this one.
fn beneath<T>(rows: &mut Sorted<T>, key: &Key) -> impl Iterator<Item = T> {
    std::iter::from_fn(move || rows.next_if(|(at, _)| at.begins_with(key)).map(|(_, row)| row))
}

#[cfg(test)]
mod tests;
