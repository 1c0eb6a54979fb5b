//! Passcodes that come from elsewhere: as verifiers, or as hashes that wait for the next sign-in.
//!
//! A user with a hash has a passcode like any other, with an `i` and a salt of its own that strangers see from the
//! first day on, and no verifier. SRP can only fail for it, see [`lane`](super::lane) for the way in.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use storage::{Counter, Key, Range, Seal, SealedTable, Table};
use zeroize::Zeroizing;

use super::ceremony::Seed;
use super::hash::Hash;
use super::history::MOST_HISTORY;
use super::registered::{PASSCODES, Row, Verifier};
use super::registration::read_verifier;
use crate::audit::{Action, Entry};
use crate::base64::decode_base64;
use crate::credential::kept::key;
use crate::error::Error;
use crate::store::IdentityStore;
use crate::transfer::{PasscodeLine, VerifierLine};
use crate::user::UserId;
use crate::work::Work;

/// The hashes that nobody has signed in with so far, by the keys of their passcodes.
const HASHES: SealedTable<ImportedHash> = SealedTable::new("passcode-hashes");
/// Hashes that cost as much as those that were imported, by store, policy and text.
const TEMPLATES: Table<()> = Table::new("passcode-hash-templates");
/// How many hashes were ever imported, by store and policy.
const IMPORTED: Counter = Counter::new("passcode-hashes-imported");
/// How many of them were replaced by a verifier or removed.
const GONE: Counter = Counter::new("passcode-hashes-gone");

/// The most kinds of hashes under one policy: each takes its own time, and a stranger is shown each of them.
const MOST_TEMPLATES: usize = 8;
/// The name of the group that verifiers are of.
const GROUP: &str = "RFC5054-2048";
/// The name of their digest.
const DIGEST: &str = "SHA-256";

/// The text of a hash.
pub(super) struct ImportedHash(pub(super) Zeroizing<String>);

impl Seal for ImportedHash {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.as_bytes().to_vec())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<ImportedHash, String> {
        let text = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
        Ok(ImportedHash(Zeroizing::new(text)))
    }
}

impl Work {
    /// Brings a passcode to a user, unless the user has one under its policy; says whether it did.
    pub(crate) async fn import_passcode(
        &mut self,
        store: &IdentityStore,
        user: &UserId,
        line: PasscodeLine,
    ) -> Result<bool, Error> {
        let policy = store.passcode_policy(&line.policy_name)?;
        if PASSCODES.find(self, &store.id, user, &line.policy_name).await?.is_some() {
            return Ok(false);
        }
        let unusable = |reason: &str| Error::ImportLine(format!("passcodes: {reason}"));
        let name = &line.policy_name;
        let (seed, verifier) = match (line.verifier, line.hash.map(Zeroizing::new)) {
            (Some(verifier), None) => {
                let (seed, verifier) = read_line(&verifier).map_err(unusable)?;
                (seed, Some(verifier))
            }
            (None, Some(text)) => {
                let template = Hash::read(&text).map_err(unusable)?.template();
                self.keep_template(store, name, template).await?;
                let hash = ImportedHash(text);
                self.unit().put_sealed(&HASHES, key(&store.id, user, name), &hash).await?;
                self.unit().add(&IMPORTED, under(&store.id, name), 1, None);
                let user = self.find_user(store, &user.into()).await?;
                let user = user.ok_or_else(|| unusable("there is no such user"))?;
                (self.seed(&store.id, name, &user).await?, None)
            }
            _ => return Err(unusable("one of hash and verifier is given, and not both")),
        };
        let created = line.created_dtm.map_or(self.now(), |time| time.min(self.now()));
        let expires = || policy.expiration_duration.map(|time| time.after(created));
        let expires = line.expiration_dtm.or_else(expires);
        let salt = BASE64URL_NOPAD.encode(&seed.salt);
        let row = Row {
            created_dtm: created,
            disabled: line.disabled,
            too_common: line.too_common,
            imported: verifier.is_none(),
            ..Row::new(&line.policy_name, seed.i, salt, self.now(), expires)?
        };
        if line.former.len() > MOST_HISTORY as usize {
            return Err(unusable("there are more than 24 former ones"));
        }
        let former: Result<Vec<_>, _> = line.former.iter().map(read_line).collect();
        self.import_former(store, user, &row, former.map_err(unusable)?).await?;
        PASSCODES.keep(self, &store.id, user, &row, verifier.as_ref()).await?;
        let entry = Entry::new(Action::PasscodeImported, store).user(user);
        self.audit(entry.policy(&row.policy_name))?;
        Ok(true)
    }

    /// The passcodes of a user as they are exported with what they are verified with.
    pub(crate) async fn export_passcodes(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<PasscodeLine>, Error> {
        let mut lines = Vec::new();
        for row in PASSCODES.list(self, store, user).await? {
            let verifier = PASSCODES.find_secret(self, store, user, &row.policy_name).await?;
            let hash = match row.imported {
                true => self.find_hash(store, user, &row.policy_name).await?,
                false => None,
            };
            lines.push(PasscodeLine {
                hash: hash.map(|ImportedHash(text)| text.to_string()),
                verifier: verifier.map(|Verifier(v)| line_of(row.i, row.salt, &v)),
                former: self.export_former(store, user, &row.policy_name).await?,
                policy_name: row.policy_name,
                created_dtm: Some(row.created_dtm),
                expiration_dtm: row.expiration_dtm,
                disabled: row.disabled,
                too_common: row.too_common,
            });
        }
        Ok(lines)
    }

    pub(super) async fn find_hash(
        &mut self,
        store: &str,
        user: &UserId,
        policy: &str,
    ) -> Result<Option<ImportedHash>, Error> {
        Ok(self.unit().find_sealed(&HASHES, key(store, user, policy)).await?)
    }

    /// Removes the hash of a passcode, if it has one.
    pub(super) fn drop_hash(&mut self, store: &str, user: &UserId, row: &Row) {
        if row.imported {
            self.unit().remove_sealed(&HASHES, key(store, user, &row.policy_name));
            self.unit().add(&GONE, under(store, &row.policy_name), 1, None);
        }
    }

    /// Whether hashes under a policy still wait for their users.
    pub(crate) async fn hashes_wait(&mut self, store: &str, policy: &str) -> Result<bool, Error> {
        let imported = self.unit().count(&IMPORTED, under(store, policy)).await?;
        Ok(imported > self.unit().count(&GONE, under(store, policy)).await?)
    }

    /// Hashes that cost as much as those that were imported under a policy.
    pub(super) async fn hash_templates(
        &mut self,
        store: &str,
        policy: &str,
    ) -> Result<Vec<String>, Error> {
        let stretch = Range::prefix(under(store, policy));
        let rows = self.unit().list(&TEMPLATES, stretch, MOST_TEMPLATES).await?;
        let text = |(key, ()): (Key, ())| {
            let mut parts = key.read();
            parts.text()?;
            parts.text()?;
            Ok(parts.text()?)
        };
        rows.into_iter().map(text).collect()
    }

    /// Erases what is known of the hashes of a store beside its users.
    pub(crate) async fn erase_hash_templates(&mut self, store: &str) -> Result<(), Error> {
        self.erase_stretch(&TEMPLATES, store, |work, key| {
            let mut parts = key.read();
            let policy = under(&parts.text()?, &parts.text()?);
            work.unit().remove_counter(&IMPORTED, &policy);
            work.unit().remove_counter(&GONE, &policy);
            Ok(())
        })
        .await
    }

    async fn keep_template(
        &mut self,
        store: &IdentityStore,
        policy: &str,
        template: String,
    ) -> Result<(), Error> {
        let known = self.hash_templates(&store.id, policy).await?;
        if known.contains(&template) {
            return Ok(());
        }
        if known.len() >= MOST_TEMPLATES {
            let reason = "passcodes: there are more than 8 kinds of hashes under the policy";
            return Err(Error::ImportLine(reason.to_owned()));
        }
        Ok(self.unit().put(&TEMPLATES, under(&store.id, policy).text(&template), &())?)
    }
}

fn under(store: &str, policy: &str) -> Key {
    Key::new().text(store).text(policy)
}

/// A verifier as it is exported.
pub(super) fn line_of(i: String, salt: String, v: &[u8]) -> VerifierLine {
    let (group, hash_algorithm) = (GROUP.to_owned(), DIGEST.to_owned());
    VerifierLine { i, salt, v: BASE64.encode(v), group, hash_algorithm }
}

fn read_line(line: &VerifierLine) -> Result<(Seed, Verifier), &'static str> {
    if line.group != GROUP || line.hash_algorithm != DIGEST {
        return Err("a verifier is of the group RFC5054-2048 and of SHA-256");
    }
    let is_fit = |byte: u8| matches!(byte, b'A'..=b'Z' | b'2'..=b'7');
    if line.i.len() != 26 || !line.i.bytes().all(is_fit) {
        return Err("the i of a verifier has 26 characters of upper-case base32");
    }
    let salt = BASE64URL_NOPAD.decode(line.salt.as_bytes()).ok().filter(|salt| salt.len() == 32);
    let salt = salt.ok_or("the salt of a verifier has 32 bytes in base64url without padding")?;
    let flaw = "the v of a verifier is no number of the group in base64";
    let v = decode_base64(&line.v).ok_or(flaw)?;
    let verifier = read_verifier(&v).map_err(|_| flaw)?;
    Ok((Seed { i: line.i.clone(), salt }, verifier))
}
