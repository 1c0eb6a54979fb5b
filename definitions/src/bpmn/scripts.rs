//! Scripts in files of their own: they are put where a BPMN text of Camunda 7 refers to them.

use super::element::Space;
use super::xml::LONGEST;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// The scheme of what is deployed together with a definition.
const DEPLOYED: &str = "deployment://";

/// A BPMN text with the scripts in it that it refers to as `camunda:resource="deployment://NAME"`;
/// `script` gives the text of a name. What it does not give, and what is no XML, stays as it is, and
/// is told by whoever reads it.
pub fn with_scripts(text: &str, mut script: impl FnMut(&str) -> Option<String>) -> String {
    let mut reader = NsReader::from_str(text);
    let (mut out, mut copied) = (String::new(), 0);
    loop {
        let begin = position(&reader);
        let Ok(event) = reader.read_event() else { break };
        let (start, empty) = match event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::Eof => break,
            _ => continue,
        };
        let Some(place) = place(&reader, &start) else { continue };
        let Some(found) = script(&place.name) else { continue };
        let found = escape(&found);
        let (tag, before, after) = (place.tag, place.before, place.after);
        out.push_str(&text[copied..begin]);
        out.push_str(&format!("<{tag}{}>{before}{found}{after}", place.attributes));
        if empty {
            out.push_str(&format!("</{tag}>"));
        }
        copied = position(&reader);
        // Such a text is refused as too large.
        if out.len() > LONGEST {
            break;
        }
    }
    out.push_str(&text[copied..]);
    out
}

fn position(reader: &NsReader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or_default()
}

/// An element that refers to a script.
struct Place {
    name: String,
    tag: String,
    /// The other attributes, as they were written.
    attributes: String,
    /// What stands around the script inside.
    before: String,
    after: String,
}

fn place(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Option<Place> {
    let space = |resolved: ResolveResult<'_>| match resolved {
        ResolveResult::Bound(namespace) => Space::of(namespace.into_inner()),
        _ => Space::None,
    };
    let (own, local) = reader.resolver().resolve_element(start.name());
    let wanted = match (space(own), local.into_inner()) {
        (Space::Bpmn, "scriptTask") => Space::Camunda,
        (Space::Camunda, "script") => Space::None,
        _ => return None,
    };
    let (mut name, mut attributes) = (None, String::new());
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let (of, local) = reader.resolver().resolve_attribute(attribute.key);
        let value = &*attribute.value;
        if local.into_inner() == "resource" && space(of) == wanted {
            name = Some(value.trim().strip_prefix(DEPLOYED)?.to_owned());
        } else {
            let quote = if value.contains('"') { '\'' } else { '"' };
            let key = attribute.key.into_inner();
            attributes.push_str(&format!(" {key}={quote}{value}{quote}"));
        }
    }
    let tag = start.name().into_inner().to_owned();
    let (mut before, mut after) = (String::new(), String::new());
    if wanted == Space::Camunda {
        let script = tag.replace("scriptTask", "script");
        (before, after) = (format!("<{script}>"), format!("</{script}>"));
    }
    Some(Place { name: name?, tag, attributes, before, after })
}
