//! From the nodes of a draft to those of a process: tasks with known activities and parameters.

use super::outline::Outline;
use super::parameters;
use crate::catalog::{ActivityShape, Catalog};
use crate::draft::{DraftActivity, DraftKind, DraftNode, DraftTask, DraftWork, Flaws};
use crate::people::FORM;
use crate::process::Place;
use crate::{Activity, Boundary, Kind, Task, TaskKind, Work};

/// Checks all nodes; a node with a flaw may come out as `None`.
pub(super) fn check(
    outline: &Outline<'_>,
    catalog: &Catalog,
    flaws: &mut Flaws,
) -> Vec<Option<Kind>> {
    outline.nodes().map(|(_, node)| kind(node, outline, catalog, flaws)).collect()
}

fn kind(
    node: &DraftNode,
    outline: &Outline<'_>,
    catalog: &Catalog,
    flaws: &mut Flaws,
) -> Option<Kind> {
    Some(match &node.kind {
        DraftKind::Start(start) => Kind::StartEvent(start.clone()),
        DraftKind::Catch(event) => Kind::CatchEvent(event.clone()),
        DraftKind::Throw(event) => Kind::ThrowEvent(event.clone()),
        DraftKind::End(event) => Kind::EndEvent(event.clone()),
        DraftKind::Exclusive => Kind::ExclusiveGateway,
        DraftKind::Inclusive => Kind::InclusiveGateway,
        DraftKind::Parallel => Kind::ParallelGateway,
        DraftKind::Complex(gateway) => Kind::ComplexGateway(gateway.clone()),
        DraftKind::EventBased(gateway) => Kind::EventGateway(*gateway),
        DraftKind::Refused => return None,
        DraftKind::Activity(draft) => {
            Kind::Activity(Box::new(activity(node, draft, catalog, flaws)?))
        }
        DraftKind::Boundary { host, interrupting, event } => Kind::Boundary(Boundary {
            host: Place::at(outline.find(host)?),
            interrupting: *interrupting,
            event: event.clone(),
        }),
    })
}

pub(super) fn shape_of<'a>(task: &DraftTask, catalog: &'a Catalog) -> Option<&'a ActivityShape> {
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
            if let Some(people) = &task.people {
                given_to_people(node, task.kind, shape, flaws);
                for flaw in people.flaws() {
                    flaws.add("unsupported-value", &node.id, node.line, flaw);
                }
            }
            let inputs = parameters::inputs(node, &draft.inputs, shape, flaws);
            let (activity, raises) = (shape.name.as_str().into(), task.raises.clone());
            let people = task.people.clone();
            (Work::Task(Task { kind: task.kind, activity, raises, people }), inputs)
        }
        DraftWork::Other(work) => {
            parameters::distinct(&node.id, &draft.inputs, flaws);
            (work.clone(), parameters::outputs(&node.id, &draft.inputs, flaws))
        }
    };
    Some(Activity {
        inputs,
        outputs,
        repeat: draft.repeat.clone(),
        retries: draft.retries.clone(),
        start_quantity: draft.start_quantity,
        completion_quantity: draft.completion_quantity,
        for_compensation: draft.for_compensation,
        ..Activity::of(work)
    })
}

/// Only a form is for others than the end user; nobody proves for them who they are.
fn given_to_people(node: &DraftNode, kind: TaskKind, shape: &ActivityShape, flaws: &mut Flaws) {
    let message = match kind {
        TaskKind::User if shape.name == FORM => return,
        TaskKind::User => {
            format!("{} is the end user's own; only a {FORM} is given to other people", shape.name)
        }
        _ => "only a user task is given to people; make it one".to_owned(),
    };
    flaws.add("not-for-people", &node.id, node.line, message);
}

fn unknown_activity(node: &DraftNode, task: &DraftTask, catalog: &Catalog, flaws: &mut Flaws) {
    let Some(names) = &task.activity else { return };
    let Some(name) = names.first() else {
        let message = match task.kind {
            TaskKind::User => {
                "the task does not say which activity it runs; name it as camunda:formKey or in \
                 zeebe:formDefinition, or give it a form"
            }
            _ => {
                "the task does not say which activity it runs; name it as camunda:topic, \
                 camunda:delegateExpression or zeebe:taskDefinition"
            }
        };
        flaws.add("missing-activity", &node.id, node.line, message);
        return;
    };
    let hint = flaws.hint(name, catalog.activities.keys().map(String::as_str));
    let message = format!("there is no activity {}{hint}", crate::excerpt(name));
    flaws.add("unknown-activity", &node.id, node.line, message);
}
