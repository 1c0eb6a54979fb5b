//! Signals: each reaches everybody who awaits it at the moment in which it is sent, and every start
//! that it triggers (BPMN 2.0.2 §10.5.5).
//!
//! Whom it is for is written down in the commit in which it is sent, in parts; each part is told in
//! one commit that takes the part away, so that a restart neither forgets nor repeats one.

use engine::{CatchId, Command};
use identity::Work;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Range, Table, Unit};

use crate::advance::{Progress, Round};
use crate::instance::{self, moment};
use crate::timers::{Due, What};
use crate::trigger::{self, Start, Trigger, part};
use crate::{Error, Tenant, identifier};

/// A signal on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Signal {
    name: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    payload: Map<String, Value>,
}

/// One whom a signal is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Target {
    Catch { instance: String, catch: CatchId },
    Start(Start),
}

const SIGNALS: Table<Signal> = Table::new("signals");
/// By signal and number of the part.
const TARGETS: Table<Vec<Target>> = Table::new("signal-targets");
/// By name, instance and number of the catch.
const AWAITING: Table<CatchId> = Table::new("signal-catches");

/// How many are told in one commit.
const AT_ONCE: usize = 32;
/// Rows of an index read at a time.
const CHUNK: usize = 1000;
/// Parts that are told before a broadcast is answered; the others follow.
const BEFORE_ANSWER: usize = 4;

/// How many a signal is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Broadcast {
    /// Instances that awaited it when it was sent; one that awaits it twice counts twice.
    pub awaiting: usize,
    /// Starts of deployed definitions that it triggers.
    pub starts: usize,
    /// How many of both have been told when this is answered; the others follow.
    pub told: usize,
}

fn at(name: &str, instance: &str, catch: CatchId) -> Key {
    Key::new().text(part(name)).text(instance).number(u64::from(catch.number()))
}

/// A catch awaits a signal from now on.
pub(crate) fn begin_to_await(
    unit: &mut Unit,
    name: &str,
    instance: &str,
    catch: CatchId,
) -> Result<(), Error> {
    Ok(unit.put(&AWAITING, at(name, instance, catch), &catch)?)
}

/// A catch does not await its signal any more.
pub(crate) fn stop_awaiting(unit: &mut Unit, name: &str, instance: &str, catch: CatchId) {
    unit.remove(&AWAITING, at(name, instance, catch));
}

impl Round<'_> {
    /// A signal is sent: who awaits it now is told after the commit.
    pub(crate) async fn send_signal(
        &mut self,
        name: String,
        payload: Map<String, Value>,
    ) -> Result<(), Error> {
        let order = self.next_sent();
        let signal = Signal { name, payload };
        self.tenant.send_signal(self.work, &signal, order).await?;
        self.progress.soonest = Some(self.now);
        Ok(())
    }
}

impl Tenant {
    /// Sends a signal to everybody who awaits it now, and to every start that it triggers.
    pub async fn broadcast_signal(
        &self,
        name: &str,
        variables: &Map<String, Value>,
    ) -> Result<Broadcast, Error> {
        trigger::check_name("name", name)?;
        trigger::check_payload(variables)?;
        let mut work = self.identity();
        let signal = Signal { name: name.to_owned(), payload: variables.clone() };
        let order = moment(work.now());
        let (id, mut broadcast) = self.send_signal(&mut work, &signal, order).await?;
        work.commit().await?;
        // It is sent now: what cannot be told at once is told later, and nobody has to send it again.
        for _ in 0..BEFORE_ANSWER {
            match self.tell_part(&id).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(signal = %signal.name, %error, "is told later");
                    break;
                }
            }
        }
        let left = self.unit().list(&TARGETS, Range::prefix(Key::from(&id)), usize::MAX).await?;
        let left: usize = left.into_iter().map(|(_, part)| part.len()).sum();
        broadcast.told = (broadcast.awaiting + broadcast.starts).saturating_sub(left);
        self.wake(Some(self.now()));
        Ok(broadcast)
    }

    /// Writes a signal down with all whom it is for.
    async fn send_signal(
        &self,
        work: &mut Work,
        signal: &Signal,
        order: u64,
    ) -> Result<(String, Broadcast), Error> {
        let now = work.now();
        let unit = work.unit();
        let mut targets = Vec::new();
        let mut rest = Range::prefix(Key::new().text(part(&signal.name)));
        loop {
            let rows = unit.list(&AWAITING, rest.clone(), CHUNK).await?;
            let Some((last, _)) = rows.last() else { break };
            rest = rest.after(last.clone());
            for (key, catch) in rows {
                let mut parts = key.read();
                parts.text()?;
                targets.push(Target::Catch { instance: parts.text()?, catch });
            }
        }
        let awaiting = targets.len();
        let starts = trigger::find(unit, &Trigger::signal(&signal.name), CHUNK).await?;
        targets.extend(starts.into_iter().map(Target::Start));
        let broadcast = Broadcast { awaiting, starts: targets.len() - awaiting, told: 0 };
        let id = identifier::random()?;
        if !targets.is_empty() {
            unit.put(&SIGNALS, Key::from(&id), signal)?;
            for (part, number) in targets.chunks(AT_ONCE).zip(0..) {
                unit.put(&TARGETS, Key::new().text(&id).number(number), &part.to_vec())?;
            }
            self.due(unit, now, Due::of(What::Signal, &id), order)?;
        }
        Ok((id, broadcast))
    }

    /// Tells the next part of those whom a signal is for, in a commit of its own; gives how many
    /// they were.
    pub(crate) async fn tell_part(&self, id: &str) -> Result<usize, Error> {
        loop {
            match self.tell_part_once(id).await {
                Err(error) if error.is_conflict() => continue,
                Ok(None) => continue,
                Ok(Some(told)) => return Ok(told),
                Err(error) => return Err(error),
            }
        }
    }

    /// `None` where somebody else has told the part meanwhile: there may be more.
    async fn tell_part_once(&self, id: &str) -> Result<Option<usize>, Error> {
        let mut work = self.identity();
        let next = Range::prefix(Key::from(id));
        let next = work.unit().list(&TARGETS, next, 1).await?.pop();
        let Some((key, _)) = next else { return Ok(Some(0)) };
        let Some(part) = work.unit().find(&TARGETS, key.clone()).await? else { return Ok(None) };
        let signal = work.unit().find(&SIGNALS, Key::from(id)).await?;
        let Some(signal) = signal else { return Ok(Some(0)) };
        work.unit().remove(&TARGETS, key);
        let mut soonest = None;
        let told = part.len();
        for target in part {
            work.unit().begin();
            match self.tell_target(&mut work, &signal, &target).await {
                Ok(progress) => {
                    work.unit().keep();
                    soonest = soonest.into_iter().chain(progress.soonest).min();
                }
                Err(error) if error.is_conflict() => return Err(error),
                Err(error) => {
                    work.unit().undo();
                    tracing::error!(signal = %signal.name, ?target, %error, "cannot be told");
                }
            }
        }
        work.commit().await?;
        self.wake(soonest);
        Ok(Some(told))
    }

    /// A signal is due: a part of those whom it is for is told; gives whether there are more.
    pub(crate) async fn signal_due(&self, id: &str) -> Result<bool, Error> {
        Ok(self.tell_part(id).await? > 0)
    }

    /// Forgets a signal when all have been told.
    pub(crate) fn forget_signal(&self, unit: &mut Unit, id: &str) {
        unit.remove(&SIGNALS, Key::from(id));
    }

    async fn tell_target(
        &self,
        work: &mut Work,
        signal: &Signal,
        target: &Target,
    ) -> Result<Progress, Error> {
        let (payload, now) = (signal.payload.clone(), work.now());
        match target {
            Target::Start(start) => Ok(self.begin(work, start, payload, None).await?.1),
            Target::Catch { instance, catch } => {
                let Some(mut kept) = instance::find(self, work.unit(), instance).await? else {
                    return Ok(Progress::default());
                };
                if kept.suspended.is_some() {
                    let process = self.process(work.unit(), &kept.definition).await?;
                    let Some(awaiting) = kept.engine.catch(*catch) else {
                        return Ok(Progress::default());
                    };
                    let repeats = awaiting.repeats(&process);
                    if let Some(held) = &mut kept.suspended {
                        held.hear(*catch, payload, repeats, now);
                    }
                    let shown = Some(kept.status);
                    instance::put(self, work.unit(), &mut kept, shown)?;
                    return Ok(Progress::default());
                }
                let command = Command::Deliver { catch: *catch, payload };
                match self.advance(work, &mut kept, command).await {
                    // It does not await it any more.
                    Err(Error::Rejected(_)) => Ok(Progress::default()),
                    other => other,
                }
            }
        }
    }
}
