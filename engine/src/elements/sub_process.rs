//! Embedded sub-process and transaction (BPMN 2.0.2 §10.3.5, §10.7, §13.3.5): a scope of its own,
//! which begins when a path comes and ends when no path is left in it.

use definitions::{Activity, Input, SubProcess, SubProcessKind};
use serde_json::{Map, Value};

use super::{activity, ad_hoc_sub_process, completion, event_sub_process};
use crate::view::{View, evaluate};
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, PathState, ScopeId, ScopeKind};

/// The sub-process begins, with its inputs as variables of its scope.
pub(crate) fn open<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, inner: &'a SubProcess) {
    let variables = match variables(walk, visit) {
        Ok(variables) => variables,
        Err(message) => return walk.stop(visit, Moment::Running, message),
    };
    if let SubProcessKind::AdHoc(ad_hoc) = &inner.kind {
        return ad_hoc_sub_process::open(walk, visit, ad_hoc, variables);
    }
    if let Some(message) = walk.has_no_room(inner.contents.entries.len()) {
        return walk.stop(visit, Moment::Running, message);
    }
    let scope = open_scope(walk, visit, ScopeKind::SubProcess, variables);
    match event_sub_process::arm(walk, Some(scope), Some(visit.place)) {
        Ok(()) => {
            begin(walk, Some(scope), Some(visit.place));
            // One with nothing to begin ends at once.
            walk.touch(Some(scope));
        }
        Err(message) => {
            activity::close_scope(walk, visit.path);
            walk.stop(visit, Moment::Running, message);
        }
    }
}

/// Begins at the plain start event of a scope, or at all that no flow leads to.
pub(crate) fn begin(walk: &mut Walk<'_>, scope: Option<ScopeId>, of: Option<definitions::Place>) {
    let contents = walk.process.contents(of);
    match contents.start {
        Some(start) => walk.begin(scope, None, start),
        None => contents.entries.iter().for_each(|entry| walk.begin(scope, None, *entry)),
    }
}

pub(crate) fn open_scope(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    of: ScopeKind,
    variables: Map<String, Value>,
) -> ScopeId {
    let scope = walk.instance.next_scope();
    let (path, node) = (visit.path, visit.node.id.clone());
    let (pending, undo) = (Vec::new(), Vec::new());
    walk.record(Event::Opened { scope, path, node, of, variables, pending, undo });
    scope
}

/// The first variables of a sub-process: its inputs, and its data objects and properties.
///
/// # Errors
/// Which has no value, in words.
pub(crate) fn variables(walk: &Walk<'_>, visit: Visit<'_>) -> Result<Map<String, Value>, String> {
    let mut variables = Map::new();
    if let Some(path) = walk.instance.path(visit.path) {
        variables.extend(path.given().clone());
        variables.extend(path.locals().clone());
    }
    declare(walk, visit.scope, Some(visit.place), &mut variables)?;
    Ok(variables)
}

/// Adds the data objects and properties of a sub-process, or of the process, to variables. What is
/// there already, such as an input of that name, stays: they only say what is otherwise.
///
/// # Errors
/// Which has no value, in words.
pub(crate) fn declare(
    walk: &Walk<'_>,
    scope: Option<ScopeId>,
    of: Option<definitions::Place>,
    variables: &mut Map<String, Value>,
) -> Result<(), String> {
    add(&walk.process.contents(of).variables, walk.view(scope), variables)
}

/// Adds to variables what is declared beside them; each value sees those before it.
///
/// # Errors
/// Which has no value, in words.
pub(crate) fn add(
    declarations: &[(String, Option<Input>)],
    view: View<'_>,
    variables: &mut Map<String, Value>,
) -> Result<(), String> {
    for (name, input) in declarations {
        if variables.contains_key(name) {
            continue;
        }
        let value = match input {
            None => Value::Null,
            Some(input) => {
                let view = View { locals: Some(variables), ..view };
                evaluate(input, &view).map_err(|error| format!("variable `{name}`: {error}"))?
            }
        };
        variables.insert(name.clone(), value);
    }
    Ok(())
}

/// No path is left in the scope: the sub-process is done.
pub(crate) fn emptied(walk: &mut Walk<'_>, scope: ScopeId) {
    let Some(open) = walk.instance.scope(scope) else { return };
    let Some(visit) = walk.visit(open.host()) else { return };
    if walk.instance.path(visit.path).is_none_or(|path| *path.state() != PathState::Inside) {
        return;
    }
    let Some(activity) = activity::of(visit) else { return };
    complete(walk, visit, activity, scope);
}

fn complete<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, activity: &'a Activity, scope: ScopeId) {
    if let Some(SubProcess { kind: SubProcessKind::AdHoc(ad_hoc), .. }) = activity.sub_process()
        && !ad_hoc_sub_process::is_complete(walk, visit, scope, ad_hoc)
    {
        return;
    }
    completion::complete(walk, visit, activity, Map::new());
}

/// A person wants the end of the sub-process to be tried once more.
pub(crate) fn end_again<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, activity: &'a Activity) {
    let hosts = walk.instance.path(visit.path).and_then(|path| path.hosts());
    let Some(scope) = hosts else {
        return completion::complete(walk, visit, activity, Map::new());
    };
    walk.record(Event::Rested { path: visit.path, node: visit.node.id.clone() });
    if walk.instance.paths_in(hosts).is_empty() {
        complete(walk, visit, activity, scope);
    } else {
        ad_hoc_sub_process::completed(walk, hosts);
        walk.touch(hosts);
    }
}
