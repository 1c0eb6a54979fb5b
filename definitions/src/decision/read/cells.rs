//! The cells of a decision: texts with their language, read as expressions or unary tests.

use super::{Reader, id_of, is};
use crate::bpmn::element::Element;
use crate::decision::Sort;
use crate::draft::Flaws;
use crate::feel::{self, Tests};
use crate::{Expression, ExpressionFlaw};

/// The languages in which expressions may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Feel,
    Juel,
}

/// The names of the languages.
const LANGUAGES: [(&str, Language); 6] = [
    ("feel", Language::Feel),
    ("https://www.omg.org/spec/DMN/20191111/FEEL/", Language::Feel),
    ("http://www.omg.org/spec/DMN/20180521/FEEL/", Language::Feel),
    ("http://www.omg.org/spec/FEEL/20140401", Language::Feel),
    ("http://www.omg.org/spec/FEEL/20140401/", Language::Feel),
    ("juel", Language::Juel),
];

/// The language that an element names, or else the one that holds around it.
pub(super) fn language(element: &Element, around: Language, flaws: &mut Flaws) -> Language {
    let Some(name) = element.plain("expressionLanguage").map(str::trim) else { return around };
    let known = LANGUAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.map_or_else(
        || {
            let name = crate::excerpt(name);
            let message = format!("the language {name} is not supported; use feel or juel");
            flaws.add("unsupported-value", id_of(element), element.line, message);
            around
        },
        |(_, language)| *language,
    )
}

/// The expression that always gives null.
pub(super) fn null() -> Expression {
    Expression::of_null()
}

/// A text with its language.
pub(super) struct Cell<'e> {
    pub(super) id: &'e str,
    pub(super) line: u32,
    text: &'e str,
    language: Language,
}

impl Reader<'_> {
    /// The text inside an element; `further` are attributes that it may have.
    pub(super) fn cell<'e>(&mut self, element: &'e Element, further: &[&str]) -> Cell<'e> {
        let allowed = [&["id", "label", "expressionLanguage"], further].concat();
        element.allow(&allowed, &[], self.flaws);
        element.no_text(self.flaws);
        let mut texts = Vec::new();
        for child in &element.children {
            if self.is_documentation(child) {
                continue;
            }
            if is(child, "text") {
                child.allow(&[], &[], self.flaws);
                texts.push(child);
            } else {
                child.refuse(element, self.flaws);
            }
        }
        let language = language(element, self.language, self.flaws);
        let (text, line) = match texts[..] {
            [] => ("", element.line),
            [text, ..] => (text.text.as_str(), text.line),
        };
        if let [_, second, ..] = texts[..] {
            let message = format!("{} has one text; take the second away", element.name);
            self.flaws.add("one-text", id_of(element), second.line, message);
        }
        for child in texts.iter().flat_map(|text| &text.children) {
            child.refuse(element, self.flaws);
        }
        Cell { id: id_of(element), line, text: text.trim(), language }
    }

    /// The expression of a cell; `lenient` takes a variable that is missing for null.
    pub(super) fn expression(&mut self, cell: &Cell<'_>, what: &str, lenient: bool) -> Expression {
        let read = match (cell.language, lenient) {
            (Language::Feel, true) => feel::lookup(cell.text),
            (Language::Feel, false) => feel::expression(cell.text, &[]),
            (Language::Juel, _) if cell.text.starts_with("${") => Expression::parse(cell.text),
            (Language::Juel, _) => Expression::parse(&format!("${{{}}}", cell.text)),
        };
        read.unwrap_or_else(|flaw| {
            self.invalid(cell, what, &flaw);
            null()
        })
    }

    /// The expression of an output; an empty one gives null.
    pub(super) fn entry(&mut self, cell: &Cell<'_>, what: &str) -> Expression {
        if cell.text.is_empty() { null() } else { self.expression(cell, what, false) }
    }

    /// The unary tests of a cell.
    pub(super) fn tests(&mut self, cell: &Cell<'_>, what: &str) -> Tests {
        if cell.language == Language::Juel {
            let message = format!("{what}: unary tests are written in feel, not in juel");
            self.flaws.add("unsupported-value", cell.id, cell.line, message);
        }
        feel::tests(cell.text).unwrap_or_else(|flaw| {
            self.invalid(cell, what, &flaw);
            Tests { negated: false, alternatives: Vec::new() }
        })
    }

    fn invalid(&mut self, cell: &Cell<'_>, what: &str, flaw: &ExpressionFlaw) {
        self.flaws.add("invalid-expression", cell.id, cell.line, format!("{what}: {flaw}"));
    }

    /// The type that an element names; nothing when it names none or any.
    pub(super) fn sort(&mut self, element: &Element) -> Option<Sort> {
        let name = element.plain("typeRef")?;
        Sort::named(name).unwrap_or_else(|| {
            let name = crate::excerpt(name);
            let message = format!(
                "the type {name} is not supported; use string, boolean, number, integer, long, \
                 double or Any"
            );
            self.flaws.add("unsupported-type", id_of(element), element.line, message);
            None
        })
    }
}
