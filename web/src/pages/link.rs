//! The link that somebody was given: it makes an instance, or goes on with one, and leads to its page.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use runtime::{Error, Presented};
use url::Url;

use super::journey::with_cookie;
use super::reader::Reader;
use super::response::see_other;
use super::view::{Page, Plain};
use crate::{App, cookie};

/// Who the records name as the one that opened a link.
const BY: &str = "end user";
/// The call that an address in `ps` has to be.
const START: &str = "/api/process-server/startProcess";

/// `GET /web/trustweb`: `pt` is a process token, `ps` the address that starts an instance; `tn` names the tenant.
pub(crate) async fn open(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    // Looking whether the link is there, or loading it in advance, must not use it up.
    if method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    if is_prefetch(&headers) {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::CACHE_CONTROL, "no-store")])
            .into_response();
    }
    let reader = Reader::new(&app, &headers, &uri);
    let tenant = reader.parameter("tn").unwrap_or_else(|| app.runtime().default_tenant());
    let opened = match (reader.parameter("ps"), reader.parameter("pt")) {
        (Some(address), _) => go_on(&app, &headers, tenant, address).await,
        (None, Some(token)) => begin(&app, tenant, token).await,
        (None, None) => Ok(None),
    };
    match opened {
        Ok(Some((tenant, presented))) => {
            let mark = super::journey::mark_of(&presented.screen);
            let address = reader.journey(&tenant, &presented.instance_id, mark);
            with_cookie(see_other(&address), &headers, &presented)
        }
        Ok(None) => reader.page(StatusCode::NOT_FOUND, &Page::Plain(Plain::UnknownLink)),
        Err(error) => failed(&reader, &uri, &error),
    }
}

async fn begin(app: &App, tenant: &str, token: &str) -> Result<Option<(String, Presented)>, Error> {
    let rooms = app.runtime().tenant(tenant, BY).await?;
    let created = rooms.create_instance(token, BTreeMap::new()).await?;
    let presented = rooms.start(&created.instance_id, None).await?;
    Ok(Some((tenant.to_owned(), presented)))
}

async fn go_on(
    app: &App,
    headers: &HeaderMap,
    tenant: &str,
    address: &str,
) -> Result<Option<(String, Presented)>, Error> {
    let Some((named, instance)) = started_by(address) else { return Ok(None) };
    let tenant = named.unwrap_or_else(|| tenant.to_owned());
    let rooms = app.runtime().tenant(&tenant, BY).await?;
    let secret = cookie::secret_of(headers, &instance);
    let presented = rooms.start(&instance, secret.as_deref()).await?;
    Ok(Some((tenant, presented)))
}

/// Tenant and instance of an address that starts an instance. It is read, never called.
fn started_by(address: &str) -> Option<(Option<String>, String)> {
    let address = Url::parse(address).ok().filter(|address| address.path().ends_with(START))?;
    let value = |wanted: &str| {
        address.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    Some((value("tn"), value("pi")?))
}

fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"].into_iter().any(|name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("prefetch"))
    })
}

fn failed(reader: &Reader, uri: &Uri, error: &Error) -> Response {
    match error {
        Error::NotFound { .. } => {
            reader.page(StatusCode::NOT_FOUND, &Page::Plain(Plain::UnknownLink))
        }
        Error::TokenNotUsable { .. } => {
            reader.page(StatusCode::GONE, &Page::Plain(Plain::UsedLink))
        }
        Error::BoundElsewhere => {
            reader.page(StatusCode::FORBIDDEN, &Page::Elsewhere { cookies: reader.has_cookies() })
        }
        error => super::journey::broken(reader, error, uri.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_named_by_the_address_that_starts_it() {
        let of = |address: &str| started_by(address);
        let both = Some((Some("demo".to_owned()), "I".to_owned()));
        assert_eq!(of("https://id.example/api/process-server/startProcess?tn=demo&pi=I"), both);
        assert_eq!(
            of("http://localhost:8080/x/api/process-server/startProcess?pi=I&tn=demo"),
            both
        );
        let alone = Some((None, "I".to_owned()));
        assert_eq!(of("https://id.example/api/process-server/startProcess?pi=I"), alone);
        for address in [
            "",
            "I",
            "/api/process-server/startProcess?pi=I",
            "https://id.example/api/process-server/startProcess",
            "https://id.example/elsewhere?pi=I",
            "javascript:alert(1)",
        ] {
            assert_eq!(of(address), None, "{address}");
        }
    }
}
