//! API keys: a bearer token for a key, and the keys that sign those tokens.

use axum::http::{HeaderValue, header};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::{Ask, OpenAsk};
use crate::problem::Problem;
use crate::reply::Ok200;
use crate::source::throttled;

/// The code of an API key that opens nothing.
const KEY_REFUSED: u32 = 271;

pub(crate) const ABOUT_ISSUE: &str = "Keys that open nothing are answered with 401, and after too many from one address (`failures-per-source`) with 429, code 2104 and the header `Retry-After`. A good key is let in at any time.";

/// The key that signs from now on.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SigningKey {
    /// The `kid` of new bearer tokens.
    key_id: String,
}

/// A bearer token for the API key in the header `X-Api-Key`.
pub(crate) async fn issue(ask: OpenAsk) -> Result<Ok200<access::Bearer>, Problem> {
    let challenge = HeaderValue::from_static("ApiKey header=\"X-Api-Key\"");
    let refuse = |problem: Problem| problem.header(header::WWW_AUTHENTICATE, challenge);
    let key = ask.headers.get("x-api-key").and_then(|key| key.to_str().ok());
    let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) else {
        let problem = Problem::unauthorized(KEY_REFUSED, "the header X-Api-Key is needed");
        return Err(refuse(problem));
    };
    match ask.app.runtime().issue_bearer(key).await {
        Ok(bearer) => Ok(Ok200(bearer)),
        Err(error @ runtime::Error::Unauthorized { .. }) => {
            // A good key is always let in: nobody guesses 256 random bits, and so nobody is locked out by who tries.
            let runtime = ask.app.runtime();
            match runtime.throttle().count_key(ask.source, runtime.now()) {
                Some(wait) => {
                    Err(throttled(wait, "too many API keys from this address open nothing"))
                }
                None => Err(refuse(error.into())),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs with a new key from now on.
pub(crate) async fn rotate(ask: Ask) -> Result<Ok200<SigningKey>, Problem> {
    let key_id = ask.caller.runtime().rotate_signing_key().await?;
    Ok(Ok200(SigningKey { key_id }))
}
