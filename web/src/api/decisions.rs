//! Decisions: DMN files, saved as versions, deployed, read back.

use runtime::{DecisionFile, NewDecision, VersionStatus};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::process_definitions::CreationOption;
use crate::ask::Ask;
use crate::back::{Back, Shown};
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

pub(crate) const ABOUT_ADD: &str = "A DMN file with decision tables and literal expressions. \
    Business rule tasks name its decisions by their identifiers. A file that cannot be used is \
    refused with 422 and the member `flaws`: every flaw with rule, element, line and message.";

const NAMES: [Order; 1] = [Order::ascending("name")];
const VERSIONS: [Order; 1] = [Order::descending("version")];

/// The version that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct DecisionPath {
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

/// The file that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct NamePath {
    /// Name of the file of decisions.
    name: String,
}

/// A version to save.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "NewDecision")]
pub(crate) struct NewVersion {
    /// Name shared by all versions, 1 to 50 characters; a known name gets a new version.
    name: String,
    /// What it is for, at most 2000 characters.
    description: Option<String>,
    /// A tag by which business rule tasks may name this version.
    version_tag: Option<String>,
    /// `DEPLOYED_ACTIVE` deploys it in the same call.
    status: Option<VersionStatus>,
    /// Whether it is deployed in the same call.
    creation_option: Option<CreationOption>,
    /// The DMN XML, as a text.
    resource: String,
}

impl Shown for NewVersion {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "tenantId",
        "version",
        "decisions",
        "createdDtm",
        "lastUpdatedDtm",
        "createdBy",
        "lastUpdatedBy",
    ];
}

pub(crate) async fn add(
    ask: Ask<(), (), Back<NewVersion>>,
) -> Result<Created<DecisionFile>, Problem> {
    let Back(NewVersion { name, description, version_tag, status, creation_option, resource }) =
        ask.body;
    let deploy = status == Some(VersionStatus::DeployedActive)
        || creation_option == Some(CreationOption::SaveAndDeploy);
    let new = NewDecision { name, description, version_tag, resource, deploy };
    Ok(Created(ask.caller.tenant().add_decision(new).await?))
}

pub(crate) async fn read(ask: Ask<DecisionPath>) -> Result<Ok200<DecisionFile>, Problem> {
    Ok(Ok200(ask.caller.tenant().read_decision(&ask.path.id).await?))
}

pub(crate) async fn list(ask: Ask<(), Query>) -> Result<Ok200<Paged<DecisionFile>>, Problem> {
    let order = ask.query.order(&NAMES)?;
    let found = ask.caller.tenant().list_decisions(ask.query.page()).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn list_versions(
    ask: Ask<NamePath, Query>,
) -> Result<Ok200<Paged<DecisionFile>>, Problem> {
    let order = ask.query.order(&VERSIONS)?;
    let (name, page) = (&ask.path.name, ask.query.page());
    let found = ask.caller.tenant().list_decision_versions(name, page).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn set_status(ask: Ask<StatusPath>) -> Result<Ok200<DecisionFile>, Problem> {
    let StatusPath { id, status } = ask.path;
    Ok(Ok200(ask.caller.tenant().set_decision_status(&id, status).await?))
}

pub(crate) async fn remove(ask: Ask<DecisionPath>) -> Result<Done, Problem> {
    ask.caller.tenant().remove_decision(&ask.path.id).await?;
    Ok(Done)
}
