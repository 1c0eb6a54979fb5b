//! Suspension: an instance that a person holds takes no answer and no message, nothing follows from
//! what is set in it, and signals, messages and timers wait and come in their order when it goes on.

use std::collections::BTreeSet;

use engine::{Awaited, CatchId, Command, PathId, Rejection, Status};
use identity::Work;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::Unit;

use super::{Tally, again};
use crate::advance::{Progress, Turn};
use crate::call;
use crate::instance::{self, Kept};
use crate::{Error, InstanceStatus, InstanceView, Tenant, message};

/// Who holds an instance, since when and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Suspended {
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The signals that came meanwhile, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) signals: Vec<Heard>,
    /// What the instances that it has called escalated meanwhile, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    escalations: Vec<Escalated>,
    /// What was set in it meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written: Option<Written>,
}

/// The variables that were set in an instance that is held.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Written {
    /// When the last was.
    at: Timestamp,
    /// Their names, and whether each was there before; nothing where the instance has moved to
    /// another version.
    variables: Option<BTreeSet<(String, bool)>>,
}

/// What the instance that a path has called escalates, with what it has come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Escalated {
    pub(crate) path: PathId,
    pub(crate) code: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) variables: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Timestamp>,
}

impl Escalated {
    /// What the caller is told.
    pub(crate) fn told(self) -> [Command; 2] {
        let Escalated { path, code, variables, .. } = self;
        [Command::Take { path, variables }, Command::Escalate { path, code }]
    }
}

/// A signal that came for a catch of an instance that is held.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Heard {
    catch: CatchId,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    payload: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
}

/// The most timers that fire in the commit in which an instance is resumed.
const MOST_FIRED: usize = 100;
/// The most signals that are kept for one catch; of more, the newest.
const MOST_HEARD: usize = 32;
/// The most bytes that the payloads of all signals have which are kept; of more, the newest, and one at least.
const MOST_BYTES: usize = 4 << 20;

impl Suspended {
    fn new(at: Timestamp, by: String, reason: Option<String>) -> Suspended {
        let (signals, escalations) = (Vec::new(), Vec::new());
        Suspended { at, by, reason, signals, escalations, written: None }
    }

    /// The same for an instance that is called meanwhile.
    pub(crate) fn anew(&self) -> Suspended {
        Suspended::new(self.at, self.by.clone(), self.reason.clone())
    }

    /// Keeps an escalation until the instance goes on.
    pub(crate) fn hear_escalation(&mut self, escalated: Escalated) {
        self.escalations.push(escalated);
    }

    /// The instance has moved to another version.
    pub(crate) fn migrated(&mut self, at: Timestamp) {
        self.written = Some(Written { at, variables: None });
    }

    /// What the instance is told when it goes on, and when it would have been.
    fn told(self) -> Vec<(Timestamp, Command)> {
        let since = self.at;
        let escalations = self.escalations.into_iter().flat_map(|escalated| {
            let at = escalated.at.unwrap_or(since);
            escalated.told().map(|command| (at, command))
        });
        let signals = self.signals.into_iter().map(|Heard { catch, payload, at }| {
            (at.unwrap_or(since), Command::Deliver { catch, payload })
        });
        let ask = |Written { at, variables }| (at, Command::Ask { written: variables });
        let asked = self.written.into_iter().map(ask);
        escalations.chain(signals).chain(asked).collect()
    }

    /// Keeps a signal until the instance goes on; of those for a catch that takes one only, the
    /// first.
    pub(crate) fn hear(
        &mut self,
        catch: CatchId,
        payload: Map<String, Value>,
        repeats: bool,
        at: Timestamp,
    ) {
        let same = |heard: &Heard| heard.catch == catch;
        let before = self.signals.iter().filter(|heard| same(heard)).count();
        if before > 0 && !repeats {
            return;
        }
        if before >= MOST_HEARD
            && let Some(oldest) = self.signals.iter().position(same)
        {
            self.signals.remove(oldest);
        }
        self.signals.push(Heard { catch, payload, at: Some(at) });
        let mut bytes = 0;
        let newest = self.signals.iter().rev().take_while(|heard| {
            bytes += serde_json::to_vec(&heard.payload).map_or(0, |payload| payload.len());
            bytes <= MOST_BYTES
        });
        let too_many = self.signals.len() - newest.count().max(1);
        self.signals.drain(..too_many);
    }
}

/// What an instance is told: one that is suspended can be cancelled, moved by hand, and have its
/// variables set, and nothing else; its conditions are asked when it is resumed.
///
/// # Errors
/// [`Error::Suspended`].
pub(crate) fn allowed(kept: &mut Kept, command: Command, now: Timestamp) -> Result<Command, Error> {
    let Some(held) = &mut kept.suspended else { return Ok(command) };
    match command {
        Command::Set { scope, writes } => {
            let names = writes.iter().filter_map(|write| write.at.first());
            let named = names.map(|name| (name.clone(), kept.engine.sees(scope, name)));
            let before =
                held.written.take().map_or(Some(BTreeSet::new()), |before| before.variables);
            let variables = before.map(|before| before.into_iter().chain(named).collect());
            held.written = Some(Written { at: now, variables });
            Ok(Command::Note { scope, writes })
        }
        Command::Cancel { .. } | Command::Modify { .. } => Ok(command),
        _ => Err(Error::Suspended),
    }
}

impl Tenant {
    /// Holds an instance, with all that it has called, until it is resumed; one that is held already
    /// stays so.
    ///
    /// # Errors
    /// [`Error::Rejected`] where it has not begun or has ended; [`Error::Invalid`] where another
    /// instance has called it.
    pub async fn suspend_instance(
        &self,
        id: &str,
        reason: Option<&str>,
    ) -> Result<InstanceView, Error> {
        again!(self.suspend_once(id, reason))?;
        self.read_instance(id).await
    }

    async fn suspend_once(&self, id: &str, reason: Option<&str>) -> Result<(), Error> {
        let mut work = self.identity();
        let mut left = vec![instance::read(self, work.unit(), id).await?];
        under_way(&left[0])?;
        if left[0].suspended.is_some() {
            return Ok(());
        }
        let (by, reason) = (self.by().to_owned(), reason.map(str::to_owned));
        let suspended = Suspended::new(work.now(), by.clone(), reason.clone());
        while let Some(mut kept) = left.pop() {
            for (_, called) in call::all_called(work.unit(), &kept.id).await? {
                let called = instance::find(self, work.unit(), &called).await?;
                left.extend(called.filter(|called| !called.is_over()));
            }
            kept.suspended = Some(suspended.clone());
            let command = Command::Suspend { by: by.clone(), reason: reason.clone() };
            self.note(&mut work, &mut kept, command).await?;
        }
        Ok(work.commit().await?)
    }

    /// Has it in the history of an instance that it is held, or not any more.
    async fn note(&self, work: &mut Work, kept: &mut Kept, command: Command) -> Result<(), Error> {
        self.carry(work, kept, [Turn::Tell(command)], Progress::default()).await.map(drop)
    }

    /// Lets an instance go on, with all that it has called: what fell due meanwhile fires, signals
    /// and messages that were kept come, and conditions are asked after what was set, each in the
    /// order of their times. One that is not held stays as it is.
    ///
    /// # Errors
    /// [`Error::Rejected`] where it has not begun or has ended; [`Error::Invalid`] where another
    /// instance has called it.
    pub async fn resume_instance(&self, id: &str) -> Result<InstanceView, Error> {
        again!(self.resume_once(id))?;
        self.read_instance(id).await
    }

    async fn resume_once(&self, id: &str) -> Result<(), Error> {
        let mut work = self.identity();
        let kept = instance::read(self, work.unit(), id).await?;
        under_way(&kept)?;
        if kept.suspended.is_none() {
            return Ok(());
        }
        let mut soonest = kept.expires;
        self.arm(work.unit(), &kept.id, None, kept.expires)?;
        let (mut left, mut resumed) = (vec![kept], Vec::new());
        while let Some(mut kept) = left.pop() {
            let mut ended = Vec::new();
            for (path, called) in call::all_called(work.unit(), &kept.id).await? {
                match instance::find(self, work.unit(), &called).await? {
                    Some(called) if !called.is_over() => left.push(called),
                    _ => ended.push(path),
                }
            }
            let held = kept.suspended.take();
            self.note(&mut work, &mut kept, Command::Resume { by: self.by().to_owned() }).await?;
            // Rows that came due meanwhile are gone; those that did not are written as they are.
            for (timer, armed) in kept.engine.timers() {
                self.arm(work.unit(), &kept.id, Some(timer), armed.due())?;
                soonest = soonest.min(armed.due());
            }
            resumed.push((kept.id, held, ended));
        }
        for (id, held, ended) in resumed {
            let told = held.map(Suspended::told).unwrap_or_default();
            let at = self.make_up(&mut work, &id, told, ended).await?;
            soonest = at.map_or(soonest, |at| at.min(soonest));
        }
        work.commit().await?;
        self.wake(Some(soonest));
        Ok(())
    }

    /// An instance that was held goes on: it is told what it would have been told meanwhile, in the
    /// order of time. Gives the soonest timer that this armed.
    async fn make_up(
        &self,
        work: &mut Work,
        id: &str,
        mut told: Vec<(Timestamp, Command)>,
        ended: Vec<PathId>,
    ) -> Result<Option<Timestamp>, Error> {
        let mut soonest = None;
        if let Some(kept) = instance::find(self, work.unit(), id).await? {
            told.extend(self.overdue(work.unit(), &kept, &told).await?);
        }
        told.sort_by_key(|(at, _)| *at);
        for (at, command) in told {
            // What came for one before may have ended another.
            let found = instance::find(self, work.unit(), id).await?;
            let Some(mut kept) = found.filter(|kept| !kept.is_over()) else { return Ok(soonest) };
            let met = self.catch_up(work, &mut kept, Some(at), Vec::new()).await?;
            soonest = soonest.into_iter().chain(met.soonest).min();
            if let Command::Fire { timer } = command {
                self.disarm(work.unit(), id, Some(timer), at);
            }
            match self.advance(work, &mut kept, command).await {
                Ok(progress) => soonest = soonest.into_iter().chain(progress.soonest).min(),
                // It does not await it any more.
                Err(Error::Rejected(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let found = instance::find(self, work.unit(), id).await?;
        if let Some(mut kept) = found.filter(|kept| !kept.is_over()) {
            let met = self.catch_up(work, &mut kept, None, ended).await?;
            soonest = soonest.into_iter().chain(met.soonest).min();
        }
        Ok(soonest)
    }

    /// The timers of an instance that fell due before the last of what else it is told. The others
    /// fire by themselves.
    async fn overdue(
        &self,
        unit: &mut Unit,
        kept: &Kept,
        told: &[(Timestamp, Command)],
    ) -> Result<Vec<(Timestamp, Command)>, Error> {
        let mut last = told.iter().map(|(at, _)| *at).max();
        for (_, name, key) in messages(kept) {
            last = last.max(message::last_kept(unit, name, key).await?);
        }
        let timers = kept.engine.timers().map(|(timer, armed)| (armed.due(), timer));
        let mut due: Vec<_> = timers.filter(|(at, _)| Some(*at) < last).collect();
        due.sort_unstable();
        due.truncate(MOST_FIRED);
        Ok(due.into_iter().map(|(at, timer)| (at, Command::Fire { timer })).collect())
    }

    /// Messages that were kept for an instance come, those sent before a time, as far as it awaits
    /// them, and it hears of the calls that have ended.
    async fn catch_up(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        before: Option<Timestamp>,
        ended: Vec<PathId>,
    ) -> Result<Progress, Error> {
        let meet = |(catch, name, key): (CatchId, &str, &str)| Turn::Meet {
            catch,
            name: name.to_owned(),
            key: key.to_owned(),
            before,
        };
        let ended = ended.into_iter().map(Turn::Called);
        let turns: Vec<Turn> = messages(kept).map(meet).chain(ended).collect();
        match turns.is_empty() {
            true => Ok(Progress::default()),
            false => self.carry(work, kept, turns, Progress::default()).await,
        }
    }

    /// Holds one part of the instances of a version of a definition, the oldest first, each in a
    /// commit of its own.
    pub async fn suspend_instances(
        &self,
        definition: &str,
        reason: Option<&str>,
        after: Option<&str>,
    ) -> Result<Tally, Error> {
        self.read_definition(definition).await?;
        let mut part = self.part_that_is(InstanceStatus::Active, definition, after).await?;
        while let Some(id) = part.next() {
            let came = again!(self.suspend_once(&id, reason));
            part.tally.count(id, came)?;
        }
        Ok(part.tally)
    }

    /// Lets one part of the held instances of a version of a definition go on.
    pub async fn resume_instances(
        &self,
        definition: &str,
        after: Option<&str>,
    ) -> Result<Tally, Error> {
        self.read_definition(definition).await?;
        let mut part = self.part_that_is(InstanceStatus::Paused, definition, after).await?;
        while let Some(id) = part.next() {
            let came = again!(self.resume_once(&id));
            part.tally.count(id, came)?;
        }
        Ok(part.tally)
    }
}

/// The messages that an instance awaits, each with its key.
fn messages(kept: &Kept) -> impl Iterator<Item = (CatchId, &str, &str)> {
    kept.engine.catches().filter_map(|(catch, awaiting)| match awaiting.awaited() {
        Awaited::Message { name, key } => {
            Some((catch, &**name, key.as_deref().unwrap_or(kept.business_key())))
        }
        Awaited::Signal { .. } | Awaited::Condition { .. } => None,
    })
}

fn under_way(kept: &Kept) -> Result<(), Error> {
    if let Some(parent) = kept.parent.as_ref().filter(|_| !kept.is_over()) {
        let message = format!("is called by the process instance {}; name that one", parent.root);
        return Err(Error::invalid("processInstanceId", message));
    }
    match kept.engine.status() {
        Status::Active => Ok(()),
        Status::Created if !kept.is_over() => Err(Rejection::NotStarted.into()),
        _ => Err(Rejection::AlreadyEnded.into()),
    }
}
