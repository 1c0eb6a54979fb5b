//! What is kept of user tasks that are not the end user's, apart from what that one is asked: a row
//! for each, and one more for each of those whose it is.

use definitions::{Assignment, NodeId};
use engine::{Event, PathId, PathState, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table, Unit};

use super::{Ask, Kept, moment, path_of, question};
use crate::{Error, Whose};

/// What is kept of a user task while it waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) definition: String,
    pub(crate) definition_name: String,
    pub(crate) definition_version: u32,
    pub(crate) element: NodeId,
    pub(crate) created: Timestamp,
    pub(crate) assignment: Assignment,
    pub(crate) ask: Ask,
}

/// By instance and path.
pub(crate) const TASKS: Table<Row> = Table::new("user-tasks");
/// By whose it is (kind and name), the time at which it began (microseconds), instance and path:
/// whether it has an assignee.
pub(crate) const BY_PEOPLE: Table<bool> = Table::new("user-tasks-by-people");

pub(crate) fn key(instance: &str, path: PathId) -> Key {
    Key::from(instance).number(path.number().into())
}

/// The beginning of the keys of those whose tasks these are.
pub(crate) fn people(whose: &Whose) -> Key {
    let (kind, name) = match whose {
        Whose::All => ("all", ""),
        Whose::Assignee(name) => ("assignee", name.as_str()),
        Whose::CandidateUser(name) => ("user", name.as_str()),
        Whose::CandidateGroup(name) => ("group", name.as_str()),
    };
    Key::new().text(kind).text(name)
}

impl Row {
    /// Its keys in the list by people.
    fn listed(&self, instance: &str, path: PathId) -> impl Iterator<Item = Key> {
        let Assignment { assignee, candidate_users, candidate_groups, .. } = &self.assignment;
        let all = std::iter::once(Whose::All);
        let whose = all
            .chain(assignee.iter().cloned().map(Whose::Assignee))
            .chain(candidate_users.iter().cloned().map(Whose::CandidateUser))
            .chain(candidate_groups.iter().cloned().map(Whose::CandidateGroup));
        let (at, number) = (moment(self.created), path.number().into());
        whose.map(move |whose| people(&whose).number(at).text(instance).number(number))
    }

    pub(crate) fn put(&self, unit: &mut Unit, instance: &str, path: PathId) -> Result<(), Error> {
        for key in self.listed(instance, path) {
            unit.put(&BY_PEOPLE, key, &self.assignment.assignee.is_some())?;
        }
        Ok(unit.put(&TASKS, key(instance, path), self)?)
    }

    pub(crate) fn remove(&self, unit: &mut Unit, instance: &str, path: PathId) {
        self.listed(instance, path).for_each(|key| unit.remove(&BY_PEOPLE, key));
        unit.remove(&TASKS, key(instance, path));
    }
}

/// A user task begins to wait at a path.
pub(crate) async fn put(
    unit: &mut Unit,
    kept: &mut Kept,
    (path, element): (PathId, NodeId),
    ask: Ask,
    assignment: Assignment,
    now: Timestamp,
) -> Result<(), Error> {
    take(unit, kept, path).await?;
    let row = Row {
        definition: kept.definition.clone(),
        definition_name: kept.definition_name.clone(),
        definition_version: kept.definition_version,
        element,
        created: now,
        assignment,
        ask,
    };
    kept.tasks += 1;
    row.put(unit, &kept.id, path)
}

/// Takes away the user task of a path, if it has one.
async fn take(unit: &mut Unit, kept: &mut Kept, path: PathId) -> Result<(), Error> {
    if let Some(row) = unit.peek(&TASKS, key(&kept.id, path)).await? {
        row.remove(unit, &kept.id, path);
        kept.tasks = kept.tasks.saturating_sub(1);
    }
    Ok(())
}

/// The user tasks of an instance.
async fn all(unit: &Unit, kept: &Kept) -> Result<Vec<(PathId, Row)>, Error> {
    if kept.tasks == 0 {
        return Ok(Vec::new());
    }
    let rows = unit.list(&TASKS, Range::prefix(Key::from(&kept.id)), usize::MAX).await?;
    rows.into_iter().map(|(key, row)| Ok((path_of(&key)?, row))).collect()
}

/// Takes away the user tasks of paths that do not wait there any more since these events.
pub(crate) async fn note(unit: &mut Unit, kept: &mut Kept, events: &[Event]) -> Result<(), Error> {
    if kept.tasks == 0 {
        return Ok(());
    }
    if !matches!(kept.engine.status(), Status::Created | Status::Active) {
        forget(unit, kept).await?;
        kept.tasks = 0;
        return Ok(());
    }
    for path in events.iter().filter_map(question::left) {
        let Some(row) = unit.peek(&TASKS, key(&kept.id, path)).await? else { continue };
        let waits = kept
            .engine
            .path(path)
            .is_some_and(|path| *path.state() == PathState::Waiting && *path.node() == row.element);
        if !waits {
            take(unit, kept, path).await?;
        }
    }
    Ok(())
}

/// Writes the rows of an instance again that has become one of another version.
pub(crate) async fn renew(unit: &mut Unit, kept: &Kept) -> Result<(), Error> {
    for (path, row) in all(unit, kept).await? {
        let Some(at) = kept.engine.path(path) else { continue };
        let row = Row {
            definition: kept.definition.clone(),
            definition_name: kept.definition_name.clone(),
            definition_version: kept.definition_version,
            element: at.node().clone(),
            ..row
        };
        row.put(unit, &kept.id, path)?;
    }
    Ok(())
}

/// Removes the user tasks of an instance that is removed or over.
pub(crate) async fn forget(unit: &mut Unit, kept: &Kept) -> Result<(), Error> {
    for (path, row) in all(unit, kept).await? {
        row.remove(unit, &kept.id, path);
    }
    Ok(())
}
