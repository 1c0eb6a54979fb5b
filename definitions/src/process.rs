//! A process: the checked graph of nodes and flows that the engine walks.

use crate::draft::DraftNode;
use crate::{Expression, Template, Timer};
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
    start: Place,
}

/// What a process says of itself as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) default_language: Option<String>,
    pub(crate) supported_languages: Vec<String>,
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
    /// What it is.
    pub kind: Kind,
}

/// What a node is (BPMN 2.0 §10.3 to §10.6).
#[derive(Clone, Debug)]
pub enum Kind {
    /// Where an instance begins; a process has exactly one.
    StartEvent,
    /// Where a path ends.
    EndEvent,
    /// An activity to run.
    Task(Box<Task>),
    /// A choice of one outgoing flow by conditions, or a plain merge.
    ExclusiveGateway,
    /// A split into all outgoing flows, or a join of all incoming ones.
    ParallelGateway,
    /// An event that leaves a task before or while it runs.
    Boundary(Boundary),
}

/// A sequence flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its id.
    pub id: String,
    /// Its name for people; empty when it has none.
    pub name: String,
    /// The condition; only flows that leave an exclusive gateway have one.
    pub condition: Option<Expression>,
    /// Whether it is taken when no condition holds.
    pub is_default: bool,
    /// The line of the text where it begins.
    pub line: u32,
}

/// An activity with the values that it is given and the values that are kept of it.
#[derive(Clone, Debug)]
pub struct Task {
    /// Whether it was drawn as a service task or as a user task.
    pub kind: TaskKind,
    /// Canonical name of its activity.
    pub activity: Arc<str>,
    /// Input parameters in the order of the text.
    pub inputs: Vec<(String, Input)>,
    /// Process variables to set when it ends, in the order of the text.
    pub outputs: Vec<(String, Input)>,
    /// The boundary events on it, in the order of the text.
    pub boundaries: Vec<Place>,
}

/// How a task was drawn; both run the activity that they name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// A service task.
    Service,
    /// A user task; its activity waits for an end user.
    User,
}

/// The value of an input or output parameter, before evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Text with expressions, or a single expression.
    Template(Template),
    /// A list of values.
    List(Vec<Input>),
    /// A map of values in the order of the text.
    Map(Vec<(String, Input)>),
}

/// A boundary event.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// The task on whose boundary it sits.
    pub host: Place,
    /// Whether the task is left for good when the event happens. Always true for errors.
    pub interrupting: bool,
    /// What makes it happen.
    pub trigger: Trigger,
}

/// What makes a boundary event happen.
#[derive(Clone, Debug)]
pub enum Trigger {
    /// An error event of the activity.
    Error {
        /// The code that is caught; `None` catches all.
        code: Option<String>,
        /// Process variable that receives the code.
        code_variable: Option<String>,
        /// Process variable that receives the message.
        message_variable: Option<String>,
    },
    /// Time that has passed since the task was entered.
    Timer(Timer),
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

    /// The start event.
    pub fn start(&self) -> Place {
        self.start
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
    pub(crate) fn add_node(&mut self, node: &DraftNode, kind: Kind) {
        let id = NodeId::from(node.id.as_str());
        let node = Node { id: id.clone(), name: node.name.clone(), line: node.line, kind };
        let place = Place::from(self.graph.add_node(node));
        self.places.insert(id, place);
    }

    /// Adds a flow between two nodes.
    pub(crate) fn add_flow(&mut self, from: Place, to: Place, flow: Flow) {
        self.flows.push((from, to, flow));
    }

    /// Hooks the boundary events to their hosts and puts the flows between the nodes.
    pub(crate) fn finish(mut self, start: Place) -> Process {
        for index in self.graph.node_indices() {
            let Kind::Boundary(boundary) = &self.graph[index].kind else { continue };
            let host = boundary.host.index();
            if let Kind::Task(task) = &mut self.graph[host].kind {
                task.boundaries.push(Place::from(index));
            }
        }
        // petgraph walks the edges of a node from the latest to the first.
        for (from, to, flow) in self.flows.into_iter().rev() {
            self.graph.add_edge(from.index(), to.index(), flow);
        }
        Process { heading: self.heading, graph: self.graph, places: self.places, start }
    }
}
