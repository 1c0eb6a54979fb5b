//! What the client answers at the end of a ceremony, and what it signed it for.

use data_encoding::BASE64URL_NOPAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;
use webauthn_rs_core::proto::COSEKey;

use super::ceremony::PasskeySession;
use super::fault::PasskeyFault;
use super::policy::{PasskeyRegistrationPolicy, Preference};
use super::relying_party::{PasskeyConfig, is_secure};
use super::{key, key_of_nobody};
use crate::base64::decode_base64;
use crate::error::Error;

/// What the client answers at the end of a ceremony: a credential or a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasskeyAnswer {
    /// What `toJSON()` of the browser's `PublicKeyCredential` gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<Map<String, Value>>,
    /// Why the browser gave none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<ClientFailure>,
    /// The session, if the caller kept it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<PasskeySession>,
}

/// Why a browser gave no credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientFailure {
    /// How the ceremony ended.
    pub outcome: ClientOutcome,
    /// What the browser said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// How a ceremony ended that gave no credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClientOutcome {
    /// The browser or the authenticator could not do it.
    Failed,
    /// The person did not want to.
    Cancelled,
    /// Nobody did anything in time.
    TimedOut,
}

impl ClientOutcome {
    pub(super) fn clause(self) -> &'static str {
        match self {
            ClientOutcome::Failed => "failed",
            ClientOutcome::Cancelled => "was cancelled",
            ClientOutcome::TimedOut => "timed out",
        }
    }
}

/// A credential as a browser writes it; of each ceremony the members that are used.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential<R> {
    raw_id: String,
    #[serde(rename = "type")]
    type_: String,
    response: R,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    attestation_object: Option<String>,
    #[serde(default)]
    transports: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Used {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    authenticator_data: Option<String>,
    signature: Option<String>,
    user_handle: Option<String>,
}

/// What the browser gives for a new passkey.
pub(super) struct Creation {
    pub(super) id: Vec<u8>,
    pub(super) client_data: Vec<u8>,
    pub(super) attestation: Vec<u8>,
    pub(super) transports: Vec<String>,
    /// Whether the authenticator is part of the device (`platform`) or not (`cross-platform`), if the browser says so.
    pub(super) attachment: Option<String>,
    /// Whether the passkey is discoverable, if the browser says so (section 10.1.3).
    pub(super) resident: Option<bool>,
}

/// What the browser gives for the use of a passkey.
pub(super) struct Assertion {
    pub(super) id: Vec<u8>,
    pub(super) client_data: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) user_handle: Option<Vec<u8>>,
}

const UNREADABLE: Error = Error::ResponseInvalid("it is no public key credential in JSON");
const NO_BASE64: Error = Error::ResponseInvalid("a member is not base64url");

impl Creation {
    /// Reads a credential that was made. One that was used has no attestation object and keeps only its client
    /// data, whose type tells.
    pub(super) fn read(credential: Map<String, Value>) -> Result<Creation, Error> {
        let attachment = credential.get("authenticatorAttachment").and_then(Value::as_str);
        let attachment = attachment.map(str::to_owned);
        let extensions = credential.get("clientExtensionResults");
        let resident = extensions.and_then(|results| results["credProps"]["rk"].as_bool());
        let Credential::<Made> { raw_id, type_, response } = read(credential)?;
        expect_public_key(&type_)?;
        let known = |name: &String| {
            let known = ["usb", "nfc", "ble", "internal", "hybrid", "smart-card"];
            known.contains(&name.as_str())
        };
        Ok(Creation {
            id: bytes(&raw_id)?,
            client_data: bytes(&response.client_data_json)?,
            attestation: bytes(response.attestation_object.as_deref().unwrap_or_default())?,
            transports: response.transports.into_iter().filter(known).take(6).collect(),
            attachment,
            resident,
        })
    }

    /// Whether the authenticator is of the kind that the policy asks for, and keeps the passkey as it asks. Nobody signs
    /// what the browser says of both; what it does not say is not held against the passkey.
    pub(super) fn check(&self, rules: &PasskeyRegistrationPolicy) -> Result<(), PasskeyFault> {
        let (said, asked) = (self.attachment.as_deref(), rules.key_types.attachment());
        match (said, asked) {
            (Some("platform"), Some("cross-platform")) => {
                return Err(PasskeyFault::WrongAttachment("platform"));
            }
            (Some("cross-platform"), Some("platform")) => {
                return Err(PasskeyFault::WrongAttachment("cross-platform"));
            }
            _ => {}
        }
        match (rules.resident_key, self.resident) {
            (Preference::Required, Some(false)) => Err(PasskeyFault::NotDiscoverable),
            _ => Ok(()),
        }
    }
}

impl Assertion {
    /// Reads a credential that was used. One that was made has no signature and keeps only its client data, whose
    /// type tells.
    pub(super) fn read(credential: Map<String, Value>) -> Result<Assertion, Error> {
        let Credential::<Used> { raw_id, type_, response } = read(credential)?;
        expect_public_key(&type_)?;
        let handle = response.user_handle.filter(|handle| !handle.is_empty());
        Ok(Assertion {
            id: bytes(&raw_id)?,
            client_data: bytes(&response.client_data_json)?,
            authenticator_data: bytes(response.authenticator_data.as_deref().unwrap_or_default())?,
            signature: bytes(response.signature.as_deref().unwrap_or_default())?,
            user_handle: handle.as_deref().map(bytes).transpose()?,
        })
    }

    /// Whether this key signed it (section 7.2, the step on `sig`).
    pub(super) fn is_signed_by(&self, key: &COSEKey) -> bool {
        key::verifies(key, &self.signed(), &self.signature)
    }

    /// Verifies what has failed by every algorithm that this key has not.
    pub(super) fn verify_by_others(&self, key: Option<&COSEKey>) {
        key_of_nobody::verify_by_others(key, &self.signed(), &self.signature);
    }

    fn signed(&self) -> Vec<u8> {
        [&self.authenticator_data[..], &Sha256::digest(&self.client_data)].concat()
    }
}

fn read<R: serde::de::DeserializeOwned>(
    credential: Map<String, Value>,
) -> Result<Credential<R>, Error> {
    serde_json::from_value(Value::Object(credential)).map_err(|_| UNREADABLE)
}

fn expect_public_key(type_: &str) -> Result<(), Error> {
    if type_ == "public-key" { Ok(()) } else { Err(UNREADABLE) }
}

fn bytes(text: &str) -> Result<Vec<u8>, Error> {
    decode_base64(text).ok_or(NO_BASE64)
}

/// Client data (Web Authentication section 5.8.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    type_: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
    token_binding: Option<TokenBinding>,
}

#[derive(Deserialize)]
struct TokenBinding {
    status: Option<String>,
}

/// What the client data has to be.
pub(super) struct Expected<'a> {
    /// `webauthn.create` or `webauthn.get`.
    pub(super) type_: &'static str,
    /// The challenge, base64url.
    pub(super) challenge: &'a str,
    pub(super) rp_id: &'a str,
    pub(super) config: &'a PasskeyConfig,
}

impl Expected<'_> {
    /// Checks client data (sections 7.1 and 7.2, the steps on `C`); gives the origin.
    pub(super) fn check(&self, client_data: &[u8]) -> Result<Url, PasskeyFault> {
        let unreadable = || PasskeyFault::Unverified("the client data cannot be read".to_owned());
        let data: ClientData = serde_json::from_slice(client_data).map_err(|_| unreadable())?;
        if data.type_ != self.type_ {
            return Err(PasskeyFault::WrongType(self.type_));
        }
        let challenge = BASE64URL_NOPAD.decode(data.challenge.as_bytes()).ok();
        if challenge.is_none()
            || challenge != BASE64URL_NOPAD.decode(self.challenge.as_bytes()).ok()
        {
            return Err(PasskeyFault::ChallengeDiffers);
        }
        let bound = |TokenBinding { status }| status.is_none_or(|status| status == "present");
        if data.token_binding.is_some_and(bound) {
            return Err(PasskeyFault::TokenBinding);
        }
        let origin = self.origin(data.origin)?;
        if data.cross_origin || data.top_origin.is_some() {
            return Err(PasskeyFault::CrossOrigin);
        }
        Ok(origin)
    }

    fn origin(&self, text: String) -> Result<Url, PasskeyFault> {
        let Ok(origin) = Url::parse(&text) else {
            return Err(PasskeyFault::OriginNotHttps(text));
        };
        if !is_secure(&origin) {
            return Err(PasskeyFault::OriginNotHttps(text));
        }
        // Nothing but scheme, host and port (RFC 6454 section 6.2).
        if origin.origin().ascii_serialization() != text {
            return Err(PasskeyFault::OriginElsewhere(text));
        }
        let related = self.config.related_origins.contains(&text);
        let host = origin.host_str().unwrap_or_default();
        let below = host.strip_suffix(self.rp_id).is_some_and(|head| head.ends_with('.'));
        if host != self.rp_id && !below && !related {
            return Err(PasskeyFault::OriginElsewhere(text));
        }
        let restricted = &self.config.restricted_origins;
        if !restricted.is_empty() && !restricted.contains(&text) && !related {
            return Err(PasskeyFault::OriginNotListed(text));
        }
        Ok(origin)
    }
}
