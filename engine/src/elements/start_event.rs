//! Start event, none (BPMN 2.0.2 §10.5.2, §13.5.1): a path begins and goes along every flow that
//! leaves.

use crate::walk::{Visit, Walk};

/// The first path of the instance is here.
pub(crate) fn enter<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    walk.leave(visit);
}
