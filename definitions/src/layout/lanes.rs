//! The heights of the rows: each part of a row as near to the main path as what lies between lets
//! it be.

use super::cells::Cells;
use super::graph::Graph;
use std::collections::BTreeMap;

/// A part of a row without a gap, and the height of its middle.
#[derive(Clone, Copy, Debug)]
struct Part {
    from: usize,
    to: usize,
    y: f64,
}

/// The heights of all rows.
#[derive(Debug)]
pub(super) struct Lanes {
    rows: BTreeMap<i32, Vec<Part>>,
}

/// How far a line reaches to both sides, and the room above and below lines and nodes.
const LINE: (f64, f64) = (4.0, 4.0);
const ROOM_OF_LINE: f64 = 10.0;
const ROOM_OF_NODE: f64 = 24.0;

/// Puts the main row at height 0 and the others around it.
pub(super) fn lanes(graph: &Graph<'_>, cells: &Cells) -> Lanes {
    let ranks = graph.items.iter().map(|item| item.rank + 2).max().unwrap_or(0);
    let reach = |rank: usize, row: i32| match cells.node(rank, row) {
        Some(item) => (graph.items[item].reach, ROOM_OF_NODE),
        None => (LINE, ROOM_OF_LINE),
    };
    let mut rows = BTreeMap::new();
    for direction in [1, -1] {
        let mut border = vec![0.0_f64; ranks];
        let mut room = vec![0.0_f64; ranks];
        for rank in 0..ranks {
            let ((up, down), around) = reach(rank, 0);
            (border[rank], room[rank]) = (if direction > 0 { down } else { up }, around);
        }
        let mut outward: Vec<i32> = cells.rows().filter(|row| row.signum() == direction).collect();
        outward.sort_by_key(|row| row.abs());
        for row in outward {
            let mut parts = parts(cells, row);
            for part in &mut parts {
                let inside = part.from..=part.to.min(ranks.saturating_sub(1));
                let mut y = 0.0_f64;
                for rank in inside.clone() {
                    let ((up, down), around) = reach(rank, row);
                    let toward = if direction > 0 { up } else { down };
                    y = y.max(border[rank] + room[rank].max(around) + toward);
                }
                let y = y.ceil();
                for rank in inside {
                    let ((up, down), around) = reach(rank, row);
                    border[rank] = y + if direction > 0 { down } else { up };
                    room[rank] = around;
                }
                part.y = y * f64::from(direction);
            }
            rows.insert(row, parts);
        }
    }
    Lanes { rows }
}

fn parts(cells: &Cells, row: i32) -> Vec<Part> {
    let mut spans: Vec<(usize, usize)> = cells.spans(row).collect();
    spans.sort_unstable();
    let mut parts: Vec<Part> = Vec::new();
    for (from, to) in spans {
        match parts.last_mut() {
            Some(last) if from <= last.to => last.to = last.to.max(to),
            _ => parts.push(Part { from, to, y: 0.0 }),
        }
    }
    parts
}

impl Lanes {
    /// The height of the middle of a row at a rank.
    pub(super) fn y(&self, row: i32, rank: usize) -> f64 {
        let parts = self.rows.get(&row).map_or(&[][..], Vec::as_slice);
        let next = parts.partition_point(|part| part.from <= rank);
        let part = next.checked_sub(1).and_then(|last| parts.get(last)).or(parts.first());
        part.map_or(0.0, |part| part.y)
    }
}
