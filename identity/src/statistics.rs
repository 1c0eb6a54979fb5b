//! How much a tenant has, how much it may have, and what happened in each identity store, counted as it happens.

use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use storage::{Counter, Key, Table};

use crate::audit::{Action, Entry};
use crate::error::Error;
use crate::page::Page;
use crate::store::StoreOrder;
use crate::work::Work;

/// What the tenant may have at most, in one row.
const LIMITS: Table<Limits> = Table::new("identity-limits");
/// How many stores and users were ever added and removed.
const TOTALS: Counter = Counter::new("identity-totals");
/// How many entries of each action there were, by store and action.
const EVENTS: Counter = Counter::new("identity-events");
/// What is counted where nothing has happened.
const NO_EVENTS: Counter = Counter::new("stand-in-events");

/// The only row of the limits.
const ONLY: &str = "tenant";
const STORES: [&str; 2] = ["stores-added", "stores-removed"];
const USERS: [&str; 2] = ["users-added", "users-removed"];

/// What a tenant may have at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Identity stores; 100.
    pub maximum_stores: u64,
    /// Users in all identity stores together; 10,000,000.
    pub maximum_users: u64,
    /// Passkeys of one user; 20.
    pub maximum_passkeys_per_user: u64,
}

/// Limits that change; what is not given stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LimitsChange {
    /// Identity stores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_stores: Option<u64>,
    /// Users in all identity stores together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_users: Option<u64>,
    /// Passkeys of one user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_passkeys_per_user: Option<u64>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { maximum_stores: 100, maximum_users: 10_000_000, maximum_passkeys_per_user: 20 }
    }
}

/// How many were added and removed, and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// How many were ever added.
    pub added: u64,
    /// How many were ever removed.
    pub deleted: u64,
    /// How many there are.
    pub present: u64,
}

/// What happened in an identity store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoreStatistics {
    /// The identifier of the identity store.
    pub store_id: String,
    /// Its name.
    pub store_name: String,
    /// Its users.
    pub users: Total,
    /// How many events of each type there were.
    pub events: BTreeMap<String, u64>,
}

/// How much a tenant has and may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TenantStatistics {
    /// What the tenant may have at most.
    pub limits: Limits,
    /// The identity stores.
    pub stores: Total,
    /// The users of all identity stores.
    pub users: Total,
    /// Each identity store, by name.
    pub store_statistics: Vec<StoreStatistics>,
}

impl Total {
    pub(crate) fn of(added: u64, deleted: u64) -> Total {
        Total { added, deleted, present: added.saturating_sub(deleted) }
    }
}

impl Work {
    /// Reads how much the tenant has and may have.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn read_statistics(&mut self) -> Result<TenantStatistics, Error> {
        let limits = self.limits().await?;
        let (stores, users) = (self.total(STORES).await?, self.total(USERS).await?);
        let actions = actions();
        let size = usize::try_from(stores.present).unwrap_or(usize::MAX).max(1);
        let mut store_statistics = Vec::new();
        let page = Page { number: 0, size: u32::try_from(size).unwrap_or(u32::MAX) };
        for store in self.list_stores(None, page, StoreOrder::default()).await?.items {
            let mut events = BTreeMap::new();
            for action in &actions {
                let count = self.unit().count(&EVENTS, event(&store.id, action)).await?;
                if count > 0 {
                    events.insert(action.clone(), count);
                }
            }
            let users = self.count_users(&store.id).await?;
            let (store_id, store_name) = (store.id, store.name);
            store_statistics.push(StoreStatistics { store_id, store_name, users, events });
        }
        Ok(TenantStatistics { limits, stores, users, store_statistics })
    }

    /// What the tenant may have at most.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn limits(&mut self) -> Result<Limits, Error> {
        Ok(self.unit().peek(&LIMITS, ONLY).await?.unwrap_or_default())
    }

    /// Changes what the tenant may have at most; what there is already stays.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn change_limits(&mut self, change: LimitsChange) -> Result<Limits, Error> {
        let present: Limits = self.unit().find(&LIMITS, ONLY).await?.unwrap_or_default();
        let limits = Limits {
            maximum_stores: change.maximum_stores.unwrap_or(present.maximum_stores),
            maximum_users: change.maximum_users.unwrap_or(present.maximum_users),
            maximum_passkeys_per_user: change
                .maximum_passkeys_per_user
                .unwrap_or(present.maximum_passkeys_per_user),
        };
        self.unit().put(&LIMITS, ONLY, &limits)?;
        self.audit(Entry::of_tenant(Action::LimitsChanged))?;
        Ok(limits)
    }

    /// Counts a store that is added, within the limit.
    pub(crate) async fn count_added_store(&mut self) -> Result<(), Error> {
        let most = self.limits().await?.maximum_stores;
        if self.raise(STORES, most).await? { Ok(()) } else { Err(Error::TooManyStores(most)) }
    }

    /// Counts a store that is removed.
    pub(crate) fn count_removed_store(&mut self) {
        self.unit().add(&TOTALS, STORES[1], 1, None);
    }

    /// Counts a user who is added, within the limit.
    pub(crate) async fn count_added_user(&mut self) -> Result<(), Error> {
        let most = self.limits().await?.maximum_users;
        if self.raise(USERS, most).await? { Ok(()) } else { Err(Error::TooManyUsers(most)) }
    }

    /// Counts users who are removed.
    pub(crate) fn count_removed_users(&mut self, users: usize) {
        self.unit().add(&TOTALS, USERS[1], users as u64, None);
    }

    /// Counts what happened in a store.
    pub(crate) fn count_event(&mut self, entry: &Entry) {
        let cell = event(&entry.store_id, &entry.action.name());
        self.unit().add(&EVENTS, cell, 1, None);
    }

    /// Forgets what happened in a store.
    pub(crate) fn erase_events(&mut self, store: &str) {
        for action in actions() {
            for counter in [&EVENTS, &NO_EVENTS] {
                self.unit().remove_counter(counter, event(store, &action));
            }
        }
    }

    /// Does the work of counting what happened, without counting it.
    pub(crate) fn count_no_event(&mut self, entry: &Entry) {
        let cell = event(&entry.store_id, &entry.action.name());
        self.unit().add(&NO_EVENTS, cell, 1, None);
    }

    /// Counts one more, unless there are as many as there may be. The bound holds at the commit too: what was
    /// removed in the meantime only makes it more room than that.
    async fn raise(&mut self, kind: [&str; 2], most: u64) -> Result<bool, Error> {
        let Total { deleted, present, .. } = self.total(kind).await?;
        if present >= most {
            return Ok(false);
        }
        self.unit().add(&TOTALS, kind[0], 1, Some(most.saturating_add(deleted)));
        Ok(true)
    }

    async fn total(&mut self, [added, removed]: [&str; 2]) -> Result<Total, Error> {
        let added = self.unit().count(&TOTALS, added).await?;
        Ok(Total::of(added, self.unit().count(&TOTALS, removed).await?))
    }
}

fn event(store: &str, action: &str) -> Key {
    Key::new().text(store).text(action)
}

/// The names of all actions, as they are described.
fn actions() -> Vec<String> {
    let schema = schema_for!(Action);
    let kinds = schema.get("oneOf").and_then(serde_json::Value::as_array).into_iter().flatten();
    kinds.filter_map(|kind| kind.get("const")?.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Scene, external};
    use crate::{NewStore, NewUser};

    async fn told(scene: &Scene) -> String {
        let statistics = scene.work().read_statistics().await.unwrap();
        let Total { added, deleted, present } = statistics.users;
        let stores = statistics.stores.present;
        let one = statistics.store_statistics.first();
        let one = one.map(|one| format!("{} {:?}", one.users.present, one.events));
        format!("{stores} stores, {added}-{deleted}={present} users: {}", one.unwrap_or_default())
    }

    #[tokio::test]
    async fn what_happens_is_counted() {
        let scene = Scene::with_alice().await;
        let alice = external("alice");
        assert_eq!(
            told(&scene).await,
            r#"1 stores, 1-0=1 users: 1 {"STORE_ADDED": 1, "STORE_UPDATED": 1, "USER_ADDED": 1}"#
        );
        scene.register(&alice, "p", "right").await;
        scene.guess(&alice, "p", "wrong").await;
        scene.guess(&alice, "p", "wrong").await;
        let mut work = scene.work();
        work.remove_user("s", &alice).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(
            told(&scene).await,
            "1 stores, 1-1=0 users: 0 {\"PASSCODE_REFUSED\": 2, \"PASSCODE_REGISTERED\": 1, \
             \"STORE_ADDED\": 1, \"STORE_UPDATED\": 1, \"USER_ADDED\": 1, \"USER_REMOVED\": 1}"
        );
        let mut work = scene.work();
        work.add_user("s", NewUser::default()).await.unwrap();
        work.commit().await.unwrap();
        let mut work = scene.work();
        let store = work.read_store("s").await.unwrap().id;
        work.remove_store("s").await.unwrap();
        work.commit().await.unwrap();
        let mut work = scene.work();
        work.sweep_removed_stores(10).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(told(&scene).await, "0 stores, 2-2=0 users: ");
        let mut work = scene.work();
        for action in actions() {
            // What happens last, the removal, is counted after the store is gone.
            for counter in [&EVENTS, &NO_EVENTS] {
                let count = work.unit().count(counter, event(&store, &action)).await.unwrap();
                assert_eq!(count, 0, "{action}");
            }
        }
    }

    #[tokio::test]
    async fn nobody_has_more_than_they_may() {
        let scene = Scene::with_alice().await;
        let mut work = scene.work();
        let only = |stores: Option<u64>, users: Option<u64>| LimitsChange {
            maximum_stores: stores,
            maximum_users: users,
            maximum_passkeys_per_user: None,
        };
        work.change_limits(only(Some(1), None)).await.unwrap();
        let limits = work.change_limits(only(None, Some(2))).await.unwrap();
        work.commit().await.unwrap();
        let mut entries = scene.work().list_audit(10).await.unwrap();
        entries.retain(|entry| entry.action == Action::LimitsChanged);
        let about = |entry: &Entry| (entry.store_name.clone(), entry.by.clone());
        let changed = (String::new(), "tester".to_owned());
        assert_eq!(Vec::from_iter(entries.iter().map(about)), [changed.clone(), changed]);
        // What is not given stays.
        assert_eq!(limits, Limits { maximum_stores: 1, maximum_users: 2, ..Limits::default() });
        let new = || NewStore { name: "t".to_owned(), ..NewStore::default() };
        assert_eq!(scene.work().add_store(new()).await.unwrap_err().code(), 103);
        let (mut one, mut other) = (scene.work(), scene.work());
        one.add_user("s", NewUser::default()).await.unwrap();
        other.add_user("s", NewUser::default()).await.unwrap();
        one.commit().await.unwrap();
        // The later one is told to do it again, and then why it cannot.
        assert!(other.commit().await.unwrap_err().is_conflict());
        let refused = scene.work().add_user("s", NewUser::default()).await.unwrap_err();
        assert_eq!((refused.code(), refused.kind()), (507, crate::Kind::Refused));
        let mut work = scene.work();
        work.remove_user("s", &external("alice")).await.unwrap();
        work.commit().await.unwrap();
        let mut work = scene.work();
        work.add_user("s", NewUser::default()).await.unwrap();
        work.commit().await.unwrap();
    }
}
