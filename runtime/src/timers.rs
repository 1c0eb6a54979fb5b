//! Things that fall due: timers and retries of instances, and their last moment. A row each, so
//! that they survive a restart; fired in the commit that acts on them, so that they fire once.

use std::ops::ControlFlow;
use std::time::Duration;

use engine::{Awaited, Command, TimerId};
use futures::stream::{self, StreamExt};
use identity::Work;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table, Unit, in_background};

use crate::advance::Progress;
use crate::instance::{self, Kept, moment};
use crate::{Error, Runtime, Tenant, message, signal};

/// What falls due.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Due {
    tenant: String,
    /// The instance, message or signal, or the name of the definition that a timer starts.
    instance: String,
    /// Without a timer it is the instance's last moment; of a start, its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) timer: Option<TimerId>,
    #[serde(default, skip_serializing_if = "What::is_usual")]
    what: What,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum What {
    /// A timer or the last moment of an instance.
    #[default]
    Instance,
    /// A message that was sent, or is kept until then.
    Message,
    /// A signal that was sent.
    Signal,
    /// A timer that begins instances.
    Start,
    /// A path that waits for the check of a passcode.
    Check,
}

impl What {
    fn is_usual(&self) -> bool {
        *self == What::Instance
    }
}

impl Due {
    pub(crate) fn of(what: What, id: &str) -> Due {
        Due { tenant: String::new(), instance: id.to_owned(), timer: None, what }
    }
}

/// By due time (microseconds), tenant, instance and number of the timer.
const DUE: Table<Due> = Table::shared("due");

/// Rows looked at in one go.
const AT_ONCE: usize = 128;
/// How many instances are fired side by side, so that they share the disk's syncs. Few, and all in one task, so that
/// the callers of the server have the larger part of it when many timers are due at once.
const SIDE_BY_SIDE: usize = 8;
/// What falls due within this of the first, in microseconds, may be fired beside it; what is due later comes later.
const TOGETHER: u64 = 1_000_000;
/// The worker looks at least so often, since another node may have armed a timer.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);
/// Between two looks for what has expired.
const BETWEEN_SWEEPS: SignedDuration = SignedDuration::from_secs(60);
/// How long the checks of passcodes rest when none waits.
const BETWEEN_CHECKS: Duration = Duration::from_millis(500);
/// How long a row that could not be acted on is left alone.
const PUT_OFF: SignedDuration = SignedDuration::from_secs(30);

fn key(due: Timestamp, tenant: &str, instance: &str, timer: Option<TimerId>) -> Key {
    let number = timer.map_or(0, |timer| u64::from(timer.number()) + 1);
    Key::new().number(moment(due)).text(tenant).text(instance).number(number)
}

/// The key of a row that is not about an instance; of those due at the same time, the one with the
/// lower number comes first.
fn key_of(due: Timestamp, tenant: &str, row: &Due, order: u64) -> Key {
    let id = format!("{order:020}{}", row.instance);
    Key::new().number(moment(due)).text(tenant).text(id).number(row.what as u64)
}

impl Tenant {
    /// Something that is not about an instance falls due.
    pub(crate) fn due(
        &self,
        unit: &mut Unit,
        at: Timestamp,
        row: Due,
        order: u64,
    ) -> Result<(), Error> {
        let row = Due { tenant: self.name().to_owned(), ..row };
        Ok(unit.put(&DUE, key_of(at, self.name(), &row, order), &row)?)
    }

    /// It does not any more.
    pub(crate) fn not_due(&self, unit: &mut Unit, at: Timestamp, row: &Due, order: u64) {
        unit.remove(&DUE, key_of(at, self.name(), row, order));
    }

    pub(crate) fn arm(
        &self,
        unit: &mut Unit,
        instance: &str,
        timer: Option<TimerId>,
        due: Timestamp,
    ) -> Result<(), Error> {
        let (tenant, instance_id) = (self.name().to_owned(), instance.to_owned());
        let row = Due { tenant, instance: instance_id, timer, what: What::Instance };
        Ok(unit.put(&DUE, key(due, self.name(), instance, timer), &row)?)
    }

    pub(crate) fn disarm(
        &self,
        unit: &mut Unit,
        instance: &str,
        timer: Option<TimerId>,
        due: Timestamp,
    ) {
        unit.remove(&DUE, key(due, self.name(), instance, timer));
    }

    /// Removes every row of an instance: what it awaits, and when.
    pub(crate) async fn disarm_all(&self, unit: &mut Unit, kept: &Kept) -> Result<(), Error> {
        for (catch, awaiting) in kept.engine.catches() {
            match awaiting.awaited() {
                Awaited::Message { name, key } => {
                    let key = key.as_deref().unwrap_or(kept.business_key());
                    message::stop_awaiting(unit, (name, key), &kept.id, catch).await?;
                }
                Awaited::Signal { name } => signal::stop_awaiting(unit, name, &kept.id, catch),
                Awaited::Condition { .. } => {}
            }
        }
        self.disarm(unit, &kept.id, None, kept.expires);
        for (timer, armed) in kept.engine.timers() {
            self.disarm(unit, &kept.id, Some(timer), armed.due());
        }
        Ok(())
    }

    async fn fire(&self, row: &Due, row_key: &Key) -> Result<(), Error> {
        loop {
            match self.fire_once(row, row_key).await {
                Err(error) if error.is_conflict() => continue,
                other => return other,
            }
        }
    }

    async fn fire_once(&self, row: &Due, row_key: &Key) -> Result<(), Error> {
        let mut work = self.identity();
        let unit = work.unit();
        if unit.find(&DUE, row_key.clone()).await?.is_none() {
            return Ok(());
        }
        if row.what == What::Signal {
            if self.signal_due(&row.instance).await? {
                return Ok(());
            }
            self.forget_signal(unit, &row.instance);
        }
        unit.remove(&DUE, row_key.clone());
        let progress = match row.what {
            What::Instance => return self.fire_at_instance(work, row).await,
            What::Signal => Progress::default(),
            What::Check => self.check_due(&mut work, &row.instance).await?,
            What::Message => self.message_due(&mut work, &row.instance).await?,
            What::Start => {
                let number = row.timer.map_or(0, TimerId::number);
                self.start_due(&mut work, &row.instance, number).await?
            }
        };
        work.commit().await?;
        self.wake(progress.soonest);
        Ok(())
    }

    async fn fire_at_instance(&self, mut work: Work, row: &Due) -> Result<(), Error> {
        let unit = work.unit();
        let kept = instance::find(self, unit, &row.instance).await?;
        let Some(mut kept) = kept.filter(|kept| !kept.is_over()) else {
            return Ok(work.commit().await?);
        };
        let command = match row.timer {
            Some(timer) => Command::Fire { timer },
            None if kept.suspended.is_some() => return Ok(work.commit().await?),
            None => Command::Cancel { reason: "the time for this instance is over".to_owned() },
        };
        match self.advance(&mut work, &mut kept, command).await {
            Ok(progress) => {
                work.commit().await?;
                self.wake(progress.soonest);
                Ok(())
            }
            // The timer was disarmed meanwhile; its row goes. That of a suspended instance goes too,
            // and is written again when it is resumed.
            Err(Error::Rejected(_) | Error::Suspended) => Ok(work.commit().await?),
            Err(error) => Err(error),
        }
    }

    async fn put_off(&self, row: &Due, row_key: Key) -> Result<(), Error> {
        let mut unit = self.unit();
        if unit.find(&DUE, row_key.clone()).await?.is_some() {
            unit.remove(&DUE, row_key);
            let later = self.now().checked_add(PUT_OFF).unwrap_or(Timestamp::MAX);
            let key = match row.what {
                What::Instance => key(later, &row.tenant, &row.instance, row.timer),
                _ => key_of(later, &row.tenant, row, 0),
            };
            unit.put(&DUE, key, row)?;
            unit.commit().await?;
        }
        Ok(())
    }
}

impl Runtime {
    /// Fires everything that is due now; gives the time at which the next thing falls due.
    pub async fn fire_due(&self) -> Result<Option<Timestamp>, Error> {
        loop {
            if let ControlFlow::Break(next) = self.fire_some().await? {
                return Ok(next);
            }
        }
    }

    /// Fires some of what is due now; breaks with the time of the next thing when nothing is left.
    pub(crate) async fn fire_some(&self) -> Result<ControlFlow<Option<Timestamp>>, Error> {
        let now = moment(self.now());
        let rows = {
            let unit = self.system_unit();
            unit.list(&DUE, Range::all(), AT_ONCE).await?
        };
        let due = |row_key: &Key| row_key.read().number().unwrap_or(0);
        let Some(first) = rows.first().map(|(row_key, _)| due(row_key)) else {
            return Ok(ControlFlow::Break(None));
        };
        if first > now {
            let first = Timestamp::from_microsecond(i64::try_from(first).unwrap_or(i64::MAX));
            return Ok(ControlFlow::Break(Some(first.unwrap_or(Timestamp::MAX))));
        }
        let until = now.min(first.saturating_add(TOGETHER));
        let mut instances: Vec<Vec<(Key, Due)>> = Vec::new();
        for (row_key, row) in rows {
            // What fires may arm something that is due sooner than the rest, which is for the next list.
            if due(&row_key) > until {
                break;
            }
            if row.what != What::Instance {
                self.fire_side_by_side(std::mem::take(&mut instances)).await?;
                self.fire_row(row_key, row).await?;
                continue;
            }
            let same = |rows: &&mut Vec<(Key, Due)>| {
                rows.first().is_some_and(|(_, first)| {
                    (&first.tenant, &first.instance) == (&row.tenant, &row.instance)
                })
            };
            match instances.iter_mut().find(same) {
                Some(rows) => rows.push((row_key, row)),
                None => instances.push(vec![(row_key, row)]),
            }
        }
        self.fire_side_by_side(instances).await?;
        Ok(ControlFlow::Continue(()))
    }

    /// Fires what is due of several instances; that of one instance in its order.
    async fn fire_side_by_side(&self, instances: Vec<Vec<(Key, Due)>>) -> Result<(), Error> {
        let fired = instances.into_iter().map(|rows| async move {
            for (row_key, row) in rows {
                self.fire_row(row_key, row).await?;
            }
            Ok::<(), Error>(())
        });
        let mut fired = stream::iter(fired).buffer_unordered(SIDE_BY_SIDE);
        while let Some(result) = fired.next().await {
            result?;
        }
        Ok(())
    }

    async fn fire_row(&self, row_key: Key, row: Due) -> Result<(), Error> {
        let tenant = self.tenant(&row.tenant, "Timer").await?;
        if let Err(error) = tenant.fire(&row, &row_key).await {
            tracing::error!(instance = %row.instance, %error, "a timer could not fire");
            tenant.put_off(&row, row_key).await?;
        }
        Ok(())
    }

    /// Starts the worker that fires what falls due and sweeps what has expired. It ends after
    /// [`Runtime::close`].
    pub fn workers(&self) -> tokio::task::JoinHandle<()> {
        let runtime = self.clone();
        tokio::spawn(in_background(async move {
            let checks = tokio::spawn(in_background(runtime.clone().keep_checking()));
            let records = tokio::spawn(in_background(runtime.clone().keep_recording()));
            let reading = runtime.clone().report_unreadable_definitions();
            let reading = tokio::spawn(in_background(reading));
            let mut swept = Timestamp::UNIX_EPOCH;
            let mut more = false;
            while !runtime.is_closing() {
                // What is armed from here on may miss the list that is read now. It rings, unless
                // it is due so late that the worker looks again before.
                let horizon = runtime.now().checked_add(LONGEST_SLEEP).ok();
                runtime.alarm().expect(horizon);
                let next = match runtime.fire_due().await {
                    Ok(next) => next,
                    Err(error) => {
                        tracing::error!(%error, "due timers could not be read");
                        None
                    }
                };
                let sweeps = runtime.now().duration_since(swept) >= BETWEEN_SWEEPS;
                if sweeps {
                    swept = runtime.now();
                    runtime.sweep().await;
                }
                let to_seal = runtime.seal_again().await;
                more = (sweeps || more) && runtime.remove_ended().await;
                if more || to_seal {
                    // What has fallen due meanwhile comes before the next part of many.
                    continue;
                }
                runtime.alarm().expect(next.into_iter().chain(horizon).min());
                let until_next = next.map(|next| {
                    let left = next.as_millisecond() - runtime.now().as_millisecond();
                    Duration::from_millis(u64::try_from(left).unwrap_or(0) + 1)
                });
                let sleep = until_next.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP);
                tokio::select! {
                    () = runtime.alarm().rung() => {}
                    () = tokio::time::sleep(sleep) => {}
                }
            }
            reading.abort();
            // It may be at rest; what it has begun to commit is committed all the same.
            records.abort();
            if records.await.is_err_and(|ended| ended.is_panic()) {
                tracing::error!("what moves the audit into its log ended in a panic");
            }
            if checks.await.is_err() {
                tracing::error!("the checks of passcodes ended in a panic");
            }
        }))
    }

    /// Checks passcodes as they are registered, until [`Runtime::close`].
    async fn keep_checking(self) {
        while !self.is_closing() {
            if !self.check_passcodes().await {
                tokio::time::sleep(BETWEEN_CHECKS).await;
            }
        }
    }
}
