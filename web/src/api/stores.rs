//! Identity stores: the directories of people.

use identity::{
    IdentityStore, Limits, LimitsChange, NewStore, StoreChange, StoreOrder, TenantStatistics,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::ask::Ask;
use crate::back::{Back, Shown};
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

pub(crate) const ABOUT_LIST: &str =
    "The filter may also be sent as a JSON body; what the query says comes first.";

const ORDERS: [Order; 4] = [
    Order::ascending("name"),
    Order::descending("name"),
    Order::ascending(CREATED),
    Order::descending(CREATED),
];
const CREATED: &str = "createdDtm";

/// The store that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StorePath {
    /// Name of the identity store.
    store_name: String,
}

impl StorePath {
    /// Name of the identity store.
    pub(crate) fn name(&self) -> &str {
        &self.store_name
    }
}

/// Which stores to list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "StoreFilter")]
pub(crate) struct Named {
    /// Only the store of this name; `%` stands for any text.
    name: Option<String>,
}

/// What is shown of a store and cannot be changed.
const READ_ONLY: &[&str] = &["id", "createdDtm", "lastUpdatedDtm", "createdBy", "lastUpdatedBy"];

impl Shown for NewStore {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

impl Shown for StoreChange {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

pub(crate) async fn add(
    ask: Ask<(), (), Back<NewStore>>,
) -> Result<Created<IdentityStore>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let store = work.add_store(ask.body.0).await?;
    work.commit().await?;
    Ok(Created(store))
}

pub(crate) async fn read(ask: Ask<StorePath>) -> Result<Ok200<IdentityStore>, Problem> {
    Ok(Ok200(ask.caller.tenant().identity().read_store(&ask.path.store_name).await?))
}

pub(crate) async fn update(
    ask: Ask<StorePath, (), Back<StoreChange>>,
) -> Result<Ok200<IdentityStore>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let store = work.update_store(&ask.path.store_name, ask.body.0).await?;
    work.commit().await?;
    Ok(Ok200(store))
}

pub(crate) async fn list(
    ask: Ask<(), Query<Named>, Named>,
) -> Result<Ok200<Paged<IdentityStore>>, Problem> {
    let order = ask.query.order(&ORDERS)?;
    let sorted =
        StoreOrder { by_creation: order.property == CREATED, descending: order.descending };
    let (mut work, page) = (ask.caller.tenant().identity(), ask.query.page());
    let name = ask.query.filter.name.as_deref().or(ask.body.name.as_deref());
    let found = work.list_stores(name, page, sorted).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn statistics(ask: Ask) -> Result<Ok200<TenantStatistics>, Problem> {
    Ok(Ok200(ask.caller.tenant().identity().read_statistics().await?))
}

pub(crate) async fn change_limits(
    ask: Ask<(), (), LimitsChange>,
) -> Result<Ok200<Limits>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let limits = work.change_limits(ask.body).await?;
    work.commit().await?;
    Ok(Ok200(limits))
}

pub(crate) async fn remove(ask: Ask<StorePath>) -> Result<Done, Problem> {
    let mut work = ask.caller.tenant().identity();
    work.remove_store(&ask.path.store_name).await?;
    work.commit().await?;
    Ok(Done)
}
