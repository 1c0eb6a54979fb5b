//! Data of activities and events (BPMN 2.0.2 §10.4): associations are parameters.

use super::element::Element;
use super::extensions;
use super::formal::is_short;
use super::reader::Reader;
use super::variables::{Datum, PLACEHOLDER, name};
use crate::draft::{Parameter, Raw};
use std::collections::{BTreeMap, BTreeSet};

/// What the data of a node says.
#[derive(Debug, Default)]
pub(super) struct Data<'x> {
    /// Input parameters, each with the id of its data input.
    pub(super) inputs: Vec<(&'x str, Parameter)>,
    pub(super) outputs: Vec<Parameter>,
    /// The outputs, each as the id of its data output and the variable that it goes to.
    pub(super) kept: BTreeMap<&'x str, String>,
    /// Data inputs and outputs by id, with their names.
    pub(super) names: BTreeMap<&'x str, &'x str>,
}

impl<'x> Reader<'x, '_> {
    /// Reads the data inputs, data outputs and data associations of an activity.
    pub(super) fn activity_data(&mut self, node: &'x Element) -> Data<'x> {
        let mut data = Data::default();
        for specification in node.all("ioSpecification") {
            specification.allow(&["id", "name"], &[], self.flaws);
            specification.no_text(self.flaws);
            self.names(specification, &mut data);
            for child in &specification.children {
                let known = ["dataInput", "dataOutput", "inputSet", "outputSet", "documentation"];
                if !known.contains(&child.name.as_str()) {
                    child.refuse(specification, self.flaws);
                }
            }
        }
        self.associations(node, &mut data);
        data
    }

    /// Reads the data inputs, data outputs and data associations of an event.
    pub(super) fn event_data(&mut self, node: &'x Element) -> Data<'x> {
        let mut data = Data::default();
        self.names(node, &mut data);
        self.associations(node, &mut data);
        data
    }

    fn names(&mut self, holder: &'x Element, data: &mut Data<'x>) {
        for child in &holder.children {
            if child.is("dataInput") || child.is("dataOutput") {
                child.allow(&["id", "name", "itemSubjectRef", "isCollection"], &[], self.flaws);
                child.required("id", self.flaws);
                if is_short(child, "the name", name(child), self.flaws) {
                    data.names.insert(child.id(), name(child));
                }
            }
        }
    }

    fn associations(&mut self, node: &'x Element, data: &mut Data<'x>) {
        let (mut drawn, mut own) = (BTreeSet::new(), BTreeSet::new());
        for property in node.all("property") {
            if property.plain("name") == Some(PLACEHOLDER) {
                drawn.insert(property.id());
            } else if node.is_container() {
                own.insert(property.id());
            }
        }
        let outputs = node.all("dataOutputAssociation");
        for association in node.all("dataInputAssociation").chain(outputs) {
            let mut ends = association.all("sourceRef").chain(association.all("targetRef"));
            if let Some(end) = ends.find(|end| own.contains(end.words())) {
                let message = format!(
                    "{} is a property of {} itself, which is not there before it begins nor after \
                     it ends; name a data object or a property around it",
                    crate::excerpt(end.words()),
                    node.name
                );
                association.tell(self.flaws, "unsupported-value", message);
            } else if association.is("dataInputAssociation") {
                self.input_association(association, &drawn, data);
            } else {
                self.output_association(association, data);
            }
        }
    }

    fn input_association(
        &mut self,
        element: &'x Element,
        drawn: &BTreeSet<&str>,
        data: &mut Data<'x>,
    ) {
        let ends = self.ends_of(element);
        let Some(target) = ends.target else {
            let message = "dataInputAssociation needs a targetRef";
            return element.tell(self.flaws, "missing-attribute", message);
        };
        if drawn.contains(target) {
            return;
        }
        let Some(name) = data.names.get(target).copied() else {
            return self.dangling(element, "targetRef", target, "data input");
        };
        let from = match &ends.sources[..] {
            [] => None,
            [source] => self.source(element, source),
            _ if ends.says_how => None,
            _ => {
                let message = "several sources of a data association need a transformation";
                return element.tell(self.flaws, "wrong-shape", message);
            }
        };
        let value = self.value_of(element, &[target, name]).or(from);
        match value {
            Some(text) => {
                let value = Raw::Text(text);
                let parameter = Parameter { name: name.into(), line: element.line, value };
                data.inputs.push((target, parameter));
            }
            None if ends.sources.is_empty() && !ends.says_how => {
                let message = "a data association takes its value from a sourceRef, a \
                               transformation or an assignment";
                element.tell(self.flaws, "wrong-shape", message);
            }
            None => {}
        }
    }

    fn output_association(&mut self, element: &'x Element, data: &mut Data<'x>) {
        let ends = self.ends_of(element);
        let Some(target) = ends.target else {
            let message = "dataOutputAssociation needs a targetRef";
            return element.tell(self.flaws, "missing-attribute", message);
        };
        // Without a source it is only drawn.
        let says = ends.says_how || !ends.sources.is_empty();
        let variable = match self.datum(element, target) {
            Some(_) if !says => return,
            Some(Datum::Variable(name)) => name,
            Some(other) => return self.no_variable(element, target, &other),
            None => return self.dangling(element, "targetRef", target, "data object or property"),
        };
        let source = ends.sources.first().copied();
        if ends.sources.len() > 1 && !ends.says_how {
            let message = "several sources of a data association need a transformation";
            return element.tell(self.flaws, "wrong-shape", message);
        }
        let value = match self.value_of(element, &[target, &variable]) {
            Some(text) => text,
            None if ends.says_how => return,
            None => match source.and_then(|source| data.names.get(source)) {
                Some(name) => format!("${{{name}}}"),
                None => {
                    let source = source.unwrap_or_default();
                    return self.dangling(element, "sourceRef", source, "data output");
                }
            },
        };
        if let Some(source) = source {
            data.kept.insert(source, variable.clone());
        }
        let value = Raw::Text(value);
        data.outputs.push(Parameter { name: variable, line: element.line, value });
    }

    fn ends_of(&mut self, element: &'x Element) -> Ends<'x> {
        element.allow(&["id"], &[], self.flaws);
        element.no_text(self.flaws);
        let known = [
            "sourceRef",
            "targetRef",
            "transformation",
            "assignment",
            "documentation",
            "extensionElements",
        ];
        for child in &element.children {
            if !known.contains(&child.name.as_str()) {
                child.refuse(element, self.flaws);
            }
        }
        extensions::none(element, self.flaws);
        let how = element.all("transformation").chain(element.all("assignment")).next();
        Ends {
            sources: element.all("sourceRef").map(Element::words).collect(),
            target: element.all("targetRef").map(Element::words).next(),
            says_how: how.is_some(),
        }
    }

    /// The variable of the source of an input association, as an expression.
    fn source(&mut self, element: &Element, source: &str) -> Option<String> {
        match self.datum(element, source) {
            Some(Datum::Variable(name)) => return Some(format!("${{{name}}}")),
            Some(other) => self.no_variable(element, source, &other),
            None => self.dangling(element, "sourceRef", source, "data object or property"),
        }
        None
    }

    pub(super) fn no_variable(&mut self, element: &Element, reference: &str, datum: &Datum) {
        let reference = crate::excerpt(reference);
        let message = match datum {
            Datum::Store => format!(
                "the engine knows no data store such as {reference}; read and write it in an \
                 activity"
            ),
            Datum::Own(_, owner) => format!(
                "{reference} is a property of {}, and nothing else sees it; make it one of the \
                 sub-process or the process around both",
                crate::excerpt(owner)
            ),
            _ => format!("the data object {reference} needs a name that a variable can have"),
        };
        element.tell(self.flaws, "unsupported-value", message);
    }

    /// What a transformation or an assignment says the value is; the assignment goes to one of
    /// some names.
    fn value_of(&mut self, element: &'x Element, to: &[&str]) -> Option<String> {
        let mut how = element.all("transformation").chain(element.all("assignment"));
        let first = how.next()?;
        for further in how {
            let message = "a data association has one transformation or one assignment";
            further.tell(self.flaws, "wrong-shape", message);
        }
        if first.is("transformation") {
            return self.formal(first);
        }
        first.allow(&["id"], &[], self.flaws);
        let part = |name| first.all(name).next();
        let (Some(from), Some(into)) = (part("from"), part("to")) else {
            let message = "an assignment has a from and a to";
            first.tell(self.flaws, "wrong-shape", message);
            return None;
        };
        let text = into.words();
        let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        if !to.contains(&inner.unwrap_or(text).trim()) {
            let message = format!(
                "an assignment goes to the target of its data association, not to {}",
                crate::excerpt(text)
            );
            into.tell(self.flaws, "unsupported-value", message);
            return None;
        }
        self.formal(from)
    }
}

/// The ends of a data association.
struct Ends<'x> {
    sources: Vec<&'x str>,
    target: Option<&'x str>,
    /// Whether there is a transformation or an assignment.
    says_how: bool,
}
