//! A reader's way through the words of FEEL.

use super::flaw;
use super::lex::Token;
use super::parse::{Parsed, Parser};
use super::tree::{Node, Tree};
use crate::ExpressionFlaw;

/// The deepest nesting, and the greatest height of the syntax tree.
const DEEPEST: u32 = 48;

/// Words that end a name.
pub(super) const KEYWORDS: [&str; 17] = [
    "and",
    "or",
    "if",
    "then",
    "else",
    "between",
    "in",
    "instance",
    "for",
    "some",
    "every",
    "return",
    "satisfies",
    "function",
    "true",
    "false",
    "null",
];

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        self.words.get(self.next).map_or(&Token::End, |word| &word.token)
    }

    pub(super) fn keyword(&self) -> Option<&'static str> {
        let Token::Name(name) = self.peek() else { return None };
        KEYWORDS.into_iter().find(|word| word == name)
    }

    pub(super) fn at(&self) -> u32 {
        self.words.get(self.next).map_or(1, |word| word.at)
    }

    pub(super) fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.next += usize::from(found);
        found
    }

    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let found = self.keyword() == Some(word);
        self.next += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.takes(sign) { Ok(()) } else { Err(self.unexpected(sign)) }
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.takes_word(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    pub(super) fn end(&self) -> Parsed<()> {
        if self.peek() == &Token::End { Ok(()) } else { Err(self.unexpected("the end")) }
    }

    fn unexpected(&self, wanted: &str) -> ExpressionFlaw {
        self.flaw(format!("{wanted} is expected here, not {}", name_of(self.peek())))
    }

    pub(super) fn descend(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.flaw("the expression is nested too deeply"));
        }
        Ok(())
    }

    pub(super) fn grow(&self, tree: Tree, at: u32, below: u32) -> Parsed<Node> {
        let height = below + 1;
        if height > DEEPEST {
            return Err(self.flaw("the expression has too many parts; split it up"));
        }
        Ok(Node { tree, at, height })
    }

    pub(super) fn flaw(&self, message: impl Into<String>) -> ExpressionFlaw {
        flaw(self.at(), message)
    }
}

pub(super) fn name_of(token: &Token) -> String {
    match token {
        Token::Name(name) => format!("\"{}\"", crate::excerpt(name)),
        Token::Text(_) => "a text".into(),
        Token::Number(_) => "a number".into(),
        Token::Sign(sign) => format!("\"{sign}\""),
        Token::End => "the end".into(),
    }
}
