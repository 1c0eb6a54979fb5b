//! Style sheet, scripts and mark of the pages: part of the binary, at addresses that change with their content.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The files, each with its media type.
const FILES: [(&str, &str, &str); 6] = [
    ("page.css", "text/css; charset=utf-8", include_str!("../../assets/page.css")),
    ("page.js", SCRIPT, include_str!("../../assets/page.js")),
    ("passcode.js", SCRIPT, include_str!("../../assets/passcode.js")),
    ("passkey.js", SCRIPT, include_str!("../../assets/passkey.js")),
    ("srp.js", SCRIPT, include_str!("../../assets/srp.js")),
    ("mark.svg", "image/svg+xml", include_str!("../../assets/mark.svg")),
];

/// One version for all files, so that a script finds the modules beside it.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for (name, _, text) in FILES {
        digest.update(name);
        digest.update(text);
    }
    HEXLOWER.encode(&digest.finalize()[..8])
});

/// The folder of the files in the address space.
pub(crate) fn folder() -> String {
    format!("/assets/{}", *VERSION)
}

/// A file; at an address of another version it is served as well, but not to be kept.
pub(crate) async fn serve(
    Path((version, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Some((_, kind, text)) = FILES.into_iter().find(|(file, ..)| *file == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_present = version == *VERSION;
    let keep = if is_present { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = format!("\"{}\"", *VERSION);
    let common = [(header::CACHE_CONTROL, keep.to_owned()), (header::ETAG, tag.clone())];
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str());
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(header::CONTENT_TYPE, kind)], text).into_response()
}
