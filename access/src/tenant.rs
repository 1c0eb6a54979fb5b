//! The registry of tenants: who has rooms of their own in this installation.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Range, Store, Table, Unit};

use crate::Error;

/// The space of the installation itself. No tenant can bear this name.
pub(crate) const INSTALLATION: &str = "$installation";

const TENANTS: Table<Tenant> = Table::shared("tenants");

/// Somebody with rooms of their own: stores, definitions, instances, keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Its name, which is its identifier everywhere.
    pub name: String,
    /// When it was added.
    pub created_dtm: Timestamp,
    /// Who added it.
    pub created_by: String,
}

/// Registers the tenant whose unit this is; the row goes into the unit's own commit.
///
/// # Errors
/// [`Error::Invalid`] when the name is not 1 to 50 of `a-z`, `0-9` and inner `-`;
/// [`Error::Taken`] when it is registered already.
pub async fn add(unit: &mut Unit, now: Timestamp, by: &str) -> Result<Tenant, Error> {
    let name = unit.tenant().to_owned();
    if !is_name(&name) {
        return Err(Error::invalid(
            "name",
            "must be 1 to 50 lower-case letters, digits and inner hyphens",
        ));
    }
    if unit.find(&TENANTS, &name).await?.is_some() {
        return Err(Error::Taken { what: "tenant", name });
    }
    let tenant = Tenant { name, created_dtm: now, created_by: by.to_owned() };
    unit.put(&TENANTS, &tenant.name, &tenant)?;
    Ok(tenant)
}

/// The tenant of a name, if there is one.
///
/// # Errors
/// [`Error::Storage`].
pub async fn find(store: &Store, name: &str) -> Result<Option<Arc<Tenant>>, Error> {
    if !is_name(name) {
        return Ok(None);
    }
    Ok(store.space(INSTALLATION).unit().find_shared(&TENANTS, name).await?)
}

/// All tenants, by name, at most `limit`.
///
/// # Errors
/// [`Error::Storage`].
pub async fn list(store: &Store, limit: usize) -> Result<Vec<Tenant>, Error> {
    let unit = store.space(INSTALLATION).unit();
    let rows = unit.list(&TENANTS, Range::all(), limit).await?;
    Ok(rows.into_iter().map(|(_, tenant)| tenant).collect())
}

/// Says whether a text can name a tenant.
pub fn is_name(name: &str) -> bool {
    (1..=50).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn add_named(store: &Store, name: &str) -> Result<Tenant, Error> {
        let mut unit = store.space(name).unit();
        let tenant = add(&mut unit, Timestamp::UNIX_EPOCH, "test").await?;
        unit.commit().await?;
        Ok(tenant)
    }

    #[tokio::test]
    async fn a_registered_tenant_is_found_and_listed() {
        let store = Store::memory();
        assert_eq!(find(&store, "demo").await.unwrap(), None);
        let demo = add_named(&store, "demo").await.unwrap();
        add_named(&store, "acme").await.unwrap();
        assert_eq!(find(&store, "demo").await.unwrap().as_deref(), Some(&demo));
        let names: Vec<_> =
            list(&store, 10).await.unwrap().into_iter().map(|tenant| tenant.name).collect();
        assert_eq!(names, ["acme", "demo"]);
    }

    #[tokio::test]
    async fn a_name_is_taken_once() {
        let store = Store::memory();
        add_named(&store, "demo").await.unwrap();
        assert!(matches!(add_named(&store, "demo").await, Err(Error::Taken { .. })));
    }

    #[tokio::test]
    async fn no_tenant_can_take_the_place_of_the_installation() {
        let store = Store::memory();
        for name in [INSTALLATION, "", "Demo", "a b", "-a", "a-", "a#b", "a/b", "ä"] {
            assert!(matches!(add_named(&store, name).await, Err(Error::Invalid { .. })), "{name}");
            assert_eq!(find(&store, name).await.unwrap(), None, "{name}");
        }
    }
}
