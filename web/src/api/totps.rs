//! TOTPs: authenticator apps are registered with a first code, and their codes used once each; and their policies.

use axum::http::StatusCode;
use data_encoding::BASE64;
use forms::qr_code_svg;
use identity::{
    Manner, Outcome, RECOVERY_CODES_MISSING, TOTP_MISSING, TotpPolicy, TotpRegistration,
    TotpStatus, TotpSummary, User, Who,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::credentials::Credential;
use crate::api::passcodes::{Holder, OfUser};
use crate::api::stores::StorePath;
use crate::api::users::Person;
use crate::ask::{Ask, leave_name};
use crate::back::{Back, Shown};
use crate::list::{Order, PagedResult, Query};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

pub(crate) const ABOUT_START: &str = "The app makes its codes with what is answered here; whoever sees it can make them as well. A registration whose first code never came is replaced.";
pub(crate) const ABOUT_READ: &str = "As long as the first code is awaited. Of an app that is in use only where the policy has `secretReadable`; otherwise the answer is code 2701.";
pub(crate) const ABOUT_AUTHENTICATE: &str = "Every code is good once. A failure is answered with 400 and code 2715, or 2100, 2101 and 2102 for what is locked or disabled, with the user in the member `user` because a lock may have come of it, and the identifier of its record in `authenticationId`. Where the user has no such TOTP, that is a failure as well, answered with 404 and code 2702.";
pub(crate) const ABOUT_UPDATE: &str =
    "`ACTIVE` and `DISABLED` lead to each other; from `PENDING` only the first code leads on.";

const ORDERS: [Order; 1] = [Order::ascending("policyName")];

/// A user who proved to have a credential.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuthenticatedByCode")]
pub(crate) struct Authenticated {
    /// The user.
    user: User,
    /// The identifier of the record of this authentication.
    authentication_id: String,
}

/// A user by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OwnerByExternalId")]
pub(crate) struct OwnerByExternalId {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    user_ext_id: String,
}

/// A user's credential under a policy, by internal identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CredentialOfPolicyById")]
pub(crate) struct ById {
    /// Name of the identity store.
    store_name: String,
    /// Identifier of the user.
    user_id: String,
    /// Name of the policy.
    policy_name: String,
}

/// A user's credential under a policy, by external identifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CredentialOfPolicyByExternalId")]
pub(crate) struct ByExternalId {
    /// Name of the identity store.
    store_name: String,
    /// External identifier of the user.
    user_ext_id: String,
    /// Name of the policy.
    policy_name: String,
}

/// A policy of a store.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyPath {
    /// Name of the identity store.
    pub(crate) store_name: String,
    /// Name of the policy.
    pub(crate) policy_name: String,
}

/// A registration that is started.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "NewTotpRegistration")]
pub(crate) struct Start {
    /// The name that the app shows beside the codes; otherwise the external identifier, or else the identifier.
    username: Option<String>,
}

/// A code that somebody typed.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SubmittedCode {
    /// The code; spaces and hyphens in it do not matter.
    pub(crate) submitted_code: String,
}

impl std::fmt::Debug for SubmittedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubmittedCode(..)")
    }
}

/// A change of a TOTP.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "TotpChange")]
pub(crate) struct Change {
    /// The new status.
    status: TotpStatus,
}

impl Shown for Change {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "issuer",
        "username",
        "policyName",
        "algorithm",
        "createdDtm",
        "lastUpdatedDtm",
        "activatedDtm",
        "expirationDtm",
        "lastAuthenticatedWithDtm",
    ];
}

/// What an authenticator app needs, with a picture of it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TotpRegistrationWithImage")]
pub(crate) struct Registration {
    /// What the app needs.
    #[serde(flatten)]
    registration: TotpRegistration,
    /// The QR code as the address of an image (`data:image/svg+xml`).
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_code_image: Option<String>,
}

/// A TOTP policy with its name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NewTotpPolicy")]
pub(crate) struct NewPolicy {
    /// Name of the policy, unique within the store.
    policy_name: String,
    /// The members of the policy; what is not given has its default.
    #[serde(flatten)]
    #[schemars(with = "TotpPolicy")]
    policy: Map<String, Value>,
}

/// The members of a TOTP policy that change; `null` takes one back to its default.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "TotpPolicyChange")]
pub(crate) struct PolicyChange(#[schemars(with = "TotpPolicy")] Map<String, Value>);

/// A TOTP policy with its name.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NamedTotpPolicy")]
pub(crate) struct Policy {
    /// Name of the policy.
    policy_name: String,
    /// The policy.
    #[serde(flatten)]
    policy: TotpPolicy,
}

pub(crate) async fn add_policy(
    ask: Ask<StorePath, (), NewPolicy>,
) -> Result<Created<Policy>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let NewPolicy { policy_name, policy } = ask.body;
    let policy = work.add_totp_policy(ask.path.name(), &policy_name, policy).await?;
    work.commit().await?;
    Ok(Created(Policy { policy_name, policy }))
}

pub(crate) async fn read_policy(ask: Ask<PolicyPath>) -> Result<Ok200<Policy>, Problem> {
    let PolicyPath { store_name, policy_name } = ask.path;
    let mut work = ask.caller.tenant().identity();
    let policy = work.read_totp_policy(&store_name, &policy_name).await?;
    Ok(Ok200(Policy { policy_name, policy }))
}

pub(crate) async fn update_policy(
    ask: Ask<PolicyPath, (), PolicyChange>,
) -> Result<Ok200<Policy>, Problem> {
    let PolicyPath { store_name, policy_name } = ask.path;
    let (mut work, PolicyChange(mut change)) = (ask.caller.tenant().identity(), ask.body);
    leave_name(&mut change, "policyName", &policy_name)?;
    let policy = work.update_totp_policy(&store_name, &policy_name, change).await?;
    work.commit().await?;
    Ok(Ok200(Policy { policy_name, policy }))
}

pub(crate) async fn remove_policy(ask: Ask<PolicyPath>) -> Result<Done, Problem> {
    let mut work = ask.caller.tenant().identity();
    work.remove_totp_policy(&ask.path.store_name, &ask.path.policy_name).await?;
    work.commit().await?;
    Ok(Done)
}

pub(crate) async fn start<P: Holder>(
    ask: Ask<P, (), Start>,
) -> Result<Created<Registration>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let username = ask.body.username.as_deref();
    let (store, who, policy) = (path.store(), path.who(), path.policy());
    let registration = work.start_totp_registration(store, &who, policy, username).await?;
    work.commit().await?;
    Ok(Created(pictured(registration)))
}

pub(crate) async fn read_registration<P: Holder>(
    ask: Ask<P>,
) -> Result<Ok200<Registration>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, policy) = (path.store(), path.who(), path.policy());
    let registration = work.read_totp_registration(store, &who, policy).await?;
    Ok(Ok200(pictured(registration)))
}

pub(crate) async fn complete<P: Holder>(
    ask: Ask<P, (), SubmittedCode>,
) -> Result<Ok200<OfUser>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, code) = (path.store(), path.who(), &ask.body.submitted_code);
    let user = work.complete_totp_registration(store, &who, path.policy(), code).await?;
    work.commit().await?;
    Ok(Ok200(OfUser { user }))
}

pub(crate) async fn authenticate<P: Holder>(
    ask: Ask<P, (), SubmittedCode>,
) -> Result<Ok200<Authenticated>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, code) = (path.store(), path.who(), &ask.body.submitted_code);
    let (policy, manner) = (path.policy(), Manner::Open);
    let outcome = work.authenticate_with_totp(store, &who, policy, code, manner).await?;
    // A refusal is kept too: it counted.
    work.commit().await?;
    told(outcome)
}

pub(crate) async fn deregister<P: Holder>(ask: Ask<P>) -> Result<Ok200<OfUser>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let user = work.deregister_totp(path.store(), &path.who(), path.policy()).await?;
    work.commit().await?;
    Ok(Ok200(OfUser { user }))
}

pub(crate) async fn list<P: Person>(ask: Ask<P, Query>) -> PagedResult<TotpSummary> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let totps = work.list_totps(path.store(), &path.who()).await?;
    ask.query.answer_of_few(&ORDERS, totps)
}

pub(crate) async fn read<P: Credential>(ask: Ask<P>) -> Result<Ok200<TotpSummary>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    Ok(Ok200(work.read_totp(path.store(), &path.who(), path.id()).await?))
}

pub(crate) async fn update<P: Credential>(
    ask: Ask<P, (), Back<Change>>,
) -> Result<Ok200<TotpSummary>, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    let (store, who, status) = (path.store(), path.who(), ask.body.0.status);
    let totp = work.update_totp(store, &who, path.id(), status).await?;
    work.commit().await?;
    Ok(Ok200(totp))
}

pub(crate) async fn remove<P: Credential>(ask: Ask<P>) -> Result<Done, Problem> {
    let (mut work, path) = (ask.caller.tenant().identity(), ask.path);
    work.remove_totp(path.store(), &path.who(), path.id()).await?;
    work.commit().await?;
    Ok(Done)
}

/// What a caller who may know of the user is told of an authentication.
pub(crate) fn told(outcome: Outcome) -> Result<Ok200<Authenticated>, Problem> {
    match outcome {
        Outcome::Accepted { user, record: authentication_id } => {
            Ok(Ok200(Authenticated { user: *user, authentication_id }))
        }
        Outcome::Refused { code, user, record } => {
            let (status, detail) = match code {
                TOTP_MISSING => (StatusCode::NOT_FOUND, "the user has no such TOTP"),
                RECOVERY_CODES_MISSING => (StatusCode::NOT_FOUND, "the user has no recovery codes"),
                _ => (StatusCode::BAD_REQUEST, "the authentication failed"),
            };
            let problem = Problem::new(status, detail);
            let problem = problem.code(code).with("authenticationId", &record);
            Err(match user {
                Some(user) => problem.with("user", &user),
                None => problem,
            })
        }
    }
}

fn pictured(registration: TotpRegistration) -> Registration {
    let image = qr_code_svg(&registration.qr_code_string);
    let address =
        |svg: String| format!("data:image/svg+xml;base64,{}", BASE64.encode(svg.as_bytes()));
    Registration { registration, qr_code_image: image.map(address) }
}

impl Person for OwnerByExternalId {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::ExternalId(self.user_ext_id.clone())
    }
}

impl Holder for ById {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::Id(self.user_id.as_str().into())
    }

    fn policy(&self) -> &str {
        &self.policy_name
    }
}

impl Holder for ByExternalId {
    fn store(&self) -> &str {
        &self.store_name
    }

    fn who(&self) -> Who {
        Who::ExternalId(self.user_ext_id.clone())
    }

    fn policy(&self) -> &str {
        &self.policy_name
    }
}
