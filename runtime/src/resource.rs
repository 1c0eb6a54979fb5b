//! Named, versioned things: a save makes a new version, a status says whether it may be used.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::{Key, Range, Table, Unit};

use crate::listing::{self, Order};
use crate::{Error, Listing, Page, identifier};

/// A kind of resource; its name is the first part of every key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Definition,
    Form,
    Decision,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Kind::Definition => "process-definition",
            Kind::Form => "custom-data-form",
            Kind::Decision => "decision",
        }
    }

    /// What people call it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Definition => "process definition",
            Kind::Form => "custom data form",
            Kind::Decision => "decision",
        }
    }
}

/// Whether a version may be used by tokens and activities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VersionStatus {
    /// A draft: saved, not used.
    Editable,
    /// Checked and in use.
    DeployedActive,
    /// Was in use; running instances go on, new ones do not start.
    DeployedInactive,
}

/// One version of a named thing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) status: VersionStatus,
    pub(crate) description: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) created_by: String,
    pub(crate) updated_by: String,
    /// A removed version is kept for the instances that still run on it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) removed: bool,
    /// Members that only this kind has.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) details: Map<String, Value>,
}

impl Version {
    /// A text that only this kind has.
    pub(crate) fn detail(&self, name: &str) -> Option<&str> {
        self.details.get(name).and_then(Value::as_str)
    }

    /// Whether new uses may begin with it.
    pub(crate) fn is_deployed(&self) -> bool {
        self.status == VersionStatus::DeployedActive && !self.removed
    }
}

#[derive(Serialize, Deserialize)]
struct Located {
    name: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Newest {
    version: u32,
}

const VERSIONS: Table<Version> = Table::new("resource-versions");
const IDS: Table<Located> = Table::new("resource-ids");
const NAMES: Table<Newest> = Table::new("resource-names");
const SOURCES: Table<String> = Table::new("resource-sources");

/// The longest name and the longest description of a resource, in characters.
pub(crate) const NAME_LIMIT: usize = 50;
const DESCRIPTION_LIMIT: usize = 2000;

/// What a new version is made of.
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) status: VersionStatus,
    pub(crate) details: Map<String, Value>,
    pub(crate) source: String,
}

/// Saves a new version: one more than the newest of that name.
pub(crate) async fn add(
    unit: &mut Unit,
    kind: Kind,
    draft: Draft,
    now: Timestamp,
    by: &str,
) -> Result<Version, Error> {
    let name = draft.name.trim();
    if name.is_empty() || name.chars().count() > NAME_LIMIT {
        return Err(Error::invalid("name", format!("has to have 1 to {NAME_LIMIT} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "must not contain control characters"));
    }
    if draft.description.as_ref().is_some_and(|text| text.chars().count() > DESCRIPTION_LIMIT) {
        return Err(Error::invalid(
            "description",
            format!("has to have at most {DESCRIPTION_LIMIT} characters"),
        ));
    }
    let newest = unit.find(&NAMES, by_name(kind, name)).await?.map_or(0, |newest| newest.version);
    let version = Version {
        id: identifier::random()?,
        name: name.to_owned(),
        version: newest + 1,
        status: draft.status,
        description: draft.description,
        created: now,
        updated: now,
        created_by: by.to_owned(),
        updated_by: by.to_owned(),
        removed: false,
        details: draft.details,
    };
    unit.put(&NAMES, by_name(kind, name), &Newest { version: version.version })?;
    unit.put(&SOURCES, by_id(kind, &version.id), &draft.source)?;
    let located = Located { name: version.name.clone(), version: version.version };
    unit.put(&IDS, by_id(kind, &version.id), &located)?;
    put(unit, kind, &version)?;
    Ok(version)
}

/// One version by its identifier, removed ones included.
pub(crate) async fn find_any(
    unit: &mut Unit,
    kind: Kind,
    id: &str,
) -> Result<Option<Arc<Version>>, Error> {
    match unit.find_shared(&IDS, by_id(kind, id)).await? {
        Some(located) => {
            let key = by_version(kind, &located.name, located.version);
            Ok(unit.find_shared(&VERSIONS, key).await?)
        }
        None => Ok(None),
    }
}

/// One version by its identifier.
pub(crate) async fn read(unit: &mut Unit, kind: Kind, id: &str) -> Result<Version, Error> {
    find_any(unit, kind, id)
        .await?
        .filter(|version| !version.removed)
        .map(Arc::unwrap_or_clone)
        .ok_or_else(|| Error::not_found(kind.noun(), id))
}

/// A deployed version by name: the one numbered, or else the newest that is deployed.
pub(crate) async fn find_deployed(
    unit: &mut Unit,
    kind: Kind,
    name: &str,
    version: Option<u32>,
) -> Result<Option<Version>, Error> {
    if let Some(version) = version {
        let found = unit.find(&VERSIONS, by_version(kind, name, version)).await?;
        return Ok(found.filter(Version::is_deployed));
    }
    let (all, first) = (Range::prefix(by_name(kind, name)), Page { number: 0, size: 1 });
    let newest = listing::page_of(unit, &VERSIONS, all, Order::Descending, first, |_, found| {
        found.is_deployed().then_some(found)
    });
    Ok(newest.await?.items.pop())
}

/// The deployed version of a name that a call or a business rule task means. One that was deployed
/// together with another is not found by name.
pub(crate) async fn find_meant(
    unit: &mut Unit,
    kind: Kind,
    name: &str,
    meant: &engine::Version,
) -> Result<Option<Version>, Error> {
    let tag = match meant {
        engine::Version::Latest => return find_deployed(unit, kind, name, None).await,
        engine::Version::Number(number) => {
            return find_deployed(unit, kind, name, Some(*number)).await;
        }
        engine::Version::Tag(tag) => tag,
        engine::Version::Deployment => return Ok(None),
    };
    let (all, first) = (Range::prefix(by_name(kind, name)), Page { number: 0, size: 1 });
    let newest = listing::page_of(unit, &VERSIONS, all, Order::Descending, first, |_, found| {
        (found.is_deployed() && found.detail("versionTag") == Some(tag)).then_some(found)
    });
    Ok(newest.await?.items.pop())
}

/// The newest deployed version of a name that was saved at a moment or before it.
pub(crate) async fn find_deployed_before(
    unit: &mut Unit,
    kind: Kind,
    name: &str,
    moment: Timestamp,
) -> Result<Option<Version>, Error> {
    let (all, first) = (Range::prefix(by_name(kind, name)), Page { number: 0, size: 1 });
    let newest = listing::page_of(unit, &VERSIONS, all, Order::Descending, first, |_, found| {
        (found.is_deployed() && found.created <= moment).then_some(found)
    });
    Ok(newest.await?.items.pop())
}

/// The versions of one name, newest first.
pub(crate) async fn list_versions(
    unit: &Unit,
    kind: Kind,
    name: &str,
    page: Page,
) -> Result<Listing<Version>, Error> {
    let all = Range::prefix(by_name(kind, name));
    listing::page_of(unit, &VERSIONS, all, Order::Descending, page, |_, found| {
        (!found.removed).then_some(found)
    })
    .await
}

/// All versions that are or were in use, by name.
pub(crate) async fn list_used(unit: &Unit, kind: Kind) -> Result<Vec<Version>, Error> {
    let all = Range::prefix(Key::new().text(kind.key()));
    let everything = Page { number: 0, size: u32::MAX };
    let used = |_, found: Version| {
        (!found.removed && found.status != VersionStatus::Editable).then_some(found)
    };
    let found = listing::page_of(unit, &VERSIONS, all, Order::Ascending, everything, used);
    Ok(found.await?.items)
}

/// The newest version of each name, in the order of the names.
pub(crate) async fn list_names(
    unit: &Unit,
    kind: Kind,
    page: Page,
) -> Result<Listing<Version>, Error> {
    let all = Range::prefix(Key::new().text(kind.key()));
    let mut newest: Listing<Version> = Listing { total: 0, items: Vec::new() };
    let everything = Page { number: 0, size: u32::MAX };
    let versions =
        listing::page_of(unit, &VERSIONS, all, Order::Ascending, everything, |_, found| {
            (!found.removed).then_some(found)
        });
    for version in versions.await?.items {
        match newest.items.last_mut() {
            Some(last) if last.name == version.name => *last = version,
            _ => newest.items.push(version),
        }
    }
    newest.total = newest.items.len() as u64;
    let first = page.number as usize * page.size as usize;
    newest.items = newest.items.into_iter().skip(first).take(page.size as usize).collect();
    Ok(newest)
}

/// The text a version was saved with.
pub(crate) async fn source(unit: &mut Unit, kind: Kind, id: &str) -> Result<String, Error> {
    unit.find(&SOURCES, by_id(kind, id)).await?.ok_or_else(|| Error::not_found(kind.noun(), id))
}

/// Writes a changed version back.
pub(crate) fn put(unit: &mut Unit, kind: Kind, version: &Version) -> Result<(), Error> {
    Ok(unit.put(&VERSIONS, by_version(kind, &version.name, version.version), version)?)
}

fn by_id(kind: Kind, id: &str) -> Key {
    Key::new().text(kind.key()).text(id)
}

fn by_name(kind: Kind, name: &str) -> Key {
    Key::new().text(kind.key()).text(name)
}

fn by_version(kind: Kind, name: &str, version: u32) -> Key {
    by_name(kind, name).number(u64::from(version))
}
