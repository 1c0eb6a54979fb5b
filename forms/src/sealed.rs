//! References to texts that are kept sealed: forms carry them, and the page that is shown has the texts in their stead.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::fill;
use crate::form::Form;

const START: &str = "{{sealed.";
const END: &str = "}}";

/// Where a sealed text is kept. It is written `{{sealed.SESSION.POSITION}}`, and that is all that process variables and
/// forms at rest hold of a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealedText {
    /// The session under which it is kept.
    pub session: String,
    /// Which of the texts of the session it is, counted from zero.
    pub position: usize,
}

impl fmt::Display for SealedText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{START}{}.{}{END}", self.session, self.position)
    }
}

/// A text that refers to no sealed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text refers to no sealed one")]
pub struct NotSealed;

impl FromStr for SealedText {
    type Err = NotSealed;

    fn from_str(text: &str) -> Result<SealedText, NotSealed> {
        match first(text.trim()) {
            Some(("", sealed, "")) => Ok(sealed),
            _ => Err(NotSealed),
        }
    }
}

impl Form {
    /// The sealed texts that the form refers to.
    pub fn sealed_texts(&self) -> BTreeSet<SealedText> {
        let found = RefCell::new(BTreeSet::new());
        let _ = self.opened(|sealed| {
            found.borrow_mut().insert(sealed.clone());
            None
        });
        found.into_inner()
    }

    /// The same form with the sealed texts in place of the references; one that is not known becomes empty.
    pub fn opened(&self, known: impl Fn(&SealedText) -> Option<String>) -> Form {
        fill::texts(self, &|text| opened(text, &known))
    }
}

/// What is put in is not looked at again.
fn opened(text: &str, known: &impl Fn(&SealedText) -> Option<String>) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, sealed, after)) = first(rest) {
        whole.push_str(before);
        whole.push_str(&known(&sealed).unwrap_or_default());
        rest = after;
    }
    whole.push_str(rest);
    whole
}

/// The first reference in a text, with what stands before and after it.
fn first(text: &str) -> Option<(&str, SealedText, &str)> {
    text.match_indices(START).find_map(|(start, _)| {
        let (inside, after) = text[start + START.len()..].split_once(END)?;
        let (session, position) = inside.split_once('.')?;
        let is_session = !session.is_empty() && session.bytes().all(|b| b.is_ascii_alphanumeric());
        let position = position.parse().ok().filter(|_| is_session)?;
        Some((&text[..start], SealedText { session: session.to_owned(), position }, after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_written_and_read_and_nothing_else_is_one() {
        let sealed = SealedText { session: "ABC234".to_owned(), position: 12 };
        assert_eq!(sealed.to_string(), "{{sealed.ABC234.12}}");
        assert_eq!(" {{sealed.ABC234.12}} ".parse(), Ok(sealed));
        for other in [
            "",
            "ABC234",
            "{{sealed.ABC234}}",
            "{{sealed.ABC234.x}}",
            "{{sealed..1}}",
            "{{sealed.A-C.1}}",
            "x{{sealed.ABC234.1}}",
            "{{sealed.ABC234.1}}x",
            "{{processvar.ABC234.1}}",
        ] {
            assert_eq!(other.parse::<SealedText>(), Err(NotSealed), "{other}");
        }
    }

    #[test]
    fn references_give_way_to_their_texts_once() {
        let known = |sealed: &SealedText| match sealed.position {
            0 => Some("{{sealed.A.1}}".to_owned()),
            1 => Some("one".to_owned()),
            _ => None,
        };
        for (text, expected) in [
            ("nothing", "nothing"),
            ("<{{sealed.A.1}}|{{sealed.A.1}}>", "<one|one>"),
            ("{{sealed.A.0}}", "{{sealed.A.1}}"),
            ("[{{sealed.A.2}}]", "[]"),
            ("{{sealed.A.{{sealed.A.1}}", "{{sealed.A.one"),
            ("{{sealed.A.1", "{{sealed.A.1"),
        ] {
            assert_eq!(opened(text, &known), expected, "{text}");
        }
    }
}
