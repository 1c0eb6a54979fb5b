//! Reading a DMN file: from the tree of its XML to decisions.

mod cells;
mod table;

use super::{Body, Decisions, Logic, Required, Sort, requirements};
use crate::bpmn::element::{Element, Space};
use crate::bpmn::xml;
use crate::draft::Flaws;
use std::collections::{BTreeMap, BTreeSet};

/// The most decisions of one file.
const MOST_DECISIONS: usize = 500;
/// The longest id in bytes.
const LONGEST_ID: usize = 200;

/// Elements that say something to people and nothing to us.
const DOCUMENTATION: [&str; 16] = [
    "description",
    "extensionElements",
    "question",
    "allowedAnswers",
    "authorityRequirement",
    "supportedObjective",
    "impactedPerformanceIndicator",
    "decisionMaker",
    "decisionOwner",
    "usingProcess",
    "usingTask",
    "knowledgeSource",
    "textAnnotation",
    "association",
    "performanceIndicator",
    "organizationUnit",
];

/// Reads a DMN text, or says why it cannot be read.
pub(super) fn read(text: &str, flaws: &mut Flaws) -> Option<Decisions> {
    let root = xml::read(text, flaws)?;
    if !is(&root, "definitions") {
        let name = crate::excerpt(&root.name);
        let mut spaces = root.bindings.iter().map(|(_, address)| address.as_str());
        let other = spaces.find(|address| address.contains("/spec/DMN/") && is_model(address));
        let message = match other.map(crate::excerpt) {
            Some(other) if root.name == "definitions" => format!(
                "DMN 1.1, 1.2 and 1.3 are read, and this is another ({other}); save the file as \
                 DMN 1.3"
            ),
            _ => format!(
                "a DMN file begins with definitions of DMN 1.1, 1.2 or 1.3, not with {name}"
            ),
        };
        flaws.add("not-dmn", "", root.line, message);
        return None;
    }
    let plain = [
        "id",
        "name",
        "namespace",
        "label",
        "expressionLanguage",
        "typeLanguage",
        "exporter",
        "exporterVersion",
    ];
    root.allow(&plain, &["diagramRelationId"], flaws);
    root.no_text(flaws);
    let language = cells::language(&root, cells::Language::Feel, flaws);
    let mut reader = Reader { flaws, language, places: BTreeMap::new(), inputs: BTreeSet::new() };
    let found = reader.children(&root);
    let lines: Vec<u32> = found.iter().map(|element| element.line).collect();
    let bodies: Vec<Body> = found.iter().map(|element| reader.decision(element)).collect();
    let bodies = reader.named(bodies, &lines);
    requirements::ordered(bodies, &lines, flaws)
}

/// Whether the namespace is that of the decisions of some version, and not of their drawing.
fn is_model(address: &str) -> bool {
    address.trim_end_matches('/').ends_with("MODEL")
}

/// Whether it is the DMN element of a name.
fn is(element: &Element, name: &str) -> bool {
    element.space == Space::Dmn && element.name == name
}

/// The id under which people find an element: its own, or that of what it is part of.
fn id_of(element: &Element) -> &str {
    if element.id().is_empty() { &element.owner } else { element.id() }
}

struct Reader<'a> {
    flaws: &'a mut Flaws,
    /// The language of expressions that name none.
    language: cells::Language,
    /// The places of the decisions by id.
    places: BTreeMap<String, usize>,
    /// The ids of the input data.
    inputs: BTreeSet<String>,
}

impl Reader<'_> {
    fn children<'e>(&mut self, root: &'e Element) -> Vec<&'e Element> {
        let mut decisions = Vec::new();
        for child in &root.children {
            match child.name.as_str() {
                _ if self.is_documentation(child) => {}
                _ if child.space != Space::Dmn => child.refuse(root, self.flaws),
                "decision" => {
                    let place = decisions.len();
                    let id = self.id(child);
                    self.places.entry(id).or_insert(place);
                    decisions.push(child);
                }
                "inputData" => {
                    let id = self.id(child);
                    self.inputs.insert(id);
                }
                _ => self.unsupported(child),
            }
        }
        if decisions.is_empty() {
            self.flaws.add("no-decision", "", root.line, "the file has no decision; add one");
        }
        if decisions.len() > MOST_DECISIONS {
            let message = format!("the file has more than {MOST_DECISIONS} decisions; split it up");
            self.flaws.add("too-large", "", root.line, message);
            decisions.clear();
        }
        decisions
    }

    /// An id must be there, once.
    fn id(&mut self, element: &Element) -> String {
        let id = element.required("id", self.flaws);
        if id.len() > LONGEST_ID {
            let message = format!("the id is longer than {LONGEST_ID} bytes");
            self.flaws.add("invalid-id", &id, element.line, message);
        }
        if !id.is_empty() && (self.places.contains_key(&id) || self.inputs.contains(&id)) {
            let message = "the id is already taken; give this one another";
            self.flaws.add("duplicate-id", &id, element.line, message);
        }
        id
    }

    /// Whether an element is only for people and modelers; what they put into it is looked at.
    fn is_documentation(&mut self, element: &Element) -> bool {
        if matches!(element.space, Space::Drawing | Space::Modeler) {
            return true;
        }
        if is(element, "extensionElements") {
            for child in &element.children {
                if !matches!(child.space, Space::Drawing | Space::Modeler) {
                    child.refuse(element, self.flaws);
                }
            }
        }
        element.space == Space::Dmn && DOCUMENTATION.contains(&element.name.as_str())
    }

    fn unsupported(&mut self, element: &Element) {
        let name = crate::excerpt(&element.name);
        let message = format!(
            "{name} is not supported; use decisions with a decisionTable or a literalExpression"
        );
        self.flaws.add("unsupported-element", id_of(element), element.line, message);
    }

    fn decision(&mut self, element: &Element) -> Body {
        element.allow(&["id", "name", "label"], &["historyTimeToLive", "versionTag"], self.flaws);
        element.no_text(self.flaws);
        let mut name = String::new();
        let mut requires = Vec::new();
        let mut variable = None;
        let mut logics = Vec::new();
        let mut refused = false;
        for child in &element.children {
            match child.name.as_str() {
                _ if self.is_documentation(child) => {}
                _ if child.space != Space::Dmn => child.refuse(element, self.flaws),
                "variable" => {
                    child.allow(&["id", "name", "label", "typeRef"], &[], self.flaws);
                    name = child.title();
                    variable = self.sort(child);
                }
                "informationRequirement" => requires.extend(self.requirement(child)),
                "decisionTable" | "literalExpression" => logics.push(child),
                "knowledgeRequirement" => {
                    let message = "knowledgeRequirement is not supported, for business knowledge \
                                   models are not; write what it does into the decision";
                    self.flaws.add("unsupported-element", id_of(element), child.line, message);
                }
                _ => {
                    self.unsupported(child);
                    refused = true;
                }
            }
        }
        let logic = match logics[..] {
            [table] if table.name == "decisionTable" => Logic::Table(self.table(table)),
            [literal] => self.literal(literal, variable),
            _ => {
                if !refused {
                    let message = "a decision has one decisionTable or one literalExpression";
                    self.flaws.add("one-logic", element.id(), element.line, message);
                }
                Logic::Literal { expression: cells::null(), sort: None }
            }
        };
        let (id, title) = (element.id().trim().to_owned(), element.title());
        Body { id, name: title, variable: name, requires, logic }
    }

    /// The decision that is required, if it is not input data.
    fn requirement(&mut self, element: &Element) -> Option<Required> {
        element.allow(&["id", "label"], &[], self.flaws);
        element.no_text(self.flaws);
        let mut found = None;
        let mut count = 0;
        for child in &element.children {
            if self.is_documentation(child) {
                continue;
            }
            if !is(child, "requiredDecision") && !is(child, "requiredInput") {
                child.refuse(element, self.flaws);
                continue;
            }
            count += 1;
            child.allow(&["href"], &[], self.flaws);
            let href = child.required("href", self.flaws);
            let Some(id) = href.strip_prefix('#') else {
                if !href.is_empty() {
                    let href = crate::excerpt(&href);
                    let message =
                        format!("{href} is not in this file; a requirement begins with #");
                    self.flaws.add("dangling-reference", id_of(element), child.line, message);
                }
                continue;
            };
            let place = self.places.get(id).copied();
            let known = match child.name.as_str() {
                "requiredDecision" => place.is_some(),
                _ => self.inputs.contains(id),
            };
            if !known {
                let id = crate::excerpt(id);
                let what = if child.name == "requiredInput" { "inputData" } else { "decision" };
                let message = format!("there is no {what} {id} in this file");
                self.flaws.add("dangling-reference", id_of(element), child.line, message);
            } else if child.name == "requiredDecision" {
                found = place.map(|place| Required { place, names: Vec::new() });
            }
        }
        if count != 1 {
            let message = "informationRequirement has one requiredDecision or one requiredInput";
            self.flaws.add("one-requirement", id_of(element), element.line, message);
        }
        found
    }

    fn literal(&mut self, element: &Element, variable: Option<Sort>) -> Logic {
        let cell = self.cell(element, &["typeRef"]);
        let sort = self.sort(element).or(variable);
        let expression = self.expression(&cell, "the literalExpression", false);
        if let Some(complaint) = expression.constant().and_then(|v| Sort::complaint(sort, v)) {
            let message = format!("the result {complaint}");
            self.flaws.add("wrong-type", cell.id, cell.line, message);
        }
        Logic::Literal { expression, sort }
    }

    /// Gives each requirement the names of the decision that it requires.
    fn named(&mut self, mut bodies: Vec<Body>, lines: &[u32]) -> Vec<Body> {
        let names: Vec<Vec<String>> = bodies.iter().map(Body::names).collect();
        for (body, line) in bodies.iter_mut().zip(lines) {
            let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
            for required in &mut body.requires {
                required.names.clone_from(&names[required.place]);
                for name in &names[required.place] {
                    let first = *taken.entry(name).or_insert(required.place);
                    if first != required.place {
                        let name = crate::excerpt(name);
                        let message = format!("two required decisions are called {name}");
                        self.flaws.add("ambiguous-name", &body.id, *line, message);
                    }
                }
            }
        }
        bodies
    }
}
