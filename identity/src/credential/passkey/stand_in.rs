//! Stand-ins: rows of passkeys that are read in place of those that a user, or nobody, does not have.
//!
//! A stranger sees the same for everybody (`decoy.rs`). It should also take the same time, so as many rows are read for
//! everybody, and a signature is verified whether there is such a passkey or not.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD;
use storage::{Key, Range, Table};
use webauthn_rs_core::proto::{
    AttestationFormat, COSEAlgorithm, COSEEC2Key, COSEKey, COSEKeyType, Credential, ECDSACurve,
    ParsedAttestation, RegisteredExtensions, UserVerificationPolicy,
};

use super::decoy::SHOWN;
use super::registered::{PasskeyStatus, PasskeySummary, Row};
use crate::error::Error;
use crate::random::{identifier, random};
use crate::store::IdentityStore;
use crate::work::Work;

/// Passkeys of nobody, by store and number.
const PASSKEYS: Table<Row> = Table::new("stand-in-passkeys");

impl Work {
    /// Reads as many passkeys of nobody as are missing of those that are shown, and makes them where nobody needed
    /// them before.
    pub(super) async fn read_stand_in_passkeys(
        &mut self,
        store: &IdentityStore,
        there: usize,
    ) -> Result<Vec<Row>, Error> {
        let missing = SHOWN.saturating_sub(there);
        let stretch = Range::prefix(Key::new().text(&store.id));
        let rows = self.unit().list(&PASSKEYS, stretch, missing).await?;
        if rows.len() == missing {
            return Ok(rows.into_iter().map(|(_, row)| row).collect());
        }
        let mut made = Vec::new();
        for number in 0..SHOWN as u64 {
            let row = self.stand_in()?;
            self.unit().put(&PASSKEYS, Key::new().text(&store.id).number(number), &row)?;
            made.push(row);
        }
        Ok(made)
    }

    /// A passkey like everybody's, with a key that nobody has.
    fn stand_in(&self) -> Result<Row, Error> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING);
        let pair = pair.map_err(|_| Error::NoRandomness)?;
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let key = COSEEC2Key { curve: ECDSACurve::SECP256R1, x: x.to_vec(), y: y.to_vec() };
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
            cred: COSEKey { type_: COSEAlgorithm::ES256, key: COSEKeyType::EC_EC2(key) },
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
