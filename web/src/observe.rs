//! What stands around every request: its number, its time, the safety net and the usual headers.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;

use crate::App;
use crate::api::test_clock;
use crate::problem::Problem;

/// The longest that a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest that moving the test clock may take: much may fall due on the way.
const LONG_PATIENCE: Duration = Duration::from_secs(600);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Headers of every answer that has none of its own of that name.
const USUAL: [(HeaderName, HeaderValue); 6] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// The routes with everything around them, and problems for what they do not know.
pub(crate) fn around(router: Router<App>, app: &App) -> Router<App> {
    router
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(app.clone(), observed))
}

async fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address")
}

async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not know that method")
}

async fn observed(State(app): State<App>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let id = id_of(&request);
    let run = AssertUnwindSafe(next.run(request)).catch_unwind();
    let moves = route.as_ref().is_some_and(|route| route.as_str() == test_clock::PATH);
    let patience = if moves { LONG_PATIENCE } else { PATIENCE };
    let mut response = match tokio::time::timeout(patience, run).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => Problem::unforeseen(&said(&*panic)).into_response(),
        Err(_) => Problem::unavailable("the request took too long").into_response(),
    };
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    finish(&app, &mut response, &method, route, &id, begin.elapsed());
    response
}

fn finish(
    app: &App,
    response: &mut Response,
    method: &Method,
    route: &str,
    id: &HeaderValue,
    took: Duration,
) {
    let status = response.status();
    app.meter().count(method, route, status.as_u16(), took);
    if status.is_server_error() {
        tracing::warn!(%method, route, status = status.as_u16(), ?id, "not answered");
    } else {
        tracing::debug!(%method, route, status = status.as_u16(), ?id, ?took, "answered");
    }
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id.clone());
    for (name, value) in USUAL {
        headers.entry(name).or_insert(value);
    }
    if app.origin().starts_with("https:") {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(STRICT_TRANSPORT);
    }
}

/// The number that the request came with, if it is a decent one, or a new one.
fn id_of(request: &Request) -> HeaderValue {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let decent = |id: &&HeaderValue| {
        let is_fit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(is_fit)
    };
    match request.headers().get(REQUEST_ID).filter(decent) {
        Some(id) => id.clone(),
        None => HeaderValue::from(COUNT.fetch_add(1, Ordering::Relaxed)),
    }
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.unwrap_or_default())
}
