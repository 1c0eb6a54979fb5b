//! Recovery codes: made and shown once, used once each, removed; and their policies.

use identity::{Manner, RecoveryCodePolicy, RecoveryCodes, RecoveryCodesSummary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::credentials::Credential;
use crate::api::passcodes::{Holder, OfUser};
use crate::api::stores::StorePath;
use crate::api::totps::{Authenticated, PolicyPath, SubmittedCode, told};
use crate::api::users::Person;
use crate::ask::{Ask, leave_name};
use crate::list::{Order, PagedResult, Query};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

pub(crate) const ABOUT_GENERATE: &str =
    "The codes are told here and never again. They replace all that the user had under the policy.";
pub(crate) const ABOUT_AUTHENTICATE: &str = "Every code is good once. A failure is answered with 400 and code 2815, or 2100, 2101 and 2102 for what is locked or disabled, with the user in the member `user` because a lock may have come of it, and the identifier of its record in `authenticationId`. Where the user has no recovery codes, that is a failure as well, answered with 404 and code 2802.";

const ORDERS: [Order; 1] = [Order::ascending("policyName")];

/// A recovery code policy to be added.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NewRecoveryCodePolicy")]
pub(crate) struct NewPolicy {
    /// Name of the policy, unique within the store.
    policy_name: String,
    /// The members of the policy; what is not given has its default.
    #[serde(flatten)]
    #[schemars(with = "RecoveryCodePolicy")]
    policy: Map<String, Value>,
}

/// The members of a recovery code policy that change; `null` takes one back to its default.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "RecoveryCodePolicyChange")]
pub(crate) struct PolicyChange(#[schemars(with = "RecoveryCodePolicy")] Map<String, Value>);

/// A recovery code policy with its name.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NamedRecoveryCodePolicy")]
pub(crate) struct Policy {
    /// Name of the policy.
    policy_name: String,
    /// The policy.
    #[serde(flatten)]
    policy: RecoveryCodePolicy,
}

pub(crate) async fn add_policy(
    ask: Ask<StorePath, (), NewPolicy>,
) -> Result<Created<Policy>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let NewPolicy { policy_name, policy } = ask.body;
    let policy = work.add_recovery_code_policy(ask.path.name(), &policy_name, policy).await?;
    work.commit().await?;
    Ok(Created(Policy { policy_name, policy }))
}

pub(crate) async fn read_policy(ask: Ask<PolicyPath>) -> Result<Ok200<Policy>, Problem> {
    let PolicyPath { store_name, policy_name } = ask.path;
    let mut work = ask.caller.tenant().identity();
    let policy = work.read_recovery_code_policy(&store_name, &policy_name).await?;
    Ok(Ok200(Policy { policy_name, policy }))
}

pub(crate) async fn update_policy(
    ask: Ask<PolicyPath, (), PolicyChange>,
) -> Result<Ok200<Policy>, Problem> {
    let PolicyPath { store_name, policy_name } = ask.path;
    let (mut work, PolicyChange(mut change)) = (ask.caller.tenant().identity(), ask.body);
    leave_name(&mut change, "policyName", &policy_name)?;
    let policy = work.update_recovery_code_policy(&store_name, &policy_name, change).await?;
    work.commit().await?;
    Ok(Ok200(Policy { policy_name, policy }))
}

pub(crate) async fn remove_policy(ask: Ask<PolicyPath>) -> Result<Done, Problem> {
    let mut work = ask.caller.tenant().identity();
    work.remove_recovery_code_policy(&ask.path.store_name, &ask.path.policy_name).await?;
    work.commit().await?;
    Ok(Done)
}

pub(crate) async fn generate<P: Holder>(ask: Ask<P>) -> Result<Created<RecoveryCodes>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let made = work.generate_recovery_codes(path.store(), &path.who(), path.policy()).await?;
    work.commit().await?;
    Ok(Created(made))
}

pub(crate) async fn authenticate<P: Holder>(
    ask: Ask<P, (), SubmittedCode>,
) -> Result<Ok200<Authenticated>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, code) = (path.store(), path.who(), &ask.body.submitted_code);
    let (policy, manner) = (path.policy(), Manner::Open);
    let outcome = work.authenticate_with_recovery_code(store, &who, policy, code, manner).await?;
    // A refusal is kept too: it counted.
    work.commit().await?;
    told(outcome)
}

pub(crate) async fn deregister<P: Holder>(ask: Ask<P>) -> Result<Ok200<OfUser>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let user = work.remove_recovery_codes(path.store(), &path.who(), path.policy()).await?;
    work.commit().await?;
    Ok(Ok200(OfUser { user }))
}

pub(crate) async fn read<P: Credential>(
    ask: Ask<P>,
) -> Result<Ok200<RecoveryCodesSummary>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    Ok(Ok200(work.read_recovery_codes(path.store(), &path.who(), path.id()).await?))
}

pub(crate) async fn remove<P: Credential>(ask: Ask<P>) -> Result<Done, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    work.remove_recovery_codes_by_id(path.store(), &path.who(), path.id()).await?;
    work.commit().await?;
    Ok(Done)
}

pub(crate) async fn list<P: Person>(ask: Ask<P, Query>) -> PagedResult<RecoveryCodesSummary> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let sets = work.list_recovery_codes(path.store(), &path.who()).await?;
    ask.query.answer_of_few(&ORDERS, sets)
}
