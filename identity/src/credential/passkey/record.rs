//! The record of a registration: what the authenticator gave, kept compressed to be examined again later.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Seal, SealedTable};
use zeroize::Zeroizing;

use super::fault::PasskeyFault;
use crate::error::Error;
use crate::user::Who;
use crate::work::Work;

/// The records by store, user and passkey.
const RECORDS: SealedTable<Compressed> = SealedTable::new("passkey-registrations");
/// The most that a record may unfold to, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// What the authenticator gave when a passkey was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyRegistrationRecord {
    /// The identifier of the passkey.
    pub passkey_id: String,
    /// When it was registered.
    pub registered_dtm: Timestamp,
    /// The identifier of the relying party.
    pub relying_party_id: String,
    /// The registration policy.
    pub registration_policy: String,
    /// The page where it was registered.
    pub origin: String,
    /// The challenge, base64url.
    pub challenge: String,
    /// The client data, base64url (Web Authentication section 5.8.1).
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: String,
    /// The attestation object, base64url (section 6.5).
    pub attestation_object: String,
    /// The attestation statement format.
    pub attestation_format: String,
    /// The ways on which the authenticator can be reached.
    pub transports: Vec<String>,
}

/// A record, compressed (RFC 1951).
pub(super) struct Compressed(pub(super) Vec<u8>);

impl Seal for Compressed {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Compressed, String> {
        Ok(Compressed(bytes.to_vec()))
    }
}

impl Compressed {
    fn of(record: &PasskeyRegistrationRecord) -> Option<Compressed> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&serde_json::to_vec(record).ok()?).ok()?;
        encoder.finish().ok().map(Compressed)
    }

    fn record(&self) -> Option<PasskeyRegistrationRecord> {
        let mut json = Vec::new();
        DeflateDecoder::new(&*self.0).take(LARGEST).read_to_end(&mut json).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

impl Work {
    /// The record of a passkey's registration.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`], [`PasskeyFault::Missing`],
    /// [`PasskeyFault::RecordMissing`], [`PasskeyFault::RecordUnreadable`], [`Error::Storage`].
    pub async fn read_passkey_registration(
        &mut self,
        store: &str,
        who: &Who,
        id: &str,
    ) -> Result<PasskeyRegistrationRecord, Error> {
        let (store, user) = self.holder(store, who).await?;
        self.expect_passkey(&store.id, &user.id, id).await?;
        let missing = || PasskeyFault::RecordMissing(id.to_owned());
        let key = Key::new().text(&store.id).text(user.id.as_str()).text(id);
        let found = self.unit().find_sealed(&RECORDS, key).await?.ok_or_else(missing)?;
        let unreadable = || PasskeyFault::RecordUnreadable(id.to_owned()).into();
        found.record().ok_or_else(unreadable)
    }

    pub(super) async fn keep_passkey_record(
        &mut self,
        key: &Key,
        record: &PasskeyRegistrationRecord,
    ) -> Result<(), Error> {
        let unreadable = || PasskeyFault::RecordUnreadable(record.passkey_id.clone());
        let compressed = Compressed::of(record).ok_or_else(unreadable)?;
        Ok(self.unit().put_sealed(&RECORDS, key, &compressed).await?)
    }

    pub(super) fn remove_passkey_record(&mut self, key: &Key) {
        self.unit().remove_sealed(&RECORDS, key);
    }

    #[cfg(test)]
    pub(super) async fn spoil_passkey_record(&mut self, key: &Key) {
        self.unit().put_sealed(&RECORDS, key, &Compressed(vec![1, 2, 3])).await.unwrap();
    }
}
