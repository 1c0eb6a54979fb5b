//! Writing YAML: a tree of texts, lists and maps, laid out so that people like to read it.

/// A value to write.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Out {
    /// Nothing after the key.
    Nothing,
    /// A text, quoted where it must be.
    Text(String),
    /// A number or a truth value.
    Plain(String),
    List(Vec<Out>),
    Map(Vec<(String, Out)>),
    /// A list of maps that are never written in one line.
    Steps(Vec<Vec<(String, Out)>>),
}

/// The longest line that a list or a map is written in.
const WIDEST: usize = 96;
/// The most entries of a map in one line.
const MOST: usize = 6;
/// The longest key that YAML takes without a question mark.
const LONGEST_KEY: usize = 1000;
/// Texts that are no texts, or were none in older YAML.
const WORDS: [&str; 7] = ["null", "true", "false", "yes", "no", "on", "off"];

/// Writes the entries of a map as a document.
pub(super) fn document(entries: &[(String, Out)]) -> String {
    let mut text = String::new();
    map(entries, 0, &mut text);
    text
}

/// Writes entries one below the other. The text ends where the first one begins.
fn map(entries: &[(String, Out)], indent: usize, text: &mut String) {
    for (index, (name, value)) in entries.iter().enumerate() {
        if index > 0 {
            pad(indent, text);
        }
        // The key `on` is no truth value: it is read by its place.
        let key = if name == "on" { name.clone() } else { scalar(name, true) };
        if key.chars().count() > LONGEST_KEY {
            text.push_str(&format!("? {key}\n"));
            pad(indent, text);
        } else {
            text.push_str(&key);
        }
        text.push(':');
        below(value, indent, text);
    }
}

/// Writes what follows a key or a hyphen, up to the end of its last line.
fn below(value: &Out, indent: usize, text: &mut String) {
    let column = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
    match value {
        Out::Nothing => text.push('\n'),
        Out::Text(_) | Out::Plain(_) => {
            text.push_str(&format!(" {}\n", in_line(value, false).unwrap_or_default()));
        }
        Out::List(_) | Out::Map(_) => {
            if let Some(line) = in_line(value, false)
                && column + 1 + line.chars().count() <= WIDEST
            {
                text.push_str(&format!(" {line}\n"));
                return;
            }
            text.push('\n');
            match value {
                Out::Map(entries) => {
                    pad(indent + 2, text);
                    map(entries, indent + 2, text);
                }
                Out::List(items) => {
                    for item in items {
                        pad(indent + 2, text);
                        entry(item, indent + 2, text);
                    }
                }
                _ => {}
            }
        }
        Out::Steps(steps) => {
            text.push('\n');
            for step in steps {
                pad(indent + 2, text);
                text.push_str("- ");
                map(step, indent + 4, text);
            }
        }
    }
}

/// Writes an item of a list behind its hyphen.
fn entry(item: &Out, indent: usize, text: &mut String) {
    text.push_str("- ");
    match in_line(item, false) {
        Some(line) if indent + 2 + line.chars().count() <= WIDEST => {
            text.push_str(&format!("{line}\n"));
        }
        Some(line) if !matches!(item, Out::List(_) | Out::Map(_)) => {
            text.push_str(&format!("{line}\n"));
        }
        _ => match item {
            Out::Map(entries) => map(entries, indent + 2, text),
            Out::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        pad(indent + 2, text);
                    }
                    entry(item, indent + 2, text);
                }
            }
            _ => text.push('\n'),
        },
    }
}

/// A value in one line, when it may be written so; `nested` inside brackets.
fn in_line(value: &Out, nested: bool) -> Option<String> {
    Some(match value {
        Out::Nothing | Out::Steps(_) => return None,
        Out::Text(text) => scalar(text, nested),
        Out::Plain(text) => text.clone(),
        Out::List(items) => {
            let maps = items.iter().any(|item| matches!(item, Out::Map(map) if !map.is_empty()));
            if maps && !nested {
                return None;
            }
            let items: Option<Vec<String>> = items.iter().map(|item| in_line(item, true)).collect();
            format!("[{}]", items?.join(", "))
        }
        Out::Map(entries) if entries.is_empty() => "{}".into(),
        Out::Map(entries) if entries.len() > MOST => return None,
        Out::Map(entries) => {
            let mut line = Vec::new();
            for (key, value) in entries {
                let key = scalar(key, true);
                if key.len() > WIDEST {
                    return None;
                }
                line.push(format!("{key}: {}", in_line(value, true)?));
            }
            format!("{{ {} }}", line.join(", "))
        }
    })
}

fn pad(indent: usize, text: &mut String) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// A text, plain where it can be; `tight` where brackets, commas and colons mean something.
fn scalar(text: &str, tight: bool) -> String {
    let spoken = |c: char| !c.is_control() && !is_odd(c);
    if !text.chars().all(spoken) {
        return escaped(text);
    }
    if is_plain(text, tight) {
        return text.into();
    }
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

/// Characters that are shown as nothing, break lines, or turn the direction of writing.
fn is_odd(character: char) -> bool {
    matches!(character,
        '\u{85}' | '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}' | '\u{f0000}'..)
}

fn is_plain(text: &str, tight: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    // A leading digit, sign or point may make a number or a date of it.
    let begins = first.is_alphabetic() || matches!(first, '_' | '$' | '/' | '(');
    let breaks = text.contains(": ")
        || text.contains(" #")
        || text.ends_with([':', ' '])
        || text.starts_with(' ');
    let bracketed = tight && text.contains([',', '[', ']', '{', '}', ':', '#']);
    let word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    begins && !breaks && !bracketed && !word
}

fn escaped(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() || is_odd(c) => match u32::from(c) {
                code @ ..=0xff => quoted.push_str(&format!("\\x{code:02x}")),
                code @ ..=0xffff => quoted.push_str(&format!("\\u{code:04x}")),
                code => quoted.push_str(&format!("\\U{code:08x}")),
            },
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Entries that are put together one after the other.
#[derive(Default)]
pub(super) struct Entries(pub(super) Vec<(String, Out)>);

impl Entries {
    pub(super) fn put(&mut self, key: &str, value: Out) {
        self.0.push((key.into(), value));
    }

    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.put(key, Out::Text(text.into()));
    }

    /// Puts a text that is not empty.
    pub(super) fn said(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.text(key, text);
        }
    }

    /// Puts the name of what is called otherwise than usual.
    pub(super) fn named(&mut self, name: &str, usual: &str) {
        if name != usual {
            self.text("name", name);
        }
    }

    /// Puts what is there.
    pub(super) fn some(&mut self, key: &str, value: Option<Out>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Puts `true` for what is so.
    pub(super) fn mark(&mut self, key: &str, holds: bool) {
        if holds {
            self.put(key, truth(true));
        }
    }
}

pub(super) fn truth(holds: bool) -> Out {
    Out::Plain(holds.to_string())
}
