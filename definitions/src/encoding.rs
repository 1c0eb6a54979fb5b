//! The bytes of a file as text: UTF-8, and UTF-16 with its byte order mark.

use std::ops::Range;

/// The text of a file. It is UTF-8, or UTF-16 with a byte order mark (XML 1.0 §4.3.3); XML that came
/// so says UTF-8 afterwards.
///
/// # Errors
/// Bytes in another encoding; what is said goes on after the name of the file.
pub fn decode(bytes: Vec<u8>) -> Result<String, String> {
    let text = match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Err(not_read("UTF-32")),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0, b'<', ..] | [b'<', 0, ..] => {
            return Err("is in UTF-16 without a byte order mark; save it as UTF-8".into());
        }
        _ => return String::from_utf8(bytes).map_err(|error| narrow(error.as_bytes())),
    };
    let mut text = text.ok_or("is not the UTF-16 that it begins as; save it as UTF-8")?;
    if let Some(range) = declared(&text)
        && text[range.clone()].to_ascii_uppercase().starts_with("UTF-16")
    {
        text.replace_range(range, "UTF-8");
    }
    Ok(text)
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|_| rest.is_empty())
}

/// What is said of bytes that are not UTF-8.
fn narrow(bytes: &[u8]) -> String {
    const BEGINNING: usize = 200;
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(BEGINNING)]);
    let named = declared(&beginning).map(|range| &beginning[range]);
    match named.filter(|name| !name.eq_ignore_ascii_case("UTF-8")) {
        Some(name) => not_read(name),
        None => "is not UTF-8; save it as UTF-8".into(),
    }
}

fn not_read(encoding: &str) -> String {
    format!("is in the encoding {}, which is not read; save it as UTF-8", crate::excerpt(encoding))
}

/// Where the XML declaration of a text names its encoding.
fn declared(text: &str) -> Option<Range<usize>> {
    let declaration = &text[..text.find("?>").filter(|_| text.starts_with("<?xml"))?];
    let word = declaration.find("encoding")? + "encoding".len();
    let quote = word + declaration[word..].find(['"', '\''])?;
    let begin = quote + 1;
    let end = begin + declaration[begin..].find(&declaration[quote..begin])?;
    Some(begin..end)
}
