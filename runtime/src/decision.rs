//! Decisions as a resource: DMN files that are saved, checked and deployed, and evaluated for
//! business rule tasks in the commit of the step that asks for them.

use std::sync::Arc;

use definitions::{Decisions, ResultShape, read_decisions};
use engine::{Command, DECISION_RESULT, PathId};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Range, Table, Unit};

use crate::advance::Round;
use crate::definition::status_of;
use crate::listing;
use crate::resource::{self, Draft, Kind, Version};
use crate::trigger::{Given, part};
use crate::{Error, Listing, Page, Tenant, VersionStatus};

/// A file of decisions to save.
#[derive(Clone, Debug)]
pub struct NewDecision {
    /// Unique name, 1 to 50 characters; a known name gets a new version.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// A tag by which business rule tasks may name this version.
    pub version_tag: Option<String>,
    /// The DMN XML.
    pub resource: String,
    /// Whether to deploy it in the same call.
    pub deploy: bool,
}

/// One version of a file of decisions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionFile {
    /// Identifier of this version.
    pub id: String,
    /// Tenant that holds it.
    pub tenant_id: String,
    /// Name shared by all versions.
    pub name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Number of this version, from 1.
    pub version: u32,
    /// A tag by which business rule tasks may name this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_tag: Option<String>,
    /// Whether it may be used.
    pub status: VersionStatus,
    /// Identifiers of its decisions, by which business rule tasks name them.
    pub decisions: Vec<String>,
    /// The DMN XML; left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// When it was saved.
    #[schemars(with = "String")]
    pub created_dtm: Timestamp,
    /// When it was changed last.
    #[schemars(with = "String")]
    pub last_updated_dtm: Timestamp,
    /// Who saved it.
    pub created_by: String,
    /// Who changed it last.
    pub last_updated_by: String,
}

#[derive(Serialize, Deserialize)]
struct Named {
    name: String,
}

/// The files that have a decision: by identifier of the decision and name of the file.
const BY_DECISION: Table<Named> = Table::new("decision-files-by-decision");

const KIND: Kind = Kind::Decision;
const VERSION_TAG: &str = "versionTag";
const DECISIONS: &str = "decisions";
/// Files that are looked at for one decision.
const MOST_FILES: usize = 100;

impl Round<'_> {
    /// Evaluates a decision for a business rule task, in the commit of the step.
    pub(crate) async fn decide(
        &mut self,
        of: usize,
        path: PathId,
        wanted: (String, engine::Version, Option<String>, Option<ResultShape>),
        variables: Map<String, Value>,
    ) -> Result<(), Error> {
        let (decision, version, tenant, shape) = wanted;
        let caller = self.carried[of].kept.definition.clone();
        let unit = self.work.unit();
        let found = match self.tenant.out_of_sight("the decision", &decision, tenant.as_deref()) {
            Some(message) => Err(message),
            None => self.tenant.decision_file(unit, Some(&caller), &decision, &version).await?,
        };
        let result = match found {
            Ok(file) => {
                let decisions = self.tenant.decisions(unit, &file.id).await?;
                let only = || decisions.iter().next().filter(|_| decisions.iter().count() == 1);
                match decisions.find(&decision).or_else(only) {
                    Some(found) => found
                        .evaluate_as(&Given(&variables), shape)
                        .map_err(|error| format!("the decision `{decision}`: {error}")),
                    None => Err(format!("`{}` has no decision `{decision}`", file.name)),
                }
            }
            Err(message) => Err(message),
        };
        self.tell(match result {
            Ok(value) => {
                let locals = Map::from_iter([(DECISION_RESULT.to_owned(), value)]);
                Command::Complete { path, locals, writes: Vec::new() }
            }
            Err(message) => Command::Fault { path, message, lasts: true },
        });
        Ok(())
    }
}

impl Tenant {
    /// Saves a new version of a file of decisions and deploys it if asked to.
    ///
    /// # Errors
    /// [`Error::DecisionFlaws`] with everything that is wrong with it; nothing is saved then.
    pub async fn add_decision(&self, new: NewDecision) -> Result<DecisionFile, Error> {
        let decisions = read_decisions(&new.resource).map_err(Error::DecisionFlaws)?;
        if new.version_tag.as_ref().is_some_and(|tag| !(1..=255).contains(&tag.chars().count())) {
            return Err(Error::invalid("versionTag", "has to have 1 to 255 characters"));
        }
        let ids: Vec<&str> = decisions.iter().map(definitions::Decision::id).collect();
        let mut details = Map::new();
        details.insert(DECISIONS.to_owned(), ids.clone().into());
        if let Some(tag) = new.version_tag {
            details.insert(VERSION_TAG.to_owned(), tag.into());
        }
        let draft = Draft {
            name: new.name,
            description: new.description,
            status: status_of(new.deploy),
            details,
            source: new.resource.clone(),
        };
        let mut unit = self.unit();
        let version = resource::add(&mut unit, KIND, draft, self.now(), self.by()).await?;
        let named = Named { name: version.name.clone() };
        for id in ids {
            unit.put(&BY_DECISION, Key::new().text(part(id)).text(&version.name), &named)?;
        }
        unit.commit().await?;
        Ok(self.decision_view(version, Some(new.resource)))
    }

    /// One version by its identifier, with its DMN XML.
    pub async fn read_decision(&self, id: &str) -> Result<DecisionFile, Error> {
        let mut unit = self.unit();
        let version = resource::read(&mut unit, KIND, id).await?;
        let text = resource::source(&mut unit, KIND, id).await?;
        Ok(self.decision_view(version, Some(text)))
    }

    /// The versions of one name, newest first.
    pub async fn list_decision_versions(
        &self,
        name: &str,
        page: Page,
    ) -> Result<Listing<DecisionFile>, Error> {
        let found = resource::list_versions(&self.unit(), KIND, name, page).await?;
        Ok(listing::each(found, |version| self.decision_view(version, None)))
    }

    /// The newest version of each file of decisions, by name.
    pub async fn list_decisions(&self, page: Page) -> Result<Listing<DecisionFile>, Error> {
        let found = resource::list_names(&self.unit(), KIND, page).await?;
        Ok(listing::each(found, |version| self.decision_view(version, None)))
    }

    /// Deploys a version, or takes it out of use.
    pub async fn set_decision_status(
        &self,
        id: &str,
        status: VersionStatus,
    ) -> Result<DecisionFile, Error> {
        let mut unit = self.unit();
        let mut version = resource::read(&mut unit, KIND, id).await?;
        version.status = status;
        self.changed(&mut unit, &mut version)?;
        unit.commit().await?;
        Ok(self.decision_view(version, None))
    }

    /// Removes a version; no task is decided by it any more.
    pub async fn remove_decision(&self, id: &str) -> Result<(), Error> {
        let mut unit = self.unit();
        let mut version = resource::read(&mut unit, KIND, id).await?;
        version.removed = true;
        self.changed(&mut unit, &mut version)?;
        Ok(unit.commit().await?)
    }

    fn changed(&self, unit: &mut Unit, version: &mut Version) -> Result<(), Error> {
        version.updated = self.now();
        version.updated_by = self.by().to_owned();
        resource::put(unit, KIND, version)
    }

    /// The deployed version of the file that has a decision, or why there is none. Bound to the
    /// deployment of the process, it is the newest that stood when that was saved.
    pub(crate) async fn decision_file(
        &self,
        unit: &mut Unit,
        caller: Option<&str>,
        decision: &str,
        version: &engine::Version,
    ) -> Result<Result<Version, String>, Error> {
        let mut found = Vec::new();
        let all = Range::prefix(Key::new().text(part(decision)));
        let named = unit.list(&BY_DECISION, all, MOST_FILES).await?;
        let mut names: Vec<String> = named.into_iter().map(|(_, Named { name })| name).collect();
        if !names.iter().any(|name| name == decision) {
            names.push(decision.to_owned());
        }
        let caller = match (version, caller) {
            (engine::Version::Deployment, Some(caller)) => {
                resource::find_any(unit, Kind::Definition, caller).await?
            }
            _ => None,
        };
        for name in &names {
            found.extend(match &caller {
                Some(caller) => {
                    resource::find_deployed_before(unit, KIND, name, caller.created).await?
                }
                None => resource::find_meant(unit, KIND, name, version).await?,
            });
        }
        Ok(match (found.pop(), &found[..], version) {
            (Some(only), [], _) => Ok(only),
            (None, _, engine::Version::Number(number)) => {
                Err(format!("version {number} of the decision `{decision}` is not deployed"))
            }
            (None, _, engine::Version::Tag(tag)) => {
                Err(format!("no deployed decision `{decision}` has the tag `{tag}`"))
            }
            (None, ..) => Err(format!("no decision `{decision}` is deployed")),
            (Some(last), more, _) => {
                let names = more.iter().chain([&last]).map(|file| file.name.as_str());
                let names = names.collect::<Vec<_>>().join(", ");
                Err(format!("several files have a decision `{decision}`: {names}"))
            }
        })
    }

    /// The decisions of a version, parsed once and kept.
    async fn decisions(&self, unit: &mut Unit, id: &str) -> Result<Arc<Decisions>, Error> {
        if let Some(decisions) = self.inner().decisions.find(self.name(), id) {
            return Ok(decisions);
        }
        let text = resource::source(unit, KIND, id).await?;
        let decisions = Arc::new(read_decisions(&text).map_err(Error::DecisionFlaws)?);
        self.inner().decisions.keep(self.name(), id, decisions.clone());
        Ok(decisions)
    }

    fn decision_view(&self, version: Version, resource: Option<String>) -> DecisionFile {
        let ids = version.details.get(DECISIONS).and_then(Value::as_array);
        let ids = ids.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        DecisionFile {
            decisions: ids.collect(),
            version_tag: version.detail(VERSION_TAG).map(str::to_owned),
            id: version.id,
            tenant_id: self.name().to_owned(),
            name: version.name,
            description: version.description,
            version: version.version,
            status: version.status,
            resource,
            created_dtm: version.created,
            last_updated_dtm: version.updated,
            created_by: version.created_by,
            last_updated_by: version.updated_by,
        }
    }
}
