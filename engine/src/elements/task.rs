//! Task, service and user (BPMN 2.0.2 §10.3, §13.3.2, §13.3.3): an activity is asked for, and the
//! path rests until it is answered.

use std::sync::Arc;

use definitions::{Activity, Work};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::{error_boundary, timer_boundary};
use crate::view::{View, evaluate};
use crate::walk::{Visit, Walk};
use crate::{Effect, Event, Moment, PathId, PathState, Rejection, Write};

/// How long to wait before each further attempt after a fault; when all are used up, the fault is
/// an incident.
pub const BACKOFF: [SignedDuration; 3] =
    [SignedDuration::from_secs(10), SignedDuration::from_secs(60), SignedDuration::from_secs(300)];

/// What makes a resting task go on.
pub(crate) enum Prompt {
    /// The activity is done.
    Done { answer: Map<String, Value>, writes: Vec<Write> },
    /// The activity waits for somebody.
    Waits { writes: Vec<Write> },
    /// The activity ended with a foreseen error.
    Error { code: String, message: String, writes: Vec<Write> },
    /// The activity failed in a way nobody foresaw.
    Fault { message: String },
    /// The time until the next attempt is over.
    Again,
    /// A person wants the activity to be asked for afresh.
    Anew,
    /// A person wants the outputs to be tried once more.
    OutputsAgain,
}

impl Prompt {
    /// Whether an answer fits a path in this state.
    ///
    /// # Errors
    /// Why it does not.
    pub(crate) fn check(
        &self,
        visit: Visit<'_>,
        state: Option<&PathState>,
    ) -> Result<(), Rejection> {
        let (path, node) = (visit.path, visit.node.id.clone());
        let running = matches!(state, Some(PathState::Running { .. }));
        let waiting = matches!(state, Some(PathState::Waiting));
        let writes: &[Write] = match self {
            Prompt::Waits { .. } if !running => return Err(Rejection::NotRunning { path, node }),
            Prompt::Done { .. } | Prompt::Error { .. } | Prompt::Fault { .. }
                if !running && !waiting =>
            {
                return Err(Rejection::NotWaiting { path, node });
            }
            Prompt::Done { writes, .. }
            | Prompt::Waits { writes }
            | Prompt::Error { writes, .. } => writes,
            Prompt::Fault { .. } | Prompt::Again | Prompt::Anew | Prompt::OutputsAgain => &[],
        };
        match writes.iter().any(|write| write.at.is_empty()) {
            true => Err(Rejection::NamelessWrite),
            false => Ok(()),
        }
    }
}

/// A path is here: inputs and timers are evaluated, timers armed, and the activity asked for.
pub(crate) fn enter(walk: &mut Walk<'_>, visit: Visit<'_>, task: &Activity) {
    let prepared = inputs(walk, task)
        .and_then(|inputs| timer_boundary::dues(walk, task, &inputs).map(|dues| (inputs, dues)));
    match prepared {
        Ok((inputs, dues)) => {
            begin(walk, visit, inputs);
            for (place, due) in dues {
                timer_boundary::arm(walk, visit, place, due);
            }
            ask(walk, visit, task, 1);
        }
        Err(message) => walk.stop(visit, Moment::Entering, message),
    }
}

/// Something has come for the path that rests here.
pub(crate) fn resume<'a>(walk: &mut Walk<'a>, visit: Visit<'a>, task: &Activity, prompt: Prompt) {
    match prompt {
        Prompt::Done { answer, writes } => {
            walk.write(visit, writes);
            complete(walk, visit, task, answer);
        }
        Prompt::Waits { writes } => {
            walk.write(visit, writes);
            walk.record(Event::Waited { path: visit.path, node: visit.node.id.clone() });
        }
        Prompt::Error { code, message, writes } => {
            walk.write(visit, writes);
            let (path, node) = (visit.path, visit.node.id.clone());
            walk.record(Event::ErrorRaised {
                path,
                node,
                code: code.clone(),
                message: message.clone(),
            });
            error_boundary::resume(walk, visit, task, &code, &message);
        }
        Prompt::Fault { message } => fault(walk, visit, message),
        Prompt::Again => {
            let (path, node, attempt) = (visit.path, visit.node.id.clone(), attempt(walk, visit));
            walk.record(Event::Retried { path, node, attempt });
            ask(walk, visit, task, attempt);
        }
        Prompt::Anew => match inputs(walk, task) {
            Ok(inputs) => {
                begin(walk, visit, inputs);
                ask(walk, visit, task, 1);
            }
            Err(message) => walk.stop(visit, Moment::Running, message),
        },
        Prompt::OutputsAgain => complete(walk, visit, task, Map::new()),
    }
}

/// The path's stay at the task is over, by whatever: its timers are disarmed.
pub(crate) fn cancel(walk: &mut Walk<'_>, path: PathId) {
    let timers = walk.instance.path(path).map(|path| path.timers().to_vec());
    for timer in timers.into_iter().flatten() {
        walk.disarm(timer);
    }
}

/// The inputs, each seeing those before it as locals.
fn inputs(walk: &Walk<'_>, task: &Activity) -> Result<Map<String, Value>, String> {
    let mut inputs = Map::new();
    for (name, input) in &task.inputs {
        let view = View { locals: Some(&inputs), ..walk.view() };
        let value = evaluate(input, &view).map_err(|error| format!("input `{name}`: {error}"))?;
        inputs.insert(name.clone(), value);
    }
    Ok(inputs)
}

fn begin(walk: &mut Walk<'_>, visit: Visit<'_>, inputs: Map<String, Value>) {
    let locals = (!inputs.is_empty()).then(|| Arc::new(inputs));
    walk.record(Event::Began { path: visit.path, node: visit.node.id.clone(), locals });
}

fn ask(walk: &mut Walk<'_>, visit: Visit<'_>, task: &Activity, attempt: u32) {
    let Work::Task(work) = &task.work else { return };
    let parameters = walk.instance.path(visit.path).map(|path| path.locals().clone());
    walk.ask(Effect::RunActivity {
        path: visit.path,
        node: visit.node.id.clone(),
        activity: work.activity.clone(),
        parameters: parameters.unwrap_or_default(),
        attempt,
    });
}

/// The outputs become process variables, all or none, each seeing those before it; then the path
/// ends and new ones leave along every outgoing flow (BPMN 2.0.2 §13.3.2, uncontrolled flow).
fn complete<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    task: &Activity,
    answer: Map<String, Value>,
) {
    match outputs(walk, visit, task, &answer) {
        Ok(outputs) => {
            walk.write(visit, outputs);
            cancel(walk, visit.path);
            walk.record(Event::Completed { path: visit.path, node: visit.node.id.clone() });
            walk.leave_anew(visit);
        }
        Err(message) => {
            keep(walk, visit, answer);
            walk.stop(visit, Moment::Leaving, message);
        }
    }
}

fn outputs(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    task: &Activity,
    answer: &Map<String, Value>,
) -> Result<Vec<Write>, String> {
    let locals = walk.instance.path(visit.path).map(|path| path.locals());
    let mut outputs = Vec::new();
    for (name, output) in &task.outputs {
        let view = View { answer: Some(answer), locals, outputs: &outputs, ..walk.view() };
        let value = evaluate(output, &view).map_err(|error| format!("output `{name}`: {error}"))?;
        outputs.push(Write::variable(name.as_str(), value));
    }
    Ok(outputs)
}

/// Keeps an answer among the path's locals, so that a retry need not ask the activity again.
fn keep(walk: &mut Walk<'_>, visit: Visit<'_>, answer: Map<String, Value>) {
    if answer.is_empty() {
        return;
    }
    let before = walk.instance.path(visit.path).map(|path| path.locals().clone());
    let mut locals = before.unwrap_or_default();
    locals.extend(answer);
    let node = visit.node.id.clone();
    walk.record(Event::Answered { path: visit.path, node, locals: Arc::new(locals) });
}

/// The activity is tried again after a while, or an incident stops the path.
fn fault(walk: &mut Walk<'_>, visit: Visit<'_>, message: String) {
    let made = attempt(walk, visit);
    let Some(pause) = BACKOFF.get(made.saturating_sub(1) as usize) else {
        return walk.stop(visit, Moment::Running, message);
    };
    let due = walk.now.checked_add(*pause).unwrap_or(Timestamp::MAX);
    let timer = walk.instance.next_timer();
    let (path, node) = (visit.path, visit.node.id.clone());
    walk.record(Event::Faulted { path, node, message, attempt: made + 1, timer, due });
    walk.ask(Effect::ArmTimer { timer, due });
}

/// The number of the attempt under way or to come. An activity that waits has succeeded, and counts
/// from 1 again.
fn attempt(walk: &Walk<'_>, visit: Visit<'_>) -> u32 {
    match walk.instance.path(visit.path).map(|path| path.state()) {
        Some(PathState::Running { attempt } | PathState::Retrying { attempt, .. }) => *attempt,
        Some(
            PathState::Moving
            | PathState::Waiting
            | PathState::Incident { .. }
            | PathState::Joining,
        )
        | None => 1,
    }
}
