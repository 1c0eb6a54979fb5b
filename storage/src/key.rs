//! Composite keys whose bytes sort like the tuple of their parts.

use crate::Error;

const TEXT: u8 = 0x01;
const NUMBER: u8 = 0x02;
const END: [u8; 2] = [0x00, 0x00];
const ESCAPED_ZERO: [u8; 2] = [0x00, 0xFF];

/// The key of a row: any number of texts and numbers, in an encoding that keeps their order.
///
/// A text is its UTF-8 bytes with `00` written as `00 FF`, ended by `00 00`; a number is eight bytes, big-endian.
/// Each part starts with one byte that says which of the two it is, so that a key can be taken apart again.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Vec<u8>);

impl Key {
    /// The key of no parts; as a prefix it stands for the whole table.
    pub fn new() -> Key {
        Key::default()
    }

    /// Appends a text.
    #[must_use]
    pub fn text(mut self, part: impl AsRef<str>) -> Key {
        let part = part.as_ref().as_bytes();
        self.0.reserve(1 + part.len() + END.len());
        self.0.push(TEXT);
        if part.contains(&0) {
            for byte in part {
                match byte {
                    0 => self.0.extend(ESCAPED_ZERO),
                    byte => self.0.push(*byte),
                }
            }
        } else {
            self.0.extend_from_slice(part);
        }
        self.0.extend_from_slice(&END);
        self
    }

    /// Appends a number.
    #[must_use]
    pub fn number(mut self, part: u64) -> Key {
        self.0.push(NUMBER);
        self.0.extend(part.to_be_bytes());
        self
    }

    /// The parts as people read them, joined by `/`; for messages.
    pub fn parts(&self) -> String {
        let mut reader = self.read();
        let mut parts = Vec::new();
        while let Some(part) = reader.part() {
            parts.push(match part {
                Part::Text(text) => text,
                Part::Number(number) => number.to_string(),
            });
        }
        if !reader.rest.is_empty() {
            parts.push(format!("{:02x?}", reader.rest));
        }
        parts.join("/")
    }

    /// Takes the key apart, first part first.
    pub fn read(&self) -> KeyReader<'_> {
        KeyReader { key: self, rest: &self.0 }
    }

    /// Whether the first parts of it are this key; a key begins with itself.
    pub fn begins_with(&self, key: &Key) -> bool {
        self.0.starts_with(&key.0)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn of_bytes(bytes: impl Into<Vec<u8>>) -> Key {
        Key(bytes.into())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.parts())
    }
}

impl From<&str> for Key {
    fn from(part: &str) -> Key {
        Key::new().text(part)
    }
}

impl From<&String> for Key {
    fn from(part: &String) -> Key {
        Key::new().text(part)
    }
}

impl From<&Key> for Key {
    fn from(key: &Key) -> Key {
        key.clone()
    }
}

impl From<u64> for Key {
    fn from(part: u64) -> Key {
        Key::new().number(part)
    }
}

enum Part {
    Text(String),
    Number(u64),
}

/// Takes a [`Key`] apart.
#[derive(Debug)]
pub struct KeyReader<'a> {
    key: &'a Key,
    rest: &'a [u8],
}

impl KeyReader<'_> {
    /// The next part, a text. [`Error::UnexpectedKey`] when there is none or it is a number.
    pub fn text(&mut self) -> Result<String, Error> {
        match self.part() {
            Some(Part::Text(text)) => Ok(text),
            _ => Err(self.unexpected("a text")),
        }
    }

    /// The next part, a number. [`Error::UnexpectedKey`] when there is none or it is a text.
    pub fn number(&mut self) -> Result<u64, Error> {
        match self.part() {
            Some(Part::Number(number)) => Ok(number),
            _ => Err(self.unexpected("a number")),
        }
    }

    fn unexpected(&self, expected: &'static str) -> Error {
        Error::UnexpectedKey { key: self.key.parts(), expected }
    }

    fn part(&mut self) -> Option<Part> {
        match self.rest.split_first()? {
            (&NUMBER, rest) => {
                let (number, rest) = rest.split_first_chunk::<8>()?;
                self.rest = rest;
                Some(Part::Number(u64::from_be_bytes(*number)))
            }
            (&TEXT, mut rest) => {
                let mut text = Vec::new();
                loop {
                    match rest {
                        [0x00, 0x00, after @ ..] => {
                            self.rest = after;
                            return String::from_utf8(text).ok().map(Part::Text);
                        }
                        [0x00, 0xFF, after @ ..] => {
                            text.push(0);
                            rest = after;
                        }
                        [byte, after @ ..] if *byte != 0 => {
                            text.push(*byte);
                            rest = after;
                        }
                        _ => return None,
                    }
                }
            }
            _ => None,
        }
    }
}
