//! Rules about ids: each is there, is well formed, and stands once.

use crate::draft::{Draft, Flaws};
use std::collections::BTreeMap;

/// The longest id in characters.
const LONGEST: usize = 200;

pub(super) fn check(draft: &Draft, flaws: &mut Flaws) {
    let nodes = draft.nodes.iter().map(|node| (node.id.as_str(), node.line));
    let flows = draft.flows.iter().map(|flow| (flow.id.as_str(), flow.line));
    let further = draft.further_ids.iter().map(|(id, line)| (id.as_str(), *line));
    well_formed(&draft.heading.id, draft.line, flaws);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for (id, line) in nodes.chain(flows).chain(further) {
        if id.is_empty() {
            continue; // Reported as a missing attribute.
        }
        if let Some(first) = seen.get(id) {
            let message = format!("the id is already taken on line {first}; give this one another");
            flaws.add("duplicate-id", id, line, message);
            continue;
        }
        seen.insert(id, line);
        if id != draft.heading.id {
            well_formed(id, line, flaws);
        }
    }
}

fn well_formed(id: &str, line: u32, flaws: &mut Flaws) {
    if !id.is_empty() && !is_well_formed(id) {
        let message = "an id begins with a letter or an underscore, goes on with letters, digits, \
                       dots, hyphens and underscores, and has at most 200 of them";
        flaws.add("invalid-id", id, line, message);
    }
}

/// Whether a text is a name without colon (XML 1.0 §2.3) of bearable length.
fn is_well_formed(id: &str) -> bool {
    let mut characters = id.chars();
    let first = characters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let rest = characters.all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    first && rest && id.chars().count() <= LONGEST
}
