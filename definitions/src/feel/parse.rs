//! From the words of FEEL to a syntax tree, by precedence (DMN 1.3 §10.3.1.2).

use super::lex::{Token, Word, words};
use super::tree::{Function, Node, Order, Test, Tree};
use super::words::{KEYWORDS, name_of};
use super::{Counters, LONGEST, flaw, unary};
use crate::ExpressionFlaw;

pub(super) type Parsed<T> = Result<T, ExpressionFlaw>;

/// Parses one expression.
pub(super) fn expression(text: &str, counters: Counters) -> Parsed<Node> {
    let mut parser = Parser { counters, ..Parser::new(text)? };
    if parser.peek() == &Token::End {
        return Err(parser.flaw("the expression is empty"));
    }
    let node = parser.expression()?;
    parser.end()?;
    Ok(node)
}

/// The words, and how far they are read.
pub(super) struct Parser {
    pub(super) words: Vec<Word>,
    pub(super) next: usize,
    pub(super) depth: u32,
    /// Whether a `[` ends an interval here, and begins no position.
    pub(super) in_interval: bool,
    counters: Counters,
}

impl Parser {
    pub(super) fn new(text: &str) -> Parsed<Parser> {
        if text.len() > LONGEST {
            return Err(flaw(1, format!("the expression is longer than {LONGEST} bytes")));
        }
        Ok(Parser { words: words(text)?, next: 0, depth: 0, in_interval: false, counters: &[] })
    }

    fn expression(&mut self) -> Parsed<Node> {
        let outer = std::mem::replace(&mut self.in_interval, false);
        self.descend()?;
        let at = self.at();
        let node = match self.keyword() {
            Some("if") => {
                self.next += 1;
                let condition = self.expression()?;
                self.expect_word("then")?;
                let then = self.expression()?;
                self.expect_word("else")?;
                let parts = Box::new([condition, then, self.expression()?]);
                let height = parts.iter().map(|part| part.height).max().unwrap_or_default();
                self.grow(Tree::Choice(parts), at, height)?
            }
            Some(word @ ("for" | "some" | "every" | "function")) => {
                return Err(self.flaw(format!("{word} is not translated")));
            }
            _ => self.chain(false)?,
        };
        self.depth -= 1;
        self.in_interval = outer;
        Ok(node)
    }

    /// A chain of `or`, or of `and`, is one node, however long it is.
    fn chain(&mut self, all: bool) -> Parsed<Node> {
        let at = self.at();
        let mut parts = vec![if all { self.comparison()? } else { self.chain(true)? }];
        while self.takes_word(if all { "and" } else { "or" }) {
            parts.push(if all { self.comparison()? } else { self.chain(true)? });
        }
        if parts.len() == 1 {
            return parts.pop().ok_or_else(|| self.flaw("a value is expected here"));
        }
        let height = parts.iter().map(|part| part.height).max().unwrap_or_default();
        self.grow(if all { Tree::All(parts) } else { Tree::Any(parts) }, at, height)
    }

    fn comparison(&mut self) -> Parsed<Node> {
        let left = self.sum()?;
        let at = self.at();
        let height = left.height;
        let node = match self.peek().clone() {
            Token::Sign(sign @ ("=" | "!=")) => {
                self.next += 1;
                let right = self.sum()?;
                let height = height.max(right.height);
                self.grow(Tree::Equal(sign == "=", Box::new(left), Box::new(right)), at, height)?
            }
            Token::Sign(sign @ ("<" | "<=" | ">" | ">=")) => {
                self.next += 1;
                let order = Order::signed(sign).ok_or_else(|| self.flaw("no comparison"))?;
                let right = self.sum()?;
                let height = height.max(right.height);
                self.grow(Tree::Compare(order, Box::new(left), Box::new(right)), at, height)?
            }
            Token::Name(word) if word == "between" => {
                self.next += 1;
                let low = self.sum()?;
                self.expect_word("and")?;
                let high = self.sum()?;
                let height = height.max(low.height).max(high.height);
                let test = Test::Between((Order::GreaterOrEqual, low), (Order::LessOrEqual, high));
                self.grow(Tree::In(Box::new(left), vec![test]), at, height)?
            }
            Token::Name(word) if word == "in" => {
                self.next += 1;
                let tests = self.tests_after_in()?;
                let height = tests.iter().map(unary::height).max().unwrap_or_default().max(height);
                self.grow(Tree::In(Box::new(left), tests), at, height)?
            }
            Token::Name(word) if word == "instance" => {
                return Err(self.flaw("instance of is not translated"));
            }
            _ => return Ok(left),
        };
        let again = matches!(self.peek(), Token::Sign("=" | "!=" | "<" | "<=" | ">" | ">="))
            || matches!(self.keyword(), Some("between" | "in"));
        if again {
            return Err(self.flaw("comparisons are not chained; join them with and"));
        }
        Ok(node)
    }

    pub(super) fn sum(&mut self) -> Parsed<Node> {
        let mut left = self.product()?;
        while let Token::Sign(sign @ ("+" | "-")) = *self.peek() {
            let at = self.at();
            self.next += 1;
            let right = self.product()?;
            let height = left.height.max(right.height);
            left = self.grow(Tree::Calculate(sign, Box::new(left), Box::new(right)), at, height)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Parsed<Node> {
        let mut left = self.factor()?;
        while let Token::Sign(sign @ ("*" | "/")) = *self.peek() {
            let at = self.at();
            self.next += 1;
            let right = self.factor()?;
            let height = left.height.max(right.height);
            left = self.grow(Tree::Calculate(sign, Box::new(left), Box::new(right)), at, height)?;
        }
        Ok(left)
    }

    fn factor(&mut self) -> Parsed<Node> {
        let at = self.at();
        if !self.takes("-") {
            return self.postfix();
        }
        self.descend()?;
        let of = self.factor()?;
        self.depth -= 1;
        let height = of.height;
        self.grow(Tree::Negate(Box::new(of)), at, height)
    }

    fn postfix(&mut self) -> Parsed<Node> {
        let mut node = self.primary()?;
        loop {
            let at = self.at();
            let path = matches!(node.tree, Tree::Name(_) | Tree::Member(..) | Tree::Item(..));
            let height = node.height;
            match *self.peek() {
                Token::Sign("." | "[") if !path && !self.in_interval => {
                    return Err(self.flaw("a path begins with a name; any other is not translated"));
                }
                Token::Sign(".") => {
                    self.next += 1;
                    let name = self.name()?;
                    node = self.grow(Tree::Member(Box::new(node), name), at, height)?;
                }
                Token::Sign("[") if !self.in_interval => {
                    self.next += 1;
                    let position = self.position()?;
                    node = self.grow(Tree::Item(Box::new(node), position), at, height)?;
                }
                Token::Sign("(") if path => return Err(self.flaw("a method is not translated")),
                _ => return Ok(node),
            }
        }
    }

    /// The position in `list[1]`; all else between brackets is a filter.
    fn position(&mut self) -> Parsed<u64> {
        let Token::Number(number) = self.peek() else {
            return Err(self.flaw("a filter is not translated, only a position such as [1]"));
        };
        let position: u64 = number.parse().unwrap_or_default();
        if position == 0 || u32::try_from(position).is_err() {
            return Err(self.flaw("a position is a whole number; the first is [1]"));
        }
        self.next += 1;
        if !self.takes("]") {
            return Err(self.flaw("a filter is not translated, only a position such as [1]"));
        }
        Ok(position)
    }

    fn primary(&mut self) -> Parsed<Node> {
        let at = self.at();
        let tree = match self.peek().clone() {
            Token::Text(text) => Tree::Text(text),
            Token::Number(number) => Tree::Number(number),
            Token::Name(name) => match name.as_str() {
                "true" | "false" => Tree::Truth(name == "true"),
                "null" => Tree::Null,
                "if" => return Err(self.flaw("put the if between parentheses")),
                word if KEYWORDS.contains(&word) => {
                    return Err(self.flaw(format!("a value is expected here, not {word}")));
                }
                _ => return self.named(),
            },
            Token::Sign("(") => {
                self.next += 1;
                let inner = self.expression()?;
                match self.peek() {
                    Token::Sign("..") => return Err(self.flaw("an interval stands after in")),
                    _ => self.expect(")")?,
                }
                return Ok(inner);
            }
            Token::Sign("[") if !self.is_interval() => {
                self.next += 1;
                let (items, height) = self.values("]")?;
                return self.grow(Tree::List(items), at, height);
            }
            Token::Sign("[" | "]") => return Err(self.flaw("an interval stands after in")),
            Token::Sign("{") => return Err(self.flaw("a context literal is not translated")),
            other => {
                let found = name_of(&other);
                return Err(self.flaw(format!("a value is expected here, not {found}")));
            }
        };
        self.next += 1;
        Ok(Node { tree, at, height: 1 })
    }

    /// A variable, or a function, whose name may have blanks.
    fn named(&mut self) -> Parsed<Node> {
        let at = self.at();
        let mut name = self.name()?;
        let mut parts = 1;
        while matches!(self.peek(), Token::Name(_)) && self.keyword().is_none() {
            name = format!("{name} {}", self.name()?);
            parts += 1;
        }
        let shown = crate::excerpt(&name);
        if !self.takes("(") {
            let counter = self.counters.iter().find(|(counter, _)| *counter == name);
            return match (parts, counter) {
                (_, Some((_, Ok(number)))) => {
                    Ok(Node { tree: Tree::Number((*number).to_owned()), at, height: 1 })
                }
                (_, Some((_, Err(why)))) => Err(flaw(at, *why)),
                (1, None) => Ok(Node { tree: Tree::Name(name), at, height: 1 }),
                _ => Err(flaw(at, format!("the name {shown} has a blank in it; rename it"))),
            };
        }
        let Some(function) = Function::named(&name) else {
            let known = Function::names();
            let message = format!("the function {shown} is not translated; known are {known}");
            return Err(flaw(at, message));
        };
        let (mut arguments, height) = self.values(")")?;
        let given = arguments.len();
        if !function.argument_counts().contains(&given) {
            let wanted = function.wanted();
            return Err(flaw(at, format!("{shown} takes {wanted}, not {given}")));
        }
        match (function, arguments.pop()) {
            (Function::Not, Some(of)) => self.grow(Tree::Not(Box::new(of)), at, height),
            (_, last) => {
                arguments.extend(last);
                self.grow(Tree::Call(function, arguments), at, height)
            }
        }
    }

    /// The values up to a closing sign, and the height of the highest; the opening sign is taken.
    fn values(&mut self, close: &str) -> Parsed<(Vec<Node>, u32)> {
        let mut values = Vec::new();
        if self.takes(close) {
            return Ok((values, 0));
        }
        let mut height = 0;
        loop {
            let value = self.expression()?;
            height = height.max(value.height);
            values.push(value);
            if self.peek() == &Token::Sign(":") {
                return Err(self.flaw("named arguments are not translated"));
            }
            if !self.takes(",") {
                self.expect(close)?;
                return Ok((values, height));
            }
        }
    }

    fn name(&mut self) -> Parsed<String> {
        let Token::Name(name) = self.peek().clone() else {
            let found = name_of(self.peek());
            return Err(self.flaw(format!("a name is expected here, not {found}")));
        };
        self.next += 1;
        Ok(name)
    }
}
