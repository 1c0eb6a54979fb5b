//! Process tokens: the right to start instances of a process.

use runtime::{NewToken, Token};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::ask::Ask;
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{Created, Done, Ok200};

const ORDERS: [Order; 1] = [Order::ascending("id")];

/// The token that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenPath {
    /// Identifier of the token.
    process_token_id: String,
}

pub(crate) async fn add(ask: Ask<(), (), NewToken>) -> Result<Created<Token>, Problem> {
    Ok(Created(ask.caller.tenant().add_token(ask.body).await?))
}

pub(crate) async fn read(ask: Ask<TokenPath>) -> Result<Ok200<Token>, Problem> {
    Ok(Ok200(ask.caller.tenant().read_token(&ask.path.process_token_id).await?))
}

pub(crate) async fn list(ask: Ask<(), Query>) -> Result<Ok200<Paged<Token>>, Problem> {
    let order = ask.query.order(&ORDERS)?;
    let found = ask.caller.tenant().list_tokens(ask.query.page()).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn invalidate(ask: Ask<TokenPath>) -> Result<Ok200<Token>, Problem> {
    Ok(Ok200(ask.caller.tenant().invalidate_token(&ask.path.process_token_id).await?))
}

pub(crate) async fn remove(ask: Ask<TokenPath>) -> Result<Done, Problem> {
    ask.caller.tenant().remove_token(&ask.path.process_token_id).await?;
    Ok(Done)
}
