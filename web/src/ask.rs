//! What a handler is asked: the typed parts of a request, with the path of whatever is wrong.

use std::any::TypeId;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::LengthLimitError;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// What a caller with the permission asks. `P`, `Q` and `B` are path, query and body; `()` is none.
#[derive(Clone)]
pub(crate) struct Ask<P = (), Q = (), B = ()> {
    pub(crate) caller: Caller,
    pub(crate) path: P,
    pub(crate) query: Q,
    pub(crate) body: B,
}

/// What anybody asks on an open route.
#[derive(Clone)]
pub(crate) struct OpenAsk<P = (), Q = (), B = ()> {
    pub(crate) app: App,
    pub(crate) headers: Arc<HeaderMap>,
    /// Where the request comes from.
    pub(crate) source: IpAddr,
    pub(crate) path: P,
    pub(crate) query: Q,
    pub(crate) body: B,
}

/// A typed part of a request.
pub(crate) trait Part:
    DeserializeOwned + JsonSchema + Clone + Send + Sync + 'static
{
    /// Whether there is no such part.
    fn is_none() -> bool {
        TypeId::of::<Self>() == TypeId::of::<()>()
    }
}

impl<T: DeserializeOwned + JsonSchema + Clone + Send + Sync + 'static> Part for T {}

/// Takes a request apart. `limit` is the most that its body may have, in bytes.
///
/// # Errors
/// 400 with the path of what is wrong, 413, 415.
pub(crate) async fn parts<P: Part, Q: Part, B: Part>(
    request: Request,
    limit: usize,
) -> Result<(Parts, P, Q, B), Problem> {
    let (mut parts, body) = request.into_parts();
    let path = read_path(&mut parts).await?;
    let query = read_query(parts.uri.query().unwrap_or_default())?;
    let body = if B::is_none() {
        absent()?
    } else {
        let bytes = read_body(&parts, body, limit).await?;
        read_json(&parts.headers, &bytes)?
    };
    Ok((parts, path, query, body))
}

async fn read_path<P: Part>(parts: &mut Parts) -> Result<P, Problem> {
    if P::is_none() {
        return absent();
    }
    let places = RawPathParams::from_request_parts(parts, &()).await;
    let places = places.map_err(|error| Problem::at("", error.to_string()))?;
    let text = |value: &str| Value::String(value.to_owned());
    let places: Map<String, Value> =
        places.iter().map(|(name, value)| (name.to_owned(), text(value))).collect();
    serde_path_to_error::deserialize(Value::Object(places)).map_err(|error| {
        let path = error.path().to_string();
        misfit(&path, &error.into_inner().to_string())
    })
}

fn read_query<Q: Part>(query: &str) -> Result<Q, Problem> {
    if Q::is_none() {
        return absent();
    }
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let reader = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let (path, message) = (error.path().to_string(), error.into_inner().to_string());
        // A list's query says itself which member it is.
        match message.split_once(": ") {
            Some((member, rest)) if path == "." => misfit(member, rest),
            _ => misfit(&path, &message),
        }
    })
}

async fn read_body(parts: &Parts, body: axum::body::Body, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        let detail = format!("the body is larger than {limit} bytes");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    let announced = parts.headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        if source.is_some_and(|source| source.is::<LengthLimitError>()) {
            too_large()
        } else {
            Problem::at("", "the body could not be read to its end")
        }
    })
}

/// Reads a JSON body; an empty one counts as `{}`.
fn read_json<B: Part>(headers: &HeaderMap, bytes: &[u8]) -> Result<B, Problem> {
    if !bytes.is_empty() && !is_json(headers) {
        let detail = "the body has to be sent as application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    // A derived reader would take a list for the members of an object in their order.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::at("", "the body has to be an object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        misfit(&path, &error.into_inner().to_string())
    })?;
    reader.end().map_err(|error| misfit("", &error.to_string()))?;
    Ok(value)
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.unwrap_or_default().split(';').next().unwrap_or_default();
    media.trim().eq_ignore_ascii_case("application/json")
}

/// Takes out of a change what names the thing itself: a caller may send back what it was shown.
///
/// # Errors
/// 400 for another name, because names do not change.
pub(crate) fn leave_name(
    change: &mut Map<String, Value>,
    member: &str,
    name: &str,
) -> Result<(), Problem> {
    match change.remove(member) {
        Some(given) if given != name => Err(Problem::at(member, "cannot be changed")),
        _ => Ok(()),
    }
}

/// A 400 at a path. A member that is missing or given twice is named at its own path, not at that
/// of its object.
pub(crate) fn misfit(path: &str, message: &str) -> Problem {
    let path = path.trim_end_matches(['.', '?']);
    let member_of = |words: &str| {
        let (member, _) = message.strip_prefix(words)?.strip_prefix(" field `")?.split_once('`')?;
        Some(if path.is_empty() { member.to_owned() } else { format!("{path}.{member}") })
    };
    if let Some(member) = member_of("missing") {
        return Problem::at(member, "is missing");
    }
    if let Some(member) = member_of("duplicate") {
        return Problem::at(member, "is given twice");
    }
    // Where a path says the place, line and column only repeat it.
    let bare = message.split_once(" at line ").map_or(message, |(bare, _)| bare);
    Problem::at(path, if path.is_empty() { message } else { bare })
}

/// The value of a part that is not there.
fn absent<T: Part>() -> Result<T, Problem> {
    T::deserialize(serde::de::value::UnitDeserializer::<serde::de::value::Error>::new())
        .map_err(|error| Problem::unforeseen(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_where_it_should_be() {
        #[rustfmt::skip]
        let cases = [
            (".",          "missing field `name` at line 1 column 2", "name: is missing"),
            ("a[1]",       "missing field `name`",                    "a[1].name: is missing"),
            ("a.b",        "invalid type: map, expected a string",    "a.b: invalid type: map, expected a string"),
            ("a",          "duplicate field `b` at line 1 column 9",  "a.b: is given twice"),
            ("a",          "invalid value at line 1 column 9",        "a: invalid value"),
            (".",          "EOF while parsing at line 1 column 0",    "EOF while parsing at line 1 column 0"),
        ];
        for (path, message, expected) in cases {
            assert_eq!(misfit(path, message).detail(), expected);
        }
    }
}
