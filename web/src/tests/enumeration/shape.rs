//! What of an answer can be compared with that to somebody else: all but what is random in each.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::tests::stage::Answer;

/// Status, headers, length and body of an answer; of random words only their length.
pub(super) fn shape(answer: &Answer) -> String {
    let headers = headers(answer);
    if answer.header("content-type").starts_with("text/html") {
        // The identifiers of credentials are of several lengths, for everybody, so that those of words do not count.
        return format!("{} {headers:?} {}", answer.status, masked_text(&answer.text, false));
    }
    let (mut json, mut length) = (answer.json(), answer.text.len());
    // Identifiers of credentials are of several lengths, for everybody.
    let shown =
        json.pointer_mut("/passkey/publicKey/allowCredentials").and_then(Value::as_array_mut);
    for credential in shown.into_iter().flatten() {
        length -= credential["id"].take().as_str().map_or(0, str::len);
    }
    format!("{} {headers:?} {length} {}", answer.status, masked(json))
}

fn headers(answer: &Answer) -> BTreeMap<&str, String> {
    let headers = answer.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
    headers
        .map(|(name, value)| match name {
            "x-request-id" => (name, "one of a kind".to_owned()),
            "content-length" => (name, "compared with the body".to_owned()),
            _ => (name, masked_text(value, true)),
        })
        .collect()
}

fn masked(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() >= 20 => json!(format!("{} letters", text.len())),
        Value::Array(items) => items.into_iter().map(masked).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, masked(value))).collect()
        }
        other => other,
    }
}

/// A text whose long words, which may be random, are replaced, by their lengths or all alike.
fn masked_text(text: &str, measured: bool) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+/=_-".contains(letter);
    let mut masked = String::new();
    for piece in text.split_inclusive(|letter| !is_part(letter)) {
        let word = piece.trim_end_matches(|letter| !is_part(letter));
        match word.len() {
            20.. if measured => masked += &format!("({})", word.len()),
            20.. => masked += "(…)",
            _ => masked += word,
        }
        masked += &piece[word.len()..];
    }
    masked
}
