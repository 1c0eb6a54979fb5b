//! What a refused request is answered: the one place that knows status codes for errors (RFC 9457).

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// Access denied.
pub(crate) const ACCESS_DENIED: u32 = 7;
/// A token without a header part; also a request without a token.
pub(crate) const NO_TOKEN: u32 = 221;
/// The tenant of a token is not here.
pub(crate) const WRONG_OWNER: u32 = 226;
/// A tenant that is not here, at its identity stores.
pub(crate) const NO_TENANT: u32 = 90;
/// A passcode that was sent in the clear.
pub(crate) const PASSCODE_IN_THE_CLEAR: u32 = 2613;
/// An answer to a question that is no longer asked.
pub(crate) const STALE_ANSWER: u32 = 2901;
/// An instance that another browser started.
pub(crate) const BOUND_ELSEWHERE: u32 = 2902;
/// A process token that starts nothing.
pub(crate) const TOKEN_NOT_USABLE: u32 = 2903;
/// A message that nobody awaits.
pub(crate) const NO_RECEIVER: u32 = 2910;
/// A message that several await.
pub(crate) const SEVERAL_RECEIVERS: u32 = 2911;
/// An instance that a person holds.
pub(crate) const SUSPENDED: u32 = 2904;
/// Process variables that are too large.
pub(crate) const TOO_LARGE: u32 = 2905;
/// A user task that somebody else has.
pub(crate) const ASSIGNED: u32 = 2906;
/// What was filled in does not fit the form.
pub(crate) const UNFIT: u32 = 2907;

/// A request that was refused, and why.
#[derive(Debug, Clone)]
pub struct Problem(Box<Body>);

/// A problem as it is sent, `application/problem+json`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct Body {
    /// Where the code is explained, or `about:blank`.
    #[serde(rename = "type")]
    kind: Cow<'static, str>,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    #[serde(serialize_with = "number")]
    #[schemars(with = "u16")]
    status: StatusCode,
    /// What is wrong with this request.
    detail: Cow<'static, str>,
    /// The public error code, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u32>,
    /// What is wrong, member by member.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    errors: Vec<Fault>,
    /// More that belongs to the problem: `user`, `present`, `flaws`.
    #[serde(flatten)]
    #[schemars(skip)]
    members: Map<String, Value>,
    #[serde(skip)]
    header: Option<(header::HeaderName, HeaderValue)>,
    /// The conflict that may not come again.
    #[serde(skip)]
    again: Option<String>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Fault {
    /// Where, as a path of member names.
    pub(crate) path: String,
    /// What.
    pub(crate) message: String,
}

fn number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl Problem {
    /// A refusal with a status and a clause that says what is wrong with this request.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Problem {
        Problem(Box::new(Body {
            kind: Cow::Borrowed("about:blank"),
            title: status.canonical_reason().unwrap_or("Unknown"),
            status,
            detail: detail.into(),
            code: None,
            errors: Vec::new(),
            members: Map::new(),
            header: None,
            again: None,
        }))
    }

    /// A request whose shape is wrong at one place.
    pub(crate) fn at(path: impl Into<String>, message: impl Into<String>) -> Problem {
        let (path, message) = (path.into(), message.into());
        let detail = if path.is_empty() { message.clone() } else { format!("{path}: {message}") };
        Problem::new(StatusCode::BAD_REQUEST, detail).faults([Fault { path, message }])
    }

    pub(crate) fn unauthorized(code: u32, detail: impl Into<Cow<'static, str>>) -> Problem {
        let challenge = match code {
            NO_TOKEN => HeaderValue::from_static("Bearer realm=\"gatewright\""),
            _ => HeaderValue::from_static("Bearer realm=\"gatewright\", error=\"invalid_token\""),
        };
        let problem = Problem::new(StatusCode::UNAUTHORIZED, detail).code(code);
        problem.header(header::WWW_AUTHENTICATE, challenge)
    }

    pub(crate) fn forbidden(detail: impl Into<Cow<'static, str>>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, detail).code(ACCESS_DENIED)
    }

    /// Something unforeseen: the cause goes to the log, once, and not to the caller.
    pub(crate) fn unforeseen(cause: &dyn std::fmt::Display) -> Problem {
        tracing::error!(%cause, "a request failed");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "something unforeseen went wrong").code(1)
    }

    /// The server cannot do it now, and may be able to soon.
    pub(crate) fn unavailable(detail: impl Into<Cow<'static, str>>) -> Problem {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail);
        problem.header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// The same with a public error code.
    #[must_use]
    pub(crate) fn code(mut self, code: impl Into<Option<u32>>) -> Problem {
        self.0.code = code.into();
        if let Some(code) = self.0.code {
            self.0.kind = Cow::Owned(format!("/docs#code-{code}"));
        }
        self
    }

    /// The same with what is wrong at each place.
    #[must_use]
    pub(crate) fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Problem {
        self.0.errors.extend(faults);
        self
    }

    /// The same with one more member.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: &impl Serialize) -> Problem {
        if let Ok(value) = serde_json::to_value(value) {
            self.0.members.insert(name.to_owned(), value);
        }
        self
    }

    #[must_use]
    pub(crate) fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Problem {
        self.0.header = Some((name, value));
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The conflict, where somebody else wrote first, so that the same request is to be handled again.
    pub(crate) fn conflicting(&self) -> Option<&String> {
        self.0.again.as_ref()
    }

    /// What is wrong, as a sentence.
    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Somebody else wrote first; it is answered only when doing it again did not help either.
    pub(crate) fn conflict(cause: &dyn std::fmt::Display) -> Problem {
        let mut problem = Problem::unavailable("the same rows are being changed by others");
        problem.0.again = Some(cause.to_string());
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let text = serde_json::to_vec(&*self.0).unwrap_or_default();
        let media = HeaderValue::from_static("application/problem+json");
        let mut response = (self.0.status, [(header::CONTENT_TYPE, media)], text).into_response();
        if let Some((name, value)) = self.0.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
