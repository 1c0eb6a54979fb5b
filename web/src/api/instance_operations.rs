//! What a person does with running process instances: look closer, set variables, cancel, suspend,
//! move paths.

use runtime::{InstanceState, InstanceView, Modification, Tally, Variables};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::process_instances::{InstancePath, SEES_VALUES};
use crate::ask::Ask;
use crate::problem::Problem;
use crate::reply::{Done, Ok200};

pub(crate) const ABOUT_VARIABLES: &str = "Variables may be personal data; the permission is one of \
    its own. Whoever has it also sees values in the history and correlation keys in the state.";
pub(crate) const ABOUT_SET: &str = "Values are JSON. Whole numbers from -2^63 to 2^64-1 are kept \
    exactly, others as 64-bit floating point. A value may have 1 MiB, all variables of an \
    instance 8 MiB; what is larger is 400 with code 2905, and nothing is set. Conditions that are \
    awaited are asked again.";
pub(crate) const ABOUT_SUSPEND: &str = "A suspended instance takes no answer and no message; signals and its \
    timers wait; whatever else is asked of it is 409 with code 2904. Of the signals each event keeps the newest 32, or \
    the first where it takes one only, and the instance no more than 4 MiB of them. It can still be cancelled, moved by hand or to another version, and have its \
    variables set, which turns no condition yet; what it has called can be, too, and it hears of that when it is \
    resumed. Then signals and messages come, timers that fell due fire and conditions are asked, all in the order of \
    their times.";
pub(crate) const ABOUT_MODIFY: &str = "In one commit variables are set, paths begin at elements, and \
    others end; or nothing changes. A sub-process around an element is opened if it is not open; where \
    several are open, `scope` says which. At a join a path counts as come along a flow along which nobody \
    has, and rather one along which nobody can come any more. When an instance of a sequential \
    multi-instance activity is ended, the next begins.";
pub(crate) const ABOUT_MANY: &str = "Does a part of at most 500, each in a commit of its own, and \
    counts: `matched` is what this part had, each of it either `done` or in `failed` with the reason. \
    Incidents that a new one stopped again at once are in `failedAgain` instead, with what is wrong \
    now, and in no later part. Give `next` as `after` for the next part; when nothing is left there is \
    no `next`.";

/// Variables to set.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VariablesToSet")]
pub(crate) struct ToSet {
    /// Number of the open scope in which they are set; without it they are those of the process.
    scope: Option<u32>,
    /// The variables.
    variables: Map<String, Value>,
}

/// Why something is done.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    /// The reason, for the record.
    #[schemars(length(max = 1000))]
    reason: Option<String>,
}

/// The paths to move.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Modification")]
pub(crate) struct ToMove {
    /// Numbers of the paths to end.
    #[serde(default)]
    end: Vec<u32>,
    /// Where paths begin.
    #[serde(default)]
    begin: Vec<Beginning>,
    /// Variables of the process to set first.
    #[serde(default)]
    variables: Map<String, Value>,
}

/// Where a path begins.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Beginning {
    /// Element of the definition.
    element_id: String,
    /// Number of the scope that is to hold the path, where there are several.
    scope: Option<u32>,
}

/// The definition that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionPath {
    /// Identifier of the version.
    process_definition_id: String,
}

/// One part of the instances.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PartOfInstances")]
pub(crate) struct Part {
    /// The reason, for the record.
    #[schemars(length(max = 1000))]
    reason: Option<String>,
    /// The `next` of the part before.
    after: Option<String>,
}

/// Characters of a reason at most.
const LONGEST_REASON: usize = 1000;

/// A reason that is short enough to be kept.
fn short(reason: &Option<String>) -> Result<Option<&str>, Problem> {
    match reason.as_deref() {
        Some(long) if long.chars().count() > LONGEST_REASON => {
            Err(Problem::at("reason", format!("is longer than {LONGEST_REASON} characters")))
        }
        reason => Ok(reason),
    }
}

pub(crate) async fn state(ask: Ask<InstancePath>) -> Result<Ok200<InstanceState>, Problem> {
    let (tenant, values) = (ask.caller.tenant(), ask.caller.may(SEES_VALUES));
    Ok(Ok200(tenant.instance_state(&ask.path.process_instance_id, values).await?))
}

pub(crate) async fn variables(ask: Ask<InstancePath>) -> Result<Ok200<Variables>, Problem> {
    Ok(Ok200(ask.caller.tenant().read_variables(&ask.path.process_instance_id).await?))
}

pub(crate) async fn set_variables(ask: Ask<InstancePath, (), ToSet>) -> Result<Done, Problem> {
    let (tenant, id) = (ask.caller.tenant(), &ask.path.process_instance_id);
    tenant.set_variables(id, ask.body.scope, &ask.body.variables).await?;
    Ok(Done)
}

pub(crate) async fn cancel(
    ask: Ask<InstancePath, (), Why>,
) -> Result<Ok200<InstanceView>, Problem> {
    let (tenant, id) = (ask.caller.tenant(), &ask.path.process_instance_id);
    let reason = short(&ask.body.reason)?.unwrap_or("cancelled by a person");
    Ok(Ok200(tenant.cancel_instance(id, reason).await?))
}

pub(crate) async fn suspend(
    ask: Ask<InstancePath, (), Why>,
) -> Result<Ok200<InstanceView>, Problem> {
    let (tenant, id) = (ask.caller.tenant(), &ask.path.process_instance_id);
    Ok(Ok200(tenant.suspend_instance(id, short(&ask.body.reason)?).await?))
}

pub(crate) async fn resume(ask: Ask<InstancePath, (), ()>) -> Result<Ok200<InstanceView>, Problem> {
    Ok(Ok200(ask.caller.tenant().resume_instance(&ask.path.process_instance_id).await?))
}

pub(crate) async fn modify(ask: Ask<InstancePath, (), ToMove>) -> Result<Done, Problem> {
    let ToMove { end, begin, variables } = ask.body;
    let begin = begin.into_iter().map(|at| (at.element_id, at.scope)).collect();
    let change = Modification { end, begin, variables };
    ask.caller.tenant().modify_instance(&ask.path.process_instance_id, &change).await?;
    Ok(Done)
}

pub(crate) async fn suspend_all(ask: Ask<VersionPath, (), Part>) -> Result<Ok200<Tally>, Problem> {
    let (id, reason) = (&ask.path.process_definition_id, short(&ask.body.reason)?);
    let tenant = ask.caller.tenant();
    Ok(Ok200(tenant.suspend_instances(id, reason, ask.body.after.as_deref()).await?))
}

pub(crate) async fn resume_all(ask: Ask<VersionPath, (), Part>) -> Result<Ok200<Tally>, Problem> {
    let (tenant, id) = (ask.caller.tenant(), &ask.path.process_definition_id);
    Ok(Ok200(tenant.resume_instances(id, ask.body.after.as_deref()).await?))
}
