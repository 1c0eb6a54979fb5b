//! Registering a passkey: the authenticator makes a key pair, the store keeps the public half.

use data_encoding::BASE64URL_NOPAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webauthn_rs_core::proto::ParsedAttestation;

use super::attestation::Attested;
use super::ceremony::{Ceremony, Owner, PasskeyStart, Purpose, Ticket, challenge};
use super::client::{Creation, Expected, PasskeyAnswer};
use super::fault::PasskeyFault;
use super::key::{self, ALGORITHMS};
use super::policy::PasskeyRegistrationPolicy;
use super::record::PasskeyRegistrationRecord;
use super::registered::{self, MOST_DESCRIPTORS, PasskeyStatus, PasskeySummary, Row, check_text};
use super::relying_party::{PasskeyConfig, lasts};
use super::verification::Examination;
use crate::audit::Action;
use crate::base64::decode_base64;
use crate::error::Error;
use crate::random::{identifier, random};
use crate::store::IdentityStore;
use crate::user::{self, NewUser, User, UserStatus, Who};
use crate::work::Work;

/// A passkey to be registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct NewPasskey {
    /// The name of the user that the authenticator shows; the external identifier, or else the identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// How the user is called; the name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_display_name: Option<String>,
    /// The user handle, base64url of at most 64 bytes; the one that the user has, or else one that is derived
    /// from the user's identifier; of a user to be added a random one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_handle: Option<String>,
    /// A challenge of the caller's, base64url; only if the policy allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

/// Who gets a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasskeyOwner {
    /// This user.
    User(Who),
    /// The user of this external identifier, who is added when the passkey is there.
    NewUser(String),
}

/// A passkey that was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyRegistered {
    /// The user, with the passkey.
    pub user: User,
    /// The passkey.
    pub passkey: PasskeySummary,
}

impl Work {
    /// Starts to register a passkey.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::UserMissing`], [`Error::ExternalUserMissing`],
    /// [`Error::ExternalIdTaken`] for a new user who is there already, [`PasskeyFault::RelyingPartyMissing`],
    /// [`PasskeyFault::RegistrationPolicyMissing`], [`PasskeyFault::UserState`], [`PasskeyFault::TooMany`],
    /// [`PasskeyFault::UserHandleTaken`], [`PasskeyFault::ChallengeInvalid`], [`PasskeyFault::MemberInvalid`],
    /// [`Error::Storage`].
    pub async fn start_passkey_registration(
        &mut self,
        store: &str,
        owner: &PasskeyOwner,
        rp_id: &str,
        policy: &str,
        new: NewPasskey,
    ) -> Result<PasskeyStart, Error> {
        let store = self.read_store(store).await?;
        let (user, owner) = match owner {
            PasskeyOwner::User(who) => {
                let user = self.find_user(&store, who).await?.ok_or_else(|| who.missing())?;
                let owner = Owner::User(user.id.clone());
                (Some(user), owner)
            }
            PasskeyOwner::NewUser(external_id) if external_id.is_empty() => {
                return Err(Error::UserNotNamed);
            }
            PasskeyOwner::NewUser(external_id) => {
                let who = Who::ExternalId(external_id.clone());
                if self.find_user(&store, &who).await?.is_some() {
                    return Err(Error::ExternalIdTaken(external_id.clone()));
                }
                (None, Owner::New(external_id.clone()))
            }
        };
        let config = store.passkey_config(rp_id)?;
        let rules = config.registration(policy)?;
        let present = self.expect_room(&store, user.as_ref(), (rp_id, config)).await?;
        let user_handle = self.handle(&store, user.as_ref(), rp_id, &present, &new).await?;
        let user_name = new.user_name.filter(|name| !name.is_empty());
        let user_name = user_name.unwrap_or_else(|| match (&user, &owner) {
            (_, Owner::New(external_id)) => external_id.clone(),
            (Some(user), _) => user.external_id.clone().unwrap_or(user.id.to_string()),
            (None, Owner::User(id)) => id.to_string(),
        });
        check_text("userName", &user_name)?;
        let display_name = new.user_display_name.filter(|name| !name.is_empty());
        let display_name = display_name.unwrap_or_else(|| user_name.clone());
        check_text("userDisplayName", &display_name)?;
        let challenge = challenge(new.challenge.as_deref(), rules.allow_external_challenge)?;
        let purpose = Purpose::Registration { owner, user_handle, user_name, display_name };
        let ceremony = Ceremony::new(&store, rp_id, policy, challenge, purpose, self.now())?;
        let present = present.iter().filter(|passkey| passkey.relying_party_id == rp_id);
        let public_key = options(config, rules, &ceremony, present);
        self.keep_passkey_ceremony(&store, &ceremony, public_key).await
    }

    /// Completes the registration of a passkey. The session is used up then; after an error it is as it was.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::SessionMissing`], [`Error::ResponseInvalid`], every error of
    /// [`Work::start_passkey_registration`] when something has changed in the meantime, and of [`PasskeyFault`]
    /// those on sessions, client data, outcomes and attestations.
    pub async fn complete_passkey_registration(
        &mut self,
        store: &str,
        session_id: Option<&str>,
        answer: PasskeyAnswer,
    ) -> Result<PasskeyRegistered, Error> {
        let PasskeyAnswer { credential, failure, session } = answer;
        let store = self.read_store(store).await?;
        let ticket = Ticket { session_id: session_id.map(str::to_owned), session };
        let ceremony = self.take_passkey_ceremony(&store, &ticket, true).await?;
        let config = store.passkey_config(&ceremony.rp_id)?;
        let rules = config.registration(&ceremony.policy_name)?;
        let creation = match (credential, failure) {
            (Some(credential), None) => Creation::read(credential)?,
            (_, Some(failure)) => {
                return Err(PasskeyFault::RegistrationEnded(failure.outcome).into());
            }
            (None, None) => return Err(PasskeyFault::OutcomeAbsent.into()),
        };
        let expected = Expected {
            type_: "webauthn.create",
            challenge: &ceremony.challenge,
            rp_id: &ceremony.rp_id,
            config,
        };
        let origin = expected.check(&creation.client_data)?;
        creation.check(rules)?;
        let examination = Examination {
            rp_id: &ceremony.rp_id,
            origin: origin.clone(),
            challenge: &ceremony.challenge,
            user_verification: rules.user_verification,
        };
        let attested = Attested::read(&creation.attestation)?;
        let mut credential = examination.creation(&creation, &attested)?;
        rules.check_attestation(&attested, self.now())?;
        if self.find_credential(&store.id, &ceremony.rp_id, &creation.id).await?.is_some() {
            return Err(PasskeyFault::AlreadyRegistered.into());
        }
        let Purpose::Registration { owner, user_handle, user_name, .. } = &ceremony.purpose else {
            return Err(Error::SessionMissing);
        };
        let (user, present) =
            self.receiver(&store, owner, (&ceremony.rp_id, config), user_handle).await?;
        credential.attestation = ParsedAttestation::default();
        let summary = PasskeySummary {
            id: identifier()?,
            name: format!("Passkey {}", present.len() + 1),
            status: PasskeyStatus::Active,
            relying_party_id: ceremony.rp_id.clone(),
            registration_policy: ceremony.policy_name.clone(),
            credential_id: BASE64URL_NOPAD.encode(&creation.id),
            user_handle: user_handle.clone(),
            user_name: user_name.clone(),
            algorithm: key::name(credential.cred.type_).to_owned(),
            attestation_format: attested.format.clone(),
            transports: creation.transports.clone(),
            user_verified: credential.user_verified,
            backup_eligible: credential.backup_eligible,
            backup_state: credential.backup_state,
            sign_count: credential.counter,
            created_dtm: self.now(),
            last_updated_dtm: self.now(),
            last_authenticated_with_dtm: None,
        };
        let record = PasskeyRegistrationRecord {
            passkey_id: summary.id.clone(),
            registered_dtm: self.now(),
            relying_party_id: ceremony.rp_id.clone(),
            registration_policy: ceremony.policy_name.clone(),
            origin: origin.origin().ascii_serialization(),
            challenge: ceremony.challenge.clone(),
            client_data_json: BASE64URL_NOPAD.encode(&creation.client_data),
            attestation_object: BASE64URL_NOPAD.encode(&creation.attestation),
            attestation_format: attested.format,
            transports: creation.transports,
        };
        let row = Row { summary, credential };
        self.add_passkey(&store.id, &user.id, &row)?;
        self.keep_passkey_record(&registered::key(&store.id, &user.id, &row.summary.id), &record)
            .await?;
        self.audit_passkey(Action::PasskeyRegistered, &store, &user.id, &row.summary)?;
        // Writing the user makes a removal of the user at the same time see this passkey.
        let user = self.keep_user(&store, user)?;
        let user = self.show(&store, user).await?;
        Ok(PasskeyRegistered { user, passkey: row.summary })
    }

    /// The user who gets the passkey, who may be a new one, and the passkeys that they have. A journey goes on after an
    /// error and keeps what was written: so nobody is added to whom the passkey cannot be given.
    async fn receiver(
        &mut self,
        store: &IdentityStore,
        owner: &Owner,
        (rp_id, config): (&str, &PasskeyConfig),
        user_handle: &str,
    ) -> Result<(user::Row, Vec<PasskeySummary>), Error> {
        self.unit().begin();
        let found = async {
            let user = self.owner(store, owner).await?;
            let present = self.expect_room(store, Some(&user), (rp_id, config)).await?;
            let user_handle = Some(user_handle.to_owned());
            let new = NewPasskey { user_handle, ..NewPasskey::default() };
            self.handle(store, Some(&user), rp_id, &present, &new).await?;
            Ok((user, present))
        }
        .await;
        match &found {
            Ok(_) => self.unit().keep(),
            Err(_) => self.unit().undo(),
        }
        found
    }

    async fn owner(&mut self, store: &IdentityStore, owner: &Owner) -> Result<user::Row, Error> {
        let who = match owner {
            Owner::User(id) => Who::from(id),
            Owner::New(external_id) => {
                let new = NewUser { external_id: Some(external_id.clone()), ..NewUser::default() };
                Who::from(&self.add_user(&store.name, new).await?.id)
            }
        };
        self.find_user(store, &who).await?.ok_or_else(|| who.missing())
    }

    /// The passkeys that a user has, if there may be one more.
    async fn expect_room(
        &mut self,
        store: &IdentityStore,
        user: Option<&user::Row>,
        (rp_id, config): (&str, &PasskeyConfig),
    ) -> Result<Vec<PasskeySummary>, Error> {
        let Some(user) = user else { return Ok(Vec::new()) };
        match user.status(self.now()) {
            UserStatus::Active | UserStatus::PendingActive => {}
            status => return Err(PasskeyFault::UserState(status).into()),
        }
        let present = self.summarise_passkeys(&store.id, &user.id).await?;
        let of_party = present.iter().filter(|passkey| passkey.relying_party_id == rp_id).count();
        let most = self.limits().await?.maximum_passkeys_per_user;
        for (number, most) in
            [(of_party, config.maximum_passkeys_per_user.into()), (present.len(), most)]
        {
            if number as u64 >= most {
                return Err(PasskeyFault::TooMany(most).into());
            }
        }
        Ok(present)
    }

    /// The user handle for a new passkey (section 5.4.3): one user has one, and nobody else has it.
    pub(super) async fn handle(
        &mut self,
        store: &IdentityStore,
        user: Option<&user::Row>,
        rp_id: &str,
        present: &[PasskeySummary],
        new: &NewPasskey,
    ) -> Result<String, Error> {
        let mut present = present.iter().filter(|passkey| passkey.relying_party_id == rp_id);
        let present = present.next().map(|passkey| passkey.user_handle.clone());
        let given = match new.user_handle.as_deref().filter(|handle| !handle.is_empty()) {
            None => None,
            Some(text) => {
                let bytes = decode_base64(text).filter(|bytes| (1..=64).contains(&bytes.len()));
                let message = "it is base64url of 1 to 64 bytes";
                let invalid = || PasskeyFault::MemberInvalid("userHandle", message);
                Some(BASE64URL_NOPAD.encode(&bytes.ok_or_else(invalid)?))
            }
        };
        let handle = match (present, given) {
            (Some(present), Some(given)) if present != given => {
                return Err(PasskeyFault::UserHandleTaken.into());
            }
            (Some(handle), _) | (None, Some(handle)) => handle,
            (None, None) => BASE64URL_NOPAD.encode(&match user {
                // Ceremonies that are begun side by side get the same one.
                Some(user) => {
                    let names = [&store.id, rp_id, user.id.as_str()].map(str::as_bytes);
                    let [store, rp_id, user] = names;
                    self.passkey_secret().await?.derive(&[b"user handle", store, rp_id, user])
                }
                None => random()?,
            }),
        };
        match self.find_handle(&store.id, rp_id, &handle).await? {
            Some(id) if Some(&id) != user.map(|user| &user.id) => {
                Err(PasskeyFault::UserHandleTaken.into())
            }
            _ => Ok(handle),
        }
    }
}

/// The options of a registration (section 5.4, in the JSON of section 5.1.9).
fn options<'a>(
    config: &PasskeyConfig,
    rules: &PasskeyRegistrationPolicy,
    ceremony: &Ceremony,
    present: impl Iterator<Item = &'a PasskeySummary>,
) -> Value {
    let Purpose::Registration { user_handle, user_name, display_name, .. } = &ceremony.purpose
    else {
        return Value::Null;
    };
    let name = if config.name.is_empty() { &ceremony.rp_id } else { &config.name };
    let mut selection = json!({
        "residentKey": rules.resident_key.as_str(),
        "requireResidentKey": rules.resident_key.as_str() == "required",
        "userVerification": rules.user_verification.as_str(),
    });
    if let Some(attachment) = rules.key_types.attachment() {
        selection["authenticatorAttachment"] = json!(attachment);
    }
    let algorithms = ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg as i64 }));
    let exclude = present.take(MOST_DESCRIPTORS).map(PasskeySummary::descriptor);
    json!({
        "rp": { "id": ceremony.rp_id, "name": name },
        "user": { "id": user_handle, "name": user_name, "displayName": display_name },
        "challenge": ceremony.challenge,
        "pubKeyCredParams": algorithms,
        "timeout": lasts(&rules.timeout),
        "excludeCredentials": Vec::from_iter(exclude),
        "authenticatorSelection": selection,
        "attestation": rules.attestation.as_str(),
        "attestationFormats": rules.attestation_formats,
        "extensions": { "credProps": true },
    })
}
