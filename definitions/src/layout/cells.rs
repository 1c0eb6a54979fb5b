//! The cells of the layout: which ranks of which rows are taken, and by what.

use std::collections::BTreeMap;

/// What takes cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Nodes and the lines between them.
    Path,
    /// Lines that all lead to one item, onward or back; they may share cells.
    Lines { to: usize, back: bool },
}

/// Which cells are taken.
#[derive(Debug, Default)]
pub(super) struct Cells {
    rows: BTreeMap<i32, Vec<(usize, usize, Owner)>>,
    /// Nodes by row and rank.
    nodes: BTreeMap<(usize, i32), usize>,
}

/// The most rows that are tried before one beyond all others is taken.
const MOST_ROWS: i32 = 64;
/// Nodes stand on every fourth row; those between are for lines.
pub(super) const NODES: i32 = 4;

impl Cells {
    /// Whether the ranks `from..=to` of a row are free, or taken by lines of the same owner.
    pub(super) fn is_free(&self, row: i32, from: usize, to: usize, owner: Owner) -> bool {
        let taken = self.rows.get(&row).into_iter().flatten();
        let mut clash = taken.filter(|(first, last, _)| *first <= to && from <= *last);
        clash.all(|(_, _, other)| owner != Owner::Path && *other == owner)
    }

    pub(super) fn take(&mut self, row: i32, from: usize, to: usize, owner: Owner) {
        self.rows.entry(row).or_default().push((from, to, owner));
    }

    pub(super) fn put_node(&mut self, rank: usize, row: i32, item: usize) {
        self.nodes.insert((rank, row), item);
    }

    /// The node in a cell.
    pub(super) fn node(&self, rank: usize, row: i32) -> Option<usize> {
        self.nodes.get(&(rank, row)).copied()
    }

    /// Whether a cell is taken by lines of an owner.
    pub(super) fn has_line(&self, rank: usize, row: i32, owner: Owner) -> bool {
        let taken = self.rows.get(&row).into_iter().flatten();
        taken.into_iter().any(|(from, to, by)| *from <= rank && rank <= *to && *by == owner)
    }

    /// All that is taken in a row, as ranks from and to.
    pub(super) fn spans(&self, row: i32) -> impl Iterator<Item = (usize, usize)> {
        self.rows.get(&row).into_iter().flatten().map(|(from, to, _)| (*from, *to))
    }

    pub(super) fn has_node(&self, rank: usize, row: i32) -> bool {
        self.nodes.contains_key(&(rank, row))
    }

    /// Whether a line may run straight through a rank between two rows, both left out.
    pub(super) fn is_clear(&self, rank: usize, one: i32, other: i32) -> bool {
        let (low, high) = (one.min(other) + 1, one.max(other));
        low >= high || self.nodes.range((rank, low)..(rank, high)).next().is_none()
    }

    /// The nearest free row from one on by steps; one beyond all others when many are taken.
    pub(super) fn nearest(
        &self,
        start: i32,
        step: i32,
        from: usize,
        to: usize,
        owner: Owner,
    ) -> i32 {
        let mut rows = (0..MOST_ROWS).map(|count| start + count * step);
        rows.find(|row| self.is_free(*row, from, to, owner)).unwrap_or_else(|| {
            let mut keys = self.rows.keys();
            let outermost = if step > 0 { keys.next_back() } else { keys.next() };
            (outermost.copied().unwrap_or(0) / NODES + step.signum()) * NODES
        })
    }

    /// All rows in which something is, from the top.
    pub(super) fn rows(&self) -> impl Iterator<Item = i32> {
        self.rows.keys().copied()
    }
}
