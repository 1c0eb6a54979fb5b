//! What stands beside the name of an activity: injected fields, headers, and the errors by condition.

use super::element::Element;
use super::extensions::Extensions;
use super::reader::Reader;
use crate::Raise;
use crate::draft::{Parameter, Raw};

/// What only a task that runs an activity can do something with.
pub(super) const FIELD: &str = "camunda:field";
pub(super) const RAISE: &str = "camunda:errorEventDefinition";

/// How Camunda 7 asks for what went wrong, and how it is asked for here.
const FAILURE: [(&str, &str); 2] = [
    ("externalTask.getErrorMessage()", "externalTask.errorMessage"),
    ("externalTask.getErrorDetails()", "externalTask.errorDetails"),
];

impl Reader<'_, '_> {
    /// The errors with which Camunda 7 lets a task end by a condition.
    pub(super) fn raises(&mut self, found: &Extensions<'_>) -> Vec<Raise> {
        let mut raises = Vec::new();
        for element in found.all(RAISE) {
            element.allow(&["id", "errorRef", "expression"], &[], self.flaws);
            element.nothing_inside(self.flaws);
            let error = element.required("errorRef", self.flaws);
            let text = element.required("expression", self.flaws);
            if error.is_empty() || text.is_empty() {
                continue;
            }
            let Some(error) = self.error_named(element, &error) else { continue };
            let text = FAILURE.iter().fold(text, |text, (theirs, ours)| text.replace(theirs, ours));
            let when = self.ours(element, "the expression", &text).and_then(|text| {
                self.flaws.expression(&element.owner, element.line, "the expression", &text)
            });
            raises.extend(when.map(|when| Raise { error, when }));
        }
        raises
    }

    /// Refuses what only a task that runs an activity can do something with.
    pub(super) fn without_activity(&mut self, element: &Element, found: &Extensions<'_>) {
        for further in [FIELD, RAISE].into_iter().flat_map(|name| found.all(name)) {
            further.refuse(element, self.flaws);
        }
    }

    /// The fields that Camunda 7 injects into what it runs as input parameters.
    pub(super) fn fields(&mut self, found: &Extensions<'_>) -> Vec<Parameter> {
        let mut fields = Vec::new();
        for field in found.all(FIELD) {
            field.allow(&["name", "stringValue", "expression"], &[], self.flaws);
            field.no_text(self.flaws);
            let name = field.required("name", self.flaws);
            let mut values: Vec<Raw> = Vec::new();
            values.extend(field.plain("stringValue").map(|text| Raw::Constant(text.into())));
            values.extend(field.plain("expression").map(|text| Raw::Text(text.to_owned())));
            for child in &field.children {
                child.allow(&[], &[], self.flaws);
                if child.is_camunda("string") {
                    values.push(Raw::Constant(child.words().into()));
                } else if child.is_camunda("expression") {
                    values.push(Raw::Text(child.words().to_owned()));
                } else {
                    child.refuse(field, self.flaws);
                }
            }
            let one = values.len() == 1;
            match values.pop().filter(|_| one) {
                Some(value) if !name.is_empty() => {
                    fields.push(Parameter { name, line: field.line, value });
                }
                Some(_) => {}
                None => {
                    let message = "a field has one value, a stringValue or an expression";
                    field.tell(self.flaws, "wrong-shape", message);
                }
            }
        }
        fields
    }

    /// The headers of a job of Camunda 8 as input parameters.
    pub(super) fn headers(&mut self, found: &Extensions<'_>) -> Vec<Parameter> {
        let Some(list) = found.one("zeebe:taskHeaders", self.flaws) else { return Vec::new() };
        list.allow(&[], &[], self.flaws);
        list.no_text(self.flaws);
        let mut headers = Vec::new();
        for child in &list.children {
            if !child.is_zeebe("header") {
                child.refuse(list, self.flaws);
                continue;
            }
            child.allow(&["key", "value"], &[], self.flaws);
            child.nothing_inside(self.flaws);
            let name = child.required("key", self.flaws);
            let value = child.plain("value").unwrap_or_default();
            if !name.is_empty() && !value.is_empty() {
                let value = Raw::Constant(value.into());
                headers.push(Parameter { name, line: child.line, value });
            }
        }
        headers
    }
}
