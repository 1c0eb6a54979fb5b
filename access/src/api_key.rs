//! API keys: what a program shows to be given a bearer token.
//!
//! The key itself is told once, when it is made; afterwards only its digest is kept.

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Table, Unit};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::id::{digest_of, random_id, random_secret};
use crate::{Error, Grant, permission};

// Both tables are shared because the tenant is not known before the key has been found.
const API_KEYS: Table<ApiKey> = Table::shared("api-keys");
const API_KEY_DIGESTS: Table<Found> = Table::shared("api-key-digests");

/// What every key begins with, so that a leaked one is recognised.
const PREFIX: &str = "gw_";
/// How many characters of the digest are the index; the rest is compared in constant time.
const INDEXED: usize = 26;

/// A key that a program holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Its identifier.
    pub id: String,
    /// The tenant that it belongs to.
    pub tenant_id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is for a session or for good.
    #[serde(rename = "type")]
    pub kind: KeyType,
    /// The first characters of the key, by which a person tells one from another.
    pub code: String,
    /// Whether it may be used.
    pub status: KeyStatus,
    /// The permissions that its bearer tokens carry.
    pub permissions: Vec<String>,
    /// After this moment it is of no use.
    pub expiring_dtm: Option<Timestamp>,
    /// When it was added.
    pub created_dtm: Timestamp,
    /// When it was last changed.
    pub last_updated_dtm: Timestamp,
    /// Who added it.
    pub created_by: String,
    /// Who last changed it.
    pub last_updated_by: String,
}

/// How long a key is meant to live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// For one session; it should carry an expiry.
    Session,
    /// Until somebody blocks it.
    Permanent,
}

/// Whether a key may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyStatus {
    /// It may.
    Active,
    /// It may not, for now.
    Blocked,
    /// It may not, and is kept for the record.
    Archived,
}

/// What a new key is to be.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Its name, 1 to 255 characters.
    pub name: String,
    /// What it is for, at most 255 characters.
    pub description: Option<String>,
    /// Whether it is for a session or for good.
    pub kind: KeyType,
    /// The permissions that its bearer tokens carry.
    pub permissions: Vec<String>,
    /// After this moment it is of no use.
    pub expiring_dtm: Option<Timestamp>,
}

impl ApiKey {
    /// Says whether the key may be used now.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.status == KeyStatus::Active && self.expiring_dtm.is_none_or(|end| now < end)
    }

    /// What a bearer token for this key says. It does not outlive the key.
    pub fn grant(&self) -> Grant {
        Grant {
            tenant: self.tenant_id.clone(),
            subject: self.id.clone(),
            name: format!("API Key: {}", self.name),
            permissions: self.permissions.clone(),
            not_after: self.expiring_dtm,
        }
    }
}

/// Adds a key to the unit's tenant. The second half of the answer is the key in plain text,
/// which cannot be had again.
///
/// # Errors
/// [`Error::Invalid`] with the member's path, code 264 for a permission of no known form;
/// [`Error::Storage`].
pub async fn add(
    unit: &mut Unit,
    new: NewApiKey,
    now: Timestamp,
    by: &str,
) -> Result<(ApiKey, Zeroizing<String>), Error> {
    let tenant = unit.tenant().to_owned();
    check(&new, &tenant)?;
    let body = Zeroizing::new(BASE32_NOPAD.encode(random_secret()?.as_slice()));
    let plain = Zeroizing::new(format!("{PREFIX}{}", body.as_str()));
    let key = ApiKey {
        id: random_id()?,
        tenant_id: tenant,
        name: new.name,
        description: new.description,
        kind: new.kind,
        code: plain.chars().take(PREFIX.len() + 6).collect(),
        status: KeyStatus::Active,
        permissions: new.permissions,
        expiring_dtm: new.expiring_dtm,
        created_dtm: now,
        last_updated_dtm: now,
        created_by: by.to_owned(),
        last_updated_by: by.to_owned(),
    };
    let (index, digest) = digest_parts(&plain);
    let found = Found { tenant: key.tenant_id.clone(), id: key.id.clone(), digest };
    unit.put(&API_KEYS, place(&key.tenant_id, &key.id), &key)?;
    unit.put(&API_KEY_DIGESTS, index, &found)?;
    Ok((key, plain))
}

/// The key that a plain text is, of whichever tenant, usable or not.
///
/// # Errors
/// [`Error::Storage`].
pub async fn find_by_secret(unit: &mut Unit, plain: &str) -> Result<Option<ApiKey>, Error> {
    let (index, digest) = digest_parts(plain);
    let Some(found) = unit.peek(&API_KEY_DIGESTS, index).await? else { return Ok(None) };
    if !bool::from(found.digest.as_bytes().ct_eq(digest.as_bytes())) {
        return Ok(None);
    }
    Ok(unit.peek(&API_KEYS, place(&found.tenant, &found.id)).await?)
}

/// Where a digest leads.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    pub(crate) tenant: String,
    pub(crate) id: String,
    pub(crate) digest: String,
}

fn digest_parts(plain: &str) -> (Key, String) {
    let digest = digest_of(plain);
    (Key::new().text(&digest[..INDEXED]), digest)
}

fn place(tenant: &str, id: &str) -> Key {
    Key::new().text(tenant).text(id)
}

fn check(new: &NewApiKey, tenant: &str) -> Result<(), Error> {
    if !(1..=255).contains(&new.name.chars().count()) {
        return Err(Error::invalid("name", "must have 1 to 255 characters"));
    }
    if new.description.as_ref().is_some_and(|text| text.chars().count() > 255) {
        return Err(Error::invalid("description", "must have at most 255 characters"));
    }
    for (at, text) in new.permissions.iter().enumerate() {
        permission::check(text, tenant, &format!("permissions[{at}]"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use storage::Store;

    use super::*;

    fn new_key(permissions: &[&str]) -> NewApiKey {
        NewApiKey {
            name: "admin".to_owned(),
            description: None,
            kind: KeyType::Permanent,
            permissions: permissions.iter().map(ToString::to_string).collect(),
            expiring_dtm: None,
        }
    }

    async fn added(store: &Store, tenant: &str) -> (ApiKey, Zeroizing<String>) {
        let mut unit = store.space(tenant).unit();
        let permission = format!("TNT#{tenant}#*");
        let added = add(&mut unit, new_key(&[&permission]), Timestamp::UNIX_EPOCH, "System").await;
        unit.commit().await.unwrap();
        added.unwrap()
    }

    #[tokio::test]
    async fn a_key_is_found_by_its_plain_text_from_any_tenant() {
        let store = Store::memory();
        let (key, plain) = added(&store, "demo").await;
        let (other, _) = added(&store, "acme").await;
        let mut unit = store.space("acme").unit();
        assert_eq!(find_by_secret(&mut unit, &plain).await.unwrap().as_ref(), Some(&key));
        assert_ne!(key.id, other.id);
        assert!(plain.starts_with(&key.code) && plain.len() == 55);
    }

    #[tokio::test]
    async fn nothing_else_opens_the_door() {
        let store = Store::memory();
        let (key, plain) = added(&store, "demo").await;
        let mut unit = store.space("demo").unit();
        let digest = digest_of(&plain);
        let lower = plain.to_lowercase();
        let longer = format!("{}A", plain.as_str());
        let shorter = &plain[..plain.len() - 1];
        for wrong in ["", "gw_", &key.id, &key.code, &digest, &lower, &longer, shorter] {
            assert_eq!(find_by_secret(&mut unit, wrong).await.unwrap(), None, "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_key_with_a_wrong_member_is_refused_with_its_path() {
        let store = Store::memory();
        let long = "x".repeat(256);
        #[rustfmt::skip]
        let cases = [
            (NewApiKey { name: String::new(), ..new_key(&[]) },               "name",           None),
            (NewApiKey { name: long.clone(), ..new_key(&[]) },                "name",           None),
            (NewApiKey { description: Some(long.clone()), ..new_key(&[]) },   "description",    None),
            (new_key(&["TNT#demo#*", "TNT#acme#*"]),                          "permissions[1]", Some(264)),
        ];
        for (new, expected, code) in cases {
            let mut unit = store.space("demo").unit();
            match add(&mut unit, new, Timestamp::UNIX_EPOCH, "System").await {
                Err(error @ Error::Invalid { .. }) => {
                    assert_eq!(error.code(), code);
                    assert!(error.to_string().starts_with(expected), "{error}");
                }
                other => panic!("{expected}: {other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_blocked_or_expired_key_is_found_but_not_usable() {
        let store = Store::memory();
        let (mut key, _) = added(&store, "demo").await;
        let end: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let before: Timestamp = "2025-12-31T23:59:59Z".parse().unwrap();
        assert!(key.is_usable(end));
        key.expiring_dtm = Some(end);
        assert!(key.is_usable(before) && !key.is_usable(end));
        for status in [KeyStatus::Blocked, KeyStatus::Archived] {
            key.status = status;
            assert!(!key.is_usable(before));
        }
    }
}
