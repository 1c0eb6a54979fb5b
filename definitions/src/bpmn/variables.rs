//! Data objects and properties (BPMN 2.0.2 §10.4.1): the variables of a process and of its nodes.

use super::element::{Element, Space};
use super::extensions::PARAMETERS;
use super::formal::is_name;
use super::reader::Reader;
use crate::Input;
use std::collections::{BTreeMap, BTreeSet};

/// What a data association may name beside the inputs and outputs of its node.
#[derive(Clone, Debug)]
pub(super) enum Datum {
    /// A data object or a property, by the name of its variable.
    Variable(String),
    /// A property of a task, a call or an event, and the id of that: nothing else sees it.
    Own(String, String),
    /// A data object that neither its name nor its id can be a variable for.
    Nameless,
    /// A data store, which says nothing to the engine.
    Store,
}

/// The name of the property that bpmn.io makes an association end at when it only draws one.
pub(super) const PLACEHOLDER: &str = "__targetRef_placeholder";

/// The name of a data input, a data output or a property.
pub(super) fn name(element: &Element) -> &str {
    element.given("name").unwrap_or(element.id())
}

/// The name of a property, unless it is only drawn.
pub(super) fn variable(property: &Element) -> Option<&str> {
    Some(name(property)).filter(|name| *name != PLACEHOLDER)
}

impl<'x> Reader<'x, '_> {
    /// Notes all data objects, properties and data stores of a process by id.
    pub(super) fn survey(&mut self, process: &'x Element) {
        let mut references = Vec::new();
        let mut objects = Vec::new();
        self.survey_container(process, &mut objects, &mut references);
        let mut shown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for reference in &references {
            if let Some(object) = reference.given("dataObjectRef") {
                shown.entry(object).or_default().extend(reference.given("name"));
            }
        }
        for object in objects {
            let names = shown.get(object.id()).into_iter().flatten().copied();
            let mut names = object.given("name").into_iter().chain(names).chain([object.id()]);
            let found = names.find(|name| is_name(name));
            let datum = found.map_or(Datum::Nameless, |name| Datum::Variable(name.to_owned()));
            self.data.insert(object.id(), datum);
        }
        for reference in references {
            let object = reference.required("dataObjectRef", self.flaws);
            match self.data.get(object.as_str()).cloned() {
                Some(datum) => drop(self.data.insert(reference.id(), datum)),
                None if object.is_empty() => {}
                None => self.dangling(reference, "dataObjectRef", &object, "data object"),
            }
        }
    }

    fn survey_container(
        &mut self,
        container: &'x Element,
        objects: &mut Vec<&'x Element>,
        references: &mut Vec<&'x Element>,
    ) {
        for child in &container.children {
            let plain: &[&str] = match child.name.as_str() {
                "dataObject" => {
                    objects.push(child);
                    &["id", "name", "itemSubjectRef", "isCollection"]
                }
                "dataObjectReference" => {
                    references.push(child);
                    &["id", "name", "itemSubjectRef", "dataObjectRef"]
                }
                "property" => {
                    let variable = name(child).to_owned();
                    let datum = match is_name(&variable) || variable == PLACEHOLDER {
                        true if container.is_container() => Datum::Variable(variable),
                        true => Datum::Own(variable, child.owner.clone()),
                        false => {
                            let name = crate::excerpt(name(child));
                            let message = match name.is_empty() {
                                true => "a property is a variable; give it a name".into(),
                                false => {
                                    format!(
                                        "a property is a variable, and \"{name}\" cannot be one"
                                    )
                                }
                            };
                            child.tell(self.flaws, "invalid-variable", message);
                            Datum::Nameless
                        }
                    };
                    self.data.insert(child.id(), datum);
                    &["id", "name", "itemSubjectRef"]
                }
                "dataStoreReference" => {
                    self.data.insert(child.id(), Datum::Store);
                    let store = child.given("dataStoreRef");
                    if let Some(store) = store.filter(|id| !self.file.stores.contains(id)) {
                        self.dangling(child, "dataStoreRef", store, "data store");
                    }
                    &["id", "name", "itemSubjectRef", "dataStoreRef"]
                }
                _ => {
                    if child.space == Space::Bpmn && !child.is("extensionElements") {
                        self.survey_container(child, objects, references);
                    }
                    continue;
                }
            };
            child.allow(plain, &[], self.flaws);
            if !name(child).is_empty() {
                child.required("id", self.flaws);
            }
            child.no_text(self.flaws);
            self.beginning(child);
            for inner in &child.children {
                let known = [
                    "documentation",
                    "extensionElements",
                    "dataState",
                    "auditing",
                    "monitoring",
                    "categoryValueRef",
                ];
                if !known.contains(&inner.name.as_str()) {
                    inner.refuse(child, self.flaws);
                }
            }
        }
    }

    /// What a reference names; a property of the node in which it stands is a variable like others.
    pub(super) fn datum(&self, element: &Element, reference: &str) -> Option<Datum> {
        match self.data.get(reference).cloned() {
            Some(Datum::Own(name, owner)) if owner == element.owner => Some(Datum::Variable(name)),
            datum => datum,
        }
    }

    /// What a data object or a property begins with: its only input parameter.
    fn beginning(&mut self, element: &'x Element) {
        let found = self.extensions(element, &[PARAMETERS]);
        let holds = element.is("dataObject") || element.is("property");
        let more = found.inputs.iter().skip(usize::from(holds)).chain(&found.outputs);
        for parameter in more {
            let name = crate::excerpt(&parameter.name);
            let message = format!("{} has no parameter {name}; take it away", element.name);
            self.flaws.add("unknown-parameter", &element.owner, parameter.line, message);
        }
        if let Some(first) = found.inputs.first().filter(|_| holds) {
            let value = self.flaws.input(&element.owner, first.line, &first.name, &first.value);
            self.beginnings.extend(value.map(|value| (element.id(), value)));
        }
    }

    /// The variables of a process or a node: its data objects and its properties.
    pub(super) fn variables(&self, container: &Element) -> Vec<(String, Option<Input>)> {
        let mut seen = BTreeSet::new();
        let own = container.children.iter().filter(|c| c.is("dataObject") || c.is("property"));
        let names = own.filter(|child| variable(child).is_some()).filter_map(|child| {
            match self.data.get(child.id()) {
                Some(Datum::Variable(name) | Datum::Own(name, _)) => {
                    Some((name.clone(), self.beginnings.get(child.id()).cloned()))
                }
                _ => None,
            }
        });
        names.filter(|(name, _)| seen.insert(name.clone())).collect()
    }
}
