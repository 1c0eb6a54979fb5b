//! Messages, signals and conditions from outside: what instances await, and what begins them.

use runtime::{Broadcast, Correlated, MessageView, NewMessage, StartedByCondition};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ask::Ask;
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::Ok200;

pub(crate) const ABOUT_CORRELATE: &str = "Exactly one receiver gets the message: the instance that \
    awaits it under the key, or else the deployed definition that starts with it. Without a key it \
    goes to the only one that awaits a message of that name. What nobody awaits is kept for its \
    time to live, if it has a key; where it is not to be kept, 404 with code 2910. Where several \
    await it, nobody gets it: 409 with code 2911.";
pub(crate) const ABOUT_BROADCAST: &str = "Everybody who awaits the signal at this moment is told, \
    and every start that it triggers. `told` counts those who have been told when this is \
    answered; the others follow at once, also after a restart, and nobody is told twice.";
pub(crate) const ABOUT_CONDITIONS: &str = "Asks the condition of every conditional start of a \
    deployed definition, with these variables, and begins an instance at each that holds.";

const IDS: [Order; 1] = [Order::ascending("id")];

/// A message to correlate.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "NewMessage")]
pub(crate) struct Message {
    /// Its name, 1 to 255 characters.
    name: String,
    /// The business key of its receiver, where no correlation key is given and the receiver has none of its own; and
    /// of an instance that it starts.
    business_key: Option<String>,
    /// The key that its receiver awaits it under; it alone counts where both are given.
    correlation_key: Option<String>,
    /// The same for a key of several values, each by the name of its correlation property. The
    /// receiver awaits the list of them in the order of these names.
    #[serde(default)]
    correlation_keys: Map<String, Value>,
    /// What goes with it.
    #[serde(default)]
    variables: Map<String, Value>,
    /// How long it is kept if nobody awaits it, an ISO 8601 duration; a day where it is not given,
    /// and not at all with `PT0S`. A message without any key is not kept, for it would go to
    /// whoever comes next: it may have no other than `PT0S`.
    time_to_live: Option<String>,
}

/// A signal to broadcast.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "NewSignal")]
pub(crate) struct Signal {
    /// Its name, 1 to 255 characters.
    name: String,
    /// What goes with it.
    #[serde(default)]
    variables: Map<String, Value>,
}

/// What conditions are asked with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "ConditionVariables")]
pub(crate) struct Given {
    /// The variables that the conditions see, and with which instances begin.
    variables: Map<String, Value>,
    /// The business key of the instances that begin.
    business_key: Option<String>,
}

/// What became of the conditions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "EvaluatedConditions")]
pub(crate) struct Evaluated {
    /// Every conditional start, with the instance that has begun there.
    starts: Vec<StartedByCondition>,
}

pub(crate) async fn correlate(ask: Ask<(), (), Message>) -> Result<Ok200<Correlated>, Problem> {
    let Message { name, business_key, correlation_key, correlation_keys, variables, time_to_live } =
        ask.body;
    let new = NewMessage {
        name,
        business_key,
        correlation_key,
        correlation_keys,
        variables,
        time_to_live,
    };
    Ok(Ok200(ask.caller.tenant().correlate_message(&new).await?))
}

pub(crate) async fn list(ask: Ask<(), Query>) -> Result<Ok200<Paged<MessageView>>, Problem> {
    let order = ask.query.order(&IDS)?;
    let found = ask.caller.tenant().list_messages(ask.query.page()).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn broadcast(ask: Ask<(), (), Signal>) -> Result<Ok200<Broadcast>, Problem> {
    let Signal { name, variables } = ask.body;
    Ok(Ok200(ask.caller.tenant().broadcast_signal(&name, &variables).await?))
}

pub(crate) async fn evaluate(ask: Ask<(), (), Given>) -> Result<Ok200<Evaluated>, Problem> {
    let Given { variables, business_key } = ask.body;
    let tenant = ask.caller.tenant();
    let starts = tenant.evaluate_conditions(&variables, business_key.as_deref()).await?;
    Ok(Ok200(Evaluated { starts }))
}
