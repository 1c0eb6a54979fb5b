//! Process definitions as a resource: saved, checked, deployed, and kept for running instances.

use std::sync::Arc;

use definitions::{Flaw, Format, Process};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use storage::Unit;

use crate::deployment::{HASH, hash_of, one_of};
use crate::listing;
use crate::missing::Text;
use crate::resource::{self, Draft, Kind, Version};
use crate::{Error, Listing, Page, Tenant, VersionStatus, Warning};

/// A definition to save.
#[derive(Clone, Debug)]
pub struct NewDefinition {
    /// Unique name, 1 to 50 characters; a known name gets a new version.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// `VERIFICATION` or `AUTHENTICATION`.
    pub process_definition_type: Option<String>,
    /// Theme of its hosted pages.
    pub theme_id: Option<String>,
    /// Free members kept with the definition.
    pub attributes: Map<String, Value>,
    /// How the source is written.
    pub format: Format,
    /// The BPMN XML or the YAML.
    pub source: String,
    /// Whether to deploy it in the same call.
    pub deploy: bool,
    /// Whether a definition that is not sound is refused when it is deployed.
    pub strict: bool,
}

/// One version of a process definition.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// Identifier of this version.
    pub process_definition_id: String,
    /// Tenant that holds it.
    pub tenant_id: String,
    /// Name shared by all versions.
    pub name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Number of this version, from 1.
    pub version: u32,
    /// Whether it may be used.
    pub status: VersionStatus,
    /// `VERIFICATION` or `AUTHENTICATION`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process_definition_type: Option<String>,
    /// Theme of its hosted pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme_id: Option<String>,
    /// Free members kept with the definition.
    pub attributes: Map<String, Value>,
    /// `BPMN` or `YAML`.
    pub resource_type: String,
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
    /// What the definition may do and should not; told when it is deployed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub warnings: Vec<Warning>,
}

/// The text a definition was saved with.
#[derive(Clone, Debug)]
pub struct Source {
    /// How it is written.
    pub format: Format,
    /// The text, as it came.
    pub text: String,
}

const KIND: Kind = Kind::Definition;

impl Tenant {
    /// Saves a new version of a definition and deploys it if asked to; a deployment checks it.
    ///
    /// # Errors
    /// [`Error::Flaws`] with everything that stands against deploying it, and [`Error::Unsound`]
    /// where it was to be strict; nothing is saved then.
    ///
    /// A text may hold several processes; each is a definition. The one that has the name, or else
    /// the first, gets the name; the others get their identifiers as names.
    ///
    /// Deploying what means the same as the version in use, and says the same of itself, makes no
    /// new version: the answer is that version.
    pub async fn add_definition(&self, new: NewDefinition) -> Result<Definition, Error> {
        let (deployed, warnings) = match new.deploy {
            true => {
                let unit = &mut self.unit();
                let (processes, warnings) = self
                    .prove(unit, new.name.trim(), (new.format, &new.source), new.strict)
                    .await?;
                (Some(processes), warnings)
            }
            false => (None, Vec::new()),
        };
        let mut details = Map::new();
        details.insert("format".to_owned(), Value::from(format_name(new.format)));
        if let Some(kind) = new.process_definition_type {
            details.insert("processDefinitionType".to_owned(), Value::from(kind));
        }
        if let Some(theme) = new.theme_id {
            details.insert("themeId".to_owned(), Value::from(theme));
        }
        details.insert("attributes".to_owned(), Value::Object(new.attributes));
        let mut unit = self.unit();
        if let Some(processes) = &deployed {
            let means = hash_of(processes);
            let (name, about) = (new.name.trim(), new.description.as_deref());
            if let Some(same) = same_in_use(&mut unit, name, about, (&means, &details)).await? {
                return Ok(Definition { warnings, ..self.definition_view(same) });
            }
        }
        let draft = Draft {
            name: new.name,
            description: new.description,
            status: status_of(new.deploy),
            details,
            source: new.source,
        };
        let mut version = resource::add(&mut unit, KIND, draft, self.now(), self.by()).await?;
        if let Some(processes) = deployed {
            self.deploy(&mut unit, &mut version, processes).await?;
        }
        unit.commit().await?;
        self.ring();
        Ok(Definition { warnings, ..self.definition_view(version) })
    }

    /// One version by its identifier.
    pub async fn read_definition(&self, id: &str) -> Result<Definition, Error> {
        Ok(self.definition_view(resource::read(&mut self.unit(), KIND, id).await?))
    }

    /// The versions of one name, newest first.
    pub async fn list_definition_versions(
        &self,
        name: &str,
        page: Page,
    ) -> Result<Listing<Definition>, Error> {
        let found = resource::list_versions(&self.unit(), KIND, name, page).await?;
        Ok(listing::each(found, |version| self.definition_view(version)))
    }

    /// The newest version of each definition, by name.
    pub async fn list_definitions(&self, page: Page) -> Result<Listing<Definition>, Error> {
        let found = resource::list_names(&self.unit(), KIND, page).await?;
        Ok(listing::each(found, |version| self.definition_view(version)))
    }

    /// Deploys a version, or takes it out of use. Deploying checks it first, and is refused when
    /// it is not sound and `strict` is asked for.
    ///
    /// # Errors
    /// [`Error::Flaws`] or [`Error::Unsound`] with everything that stands against deploying it.
    pub async fn set_definition_status(
        &self,
        id: &str,
        status: VersionStatus,
        strict: bool,
    ) -> Result<Definition, Error> {
        let mut unit = self.unit();
        let mut version = resource::read(&mut unit, KIND, id).await?;
        let mut warnings = Vec::new();
        version.status = status;
        version.updated = self.now();
        version.updated_by = self.by().to_owned();
        if status == VersionStatus::DeployedActive {
            let text = resource::source(&mut unit, KIND, id).await?;
            let (processes, found) =
                self.prove(&mut unit, &version.name, (format_of(&version), &text), strict).await?;
            warnings = found;
            self.deploy(&mut unit, &mut version, processes).await?;
        } else {
            resource::put(&mut unit, KIND, &version)?;
            self.register_starts(&mut unit, &version.name).await?;
        }
        unit.commit().await?;
        self.ring();
        Ok(Definition { warnings, ..self.definition_view(version) })
    }

    /// Removes a version. Instances that run on it go on; no new one starts.
    pub async fn remove_definition(&self, id: &str) -> Result<(), Error> {
        let mut unit = self.unit();
        let mut version = resource::read(&mut unit, KIND, id).await?;
        version.removed = true;
        version.updated = self.now();
        version.updated_by = self.by().to_owned();
        resource::put(&mut unit, KIND, &version)?;
        self.register_starts(&mut unit, &version.name).await?;
        unit.commit().await?;
        self.ring();
        Ok(())
    }

    /// The BPMN XML or YAML of a version.
    pub async fn definition_source(&self, id: &str) -> Result<Source, Error> {
        let mut unit = self.unit();
        let version = resource::read(&mut unit, KIND, id).await?;
        let text = resource::source(&mut unit, KIND, id).await?;
        Ok(Source { format: format_of(&version), text })
    }

    /// The graph of a version, parsed once and kept; a removed version still has one.
    pub(crate) async fn process(&self, unit: &mut Unit, id: &str) -> Result<Arc<Process>, Error> {
        if let Some(process) = self.inner().processes.find(self.name(), id) {
            return Ok(process);
        }
        let version = resource::find_any(unit, KIND, id)
            .await?
            .ok_or_else(|| Error::not_found(KIND.noun(), id))?;
        let text = resource::source(unit, KIND, id).await?;
        let processes = self.check(format_of(&version), &text)?;
        let process = one_of(processes, &version).ok_or_else(|| Error::not_found("process", id))?;
        let process = Arc::new(process);
        self.inner().processes.keep(self.name(), id, process.clone());
        Ok(process)
    }

    /// The versions that are or were in use and that this release cannot read, each with the reason:
    /// it may be stricter than the one that deployed them.
    pub(crate) async fn unreadable_definitions(&self) -> Result<Vec<(Version, String)>, Error> {
        let mut unreadable = Vec::new();
        for version in resource::list_used(&self.unit(), KIND).await? {
            let text = resource::source(&mut self.unit(), KIND, &version.id).await?;
            if let Err(Error::Flaws(flaws)) = self.check(format_of(&version), &text) {
                let reason = flaws.iter().map(Flaw::to_string).collect::<Vec<_>>().join("; ");
                unreadable.push((version, reason));
            }
            tokio::task::yield_now().await;
        }
        Ok(unreadable)
    }

    fn check(&self, format: Format, text: &str) -> Result<Vec<Process>, Error> {
        definitions::read_all(format, text, &self.inner().catalog).map_err(Error::Flaws)
    }

    /// Checks a definition and tells what it may do and should not.
    async fn prove(
        &self,
        unit: &mut Unit,
        name: &str,
        (format, text): (Format, &str),
        strict: bool,
    ) -> Result<(Vec<Process>, Vec<Warning>), Error> {
        let processes = self.check(format, text)?;
        let catalog = &self.inner().catalog;
        let found = |process| definitions::prove(process, catalog).findings;
        let mut warnings: Vec<Warning> =
            processes.iter().flat_map(found).map(Warning::from).collect();
        warnings.extend(self.missing(unit, Text { name, processes: &processes }).await?);
        if strict && !warnings.is_empty() {
            return Err(Error::Unsound(warnings));
        }
        Ok((processes, warnings))
    }

    fn definition_view(&self, version: Version) -> Definition {
        let resource_type = format_name(format_of(&version)).to_owned();
        let mut details = version.details;
        let mut text = |name: &str| match details.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let process_definition_type = text("processDefinitionType");
        let theme_id = text("themeId");
        let attributes = match details.remove("attributes") {
            Some(Value::Object(attributes)) => attributes,
            _ => Map::new(),
        };
        Definition {
            process_definition_id: version.id,
            tenant_id: self.name().to_owned(),
            name: version.name,
            description: version.description,
            version: version.version,
            status: version.status,
            process_definition_type,
            theme_id,
            attributes,
            resource_type,
            created_dtm: version.created,
            last_updated_dtm: version.updated,
            created_by: version.created_by,
            last_updated_by: version.updated_by,
            warnings: Vec::new(),
        }
    }
}

/// The deployed version of a name, if it means the same and says the same of itself.
async fn same_in_use(
    unit: &mut Unit,
    name: &str,
    description: Option<&str>,
    (means, details): (&str, &Map<String, Value>),
) -> Result<Option<Version>, Error> {
    let found = resource::find_deployed(unit, KIND, name, None).await?;
    let alike = ["attributes", "processDefinitionType", "themeId"];
    Ok(found.filter(|version| {
        version.description.as_deref() == description
            && version.detail(HASH) == Some(means)
            && alike.iter().all(|member| version.details.get(*member) == details.get(*member))
    }))
}

pub(crate) fn status_of(deploy: bool) -> VersionStatus {
    if deploy { VersionStatus::DeployedActive } else { VersionStatus::Editable }
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Bpmn => "BPMN",
        Format::Yaml => "YAML",
    }
}

fn format_of(version: &Version) -> Format {
    match version.details.get("format").and_then(Value::as_str) {
        Some("YAML") => Format::Yaml,
        _ => Format::Bpmn,
    }
}
