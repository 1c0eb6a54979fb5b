//! Rules about catching: where several events await things, each awaits something else.

use super::outline::{Outline, instantiates, is_event_sub_process, work};
use crate::draft::{DraftKind, DraftNode, Flaws};
use crate::{EventDefinition, Message, Template, Work};
use std::collections::BTreeMap;
use std::fmt;

/// What an event awaits, as far as two events can be told to await the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Awaited<'d> {
    Message(&'d str, Option<&'d str>),
    Signal(&'d str),
    Error(Option<&'d str>),
    Escalation(Option<&'d str>),
    Compensation,
    Cancel,
}

pub(super) fn check(outline: &Outline<'_>, flaws: &mut Flaws) {
    for (position, node) in outline.nodes() {
        match &node.kind {
            DraftKind::Activity(_) => {
                let boundaries = outline.boundaries(position).iter();
                distinct(boundaries.map(|at| outline.node(*at)), flaws);
            }
            DraftKind::EventBased(gateway) if !gateway.instantiate => {
                distinct(outline.targets(position).map(|at| outline.node(at)), flaws);
            }
            DraftKind::Catch(_) if outline.incoming(position).len() != 1 => {
                distinct(std::iter::once(node), flaws);
            }
            DraftKind::Catch(_) => {
                let source = outline.find(&outline.incoming(position)[0].source);
                let awaited = source
                    .is_some_and(|at| matches!(outline.node(at).kind, DraftKind::EventBased(_)));
                if !awaited {
                    distinct(std::iter::once(node), flaws);
                }
            }
            _ => {}
        }
    }
    for holder in outline.holders() {
        let held = || outline.held(holder).iter().copied();
        let inner = held().filter(|at| is_event_sub_process(&outline.node(*at).kind));
        let inner = inner.flat_map(|at| outline.held(Some(at)).iter().copied());
        distinct(starts(inner, outline), flaws);
        if holder.is_none() {
            let begun = held().filter(|at| instantiates(&outline.node(*at).kind));
            let begun = begun.flat_map(|at| match outline.node(at).kind {
                DraftKind::EventBased(_) => outline.targets(at).collect(),
                _ => vec![at],
            });
            let begun = begun.map(|at| outline.node(at));
            distinct(starts(held(), outline).chain(begun), flaws);
        }
    }
}

fn starts<'o>(
    held: impl Iterator<Item = usize> + 'o,
    outline: &'o Outline<'_>,
) -> impl Iterator<Item = &'o DraftNode> + 'o {
    let nodes = held.map(|at| outline.node(at));
    nodes.filter(|node| matches!(node.kind, DraftKind::Start(_)))
}

/// Each of some nodes awaits something else.
fn distinct<'d>(nodes: impl Iterator<Item = &'d DraftNode>, flaws: &mut Flaws) {
    let mut taken: BTreeMap<Awaited<'d>, &DraftNode> = BTreeMap::new();
    for node in nodes {
        for awaited in awaited(node) {
            if let Some(first) = taken.get(&awaited) {
                let message = match std::ptr::eq(*first, node) {
                    true => format!("the event awaits {awaited} twice; take one away"),
                    false => {
                        let first = crate::excerpt(&first.id);
                        format!("{first} awaits {awaited} already; take one of the two away")
                    }
                };
                flaws.add("duplicate-catch", &node.id, node.line, message);
                continue;
            }
            taken.insert(awaited, node);
        }
    }
}

fn awaited(node: &DraftNode) -> Vec<Awaited<'_>> {
    let event = match &node.kind {
        DraftKind::Start(start) => &start.event,
        DraftKind::Catch(event) | DraftKind::Boundary { event, .. } => event,
        kind => {
            return match work(kind) {
                Some(Work::Receive { message, .. }) => vec![of_message(message)],
                _ => Vec::new(),
            };
        }
    };
    let awaited = event.definitions.iter().filter_map(|definition| {
        Some(match definition {
            EventDefinition::Message(message) => of_message(message),
            EventDefinition::Signal { name } => Awaited::Signal(name.source()),
            EventDefinition::Error(error) => Awaited::Error(error.code.as_deref()),
            EventDefinition::Escalation(it) => Awaited::Escalation(it.code.as_deref()),
            EventDefinition::Compensation(_) => Awaited::Compensation,
            EventDefinition::Cancel => Awaited::Cancel,
            EventDefinition::Timer(_)
            | EventDefinition::Conditional(_)
            | EventDefinition::Link { .. }
            | EventDefinition::Terminate => return None,
        })
    });
    awaited.collect()
}

fn of_message(message: &Message) -> Awaited<'_> {
    Awaited::Message(message.name.source(), message.key.as_ref().map(Template::source))
}

impl fmt::Display for Awaited<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, name) = match self {
            Awaited::Message(name, _) => ("the message", Some(*name)),
            Awaited::Signal(name) => ("the signal", Some(*name)),
            Awaited::Error(None) => ("all errors", None),
            Awaited::Error(code) => ("the error", *code),
            Awaited::Escalation(None) => ("all escalations", None),
            Awaited::Escalation(code) => ("the escalation", *code),
            Awaited::Compensation => ("compensation", None),
            Awaited::Cancel => ("the cancelling", None),
        };
        out.write_str(what)?;
        name.map_or(Ok(()), |name| write!(out, " {}", crate::excerpt(name)))
    }
}
