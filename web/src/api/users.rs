//! Users of an identity store, each operation by internal and by external identifier.

use identity::{NewUser, User, UserChange, UserProperty, UserSearch, Who};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::stores::StorePath;
use crate::ask::{Ask, Part};
use crate::back::{Back, Shown};
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

pub(crate) const ABOUT_LIST: &str = "A filter is the beginning of a value, whatever its case; one at a time can be given, and the list is then sorted by that member. Who does not have the member that a list is sorted by is left out. Filtered or sorted, at most a hundred users beyond the page are counted in `totalElements`.";

const ORDERS: [Order; 8] = [
    Order::ascending("createdDtm"),
    Order::descending("createdDtm"),
    Order::ascending("externalId"),
    Order::descending("externalId"),
    Order::ascending("email"),
    Order::descending("email"),
    Order::ascending("lastName"),
    Order::descending("lastName"),
];

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
    /// Only users whose attribute `email` begins with this.
    email: Option<String>,
    /// Only users whose attribute `lastName` begins with this.
    last_name: Option<String>,
}

impl Beginning {
    /// The property that is filtered by, with the beginning.
    fn only(&self) -> Result<Option<(UserProperty, &str)>, Problem> {
        let given = [
            (UserProperty::ExternalId, &self.external_id),
            (UserProperty::Email, &self.email),
            (UserProperty::LastName, &self.last_name),
        ];
        let mut given = given
            .into_iter()
            .filter_map(|(property, text)| Some((property, text.as_deref()?)))
            .filter(|(_, text)| !text.is_empty());
        match (given.next(), given.next()) {
            (_, Some((property, _))) => {
                Err(Problem::at(property.as_str(), "only one filter can be given at a time"))
            }
            (only, None) => Ok(only),
        }
    }
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

/// What is shown of a user and cannot be changed.
const READ_ONLY: &[&str] = &[
    "id",
    "lockInfo",
    "summaryInfo",
    "createdDtm",
    "lastUpdatedDtm",
    "createdBy",
    "lastUpdatedBy",
    "lastAuthenticatedDtm",
];

impl Shown for NewUser {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

impl Shown for UserChange {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

pub(crate) async fn add(ask: Ask<StorePath, (), Back<NewUser>>) -> Result<Created<User>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let user = work.add_user(ask.path.name(), ask.body.0).await?;
    work.commit().await?;
    Ok(Created(user))
}

pub(crate) async fn read<P: Person>(ask: Ask<P>) -> Result<Ok200<User>, Problem> {
    let mut work = ask.caller.tenant().identity();
    Ok(Ok200(work.read_user(ask.path.store(), &ask.path.who()).await?))
}

pub(crate) async fn update<P: Person>(
    ask: Ask<P, (), Back<UserChange>>,
) -> Result<Ok200<User>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let user = work.update_user(ask.path.store(), &ask.path.who(), ask.body.0).await?;
    work.commit().await?;
    Ok(Ok200(user))
}

pub(crate) async fn list(
    ask: Ask<StorePath, Query<Beginning>>,
) -> Result<Ok200<Paged<User>>, Problem> {
    let filter = ask.query.filter.only()?;
    let order = match filter {
        Some((property, _)) if !ask.query.is_sorted() => Order::ascending(property.as_str()),
        _ => ask.query.order(&ORDERS)?,
    };
    let (mut work, page) = (ask.caller.tenant().identity(), ask.query.page());
    let found = match search(order, filter)? {
        Some(search) => work.search_users(ask.path.name(), page, &search).await?,
        None => work.list_users(ask.path.name(), page, order.descending).await?,
    };
    Ok(Ok200(ask.query.answer(order, found)))
}

/// The search for a list in this order, unless it is of all users by when they were added.
fn search(
    order: Order,
    filter: Option<(UserProperty, &str)>,
) -> Result<Option<UserSearch>, Problem> {
    let by = match order.property {
        "externalId" => UserProperty::ExternalId,
        "email" => UserProperty::Email,
        "lastName" => UserProperty::LastName,
        _ if filter.is_none() => return Ok(None),
        _ => {
            return Err(Problem::at("sort", "a filtered list is sorted by what it is filtered by"));
        }
    };
    match filter {
        Some((property, _)) if property != by => {
            Err(Problem::at("sort", "a filtered list is sorted by what it is filtered by"))
        }
        filter => {
            let beginning = filter.map_or_else(String::new, |(_, text)| text.to_owned());
            Ok(Some(UserSearch { by, beginning, descending: order.descending }))
        }
    }
}

pub(crate) async fn remove<P: Person>(ask: Ask<P>) -> Result<Done, Problem> {
    let mut work = ask.caller.tenant().identity();
    work.remove_user(ask.path.store(), &ask.path.who()).await?;
    work.commit().await?;
    Ok(Done)
}
