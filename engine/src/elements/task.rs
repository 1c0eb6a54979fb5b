//! Service, user and send task, and any other that runs an activity of the catalogue (BPMN 2.0.2
//! §10.3.3, §13.3.3): the activity is asked for, and the path rests until it is answered.

use definitions::{Activity, Assignment, Raise, Task, Work};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{activity, business_rule_task, call_activity, completion, error};
use crate::view::View;
use crate::walk::{Visit, Walk};
use crate::{Effect, Event, Handed, Moment, PathState, Rejection, Write};

/// How long to wait before each further attempt after a fault, unless the activity says otherwise;
/// when all are used up, the fault is an incident.
pub const BACKOFF: [SignedDuration; 3] =
    [SignedDuration::from_secs(10), SignedDuration::from_secs(60), SignedDuration::from_secs(300)];

/// What makes a resting activity go on.
pub(crate) enum Prompt {
    /// The work is done.
    Done { answer: Map<String, Value>, writes: Vec<Write> },
    /// The work waits for somebody.
    Waits { writes: Vec<Write> },
    /// The work ended with a foreseen error.
    Error { code: String, message: String, writes: Vec<Write> },
    /// The work failed in a way nobody foresaw.
    Fault { message: String, lasts: bool },
    /// The time until the next attempt is over.
    Again,
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
            Prompt::Fault { .. } | Prompt::Again => &[],
        };
        named(writes)
    }
}

/// Whether every write names a variable.
///
/// # Errors
/// That one does not.
pub(crate) fn named(writes: &[Write]) -> Result<(), Rejection> {
    match writes.iter().any(|write| write.at.is_empty()) {
        true => Err(Rejection::NamelessWrite),
        false => Ok(()),
    }
}

/// Something has come for the path that rests here.
pub(crate) fn resume<'a>(
    walk: &mut Walk<'a>,
    visit: Visit<'a>,
    activity: &'a Activity,
    prompt: Prompt,
) {
    match prompt {
        Prompt::Done { answer, writes } => {
            walk.write(visit, writes);
            match &activity.work {
                Work::Call(call) => call_activity::complete(walk, visit, activity, call, answer),
                _ => completion::complete(walk, visit, activity, answer),
            }
        }
        Prompt::Waits { writes } => {
            walk.write(visit, writes);
            walk.record(Event::Waited { path: visit.path, node: visit.node.id.clone() });
        }
        Prompt::Error { code, message, writes } => {
            walk.write(visit, writes);
            raise(walk, visit, &code, &message);
        }
        Prompt::Fault { message, lasts } => match raised(walk, visit, activity, None, &message) {
            // What cannot be told leaves the failure as it is.
            Ok(Some((code, message))) => raise(walk, visit, &code, &message),
            Ok(None) | Err(_) if lasts => walk.stop(visit, Moment::Running, message),
            Ok(None) | Err(_) => fault(walk, visit, activity, message),
        },
        Prompt::Again => {
            let (path, node, attempt) = (visit.path, visit.node.id.clone(), attempt(walk, visit));
            walk.record(Event::Retried { path, node, attempt });
            match &activity.work {
                Work::Task(task) => ask(walk, visit, task, attempt),
                Work::Decision(decision) => business_rule_task::ask(walk, visit, decision),
                Work::Call(call) => call_activity::ask(walk, visit, call),
                _ => {}
            }
        }
    }
}

/// A task ends with an error.
pub(crate) fn raise(walk: &mut Walk<'_>, visit: Visit<'_>, code: &str, message: &str) {
    let (path, node) = (visit.path, visit.node.id.clone());
    let (told, words) = (code.to_owned(), message.to_owned());
    walk.record(Event::ErrorRaised { path, node, code: told, message: words });
    error::raised(walk, visit, code, message);
}

/// The code and the message of the error with which a task ends by a condition, when its activity
/// has answered or, with a message, has failed.
///
/// # Errors
/// Which condition or message has no value, in words.
pub(crate) fn raised(
    walk: &Walk<'_>,
    visit: Visit<'_>,
    activity: &Activity,
    answer: Option<&Map<String, Value>>,
    failure: &str,
) -> Result<Option<(String, String)>, String> {
    let Work::Task(Task { raises, .. }) = &activity.work else { return Ok(None) };
    if raises.is_empty() {
        return Ok(None);
    }
    let mut seen = answer.cloned().unwrap_or_default();
    let failure = json!({ "errorMessage": failure, "errorDetails": failure });
    seen.insert("externalTask".to_owned(), failure);
    let view = View { answer: Some(&seen), ..activity::within(walk, visit.path) };
    for Raise { error, when } in raises {
        let code = error.code.as_deref().unwrap_or_default();
        let holds = when.evaluate_condition(&view);
        if !holds.map_err(|fault| format!("when the error `{code}` is raised: {fault}"))? {
            continue;
        }
        let message = error.message.as_ref().map(|message| message.evaluate(&view)).transpose();
        let message = message.map_err(|fault| format!("the message of `{code}`: {fault}"))?;
        let message = match message {
            None => String::new(),
            Some(Value::String(text)) => text,
            Some(value) => value.to_string(),
        };
        return Ok(Some((code.to_owned(), message)));
    }
    Ok(None)
}

/// The activity is asked for.
pub(crate) fn ask(walk: &mut Walk<'_>, visit: Visit<'_>, task: &Task, attempt: u32) {
    let assignment = match assignment(walk, visit, task) {
        Ok(assignment) => assignment,
        Err(message) => return walk.stop(visit, Moment::Running, message),
    };
    let parameters = walk.instance.path(visit.path).map(|path| path.locals().clone());
    walk.ask(Effect::RunActivity {
        path: visit.path,
        node: visit.node.id.clone(),
        activity: task.activity.clone(),
        parameters: parameters.unwrap_or_default(),
        attempt,
        assignment,
    });
}

/// Whose a user task is (§10.3.4.1), where it is not the end user's.
///
/// # Errors
/// What of it cannot be told, in words.
fn assignment(
    walk: &mut Walk<'_>,
    visit: Visit<'_>,
    task: &Task,
) -> Result<Option<Box<Assignment>>, String> {
    let Some(people) = &task.people else { return Ok(None) };
    let view = activity::within(walk, visit.path);
    let assignment = people.assignment(&view, walk.now)?;
    let (path, node) = (visit.path, visit.node.id.clone());
    let handed = Handed { path, node, assignment: assignment.clone(), by: None };
    walk.record(Event::Assigned(Box::new(handed)));
    Ok(Some(Box::new(assignment)))
}

/// The work is tried again after a while, or an incident stops the path.
fn fault(walk: &mut Walk<'_>, visit: Visit<'_>, activity: &Activity, message: String) {
    let made = attempt(walk, visit);
    let due = match &activity.retries {
        None => Ok(BACKOFF
            .get(made.saturating_sub(1) as usize)
            .map(|pause| walk.now.checked_add(*pause).unwrap_or(Timestamp::MAX))),
        Some(retries) => retries.due(&activity::within(walk, visit.path), made, walk.now),
    };
    let due = match due {
        Ok(Some(due)) => due,
        Ok(None) => return walk.stop(visit, Moment::Running, message),
        Err(error) => {
            let message = format!("{message}; when it is tried again cannot be told: {error}");
            return walk.stop(visit, Moment::Running, message);
        }
    };
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
            | PathState::Joining
            | PathState::Catching
            | PathState::Inside,
        )
        | None => 1,
    }
}
