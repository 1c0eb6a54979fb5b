//! The rows of an instance.
//!
//! A small one is one row, written whole with each command. A large one is kept in parts, so that
//! a command writes and reads what it changes and not the whole, however many paths wait:
//!
//! - its own row holds everything but the state of the engine and the questions, and guards all
//!   others: each command writes it, so two commands at once conflict on it;
//! - each question has a row ([`super::question`]), which comes and goes with it, as each call
//!   ([`crate::call`]) and each incident has of any instance;
//! - the state of the engine is a snapshot and the events since, which are the rows of its history
//!   and so written anyway ([`history`]). [`Instance::apply`] is the only way an instance changes;
//!   so the snapshot with the events applied is the state.
//!
//! A new snapshot is written when the events since are as large as the last one: what it costs is
//! spread over the commands that made it necessary, so that the n answers of n waiting paths write
//! a multiple of n bytes in all. The state stays in memory between commands ([`super::states`]), by
//! a random revision that the row of the instance names; a state that was not committed has a
//! revision that no row names. An instance that is over is written whole once more, and needs
//! nothing of its history from then on.

use std::sync::Arc;

use engine::Instance;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::{Key, Table, Unit};

use super::states::States;
use super::{BY_TIME, Kept, by_time, question};
use crate::{Error, InstanceStatus, Tenant, history, identifier, retention};

/// Since shape 2 an instance may be kept in parts.
const INSTANCES: Table<Kept> = Table::new("process-instances").shape(2);
/// By instance: the state of the engine of those that are kept in parts.
const SNAPSHOTS: Table<Instance> = Table::new("process-instance-snapshots");

/// The most bytes of an instance that is one row.
const LARGEST_ROW: usize = 64 * 1024;
/// How often the rows of an instance are read while somebody else writes them.
const ATTEMPTS: usize = 10;

/// How the state of the engine is kept apart from the row of its instance.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parts {
    /// Names this state and no other that there ever was or could have been.
    revision: String,
    /// How many events made the state.
    sequence: u64,
    /// Bytes of the snapshot.
    snapshot: usize,
    /// Bytes of the events since the snapshot.
    since: usize,
}

impl Kept {
    /// The state of the engine, to be changed. It leaves the memory of states meanwhile, so that
    /// nothing has to be copied.
    pub(crate) fn engine_mut(&mut self, states: &States) -> &mut Instance {
        if let Some(parts) = &self.parts {
            states.forget(&parts.revision);
        }
        Arc::make_mut(&mut self.engine)
    }

    /// A command was rejected: the state is as it was, and is remembered again.
    pub(crate) fn is_unchanged(&self, states: &States) {
        if let Some(parts) = &self.parts
            && parts.sequence == self.engine.sequence()
        {
            remember(states, parts, &self.engine);
        }
    }

    /// So many bytes of events were written to the history since it was put last.
    pub(crate) fn recorded(&mut self, bytes: usize) {
        if let Some(parts) = &mut self.parts {
            parts.since = parts.since.saturating_add(bytes);
        }
    }
}

fn remember(states: &States, parts: &Parts, engine: &Arc<Instance>) {
    states.keep(&parts.revision, engine, parts.snapshot.saturating_add(parts.since));
}

/// The instance, if there is one.
pub(crate) async fn find(
    tenant: &Tenant,
    unit: &mut Unit,
    id: &str,
) -> Result<Option<Kept>, Error> {
    let states = &tenant.inner().states;
    for _ in 0..ATTEMPTS {
        let Some(mut kept) = unit.find(&INSTANCES, Key::from(id)).await? else { return Ok(None) };
        let Some(parts) = &kept.parts else { return Ok(Some(kept)) };
        if let Some(engine) = states.find(&parts.revision) {
            kept.engine = engine;
            return Ok(Some(kept));
        }
        if let Some(engine) = state(unit, id, parts.sequence).await? {
            kept.engine = Arc::new(engine);
            remember(states, parts, &kept.engine);
            return Ok(Some(kept));
        }
        // Somebody has written a new snapshot or removed the instance since its row was read.
    }
    let (table, key) = (SNAPSHOTS.name(), id.to_owned());
    let reason = "with the events since, it does not make the state of the instance".to_owned();
    Err(storage::Error::Corrupt { table, key, reason }.into())
}

/// The state that so many events made, from the snapshot before it; `None` where the rows are of
/// another time.
async fn state(unit: &Unit, id: &str, sequence: u64) -> Result<Option<Instance>, Error> {
    let Some(mut engine) = unit.peek(&SNAPSHOTS, Key::from(id)).await? else { return Ok(None) };
    history::replay(unit, id, &mut engine, sequence).await?;
    Ok(Some(engine).filter(|engine| engine.sequence() == sequence))
}

/// The instance, or the error that it does not exist.
pub(crate) async fn read(tenant: &Tenant, unit: &mut Unit, id: &str) -> Result<Kept, Error> {
    find(tenant, unit, id).await?.ok_or_else(|| Error::not_found("process instance", id))
}

/// Writes the instance and, where the lists would show a change, the index row. Its new events are
/// in its history already.
pub(crate) fn put(
    tenant: &Tenant,
    unit: &mut Unit,
    kept: &mut Kept,
    shown: Option<InstanceStatus>,
) -> Result<(), Error> {
    write(tenant, unit, kept)?;
    if shown != Some(kept.status) {
        unit.put(&BY_TIME, by_time(kept.created, &kept.id), &kept.summary())?;
        retention::note(unit, kept)?;
    }
    Ok(())
}

/// Writes the instance again, after a binding has changed that no event tells of.
pub(crate) fn rebind(tenant: &Tenant, unit: &mut Unit, kept: &mut Kept) -> Result<(), Error> {
    write(tenant, unit, kept)
}

/// Writes what has changed of an instance that is kept in parts, and any other whole.
fn write(tenant: &Tenant, unit: &mut Unit, kept: &mut Kept) -> Result<(), Error> {
    let (sequence, is_over) = (kept.engine.sequence(), kept.is_over());
    match &mut kept.parts {
        Some(parts) if parts.sequence == sequence => return write_head(unit, kept),
        Some(parts) if !is_over && parts.since <= parts.snapshot.max(LARGEST_ROW) => {
            parts.sequence = sequence;
            parts.revision = identifier::random()?;
            remember(&tenant.inner().states, parts, &kept.engine);
            return write_head(unit, kept);
        }
        // One that goes on stays in parts, even if it would fit into a row by now.
        Some(_) if !is_over => {}
        parts => {
            let were = parts.take();
            let bytes = unit.put_up_to(&INSTANCES, Key::from(&kept.id), kept, LARGEST_ROW)?;
            if bytes <= LARGEST_ROW {
                if were.is_some() {
                    unit.remove(&SNAPSHOTS, Key::from(&kept.id));
                }
                return Ok(());
            }
        }
    }
    let snapshot = unit.put_up_to(&SNAPSHOTS, Key::from(&kept.id), &*kept.engine, usize::MAX)?;
    let parts = Parts { revision: identifier::random()?, sequence, snapshot, since: 0 };
    remember(&tenant.inner().states, &parts, &kept.engine);
    kept.parts = Some(parts);
    write_head(unit, kept)
}

/// Writes the row of an instance that is kept in parts, and its new questions.
fn write_head(unit: &mut Unit, kept: &mut Kept) -> Result<(), Error> {
    question::put_apart(unit, kept)?;
    let engine = std::mem::take(&mut kept.engine);
    let written = unit.put(&INSTANCES, Key::from(&kept.id), kept);
    kept.engine = engine;
    Ok(written?)
}

/// Removes the row of an instance that is over, its snapshot if it has one, and the index row.
pub(crate) fn erase(unit: &mut Unit, id: &str, created: Timestamp, in_parts: bool) {
    unit.remove(&INSTANCES, Key::from(id));
    unit.remove(&BY_TIME, by_time(created, id));
    if in_parts {
        unit.remove(&SNAPSHOTS, Key::from(id));
    }
}
