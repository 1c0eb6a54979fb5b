//! Things that fall due: timers and retries of instances, and their last moment. A row each, so
//! that they survive a restart; fired in the commit that acts on them, so that they fire once.

use std::ops::ControlFlow;
use std::time::Duration;

use engine::{Command, TimerId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table, Unit};

use crate::instance::{self, Kept, moment};
use crate::{Error, InstanceStatus, Runtime, Tenant};

/// What falls due.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Due {
    tenant: String,
    instance: String,
    /// Without a timer it is the instance's last moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timer: Option<TimerId>,
}

/// By due time (microseconds), tenant, instance and number of the timer.
const DUE: Table<Due> = Table::shared("due");

/// Rows looked at in one go.
const AT_ONCE: usize = 128;
/// The worker looks at least so often, since another node may have armed a timer.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);
/// Between two looks for what has expired.
const BETWEEN_SWEEPS: SignedDuration = SignedDuration::from_secs(60);
/// How long a row that could not be acted on is left alone.
const PUT_OFF: SignedDuration = SignedDuration::from_secs(30);

fn key(due: Timestamp, tenant: &str, instance: &str, timer: Option<TimerId>) -> Key {
    let number = timer.map_or(0, |timer| u64::from(timer.number()) + 1);
    Key::new().number(moment(due)).text(tenant).text(instance).number(number)
}

impl Tenant {
    pub(crate) fn arm(
        &self,
        unit: &mut Unit,
        instance: &str,
        timer: Option<TimerId>,
        due: Timestamp,
    ) -> Result<(), Error> {
        let row = Due { tenant: self.name().to_owned(), instance: instance.to_owned(), timer };
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

    /// Removes every row of an instance.
    pub(crate) fn disarm_all(&self, unit: &mut Unit, kept: &Kept) {
        self.disarm(unit, &kept.id, None, kept.expires);
        for (timer, armed) in kept.engine.timers() {
            self.disarm(unit, &kept.id, Some(timer), armed.due());
        }
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
        unit.remove(&DUE, row_key.clone());
        let kept = instance::find(unit, &row.instance).await?;
        let Some(mut kept) = kept.filter(|kept| !kept.is_over()) else {
            return Ok(work.commit().await?);
        };
        if kept.status == InstanceStatus::Pending {
            // Nobody has opened it; there is nothing for the engine to cancel.
            kept.status = InstanceStatus::CompletedTerminated;
            kept.ended = Some(self.now());
            instance::put(unit, &kept, Some(InstanceStatus::Pending))?;
            return Ok(work.commit().await?);
        }
        let command = match row.timer {
            Some(timer) => Command::Fire { timer },
            None => Command::Cancel { reason: "the time for this instance is over".to_owned() },
        };
        match self.advance(&mut work, &mut kept, command).await {
            Ok(progress) => {
                work.commit().await?;
                self.wake(progress.soonest);
                Ok(())
            }
            // The timer was disarmed meanwhile; its row goes.
            Err(Error::Rejected(_)) => Ok(work.commit().await?),
            Err(error) => Err(error),
        }
    }

    /// Removes some of what has expired, in one commit; says how much it was.
    async fn sweep(&self) -> Result<usize, Error> {
        let mut work = self.identity();
        let ceremonies = work.sweep_ceremonies(AT_ONCE).await?;
        let of_stores = work.sweep_removed_stores(AT_ONCE).await?;
        work.commit().await?;
        Ok(ceremonies.max(of_stores))
    }

    async fn put_off(&self, row: &Due, row_key: Key) -> Result<(), Error> {
        let mut unit = self.unit();
        if unit.find(&DUE, row_key.clone()).await?.is_some() {
            unit.remove(&DUE, row_key);
            let later = self.now().checked_add(PUT_OFF).unwrap_or(Timestamp::MAX);
            unit.put(&DUE, key(later, &row.tenant, &row.instance, row.timer), row)?;
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
        let now = self.now();
        let rows = {
            let unit = self.system_unit();
            unit.list(&DUE, Range::all(), AT_ONCE).await?
        };
        if rows.is_empty() {
            return Ok(ControlFlow::Break(None));
        }
        for (at, (row_key, row)) in rows.into_iter().enumerate() {
            let due = row_key.read().number().unwrap_or(0);
            if due > moment(now) {
                if at > 0 {
                    // What has just fired may have armed something that is due sooner.
                    return Ok(ControlFlow::Continue(()));
                }
                let due = Timestamp::from_microsecond(i64::try_from(due).unwrap_or(i64::MAX));
                return Ok(ControlFlow::Break(Some(due.unwrap_or(Timestamp::MAX))));
            }
            let tenant = self.tenant(&row.tenant, "Timer").await?;
            if let Err(error) = tenant.fire(&row, &row_key).await {
                tracing::error!(instance = %row.instance, %error, "a timer could not fire");
                tenant.put_off(&row, row_key).await?;
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Starts the worker that fires what falls due and sweeps what has expired. It ends after
    /// [`Runtime::close`].
    pub fn workers(&self) -> tokio::task::JoinHandle<()> {
        let runtime = self.clone();
        tokio::spawn(async move {
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
                more = (sweeps || more) && runtime.remove_ended().await;
                if more {
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
        })
    }

    /// Removes ceremonies that nobody finished in time, and the people of removed stores.
    pub(crate) async fn sweep(&self) {
        let tenants = match self.tenants().await {
            Ok(tenants) => tenants,
            Err(error) => return tracing::error!(%error, "the tenants could not be listed"),
        };
        for tenant in tenants {
            let Ok(tenant) = self.tenant(&tenant, "Sweeper").await else { continue };
            loop {
                match tenant.sweep().await {
                    Ok(swept) if swept >= AT_ONCE && !self.is_closing() => {}
                    Err(error) if !error.is_conflict() => {
                        tracing::error!(%error, "what has expired could not be swept");
                        break;
                    }
                    _ => break,
                }
            }
        }
    }
}
