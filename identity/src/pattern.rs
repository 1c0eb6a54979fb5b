//! Regular expressions of policies, in the syntax that the page's browser and the server read alike.

use std::iter::Peekable;
use std::str::Chars;

use regex::Regex;

/// The longest pattern, in bytes.
const LONGEST: usize = 500;

/// Reads a pattern as a browser reads it with the flag `u`, or says what in it would mean something else there.
///
/// `\d`, `\w`, `\b` are those of ASCII and `.` stops at every line terminator, as in ECMAScript.
pub(crate) fn read_pattern(pattern: &str) -> Result<Regex, String> {
    if pattern.len() > LONGEST {
        return Err("the pattern is longer than 500 bytes".to_owned());
    }
    let mut reader = Reader { rest: pattern.chars().peekable(), out: String::new() };
    reader.pattern()?;
    Regex::new(&reader.out).map_err(|_| "the pattern is not a regular expression".to_owned())
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
}

/// What stands before a quantifier.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    Atom,
}

impl Reader<'_> {
    fn pattern(&mut self) -> Result<(), String> {
        let mut before = Before::Nothing;
        while let Some(c) = self.rest.next() {
            before = match c {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                '*' | '+' | '?' | '{' => self.quantifier(c, before)?,
                '.' => self.write(r"[^\n\r\x{2028}\x{2029}]", Before::Atom),
                '^' | '$' | '|' => self.write(&c.to_string(), Before::Nothing),
                '}' | ']' => return Err(format!("a `{c}` that closes nothing is written `\\{c}`")),
                c => self.write(&c.to_string(), Before::Atom),
            };
        }
        Ok(())
    }

    fn write(&mut self, text: &str, before: Before) -> Before {
        self.out.push_str(text);
        before
    }

    fn group(&mut self) -> Result<Before, String> {
        if self.rest.next_if_eq(&'?').is_none() {
            return Ok(self.write("(", Before::Nothing));
        }
        match self.rest.next() {
            Some(':') => Ok(self.write("(?:", Before::Nothing)),
            _ => Err("of the groups that begin with `(?` only `(?:` is understood".to_owned()),
        }
    }

    fn quantifier(&mut self, first: char, before: Before) -> Result<Before, String> {
        if before == Before::Nothing {
            return Err(format!("there is nothing before `{first}` to repeat"));
        }
        self.out.push(first);
        if first == '{' {
            let inside: String = std::iter::from_fn(|| self.rest.next_if(|c| *c != '}')).collect();
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let good = match inside.split_once(',') {
                Some((least, most)) => digits(least) && (most.is_empty() || digits(most)),
                None => digits(&inside),
            };
            if !good || self.rest.next().is_none() {
                return Err("a `{` that begins no `{n}`, `{n,}` or `{n,m}` is written `\\{`".into());
            }
            self.out.push_str(&inside);
            self.out.push('}');
        }
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
        Ok(Before::Nothing)
    }

    fn escape(&mut self) -> Result<Before, String> {
        match self.rest.next() {
            Some('d') => Ok(self.write("[0-9]", Before::Atom)),
            Some('D') => Ok(self.write("[^0-9]", Before::Atom)),
            Some('w') => Ok(self.write("[0-9A-Za-z_]", Before::Atom)),
            Some('W') => Ok(self.write("[^0-9A-Za-z_]", Before::Atom)),
            Some('b') => Ok(self.write(r"(?-u:\b)", Before::Nothing)),
            Some(c) => {
                let escaped = self.character(c)?;
                Ok(self.write(&escaped, Before::Atom))
            }
            None => Err("the pattern ends within an escape".to_owned()),
        }
    }

    /// What may follow a backslash in and out of a class.
    fn character(&mut self, c: char) -> Result<String, String> {
        match c {
            's' | 'S' | 'n' | 'r' | 't' | 'f' | 'v' => Ok(format!("\\{c}")),
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' => {
                Ok(format!("\\{c}"))
            }
            '/' => Ok("/".to_owned()),
            'p' | 'P' => {
                let name: String =
                    std::iter::from_fn(|| self.rest.next_if(|c| *c != '}')).collect();
                let category = name.strip_prefix('{').unwrap_or_default();
                if !CATEGORIES.contains(&category) || self.rest.next().is_none() {
                    return Err(format!("`\\{c}{{…}}` takes a general category such as `Lu`"));
                }
                Ok(format!("\\{c}{{{category}}}"))
            }
            c => Err(format!("the escape `\\{c}` is not understood")),
        }
    }

    fn class(&mut self) -> Result<Before, String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        if self.rest.peek() == Some(&']') {
            return Err("a class of no characters is not understood".to_owned());
        }
        loop {
            let set = self.member()?;
            match self.rest.next_if_eq(&'-') {
                Some(_) if self.rest.peek() == Some(&']') => self.out.push_str(r"\-"),
                Some(_) if set => return Err("a range begins with a set of characters".to_owned()),
                Some(_) => {
                    self.out.push('-');
                    if self.member()? {
                        return Err("a range ends with a set of characters".to_owned());
                    }
                }
                None => {}
            }
            if self.rest.next_if_eq(&']').is_some() {
                self.out.push(']');
                return Ok(Before::Atom);
            }
        }
    }

    /// One member of a class; whether it stands for a set of characters.
    fn member(&mut self) -> Result<bool, String> {
        match self.rest.next() {
            None => Err("a class is not closed".to_owned()),
            Some('\\') => match self.rest.next() {
                Some('d') => Ok(self.write("0-9", Before::Atom) == Before::Atom),
                Some('w') => Ok(self.write("0-9A-Za-z_", Before::Atom) == Before::Atom),
                Some('-') => Ok(self.write(r"\-", Before::Atom) != Before::Atom),
                Some(c) => {
                    let escaped = self.character(c)?;
                    self.out.push_str(&escaped);
                    Ok(matches!(c, 's' | 'S' | 'p' | 'P'))
                }
                None => Err("the pattern ends within an escape".to_owned()),
            },
            Some('[') => Err("a `[` in a class is written `\\[`".to_owned()),
            Some(c @ ('&' | '~' | '-' | '^')) => {
                self.out.push('\\');
                self.out.push(c);
                Ok(false)
            }
            Some(c) => {
                self.out.push(c);
                Ok(false)
            }
        }
    }
}

/// The general categories of Unicode, by their short names.
const CATEGORIES: &[&str] = &[
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
    "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp",
];

#[cfg(test)]
mod tests {
    use super::read_pattern;

    #[test]
    fn a_pattern_means_what_it_means_in_a_browser() {
        let cases = [
            // pattern, text, found
            ("abc", "xabcx", true),
            ("^abc$", "xabc", false),
            (r"\d", "٣", false),
            (r"[\d]", "٣", false),
            (r"\d{2,}", "a12", true),
            (r"\w", "ä", false),
            (r"\W", "ä", true),
            (r"\bb", "äb", true),
            (r"\p{Lu}", "Ä", true),
            (r"[^\p{L}]", "ä", false),
            (".", "\u{2028}", false),
            (".", "😀", true),
            ("(a|b)+?c", "abac", true),
            ("(?:ab){2}", "abab", true),
            ("[a-c-]", "-", true),
            (r"[\-x]", "-", true),
            ("[-x]", "-", true),
            ("[a&&b]", "&", true),
            ("[a^]", "^", true),
            (r"[\]\[]", "]", true),
            (r"\/\.\*", "/.*", true),
            (r"\s", "\u{a0}", true),
            ("", "anything", true),
        ];
        for (pattern, text, found) in cases {
            assert_eq!(read_pattern(pattern).map(|r| r.is_match(text)), Ok(found), "{pattern}");
        }
    }

    #[test]
    fn what_a_browser_reads_otherwise_is_refused() {
        let long = "a".repeat(501);
        let refused = [
            "(",
            ")",
            "[",
            "]",
            "[]",
            "[^]",
            "[[:alpha:]]",
            "[b-a]",
            r"[\d-x]",
            r"[a-\w]",
            "}",
            "{",
            "a{",
            "a{,2}",
            "a{1,2,3}",
            "a{2,1}",
            "*",
            "a**",
            "a*+",
            "^*",
            r"\b+",
            "(?=a)",
            "(?i)a",
            "(?<n>a)",
            "(?P<n>a)",
            r"\1",
            r"\A",
            r"\z",
            r"\B",
            r"\x41",
            r"\u0041",
            r"\p{Greek}",
            r"\pL",
            r"\",
            r"[\",
            r"\-",
            r"\_",
            "a|*",
            &long,
        ];
        for pattern in refused {
            assert!(read_pattern(pattern).is_err(), "{pattern}");
        }
    }
}
