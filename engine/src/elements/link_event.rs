//! Link event (BPMN 2.0.2 §10.5.4): a connector inside one scope, from every throwing event of a name
//! to the catching one.

use crate::Moment;
use crate::walk::{Visit, Walk};

/// The path goes on at the catching event of the same name.
pub(crate) fn throw(walk: &mut Walk<'_>, visit: Visit<'_>, name: &str) {
    let links = &walk.process.contents(visit.node.parent).links;
    match links.get(name).copied() {
        Some(to) => walk.go(visit, None, to),
        None => walk.stop(visit, Moment::Entering, format!("there is no link `{name}` to go to")),
    }
}
