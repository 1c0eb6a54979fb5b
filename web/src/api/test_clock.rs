//! The test clock: moved by whoever tests journeys that wait.

use jiff::Timestamp;
use runtime::ClockMove;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ask::Ask;
use crate::problem::Problem;
use crate::reply::Ok200;

pub(crate) const PATH: &str = "/api/test/clock";

pub(crate) const ABOUT_MOVE: &str = "Only where the server was started with `--clock manual`; \
    anywhere else the answer is 404. The clock stands still until it is moved, by `advance` or `to`. \
    What falls due on the way fires at its own time, in order, before this is answered, which may take \
    minutes; where that would be at more than some 250,000 moments, the answer is 400 and says where the \
    clock stopped. The clock is that of all tenants, and bearer tokens grow old by it. After a restart it \
    shows the time of the machine again: move it on with `to`.";

/// How far to move the clock: one of the two.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "ClockMove")]
pub(crate) struct Move {
    /// By an ISO 8601 duration such as `PT5M`.
    advance: Option<String>,
    /// To a moment that has not passed.
    to: Option<Timestamp>,
}

/// What the clock shows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClockTime {
    /// The present time.
    now: Timestamp,
}

pub(crate) async fn advance(ask: Ask<(), (), Move>) -> Result<Ok200<ClockTime>, Problem> {
    let Move { advance, to } = ask.body;
    let now = ask.caller.runtime().move_clock(&ClockMove { advance, to }).await?;
    Ok(Ok200(ClockTime { now }))
}
