//! Process instances: created with a token, read with their history, listed, searched, deleted.

use std::collections::BTreeMap;

use jiff::Timestamp;
use runtime::{History, HistoryQuery, InstanceStatus, InstanceView, Search};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ask::Ask;
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{self, Done, Ok200, Redirect};

const ORDERS: [Order; 2] = [Order::descending("createdAt"), Order::ascending("createdAt")];

/// The instance that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InstancePath {
    /// Identifier of the instance.
    pub(crate) process_instance_id: String,
}

/// The token to create an instance with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenQuery {
    /// Identifier of the process token.
    pt: String,
    /// The tenant; it has to be the caller's own.
    tn: Option<String>,
}

/// An instance that was created.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewInstance {
    /// Where to send the end user.
    redirect_url: String,
    /// Identifier of the instance.
    process_instance_id: String,
    /// Address of the theme of its pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    theme_url: Option<String>,
}

/// An instance with what it was created with.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "InstanceWithParameters")]
pub(crate) struct WithParameters {
    #[serde(flatten)]
    instance: InstanceView,
    /// The parameters of the token and those of the caller who created the instance.
    process_token_parameters: Parameters,
}

/// When the instances were created.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Between {
    /// Created at this time or later; without it 30 days before the end.
    start_date_time: Option<Timestamp>,
    /// Created no later than this; without it now.
    end_date_time: Option<Timestamp>,
}

/// What to look for; everything that is given has to fit.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Part of the applicant's name, address, number or reference, or a whole identifier.
    search_string: Option<String>,
    /// Created at this time or later; without it 30 days before the end.
    start_date_time: Option<Timestamp>,
    /// Created no later than this; without it now.
    end_date_time: Option<Timestamp>,
    /// Name of the definition.
    process_definition_name: Option<String>,
    /// Identifier of the definition's version.
    process_definition_id: Option<String>,
    /// Where the instance stands.
    process_instance_status: Option<InstanceStatus>,
}

pub(crate) const ABOUT_HISTORY: &str = "Every event of the instance in order, also while it is under \
    way. Give `next` as `after` for the next part; at the end of the history there is no `next`. \
    What concerns the whole instance is told too: `suspended` with `by` and `reason`, `resumed` with `by`, \
    `migrated` with the versions `from` and `to`, each with `id` and `version`. \
    Values of variables may be personal data: a caller who may not read the variables of \
    an instance (`ProcessManager:getProcessInstanceVariables`) gets the events without them, \
    also without the words of foreseen errors.";

/// Who may see an instance's variables may see their values in its history.
pub(crate) const SEES_VALUES: &str = "ProcessManager:getProcessInstanceVariables";
/// Events of a part where the request does not say.
const USUAL_PART: u32 = 100;

/// Which part of the history.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Part {
    /// Only events of these kinds, with commas between them: `suspended,resumed,migrated`.
    kind: Option<String>,
    /// Only events at this element of the definition.
    element_id: Option<String>,
    /// Only events with a higher sequence number.
    after: Option<u64>,
    /// At most so many events, 1 to 1000; 100 where it is not given.
    #[schemars(range(min = 1, max = 1000))]
    limit: Option<u32>,
}

/// Values that become the process variable `_initVars`, beside those of the token.
type Parameters = BTreeMap<String, String>;

async fn created(ask: Ask<(), TokenQuery, Parameters>) -> Result<runtime::Created, Problem> {
    let tenant = ask.caller.tenant();
    if ask.query.tn.is_some_and(|named| named != tenant.name()) {
        return Err(Problem::at("tn", "is not the tenant of the bearer token"));
    }
    Ok(tenant.create_instance(&ask.query.pt, ask.body).await?)
}

pub(crate) async fn create(
    ask: Ask<(), TokenQuery, Parameters>,
) -> Result<reply::Created<NewInstance>, Problem> {
    let new = created(ask).await?;
    Ok(reply::Created(NewInstance {
        redirect_url: new.redirect_url,
        process_instance_id: new.instance_id,
        theme_url: None,
    }))
}

pub(crate) async fn create_and_redirect(
    ask: Ask<(), TokenQuery, Parameters>,
) -> Result<Redirect, Problem> {
    Ok(Redirect(created(ask).await?.redirect_url))
}

pub(crate) async fn read(ask: Ask<InstancePath>) -> Result<Ok200<InstanceView>, Problem> {
    Ok(Ok200(ask.caller.tenant().read_instance(&ask.path.process_instance_id).await?))
}

pub(crate) async fn read_with_parameters(
    ask: Ask<InstancePath>,
) -> Result<Ok200<WithParameters>, Problem> {
    let (tenant, id) = (ask.caller.tenant(), &ask.path.process_instance_id);
    let process_token_parameters = tenant.instance_parameters(id).await?;
    let instance = tenant.read_instance(id).await?;
    Ok(Ok200(WithParameters { instance, process_token_parameters }))
}

pub(crate) async fn history(ask: Ask<InstancePath, Part>) -> Result<Ok200<History>, Problem> {
    let kinds = ask.query.kind.iter().flat_map(|kinds| kinds.split(','));
    let query = HistoryQuery {
        kinds: kinds.map(|kind| kind.trim().to_owned()).collect(),
        element: ask.query.element_id,
        after: ask.query.after.unwrap_or_default(),
        limit: ask.query.limit.unwrap_or(USUAL_PART),
        values: ask.caller.may(SEES_VALUES),
    };
    let id = &ask.path.process_instance_id;
    Ok(Ok200(ask.caller.tenant().instance_history(id, &query).await?))
}

pub(crate) async fn list(
    ask: Ask<(), Query<Between>>,
) -> Result<Ok200<Paged<InstanceView>>, Problem> {
    let order = ask.query.order(&ORDERS)?;
    let Between { start_date_time, end_date_time } = ask.query.filter.clone();
    let search = Search {
        from: start_date_time,
        until: end_date_time,
        oldest_first: !order.descending,
        ..Search::default()
    };
    let found = ask.caller.tenant().search_instances(&search, ask.query.page()).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn search(
    ask: Ask<(), Query<Wanted>>,
) -> Result<Ok200<Paged<InstanceView>>, Problem> {
    let order = ask.query.order(&ORDERS)?;
    let wanted = ask.query.filter.clone();
    let search = Search {
        text: wanted.search_string,
        from: wanted.start_date_time,
        until: wanted.end_date_time,
        definition_name: wanted.process_definition_name,
        definition_id: wanted.process_definition_id,
        status: wanted.process_instance_status,
        oldest_first: !order.descending,
    };
    let found = ask.caller.tenant().search_instances(&search, ask.query.page()).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn remove(ask: Ask<InstancePath>) -> Result<Done, Problem> {
    ask.caller.tenant().remove_instance(&ask.path.process_instance_id).await?;
    Ok(Done)
}
