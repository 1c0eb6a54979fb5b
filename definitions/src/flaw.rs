//! A flaw: one thing that is wrong with a definition, said so that its author can mend it.

use serde::Serialize;
use std::fmt;

/// One thing that is wrong with a definition.
///
/// A definition with a flaw is refused; all flaws of a definition are reported together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// Stable name of the rule that is broken, such as `unknown-activity`.
    pub rule: &'static str,
    /// Id of the element that breaks it, where there is one.
    pub element: Option<String>,
    /// Line of the text, counted from 1, where it is known.
    pub line: Option<u32>,
    /// A sentence that says what is wrong and what to do about it.
    pub message: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(out, "line {line}: ")?;
        }
        if let Some(element) = &self.element {
            write!(out, "{element}: ")?;
        }
        write!(out, "{} [{}]", self.message, self.rule)
    }
}
