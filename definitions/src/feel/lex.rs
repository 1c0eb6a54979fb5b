//! The words of FEEL (DMN 1.3 §10.3.1.2).

use super::flaw;
use crate::ExpressionFlaw;

/// A word and the character where it begins, counted from 1.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) token: Token,
    pub(super) at: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// A number as it is written.
    Number(String),
    Text(String),
    Sign(&'static str),
    End,
}

/// Longer signs stand before their beginnings.
const SIGNS: [&str; 26] = [
    "..", "**", "//", "/*", "!=", "<=", ">=", "==", "<", ">", "=", "+", "-", "*", "/", "(", ")",
    "[", "]", "{", "}", ",", ".", ":", "?", "@",
];

/// Takes FEEL apart; the last word is always `Token::End`.
pub(super) fn words(text: &str) -> Result<Vec<Word>, ExpressionFlaw> {
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
    fn token(&mut self) -> Result<Token, ExpressionFlaw> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token::End);
        };
        let digit_follows = || self.rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if first.is_ascii_digit() || first == '.' && digit_follows() {
            return self.number();
        }
        if first == '"' {
            return self.text();
        }
        if first.is_alphabetic() || first == '_' {
            let name = self.take_while(|c| c.is_alphanumeric() || c == '_');
            return Ok(Token::Name(name.into()));
        }
        let at = self.at;
        match SIGNS.iter().find(|sign| self.rest.starts_with(**sign)) {
            Some(&"**") => Err(flaw(at, "exponentiation with ** is not translated")),
            Some(&("//" | "/*")) => Err(flaw(at, "a comment is not translated; take it away")),
            Some(&"==") => Err(flaw(at, "FEEL compares with a single =, not with ==")),
            Some(&"@") => Err(flaw(at, "a date, time or duration with @ is not translated")),
            Some(&"?") => Err(flaw(at, "a test with ? is not translated")),
            Some(sign) => {
                self.skip(sign.len());
                Ok(Token::Sign(sign))
            }
            None if first == '\'' => {
                Err(flaw(at, "a text stands between \" and \", not between '"))
            }
            None => Err(flaw(at, format!("the character {first:?} means nothing here"))),
        }
    }

    fn number(&mut self) -> Result<Token, ExpressionFlaw> {
        let begin = self.at;
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut length = digits(0);
        let whole = bytes.get(length) != Some(&b'.')
            || !bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
        if !whole {
            length += 1 + digits(length + 1);
        }
        let text = &self.rest[..length];
        self.skip(length);
        if self.rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return Err(flaw(begin, "a name cannot begin with a digit"));
        }
        let fits = if whole {
            text.parse::<u64>().is_ok()
        } else {
            text.parse::<f64>().is_ok_and(f64::is_finite)
        };
        if fits {
            Ok(Token::Number(text.into()))
        } else {
            Err(flaw(begin, "the number is too large"))
        }
    }

    fn text(&mut self) -> Result<Token, ExpressionFlaw> {
        let begin = self.at;
        let mut units = Vec::new();
        let mut buffer = [0; 2];
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((index, character)) = characters.next() {
            let character = match character {
                '"' => {
                    let place = begin + self.rest[..index].chars().count() as u32;
                    self.skip(index + 1);
                    let text = String::from_utf16(&units);
                    return text.map(Token::Text).map_err(|_| {
                        flaw(place, "the text has half a character, \\uD800 to \\uDFFF")
                    });
                }
                '\\' => {
                    let escape = characters.next().map(|(_, escape)| escape);
                    let code = |length: usize| {
                        let digits = self.rest.get(index + 2..index + 2 + length)?;
                        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
                        u32::from_str_radix(digits, 16).ok().filter(|_| hex)
                    };
                    match (escape, code(4), code(6)) {
                        (Some(sign @ ('"' | '\'' | '\\')), ..) => sign,
                        (Some('n'), ..) => '\n',
                        (Some('r'), ..) => '\r',
                        (Some('t'), ..) => '\t',
                        (Some('u'), Some(code), _) => {
                            units.push(code as u16);
                            characters.nth(3);
                            continue;
                        }
                        (Some('U'), _, Some(code)) if char::from_u32(code).is_some() => {
                            characters.nth(5);
                            char::from_u32(code).unwrap_or_default()
                        }
                        (None, ..) => break,
                        _ => {
                            let place = begin + self.rest[..index].chars().count() as u32;
                            let known = "\\\" \\' \\\\ \\n \\r \\t \\u0000 and \\U000000";
                            return Err(flaw(place, format!("after a \\ FEEL knows only {known}")));
                        }
                    }
                }
                other => other,
            };
            units.extend_from_slice(character.encode_utf16(&mut buffer));
        }
        Err(flaw(begin, "the text that begins here has no closing quote"))
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
}
