//! Service tasks and user tasks: how a file says which activity a task runs.

use super::element::Element;
use super::extensions::{self, Extensions, Listener, bean};
use crate::TaskKind;
use crate::catalog::Catalog;
use crate::draft::{DraftActivity, DraftTask, DraftWork, Flaws};

const PLAIN: [&str; 7] = [
    "id",
    "name",
    "implementation",
    "default",
    "isForCompensation",
    "startQuantity",
    "completionQuantity",
];
const SERVICE: [&str; 3] = ["type", "topic", "delegateExpression"];
const USER: [&str; 2] = ["formKey", "delegateExpression"];

/// The topic of deployed files whose start listener names the activity.
const LOCAL_TOPIC: &str = "${execution.getVariableLocal('localTopicId')}";
/// The start listener of deployed files that says nothing about the activity.
const GENERIC: &str = "genericUserTaskV1";

/// Reads a task.
pub(super) fn read(
    element: &Element,
    kind: TaskKind,
    catalog: &Catalog,
    flaws: &mut Flaws,
) -> DraftActivity {
    element.allow(&PLAIN, if kind == TaskKind::User { &USER } else { &SERVICE }, flaws);
    element.only("isForCompensation", "false", flaws);
    element.only("startQuantity", "1", flaws);
    element.only("completionQuantity", "1", flaws);
    let Extensions { inputs, outputs, listeners } = extensions::read(element, flaws);
    let mut activity = Vec::new();
    let mut understood = delegate(element, &mut activity, flaws);
    match kind {
        TaskKind::User => activity.extend(element.camunda("formKey").map(str::to_owned)),
        _ => understood &= topic(element, &mut activity, flaws),
    }
    let starts = listeners.iter().filter(|listener| listener.at_start && listener.bean != GENERIC);
    activity.extend(starts.map(|listener| listener.bean.clone()));
    activity.extend(element.camunda("skyId").map(str::to_owned));
    listen(element, &activity, &listeners, catalog, flaws);
    let task = DraftTask { kind, activity: understood.then_some(activity) };
    DraftActivity { inputs, outputs, ..DraftActivity::of(DraftWork::Task(task)) }
}

/// Takes the name out of a delegate expression; false when it cannot be understood.
fn delegate(element: &Element, activity: &mut Vec<String>, flaws: &mut Flaws) -> bool {
    let Some(text) = element.camunda("delegateExpression") else { return true };
    if let Some(bean) = bean(text) {
        activity.push(bean.to_owned());
        return true;
    }
    let text = crate::excerpt(text);
    let message =
        format!("camunda:delegateExpression names an activity as ${{name}}, not as {text}");
    flaws.add("unknown-activity", element.id(), element.line, message);
    false
}

/// Takes the name out of the topic of an external task, unless it is the one that leaves the
/// activity to a listener; false when it cannot be understood.
fn topic(element: &Element, activity: &mut Vec<String>, flaws: &mut Flaws) -> bool {
    let mut add = |rule, message: String| {
        flaws.add(rule, element.id(), element.line, message);
        false
    };
    match (element.camunda("type"), element.camunda("topic")) {
        (None, None) => true,
        (Some("external"), Some(topic)) => {
            if topic.replace('"', "'").replace(' ', "") == LOCAL_TOPIC {
                return true;
            }
            if topic.contains("${") {
                let message = "camunda:topic is the name of an activity, or the local topic id";
                return add("unknown-activity", message.into());
            }
            activity.push(topic.trim().to_owned());
            true
        }
        (Some("external"), None) => {
            add("missing-attribute", "an external task needs the attribute camunda:topic".into())
        }
        (None, Some(_)) => {
            let message = "a task with camunda:topic needs camunda:type=\"external\"";
            add("missing-attribute", message.into())
        }
        (Some(other), _) => {
            let other = crate::excerpt(other);
            let message = format!("camunda:type=\"{other}\" is not supported; only external is");
            add("unsupported-value", message)
        }
    }
}

/// Every listener belongs to the activity of the task, or is the one that belongs to all.
fn listen(
    element: &Element,
    activity: &[String],
    listeners: &[Listener],
    catalog: &Catalog,
    flaws: &mut Flaws,
) {
    let Some(shape) = activity.iter().find_map(|name| catalog.find(name)) else { return };
    for listener in listeners.iter().filter(|listener| listener.bean != GENERIC) {
        if catalog.find(&listener.bean).is_none_or(|found| found.name != shape.name) {
            let bean = crate::excerpt(&listener.bean);
            let message =
                format!("the listener {bean} is not part of {}; take it away", shape.name);
            flaws.add("unknown-listener", element.id(), listener.line, message);
        }
    }
}
