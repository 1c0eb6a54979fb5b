//! The text of XML: a tree of tags in the style of the shipped files, with everything escaped.

use std::fmt::Write;

/// An element that is to be written; its name has the fixed prefix.
#[derive(Debug)]
pub(super) struct Tag {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Tag>,
    text: Option<String>,
}

impl Tag {
    pub(super) fn new(name: &'static str) -> Tag {
        Tag { name, attributes: Vec::new(), children: Vec::new(), text: None }
    }

    /// An element that holds nothing but text.
    pub(super) fn of(name: &'static str, text: impl Into<String>) -> Tag {
        Tag { text: Some(text.into()), ..Tag::new(name) }
    }

    /// A formal expression of the standard.
    pub(super) fn formal(name: &'static str, text: impl Into<String>) -> Tag {
        Tag::of(name, text).with("xsi:type", "bpmn:tFormalExpression")
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Tag {
        self.set(name, value);
        self
    }

    /// Adds an attribute if there is a value for it.
    pub(super) fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Tag {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds an attribute before the others if there is a value for it.
    pub(super) fn first(mut self, name: &'static str, value: Option<&str>) -> Tag {
        self.attributes.splice(0..0, value.map(|value| (name, value.to_owned())));
        self
    }

    pub(super) fn holding(mut self, child: Tag) -> Tag {
        self.push(child);
        self
    }

    pub(super) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.attributes.push((name, value.into()));
    }

    pub(super) fn push(&mut self, child: Tag) {
        self.children.push(child);
    }

    pub(super) fn extend(&mut self, children: impl IntoIterator<Item = Tag>) {
        self.children.extend(children);
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The document whose outermost element this is.
    pub(super) fn document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        out.extend(std::iter::repeat_n("  ", depth));
        let _ = write!(out, "<{}", self.name);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"");
            escape(value, true, out);
            out.push('"');
        }
        if let Some(text) = &self.text {
            out.push('>');
            escape(text, false, out);
            let _ = writeln!(out, "</{}>", self.name);
        } else if self.children.is_empty() {
            out.push_str(" />\n");
        } else {
            out.push_str(">\n");
            self.children.iter().for_each(|child| child.write(out, depth + 1));
            out.extend(std::iter::repeat_n("  ", depth));
            let _ = writeln!(out, "</{}>", self.name);
        }
    }
}

/// Writes a text so that a reader of XML 1.0 finds it unchanged; characters that XML cannot hold
/// become the replacement character.
fn escape(text: &str, attribute: bool, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' if attribute => out.push_str("&#10;"),
            '\t' if attribute => out.push_str("&#9;"),
            // Readers turn these into line feeds.
            '\r' => out.push_str("&#13;"),
            '\u{85}' => out.push_str("&#133;"),
            '\u{2028}' => out.push_str("&#8232;"),
            '\n' | '\t' => out.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
}
