//! A step: a command is told to an instance, and what follows is decided.

use definitions::{Kind, NodeId, Process, Work};
use jiff::Timestamp;

use crate::elements::conditional::Written;
use crate::elements::task::{self, Prompt, named};
use crate::elements::{
    activity, call_activity, end_event, escalation, signal, throw_event, timer, trigger,
};
use crate::walk::{Visit, Walk};
use crate::{
    Answerer, Awaited, Command, Effect, Event, Handed, Hold, Instance, Path, PathId, PathState,
    Rejection, ScopeId, Status, Write,
};

mod missing;
mod modify;
mod retry;
mod start;

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
        (Status::Created, Command::Start { .. } | Command::Cancel { .. }) => {}
        (Status::Created, _) => return Err(Rejection::NotStarted),
        (Status::Active, Command::Start { .. }) => return Err(Rejection::AlreadyStarted),
        (Status::Active, _) => {}
        (Status::Completed | Status::Failed | Status::Cancelled, _) => {
            return Err(Rejection::AlreadyEnded);
        }
    }
    match command {
        Command::Start { variables, at, trigger, called } => {
            start::start(Walk::new(process, instance, now), variables, at, trigger, called)
        }
        Command::Complete { path, locals, writes } => {
            let prompt = Prompt::Done { answer: locals, writes };
            answer(Walk::new(process, instance, now), path, prompt)
        }
        Command::Wait { path, writes } => {
            answer(Walk::new(process, instance, now), path, Prompt::Waits { writes })
        }
        Command::Assign { path, assignment, by } => {
            let (walk, node) = waiting(Walk::new(process, instance, now), path)?;
            let (assignment, by) = (*assignment, Some(by));
            let handed = Handed { path, node, assignment, by };
            Ok(note(walk, Event::Assigned(Box::new(handed))))
        }
        Command::Submit { path, by } => {
            let (walk, node) = waiting(Walk::new(process, instance, now), path)?;
            Ok(note(walk, Event::Submitted(Answerer { path, node, by })))
        }
        Command::RaiseError { path, code, message, writes } => {
            let prompt = Prompt::Error { code, message, writes };
            answer(Walk::new(process, instance, now), path, prompt)
        }
        Command::Fault { path, message, lasts } => {
            answer(Walk::new(process, instance, now), path, Prompt::Fault { message, lasts })
        }
        Command::Escalate { path, code } => {
            let mut walk = Walk::new(process, instance, now);
            let visit = visit(&walk, path)?;
            let state = walk.instance.path(path).map(|path| path.state());
            if !matches!(state, Some(PathState::Running { .. } | PathState::Waiting)) {
                let node = visit.node.id.clone();
                return Err(Rejection::NotWaiting { path, node });
            }
            if escalation::raise(&mut walk, visit, &code) {
                walk.ask(Effect::EscalateToCaller { code, path: None });
            }
            Ok(walk.finish())
        }
        Command::Take { path, variables } => {
            let mut walk = Walk::new(process, instance, now);
            let visit = visit(&walk, path)?;
            let Some(Work::Call(call)) = activity::of(visit).map(|activity| &activity.work) else {
                return Err(Rejection::NotWaiting { path, node: visit.node.id.clone() });
            };
            call_activity::take(&mut walk, visit, call, &variables);
            Ok(walk.finish())
        }
        Command::Heard { path } => {
            let mut walk = Walk::new(process, instance, now);
            let visit = visit(&walk, path)?;
            let rests = walk.instance.path(path).map(Path::state) == Some(&PathState::Catching);
            match &visit.node.kind {
                Kind::ThrowEvent(event) if rests => throw_event::go_on(&mut walk, visit, event),
                Kind::EndEvent(event) if rests => end_event::go_on(&mut walk, visit, event),
                _ => return Err(Rejection::NotWaiting { path, node: visit.node.id.clone() }),
            }
            Ok(walk.finish())
        }
        Command::Deliver { catch, payload } => {
            let mut walk = Walk::new(process, instance, now);
            let found = walk.instance.catch(catch).ok_or(Rejection::UnknownCatch { catch })?;
            if matches!(found.awaited(), Awaited::Condition { .. }) {
                return Err(Rejection::UnknownCatch { catch });
            }
            let node = found.node().clone();
            if process.place(&node).is_none() {
                return Err(Rejection::UnknownNode { node });
            }
            trigger::caught(&mut walk, catch, payload);
            Ok(walk.finish())
        }
        Command::Signal { name, payload } => {
            let mut walk = Walk::new(process, instance, now);
            signal::receive(&mut walk, &name, &payload);
            Ok(walk.finish())
        }
        Command::Set { scope, writes } => {
            Ok(set(Walk::new(process, instance, now), scope, writes)?.finish())
        }
        Command::Note { scope, writes } => {
            let mut walk = set(Walk::new(process, instance, now), scope, writes)?;
            walk.ask_nothing();
            Ok(walk.finish())
        }
        Command::Ask { written } => {
            let mut walk = Walk::new(process, instance, now);
            match written {
                Some(variables) => {
                    let named = variables.into_iter().map(|(name, there)| (name, there, None));
                    let variables = named.collect();
                    walk.written = Written { any: true, unknown: false, variables };
                }
                None => walk.ask_everything(),
            }
            Ok(walk.finish())
        }
        Command::Fire { timer: id } => {
            let mut walk = Walk::new(process, instance, now);
            let timer = walk.instance.timer(id).ok_or(Rejection::UnknownTimer { timer: id })?;
            let node = timer.node().clone();
            if process.place(&node).is_none() {
                return Err(Rejection::UnknownNode { node });
            }
            timer::fire(&mut walk, id);
            Ok(walk.finish())
        }
        Command::Retry { path } => retry::retry(Walk::new(process, instance, now), path),
        Command::Resolve { path, writes } => {
            retry::resolve(Walk::new(process, instance, now), path, writes)
        }
        Command::Modify { end, begin } => {
            modify::modify(Walk::new(process, instance, now), end, begin)
        }
        Command::Suspend { by, reason } => {
            Ok(note(Walk::new(process, instance, now), Event::Suspended(Hold { by, reason })))
        }
        Command::Resume { by } => {
            Ok(note(Walk::new(process, instance, now), Event::Resumed { by }))
        }
        Command::Cancel { reason } => Ok(cancel(Walk::new(process, instance, now), reason)),
    }
}

/// Hands a running or waiting activity what its work came to.
fn answer(mut walk: Walk<'_>, path: PathId, prompt: Prompt) -> Result<Step, Rejection> {
    let visit = visit(&walk, path)?;
    let Some(activity) = activity::of(visit) else {
        return Err(Rejection::NotWaiting { path, node: visit.node.id.clone() });
    };
    prompt.check(visit, walk.instance.path(path).map(|path| path.state()))?;
    task::resume(&mut walk, visit, activity, prompt);
    Ok(walk.finish())
}

fn set(
    mut walk: Walk<'_>,
    scope: Option<ScopeId>,
    writes: Vec<Write>,
) -> Result<Walk<'_>, Rejection> {
    named(&writes)?;
    if let Some(scope) = scope.filter(|scope| walk.instance.scope(*scope).is_none()) {
        return Err(Rejection::UnknownScope { scope });
    }
    walk.set(scope, writes);
    Ok(walk)
}

/// The node at which a path waits.
fn waiting(walk: Walk<'_>, path: PathId) -> Result<(Walk<'_>, NodeId), Rejection> {
    let node = visit(&walk, path)?.node.id.clone();
    match walk.instance.path(path).map(Path::state) {
        Some(PathState::Waiting) => Ok((walk, node)),
        _ => Err(Rejection::NotWaiting { path, node }),
    }
}

/// Records what changes nothing by itself.
fn note(mut walk: Walk<'_>, event: Event) -> Step {
    walk.record(event);
    walk.finish()
}

/// Ends everything, whether or not the process is the one that the instance runs.
fn cancel(mut walk: Walk<'_>, reason: String) -> Step {
    activity::withdraw_all(&mut walk, None);
    trigger::end_all_of_scope(&mut walk, None);
    walk.record(Event::Cancelled { reason });
    walk.finish()
}

/// Where a path is.
fn visit<'a>(walk: &Walk<'a>, path: PathId) -> Result<Visit<'a>, Rejection> {
    if let Some(visit) = walk.visit(path) {
        return Ok(visit);
    }
    Err(match walk.instance.path(path) {
        Some(found) => Rejection::UnknownNode { node: found.node().clone() },
        None if walk.instance.ever_had(path) => Rejection::MovedOn { path },
        None => Rejection::UnknownPath { path },
    })
}
