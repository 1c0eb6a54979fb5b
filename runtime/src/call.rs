//! Calls: a called instance is a process instance of its own, carried in the unit of work of its
//! caller, which goes on in the unit of work in which the called one ends (BPMN 2.0.2 §10.3.6).

use std::sync::Arc;

use activities::Acts;
use definitions::{Call, Process};
use engine::{Command, PathId, Status, Version};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Unit};

use crate::advance::{Carried, Round, Turn, Turns};
use crate::instance::{Kept, question};
use crate::missing::foreseen;
use crate::operation::suspension::{Escalated, Suspended};
use crate::resource::{self, Kind};
use crate::{Error, Tenant, deployment, identifier};

mod rows;

use rows::{ASKING, CALLED_BY, CALLS, at};
pub(crate) use rows::{
    all_called, ever_called, first_asking, first_called, forget, is_asking, is_awaited,
};

/// Who called an instance.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parent {
    /// The calling instance.
    pub(crate) instance: String,
    /// The path in it that called.
    pub(crate) path: PathId,
    /// The first caller of all, to which the end user belongs.
    pub(crate) root: String,
    /// The names of the definitions that called one another, the first caller first.
    pub(crate) callers: Vec<String>,
}

/// How deep calls may nest.
const DEEPEST: usize = 32;

/// The place in a round of the instance that is told something first.
const FIRST: usize = 0;

/// Called definitions that are looked into before an instance begins.
const CALLED: usize = 100;

/// The error in a caller whose called instance was cancelled or removed by somebody.
const CANCELLED: &str = "CALL_CANCELLED";

impl Round<'_> {
    /// Begins the instance that a path calls; what stands against it is a fault of the path.
    pub(crate) async fn call(
        &mut self,
        of: usize,
        path: PathId,
        wanted: (String, Version, Option<String>),
        business_key: Option<String>,
        variables: Map<String, Value>,
    ) -> Result<(), Error> {
        let (name, version, tenant) = wanted;
        let caller = &self.carried[of].kept;
        let unit = self.work.unit();
        let found = match self.tenant.out_of_sight("the process", &name, tenant.as_deref()) {
            Some(message) => Err(message),
            None => self.tenant.called_version(unit, caller, &name, &version).await?,
        };
        let found = found.and_then(|found| circle(caller, &found.name).map_or(Ok(found), Err));
        let found = match found {
            Ok(found) => found,
            Err(message) => {
                self.tell(Command::Fault { path, message, lasts: true });
                return Ok(());
            }
        };
        let process = self.tenant.process(unit, &found.id).await?;
        let contents = process.contents(None);
        if contents.start.is_none() && contents.entries.is_empty() {
            let message =
                format!("the process `{name}` begins by triggers only and cannot be called");
            self.tell(Command::Fault { path, message, lasts: true });
            return Ok(());
        }
        let (root, mut callers) = match &caller.parent {
            Some(parent) => (parent.root.clone(), parent.callers.clone()),
            None => (caller.id.clone(), Vec::new()),
        };
        callers.push(caller.definition_name.clone());
        let (id, caller_id) = (identifier::timed(self.now)?, caller.id.clone());
        let kept = Kept {
            id: id.clone(),
            definition: found.id,
            definition_name: found.name,
            definition_version: found.version,
            token: caller.token.clone(),
            created: self.now,
            created_by: caller.created_by.clone(),
            expires: caller.expires,
            suspended: caller.suspended.as_ref().map(Suspended::anew),
            parent: Some(Parent { instance: caller.id.clone(), path, root, callers }),
            business_key: Some(business_key.unwrap_or_else(|| caller.business_key().to_owned())),
            ..Kept::default()
        };
        self.work.unit().put(&CALLED_BY, at(&caller_id, path), &id)?;
        self.work.unit().put(&CALLS, Key::from(&caller_id).text(&id), &true)?;
        let child = self.take(kept, process).await?;
        let start = Command::Start { variables, at: None, trigger: 0, called: true };
        // The caller waits first: an escalation of the called may end the call.
        self.begun.push(Turns::of(of, [Turn::Tell(Command::Wait { path, writes: Vec::new() })]));
        self.begun.push(Turns::of(child, [Turn::Tell(start)]));
        Ok(())
    }

    /// An instance has ended: who called it goes on.
    pub(crate) async fn tell_caller(&mut self, of: usize) -> Result<(), Error> {
        let kept = &self.carried[of].kept;
        if matches!(kept.engine.status(), Status::Created | Status::Active) {
            return Ok(());
        }
        if let Some((caller, path)) = self.caller(of).await? {
            self.begun.push(Turns::of(caller, [Turn::Called(path)]));
        }
        Ok(())
    }

    /// Tells the caller what came of its call, or leaves that until it is resumed.
    pub(crate) async fn called(&mut self, of: usize, path: PathId) -> Result<(), Error> {
        if self.is_held(of) {
            return Ok(());
        }
        let Some(child) = self.end_of_call(of, path).await? else { return Ok(()) };
        let raise = |code: &str, message: String| {
            let code = code.to_owned();
            Command::RaiseError { path, code, message, writes: Vec::new() }
        };
        let Some(child) = self.other(&child).await? else {
            let message = "the called instance was removed".to_owned();
            self.then_first(Turn::Tell(raise(CANCELLED, message)));
            return Ok(());
        };
        let engine = &self.carried[child].kept.engine;
        let (variables, writes) = (engine.variables().clone(), Vec::new());
        let command = match (engine.status(), engine.failure()) {
            (Status::Completed, _) => Command::Complete { path, locals: variables, writes },
            (_, Some(failure)) => {
                let raise = raise(&failure.code, failure.message.clone());
                self.then_first(Turn::Tell(raise));
                Command::Take { path, variables }
            }
            (_, None) => raise(CANCELLED, "the called instance was cancelled".to_owned()),
        };
        self.then_first(Turn::Tell(command));
        Ok(())
    }

    /// Whether what others come to has to wait until an instance is resumed. What is done to it by hand, in this
    /// round, goes on to its end, with what that calls.
    fn is_held(&self, of: usize) -> bool {
        let Carried { kept, shown, .. } = &self.carried[of];
        kept.suspended.is_some() && of != FIRST && shown.is_some()
    }

    /// A call is not needed any more: what was called is cancelled, with all that it has called.
    pub(crate) async fn end_call(&mut self, of: usize, path: PathId) -> Result<(), Error> {
        let Some(child) = self.end_of_call(of, path).await? else { return Ok(()) };
        let Some(child) = self.other(&child).await? else { return Ok(()) };
        let reason = "its caller does not need it any more".to_owned();
        self.ending.push(Turns::of(child, [Turn::Tell(Command::Cancel { reason })]));
        Ok(())
    }

    /// The caller hears of what its called instance escalates before that is told anything else; a path that rests for
    /// that goes on then, if the call goes on.
    pub(crate) async fn escalate(
        &mut self,
        of: usize,
        code: String,
        resting: Option<PathId>,
    ) -> Result<(), Error> {
        if let Some((caller, path)) = self.caller(of).await? {
            let variables = self.carried[of].kept.engine.variables().clone();
            let escalated = Escalated { path, code, variables, at: Some(self.now) };
            match self.is_held(caller).then_some(&mut self.carried[caller].kept.suspended) {
                Some(Some(held)) => held.hear_escalation(escalated),
                _ => self.begun.push(Turns::of(caller, escalated.told().map(Turn::Tell))),
            }
        }
        let heard = resting.map(|path| Turn::Tell(Command::Heard { path }));
        self.begun.push(Turns::of(of, heard));
        Ok(())
    }

    /// The first caller knows which of the instances that it has called ask the end user something.
    pub(crate) async fn note_asking(&mut self, at: usize) -> Result<(), Error> {
        let Carried { kept, asked, .. } = &self.carried[at];
        let Some(parent) = &kept.parent else { return Ok(()) };
        let asks = question::any(self.work.unit(), kept).await?;
        if asks == *asked {
            return Ok(());
        }
        let key = Key::from(&parent.root).text(&kept.id);
        match asks {
            true => self.work.unit().put(&ASKING, key, &true)?,
            false => self.work.unit().remove(&ASKING, key),
        }
        Ok(())
    }

    /// The instance that a path has called, which it does not await from now on.
    async fn end_of_call(&mut self, of: usize, path: PathId) -> Result<Option<String>, Error> {
        let key = at(&self.carried[of].kept.id, path);
        let unit = self.work.unit();
        let Some(child) = unit.peek(&CALLED_BY, key.clone()).await? else { return Ok(None) };
        unit.remove(&CALLED_BY, key);
        Ok(Some(child))
    }

    /// The instance that called one, if it still awaits it, and the path that called.
    async fn caller(&mut self, of: usize) -> Result<Option<(usize, PathId)>, Error> {
        let kept = &self.carried[of].kept;
        let Some(parent) = kept.parent.clone() else { return Ok(None) };
        let id = kept.id.clone();
        let Some(caller) = self.other(&parent.instance).await? else { return Ok(None) };
        let awaits = is_awaited(self.work.unit(), &parent, &id).await?;
        Ok(awaits.then_some((caller, parent.path)))
    }
}

/// What is wrong with one more call, if calls go in a circle or nest too deep.
fn circle(caller: &Kept, called: &str) -> Option<String> {
    let before: &[String] = caller.parent.as_ref().map_or(&[], |parent| &parent.callers);
    if before.len() + 1 < DEEPEST {
        return None;
    }
    let mut chain: Vec<&str> = before.iter().map(String::as_str).collect();
    chain.extend([caller.definition_name.as_str(), called]);
    let last = chain[..chain.len() - 1].iter().rposition(|name| *name == called);
    let way = chain[last.unwrap_or_default()..].join(" calls ");
    let what = if last.is_some() { "calls go in a circle" } else { "calls nest too deep" };
    Some(format!("{what}, {DEEPEST} of them: {way}"))
}

impl Tenant {
    /// Whether no activity of a process waits for an end user, nor one of those that it calls. A
    /// call of what only the running instance can tell may ask.
    pub(crate) async fn asks_nobody(
        &self,
        unit: &mut Unit,
        caller: &Kept,
        process: Arc<Process>,
    ) -> Result<bool, Error> {
        let (mut left, mut seen) = (vec![process], Vec::new());
        while let Some(process) = left.pop() {
            for (_, node) in process.nodes() {
                match definitions::Kind::activity(&node.kind).map(|activity| &activity.work) {
                    Some(definitions::Work::Task(task)) => {
                        let plugin = self.inner().plugins.get(&*task.activity);
                        let waits = plugin.is_none_or(|plugin| plugin.acts != Acts::Local);
                        if waits && task.people.is_none() {
                            return Ok(false);
                        }
                    }
                    Some(definitions::Work::Call(call)) => {
                        let Some(called) = self.foreseen(unit, caller, call).await? else {
                            return Ok(false);
                        };
                        if !seen.contains(&called) && seen.len() < CALLED {
                            left.push(self.process(unit, &called).await?);
                            seen.push(called);
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(true)
    }

    /// The identifier of the version that a call will mean, where that can be told beforehand.
    async fn foreseen(
        &self,
        unit: &mut Unit,
        caller: &Kept,
        call: &Call,
    ) -> Result<Option<String>, Error> {
        let Some((process, version)) = foreseen(&call.process, &call.binding) else {
            return Ok(None);
        };
        let found = self.called_version(unit, caller, &process, &version).await?;
        Ok(found.ok().map(|version| version.id))
    }

    /// The deployed version of the process that a call means, or why there is none.
    async fn called_version(
        &self,
        unit: &mut Unit,
        caller: &Kept,
        process: &str,
        version: &Version,
    ) -> Result<Result<resource::Version, String>, Error> {
        if *version == Version::Deployment {
            let found = deployment::deployed_with(unit, &caller.definition, process).await?;
            let none = || format!("no process `{process}` was deployed together with the caller");
            return Ok(found.ok_or_else(none));
        }
        self.deployed_process(unit, process, version).await
    }

    /// The deployed version of a process, or why there is none; a version deployed together with another is not told
    /// by its name alone.
    pub(crate) async fn deployed_process(
        &self,
        unit: &mut Unit,
        process: &str,
        version: &Version,
    ) -> Result<Result<resource::Version, String>, Error> {
        let name = match deployment::name_of(unit, process).await? {
            Ok(name) => name,
            Err(message) => return Ok(Err(message)),
        };
        let found = resource::find_meant(unit, Kind::Definition, &name, version).await?;
        Ok(found.ok_or_else(|| match version {
            Version::Number(number) => {
                format!("version {number} of process `{process}` is not deployed")
            }
            Version::Tag(tag) => {
                format!("no deployed version of process `{process}` has the tag `{tag}`")
            }
            Version::Latest | Version::Deployment => format!("no process `{process}` is deployed"),
        }))
    }
}
