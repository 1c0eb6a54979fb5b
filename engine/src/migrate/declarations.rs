//! The data objects and properties that a new version adds to what is under way, or takes away.

use std::collections::BTreeMap;

use definitions::{Activity, Input};
use serde_json::{Map, Value};

use super::versions::{Misfit, Versions};
use crate::catch::Owner;
use crate::view::{View, evaluate};
use crate::walk::{Visit, Walk};
use crate::{Moment, Path, PathId, PathState, ScopeKind, Write};

/// A scope, the process itself or a path, and the variables that it or its node lacks.
type Declared = (Owner, Vec<Write>);

/// The variables that each open scope lacks, outer scopes first, and then the node of each path; each
/// value sees those before it.
///
/// # Errors
/// The first that has no value.
pub(super) fn new(versions: Versions<'_>, walk: &Walk<'_>) -> Result<Vec<Declared>, Misfit> {
    let mut declared = Vec::new();
    let own = walk.instance.variables();
    let mut seen = Map::new();
    if !is_starting(walk) {
        let new = &versions.to.contents(None).variables;
        let writes = declare(new, walk.view(None), own, &mut seen)?;
        declared.push((Owner::scope(None), writes));
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
            let new = &versions.to.contents(place).variables;
            let writes = declare(new, walk.view(Some(id)), open.variables(), &mut seen)?;
            declared.push((Owner::scope(Some(id)), writes));
        }
        inside.insert(Some(id), seen);
    }
    for (id, path) in walk.instance.paths() {
        let Ok((_, place)) = versions.counterpart(path.node()) else { continue };
        let node = versions.to.node(place);
        let once = node.kind.activity().is_none_or(|activity: &Activity| activity.repeat.is_none());
        if !has_begun(path) || !(once || walk.instance.is_repetition(id)) {
            continue;
        }
        let mut seen = inside.get(&path.scope()).cloned().unwrap_or_default();
        seen.retain(|name, _| !path.own().contains_key(name));
        let view = walk.view_at(Visit { path: id, scope: path.scope(), place, node });
        let writes = declare(&node.variables, view, path.own(), &mut seen)?;
        declared.push((Owner::path(id), writes));
    }
    declared.retain(|(_, writes)| !writes.is_empty());
    Ok(declared)
}

/// The properties that the nodes of paths no longer have.
pub(super) fn gone(
    versions: Versions<'_>,
    instance: &crate::Instance,
) -> Vec<(PathId, Vec<String>)> {
    let gone = instance.paths().filter_map(|(id, path)| {
        let (_, place) = versions.counterpart(path.node()).ok()?;
        let new = &versions.to.node(place).variables;
        let is_gone = |name: &&String| new.iter().all(|(kept, _)| kept != *name);
        Some((id, path.own().keys().filter(is_gone).cloned().collect::<Vec<_>>()))
    });
    gone.filter(|(_, names)| !names.is_empty()).collect()
}

/// What of the new variables one scope or node lacks. `seen` are the new ones of the scopes around
/// it, and with what comes of it also its own.
fn declare(
    new: &[(String, Option<Input>)],
    view: View<'_>,
    own: &Map<String, Value>,
    seen: &mut Map<String, Value>,
) -> Result<Vec<Write>, Misfit> {
    let mut writes = Vec::new();
    for (name, input) in new {
        if own.contains_key(name) {
            continue;
        }
        let value = match input {
            None => Value::Null,
            Some(input) => {
                let view = View { locals: Some(seen), ..view };
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

/// Whether what is done at a node has begun, so that its properties are there and its events awaited.
pub(super) fn has_begun(path: &Path) -> bool {
    match path.state() {
        PathState::Moving | PathState::Joining => false,
        PathState::Incident { moment, .. } => {
            !matches!(moment, Moment::Starting | Moment::Arriving | Moment::Entering)
        }
        _ => true,
    }
}

/// Whether the process could not begin: what it declares is evaluated when it does.
fn is_starting(walk: &Walk<'_>) -> bool {
    let starting =
        |state: &PathState| matches!(state, PathState::Incident { moment: Moment::Starting, .. });
    walk.instance.paths().any(|(_, path)| starting(path.state()))
}
