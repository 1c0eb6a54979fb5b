//! The hosted pages: what an end user sees of a journey, in HTML that needs no script but for a passcode or a passkey.

mod answer;
mod assets;
mod journey;
mod lane;
mod link;
mod origin;
mod passkey;
mod reader;
mod response;
mod view;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{any, get, post};

use crate::App;
use reader::Reader;
use view::{Page, Plain};

/// The most that a submitted form may have, in bytes.
const LONGEST_FORM: usize = 512 * 1024;

/// The pages and what they load: links, running journeys, style sheet and scripts.
pub(crate) fn router() -> Router<App> {
    Router::new()
        // A client that was sent here by a 307 comes with the method that it used.
        .route("/web/trustweb", get(link::open).post(link::open))
        .route("/web/journeys/{tenant}/{instance}", get(journey::show).post(journey::answer))
        .route("/web/journeys/{tenant}/{instance}/passcode", post(lane::take))
        .route("/assets/{version}/{file}", get(assets::serve))
        .route("/", any(missing))
        .route("/web/{*path}", any(missing))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
}

/// The page for an address at which there is nothing.
async fn missing(State(app): State<App>, headers: HeaderMap, uri: Uri) -> Response {
    let reader = Reader::new(&app, &headers, &uri);
    reader.page(StatusCode::NOT_FOUND, &Page::Plain(Plain::NotFound))
}
