//! Names of identity stores and of what is configured in them.

/// What is wrong with a name that appears in addresses and audits, if anything.
pub(crate) fn flaw_of_name(name: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ' ');
    if name.is_empty() || name.len() > 100 {
        Some("a name has 1 to 100 characters")
    } else if !name.chars().all(plain) {
        Some("a name has only letters and digits of ASCII, `.`, `_`, `-` and spaces")
    } else if name.trim() != name || name.chars().all(|c| c == '.') {
        Some("a name neither begins nor ends with a space, and is more than dots")
    } else {
        None
    }
}

/// Whether it has the form of an identifier: 26 characters of upper-case base32.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
}

/// Whether a name is one that the filter of a list asks for: the filter's text, where `%` is any text.
pub(crate) fn passes(filter: &str, name: &str) -> bool {
    let Some((head, tail)) = filter.split_once('%') else { return filter == name };
    let Some(rest) = name.strip_prefix(head) else { return false };
    let mut pieces: Vec<&str> = tail.split('%').collect();
    let end = pieces.pop().unwrap_or_default();
    let Some(mut rest) = rest.strip_suffix(end) else { return false };
    pieces.into_iter().all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_stand_in_an_address() {
        let long = "n".repeat(101);
        let cases = [
            ("store1", true),
            ("My Store_2.0-a", true),
            (&long[1..], true),
            (&long, false),
            ("", false),
            (" ", false),
            ("a ", false),
            ("..", false),
            ("a/b", false),
            ("a%b", false),
            ("ä", false),
            ("a\u{0}", false),
        ];
        for (name, good) in cases {
            assert_eq!(flaw_of_name(name).is_none(), good, "{name:?}");
        }
    }

    #[test]
    fn a_filter_is_the_name_or_a_pattern_of_it() {
        let cases = [
            ("store1", "store1", true),
            ("store", "store1", false),
            ("%", "store1", true),
            ("%", "", true),
            ("store%", "store1", true),
            ("%1", "store1", true),
            ("%tor%", "store1", true),
            ("s%r%1", "store1", true),
            ("s%1%1", "store1", false),
            ("st%to%", "store1", false),
            ("a%", "store1", false),
            ("", "store1", false),
        ];
        for (filter, name, passed) in cases {
            assert_eq!(passes(filter, name), passed, "{filter} {name}");
        }
    }
}
