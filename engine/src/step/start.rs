//! Starting an instance: plainly, or at what was triggered (BPMN 2.0.2 §13.2, §13.5.1).

use std::sync::Arc;

use definitions::{Kind, NodeId, Place, Work};
use serde_json::{Map, Value};

use crate::elements::{self, event_gateway, event_sub_process, start_event, sub_process};
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, Rejection, Step, Write};

/// Starts the instance with its first variables.
///
/// # Errors
/// That it cannot begin there.
pub(super) fn start(
    mut walk: Walk<'_>,
    variables: Map<String, Value>,
    at: Option<NodeId>,
    trigger: u16,
    called: bool,
) -> Result<Step, Rejection> {
    let contents = walk.process.contents(None);
    let first = match at {
        Some(node) => Some(triggered(&walk, &node).ok_or(Rejection::NoStart { node })?),
        None if contents.start.is_none() && contents.entries.is_empty() => {
            return Err(Rejection::NoPlainStart);
        }
        None => None,
    };
    // What comes to an event goes to its properties.
    let (mut came, variables): (Map<_, _>, Map<_, _>) =
        variables.into_iter().partition(|(name, _)| {
            first.is_some_and(|place| start_event::takes(walk.process.node(place), name))
        });
    if let Some(place) = first {
        came.extend(start_event::came(&walk.process.node(place).kind, trigger));
    }
    let mut declared = variables.clone();
    let flaw = sub_process::declare(&walk, None, None, &mut declared).err();
    let variables = if flaw.is_some() { variables } else { declared };
    walk.record(Event::Started { variables: variables.clone(), called });
    walk.written.unknown = !walk.instance.conditions().is_empty();
    let flaw = flaw.or_else(|| event_sub_process::arm(&mut walk, None, None).err());
    if let Some(message) = flaw {
        let place = first.or(contents.start).or(contents.entries.first().copied());
        stop(&mut walk, place, came, message);
        return Ok(walk.finish());
    }
    match first {
        Some(place) => {
            let (path, node) = (walk.instance.next_path(), walk.process.node(place));
            if matches!(node.kind, Kind::StartEvent(_)) {
                walk.begin_with(None, place, came);
            } else {
                begin_at(&mut walk, Visit { path, scope: None, place, node }, came);
            }
        }
        None => sub_process::begin(&mut walk, None, None),
    }
    Ok(walk.finish())
}

/// A person wants a process to begin that could not: what it declares is evaluated with the
/// variables as they are now.
pub(super) fn again<'a>(walk: &mut Walk<'a>, visit: Visit<'a>) {
    let mut variables = walk.instance.variables().clone();
    if let Err(message) = sub_process::declare(walk, None, None, &mut variables) {
        return walk.stop(visit, Moment::Starting, message);
    }
    let is_new = |name: &str, value: &Value| walk.instance.variables().get(name) != Some(value);
    let writes = variables.into_iter().filter(|(name, value)| is_new(name, value));
    let writes = writes.map(|(name, value)| Write::variable(name, value)).collect();
    walk.set(None, writes);
    if let Err(message) = event_sub_process::arm(walk, None, None) {
        return walk.stop(visit, Moment::Starting, message);
    }
    let contents = walk.process.contents(None);
    let first = contents.start.or(contents.entries.first().copied());
    if first != Some(visit.place) {
        let came = walk.instance.path(visit.path).map(|path| path.locals().clone());
        return begin_at(walk, visit, came.unwrap_or_default());
    }
    let others = contents.entries.iter().filter(|entry| **entry != visit.place);
    for entry in others.filter(|_| contents.start.is_none()) {
        walk.begin(None, None, *entry);
    }
    elements::enter(walk, visit, None);
}

/// The incident of a process that cannot even begin stands at its first node.
fn stop(walk: &mut Walk<'_>, place: Option<Place>, came: Map<String, Value>, message: String) {
    let Some(place) = place else { return };
    let (path, node) = (walk.instance.next_path(), walk.process.node(place));
    walk.record(Event::Entered { path, node: node.id.clone(), scope: None, host: None });
    if !came.is_empty() {
        let (node, locals) = (node.id.clone(), Arc::new(came));
        walk.record(Event::Given { path, node, locals, beside: None });
    }
    walk.stop(Visit { path, scope: None, place, node }, Moment::Starting, message);
}

/// The place of a node at which a trigger begins an instance.
fn triggered(walk: &Walk<'_>, node: &NodeId) -> Option<Place> {
    let process = walk.process;
    let place = process.place(node)?;
    let instantiates = |gateway: Place| match &process.node(gateway).kind {
        Kind::EventGateway(gateway) => gateway.instantiate,
        _ => false,
    };
    let behind = || process.incoming(place).any(|(_, from)| instantiates(from));
    let begins = match &process.node(place).kind {
        Kind::StartEvent(_) => true,
        Kind::CatchEvent(_) => behind(),
        Kind::Activity(activity) => match &activity.work {
            Work::Receive { instantiate, .. } => *instantiate || behind(),
            _ => false,
        },
        _ => false,
    };
    (begins && process.node(place).parent.is_none()).then_some(place)
}

/// The first path is at a node whose trigger has come. Of a parallel event gateway, the other events
/// are awaited.
fn begin_at<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, came: Map<String, Value>) {
    let (process, place) = (walk.process, visit.place);
    if matches!(visit.node.kind, Kind::StartEvent(_)) {
        return elements::enter(walk, visit, None);
    }
    let all = |from: &Place| matches!(&process.node(*from).kind, Kind::EventGateway(gateway) if gateway.parallel);
    let gateway = process.incoming(place).map(|(_, from)| from).find(all);
    for (flow, to) in gateway.into_iter().flat_map(|gateway| process.outgoing(gateway)) {
        if to != place {
            walk.begin(None, Some(flow), to);
        }
    }
    event_gateway::arrive(walk, visit, came);
}
