//! Collaborations: pools, and the message flows between them (BPMN 2.0.2 §9).

use super::element::Element;
use super::roots::{File, unsupported};
use super::{correlation, extensions, formal};
use crate::draft::Flaws;
use std::collections::{BTreeMap, BTreeSet};

/// The message that a message flow gives to a node that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assigned<'x> {
    /// That of the other end: the id of a message element.
    Message(&'x str),
    /// One that is called like the flow.
    Name(&'x str),
}

/// What a message flow may end at.
#[derive(Clone, Copy, Debug, Default)]
struct End<'x> {
    /// The process that the node is in.
    process: &'x str,
    sends: bool,
    receives: bool,
    /// The message that it names.
    message: Option<&'x str>,
}

/// All that a message flow may end at.
#[derive(Debug, Default)]
struct Ends<'x> {
    nodes: BTreeMap<&'x str, End<'x>>,
    /// Pools, and whether one holds a process that runs.
    pools: BTreeMap<&'x str, bool>,
    /// What is in processes that do not run, which are as good as pools without one.
    outside: BTreeSet<&'x str>,
}

/// Reads a collaboration: participants, message flows, correlation keys.
pub(super) fn read<'x>(collaboration: &'x Element, file: &mut File<'x>, flaws: &mut Flaws) {
    collaboration.allow(&["id", "name", "isClosed"], &[], flaws);
    collaboration.no_text(flaws);
    extensions::none(collaboration, flaws);
    let mut ends = Ends::default();
    for process in &file.processes {
        match is_executable(process) {
            true => nodes(process, process.id(), file, &mut ends.nodes),
            false => ids(process, &mut ends.outside),
        }
    }
    let mut flows = Vec::new();
    for child in &collaboration.children {
        match child.name.as_str() {
            "documentation" | "extensionElements" => continue,
            "participant" => {
                let runs = participant(child, file, flaws);
                ends.pools.insert(child.id(), runs);
            }
            "messageFlow" => flows.push(child),
            "correlationKey" => {
                file.keys.insert(child.id(), correlation::properties(child, flaws));
            }
            "conversation" | "subConversation" => conversation(child, file, flaws),
            "callConversation" | "conversationLink" | "conversationAssociation" => {}
            "textAnnotation" | "association" | "group" => {}
            _ => {
                unsupported(child, flaws);
                continue;
            }
        }
        if !child.id().is_empty() {
            file.ids.push((child.id().to_owned(), child.line));
        }
    }
    for flow in flows {
        message_flow(flow, &ends, file, flaws);
    }
}

/// Reads the correlation keys of a conversation, which groups messages and says nothing else.
fn conversation<'x>(element: &'x Element, file: &mut File<'x>, flaws: &mut Flaws) {
    for child in &element.children {
        match child.name.as_str() {
            "correlationKey" => {
                file.keys.insert(child.id(), correlation::properties(child, flaws));
            }
            "conversation" | "subConversation" => conversation(child, file, flaws),
            _ => {}
        }
    }
}

/// Reads a pool; whether it holds a process that runs.
fn participant(element: &Element, file: &File<'_>, flaws: &mut Flaws) -> bool {
    element.allow(&["id", "name", "processRef"], &[], flaws);
    element.required("id", flaws);
    element.no_text(flaws);
    extensions::none(element, flaws);
    for child in &element.children {
        match child.name.as_str() {
            "documentation"
            | "extensionElements"
            | "interfaceRef"
            | "endPointRef"
            | "participantMultiplicity" => {}
            _ => unsupported_in(child, element, flaws),
        }
    }
    let Some(reference) = element.given("processRef") else { return false };
    let Some(process) = file.by_id.get(reference) else {
        let reference = crate::excerpt(reference);
        let message = format!("processRef names {reference}, but there is no such process");
        element.tell(flaws, "dangling-reference", message);
        return false;
    };
    is_executable(process)
}

/// Whether a process runs: every one that does not say otherwise.
pub(super) fn is_executable(process: &Element) -> bool {
    !matches!(process.plain("isExecutable").map(str::trim), Some("false" | "0"))
}

fn unsupported_in(child: &Element, parent: &Element, flaws: &mut Flaws) {
    let (name, parent_name) = (crate::excerpt(&child.name), &parent.name);
    let message = format!("{name} in {parent_name} is not supported; take it away");
    parent.tell(flaws, "unsupported-element", message);
}

/// Notes all nodes of a container as possible ends of message flows.
fn nodes<'x>(
    container: &'x Element,
    process: &'x str,
    file: &File<'x>,
    ends: &mut BTreeMap<&'x str, End<'x>>,
) {
    for node in &container.children {
        let triggers = node.children.iter().filter_map(|child| {
            if child.is("eventDefinitionRef") {
                return file.definitions.get(child.words()).copied();
            }
            child.is("messageEventDefinition").then_some(child)
        });
        let trigger = triggers.into_iter().find(|child| child.is("messageEventDefinition"));
        let (sends, receives) = match node.name.as_str() {
            "sendTask" => (true, false),
            "receiveTask" => (false, true),
            "intermediateThrowEvent" | "endEvent" => (trigger.is_some(), false),
            "startEvent" | "intermediateCatchEvent" | "boundaryEvent" => (false, trigger.is_some()),
            _ => (false, false),
        };
        let message = trigger.unwrap_or(node).given("messageRef");
        ends.insert(node.id(), End { process, sends, receives, message });
        if node.is_container() {
            nodes(node, process, file, ends);
        }
    }
}

/// Reads a message flow: both of its ends have the same message.
fn message_flow<'x>(flow: &'x Element, ends: &Ends<'x>, file: &mut File<'x>, flaws: &mut Flaws) {
    flow.allow(&["id", "name", "sourceRef", "targetRef", "messageRef"], &[], flaws);
    flow.nothing_inside_but_extensions(flaws);
    extensions::none(flow, flaws);
    let source = end(flow, "sourceRef", ends, flaws);
    let target = end(flow, "targetRef", ends, flaws);
    let (Some(source), Some(target)) = (source, target) else { return };
    if let (Some((_, one)), Some((_, two))) = (source, target) {
        let problem = match (one.sends, two.receives) {
            _ if one.process == two.process => {
                "a message flow leads from one pool to another; \
                                                use a sequence flow within a pool"
            }
            (false, _) => "a message flow leaves a send task or an event that throws a message",
            (_, false) => {
                "a message flow leads to a receive task or an event that catches a \
                           message"
            }
            (true, true) => "",
        };
        if !problem.is_empty() {
            return flow.tell(flaws, "message-flow", problem);
        }
    }
    let own = |end: Option<(&'x str, End<'x>)>| {
        let (id, end) = end?;
        end.message.map(Assigned::Message).or_else(|| file.assigned.get(id).copied())
    };
    let (left, right) = (own(source), own(target));
    if let (Some(left), Some(right)) = (left, right) {
        if !same(left, right, file) {
            let message = "the two ends of the message flow name different messages; name one";
            flow.tell(flaws, "message-flow", message);
        }
        return;
    }
    if let Some(reference) = flow.given("messageRef")
        && !file.messages.contains_key(reference)
    {
        let reference = crate::excerpt(reference);
        let message = format!("messageRef names {reference}, but there is no such message");
        return flow.tell(flaws, "dangling-reference", message);
    }
    let name = flow.given("name").unwrap_or(flow.id());
    if !formal::is_short(flow, "the name", name, flaws) {
        return;
    }
    let assigned = left.or(right).or(flow.given("messageRef").map(Assigned::Message));
    let assigned = assigned.unwrap_or(Assigned::Name(name));
    for (id, end) in [source, target].into_iter().flatten() {
        if (end.sends || end.receives) && end.message.is_none() {
            file.assigned.entry(id).or_insert(assigned);
        }
    }
}

/// Whether both are messages of one name.
fn same(one: Assigned<'_>, two: Assigned<'_>, file: &File<'_>) -> bool {
    let name = |assigned| match assigned {
        Assigned::Name(name) => Some(name.to_owned()),
        Assigned::Message(id) => {
            file.messages.get(id)?.as_ref().map(|message| message.name.source().to_owned())
        }
    };
    // What is not there is reported where it is named.
    match (name(one), name(two)) {
        (Some(one), Some(two)) => one == two,
        _ => true,
    }
}

/// One end of a message flow: the node, nothing inside for a pool that does not run, and nothing
/// at all when it was refused.
#[expect(clippy::option_option, reason = "refused, outside, or a node")]
fn end<'x>(
    flow: &'x Element,
    attribute: &str,
    ends: &Ends<'x>,
    flaws: &mut Flaws,
) -> Option<Option<(&'x str, End<'x>)>> {
    let reference = flow.required(attribute, flaws);
    if reference.is_empty() {
        return None;
    }
    if let Some((id, end)) = ends.nodes.get_key_value(reference.as_str()) {
        return Some(Some((id, *end)));
    }
    let shown = crate::excerpt(&reference);
    match ends.pools.get(reference.as_str()) {
        Some(false) => return Some(None),
        Some(true) => {
            let message = format!(
                "the message flow ends at the border of the pool {shown}; lead it to an event or \
                 a task inside"
            );
            flow.tell(flaws, "message-flow", message);
        }
        None if ends.outside.contains(reference.as_str()) => return Some(None),
        None => {
            let message = format!("{attribute} names {shown}, but there is no such node or pool");
            flow.tell(flaws, "dangling-reference", message);
        }
    }
    None
}

/// Notes the ids of all that is in an element.
fn ids<'x>(element: &'x Element, into: &mut BTreeSet<&'x str>) {
    for child in &element.children {
        into.insert(child.id());
        ids(child, into);
    }
}
