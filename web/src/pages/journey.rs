//! A running journey: its present step, the answers to it, and its end.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use runtime::{Answer, Error, Presented, Screen};
use serde_json::{Map, Value};

use super::answer;
use super::origin::is_foreign;
use super::reader::Reader;
use super::response::see_other;
use super::view::{Page, Plain, Step};
use crate::refusal::retry_after;
use crate::source::Source;
use crate::{App, cookie};

/// Who the records name as the one that answers.
pub(super) const BY: &str = "end user";
/// How long the answer to a form is held back while something is checked; after that a page says so.
const AT_ONCE: Duration = Duration::from_millis(1500);
/// The mark of an address to which an answer that came too late leads.
const STALE: &str = "stale";
/// The mark of an address to which the last answer leads.
const DONE: &str = "done";

/// `GET /web/journeys/{tenant}/{instance}`: the present step.
pub(crate) async fn show(
    State(app): State<App>,
    Path((tenant, instance)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let mut reader = Reader::new(&app, &headers, &uri);
    let secret = cookie::secret_of(&headers, &instance);
    let presented = match app.runtime().tenant(&tenant, BY).await {
        Ok(rooms) => rooms.present(&instance, secret.as_deref()).await,
        Err(error) => Err(error),
    };
    match presented {
        Ok(presented) => {
            let marks = Marks {
                stale: reader.parameter(STALE).is_some(),
                done: reader.parameter(DONE).is_some(),
            };
            let response = presented_page(&mut reader, &tenant, &presented, &marks, None);
            with_cookie(response, &headers, &presented)
        }
        Err(error) => failed(&reader, &tenant, &instance, &error),
    }
}

/// `POST /web/journeys/{tenant}/{instance}`: an answer; it leads to the present step, or shows what is wrong with it.
pub(crate) async fn answer(
    State(app): State<App>,
    Path((tenant, instance)): Path<(String, String)>,
    Source(source): Source,
    headers: HeaderMap,
    uri: Uri,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let mut reader = Reader::new(&app, &headers, &uri);
    let back = reader.journey(&tenant, &instance, None);
    if let Some(wait) = app.runtime().throttle().wait_of_source(source, app.runtime().now()) {
        let page = Page::Throttled { back: &back };
        let mut response = reader.page(StatusCode::TOO_MANY_REQUESTS, &page);
        response.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
        return response;
    }
    if is_foreign(&headers, app.origin()) {
        return reader.page(StatusCode::FORBIDDEN, &Page::Refused { back: &back });
    }
    let sent = match body {
        Ok(body) if is_form(&headers) => answer::read(&body).ok_or(StatusCode::BAD_REQUEST),
        Ok(_) => Err(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        Err(rejection) => Err(rejection.status()),
    };
    let sent = match sent {
        Ok(sent) => sent,
        Err(status) => return reader.page(status, &Page::Unreadable { back: &back }),
    };
    let secret = cookie::secret_of(&headers, &instance);
    let data = sent.submission.data.clone();
    let topic = sent.topic.clone();
    let answer = Answer { topic: sent.topic, nonce: sent.nonce, submission: sent.submission };
    let presented = match app.runtime().tenant(&tenant, BY).await {
        Ok(rooms) => {
            let rooms = rooms.reached_from(source);
            match rooms.submit(&instance, secret.as_deref(), answer).await {
                Ok(presented) => rooms.wait_for_check(presented, secret.as_deref(), AT_ONCE).await,
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    };
    match presented {
        Ok(presented) => {
            let response = if !presented.stale && is_asked_again(&presented.screen, &topic) {
                presented_page(&mut reader, &tenant, &presented, &Marks::default(), Some(&data))
            } else {
                let mark = if presented.stale { Some(STALE) } else { mark_of(&presented.screen) };
                see_other(&reader.journey(&tenant, &instance, mark))
            };
            with_cookie(response, &headers, &presented)
        }
        Err(error) => failed(&reader, &tenant, &instance, &error),
    }
}

/// What the address says has just happened.
#[derive(Default)]
struct Marks {
    stale: bool,
    done: bool,
}

/// The mark for the address of a screen that an answer led to.
pub(crate) fn mark_of(screen: &Screen) -> Option<&'static str> {
    matches!(screen, Screen::Ended { .. }).then_some(DONE)
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// True when the same question is asked again because of errors in the answer.
fn is_asked_again(screen: &Screen, answered: &str) -> bool {
    matches!(screen, Screen::Ask { topic, wait, .. } if topic == answered && !wait.errors.is_empty())
}

fn presented_page(
    reader: &mut Reader,
    tenant: &str,
    presented: &Presented,
    marks: &Marks,
    values: Option<&Map<String, Value>>,
) -> Response {
    reader.keep_to(&presented.languages);
    let here = reader.journey(tenant, &presented.instance_id, None);
    let page = match &presented.screen {
        Screen::Ask { topic, nonce, wait } => match &wait.form {
            Some(form) => Page::Step(Step {
                action: &here,
                topic,
                nonce,
                wait,
                form,
                default_language: reader.default_language(),
                values,
                stale: marks.stale,
            }),
            None => Page::Trouble { again: &here },
        },
        Screen::Ended { outcome, redirect_url } => {
            Page::Ended { outcome: *outcome, address: redirect_url.as_deref(), goes: marks.done }
        }
        Screen::Expired { back } => Page::Expired { back: back.as_deref() },
        Screen::Stopped => Page::Stopped,
        Screen::Waiting => Page::Waiting { again: &here },
        Screen::Moment => Page::Moment { again: &here },
        Screen::Paused => Page::Paused { again: &here },
        Screen::Trouble => Page::Trouble { again: &here },
    };
    reader.page(StatusCode::OK, &page)
}

/// Has the browser keep the secret of what it is shown.
pub(crate) fn with_cookie(
    mut response: Response,
    headers: &HeaderMap,
    presented: &Presented,
) -> Response {
    for cookie in cookie::kept(headers, presented) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn failed(reader: &Reader, tenant: &str, instance: &str, error: &Error) -> Response {
    match error {
        Error::NotFound { .. } => reader.page(StatusCode::NOT_FOUND, &Page::Plain(Plain::NotFound)),
        Error::BoundElsewhere => {
            reader.page(StatusCode::FORBIDDEN, &Page::Elsewhere { cookies: reader.has_cookies() })
        }
        error => broken(reader, error, reader.journey(tenant, instance, None)),
    }
}

/// The page for what should not happen; the cause is for the log alone.
pub(crate) fn broken(reader: &Reader, error: &Error, again: String) -> Response {
    tracing::error!(%error, "a page could not be shown");
    reader.page(StatusCode::SERVICE_UNAVAILABLE, &Page::Failure { again: &again })
}
