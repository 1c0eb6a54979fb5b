//! An element of the XML tree, and what its attributes and children may be.

use crate::draft::Flaws;

/// The namespaces that files of this dialect use, known by their address and not by prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    None,
    Bpmn,
    /// Decisions, DMN 1.1 to 1.3.
    Dmn,
    /// Diagram interchange: shapes, edges, bounds and way points.
    Drawing,
    Camunda,
    /// What modelers note for themselves: versions and colours.
    Modeler,
    /// XML and XML Schema instance.
    Schema,
    Unknown,
}

impl Space {
    pub(crate) fn of(address: &str) -> Space {
        match address {
            "http://www.omg.org/spec/BPMN/20100524/MODEL" => Space::Bpmn,
            "https://www.omg.org/spec/DMN/20191111/MODEL/"
            | "http://www.omg.org/spec/DMN/20180521/MODEL/"
            | "http://www.omg.org/spec/DMN/20151101/dmn.xsd" => Space::Dmn,
            "http://www.omg.org/spec/BPMN/20100524/DI"
            | "http://www.omg.org/spec/DD/20100524/DC"
            | "http://www.omg.org/spec/DD/20100524/DI"
            | "https://www.omg.org/spec/DMN/20191111/DMNDI/"
            | "http://www.omg.org/spec/DMN/20180521/DMNDI/"
            | "http://www.omg.org/spec/DMN/20180521/DC/"
            | "http://www.omg.org/spec/DMN/20180521/DI/" => Space::Drawing,
            "http://camunda.org/schema/1.0/bpmn" | "http://camunda.org/schema/1.0/dmn" => {
                Space::Camunda
            }
            "http://camunda.org/schema/modeler/1.0"
            | "http://bpmn.io/schema/dmn/biodi/1.0"
            | "http://bpmn.io/schema/dmn/biodi/2.0"
            | "http://bpmn.io/schema/bpmn/biocolor/1.0"
            | "http://www.omg.org/spec/BPMN/non-normative/color/1.0" => Space::Modeler,
            "http://www.w3.org/2001/XMLSchema-instance"
            | "http://www.w3.org/XML/1998/namespace" => Space::Schema,
            _ => Space::Unknown,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) space: Space,
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) space: Space,
    pub(crate) name: String,
    pub(crate) line: u32,
    /// The id under which people know it: its own, or that of the node or flow it is part of.
    pub(crate) owner: String,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) children: Vec<Element>,
    /// All text directly inside, joined.
    pub(crate) text: String,
}

/// Attributes that every node may carry; they change nothing about what runs here.
const HARMLESS: [&str; 10] = [
    "skyId",
    "description",
    "asyncBefore",
    "asyncAfter",
    "exclusive",
    "jobPriority",
    "taskPriority",
    "modelerTemplate",
    "modelerTemplateVersion",
    "modelerTemplateIcon",
];

impl Element {
    /// Whether it is the BPMN element of a name.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.space == Space::Bpmn && self.name == name
    }

    /// Whether it is the `camunda:` element of a name.
    pub(crate) fn is_camunda(&self, name: &str) -> bool {
        self.space == Space::Camunda && self.name == name
    }

    /// The value of an attribute without prefix.
    pub(crate) fn plain(&self, name: &str) -> Option<&str> {
        self.attribute(Space::None, name)
    }

    /// The value of a `camunda:` attribute.
    pub(crate) fn camunda(&self, name: &str) -> Option<&str> {
        self.attribute(Space::Camunda, name)
    }

    fn attribute(&self, space: Space, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|a| a.space == space && a.name == name);
        found.map(|attribute| attribute.value.as_str())
    }

    /// The id, or nothing.
    pub(crate) fn id(&self) -> &str {
        self.plain("id").unwrap_or_default()
    }

    /// The name for people; line breaks in it count as blanks.
    pub(crate) fn title(&self) -> String {
        let words = self.plain("name").unwrap_or_default().split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    }

    /// An attribute that must be there.
    pub(crate) fn required(&self, name: &str, flaws: &mut Flaws) -> String {
        match self.plain(name).map(str::trim) {
            Some(value) if !value.is_empty() => value.to_owned(),
            _ => {
                let message = format!("{} needs the attribute {name}", self.name);
                flaws.add("missing-attribute", &self.owner, self.line, message);
                String::new()
            }
        }
    }

    /// Refuses attributes that are not listed. What only a modeler reads is always allowed.
    pub(crate) fn allow(&self, plain: &[&str], camunda: &[&str], flaws: &mut Flaws) {
        for Attribute { space, name, .. } in &self.attributes {
            let known = match space {
                Space::None => plain.contains(&name.as_str()),
                Space::Camunda => {
                    camunda.contains(&name.as_str()) || HARMLESS.contains(&name.as_str())
                }
                Space::Modeler | Space::Schema => true,
                _ => false,
            };
            if !known {
                let prefix = if *space == Space::Camunda { "camunda:" } else { "" };
                let known = plain.iter().chain(camunda).copied();
                let hint = flaws.hint(name, known);
                let advice = if hint.is_empty() { "; take it away".into() } else { hint };
                let (element, name) = (&self.name, crate::excerpt(name));
                let message =
                    format!("the attribute {prefix}{name} of {element} is not understood{advice}");
                flaws.add("unknown-attribute", &self.owner, self.line, message);
            }
        }
    }

    /// Refuses an attribute that is there with another value than the only one that works.
    pub(crate) fn only(&self, name: &str, value: &str, flaws: &mut Flaws) {
        if let Some(other) = self.plain(name).filter(|other| *other != value) {
            let (element, other) = (&self.name, crate::excerpt(other));
            let message =
                format!("{name}=\"{other}\" of {element} is not supported; only {value} is");
            flaws.add("unsupported-value", &self.owner, self.line, message);
        }
    }

    /// Refuses text that stands between child elements.
    pub(crate) fn no_text(&self, flaws: &mut Flaws) {
        if !self.text.trim().is_empty() {
            let message = format!("there is stray text in {}; take it away", self.name);
            flaws.add("stray-text", &self.owner, self.line, message);
        }
    }

    /// Refuses the element as a child of another.
    pub(crate) fn refuse(&self, parent: &Element, flaws: &mut Flaws) {
        let (name, parent) = (crate::excerpt(&self.name), &parent.name);
        let message = format!("{name} in {parent} is not understood; take it away");
        flaws.add("unknown-element", &self.owner, self.line, message);
    }
}
