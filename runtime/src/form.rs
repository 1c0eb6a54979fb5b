//! Custom data forms as a resource, and the door by which activities reach them.

use std::sync::Arc;

use activities::Ports;
use async_trait::async_trait;
use forms::Form;
use identity::Work;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Map;
use storage::Unit;

use crate::definition::status_of;
use crate::listing;
use crate::resource::{self, Draft, Kind, Version};
use crate::{Error, Listing, Page, Tenant, VersionStatus};

/// A form to save.
#[derive(Clone, Debug)]
pub struct NewForm {
    /// Unique name, 1 to 50 characters; a known name gets a new version.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The form's JSON.
    pub resource: String,
    /// Whether to deploy it in the same call.
    pub deploy: bool,
}

/// One version of a custom data form.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomForm {
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
    /// Whether it may be used.
    pub status: VersionStatus,
    /// The form's JSON, as text; left out of lists.
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

const KIND: Kind = Kind::Form;

impl Tenant {
    /// Saves a new version of a form and deploys it if asked to.
    ///
    /// # Errors
    /// [`Error::FormFlaws`] with everything that is wrong with it; nothing is saved then.
    pub async fn add_form(&self, new: NewForm) -> Result<CustomForm, Error> {
        Form::parse(&new.resource).map_err(Error::FormFlaws)?;
        let draft = Draft {
            name: new.name,
            description: new.description,
            status: status_of(new.deploy),
            details: Map::new(),
            source: new.resource.clone(),
        };
        let mut unit = self.unit();
        let version = resource::add(&mut unit, KIND, draft, self.now(), self.by()).await?;
        unit.commit().await?;
        Ok(self.form_view(version, Some(new.resource)))
    }

    /// One version by its identifier, with its JSON.
    pub async fn read_form(&self, id: &str) -> Result<CustomForm, Error> {
        let mut unit = self.unit();
        let version = resource::read(&mut unit, KIND, id).await?;
        let text = resource::source(&mut unit, KIND, id).await?;
        Ok(self.form_view(version, Some(text)))
    }

    /// The versions of one name, newest first.
    pub async fn list_form_versions(
        &self,
        name: &str,
        page: Page,
    ) -> Result<Listing<CustomForm>, Error> {
        let found = resource::list_versions(&self.unit(), KIND, name, page).await?;
        Ok(listing::each(found, |version| self.form_view(version, None)))
    }

    /// The newest version of each form, by name.
    pub async fn list_forms(&self, page: Page) -> Result<Listing<CustomForm>, Error> {
        let found = resource::list_names(&self.unit(), KIND, page).await?;
        Ok(listing::each(found, |version| self.form_view(version, None)))
    }

    /// Deploys a version, or takes it out of use.
    pub async fn set_form_status(
        &self,
        id: &str,
        status: VersionStatus,
    ) -> Result<CustomForm, Error> {
        let mut unit = self.unit();
        let mut version = resource::read(&mut unit, KIND, id).await?;
        version.status = status;
        version.updated = self.now();
        version.updated_by = self.by().to_owned();
        resource::put(&mut unit, KIND, &version)?;
        unit.commit().await?;
        Ok(self.form_view(version, None))
    }

    async fn deployed_form(
        &self,
        unit: &mut Unit,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<Arc<Form>>, Error> {
        let Some(version) = resource::find_deployed(unit, KIND, name, version).await? else {
            return Ok(None);
        };
        if let Some(form) = self.inner().forms.find(self.name(), &version.id) {
            return Ok(Some(form));
        }
        let text = resource::source(unit, KIND, &version.id).await?;
        let form = Arc::new(Form::parse(&text).map_err(Error::FormFlaws)?);
        self.inner().forms.keep(self.name(), &version.id, form.clone());
        Ok(Some(form))
    }

    fn form_view(&self, version: Version, resource: Option<String>) -> CustomForm {
        CustomForm {
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

#[async_trait]
impl Ports for Tenant {
    async fn form(
        &self,
        work: &mut Work,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<Form>, anyhow::Error> {
        let form = self.deployed_form(work.unit(), name, version).await.map_err(|error| {
            let cause = format!("the form `{name}` cannot be read: {error}");
            anyhow::Error::from(error).context(cause)
        })?;
        Ok(form.map(|form| Form::clone(&form)))
    }
}
