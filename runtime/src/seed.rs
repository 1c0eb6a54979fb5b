//! The first start: an empty store gets a tenant that can be tried at once.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use access::{NewApiKey, api_key, tenant};
use anyhow::Context as _;
use definitions::Format;
use identity::{NewStore, StoreOrder};
use serde::{Deserialize, Serialize};
use storage::{Key, Table};

use crate::{Error, NewDefinition, NewForm, NewToken, Runtime, Tenant, TokenStatus, TokenType};

/// A link that starts a journey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Name of the journey.
    pub name: String,
    /// Where to open it.
    pub url: String,
}

/// What the first start left.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seeded {
    tokens: Vec<SeededToken>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SeededToken {
    journey: String,
    token: String,
}

/// One row, written last: without it the first start is not over.
const SEEDED: Table<Seeded> = Table::shared("seeded");
const ROW: &str = "first-start";

const TENANT: &str = "demo";
const STORE: &str = "demo";
const KEY_FILE: &str = "admin.key";
/// Who is named as the maker of all of it.
const BY: &str = "System";
/// The person that both links stand for.
const USER: &str = "demo-user";

impl Runtime {
    /// Gives an empty store a tenant, an identity store, the two journeys with their forms and
    /// tokens, and an administrator's API key; a store that has begun is left alone. Each part
    /// that an interrupted first start left is kept. Gives the links to the journeys.
    pub async fn seed(&self) -> Result<Vec<Link>, Error> {
        let mut unit = self.system_unit();
        let seeded = match unit.find(&SEEDED, Key::from(ROW)).await? {
            Some(seeded) => seeded,
            None if self.tenants().await?.iter().any(|name| name != TENANT) => {
                Seeded { tokens: Vec::new() }
            }
            None => {
                let seeded = self.plant().await?;
                unit.put(&SEEDED, Key::from(ROW), &seeded)?;
                unit.commit().await?;
                seeded
            }
        };
        let base = self.base_url();
        let link = |seeded: SeededToken| Link {
            name: seeded.journey,
            url: format!("{base}/web/trustweb?tn={TENANT}&pt={}", seeded.token),
        };
        Ok(seeded.tokens.into_iter().map(link).collect())
    }

    /// The file that holds the administrator's API key, unless everything is in memory.
    pub fn admin_key_file(&self) -> Option<PathBuf> {
        self.inner().data.as_ref().map(|folder| folder.join(KEY_FILE))
    }

    async fn plant(&self) -> Result<Seeded, Error> {
        let rooms = self.rooms(TENANT, BY);
        self.plant_tenant(&rooms).await?;
        plant_store(&rooms).await?;
        let forms = forms::library::ALL.iter();
        for (name, resource) in forms.filter(|(name, _)| forms::library::SEEDED.contains(name)) {
            if rooms.list_form_versions(name, FIRST).await?.total == 0 {
                let form = NewForm {
                    name: (*name).to_owned(),
                    description: None,
                    resource: (*resource).to_owned(),
                    deploy: true,
                };
                rooms.add_form(form).await?;
            }
        }
        let mut tokens = Vec::new();
        for journey in definitions::library::ALL.iter().filter(|journey| journey.seeded) {
            plant_definition(&rooms, journey).await?;
            let token = plant_token(&rooms, journey.name).await?;
            tokens.push(SeededToken { journey: journey.name.to_owned(), token });
        }
        Ok(Seeded { tokens })
    }

    /// The tenant and its administrator's key, in one commit. The key's file is written before: a
    /// key that is not committed opens nothing, one that is not on file would be lost.
    async fn plant_tenant(&self, rooms: &Tenant) -> Result<(), Error> {
        if tenant::find(&self.inner().store, TENANT).await?.is_some() {
            return Ok(());
        }
        let mut unit = rooms.unit();
        tenant::add(&mut unit, self.now(), BY).await?;
        let new = NewApiKey {
            name: "admin".to_owned(),
            description: Some("Made at the first start.".to_owned()),
            kind: api_key::KeyType::Permanent,
            permissions: vec![format!("TNT#{TENANT}#*")],
            expiring_dtm: None,
        };
        let (_, plain) = api_key::add(&mut unit, new, self.now(), BY).await?;
        if let Some(folder) = &self.inner().data {
            write_private(folder, KEY_FILE, plain.as_bytes())?;
        }
        Ok(unit.commit().await?)
    }
}

const FIRST: crate::Page = crate::Page { number: 0, size: 1 };

async fn plant_store(rooms: &Tenant) -> Result<(), Error> {
    let mut work = rooms.identity();
    let stores = work.list_stores(Some(STORE), FIRST, StoreOrder::default()).await?;
    if stores.total > 0 {
        return Ok(());
    }
    let new: NewStore = serde_json::from_value(serde_json::json!({
        "name": STORE,
        "description": "The people of the demonstration.",
        "configuration": {
            "passcodePolicies": {
                "default": {
                    "description": "Eight characters or more, with a small letter, a capital and a digit.",
                    "passcodeRequirements": {
                        "minimumLength": 8,
                        "maximumLength": 64,
                        "digitCount": 1,
                        "lowerCaseCount": 1,
                        "upperCaseCount": 1,
                        "characterVariety": 4
                    }
                }
            },
            "passkeyConfigs": {
                "localhost": {
                    "name": "Demonstration",
                    "registrationPolicies": { "default": {} },
                    "authenticationPolicies": { "default": {} }
                }
            }
        }
    }))
    .context("the demonstration's store is misspelt")?;
    work.add_store(new).await?;
    Ok(work.commit().await?)
}

async fn plant_definition(
    rooms: &Tenant,
    journey: &definitions::library::Journey,
) -> Result<(), Error> {
    if rooms.list_definition_versions(journey.name, FIRST).await?.total > 0 {
        return Ok(());
    }
    rooms
        .add_definition(NewDefinition {
            name: journey.name.to_owned(),
            description: None,
            process_definition_type: Some("AUTHENTICATION".to_owned()),
            theme_id: None,
            attributes: serde_json::Map::new(),
            format: Format::Bpmn,
            source: journey.bpmn.to_owned(),
            deploy: true,
            strict: false,
        })
        .await?;
    Ok(())
}

async fn plant_token(rooms: &Tenant, journey: &str) -> Result<String, Error> {
    let everything = crate::Page { number: 0, size: 1000 };
    let known = rooms.list_tokens(everything).await?.items;
    if let Some(token) = known.into_iter().find(|token| token.made_of.name == journey) {
        return Ok(token.id);
    }
    let parameters = [("userExternalId".to_owned(), USER.to_owned())];
    let token = rooms
        .add_token(NewToken {
            name: journey.to_owned(),
            description: Some("Made at the first start.".to_owned()),
            process_defn_name: journey.to_owned(),
            process_defn_version: None,
            ui_url: None,
            status: TokenStatus::Active,
            kind: TokenType::Unlimited,
            not_before_dtm: None,
            not_after_dtm: None,
            max_count: None,
            max_process_duration: None,
            parameters: parameters.into(),
            for_test: true,
        })
        .await?;
    Ok(token.id)
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let write = || -> std::io::Result<()> {
        let temporary = folder.join(format!("{name}.new"));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(bytes)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        std::fs::rename(&temporary, folder.join(name))?;
        std::fs::File::open(folder)?.sync_all()
    };
    Ok(write().with_context(|| format!("{} cannot be written", folder.join(name).display()))?)
}
