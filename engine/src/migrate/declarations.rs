//! The data objects and properties that a new version adds to the scopes that are open.

use std::collections::BTreeMap;

use definitions::Place;
use serde_json::{Map, Value};

use super::versions::{Misfit, Versions};
use crate::view::{View, evaluate};
use crate::walk::Walk;
use crate::{Moment, PathState, ScopeId, ScopeKind, Write};

/// A scope, the process itself for `None`, and the variables that it lacks.
type Declared = (Option<ScopeId>, Vec<Write>);

/// The variables that each open scope lacks, outer scopes first; each value sees those before it.
///
/// # Errors
/// The first that has no value.
pub(super) fn new(versions: Versions<'_>, walk: &Walk<'_>) -> Result<Vec<Declared>, Misfit> {
    let mut declared = Vec::new();
    let own = walk.instance.variables();
    let mut seen = Map::new();
    if !is_starting(walk) {
        declared.push((None, declare(versions, walk, (None, None), own, &mut seen)?));
    }
    let mut inside = BTreeMap::from([(None, seen)]);
    // A scope opens after the one around it, and has a greater number.
    for (id, open) in walk.instance.scopes() {
        let mut seen = inside.get(&open.parent()).cloned().unwrap_or_default();
        seen.retain(|name, _| !open.variables().contains_key(name));
        let place = match open.kind() {
            ScopeKind::SubProcess | ScopeKind::EventSubProcess => {
                versions.counterpart(open.node()).ok().map(|(_, new)| new)
            }
            _ => None,
        };
        if place.is_some() {
            let at = (Some(id), place);
            declared.push((Some(id), declare(versions, walk, at, open.variables(), &mut seen)?));
        }
        inside.insert(Some(id), seen);
    }
    declared.retain(|(_, writes)| !writes.is_empty());
    Ok(declared)
}

/// What one scope lacks. `seen` are the new variables of the scopes around it, and with what comes
/// of it also its own.
fn declare(
    versions: Versions<'_>,
    walk: &Walk<'_>,
    (scope, place): (Option<ScopeId>, Option<Place>),
    own: &Map<String, Value>,
    seen: &mut Map<String, Value>,
) -> Result<Vec<Write>, Misfit> {
    let mut writes = Vec::new();
    for (name, input) in &versions.to.contents(place).variables {
        if own.contains_key(name) {
            continue;
        }
        let value = match input {
            None => Value::Null,
            Some(input) => {
                let view = View { locals: Some(seen), ..walk.view(scope) };
                evaluate(input, &view).map_err(|error| Misfit::NotDeclared {
                    name: name.clone(),
                    message: error.to_string(),
                })?
            }
        };
        seen.insert(name.clone(), value.clone());
        writes.push(Write::variable(name.as_str(), value));
    }
    Ok(writes)
}

/// Whether the process could not begin: what it declares is evaluated when it does.
fn is_starting(walk: &Walk<'_>) -> bool {
    let starting =
        |state: &PathState| matches!(state, PathState::Incident { moment: Moment::Starting, .. });
    walk.instance.paths().any(|(_, path)| starting(path.state()))
}
