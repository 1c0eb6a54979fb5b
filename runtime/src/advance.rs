//! Load, decide, commit, act: one command carried through an instance until only waits and timers
//! are left. Everything it changes, and all that its local activities write, is in one unit of
//! work; whoever calls commits it, once.

use std::collections::VecDeque;

use activities::{Acts, Context, Failure, Plugin, Raised, Submission, Submitted};
use definitions::{NodeId, Process};
use engine::{Command, Effect, Event, PathId, PathState, Status, TimerId};
use identity::Work;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::instance::{self, Ask, Kept};
use crate::{Error, InstanceStatus, Tenant, apart, history, identifier, outcome};

/// What a command came to besides what is in the unit of work.
#[derive(Default)]
pub(crate) struct Progress {
    /// The soonest timer it armed.
    pub(crate) soonest: Option<Timestamp>,
    /// Whether an activity authenticated the end user.
    pub(crate) authenticated: bool,
}

/// How many activities one command may set going; more is taken for a loop without an end.
const AT_ONCE: usize = 1000;

/// An activity that the engine asks for.
struct Call {
    path: PathId,
    node: NodeId,
    activity: String,
    parameters: Map<String, Value>,
}

/// How an activity ended, in the words of the engine.
struct Ended {
    command: Command,
    authenticated: bool,
}

impl Tenant {
    /// Carries the command through and writes the instance into the unit of work.
    ///
    /// # Errors
    /// [`Error::Rejected`] where the command does not fit the state: nothing has changed then.
    pub(crate) async fn advance(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        command: Command,
    ) -> Result<Progress, Error> {
        let process = self.process(work.unit(), &kept.definition).await?;
        self.carry(work, kept, &process, command, Progress::default()).await
    }

    /// An end user's answer to a waiting activity. `None` where the answer does not satisfy it:
    /// the question then stands again, with what is wrong, under a new nonce.
    pub(crate) async fn answer(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        path: PathId,
        submission: Submission,
    ) -> Result<Progress, Error> {
        let process = self.process(work.unit(), &kept.definition).await?;
        let Some(ask) = kept.asks.get(&path).cloned() else {
            return Err(engine::Rejection::UnknownPath { path }.into());
        };
        let plugin = self.plugin(&ask.activity)?;
        let mut context = Context::new(work, kept.engine.variables(), self);
        let answered =
            heavily(plugin, plugin.submit(ask.parameters, &mut context, &ask.wait, submission))
                .await;
        let answered = match answered {
            Ok(Submitted::Again(errors)) => {
                let nonce = identifier::random()?;
                if let Some(ask) = kept.asks.get_mut(&path) {
                    ask.wait = ask.wait.clone().refused(errors);
                    ask.nonce = nonce;
                }
                instance::put(work.unit(), kept, Some(kept.status))?;
                return Ok(Progress::default());
            }
            Ok(Submitted::Done(locals)) => Ok(locals),
            Err(failure) => Err(failure),
        };
        let ended = ended(path, answered, context)?;
        let progress = Progress { soonest: None, authenticated: ended.authenticated };
        self.carry(work, kept, &process, ended.command, progress).await
    }

    async fn carry(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        process: &Process,
        command: Command,
        mut progress: Progress,
    ) -> Result<Progress, Error> {
        let now = work.now();
        let shown = (kept.engine.status() != Status::Created).then_some(kept.status);
        let mut events: Vec<Event> = Vec::new();
        let mut commands = VecDeque::from([command]);
        let mut given = true;
        let mut run = 0;
        while let Some(command) = commands.pop_front() {
            let step = match engine::step(process, &mut kept.engine, command, now) {
                Ok(step) => step,
                // An activity's answer for a path that a quicker one has ended is of no use.
                Err(_) if !given => continue,
                Err(rejection) => return Err(rejection.into()),
            };
            given = false;
            events.extend(step.events);
            for effect in step.effects {
                match effect {
                    Effect::RunActivity { path, .. } if run == AT_ONCE => {
                        let message = format!("{AT_ONCE} activities ran without an end or a wait");
                        commands.push_back(Command::Fault { path, message });
                    }
                    Effect::RunActivity { path, node, activity, parameters, .. } => {
                        run += 1;
                        let activity = activity.to_string();
                        let call = Call { path, node, activity, parameters };
                        let ended = self.run(work, kept, call).await?;
                        progress.authenticated |= ended.authenticated;
                        commands.push_back(ended.command);
                    }
                    // An endless loop is no passing trouble: no use in waiting to try again.
                    Effect::ArmTimer { timer, .. } if run == AT_ONCE && retries(kept, timer) => {
                        commands.push_back(Command::Fire { timer });
                    }
                    Effect::ArmTimer { timer, due } => {
                        self.arm(work.unit(), &kept.id, Some(timer), due)?;
                        progress.soonest = progress.soonest.into_iter().chain([due]).min();
                    }
                    Effect::DisarmTimer { timer, due } => {
                        self.disarm(work.unit(), &kept.id, Some(timer), due);
                    }
                    Effect::Decide { path, .. } | Effect::Call { path, .. } => {
                        let message = "nothing answers this task".to_owned();
                        commands.push_back(Command::Fault { path, message });
                    }
                    Effect::EndCall { .. }
                    | Effect::EscalateToCaller { .. }
                    | Effect::SendMessage { .. }
                    | Effect::SendSignal { .. }
                    | Effect::Subscribe { .. }
                    | Effect::Unsubscribe { .. } => {}
                }
            }
        }
        let engine = &kept.engine;
        kept.asks.retain(|path, _| {
            engine.path(*path).is_some_and(|path| *path.state() == PathState::Waiting)
        });
        self.settle(work, kept, now)?;
        instance::put(work.unit(), kept, shown)?;
        history::record(work.unit(), kept, now, &events)?;
        for event in &events {
            if let Event::IncidentRaised { node, message, .. } = event {
                tracing::warn!(instance = %kept.id, element = %node, %message, "incident");
                metrics::counter!("gatewright_incidents_total").increment(1);
            }
        }
        Ok(progress)
    }

    /// Gives the instance its status after a step; the last moment is disarmed when it is over.
    fn settle(&self, work: &mut Work, kept: &mut Kept, now: Timestamp) -> Result<(), Error> {
        kept.status = match kept.engine.status() {
            Status::Created => InstanceStatus::Pending,
            Status::Active => InstanceStatus::Active,
            Status::Completed => outcome::of(kept.engine.variables()),
            Status::Failed => InstanceStatus::CompletedProcessError,
            Status::Cancelled => InstanceStatus::CompletedTerminated,
        };
        if kept.is_over() && kept.ended.is_none() {
            kept.ended = Some(now);
            self.disarm(work.unit(), &kept.id, None, kept.expires);
            metrics::counter!("gatewright_journeys_ended_total", "status" => kept.status.mapped())
                .increment(1);
        }
        Ok(())
    }

    /// Runs a local activity, or opens one that waits for the end user.
    async fn run(&self, work: &mut Work, kept: &mut Kept, call: Call) -> Result<Ended, Error> {
        let plugin = self.plugin(&call.activity)?;
        let path = call.path;
        let mut context = Context::new(work, kept.engine.variables(), self);
        if plugin.acts == Acts::Local {
            let ran = heavily(plugin, plugin.run(call.parameters, &mut context)).await;
            return ended(path, ran, context);
        }
        let opened = heavily(plugin, plugin.open(call.parameters.clone(), &mut context)).await;
        match opened {
            Ok(wait) => {
                let (writes, authenticated) = (context.writes, context.authenticated.is_some());
                let ask = Ask {
                    topic: format!("{}.{}", call.node, path.number()),
                    nonce: identifier::random()?,
                    activity: call.activity,
                    parameters: call.parameters,
                    wait,
                };
                kept.asks.insert(path, ask);
                let command = Command::Wait { path, writes: writes_of(writes) };
                Ok(Ended { command, authenticated })
            }
            Err(failure) => ended(path, Err(failure), context),
        }
    }

    fn plugin(&self, name: &str) -> Result<&'static Plugin, Error> {
        self.inner()
            .plugins
            .get(name)
            .copied()
            .ok_or_else(|| Error::Fault(anyhow::anyhow!("there is no activity \"{name}\"")))
    }
}

/// Awaits an activity, apart if it computes for long.
async fn heavily<F: Future>(plugin: &Plugin, activity: F) -> F::Output {
    if plugin.heavy { apart(activity).await } else { activity.await }
}

/// Whether the timer is the one that lets a failed activity be tried again.
fn retries(kept: &Kept, timer: TimerId) -> bool {
    let path = kept.engine.timer(timer).and_then(|armed| kept.engine.path(armed.path()?));
    path.is_some_and(
        |path| matches!(path.state(), PathState::Retrying { timer: of, .. } if *of == timer),
    )
}

/// How an activity ended, as a command. A conflict is no failure of the activity: all is decided
/// again.
fn ended(
    path: PathId,
    ran: Result<Map<String, Value>, Failure<Raised>>,
    context: Context<'_>,
) -> Result<Ended, Error> {
    let authenticated = context.authenticated.is_some();
    let writes = writes_of(context.writes);
    let command = match ran {
        Ok(locals) => Command::Complete { path, locals, writes },
        Err(Failure::Event(Raised { code, message })) => {
            Command::RaiseError { path, code, message, writes }
        }
        Err(Failure::Fault(fault)) => {
            if let Some(conflict) = conflict_in(&fault) {
                return Err(conflict);
            }
            tracing::error!(error = format!("{fault:#}"), "an activity failed");
            Command::Fault { path, message: fault.to_string() }
        }
    };
    Ok(Ended { command, authenticated })
}

/// The conflict behind a fault, if there is one.
fn conflict_in(fault: &anyhow::Error) -> Option<Error> {
    fault.chain().find_map(|cause| {
        let storage = match cause.downcast_ref::<identity::Error>() {
            Some(identity::Error::Storage(error)) => Some(error),
            _ => cause.downcast_ref::<storage::Error>(),
        };
        match storage {
            Some(storage::Error::Conflict { table, key }) => {
                Some(storage::Error::Conflict { table, key: key.clone() }.into())
            }
            _ => None,
        }
    })
}

fn writes_of(writes: Vec<activities::Write>) -> Vec<engine::Write> {
    let write = |write: activities::Write| engine::Write { at: write.at, value: write.value };
    writes.into_iter().map(write).collect()
}
