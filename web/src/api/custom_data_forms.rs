//! Custom data forms: saved as versions, deployed, read back with their JSON.

use runtime::{CustomForm, NewForm, VersionStatus};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::process_definitions::CreationOption;
use crate::ask::Ask;
use crate::back::{Back, Shown};
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{Created, Ok200};

const NAMES: [Order; 1] = [Order::ascending("name")];
const VERSIONS: [Order; 1] = [Order::descending("version")];

/// The version that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct FormPath {
    /// Identifier of the version.
    id: String,
}

/// The version that is meant, and what becomes of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct StatusPath {
    /// Identifier of the version.
    id: String,
    /// The status that it gets.
    status: VersionStatus,
}

/// The form that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct NamePath {
    /// Name of the form.
    name: String,
}

/// A version to save.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "NewCustomForm")]
pub(crate) struct NewVersion {
    /// Name shared by all versions, 1 to 50 characters; a known name gets a new version.
    name: String,
    /// What it is for, at most 2000 characters.
    description: Option<String>,
    /// `DEPLOYED_ACTIVE` deploys it in the same call.
    status: Option<VersionStatus>,
    /// Whether it is deployed in the same call.
    creation_option: Option<CreationOption>,
    /// The form's JSON, as a text.
    resource: String,
}

impl Shown for NewVersion {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "tenantId",
        "version",
        "createdDtm",
        "lastUpdatedDtm",
        "createdBy",
        "lastUpdatedBy",
    ];
}

pub(crate) async fn add(
    ask: Ask<(), (), Back<NewVersion>>,
) -> Result<Created<CustomForm>, Problem> {
    let Back(NewVersion { name, description, status, creation_option, resource }) = ask.body;
    let deploy = status == Some(VersionStatus::DeployedActive)
        || creation_option == Some(CreationOption::SaveAndDeploy);
    let new = NewForm { name, description, resource, deploy };
    Ok(Created(ask.caller.tenant().add_form(new).await?))
}

pub(crate) async fn read(ask: Ask<FormPath>) -> Result<Ok200<CustomForm>, Problem> {
    Ok(Ok200(ask.caller.tenant().read_form(&ask.path.id).await?))
}

pub(crate) async fn list(ask: Ask<(), Query>) -> Result<Ok200<Paged<CustomForm>>, Problem> {
    let order = ask.query.order(&NAMES)?;
    let found = ask.caller.tenant().list_forms(ask.query.page()).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn list_versions(
    ask: Ask<NamePath, Query>,
) -> Result<Ok200<Paged<CustomForm>>, Problem> {
    let order = ask.query.order(&VERSIONS)?;
    let (name, page) = (&ask.path.name, ask.query.page());
    let found = ask.caller.tenant().list_form_versions(name, page).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn set_status(ask: Ask<StatusPath>) -> Result<Ok200<CustomForm>, Problem> {
    let StatusPath { id, status } = ask.path;
    Ok(Ok200(ask.caller.tenant().set_form_status(&id, status).await?))
}
