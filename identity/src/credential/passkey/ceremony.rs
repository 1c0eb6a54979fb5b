//! What has to be remembered between the two halves of a passkey ceremony, inside or outside.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use storage::{Key, Range, Seal, Table};
use zeroize::Zeroizing;

use super::fault::PasskeyFault;
use crate::base64::decode_base64;
use crate::error::Error;
use crate::random::{identifier, random};
use crate::session::{self, Sessions};
use crate::store::IdentityStore;
use crate::user::UserId;
use crate::work::{Work, milliseconds};

/// The ceremonies under way whose sessions are kept here.
pub(super) const CEREMONIES: Sessions<Ceremony> =
    Sessions::new("passkey-ceremonies", "passkey-ceremony-expiries");
/// The ceremonies whose sessions were kept outside and that are completed, by expiry and identifier.
const USED: Table<()> = Table::new("passkey-sessions-used");

/// How long a challenge that somebody else made may be, in bytes.
const CHALLENGES: std::ops::RangeInclusive<usize> = 16..=1024;

/// A ceremony that was started and not completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ceremony {
    pub(super) id: String,
    /// The identifier of the identity store.
    pub(super) store_id: String,
    pub(super) rp_id: String,
    pub(super) policy_name: String,
    /// The challenge, base64url.
    pub(super) challenge: String,
    pub(super) expires: Timestamp,
    pub(super) purpose: Purpose,
}

/// What a ceremony is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Purpose {
    #[serde(rename_all = "camelCase")]
    Registration {
        owner: Owner,
        /// The user handle, base64url.
        user_handle: String,
        user_name: String,
        display_name: String,
    },
    #[serde(rename_all = "camelCase")]
    Authentication {
        /// The user who was named, if there is such a user.
        user_id: Option<UserId>,
        /// Whether a user was named.
        named: bool,
        /// Whose secret is guessed then, as of [`standing`](crate::credential::standing).
        #[serde(default)]
        guessed: String,
        /// Whether whoever started it may know nothing of the user.
        blind: bool,
    },
}

/// Who gets a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Owner {
    User(UserId),
    /// A user who is added, with this external identifier, when the passkey is there.
    New(String),
}

impl Seal for Ceremony {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(serde_json::to_vec(self).unwrap_or_default())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Ceremony, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }
}

impl session::Ceremony for Ceremony {
    fn store_id(&self) -> &str {
        &self.store_id
    }

    fn expires(&self) -> Timestamp {
        self.expires
    }
}

/// A session that the caller keeps: what it is about can be read, and nobody can change it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasskeySession {
    /// The challenge, base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// The identifier of the relying party.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relying_party_id: Option<String>,
    /// The registration policy, in a registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_policy: Option<String>,
    /// The authentication policy, in an authentication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication_policy: Option<String>,
    /// All of it, encrypted and authenticated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed: Option<String>,
}

/// A ceremony that was started: what the browser needs to make or to use a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyStart {
    /// What `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()` reads.
    pub public_key: Value,
    /// Names the ceremony when it is completed, if the server keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// What has to be sent back when it is completed, if the server does not keep it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<PasskeySession>,
}

/// How a started ceremony is named: by a session that is kept here, or by one that is not.
pub(super) struct Ticket {
    pub(super) session_id: Option<String>,
    pub(super) session: Option<PasskeySession>,
}

/// The challenge that was brought if it may be, or else a new one; base64url.
pub(super) fn challenge(brought: Option<&str>, allowed: bool) -> Result<String, Error> {
    let invalid = |why| Error::from(PasskeyFault::ChallengeInvalid(why));
    let bytes = match brought.filter(|text| !text.is_empty()) {
        None => random::<32>()?.to_vec(),
        Some(_) if !allowed => return Err(invalid("the policy allows none from outside")),
        Some(text) => {
            let bytes = decode_base64(text).filter(|bytes| CHALLENGES.contains(&bytes.len()));
            bytes.ok_or_else(|| invalid("it is not base64url of 16 to 1024 bytes"))?
        }
    };
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

impl Ceremony {
    pub(super) fn new(
        store: &IdentityStore,
        rp_id: &str,
        policy_name: &str,
        challenge: String,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Ceremony, Error> {
        Ok(Ceremony {
            id: identifier()?,
            store_id: store.id.clone(),
            rp_id: rp_id.to_owned(),
            policy_name: policy_name.to_owned(),
            challenge,
            expires: store.passkey_config(rp_id)?.session_duration.after(now),
            purpose,
        })
    }

    fn is_registration(&self) -> bool {
        matches!(self.purpose, Purpose::Registration { .. })
    }
}

impl PasskeySession {
    /// The parts that have to be there, each with its error; `registration` says of which ceremony.
    fn parts(&self, registration: bool) -> Result<(&str, &str, &str, &str), PasskeyFault> {
        fn part(text: &Option<String>, missing: PasskeyFault) -> Result<&str, PasskeyFault> {
            text.as_deref().filter(|text| !text.is_empty()).ok_or(missing)
        }
        let policy = match registration {
            true => {
                part(&self.registration_policy, PasskeyFault::SessionWithoutRegistrationPolicy)?
            }
            false => {
                part(&self.authentication_policy, PasskeyFault::SessionWithoutAuthenticationPolicy)?
            }
        };
        let challenge = part(&self.challenge, PasskeyFault::SessionWithoutChallenge)?;
        let rp_id = part(&self.relying_party_id, PasskeyFault::SessionWithoutRelyingParty)?;
        Ok((policy, challenge, rp_id, part(&self.sealed, PasskeyFault::SessionAbsent)?))
    }
}

impl Work {
    /// Remembers a ceremony where its relying party says.
    pub(super) async fn keep_passkey_ceremony(
        &mut self,
        store: &IdentityStore,
        ceremony: &Ceremony,
        public_key: Value,
    ) -> Result<PasskeyStart, Error> {
        if !store.passkey_config(&ceremony.rp_id)?.session_management_external {
            let session_id = Some(CEREMONIES.open(self, ceremony).await?);
            return Ok(PasskeyStart { public_key, session_id, session: None });
        }
        let secret = self.passkey_secret().await?;
        let sealed = secret.seal(&store.id, &ceremony.to_secret_bytes())?;
        let policy = || Some(ceremony.policy_name.clone());
        let session = PasskeySession {
            challenge: Some(ceremony.challenge.clone()),
            relying_party_id: Some(ceremony.rp_id.clone()),
            registration_policy: ceremony.is_registration().then(policy).flatten(),
            authentication_policy: (!ceremony.is_registration()).then(policy).flatten(),
            sealed: Some(BASE64URL_NOPAD.encode(&sealed)),
        };
        Ok(PasskeyStart { public_key, session_id: None, session: Some(session) })
    }

    /// The ceremony that a session names, which is used up with this work's commit.
    pub(super) async fn take_passkey_ceremony(
        &mut self,
        store: &IdentityStore,
        ticket: &Ticket,
        registration: bool,
    ) -> Result<Ceremony, Error> {
        let ceremony = match (&ticket.session_id, &ticket.session) {
            (Some(_), Some(_)) => return Err(PasskeyFault::SessionUnexpected.into()),
            (None, None) => return Err(PasskeyFault::SessionAbsent.into()),
            (Some(id), None) => {
                let ceremony = CEREMONIES.find_in(self, &store.id, id).await?;
                CEREMONIES.close(self, id, ceremony.expires);
                ceremony
            }
            (None, Some(session)) => self.open_session(store, session, registration).await?,
        };
        if ceremony.is_registration() == registration {
            Ok(ceremony)
        } else {
            Err(Error::SessionMissing)
        }
    }

    async fn open_session(
        &mut self,
        store: &IdentityStore,
        session: &PasskeySession,
        registration: bool,
    ) -> Result<Ceremony, Error> {
        let (policy, challenge, rp_id, sealed) = session.parts(registration)?;
        if !store.passkey_config(rp_id)?.session_management_external {
            return Err(PasskeyFault::SessionUnexpected.into());
        }
        let secret = self.passkey_secret().await?;
        let open = decode_base64(sealed).and_then(|bytes| secret.open(&store.id, &bytes));
        let ceremony = open.and_then(|bytes| Ceremony::from_secret_bytes(&bytes).ok());
        let ceremony = ceremony.ok_or(Error::SessionMissing)?;
        let told = (policy, challenge, rp_id);
        let true_ones = (&*ceremony.policy_name, &*ceremony.challenge, &*ceremony.rp_id);
        if told != true_ones || ceremony.expires <= self.now() {
            return Err(Error::SessionMissing);
        }
        let key = Key::new().number(milliseconds(ceremony.expires)).text(&ceremony.id);
        // Of two who complete it at the same time, the later commit finds it used.
        if self.unit().find(&USED, &key).await?.is_some() {
            return Err(Error::SessionMissing);
        }
        self.unit().put(&USED, &key, &())?;
        Ok(ceremony)
    }

    /// Sweeps away at most so many passkey ceremonies whose time is over; says how many it found.
    pub(crate) async fn sweep_passkey_ceremonies(&mut self, limit: usize) -> Result<usize, Error> {
        let swept = CEREMONIES.sweep(self, limit).await?;
        let over = Key::new().number(milliseconds(self.now()) + 1);
        let used = self.unit().list(&USED, Range::all().before(over), limit - swept).await?;
        for (key, ()) in &used {
            self.unit().remove(&USED, key);
        }
        Ok(swept + used.len())
    }
}
