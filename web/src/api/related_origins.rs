//! Related origins: what a browser asks the site of a relying party before its passkeys are used on another site.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;
use url::{Host, Url};

use crate::ask::OpenAsk;
use crate::problem::Problem;
use crate::reply::Ok200;

pub(crate) const ABOUT: &str = "The host that is asked is taken for the identifier of a relying party (Web Authentication Level 3, section 5.11): the answer lists the `relatedOrigins` of the identity stores with passkeys for it. Where several tenants have passkeys for the same host, only what all of them list. 404 if nothing is left.";

/// The other sites where passkeys of this one may be used.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RelatedOrigins {
    /// Their origins, as browsers write them.
    origins: BTreeSet<String>,
}

pub(crate) async fn read(ask: OpenAsk) -> Result<Ok200<RelatedOrigins>, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "this host relates no origins to itself");
    let host = match ask.headers.get(header::HOST) {
        Some(host) => domain(&format!("https://{}", host.to_str().unwrap_or_default())),
        None => domain(ask.app.origin()),
    };
    let host = host.ok_or_else(missing)?;
    let origins = ask.app.runtime().related_origins(&host).await?;
    if origins.is_empty() { Err(missing()) } else { Ok(Ok200(RelatedOrigins { origins })) }
}

/// The domain in an origin, whatever its port; addresses in numbers are nobody's relying party.
fn domain(origin: &str) -> Option<String> {
    let url = Url::parse(origin).ok()?;
    let plain = url.path() == "/" && url.username().is_empty() && url.query().is_none();
    match url.host() {
        Some(Host::Domain(domain)) if plain => Some(domain.to_owned()),
        _ => None,
    }
}
