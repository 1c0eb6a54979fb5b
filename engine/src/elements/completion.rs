//! Completion of an activity (BPMN 2.0.2 §13.3.2): its work is done, its outputs become variables
//! around it, and what cannot be taken over is kept for a retry.

use std::sync::Arc;

use definitions::{Activity, Work};
use serde_json::{Map, Value};

use super::activity::{inputs, of, part, within};
use super::{business_rule_task, multi_instance, script_task, task, trigger};
use crate::view::{View, evaluate};
use crate::walk::{Visit, Walk};
use crate::{Event, Moment, Write};

/// The outputs become variables around the activity, all or none, each seeing those before it;
/// then the path ends and new ones leave.
pub(crate) fn complete<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    answer: Map<String, Value>,
) {
    if matches!(&activity.work, Work::Task(task) if task.raises.is_empty()) {
        return complete_with(walk, visit, activity, answer, None, Vec::new());
    }
    match task::raised(walk, visit, activity, Some(&answer), "") {
        Ok(None) => {
            let taken = taken(activity, &answer);
            complete_with(walk, visit, activity, answer, None, taken);
        }
        Ok(Some((code, message))) => task::raise(walk, visit, &code, &message),
        Err(message) => stop_leaving(walk, visit, answer, message),
    }
}

/// The same after an incident, with the answer that was kept.
pub(crate) fn complete_again<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, activity: &'a Activity) {
    // They may be why a message was not taken over.
    if let Err(message) = walk.declare_missing(visit) {
        return walk.stop(visit, Moment::Leaving, message);
    }
    let kept = walk.instance.path(visit.path).map(|path| path.locals().clone());
    let mut kept = kept.unwrap_or_default();
    // Where something came before the inputs had a value, the outputs have yet to see these.
    let misses = activity.inputs.iter().any(|(name, _)| !kept.contains_key(name));
    if misses && !activity.outputs.is_empty() {
        match inputs(activity, walk.view_at(visit)) {
            Ok(mut all) => {
                all.extend(kept);
                keep(walk, visit, all.clone());
                kept = all;
            }
            Err(message) => return walk.stop(visit, Moment::Leaving, message),
        }
    }
    let taken = taken(activity, &kept);
    match task::raised(walk, visit, activity, Some(&kept), "") {
        Ok(None) => complete_with(walk, visit, activity, Map::new(), None, taken),
        Ok(Some((code, message))) => task::raise(walk, visit, &code, &message),
        Err(message) => walk.stop(visit, Moment::Leaving, message),
    }
}

/// What an answer sets by itself: the result of a script or a decision, and the message where no
/// output says what is kept of it.
fn taken(activity: &Activity, answer: &Map<String, Value>) -> Vec<Write> {
    let (result, name) = match &activity.work {
        Work::Script { result, .. } => (result, script_task::RESULT),
        Work::Decision(decision) => (&decision.result, business_rule_task::DECISION_RESULT),
        Work::Receive { .. } if activity.outputs.is_empty() => return trigger::writes(answer),
        _ => return Vec::new(),
    };
    let value = || answer.get(name).cloned().unwrap_or_default();
    Vec::from_iter(result.as_ref().map(|result| Write::variable(result.as_str(), value())))
}

/// The same, with what the outputs see in place of the answer, and with variables that are set
/// together with them and seen by them.
pub(crate) fn complete_with<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    answer: Map<String, Value>,
    seen: Option<&Map<String, Value>>,
    taken: Vec<Write>,
) {
    let seen = seen.unwrap_or(&answer);
    match outputs(walk, visit, activity, seen, taken) {
        Ok(outputs) => {
            let gathered = multi_instance::gather(walk, visit, activity, seen, &outputs);
            match gathered {
                Ok(()) => {
                    walk.write(visit, outputs);
                    part(walk, visit, activity);
                }
                Err(message) => stop_leaving(walk, visit, answer, message),
            }
        }
        Err(message) => stop_leaving(walk, visit, answer, message),
    }
}

pub(crate) fn stop_leaving(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    answer: Map<String, Value>,
    why: String,
) {
    keep(walk, visit, answer);
    walk.stop(visit, Moment::Leaving, why);
}

fn outputs(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    activity: &Activity,
    answer: &Map<String, Value>,
    mut outputs: Vec<Write>,
) -> Result<Vec<Write>, String> {
    for (name, output) in &activity.outputs {
        let view = View { answer: Some(answer), outputs: &outputs, ..within(walk, visit.path) };
        let value = evaluate(output, &view).map_err(|error| format!("output `{name}`: {error}"))?;
        outputs.push(Write::variable(name.as_str(), value));
    }
    walk.fit(&outputs)?;
    Ok(outputs)
}

/// Keeps an answer among the path's locals, so that a retry need not ask the activity again.
pub(crate) fn keep(walk: &mut Walk<'_>, visit: Visit<'_>, answer: Map<String, Value>) {
    if answer.is_empty() {
        return;
    }
    let before = walk.instance.path(visit.path).map(|path| path.locals().clone());
    let mut locals = before.unwrap_or_default();
    let is_whole = |activity: &Activity| {
        matches!(activity.work, Work::Receive { .. }) && activity.outputs.is_empty()
    };
    // What becomes variables as a whole is kept without the inputs.
    if of(visit).is_some_and(is_whole) {
        locals.clear();
    }
    locals.extend(answer);
    let node = visit.node.id.clone();
    walk.record(Event::Answered { path: visit.path, node, locals: Arc::new(locals) });
}
