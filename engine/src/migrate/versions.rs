//! Two versions of a process beside each other: which element of the one is which of the other.

use std::collections::{BTreeMap, BTreeSet};

use definitions::{Activity, Kind, Node, NodeId, Place, Process, SubProcess, SubProcessKind};

use super::alike::{alike, repeated_alike};
use crate::elements::compensation;

/// Why an instance, or a plan, does not fit the new version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Only an instance that is under way can be moved.
    #[error("the instance is not under way")]
    NotActive,
    /// The old version has no such element.
    #[error("the old version has no element `{node}`")]
    Unknown {
        /// The element that was named.
        node: NodeId,
    },
    /// The new version has no such element.
    #[error("the new version has no element `{to}`; map `{node}` to one that it has")]
    Gone {
        /// The element of the old version.
        node: NodeId,
        /// The element that it should become.
        to: NodeId,
    },
    /// The two are not the same kind of element.
    #[error("`{node}` and `{to}` are not the same kind of element")]
    OtherKind {
        /// The element of the old version.
        node: NodeId,
        /// The element that it should become.
        to: NodeId,
    },
    /// The two are not repeated in the same way.
    #[error("`{node}` and `{to}` are not repeated in the same way")]
    OtherRepeat {
        /// The element of the old version.
        node: NodeId,
        /// The element that it should become.
        to: NodeId,
    },
    /// The two are in different sub-processes, or on different activities.
    #[error("`{to}` is not in, or not on, what that of `{node}` becomes")]
    OtherPlace {
        /// The element of the old version.
        node: NodeId,
        /// The element that it should become.
        to: NodeId,
    },
    /// Paths wait to be joined, and the flows along which they come are others.
    #[error(
        "other flows lead to `{to}` than to `{node}`, so paths that wait there cannot be joined"
    )]
    OtherFlows {
        /// The element of the old version.
        node: NodeId,
        /// The element that it should become.
        to: NodeId,
    },
    /// Paths wait until enough have come, and the new version takes another number of them.
    #[error(
        "`{to}` takes another number of paths to begin than `{node}`, so those that wait there cannot go on"
    )]
    OtherQuantity {
        /// The activity of the old version.
        node: NodeId,
        /// The activity that it should become.
        to: NodeId,
    },
    /// A path awaits events behind a gateway, and these are others.
    #[error("other events stand behind `{to}` than behind `{node}`, and a path awaits them")]
    OtherEvents {
        /// The gateway of the old version.
        node: NodeId,
        /// The gateway that it should become.
        to: NodeId,
    },
    /// What begins by itself in an ad-hoc sub-process comes behind another element in the new version.
    #[error(
        "`{node}` begins by itself and `{to}` behind another element, so that it could begin twice"
    )]
    OtherBeginning {
        /// The element of the old version.
        node: NodeId,
        /// The element that it should become.
        to: NodeId,
    },
    /// A data object or property of the new version cannot be evaluated.
    #[error("the new variable `{name}` has no value: {message}")]
    NotDeclared {
        /// Its name.
        name: String,
        /// What is wrong, in words.
        message: String,
    },
    /// Something was done that nothing could undo any more.
    #[error("`{node}` was done and can be undone, but nothing undoes `{to}`")]
    NotUndone {
        /// The activity of the old version.
        node: NodeId,
        /// The activity that it should become.
        to: NodeId,
    },
    /// What an event has asked for is being undone, and one of the two awaits that and the other does
    /// not.
    #[error(
        "of `{node}` and `{to}`, one awaits what it undoes and the other does not, and that is under way"
    )]
    OtherWait {
        /// The throwing event of the old version.
        node: NodeId,
        /// The throwing event that it should become.
        to: NodeId,
    },
    /// Two elements would become one.
    #[error("`{node}` and `{other}` would both become `{to}`")]
    Both {
        /// The one element of the old version.
        node: NodeId,
        /// The other element of the old version.
        other: NodeId,
        /// The element that they should become.
        to: NodeId,
    },
    /// What a new event awaits cannot be evaluated.
    #[error("`{to}` cannot be armed: {message}")]
    NotArmed {
        /// The event of the new version.
        to: NodeId,
        /// What is wrong, in words.
        message: String,
    },
}

/// What a migration does with an element of the old version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes on under the same id.
    Kept,
    /// It goes on as this element.
    Mapped(NodeId),
    /// What the event awaits is not awaited any more.
    Dropped,
    /// An instance with something under way there cannot be moved.
    Cannot(Misfit),
}

/// Two versions, and the elements whose ids differ.
#[derive(Clone, Copy)]
pub(crate) struct Versions<'a> {
    pub(crate) from: &'a Process,
    pub(crate) to: &'a Process,
    pub(crate) nodes: &'a BTreeMap<NodeId, NodeId>,
}

/// What a migration would do with each element of the old version, in the order of the text.
pub fn fates(
    from: &Process,
    to: &Process,
    nodes: &BTreeMap<NodeId, NodeId>,
) -> Vec<(NodeId, Fate)> {
    let versions = Versions { from, to, nodes };
    let fate = |place: Place, node: &Node| match versions.counterpart(&node.id) {
        Err(_) if versions.may_be_dropped(place) => Fate::Dropped,
        Err(misfit) => Fate::Cannot(misfit),
        Ok(_) => match versions.goes_on_alike(&node.id) {
            Err(misfit) => Fate::Cannot(misfit),
            Ok(()) if versions.target(&node.id) == &node.id => Fate::Kept,
            Ok(()) => Fate::Mapped(versions.target(&node.id).clone()),
        },
    };
    from.nodes().map(|(place, node)| (node.id.clone(), fate(place, node))).collect()
}

/// The events of the new version that await something and have no counterpart in the old one: they
/// are armed where their activity or scope is under way.
pub fn added(from: &Process, to: &Process, nodes: &BTreeMap<NodeId, NodeId>) -> Vec<NodeId> {
    let versions = Versions { from, to, nodes };
    let old = from.nodes().filter(|(_, node)| versions.counterpart(&node.id).is_ok());
    let old: BTreeSet<&NodeId> = old.map(|(_, node)| versions.target(&node.id)).collect();
    let is_new = |node: &Node| {
        let event = match &node.kind {
            Kind::Boundary(_) => true,
            Kind::StartEvent(start) => node.parent.is_some() && !start.event.is_none(),
            _ => false,
        };
        event && !old.contains(&node.id)
    };
    to.nodes().filter(|(_, node)| is_new(node)).map(|(_, node)| node.id.clone()).collect()
}

/// What is wrong with a mapping, whatever instance it is for.
pub fn flaws(from: &Process, to: &Process, nodes: &BTreeMap<NodeId, NodeId>) -> Vec<Misfit> {
    let versions = Versions { from, to, nodes };
    let mut flaws: Vec<Misfit> =
        nodes.keys().filter_map(|node| versions.counterpart(node).err()).collect();
    flaws.extend(versions.doubles(nodes.keys()));
    flaws
}

impl<'a> Versions<'a> {
    /// What an element becomes.
    pub(crate) fn target<'n>(&'n self, node: &'n NodeId) -> &'n NodeId {
        self.nodes.get(node).unwrap_or(node)
    }

    /// The place of an element and that of what it becomes.
    ///
    /// # Errors
    /// Why it cannot.
    pub(crate) fn counterpart(&self, node: &NodeId) -> Result<(Place, Place), Misfit> {
        let (node, to) = (node.clone(), self.target(node).clone());
        let Some(old) = self.from.place(&node) else { return Err(Misfit::Unknown { node }) };
        let Some(new) = self.to.place(&to) else { return Err(Misfit::Gone { node, to }) };
        let (before, after) = (self.from.node(old), self.to.node(new));
        if !alike(&before.kind, &after.kind) {
            return Err(Misfit::OtherKind { node, to });
        }
        if !repeated_alike(&before.kind, &after.kind) {
            return Err(Misfit::OtherRepeat { node, to });
        }
        let hosts = match (&before.kind, &after.kind) {
            (Kind::Boundary(before), Kind::Boundary(after)) => {
                self.becomes(Some(before.host), Some(after.host))
            }
            _ => true,
        };
        match hosts && self.becomes(before.parent, after.parent) {
            true => Ok((old, new)),
            false => Err(Misfit::OtherPlace { node, to }),
        }
    }

    fn becomes(&self, before: Option<Place>, after: Option<Place>) -> bool {
        match (before, after) {
            (None, None) => true,
            (Some(before), Some(after)) => {
                self.target(&self.from.node(before).id) == &self.to.node(after).id
            }
            _ => false,
        }
    }

    /// Whether all that may be under way or remembered at an element can go on at what it becomes.
    fn goes_on_alike(&self, node: &NodeId) -> Result<(), Misfit> {
        self.joins_alike(node)?;
        self.awaits_alike(node)?;
        self.begins_alike(node)?;
        self.undoes_alike(node)?;
        self.undone_alike(node)
    }

    /// Whether what begins by itself in an ad-hoc sub-process still does, in what that becomes. One that names what
    /// begins in it says so anew.
    ///
    /// # Errors
    /// That something comes behind another element, so that it could begin twice.
    pub(crate) fn begins_alike(&self, node: &NodeId) -> Result<(), Misfit> {
        let (old, new) = self.counterpart(node)?;
        let inside = self.to.node(new).kind.activity().and_then(Activity::sub_process);
        let Some(SubProcess { kind: SubProcessKind::AdHoc(ad_hoc), .. }) = inside else {
            return Ok(());
        };
        let begun = self.from.contents(Some(old)).entries.iter();
        let begun = begun.filter(|_| ad_hoc.active.is_none());
        for node in begun.map(|place| &self.from.node(*place).id) {
            let Ok((_, new)) = self.counterpart(node) else { continue };
            if self.to.incoming_count(new) > 0 {
                let to = self.target(node).clone();
                return Err(Misfit::OtherBeginning { node: node.clone(), to });
            }
        }
        Ok(())
    }

    /// Whether what an event becomes awaits what is undone as it does itself.
    ///
    /// # Errors
    /// That one does and the other does not.
    pub(crate) fn undoes_alike(&self, node: &NodeId) -> Result<(), Misfit> {
        let (old, new) = self.counterpart(node)?;
        let awaited =
            |process: &Process, place| compensation::is_awaited(&process.node(place).kind);
        match awaited(self.from, old) == awaited(self.to, new) {
            true => Ok(()),
            false => Err(Misfit::OtherWait { node: node.clone(), to: self.target(node).clone() }),
        }
    }

    /// Whether what an element becomes can be undone, if it can be undone itself.
    ///
    /// # Errors
    /// That it cannot.
    pub(crate) fn undone_alike(&self, node: &NodeId) -> Result<(), Misfit> {
        let (old, new) = self.counterpart(node)?;
        let undone = |process: &Process, place| {
            let activity = process.node(place).kind.activity();
            let inside = activity.and_then(Activity::sub_process).map(|inner| &inner.contents);
            activity.is_some_and(|activity| activity.undone_by.is_some())
                || inside.is_some_and(|inside| compensation::handler_in(process, inside).is_some())
        };
        match undone(self.from, old) && !undone(self.to, new) {
            true => Err(Misfit::NotUndone { node: node.clone(), to: self.target(node).clone() }),
            false => Ok(()),
        }
    }

    /// Whether the same flows lead to what an element becomes, if paths are joined there.
    ///
    /// # Errors
    /// That they are others.
    pub(crate) fn joins_alike(&self, node: &NodeId) -> Result<(), Misfit> {
        let (old, new) = self.counterpart(node)?;
        let joins = match &self.from.node(old).kind {
            Kind::ParallelGateway | Kind::InclusiveGateway | Kind::ComplexGateway(_) => {
                self.from.incoming_count(old) > 1
            }
            Kind::Activity(activity) => activity.start_quantity > 1,
            _ => false,
        };
        let quantity = |kind: &Kind| kind.activity().map(|activity| activity.start_quantity);
        if joins && quantity(&self.from.node(old).kind) != quantity(&self.to.node(new).kind) {
            let to = self.target(node).clone();
            return Err(Misfit::OtherQuantity { node: node.clone(), to });
        }
        let before: BTreeSet<&str> = self.from.incoming(old).map(|(flow, _)| &*flow.id).collect();
        let after: BTreeSet<&str> = self.to.incoming(new).map(|(flow, _)| &*flow.id).collect();
        match joins && before != after {
            true => Err(Misfit::OtherFlows { node: node.clone(), to: self.target(node).clone() }),
            false => Ok(()),
        }
    }

    /// Whether the same events stand behind what an event-based gateway becomes.
    ///
    /// # Errors
    /// That they are others.
    pub(crate) fn awaits_alike(&self, node: &NodeId) -> Result<(), Misfit> {
        let (old, new) = self.counterpart(node)?;
        if !matches!(self.from.node(old).kind, Kind::EventGateway(_)) {
            return Ok(());
        }
        let ids: Vec<&NodeId> =
            self.from.outgoing(old).map(|(_, to)| &self.from.node(to).id).collect();
        let before: BTreeSet<&NodeId> = ids.iter().map(|id| self.target(id)).collect();
        let after: BTreeSet<&NodeId> =
            self.to.outgoing(new).map(|(_, to)| &self.to.node(to).id).collect();
        match before == after && ids.iter().all(|id| self.counterpart(id).is_ok()) {
            true => Ok(()),
            false => Err(Misfit::OtherEvents { node: node.clone(), to: self.target(node).clone() }),
        }
    }

    /// Whether an event only awaits something beside a path or a scope, so that it may be left out.
    pub(crate) fn may_be_dropped(&self, place: Place) -> bool {
        let node = self.from.node(place);
        let in_event_sub_process = || {
            let around = node.parent.and_then(|parent| self.from.node(parent).kind.activity());
            around.is_some_and(Activity::is_event_sub_process)
        };
        match &node.kind {
            Kind::Boundary(_) => true,
            Kind::StartEvent(_) => in_event_sub_process(),
            _ => false,
        }
    }

    /// Pairs of elements that would become one.
    pub(crate) fn doubles<'n>(&self, nodes: impl IntoIterator<Item = &'n NodeId>) -> Vec<Misfit> {
        let mut seen: BTreeMap<NodeId, &NodeId> = BTreeMap::new();
        let mut doubles = Vec::new();
        for node in nodes {
            let to = self.target(node).clone();
            match seen.get(&to) {
                Some(other) => {
                    doubles.push(Misfit::Both { node: (*other).clone(), other: node.clone(), to })
                }
                None => drop(seen.insert(to, node)),
            }
        }
        doubles
    }
}
