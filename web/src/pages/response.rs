//! A page as a response: what it may load, and where it may be shown.

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::view::Html;

/// What no page of ours needs, and what only our own pages may use.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)";

/// Headers of every page.
///
/// `Referrer-Policy` is `same-origin`, not `no-referrer`: under the latter a browser sends `Origin: null` with our own
/// forms (Fetch, section 3.2), and they could not be told from another site's.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// A page with its content security policy (CSP, level 3).
pub(crate) fn page(status: StatusCode, html: Html, nonce: &str) -> Response {
    let policy = policy(&html, nonce);
    let mut response = (status, html.text).into_response();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let own = [(header::CONTENT_SECURITY_POLICY, Some(policy)), (header::REFRESH, html.refresh)];
    for (name, value) in own {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    response
}

fn policy(html: &Html, nonce: &str) -> String {
    let mut pictures = String::new();
    for origin in &html.image_origins {
        pictures.push(' ');
        pictures.push_str(origin);
    }
    let asked = if html.asks { " connect-src 'self';" } else { "" };
    format!(
        "default-src 'none';{asked} script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:{pictures}; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types 'none'"
    )
}

/// The answer that leads on to another address with GET (RFC 9110, section 15.4.4).
pub(crate) fn see_other(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(address) = HeaderValue::try_from(address) {
        headers.insert(header::LOCATION, address);
    }
    response
}
