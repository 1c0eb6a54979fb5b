//! Reading a BPMN file: from the tree of its XML to a draft.

use super::element::{Element, Space};
use super::{events, extensions, tasks, xml};
use crate::TaskKind;
use crate::catalog::Catalog;
use crate::draft::{Draft, DraftFlow, DraftKind, DraftNode, Flaws};
use crate::process::Heading;
use std::collections::BTreeMap;

/// Attributes of a process that change nothing about what runs here.
const PROCESS: [&str; 5] = ["id", "name", "processType", "isClosed", "isExecutable"];
const CAMUNDA_PROCESS: [&str; 7] = [
    "defaultLanguage",
    "supportedLanguages",
    "historyTimeToLive",
    "versionTag",
    "isStartableInTasklist",
    "candidateStarterGroups",
    "candidateStarterUsers",
];

/// Reads a BPMN text into a draft, or says why it cannot be one.
pub(crate) fn read(text: &str, catalog: &Catalog, flaws: &mut Flaws) -> Option<Draft> {
    let root = xml::read(text, flaws)?;
    if !root.is("definitions") {
        let name = crate::excerpt(&root.name);
        let message = format!("a BPMN file begins with definitions of BPMN 2.0, not with {name}");
        flaws.add("not-bpmn", "", root.line, message);
        return None;
    }
    let plain = [
        "id",
        "name",
        "targetNamespace",
        "expressionLanguage",
        "typeLanguage",
        "exporter",
        "exporterVersion",
    ];
    root.allow(&plain, &["diagramRelationId"], flaws);
    root.no_text(flaws);
    extensions::none(&root, flaws);
    let mut processes = Vec::new();
    let mut errors = BTreeMap::new();
    let mut ids = Vec::new();
    for child in &root.children {
        match child.name.as_str() {
            _ if child.space == Space::Drawing => {}
            _ if child.space != Space::Bpmn => child.refuse(&root, flaws),
            "process" => processes.push(child),
            "error" => {
                errors.insert(child.id(), error(child, flaws));
                ids.push((child.id().to_owned(), child.line));
            }
            "documentation" | "extensionElements" | "category" => {}
            _ => unsupported(child, flaws),
        }
    }
    let [process] = processes[..] else {
        let line = processes.get(1).map_or(root.line, |second| second.line);
        let message = format!("a file holds one process, not {}", processes.len());
        flaws.add("one-process", "", line, message);
        return None;
    };
    let mut reader = Reader { catalog, flaws, errors, ids, draft: Draft::default(), ends: vec![] };
    reader.process(process);
    Some(reader.draft)
}

/// The code of an error element.
fn error<'a>(element: &'a Element, flaws: &mut Flaws) -> Option<&'a str> {
    element.allow(&["id", "name", "errorCode", "structureRef"], &["errorMessage"], flaws);
    element.required("id", flaws);
    let code = ["errorCode", "name"].into_iter().find_map(|name| element.plain(name));
    let code = code.map(str::trim).filter(|code| !code.is_empty());
    if code.is_none() {
        let message = "error needs the attribute errorCode";
        flaws.add("missing-attribute", element.id(), element.line, message);
    }
    code
}

fn unsupported(element: &Element, flaws: &mut Flaws) {
    let name = crate::excerpt(&element.name);
    let message = format!(
        "{name} is not supported; use start and end events, service and user tasks, exclusive and \
         parallel gateways, error and timer boundary events"
    );
    flaws.add("unsupported-element", element.id(), element.line, message);
}

struct Reader<'a> {
    catalog: &'a Catalog,
    flaws: &'a mut Flaws,
    /// The codes of the error elements by id; `None` for one without a code.
    errors: BTreeMap<&'a str, Option<&'a str>>,
    ids: Vec<(String, u32)>,
    draft: Draft,
    /// Flows as the nodes list them: the node, whether it leaves it, the flow, the line.
    ends: Vec<(String, bool, String, u32)>,
}

impl Reader<'_> {
    fn process(&mut self, process: &Element) {
        process.allow(&PROCESS, &CAMUNDA_PROCESS, self.flaws);
        process.no_text(self.flaws);
        extensions::none(process, self.flaws);
        if process.plain("isExecutable") == Some("false") {
            let message = "the process is not executable; set isExecutable to true";
            self.flaws.add("not-executable", process.id(), process.line, message);
        }
        let language = process.camunda("defaultLanguage").map(str::trim);
        let languages = process.camunda("supportedLanguages").unwrap_or_default().split(',');
        let languages = languages.map(str::trim).filter(|language| !language.is_empty());
        self.draft.line = process.line;
        self.draft.heading = Heading {
            id: process.required("id", self.flaws),
            name: process.title(),
            default_language: language.filter(|l| !l.is_empty()).map(str::to_owned),
            supported_languages: languages.map(str::to_owned).collect(),
            version_tag: process.camunda("versionTag").map(str::to_owned),
        };
        for child in &process.children {
            self.child(process, child);
        }
        self.compare_ends();
        self.ids.push((process.id().to_owned(), process.line));
        self.draft.further_ids = std::mem::take(&mut self.ids);
    }

    fn child(&mut self, process: &Element, child: &Element) {
        if child.space != Space::Bpmn {
            return child.refuse(process, self.flaws);
        }
        let kind = match child.name.as_str() {
            "documentation" | "extensionElements" => return,
            "textAnnotation" | "association" | "group" => return self.artifact(child),
            "sequenceFlow" => return self.flow(child),
            "startEvent" => events::start(child, self.flaws),
            "endEvent" => events::end(child, self.flaws),
            "boundaryEvent" => events::boundary(child, &self.errors, self.flaws),
            "serviceTask" => {
                let service = TaskKind::Service;
                DraftKind::Activity(Box::new(tasks::read(child, service, self.catalog, self.flaws)))
            }
            "userTask" => {
                let user = TaskKind::User;
                DraftKind::Activity(Box::new(tasks::read(child, user, self.catalog, self.flaws)))
            }
            "exclusiveGateway" => self.gateway(child, DraftKind::Exclusive),
            "parallelGateway" => self.gateway(child, DraftKind::Parallel),
            _ => {
                unsupported(child, self.flaws);
                if child.id().is_empty() {
                    return;
                }
                DraftKind::Refused
            }
        };
        if !matches!(kind, DraftKind::Refused) {
            self.contents(child);
        }
        self.draft.nodes.push(DraftNode {
            id: child.required("id", self.flaws),
            name: child.title(),
            line: child.line,
            kind,
            parent: None,
            default: child.plain("default").map(str::to_owned),
            refused: false,
        });
    }

    fn gateway(&mut self, element: &Element, kind: DraftKind) -> DraftKind {
        element.allow(&["id", "name", "default", "gatewayDirection"], &[], self.flaws);
        extensions::none(element, self.flaws);
        kind
    }

    /// The children that every node may have; the others are refused.
    fn contents(&mut self, node: &Element) {
        node.no_text(self.flaws);
        for child in &node.children {
            match child.name.as_str() {
                _ if child.space != Space::Bpmn => child.refuse(node, self.flaws),
                "incoming" | "outgoing" => {
                    child.allow(&[], &[], self.flaws);
                    child.children.iter().for_each(|inner| inner.refuse(node, self.flaws));
                    let leaves = child.name == "outgoing";
                    let flow = child.text.trim().to_owned();
                    self.ends.push((node.id().to_owned(), leaves, flow, child.line));
                }
                "documentation" | "extensionElements" => {}
                _ if events::is_trigger(child) && node.name.ends_with("Event") => {}
                _ => {
                    let (name, element) = (crate::excerpt(&child.name), &node.name);
                    let message = format!("{name} in {element} is not supported; take it away");
                    self.flaws.add("unsupported-element", node.id(), child.line, message);
                }
            }
        }
    }

    /// Text annotations, associations and groups say something to people only.
    fn artifact(&mut self, element: &Element) {
        let id = element.id();
        if !id.is_empty() {
            self.ids.push((id.to_owned(), element.line));
        }
    }

    fn flow(&mut self, element: &Element) {
        element.allow(&["id", "name", "sourceRef", "targetRef", "isImmediate"], &[], self.flaws);
        element.no_text(self.flaws);
        extensions::none(element, self.flaws);
        let mut condition = None;
        for child in &element.children {
            match child.name.as_str() {
                _ if child.space != Space::Bpmn => child.refuse(element, self.flaws),
                "documentation" | "extensionElements" => {}
                "conditionExpression" if condition.is_none() => {
                    child.allow(&["id", "language"], &[], self.flaws);
                    child.children.iter().for_each(|inner| inner.refuse(element, self.flaws));
                    if child.plain("language").is_some_and(|l| !l.eq_ignore_ascii_case("juel")) {
                        child.only("language", "juel", self.flaws);
                    }
                    condition = Some(child.text.trim().to_owned());
                }
                _ => child.refuse(element, self.flaws),
            }
        }
        self.draft.flows.push(DraftFlow {
            id: element.required("id", self.flaws),
            name: element.title(),
            line: element.line,
            source: element.required("sourceRef", self.flaws),
            target: element.required("targetRef", self.flaws),
            condition,
        });
    }

    /// What nodes list as incoming and outgoing must be what the flows say.
    fn compare_ends(&mut self) {
        let flows: BTreeMap<&str, &DraftFlow> =
            self.draft.flows.iter().map(|flow| (flow.id.as_str(), flow)).collect();
        for (node, leaves, id, line) in &self.ends {
            let word = if *leaves { "outgoing" } else { "incoming" };
            let shown = crate::excerpt(id);
            let message = match flows.get(id.as_str()) {
                None => format!("{word} names the flow {shown}, which does not exist"),
                Some(flow) if (if *leaves { &flow.source } else { &flow.target }) != node => {
                    format!("{word} names the flow {shown}, which says otherwise; correct one")
                }
                Some(_) => continue,
            };
            self.flaws.add("dangling-reference", node, *line, message);
        }
    }
}
