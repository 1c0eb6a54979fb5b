//! Suspension: an instance that a person holds takes no answer and no message; signals and its timers
//! wait until it is resumed.

use engine::{Awaited, Catch, CatchId, Command, PathId, Rejection, Status};
use identity::Work;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Tally, again};
use crate::advance::{Progress, Turn};
use crate::call;
use crate::instance::{self, Kept};
use crate::{Error, InstanceStatus, InstanceView, Tenant};

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
}

/// What the instance that a path has called escalates, with what it has come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Escalated {
    pub(crate) path: PathId,
    pub(crate) code: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) variables: Map<String, Value>,
}

impl Escalated {
    /// What the caller is told.
    pub(crate) fn told(self) -> [Command; 2] {
        let Escalated { path, code, variables } = self;
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
}

/// The most signals that are kept for one catch; of more, the newest.
const MOST_HEARD: usize = 32;

impl Suspended {
    /// The same for an instance that is called meanwhile.
    pub(crate) fn anew(&self) -> Suspended {
        Suspended { signals: Vec::new(), escalations: Vec::new(), ..self.clone() }
    }

    /// Keeps an escalation until the instance goes on.
    pub(crate) fn hear_escalation(&mut self, escalated: Escalated) {
        self.escalations.push(escalated);
    }

    /// What the instance is told when it goes on.
    fn told(self) -> impl Iterator<Item = Command> {
        let escalations = self.escalations.into_iter().flat_map(Escalated::told);
        let signals = self.signals.into_iter();
        escalations
            .chain(signals.map(|Heard { catch, payload }| Command::Deliver { catch, payload }))
    }

    /// Keeps a signal until the instance goes on; of those for a catch that takes one only, the
    /// first.
    pub(crate) fn hear(&mut self, catch: CatchId, payload: Map<String, Value>, repeats: bool) {
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
        self.signals.push(Heard { catch, payload });
    }
}

/// Whether an instance may be told something: one that is suspended can be cancelled, moved by hand,
/// and have its variables set, and nothing else.
///
/// # Errors
/// [`Error::Suspended`].
pub(crate) fn allows(kept: &Kept, command: &Command) -> Result<(), Error> {
    let by_hand =
        matches!(command, Command::Cancel { .. } | Command::Set { .. } | Command::Modify { .. });
    match kept.suspended.is_some() && !by_hand {
        true => Err(Error::Suspended),
        false => Ok(()),
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
        let mut unit = self.unit();
        let mut left = vec![instance::read(self, &mut unit, id).await?];
        under_way(&left[0])?;
        if left[0].suspended.is_some() {
            return Ok(());
        }
        let (at, by, reason) = (self.now(), self.by().to_owned(), reason.map(str::to_owned));
        let (signals, escalations) = (Vec::new(), Vec::new());
        let suspended = Suspended { at, by, reason, signals, escalations };
        while let Some(mut kept) = left.pop() {
            for (_, called) in call::all_called(&unit, &kept.id).await? {
                left.extend(instance::find(self, &mut unit, &called).await?);
            }
            kept.suspended = Some(suspended.clone());
            let before = std::mem::replace(&mut kept.status, InstanceStatus::Paused);
            instance::put(self, &mut unit, &mut kept, Some(before))?;
        }
        Ok(unit.commit().await?)
    }

    /// Lets an instance go on, with all that it has called: what fell due meanwhile fires now, and
    /// signals and messages that were kept come. One that is not held stays as it is.
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
            let before = std::mem::replace(&mut kept.status, InstanceStatus::Active);
            // Rows that came due meanwhile are gone; those that did not are written as they are.
            for (timer, armed) in kept.engine.timers() {
                self.arm(work.unit(), &kept.id, Some(timer), armed.due())?;
                soonest = soonest.min(armed.due());
            }
            instance::put(self, work.unit(), &mut kept, Some(before))?;
            resumed.push((kept.id, held, ended));
        }
        for (id, held, ended) in resumed {
            for command in held.into_iter().flat_map(Suspended::told) {
                let found = instance::find(self, work.unit(), &id).await?;
                let Some(mut kept) = found else { break };
                match self.advance(&mut work, &mut kept, command).await {
                    Ok(progress) => {
                        soonest = progress.soonest.map_or(soonest, |at| at.min(soonest));
                    }
                    // It does not await it any more.
                    Err(Error::Rejected(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            // What came for one before may have ended another.
            let kept = instance::find(self, work.unit(), &id).await?;
            if let Some(mut kept) = kept.filter(|kept| !kept.is_over()) {
                let progress = self.catch_up(&mut work, &mut kept, ended).await?;
                soonest = progress.soonest.map_or(soonest, |at| at.min(soonest));
            }
        }
        work.commit().await?;
        self.wake(Some(soonest));
        Ok(())
    }

    /// An instance that was held goes on: what was kept for it meanwhile comes, as far as it awaits
    /// it, and it hears of the calls that have ended.
    async fn catch_up(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        ended: Vec<PathId>,
    ) -> Result<Progress, Error> {
        let meet = |(catch, awaiting): (CatchId, &Catch)| match awaiting.awaited() {
            Awaited::Message { name, key } => {
                let key = key.as_deref().unwrap_or(kept.business_key()).to_owned();
                Some(Turn::Meet { catch, name: name.clone(), key })
            }
            Awaited::Signal { .. } | Awaited::Condition { .. } => None,
        };
        let ended = ended.into_iter().map(Turn::Called);
        let turns: Vec<Turn> = kept.engine.catches().filter_map(meet).chain(ended).collect();
        self.carry(work, kept, turns, Progress::default()).await
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
        let fits = |status| status == InstanceStatus::Active;
        let (found, next) = self
            .part_of_instances(after, |row| {
                row.definition == definition && row.parent.is_none() && fits(row.status)
            })
            .await?;
        let mut tally = Tally { next, ..Tally::default() };
        for id in found {
            let came = again!(self.suspend_once(&id, reason));
            tally.count(id, came)?;
        }
        Ok(tally)
    }

    /// Lets one part of the held instances of a version of a definition go on.
    pub async fn resume_instances(
        &self,
        definition: &str,
        after: Option<&str>,
    ) -> Result<Tally, Error> {
        self.read_definition(definition).await?;
        let fits = |status| status == InstanceStatus::Paused;
        let (found, next) = self
            .part_of_instances(after, |row| {
                row.definition == definition && row.parent.is_none() && fits(row.status)
            })
            .await?;
        let mut tally = Tally { next, ..Tally::default() };
        for id in found {
            let came = again!(self.resume_once(&id));
            tally.count(id, came)?;
        }
        Ok(tally)
    }
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
