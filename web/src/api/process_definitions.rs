//! Process definitions: saved as versions, deployed, read back as they came.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use definitions::{Format, with_scripts};
use runtime::{Definition, NewDefinition, VersionStatus};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ask::Ask;
use crate::list::{Order, Paged, Query};
use crate::problem::Problem;
use crate::reply::{Created, Document, Done, Ok200};

pub(crate) const ABOUT_ADD: &str = "With `creationOption` `Save & Deploy` it is deployed in the same call; one that means the same as the version in use, and says the same of itself, is that version, and no other is made. What was in use before that becomes a new version when it is deployed again. A definition that cannot be deployed is refused with 422 and the member `flaws`: every flaw with rule, element, line and message. One that is not sound (it may get stuck, wait for ever, or leave an error uncaught), or that names a form, a process or a decision which is not deployed, is deployed with `warnings`, each with the path that shows it; with `strict` it is refused with 422 and the same as `flaws`.";
pub(crate) const ABOUT_STATUS: &str = "A definition that is not sound, or that names a form, a process or a decision which is not deployed, is deployed with `warnings`; with `strict=true` it is refused with 422 and the same as `flaws`.";

const NAMES: [Order; 1] = [Order::ascending("name")];
const VERSIONS: [Order; 1] = [Order::descending("version")];

/// The version that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DefinitionPath {
    /// Identifier of the version.
    process_definition_id: String,
}

/// The version that is meant, and what becomes of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusPath {
    /// Identifier of the version.
    process_definition_id: String,
    /// The status that it gets.
    status: VersionStatus,
}

/// How a version is deployed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deployment {
    /// Whether a definition that is not sound is refused.
    #[serde(default)]
    strict: bool,
}

/// The definition that is meant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct NamePath {
    /// Name of the definition.
    name: String,
}

/// A version to save.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "NewDefinition")]
pub(crate) struct NewVersion {
    /// Name shared by all versions, 1 to 50 characters; a known name gets a new version.
    name: String,
    /// What it is for, at most 2000 characters.
    description: Option<String>,
    /// Accepted for the sake of older callers; it changes nothing.
    #[expect(dead_code, reason = "it is accepted and changes nothing")]
    server_type: Option<String>,
    /// The source: one member, `bpmn` or `yaml`. Beside `bpmn` may stand the scripts that it refers to as
    /// `camunda:resource` of the scheme `deployment`, each a member called by its name and of the type `SCRIPT`.
    resources: BTreeMap<String, Resource>,
    /// What it is used for.
    process_definition_type: Option<DefinitionType>,
    /// Free members that are kept with it.
    #[serde(default)]
    attributes: Map<String, Value>,
    /// Theme of its hosted pages.
    theme_id: Option<String>,
    /// Whether it is deployed in the same call.
    creation_option: Option<CreationOption>,
    /// Whether a definition that is not sound is refused when it is deployed.
    #[serde(default)]
    strict: bool,
}

/// The source of a definition.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resource {
    /// The text, in base64.
    data: String,
    /// How it is written.
    #[serde(rename = "type")]
    kind: ResourceType,
}

/// How a definition is written.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ResourceType {
    /// BPMN 2.0 XML.
    Bpmn,
    /// YAML.
    Yaml,
    /// A script that the BPMN refers to, in juel.
    Script,
}

/// What a definition is used for.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum DefinitionType {
    /// To find out who somebody is.
    Verification,
    /// To see that somebody is who they were.
    Authentication,
}

/// What is done beside saving.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
pub(crate) enum CreationOption {
    /// Nothing: the version is a draft.
    Save,
    /// The version is deployed.
    #[serde(rename = "Save & Deploy")]
    SaveAndDeploy,
}

pub(crate) async fn add(ask: Ask<(), (), NewVersion>) -> Result<Created<Definition>, Problem> {
    Ok(Created(ask.caller.tenant().add_definition(ask.body.unpacked()?).await?))
}

pub(crate) async fn read(ask: Ask<DefinitionPath>) -> Result<Ok200<Definition>, Problem> {
    Ok(Ok200(ask.caller.tenant().read_definition(&ask.path.process_definition_id).await?))
}

pub(crate) async fn read_source(ask: Ask<DefinitionPath>) -> Result<Document, Problem> {
    let id = &ask.path.process_definition_id;
    let source = ask.caller.tenant().definition_source(id).await?;
    let media = match source.format {
        Format::Bpmn => "application/xml",
        Format::Yaml => "application/yaml",
    };
    Ok(Document { media, text: source.text })
}

pub(crate) async fn list(ask: Ask<(), Query>) -> Result<Ok200<Paged<Definition>>, Problem> {
    let order = ask.query.order(&NAMES)?;
    let found = ask.caller.tenant().list_definitions(ask.query.page()).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn list_versions(
    ask: Ask<NamePath, Query>,
) -> Result<Ok200<Paged<Definition>>, Problem> {
    let order = ask.query.order(&VERSIONS)?;
    let (name, page) = (&ask.path.name, ask.query.page());
    let found = ask.caller.tenant().list_definition_versions(name, page).await?;
    Ok(Ok200(ask.query.answer(order, found)))
}

pub(crate) async fn set_status(
    ask: Ask<StatusPath, Deployment>,
) -> Result<Ok200<Definition>, Problem> {
    let StatusPath { process_definition_id: id, status } = ask.path;
    Ok(Ok200(ask.caller.tenant().set_definition_status(&id, status, ask.query.strict).await?))
}

pub(crate) async fn remove(ask: Ask<DefinitionPath>) -> Result<Done, Problem> {
    ask.caller.tenant().remove_definition(&ask.path.process_definition_id).await?;
    Ok(Done)
}

const SOURCES: &str = "has to have one member bpmn or yaml, and scripts beside bpmn alone";

impl Resource {
    fn text(&self, member: &str) -> Result<String, Problem> {
        let wrong = |message: &str| Problem::at(format!("resources.{member}.data"), message);
        let data = BASE64.decode(self.data.as_bytes());
        let data = data.map_err(|error| wrong(&format!("is not base64: {error}")))?;
        definitions::decode(data).map_err(|told| wrong(&told))
    }
}

impl NewVersion {
    fn unpacked(self) -> Result<NewDefinition, Problem> {
        let mut source = None;
        let mut scripts = BTreeMap::new();
        for (member, resource) in self.resources {
            let text = resource.text(&member)?;
            let (format, usual) = match resource.kind {
                ResourceType::Bpmn => (Format::Bpmn, "bpmn"),
                ResourceType::Yaml => (Format::Yaml, "yaml"),
                ResourceType::Script => {
                    scripts.insert(member, (text, false));
                    continue;
                }
            };
            if member != usual {
                let path = format!("resources.{member}");
                return Err(Problem::at(path, format!("a member of this type is called {usual}")));
            }
            if source.replace((format, text)).is_some() {
                return Err(Problem::at("resources", SOURCES));
            }
        }
        let Some((format, mut source)) = source else {
            return Err(Problem::at("resources", SOURCES));
        };
        if format == Format::Bpmn && !scripts.is_empty() {
            source = with_scripts(&source, |name| {
                let (text, named) = scripts.get_mut(name)?;
                *named = true;
                Some(text.clone())
            });
        }
        if let Some((member, _)) = scripts.iter().find(|(_, (_, named))| !named) {
            let path = format!("resources.{member}");
            return Err(Problem::at(path, "is a script that the definition does not refer to"));
        }
        Ok(NewDefinition {
            name: self.name,
            description: self.description,
            process_definition_type: self.process_definition_type.map(|kind| kind.name().into()),
            theme_id: self.theme_id,
            attributes: self.attributes,
            format,
            source,
            deploy: self.creation_option == Some(CreationOption::SaveAndDeploy),
            strict: self.strict,
        })
    }
}

impl DefinitionType {
    fn name(self) -> &'static str {
        match self {
            DefinitionType::Verification => "VERIFICATION",
            DefinitionType::Authentication => "AUTHENTICATION",
        }
    }
}
