//! A step: a command is told to an instance, and what follows is decided.

use definitions::{Activity, Kind, Process};
use jiff::Timestamp;

use crate::elements::task::{self, Prompt};
use crate::elements::{self, timer_boundary};
use crate::walk::{Visit, Walk};
use crate::{
    Command, Effect, Event, Instance, Moment, PathId, PathState, Rejection, Status, TimerId,
};

/// What a command led to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// What has happened, in order; the instance has it already.
    pub events: Vec<Event>,
    /// What is asked of the world, in order.
    pub effects: Vec<Effect>,
}

/// Decides what a command does to an instance of a process at a time, and does it to the instance.
///
/// The same process, instance, command and time make the same step, for ever.
///
/// # Errors
/// A command that does not fit the instance is rejected, and the instance is as it was before.
pub fn step(
    process: &Process,
    instance: &mut Instance,
    command: Command,
    now: Timestamp,
) -> Result<Step, Rejection> {
    match (instance.status(), &command) {
        (Status::Created, Command::Start { .. }) => {}
        (Status::Created, _) => return Err(Rejection::NotStarted),
        (Status::Active, Command::Start { .. }) => return Err(Rejection::AlreadyStarted),
        (Status::Active, _) => {}
        (Status::Completed | Status::Cancelled, _) => return Err(Rejection::AlreadyEnded),
    }
    match command {
        Command::Start { variables } => {
            let mut walk = Walk::new(process, instance, now);
            walk.record(Event::Started { variables });
            if let Some(start) = process.contents(None).start {
                walk.go(None, None, start);
            }
            Ok(walk.finish())
        }
        Command::Complete { path, locals, writes } => {
            answer(process, instance, path, Prompt::Done { answer: locals, writes }, now)
        }
        Command::Wait { path, writes } => {
            answer(process, instance, path, Prompt::Waits { writes }, now)
        }
        Command::RaiseError { path, code, message, writes } => {
            answer(process, instance, path, Prompt::Error { code, message, writes }, now)
        }
        Command::Fault { path, message } => {
            answer(process, instance, path, Prompt::Fault { message }, now)
        }
        Command::Fire { timer } => fire(process, instance, timer, now),
        Command::Retry { path } => retry(process, instance, path, now),
        Command::Cancel { reason } => Ok(cancel(process, instance, reason, now)),
    }
}

/// Hands a running or waiting task what its activity answered.
fn answer(
    process: &Process,
    instance: &mut Instance,
    path: PathId,
    prompt: Prompt,
    now: Timestamp,
) -> Result<Step, Rejection> {
    let visit = visit(process, instance, path)?;
    let task = task_at(visit)?;
    prompt.check(visit, instance.path(path).map(|path| path.state()))?;
    let mut walk = Walk::new(process, instance, now);
    task::resume(&mut walk, visit, task, prompt);
    Ok(walk.finish())
}

fn fire(
    process: &Process,
    instance: &mut Instance,
    id: TimerId,
    now: Timestamp,
) -> Result<Step, Rejection> {
    let timer = instance.timer(id).ok_or(Rejection::UnknownTimer { timer: id })?;
    let (node, path) = (timer.node.clone(), timer.path);
    let visit = visit(process, instance, path)?;
    let Some(place) = process.place(&node) else { return Err(Rejection::UnknownNode { node }) };
    let kind = &process.node(place).kind;
    if !matches!(kind, Kind::Activity(_) | Kind::Boundary(_)) {
        return Err(Rejection::UnknownNode { node });
    }
    let mut walk = Walk::new(process, instance, now);
    walk.record(Event::Fired { timer: id, node });
    match kind {
        Kind::Activity(task) => task::resume(&mut walk, visit, task, Prompt::Again),
        Kind::Boundary(boundary) => timer_boundary::resume(&mut walk, visit, place, boundary),
        _ => {}
    }
    Ok(walk.finish())
}

/// Takes up a path where its incident stopped it.
fn retry(
    process: &Process,
    instance: &mut Instance,
    path: PathId,
    now: Timestamp,
) -> Result<Step, Rejection> {
    let visit = visit(process, instance, path)?;
    let node = visit.node.id.clone();
    let Some(PathState::Incident { moment, .. }) = instance.path(path).map(|path| path.state())
    else {
        return Err(Rejection::NoIncident { path, node });
    };
    let taken_up = Event::IncidentTakenUp { path, node };
    match moment {
        Moment::Entering => {
            let mut walk = Walk::new(process, instance, now);
            walk.record(taken_up);
            elements::enter(&mut walk, visit, None);
            Ok(walk.finish())
        }
        Moment::Running | Moment::Leaving => {
            let prompt =
                if *moment == Moment::Running { Prompt::Anew } else { Prompt::OutputsAgain };
            let task = task_at(visit)?;
            let mut walk = Walk::new(process, instance, now);
            walk.record(taken_up);
            task::resume(&mut walk, visit, task, prompt);
            Ok(walk.finish())
        }
    }
}

/// Ends everything, whether or not the process is the one that the instance runs.
fn cancel(process: &Process, instance: &mut Instance, reason: String, now: Timestamp) -> Step {
    let paths: Vec<PathId> = instance.paths().map(|(path, _)| path).collect();
    let mut walk = Walk::new(process, instance, now);
    for path in paths {
        task::cancel(&mut walk, path);
    }
    walk.record(Event::Cancelled { reason });
    walk.finish()
}

/// Where a path is.
fn visit<'a>(
    process: &'a Process,
    instance: &Instance,
    path: PathId,
) -> Result<Visit<'a>, Rejection> {
    let Some(found) = instance.path(path) else {
        return Err(if instance.ever_had(path) {
            Rejection::MovedOn { path }
        } else {
            Rejection::UnknownPath { path }
        });
    };
    match process.place(found.node()) {
        Some(place) => Ok(Visit { path, place, node: process.node(place) }),
        None => Err(Rejection::UnknownNode { node: found.node().clone() }),
    }
}

fn task_at<'a>(visit: Visit<'a>) -> Result<&'a Activity, Rejection> {
    match &visit.node.kind {
        Kind::Activity(task) => Ok(task),
        _ => {
            let (path, node) = (visit.path, visit.node.id.clone());
            Err(Rejection::NotWaiting { path, node })
        }
    }
}
