//! The words of an expression.

use super::Fault;

/// A word of an expression and the character where it begins, counted from 1.
#[derive(Debug, PartialEq)]
pub(super) struct Word {
    pub(super) token: Token,
    pub(super) at: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Whole(i128),
    Real(f64),
    Sign(&'static str),
    End,
}

/// Two-character signs stand before their one-character beginnings.
const SIGNS: [&str; 23] = [
    "==", "!=", "<=", ">=", "&&", "||", "+=", "<", ">", "!", "?", ":", "+", "-", "*", "/", "%",
    "(", ")", "[", "]", ".", ",",
];

/// Word forms of signs (JSR 245 §1.14).
const WORD_FORMS: [(&str, &str); 11] = [
    ("and", "&&"),
    ("or", "||"),
    ("not", "!"),
    ("eq", "=="),
    ("ne", "!="),
    ("lt", "<"),
    ("le", "<="),
    ("gt", ">"),
    ("ge", ">="),
    ("div", "/"),
    ("mod", "%"),
];

/// The length in bytes of the expression at the beginning of a text, up to its closing brace.
pub(crate) fn end_of(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match (quote, character) {
            (None, '}') => return Some(index),
            (None, '"' | '\'') => quote = Some(character),
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

/// What is wrong with an expression at the beginning of a text that has no end.
pub(crate) fn unended(text: &str) -> &'static str {
    let closed = |quote| end_of(&format!("{text}{quote}}}")).is_some();
    match closed('"') || closed('\'') {
        true => "a text in the expression that begins here has no closing quote",
        false => "the expression that begins here has no closing }",
    }
}

/// Takes an expression apart; the last word is always `Token::End`.
pub(super) fn words(text: &str) -> Result<Vec<Word>, Fault> {
    let mut lexer = Lexer { rest: text, at: 1 };
    let mut words = Vec::new();
    loop {
        lexer.take_while(char::is_whitespace);
        let at = lexer.at;
        let token = lexer.token()?;
        let ended = token == Token::End;
        words.push(Word { token, at });
        if ended {
            return Ok(words);
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
    at: u32,
}

impl<'a> Lexer<'a> {
    fn token(&mut self) -> Result<Token, Fault> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token::End);
        };
        if first.is_ascii_digit() || first == '.' && self.digit_follows() {
            return self.number();
        }
        if first == '"' || first == '\'' {
            return self.text(first);
        }
        if first.is_alphabetic() || first == '_' || first == '$' {
            let name = self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '$');
            let sign = WORD_FORMS.iter().find(|(word, _)| *word == name);
            return Ok(sign.map_or_else(|| Token::Name(name.into()), |(_, sign)| Token::Sign(sign)));
        }
        match SIGNS.iter().find(|sign| self.rest.starts_with(**sign)) {
            Some(sign) => {
                self.skip(sign.len());
                Ok(Token::Sign(sign))
            }
            None if first == '=' => Err(self.fault("a single = compares nothing; write ==")),
            None if first == '&' => Err(self.fault("a single & means nothing; write &&")),
            None if first == '|' => Err(self.fault("a single | means nothing; write ||")),
            None => Err(self.fault(format!("the character {first:?} means nothing here"))),
        }
    }

    fn digit_follows(&self) -> bool {
        self.rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let begin = self.at;
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut length = digits(0);
        let mut whole = true;
        if bytes.get(length) == Some(&b'.') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit)
        {
            whole = false;
            length += 1 + digits(length + 1);
        }
        if matches!(bytes.get(length), Some(b'e' | b'E')) {
            let signed = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
            let exponent = digits((length + 1 + signed).min(bytes.len()));
            if exponent > 0 {
                whole = false;
                length += 1 + signed + exponent;
            }
        }
        let text = &self.rest[..length];
        self.skip(length);
        if self.rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return Err(Fault::new(begin, "a name cannot begin with a digit"));
        }
        let token = if whole {
            text.parse().ok().filter(|n| *n <= i128::from(u64::MAX)).map(Token::Whole)
        } else {
            text.parse().ok().filter(|n: &f64| n.is_finite()).map(Token::Real)
        };
        token.ok_or_else(|| Fault::new(begin, "the number is too large"))
    }

    fn text(&mut self, quote: char) -> Result<Token, Fault> {
        let begin = self.at;
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((index, character)) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some((_, escaped @ ('\\' | '"' | '\''))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                _ if character == quote => {
                    self.skip(index + 1);
                    return Ok(Token::Text(text));
                }
                _ => text.push(character),
            }
        }
        Err(Fault::new(begin, "the text that begins here has no closing quote"))
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let length = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let taken = &self.rest[..length];
        self.skip(length);
        taken
    }

    fn skip(&mut self, bytes: usize) {
        self.at += self.rest[..bytes].chars().count() as u32;
        self.rest = &self.rest[bytes..];
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.at, message)
    }
}
