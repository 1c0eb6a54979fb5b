//! Reading definitions written in YAML: a list of steps, each leading to the next.
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

mod form;
mod steps;
mod tree;

use crate::draft::{Draft, Flaws};
use crate::process::Heading;
use form::Form;

const PROCESS: [&str; 6] = ["name", "id", "description", "defaultLanguage", "languages", "steps"];

/// Reads a YAML text into a draft, or says why it cannot be one.
pub(crate) fn read(text: &str, flaws: &mut Flaws) -> Option<Draft> {
    let tree = tree::read(text, flaws)?;
    let form = Form::of(&tree, "a definition", &PROCESS, flaws)?;
    let name = form.text("name", flaws);
    let id = form.text("id", flaws).or_else(|| name.as_deref().map(identifier));
    form.text("description", flaws);
    if id.is_none() {
        flaws.add("missing-key", "", tree.line, "a definition needs a name");
    }
    let supported_languages = form
        .list("languages", flaws)
        .iter()
        .filter_map(|item| {
            let text = form::scalar_text(item);
            if text.is_none() {
                flaws.add("wrong-shape", "", item.line, "a language is a text such as en");
            }
            text
        })
        .collect();
    let heading = Heading {
        id: id.unwrap_or_default(),
        name: name.unwrap_or_default(),
        default_language: form.text("defaultLanguage", flaws),
        supported_languages,
        version_tag: None,
    };
    let steps = form.list("steps", flaws);
    if steps.is_empty() {
        flaws.add("missing-key", "", tree.line, "a definition needs steps, at least one");
        return None;
    }
    let (nodes, flows) = steps::read(steps, flaws);
    Some(Draft { heading, line: tree.line, nodes, flows, ..Draft::default() })
}

/// An id made of a name: lower case, with hyphens between the words.
fn identifier(name: &str) -> String {
    let mut id = String::new();
    for character in name.chars() {
        if character.is_alphanumeric() {
            id.extend(character.to_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_end_matches('-').into()
}
