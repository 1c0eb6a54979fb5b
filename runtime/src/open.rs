//! The runtime itself: opened once over one store, shared by everything that runs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use access::{Bearer, Claims, Signer, TokenError, api_key, tenant};
use activities::Plugin;
use definitions::{Catalog, Decisions, Process};
use forms::Form;
use identity::{Throttle, ThrottleLimits};
use jiff::Timestamp;
use storage::{Driver, MasterKeys, Store, Unit};
use tokio::sync::Notify;

use crate::alarm::Alarm;
use crate::cache::Cache;
use crate::instance::States;
use crate::lane::Lane;
use crate::turns::Turns;
use crate::{Clock, Error, Retention, Tenant};

/// Where and how a runtime keeps its data.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data folder; without one everything is in memory and gone afterwards.
    pub data: Option<PathBuf>,
    /// The embedded store.
    pub driver: Driver,
    /// The address under which people reach this installation, without a slash at the end.
    pub base_url: String,
    /// How long finished instances are kept.
    pub retention: Retention,
    /// How many failed authentications are taken.
    pub throttle: ThrottleLimits,
    /// Where the master key of the data folder comes from.
    pub master_keys: MasterKeys,
}

/// Why a runtime cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] storage::Error),
    /// The signing keys cannot be read or made.
    #[error("the signing keys cannot be opened: {0}")]
    Access(#[from] access::Error),
    /// Two activities go by the same name.
    #[error("two activities go by the name \"{0}\"")]
    SameName(&'static str),
}

/// Counts of what the store has done since it was opened.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Batches acknowledged as durable.
    pub commits: u64,
    /// Times the disk was asked to keep what it has.
    pub syncs: u64,
    /// Bytes given to the database: rows and their keys.
    pub bytes_written: u64,
    /// Bytes of rows that were read.
    pub bytes_read: u64,
    /// Name of the embedded store.
    pub driver: &'static str,
}

/// Everything that runs, shared by all who hold it.
#[derive(Clone)]
pub struct Runtime(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) base_url: String,
    pub(crate) data: Option<PathBuf>,
    pub(crate) retention: Retention,
    pub(crate) catalog: Catalog,
    pub(crate) plugins: BTreeMap<&'static str, &'static Plugin>,
    pub(crate) processes: Cache<Process>,
    pub(crate) forms: Cache<Form>,
    pub(crate) decisions: Cache<Decisions>,
    pub(crate) states: States,
    pub(crate) alarm: Alarm,
    pub(crate) turns: Turns,
    pub(crate) lane: Lane,
    /// Rung whenever a passcode was checked.
    pub(crate) checked: Notify,
    pub(crate) throttle: Arc<Throttle>,
    /// Held while a still clock is moved.
    pub(crate) moving: tokio::sync::Mutex<()>,
    signer: Signer,
    closing: AtomicBool,
}

/// The tenant that stands where an address names none.
const DEFAULT_TENANT: &str = "demo";
/// Parsed definitions and forms kept in memory.
const KEPT: usize = 512;
/// Bytes of states of large instances kept in memory, as JSON; they take a few times as much.
const STATES: usize = 64 * 1024 * 1024;
/// Tenants that the workers look after.
const TENANTS: usize = 10_000;

impl Runtime {
    /// Opens the store with the activities of this house.
    pub async fn open(settings: Settings, clock: Clock) -> Result<Runtime, OpenError> {
        Runtime::with_plugins(settings, clock, &[activities::ALL]).await
    }

    /// Opens the store with the given activities: those of this house and of others.
    ///
    /// # Errors
    /// [`OpenError`] in words for the operator.
    pub async fn with_plugins(
        settings: Settings,
        clock: Clock,
        slices: &[&'static [Plugin]],
    ) -> Result<Runtime, OpenError> {
        let store = match &settings.data {
            Some(folder) => Store::open_with(settings.driver, folder, &settings.master_keys)?,
            None => Store::memory(),
        };
        Runtime::over(store, settings, clock, slices).await
    }

    /// The same over a store that is open already.
    pub(crate) async fn over(
        store: Store,
        settings: Settings,
        clock: Clock,
        slices: &[&'static [Plugin]],
    ) -> Result<Runtime, OpenError> {
        let mut plugins = BTreeMap::new();
        for plugin in slices.iter().flat_map(|slice| slice.iter()) {
            if plugins.insert(plugin.name, plugin).is_some() {
                return Err(OpenError::SameName(plugin.name));
            }
        }
        let signer = Signer::open(&store, &settings.base_url, clock.now()).await?;
        Ok(Runtime(Arc::new(Inner {
            store,
            clock,
            base_url: settings.base_url,
            data: settings.data,
            retention: settings.retention,
            catalog: catalog_of(&plugins),
            plugins,
            processes: Cache::new(KEPT),
            forms: Cache::new(KEPT),
            decisions: Cache::new(KEPT),
            states: States::new(STATES),
            alarm: Alarm::new(),
            turns: Turns::new(),
            lane: Lane::new(),
            checked: Notify::new(),
            throttle: Arc::new(Throttle::new(settings.throttle)),
            moving: tokio::sync::Mutex::new(()),
            signer,
            closing: AtomicBool::new(false),
        })))
    }

    /// Ends the workers and closes the store; everything acknowledged is on disk already.
    pub async fn close(&self) {
        self.0.closing.store(true, Ordering::SeqCst);
        self.0.alarm.ring();
        self.0.store.close().await;
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The address under which people reach this installation.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The tenant that stands where an address names none.
    pub fn default_tenant(&self) -> &str {
        DEFAULT_TENANT
    }

    /// What definitions may use.
    pub fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    /// The failed authentications of late.
    pub fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// A tenant's rooms, opened for a caller, whose name is kept with all that it changes.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such tenant.
    pub async fn tenant(&self, name: &str, by: &str) -> Result<Tenant, Error> {
        match tenant::find(&self.0.store, name).await? {
            Some(_) => Ok(self.rooms(name, by)),
            None => Err(Error::not_found("tenant", name)),
        }
    }

    pub(crate) fn rooms(&self, name: &str, by: &str) -> Tenant {
        Tenant::new(self.0.clone(), self.0.store.space(name), by)
    }

    /// The names of all tenants.
    pub(crate) async fn tenants(&self) -> Result<Vec<String>, Error> {
        let all = tenant::list(&self.0.store, TENANTS).await?;
        Ok(all.into_iter().map(|tenant| tenant.name).collect())
    }

    /// A bearer token for an API key.
    ///
    /// # Errors
    /// [`Error::Unauthorized`], the same for every key that opens nothing.
    pub async fn issue_bearer(&self, key: &str) -> Result<Bearer, Error> {
        let now = self.now();
        let found = api_key::find_by_secret(&mut self.system_unit(), key).await?;
        let Some(key) = found.filter(|key| key.is_usable(now)) else {
            let message = "the API key does not open anything; check the header X-Api-Key";
            return Err(Error::Unauthorized { code: 271, message: message.to_owned() });
        };
        Ok(self.0.signer.issue(&key.grant(), now)?)
    }

    /// What a bearer token says, if it is ours and its time is now.
    pub fn verify_bearer(&self, jwt: &str) -> Result<Claims, TokenError> {
        self.0.signer.verify(jwt, self.now())
    }

    /// Signs with a new key from now on; tokens signed before stay good until they expire. Gives
    /// the new key's identifier.
    pub async fn rotate_signing_key(&self) -> Result<String, Error> {
        Ok(self.0.signer.rotate(self.now()).await?)
    }

    /// Whether work can be done here: the store answers a read and takes commits.
    pub async fn ready(&self) -> Result<(), Error> {
        self.0.store.takes_commits()?;
        tenant::find(&self.0.store, DEFAULT_TENANT).await?;
        Ok(())
    }

    /// What the store has done.
    pub fn store_figures(&self) -> Figures {
        let store = &self.0.store;
        Figures {
            commits: store.commits(),
            syncs: store.syncs() + store.database_syncs(),
            bytes_written: store.bytes_written(),
            bytes_read: store.bytes_read(),
            driver: store.driver_name(),
        }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn alarm(&self) -> &Alarm {
        &self.0.alarm
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::SeqCst)
    }

    /// A unit of work for rows of no tenant.
    pub(crate) fn system_unit(&self) -> Unit {
        self.0.store.space(SYSTEM).unit()
    }
}

/// The space under which rows of no tenant are worked on; no tenant can be named so.
const SYSTEM: &str = "$runtime";

/// The activities of this house as definitions are checked against them.
pub fn catalog() -> Catalog {
    catalog_of(&activities::ALL.iter().map(|plugin| (plugin.name, plugin)).collect())
}

fn catalog_of(plugins: &BTreeMap<&'static str, &'static Plugin>) -> Catalog {
    let shape = |plugin: &&'static Plugin| {
        let shape = plugin.shape();
        let parameters = shape.parameters.iter().map(|parameter| definitions::ParameterShape {
            name: parameter.name.clone(),
            kind: kind_of(parameter.kind),
            required: parameter.required,
        });
        let of_configuration = shape.errors.iter().filter(|error| error.of_configuration);
        definitions::ActivityShape {
            name: shape.name.clone(),
            aliases: shape.aliases.clone(),
            waits: plugin.acts == activities::Acts::Waits,
            parameters: parameters.collect(),
            errors: shape.errors.iter().map(|error| error.code.clone()).collect(),
            of_configuration: of_configuration.map(|error| error.code.clone()).collect(),
            ruled_out: shape.errors.iter().flat_map(ruled_out).collect(),
            outputs: shape.outputs.iter().map(|output| output.name.clone()).collect(),
            check: plugin.check,
        }
    };
    let named = |shape: definitions::ActivityShape| (shape.name.clone(), shape);
    Catalog { activities: plugins.values().map(shape).map(named).collect() }
}

fn ruled_out(error: &activities::ErrorShape) -> impl Iterator<Item = definitions::RuledOut> {
    error.never_with.iter().map(|(parameter, value)| definitions::RuledOut {
        code: error.code.clone(),
        parameter: parameter.clone(),
        value: value.clone(),
    })
}

fn kind_of(kind: activities::Kind) -> definitions::ParameterKind {
    use definitions::ParameterKind;
    match kind {
        activities::Kind::String => ParameterKind::String,
        activities::Kind::Integer => ParameterKind::Integer,
        activities::Kind::Boolean => ParameterKind::Boolean,
        activities::Kind::List => ParameterKind::List,
        activities::Kind::Map => ParameterKind::Map,
        activities::Kind::Any => ParameterKind::Any,
    }
}
