//! Definitions written in YAML: a list of steps, each leading to the next (see `YAML.md`).
//!
//! ```yaml
//! name: Join
//! steps:
//!   - activity: addUser
//!     with: { storeName: demo, userExternalId: "${_initVars.userExternalId}" }
//!     on:
//!       - error: ExtIdNotUnique
//!         then: known
//!   - end: Joined
//!   - end: Known
//! ```

mod activities;
mod emit;
mod events;
mod flows;
mod form;
mod keys;
pub(crate) mod naming;
mod scope;
mod steps;
mod tree;
mod write;

pub use write::{write_yaml, write_yaml_all};

use crate::draft::{Draft, Flaws};
use crate::process::Heading;
use crate::timer::time_to_live as time_to_live_of;
use form::Form;
use steps::Reader;
use tree::Node;

const PROCESS: [&str; 11] = [
    "name",
    "id",
    "description",
    "versionTag",
    "historyTimeToLive",
    "defaultLanguage",
    "languages",
    "variables",
    "startless",
    "steps",
    "events",
];

/// Reads a YAML text into drafts, one for each of its documents, or says why it cannot be any.
pub(crate) fn read(text: &str, flaws: &mut Flaws) -> Option<Vec<Draft>> {
    let documents = tree::read(text, flaws)?;
    if documents.is_empty() {
        let message = format!("a definition is a map with keys such as {}", PROCESS.join(", "));
        flaws.add("wrong-shape", "", 1, message);
        return None;
    }
    documents.iter().map(|document| definition(document, flaws)).collect()
}

/// Reads a YAML text that holds one definition.
pub(crate) fn read_one(text: &str, flaws: &mut Flaws) -> Option<Draft> {
    let mut drafts = read(text, flaws)?;
    if drafts.len() > 1 {
        let message = format!("a text holds one definition here, not {}", drafts.len());
        flaws.add("one-process", "", drafts[1].line, message);
        return None;
    }
    drafts.pop()
}

fn definition(document: &Node, flaws: &mut Flaws) -> Option<Draft> {
    let form = Form::of(document, "a definition", &PROCESS, flaws)?;
    let name =
        form.text("name", flaws).map(|name| crate::title(&name)).filter(|name| !name.is_empty());
    let written = form.text("id", flaws);
    let made = written.is_none();
    let id = written.or_else(|| name.as_deref().map(|name| naming::process(name, |_| false)));
    if id.is_none() {
        flaws.add("missing-key", "", document.line, "a definition needs a name");
    }
    let mut heading = Heading {
        id: id.unwrap_or_default(),
        name: name.unwrap_or_default(),
        default_language: form.text("defaultLanguage", flaws),
        supported_languages: languages(&form, flaws),
        version_tag: form.text("versionTag", flaws),
        description: form.description(flaws),
        history_time_to_live: time_to_live(&form, flaws),
    };
    let line = form.line_of(if form.has("id") { "id" } else { "name" });
    let variables = form.variables(&heading.id, flaws);
    if form.list("steps", flaws).is_empty() {
        flaws.add("missing-key", "", document.line, "a definition needs steps, at least one");
        return None;
    }
    let mut reader = Reader::new(flaws);
    reader.process(&form);
    let read = reader.finish();
    if made {
        heading.id = naming::process(&heading.name, |id| read.nodes.iter().any(|n| n.id == id));
    }
    let further_ids = vec![(heading.id.clone(), line)];
    Some(Draft { heading, line: document.line, variables, further_ids, ..read })
}

/// How long finished instances are kept.
fn time_to_live(form: &Form<'_>, flaws: &mut Flaws) -> Option<String> {
    let text = form.text("historyTimeToLive", flaws)?;
    let line = form.line_of("historyTimeToLive");
    time_to_live_of(&text).map_err(|told| flaws.add("wrong-type", "", line, told)).ok()
}

fn languages(form: &Form<'_>, flaws: &mut Flaws) -> Vec<String> {
    let mut languages = Vec::new();
    for item in form.list("languages", flaws) {
        match form::scalar_text(item) {
            Some(language) => languages.push(language),
            None => flaws.add("wrong-shape", "", item.line, "a language is a text such as en"),
        }
    }
    languages
}
