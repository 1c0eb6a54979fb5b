//! Terminate end event (BPMN 2.0.2 §10.5.3, §13.5.4): ends all that is under way in its scope, and
//! with it the scope.

use super::{activity, trigger};
use crate::walk::{Visit, Walk};

/// A path is here: it ends, and all others of the scope with it.
pub(crate) fn enter(walk: &mut Walk<'_>, visit: Visit<'_>) {
    walk.end(visit);
    activity::withdraw_all(walk, visit.scope);
    trigger::end_all_of_scope(walk, visit.scope);
}
