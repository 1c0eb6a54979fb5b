//! Taking a map of known keys apart, with a flaw for all that does not belong.

use super::tree::{Entry, Node, Tree};
use crate::draft::{Flaws, LONGEST_SHARED, Parameter, Raw};
use crate::{Expression, Input, Sets, Template};
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

    /// Takes a map whose keys were looked at already.
    pub(super) fn any(line: u32, entries: &'a [Entry]) -> Form<'a> {
        Form { line, entries }
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

    /// A note for people.
    pub(super) fn description(&self, flaws: &mut Flaws) -> Option<String> {
        let text = self.text("description", flaws)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
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

    /// A text with expressions.
    pub(super) fn template(&self, key: &str, of: &str, flaws: &mut Flaws) -> Option<Template> {
        let text = self.text(key, flaws)?;
        flaws.template(of, self.line_of(key), key, &text)
    }

    /// The same of what BPMN has beside the steps, where many may refer to it: no longer than there.
    pub(super) fn shared(&self, key: &str, of: &str, flaws: &mut Flaws) -> Option<Template> {
        let text = self.text(key, flaws)?;
        if text.len() > LONGEST_SHARED {
            let message = format!("{key} is longer than {LONGEST_SHARED} bytes; shorten it");
            flaws.add("too-large", of, self.line_of(key), message);
            return None;
        }
        flaws.template(of, self.line_of(key), key, &text)
    }

    /// An expression that may be written without braces, or a text with expressions.
    pub(super) fn value(&self, key: &str, of: &str, flaws: &mut Flaws) -> Option<Template> {
        let text = self.text(key, flaws)?;
        let text = if text.contains("${") { text } else { in_braces(&text) };
        flaws.template(of, self.line_of(key), key, &text)
    }

    /// A condition; it may be written without braces.
    pub(super) fn condition(&self, key: &str, of: &str, flaws: &mut Flaws) -> Option<Expression> {
        let text = self.text(key, flaws)?;
        flaws.expression(of, self.line_of(key), key, &in_braces(&text))
    }

    /// A whole number from 0 on.
    pub(super) fn number(&self, key: &str, flaws: &mut Flaws) -> Option<u32> {
        let entry = self.entry(key)?;
        let number = scalar_text(&entry.value).and_then(|text| text.parse().ok());
        if number.is_none() {
            wrong(key, "a whole number", entry, flaws);
        }
        number
    }

    /// What is there or not: `key: true`, or the key alone.
    pub(super) fn mark(&self, key: &str, flaws: &mut Flaws) -> bool {
        match self.entry(key) {
            None => false,
            Some(Entry { value: Node { tree: Tree::Null, .. }, .. }) => true,
            Some(_) => self.boolean(key, flaws).unwrap_or(false),
        }
    }

    /// A map of known keys.
    pub(super) fn form(&self, key: &str, known: &[&str], flaws: &mut Flaws) -> Option<Form<'a>> {
        Form::of(&self.entry(key)?.value, key, known, flaws)
    }

    pub(super) fn line_of(&self, key: &str) -> u32 {
        self.entry(key).map_or(self.line, |entry| entry.line)
    }

    /// A map from names to values, their expressions parsed.
    pub(super) fn inputs(&self, key: &str, of: &str, flaws: &mut Flaws) -> Vec<(String, Input)> {
        let entries = self.named(key, flaws).into_iter();
        entries.filter_map(|entry| Some((entry.key.clone(), value(of, entry, flaws)?))).collect()
    }

    /// A map from variables to what they are set to.
    pub(super) fn sets(&self, key: &str, of: &str, flaws: &mut Flaws) -> Sets {
        let mut sets = Vec::new();
        for (name, value) in self.inputs(key, of, flaws) {
            match value {
                Input::Template(value) => sets.push((name, value)),
                Input::List(_) | Input::Map(_) => {
                    let name = crate::excerpt(&name);
                    let message = format!("{name} is set to a constant or to one expression");
                    flaws.add("unsupported-value", of, self.line_of(key), message);
                }
            }
        }
        sets
    }

    /// The entries of a map from names to values, or of a list of such maps.
    fn named(&self, key: &str, flaws: &mut Flaws) -> Vec<&'a Entry> {
        let Some(entry) = self.entry(key) else { return Vec::new() };
        let maps = match &entry.value.tree {
            Tree::List(items) => &items[..],
            _ => std::slice::from_ref(&entry.value),
        };
        let mut named = Vec::new();
        for map in maps {
            match &map.tree {
                Tree::Map(entries) => named.extend(entries),
                _ => {
                    wrong(key, "a map from names to values", entry, flaws);
                    return Vec::new();
                }
            }
        }
        named
    }

    /// A map from variables to what they begin with; one without a value begins as null.
    pub(super) fn variables(&self, of: &str, flaws: &mut Flaws) -> Vec<(String, Option<Input>)> {
        let mut variables = Vec::new();
        for entry in self.named("variables", flaws) {
            if matches!(entry.value.tree, Tree::Null) {
                variables.push((entry.key.clone(), None));
            } else if let Some(value) = value(of, entry, flaws) {
                variables.push((entry.key.clone(), Some(value)));
            }
        }
        variables
    }

    /// A map from names to values.
    pub(super) fn parameters(&self, key: &str, flaws: &mut Flaws) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for entry in self.named(key, flaws) {
            if let Some(value) = raw(&entry.key, &entry.value, flaws) {
                parameters.push(Parameter { name: entry.key.clone(), line: entry.line, value });
            }
        }
        parameters
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

/// The values of a map, their expressions parsed.
pub(super) fn inputs(of: &str, entries: &[Entry], flaws: &mut Flaws) -> Vec<(String, Input)> {
    let one = |entry: &Entry| Some((entry.key.clone(), value(of, entry, flaws)?));
    entries.iter().filter_map(one).collect()
}

fn value(of: &str, entry: &Entry, flaws: &mut Flaws) -> Option<Input> {
    let raw = raw(&entry.key, &entry.value, flaws)?;
    parsed(of, entry, &raw, flaws)
}

fn parsed(of: &str, entry: &Entry, raw: &Raw, flaws: &mut Flaws) -> Option<Input> {
    Some(match raw {
        Raw::Text(text) => match Template::parse(text) {
            Ok(template) => Input::Template(template),
            Err(flaw) => {
                let message = format!("in {}: {flaw}", crate::excerpt(&entry.key));
                flaws.add("invalid-expression", of, entry.line, message);
                return None;
            }
        },
        Raw::Constant(value) => Input::Template(Template::of_constant(value.clone())),
        Raw::List(items) => {
            let items = items.iter().map(|item| parsed(of, entry, item, flaws));
            Input::List(items.collect::<Option<_>>()?)
        }
        Raw::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, raw)| Some((key.clone(), parsed(of, entry, raw, flaws)?)));
            Input::Map(entries.collect::<Option<_>>()?)
        }
    })
}

/// A condition may be written without braces.
pub(super) fn in_braces(text: &str) -> String {
    let text = text.trim();
    if text.starts_with("${") { text.into() } else { format!("${{{text}}}") }
}
