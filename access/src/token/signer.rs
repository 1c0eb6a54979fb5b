//! The signing keys: made at the first start, sealed at rest, changed without cutting anybody off.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use storage::{Range, Seal, SealedTable, Space, Store, Table, Unit};
use zeroize::Zeroizing;

use super::{AUDIENCE, Bearer, Claims, Grant, LIFETIME, Payload, TokenError};
use crate::Error;
use crate::id::{random_id, random_secret};
use crate::tenant::INSTALLATION;

const SIGNING_KEYS: Table<SigningKey> = Table::new("signing-keys");
const SIGNING_SEEDS: SealedTable<Seed> = SealedTable::new("signing-seeds");

/// How many keys are kept at most; the oldest retired one goes first.
const KEPT: usize = 64;

/// What precedes the seed in an Ed25519 private key (RFC 8410 §7, PKCS#8 version 1).
const PKCS8_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Issues bearer tokens and verifies them. Cloning shares the keys.
#[derive(Clone)]
pub struct Signer {
    space: Space,
    issuer: Arc<str>,
    ring: Arc<RwLock<Arc<Ring>>>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What is known of a signing key without its secret; the row's key is its `kid`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SigningKey {
    pub(crate) created_dtm: Timestamp,
    /// Set when another key took its place: until when tokens that it signed may still be shown.
    pub(crate) verifies_until: Option<Timestamp>,
}

struct Seed(Zeroizing<[u8; 32]>);

impl Seal for Seed {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Self, String> {
        let seed = bytes.try_into().map_err(|_| "a signing seed has 32 bytes".to_owned())?;
        Ok(Seed(Zeroizing::new(seed)))
    }
}

struct Ring {
    kid: String,
    signing: EncodingKey,
    verifying: BTreeMap<String, (DecodingKey, Option<Timestamp>)>,
}

impl Signer {
    /// Loads the signing keys, or makes the first one. `issuer` is the address of this installation.
    ///
    /// # Errors
    /// [`Error::Storage`]; [`Error::SigningKey`] when a kept key cannot be used.
    pub async fn open(store: &Store, issuer: &str, now: Timestamp) -> Result<Signer, Error> {
        let space = store.space(INSTALLATION);
        let mut unit = space.unit();
        let ring = match load(&mut unit, now).await? {
            Some(ring) => ring,
            None => {
                add_key(&mut unit, now).await?;
                load(&mut unit, now).await?.ok_or_else(no_key)?
            }
        };
        unit.commit().await?;
        Ok(Signer { space, issuer: issuer.into(), ring: Arc::new(RwLock::new(Arc::new(ring))) })
    }

    /// Issues a token for [`LIFETIME`] seconds, or for less when the grant ends before.
    ///
    /// # Errors
    /// [`Error::SigningKey`] when the key cannot sign; [`Error::Random`].
    pub fn issue(&self, grant: &Grant, now: Timestamp) -> Result<Bearer, Error> {
        let ring = self.ring();
        let begin = now.as_second();
        let longest = begin + i64::from(LIFETIME);
        let end = grant.not_after.map_or(longest, |end| end.as_second().min(longest)).max(begin);
        let payload = Payload {
            iss: self.issuer.to_string(),
            aud: AUDIENCE.to_owned(),
            sub: grant.subject.clone(),
            iat: begin,
            nbf: begin,
            exp: end,
            jti: random_id()?,
            tenant: grant.tenant.clone(),
            name: grant.name.clone(),
            permissions: grant.permissions.clone(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(ring.kid.clone());
        let token = jsonwebtoken::encode(&header, &payload, &ring.signing).map_err(cannot_sign)?;
        Ok(Bearer { token, ttl: i32::try_from(end - begin).unwrap_or(LIFETIME) })
    }

    /// Verifies a token: form, key, signature, issuer, audience and time.
    ///
    /// # Errors
    /// The first thing that is wrong, as a [`TokenError`] with its public code.
    pub fn verify(&self, jwt: &str, now: Timestamp) -> Result<Claims, TokenError> {
        let kid = super::read_key_id(jwt)?;
        let ring = self.ring();
        let (key, until) = ring.verifying.get(&kid).ok_or(TokenError::UnknownKey)?;
        if until.is_some_and(|until| until <= now) {
            return Err(TokenError::UnknownKey);
        }
        super::read_claims(jwt, key, &self.issuer, now)
    }

    /// Makes a new signing key and answers its `kid`. The one before still verifies until the last
    /// token that it signed has expired; keys whose time is over are deleted.
    ///
    /// # Errors
    /// [`Error::Storage`], with a conflict when somebody else rotates at the same time.
    pub async fn rotate(&self, now: Timestamp) -> Result<String, Error> {
        let mut unit = self.space.unit();
        for (kid, mut key) in stored(&unit).await? {
            if key.verifies_until.is_none() {
                key.verifies_until = Some(now + SignedDuration::from_secs(i64::from(LIFETIME)));
                unit.find(&SIGNING_KEYS, &kid).await?;
                unit.put(&SIGNING_KEYS, &kid, &key)?;
            }
        }
        let kid = add_key(&mut unit, now).await?;
        let ring = load(&mut unit, now).await?.ok_or_else(no_key)?;
        unit.commit().await?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        tracing::info!(kid, "the signing key was changed");
        Ok(kid)
    }

    fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Adds a key to the unit and answers its `kid`.
async fn add_key(unit: &mut Unit, now: Timestamp) -> Result<String, Error> {
    let kid = random_id()?;
    unit.put(&SIGNING_KEYS, &kid, &SigningKey { created_dtm: now, verifies_until: None })?;
    unit.put_sealed(&SIGNING_SEEDS, &kid, &Seed(random_secret()?)).await?;
    Ok(kid)
}

/// All keys, the oldest first.
async fn stored(unit: &Unit) -> Result<Vec<(String, SigningKey)>, Error> {
    let rows = unit.list(&SIGNING_KEYS, Range::all(), usize::MAX).await?;
    let mut keys = Vec::with_capacity(rows.len());
    for (place, key) in rows {
        keys.push((place.read().text()?, key));
    }
    keys.sort_by_key(|(_, key)| key.created_dtm);
    Ok(keys)
}

/// The ring of all keys whose time is not over. Those whose time is over are removed in the unit.
async fn load(unit: &mut Unit, now: Timestamp) -> Result<Option<Ring>, Error> {
    let mut verifying = BTreeMap::new();
    let mut newest = None;
    let keys = stored(unit).await?;
    let too_many = keys.len().saturating_sub(KEPT);
    for (at, (kid, key)) in keys.into_iter().enumerate() {
        if key.verifies_until.is_some_and(|until| until <= now || at < too_many) {
            unit.remove(&SIGNING_KEYS, &kid);
            unit.remove_sealed(&SIGNING_SEEDS, &kid);
            continue;
        }
        let seed = unit.find_sealed(&SIGNING_SEEDS, &kid).await?.ok_or_else(no_key)?;
        let (signing, public) = key_pair(&seed)?;
        verifying.insert(kid.clone(), (public, key.verifies_until));
        if key.verifies_until.is_none() {
            newest = Some((kid, signing));
        }
    }
    Ok(newest.map(|(kid, signing)| Ring { kid, signing, verifying }))
}

fn key_pair(seed: &Seed) -> Result<(EncodingKey, DecodingKey), Error> {
    let document = Zeroizing::new([PKCS8_HEAD.as_slice(), seed.0.as_slice()].concat());
    let signing = EncodingKey::from_ed_der(&document);
    let public = Jwk::from_encoding_key(&signing, Algorithm::EdDSA).map_err(cannot_sign)?;
    let verifying = DecodingKey::from_jwk(&public).map_err(cannot_sign)?;
    Ok((signing, verifying))
}

fn cannot_sign(error: jsonwebtoken::errors::Error) -> Error {
    Error::SigningKey(error.to_string())
}

fn no_key() -> Error {
    Error::SigningKey("its secret is missing".to_owned())
}

#[cfg(test)]
impl Signer {
    /// The current key's identifier.
    pub(super) fn kid(&self) -> String {
        self.ring().kid.clone()
    }

    /// The current key's public half.
    pub(super) fn public_key(&self) -> Vec<u8> {
        let ring = self.ring();
        ring.verifying[&ring.kid].0.try_get_as_bytes().unwrap().to_vec()
    }

    /// How many keys verify.
    pub(super) fn verifying(&self) -> usize {
        self.ring().verifying.len()
    }

    /// A token of any header and payload, truly signed with the current key.
    pub(super) fn sign_raw(&self, header: &str, payload: &str) -> String {
        let part = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
        let message = format!("{}.{}", part(header), part(payload));
        let key = &self.ring().signing;
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), key, Algorithm::EdDSA).unwrap();
        format!("{message}.{signature}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_signing_key_rests_in_the_open() {
        let folder = std::env::temp_dir().join(format!("signer-{}", std::process::id()));
        let store = Store::open(storage::Driver::Redb, &folder).unwrap();
        let signer = Signer::open(&store, "http://localhost", Timestamp::UNIX_EPOCH).await.unwrap();
        let kid = signer.rotate(Timestamp::UNIX_EPOCH).await.unwrap();
        let unit = store.space(INSTALLATION).unit();
        let seeds = unit.list_sealed(&SIGNING_SEEDS, Range::all(), 10).await.unwrap();
        assert_eq!(seeds.len(), 2);
        drop((unit, signer));
        store.close().await;
        let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file).unwrap()).collect();
        std::fs::remove_dir_all(&folder).unwrap();
        let holds = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
        assert!(holds(kid.as_bytes()), "the search finds what is there");
        for (_, Seed(seed)) in &seeds {
            assert!(!holds(&seed[..]));
        }
    }
}
