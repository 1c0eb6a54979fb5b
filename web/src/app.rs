//! What every request shares: the runtime, the tokens that were verified, the texts made once.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use runtime::Runtime;

use crate::caller::Verified;
use crate::meter::Meter;
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
pub(crate) fn is_loopback(address: &str) -> bool {
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
