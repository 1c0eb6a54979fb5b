//! Migrations: process instances are moved to another version of their definition by a plan.

use std::collections::BTreeMap;

use runtime::{Migration, MigrationPlan, Tally};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::ask::Ask;
use crate::problem::Problem;
use crate::reply::Ok200;

pub(crate) const ABOUT_PLAN: &str = "Elements of equal id become each other; `elements` names the \
    others. Both versions are of one definition. Tasks keep their state, and questions that are open stay open under the topic that they \
    were asked with. Called instances stay on their own definition. `valid` is \
    about the plan: an instance that stands at an element that `cannot` be migrated stays where it is.";
pub(crate) const ABOUT_RUN: &str = "Where the plan has flaws the answer is 422 and nothing moves. Each \
    instance moves whole, in a commit of its own, or not at all. Without `instances` a part of at most \
    500 of the version's instances is moved: give `next` as `after` for the next part. `matched` is \
    what this part had, each of it either `done` or in `failed` with the reason.";

/// From which version to which.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MigrationToCheck")]
pub(crate) struct ToCheck {
    /// Identifier of the version that the instances run.
    from: String,
    /// Identifier of the version that they are to run.
    to: String,
    /// New ids of elements by their old ones.
    #[serde(default)]
    elements: BTreeMap<String, String>,
}

/// From which version to which, and what moves.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MigrationToRun")]
pub(crate) struct ToRun {
    /// Identifier of the version that the instances run.
    from: String,
    /// Identifier of the version that they are to run.
    to: String,
    /// New ids of elements by their old ones.
    #[serde(default)]
    elements: BTreeMap<String, String>,
    /// Identifiers of the instances to move, at most 500; without them all of the version.
    instances: Option<Vec<String>>,
    /// The `next` of the part before.
    after: Option<String>,
}

pub(crate) async fn plan(ask: Ask<(), (), ToCheck>) -> Result<Ok200<MigrationPlan>, Problem> {
    let ToCheck { from, to, elements } = ask.body;
    let migration = Migration { from, to, elements };
    Ok(Ok200(ask.caller.tenant().plan_migration(&migration).await?))
}

pub(crate) async fn run(ask: Ask<(), (), ToRun>) -> Result<Ok200<Tally>, Problem> {
    let ToRun { from, to, elements, instances, after } = ask.body;
    let (migration, tenant) = (Migration { from, to, elements }, ask.caller.tenant());
    Ok(Ok200(tenant.migrate_instances(&migration, instances.as_deref(), after.as_deref()).await?))
}
