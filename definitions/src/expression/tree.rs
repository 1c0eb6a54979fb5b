//! The syntax tree of an expression.

use super::method::Method;
use serde_json::Value;

/// A node of the syntax tree; `at` is the character where it stands, counted from 1.
#[derive(Debug)]
pub(super) enum Tree {
    Literal(Value),
    Variable { name: String, at: u32 },
    Execution { question: Question, name: Box<Tree> },
    Member { base: Box<Tree>, key: Box<Tree>, at: u32 },
    Call { base: Box<Tree>, method: Method, arguments: Vec<Tree>, at: u32 },
    Not { of: Box<Tree>, at: u32 },
    Negate { of: Box<Tree>, at: u32 },
    Empty(Box<Tree>),
    All { parts: Vec<Tree>, at: u32 },
    Any { parts: Vec<Tree>, at: u32 },
    Join { parts: Vec<Tree>, at: u32 },
    List(Vec<Tree>),
    Binary { operator: Binary, left: Box<Tree>, right: Box<Tree>, at: u32 },
    Choice { condition: Box<Tree>, then: Box<Tree>, otherwise: Box<Tree>, at: u32 },
}

/// What may be asked of `execution`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    HasVariable,
    HasVariableLocal,
    GetVariable,
    GetVariableLocal,
}

impl Question {
    pub(super) fn named(name: &str) -> Option<Question> {
        Some(match name {
            "hasVariable" => Question::HasVariable,
            "hasVariableLocal" => Question::HasVariableLocal,
            "getVariable" => Question::GetVariable,
            "getVariableLocal" => Question::GetVariableLocal,
            _ => return None,
        })
    }
}

/// The operators between two values; `&&`, `||` and `+=` are nodes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}
