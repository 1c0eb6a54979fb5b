//! From words to a syntax tree, by precedence (JSR 341 §1.14).

use super::Fault;
use super::lex::{Token, Word, words};
use super::method::Method;
use super::tree::{Binary, Question, Tree};
use serde_json::Value;

/// The longest expression in bytes.
const LONGEST: usize = 8 * 1024;
/// The deepest nesting, and the greatest height of the syntax tree.
const DEEPEST: u32 = 64;

/// Parses the inside of `${…}`.
pub(super) fn parse(text: &str) -> Result<Tree, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::new(1, format!("the expression is longer than {LONGEST} bytes")));
    }
    let mut parser = Parser { words: words(text)?, next: 0, depth: 0 };
    if parser.peek() == &Token::End {
        return Err(parser.fault("the expression is empty"));
    }
    let grown = parser.choice()?;
    match parser.peek() {
        Token::End => Ok(grown.tree),
        other => Err(parser.fault(format!("{} is not expected here", name_of(other)))),
    }
}

struct Parser {
    words: Vec<Word>,
    next: usize,
    depth: u32,
}

/// A tree and its height, so that nobody who walks it needs a deep stack.
struct Grown {
    tree: Tree,
    height: u32,
}

/// The binding strength of an operator; higher binds tighter.
fn strength(sign: &str) -> Option<(u8, Option<Binary>)> {
    Some(match sign {
        "||" => (1, None),
        "&&" => (2, None),
        "==" => (3, Some(Binary::Equal)),
        "!=" => (3, Some(Binary::NotEqual)),
        "<" => (4, Some(Binary::Less)),
        "<=" => (4, Some(Binary::LessOrEqual)),
        ">" => (4, Some(Binary::Greater)),
        ">=" => (4, Some(Binary::GreaterOrEqual)),
        "+=" => (5, None),
        "+" => (6, Some(Binary::Add)),
        "-" => (6, Some(Binary::Subtract)),
        "*" => (7, Some(Binary::Multiply)),
        "/" => (7, Some(Binary::Divide)),
        "%" => (7, Some(Binary::Remainder)),
        _ => return None,
    })
}

impl Parser {
    fn choice(&mut self) -> Result<Grown, Fault> {
        self.descend()?;
        let condition = self.binary(1)?;
        let at = self.at();
        let grown = if self.takes("?") {
            let then = self.choice()?;
            self.expect(":")?;
            let otherwise = self.choice()?;
            let height = condition.height.max(then.height).max(otherwise.height);
            let tree = Tree::Choice {
                condition: Box::new(condition.tree),
                then: Box::new(then.tree),
                otherwise: Box::new(otherwise.tree),
                at,
            };
            self.grow(tree, height)?
        } else {
            condition
        };
        self.depth -= 1;
        Ok(grown)
    }

    fn binary(&mut self, least: u8) -> Result<Grown, Fault> {
        let mut left = self.unary()?;
        loop {
            let Token::Sign(sign) = *self.peek() else { return Ok(left) };
            let Some((strength, operator)) = strength(sign).filter(|(s, _)| *s >= least) else {
                return Ok(left);
            };
            let at = self.at();
            self.next += 1;
            let right = self.binary(strength + 1)?;
            left = match operator {
                Some(operator) => {
                    let height = left.height.max(right.height);
                    let (left, right) = (Box::new(left.tree), Box::new(right.tree));
                    self.grow(Tree::Binary { operator, left, right, at }, height)?
                }
                None => self.chain(sign, left, right, at)?,
            };
        }
    }

    /// A chain of one of `&&`, `||` and `+=` is one node, however long it is.
    fn chain(&self, sign: &str, left: Grown, right: Grown, at: u32) -> Result<Grown, Fault> {
        let (mut parts, at, below) = match (sign, left.tree) {
            ("&&", Tree::All { parts, at })
            | ("||", Tree::Any { parts, at })
            | ("+=", Tree::Join { parts, at }) => {
                (parts, at, left.height.max(right.height + 1) - 1)
            }
            (_, tree) => (vec![tree], at, left.height.max(right.height)),
        };
        parts.push(right.tree);
        let tree = match sign {
            "&&" => Tree::All { parts, at },
            "||" => Tree::Any { parts, at },
            _ => Tree::Join { parts, at },
        };
        self.grow(tree, below)
    }

    fn unary(&mut self) -> Result<Grown, Fault> {
        let at = self.at();
        let sign = match self.peek() {
            Token::Sign(sign @ ("!" | "-")) => *sign,
            Token::Name(name) if name == "empty" => "empty",
            _ => return self.postfix(),
        };
        self.next += 1;
        self.descend()?;
        let Grown { tree, height } = self.unary()?;
        self.depth -= 1;
        let of = Box::new(tree);
        let tree = match sign {
            "!" => Tree::Not { of, at },
            "-" => Tree::Negate { of, at },
            _ => Tree::Empty(of),
        };
        self.grow(tree, height)
    }

    fn postfix(&mut self) -> Result<Grown, Fault> {
        let mut grown = self.primary()?;
        loop {
            let at = self.at();
            if self.takes(".") {
                let at = self.at();
                let name = self.name()?;
                if self.takes("(") {
                    grown = self.call(grown, &name, at)?;
                } else {
                    let key = Box::new(Tree::Literal(Value::String(name)));
                    let base = Box::new(grown.tree);
                    grown = self.grow(Tree::Member { base, key, at }, grown.height)?;
                }
            } else if self.takes("[") {
                let key = self.choice()?;
                self.expect("]")?;
                let height = grown.height.max(key.height);
                let (base, key) = (Box::new(grown.tree), Box::new(key.tree));
                grown = self.grow(Tree::Member { base, key, at }, height)?;
            } else {
                return Ok(grown);
            }
        }
    }

    fn call(&mut self, base: Grown, name: &str, at: u32) -> Result<Grown, Fault> {
        let (arguments, height) = self.values(")")?;
        let method = Method::named(name).ok_or_else(|| {
            Fault::new(at, format!("there is no method {name}(); known are {}", Method::names()))
        })?;
        let wanted = method.argument_count();
        if arguments.len() != wanted {
            let given = arguments.len();
            let wanted = if wanted == 1 { "one argument" } else { "no arguments" };
            return Err(Fault::new(at, format!("{name}() takes {wanted}, not {given}")));
        }
        let height = height.max(base.height);
        self.grow(Tree::Call { base: Box::new(base.tree), method, arguments, at }, height)
    }

    /// The values up to a closing sign, and the height of the highest; the opening sign is taken.
    fn values(&mut self, close: &str) -> Result<(Vec<Tree>, u32), Fault> {
        let mut values = Vec::new();
        let mut height = 0;
        if self.takes(close) {
            return Ok((values, height));
        }
        loop {
            let value = self.choice()?;
            height = height.max(value.height);
            values.push(value.tree);
            if !self.takes(",") {
                self.expect(close)?;
                return Ok((values, height));
            }
        }
    }

    fn primary(&mut self) -> Result<Grown, Fault> {
        let at = self.at();
        let tree = match self.peek().clone() {
            Token::Text(text) => Tree::Literal(Value::String(text)),
            Token::Whole(number) => Tree::Literal(u64::try_from(number).unwrap_or_default().into()),
            Token::Real(number) => Tree::Literal(number.into()),
            Token::Name(name) => match name.as_str() {
                "true" => Tree::Literal(true.into()),
                "false" => Tree::Literal(false.into()),
                "null" => Tree::Literal(Value::Null),
                "instanceof" => return Err(self.fault("instanceof is not supported")),
                "execution" => return self.execution(),
                _ => Tree::Variable { name, at },
            },
            Token::Sign("(") => {
                self.next += 1;
                let inner = self.choice()?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Sign("[") => {
                self.next += 1;
                let (items, height) = self.values("]")?;
                return self.grow(Tree::List(items), height);
            }
            other => {
                let found = name_of(&other);
                return Err(self.fault(format!("a value is expected here, not {found}")));
            }
        };
        self.next += 1;
        Ok(Grown { tree, height: 1 })
    }

    fn execution(&mut self) -> Result<Grown, Fault> {
        const KNOWN: &str = "execution knows hasVariable(name), hasVariableLocal(name), \
                             getVariable(name) and getVariableLocal(name)";
        self.next += 1;
        let at = self.at();
        if !self.takes(".") {
            return Err(Fault::new(at, KNOWN));
        }
        let at = self.at();
        let question = Question::named(&self.name()?).ok_or_else(|| Fault::new(at, KNOWN))?;
        self.expect("(")?;
        let (mut arguments, height) = self.values(")")?;
        match (arguments.pop(), arguments.is_empty()) {
            (Some(name), true) => {
                self.grow(Tree::Execution { question, name: Box::new(name) }, height)
            }
            _ => Err(Fault::new(at, "it takes one argument, the name of a variable")),
        }
    }

    fn name(&mut self) -> Result<String, Fault> {
        match self.peek().clone() {
            Token::Name(name) => {
                self.next += 1;
                Ok(name)
            }
            other => Err(self.fault(format!("a name is expected here, not {}", name_of(&other)))),
        }
    }

    fn peek(&self) -> &Token {
        self.words.get(self.next).map_or(&Token::End, |word| &word.token)
    }

    fn at(&self) -> u32 {
        self.words.get(self.next).map_or(1, |word| word.at)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.takes(sign) {
            return Ok(());
        }
        Err(self.fault(format!("{sign} is expected here, not {}", name_of(self.peek()))))
    }

    fn descend(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            Err(self.fault("the expression is nested too deeply"))
        } else {
            Ok(())
        }
    }

    fn grow(&self, tree: Tree, below: u32) -> Result<Grown, Fault> {
        let height = below + 1;
        if height > DEEPEST {
            return Err(self.fault("the expression has too many parts; split it up"));
        }
        Ok(Grown { tree, height })
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.at(), message)
    }
}

fn name_of(token: &Token) -> String {
    match token {
        Token::Name(name) => format!("\"{}\"", crate::excerpt(name)),
        Token::Text(_) => "a text".into(),
        Token::Whole(_) | Token::Real(_) => "a number".into(),
        Token::Sign(sign) => format!("\"{sign}\""),
        Token::End => "the end".into(),
    }
}
