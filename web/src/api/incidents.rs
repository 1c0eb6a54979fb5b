//! Incidents of all process instances: listed, retried and resolved, one or many.

use runtime::{Dealt, IncidentFilter, IncidentView, Tally};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ask::Ask;
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::Ok200;

const ORDERS: [Order; 2] = [Order::descending("raisedAt"), Order::ascending("raisedAt")];

pub(crate) const ABOUT_ONE: &str = "An incident that there never was is 404; one that is gone, since \
    somebody else dealt with it or the instance went on or ended, is 409. `done` says whether the path \
    went on; where it was stopped again at once, `incident` is the new one.";

/// The incident that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IncidentPath {
    /// Identifier of the incident.
    incident_id: String,
}

/// Which incidents are meant; everything that is given has to fit.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "IncidentFilter")]
pub(crate) struct Wanted {
    /// Identifier of the definition's version.
    process_definition_id: Option<String>,
    /// Name of the definition.
    process_definition_name: Option<String>,
    /// Element of the definition.
    element_id: Option<String>,
    /// Identifier of the instance.
    process_instance_id: Option<String>,
}

/// One part of the incidents that fit.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "IncidentsToRetry")]
pub(crate) struct ToRetry {
    /// Which; without it all.
    #[serde(default)]
    filter: Wanted,
    /// The `next` of the part before.
    after: Option<String>,
}

/// One part of the incidents that fit, and what is set for each.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "IncidentsToResolve")]
pub(crate) struct ToResolve {
    /// Which; without it all.
    #[serde(default)]
    filter: Wanted,
    /// Variables to set first, outward from where the incident is.
    #[serde(default)]
    variables: Map<String, Value>,
    /// The `next` of the part before.
    after: Option<String>,
}

/// How an incident was dealt with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ResolvedIncident")]
pub(crate) struct Resolution {
    /// Variables to set first, outward from where the incident is.
    #[serde(default)]
    variables: Map<String, Value>,
}

impl From<Wanted> for IncidentFilter {
    fn from(wanted: Wanted) -> IncidentFilter {
        IncidentFilter {
            definition: wanted.process_definition_id,
            definition_name: wanted.process_definition_name,
            element: wanted.element_id,
            instance: wanted.process_instance_id,
        }
    }
}

pub(crate) async fn list(
    ask: Ask<(), Query<Wanted>>,
) -> Result<Ok200<Paged<IncidentView>>, Problem> {
    let order = ask.query.order(&ORDERS)?;
    let filter = ask.query.filter.clone().into();
    let (tenant, page) = (ask.caller.tenant(), ask.query.page());
    let found = tenant.list_incidents(&filter, !order.descending, page).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn retry(ask: Ask<IncidentPath>) -> Result<Ok200<Dealt>, Problem> {
    Ok(Ok200(ask.caller.tenant().retry_incident(&ask.path.incident_id).await?))
}

pub(crate) async fn resolve(
    ask: Ask<IncidentPath, (), Resolution>,
) -> Result<Ok200<Dealt>, Problem> {
    let tenant = ask.caller.tenant();
    Ok(Ok200(tenant.resolve_incident(&ask.path.incident_id, &ask.body.variables).await?))
}

pub(crate) async fn retry_all(ask: Ask<(), (), ToRetry>) -> Result<Ok200<Tally>, Problem> {
    let ToRetry { filter, after } = ask.body;
    let tally = ask.caller.tenant().retry_incidents(&filter.into(), after.as_deref()).await?;
    Ok(Ok200(tally))
}

pub(crate) async fn resolve_all(ask: Ask<(), (), ToResolve>) -> Result<Ok200<Tally>, Problem> {
    let ToResolve { filter, variables, after } = ask.body;
    let tenant = ask.caller.tenant();
    Ok(Ok200(tenant.resolve_incidents(&filter.into(), &variables, after.as_deref()).await?))
}
