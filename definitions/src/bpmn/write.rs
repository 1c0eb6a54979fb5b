//! Writing BPMN: a process as canonical XML, with its drawing.

mod activities;
mod diagram;
mod events;
mod parameters;
mod roots;
mod text;

use crate::layout::{self, Bounds, Drawing, Line, Sheet};
use crate::process::{Flow, Place};
use crate::{EventDefinition, Input, Kind, Node, Process};
use parameters::listeners;
use roots::Roots;
use std::borrow::Cow;
use std::collections::BTreeMap;
use text::Tag;

/// The namespaces of the written files and their fixed prefixes.
const SPACES: [(&str, &str); 6] = [
    ("xmlns:bpmn", "http://www.omg.org/spec/BPMN/20100524/MODEL"),
    ("xmlns:bpmndi", "http://www.omg.org/spec/BPMN/20100524/DI"),
    ("xmlns:dc", "http://www.omg.org/spec/DD/20100524/DC"),
    ("xmlns:di", "http://www.omg.org/spec/DD/20100524/DI"),
    ("xmlns:camunda", "http://camunda.org/schema/1.0/bpmn"),
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
];

/// Writes a process as BPMN 2.0 XML. Reading it gives a process with the same meaning, and the
/// same process and drawing always give the same text.
///
/// Elements keep their place in the drawing; what is not in it is laid out.
pub fn write_bpmn(process: &Process, drawing: Option<&Drawing>) -> String {
    write_bpmn_all(std::slice::from_ref(process), drawing)
}

/// Writes several processes into one file, each in a pool of its own. A node or a flow whose id an
/// earlier process has, too, gets the id of its process before its own; processes that were read
/// from one BPMN file have none such. Message flows and pools without a process that runs are not
/// written, as they say nothing to the engine.
pub fn write_bpmn_all(processes: &[Process], drawing: Option<&Drawing>) -> String {
    let mut taken = processes.iter().map(|process| process.id().to_owned()).collect();
    let distinct = |process| match processes.len() {
        1 => Cow::Borrowed(process),
        _ => Process::distinct(process, &mut taken).map_or(Cow::Borrowed(process), Cow::Owned),
    };
    let processes: Vec<Cow<'_, Process>> = processes.iter().map(distinct).collect();
    let processes = processes.iter().map(AsRef::as_ref).collect::<Vec<&Process>>();
    written(&processes, drawing)
}

fn written(processes: &[&Process], drawing: Option<&Drawing>) -> String {
    let mut roots = Roots::default();
    processes.iter().for_each(|process| roots.reserve(process));
    let pools: Vec<Pool> = match processes {
        [] | [_] => Vec::new(),
        several => several.iter().map(|process| Pool::of(process, &mut roots)).collect(),
    };
    let (mut tags, mut sheets) = (Vec::new(), Vec::new());
    for &process in processes {
        let mut writer = Writer::new(process, roots);
        tags.push(writer.process());
        let Writer { roots: used, lines, order, .. } = writer;
        roots = used;
        sheets.push(Sheet { process, order, lines });
    }
    let plane = match (&pools[..], processes) {
        ([], [only, ..]) => only.id().to_owned(),
        ([], []) => String::new(),
        _ => {
            let id = roots.fresh("", "collaboration");
            let mut collaboration = Tag::new("bpmn:collaboration").with("id", &id);
            collaboration.extend(pools.iter().map(Pool::participant));
            tags.insert(0, collaboration);
            id
        }
    };
    let (drawing, bounds) = layout::complete(&sheets, drawing);
    let drawn: Vec<(&str, Bounds)> =
        pools.iter().map(|pool| pool.id.as_str()).zip(bounds).collect();
    let diagrams = diagram::write(&sheets, &plane, &drawn, &drawing, &mut roots);
    document(tags, roots, diagrams)
}

/// A pool: a participant that is one of the processes.
struct Pool {
    id: String,
    name: String,
    process: String,
}

impl Pool {
    fn of(process: &Process, roots: &mut Roots) -> Pool {
        let id = roots.fresh("participant.", process.id());
        Pool { id, name: process.name().to_owned(), process: process.id().to_owned() }
    }

    fn participant(&self) -> Tag {
        let name = (!self.name.is_empty()).then_some(self.name.as_str());
        let tag = Tag::new("bpmn:participant").with("id", &self.id).with_some("name", name);
        tag.with("processRef", &self.process)
    }
}

fn document(processes: Vec<Tag>, mut roots: Roots, diagrams: Vec<Tag>) -> String {
    let mut root = Tag::new("bpmn:definitions");
    for (prefix, address) in SPACES {
        root.set(prefix, address);
    }
    root.set("id", roots.fresh("", "definitions"));
    root.set("targetNamespace", "http://bpmn.io/schema/bpmn");
    root.set("exporter", "Gatewright");
    root.set("exporterVersion", "1");
    root.extend(processes);
    root.extend(roots.into_tags());
    root.extend(diagrams);
    root.document()
}

/// Writes one process.
struct Writer<'a> {
    process: &'a Process,
    roots: Roots,
    /// What each scope holds, in the order of the text.
    inside: BTreeMap<Option<Place>, Vec<Place>>,
    /// All nodes as they are written: what is in a sub-process follows it.
    order: Vec<Place>,
    /// The associations that join compensation boundary events to what undoes.
    lines: Vec<Line>,
}

impl<'a> Writer<'a> {
    fn new(process: &'a Process, roots: Roots) -> Writer<'a> {
        let mut inside: BTreeMap<Option<Place>, Vec<Place>> = BTreeMap::new();
        for (place, node) in process.nodes() {
            inside.entry(node.parent).or_default().push(place);
        }
        Writer { process, roots, inside, order: Vec::new(), lines: Vec::new() }
    }

    fn process(&mut self) -> Tag {
        let process = self.process;
        let languages = process.supported_languages().join(",");
        let mut tag = Tag::new("bpmn:process").with("id", process.id());
        if !process.name().is_empty() {
            tag.set("name", process.name());
        }
        tag.set("isExecutable", "true");
        let mut tag = tag
            .with_some("camunda:versionTag", process.version_tag())
            .with_some("camunda:historyTimeToLive", process.history_time_to_live())
            .with_some("camunda:defaultLanguage", process.default_language())
            .with_some("camunda:supportedLanguages", (!languages.is_empty()).then_some(languages));
        tag.extend(documentation(process.description()));
        self.variables(&mut tag, None, &process.contents(None).variables);
        self.contents(&mut tag, None);
        tag
    }

    /// The variables of a scope or a node as properties.
    fn variables(
        &mut self,
        tag: &mut Tag,
        of: Option<Place>,
        variables: &[(String, Option<Input>)],
    ) {
        let of = of.map_or(self.process.id(), |place| self.process.node(place).id.as_str());
        for (name, first) in variables {
            let id = self.roots.fresh(&format!("{of}."), name);
            let mut property = Tag::new("bpmn:property").with("id", id).with("name", name);
            if let Some(first) = first {
                let input = parameters::holder("camunda:inputParameter", first);
                let input = Tag::new("camunda:inputOutput").holding(input.with("name", name));
                property.push(Tag::new("bpmn:extensionElements").holding(input));
            }
            tag.push(property);
        }
    }

    /// The nodes, flows and associations of the process or of a sub-process.
    fn contents(&mut self, tag: &mut Tag, parent: Option<Place>) {
        let process = self.process;
        let inside = self.inside.remove(&parent).unwrap_or_default();
        for place in &inside {
            self.order.push(*place);
            tag.push(self.node(*place, process.node(*place)));
        }
        for place in &inside {
            for (flow, target) in process.outgoing(*place) {
                tag.push(sequence_flow(flow, process.node(*place), process.node(target)));
            }
        }
        for place in inside {
            let node = process.node(place);
            let Some(handler) = undone_by(process, node) else { continue };
            let id = self.roots.fresh(&format!("{}.", node.id), "association");
            let association = Tag::new("bpmn:association").with("id", &id);
            tag.push(
                association
                    .with("associationDirection", "One")
                    .with("sourceRef", node.id.as_str())
                    .with("targetRef", process.node(handler).id.as_str()),
            );
            self.lines.push(Line { id, from: place, to: handler });
        }
    }

    fn node(&mut self, place: Place, node: &Node) -> Tag {
        let mut extensions = Vec::new();
        let mut event = None;
        let (tag, more) = match &node.kind {
            Kind::StartEvent(start) => {
                event = Some(&start.event);
                let beside = node.parent.and_then(|p| self.process.node(p).kind.activity());
                let lets = beside.is_some_and(|a| a.is_event_sub_process()) && !start.interrupting;
                let tag = Tag::new("bpmn:startEvent")
                    .with_some("camunda:initiator", start.initiator.as_deref());
                (tag, lets.then_some(("isInterrupting", "false".into())))
            }
            Kind::CatchEvent(catch) => {
                event = Some(catch);
                (Tag::new("bpmn:intermediateCatchEvent"), None)
            }
            Kind::ThrowEvent(throw) => {
                event = Some(throw);
                (Tag::new("bpmn:intermediateThrowEvent"), None)
            }
            Kind::EndEvent(end) => {
                event = Some(end);
                (Tag::new("bpmn:endEvent"), None)
            }
            Kind::Boundary(boundary) => {
                event = Some(&boundary.event);
                let host = self.process.node(boundary.host).id.to_string();
                (Tag::new("bpmn:boundaryEvent"), Some(("attachedToRef", host)))
            }
            Kind::Activity(activity) => {
                extensions = activities::extensions(activity, &mut self.roots);
                (self.activity_tag(activity), None)
            }
            Kind::ExclusiveGateway => (Tag::new("bpmn:exclusiveGateway"), None),
            Kind::InclusiveGateway => (Tag::new("bpmn:inclusiveGateway"), None),
            Kind::ParallelGateway => (Tag::new("bpmn:parallelGateway"), None),
            Kind::ComplexGateway(_) => (Tag::new("bpmn:complexGateway"), None),
            Kind::EventGateway(_) => (Tag::new("bpmn:eventBasedGateway"), None),
        };
        let name = (!node.name.is_empty()).then_some(node.name.as_str());
        let mut tag = tag.first("name", name).first("id", Some(node.id.as_str()));
        if let Some((word, value)) = more {
            tag.set(word, value);
        }
        if let Kind::Boundary(boundary) = &node.kind
            && !boundary.interrupting
        {
            tag.set("cancelActivity", "false");
        }
        tag = tag.with_some("default", self.default(place, node));
        if let Kind::EventGateway(gateway) = &node.kind {
            let kind = gateway.parallel.then_some("Parallel");
            tag = tag
                .with_some("instantiate", gateway.instantiate.then_some("true"))
                .with_some("eventGatewayType", kind);
        }
        tag.extend(documentation(node.description.as_deref()));
        extensions.extend(event.into_iter().flat_map(Writer::event_parameters));
        extensions.extend(listeners("start", &node.enter));
        extensions.extend(listeners("end", &node.leave));
        if !extensions.is_empty() {
            let mut holder = Tag::new("bpmn:extensionElements");
            holder.extend(extensions);
            tag.push(holder);
        }
        self.ends(&mut tag, place);
        let gathering = self.gathering(&mut tag, node);
        self.variables(&mut tag, Some(place), &node.variables);
        if let Some(event) = event {
            self.definitions(&mut tag, event);
        }
        match &node.kind {
            Kind::Activity(activity) => {
                self.activity_body(&mut tag, place, activity, gathering.as_deref());
            }
            Kind::ComplexGateway(gateway) => {
                let activation = gateway.activation.as_ref();
                tag.extend(activation.map(|a| Tag::formal("bpmn:activationCondition", a.source())));
            }
            _ => {}
        }
        tag
    }

    /// The incoming and outgoing flows of a node, in the order in which the flows are written.
    fn ends(&self, tag: &mut Tag, place: Place) {
        let mut incoming: Vec<(Place, &str)> =
            self.process.incoming(place).map(|(flow, from)| (from, &*flow.id)).collect();
        incoming.sort_by_key(|(from, _)| *from);
        tag.extend(incoming.into_iter().map(|(_, flow)| Tag::of("bpmn:incoming", flow)));
        let outgoing = self.process.outgoing(place);
        tag.extend(outgoing.map(|(flow, _)| Tag::of("bpmn:outgoing", &*flow.id)));
    }

    /// The default flow; the lone flow of an exclusive gateway is one without being named.
    fn default(&self, place: Place, node: &Node) -> Option<&str> {
        let mut flows = self.process.outgoing(place);
        let lone = matches!(node.kind, Kind::ExclusiveGateway)
            && self.process.outgoing(place).nth(1).is_none();
        let default = flows.find(|(flow, _)| flow.is_default && !lone);
        default.map(|(flow, _)| &*flow.id)
    }
}

/// What undoes the host of a compensation boundary event.
fn undone_by(process: &Process, node: &Node) -> Option<Place> {
    let Kind::Boundary(boundary) = &node.kind else { return None };
    if !matches!(boundary.event.only(), Some(EventDefinition::Compensation(_))) {
        return None;
    }
    process.node(boundary.host).kind.activity()?.undone_by
}

fn documentation(description: Option<&str>) -> Option<Tag> {
    description.map(|text| Tag::of("bpmn:documentation", text))
}

fn sequence_flow(flow: &Flow, from: &Node, to: &Node) -> Tag {
    let mut tag = Tag::new("bpmn:sequenceFlow").with("id", &*flow.id);
    if !flow.name.is_empty() {
        tag.set("name", flow.name.as_str());
    }
    tag.set("sourceRef", from.id.as_str());
    tag.set("targetRef", to.id.as_str());
    tag.extend(documentation(flow.description.as_deref()));
    if !flow.sets.is_empty() {
        let mut extensions = Tag::new("bpmn:extensionElements");
        extensions.extend(listeners("take", &flow.sets));
        tag.push(extensions);
    }
    let condition = flow.condition.as_ref();
    tag.extend(condition.map(|c| Tag::formal("bpmn:conditionExpression", c.source())));
    tag
}
