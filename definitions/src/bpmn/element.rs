//! An element of the XML tree, and what its attributes and children may be.

use super::camunda;
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
    /// The extension elements of Camunda 8.
    Zeebe,
    /// What modelers note for themselves: versions and colours.
    Modeler,
    /// XML and XML Schema instance.
    Schema,
    /// Another engine, by its name and namespace; its words change what is executed.
    Engine(&'static str, &'static str),
    /// Any other, which need not be understood (BPMN 2.0.2 §8.2.3).
    Foreign,
}

/// The namespaces of other engines, by how they begin.
const ENGINES: [(&str, &str); 16] = [
    ("Flowable", "http://flowable.org/"),
    ("Flowable", "http://www.flowable.org/"),
    ("Activiti", "http://activiti.org/"),
    ("Activiti", "http://activiti.com/"),
    ("jBPM", "http://www.jboss.org/"),
    ("jBPM", "http://jboss.org/"),
    ("Bonita", "http://www.bonitasoft."),
    ("another Camunda", "http://camunda.org/schema/"),
    ("Camunda fox", "http://www.camunda.com/fox"),
    ("Operaton", "http://operaton.org/"),
    ("Imixs-Workflow", "http://www.imixs.org/"),
    ("SpiffWorkflow", "http://spiffworkflow.org/"),
    ("ProcessMaker", "http://processmaker.com/"),
    ("Oracle BPM", "http://xmlns.oracle.com/bpm"),
    ("IBM BPM", "http://www.ibm.com/xmlns/"),
    ("SAP Integration", "http:///com.sap."),
];

impl Space {
    /// The prefix by which people know it.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Space::Camunda => "camunda:",
            Space::Zeebe => "zeebe:",
            _ => "",
        }
    }

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
            "http://camunda.org/schema/zeebe/1.0" => Space::Zeebe,
            "http://camunda.org/schema/modeler/1.0"
            | "http://bpmn.io/schema/dmn/biodi/1.0"
            | "http://bpmn.io/schema/dmn/biodi/2.0"
            | "http://bpmn.io/schema/bpmn/biocolor/1.0"
            | "http://www.omg.org/spec/BPMN/non-normative/color/1.0" => Space::Modeler,
            "http://www.w3.org/2001/XMLSchema-instance"
            | "http://www.w3.org/XML/1998/namespace" => Space::Schema,
            _ => ENGINES
                .iter()
                .find(|(_, begin)| address.starts_with(begin))
                .map_or(Space::Foreign, |(name, begin)| Space::Engine(name, begin)),
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
    /// The prefixes that it declares, with their namespaces; that of none is empty.
    pub(crate) bindings: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// All text directly inside, joined.
    pub(crate) text: String,
}

/// Attributes that every node may carry; they change nothing about what runs here.
const HARMLESS: [&str; 14] = [
    "skyId",
    "description",
    "async",
    "dueDate",
    "followUpDate",
    "priority",
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

    /// Whether it is the `zeebe:` element of a name.
    pub(crate) fn is_zeebe(&self, name: &str) -> bool {
        self.space == Space::Zeebe && self.name == name
    }

    /// Whether it is a BPMN element that holds nodes and flows.
    pub(crate) fn is_container(&self) -> bool {
        let sub_process = ["subProcess", "transaction", "adHocSubProcess"];
        self.space == Space::Bpmn
            && (self.name == "process" || sub_process.contains(&self.name.as_str()))
    }

    /// The BPMN elements of a name directly inside.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.is(name))
    }

    /// The text inside, without blanks around it.
    pub(crate) fn words(&self) -> &str {
        self.text.trim()
    }

    /// Reports something that is wrong with the element.
    pub(crate) fn tell(&self, flaws: &mut Flaws, rule: &'static str, message: impl Into<String>) {
        flaws.add(rule, &self.owner, self.line, message);
    }

    /// The value of an attribute without prefix.
    pub(crate) fn plain(&self, name: &str) -> Option<&str> {
        self.attribute(Space::None, name)
    }

    /// The value of a `camunda:` attribute.
    pub(crate) fn camunda(&self, name: &str) -> Option<&str> {
        self.attribute(Space::Camunda, name)
    }

    /// The value of an attribute without prefix that is there and is not blank.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.plain(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// The value of a `camunda:` attribute that is there and is not blank.
    pub(crate) fn given_camunda(&self, name: &str) -> Option<&str> {
        self.camunda(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// What an attribute without prefix says, `true` or `false`.
    pub(crate) fn truth(&self, name: &str, otherwise: bool, flaws: &mut Flaws) -> bool {
        match self.plain(name).map(str::trim) {
            None => otherwise,
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(_) => {
                self.only(name, "true or false", flaws);
                otherwise
            }
        }
    }

    /// The whole number that an attribute without prefix gives, 1 without it.
    pub(crate) fn quantity(&self, name: &str, flaws: &mut Flaws) -> u32 {
        let Some(text) = self.plain(name) else { return 1 };
        text.trim().parse().unwrap_or_else(|_| {
            let (element, text) = (&self.name, crate::excerpt(text));
            let message = format!("{name}=\"{text}\" of {element} is not a whole number");
            self.tell(flaws, "wrong-type", message);
            1
        })
    }

    fn attribute(&self, space: Space, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|a| a.space == space && a.name == name);
        found.map(|attribute| attribute.value.as_str())
    }

    /// The id, or nothing.
    pub(crate) fn id(&self) -> &str {
        self.plain("id").unwrap_or_default()
    }

    /// The name for people.
    pub(crate) fn title(&self) -> String {
        crate::title(self.plain("name").unwrap_or_default())
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
            let listed = |words: &[&str]| words.contains(&name.as_str());
            let known = match space {
                Space::None => listed(plain),
                Space::Camunda => listed(camunda) || listed(&HARMLESS),
                Space::Zeebe => listed(&HARMLESS),
                Space::Modeler | Space::Schema => true,
                _ => false,
            };
            if known {
                continue;
            }
            let (shown, element) = (crate::excerpt(name), &self.name);
            let reason = camunda::reason(name).filter(|_| *space == Space::Camunda);
            let message = match (space, reason) {
                (_, Some(reason)) => {
                    format!("the attribute camunda:{shown} of {element} is not taken: {reason}")
                }
                (Space::Engine(engine, address), None) => {
                    let of = of_engine(engine, address);
                    format!("the attribute {shown} of {element} is {of}")
                }
                _ => {
                    let prefix = space.prefix();
                    let advice = match () {
                        () if listed(plain) => format!("; write {shown} without a prefix"),
                        () if listed(camunda) => format!("; write camunda:{shown}"),
                        () => flaws.hint(name, plain.iter().chain(camunda).copied()),
                    };
                    let advice = if advice.is_empty() { "; take it away".into() } else { advice };
                    format!("the attribute {prefix}{shown} of {element} is not understood{advice}")
                }
            };
            flaws.add("unknown-attribute", &self.owner, self.line, message);
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

    /// Refuses everything inside.
    pub(crate) fn nothing_inside(&self, flaws: &mut Flaws) {
        self.children.iter().for_each(|child| child.refuse(self, flaws));
        self.no_text(flaws);
    }

    /// Refuses everything inside, but for documentation and extension elements.
    pub(crate) fn nothing_inside_but_extensions(&self, flaws: &mut Flaws) {
        for child in &self.children {
            if !child.is("documentation") && !child.is("extensionElements") {
                child.refuse(self, flaws);
            }
        }
        self.no_text(flaws);
    }

    /// Refuses the element as a child of another.
    pub(crate) fn refuse(&self, parent: &Element, flaws: &mut Flaws) {
        let (name, parent) = (crate::excerpt(&self.name), &parent.name);
        let prefix = self.space.prefix();
        let message = match (self.space, camunda::refusal(self.space, &self.name)) {
            (_, Some(reason)) => format!("{prefix}{name} in {parent} is not taken: {reason}"),
            (Space::Engine(engine, address), None) => {
                format!("{name} in {parent} is {}", of_engine(engine, address))
            }
            _ => format!("{name} in {parent} is not understood; take it away"),
        };
        flaws.add("unknown-element", &self.owner, self.line, message);
    }
}

/// Whose a word is that nothing here understands, and what is.
fn of_engine(engine: &str, address: &str) -> String {
    format!(
        "a word of {engine} (namespace {address}…), which is not understood; say it with those of \
         Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn)"
    )
}
