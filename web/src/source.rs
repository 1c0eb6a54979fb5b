//! Where a request comes from: the peer of the connection, whom a trusted proxy names, or the end user whom a permitted
//! caller names.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::App;
use crate::app::is_loopback;
use crate::problem::{PASSCODE_IN_THE_CLEAR, Problem};
use crate::refusal::retry_after;

/// What proxies write the addresses of their clients into, the nearest last.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// What a proxy writes of how its client reached it, `http` or `https`.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// What a permitted caller writes the address of its end user into (FAPI 1.0 Baseline, section 6.2.2).
pub(crate) const END_USER_ADDRESS: &str = "x-fapi-customer-ip-address";
/// The code of what is not examined because too much has failed.
const THROTTLED: u32 = 2104;

/// The address at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The proxies whose word on where a request comes from is taken: addresses and networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<(IpAddr, u32)>);

/// Where a request comes from.
pub(crate) struct Source(pub(crate) IpAddr);

impl TrustedProxies {
    fn has(&self, address: IpAddr) -> bool {
        let bits = |address: IpAddr| match address.to_canonical() {
            IpAddr::V4(address) => (32, u128::from(address.to_bits())),
            IpAddr::V6(address) => (128, address.to_bits()),
        };
        let (length, address) = bits(address);
        self.0.iter().any(|(network, prefix)| {
            let (of, network) = bits(*network);
            let rest = length - prefix.min(&length);
            of == length && (address ^ network).checked_shr(rest).unwrap_or(0) == 0
        })
    }

    /// The client behind the peer: the last address that is none of these proxies'. What a stranger writes into the
    /// header, readable or not, stands before that, and is not looked at.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all(FORWARDED_FOR).iter();
        let words = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        let words = words.map(|word| std::str::from_utf8(word).unwrap_or_default());
        let mut client = peer;
        for word in words.collect::<Vec<_>>().into_iter().rev() {
            if !self.has(client) {
                break;
            }
            let Ok(named) = word.trim().parse() else { break };
            client = named;
        }
        client
    }
}

impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(text: &str) -> Result<TrustedProxies, String> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let network = |word: &str| {
            let (address, prefix) = word.split_once('/').unwrap_or((word, ""));
            let address: IpAddr = address.parse().ok()?;
            let length = if address.is_ipv4() { 32 } else { 128 };
            let prefix = if prefix.is_empty() { length } else { prefix.parse().ok()? };
            (prefix <= length).then_some((address, prefix))
        };
        let networks = words.map(|word| {
            network(word).ok_or_else(|| {
                format!("\"{word}\" is no address and no network; write one as in 10.0.0.0/8")
            })
        });
        networks.collect::<Result<_, _>>().map(TrustedProxies)
    }
}

/// How a request came.
#[derive(Clone)]
pub(crate) struct Way {
    peer: Option<IpAddr>,
    host: Option<HeaderValue>,
    /// What a proxy says of it; nothing where several are said.
    forwarded: Option<HeaderValue>,
}

impl Way {
    pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions) -> Way {
        let mut lines = headers.get_all(FORWARDED_PROTO).iter();
        let forwarded = lines.next().filter(|_| lines.next().is_none());
        Way {
            peer: Some(peer(extensions).to_canonical()),
            host: headers.get(header::HOST).cloned(),
            forwarded: forwarded.cloned(),
        }
    }

    /// One that is not told, and so not taken for a private one.
    pub(crate) fn unknown() -> Way {
        Way { peer: None, host: None, forwarded: None }
    }

    /// Whether nobody on the way could read the request. Where people reach this installation over https, a trusted
    /// proxy or one on this machine has to say that this request came so; where it is on this machine alone, the
    /// request has to be sent to that address.
    fn is_private(&self, app: &App) -> bool {
        let Some(peer) = self.peer else { return false };
        if app.origin().starts_with("https:") {
            let said = self.forwarded.as_ref();
            let believed = peer.is_loopback() || app.proxies().has(peer);
            return believed
                && said.is_some_and(|said| said.as_bytes().eq_ignore_ascii_case(b"https"));
        }
        let host = self.host.as_ref().map(|host| host.to_str().unwrap_or_default());
        let is_local = |host: &str| is_loopback(&format!("http://{host}"));
        is_loopback(app.origin()) && peer.is_loopback() && host.is_none_or(is_local)
    }

    /// Refuses what must not be sent in the clear.
    ///
    /// # Errors
    /// 403 with code 2613, unless the request is private.
    pub(crate) fn expect_private(&self, app: &App) -> Result<(), Problem> {
        if self.is_private(app) {
            return Ok(());
        }
        let detail = "a passcode is only taken over https; a proxy has to be trusted, or on this \
                      machine, and to send X-Forwarded-Proto";
        Err(Problem::forbidden(detail).code(PASSCODE_IN_THE_CLEAR))
    }
}

/// The other end of the connection over which a request came; of one that came over none, this machine.
fn peer(extensions: &Extensions) -> IpAddr {
    extensions.get::<Peer>().map_or(Ipv4Addr::LOCALHOST.into(), |Peer(address)| *address)
}

/// Where a request comes from. One that came over no connection is this machine's own.
pub(crate) fn of(app: &App, head: &Parts) -> IpAddr {
    app.proxies().client(peer(&head.extensions), &head.headers)
}

/// The address that a permitted caller names for its end user, if it names one. It has to be known already that the
/// caller is permitted: a stranger must not choose where they come from.
///
/// # Errors
/// 400 for what is no address, and for several.
pub(crate) fn named_end_user(headers: &HeaderMap) -> Result<Option<IpAddr>, Problem> {
    let mut lines = headers.get_all(END_USER_ADDRESS).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let address = line.to_str().ok().and_then(|text| text.trim().parse().ok());
    match address.filter(|_| lines.next().is_none()) {
        Some(address) => Ok(Some(address)),
        None => Err(Problem::at(
            END_USER_ADDRESS,
            "the header has to be one IPv4 or IPv6 address, that of the end user",
        )),
    }
}

/// Refuses to take an answer from where too many authentications have failed.
///
/// # Errors
/// 429, with the time to wait.
pub(crate) fn refuse_throttled(app: &App, source: IpAddr) -> Result<(), Problem> {
    match app.runtime().throttle().wait_of_source(source, app.runtime().now()) {
        None => Ok(()),
        Some(wait) => {
            Err(throttled(wait, "too many authentications from this address have failed"))
        }
    }
}

/// The answer to what is not examined before this time has passed.
pub(crate) fn throttled(wait: Duration, detail: &'static str) -> Problem {
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).code(THROTTLED);
    problem.header(header::RETRY_AFTER, retry_after(wait))
}

impl FromRequestParts<App> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(head: &mut Parts, app: &App) -> Result<Source, Infallible> {
        Ok(Source(of(app, head)))
    }
}

impl FromRequestParts<App> for Way {
    type Rejection = Infallible;

    async fn from_request_parts(head: &mut Parts, _: &App) -> Result<Way, Infallible> {
        Ok(Way::of(&head.headers, &head.extensions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime::Runtime;

    #[tokio::test]
    async fn what_must_not_be_read_on_the_way_is_only_taken_over_https_or_from_this_machine() {
        const ID: &str = "https://id.example";
        const HERE: &str = "http://localhost:8080";
        #[rustfmt::skip]
        let cases = [
            (ID,   None,                   "192.0.2.1", &["https"][..],         true),
            (ID,   Some("id.example"),     "127.0.0.1", &["HTTPS"][..],         true),
            (ID,   Some("id.example"),     "192.0.2.1", &["http"][..],          false),
            (ID,   Some("id.example"),     "192.0.2.1", &["https", "http"][..], false),
            (ID,   Some("id.example"),     "192.0.2.1", &[][..],                false),
            (ID,   Some("id.example"),     "127.0.0.1", &[][..],                false),
            (ID,   Some("id.example"),     "192.0.2.2", &["https"][..],         false),
            (HERE, None,                   "127.0.0.1", &[][..],                true),
            (HERE, Some("localhost:8080"), "::1",       &[][..],                true),
            (HERE, Some("localhost:8080"), "::ffff:127.0.0.1", &[][..],         true),
            (HERE, Some("10.0.0.1:8080"),  "127.0.0.1", &[][..],                false),
            (HERE, Some("localhost:8080"), "192.0.2.1", &["https"][..],         false),
            ("http://127.0.0.1:8080", Some("[::1]:8080"), "127.0.0.1", &[][..], true),
            ("http://id.example",     Some("localhost"),  "127.0.0.1", &[][..], false),
            ("http://id.example",     None,    "192.0.2.1", &["https"][..],     false),
        ];
        for (base_url, host, from, protos, expected) in cases {
            let settings = runtime::Settings {
                data: None,
                driver: runtime::Driver::Sled,
                base_url: base_url.to_owned(),
                retention: runtime::Retention::default(),
                master_keys: runtime::MasterKeys::default(),
                throttle: identity::ThrottleLimits::default(),
            };
            let clock = runtime::Clock::still(jiff::Timestamp::UNIX_EPOCH);
            let runtime = Runtime::open(settings, clock).await.unwrap();
            let app = App::behind(runtime, "192.0.2.1".parse().unwrap());
            let (mut headers, mut extensions) = (HeaderMap::new(), Extensions::new());
            if let Some(host) = host {
                headers.insert(header::HOST, host.parse().unwrap());
            }
            for proto in protos {
                headers.append(FORWARDED_PROTO, proto.parse().unwrap());
            }
            extensions.insert(Peer(from.parse().unwrap()));
            let private = Way::of(&headers, &extensions).is_private(&app);
            assert_eq!(private, expected, "{base_url} {host:?} {from} {protos:?}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_says_where_a_request_comes_from() {
        const NONE: &str = "";
        const ONE: &str = "192.0.2.1";
        const NETS: &str = "192.0.2.0/24, 10.0.0.0/8,2001:db8::/32";
        #[rustfmt::skip]
        let cases = [
            (NONE, "192.0.2.1",           &["198.51.100.1"][..],              "192.0.2.1"),
            (ONE,  "192.0.2.1",           &["198.51.100.1"][..],              "198.51.100.1"),
            (ONE,  "::ffff:192.0.2.1",    &["198.51.100.1"][..],              "198.51.100.1"),
            (ONE,  "192.0.2.2",           &["198.51.100.1"][..],              "192.0.2.2"),
            (ONE,  "192.0.2.1",           &["203.0.113.9, 198.51.100.1"][..], "198.51.100.1"),
            (ONE,  "192.0.2.1",           &["203.0.113.9", "198.51.100.1"][..], "198.51.100.1"),
            (NETS, "192.0.2.77",          &["198.51.100.1, 10.1.2.3"][..],    "198.51.100.1"),
            (NETS, "192.0.2.77",          &["10.9.9.9, 198.51.100.1, 10.1.2.3"][..], "198.51.100.1"),
            // Bytes that are no text take nothing with them.
            (ONE,  "192.0.2.1",           &["203.0.113.9", "\u{ff}, 198.51.100.1"][..], "198.51.100.1"),
            (ONE,  "192.0.2.1",           &["\u{ff}, 198.51.100.1"][..],      "198.51.100.1"),
            (NETS, "192.0.2.77",          &["203.0.113.9", "\u{ff}"][..],     "192.0.2.77"),
            (NETS, "192.0.2.77",          &["unknown"][..],                   "192.0.2.77"),
            (NETS, "192.0.2.77",          &[][..],                            "192.0.2.77"),
            (NETS, "2001:db8::7",         &["2001:db9::1"][..],               "2001:db9::1"),
            ("0.0.0.0/0", "192.0.2.77",   &["198.51.100.1"][..],              "198.51.100.1"),
        ];
        for (proxies, peer, forwarded, expected) in cases {
            let proxies: TrustedProxies = proxies.parse().unwrap();
            let mut headers = HeaderMap::new();
            for line in forwarded {
                headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            }
            let client = proxies.client(peer.parse().unwrap(), &headers);
            assert_eq!(client.to_string(), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn what_is_no_network_is_named() {
        for wrong in ["proxy", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.1,x"] {
            let told = wrong.parse::<TrustedProxies>().unwrap_err();
            assert!(told.contains("is no address and no network"), "{told}");
        }
    }
}
