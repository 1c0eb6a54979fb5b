//! Start and completion quantity (BPMN 2.0.2 §10.3.2, §13.3.2): an activity may await several paths
//! before it begins, and send several along each flow when it is done.

use definitions::{Activity, Flow};

use super::activity;
use crate::walk::{Visit, Walk};
use crate::{Event, Instance, Moment, PathId};

/// Whether paths are counted here before the activity begins.
pub(crate) fn awaits(instance: &Instance, visit: Visit<'_>) -> bool {
    let several = activity::of(visit).is_some_and(|activity| activity.start_quantity > 1);
    several && !instance.is_repetition(visit.path)
}

/// A path has come. Gives the visit that begins, when enough have come: that of the oldest path. In a
/// step that has done what it may, that one stops, and stands for all who came.
pub(crate) fn gather<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &Activity,
    by: Option<&Flow>,
) -> Option<Visit<'a>> {
    if activity.start_quantity <= 1 {
        return Some(visit);
    }
    let (path, node) = (visit.path, visit.node.id.clone());
    let flow = by.map_or_else(String::new, |flow| flow.id.to_string());
    walk.record(Event::Arrived { path, node: node.clone(), flow });
    let arrivals = walk.instance.arrivals(visit.scope, &node)?;
    let needed = activity.start_quantity as usize;
    if arrivals.count() < needed {
        return None;
    }
    let mut here: Vec<PathId> = arrivals.paths().take(needed).collect();
    let path = here.remove(0);
    walk.record(Event::Joined { path, node, with: here });
    let visit = Visit { path, ..visit };
    if walk.effort.is_spent() {
        walk.stop_spent(visit, Moment::Entering);
        return None;
    }
    Some(visit)
}
