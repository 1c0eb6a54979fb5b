//! Queries of what happened in identity stores, in three steps.

use identity::{EventQuery, EventSet, QueryStatus};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ask::Ask;
use crate::problem::Problem;
use crate::reply::{Created, Ok200};

pub(crate) const ABOUT: &str = "The answer is the identifier of the execution, which runs in the background, usually \
    within seconds, and is kept for an hour. It finds what is not older than the store's `auditDuration`.";

pub(crate) const ABOUT_STATUS: &str = "An execution that was begun and not completed, because more than a million \
    events fit, is `FAILED`, which is a status like the others and answered with 200. Code 823 says that nothing is \
    executed under this identifier, because there is none or it is forgotten, and 825 that the query cannot be executed \
    as it was asked. Nobody interrupts an execution, so none is `CANCELLED`.";

/// Events in a set where the request does not say.
const USUAL_SIZE: usize = 100;

/// An execution.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Execution {
    /// Identifier of the execution.
    execution_id: String,
}

/// Which set of the results.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Set {
    /// The `nextToken` of the set before; none for the first set.
    next_token: Option<String>,
    /// Events in the set, 1 to 1000; 100 where it is not given.
    size: Option<usize>,
}

/// The identifier of an execution.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct ExecutionId(String);

pub(crate) async fn start(ask: Ask<(), (), EventQuery>) -> Result<Created<ExecutionId>, Problem> {
    let mut work = ask.caller.tenant().identity();
    let id = work.start_event_query(ask.body).await?;
    work.commit().await?;
    Ok(Created(ExecutionId(id)))
}

pub(crate) async fn status(ask: Ask<Execution>) -> Result<Ok200<QueryStatus>, Problem> {
    Ok(Ok200(ask.caller.tenant().identity().read_event_query(&ask.path.execution_id).await?))
}

pub(crate) async fn results(ask: Ask<Execution, Set>) -> Result<Ok200<EventSet>, Problem> {
    let (token, size) = (ask.query.next_token.as_deref(), ask.query.size.unwrap_or(USUAL_SIZE));
    let mut work = ask.caller.tenant().identity();
    Ok(Ok200(work.read_events(&ask.path.execution_id, token, size).await?))
}
