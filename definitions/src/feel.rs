//! FEEL, the expression language of DMN: its common subset as expressions `${…}` of ours.
//!
//! What is translated has the value that FEEL gives it (DMN 1.3 §10.3), for values of the types
//! that the operators take. Three things are not as in FEEL: what a comparison, `and`, `or`, `not`
//! or a question gives is false where FEEL says null; a variable that is missing is an error, unless
//! it is compared with `null`; and values of other types are compared and calculated with as `==`,
//! `<` and `*` of ours do it, the text "5" as the number 5, where FEEL gives null. What has no
//! translation is refused by name.

mod lex;
mod parse;
mod term;
mod tree;
mod unary;
mod words;
mod write;

pub(crate) use tree::{Order, Test};

use crate::{Expression, ExpressionFlaw, Template};

/// The longest text, of FEEL and of its translation, in bytes.
const LONGEST: usize = 8 * 1024;

/// Names that stand for a number where the FEEL stands: each with its source, a name or in parentheses,
/// or why it is nothing.
pub(crate) type Counters = &'static [(&'static str, Result<&'static str, &'static str>)];

/// The unary tests of one cell of a decision table (DMN 1.3 §10.3.1.2).
#[derive(Clone, Debug)]
pub(crate) struct Tests {
    /// Whether they stand in `not(…)`.
    pub(crate) negated: bool,
    /// The alternatives; none of them lets everything pass.
    pub(crate) alternatives: Vec<Test<Operand>>,
}

/// What a unary test compares with.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    pub(crate) value: Expression,
    /// Of what is true or false by itself, such as `contains(x, "b")`: whether it is false. It is
    /// null where neither holds.
    pub(crate) denied: Option<Expression>,
}

impl Expression {
    /// Translates FEEL, without a `=` before it; `source` then gives the translation.
    ///
    /// # Errors
    /// Where FEEL is malformed, or what of it is not translated.
    pub fn from_feel(feel: &str) -> Result<Expression, ExpressionFlaw> {
        expression(feel, &[])
    }
}

impl Template {
    /// Translates FEEL, without a `=` before it, to a template that keeps the type of its value.
    ///
    /// # Errors
    /// Where FEEL is malformed, or what of it is not translated.
    pub fn from_feel(feel: &str) -> Result<Template, ExpressionFlaw> {
        template(feel)
    }
}

/// Translates FEEL, without a `=` before it, to the source of an expression.
///
/// # Errors
/// Where FEEL is malformed, or what of it is not translated.
pub(crate) fn juel(feel: &str, counters: Counters) -> Result<String, ExpressionFlaw> {
    Ok(expression(feel, counters)?.source().to_owned())
}

/// Translates FEEL, without a `=` before it, to an expression.
///
/// # Errors
/// As for `juel`.
pub(crate) fn expression(feel: &str, counters: Counters) -> Result<Expression, ExpressionFlaw> {
    parsed(write::closed(&parse::expression(feel, counters)?)?)
}

/// Translates FEEL, without a `=` before it, to a template that keeps the type of its value.
///
/// # Errors
/// As for `juel`.
pub(crate) fn template(feel: &str) -> Result<Template, ExpressionFlaw> {
    Template::parse(&juel(feel, &[])?)
}

/// Translates FEEL; when it is but a name or a path, a missing variable is null.
///
/// # Errors
/// As for `juel`.
pub(crate) fn lookup(feel: &str) -> Result<Expression, ExpressionFlaw> {
    parsed(write::lookup(&parse::expression(feel, &[])?)?)
}

/// Translates unary tests; empty text and `-` let everything pass.
///
/// # Errors
/// As for `juel`.
pub(crate) fn tests(feel: &str) -> Result<Tests, ExpressionFlaw> {
    let (negated, nodes) = unary::tests(feel)?;
    let mut alternatives = Vec::with_capacity(nodes.len());
    for node in nodes {
        alternatives.push(node.map(|operand| {
            let value = parsed(write::closed(operand)?)?;
            let denied = write::denied(operand)?.map(parsed).transpose()?;
            Ok(Operand { value, denied })
        })?);
    }
    Ok(Tests { negated, alternatives })
}

/// What our parser says of a translation concerns the FEEL as a whole.
fn parsed(inside: String) -> Result<Expression, ExpressionFlaw> {
    if inside.len() > LONGEST {
        return Err(flaw(1, "the translated expression is too long; split it up"));
    }
    Expression::parse(&format!("${{{inside}}}"))
        .map_err(|error| flaw(1, format!("the translation ${{{inside}}}: {}", error.message)))
}

fn flaw(at: u32, message: impl Into<String>) -> ExpressionFlaw {
    ExpressionFlaw { position: at as usize, message: message.into() }
}
