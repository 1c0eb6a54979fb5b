//! Whether the server lives, and whether it can work.

use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::OpenAsk;
use crate::problem::Problem;
use crate::reply::Ok200;

/// How the server is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Health {
    /// Always `UP`; a server that is not does not answer 200.
    status: &'static str,
}

const UP: Health = Health { status: "UP" };

/// The process answers.
pub(crate) async fn live(_: OpenAsk) -> Result<Ok200<Health>, Problem> {
    Ok(Ok200(UP))
}

/// The store answers as well.
pub(crate) async fn ready(ask: OpenAsk) -> Result<Ok200<Health>, Problem> {
    match ask.app.runtime().ready().await {
        Ok(()) => Ok(Ok200(UP)),
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            Err(Problem::unavailable("the store does not answer"))
        }
    }
}
