//! Compression, of what is the same for everybody alone: packed beside something that a caller chose,
//! a secret would show in the length (BREACH).

use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

type Choice = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Packs answers that say that anybody may keep them (`Cache-Control: public`), and no others.
pub(crate) fn layer() -> CompressionLayer<Choice> {
    let choice: Choice = |_, _, headers, _| is_for_everybody(headers);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(choice)
}

fn is_for_everybody(headers: &HeaderMap) -> bool {
    let keep = headers.get(header::CACHE_CONTROL).and_then(|keep| keep.to_str().ok());
    let is_public = |keep: &str| keep.split(',').any(|word| word.trim() == "public");
    keep.is_some_and(is_public) && !headers.contains_key(header::SET_COOKIE)
}
