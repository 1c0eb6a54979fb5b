//! A process: the checked graph of nodes and flows that the engine walks.

mod distinct;

use crate::draft::DraftNode;
use crate::kind::{Kind, StartEvent};
use crate::{EventDefinition, Expression, Input, TaskKind, Template, Work};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The id of a node, unique within its process and equal to the id in the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId(Arc<str>);

impl NodeId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for NodeId {
    fn from(text: &str) -> NodeId {
        NodeId(text.into())
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The position of a node in one `Process`; it means nothing in another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place(u32);

impl Place {
    /// The place of the node that is added at a position, counted from 0.
    pub(crate) fn at(position: usize) -> Place {
        Place(u32::try_from(position).unwrap_or(u32::MAX))
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

/// A process definition that was read and checked without a flaw.
#[derive(Clone, Debug)]
pub struct Process {
    heading: Heading,
    nodes: Vec<Node>,
    flows: Flows,
    places: BTreeMap<NodeId, Place>,
    contents: Container,
    complex_joins: bool,
}

/// The flows of a process, found by either end without a search.
#[derive(Clone, Debug, Default)]
struct Flows {
    /// All flows with their targets, those of one source together, in the order of the text.
    leaving: Vec<(Flow, Place)>,
    /// Where the flows of each node begin in `leaving`, and at the end where the last ones end.
    first_leaving: Vec<u32>,
    /// The positions in `leaving` of all flows and their sources, those of one target together.
    entering: Vec<(u32, Place)>,
    /// Where the flows into each node begin in `entering`, and at the end where the last ones end.
    first_entering: Vec<u32>,
}

/// What a process or a sub-process holds (the flow elements container of BPMN 2.0.2 §8.3.6).
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// The plain start event.
    pub start: Option<Place>,
    /// All start events, in the order of the text.
    pub starts: Vec<Place>,
    /// The activities, gateways and events that no flow leads to and at which a path begins when
    /// there is no plain start event. An instance begins at the start events, receive tasks and
    /// event gateways that have a trigger of their own by that trigger only.
    pub entries: Vec<Place>,
    /// The event sub-processes, in the order of the text.
    pub event_sub_processes: Vec<Place>,
    /// The catching link events by name.
    pub links: BTreeMap<String, Place>,
    /// The throwing link events by name, in the order of the text.
    pub thrown_links: BTreeMap<String, Vec<Place>>,
    /// Data objects and properties: variables of the scope, with what they begin with.
    pub variables: Vec<(String, Option<Input>)>,
}

/// What a process says of itself as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) default_language: Option<String>,
    pub(crate) supported_languages: Vec<String>,
    /// A tag by which a call may name this version.
    pub(crate) version_tag: Option<String>,
    /// A note for people.
    pub(crate) description: Option<String>,
    /// How long finished instances are kept, as an ISO 8601 duration.
    pub(crate) history_time_to_live: Option<String>,
}

/// One node of a process.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Its name for people; empty when it has none.
    pub name: String,
    /// The line of the text where it begins.
    pub line: u32,
    /// The sub-process that holds it; `None` for the process itself.
    pub parent: Option<Place>,
    /// What it is.
    pub kind: Kind,
    /// Properties of a task, a call or an event: variables that are there while a path is, with what
    /// they begin with. Those of a sub-process are variables of what it holds.
    pub variables: Vec<(String, Option<Input>)>,
    /// Variables that are set when a path comes, before anything else is done; of an activity, when
    /// its inputs are known.
    pub enter: Sets,
    /// Variables that are set when a path goes on, and the ways are known; an activity has outputs
    /// instead.
    pub leave: Sets,
    /// A note for people; it means nothing to the engine.
    pub description: Option<String>,
}

/// Variables that are set on the way, in the order of the text; each value, a constant or a single
/// expression, sees those set before it.
pub type Sets = Vec<(String, Template)>;

/// A sequence flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its id.
    pub id: Arc<str>,
    /// Its name for people; empty when it has none.
    pub name: String,
    /// The condition; on flows that leave an activity or a gateway that chooses.
    pub condition: Option<Expression>,
    /// Whether it is taken when no other is.
    pub is_default: bool,
    /// Variables that are set when it is taken.
    pub sets: Sets,
    /// A note for people; it means nothing to the engine.
    pub description: Option<String>,
    /// The line of the text where it begins.
    pub line: u32,
}

impl Process {
    /// What the process says of itself as a whole.
    pub(crate) fn heading(&self) -> &Heading {
        &self.heading
    }

    /// The id of the process.
    pub fn id(&self) -> &str {
        &self.heading.id
    }

    /// The name of the process for people; empty when it has none.
    pub fn name(&self) -> &str {
        &self.heading.name
    }

    /// The language to use when the end user's own is not supported.
    pub fn default_language(&self) -> Option<&str> {
        self.heading.default_language.as_deref()
    }

    /// The languages that the process supports; empty when it does not say.
    pub fn supported_languages(&self) -> &[String] {
        &self.heading.supported_languages
    }

    /// The tag by which a call may name this version.
    pub fn version_tag(&self) -> Option<&str> {
        self.heading.version_tag.as_deref()
    }

    /// A note for people; it means nothing to the engine.
    pub fn description(&self) -> Option<&str> {
        self.heading.description.as_deref()
    }

    /// How long finished instances of the process are kept, an ISO 8601 duration of days or longer.
    pub fn history_time_to_live(&self) -> Option<&str> {
        self.heading.history_time_to_live.as_deref()
    }

    /// What the process holds, or the sub-process at a place.
    pub fn contents(&self, of: Option<Place>) -> &Container {
        let inner = of.and_then(|place| self.node(place).kind.activity()?.sub_process());
        inner.map_or(&self.contents, |sub_process| &sub_process.contents)
    }

    /// The place of the node with an id.
    pub fn place(&self, id: &NodeId) -> Option<Place> {
        self.places.get(id).copied()
    }

    /// The node at a place of this process.
    pub fn node(&self, place: Place) -> &Node {
        &self.nodes[place.index()]
    }

    /// The flows that leave a node and the places they lead to, in the order of the text.
    pub fn outgoing(&self, place: Place) -> impl ExactSizeIterator<Item = (&Flow, Place)> {
        let range = range(&self.flows.first_leaving, place);
        self.flows.leaving[range].iter().map(|(flow, target)| (flow, *target))
    }

    /// The flows that enter a node and the places they come from, in the order of the text.
    pub fn incoming(&self, place: Place) -> impl ExactSizeIterator<Item = (&Flow, Place)> {
        let range = range(&self.flows.first_entering, place);
        let entering = self.flows.entering[range].iter();
        entering.map(|(at, source)| (&self.flows.leaving[*at as usize].0, *source))
    }

    /// How many flows leave a node.
    pub fn outgoing_count(&self, place: Place) -> usize {
        range(&self.flows.first_leaving, place).len()
    }

    /// How many flows enter a node.
    pub fn incoming_count(&self, place: Place) -> usize {
        range(&self.flows.first_entering, place).len()
    }

    /// Whether a complex gateway in it joins by a condition of its own.
    pub fn has_complex_joins(&self) -> bool {
        self.complex_joins
    }

    /// All nodes in the order of the text.
    pub fn nodes(&self) -> impl Iterator<Item = (Place, &Node)> {
        self.nodes.iter().enumerate().map(|(position, node)| (Place::at(position), node))
    }
}

/// Where the flows of a node stand among all.
fn range(first: &[u32], place: Place) -> std::ops::Range<usize> {
    first[place.index()] as usize..first[place.index() + 1] as usize
}

impl Flows {
    /// Puts flows in order by source and target; `drawn` are in the order of the text.
    fn of(mut drawn: Vec<(Place, Place, Flow)>, nodes: usize) -> Flows {
        // The sorts are stable: flows of one end stay in the order of the text.
        let mut entering: Vec<(Place, usize)> =
            drawn.iter().enumerate().map(|(at, (_, target, _))| (*target, at)).collect();
        entering.sort_by_key(|(target, _)| *target);
        let mut order: Vec<usize> = (0..drawn.len()).collect();
        order.sort_by_key(|at| drawn[*at].0);
        let mut position = vec![0; drawn.len()];
        for (new, old) in (0..).zip(&order) {
            position[*old] = new;
        }
        let first_leaving = firsts(drawn.iter().map(|(source, _, _)| *source), nodes);
        let first_entering = firsts(drawn.iter().map(|(_, target, _)| *target), nodes);
        let entering = entering.into_iter().map(|(_, at)| (position[at], drawn[at].0)).collect();
        drawn.sort_by_key(|(source, _, _)| *source);
        let leaving = drawn.into_iter().map(|(_, target, flow)| (flow, target)).collect();
        Flows { leaving, first_leaving, entering, first_entering }
    }
}

/// Where the flows of each node begin when they stand in the order of the nodes.
fn firsts(ends: impl Iterator<Item = Place>, nodes: usize) -> Vec<u32> {
    let mut firsts = vec![0; nodes + 1];
    for end in ends {
        firsts[end.index() + 1] += 1;
    }
    for at in 0..nodes {
        firsts[at + 1] += firsts[at];
    }
    firsts
}

/// Puts a process together; whoever uses it has checked that the parts fit.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    heading: Heading,
    nodes: Vec<Node>,
    places: BTreeMap<NodeId, Place>,
    flows: Vec<(Place, Place, Flow)>,
}

impl Assembly {
    pub(crate) fn new(heading: Heading) -> Assembly {
        Assembly { heading, ..Assembly::default() }
    }

    /// Adds a node.
    pub(crate) fn add_node(&mut self, node: &DraftNode, parent: Option<Place>, kind: Kind) {
        let id = NodeId::from(node.id.as_str());
        let (enter, leave) = (node.enter.clone(), node.leave.clone());
        let (name, line, variables) = (node.name.clone(), node.line, node.variables.clone());
        let description = node.description.clone();
        let node =
            Node { id: id.clone(), name, line, parent, kind, variables, enter, leave, description };
        self.places.insert(id, Place::at(self.nodes.len()));
        self.nodes.push(node);
    }

    /// Adds a flow between two nodes.
    pub(crate) fn add_flow(&mut self, from: Place, to: Place, flow: Flow) {
        self.flows.push((from, to, flow));
    }

    /// Hooks boundary events to their hosts and nodes to what holds them, and puts the flows between
    /// the nodes. `variables` are those of the process itself.
    pub(crate) fn finish(mut self, variables: Vec<(String, Option<Input>)>) -> Process {
        let flows = Flows::of(std::mem::take(&mut self.flows), self.nodes.len());
        let mut contents = Container { variables, ..Container::default() };
        for position in 0..self.nodes.len() {
            let place = Place::at(position);
            let lone = range(&flows.first_entering, place).is_empty();
            match self.nodes[position].parent {
                None => put(&self.nodes[position], place, lone, &mut contents),
                Some(parent) => {
                    let Some(mut inner) = self.container(parent).map(std::mem::take) else {
                        continue;
                    };
                    put(&self.nodes[position], place, lone, &mut inner);
                    if let Some(container) = self.container(parent) {
                        *container = inner;
                    }
                }
            }
            let Kind::Boundary(boundary) = &self.nodes[position].kind else { continue };
            let host = boundary.host.index();
            if let Kind::Activity(activity) = &mut self.nodes[host].kind {
                activity.boundaries.push(place);
            }
        }
        let complex_joins = self.nodes.iter().any(|node| matches!(&node.kind, Kind::ComplexGateway(gateway) if gateway.activation.is_some()));
        let (heading, nodes, places) = (self.heading, self.nodes, self.places);
        Process { heading, nodes, flows, places, contents, complex_joins }
    }

    fn container(&mut self, place: Place) -> Option<&mut Container> {
        let Kind::Activity(activity) = &mut self.nodes[place.index()].kind else { return None };
        let Work::SubProcess(sub_process) = &mut activity.work else { return None };
        Some(&mut sub_process.contents)
    }
}

/// Notes in a container what it must know of one of its nodes; `lone` is one that no flow enters.
fn put(node: &Node, place: Place, lone: bool, container: &mut Container) {
    match &node.kind {
        Kind::StartEvent(StartEvent { event, .. }) => {
            if event.is_none() && container.start.is_none() {
                container.start = Some(place);
            }
            container.starts.push(place);
        }
        Kind::Boundary(_) | Kind::EndEvent(_) => {}
        Kind::EventGateway(gateway) if gateway.instantiate => {}
        Kind::Activity(activity) if activity.is_event_sub_process() => {
            container.event_sub_processes.push(place);
        }
        Kind::Activity(activity) if activity.for_compensation || activity.instantiates() => {}
        Kind::Activity(activity) if activity.task() == Some(TaskKind::End) => {}
        Kind::CatchEvent(event) if matches!(event.only(), Some(EventDefinition::Link { .. })) => {
            if let Some(EventDefinition::Link { name }) = event.only() {
                container.links.insert(name.clone(), place);
            }
        }
        Kind::CatchEvent(_)
        | Kind::ThrowEvent(_)
        | Kind::Activity(_)
        | Kind::ExclusiveGateway
        | Kind::InclusiveGateway
        | Kind::ParallelGateway
        | Kind::ComplexGateway(_)
        | Kind::EventGateway(_) => {
            if lone {
                container.entries.push(place);
            }
            if let Kind::ThrowEvent(event) = &node.kind
                && let Some(EventDefinition::Link { name }) = event.only()
            {
                container.thrown_links.entry(name.clone()).or_default().push(place);
            }
        }
    }
}
