//! The questions that an instance asks its end user, by the path that waits for the answer: in the
//! row of the instance, or in rows of their own where it is kept in parts.

use activities::Wait;
use engine::{Event, PathId, PathState, Status};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Range, Table, Unit};

use super::Kept;
use crate::Error;

/// One question to the end user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ask {
    /// Identity of the waiting element: its id and the number of the path.
    pub(crate) topic: String,
    /// Good for one answer.
    pub(crate) nonce: String,
    pub(crate) activity: String,
    pub(crate) parameters: Map<String, Value>,
    pub(crate) wait: Wait,
    /// The passcode whose check the path waits for; then it asks nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) check: Option<String>,
}

const NAME: &str = "process-instance-questions";
/// By instance and path. The row of the instance is written with every change of them.
const ASKS: Table<Ask> = Table::new(NAME);
/// The same rows, where only their keys matter.
const KEYS: Table<IgnoredAny> = Table::new(NAME);
/// Rows whose keys are read at a time.
const KEYS_AT_ONCE: usize = 64;

fn key(id: &str, path: PathId) -> Key {
    Key::new().text(id).number(path.number().into())
}

/// What is asked at a path.
pub(crate) async fn find(unit: &Unit, kept: &Kept, path: PathId) -> Result<Option<Ask>, Error> {
    match (kept.asks.get(&path), &kept.parts) {
        (None, Some(_)) => Ok(unit.peek(&ASKS, key(&kept.id, path)).await?),
        (ask, _) => Ok(ask.cloned()),
    }
}

/// The oldest question of an instance as it was read or written last; where it has none, a path that waits for a check.
pub(crate) async fn first(unit: &Unit, kept: &Kept) -> Result<Option<Ask>, Error> {
    if kept.parts.is_none() {
        let asks = || kept.asks.values();
        return Ok(asks().find(|ask| ask.check.is_none()).or(asks().next()).cloned());
    }
    let (mut rest, mut checked) = (Range::prefix(Key::from(&kept.id)), None);
    while let Some((key, ask)) = unit.list(&ASKS, rest.clone(), 1).await?.pop() {
        if ask.check.is_none() {
            return Ok(Some(ask));
        }
        rest = rest.after(key);
        checked.get_or_insert(ask);
    }
    Ok(checked)
}

/// Whether an instance asks anything.
pub(crate) async fn any(unit: &Unit, kept: &Kept) -> Result<bool, Error> {
    if !kept.asks.is_empty() || kept.parts.is_none() {
        return Ok(!kept.asks.is_empty());
    }
    Ok(!unit.list(&KEYS, Range::prefix(Key::from(&kept.id)), 1).await?.is_empty())
}

/// The path at which a question with this identity and this nonce still stands.
pub(crate) async fn open(
    unit: &Unit,
    kept: &Kept,
    topic: &str,
    nonce: &str,
) -> Result<Option<PathId>, Error> {
    // The number of the path is last, or before the identifier of a called instance.
    let number = topic.rsplit('.').take(2).find_map(|part| part.parse::<u32>().ok());
    let Some(path) = number.map(PathId::from) else { return Ok(None) };
    let ask = find(unit, kept, path).await?;
    let stands = |ask: &Ask| ask.check.is_none() && ask.topic == topic && ask.nonce == nonce;
    Ok(ask.filter(stands).map(|_| path))
}

/// Gives the new questions of an instance that is kept in parts rows of their own.
pub(super) fn put_apart(unit: &mut Unit, kept: &mut Kept) -> Result<(), Error> {
    for (path, ask) in std::mem::take(&mut kept.asks) {
        unit.put(&ASKS, key(&kept.id, path), &ask)?;
    }
    Ok(())
}

/// Takes away the questions of paths that do not wait any more since these events. Of an instance
/// in parts, only the paths that the events name are looked at.
pub(crate) async fn settle(
    unit: &mut Unit,
    kept: &mut Kept,
    events: &[Event],
) -> Result<(), Error> {
    let engine = &kept.engine;
    let waits =
        |path: PathId| engine.path(path).is_some_and(|path| *path.state() == PathState::Waiting);
    kept.asks.retain(|path, _| waits(*path));
    if kept.parts.is_none() {
        return Ok(());
    }
    if !matches!(engine.status(), Status::Created | Status::Active) {
        return forget(unit, kept).await;
    }
    for path in events.iter().filter_map(left).filter(|path| !waits(*path)) {
        unit.remove(&ASKS, key(&kept.id, path));
    }
    Ok(())
}

/// Removes all questions of an instance.
pub(crate) async fn forget(unit: &mut Unit, kept: &Kept) -> Result<(), Error> {
    let mut rest = Range::prefix(Key::from(&kept.id));
    while kept.parts.is_some() {
        let rows = unit.list(&KEYS, rest.clone(), KEYS_AT_ONCE).await?;
        let Some((last, _)) = rows.last() else { break };
        rest = rest.after(last.clone());
        rows.into_iter().for_each(|(key, _)| unit.remove(&KEYS, key));
    }
    Ok(())
}

/// The path that an event may have made leave off waiting.
pub(crate) fn left(event: &Event) -> Option<PathId> {
    match event {
        Event::Entered { path, .. }
        | Event::Began { path, .. }
        | Event::Retried { path, .. }
        | Event::Completed { path, .. }
        | Event::ErrorRaised { path, .. }
        | Event::Interrupted { path, .. }
        | Event::Faulted { path, .. }
        | Event::IncidentRaised { path, .. }
        | Event::IncidentTakenUp { path, .. }
        | Event::Ended { path, .. }
        | Event::Withdrawn { path, .. }
        | Event::Opened { path, .. }
        | Event::Rested { path, .. }
        | Event::Arrived { path, .. }
        | Event::Joined { path, .. } => Some(*path),
        _ => None,
    }
}
