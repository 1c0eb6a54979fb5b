//! Identity stores: directories of users under one name and one configuration.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Range, Table};

use crate::audit::{Action, Entry};
use crate::configuration::{Configuration, FaceAuthenticationConfig};
use crate::credential::recovery::RecoveryCodePolicy;
use crate::credential::totp::TotpPolicy;
use crate::error::{Error, Flaw};
use crate::name::{flaw_of_name, passes};
use crate::page::{Listing, Page, walk};
use crate::period::Period;
use crate::policy::PasscodePolicy;
use crate::random::identifier;
use crate::work::Work;

/// The identity stores by their identifiers.
const STORES: Table<IdentityStore> = Table::new("identity-stores");
/// The identifiers of the identity stores by their names.
const STORE_NAMES: Table<String> = Table::new("identity-store-names");
/// The removed identity stores whose rows are still to be swept, by their identifiers. Rows from earlier versions hold
/// nothing.
const REMOVED_STORES: Table<Option<Removed>> = Table::new("identity-stores-removed");

/// The longest description, in bytes.
const LONGEST_DESCRIPTION: usize = 1000;

/// A directory of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityStore {
    /// The identifier; it never changes.
    pub id: String,
    /// The name, by which everybody refers to the store.
    pub name: String,
    /// What the store is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How the store behaves.
    pub configuration: Configuration,
    /// When the store was added.
    pub created_dtm: Timestamp,
    /// When the store was last changed.
    pub last_updated_dtm: Timestamp,
    /// Who added the store.
    pub created_by: String,
    /// Who last changed the store.
    pub last_updated_by: String,
}

/// What is still to be known of a removed identity store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Removed {
    removed_dtm: Timestamp,
    /// How long its records are kept, of which some may still wait for the log.
    audit_duration: Period,
}

/// An identity store to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewStore {
    /// The name, unique within the tenant.
    pub name: String,
    /// What the store is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How the store behaves; what is not given has its default.
    #[serde(default)]
    pub configuration: Configuration,
}

/// A change of an identity store; what is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoreChange {
    /// A new name. It is better kept: addresses and audits refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A new description; an empty one removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The members of the configuration that change, at any depth; `null` takes a member back to its default and
    /// a policy away (RFC 7396).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Configuration>")]
    pub configuration: Option<Map<String, Value>>,
}

/// The order of a list of identity stores; by name where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreOrder {
    /// Whether it is by when they were added, and not by name.
    pub by_creation: bool,
    /// Whether the last comes first.
    pub descending: bool,
}

impl IdentityStore {
    /// The passcode policy of this name.
    pub(crate) fn passcode_policy(&self, name: &str) -> Result<&PasscodePolicy, Error> {
        let policy = self.configuration.passcode_policies.get(name);
        policy.ok_or_else(|| Error::PolicyMissing(name.to_owned()))
    }

    /// The TOTP policy of this name.
    pub(crate) fn totp_policy(&self, name: &str) -> Result<&TotpPolicy, Error> {
        let policy = self.configuration.totp_policies.get(name);
        policy.ok_or_else(|| Error::TotpPolicyMissing(name.to_owned()))
    }

    /// The recovery code policy of this name.
    pub(crate) fn recovery_code_policy(&self, name: &str) -> Result<&RecoveryCodePolicy, Error> {
        let policy = self.configuration.recovery_code_policies.get(name);
        policy.ok_or_else(|| Error::RecoveryCodePolicyMissing(name.to_owned()))
    }

    fn checked(self) -> Result<IdentityStore, Error> {
        let mut flaws = self.configuration.flaws();
        flaws.extend(flaw_of_name(&self.name).map(|message| Flaw::new("name", message)));
        if self.description.as_ref().is_some_and(|text| text.len() > LONGEST_DESCRIPTION) {
            flaws.push(Flaw::new("description", "a description has at most 1000 bytes"));
        }
        if flaws.is_empty() { Ok(self) } else { Err(Error::StoreInvalid(flaws)) }
    }
}

impl Work {
    /// Adds an identity store.
    ///
    /// # Errors
    ///
    /// [`Error::StoreInvalid`], [`Error::StoreExists`], [`Error::Storage`].
    pub async fn add_store(&mut self, new: NewStore) -> Result<IdentityStore, Error> {
        let store = IdentityStore {
            id: identifier()?,
            name: new.name,
            description: new.description.filter(|text| !text.is_empty()),
            configuration: new.configuration,
            created_dtm: self.now(),
            last_updated_dtm: self.now(),
            created_by: self.by().to_owned(),
            last_updated_by: self.by().to_owned(),
        };
        let store = store.checked()?;
        self.take_name(&store).await?;
        self.count_added_store().await?;
        self.unit().put(&STORES, &store.id, &store)?;
        let configs = &store.configuration.passkey_configs;
        self.note_relying_parties(&store.id, &BTreeMap::new(), configs)?;
        self.audit(Entry::new(Action::StoreAdded, &store))?;
        Ok(store)
    }

    /// Reads an identity store.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::Storage`].
    pub async fn read_store(&mut self, name: &str) -> Result<IdentityStore, Error> {
        let missing = || Error::StoreMissing(name.to_owned());
        let id = self.unit().find(&STORE_NAMES, name).await?.ok_or_else(missing)?;
        self.unit().find(&STORES, &id).await?.ok_or_else(missing)
    }

    /// Reads the identity store of this identifier.
    pub(crate) async fn read_store_by_id(&mut self, id: &str) -> Result<IdentityStore, Error> {
        let missing = || Error::StoreMissing(id.to_owned());
        self.unit().find(&STORES, id).await?.ok_or_else(missing)
    }

    /// The configuration of the identity store of this identifier, if it is still there.
    pub(crate) async fn peek_configuration(
        &mut self,
        id: &str,
    ) -> Result<Option<Configuration>, Error> {
        let store = self.unit().peek(&STORES, id).await?;
        Ok(store.map(|store| store.configuration))
    }

    /// How long the records of the identity store of this identifier are kept, also if it was just removed.
    pub(crate) async fn audit_duration(&mut self, id: &str) -> Result<Period, Error> {
        if let Some(configuration) = self.peek_configuration(id).await? {
            return Ok(configuration.face_authentication_config.audit_duration);
        }
        let removed = self.unit().peek(&REMOVED_STORES, id).await?.flatten();
        let usual = || FaceAuthenticationConfig::default().audit_duration;
        Ok(removed.map_or_else(usual, |removed| removed.audit_duration))
    }

    /// Changes an identity store.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::StoreInvalid`], [`Error::StoreExists`] for a new name that is taken,
    /// [`Error::Storage`].
    pub async fn update_store(
        &mut self,
        name: &str,
        change: StoreChange,
    ) -> Result<IdentityStore, Error> {
        let mut store = self.read_store(name).await?;
        let before = store.configuration.passkey_configs.clone();
        if let Some(description) = change.description {
            store.description = Some(description).filter(|text| !text.is_empty());
        }
        if let Some(configuration) = change.configuration {
            let merged = store.configuration.merged(configuration);
            store.configuration = merged.map_err(|flaw| Error::StoreInvalid(vec![flaw]))?;
        }
        store.name = change.name.unwrap_or(store.name);
        store.last_updated_dtm = self.now();
        store.last_updated_by = self.by().to_owned();
        let store = store.checked()?;
        if store.name != name {
            self.take_name(&store).await?;
            self.unit().remove(&STORE_NAMES, name);
        }
        self.unit().put(&STORES, &store.id, &store)?;
        self.note_relying_parties(&store.id, &before, &store.configuration.passkey_configs)?;
        self.audit(Entry::new(Action::StoreUpdated, &store))?;
        Ok(store)
    }

    /// Removes an identity store with all its users. Nobody finds them any more as soon as this is committed;
    /// their rows go with [`Work::sweep_removed_stores`], and the records as late as they would have gone.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::Storage`].
    pub async fn remove_store(&mut self, name: &str) -> Result<(), Error> {
        let store = self.read_store(name).await?;
        self.unit().remove(&STORE_NAMES, name);
        self.unit().remove(&STORES, &store.id);
        let configs = &store.configuration.passkey_configs;
        self.note_relying_parties(&store.id, configs, &BTreeMap::new())?;
        let audit_duration = store.configuration.face_authentication_config.audit_duration;
        let removed = Removed { removed_dtm: self.now(), audit_duration };
        self.unit().put(&REMOVED_STORES, &store.id, &Some(removed))?;
        self.count_removed_store();
        self.audit(Entry::new(Action::StoreRemoved, &store))
    }

    /// Lists the identity stores, sorted. The filter is a name, in which `%` stands for any text.
    ///
    /// All names are looked at; by when they were added, all stores that pass as well. A tenant has a hundred at most,
    /// unless its limit is raised.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn list_stores(
        &mut self,
        filter: Option<&str>,
        page: Page,
        order: StoreOrder,
    ) -> Result<Listing<IdentityStore>, Error> {
        let mut ids = Vec::new();
        walk(self.unit(), &STORE_NAMES, Range::all(), |key, id| {
            let name = key.read().text()?;
            if filter.is_none_or(|filter| passes(filter, &name)) {
                ids.push(id);
            }
            Ok(true)
        })
        .await?;
        if order.by_creation {
            let mut stores = self.peek_stores(ids).await?;
            stores.sort_by_key(|store| store.created_dtm);
            ids = stores.into_iter().map(|store| store.id).collect();
        }
        if order.descending {
            ids.reverse();
        }
        let Listing { total, items } = page.of(ids);
        Ok(Listing { total, items: self.peek_stores(items).await? })
    }

    /// The identity stores of these identifiers, as far as they are there.
    async fn peek_stores(&mut self, ids: Vec<String>) -> Result<Vec<IdentityStore>, Error> {
        let mut stores = Vec::new();
        for id in ids {
            stores.extend(self.unit().peek(&STORES, &id).await?);
        }
        Ok(stores)
    }

    /// Sweeps away at most so many users of removed identity stores; says how many it found.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn sweep_removed_stores(&mut self, limit: usize) -> Result<usize, Error> {
        let mut swept = 0;
        for (key, removed) in self.unit().list(&REMOVED_STORES, Range::all(), limit).await? {
            let store = key.read().text()?;
            swept += self.erase_users(&store, limit - swept).await?;
            if swept == limit {
                break;
            }
            let waits = match removed {
                Some(removed) => self.audit_waits(removed.removed_dtm).await?,
                None => false,
            };
            if !waits {
                self.unit().remove(&REMOVED_STORES, &key);
            }
        }
        Ok(swept)
    }

    async fn take_name(&mut self, store: &IdentityStore) -> Result<(), Error> {
        let name = Key::from(&store.name);
        if self.unit().find(&STORE_NAMES, &name).await?.is_some() {
            return Err(Error::StoreExists(store.name.clone()));
        }
        Ok(self.unit().put(&STORE_NAMES, &name, &store.id)?)
    }
}

#[cfg(test)]
mod tests;
