//! What the page of a passcode asks before it answers, while passcodes that were imported as hashes wait.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use identity::decode_base64;
use runtime::{LaneAsk, LaneProof};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::journey::BY;
use super::origin::is_foreign;
use crate::problem::Problem;
use crate::reply::{Ok200, Reply as _};
use crate::source::{Source, Way};
use crate::{App, cookie};

/// `POST /web/journeys/{tenant}/{instance}/passcode`: the proof, and then the passcode itself if it is asked for. The
/// answer is what comes next, `PASSCODE` or `COMPLETE`.
pub(crate) async fn take(
    State(app): State<App>,
    Path((tenant, instance)): Path<(String, String)>,
    Source(source): Source,
    way: Way,
    headers: HeaderMap,
    body: Bytes,
) -> Result<axum::response::Response, Problem> {
    if is_foreign(&headers, app.origin()) {
        return Err(Problem::forbidden("the page is another site's"));
    }
    if let Some(wait) = app.runtime().throttle().wait_of_source(source, app.runtime().now()) {
        return Err(identity::Error::Throttled(wait).into());
    }
    let fields: Vec<_> = form_urlencoded::parse(&body).take(MOST_FIELDS).collect();
    let field = |wanted: &str| {
        let found = fields.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.to_string())
    };
    let ask = match (field("passcode"), field("clientPublicKey"), field("m1")) {
        (Some(passcode), ..) => {
            way.expect_private(&app)?;
            LaneAsk::Passcode(passcode)
        }
        (None, Some(key), Some(m1)) => {
            let bytes = |text: &str| decode_base64(text).unwrap_or_default();
            LaneAsk::Proof(LaneProof { client_public_key: bytes(&key), m1: bytes(&m1) })
        }
        _ => return Err(Problem::at("", "there is neither a proof nor a passcode")),
    };
    let secret = cookie::secret_of(&headers, &instance);
    let (topic, nonce) = (field("topic").unwrap_or_default(), field("nonce").unwrap_or_default());
    let rooms = app.runtime().tenant(&tenant, BY).await?;
    let next = rooms
        .reached_from(source)
        .take_lane(&instance, secret.as_deref(), (&topic, &nonce), ask)
        .await?;
    Ok(Ok200::<Value>(json!({ "next": next })).answer())
}

/// The most fields that are read.
const MOST_FIELDS: usize = 10;
