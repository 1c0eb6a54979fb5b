//! Writing a process as YAML: short and canonical, without what is implied.

mod activities;
mod events;
mod flows;
mod order;
mod scope;
mod values;

use super::emit::{Entries, Out, document};
use super::naming;
use crate::process::{Place, Process};
use std::collections::BTreeMap;

/// Writes a process as YAML that means the same; what is implied is left out.
///
/// Lines, ids of flows and the diagram of a BPMN file do not survive, for they mean nothing.
pub fn write_yaml(process: &Process) -> String {
    let writer = Writer::of(process);
    let mut entries = Entries::default();
    let (id, name) = (process.id(), process.name());
    let taken = |id: &str| process.nodes().any(|(_, node)| node.id.as_str() == id);
    if naming::process(name, taken) != id {
        entries.text("id", id);
    }
    entries.said("name", name);
    entries.some("description", described(process.description()));
    entries.some("versionTag", process.version_tag().map(|tag| Out::Text(tag.into())));
    let kept = process.history_time_to_live();
    entries.some("historyTimeToLive", kept.map(|time| Out::Text(time.into())));
    let language = process.default_language();
    entries.some("defaultLanguage", language.map(|language| Out::Text(language.into())));
    let languages = process.supported_languages().iter();
    let languages: Vec<Out> = languages.map(|language| Out::Text(language.clone())).collect();
    if !languages.is_empty() {
        entries.put("languages", Out::List(languages));
    }
    writer.contents(None, false, &mut entries);
    document(&entries.0)
}

/// A note for people.
fn described(description: Option<&str>) -> Option<Out> {
    description.map(|text| Out::Text(text.into()))
}

/// Writes several processes into one text, each as a document of its own.
pub fn write_yaml_all(processes: &[Process]) -> String {
    processes.iter().map(write_yaml).collect::<Vec<String>>().join("---\n")
}

/// A process that is being written.
struct Writer<'p> {
    process: &'p Process,
    /// What each scope holds, in the order of the text, without boundary events.
    held: BTreeMap<Option<Place>, Vec<Place>>,
    /// The steps that some other is undone by.
    undoing: Vec<Place>,
}

/// A scope that is being written.
struct Frame<'p> {
    id: Option<&'p str>,
    /// The id that the word `end` stands for.
    end: String,
    /// Whether no step leads on by itself.
    ad_hoc: bool,
}

impl<'p> Writer<'p> {
    fn of(process: &'p Process) -> Writer<'p> {
        let mut held: BTreeMap<Option<Place>, Vec<Place>> = BTreeMap::new();
        let mut undoing = Vec::new();
        for (place, node) in process.nodes() {
            if !matches!(node.kind, crate::Kind::Boundary(_)) {
                held.entry(node.parent).or_default().push(place);
            }
            undoing.extend(node.kind.activity().and_then(|activity| activity.undone_by));
        }
        undoing.sort_unstable();
        Writer { process, held, undoing }
    }

    fn id(&self, place: Place) -> &'p str {
        self.process.node(place).id.as_str()
    }
}
