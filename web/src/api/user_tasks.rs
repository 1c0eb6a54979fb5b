//! User tasks that are not the end user's: listed by whose they are, given to people, completed.

use runtime::{TaskFilter, UserTask, UserTaskForm, Whose};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ask::Ask;
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{Done, Ok200};

const ORDERS: [Order; 2] = [Order::ascending("createdAt"), Order::descending("createdAt")];

pub(crate) const ABOUT_LIST: &str = "A user task with an assignee or candidates (`people` in YAML, \
    `camunda:assignee` and the like in BPMN) is not shown to whoever has the link of the journey; it waits \
    here. Of `assignee`, `candidateUser` and `candidateGroup` at most one is given. Whom a name belongs \
    to, and who is in a group, is the caller's to know.";
pub(crate) const ABOUT_READ: &str = "The form is filled from process variables, which may be personal \
    data; the permission is one of its own.";
pub(crate) const ABOUT_ASSIGN: &str = "Of several who take a task at once one gets it: a task that \
    somebody else has is 409 with code 2906, unless `allowOverride` is set. Without an assignee the task \
    is nobody's again.";
pub(crate) const ABOUT_COMPLETE: &str = "What was filled in is checked as an end user's answer is: what \
    does not fit is 422 with code 2907 and a fault for each field, whose rule and its values are in `fields`; it counts as an \
    attempt of the form. A task that waits no more is 409. A suspended instance takes no answer: 409 with code 2904.";

/// The user task that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskPath {
    /// Identifier of the user task.
    user_task_id: String,
}

/// Which user tasks are meant; everything that is given has to fit.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "UserTaskFilter")]
pub(crate) struct Wanted {
    /// Who does it.
    assignee: Option<String>,
    /// Who may do it.
    candidate_user: Option<String>,
    /// A group whose members may do it.
    candidate_group: Option<String>,
    /// `true` for those that somebody has taken, `false` for the others.
    assigned: Option<String>,
    /// Identifier of the instance.
    process_instance_id: Option<String>,
}

/// Whom a user task is given to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "UserTaskAssignment")]
pub(crate) struct Given {
    /// Who does it from now on; nobody without it.
    assignee: Option<String>,
    /// Whether it may be taken from somebody else.
    #[serde(default)]
    allow_override: bool,
}

/// What was filled in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "UserTaskCompletion")]
pub(crate) struct FilledIn {
    /// Values of the form's components, by their identifiers.
    #[serde(default)]
    data: Map<String, Value>,
}

impl Wanted {
    fn filter(self) -> Result<TaskFilter, Problem> {
        let whose = match (self.assignee, self.candidate_user, self.candidate_group) {
            (None, None, None) => Whose::All,
            (Some(name), None, None) => Whose::Assignee(name),
            (None, Some(name), None) => Whose::CandidateUser(name),
            (None, None, Some(name)) => Whose::CandidateGroup(name),
            _ => {
                let message = "give one of assignee, candidateUser and candidateGroup";
                return Err(Problem::at("assignee", message));
            }
        };
        let assigned = match self.assigned.as_deref() {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => return Err(Problem::at("assigned", "has to be true or false")),
        };
        Ok(TaskFilter { whose, assigned, instance: self.process_instance_id })
    }
}

pub(crate) async fn list(ask: Ask<(), Query<Wanted>>) -> Result<Ok200<Paged<UserTask>>, Problem> {
    let order = ask.query.order(&ORDERS)?;
    let filter = ask.query.filter.clone().filter()?;
    let (tenant, page) = (ask.caller.tenant(), ask.query.page());
    let found = tenant.list_user_tasks(&filter, !order.descending, page).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn read(ask: Ask<TaskPath>) -> Result<Ok200<UserTaskForm>, Problem> {
    Ok(Ok200(ask.caller.tenant().read_user_task(&ask.path.user_task_id).await?))
}

pub(crate) async fn assign(ask: Ask<TaskPath, (), Given>) -> Result<Ok200<UserTask>, Problem> {
    let Given { assignee, allow_override } = ask.body;
    let (tenant, id) = (ask.caller.tenant(), &ask.path.user_task_id);
    Ok(Ok200(tenant.assign_user_task(id, assignee.as_deref(), allow_override).await?))
}

pub(crate) async fn complete(ask: Ask<TaskPath, (), FilledIn>) -> Result<Done, Problem> {
    ask.caller.tenant().complete_user_task(&ask.path.user_task_id, &ask.body.data).await?;
    Ok(Done)
}
