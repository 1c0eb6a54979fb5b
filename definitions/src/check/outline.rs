//! The outline of a draft: who holds what and which flows meet where, found out once.

use crate::draft::{
    Draft, DraftActivity, DraftAssociation, DraftFlow, DraftKind, DraftNode, DraftWork,
};
use crate::{Event, EventDefinition, SubProcess, SubProcessKind, TaskKind, Work};
use std::collections::BTreeMap;

/// The deepest nesting of sub-processes.
pub(super) const DEEPEST: usize = 20;

/// A draft with its nodes by position.
pub(super) struct Outline<'d> {
    pub(super) draft: &'d Draft,
    /// The first node with each id.
    positions: BTreeMap<&'d str, usize>,
    /// The sub-process that holds each node; none too for a node whose parent is not one.
    parents: Vec<Option<usize>>,
    /// The nodes that the process holds, and those that each sub-process holds.
    roots: Vec<usize>,
    children: Vec<Vec<usize>>,
    /// Whether the process, and each node, holds a start event.
    has_start: Vec<bool>,
    /// The flows that leave and that enter each node.
    outgoing: Vec<Vec<&'d DraftFlow>>,
    incoming: Vec<Vec<&'d DraftFlow>>,
    /// The boundary events on each node.
    boundaries: Vec<Vec<usize>>,
    /// Whether a flow begins or ends at what does not exist.
    pub(super) dangling_source: bool,
    pub(super) dangling_target: bool,
    /// What the associations join, the source first.
    pub(super) associations: Vec<(usize, usize, &'d DraftAssociation)>,
}

/// What holds nodes: the process itself, or the sub-process at a position.
pub(super) type Holder = Option<usize>;

impl<'d> Outline<'d> {
    pub(super) fn of(draft: &'d Draft) -> Outline<'d> {
        let nodes = &draft.nodes;
        let mut positions = BTreeMap::new();
        for (position, node) in nodes.iter().enumerate() {
            if !node.id.is_empty() {
                positions.entry(node.id.as_str()).or_insert(position);
            }
        }
        let find = |id: &str| positions.get(id).copied();
        let mut outline = Outline {
            draft,
            parents: vec![None; nodes.len()],
            roots: Vec::new(),
            children: vec![Vec::new(); nodes.len()],
            has_start: vec![false; nodes.len() + 1],
            outgoing: vec![Vec::new(); nodes.len()],
            incoming: vec![Vec::new(); nodes.len()],
            boundaries: vec![Vec::new(); nodes.len()],
            dangling_source: false,
            dangling_target: false,
            associations: Vec::new(),
            positions: BTreeMap::new(),
        };
        for (position, node) in nodes.iter().enumerate() {
            let parent = node.parent.as_deref().and_then(find);
            let parent = parent.filter(|parent| sub_process(&nodes[*parent].kind).is_some());
            outline.parents[position] = parent;
            match (parent, &node.parent) {
                (Some(parent), _) => outline.children[parent].push(position),
                (None, None) => outline.roots.push(position),
                (None, Some(_)) => {}
            }
            if matches!(node.kind, DraftKind::Start(_)) {
                outline.has_start[parent.map_or(0, |parent| parent + 1)] = true;
            }
            if let DraftKind::Boundary { host, .. } = &node.kind
                && let Some(host) = find(host)
            {
                outline.boundaries[host].push(position);
            }
        }
        for flow in &draft.flows {
            match find(&flow.source) {
                Some(source) => outline.outgoing[source].push(flow),
                None => outline.dangling_source = true,
            }
            match find(&flow.target) {
                Some(target) => outline.incoming[target].push(flow),
                None => outline.dangling_target = true,
            }
        }
        for association in &draft.associations {
            if let (Some(source), Some(target)) =
                (find(&association.source), find(&association.target))
            {
                outline.associations.push((source, target, association));
            }
        }
        outline.positions = positions;
        outline
    }

    /// All nodes with their positions.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (usize, &'d DraftNode)> {
        self.draft.nodes.iter().enumerate()
    }

    pub(super) fn node(&self, position: usize) -> &'d DraftNode {
        &self.draft.nodes[position]
    }

    /// The position of the first node with an id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.positions.get(id).copied()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &'d str> {
        self.positions.keys().copied()
    }

    /// The process and all its sub-processes.
    pub(super) fn holders(&self) -> impl Iterator<Item = Holder> {
        let inner = self.nodes().filter(|(_, node)| sub_process(&node.kind).is_some());
        std::iter::once(None).chain(inner.map(|(position, _)| Some(position)))
    }

    pub(super) fn parent(&self, position: usize) -> Holder {
        self.parents[position]
    }

    /// Whether two nodes are held by the same.
    pub(super) fn beside(&self, one: usize, other: usize) -> bool {
        self.parents[one] == self.parents[other] && self.orphan(one) == self.orphan(other)
    }

    /// Whether a node names a parent that is none.
    fn orphan(&self, position: usize) -> bool {
        self.parents[position].is_none() && self.node(position).parent.is_some()
    }

    /// What a process or sub-process holds, in the order of the text.
    pub(super) fn held(&self, holder: Holder) -> &[usize] {
        holder.map_or(&self.roots, |position| &self.children[position])
    }

    /// How a sub-process behaves; nothing for the process itself.
    pub(super) fn behaviour(&self, holder: Holder) -> Option<&'d SubProcessKind> {
        holder.and_then(|at| sub_process(&self.node(at).kind)).map(|inner| &inner.kind)
    }

    pub(super) fn outgoing(&self, position: usize) -> &[&'d DraftFlow] {
        &self.outgoing[position]
    }

    pub(super) fn incoming(&self, position: usize) -> &[&'d DraftFlow] {
        &self.incoming[position]
    }

    /// Where the flows that leave a node lead.
    pub(super) fn targets(&self, position: usize) -> impl Iterator<Item = usize> {
        self.outgoing[position].iter().filter_map(|flow| self.find(&flow.target))
    }

    pub(super) fn boundaries(&self, position: usize) -> &[usize] {
        &self.boundaries[position]
    }

    /// A process or sub-process and all that it is in, from the inside out.
    pub(super) fn around(&self, holder: Holder) -> impl Iterator<Item = Holder> {
        let mut next = Some(holder);
        std::iter::from_fn(move || {
            let holder = next?;
            next = holder.map(|position| self.parents[position]);
            Some(holder)
        })
        .take(DEEPEST + 2)
    }

    /// Whether a process or sub-process has a start event.
    pub(super) fn has_start(&self, holder: Holder) -> bool {
        self.has_start[holder.map_or(0, |position| position + 1)]
    }

    /// The name and the line by which flaws of a process or sub-process are told.
    pub(super) fn told(&self, holder: Holder) -> (&'d str, u32) {
        holder.map_or((&self.draft.heading.id, self.draft.line), |at| {
            (&self.node(at).id, self.node(at).line)
        })
    }

    /// Whether a node is a second one with its id.
    pub(super) fn doubled(&self, position: usize) -> bool {
        self.find(&self.node(position).id) != Some(position)
    }
}

/// The activity of a node, if it is one.
pub(super) fn activity(kind: &DraftKind) -> Option<&DraftActivity> {
    match kind {
        DraftKind::Activity(activity) => Some(activity),
        _ => None,
    }
}

/// What an activity does other than running one of the catalog.
pub(super) fn work(kind: &DraftKind) -> Option<&Work> {
    match &activity(kind)?.work {
        DraftWork::Other(work) => Some(work),
        DraftWork::Task(_) => None,
    }
}

/// The sub-process of a node, if it is one.
pub(super) fn sub_process(kind: &DraftKind) -> Option<&SubProcess> {
    match work(kind)? {
        Work::SubProcess(inner) => Some(inner),
        _ => None,
    }
}

/// Whether a node is an event sub-process.
pub(super) fn is_event_sub_process(kind: &DraftKind) -> bool {
    matches!(sub_process(kind), Some(SubProcess { kind: SubProcessKind::Event, .. }))
}

/// How a task that runs an activity is drawn.
pub(super) fn drawn(kind: &DraftKind) -> Option<TaskKind> {
    match activity(kind).map(|activity| &activity.work) {
        Some(DraftWork::Task(task)) => Some(task.kind),
        _ => None,
    }
}

/// Whether an instance begins at a node that is no start event.
pub(super) fn instantiates(kind: &DraftKind) -> bool {
    match kind {
        DraftKind::EventBased(gateway) => gateway.instantiate,
        _ => matches!(work(kind), Some(Work::Receive { instantiate: true, .. })),
    }
}

/// What a node awaits or makes happen, if it is an event.
pub(super) fn event(kind: &DraftKind) -> Option<&Event> {
    match kind {
        DraftKind::Start(start) => Some(&start.event),
        DraftKind::Catch(event)
        | DraftKind::Throw(event)
        | DraftKind::End(event)
        | DraftKind::Boundary { event, .. } => Some(event),
        _ => None,
    }
}

/// The name of a link event, if it is one.
pub(super) fn link(kind: &DraftKind) -> Option<&str> {
    match event(kind)?.only() {
        Some(EventDefinition::Link { name }) => Some(name),
        _ => None,
    }
}

/// Whether an event is about compensation.
pub(super) fn compensates(event: &Event) -> bool {
    event
        .definitions
        .iter()
        .any(|definition| matches!(definition, EventDefinition::Compensation(_)))
}

/// Whether a node is a compensation boundary event.
pub(super) fn is_compensation_boundary(kind: &DraftKind) -> bool {
    matches!(kind, DraftKind::Boundary { event, .. } if compensates(event))
}

/// Whether a node is an activity that only undoes another.
pub(super) fn undoes(kind: &DraftKind) -> bool {
    activity(kind).is_some_and(|activity| activity.for_compensation)
}
