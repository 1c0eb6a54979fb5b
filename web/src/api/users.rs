//! Users of an identity store, each operation by internal and by external identifier.

use identity::{NewUser, User, UserChange, Who};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::stores::StorePath;
use crate::ask::{Ask, Part};
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

const ORDERS: [Order; 1] = [Order::ascending("createdDtm")];

/// A path that names a user.
pub(crate) trait Person: Part {
    /// The identity store.
    fn store(&self) -> &str;

    /// The user.
    fn who(&self) -> Who;
}

/// A user by internal identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ById {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the user.
    user_id: String,
}

/// A user by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ByExternalId {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    ext_id: String,
}

/// Which users to list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Beginning {
    /// Only users whose external identifier begins with this.
    external_id: Option<String>,
}

impl Person for ById {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::Id(self.user_id.as_str().into())
    }
}

impl Person for ByExternalId {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::ExternalId(self.ext_id.clone())
    }
}

pub(crate) async fn add(ask: Ask<StorePath, (), NewUser>) -> Result<Created<User>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let user = work.add_user(ask.path.name(), ask.body).await?;
    work.commit().await?;
    Ok(Created(user))
}

pub(crate) async fn read<P: Person>(ask: Ask<P>) -> Result<Ok200<User>, Problem> {
    let mut work = ask.caller.tenant().identity();
    Ok(Ok200(work.read_user(ask.path.store(), &ask.path.who()).await?))
}

pub(crate) async fn update<P: Person>(ask: Ask<P, (), UserChange>) -> Result<Ok200<User>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let user = work.update_user(ask.path.store(), &ask.path.who(), ask.body).await?;
    work.commit().await?;
    Ok(Ok200(user))
}

pub(crate) async fn list(
    ask: Ask<StorePath, Query<Beginning>>,
) -> Result<Ok200<Paged<User>>, Problem> {
    let order = ask.query.order(&ORDERS)?;
    let mut work = ask.caller.tenant().identity();
    let (page, beginning) = (ask.query.page(), ask.query.filter.external_id.as_deref());
    let found = work.list_users(ask.path.name(), page, beginning).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn remove<P: Person>(ask: Ask<P>) -> Result<Done, Problem> {
    let mut work = ask.caller.tenant().identity();
    work.remove_user(ask.path.store(), &ask.path.who()).await?;
    work.commit().await?;
    Ok(Done)
}
