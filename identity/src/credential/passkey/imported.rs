//! Passkeys that come from another store: their public halves, which open there what they opened here.

use data_encoding::BASE64URL_NOPAD;
use webauthn_rs_core::proto::{
    AttestationFormat, Credential, ParsedAttestation, RegisteredExtensions, UserVerificationPolicy,
};

use super::fault::PasskeyFault;
use super::key;
use super::registered::{PasskeySummary, Row, check_text};
use super::registration::NewPasskey;
use crate::audit::Action;
use crate::base64::decode_base64;
use crate::error::Error;
use crate::name::is_identifier;
use crate::random::identifier;
use crate::store::IdentityStore;
use crate::transfer::PasskeyLine;
use crate::user::{self, UserId};
use crate::work::Work;

/// The longest identifier of a credential, in bytes (section 4 of the standard).
const LONGEST_CREDENTIAL_ID: usize = 1023;

impl Work {
    /// Brings a passkey to a user, unless the user has it; says whether it did. How its maker vouched for it does not
    /// come along.
    pub(crate) async fn import_passkey(
        &mut self,
        store: &IdentityStore,
        user: &user::Row,
        line: PasskeyLine,
    ) -> Result<bool, Error> {
        let unusable = |reason: &str| Error::ImportLine(format!("passkeys: {reason}"));
        let config = store.passkey_config(&line.relying_party_id)?;
        let id = decode_base64(&line.credential_id);
        let id = id.filter(|id| (1..=LONGEST_CREDENTIAL_ID).contains(&id.len()));
        let id = id.ok_or_else(|| unusable("a credentialId is base64url of 1 to 1023 bytes"))?;
        match self.find_credential(&store.id, &line.relying_party_id, &id).await? {
            Some((owner, _)) if owner == user.id => return Ok(false),
            Some(_) => return Err(PasskeyFault::AlreadyRegistered.into()),
            None => {}
        }
        let present = self.summarise_passkeys(&store.id, &user.id).await?;
        let rp_id = &line.relying_party_id;
        let of_party = present.iter().filter(|one| one.relying_party_id == *rp_id).count() as u64;
        let most = self.limits().await?.maximum_passkeys_per_user;
        if of_party >= config.maximum_passkeys_per_user.into() || present.len() as u64 >= most {
            return Err(unusable("the user has as many as there may be"));
        }
        if line.user_handle.is_empty() {
            return Err(unusable("a userHandle is base64url of 1 to 64 bytes"));
        }
        let new = NewPasskey { user_handle: Some(line.user_handle), ..NewPasskey::default() };
        let user_handle = self.handle(store, Some(user), rp_id, &present, &new).await?;
        let name = line.name.unwrap_or_else(|| format!("Passkey {}", present.len() + 1));
        let own = || user.external_id.clone().unwrap_or_else(|| user.id.to_string());
        let user_name = line.user_name.unwrap_or_else(own);
        check_text("name", &name)?;
        check_text("userName", &user_name)?;
        let cose = decode_base64(&line.public_key);
        let cose = cose.and_then(|cose| serde_cbor_2::from_slice(&cose).ok());
        let cose = cose.ok_or_else(|| unusable("a publicKey is a COSE_Key in base64url"))?;
        let cred = key::read(&cose)?;
        let passkey_id = match line.id {
            Some(id) if !is_identifier(&id) || present.iter().any(|other| other.id == id) => {
                return Err(unusable(
                    "an id is 26 characters of upper-case base32, and no other's",
                ));
            }
            Some(id) => id,
            None => identifier()?,
        };
        let summary = PasskeySummary {
            id: passkey_id,
            name,
            status: line.status,
            relying_party_id: line.relying_party_id,
            registration_policy: line.registration_policy.unwrap_or_else(|| "default".to_owned()),
            credential_id: BASE64URL_NOPAD.encode(&id),
            user_handle,
            user_name,
            algorithm: key::name(cred.type_).to_owned(),
            attestation_format: line.attestation_format.unwrap_or_else(|| "none".to_owned()),
            transports: line.transports,
            user_verified: line.user_verified,
            backup_eligible: line.backup_eligible,
            backup_state: line.backup_state,
            sign_count: line.sign_count,
            created_dtm: line.created_dtm.map_or(self.now(), |time| time.min(self.now())),
            last_updated_dtm: self.now(),
            last_authenticated_with_dtm: line.last_authenticated_with_dtm,
        };
        let credential = Credential {
            cred_id: id,
            cred,
            counter: summary.sign_count,
            transports: None,
            user_verified: summary.user_verified,
            backup_eligible: summary.backup_eligible,
            backup_state: summary.backup_state,
            registration_policy: UserVerificationPolicy::Preferred,
            extensions: RegisteredExtensions::none(),
            attestation: ParsedAttestation::default(),
            attestation_format: AttestationFormat::None,
        };
        self.audit_passkey(Action::PasskeyImported, store, &user.id, &summary)?;
        self.add_passkey(&store.id, &user.id, &Row { summary, credential })?;
        Ok(true)
    }

    /// The passkeys of a user as they are exported.
    pub(crate) async fn export_passkeys(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<PasskeyLine>, Error> {
        let rows = self.whole_passkeys(store, user).await?;
        let line = |Row { summary, credential }| PasskeyLine {
            public_key: BASE64URL_NOPAD.encode(&key::write(&credential.cred)),
            id: Some(summary.id),
            name: Some(summary.name),
            status: summary.status,
            relying_party_id: summary.relying_party_id,
            registration_policy: Some(summary.registration_policy),
            credential_id: summary.credential_id,
            user_handle: summary.user_handle,
            user_name: Some(summary.user_name),
            attestation_format: Some(summary.attestation_format),
            transports: summary.transports,
            user_verified: summary.user_verified,
            backup_eligible: summary.backup_eligible,
            backup_state: summary.backup_state,
            sign_count: summary.sign_count,
            created_dtm: Some(summary.created_dtm),
            last_authenticated_with_dtm: summary.last_authenticated_with_dtm,
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
