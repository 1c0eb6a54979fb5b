//! Load, decide, commit, act: one command carried through an instance, and through all that call
//! it or are called by it, until only waits and timers are left. Everything it changes, and all that
//! local activities write, is in one unit of work; whoever calls commits it, once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use definitions::Process;
use engine::{Awaited, CatchId, Command, Effect, Event, PathId, Status, Step};
use identity::Work;
use jiff::Timestamp;

use crate::instance::{self, Kept, moment, question, task};
use crate::operation::{incident, suspension};
use crate::work::Run;
use crate::{Error, InstanceStatus, Tenant, history, signal, trigger};

/// What a command came to besides what is in the unit of work.
#[derive(Default)]
pub(crate) struct Progress {
    /// The soonest timer it armed.
    pub(crate) soonest: Option<Timestamp>,
    /// Whether an activity authenticated the end user.
    pub(crate) authenticated: bool,
}

/// How many activities one command may set going, besides one for each instance of a repeated
/// activity; more is taken for a loop without an end.
const AT_ONCE: usize = 1000;
/// How many instances of repeated activities count for that.
const MOST_REPEATED: usize = 20_000;

impl Tenant {
    /// Carries the command through and writes the instances into the unit of work.
    ///
    /// # Errors
    /// [`Error::Rejected`] where the command does not fit the state: nothing has changed then.
    pub(crate) async fn advance(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        command: Command,
    ) -> Result<Progress, Error> {
        let command = suspension::allowed(kept, command, work.now())?;
        self.carry(work, kept, [Turn::Tell(command)], Progress::default()).await
    }

    /// Carries what an instance is told first through it, and writes all that it came to.
    pub(crate) async fn carry(
        &self,
        work: &mut Work,
        kept: &mut Kept,
        turns: impl IntoIterator<Item = Turn>,
        progress: Progress,
    ) -> Result<Progress, Error> {
        let process = self.process(work.unit(), &kept.definition).await?;
        let mut round = Round::new(self, work, progress);
        let first = round.take(std::mem::take(kept), process).await?;
        round.turns.push(Turns::of(first, turns));
        let mut went = round.go().await;
        if went.is_ok() {
            went = round.finish().await;
        }
        let (progress, first) = round.end(first);
        *kept = first;
        went.map(|()| progress)
    }
}

/// An instance while it is carried.
pub(crate) struct Carried {
    pub(crate) kept: Kept,
    pub(crate) process: Arc<Process>,
    /// The status that lists show of it.
    pub(crate) shown: Option<InstanceStatus>,
    events: Vec<Event>,
    /// Whether it asked the end user something before, if it was called.
    pub(crate) asked: bool,
}

/// What comes next for an instance.
pub(crate) enum Turn {
    /// It is told something.
    Tell(Command),
    /// It has taken a step that was decided elsewhere.
    Took(Box<Step>),
    /// The instance that this path called has ended.
    Called(PathId),
    /// This catch may have what was kept for it, or what was sent before a time.
    Meet { catch: CatchId, name: String, key: String, before: Option<Timestamp> },
}

/// What comes next for one instance, in order.
pub(crate) struct Turns {
    of: usize,
    next: VecDeque<Turn>,
}

impl Turns {
    pub(crate) fn of(of: usize, next: impl IntoIterator<Item = Turn>) -> Turns {
        Turns { of, next: next.into_iter().collect() }
    }
}

/// One command on its way through instances: all that they are told until each of them rests.
pub(crate) struct Round<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) work: &'a mut Work,
    pub(crate) now: Timestamp,
    pub(crate) carried: Vec<Carried>,
    places: BTreeMap<String, usize>,
    /// The turns of the last come first: what a step does to another instance is done before the first goes on.
    turns: Vec<Turns>,
    /// What the present step has begun elsewhere.
    pub(crate) begun: Vec<Turns>,
    /// What it has ended there, which comes first: a called instance that has not had its turn never begins.
    pub(crate) ending: Vec<Turns>,
    /// Activities, decisions and calls so far, and how many there may be.
    run: usize,
    allowed: usize,
    /// Messages and signals sent.
    sent: u64,
    pub(crate) progress: Progress,
}

impl<'a> Round<'a> {
    fn new(tenant: &'a Tenant, work: &'a mut Work, progress: Progress) -> Round<'a> {
        let now = work.now();
        Round {
            tenant,
            work,
            now,
            carried: Vec::new(),
            places: BTreeMap::new(),
            turns: Vec::new(),
            begun: Vec::new(),
            ending: Vec::new(),
            run: 0,
            allowed: AT_ONCE,
            sent: 0,
            progress,
        }
    }

    /// Takes an instance into the round.
    pub(crate) async fn take(
        &mut self,
        mut kept: Kept,
        process: Arc<Process>,
    ) -> Result<usize, Error> {
        if kept.ended.is_none() {
            kept.time_to_live = process.history_time_to_live().map(Into::into);
        }
        let at = self.carried.len();
        self.places.insert(kept.id.clone(), at);
        let shown = (kept.engine.status() != Status::Created).then_some(kept.status);
        // Only who was called has somebody to tell.
        let asked = kept.parent.is_some() && question::any(self.work.unit(), &kept).await?;
        self.carried.push(Carried { kept, process, shown, events: Vec::new(), asked });
        Ok(at)
    }

    /// Another instance, read where it is not in the round yet; `None` where it does not exist.
    pub(crate) async fn other(&mut self, id: &str) -> Result<Option<usize>, Error> {
        if let Some(at) = self.places.get(id) {
            return Ok(Some(*at));
        }
        let Some(kept) = instance::find(self.tenant, self.work.unit(), id).await? else {
            return Ok(None);
        };
        let process = self.tenant.process(self.work.unit(), &kept.definition).await?;
        Ok(Some(self.take(kept, process).await?))
    }

    /// The same instance is told something after what it is told already.
    pub(crate) fn tell(&mut self, command: Command) {
        self.then(Turn::Tell(command));
    }

    /// A turn of the same instance after those that it has already.
    pub(crate) fn then(&mut self, turn: Turn) {
        if let Some(turns) = self.turns.last_mut() {
            turns.next.push_back(turn);
        }
    }

    /// A turn of the same instance before all others.
    pub(crate) fn then_first(&mut self, turn: Turn) {
        if let Some(turns) = self.turns.last_mut() {
            turns.next.push_front(turn);
        }
    }

    /// Whether so much was done that it is taken for a loop without an end.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.run >= self.allowed
    }

    /// Counts something that was done.
    pub(crate) fn count(&mut self) {
        self.run += 1;
    }

    /// The place of the next message or signal among those of the same time.
    pub(crate) fn next_sent(&mut self) -> u64 {
        self.sent += 1;
        moment(self.now) + self.sent.min(999)
    }

    async fn go(&mut self) -> Result<(), Error> {
        let mut given = true;
        while let Some(turns) = self.turns.last_mut() {
            let of = turns.of;
            let command = match turns.next.pop_front() {
                Some(Turn::Tell(command)) => command,
                Some(Turn::Took(step)) => {
                    self.follow(of, *step).await?;
                    continue;
                }
                Some(Turn::Called(path)) => {
                    self.called(of, path).await?;
                    continue;
                }
                Some(Turn::Meet { catch, name, key, before }) => {
                    self.meet(of, catch, name, key, before).await?;
                    continue;
                }
                None => {
                    self.turns.pop();
                    continue;
                }
            };
            let Carried { kept, process, .. } = &mut self.carried[of];
            let states = &self.tenant.inner().states;
            let command = trigger::with_initiator(command, process, &kept.created_by);
            let step = match engine::step(process, kept.engine_mut(states), command, self.now) {
                Ok(step) => step,
                // An activity's answer for a path that a quicker one has ended is of no use.
                Err(_) if !given => continue,
                Err(rejection) => {
                    kept.is_unchanged(states);
                    return Err(rejection.into());
                }
            };
            given = false;
            self.follow(of, step).await?;
        }
        Ok(())
    }

    /// Does what a step of an instance asks for.
    async fn follow(&mut self, of: usize, step: Step) -> Result<(), Error> {
        let repeated = step.events.iter().filter(|event| matches!(event, Event::Given { .. }));
        self.allowed = (self.allowed + repeated.count()).min(AT_ONCE + MOST_REPEATED);
        self.carried[of].events.extend(step.events);
        for effect in step.effects {
            self.act(of, effect).await?;
        }
        self.tell_caller(of).await?;
        self.turns.extend(self.begun.drain(..).rev());
        self.turns.extend(self.ending.drain(..).rev());
        Ok(())
    }

    /// Does what an instance asks for.
    async fn act(&mut self, of: usize, effect: Effect) -> Result<(), Error> {
        let exhausted = self.is_exhausted();
        let kept = &mut self.carried[of].kept;
        match effect {
            Effect::RunActivity { path, .. }
            | Effect::Decide { path, .. }
            | Effect::Call { path, .. }
                if exhausted =>
            {
                let message = format!("{} activities ran without an end or a wait", self.allowed);
                self.tell(Command::Fault { path, message, lasts: true });
            }
            Effect::RunActivity { path, node, activity, parameters, assignment, .. } => {
                self.run += 1;
                let activity = activity.to_string();
                let run = Run { path, node, activity, parameters, assignment };
                let ended = self.tenant.run(self.work, kept, run).await?;
                self.progress.authenticated |= ended.authenticated;
                self.progress.soonest =
                    self.progress.soonest.into_iter().chain(ended.soonest).min();
                self.tell(ended.command);
            }
            Effect::ArmTimer { timer, due } => {
                self.tenant.arm(self.work.unit(), &kept.id, Some(timer), due)?;
                self.progress.soonest = self.progress.soonest.into_iter().chain([due]).min();
            }
            Effect::DisarmTimer { timer, due } => {
                self.tenant.disarm(self.work.unit(), &kept.id, Some(timer), due);
            }
            Effect::Call { path, process, version, tenant, business_key, variables, .. } => {
                self.count();
                self.call(of, path, (process, version, tenant), business_key, variables).await?;
            }
            Effect::EndCall { path } => self.end_call(of, path).await?,
            Effect::EscalateToCaller { code, path } => self.escalate(of, code, path).await?,
            Effect::Decide { path, decision, version, tenant, shape, variables, .. } => {
                self.count();
                self.decide(of, path, (decision, version, tenant, shape), variables).await?;
            }
            Effect::SendMessage { name, key, payload, .. } => {
                self.send_message(of, name, key, payload)?;
            }
            Effect::SendSignal { name, payload, .. } => self.send_signal(name, payload).await?,
            Effect::Subscribe { catch, awaited } => match awaited {
                Awaited::Message { name, key } => {
                    self.await_message(of, catch, &name, key.as_deref()).await?;
                }
                Awaited::Signal { name } => {
                    signal::begin_to_await(self.work.unit(), &name, &kept.id, catch)?;
                }
                Awaited::Condition { .. } => {}
            },
            Effect::Unsubscribe { catch, awaited } => match awaited {
                Awaited::Message { name, key } => {
                    self.await_no_message(of, catch, &name, key.as_deref()).await?;
                }
                Awaited::Signal { name } => {
                    signal::stop_awaiting(self.work.unit(), &name, &kept.id, catch);
                }
                Awaited::Condition { .. } => {}
            },
        }
        Ok(())
    }

    /// Writes all instances of the round.
    async fn finish(&mut self) -> Result<(), Error> {
        for at in 0..self.carried.len() {
            let Carried { kept, events, .. } = &mut self.carried[at];
            question::settle(self.work.unit(), kept, events).await?;
            self.note_asking(at).await?;
        }
        for at in 0..self.carried.len() {
            let Carried { kept, shown, events, .. } = &mut self.carried[at];
            instance::settle(self.tenant, self.work, kept, self.now);
            incident::note(self.work.unit(), kept, self.now, events).await?;
            task::note(self.work.unit(), kept, events).await?;
            let bytes = history::record(self.work.unit(), kept, self.now, events)?;
            kept.recorded(bytes);
            instance::put(self.tenant, self.work.unit(), kept, *shown)?;
            for event in events {
                if let Event::IncidentRaised { node, message, .. } = event {
                    tracing::warn!(instance = %kept.id, element = %node, %message, "incident");
                    metrics::counter!("gatewright_incidents_total").increment(1);
                }
            }
        }
        Ok(())
    }

    fn end(mut self, first: usize) -> (Progress, Kept) {
        (self.progress, self.carried.swap_remove(first).kept)
    }
}
