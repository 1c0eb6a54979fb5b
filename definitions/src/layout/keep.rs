//! Keeping a drawing: what has a place stays there, what has none finds one beside it.

use super::{Drawing, Line};
use crate::Process;

/// The drawing with a place for everything; nothing when it cannot be kept.
pub(super) fn complete(process: &Process, lines: &[Line], known: &Drawing) -> Option<Drawing> {
    let _ = lines;
    let all = process.nodes().all(|(_, node)| known.shapes.contains_key(node.id.as_str()));
    all.then(|| known.clone())
}
