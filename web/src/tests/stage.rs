//! A stage for transcripts: a memory store, a still clock, a permitted caller, identifiers made plain.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use expect_test::Expect;
use identity::ThrottleLimits;
use jiff::Timestamp;
use runtime::{Clock, Driver, Retention, Runtime, Settings};
use serde_json::Value;
use tower::ServiceExt as _;

use super::documented::alike;
use crate::App;
use crate::route::Route;
use crate::routes::table;

/// The stage of one test.
pub(crate) struct Stage {
    pub(crate) app: App,
    pub(crate) clock: Clock,
    router: Router,
    names: Vec<String>,
    cookie: Option<String>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) const NOON: &str = "2026-01-01T12:00:00Z";

/// The token of a caller who may do everything in the tenant `demo`.
pub(crate) const ADMIN: &str = "admin";

impl Stage {
    /// A server at noon with the demonstration in it.
    pub(crate) async fn new() -> Stage {
        Stage::throttled(ThrottleLimits::default()).await
    }

    /// The same with other limits for what fails.
    pub(crate) async fn throttled(throttle: ThrottleLimits) -> Stage {
        let clock = Clock::still(NOON.parse().unwrap());
        let settings = Settings {
            data: None,
            driver: Driver::Sled,
            base_url: "http://localhost:8080".to_owned(),
            retention: Retention::default(),
            master_keys: runtime::MasterKeys::default(),
            throttle,
        };
        let runtime = Runtime::open(settings, clock.clone()).await.unwrap();
        runtime.seed().await.unwrap();
        let stage = Stage::on(runtime, clock);
        stage.grant(ADMIN, "demo", &["TNT#demo#*"]);
        stage
    }

    /// A stage on a runtime, where nobody is granted anything.
    pub(crate) fn on(runtime: Runtime, clock: Clock) -> Stage {
        let app = App::new(runtime);
        Stage { router: app.router(), app, clock, names: Vec::new(), cookie: None }
    }

    /// Makes a text a good bearer token with these permissions.
    pub(crate) fn grant(&self, token: &str, tenant: &str, permissions: &[&str]) {
        let claims = access::Claims {
            tenant: tenant.to_owned(),
            subject: "KEY".to_owned(),
            name: format!("API Key: {token}"),
            permissions: permissions.iter().map(ToString::to_string).collect(),
            id: "ID".to_owned(),
            expires: Timestamp::MAX,
        };
        self.app.verified().learn(token, claims);
    }

    /// Sends a request with any headers.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        is_described(method, path, parts.status);
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Sends a request as the administrator; a body is JSON.
    pub(crate) async fn call(&self, method: &str, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {ADMIN}");
        let mut headers = vec![("authorization", bearer.as_str())];
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        if let Some(cookie) = &self.cookie {
            headers.push(("cookie", cookie));
        }
        self.send(method, path, &headers, body.to_owned()).await
    }

    /// Plays requests, a line each (`METHOD path body`), and compares what is answered. Identifiers
    /// are written `ID1`, `ID2` … in the order in which they come up, and may be used so in later
    /// requests. Cookies are kept.
    pub(crate) async fn play(&mut self, script: &str, expected: Expect) {
        let mut transcript = String::new();
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let real = self.real(line);
            let mut words = real.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default();
            let (method, path, body) = (word(), word(), word());
            let answer = self.call(method, path, body).await;
            self.keep_cookie(&answer);
            let (line, told) = (self.plain(line), self.told(&answer));
            transcript.push_str(&format!("{line}\n{told}\n"));
        }
        expected.assert_eq(&transcript);
    }

    fn keep_cookie(&mut self, answer: &Answer) {
        if let Some((pair, _)) = answer.header("set-cookie").split_once(';') {
            self.cookie = Some(pair.to_owned());
        }
    }

    /// Status, the headers that matter, and the body, with identifiers made plain and the frame of
    /// a page in one line.
    fn told(&mut self, answer: &Answer) -> String {
        let mut told = answer.status.as_u16().to_string();
        for name in [header::LOCATION, header::WWW_AUTHENTICATE, header::SET_COOKIE] {
            let value = answer.header(name.as_str());
            if !value.is_empty() {
                told.push_str(&format!(" {name}: {}", self.plain(value)));
            }
        }
        let body = match serde_json::from_str::<Value>(&answer.text) {
            Ok(json) => serde_json::to_string_pretty(&framed(json)).unwrap(),
            Err(_) => answer.text.clone(),
        };
        if !body.is_empty() {
            told.push('\n');
            told.push_str(&self.plain(&body));
        }
        told
    }

    /// The text with what is random replaced: identifiers by names, longer things by their kind.
    pub(crate) fn plain(&mut self, text: &str) -> String {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+/_-".contains(letter);
        let mut plain = String::new();
        let mut rest = text;
        while let Some(begin) = rest.find(is_part) {
            let (before, word) = rest.split_at(begin);
            // The two digits after a percent sign belong to it.
            let skip = if before.ends_with('%') { 2 } else { 0 };
            let end = word[skip..].find(|c| !is_part(c)).map_or(word.len(), |end| end + skip);
            plain.push_str(before);
            plain.push_str(&word[..skip]);
            plain.push_str(&self.plain_word(&word[skip..end]));
            rest = &word[end..];
        }
        // How much padding an image has changes with its length.
        (plain + rest)
            .replace("base64,BASE64==", "base64,BASE64")
            .replace("base64,BASE64=", "base64,BASE64")
    }

    fn plain_word(&mut self, word: &str) -> String {
        match word.len() {
            43 if !word.contains('/') => return "SALT".to_owned(),
            100.. if word.matches('/').count() < 20 => return "BASE64".to_owned(),
            _ => {}
        }
        let mut plain = String::new();
        for piece in word.split_inclusive(['/', '-']) {
            let part = piece.trim_end_matches(['/', '-']);
            plain.push_str(&self.plain_part(part));
            plain.push_str(&piece[part.len()..]);
        }
        plain
    }

    fn plain_part(&mut self, part: &str) -> String {
        let is_code = |b: u8| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b);
        if !part.bytes().all(is_code) {
            return part.to_owned();
        }
        match part.len() {
            8 => match self.names.iter().position(|name| name.ends_with(part)) {
                Some(at) => format!("END_OF_ID{}", at + 1),
                None => part.to_owned(),
            },
            26 => self.name(part),
            52 => "SECRET".to_owned(),
            _ => part.to_owned(),
        }
    }

    fn name(&mut self, id: &str) -> String {
        let known = self.names.iter().position(|known| known == id);
        let at = known.unwrap_or_else(|| {
            self.names.push(id.to_owned());
            self.names.len() - 1
        });
        format!("ID{}", at + 1)
    }

    /// The text with names replaced by what they stand for, in one pass: what a name stands for
    /// may itself look like a name somewhere within.
    fn real(&self, line: &str) -> String {
        let mut real = String::new();
        let mut rest = line;
        while let Some(begin) = rest.find("ID") {
            let (before, found) = rest.split_at(begin);
            let digits = found[2..].find(|c: char| !c.is_ascii_digit()).unwrap_or(found.len() - 2);
            let (name, after) = found.split_at(2 + digits);
            let number = name[2..].parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let id = number.and_then(|at| self.names.get(at));
            real.push_str(before);
            real.push_str(id.map_or(name, String::as_str));
            rest = after;
        }
        real + rest
    }
}

/// A page with its frame in one line; anything else as it is.
fn framed(mut json: Value) -> Value {
    let frame = match json.get("pageable") {
        None => return json,
        Some(_) => format!(
            "page {} of {}, {} of {} items, by {} {}",
            json["number"],
            json["totalPages"],
            json["numberOfElements"],
            json["totalElements"],
            json["sort"][0]["property"].as_str().unwrap_or_default(),
            json["sort"][0]["direction"].as_str().unwrap_or_default(),
        ),
    };
    serde_json::json!({ "page": frame, "content": json["content"].take() })
}

/// A conflict or flaws are answered only by routes whose description says so.
fn is_described(method: &str, path: &str, status: StatusCode) {
    if !matches!(status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY) {
        return;
    }
    let path = path.split('?').next().unwrap_or_default();
    let fits = |route: &Route| route.method.as_str() == method && alike(route.path, path);
    let routes = table().into_iter().filter(fits);
    let route = routes.min_by_key(|route| route.path.matches('{').count()).unwrap();
    assert!(route.refuses.contains(&status.as_str()), "{method} {path}: {status} is not described");
}
