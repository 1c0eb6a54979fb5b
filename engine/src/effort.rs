//! Effort: how much work one step has done, so that it comes to an end however its definition is
//! made.
//!
//! Everything whose cost depends on the definition or on the size of the instance is counted where
//! it is done: a node that a path enters, a step of an expression, a path, a condition or an arrival
//! that is looked at. The count is part of what is decided: the same step has always the same.

use std::cell::Cell;

/// How many nodes paths may enter in one step if nothing else costs anything; a loop of automatic
/// nodes ends in an incident there. Each instance of a parallel multi-instance activity adds
/// [`FOR_EACH`] to it.
pub const STEP_BUDGET: u32 = 10_000;

/// How many more nodes may be entered in a step for each instance that begins in it.
pub const FOR_EACH: u32 = 100;

/// The most paths that may live in an instance when one of them splits: a gateway, an activity or a
/// sub-process that would make more is an incident. Each instance of a multi-instance activity adds
/// [`PATHS_FOR_EACH`] to it; how many of those there may be is
/// [`MOST_INSTANCES`](crate::MOST_INSTANCES).
pub const MOST_PATHS: usize = 20_000;

/// How many more paths may live for each instance of a multi-instance activity.
pub const PATHS_FOR_EACH: usize = 10;

/// How many nodes may be entered in a step at the very most.
const MOST_NODES: u32 = 120_000;

/// What a node costs that a path enters: so many steps of an expression, or other small things.
const NODE: u64 = 40;

/// What it costs to look at a path, a condition or a node.
pub(crate) const LOOK: usize = 8;

/// What a step may do and has done.
#[derive(Debug)]
pub(crate) struct Effort {
    allowed: u64,
    /// Expressions, which see an instance that stays as it is, count here too.
    spent: Cell<u64>,
    /// How many nodes paths have entered.
    nodes: u32,
}

impl Effort {
    pub(crate) fn new() -> Effort {
        Effort { allowed: u64::from(STEP_BUDGET) * NODE, spent: Cell::new(0), nodes: 0 }
    }

    /// Counts small things that were looked at.
    pub(crate) fn spend(&self, things: usize) {
        self.spent.set(self.spent.get().saturating_add(things as u64));
    }

    /// Counts a node that a path has entered.
    pub(crate) fn enter(&mut self) {
        self.nodes = self.nodes.saturating_add(1);
        self.spent.set(self.spent.get().saturating_add(NODE));
    }

    /// Allows for what further instances of a repeated activity will do.
    pub(crate) fn allow_for(&mut self, instances: usize) {
        let more = (instances as u64).saturating_mul(u64::from(FOR_EACH) * NODE);
        self.allowed = self.allowed.saturating_add(more).min(u64::from(MOST_NODES) * NODE);
    }

    /// Whether the step has done what it may. Nothing goes on then; what rests is still looked
    /// after.
    pub(crate) fn is_spent(&self) -> bool {
        self.spent.get() > self.allowed
    }

    /// Whether looking after what rests has taken as much as a whole step again. It is left to a
    /// later step then.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.spent.get() > self.allowed.saturating_add(u64::from(STEP_BUDGET) * NODE)
    }

    /// Why nothing goes on, for a person.
    pub(crate) fn message(&self) -> String {
        format!(
            "the process does not come to rest; it was stopped after {} nodes of this step",
            self.nodes
        )
    }
}
