//! Reading a BPMN file: from the tree of its XML to a draft of each process that runs.

use super::element::Element;
use super::pools::is_executable;
use super::reader::{Holder, Reader};
use super::{ids, references, roots, xml};
use crate::catalog::Catalog;
use crate::draft::{Draft, Flaws};
use crate::process::Heading;
use crate::timer::time_to_live;
use std::collections::BTreeMap;

/// Attributes of a process that change nothing about what runs here.
const PROCESS: [&str; 6] =
    ["id", "name", "processType", "isClosed", "isExecutable", "definitionalCollaborationRef"];
const CAMUNDA_PROCESS: [&str; 7] = [
    "defaultLanguage",
    "supportedLanguages",
    "historyTimeToLive",
    "versionTag",
    "isStartableInTasklist",
    "candidateStarterGroups",
    "candidateStarterUsers",
];

/// Reads a BPMN text into a draft of each of its executable processes, in the order of the text.
pub(crate) fn read(text: &str, catalog: &Catalog, flaws: &mut Flaws) -> Vec<Draft> {
    let Some(mut root) = xml::read(text, flaws) else { return Vec::new() };
    if !root.is("definitions") {
        let name = crate::excerpt(&root.name);
        let message = format!("a BPMN file begins with definitions of BPMN 2.0, not with {name}");
        flaws.add("not-bpmn", "", root.line, message);
        return Vec::new();
    }
    if !references::settle(&mut root, flaws) {
        return Vec::new();
    }
    ids::give(&mut root);
    let file = roots::read(&root, flaws);
    if file.processes.is_empty() {
        flaws.add("one-process", "", root.line, "a file holds one process, not 0");
    }
    let mut drafts = Vec::new();
    for process in file.processes.iter().filter(|process| is_executable(process)) {
        let mut reader = Reader::new(catalog, &file, flaws);
        reader.process(process);
        drafts.push(reader.finish());
    }
    if let (true, [process, ..]) = (drafts.is_empty(), &file.processes[..]) {
        let message = "the process is not executable; set isExecutable to true";
        flaws.add("not-executable", process.id(), process.line, message);
    }
    once_in_the_file(&mut drafts, &file.ids, flaws);
    drafts
}

/// Reads a BPMN text that holds one executable process.
pub(crate) fn read_one(text: &str, catalog: &Catalog, flaws: &mut Flaws) -> Option<Draft> {
    let mut drafts = read(text, catalog, flaws);
    if let [_, second, ..] = &drafts[..] {
        let message = format!("a file holds one process, not {}", drafts.len());
        flaws.add("one-process", "", second.line, message);
        return None;
    }
    drafts.pop()
}

/// Each id stands once in the whole file; the check looks at each process by itself.
fn once_in_the_file(drafts: &mut [Draft], roots: &[(String, u32)], flaws: &mut Flaws) {
    let mut seen: BTreeMap<String, (usize, u32)> = BTreeMap::new();
    for (position, draft) in drafts.iter_mut().enumerate() {
        if position == 0 {
            draft.further_ids.extend_from_slice(roots);
        }
        let nodes = draft.nodes.iter().map(|node| (node.id.clone(), node.line));
        let flows = draft.flows.iter().map(|flow| (flow.id.clone(), flow.line));
        for (id, line) in nodes.chain(flows).chain(draft.further_ids.iter().cloned()) {
            let (place, first) = *seen.entry(id.clone()).or_insert((position, line));
            if place != position && !id.is_empty() {
                let message =
                    format!("the id is already taken on line {first}; give this one another");
                flaws.add("duplicate-id", &id, line, message);
            }
        }
    }
}

/// What is said of an element for people.
pub(super) fn documentation(element: &Element) -> Option<String> {
    let texts = element.all("documentation").map(Element::words);
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

impl<'x> Reader<'x, '_> {
    /// How long finished instances are kept.
    fn time_to_live(&mut self, process: &Element) -> Option<String> {
        let text = process.given_camunda("historyTimeToLive")?;
        time_to_live(text).map_err(|told| process.tell(self.flaws, "unsupported-value", told)).ok()
    }

    fn process(&mut self, process: &'x Element) {
        process.allow(&PROCESS, &CAMUNDA_PROCESS, self.flaws);
        process.no_text(self.flaws);
        let found = self.extensions(process, &["zeebe:versionTag"]);
        process.truth("isExecutable", true, self.flaws);
        let mut version_tag = process.camunda("versionTag").map(str::to_owned);
        if let Some(tag) = found.one("zeebe:versionTag", self.flaws) {
            tag.allow(&["value"], &[], self.flaws);
            version_tag = tag.given("value").map(str::to_owned);
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
            version_tag,
            description: documentation(process),
            history_time_to_live: self.time_to_live(process),
        };
        self.survey(process);
        self.draft.variables = self.variables(process);
        let before = self.flaws.count();
        for subscription in process.all("correlationSubscription") {
            self.subscription(subscription);
        }
        self.misbound = self.flaws.count() > before;
        self.contents(Holder { element: process, parent: None });
        self.set_by_process(process);
        self.draft.further_ids.push((process.id().to_owned(), process.line));
    }
}
