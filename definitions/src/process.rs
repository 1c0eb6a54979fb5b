//! A process: the checked graph of nodes and flows that the engine walks.

use crate::draft::DraftNode;
use crate::kind::{Kind, StartEvent};
use crate::{EventDefinition, Expression, Input, Work};
use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
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
    fn index(self) -> NodeIndex {
        NodeIndex::new(self.0 as usize)
    }
}

impl Place {
    /// The place of the node that is added at a position, counted from 0.
    pub(crate) fn at(position: usize) -> Place {
        Place::from(NodeIndex::new(position))
    }
}

impl From<NodeIndex> for Place {
    fn from(index: NodeIndex) -> Place {
        Place(index.index() as u32)
    }
}

/// A process definition that was read and checked without a flaw.
#[derive(Clone, Debug)]
pub struct Process {
    heading: Heading,
    graph: DiGraph<Node, Flow>,
    places: BTreeMap<NodeId, Place>,
    contents: Container,
}

/// What a process or a sub-process holds (the flow elements container of BPMN 2.0.2 §8.3.6).
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// The plain start event.
    pub start: Option<Place>,
    /// All start events, in the order of the text.
    pub starts: Vec<Place>,
    /// The activities, gateways and events that no flow leads to and that a path can begin at when
    /// there is no plain start event.
    pub entries: Vec<Place>,
    /// The event sub-processes, in the order of the text.
    pub event_sub_processes: Vec<Place>,
    /// The catching link events by name.
    pub links: BTreeMap<String, Place>,
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
}

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
    /// The line of the text where it begins.
    pub line: u32,
}

impl Process {
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
        &self.graph[place.index()]
    }

    /// The flows that leave a node and the places they lead to, in the order of the text.
    pub fn outgoing(&self, place: Place) -> impl Iterator<Item = (&Flow, Place)> {
        let edges = self.graph.edges_directed(place.index(), Direction::Outgoing);
        edges.map(|edge| (edge.weight(), Place::from(edge.target())))
    }

    /// The flows that enter a node and the places they come from, in the order of the text.
    pub fn incoming(&self, place: Place) -> impl Iterator<Item = (&Flow, Place)> {
        let edges = self.graph.edges_directed(place.index(), Direction::Incoming);
        edges.map(|edge| (edge.weight(), Place::from(edge.source())))
    }

    /// How many flows enter a node.
    pub fn incoming_count(&self, place: Place) -> usize {
        self.graph.edges_directed(place.index(), Direction::Incoming).count()
    }

    /// All nodes in the order of the text.
    pub fn nodes(&self) -> impl Iterator<Item = (Place, &Node)> {
        self.graph.node_indices().map(|index| (Place::from(index), &self.graph[index]))
    }
}

/// Puts a process together; whoever uses it has checked that the parts fit.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    heading: Heading,
    graph: DiGraph<Node, Flow>,
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
        let node = Node { id: id.clone(), name: node.name.clone(), line: node.line, parent, kind };
        let place = Place::from(self.graph.add_node(node));
        self.places.insert(id, place);
    }

    /// Adds a flow between two nodes.
    pub(crate) fn add_flow(&mut self, from: Place, to: Place, flow: Flow) {
        self.flows.push((from, to, flow));
    }

    /// Hooks boundary events to their hosts and nodes to what holds them, and puts the flows between
    /// the nodes. `variables` are those of the process itself.
    pub(crate) fn finish(mut self, variables: Vec<(String, Option<Input>)>) -> Process {
        // petgraph walks the edges of a node from the latest to the first.
        for (from, to, flow) in std::mem::take(&mut self.flows).into_iter().rev() {
            self.graph.add_edge(from.index(), to.index(), flow);
        }
        let mut contents = Container { variables, ..Container::default() };
        for index in self.graph.node_indices() {
            let parent = self.graph[index].parent;
            match parent {
                None => self.put(index, &mut contents),
                Some(parent) => {
                    let Some(mut inner) = self.container(parent).map(std::mem::take) else {
                        continue;
                    };
                    self.put(index, &mut inner);
                    if let Some(container) = self.container(parent) {
                        *container = inner;
                    }
                }
            }
            let Kind::Boundary(boundary) = &self.graph[index].kind else { continue };
            let host = boundary.host.index();
            if let Kind::Activity(activity) = &mut self.graph[host].kind {
                activity.boundaries.push(Place::from(index));
            }
        }
        Process { heading: self.heading, graph: self.graph, places: self.places, contents }
    }

    fn container(&mut self, place: Place) -> Option<&mut Container> {
        let Kind::Activity(activity) = &mut self.graph[place.index()].kind else { return None };
        let Work::SubProcess(sub_process) = &mut activity.work else { return None };
        Some(&mut sub_process.contents)
    }

    /// Notes in a container what it must know of one of its nodes.
    fn put(&self, index: NodeIndex, container: &mut Container) {
        let place = Place::from(index);
        let lone = self.graph.neighbors_directed(index, Direction::Incoming).next().is_none();
        match &self.graph[index].kind {
            Kind::StartEvent(StartEvent { event, .. }) => {
                if event.is_none() && container.start.is_none() {
                    container.start = Some(place);
                }
                container.starts.push(place);
            }
            Kind::Boundary(_) => {}
            Kind::Activity(activity) if activity.is_event_sub_process() => {
                container.event_sub_processes.push(place);
            }
            Kind::Activity(activity) if activity.for_compensation => {}
            Kind::CatchEvent(event)
                if matches!(event.only(), Some(EventDefinition::Link { .. })) =>
            {
                if let Some(EventDefinition::Link { name }) = event.only() {
                    container.links.insert(name.clone(), place);
                }
            }
            Kind::CatchEvent(_)
            | Kind::ThrowEvent(_)
            | Kind::EndEvent(_)
            | Kind::Activity(_)
            | Kind::ExclusiveGateway
            | Kind::InclusiveGateway
            | Kind::ParallelGateway
            | Kind::ComplexGateway(_)
            | Kind::EventGateway(_) => {
                if lone {
                    container.entries.push(place);
                }
            }
        }
    }
}
