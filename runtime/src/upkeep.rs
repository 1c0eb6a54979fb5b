//! What is done in the background for every tenant, a part in each commit: what has expired is swept, and what
//! waits for the log of the audit is moved into it; rows are sealed again after a rotation of their keys.

use std::time::{Duration, Instant};

use identity::{CheckLine, CheckedPasscode};
use storage::Rotation;

use crate::operation::again;
use crate::{Error, Runtime, Tenant};

/// Rows looked at in one go.
const AT_ONCE: usize = 128;
/// Entries of the audit that one commit moves into the log; they share its signature and its sync.
const RECORDED_AT_ONCE: usize = 256;
/// Records that a query looks at in one go.
const SLICE: usize = 1000;
/// Rows that one commit of a rotation looks at.
const SEALED_AT_ONCE: usize = 512;
/// How long one tenant's audit is worked on before the others have their turn again.
const TURN: Duration = Duration::from_millis(250);
/// Between two turns of the audit where it has little to do or others use the store, from begin to begin.
const BETWEEN_RECORDS: Duration = Duration::from_secs(1);
/// How long nobody else may have used the store for the audit's next turn to come sooner.
const QUIET: Duration = Duration::from_millis(25);

/// How long the passcode has waited that is compared with the common ones now; nothing when none waits.
const CHECKS_LAG: &str = "gatewright_passcode_check_lag_seconds";

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chore {
    Sweep,
    Record,
    Query,
}

impl Tenant {
    /// Does a part of a chore, in one commit; says whether there may be more.
    async fn tend(&self, chore: Chore) -> Result<bool, Error> {
        let mut work = self.identity();
        let more = match chore {
            Chore::Sweep => {
                let ceremonies = work.sweep_ceremonies(AT_ONCE).await?;
                let of_stores = work.sweep_removed_stores(AT_ONCE).await?;
                let of_audit = work.sweep_audit(AT_ONCE).await?;
                let of_erased = work.sweep_audit_of_erased(AT_ONCE).await?;
                let of_queries = work.sweep_event_queries(AT_ONCE).await?;
                let of_imports = work.sweep_imports(AT_ONCE).await?;
                let of_index = work.index_old_users(AT_ONCE).await?;
                let done =
                    [ceremonies, of_stores, of_audit, of_erased, of_queries, of_imports, of_index];
                done.iter().any(|done| *done >= AT_ONCE)
            }
            Chore::Record => work.sequence_audit(RECORDED_AT_ONCE).await? == RECORDED_AT_ONCE,
            Chore::Query => work.walk_events(SLICE).await?,
        };
        work.commit().await?;
        Ok(more)
    }
}

impl Tenant {
    /// Checks the passcode that has waited longest in a line, if any waits.
    async fn check_passcode(&self, line: CheckLine) -> Result<bool, Error> {
        let labels = [("tenant", self.name().to_owned()), ("line", line.name().to_owned())];
        let lag = metrics::gauge!(CHECKS_LAG, &labels);
        let Some(check) = self.identity().next_passcode_check(line).await? else {
            lag.set(0.0);
            return Ok(false);
        };
        lag.set(self.now().duration_since(check.since()?).as_secs_f64());
        let run = tokio::task::spawn_blocking(move || check.run());
        let checked = run.await.map_err(|error| Error::Fault(error.into()))?;
        if checked.was_cut_short() {
            tracing::warn!(
                "two seconds were not enough to compare a passcode with all common ones"
            );
        }
        match again!(self.settle_check(&checked, true)) {
            Err(error) if !matches!(error, Error::Storage(_)) => {
                tracing::error!(%error, "an instance could not be told of a check");
                again!(self.settle_check(&checked, false))?;
            }
            settled => settled?,
        }
        self.inner().checked.notify_waiters();
        Ok(true)
    }

    async fn settle_check(&self, checked: &CheckedPasscode, tells: bool) -> Result<(), Error> {
        let mut work = self.identity();
        work.settle_passcode_check(checked).await?;
        let (passcode, finding) = (checked.passcode_id(), checked.finding());
        let mut soonest = None;
        if tells {
            soonest = self.tell_checked(&mut work, passcode, finding).await?.soonest;
        }
        work.commit().await?;
        self.wake(soonest);
        Ok(())
    }
}

impl Runtime {
    /// Names each definition in use that this release cannot read in the log: its instances stop until it is mended.
    pub(crate) async fn report_unreadable_definitions(self) {
        for name in self.tenants().await.unwrap_or_default() {
            let Ok(tenant) = self.tenant(&name, "Reader").await else { continue };
            match tenant.unreadable_definitions().await {
                Ok(found) => {
                    for (version, reason) in found {
                        let (definition, version) = (version.name, version.version);
                        tracing::error!(
                            tenant = name, definition, version, %reason,
                            "a process definition in use cannot be read any more"
                        );
                    }
                }
                Err(error) => {
                    tracing::error!(tenant = name, %error, "the process definitions could not be read");
                }
            }
        }
    }

    /// Removes ceremonies that nobody finished in time, the people of removed stores, and what the audit no longer
    /// keeps.
    pub(crate) async fn sweep(&self) {
        self.tend(Chore::Sweep).await;
    }

    /// Moves what waits into the logs of the audit, and then walks them for the queries that are open; says whether
    /// that took longer than its turn, so that there is more.
    pub(crate) async fn record(&self) -> bool {
        let more = self.tend(Chore::Record).await;
        self.tend(Chore::Query).await || more
    }

    /// Records until [`Runtime::close`], in turns. A turn ends soon after [`TURN`], whatever is left, so that a tenant
    /// with a long backlog, such as that of an import, holds up no other; timers fire beside it and wait for nothing here.
    ///
    /// Requests come first: as long as somebody else reads or writes, turns begin [`BETWEEN_RECORDS`] after each other,
    /// and three quarters of the time are left to the others. Where a turn has left something over, and the store was
    /// not used for [`QUIET`], the next one begins at once; so a backlog that is alone is worked on nine tenths of the
    /// time. What is used for that, a core and the disk, is given up again within one turn.
    pub(crate) async fn keep_recording(self) {
        while !self.is_closing() {
            let begun = Instant::now();
            if self.record().await {
                while begun.elapsed() < BETWEEN_RECORDS && !self.was_quiet().await {}
            } else {
                tokio::time::sleep(BETWEEN_RECORDS).await;
            }
        }
    }

    /// Whether nobody used the store from now on for [`QUIET`].
    async fn was_quiet(&self) -> bool {
        let store = &self.inner().store;
        let used = || (store.looks(), store.commits());
        let before = used();
        tokio::time::sleep(QUIET).await;
        used() == before
    }

    /// Has every row sealed with a new key, in the background. `false` where that is under way already.
    pub async fn begin_key_rotation(&self) -> Result<bool, Error> {
        let begun = self.inner().store.begin_rotation().await?;
        self.alarm().ring();
        Ok(begun)
    }

    /// How far the last rotation of the keys that seal rows is; `None` where there never was one.
    pub fn key_rotation(&self) -> Result<Option<Rotation>, Error> {
        Ok(self.inner().store.rotation()?)
    }

    /// Seals the next rows again after a rotation of their keys, a turn long; gives whether there are more.
    pub(crate) async fn seal_again(&self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < TURN && !self.is_closing() {
            match self.inner().store.rotate_some(SEALED_AT_ONCE).await {
                Ok(false) => {}
                Ok(true) => return false,
                Err(error) => {
                    tracing::error!(%error, "rows could not be sealed again");
                    return false;
                }
            }
        }
        true
    }

    /// Checks passcodes that were registered since, one of each line of each tenant, one after the other on one core,
    /// and undoes those that everybody tries first; says whether there were any.
    pub async fn check_passcodes(&self) -> bool {
        let tenants = match self.tenants().await {
            Ok(tenants) => tenants,
            Err(error) => {
                tracing::error!(%error, "the tenants could not be listed");
                return false;
            }
        };
        let mut any = false;
        for tenant in tenants {
            let Ok(tenant) = self.tenant(&tenant, "Passcode check").await else { continue };
            for line in [CheckLine::Awaited, CheckLine::Later] {
                match tenant.check_passcode(line).await {
                    Ok(checked) => any |= checked,
                    // It is looked at again the next time.
                    Err(error) => tracing::error!(%error, "a passcode could not be checked"),
                }
            }
        }
        any
    }

    /// Does a chore for every tenant; says whether one's turn was over before there was no more.
    async fn tend(&self, chore: Chore) -> bool {
        let tenants = match self.tenants().await {
            Ok(tenants) => tenants,
            Err(error) => {
                tracing::error!(%error, "the tenants could not be listed");
                return false;
            }
        };
        let mut more = false;
        for tenant in tenants {
            let Ok(tenant) = self.tenant(&tenant, "Sweeper").await else { continue };
            let begun = Instant::now();
            loop {
                if chore != Chore::Sweep && begun.elapsed() >= TURN {
                    more = true;
                    break;
                }
                match tenant.tend(chore).await {
                    Ok(true) if !self.is_closing() => tokio::task::yield_now().await,
                    // Somebody else wrote first: it is looked at again the next time.
                    Err(error) if !error.is_conflict() => {
                        tracing::error!(%error, "the background work of a tenant failed");
                        break;
                    }
                    _ => break,
                }
            }
        }
        more
    }
}
