//! Retention: finished instances are kept for a while and then removed with their history.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table, Unit};

use crate::call::{self, Parent};
use crate::instance::{self, Kept, moment};
use crate::{Error, Runtime, Tenant, duration, history};

/// How long finished instances are kept: an ISO 8601 duration, 30 days where nobody says. A process
/// that says itself how long is obeyed instead.
#[derive(Clone, Copy, Debug)]
pub struct Retention(Span);

/// What is needed to remove an instance without reading it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    created: Timestamp,
    /// Whether its state has a row of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    in_parts: bool,
    /// Who called it; a caller that is held has not heard of its end yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<Parent>,
}

/// By end (microseconds) and identifier. Instances that ended before there was this index are not
/// in it; they stay until somebody deletes them.
const BY_END: Table<Ended> = Table::new("process-instances-by-end");

/// By the moment of removal (microseconds) and identifier: those whose process says how long.
const BY_REMOVAL: Table<Ended> = Table::new("process-instances-by-removal");

/// The most that one commit removes.
#[derive(Clone, Copy)]
pub(crate) struct AtMost {
    pub(crate) instances: usize,
    /// Rows of their histories.
    pub(crate) rows: usize,
}

/// When an instance is looked at again whose caller is held and has not heard of its end.
const NOT_YET: SignedDuration = SignedDuration::from_hours(24);

const AT_MOST: AtMost = AtMost { instances: 100, rows: 1000 };

impl Default for Retention {
    fn default() -> Retention {
        Retention(30.days())
    }
}

impl FromStr for Retention {
    type Err = String;

    fn from_str(text: &str) -> Result<Retention, String> {
        duration::parse(text).map(Retention)
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where it stands that an instance has ended: by its end, or by when its process wants it removed.
fn place(kept: &Kept) -> Option<(&'static Table<Ended>, Key)> {
    let ended = kept.ended?;
    let own = kept.time_to_live.as_deref().and_then(|time| duration::parse(time).ok());
    let (table, at) = match own {
        Some(time) => (&BY_REMOVAL, duration::after(ended, &time).unwrap_or(Timestamp::MAX)),
        None => (&BY_END, ended),
    };
    Some((table, Key::new().number(moment(at)).text(&kept.id)))
}

/// Notes when an instance ended, if it has.
pub(crate) fn note(unit: &mut Unit, kept: &Kept) -> Result<(), Error> {
    match place(kept) {
        Some((table, key)) => {
            let (in_parts, parent) = (kept.parts.is_some(), kept.parent.clone());
            Ok(unit.put(table, key, &Ended { created: kept.created, in_parts, parent })?)
        }
        None => Ok(()),
    }
}

/// Removes the note of an instance that is removed.
pub(crate) fn unnote(unit: &mut Unit, kept: &Kept) {
    if let Some((table, key)) = place(kept) {
        unit.remove(table, key);
    }
}

impl Tenant {
    /// Removes instances that ended at a moment or before it, and those that are to be removed by
    /// now, the oldest first, in one commit that is no larger than said; gives whether there may be
    /// more.
    pub(crate) async fn remove_ended(
        &self,
        until: Timestamp,
        at_most: AtMost,
    ) -> Result<bool, Error> {
        let mut unit = self.unit();
        let now = self.now();
        let mut old = Vec::new();
        for (table, until) in [(&BY_END, until), (&BY_REMOVAL, now)] {
            let range = Range::all().before(moment(until).saturating_add(1));
            let left = at_most.instances - old.len();
            let found = unit.list(table, range, left).await?;
            old.extend(found.into_iter().map(|(key, row)| (table, key, row)));
        }
        let mut more = old.len() == at_most.instances;
        let mut rows = at_most.rows;
        for (table, key, row) in old {
            let mut parts = key.read();
            let (_, id) = (parts.number()?, parts.text()?);
            if let Some(parent) = &row.parent
                && call::is_awaited(&unit, parent, &id).await?
            {
                let later = now.checked_add(NOT_YET).unwrap_or(Timestamp::MAX);
                unit.remove(table, key);
                unit.put(&BY_REMOVAL, Key::new().number(moment(later)).text(&id), &row)?;
                continue;
            }
            rows -= history::forget(&mut unit, &id, rows).await?;
            if rows == 0 {
                more = true;
                break;
            }
            call::forget(&mut unit, &id, row.parent.as_ref()).await?;
            instance::erase(&mut unit, &id, row.created, row.in_parts);
            unit.remove(table, key);
        }
        unit.commit().await?;
        Ok(more)
    }
}

impl Runtime {
    /// Removes a part of what ended longer ago than it is kept, one commit for each tenant; gives
    /// whether there may be more.
    pub(crate) async fn remove_ended(&self) -> bool {
        let Some(until) = duration::before(self.now(), &self.inner().retention.0) else {
            return false;
        };
        let mut more = false;
        for name in self.tenants().await.unwrap_or_default() {
            let Ok(tenant) = self.tenant(&name, "Retention").await else { continue };
            match tenant.remove_ended(until, AT_MOST).await {
                Ok(left) => more |= left,
                Err(error) if error.is_conflict() => {}
                Err(error) => tracing::error!(%error, "finished instances could not be removed"),
            }
        }
        more && !self.is_closing()
    }
}
