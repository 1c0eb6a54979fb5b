//! What every request shares: the runtime, the tokens that were verified, the texts made once.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use runtime::Runtime;

use crate::caller::Verified;
use crate::meter::Meter;
use crate::problem::{PASSCODE_IN_THE_CLEAR, Problem};
use crate::source::TrustedProxies;
use crate::{compress, observe, pages, routes};

/// Everything that a request may need. Cloning shares it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    runtime: Runtime,
    verified: Verified,
    meter: Meter,
    description: OnceLock<Bytes>,
    docs: OnceLock<Bytes>,
    origin: String,
    proxies: TrustedProxies,
}

impl App {
    /// The interface of a runtime that clients reach directly.
    pub fn new(runtime: Runtime) -> App {
        App::behind(runtime, TrustedProxies::default())
    }

    /// The interface of a runtime that clients reach through these proxies.
    pub fn behind(runtime: Runtime, proxies: TrustedProxies) -> App {
        let origin = origin_of(runtime.base_url());
        App(Arc::new(Inner {
            runtime,
            verified: Verified::default(),
            meter: Meter::install(),
            description: OnceLock::new(),
            docs: OnceLock::new(),
            origin,
            proxies,
        }))
    }

    /// The runtime behind the interface.
    pub fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }

    /// Scheme, host and port of the address under which people reach this installation.
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// Whether nobody on the way can read a request: people reach this installation over https, and no proxy says that
    /// this one came without; or it is on this machine alone, and the request was sent to that address.
    pub(crate) fn is_private(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        if self.origin().starts_with("https:") {
            return text("x-forwarded-proto")
                .is_none_or(|proto| proto.eq_ignore_ascii_case("https"));
        }
        let host = text("host").map(|host| format!("http://{host}"));
        is_loopback(self.origin()) && host.is_none_or(|host| is_loopback(&host))
    }

    /// Refuses what must not be sent in the clear.
    ///
    /// # Errors
    /// 403 with code 2613, unless the request is private.
    pub(crate) fn expect_private(&self, headers: &HeaderMap) -> Result<(), Problem> {
        if self.is_private(headers) {
            return Ok(());
        }
        let detail = "a passcode is only taken over https";
        Err(Problem::forbidden(detail).code(PASSCODE_IN_THE_CLEAR))
    }

    /// The whole interface: every route of the table, the hosted pages, and what stands around them.
    pub fn router(&self) -> Router {
        let router = routes::router().merge(pages::router());
        observe::around(router.layer(compress::layer()), self).with_state(self.clone())
    }

    /// Puts recorded figures where they belong; to be called every few seconds.
    pub fn tidy(&self) {
        self.0.meter.tidy();
    }

    /// The proxies whose word on where a request comes from is taken.
    pub(crate) fn proxies(&self) -> &TrustedProxies {
        &self.0.proxies
    }

    pub(crate) fn verified(&self) -> &Verified {
        &self.0.verified
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.0.meter
    }

    /// The OpenAPI description, made when it is first asked for.
    pub(crate) fn description(&self, make: impl FnOnce() -> Bytes) -> Bytes {
        self.0.description.get_or_init(make).clone()
    }

    /// The readable description, if it was made already.
    pub(crate) fn docs(&self) -> Option<Bytes> {
        self.0.docs.get().cloned()
    }

    /// Keeps the readable description.
    pub(crate) fn keep_docs(&self, made: Bytes) -> Bytes {
        self.0.docs.get_or_init(|| made).clone()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("origin", &self.0.origin).finish_non_exhaustive()
    }
}

/// Whether an address is one of this machine's own (RFC 6761 §6.3).
fn is_loopback(address: &str) -> bool {
    match url::Url::parse(address).ok().as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The origin (RFC 6454 §6.2) of an address; an address that has none is left as it is.
fn origin_of(address: &str) -> String {
    match url::Url::parse(address) {
        Ok(url) => url.origin().ascii_serialization(),
        Err(_) => address.trim_end_matches('/').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_must_not_be_read_on_the_way_is_only_taken_over_https_or_from_this_machine() {
        #[rustfmt::skip]
        let cases = [
            ("https://id.example",    None,                   None,          true),
            ("https://id.example",    Some("id.example"),     Some("https"), true),
            ("https://id.example",    Some("id.example"),     Some("http"),  false),
            ("http://localhost:8080", None,                   None,          true),
            ("http://localhost:8080", Some("localhost:8080"), None,          true),
            ("http://localhost:8080", Some("10.0.0.1:8080"),  None,          false),
            ("http://127.0.0.1:8080", Some("[::1]:8080"),     None,          true),
            ("http://id.example",     Some("localhost"),      None,          false),
            ("http://id.example",     None,                   Some("https"), false),
        ];
        for (base_url, host, proto, expected) in cases {
            let settings = runtime::Settings {
                data: None,
                driver: runtime::Driver::Sled,
                base_url: base_url.to_owned(),
                retention: runtime::Retention::default(),
                master_keys: runtime::MasterKeys::default(),
                throttle: identity::ThrottleLimits::default(),
            };
            let clock = runtime::Clock::still(jiff::Timestamp::UNIX_EPOCH);
            let app = App::new(Runtime::open(settings, clock).await.unwrap());
            let mut headers = HeaderMap::new();
            for (name, value) in [("host", host), ("x-forwarded-proto", proto)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(app.is_private(&headers), expected, "{base_url} {host:?} {proto:?}");
        }
    }
}
