//! Process instances: what is kept of one, and the index that lists and searches read.

use std::collections::BTreeMap;
use std::sync::Arc;

use definitions::{NodeId, Process};
use engine::{Instance, PathId, Status};
use identity::Work;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Table};

use crate::call::{self, Parent};
use crate::operation::incident;
use crate::operation::suspension::Suspended;
use crate::{Error, InstanceStatus, Tenant, history, outcome, retention};

pub(crate) mod question;
mod rows;
mod states;
pub(crate) mod task;

pub(crate) use question::Ask;
pub(crate) use rows::{erase, find, put, read, rebind};
pub(crate) use states::States;

/// An instance as it is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) definition: String,
    pub(crate) definition_name: String,
    pub(crate) definition_version: u32,
    pub(crate) token: String,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) created: Timestamp,
    pub(crate) created_by: String,
    pub(crate) status: InstanceStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ended: Option<Timestamp>,
    /// When it is given up, whoever still waits.
    pub(crate) expires: Timestamp,
    /// Digest of the secret of the browser session it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bound: Option<String>,
    /// The session before the last rotation; it may see the end for a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bound_before: Option<Before>,
    /// The state of the engine; not in its row where the instance is kept in parts.
    #[serde(default, skip_serializing_if = "has_no_event")]
    pub(crate) engine: Arc<Instance>,
    /// How long its process wants it to be kept when it has ended, an ISO 8601 duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) time_to_live: Option<Box<str>>,
    /// Who holds it, if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) suspended: Option<Suspended>,
    /// How many of its paths incidents stop.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) incidents: usize,
    /// How many user tasks of it wait for others than the end user.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) tasks: usize,
    /// What the end user is asked, by waiting path; of an instance in parts, only what is new.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) asks: BTreeMap<PathId, Ask>,
    /// By what messages find it where they have no key of their own; its identifier without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) business_key: Option<String>,
    /// Who called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<Parent>,
    /// How it is kept in parts, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parts: Option<rows::Parts>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn has_no_event(engine: &Arc<Instance>) -> bool {
    engine.sequence() == 0
}

/// A binding that was replaced when the user authenticated.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Before {
    pub(crate) digest: String,
    pub(crate) until: Timestamp,
}

/// What lists and searches read of an instance.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) definition: String,
    pub(crate) definition_name: String,
    pub(crate) definition_version: u32,
    pub(crate) status: InstanceStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ended: Option<Timestamp>,
    /// The instance that called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<String>,
    /// The well-known parameters by which people find it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) applicant: BTreeMap<String, String>,
}

/// By creation time (microseconds) and identifier.
pub(crate) const BY_TIME: Table<Summary> = Table::new("process-instances-by-time");

/// Token parameters that are shown in lists and can be searched.
const APPLICANT: [&str; 5] = ["firstName", "lastName", "email", "phoneNumber", "referenceID"];

impl Kept {
    /// Whether nothing can happen to it any more.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(
            self.status,
            InstanceStatus::Pending | InstanceStatus::Active | InstanceStatus::Paused
        )
    }

    /// The instance to which its end user belongs: itself, or the first of its callers.
    pub(crate) fn root(&self) -> &str {
        self.parent.as_ref().map_or(&self.id, |parent| &parent.root)
    }

    /// By what messages find it where they have no key of their own.
    pub(crate) fn business_key(&self) -> &str {
        self.business_key.as_deref().unwrap_or(&self.id)
    }

    /// The name of a question, unique among all that its end user may be asked.
    pub(crate) fn topic(&self, node: &NodeId, path: PathId) -> String {
        match self.parent {
            None => format!("{node}.{}", path.number()),
            Some(_) => format!("{node}.{}.{}", path.number(), self.id),
        }
    }

    fn applicant(&self) -> BTreeMap<String, String> {
        let known = |(name, value): (&String, &String)| {
            APPLICANT.contains(&name.as_str()).then(|| (name.clone(), value.clone()))
        };
        self.parameters.iter().filter_map(known).collect()
    }

    fn summary(&self) -> Summary {
        Summary {
            definition: self.definition.clone(),
            definition_name: self.definition_name.clone(),
            definition_version: self.definition_version,
            status: self.status,
            ended: self.ended,
            parent: self.parent.as_ref().map(|parent| parent.instance.clone()),
            applicant: self.applicant(),
        }
    }

    /// Where the hosted page or form text finds the languages of the process.
    pub(crate) fn languages(process: &Process) -> crate::Languages {
        crate::Languages {
            default: process.default_language().map(str::to_owned),
            supported: process.supported_languages().to_vec(),
        }
    }
}

/// Gives an instance its status after a step; the last moment is disarmed when it is over.
pub(crate) fn settle(tenant: &Tenant, work: &mut Work, kept: &mut Kept, now: Timestamp) {
    kept.status = match kept.engine.status() {
        Status::Created => InstanceStatus::Pending,
        Status::Active if kept.suspended.is_some() => InstanceStatus::Paused,
        Status::Active => InstanceStatus::Active,
        Status::Completed => outcome::of(kept.engine.variables()),
        Status::Failed => InstanceStatus::CompletedProcessError,
        Status::Cancelled => InstanceStatus::CompletedTerminated,
    };
    if kept.is_over() && kept.ended.is_none() {
        kept.ended = Some(now);
        if kept.parent.is_none() {
            tenant.disarm(work.unit(), &kept.id, None, kept.expires);
            metrics::counter!("gatewright_journeys_ended_total", "status" => kept.status.mapped())
                .increment(1);
        }
    }
}

/// The key of an instance in the index by time.
pub(crate) fn by_time(created: Timestamp, id: &str) -> Key {
    Key::new().number(moment(created)).text(id)
}

/// The path in a key that is an instance and a path of it.
pub(crate) fn path_of(key: &Key) -> Result<PathId, Error> {
    let mut parts = key.read();
    parts.text()?;
    Ok(PathId::from(u32::try_from(parts.number()?).unwrap_or(u32::MAX)))
}

/// A time as a number that sorts as times do.
pub(crate) fn moment(at: Timestamp) -> u64 {
    u64::try_from(at.as_microsecond()).unwrap_or(0)
}

/// An instance as callers see it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstanceView {
    /// Identifier, 26 characters.
    pub id: String,
    /// Tenant that holds it.
    pub tenant_id: String,
    /// Identifier of the definition's version.
    pub process_defn_id: String,
    /// Name of the definition.
    pub process_defn_name: String,
    /// Version of the definition.
    pub process_defn_version: u32,
    /// Identifier of the instance that called it, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_instance_id: Option<String>,
    /// The applicant's first name, from the token's parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The applicant's last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The applicant's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The applicant's phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// The caller's own reference.
    #[serde(rename = "referenceID", skip_serializing_if = "Option::is_none")]
    pub reference_id: Option<String>,
    /// When it was created.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub ended_at: Option<Timestamp>,
    /// From creation to the end, or to now; milliseconds.
    pub elapsed_milliseconds: i64,
    /// Where it stands.
    pub status: InstanceStatus,
    /// The same for people.
    pub status_mapped: String,
    /// What holds it up and needs a person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub incidents: Vec<Incident>,
}

/// A failure that a person has to look at; the instance waits at this place.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    /// Element of the definition.
    pub element_id: String,
    /// What went wrong there.
    pub message: String,
}

impl Tenant {
    /// The view of an instance from its row.
    pub(crate) fn instance_view(&self, kept: &Kept) -> InstanceView {
        let incidents = kept.engine.incidents().map(|incident| Incident {
            element_id: incident.node.to_string(),
            message: incident.message.to_owned(),
        });
        let incidents = incidents.collect();
        InstanceView { incidents, ..self.listed_view(&kept.id, kept.created, kept.summary()) }
    }

    /// The view of an instance from its row in the index; lists do not show incidents.
    pub(crate) fn listed_view(
        &self,
        id: &str,
        created: Timestamp,
        mut row: Summary,
    ) -> InstanceView {
        let until = row.ended.unwrap_or_else(|| self.now());
        InstanceView {
            id: id.to_owned(),
            tenant_id: self.name().to_owned(),
            process_defn_id: row.definition,
            process_defn_name: row.definition_name,
            process_defn_version: row.definition_version,
            parent_instance_id: row.parent,
            first_name: row.applicant.remove("firstName"),
            last_name: row.applicant.remove("lastName"),
            email: row.applicant.remove("email"),
            phone_number: row.applicant.remove("phoneNumber"),
            reference_id: row.applicant.remove("referenceID"),
            created_at: created,
            ended_at: row.ended,
            elapsed_milliseconds: until.as_millisecond() - created.as_millisecond(),
            status: row.status,
            status_mapped: row.status.mapped().to_owned(),
            incidents: Vec::new(),
        }
    }

    /// One instance.
    pub async fn read_instance(&self, id: &str) -> Result<InstanceView, Error> {
        Ok(self.instance_view(&read(self, &mut self.unit(), id).await?))
    }

    /// The parameters an instance was created with: its token's and the caller's.
    pub async fn instance_parameters(&self, id: &str) -> Result<BTreeMap<String, String>, Error> {
        Ok(read(self, &mut self.unit(), id).await?.parameters)
    }

    /// The process variables of an instance, for those who may see personal data.
    pub async fn instance_variables(&self, id: &str) -> Result<Map<String, Value>, Error> {
        Ok(read(self, &mut self.unit(), id).await?.engine.variables().clone())
    }

    /// Removes an instance with its events, whatever its state; its timers go with it, and all
    /// instances that it has called, also those that have ended.
    ///
    /// # Errors
    /// [`Error::Invalid`] where its caller still awaits it.
    pub async fn remove_instance(&self, id: &str) -> Result<(), Error> {
        let mut unit = self.unit();
        let kept = read(self, &mut unit, id).await?;
        if let Some(parent) = &kept.parent
            && (!kept.is_over() || call::is_awaited(&unit, parent, &kept.id).await?)
        {
            let caller = &parent.instance;
            let message = format!("is called by the process instance {caller}; delete that one");
            return Err(Error::invalid("processInstanceId", message));
        }
        let mut left = vec![kept];
        while let Some(kept) = left.pop() {
            for called in call::ever_called(&unit, &kept.id).await? {
                left.extend(find(self, &mut unit, &called).await?);
            }
            call::forget(&mut unit, &kept.id, kept.parent.as_ref()).await?;
            self.disarm_all(&mut unit, &kept).await?;
            erase(&mut unit, &kept.id, kept.created, kept.parts.is_some());
            question::forget(&mut unit, &kept).await?;
            retention::unnote(&mut unit, &kept);
            incident::forget(&mut unit, &kept).await?;
            task::forget(&mut unit, &kept).await?;
            history::forget(&mut unit, &kept.id, usize::MAX).await?;
        }
        Ok(unit.commit().await?)
    }
}
