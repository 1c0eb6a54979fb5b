//! Conditional events (BPMN 2.0.2 §10.5.5), and after which changes their conditions are asked.

use super::element::Element;
use super::reader::Reader;
use crate::{Change, Condition, EventDefinition, Expression};

/// Which variable a conditional event of Camunda 8 looks at.
const FILTER: &str = "zeebe:conditionalFilter";

impl<'x> Reader<'x, '_> {
    /// Reads the event definition of a conditional event.
    pub(super) fn conditional(
        &mut self,
        event: &'x Element,
        definition: &'x Element,
        throws: bool,
    ) -> Option<EventDefinition> {
        definition.allow(&["id"], &["variableName", "variableEvents"], self.flaws);
        definition.no_text(self.flaws);
        let found = self.extensions(definition, &[FILTER]);
        let mut condition = None;
        for child in &definition.children {
            match child.name.as_str() {
                "condition" if condition.is_none() => condition = Some(child),
                "documentation" | "extensionElements" => {}
                _ => child.refuse(definition, self.flaws),
            }
        }
        let empty = condition.is_none_or(|condition| condition.words().is_empty());
        if throws && empty {
            // There can be none here, which is told, and nobody misses what it says.
            let condition = Expression::parse("${true}").ok()?;
            let (variable, change) = (None, Change::Any);
            let condition = Condition { condition, variable, change };
            return Some(EventDefinition::Conditional(condition));
        }
        let Some(condition) = condition else {
            let message = "a conditional event needs a condition";
            self.flaws.add("missing-condition", event.id(), definition.line, message);
            return None;
        };
        let condition = self.formal_condition(condition)?;
        let mut variable = definition.given_camunda("variableName");
        let mut changes = ("camunda:variableEvents", definition.given_camunda("variableEvents"));
        if let Some(filter) = found.one(FILTER, self.flaws) {
            filter.allow(&["variableNames", "variableEvents"], &[], self.flaws);
            filter.nothing_inside(self.flaws);
            variable = filter.given("variableNames");
            changes = ("variableEvents", filter.given("variableEvents"));
            if variable.is_some_and(|names| names.contains(',')) {
                let message = "a condition is asked after the changes of one variable or of all; \
                               name one as variableNames, or none";
                filter.tell(self.flaws, "unsupported-value", message);
                return None;
            }
        }
        let change = match changes {
            (_, None) => Change::Any,
            (word, Some(text)) => self.change(definition, word, text)?,
        };
        let variable = variable.map(str::to_owned);
        Some(EventDefinition::Conditional(Condition { condition, variable, change }))
    }

    /// After which change of a variable a condition is asked. Variables are never deleted here, so
    /// that nothing comes of awaiting that.
    fn change(&mut self, definition: &Element, of: &str, text: &str) -> Option<Change> {
        let (mut created, mut updated) = (false, false);
        for word in text.split(',').map(str::trim) {
            match word {
                "create" => created = true,
                "update" => updated = true,
                "delete" => {}
                _ => {
                    let word = crate::excerpt(word);
                    let message = format!("{of} are create and update, not {word}");
                    definition.tell(self.flaws, "unsupported-value", message);
                    return None;
                }
            }
        }
        match (created, updated) {
            (true, true) => Some(Change::Any),
            (true, false) => Some(Change::Created),
            (false, true) => Some(Change::Updated),
            (false, false) => {
                let message = format!(
                    "variables are not deleted, so nothing would ask the condition; name create or \
                     update as {of}"
                );
                definition.tell(self.flaws, "unsupported-value", message);
                None
            }
        }
    }
}
