//! Passcode policies of an identity store.

use std::collections::BTreeMap;

use identity::NamedPasscodePolicy;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::api::stores::StorePath;
use crate::ask::{Ask, leave_name};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

pub(crate) const ABOUT_UPDATE: &str = "The body has the members of a policy but its name; `null` takes a member back to its default (RFC 7396). Passcodes that were registered stay good until they expire.";

/// The policy that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyPath {
    /// Name of the identity store.
    store_name: String,
    /// Name of the passcode policy.
    policy_name: String,
}

/// The members of a policy that change.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "PasscodePolicyChange")]
pub(crate) struct Change(BTreeMap<String, Value>);

pub(crate) async fn add(
    ask: Ask<StorePath, (), NamedPasscodePolicy>,
) -> Result<Created<NamedPasscodePolicy>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let policy = work.add_passcode_policy(ask.path.name(), ask.body).await?;
    work.commit().await?;
    Ok(Created(policy))
}

pub(crate) async fn read(ask: Ask<PolicyPath>) -> Result<Ok200<NamedPasscodePolicy>, Problem> {
    let PolicyPath { store_name, policy_name } = &ask.path;
    let mut work = ask.caller.tenant().identity();
    Ok(Ok200(work.read_passcode_policy(store_name, policy_name).await?))
}

pub(crate) async fn update(
    ask: Ask<PolicyPath, (), Change>,
) -> Result<Ok200<NamedPasscodePolicy>, Problem> {
    let PolicyPath { store_name, policy_name } = &ask.path;
    let mut work = ask.caller.tenant().identity();
    let mut change = ask.body.0.into_iter().collect();
    leave_name(&mut change, "policyName", policy_name)?;
    let policy = work.update_passcode_policy(store_name, policy_name, change).await?;
    work.commit().await?;
    Ok(Ok200(policy))
}

pub(crate) async fn remove(ask: Ask<PolicyPath>) -> Result<Done, Problem> {
    let PolicyPath { store_name, policy_name } = &ask.path;
    let mut work = ask.caller.tenant().identity();
    work.remove_passcode_policy(store_name, policy_name).await?;
    work.commit().await?;
    Ok(Done)
}
