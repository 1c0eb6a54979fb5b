//! Rules about nodes: one start, some end, tasks with known activities, boundary events that fit.

use super::parameters;
use crate::catalog::{ActivityShape, Catalog};
use crate::draft::{Draft, DraftKind, DraftNode, DraftTask, DraftTrigger, Flaws};
use crate::process::{Boundary, Kind, Place, Task, TaskKind, Trigger};
use crate::timer::Timer;
use std::collections::{BTreeMap, BTreeSet};

/// A node that was checked; a boundary event still names its host.
pub(super) enum Checked {
    Kind(Kind),
    Boundary { host: String, interrupting: bool, trigger: Trigger },
}

impl Checked {
    /// The kind of the node, when the places of all nodes are known.
    pub(super) fn into_kind(self, places: &BTreeMap<&str, Place>) -> Option<Kind> {
        Some(match self {
            Checked::Kind(kind) => kind,
            Checked::Boundary { host, interrupting, trigger } => {
                let host = places.get(host.as_str()).copied()?;
                Kind::Boundary(Boundary { host, interrupting, trigger })
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
        checked.push(match &node.kind {
            DraftKind::Start => Some(Checked::Kind(Kind::StartEvent)),
            DraftKind::End => Some(Checked::Kind(Kind::EndEvent)),
            DraftKind::Exclusive => Some(Checked::Kind(Kind::ExclusiveGateway)),
            DraftKind::Parallel => Some(Checked::Kind(Kind::ParallelGateway)),
            DraftKind::Refused => None,
            DraftKind::Task(task) => task_kind(node, task, catalog, flaws),
            DraftKind::Boundary { host, interrupting, trigger } => {
                let found = by_id.get(host.as_str()).map(|host| &host.kind);
                boundary_host(node, host, found, flaws);
                let shape = match found {
                    Some(DraftKind::Task(task)) => shape_of(task, catalog),
                    _ => None,
                };
                if let DraftTrigger::Error { code, .. } = trigger {
                    if !interrupting {
                        let message = "an error always leaves its task; let the event interrupt";
                        flaws.add("error-interrupts", &node.id, node.line, message);
                    }
                    if !caught.insert((host, code)) {
                        let message = "another event on the same task catches this error already";
                        flaws.add("duplicate-catch", &node.id, node.line, message);
                    }
                }
                checked_trigger(node, trigger, shape, flaws).map(|trigger| Checked::Boundary {
                    host: host.clone(),
                    interrupting: *interrupting,
                    trigger,
                })
            }
        });
    }
    checked
}

fn one_start(draft: &Draft, flaws: &mut Flaws) {
    let starts = draft.nodes.iter().filter(|node| matches!(node.kind, DraftKind::Start));
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

fn task_kind(
    node: &DraftNode,
    task: &DraftTask,
    catalog: &Catalog,
    flaws: &mut Flaws,
) -> Option<Checked> {
    let outputs = parameters::outputs(&node.id, task, flaws);
    let Some(shape) = shape_of(task, catalog) else {
        unknown_activity(node, task, catalog, flaws);
        return None;
    };
    if task.kind == TaskKind::User && !shape.waits {
        let message = format!("{} does not wait for a user; make it a service task", shape.name);
        flaws.add("user-task-waits", &node.id, node.line, message);
    }
    let inputs = parameters::inputs(&node.id, node.line, task, shape, flaws);
    Some(Checked::Kind(Kind::Task(Box::new(Task {
        kind: task.kind,
        activity: shape.name.as_str().into(),
        inputs,
        outputs,
        boundaries: Vec::new(),
    }))))
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
        Some(DraftKind::Task(_) | DraftKind::Refused) => return,
        Some(_) => format!("{} is not a task; put the event on one", crate::excerpt(host)),
        None => format!("there is no task {}; put the event on one", crate::excerpt(host)),
    };
    flaws.add("boundary-host", &node.id, node.line, message);
}

fn checked_trigger(
    node: &DraftNode,
    trigger: &DraftTrigger,
    shape: Option<&ActivityShape>,
    flaws: &mut Flaws,
) -> Option<Trigger> {
    match trigger {
        DraftTrigger::Refused => None,
        DraftTrigger::Duration(text) => match Timer::duration(text) {
            Ok(timer) => Some(Trigger::Timer(timer)),
            Err(flaw) => {
                flaws.add("invalid-timer", &node.id, node.line, flaw.to_string());
                None
            }
        },
        DraftTrigger::Error { code, code_variable, message_variable } => {
            if let (Some(code), Some(shape)) = (code, shape) {
                known_error(node, code, shape, flaws);
            }
            for name in [code_variable, message_variable].into_iter().flatten() {
                parameters::variable(&node.id, node.line, name, flaws);
            }
            Some(Trigger::Error {
                code: code.clone(),
                code_variable: code_variable.clone(),
                message_variable: message_variable.clone(),
            })
        }
    }
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
