//! What stands beside the processes: messages, signals, errors and escalations, and their ids.

use super::parameters::property;
use super::text::Tag;
use crate::{ErrorDefinition, Escalation, Message, Process, Template};
use std::collections::{BTreeMap, BTreeSet};

/// Ids that are taken, and the elements beside the processes that were referred to.
#[derive(Debug, Default)]
pub(super) struct Roots {
    taken: BTreeSet<String>,
    /// The id of each element by its sort and what is in it.
    known: BTreeMap<(Sort, String, Option<String>), String>,
    /// The elements of each sort in the order of their first use.
    elements: BTreeMap<Sort, Vec<Tag>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Message,
    Signal,
    Error,
    Escalation,
}

/// The longest part of an id that is taken from a name.
const LONGEST: usize = 100;

impl Roots {
    /// Takes all ids that a process has already.
    pub(super) fn reserve(&mut self, process: &Process) {
        self.taken.insert(process.id().to_owned());
        for (place, node) in process.nodes() {
            self.taken.insert(node.id.as_str().to_owned());
            let flows = process.outgoing(place);
            self.taken.extend(flows.map(|(flow, _)| flow.id.to_string()));
        }
    }

    /// An id that nothing else has; the same wish gives the next free number.
    pub(super) fn fresh(&mut self, prefix: &str, wish: &str) -> String {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        let wish = wish.chars().take(LONGEST).map(|c| if fits(c) { c } else { '_' });
        let mut id: String = prefix.chars().take(LONGEST - 20).chain(wish).collect();
        let stem = id.clone();
        let mut number = 2_u32;
        while !self.taken.insert(id.clone()) {
            id = format!("{stem}.{number}");
            number += 1;
        }
        id
    }

    pub(super) fn message(&mut self, message: &Message) -> String {
        let name = &*message.name.firm();
        let key = message.key.as_ref().map(|key| key.firm().into_owned());
        self.element(Sort::Message, name, key.clone(), |id| {
            let mut tag = Tag::new("bpmn:message").with("id", id).with("name", name);
            if let Some(key) = key {
                let key = property("correlationKey", &key);
                tag.push(Tag::new("bpmn:extensionElements").holding(key));
            }
            tag
        })
    }

    pub(super) fn signal(&mut self, name: &Template) -> String {
        let name = &*name.firm();
        self.element(Sort::Signal, name, None, |id| {
            Tag::new("bpmn:signal").with("id", id).with("name", name)
        })
    }

    /// The id of the element for an error; none for an event that catches all.
    pub(super) fn error(&mut self, error: &ErrorDefinition) -> Option<String> {
        let code = error.code.as_deref()?;
        let message = error.message.as_ref().map(|message| message.firm().into_owned());
        Some(self.element(Sort::Error, code, message.clone(), |id| {
            let tag = Tag::new("bpmn:error").with("id", id).with("name", code);
            tag.with("errorCode", code).with_some("camunda:errorMessage", message)
        }))
    }

    /// The id of the element for an escalation; none for an event that catches all.
    pub(super) fn escalation(&mut self, escalation: &Escalation) -> Option<String> {
        let code = escalation.code.as_deref()?;
        Some(self.element(Sort::Escalation, code, None, |id| {
            let tag = Tag::new("bpmn:escalation").with("id", id).with("name", code);
            tag.with("escalationCode", code)
        }))
    }

    /// All elements that were referred to.
    pub(super) fn into_tags(self) -> impl Iterator<Item = Tag> {
        self.elements.into_values().flatten()
    }

    fn element(
        &mut self,
        sort: Sort,
        name: &str,
        more: Option<String>,
        tag: impl FnOnce(&str) -> Tag,
    ) -> String {
        let known = (sort, name.to_owned(), more);
        if let Some(id) = self.known.get(&known) {
            return id.clone();
        }
        let prefix = match sort {
            Sort::Message => "message.",
            Sort::Signal => "signal.",
            Sort::Error => "error.",
            Sort::Escalation => "escalation.",
        };
        let id = self.fresh(prefix, name);
        self.elements.entry(sort).or_default().push(tag(&id));
        self.known.insert(known, id.clone());
        id
    }
}
