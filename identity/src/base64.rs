//! Base64 as clients really send it.

use data_encoding::BASE64_NOPAD;

/// Reads base64 (RFC 4648 section 4) or base64url (section 5), with or without padding.
/// Nothing when it is neither, or when the padding or the unused bits are wrong.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let bare = text.trim_end_matches('=');
    let padding = text.len() - bare.len();
    if padding > 2 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return None;
    }
    let standard: String = bare
        .chars()
        .map(|character| match character {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    BASE64_NOPAD.decode(standard.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::decode_base64;

    #[test]
    fn either_alphabet_is_read_padded_or_not() {
        let cases: [(&str, Option<&[u8]>); 14] = [
            ("", Some(b"")),
            ("QQ==", Some(b"A")),
            ("QQ", Some(b"A")),
            ("QUI=", Some(b"AB")),
            ("QUI", Some(b"AB")),
            ("QUJD", Some(b"ABC")),
            ("-_-_", Some(&[0xFB, 0xFF, 0xBF])),
            ("+/+/", Some(&[0xFB, 0xFF, 0xBF])),
            ("QQ=", None),
            ("QUJD====", None),
            ("Q", None),
            ("QR", None),
            ("Q Q=", None),
            ("=", None),
        ];
        for (text, bytes) in cases {
            assert_eq!(decode_base64(text).as_deref(), bytes, "{text}");
        }
    }
}
