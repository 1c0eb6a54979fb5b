//! The passcodes of a user: listed, read, changed and deleted, each by internal and by external identifier.

use identity::{PasscodeChange, PasscodeSummary, Who};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::users::Person;
use crate::ask::{Ask, Part};
use crate::back::{Back, Shown};
use crate::list::{Order, PagedResult, Query};
use crate::problem::Problem;
use crate::reply::{Done, Ok200};

const ORDERS: [Order; 1] = [Order::ascending("policyName")];

/// A path that names a user and one of their passcodes.
pub(crate) trait Owner: Part {
    /// The identity store.
    fn store(&self) -> &str;

    /// The user.
    fn who(&self) -> Who;

    /// The passcode.
    fn passcode(&self) -> &str;
}

/// One passcode of a user by internal identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OnePasscodeById")]
pub(crate) struct ById {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the user.
    user_id: String,
    /// Identifier of the passcode.
    passcode_id: String,
}

/// One passcode of a user by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OnePasscodeByExternalId")]
pub(crate) struct ByExternalId {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    ext_user_id: String,
    /// Identifier of the passcode.
    passcode_id: String,
}

impl Shown for PasscodeChange {
    const READ_ONLY: &'static [&'static str] =
        &["id", "policyName", "createdDtm", "lastUpdatedDtm", "lastAuthenticatedWithDtm"];
}

pub(crate) async fn list<P: Person>(ask: Ask<P, Query>) -> PagedResult<PasscodeSummary> {
    let mut work = ask.caller.tenant().identity();
    let passcodes = work.list_passcodes(ask.path.store(), &ask.path.who()).await?;
    ask.query.answer_of_few(&ORDERS, passcodes)
}

pub(crate) async fn read<P: Owner>(ask: Ask<P>) -> Result<Ok200<PasscodeSummary>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    Ok(Ok200(work.read_passcode(path.store(), &path.who(), path.passcode()).await?))
}

pub(crate) async fn update<P: Owner>(
    ask: Ask<P, (), Back<PasscodeChange>>,
) -> Result<Ok200<PasscodeSummary>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, id) = (path.store(), path.who(), path.passcode());
    let passcode = work.update_passcode(store, &who, id, &ask.body.0).await?;
    work.commit().await?;
    Ok(Ok200(passcode))
}

pub(crate) async fn remove<P: Owner>(ask: Ask<P>) -> Result<Done, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    work.remove_passcode_by_id(path.store(), &path.who(), path.passcode()).await?;
    work.commit().await?;
    Ok(Done)
}

impl Owner for ById {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::Id(self.user_id.as_str().into())
    }

    fn passcode(&self) -> &str {
        &self.passcode_id
    }
}

impl Owner for ByExternalId {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::ExternalId(self.ext_user_id.clone())
    }

    fn passcode(&self) -> &str {
        &self.passcode_id
    }
}
