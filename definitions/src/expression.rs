//! Expressions `${…}`: a pure and total evaluator for the part of JUEL that definitions use.

mod coerce;
mod evaluate;
mod exhaustive;
mod lex;
mod method;
mod parse;
mod size;
mod tree;

pub(crate) use coerce::{Numeric, kind_of, numeric, text_of};
pub(crate) use evaluate::compare;
pub(crate) use exhaustive::{Holds, Known};
pub(crate) use lex::{end_of, unended};
pub use size::bytes;
pub(crate) use size::size;

use serde_json::Value;
use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use tree::Tree;

/// The most bytes that an evaluated value may take.
pub(crate) const LARGEST_VALUE: usize = 1 << 20;

/// The most lists and maps that may stand in each other in an evaluated value; what is stored must
/// be readable again.
pub(crate) const DEEPEST_VALUE: usize = 64;

/// A text as a literal of the language.
pub(crate) fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether one of some conditions holds whatever the variables are; or, unless `holds`, none does.
pub(crate) fn sure<'e>(
    holds: bool,
    conditions: impl Iterator<Item = &'e Expression>,
    known: &dyn Fn(&str) -> Option<Known>,
) -> Holds {
    exhaustive::sure(holds, conditions.map(|condition| &condition.0.tree), known)
}

/// Where an expression finds its variables.
pub trait Scope {
    /// A variable by name: a local one if there is one, else that of the process.
    fn variable(&self, name: &str) -> Option<&Value>;
    /// A local variable by name.
    fn local(&self, name: &str) -> Option<&Value>;
    /// Told of the work that an evaluation was: one for each step of it, and one for each 64 bytes
    /// that it looked at or gave.
    fn spent(&self, _work: usize) {}
}

/// An expression that was parsed once and is evaluated often.
#[derive(Clone, Debug)]
pub struct Expression(Arc<Parsed>);

#[derive(Debug)]
struct Parsed {
    source: Box<str>,
    /// Characters of the surrounding text before the expression.
    offset: usize,
    tree: Tree,
}

/// Why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {position})")]
pub struct ExpressionFlaw {
    /// The character of the text where it shows, counted from 1.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

/// Why an expression has no value in a scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({}{expression})", place(*position))]
pub struct EvaluationError {
    /// The expression or the decision that was evaluated.
    pub expression: String,
    /// The character of the surrounding text where it shows, counted from 1; 0 for a decision.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

fn place(position: usize) -> String {
    if position == 0 { "in ".into() } else { format!("at character {position} of ") }
}

impl EvaluationError {
    pub(crate) fn new(expression: &str, position: usize, message: String) -> EvaluationError {
        EvaluationError { expression: crate::excerpt(expression), position, message }
    }
}

/// A reason at a place of the expression, before either error is made of it.
#[derive(Debug)]
struct Fault {
    at: u32,
    message: String,
}

impl Fault {
    fn new(at: u32, message: impl Into<String>) -> Fault {
        Fault { at, message: message.into() }
    }
}

impl Expression {
    /// Parses one expression with its braces, `${…}`; blanks around it are allowed.
    ///
    /// # Errors
    /// Where and why the text is not an expression.
    pub fn parse(text: &str) -> Result<Expression, ExpressionFlaw> {
        let flaw = |position: usize, message: &str| {
            Err(ExpressionFlaw { position, message: message.into() })
        };
        let leading = text.len() - text.trim_start().len();
        let offset = text[..leading].chars().count();
        let Some(inside) = text.trim().strip_prefix("${") else {
            return flaw(offset + 1, "an expression is written between ${ and }");
        };
        let Some(length) = end_of(inside) else {
            return flaw(offset + 1, lex::unended(inside));
        };
        if length + 1 != inside.len() {
            let position = offset + inside[..length].chars().count() + 4;
            return flaw(position, "nothing may follow the closing }");
        }
        Expression::between_braces(&inside[..length], offset)
    }

    /// Parses what stands between the braces, which begin `offset` characters into a text.
    pub(crate) fn between_braces(
        inside: &str,
        offset: usize,
    ) -> Result<Expression, ExpressionFlaw> {
        let flaw = |fault: Fault| ExpressionFlaw {
            position: offset + 2 + fault.at as usize,
            message: fault.message,
        };
        let tree = parse::parse(inside).map_err(flaw)?;
        let tree = evaluate::fold(tree).map_err(flaw)?;
        let source = format!("${{{}}}", inside.trim()).into();
        Ok(Expression(Arc::new(Parsed { source, offset, tree })))
    }

    /// The expression that always gives null.
    pub(crate) fn of_null() -> Expression {
        let tree = Tree::Literal(Value::Null);
        Expression(Arc::new(Parsed { source: "${null}".into(), offset: 0, tree }))
    }

    /// The expression with its braces, without blanks around it.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Whether the expression asks for the variable of a name, spelt out.
    pub fn asks(&self, variable: &str) -> bool {
        evaluate::asks(&self.0.tree, variable)
    }

    /// The value, when it is the same whatever the variables are.
    pub(crate) fn constant(&self) -> Option<&Value> {
        match &self.0.tree {
            Tree::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the value is not null whatever the variables are.
    pub(crate) fn has_value(&self) -> bool {
        self.0.tree.has_value()
    }

    /// Evaluates the expression. It never panics and never runs for long.
    ///
    /// # Errors
    /// A variable that does not exist, values that the operators cannot take, or a limit reached.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Value, EvaluationError> {
        let parsed = &self.0;
        evaluate::value(&parsed.tree, scope).map_err(|fault| self.fault(fault))
    }

    /// Evaluates the expression, at the cost of steps that it shares with others.
    pub(crate) fn evaluate_within(
        &self,
        scope: &dyn Scope,
        steps: &Cell<usize>,
    ) -> Result<Value, EvaluationError> {
        evaluate::value_within(&self.0.tree, scope, steps).map_err(|fault| self.fault(fault))
    }

    /// Evaluates the expression as a condition.
    ///
    /// # Errors
    /// As for `evaluate`, and a value that is neither true nor false.
    pub fn evaluate_condition(&self, scope: &dyn Scope) -> Result<bool, EvaluationError> {
        let parsed = &self.0;
        evaluate::condition(&parsed.tree, scope).map_err(|fault| self.fault(fault))
    }

    fn fault(&self, fault: Fault) -> EvaluationError {
        let position = self.0.offset + 2 + fault.at as usize;
        EvaluationError::new(self.source(), position, fault.message)
    }

    /// An evaluation error that concerns the expression as a whole.
    pub(crate) fn fails(&self, message: String) -> EvaluationError {
        EvaluationError::new(self.source(), self.0.offset + 1, message)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.source() == other.source()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.source())
    }
}
