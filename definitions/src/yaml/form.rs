//! Taking a map of known keys apart, with a flaw for all that does not belong.

use super::tree::{Entry, Node, Tree};
use crate::draft::{Flaws, Parameter, Raw};
use serde_json::Value;

/// A map whose keys are taken out one by one; what is left is unknown.
pub(super) struct Form<'a> {
    pub(super) line: u32,
    entries: &'a [Entry],
}

impl<'a> Form<'a> {
    /// Takes a node as a map with some known keys.
    pub(super) fn of(
        node: &'a Node,
        what: &str,
        known: &[&str],
        flaws: &mut Flaws,
    ) -> Option<Form<'a>> {
        let Tree::Map(entries) = &node.tree else {
            let message = format!("{what} is a map with keys such as {}", known.join(", "));
            flaws.add("wrong-shape", "", node.line, message);
            return None;
        };
        let form = Form { line: node.line, entries };
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let hint = flaws.hint(&entry.key, known.iter().copied());
            let key = crate::excerpt(&entry.key);
            let message = format!("{what} has no key {key}; it knows {}{hint}", known.join(", "));
            flaws.add("unknown-key", "", entry.line, message);
        }
        Some(form)
    }

    pub(super) fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// A text; numbers and truth values count as their spelling.
    pub(super) fn text(&self, key: &str, flaws: &mut Flaws) -> Option<String> {
        let entry = self.entry(key)?;
        let text = scalar_text(&entry.value);
        if text.is_none() {
            wrong(key, "a text", entry, flaws);
        }
        text
    }

    pub(super) fn boolean(&self, key: &str, flaws: &mut Flaws) -> Option<bool> {
        let entry = self.entry(key)?;
        match entry.value.tree {
            Tree::Scalar(Value::Bool(value)) => Some(value),
            _ => {
                wrong(key, "true or false", entry, flaws);
                None
            }
        }
    }

    pub(super) fn list(&self, key: &str, flaws: &mut Flaws) -> &'a [Node] {
        match self.entry(key) {
            None => &[],
            Some(Entry { value: Node { tree: Tree::List(items), .. }, .. }) => items,
            Some(entry) => {
                wrong(key, "a list", entry, flaws);
                &[]
            }
        }
    }

    /// A map from names to values.
    pub(super) fn parameters(&self, key: &str, flaws: &mut Flaws) -> Vec<Parameter> {
        match self.entry(key) {
            None => Vec::new(),
            Some(Entry { value: Node { tree: Tree::Map(entries), .. }, .. }) => entries
                .iter()
                .filter_map(|entry| {
                    let value = raw(&entry.key, &entry.value, flaws)?;
                    Some(Parameter { name: entry.key.clone(), line: entry.line, value })
                })
                .collect(),
            Some(entry) => {
                wrong(key, "a map from names to values", entry, flaws);
                Vec::new()
            }
        }
    }
}

/// The text of a scalar.
pub(super) fn scalar_text(node: &Node) -> Option<String> {
    match &node.tree {
        Tree::Scalar(Value::String(text)) => Some(text.clone()),
        Tree::Scalar(other) => Some(other.to_string()),
        _ => None,
    }
}

fn raw(name: &str, node: &Node, flaws: &mut Flaws) -> Option<Raw> {
    Some(match &node.tree {
        Tree::Null => {
            let message = format!("{name} has no value; write one, or ${{null}} if you mean it");
            flaws.add("wrong-shape", "", node.line, message);
            return None;
        }
        Tree::Scalar(Value::String(text)) => Raw::Text(text.clone()),
        Tree::Scalar(value) => Raw::Constant(value.clone()),
        Tree::List(items) => {
            Raw::List(items.iter().filter_map(|item| raw(name, item, flaws)).collect())
        }
        Tree::Map(entries) => {
            let mut map = Vec::new();
            for entry in entries {
                if let Some(value) = raw(&entry.key, &entry.value, flaws) {
                    map.push((entry.key.clone(), value));
                }
            }
            Raw::Map(map)
        }
    })
}

pub(super) fn wrong(key: &str, wanted: &str, entry: &Entry, flaws: &mut Flaws) {
    flaws.add("wrong-shape", "", entry.line, format!("{key} takes {wanted}"));
}
