//! Stand-ins: rows of passkeys that are read in place of those that a user, or nobody, does not have.
//!
//! A stranger sees the same for everybody (`decoy.rs`). It should also take the same time, so as many rows are read for
//! everybody.

use data_encoding::BASE64URL_NOPAD;
use storage::{Key, Range, Table};
use webauthn_rs_core::proto::{
    AttestationFormat, Credential, ParsedAttestation, RegisteredExtensions, UserVerificationPolicy,
};

use super::decoy::SHOWN;
use super::key_of_nobody;
use super::registered::{PasskeyStatus, PasskeySummary, Place, Row};
use crate::error::Error;
use crate::random::{identifier, random};
use crate::store::IdentityStore;
use crate::work::Work;

/// The credential identifiers (base64url) of passkeys of nobody, by store and number.
const NEWEST: Table<String> = Table::new("stand-in-passkeys-by-creation");
/// A passkey of nobody, by store and number.
const PASSKEYS: Table<Row> = Table::new("stand-in-passkeys");
/// Where it is, by the same key.
const PLACES: Table<Place> = Table::new("stand-in-places-of-passkeys");
/// The number of the only one that there is.
const FIRST: u64 = 0;
/// A number that there is none of.
const NONE: u64 = SHOWN as u64;

impl Work {
    /// Reads as many rows of nobody as are missing of those of the passkeys that are shown, and makes them where nobody
    /// needed them before. It is one look, also where none is missing.
    pub(super) async fn read_stand_in_passkeys(
        &mut self,
        store: &IdentityStore,
        there: usize,
    ) -> Result<(), Error> {
        let missing = SHOWN.saturating_sub(there);
        let stretch = if missing > 0 { Range::prefix(&store.id) } else { Range::prefix("") };
        let rows = self.unit().list(&NEWEST, stretch, missing.max(1)).await?;
        if rows.len() < missing {
            self.make_stand_in_passkeys(store)?;
        }
        Ok(())
    }

    /// Looks for what stands in for a passkey that may be missing, and for where it is.
    pub(super) async fn stand_in_for_passkey(
        &mut self,
        store: &IdentityStore,
        missing: bool,
    ) -> Result<(), Error> {
        let number = if missing { FIRST } else { NONE };
        let place = self.unit().find(&PLACES, key(store, number)).await?;
        let row = self.unit().find(&PASSKEYS, key(store, number)).await?;
        if missing && (place.is_none() || row.is_none()) {
            self.make_stand_in_passkeys(store)?;
        }
        Ok(())
    }

    fn make_stand_in_passkeys(&mut self, store: &IdentityStore) -> Result<(), Error> {
        for number in 0..SHOWN as u64 {
            let id = BASE64URL_NOPAD.encode(&random::<32>()?);
            self.unit().put(&NEWEST, key(store, number), &id)?;
        }
        let row = self.stand_in()?;
        self.unit().put(&PASSKEYS, key(store, FIRST), &row)?;
        Ok(self.unit().put(&PLACES, key(store, FIRST), &Place::anywhere()?)?)
    }

    /// A passkey like everybody's, with a key that nobody has.
    fn stand_in(&self) -> Result<Row, Error> {
        let cred = key_of_nobody::es256().ok_or(Error::NoRandomness)?;
        let (id, handle) = (random::<32>()?, random::<32>()?);
        let summary = PasskeySummary {
            id: identifier()?,
            name: "Passkey 1".to_owned(),
            status: PasskeyStatus::Active,
            relying_party_id: String::new(),
            registration_policy: "default".to_owned(),
            credential_id: BASE64URL_NOPAD.encode(&id),
            user_handle: BASE64URL_NOPAD.encode(&handle),
            user_name: "nobody@example.org".to_owned(),
            algorithm: "ES256".to_owned(),
            attestation_format: "none".to_owned(),
            transports: vec!["hybrid".to_owned(), "internal".to_owned()],
            user_verified: true,
            backup_eligible: true,
            backup_state: true,
            sign_count: 0,
            created_dtm: self.now(),
            last_updated_dtm: self.now(),
            last_authenticated_with_dtm: Some(self.now()),
        };
        let credential = Credential {
            cred_id: id.to_vec(),
            cred,
            counter: 0,
            transports: None,
            user_verified: true,
            backup_eligible: true,
            backup_state: true,
            registration_policy: UserVerificationPolicy::Preferred,
            extensions: RegisteredExtensions::none(),
            attestation: ParsedAttestation::default(),
            attestation_format: AttestationFormat::None,
        };
        Ok(Row { summary, credential })
    }
}

fn key(store: &IdentityStore, number: u64) -> Key {
    Key::new().text(&store.id).number(number)
}

#[cfg(test)]
impl Work {
    /// Gives a user passkeys that nobody can use.
    pub(crate) async fn give_passkeys(
        &mut self,
        store: &str,
        who: &crate::Who,
        rp_id: &str,
        count: usize,
    ) -> Result<(), Error> {
        let (store, user) = self.holder(store, who).await?;
        for _ in 0..count {
            let mut row = self.stand_in()?;
            row.summary.relying_party_id = rp_id.to_owned();
            self.add_passkey(&store.id, &user.id, &row)?;
        }
        Ok(())
    }
}
