//! The meaning of a process as canonical JSON: what runs, without lines, flow ids or drawing.

mod activities;
mod events;
mod values;

use crate::process::{Container, Flow, Heading, Node, Place, Process};
use crate::{Boundary, ComplexGateway, EventGateway, Kind, StartEvent};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What is said of a node, without what is as usual.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// Puts what is there.
    fn some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Puts what is so.
    fn mark(&mut self, name: &str, holds: bool) {
        if holds {
            self.put(name, true);
        }
    }

    /// Puts a list that has something in it.
    fn list(&mut self, name: &str, items: Vec<Value>) {
        if !items.is_empty() {
            self.put(name, items);
        }
    }
}

impl Process {
    /// The meaning of the process, equal for two texts that say the same in BPMN and in YAML.
    ///
    /// It holds everything that the engine or the end user can tell apart; it leaves out lines,
    /// ids of flows, annotations, the diagram, and the order in which nodes are written where that
    /// decides nothing.
    pub fn meaning(&self) -> Value {
        let Heading {
            id,
            name,
            default_language,
            supported_languages,
            version_tag,
            description: _,
            history_time_to_live,
        } = self.heading();
        let mut fields = Fields::default();
        fields.put("id", id.as_str());
        fields.put("name", name.as_str());
        fields.put("defaultLanguage", default_language.as_deref());
        fields.put("supportedLanguages", supported_languages.as_slice());
        fields.some("versionTag", version_tag.as_deref());
        fields.some("historyTimeToLive", history_time_to_live.as_deref());
        self.contents_meaning(self.contents(None), &mut fields);
        let nodes = self.nodes();
        let nodes: Map<String, Value> =
            nodes.map(|(place, node)| (node.id.to_string(), self.node_meaning(place))).collect();
        fields.put("nodes", nodes);
        Value::Object(fields.0)
    }

    /// The semantic hash: SHA-256 over the canonical JSON of the meaning, in 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(self.meaning().to_string());
        digest.iter().fold(String::new(), |mut text, byte| {
            // Writing into a text never fails.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// What a container says beside its nodes: orders that decide, and variables.
    fn contents_meaning(&self, contents: &Container, fields: &mut Fields) {
        // The plain start event and the links are seen at the nodes themselves.
        let Container {
            start: _,
            starts,
            entries,
            event_sub_processes,
            links: _,
            thrown_links: _,
            variables,
        } = contents;
        let begins_anywhere = starts.is_empty();
        for (name, places) in
            [("starts", starts), ("entries", entries), ("eventSubProcesses", event_sub_processes)]
        {
            if places.len() > 1 && (name != "entries" || begins_anywhere) {
                fields.put(name, self.ids(places));
            }
        }
        fields.list("variables", values::variables(variables));
    }

    fn ids(&self, places: &[Place]) -> Vec<Value> {
        places.iter().map(|place| self.node(*place).id.as_str().into()).collect()
    }

    fn node_meaning(&self, place: Place) -> Value {
        let Node { id: _, name, line: _, parent, kind, variables, enter, leave, description: _ } =
            self.node(place);
        let mut fields = Fields::default();
        match kind {
            Kind::StartEvent(StartEvent { event, interrupting, initiator }) => {
                fields.put("kind", "startEvent");
                fields.some("initiator", initiator.as_deref());
                let inside = parent.and_then(|parent| self.node(parent).kind.activity());
                if inside.is_some_and(|around| around.is_event_sub_process()) {
                    fields.put("interrupting", *interrupting);
                }
                events::event(event, false, &mut fields);
            }
            Kind::CatchEvent(event) => {
                fields.put("kind", "catchEvent");
                events::event(event, false, &mut fields);
            }
            Kind::ThrowEvent(event) => {
                fields.put("kind", "throwEvent");
                events::event(event, true, &mut fields);
            }
            Kind::EndEvent(event) => {
                fields.put("kind", "endEvent");
                events::event(event, true, &mut fields);
            }
            Kind::Boundary(Boundary { host, interrupting, event }) => {
                fields.put("kind", "boundaryEvent");
                fields.put("host", self.node(*host).id.as_str());
                // Compensation happens when its activity is over: nothing is left to interrupt.
                fields.put("interrupting", *interrupting || events::is_compensation(event));
                events::event(event, false, &mut fields);
            }
            Kind::Activity(activity) => self.activity_meaning(activity, &mut fields),
            Kind::ExclusiveGateway => fields.put("kind", "exclusiveGateway"),
            Kind::InclusiveGateway => fields.put("kind", "inclusiveGateway"),
            Kind::ParallelGateway => fields.put("kind", "parallelGateway"),
            Kind::ComplexGateway(ComplexGateway { activation }) => {
                fields.put("kind", "complexGateway");
                fields.some("activation", activation.as_ref().map(|one| one.source()));
                fields.list("counted", self.counted(place));
            }
            Kind::EventGateway(EventGateway { instantiate, parallel }) => {
                fields.put("kind", "eventGateway");
                fields.mark("instantiate", *instantiate);
                fields.mark("parallel", *instantiate && *parallel);
            }
        }
        let flows: Vec<Value> =
            self.outgoing(place).map(|(flow, target)| self.flow_meaning(flow, target)).collect();
        fields.put("name", name.as_str());
        // A sub-process says its own with what it holds.
        fields.list("variables", values::variables(variables));
        fields.list("enter", values::sets(enter));
        fields.list("leave", values::sets(leave));
        fields.put("flows", flows);
        fields.some("parent", parent.map(|parent| self.node(parent).id.as_str()));
        Value::Object(fields.0)
    }

    /// The incoming flows that the condition of a complex gateway counts by their id.
    fn counted(&self, place: Place) -> Vec<Value> {
        let mut counted: Vec<(&str, &str)> = self
            .incoming(place)
            .filter(|(flow, _)| self.is_counted(place, flow))
            .map(|(flow, source)| (&*flow.id, self.node(source).id.as_str()))
            .collect();
        counted.sort_unstable();
        counted.into_iter().map(|(flow, source)| json!([flow, source])).collect()
    }

    /// Whether the condition of a complex gateway may count the paths of a flow into it: its id
    /// stands in the condition. The ids of other flows mean nothing.
    pub(crate) fn is_counted(&self, target: Place, flow: &Flow) -> bool {
        let Kind::ComplexGateway(gateway) = &self.node(target).kind else { return false };
        let name = flow.id.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
        let source = gateway.activation.as_ref().map_or("", |activation| activation.source());
        name && source.contains(&*flow.id)
    }

    fn flow_meaning(&self, flow: &Flow, target: Place) -> Value {
        let Flow { id: _, name, condition, is_default, sets, description: _, line: _ } = flow;
        let mut meaning = json!({
            "to": self.node(target).id.as_str(),
            "name": name,
            "condition": condition.as_ref().map(|condition| condition.source()),
            "default": is_default,
        });
        if !sets.is_empty() {
            meaning["sets"] = values::sets(sets).into();
        }
        meaning
    }
}
