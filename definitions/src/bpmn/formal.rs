//! Texts that hold expressions: JUEL as it stands, FEEL translated.

use super::element::Element;
use super::reader::Reader;
use crate::draft::{Flaws, LONGEST_SHARED};
use crate::feel::{self, Counters};
use crate::{Expression, ExpressionFlaw, Input, Template};

/// A text as one of ours: in a file of Camunda 8 what begins with `=` is FEEL, with the counters that
/// stand there, and `#{…}` is an expression as `${…}` is.
pub(super) fn ours(zeebe: Option<Counters>, text: &str) -> Result<String, ExpressionFlaw> {
    let text = text.trim();
    match (text.strip_prefix('='), zeebe) {
        (Some(feel), Some(counters)) => feel::juel(feel, counters),
        _ => Ok(text.strip_prefix("#{").map_or_else(|| text.into(), |rest| format!("${{{rest}"))),
    }
}

/// A text of a root element as a template.
pub(super) fn template(
    zeebe: Option<Counters>,
    at: &Element,
    what: &str,
    text: &str,
    flaws: &mut Flaws,
) -> Option<Template> {
    match ours(zeebe, text) {
        Ok(text) => flaws.template(&at.owner, at.line, what, &text),
        Err(flaw) => {
            at.tell(flaws, "invalid-expression", format!("in {what}: {flaw}"));
            None
        }
    }
}

/// The longest name of a variable in bytes.
const LONGEST_NAME: usize = 200;

/// Refuses a text that many elements may refer to when it is too long for that.
pub(super) fn is_short(at: &Element, what: &str, text: &str, flaws: &mut Flaws) -> bool {
    let short = text.len() <= LONGEST_SHARED;
    if !short {
        let message = format!("{what} is longer than {LONGEST_SHARED} bytes; shorten it");
        at.tell(flaws, "too-large", message);
    }
    short
}

/// Whether a text can be the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    if text.len() > LONGEST_NAME {
        return false;
    }
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '$'))
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
}

impl Reader<'_, '_> {
    /// In a file of Camunda 8, the counters that FEEL may name here.
    pub(super) fn zeebe(&self) -> Option<Counters> {
        self.file.zeebe.then_some(self.counters)
    }

    /// A text of the file with its expressions as ours are written.
    pub(super) fn ours(&mut self, at: &Element, what: &str, text: &str) -> Option<String> {
        ours(self.zeebe(), text)
            .map_err(|flaw| at.tell(self.flaws, "invalid-expression", format!("in {what}: {flaw}")))
            .ok()
    }

    /// A text of the file as a template.
    pub(super) fn template(&mut self, at: &Element, what: &str, text: &str) -> Option<Template> {
        template(self.zeebe(), at, what, text, self.flaws)
    }

    /// The name of a variable, or an expression, as a template.
    pub(super) fn variable_or_template(
        &mut self,
        at: &Element,
        what: &str,
        text: &str,
    ) -> Option<Template> {
        let plain = !text.contains("${") && !text.contains("#{");
        match plain && !(self.file.zeebe && text.starts_with('=')) {
            true => self.variable(at, what, text),
            false => self.template(at, what, text),
        }
    }

    /// The value of a variable that is named as a template.
    pub(super) fn variable(&mut self, at: &Element, what: &str, name: &str) -> Option<Template> {
        let name = name.trim();
        if !is_name(name) {
            let name = crate::excerpt(name);
            let message = format!("{what} names a variable, and \"{name}\" cannot be one");
            at.tell(self.flaws, "invalid-variable", message);
            return None;
        }
        self.flaws.template(&at.owner, at.line, what, &format!("${{{name}}}"))
    }

    /// A text of the file as the value of a parameter.
    pub(super) fn input(&mut self, at: &Element, what: &str, text: &str) -> Option<Input> {
        self.template(at, what, text).map(Input::Template)
    }

    /// The text of an element that holds a formal expression (BPMN 2.0.2 §8.3.7).
    pub(super) fn formal(&mut self, element: &Element) -> Option<String> {
        element.allow(&["id", "language", "evaluatesToTypeRef"], &[], self.flaws);
        element.children.iter().for_each(|child| child.refuse(element, self.flaws));
        match element.plain("language").map(str::trim) {
            Some(language) if language.eq_ignore_ascii_case("feel") => {
                let feel = element.words();
                feel::juel(feel.strip_prefix('=').unwrap_or(feel), self.zeebe().unwrap_or_default())
                    .map_err(|flaw| {
                        let message = format!("in {}: {flaw}", element.name);
                        element.tell(self.flaws, "invalid-expression", message);
                    })
                    .ok()
            }
            Some(language) if !language.eq_ignore_ascii_case("juel") => {
                element.only("language", "juel", self.flaws);
                None
            }
            _ => self.ours(element, &element.name, element.words()),
        }
    }

    /// Refuses a condition that says nothing, or none that its engine understands.
    pub(super) fn is_none(&mut self, condition: &Element) -> bool {
        let (name, words) = (condition.name.trim_end_matches("Expression"), condition.words());
        if words.is_empty() {
            let message = format!("the {name} is empty; write one such as ${{approved}}");
            condition.tell(self.flaws, "missing-condition", message);
            return true;
        }
        let bare = !["=", "${", "#{"].iter().any(|begin| words.starts_with(begin));
        let bare = bare && self.file.zeebe && condition.plain("language").is_none();
        if bare {
            let words = crate::excerpt(words);
            let message =
                format!("in the {name}: a condition of Camunda 8 begins with =; write = {words}");
            condition.tell(self.flaws, "invalid-condition", message);
        }
        bare
    }

    /// The formal expression of an element as a condition.
    pub(super) fn formal_condition(&mut self, element: &Element) -> Option<Expression> {
        let text = self.formal(element)?;
        if self.is_none(element) {
            return None;
        }
        self.flaws.expression(&element.owner, element.line, &element.name, &text)
    }

    /// The formal expression of an element as a template.
    pub(super) fn formal_template(&mut self, element: &Element) -> Option<Template> {
        let text = self.formal(element)?;
        self.flaws.template(&element.owner, element.line, &element.name, &text)
    }
}
