//! User tasks that are not the end user's: listed by the people whose they are, given to others,
//! completed.

use activities::Submission;
use definitions::Assignment;
use engine::{Command, PathId, Rejection};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use storage::{Range, Unit};

use super::again;
use crate::advance::{Progress, Turn};
use crate::answer::Taken;
use crate::instance::task::{BY_PEOPLE, Row, TASKS, key, people};
use crate::instance::{self, Kept};
use crate::listing::{self, Order};
use crate::{Error, Listing, Page, Tenant};

/// Whose user tasks are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Anybody's.
    #[default]
    All,
    /// Those of an assignee.
    Assignee(String),
    /// Those that somebody may do.
    CandidateUser(String),
    /// Those that the members of a group may do.
    CandidateGroup(String),
}

/// Which user tasks are meant; everything that is given has to fit.
#[derive(Clone, Debug, Default)]
pub struct TaskFilter {
    /// Whose they are.
    pub whose: Whose,
    /// Whether they have an assignee.
    pub assigned: Option<bool>,
    /// Their instance.
    pub instance: Option<String>,
}

/// A user task that waits for others than the end user.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserTask {
    /// Identifier of the task.
    pub id: String,
    /// Its instance.
    pub process_instance_id: String,
    /// Identifier of the definition's version.
    pub process_defn_id: String,
    /// Name of the definition.
    pub process_defn_name: String,
    /// Version of the definition.
    pub process_defn_version: u32,
    /// Element of the definition.
    pub element_id: String,
    /// Its name for people; absent when it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it began to wait.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// Who does it; absent while nobody has taken it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Who may do it.
    pub candidate_users: Vec<String>,
    /// Whose members may do it.
    pub candidate_groups: Vec<String>,
    /// When it should be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due_date: Option<Timestamp>,
    /// When somebody should look at it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub follow_up_date: Option<Timestamp>,
    /// How urgent it is; the larger, the more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
}

/// A user task with what is to be filled in.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserTaskForm {
    /// The task.
    #[serde(flatten)]
    pub task: UserTask,
    /// The form, its texts and defaults filled from the process variables: name, version, dataKey,
    /// form, readOnly, hideButtons.
    pub form: Value,
}

fn id_of(instance: &str, path: PathId) -> String {
    format!("{instance}-{}", path.number())
}

/// The instance and the path that the identifier of a user task names.
fn named(id: &str) -> Result<(&str, PathId), Error> {
    let parts = id.rsplit_once('-');
    let parts = parts.and_then(|(instance, path)| Some((instance, path.parse::<u32>().ok()?)));
    let (instance, path) = parts.ok_or_else(|| missing(id))?;
    Ok((instance, PathId::from(path)))
}

fn missing(id: &str) -> Error {
    Error::not_found("user task", id)
}

impl Row {
    fn view(self, instance: &str, path: PathId, name: Option<String>) -> UserTask {
        let Assignment {
            assignee,
            candidate_users,
            candidate_groups,
            due_date,
            follow_up_date,
            priority,
        } = self.assignment;
        UserTask {
            id: id_of(instance, path),
            process_instance_id: instance.to_owned(),
            process_defn_id: self.definition,
            process_defn_name: self.definition_name,
            process_defn_version: self.definition_version,
            element_id: self.element.to_string(),
            name,
            created_at: self.created,
            assignee,
            candidate_users,
            candidate_groups,
            due_date,
            follow_up_date,
            priority,
        }
    }
}

impl Tenant {
    /// The user tasks that wait for others than end users, the oldest first.
    pub async fn list_user_tasks(
        &self,
        filter: &TaskFilter,
        oldest_first: bool,
        page: Page,
    ) -> Result<Listing<UserTask>, Error> {
        let order = if oldest_first { Order::Ascending } else { Order::Descending };
        let mut unit = self.unit();
        let range = Range::prefix(people(&filter.whose));
        let found = listing::page_of(&unit, &BY_PEOPLE, range, order, page, |key, assigned| {
            let mut parts = key.read();
            let _ = (parts.text().ok()?, parts.text().ok()?, parts.number().ok()?);
            let (instance, path) = (parts.text().ok()?, parts.number().ok()?);
            let fits = filter.assigned.is_none_or(|wanted| wanted == assigned)
                && filter.instance.as_ref().is_none_or(|wanted| *wanted == instance);
            fits.then(|| Some((instance, PathId::from(u32::try_from(path).ok()?)))).flatten()
        });
        let found = found.await?;
        let mut tasks = Vec::with_capacity(found.items.len());
        for (instance, path) in found.items {
            let row = unit.peek(&TASKS, key(&instance, path)).await?;
            if let Some(row) = row {
                let name = self.name_of(&mut unit, &row).await;
                tasks.push(row.view(&instance, path, name));
            }
        }
        Ok(Listing { total: found.total, items: tasks })
    }

    /// A user task, with the form that is to be filled in. Texts of it that are sealed stay so.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it does not wait, or not any more.
    pub async fn read_user_task(&self, id: &str) -> Result<UserTaskForm, Error> {
        let (instance, path) = named(id)?;
        let mut unit = self.unit();
        let row = unit.peek(&TASKS, key(instance, path)).await?;
        let mut row = row.ok_or_else(|| missing(id))?;
        let name = self.name_of(&mut unit, &row).await;
        let form = row.ask.wait.form.take().map(|mut part| {
            part.form = part.form.opened(|_| None);
            serde_json::to_value(part).map_err(anyhow::Error::from)
        });
        let form = form.transpose()?.unwrap_or_default();
        Ok(UserTaskForm { task: row.view(instance, path, name), form })
    }

    /// Gives a user task to somebody, or back to all candidates. Without `anew` only a task that
    /// nobody else has is given.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Rejected`] where it waits no more; [`Error::Assigned`] where
    /// somebody else has it; [`Error::Invalid`] for the name; [`Error::Suspended`].
    pub async fn assign_user_task(
        &self,
        id: &str,
        assignee: Option<&str>,
        anew: bool,
    ) -> Result<UserTask, Error> {
        if let Some(name) = assignee {
            Assignment::check_name(name).map_err(|message| Error::invalid("assignee", message))?;
        }
        again!(self.assign_once(id, assignee, anew))
    }

    async fn assign_once(
        &self,
        id: &str,
        assignee: Option<&str>,
        anew: bool,
    ) -> Result<UserTask, Error> {
        let (instance, path) = named(id)?;
        let mut work = self.identity();
        let (mut kept, mut row) = self.waiting_task(work.unit(), id).await?;
        let other = row.assignment.assignee.as_deref().filter(|is| Some(*is) != assignee);
        if let (Some(other), false) = (other, anew || assignee.is_none()) {
            return Err(Error::Assigned { to: other.to_owned() });
        }
        row.remove(work.unit(), instance, path);
        row.assignment.assignee = assignee.map(str::to_owned);
        row.put(work.unit(), instance, path)?;
        let (assignment, by) = (Box::new(row.assignment.clone()), self.by().to_owned());
        let command = Command::Assign { path, assignment, by };
        self.advance(&mut work, &mut kept, command).await?;
        let name = self.name_of(work.unit(), &row).await;
        work.commit().await?;
        Ok(row.view(instance, path, name))
    }

    /// Completes a user task with what was filled in.
    ///
    /// # Errors
    /// [`Error::Refused`] where that does not fit the form, which counts as an attempt;
    /// [`Error::NotFound`]; [`Error::Rejected`] where it waits no more; [`Error::Suspended`].
    pub async fn complete_user_task(
        &self,
        id: &str,
        data: &Map<String, Value>,
    ) -> Result<(), Error> {
        again!(self.complete_once(id, data))
    }

    async fn complete_once(&self, id: &str, data: &Map<String, Value>) -> Result<(), Error> {
        let (instance, path) = named(id)?;
        let mut work = self.identity();
        let (mut kept, mut row) = self.waiting_task(work.unit(), id).await?;
        let submission = Submission { data: data.clone(), ..Submission::default() };
        let ask = row.ask.clone();
        match self.take_answer(&mut work, &kept, (path, ask), submission).await? {
            Taken::Ended(ended) => {
                let by = self.by().to_owned();
                let turn = [Command::Submit { path, by }, ended.command].map(Turn::Tell);
                let progress = self.carry(&mut work, &mut kept, turn, Progress::default()).await?;
                work.commit().await?;
                self.wake(progress.soonest);
                Ok(())
            }
            Taken::Again(ask) => {
                let errors = ask.wait.errors.clone();
                row.ask = *ask;
                row.put(work.unit(), instance, path)?;
                let shown = Some(kept.status);
                instance::put(self, work.unit(), &mut kept, shown)?;
                work.commit().await?;
                Err(Error::Refused(errors))
            }
        }
    }

    /// The name for people of a task's element, where its definition can be read.
    async fn name_of(&self, unit: &mut Unit, row: &Row) -> Option<String> {
        let process = self.process(unit, &row.definition).await.ok()?;
        let name = process.node(process.place(&row.element)?).name.clone();
        Some(name).filter(|name| !name.is_empty())
    }

    /// A user task that waits, and its instance.
    async fn waiting_task(&self, unit: &mut Unit, id: &str) -> Result<(Kept, Row), Error> {
        let (instance, path) = named(id)?;
        let kept = instance::find(self, unit, instance).await?.ok_or_else(|| missing(id))?;
        let Some(row) = unit.find(&TASKS, key(instance, path)).await? else {
            return Err(match kept.engine.ever_had(path) {
                true => Rejection::MovedOn { path }.into(),
                false => missing(id),
            });
        };
        if kept.suspended.is_some() {
            return Err(Error::Suspended);
        }
        Ok((kept, row))
    }
}
