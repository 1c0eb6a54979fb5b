//! The rows of calls: who awaits whom, who has called whom, and who of the called asks the end user something.

use std::collections::BTreeSet;

use engine::PathId;
use storage::{Key, Range, Table, Unit};

use super::Parent;
use crate::{Error, instance};

/// By caller and calling path: the instances under way that it has called. They have rows of their own, so that each
/// of many calls costs the same.
pub(super) const CALLED_BY: Table<String> = Table::new("called-instances");

/// By caller and called instance: all that it has called and that are kept, also those that have ended.
pub(super) const CALLS: Table<bool> = Table::new("calls-of-instances");

/// By first caller and called instance, whose identifier begins with its time: those that ask the end user something.
pub(super) const ASKING: Table<bool> = Table::new("asking-instances");

/// Rows that are read at a time.
const AT_A_TIME: usize = 256;

pub(super) fn at(caller: &str, path: PathId) -> Key {
    Key::from(caller).number(path.number().into())
}

/// The instances that one awaits, with the paths that called them. All are under way, but for those that have ended
/// while it was held.
pub(crate) async fn all_called(unit: &Unit, caller: &str) -> Result<Vec<(PathId, String)>, Error> {
    let rows = unit.list(&CALLED_BY, Range::prefix(Key::from(caller)), usize::MAX).await?;
    rows.into_iter().map(|(key, called)| Ok((instance::path_of(&key)?, called))).collect()
}

/// The instances that one has called and that are kept, also those that have ended. Of what was called before this was
/// noted, those under way.
pub(crate) async fn ever_called(unit: &Unit, caller: &str) -> Result<BTreeSet<String>, Error> {
    let calls = unit.list(&CALLS, Range::prefix(Key::from(caller)), usize::MAX).await?;
    let ever = calls.iter().map(|(key, _)| called_of(key)).collect::<Result<Vec<_>, _>>()?;
    let under_way = all_called(unit, caller).await?.into_iter().map(|(_, called)| called);
    Ok(ever.into_iter().chain(under_way).collect())
}

/// Whether the caller of an instance awaits it, or is held and has not heard of its end.
pub(crate) async fn is_awaited(unit: &Unit, parent: &Parent, id: &str) -> Result<bool, Error> {
    let called = unit.peek(&CALLED_BY, at(&parent.instance, parent.path)).await?;
    Ok(called.as_deref() == Some(id))
}

/// The first of the instances under way that one has called.
pub(crate) async fn first_called(unit: &Unit, caller: &str) -> Result<Option<String>, Error> {
    let first = unit.list(&CALLED_BY, Range::prefix(Key::from(caller)), 1).await?;
    Ok(first.into_iter().next().map(|(_, called)| called))
}

/// The oldest of the instances called by one, directly or not, that ask the end user something.
pub(crate) async fn first_asking(unit: &Unit, root: &str) -> Result<Option<String>, Error> {
    let first = unit.list(&ASKING, Range::prefix(Key::from(root)), 1).await?;
    first.first().map(|(key, _)| called_of(key)).transpose()
}

/// Whether an instance called by this one, directly or not, asks the end user something.
pub(crate) async fn is_asking(unit: &Unit, root: &str, id: &str) -> Result<bool, Error> {
    Ok(unit.peek(&ASKING, Key::from(root).text(id)).await?.is_some())
}

/// The called instance, which stands after a caller.
fn called_of(key: &Key) -> Result<String, Error> {
    let mut parts = key.read();
    parts.text()?;
    Ok(parts.text()?)
}

/// Removes what is kept of the calls of an instance that is removed, and of its own.
pub(crate) async fn forget(
    unit: &mut Unit,
    id: &str,
    parent: Option<&Parent>,
) -> Result<(), Error> {
    if let Some(parent) = parent {
        unit.remove(&CALLS, Key::from(&parent.instance).text(id));
    }
    let rest = || Range::prefix(Key::from(id));
    loop {
        let called = unit.list(&CALLED_BY, rest(), AT_A_TIME).await?;
        let calls = unit.list(&CALLS, rest(), AT_A_TIME).await?;
        let asking = unit.list(&ASKING, rest(), AT_A_TIME).await?;
        if called.is_empty() && calls.is_empty() && asking.is_empty() {
            return Ok(());
        }
        called.into_iter().for_each(|(key, _)| unit.remove(&CALLED_BY, key));
        calls.into_iter().for_each(|(key, _)| unit.remove(&CALLS, key));
        asking.into_iter().for_each(|(key, _)| unit.remove(&ASKING, key));
    }
}
