//! Unary tests: what a cell of a decision table, or `in`, asks of a value (DMN 1.3 §10.3.1.2).

use super::lex::Token;
use super::parse::{Parsed, Parser};
use super::tree::{Node, Order, Test};
use super::words::name_of;

/// Parses unary tests: whether they are negated, and the alternatives.
pub(super) fn tests(text: &str) -> Parsed<(bool, Vec<Test<Node>>)> {
    let mut parser = Parser::new(text)?;
    let second = parser.words.get(1).map_or(&Token::End, |word| &word.token);
    match (parser.peek(), second) {
        (Token::End, _) | (Token::Sign("-"), Token::End) => return Ok((false, Vec::new())),
        (Token::Name(name), Token::Sign("(")) if name == "not" => {
            parser.next = 2;
            let tests = parser.tests()?;
            parser.expect(")")?;
            parser.end()?;
            return Ok((true, tests));
        }
        _ => {}
    }
    let tests = parser.tests()?;
    if matches!(parser.peek(), Token::Sign("<" | "<=" | ">" | ">=" | "=" | "!=")) {
        return Err(parser.flaw("a test compares the input itself; begin it with the comparison"));
    }
    parser.end()?;
    Ok((false, tests))
}

impl Parser {
    /// What follows `in`: an interval, one test, or several between parentheses or brackets.
    pub(super) fn tests_after_in(&mut self) -> Parsed<Vec<Test<Node>>> {
        if self.is_interval() {
            return Ok(vec![self.interval()?]);
        }
        for (open, close) in [("(", ")"), ("[", "]")] {
            if self.takes(open) {
                let tests = self.tests()?;
                self.expect(close)?;
                return Ok(tests);
            }
        }
        Ok(vec![self.test()?])
    }

    fn tests(&mut self) -> Parsed<Vec<Test<Node>>> {
        self.descend()?;
        let mut tests = vec![self.test()?];
        while self.takes(",") {
            tests.push(self.test()?);
        }
        self.depth -= 1;
        Ok(tests)
    }

    fn test(&mut self) -> Parsed<Test<Node>> {
        match *self.peek() {
            Token::Sign(sign @ ("<" | "<=" | ">" | ">=")) => {
                self.next += 1;
                let order = Order::signed(sign).ok_or_else(|| self.flaw("no comparison"))?;
                Ok(Test::Compare(order, self.sum()?))
            }
            Token::Sign("[" | "]") => self.interval(),
            Token::Sign("(") if self.is_interval() => self.interval(),
            _ => Ok(Test::Is(self.sum()?)),
        }
    }

    /// Whether two dots come before the bracket that opens here is closed.
    pub(super) fn is_interval(&self) -> bool {
        if !matches!(self.peek(), Token::Sign("(" | "[" | "]")) {
            return false;
        }
        let mut open = 0;
        for word in self.words.iter().skip(self.next + 1) {
            match word.token {
                Token::Sign("..") if open == 0 => return true,
                Token::Sign("," | "[" | "]" | ")") if open == 0 => return false,
                Token::Sign("(") => open += 1,
                Token::Sign(")") => open -= 1,
                _ => {}
            }
        }
        false
    }

    /// An interval: `[` and `]` take their ends in, `(`, `)` and the turned brackets do not.
    fn interval(&mut self) -> Parsed<Test<Node>> {
        let from = if self.takes("[") { Order::GreaterOrEqual } else { Order::Greater };
        self.next += usize::from(from == Order::Greater);
        let outer = std::mem::replace(&mut self.in_interval, true);
        let ends = self.ends();
        self.in_interval = outer;
        let (low, high) = ends?;
        let to = match self.peek() {
            Token::Sign("]") => Order::LessOrEqual,
            Token::Sign(")" | "[") => Order::Less,
            other => {
                let found = name_of(other);
                return Err(self.flaw(format!("an interval ends with ] ) or [, not with {found}")));
            }
        };
        self.next += 1;
        Ok(Test::Between((from, low), (to, high)))
    }

    fn ends(&mut self) -> Parsed<(Node, Node)> {
        let low = self.sum()?;
        if !self.takes("..") {
            return Err(self.flaw("an interval is written [1..5]"));
        }
        Ok((low, self.sum()?))
    }
}

/// The height of the highest operand of a test.
pub(super) fn height(test: &Test<Node>) -> u32 {
    match test {
        Test::Is(operand) | Test::Compare(_, operand) => operand.height,
        Test::Between((_, low), (_, high)) => low.height.max(high.height),
    }
}
