//! Users from before the indexes of their properties and passkeys come into them, a part in each commit.

use serde::{Deserialize, Serialize};
use storage::Table;

use super::UserId;
use crate::error::Error;
use crate::work::Work;

/// How far the filling is, in one row.
const FILLING: Table<Filling> = Table::new("user-indexes-filling");
/// The only row.
const ONLY: &str = "tenant";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filling {
    done: bool,
    /// The last user that was looked at: store and identifier.
    after: Option<(String, UserId)>,
}

impl Work {
    /// Brings at most so many users into the indexes who were added before there were any; says how many it looked at.
    /// Once all were looked at it does nothing any more.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn index_old_users(&mut self, limit: usize) -> Result<usize, Error> {
        if self.unit().peek(&FILLING, ONLY).await?.is_some_and(|filling| filling.done) {
            return Ok(0);
        }
        let filling = self.unit().find(&FILLING, ONLY).await?.unwrap_or_default();
        let users = self.users_of_all_stores(filling.after.as_ref(), limit).await?;
        for (store, row) in &users {
            self.index_user(store, None, Some(row))?;
            self.index_passkeys(store, &row.id).await?;
        }
        let last = users.last().map(|(store, row)| (store.clone(), row.id.clone()));
        let filling = Filling { done: users.len() < limit, after: last.or(filling.after) };
        self.unit().put(&FILLING, ONLY, &filling)?;
        Ok(users.len())
    }
}

#[cfg(test)]
mod tests {
    use storage::Range;

    use super::*;
    use crate::scene::Scene;
    use crate::{NewUser, Page, UserProperty, UserSearch};

    const BY_PROPERTY: Table<()> = Table::new("users-by-property");
    const PASSKEYS: Table<String> = Table::new("passkeys-by-creation");

    #[tokio::test]
    async fn users_from_before_the_index_are_found_once_it_is_filled() {
        let scene = Scene::with_alice().await;
        let mut work = scene.work();
        for number in 0..25 {
            let external_id = Some(format!("u{number:02}"));
            work.add_user("s", NewUser { external_id, ..NewUser::default() }).await.unwrap();
        }
        work.commit().await.unwrap();
        let mut unit = scene.store.space("t").unit();
        for (key, _) in unit.list(&BY_PROPERTY, Range::all(), 100).await.unwrap() {
            unit.remove(&BY_PROPERTY, &key);
        }
        unit.commit().await.unwrap();
        let found = async || {
            let by = UserProperty::ExternalId;
            let search = UserSearch { by, beginning: String::new(), descending: false };
            scene.work().search_users("s", Page::default(), &search).await.unwrap().total
        };
        assert_eq!(found().await, 0);
        let mut parts = Vec::new();
        for _ in 0..4 {
            let mut work = scene.work();
            parts.push(work.index_old_users(10).await.unwrap());
            work.commit().await.unwrap();
        }
        assert_eq!((parts, found().await), (vec![10, 10, 6, 0], 26));
    }

    #[tokio::test]
    async fn passkeys_from_before_the_index_come_into_it() {
        let scene = Scene::with_alice().await;
        let mut work = scene.work();
        let alice = crate::scene::external("alice");
        work.give_passkeys("s", &alice, "example.org", 3).await.unwrap();
        work.commit().await.unwrap();
        let rows = async || {
            scene.store.space("t").unit().list(&PASSKEYS, Range::all(), 100).await.unwrap()
        };
        let before = rows().await;
        let mut unit = scene.store.space("t").unit();
        before.iter().for_each(|(key, _)| unit.remove(&PASSKEYS, key));
        unit.commit().await.unwrap();
        assert_eq!((before.len(), rows().await.len()), (3, 0));
        let mut work = scene.work();
        work.index_old_users(10).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(rows().await, before);
    }

    #[tokio::test]
    async fn who_changes_meanwhile_is_looked_at_again() {
        let scene = Scene::with_alice().await;
        let mut filling = scene.work();
        filling.index_old_users(10).await.unwrap();
        let mut work = scene.work();
        work.remove_user("s", &crate::scene::external("alice")).await.unwrap();
        work.commit().await.unwrap();
        assert!(filling.commit().await.unwrap_err().is_conflict());
    }
}
