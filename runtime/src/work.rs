//! Activities at work: one is run in the unit of work, or opened for the end user, and what it came
//! to is said in the words of the engine.

use activities::{Acts, Context, Failure, Lasting, ParameterFlaw, Plugin, Raised, Wait};
use definitions::{Assignment, NodeId};
use engine::{Command, PathId};
use identity::Work;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::instance::{Ask, Kept, task};
use crate::{Error, Tenant, apart, identifier};

/// An activity that the engine asks for.
pub(crate) struct Run {
    pub(crate) path: PathId,
    pub(crate) node: NodeId,
    pub(crate) activity: String,
    pub(crate) parameters: Map<String, Value>,
    /// Whose it is, where it is not the end user's.
    pub(crate) assignment: Option<Box<Assignment>>,
}

/// How an activity ended, in the words of the engine.
pub(crate) struct Ended {
    pub(crate) command: Command,
    pub(crate) authenticated: bool,
    /// What falls due because of it.
    pub(crate) soonest: Option<Timestamp>,
}

impl Tenant {
    /// Runs a local activity, or opens one that waits for the end user.
    pub(crate) async fn run(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        call: Run,
    ) -> Result<Ended, Error> {
        let plugin = self.plugin(&call.activity)?;
        let path = call.path;
        let seen = kept.engine.seen_at(path);
        // Nobody knows when the end user comes to the page.
        work.keep_open(kept.expires);
        work.act_for(kept.root());
        let mut context = Context::new(work, &seen, self);
        if plugin.acts == Acts::Local {
            let parameters = call.parameters.clone();
            let ran = heavily(plugin, plugin.run(parameters, &mut context)).await;
            let Some(check) = context.awaits.take().filter(|_| ran.is_ok()) else {
                return ended(path, ran, context);
            };
            // Its path rests until the passcode is checked.
            let soonest = self.await_check(context.work.unit(), (&kept.id, path), &check)?;
            let waits = Ended { soonest: Some(soonest), ..waits(path, context) };
            let wait = Wait::for_nobody(&call.activity);
            let ask = kept.question(&call, wait, Some(check))?;
            kept.asks.insert(path, ask);
            return Ok(waits);
        }
        let opened = heavily(plugin, plugin.open(call.parameters.clone(), &mut context)).await;
        match opened {
            Ok(wait) => {
                let waits = waits(path, context);
                let ask = kept.question(&call, wait, None)?;
                match call.assignment {
                    Some(assignment) => {
                        let (at, now) = ((path, call.node), work.now());
                        task::put(work.unit(), kept, at, ask, *assignment, now).await?;
                    }
                    None => drop(kept.asks.insert(path, ask)),
                }
                Ok(waits)
            }
            Err(failure) => ended(path, Err(failure), context),
        }
    }

    pub(crate) fn plugin(&self, name: &str) -> Result<&'static Plugin, Error> {
        self.inner()
            .plugins
            .get(name)
            .copied()
            .ok_or_else(|| Error::Fault(anyhow::anyhow!("there is no activity \"{name}\"")))
    }
}

impl Kept {
    /// The question at the path of an activity, or nothing where it waits for a check.
    fn question(&self, call: &Run, wait: Wait, check: Option<String>) -> Result<Ask, Error> {
        let topic = self.topic(&call.node, call.path);
        let (activity, parameters) = (call.activity.clone(), call.parameters.clone());
        Ok(Ask { topic, nonce: identifier::random()?, activity, parameters, wait, check })
    }
}

/// The end of an activity that has only begun.
fn waits(path: PathId, context: Context<'_>) -> Ended {
    let authenticated = context.authenticated.is_some();
    let command = Command::Wait { path, writes: writes_of(context.writes) };
    Ended { command, authenticated, soonest: None }
}

/// Awaits an activity, apart if it computes for long.
pub(crate) async fn heavily<F: Future>(plugin: &Plugin, activity: F) -> F::Output {
    if plugin.heavy { apart(activity).await } else { activity.await }
}

/// How an activity ended, as a command. A conflict is no failure of the activity: all is decided
/// again.
pub(crate) fn ended(
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
            let lasts = lasts(&fault);
            Command::Fault { path, message: fault.to_string(), lasts }
        }
    };
    Ok(Ended { command, authenticated, soonest: None })
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

/// Whether the same would go wrong at every further attempt, until a person has changed something.
fn lasts(fault: &anyhow::Error) -> bool {
    fault.chain().any(|cause| {
        let store = cause.downcast_ref::<identity::Error>();
        let read = cause.downcast_ref::<Error>();
        cause.is::<Lasting>()
            || cause.is::<ParameterFlaw>()
            || matches!(store, Some(identity::Error::StoreMissing(_)))
            || matches!(read, Some(Error::FormFlaws(_)))
    })
}

fn writes_of(writes: Vec<activities::Write>) -> Vec<engine::Write> {
    let write = |write: activities::Write| engine::Write { at: write.at, value: write.value };
    writes.into_iter().map(write).collect()
}
