//! Rules about nodes: one start, some end, tasks with known activities, boundary events that fit.

use super::parameters;
use crate::catalog::{ActivityShape, Catalog};
use crate::draft::{Draft, DraftActivity, DraftKind, DraftNode, DraftTask, DraftWork, Flaws};
use crate::process::Place;
use crate::{Activity, Boundary, Event, EventDefinition, Kind, Task, TaskKind, Work};
use std::collections::{BTreeMap, BTreeSet};

/// A node that was checked; a boundary event still names its host.
pub(super) enum Checked {
    Kind(Kind),
    Boundary { host: String, interrupting: bool, event: Event },
}

impl Checked {
    /// The kind of the node, when the places of all nodes are known.
    pub(super) fn into_kind(self, places: &BTreeMap<&str, Place>) -> Option<Kind> {
        Some(match self {
            Checked::Kind(kind) => kind,
            Checked::Boundary { host, interrupting, event } => {
                let host = places.get(host.as_str()).copied()?;
                Kind::Boundary(Boundary { host, interrupting, event })
            }
        })
    }
}

/// Checks all nodes; a node with a flaw may come out as `None`.
pub(super) fn check(draft: &Draft, catalog: &Catalog, flaws: &mut Flaws) -> Vec<Option<Checked>> {
    one_start(draft, flaws);
    let by_id: BTreeMap<&str, &DraftNode> =
        draft.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut caught = BTreeSet::new();
    let mut checked = Vec::new();
    for node in &draft.nodes {
        let kind = match &node.kind {
            DraftKind::Start(start) => Kind::StartEvent(start.clone()),
            DraftKind::Catch(event) => Kind::CatchEvent(event.clone()),
            DraftKind::Throw(event) => Kind::ThrowEvent(event.clone()),
            DraftKind::End(event) => Kind::EndEvent(event.clone()),
            DraftKind::Exclusive => Kind::ExclusiveGateway,
            DraftKind::Inclusive => Kind::InclusiveGateway,
            DraftKind::Parallel => Kind::ParallelGateway,
            DraftKind::Complex(gateway) => Kind::ComplexGateway(gateway.clone()),
            DraftKind::EventBased(gateway) => Kind::EventGateway(*gateway),
            DraftKind::Refused => {
                checked.push(None);
                continue;
            }
            DraftKind::Activity(draft) => {
                let activity = activity(node, draft, catalog, flaws);
                checked.push(activity.map(|one| Checked::Kind(Kind::Activity(Box::new(one)))));
                continue;
            }
            DraftKind::Boundary { host, interrupting, event } => {
                let found = by_id.get(host.as_str()).map(|host| &host.kind);
                boundary_host(node, host, found, flaws);
                let shape = found.and_then(task_of).and_then(|task| shape_of(task, catalog));
                for definition in &event.definitions {
                    let EventDefinition::Error(error) = definition else { continue };
                    if !interrupting {
                        let message = "an error always leaves its task; let the event interrupt";
                        flaws.add("error-interrupts", &node.id, node.line, message);
                    }
                    if !caught.insert((host, error.code.clone())) {
                        let message = "another event on the same task catches this error already";
                        flaws.add("duplicate-catch", &node.id, node.line, message);
                    }
                    if let (Some(code), Some(shape)) = (&error.code, shape) {
                        known_error(node, code, shape, flaws);
                    }
                    for name in [&error.code_variable, &error.message_variable] {
                        if let Some(name) = name {
                            parameters::variable(&node.id, node.line, name, flaws);
                        }
                    }
                }
                let (host, event) = (host.clone(), event.clone());
                checked.push(Some(Checked::Boundary { host, interrupting: *interrupting, event }));
                continue;
            }
        };
        checked.push(Some(Checked::Kind(kind)));
    }
    checked
}

fn task_of(kind: &DraftKind) -> Option<&DraftTask> {
    match kind {
        DraftKind::Activity(activity) => match &activity.work {
            DraftWork::Task(task) => Some(task),
            DraftWork::Other(_) => None,
        },
        _ => None,
    }
}

fn one_start(draft: &Draft, flaws: &mut Flaws) {
    let starts = draft
        .nodes
        .iter()
        .filter(|node| node.parent.is_none() && matches!(node.kind, DraftKind::Start(_)));
    for further in starts.clone().skip(1) {
        let message = "a process has one start event; take this one away";
        flaws.add("one-start", &further.id, further.line, message);
    }
    if starts.count() == 0 {
        let message = "the process has no start event; add one";
        flaws.add("one-start", &draft.heading.id, draft.line, message);
    }
}

fn shape_of<'a>(task: &DraftTask, catalog: &'a Catalog) -> Option<&'a ActivityShape> {
    task.activity.iter().flatten().find_map(|name| catalog.find(name))
}

fn activity(
    node: &DraftNode,
    draft: &DraftActivity,
    catalog: &Catalog,
    flaws: &mut Flaws,
) -> Option<Activity> {
    let outputs = parameters::outputs(&node.id, &draft.outputs, flaws);
    let (work, inputs) = match &draft.work {
        DraftWork::Task(task) => {
            let Some(shape) = shape_of(task, catalog) else {
                unknown_activity(node, task, catalog, flaws);
                return None;
            };
            if task.kind == TaskKind::User && !shape.waits {
                let message =
                    format!("{} does not wait for a user; make it a service task", shape.name);
                flaws.add("user-task-waits", &node.id, node.line, message);
            }
            let inputs = parameters::inputs(&node.id, node.line, &draft.inputs, shape, flaws);
            (Work::Task(Task { kind: task.kind, activity: shape.name.as_str().into() }), inputs)
        }
        DraftWork::Other(work) => {
            (work.clone(), parameters::outputs(&node.id, &draft.inputs, flaws))
        }
    };
    Some(Activity {
        inputs,
        outputs,
        repeat: draft.repeat.clone(),
        start_quantity: draft.start_quantity,
        completion_quantity: draft.completion_quantity,
        for_compensation: draft.for_compensation,
        ..Activity::of(work)
    })
}

fn unknown_activity(node: &DraftNode, task: &DraftTask, catalog: &Catalog, flaws: &mut Flaws) {
    let Some(names) = &task.activity else { return };
    let Some(name) = names.first() else {
        let message = "the task does not say which activity it runs";
        flaws.add("missing-activity", &node.id, node.line, message);
        return;
    };
    let hint = flaws.hint(name, catalog.activities.keys().map(String::as_str));
    let message = format!("there is no activity {}{hint}", crate::excerpt(name));
    flaws.add("unknown-activity", &node.id, node.line, message);
}

fn boundary_host(node: &DraftNode, host: &str, found: Option<&DraftKind>, flaws: &mut Flaws) {
    let message = match found {
        Some(DraftKind::Activity(_) | DraftKind::Refused) => return,
        Some(_) => format!("{} is not a task; put the event on one", crate::excerpt(host)),
        None => format!("there is no task {}; put the event on one", crate::excerpt(host)),
    };
    flaws.add("boundary-host", &node.id, node.line, message);
}

fn known_error(node: &DraftNode, code: &str, shape: &ActivityShape, flaws: &mut Flaws) {
    if shape.errors.iter().any(|known| known == code) {
        return;
    }
    let message = if shape.errors.is_empty() {
        format!("{} raises no errors; take the event away", shape.name)
    } else {
        let hint = flaws.hint(code, shape.errors.iter().map(String::as_str));
        let (code, known) = (crate::excerpt(code), shape.errors.join(", "));
        format!("{} raises {known}, but never {code}{hint}", shape.name)
    };
    flaws.add("unknown-error", &node.id, node.line, message);
}
