//! Waiting for a check: a path of an instance rests until a passcode that it registered was compared with the common ones.
//!
//! The verdict and what the instance makes of it are one commit. Who waits is a row, so a restart changes nothing. An
//! end user waits for seconds at most: when the check comes later, the instance goes on without it.

use std::time::{Duration, Instant};

use activities::Context;
use engine::PathId;
use identity::{CheckFinding, Work};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::{Table, Unit};

use crate::advance::{Progress, Turn};
use crate::instance::{self, question};
use crate::timers::{Due, What};
use crate::work::{ended, heavily};
use crate::{Error, Presented, Screen, Tenant};

/// Who waits for the check of a passcode.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Awaiting {
    instance: String,
    path: PathId,
    /// When it goes on without the check.
    until: Timestamp,
    /// What the check came to, where the instance could not be told yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finding: Option<CheckFinding>,
}

/// By the identifier of the passcode.
const AWAITING: Table<Awaiting> = Table::new("process-instances-awaiting-checks");

/// How long an end user waits for a check.
const PATIENCE: SignedDuration = SignedDuration::from_secs(15);
/// How often whoever is to be shown what comes after a check looks for it, where nobody rings.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

impl Tenant {
    /// What an end user is to be shown: where something is checked, what comes after that, if that is soon.
    ///
    /// # Errors
    /// As of [`Tenant::present`].
    pub async fn wait_for_check(
        &self,
        presented: Presented,
        secret: Option<&str>,
        longest: Duration,
    ) -> Result<Presented, Error> {
        let begun = Instant::now();
        let mut now = presented;
        while matches!(now.screen, Screen::Moment) {
            let left = longest.saturating_sub(begun.elapsed());
            if left.is_zero() {
                break;
            }
            // Another node may have checked it: nobody rings then.
            let rung = self.inner().checked.notified();
            let _ = tokio::time::timeout(left.min(LOOK_AGAIN), rung).await;
            let secret = now.secret.as_deref().or(secret);
            let next = self.present(&now.instance_id, secret).await?;
            now = Presented { secret: now.secret, stale: now.stale, ..next };
        }
        Ok(now)
    }

    /// A path of an instance rests until a passcode is checked; gives when it goes on without that.
    pub(crate) fn await_check(
        &self,
        unit: &mut Unit,
        (instance, path): (&str, PathId),
        passcode: &str,
    ) -> Result<Timestamp, Error> {
        let until = self.now().checked_add(PATIENCE).unwrap_or(Timestamp::MAX);
        let awaiting = Awaiting { instance: instance.to_owned(), path, until, finding: None };
        self.keep_awaiting(unit, passcode, &awaiting)?;
        Ok(until)
    }

    fn keep_awaiting(
        &self,
        unit: &mut Unit,
        passcode: &str,
        awaiting: &Awaiting,
    ) -> Result<(), Error> {
        unit.put(&AWAITING, passcode, awaiting)?;
        self.due(unit, awaiting.until, Due::of(What::Check, passcode), 0)
    }

    /// Tells whoever waits for the check of a passcode what it came to.
    pub(crate) async fn tell_checked(
        &self,
        work: &mut Work,
        passcode: &str,
        finding: CheckFinding,
    ) -> Result<Progress, Error> {
        let Some(mut awaiting) = work.unit().find(&AWAITING, passcode).await? else {
            return Ok(Progress::default());
        };
        let row = Due::of(What::Check, passcode);
        self.not_due(work.unit(), awaiting.until, &row, 0);
        let kept = instance::find(self, work.unit(), &awaiting.instance).await?;
        let kept = kept.filter(|kept| !kept.is_over());
        let ask = match &kept {
            Some(kept) => question::find(work.unit(), kept, awaiting.path).await?,
            None => None,
        };
        let ask = ask.filter(|ask| ask.check.as_deref() == Some(passcode));
        let (Some(mut kept), Some(ask)) = (kept, ask) else {
            work.unit().remove(&AWAITING, passcode);
            return Ok(Progress::default());
        };
        if kept.suspended.is_some() {
            // It is told when it goes on again.
            awaiting.finding = Some(finding);
            awaiting.until = self.now().checked_add(PATIENCE).unwrap_or(Timestamp::MAX);
            self.keep_awaiting(work.unit(), passcode, &awaiting)?;
            return Ok(Progress::default());
        }
        work.unit().remove(&AWAITING, passcode);
        let plugin = self.plugin(&ask.activity)?;
        let seen = kept.engine.seen_at(awaiting.path);
        work.keep_open(kept.expires);
        work.act_for(kept.root());
        let mut context = Context::new(work, &seen, self);
        let told = heavily(plugin, plugin.checked(ask.parameters, &mut context, finding)).await;
        let ended = ended(awaiting.path, told, context)?;
        drop(seen);
        self.carry(work, &mut kept, [Turn::Tell(ended.command)], Progress::default()).await
    }

    /// The patience of whoever waits for the check of a passcode is over.
    pub(crate) async fn check_due(
        &self,
        work: &mut Work,
        passcode: &str,
    ) -> Result<Progress, Error> {
        let Some(awaiting) = work.unit().find(&AWAITING, passcode).await? else {
            return Ok(Progress::default());
        };
        if awaiting.finding.is_none() {
            tracing::warn!("a passcode is used before it was compared with the common ones");
            work.go_on_unchecked(passcode);
        }
        let finding = awaiting.finding.unwrap_or(CheckFinding::Open);
        self.tell_checked(work, passcode, finding).await
    }
}
